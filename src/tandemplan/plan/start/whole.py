"""From a flow to a whole plan: what is left over lies in stock, what is not delivered is lost, rows that can be eased are."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import sums
from tandemplan.plan.start.flow import Floats, Flow
from tandemplan.plan.start.layout import stocked


def made_whole(flow: Flow, x: Floats) -> Floats:
    """Return a flow with all columns that follow from it: stock, lost units, and what eases rows.

    Overtime, shortfalls and excesses move nothing; each is as large as the row that needs most of it. Columns that steer stay as they are.
    """
    lp = flow.lp
    x = stocked(flow, x)
    met = sums(flow.demand[flow.delivers], x[flow.delivers], len(lp.row_lower))
    lost = np.flatnonzero((flow.demand >= 0) & ~flow.delivers)
    x[lost] = np.maximum(lp.row_upper[flow.demand[lost]] - met[flow.demand[lost]], 0.0)
    x[flow.eases] = 0.0
    entries = np.flatnonzero(flow.eases[lp.row_column])
    row, column, value = lp.row_of_entry[entries], lp.row_column[entries], lp.value[entries]
    stands = lp.times(x)[row]
    beyond = np.where(value < 0, stands - lp.row_upper[row], lp.row_lower[row] - stands)
    np.maximum.at(x, column, np.where(np.isfinite(beyond), beyond / np.abs(value), 0.0))
    return np.where(flow.eases, np.minimum(x, lp.upper), x)
