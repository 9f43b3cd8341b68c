"""Lower whole columns that a plan pays for and does not need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import starts
from tandemplan.solver.held import HELD
from tandemplan.solver.lp import Lp

Floats = NDArray[np.float64]
ROOM = 1e-7  # how far beyond the side of a row a lowered plan may come; the solver's own tolerance


def trimmed(lp: Lp, x: Floats, costs: Sequence[Floats]) -> Floats:
    """Return a plan with whole columns lowered, one by one, as far as rows and bounds let them go with all else as it is.

    Columns that cost something in one objective and save nothing in any are lowered, the dearest by the last objective first: a set-up of
    what is not started, a lot without units. No objective is worse for it.

    >>> from tandemplan.solver.lp import Builder
    >>> build = Builder()
    >>> made, begun = (build.add_grid(n, ("A", "B"), np.ones((2, 1), dtype=bool), 9.0, whole=n == "begun") for n in ("made", "begun"))
    >>> row = build.add_rows("set-ups", ("A", "B"), np.ones((2, 1), dtype=bool), lower=-np.inf, upper=0.0)
    >>> build.add(row, made, 1.0)
    >>> build.add(row, begun, -4.0)
    >>> trimmed(build.lp(), np.array([0.0, 7.0, 1.0, 3.0]), [np.array([0.0, 0.0, 5.0, 5.0])]).tolist()
    [0.0, 7.0, 0.0, 2.0]
    """
    cost = np.array(costs)
    least = np.ceil(lp.lower - HELD)
    dear = lp.whole & (cost >= 0).all(axis=0) & (cost > 0).any(axis=0) & (np.round(x) > least)
    if not dear.any():
        return x
    order = np.argsort(lp.row_column, kind="stable")
    first = starts(lp.row_column[order], len(lp.lower))
    row_of, x = lp.row_of_entry, x.copy()
    x[dear] = np.round(x[dear])
    activity = lp.times(x)
    columns = np.flatnonzero(dear)
    for j in columns[np.argsort(-cost[-1][columns], kind="stable")].tolist():
        entries = order[first[j] : first[j + 1]]
        rows, values = row_of[entries], lp.value[entries]
        side = np.where(values > 0, lp.row_lower[rows], lp.row_upper[rows])
        room = (activity[rows] - side) / values  # how far down each row lets the column go
        steps = min(x[j] - least[j], np.floor(room.min(initial=np.inf) + ROOM))
        if steps >= 1:
            x[j] -= steps
            activity[rows] -= values * steps
    return x
