"""A plan once more: what a changed programme makes of it where whole decisions stay, what is done is done, and little moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.network.network import Network, network_of
from tandemplan.network.openings import release_fence, unfenced
from tandemplan.plan.completing import (
    completed,
    completed_with_basis,
    decided,
    eased,
    rounding,
    stock_is_short,
    with_stock,
)
from tandemplan.plan.mending import (
    APART,
    MOVED,
    MOVED_WEIGHT,
    NOWHERE,
    ROUNDS,
    Given,
    hours_beyond,
    kept_free,
    mended,
    served,
    units,
    whole_of,
    with_margin,
)
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.moving import Around, around
from tandemplan.plan.neighbourhood import SMALL, Limit, Room, Search, limits_broken, room_of
from tandemplan.plan.obeying import columns_of
from tandemplan.plan.planned import phases_of, planned
from tandemplan.plan.ramp import assumed
from tandemplan.plan.slopes import with_slopes
from tandemplan.results.store import Run
from tandemplan.solver.lp import Lp, same_in
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import BASIC, Basis

__all__ = [
    "APART", "FENCE", "MOVED", "MOVED_WEIGHT", "Again", "Base", "NoBaseError", "Search", "again", "base_of", "completed", "decided", "eased", "rounding",
]  # fmt: skip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
HANDED = "moved deliveries"
FENCE = 84.0  # days that a unit counts which is new or cancelled, where the programme sets no planning fence
ANYTHING = Search()  # all may change, in whatever time


class NoBaseError(ValueError):
    """Raised when the tables of a run are no plan of its programme, and so nothing to come back to."""


@dataclass(frozen=True, eq=False)
class Base:
    """A plan as columns `x` of the model of its programme at the experience that comes of it; `made` are the units behind that (schools x periods).

    `basis` is the one at which what follows from goods is best (None: the plan is small).
    """

    model: PlanModel
    x: Floats
    made: Floats
    basis: Basis | None = None


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
    x, basis = completed_with_basis(model, at, known, search)
    if x is None:
        raise NoBaseError("The tables of the run are no plan of its programme.")
    return Base(model, x, made, basis)


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
    if len(model.lp.row_lower) <= SMALL:
        found = _climbed(model, before, made, room, search)
    else:
        new = mended(model, before, made, Given(room, search, _carried_basis(base, model)))
        found = Again(new.model, before, new.x, moved=new.moved, reason=new.reason)
    down = 0.0 if found.x is None else float(np.maximum(before - found.x, 0.0)[room.frozen].sum())
    return replace(found, frozen=down, limits=tuple(limits_broken(model, before)))


def _climbed(model: PlanModel, before: Floats, made: Floats, room: Room, search: Search) -> Again:
    """Return the plan that is sought round by round, each around the hours and yields that come of the plan of the round before.

    Hours that a plan takes beyond what there are, as these answers are of the first order, are kept free in the next round.
    """
    network, had, x = model.network, made, before
    margin = np.zeros(len(model.lp.rows["hours"].entity))
    for k in range(ROUNDS):
        lp = with_margin(with_slopes(model, units(model, x), made, flat=k == 0), margin)
        near = _around(lp, model, room, np.concatenate([before, np.cumsum(had - made, axis=1).ravel()]))
        outcome = solve_in_child(near.lp, _stages(near, model, room), search.left, search.hear)
        if outcome.x is None or outcome.reason:
            return Again(model, before, None, reason=outcome.reason or NOWHERE)
        x = near.plan(outcome.x)[: len(before)]
        made = network.making.taught.made(units(model, x))
        model = model_of(assumed(network, made), demanded=False)
        over = hours_beyond(model, x)
        if not over.any() and not stock_is_short(model, with_stock(model, x)):
            full = completed(model, x, decided(model), search)
            if full is None:
                break
            return Again(model, before, full, moved=float(near.moved @ outcome.x))
        margin = margin + (k > 0) * kept_free(over)
    return Again(model, before, None, reason=NOWHERE)


def _around(lp: Lp, model: PlanModel, room: Room, at: Floats) -> Around:
    """Return the model around the plan before, `at`: its columns, and how much more experience it has than the model stands at."""
    v, periods, free = model.variables, model.network.periods, np.full(len(at) - len(room.low), np.inf)
    fence = model.network.programme.settings.planning_fence_days or FENCE
    low, high = np.concatenate([room.low, -free]), np.concatenate([room.high, free])
    return around(lp, at, low, high, ((v.buy, v.make, v.move), periods.lengths.astype(np.float64), fence))


def _stages(near: Around, model: PlanModel, room: Room) -> list[tuple[str, Floats]]:
    """Return what a small plan is sought by: frozen orders, classes, orders that move, deliveries that do, and cost, in this order."""
    handed = columns_of(model.lp, ("deliver",)).astype(np.float64)
    stages = served(near, model, room)
    stages += [(MOVED, near.moved), (HANDED, np.maximum(near.costs(whole_of(near, handed)), 0.0))]
    return [*stages, (model.stages[-1].name, near.costs(whole_of(near, model.stages[-1].cost)))]


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
        place = same_in(block, other)
        found[block.index] = np.where(place >= 0, base.x[place], 0.0)
    low, stock = model.lp.lower.copy(), model.lp.columns["stock"].index
    low[stock] = np.minimum(low[stock], found[stock])
    return np.clip(found, low, model.lp.upper)


def _carried_basis(base: Base, model: PlanModel) -> Basis:
    """Return the basis of a plan in another model, by family, name and period; rows that are new are basic."""
    assert base.basis is not None
    columns, rows = np.zeros(len(model.lp.lower), dtype=np.int8), np.full(len(model.lp.row_lower), BASIC, dtype=np.int8)
    for found, mine, other, known in (
        (columns, model.lp.columns, base.model.lp.columns, base.basis.columns),
        (rows, model.lp.rows, base.model.lp.rows, base.basis.rows),
    ):
        for name in (n for n in mine if n in other):
            place = same_in(mine[name], other[name])
            found[mine[name].index[place >= 0]] = known[place[place >= 0]]
    return Basis(columns, rows)
