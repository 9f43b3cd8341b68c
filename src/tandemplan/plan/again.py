"""A plan once more: what a changed programme makes of it where whole decisions stay, what is done is done, and little moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.network.network import Network, network_of
from tandemplan.network.openings import release_fence, unfenced
from tandemplan.plan.gates import whole_gates
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.moving import Around, around, without_rows
from tandemplan.plan.neighbourhood import (
    EASED,
    EASED_SHARE,
    FLOW,
    KEPT,
    SMALL,
    Limit,
    Room,
    Search,
    limits_broken,
    room_of,
    tries,
)
from tandemplan.plan.obeying import columns_of
from tandemplan.plan.origin import CONTENT, LOTS, SHARE
from tandemplan.plan.planned import phases_of, planned
from tandemplan.plan.ramp import assumed
from tandemplan.plan.slopes import with_slopes
from tandemplan.results.store import Run
from tandemplan.solver.held import relaxed, standing
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import Basis, Outcome, feasible, scale_of

__all__ = ["FENCE", "Again", "Base", "NoBaseError", "Search", "again", "base_of", "completed"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ROUNDS = 8  # in which hours and yields come to those of what is made
NOWHERE = "no plan was found near the one before"
OFF_ITS_DAY = 10.0  # unit-days that a unit counts which is off its day in a large plan, beside the days that goods lie longer or shorter for it
MISSING = 1e-5
HALF_DIGIT = 5e-7  # units by which tables round an amount
SHORT = 9e-5  # units of stock that may be short beside what rounding adds up to; the audit forgives 1e-4
MONEY = (
    "payments",
    "tranches",
    "eligible spending",
    "cash",
    "least cash",
)  # rows that known goods leave free: money is sought to the cent
GATES = ("reached", "held", "done")
FROZEN, MOVED, HANDED = "frozen orders", "moved unit-days", "moved deliveries"
FENCE = 84.0  # days that a unit counts which is new or cancelled, where the programme sets no planning fence
ANYTHING = Search()  # all may change, in whatever time
APART, FROZEN_WEIGHT, MOVED_WEIGHT = 100.0, 1e2, 1e-6  # of objectives that are sought at once


class NoBaseError(ValueError):
    """Raised when the tables of a run are no plan of its programme, and so nothing to come back to."""


@dataclass(frozen=True, eq=False)
class Base:
    """A plan as columns `x` of the model of its programme at the experience that comes of it; `made` are the units behind that (schools x periods)."""

    model: PlanModel
    x: Floats
    made: Floats


@dataclass(frozen=True, eq=False)
class Again:
    """A plan of a changed programme.

    `model` is its model, `before` the plan it comes from in the columns of that model, `x` the plan (None: none was found, and `reason` says
    why), `frozen` the units of frozen orders that could not stay, `moved` the unit-days by which orders moved, `limits` those that the plan before breaks.
    """

    model: PlanModel
    before: Floats
    x: Floats | None
    frozen: float = 0.0
    moved: float = 0.0
    reason: str = ""
    limits: tuple[Limit, ...] = ()


def base_of(run: Run, programme: Programme, search: Search = ANYTHING) -> Base:
    """Return the plan that the tables of a run hold, in the columns of a model of its programme: what they do not say is sought.

    Raises NoBaseError where no plan has these goods, people, stations and shifts.
    """
    programme = unfenced(replace(programme, tables={n: t.sorted() for n, t in programme.tables.items()}))
    network = network_of(programme)
    phases = phases_of(run, network)
    network = network if phases == network.phases else network_of(programme, phases)
    model = model_of(network)
    found = planned(run, network, model.variables, len(model.lp.lower))
    if found.missing:
        table, row = found.missing[0]
        raise NoBaseError(f"Row {row + 1} of {table} has no place in a plan of its programme.")
    made = network.making.taught.made(units(model, found.x))
    model = model_of(assumed(network, made), demanded=False)
    at, known = np.zeros(len(model.lp.lower)), np.zeros(len(model.lp.lower), dtype=bool)
    at[: len(at)], known[: len(at)] = found.x[: len(at)], found.known[: len(at)]
    x = completed(model, at, known, search)
    if x is None:
        raise NoBaseError("The tables of the run are no plan of its programme.")
    return Base(model, x, made)


def again(base: Base, programme: Programme, search: Search = ANYTHING) -> Again:
    """Return the plan of a changed programme that comes from another plan.

    What was shipped, started, dispatched and delivered before `search.as_of` stays; orders that were placed before and not shipped may only be
    cancelled, and so may those that start within `frozen_days` of it, as few of them as can be. Stations, options, shifts and hires stay. Then, in
    order: the classes are served as well as can be, orders move by as few unit-days as can be (`moving.around`), as few units as can be are delivered on
    other days than before, and cost is as low as can be.

    A large plan is sought anew from that day on, in what is made, moved and delivered, and in what is bought of items that a broken limit speaks of; where
    no plan comes of that, in all that it buys by ways that it uses. Hours and yields of what learns are those that come of what is made (`slopes`).
    """
    programme = replace(programme, tables={n: t.sorted() for n, t in programme.tables.items()})
    network = network_of(unfenced(programme), base.model.network.phases)
    made = _by_school(base, network)
    model = model_of(assumed(network, made), demanded=False)
    before = carried(base, model)
    room = room_of(model, before, search, release_fence(programme))
    room = replace(room, low=np.minimum(room.low, before))
    found = Again(model, before, None, reason=NOWHERE)
    for low, high, families in tries(model, before, room, search):
        found = _climbed(_Try(search, room, low, high, tuple(families), made), model, before)
        if found.x is not None or found.reason != NOWHERE:
            break
    return replace(found, limits=tuple(limits_broken(model, before)))


@dataclass(frozen=True, eq=False)
class _Try:
    """How a plan is sought: `room` says what is frozen, columns go from `low` to `high`, rows of `families` limit nothing; `made` is what the plan before made."""

    search: Search
    room: Room
    low: Floats
    high: Floats
    families: tuple[str, ...]
    made: Floats


def _climbed(how: _Try, model: PlanModel, before: Floats) -> Again:
    """Return the plan that is sought round by round, each around the hours and yields that come of the plan of the round before.

    Hours that a plan takes beyond what there are, as these answers are of the first order, are kept free in the next round.
    """
    network, search = model.network, how.search
    made, x, basis = how.made, before, None
    margin = np.zeros(len(model.lp.rows["hours"].entity))
    for k in range(ROUNDS):
        lp = with_slopes(model, units(model, x), made, flat=k == 0)
        known = np.concatenate([before, np.cumsum(how.made - made, axis=1).ravel()])
        near = _around(with_margin(lp, margin), model, how, known)
        outcome = _solved(near, model, how, basis)
        if outcome.x is None or outcome.reason:
            return Again(model, before, None, reason=outcome.reason or NOWHERE)
        x, basis = near.plan(outcome.x)[: len(before)], outcome.basis
        made = network.making.taught.made(units(model, x))
        model = model_of(assumed(network, made), demanded=False)
        over = hours_beyond(model, x)
        if not over.any() and not stock_is_short(model, with_stock(model, x)):
            full = completed(model, x, decided(model), search)
            if full is None:
                break
            down = np.where(how.room.frozen, np.maximum(before - full, 0.0), 0.0)
            return Again(model, before, full, float(down.sum()), float(near.moved @ outcome.x))
        margin = margin + (k > 0) * (1.2 * over + MISSING * (over > 0))
    return Again(model, before, None, reason=NOWHERE)


def with_margin(lp: Lp, margin: Floats) -> Lp:
    """Return a model in which some hours stay free, in each row of hours."""
    high = lp.row_upper.copy()
    high[lp.rows["hours"].index] -= margin
    return replace(lp, row_upper=high)


def hours_beyond(model: PlanModel, x: Floats) -> Floats:
    """Return the hours by which a plan takes more than there are, in each row of hours; 0 where tables round them away."""
    index = model.lp.rows["hours"].index
    there = model.lp.row_upper[index]
    over = model.lp.times(x)[index] - there
    return np.where(over > EASED_SHARE * np.maximum(1.0, np.abs(there)), over, 0.0)


def _around(lp: Lp, model: PlanModel, how: _Try, at: Floats) -> Around:
    """Return the model around the plan before, `at`: its columns, and how much more experience it has than the model stands at."""
    v, periods, size = model.variables, model.network.periods, len(at) - len(how.low)
    days = periods.lengths.astype(np.float64)
    fence = model.network.programme.settings.planning_fence_days or FENCE
    low, high = np.concatenate([how.low, np.full(size, -np.inf)]), np.concatenate([how.high, np.full(size, np.inf)])
    if len(model.lp.row_lower) <= SMALL:
        return around(lp, at, low, high, ((v.buy, v.make, v.move), days, fence))
    near = around(without_rows(lp, how.families), at, low, high, ((), days, fence))
    price = np.zeros(len(at))
    for grid in (v.buy, v.make, v.move):
        price[grid[grid >= 0]] = OFF_ITS_DAY
    stock = lp.columns["stock"]
    price[stock.index] = days[stock.period]
    return replace(near, moved=price[near.of])


def completed(model: PlanModel, at: Floats, known: Bools, search: Search) -> Floats | None:
    """Return the cheapest plan with the columns that are `known` as `at` has them, but for what tables round away; None if there is none.

    In a large plan tasks are done when what is known says so.
    """
    lp = model.lp
    at, known = with_stock(model, at), known | columns_of(lp, ("stock",))
    if stock_is_short(model, at):
        return None
    lp = replace(lp, lower=np.where(columns_of(lp, ("stock",)), np.minimum(lp.lower, at), lp.lower))
    if len(lp.row_lower) > SMALL:
        at, known = whole_gates(lp, at), known | columns_of(lp, GATES)
    plain = standing(lp, np.clip(at, lp.lower, lp.upper), known)
    plain = replace(plain, whole=lp.whole & ~known & (len(lp.row_lower) <= SMALL))
    for part in (plain, eased(plain, at, MONEY), eased(plain, at)):
        outcome = solve_in_child(part, model.goals[-1:], search.left, search.hear)
        if outcome.x is not None or outcome.reason:
            break
    x = None if outcome.x is None or outcome.reason else np.where(known, at, outcome.x)
    return x if x is not None and feasible(eased(lp, at), x, 3 * MISSING) else None


def with_stock(model: PlanModel, at: Floats) -> Floats:
    """Return a plan with the stock that comes of what is bought, made, moved and delivered."""
    lp, made = model.lp, at.copy()
    stock, rows = lp.columns["stock"], lp.rows["balance"]
    made[stock.index] = 0.0
    shape = (len(rows.who), -1)
    comes = (lp.row_upper - lp.times(made))[rows.index].reshape(shape)
    grid = np.full(comes.shape, -1, dtype=np.int64)
    grid[stock.entity, stock.period] = stock.index
    made[grid[grid >= 0]] = np.cumsum(comes, axis=1)[grid >= 0]
    return made


def stock_is_short(model: PlanModel, at: Floats) -> bool:
    """Return whether there is less than nothing somewhere, beyond what the rounding of all amounts that came and went before adds up to."""
    lp = model.lp
    stock, rows = lp.columns["stock"], lp.rows["balance"]
    goods = (at[lp.row_column] != 0) & ~np.isin(lp.row_column, stock.index)
    each = np.bincount(lp.row_of_entry[goods], np.abs(lp.value[goods]), minlength=len(lp.row_lower))[rows.index]
    dust = HALF_DIGIT * np.cumsum(each.reshape(len(rows.who), -1), axis=1)
    return bool((at[stock.index] < -SHORT - dust[stock.entity, stock.period]).any())


def eased(lp: Lp, at: Floats, firm: Sequence[str] = ()) -> Lp:
    """Return a model whose rows give way by what tables round away in a plan `at`, but for those of the families that are `firm`."""
    dust = rounding(lp, at)
    for name in (n for n in firm if n in lp.rows):
        dust[lp.rows[name].index] = 0.0
    return replace(lp, row_lower=lp.row_lower - dust, row_upper=lp.row_upper + dust)


def rounding(lp: Lp, at: Floats) -> Floats:
    """Return by how much tables that are rounded may miss each row; accounts of origin by that of all that is in them in a plan `at`, a part in each window."""
    low, high = lp.row_lower, lp.row_upper
    size = np.abs(np.where(np.isfinite(high), high, np.where(np.isfinite(low), low, 0.0)))
    counted = np.bincount(lp.row_of_entry, np.abs(lp.value * at[lp.row_column]), minlength=len(low))
    for name in (n for n in (LOTS, CONTENT, SHARE) if n in lp.rows):
        block = lp.rows[name]
        size[block.index] = counted[block.index] / (1 + len(np.unique(block.period)))
    return np.asarray(EASED + EASED_SHARE * size)


def units(model: PlanModel, x: Floats) -> Floats:
    """Return the units started on each route (routes x periods)."""
    columns = model.variables.make
    return np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)


def _by_school(base: Base, network: Network) -> Floats:
    """Return the units that each school of a network works on in a plan, whose schools may be others."""
    had = dict(zip(base.model.network.making.taught.names, base.made, strict=True))
    blank = np.zeros(len(network.periods))
    names = network.making.taught.names
    return np.array([had.get(n, blank) for n in names]).reshape(len(names), len(blank))


def carried(base: Base, model: PlanModel) -> Floats:
    """Return the columns of a plan in another model, by family, name and period; within its limits, but for what rounding leaves of stock."""
    found = np.zeros(len(model.lp.lower))
    for name, block in model.lp.columns.items():
        other = base.model.lp.columns.get(name)
        if other is None:
            continue
        at = {n: k for k, n in enumerate(other.who)}
        who = np.array([at.get(n, -1) for n in block.who], dtype=np.int64)
        width = len(model.network.periods) + 2
        known = np.full((len(other.who) + 1, width), -1, dtype=np.int64)
        known[other.entity, other.period] = other.index
        place = known[who[block.entity], block.period]
        found[block.index] = np.where(place >= 0, base.x[place], 0.0)
    low, stock = model.lp.lower.copy(), model.lp.columns["stock"].index
    low[stock] = np.minimum(low[stock], found[stock])
    return np.clip(found, low, model.lp.upper)


def decided(model: PlanModel) -> Bools:
    """Return the columns that a plan is known by: goods but stock, deliveries, people, stations, options, shifts."""
    names = {*FLOW, *KEPT, "hire", "lost"} - {"stock"}
    found = np.zeros(len(model.lp.lower), dtype=bool)
    for name in (n for n in names if n in model.lp.columns):
        found[model.lp.columns[name].index] = True
    return found


def _solved(near: Around, model: PlanModel, how: _Try, basis: Basis | None) -> Outcome:
    """Return what comes of frozen orders, classes, orders that move, deliveries that do, and cost, in this order."""
    search, more = how.search, np.zeros(len(near.at) - len(model.lp.lower))

    def cost(of: Floats) -> Floats:
        return near.costs(np.concatenate([of, more]))

    frozen = np.maximum(cost(-how.room.frozen.astype(np.float64)), 0.0)
    stages = [(FROZEN, frozen)] if how.room.frozen.any() else []
    stages += [(s.name, cost(s.cost)) for s in model.stages[: model.classes]]
    stages.append((MOVED, near.moved))
    if len(model.lp.row_lower) > SMALL:
        goal = _at_once(stages, near)
        return solve_in_child(relaxed(near.lp), [goal], search.left, search.hear, basis=basis, folding=False)
    stages.append((HANDED, np.maximum(cost(columns_of(model.lp, ("deliver",)).astype(np.float64)), 0.0)))
    stages.append((model.stages[-1].name, cost(model.stages[-1].cost)))
    return solve_in_child(near.lp, stages, search.left, search.hear)


def _at_once(stages: Sequence[tuple[str, Floats]], near: Around) -> tuple[str, Floats]:
    """Return one objective for all of them: a class weighs far more than the next, and all far more than what moves."""
    total = MOVED_WEIGHT * near.moved
    for name, cost in stages[:-1]:
        if name == FROZEN:
            total = total + FROZEN_WEIGHT * cost
    classes = [cost for name, cost in stages[:-1] if name != FROZEN]
    for k, cost in enumerate(classes):
        total = total + cost / scale_of(cost) * APART**-k
    return "classes and moves", total
