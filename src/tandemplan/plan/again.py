"""A plan once more: what a changed programme makes of it where whole decisions stay, what is done is done, and little moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.network.network import Network, network_of
from tandemplan.plan.first_plan import had_of
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.moving import Around, around, without_rows
from tandemplan.plan.neighbourhood import EASED, EASED_SHARE, FLOW, KEPT, SMALL, Room, Search, room_of, tries
from tandemplan.plan.planned import phases_of, planned
from tandemplan.plan.ramp import assumed
from tandemplan.results.store import Run
from tandemplan.solver.held import relaxed, standing
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import Outcome, feasible, scale_of

__all__ = ["FENCE", "Again", "Base", "NoBaseError", "Search", "again", "base_of", "completed"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ROUNDS = 3  # in which the experience that is assumed comes down to that which the plan has
GROWN = 0.99  # of the experience of a plan that the next one is sure to have again
MISSING = 1e-5
FROZEN, MOVED = "frozen orders", "moved unit-days"
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
    why), `frozen` the units of frozen orders that could not stay, `moved` the unit-days by which orders moved.
    """

    model: PlanModel
    before: Floats
    x: Floats | None
    frozen: float = 0.0
    moved: float = 0.0
    reason: str = ""


def base_of(run: Run, programme: Programme, search: Search = ANYTHING) -> Base:
    """Return the plan that the tables of a run hold, in the columns of a model of its programme: what they do not say is sought.

    Raises NoBaseError where no plan has these goods, people, stations and shifts.
    """
    programme = replace(programme, tables={n: t.sorted() for n, t in programme.tables.items()})
    network = network_of(programme)
    phases = phases_of(run, network)
    network = network if phases == network.phases else network_of(programme, phases)
    model = model_of(network)
    found = planned(run, network, model.variables, len(model.lp.lower))
    if found.missing:
        table, row = found.missing[0]
        raise NoBaseError(f"Row {row + 1} of {table} has no place in a plan of its programme.")
    made = network.making.taught.made(_units(model, found.x))
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
    order: the classes are served as well as can be, orders move by as few unit-days as can be (`moving.around`), and cost is as low as can be.

    A large plan is sought anew in the days after `as_of` up to some days after the last limit that it breaks, by the ways that it uses or that feed what
    these limits speak of; where that leaves no plan, in more days, at last in all.
    """
    programme = replace(programme, tables={n: t.sorted() for n, t in programme.tables.items()})
    network = network_of(programme, base.model.network.phases)
    made = _by_school(base, network)
    found: Again | None = None
    for k in range(ROUNDS):
        model = model_of(assumed(network, made), demanded=k > 0)
        before = carried(base, model)
        found = _sought(model, before, search)
        if found.x is None:
            return found
        has = network.making.taught.made(_units(model, found.x))
        truly = model_of(assumed(network, has), demanded=False)
        x = completed(truly, carried(Base(model, found.x, has), truly), _decided(truly), search)
        if x is not None:
            return replace(found, model=truly, before=carried(base, truly), x=x)
        made = _less(
            made,
            has,
            0
            if search.as_of is None
            else int(np.searchsorted(network.periods.starts, network.periods.day(search.as_of))),
        )
    assert found is not None
    return replace(found, x=None, reason="no plan has the experience that it needs")


def _less(assumed_made: Floats, made: Floats, done: int) -> Floats:
    """Return the experience that is assumed next: what was made in the periods that are done, and most of what a plan has after them."""
    had = had_of(assumed_made, made)
    return np.concatenate([had[:, :done], GROWN * had[:, done:]], axis=1)


def completed(model: PlanModel, at: Floats, known: Bools, search: Search) -> Floats | None:
    """Return the cheapest plan with the columns that are `known` as `at` has them, but for what tables round away; None if there is none."""
    lp = model.lp
    plain = standing(lp, np.clip(at, lp.lower, lp.upper), known)
    plain = replace(plain, whole=lp.whole & ~known & (len(lp.row_lower) <= SMALL))
    for part in (plain, eased(plain)):
        outcome = solve_in_child(part, model.goals[-1:], search.left, search.hear)
        if outcome.x is not None or outcome.reason:
            break
    x = None if outcome.x is None or outcome.reason else np.where(known, at, outcome.x)
    return x if x is not None and _near(lp, x) else None


def eased(lp: Lp) -> Lp:
    """Return a model whose rows give way by what tables round away."""
    low, high = lp.row_lower, lp.row_upper
    dust = EASED + EASED_SHARE * np.abs(np.where(np.isfinite(high), high, np.where(np.isfinite(low), low, 0.0)))
    return replace(lp, row_lower=low - dust, row_upper=high + dust)


def _near(lp: Lp, x: Floats) -> bool:
    """Return whether columns are a plan but for what tables round away."""
    return feasible(lp, x, 3 * MISSING)


def _units(model: PlanModel, x: Floats) -> Floats:
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
    """Return the columns of a plan in another model, by family, name and period; within its limits."""
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
    return np.clip(found, model.lp.lower, model.lp.upper)


def _decided(model: PlanModel) -> Bools:
    """Return the columns that a plan is known by: goods but stock, deliveries, people, stations, options, shifts."""
    names = {*FLOW, *KEPT, "hire", "lost"} - {"stock"}
    found = np.zeros(len(model.lp.lower), dtype=bool)
    for name in (n for n in names if n in model.lp.columns):
        found[model.lp.columns[name].index] = True
    return found


def _sought(model: PlanModel, at: Floats, search: Search) -> Again:
    """Return the plan that is sought anew in few days first, then in more, each without what seldom limits first."""
    room, lp = room_of(model, at, search), model.lp
    reason = ""
    for low, high, families in tries(model, at, room, search):
        part = without_rows(lp, families)
        network = model.network
        v = model.variables
        fence = network.programme.settings.planning_fence_days or FENCE
        near = around(part, at, low, high, ((v.buy, v.make, v.move), network.periods.lengths.astype(np.float64), fence))
        outcome = _solved(near, model, room, search)
        if outcome.x is None:
            reason = outcome.reason or "no plan was found near the one before"
            if outcome.reason:
                break
            continue
        x = near.plan(outcome.x)
        if families:
            full = completed(model, x, _decided(model), search)
            if full is None:
                continue
            x = full
        down = np.where(room.frozen, np.maximum(at - x, 0.0), 0.0)
        return Again(model, at, x, float(down.sum()), float(near.moved @ outcome.x))
    return Again(model, at, None, reason=reason)


def _solved(near: Around, model: PlanModel, room: Room, search: Search) -> Outcome:
    """Return what comes of frozen orders, classes, moves and cost, in this order."""
    frozen = near.costs(-room.frozen.astype(np.float64))
    frozen = np.maximum(frozen, 0.0)
    stages = [(FROZEN, frozen)] if room.frozen.any() else []
    stages += [(s.name, near.costs(s.cost)) for s in model.stages[: model.classes]]
    stages.append((MOVED, near.moved))
    if len(model.lp.row_lower) > SMALL:
        return solve_in_child(relaxed(near.lp), [_at_once(stages, near)], search.left, search.hear)
    stages.append((model.stages[-1].name, near.costs(model.stages[-1].cost)))
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
