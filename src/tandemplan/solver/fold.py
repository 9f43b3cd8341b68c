"""An own presolve: columns that must cover others are replaced by what they hold beyond them, and their rows vanish."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import runs, sums
from tandemplan.solver.lp import Lp, compressed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CANCELLED = 1e-12  # share of the larger of two coefficients below which their sum is none


@dataclass(frozen=True, eq=False)
class Fold:
    """A model in which `cover[k] >= sum of amount x covered` became `cover[k] = spare[k] + sum`, spare >= 0.

    `lp` is the folded model: same columns and rows by number, those of `cover` being spare amounts and the `row`s empty and
    free. `covered` and `amount` list the terms of the sums, each of entry `of`.
    """

    lp: Lp
    row: Ints
    cover: Ints
    of: Ints
    covered: Ints
    amount: Floats

    def costs(self, cost: Floats) -> Floats:
        """Return an objective of the model as one of the folded model."""
        more = self.amount * cost[self.cover[self.of]]
        return cost + sums(self.covered, more, len(cost))

    def folded(self, x: Floats) -> Floats:
        """Return a plan of the model as one of the folded model."""
        made = x.copy()
        made[self.cover] -= sums(self.of, self.amount * x[self.covered], len(self.cover))
        return made

    def unfolded(self, x: Floats) -> Floats:
        """Return a plan of the folded model as one of the model."""
        made = x.copy()
        made[self.cover] += sums(self.of, self.amount * x[self.covered], len(self.cover))
        return made

    def row_prices(self, row_duals: Floats, column_duals: Floats) -> Floats:
        """Return row prices of the model that prove what those of the folded model prove.

        The price of a row that vanished is what one more spare unit would cost: with it the covering column has no reduced
        cost left, and the covered ones keep theirs.
        """
        made = row_duals.copy()
        made[self.row] = -np.maximum(column_duals[self.cover], 0.0)
        return made


def as_it_is(lp: Lp) -> Fold:
    """Return a model in which nothing is folded."""
    none = np.zeros(0, dtype=np.int64)
    return Fold(lp, none, none, none, none, np.zeros(0))


def fold(lp: Lp) -> Fold:
    """Return a model with each row `sum amount x covered - cover <= 0` used to replace its column `cover`.

    A row qualifies when its only negative coefficient is -1, on a column from 0 upwards without end, not whole, that no other such row
    replaces and that it does not cover itself elsewhere. Brearley, Mitra and Williams 1975, Analysis of mathematical
    programming problems prior to applying the simplex algorithm (substitution of variables).
    """
    count, row_of = len(lp.row_lower), lp.row_of_entry
    row, cover = _covers(lp, row_of)
    at = np.full(count, -1, dtype=np.int64)
    at[row] = np.arange(len(row))
    terms = np.flatnonzero((at[row_of] >= 0) & (lp.value > 0))
    of, covered, amount = at[row_of[terms]], lp.row_column[terms], lp.value[terms]
    made = Fold(lp, row, cover, of, covered, amount)
    if not len(row):
        return made
    term, rows, values = runs(lp.row_column, row_of, lp.value, len(lp.lower)).of(cover[of])
    rows = np.concatenate([row_of, rows])
    columns = np.concatenate([lp.row_column, covered[term]])
    values = np.concatenate([lp.value, amount[term] * values])
    return replace(made, lp=_without(lp, rows=rows, columns=columns, values=values, gone=at >= 0))


def _covers(lp: Lp, row_of: Ints) -> tuple[Ints, Ints]:
    """Return the rows that say that one column covers others, and that column."""
    count, size = len(lp.row_lower), len(lp.lower)
    negative = lp.value < 0
    single = np.bincount(row_of[negative], minlength=count) == 1
    there = single & (lp.row_upper == 0) & ~np.isfinite(lp.row_lower)
    entry = np.flatnonzero(negative & there[row_of] & (lp.value == -1))
    row, cover = row_of[entry], lp.row_column[entry]
    open_above = (lp.lower[cover] == 0) & ~np.isfinite(lp.upper[cover]) & ~lp.whole[cover]
    once = np.bincount(cover, minlength=size)[cover] == 1
    inside = np.zeros(count, dtype=bool)
    inside[row] = True
    covered = np.zeros(size, dtype=bool)
    covered[lp.row_column[inside[row_of] & (lp.value > 0)]] = True
    kept = open_above & once & ~covered[cover]
    return row[kept], cover[kept]


def _without(lp: Lp, *, rows: Ints, columns: Ints, values: Floats, gone: NDArray[np.bool_]) -> Lp:
    """Return the model with these coefficients, entries of one cell summed, and the rows in `gone` empty and free."""
    kept = ~gone[rows]
    made = compressed(rows[kept], columns[kept], values[kept], len(gone), cancelled=CANCELLED)
    return replace(
        lp, row_upper=np.where(gone, np.inf, lp.row_upper), row_start=made[0], row_column=made[1], value=made[2]
    )
