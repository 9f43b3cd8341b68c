"""Which lots a certificate of origin names: of all that a plan's goods allow, those with the least cost from outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import starts, sums
from tandemplan.network.origin import origin_of
from tandemplan.plan.model import PlanModel
from tandemplan.plan.origin import CONTENT, LOTS, SHARE
from tandemplan.plan.rounding import Solve
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Outcome

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def certified(model: PlanModel, outcome: Outcome, solve: Solve) -> Outcome:
    """Return an outcome whose lots are attributed so that the least cost is from outside, summed over days of evidence; all else is as it was.

    No objective speaks of lots, so a plan may name any within the limits. Where there is no time left, they stay.
    """
    origin = origin_of(model.network)
    if outcome.x is None or origin is None:
        return outcome
    inside = model.variables.inside
    cost = np.zeros(len(outcome.x))
    for e in origin.evidence:
        parts = np.flatnonzero(origin.inside(e.subject))
        columns = inside[parts][:, origin.last[origin.last <= e.last]]
        each = np.broadcast_to((origin.price * origin.share)[parts][:, None], columns.shape)
        cost += sums(columns[columns >= 0], each[columns >= 0], len(cost))
    free = np.concatenate([model.lp.columns[name].index for name in ("inside", "remains")])
    rows = np.concatenate([model.lp.rows[name].index for name in (LOTS, CONTENT, SHARE)])
    found = solve(_beside(model.lp, outcome.x, rows, free), [("certificates of origin", cost[free])])
    if found.x is None:
        return outcome
    x = outcome.x.copy()
    x[free] = found.x
    return replace(outcome, x=x)


def _beside(lp: Lp, x: Floats, rows: Ints, free: Ints) -> Lp:
    """Return the model of some rows and columns, all other columns being as in a plan `x`."""
    row_at, column_at = (np.full(n, -1, dtype=np.int64) for n in lp.size[:2])
    row_at[rows], column_at[free] = np.arange(len(rows)), np.arange(len(free))
    held = x.copy()
    held[free] = 0.0
    stands = lp.times(held)[rows]
    row = row_at[lp.row_of_entry]
    entries = np.flatnonzero((row >= 0) & (column_at[lp.row_column] >= 0))
    order = entries[np.argsort(row[entries], kind="stable")]
    return Lp(
        {}, {}, lp.lower[free], lp.upper[free], lp.row_lower[rows] - stands, lp.row_upper[rows] - stands,
        starts(row[order], len(rows)), column_at[lp.row_column[order]], lp.value[order], np.zeros(len(free), dtype=bool),
    )  # fmt: skip
