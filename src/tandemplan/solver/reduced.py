"""A model in which most columns stand still, without them: what is left is small, and solved in no time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import starts, sums
from tandemplan.solver.lp import Block, Lp

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Reduced:
    """The model `lp` of the columns `of` and the `rows` of a larger one; all other columns are where `at` has them."""

    lp: Lp
    of: Ints
    at: Floats
    rows: Ints

    def plan(self, x: Floats) -> Floats:
        """Return the columns of the larger model."""
        found = self.at.copy()
        found[self.of] = x
        return found


def reduced(lp: Lp, at: Floats, stays: Bools, dropped: Bools, eased: tuple[float, float]) -> Reduced:
    """Return the model of the columns that do not stay, without rows of none of them and rows that are `dropped`.

    Sides are eased by so much, and by a share of what the columns that stay add up to there: what tables round away.

    >>> one = np.zeros(1)
    >>> lp = Lp({}, {}, np.zeros(2), np.full(2, 9.0), one, one + 5, np.array([0, 2]), np.array([0, 1]), np.ones(2), np.zeros(2, dtype=bool))
    >>> part = reduced(lp, np.array([3.0, 0.0]), np.array([True, False]), np.array([False]), (0.0, 0.0))
    >>> part.lp.row_upper.tolist(), part.plan(np.array([2.0])).tolist()
    ([2.0], [3.0, 2.0])
    """
    row_of, free = lp.row_of_entry, ~stays
    count = len(lp.row_lower)
    still = stays[lp.row_column]
    there = sums(row_of[still], lp.value[still] * at[lp.row_column[still]], count)
    size = sums(row_of[still], np.abs(lp.value[still] * at[lp.row_column[still]]), count)
    entry = ~still & ~dropped[row_of]
    kept = np.zeros(count, dtype=bool)
    kept[row_of[entry]] = True
    place = np.cumsum(free) - 1
    dust = (eased[0] + eased[1] * size)[kept]
    rows = (np.cumsum(kept) - 1)[row_of[entry]]
    of = np.flatnonzero(free)
    number = np.arange(len(of))
    part = Lp(
        columns={"left": Block("left", 0, ("",), np.zeros_like(number), number)},
        rows={"left": Block("left", 0, ("",), np.zeros(int(kept.sum()), dtype=np.int64), np.arange(int(kept.sum())))},
        lower=lp.lower[free],
        upper=lp.upper[free],
        row_lower=(lp.row_lower - there)[kept] - dust,
        row_upper=(lp.row_upper - there)[kept] + dust,
        row_start=starts(rows, int(kept.sum())),
        row_column=place[lp.row_column[entry]],
        value=lp.value[entry],
        whole=lp.whole[free],
    )
    return Reduced(part, of, at, np.flatnonzero(kept))
