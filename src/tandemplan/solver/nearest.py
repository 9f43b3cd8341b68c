"""Models that ask for the plan nearest to given values of some columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.lp import Block, Lp

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def nearest(lp: Lp, columns: Ints, wanted: Floats, weight: Floats) -> tuple[Lp, Floats]:
    """Return the relaxed model with how far some columns are from what is wanted, and what that costs: `weight` a unit.

    x - above + below = wanted for each of them, and sum weight * (above + below) is least: a plan at the vertex has as many of them at
    their wanted values as there are rows that let them be. The columns above come last but for those below.

    Distance in the first norm: Fischetti, Glover and Lodi 2005, The feasibility pump, Mathematical Programming 104.
    """
    first, count, rows = len(lp.lower), len(columns), len(lp.row_lower)
    above, below = first + np.arange(count), first + count + np.arange(count)
    ones, number = np.ones(count), np.arange(count)
    none = np.full(count, -1)
    model = replace(
        lp,
        columns={
            **lp.columns,
            "above": Block("above", first, ("",), none + 1, none),
            "below": Block("below", first + count, ("",), none + 1, none),
        },
        rows={**lp.rows, "wanted": Block("wanted", rows, ("",), none + 1, none)},
        lower=np.concatenate([lp.lower, np.zeros(2 * count)]),
        upper=np.concatenate([lp.upper, np.full(2 * count, np.inf)]),
        row_lower=np.concatenate([lp.row_lower, wanted]),
        row_upper=np.concatenate([lp.row_upper, wanted]),
        row_start=np.concatenate([lp.row_start, lp.row_start[-1] + 3 * (number + 1)]),
        row_column=np.concatenate([lp.row_column, np.stack([columns, above, below], axis=1).ravel()]),
        value=np.concatenate([lp.value, np.stack([ones, -ones, ones], axis=1).ravel()]),
        whole=np.zeros(first + 2 * count, dtype=bool),
    )
    return model, np.concatenate([np.zeros(first), weight, weight])
