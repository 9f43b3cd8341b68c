"""From a flow to a whole plan: what is left over lies in stock, what is not delivered is lost, targets count their misses."""

from __future__ import annotations

import numpy as np

from tandemplan.plan.start.flow import Floats, Flow
from tandemplan.plan.start.layout import stocked


def made_whole(flow: Flow, x: Floats) -> Floats:
    """Return a flow with all columns that follow from it: stock, lost units, and those that make good for a single row.

    Overtime, shortfalls and excesses stand in one row each, which they ease: they are as large as their row needs.
    """
    lp = flow.lp
    x = stocked(flow, x)
    met = np.bincount(flow.demand[flow.delivers], weights=x[flow.delivers], minlength=len(lp.row_lower))
    lost = np.flatnonzero((flow.demand >= 0) & ~flow.delivers)
    x[lost] = np.maximum(lp.row_upper[flow.demand[lost]] - met[flow.demand[lost]], 0.0)
    lonely = _lonely(flow)
    entries = np.flatnonzero(lonely[lp.row_column])
    row, column, value = lp.row_of_entry[entries], lp.row_column[entries], lp.value[entries]
    x[column] = 0.0
    stands = lp.times(x)[row]
    over, under = stands - lp.row_upper[row], lp.row_lower[row] - stands
    need = np.where(value < 0, np.where(np.isfinite(over), over, 0.0), np.where(np.isfinite(under), under, 0.0))
    x[column] = np.clip(need / np.abs(value), 0.0, lp.upper[column])
    return x


def _lonely(flow: Flow) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return the columns that move nothing, meet no demand and stand in a single row."""
    entries = np.bincount(flow.lp.row_column, minlength=len(flow.into))
    still = (flow.into < 0) & (np.diff(flow.takes.start) == 0) & (flow.demand < 0)
    return np.asarray(still & (entries == 1))
