"""A model around a plan: its columns are how far each decision goes up or down, so that the plan itself is the origin, and what moves has a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.lp import Block, Lp, compressed
from tandemplan.solver.stages import AT_LOWER, AT_UPPER, BASIC, FREE, Basis, limits_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
DUST, DUST_SHARE = 3e-5, 1.1e-6  # units, and share of a side, by which tables that are rounded may miss it
LEAST = 1e-7  # below which a column cannot go up, or down
EASED, EASED_SHARE = (
    1e-6,
    1e-9,
)  # units, and share of a side, by which limits give way where columns follow: less than a solver sees is no conflict


@dataclass(frozen=True, eq=False)
class Around:
    """A model in which a plan `at` is the origin.

    Column k of its first ones moves column `of[k]` by `sign[k]`; the others measure what is moved, at the price `moved` a unit (all columns).
    `start` is a basis at the origin: what follows is basic in the rows that it follows from.
    """

    lp: Lp
    at: Floats
    of: Ints
    sign: Floats
    moved: Floats
    start: Basis | None = field(default=None, repr=False)

    def costs(self, cost: Floats) -> Floats:
        """Return an objective of the model as one of how far its columns go."""
        found = np.zeros(len(self.lp.lower))
        found[: len(self.of)] = self.sign * cost[self.of]
        return found

    def plan(self, z: Floats) -> Floats:
        """Return the plan that movements lead to: columns that do not move are as they were, to the last digit."""
        least = LEAST if self.start is None else 3 * EASED  # what limits give way by is no movement
        by = np.where(np.abs(z[: len(self.of)]) > least, z[: len(self.of)], 0.0)
        return np.asarray(self.at + np.bincount(self.of, self.sign * by, minlength=len(self.at)))

    def basis_from(self, other: Around, basis: Basis) -> Basis:
        """Return a basis of another model around the same plan as one of this, which has its rows and other columns; those that are new stay at the origin."""
        assert self.start is not None
        known = np.full(2 * len(self.at), -1, dtype=np.int8)
        known[2 * other.of + (other.sign > 0)] = basis.columns[: len(other.of)]
        mine = known[2 * self.of + (self.sign > 0)]
        rows = np.where(basis.rows == FREE, self.start.rows, basis.rows)
        return Basis(np.where(mine >= 0, mine, self.start.columns), rows)


def around(
    lp: Lp,
    at: Floats,
    low: Floats,
    high: Floats,
    measured: tuple[Sequence[Ints], Floats, float],
    *,
    rounded: Floats | float = 0.0,
) -> Around:
    """Return the model around a plan `at`, whose columns may go from `low` to `high`; what tables round away is forgiven, of each row at least `rounded`.

    `measured` are grids of columns (rows x periods), the days of each period, and the days that a unit counts which is new or cancelled. Of a row in
    which nothing is planned every unit is new. Of any other, with y its movements,

        moved: ahead[t] - behind[t] = ahead[t-1] - behind[t-1] + y[t] - new[t] + cancelled[t]

    and none ahead or behind in the last period, so that sum (ahead + behind) * days[t] + days if new * (new + cancelled) is the least number of unit-days by which its orders move: the
    transport distance of two series, parts of which may go missing (Piccoli and Rossi 2014, Generalized Wasserstein distance, section 2).
    """
    up, down = np.flatnonzero(high - at > LEAST), np.flatnonzero(at - low > LEAST)
    of, sign = np.concatenate([up, down]), np.concatenate([np.ones(len(up)), -np.ones(len(down))])
    where = [np.full(len(at) + 1, -1, dtype=np.int64) for _ in range(2)]
    where[0][up], where[1][down] = np.arange(len(up)), len(up) + np.arange(len(down))
    rows, columns, values = [], [], []
    for place, factor in zip(where, (1.0, -1.0), strict=True):
        there = place[lp.row_column] >= 0
        rows.append(lp.row_of_entry[there])
        columns.append(place[lp.row_column[there]])
        values.append(factor * lp.value[there])
    grids, days, fence = measured
    made = _measures(grids, (at, where), days, fence, first=(len(lp.row_lower), len(of)))
    sides = _sides(lp, at, rounded)
    count = len(of) + len(made.price)
    total = len(lp.row_lower) + made.rows
    start, column, value = compressed(
        np.concatenate([*rows, made.row]),
        np.concatenate([*columns, made.column]),
        np.concatenate([*values, made.value]),
        total,
    )
    lp = Lp(
        columns={"moves": _block("moves", 0, len(of)), "measures": _block("measures", len(of), count - len(of))},
        rows={**lp.rows, "moved": _block("moved", len(lp.row_lower), made.rows)},
        lower=np.zeros(count),
        upper=np.concatenate([high[up] - at[up], at[down] - low[down], made.most]),
        row_lower=np.concatenate([sides[0], np.zeros(made.rows)]),
        row_upper=np.concatenate([sides[1], np.zeros(made.rows)]),
        row_start=start,
        row_column=column,
        value=value,
        whole=np.concatenate([lp.whole[of], np.zeros(len(made.price), dtype=bool)]),
    )
    price = np.zeros(count)
    for place in where:
        new = place[made.unplanned]
        price[new[new >= 0]] = fence
    price[len(of) :] = made.price
    return Around(lp, at, of, sign, price)


def following(
    lp: Lp, at: Floats, within: tuple[Floats, Floats], basis: Basis, *, left_out: Bools, rounded: Floats | float = 0.0
) -> Around:
    """Return the model around a plan that stands at a basis: columns that are basic there, such as stock and cash, follow from rows, such as balances.

    A column that follows goes both ways, at no price, and is basic at the origin too. So where no price is below 0 the basis at the origin is best
    but for the rows that the plan breaks, and dual simplex has to mend these alone, not to follow goods from day to day. Limits give way by less than
    a plan is looked at for; what tables round away is forgiven, of each row at least `rounded`. Columns go `within` limits; coefficients that are
    `left_out` count in the plan, and not where it changes.
    """
    low, high = within
    follows = basis.columns == BASIC
    low, high = np.where(follows, low - EASED, low), np.where(follows, high + EASED, high)
    both, one = np.flatnonzero(follows), ~follows
    up, down = np.flatnonzero(one & (high - at > LEAST)), np.flatnonzero(one & (at - low > LEAST))
    of, sign = np.concatenate([both, up, down]), np.repeat([1.0, -1.0], [len(both) + len(up), len(down)])
    place = np.full((2, len(at)), -1, dtype=np.int64)
    place[0, of[sign > 0]], place[1, down] = np.flatnonzero(sign > 0), np.flatnonzero(sign < 0)
    here, row_of = place[:, lp.row_column], lp.row_of_entry
    entries = [np.flatnonzero((p >= 0) & ~left_out) for p in here]
    start, column, value = compressed(
        np.concatenate([row_of[e] for e in entries]),
        np.concatenate([p[e] for p, e in zip(here, entries, strict=True)]),
        np.concatenate([f * lp.value[e] for f, e in zip((1.0, -1.0), entries, strict=True)]),
        len(lp.row_lower),
    )
    sides = _sides(lp, at, rounded)
    size = np.abs(np.where(np.isfinite(lp.row_upper), lp.row_upper, 0.0))
    dust = np.where(lp.row_lower < lp.row_upper, EASED + EASED_SHARE * size, 0.0)
    made = Lp(
        columns={"moves": _block("moves", 0, len(of))},
        rows=lp.rows,
        lower=np.where(follows, low - at, 0.0)[of],
        upper=np.where(sign > 0, (high - at)[of], (at - low)[of]),
        row_lower=sides[0] - dust,
        row_upper=sides[1] + dust,
        row_start=start,
        row_column=column,
        value=value,
        whole=np.zeros(len(of), dtype=bool),
    )
    columns = np.where(follows[of], BASIC, AT_LOWER)
    bounded = [np.isfinite(side) for side in sides]
    stands = np.where(
        basis.rows == AT_UPPER, np.where(bounded[1], AT_UPPER, AT_LOWER), np.where(bounded[0], AT_LOWER, AT_UPPER)
    )
    rows = np.where(basis.rows == BASIC, BASIC, np.where(bounded[0] | bounded[1], stands, FREE))
    return Around(made, at, of, sign, np.zeros(len(of)), Basis(columns.astype(np.int8), rows.astype(np.int8)))


def _block(name: str, first: int, count: int) -> Block:
    return Block(name, first, ("",), np.zeros(count, dtype=np.int64), np.arange(count, dtype=np.int64))


def _sides(lp: Lp, at: Floats, rounded: Floats | float) -> tuple[Floats, Floats]:
    """Return the sides of the rows less what a plan has there, 0 where it misses them by what tables round away: never goods, which would add up."""
    has, limits = lp.times(at), limits_of(lp)
    low, high = limits.row_lower - has, limits.row_upper - has
    finite = np.where(
        np.isfinite(limits.row_upper), limits.row_upper, np.where(np.isfinite(limits.row_lower), limits.row_lower, 0.0)
    )
    dust = np.maximum(DUST + DUST_SHARE * np.abs(finite), rounded)
    if "balance" in lp.rows:
        dust[lp.rows["balance"].index] = 0.0
    return np.where((low > 0) & (low <= dust), 0.0, low), np.where((high < 0) & (high >= -dust), 0.0, high)


@dataclass(frozen=True, eq=False)
class _Measures:
    """Entries, rows, prices and upper limits of the columns that measure what is moved; `unplanned` are columns of rows in which nothing is planned."""

    row: Ints
    column: Ints
    value: Floats
    price: Floats
    most: Floats
    rows: int
    unplanned: Ints


def _measures(
    grids: Sequence[Ints], planned: tuple[Floats, list[Ints]], days: Floats, fence: float, *, first: tuple[int, int]
) -> _Measures:
    """Return what measures the movement of each row of some grids; `planned` are the plan, and the places of its columns up and down."""
    at, where = planned
    row, column = first
    found: list[tuple[Ints, Ints, Floats]] = []
    prices: list[Floats] = []
    most: list[Floats] = []
    unplanned = [np.zeros(0, dtype=np.int64)]
    for grid in grids:
        moving = ((where[0][grid] >= 0) | (where[1][grid] >= 0)) & (grid >= 0)
        some = np.where(grid >= 0, np.append(at, 0.0)[grid], 0.0).max(axis=1, initial=0.0) > 0
        unplanned.append(grid[~some][moving[~some]])
        mine = grid[some & moving.any(axis=1)]
        here = row + np.arange(mine.size, dtype=np.int64).reshape(mine.shape)
        ahead, behind, new, gone = (column + k * mine.size + here - row for k in range(4))
        for where_, sign in ((where[0], -1.0), (where[1], 1.0)):
            place = np.where(mine >= 0, where_[mine], -1)
            found.append((here[place >= 0], place[place >= 0], np.full(int((place >= 0).sum()), sign)))
        for part, sign in ((ahead, 1.0), (behind, -1.0), (new, 1.0), (gone, -1.0)):
            found.append((here.ravel(), part.ravel(), np.full(mine.size, sign)))
        for part, sign in ((ahead, -1.0), (behind, 1.0)):
            found.append((here[:, 1:].ravel(), part[:, :-1].ravel(), np.full(mine[:, 1:].size, sign)))
        each = np.tile(days, len(mine))
        prices += [each, each, np.full(2 * mine.size, fence)]
        inside = np.where(np.arange(mine.size) % len(days) < len(days) - 1, np.inf, 0.0)  # nothing moves beyond the end
        most += [inside, inside, np.full(2 * mine.size, np.inf)]
        row, column = row + mine.size, column + 4 * mine.size
    parts = [np.concatenate([f[k] for f in found] or [np.zeros(0)]) for k in range(3)]
    return _Measures(
        parts[0].astype(np.int64),
        parts[1].astype(np.int64),
        parts[2],
        np.concatenate(prices or [np.zeros(0)]),
        np.concatenate(most or [np.zeros(0)]),
        row - first[0],
        np.concatenate(unplanned),
    )


def without_rows(lp: Lp, families: Sequence[str]) -> Lp:
    """Return a model whose rows of some families limit nothing."""
    low, high = lp.row_lower.copy(), lp.row_upper.copy()
    for name in families:
        if name in lp.rows:
            low[lp.rows[name].index], high[lp.rows[name].index] = -np.inf, np.inf
    return replace(lp, row_lower=low, row_upper=high)
