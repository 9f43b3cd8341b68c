"""A large plan mended after news: dual simplex from the plan itself, which is best but for what the news breaks; limits that seldom bind join where they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.plan.completing import broken_by, completed, decided, rounding, stock_is_short, with_stock
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.moving import Around, following, without_rows
from tandemplan.plan.neighbourhood import ACCOUNTS, EASED_SHARE, RARE, Room, Search, broken_rows, standing_apart
from tandemplan.plan.ramp import assumed
from tandemplan.plan.slopes import LEARNT, with_slopes
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import AT_LOWER, BASIC, Basis, Outcome, scale_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ROUNDS = 8  # in which hours and yields come to those of what is made
NOWHERE = "no plan was found near the one before"
OFF_ITS_DAY = 10.0  # unit-days that a unit counts in a large plan which is off its day
FAR_OFF = 0.02  # unit-days more for each day between the new one and the news
FROZEN, MOVED, TOGETHER = "frozen orders", "moved unit-days", "classes and moves"
APART, FROZEN_WEIGHT, MOVED_WEIGHT = 100.0, 1e2, 1e-6  # of objectives that are sought at once
MISSING = 1e-5
KEPT_FREE = 1e-4  # share of hours that is kept free where a round took too many: rounds come to an end
FUNDS = ("payments", "tranches", "eligible spending", "credit", "credit limit", "cash", "least cash")
PAID = ("payments",)  # rows that can always be kept, as what is owed is paid
GROUPS = (
    FUNDS,
    ("origin lots", "origin content", "origin share"),
    ("value added", "work share", "bought", "source share", "fewest sources", "country concentration", "subcontract share"),
    ("rate reached", "rate held", "task needs", "openings"),
    ("safety stock", "coming use", "most stock", "most cover"),
)  # fmt: skip  # families that say something together alone


@dataclass(frozen=True, eq=False)
class Mended:
    """A plan `x` of `model` (None: none was found, and `reason` says why), and the price of what moved for it."""

    model: PlanModel
    x: Floats | None
    moved: float = 0.0
    reason: str = ""


@dataclass(frozen=True, eq=False)
class _Aim:
    """What a search counts and frees: rows that are `broken`, the families that limit it, and whether all purchases by ways in use may change."""

    broken: Ints
    families: frozenset[str]
    wide: bool = False

    def joined(self, model: PlanModel, rows: Ints) -> _Aim | None:
        """Return the next search to try where a plan of this one breaks `rows`: with their families, then with more freedom; None if there is none."""
        families = self.families | _families(model, rows)
        if families != self.families:
            return _Aim(np.union1d(self.broken, rows), families, self.wide or not families.isdisjoint(FUNDS))
        return None if self.wide else replace(self, wide=True)


@dataclass(frozen=True, eq=False)
class Given:
    """How far a plan may change, the limits of the search, and the basis of the plan before."""

    room: Room
    search: Search
    basis: Basis


def mended(model: PlanModel, before: Floats, made: Floats, given: Given) -> Mended:
    """Return a large plan of a changed programme that comes from the plan `before`, which made `made`.

    Goods are sought first, with the families of rows that the plan before breaks, round by round, each around the hours and yields that come of the
    plan of the round before; hours that a plan takes beyond what there are, as these answers are of the first order, are kept free in the next round. Then money,
    certificates and shares follow. Where they cannot, what they break limits goods too. Purchases may change of items that a broken limit speaks of;
    where no plan comes of that, by all ways in use.
    """
    network, had, x = model.network, made, before
    rows = broken_rows(without_rows(model.lp, (*ACCOUNTS, *PAID)), before)
    families, first = _families(model, rows), _first(model, rows, given.search)
    aim: _Aim | None = _Aim(rows, families, not families.isdisjoint(FUNDS))
    old: tuple[Around, Basis] | None = None
    margin = np.zeros(len(model.lp.rows["hours"].entity))
    for k in range(ROUNDS):
        assert aim is not None
        lp = with_margin(with_slopes(model, units(model, x), made, flat=k == 0), margin)
        near = _around(lp, model, np.concatenate([before, np.cumsum(had - made, axis=1).ravel()]), (given, aim, first))
        outcome = _solved(near, model, given, old)
        if outcome.x is None and not outcome.reason:
            aim, old = aim.joined(model, rows[:0]), None
            if aim is None:
                break
            continue
        if outcome.x is None or outcome.reason:
            return Mended(model, None, reason=outcome.reason)
        x, old = near.plan(outcome.x)[: len(before)], None if outcome.basis is None else (near, outcome.basis)
        made = network.making.taught.made(units(model, x))
        model = model_of(assumed(network, made), demanded=False)
        over = hours_beyond(model, x, MISSING)
        if over.any() or stock_is_short(model, with_stock(model, x)):
            there = np.maximum(1.0, np.abs(model.lp.row_upper[model.lp.rows["hours"].index]))
            margin = margin + (k > 0) * np.maximum(kept_free(over), KEPT_FREE * there * (over > 0))
            continue
        known = decided(model)
        full = completed(model, x, known, given.search)
        if full is not None:
            return Mended(model, full, float(near.moved @ outcome.x))
        aim = aim.joined(model, broken_by(model, x, known, given.search))
        if aim is None:
            break
    return Mended(model, None, reason=NOWHERE)


def _families(model: PlanModel, rows: Ints) -> frozenset[str]:
    """Return the families that seldom limit of which some rows are, with those that go with them."""
    hit = {n for n, b in model.lp.rows.items() if ((rows >= b.first) & (rows < b.first + len(b.entity))).any()}
    return frozenset(n for group in GROUPS if not hit.isdisjoint(group) for n in group)


def _first(model: PlanModel, rows: Ints, search: Search) -> int:
    """Return the first day of rows that are broken, never before the first that is not done."""
    periods = model.network.periods
    first = 0 if search.as_of is None else periods.day(search.as_of)
    broken = [b.period[np.isin(b.index, rows)] for b in model.lp.rows.values()]
    found = periods.starts[np.concatenate([p[p >= 0] for p in broken])]
    return max(first, int(found.min())) if len(found) else first


def _around(lp: Lp, model: PlanModel, at: Floats, how: tuple[Given, _Aim, int]) -> Around:
    """Return the model around the plan before, `at`: its columns, and how much more experience it has than the model stands at."""
    given, aim, first = how
    v, periods, room = model.variables, model.network.periods, given.room
    free = np.full(len(at) - len(room.low), np.inf)
    stays = standing_apart(model, at[: len(room.low)], given.search, aim.broken, wide=aim.wide)
    low, high = (np.where(stays, at[: len(room.low)], side) for side in (room.low, room.high))
    dropped = [n for n in (*RARE, *ACCOUNTS) if n not in aim.families]
    low, high = np.concatenate([low, -free]), np.concatenate([high, free])
    left_out = _asks_nothing(lp, dropped, given.basis)
    near = following(
        without_rows(lp, dropped),
        at,
        (low, high),
        _standing(lp, given.basis),
        left_out=left_out,
        rounded=rounding(lp, at),
    )
    price, later = np.zeros(len(at)), np.zeros(len(at))
    far = FAR_OFF * np.abs(periods.starts - first)
    for grid in (v.buy, v.make, v.move):
        price[grid[grid >= 0]] = OFF_ITS_DAY
        later[grid[grid >= 0]] = np.broadcast_to(far, grid.shape)[grid >= 0]
    return replace(near, moved=price[near.of] + np.where(near.sign > 0, later[near.of], 0.0))


def _standing(lp: Lp, basis: Basis) -> Basis:
    """Return the basis of a plan in its model with experience: stock follows from balances, experience from what is made."""
    columns, rows = (np.full(n, AT_LOWER, dtype=np.int8) for n in (len(lp.lower), len(lp.row_lower)))
    columns[: len(basis.columns)], rows[: len(basis.rows)] = basis.columns, basis.rows
    columns[lp.columns["stock"].index] = BASIC
    columns[lp.columns[LEARNT].index] = BASIC
    rows[lp.rows["balance"].index] = AT_LOWER
    return Basis(columns, rows)


def _asks_nothing(lp: Lp, families: Sequence[str], basis: Basis) -> Bools:
    """Return the coefficients in rows of some families of columns that do not follow from them: left out, such rows hold as they stand."""
    row, follows = np.zeros(len(lp.row_lower), dtype=bool), np.zeros(len(lp.lower), dtype=bool)
    for name in (n for n in families if n in lp.rows):
        row[lp.rows[name].index] = True
    follows[: len(basis.columns)] = basis.columns == BASIC
    return row[lp.row_of_entry] & ~follows[lp.row_column]


def _solved(near: Around, model: PlanModel, given: Given, old: tuple[Around, Basis] | None) -> Outcome:
    """Return what comes of frozen orders, classes and moves, each of which weighs far more than the next, from where another search ended."""
    total = MOVED_WEIGHT * near.moved
    k = 0
    for name, cost in served(near, model, given.room):
        if name == FROZEN:
            total = total + FROZEN_WEIGHT * cost
        else:
            total = total + cost / scale_of(cost) * APART**-k
            k += 1
    basis = near.start if old is None else near.basis_from(*old)
    search = given.search
    return solve_in_child(near.lp, [(TOGETHER, total)], search.left, search.hear, basis=basis, folding=False)


def served(near: Around, model: PlanModel, room: Room) -> list[tuple[str, Floats]]:
    """Return what comes before moves: frozen orders that go, then the classes, as objectives of a model around a plan."""
    frozen = np.maximum(near.costs(whole_of(near, -room.frozen.astype(np.float64))), 0.0)
    stages = [(FROZEN, frozen)] if room.frozen.any() else []
    return stages + [(s.name, near.costs(whole_of(near, s.cost))) for s in model.stages[: model.classes]]


def whole_of(near: Around, cost: Floats) -> Floats:
    """Return an objective of a model as one of all columns that a model around a plan stands on; those of experience cost nothing."""
    return np.concatenate([cost, np.zeros(len(near.at) - len(cost))])


def with_margin(lp: Lp, margin: Floats) -> Lp:
    """Return a model in which hours are kept free: `margin` in each row of hours."""
    high = lp.row_upper.copy()
    high[lp.rows["hours"].index] -= margin
    return replace(lp, row_upper=high)


def hours_beyond(model: PlanModel, x: Floats, share: float = EASED_SHARE) -> Floats:
    """Return the hours by which a plan takes more than there are, in each row of hours; 0 where it is up to a `share` of them."""
    index = model.lp.rows["hours"].index
    there = model.lp.row_upper[index]
    over = model.lp.times(x)[index] - there
    return np.where(over > share * np.maximum(1.0, np.abs(there)), over, 0.0)


def kept_free(over: Floats) -> Floats:
    """Return the hours to keep free where a plan took some beyond what there are."""
    return np.asarray(1.2 * over + MISSING * (over > 0))


def units(model: PlanModel, x: Floats) -> Floats:
    """Return the units started on each route (routes x periods)."""
    columns = model.variables.make
    return np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)
