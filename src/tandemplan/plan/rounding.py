"""From a plan whose orders and shipments may have any size to one that keeps them whole; the bound stays that of the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import sums
from tandemplan.model.schema import Offer
from tandemplan.plan.flows import SMALLEST
from tandemplan.plan.model import PlanModel
from tandemplan.plan.obeying import FLOW, SHIFTS, columns_of
from tandemplan.plan.objective import at_once, discount
from tandemplan.plan.order_sizes import DUST, least_shipments, way_sizes
from tandemplan.plan.room import tight_nodes, with_room
from tandemplan.plan.rounded_orders import rounded_orders, whole_orders
from tandemplan.plan.rounded_shipments import large_enough, rounded_shipments
from tandemplan.plan.shipments import SHIPMENT, shipments_made
from tandemplan.solver.held import relaxed, standing
from tandemplan.solver.lp import Lp
from tandemplan.solver.nearest import nearest
from tandemplan.solver.stages import Outcome, StageAnswer

Floats = NDArray[np.float64]
Goals = list[tuple[str, Floats]]
Solve = Callable[[Lp, Goals], Outcome]
SMALL = 20_000  # rows up to which more is tried than to round the plan once
LOOSE = 1e-2  # units; columns that may move less are held
TRIES = 4  # orders that do not fit are made smaller so many times before there is no plan


@dataclass(frozen=True, eq=False)
class _Held:
    """What a plan is held to: purchases (ways x periods) but for those that stay `loose`, and deliveries (None: any).

    With `flow`, what is made and delivered, and the shifts that are worked, are held as well.
    """

    buy: Floats
    deliver: Floats | None = None
    loose: NDArray[np.bool_] | None = None
    flow: bool = False


@dataclass(frozen=True, eq=False)
class _Found:
    """What came of a plan that is held: the outcome of the solver, and which objectives it sought to the end."""

    outcome: Outcome
    finished: Mapping[str, bool]


_NONE = _Found(Outcome("infeasible", None, ()), {})


def with_whole_orders(model: PlanModel, outcome: Outcome, solve: Solve) -> Outcome:
    """Return an outcome whose plan keeps orders and shipments whole, from one whose plan need not: they were relaxed in its model.

    Purchases and deliveries are rounded by the rules of `rounded_orders` and `rounded_shipments`, held there, and everything else is sought
    again. Where stores have no room for that, a plan that leaves room for orders is rounded instead; where that does not help, orders for
    such stores are made smaller, or left out, and deliveries are later (both in models of at most 20,000 rows). Where nothing helps, orders are
    changed as little as everything else asks for; those changed that cannot be rounded stay of any size. Where that does not help, the plan stays as it is.
    Values are those of the plan, bounds those of the relaxation.
    `docs/semantics.md`, Orders and shipments.
    """
    if outcome.x is None:
        return outcome
    if is_whole(model, outcome.x):
        return _with_shipments(model, outcome)
    found, held = _NONE, _Held(np.zeros((0, 0)))
    small = len(model.lp.row_lower) <= SMALL
    for attempt in (_rounded, _rounded_with_room, _fitted, _nearest) if small else (_rounded, _nearest):
        held, found = attempt(model, outcome.x, solve)
        if found.outcome.status != "infeasible":
            break
    if found.outcome.x is None:
        return _with_shipments(model, _cut_short(outcome, found.outcome.reason))
    return _with_shipments(model, _answer(model, outcome, found, held))


def _cut_short(outcome: Outcome, reason: str) -> Outcome:
    """Return an outcome whose rounding found nothing, for lack of time or because there was nothing to find."""
    status = "feasible" if reason and outcome.status == "optimal" else outcome.status
    return replace(outcome, status=status, reason=outcome.reason or reason)


def _rounded(model: PlanModel, x: Floats, solve: Solve) -> tuple[_Held, _Found]:
    """Return what a plan is rounded to, and the plan held to it, unless orders would come too late."""
    orders, in_time = rounded_orders(model, x)
    held = _Held(orders, rounded_shipments(model.network, _flows(model, x)[1]))
    return held, _sought(model, x, held, solve) if in_time else _NONE


def _rounded_with_room(model: PlanModel, x: Floats, solve: Solve) -> tuple[_Held, _Found]:
    """Return the same of the best plan that leaves room in its stores for one and a half of the smallest orders of what `x` buys."""
    roomy = _roomy(model, x, solve)
    return (_Held(np.zeros((0, 0))), _NONE) if roomy is None else _rounded(model, roomy, solve)


def _roomy(model: PlanModel, x: Floats, solve: Solve) -> Floats | None:
    low, high = _as_whole(model, x)
    smaller = with_room(model.network, replace(model.lp, lower=low, upper=high), _flows(model, x)[0])
    return solve(replace(smaller, whole=np.zeros_like(smaller.whole)), model.goals).x


def _fitted(model: PlanModel, x: Floats, solve: Solve) -> tuple[_Held, _Found]:
    """Return a plan whose orders for stores without room are smaller, left out or later used, and what it is held to."""
    orders, _ = rounded_orders(model, x)
    tight = tight_nodes(model.network, x[model.variables.stock], orders)[model.network.way_node]
    for some in (tight, np.ones_like(tight)):
        fewer = orders
        for _ in range(TRIES):
            found = _at_most(model, x, fewer, some, solve=solve)
            if found.x is None:
                break
            fewer, whole = _smaller(model, found.x, fewer, some)
            if whole:
                held = _Held(fewer, rounded_shipments(model.network, _flows(model, found.x)[1]))
                return held, _sought(model, found.x, held, solve)
    return _Held(orders), _NONE


def _nearest(model: PlanModel, x: Floats, solve: Solve) -> tuple[_Held, _Found]:
    """Return a plan whose orders differ from whole ones by no more than other limits ask for, and what it is held to.

    The least changes, counted in smallest orders, are sought with what is made and delivered as it is in `x`. Orders that become larger by them are then
    rounded up, those that become smaller down; where that leaves no plan, they stay of any size.
    """
    orders, _ = rounded_orders(model, x)
    held = _Held(orders, rounded_shipments(model.network, _flows(model, x)[1]), flow=True)
    outcome, bought = _least_changes(model, x, held, solve)
    if outcome.x is None:
        return held, _Found(outcome, {})
    changed = _held_orders(model, held) & (np.abs(bought - orders) > DUST + 1e-7 * orders)
    sizes, rounded = way_sizes(model.network), orders.copy()
    for way, t in zip(*np.nonzero(changed), strict=True):
        to = sizes.up if bought[way, t] > orders[way, t] else sizes.down
        rounded[way, t] = to(int(way), float(bought[way, t]))
    large = len(model.lp.row_lower) > SMALL
    held = replace(held, buy=rounded, flow=large)
    found = _sought(model, x, held, solve)
    if found.outcome.status == "infeasible" and changed.any():
        held = replace(held, buy=orders, loose=changed)
        found = _sought(model, x, held, solve)
    return held, found


def _least_changes(model: PlanModel, x: Floats, held: _Held, solve: Solve) -> tuple[Outcome, Floats]:
    """Return the outcome of a plan whose purchases are as near to those of `held` as can be, and its purchases."""
    sized = _held_orders(model, held)
    lp = _with_held(model, x, replace(held, loose=sized))
    weight = np.broadcast_to(1 / np.maximum(way_sizes(model.network).least, DUST)[:, None], sized.shape)
    asked, cost = nearest(lp, model.variables.buy[sized], held.buy[sized], weight[sized])
    outcome = solve(asked, [("orders as whole as can be", cost)])
    return outcome, np.zeros(sized.shape) if outcome.x is None else _flows(model, outcome.x[: len(lp.lower)])[0]


def _at_most(model: PlanModel, x: Floats, buy: Floats, some: NDArray[np.bool_], *, solve: Solve) -> Outcome:
    """Return the best plan by the classes with given orders, at most these by some ways, and of those as many in full as can be."""
    low, high = _as_whole(model, x)
    _hold(model, _Held(buy), low, high)
    columns, full = model.variables.buy, np.zeros(len(low))
    there = (columns >= 0) & (some & ~way_sizes(model.network).free)[:, None]
    low[columns[there]] = 0.0
    full[columns[there]] = np.where(buy[there] > 0, -1.0 / np.maximum(buy[there], DUST), 0.0)
    classes = [(s.name, s.cost) for s in model.stages if s.demand_class is not None] or [
        (model.stages[-1].name, model.stages[-1].cost)
    ]
    eased = replace(model.lp, lower=low, upper=high, whole=np.zeros_like(model.lp.whole))
    return solve(eased, [*classes, ("orders in full", full)])


def _smaller(model: PlanModel, x: Floats, buy: Floats, some: NDArray[np.bool_]) -> tuple[Floats, bool]:
    """Return whole orders no larger than those of a plan by some ways, and those of `buy` by the others; whether the plan has these."""
    sizes, bought = way_sizes(model.network), _flows(model, x)[0]
    fewer = buy.copy()
    for way, t in zip(*np.nonzero(some[:, None] & ~sizes.free[:, None] & (buy > 0)), strict=True):
        fewer[way, t] = sizes.down(int(way), float(bought[way, t]))
    same = np.abs(fewer - bought) <= DUST + 1e-7 * buy
    return fewer, bool(same[some & ~sizes.free].all())


def _as_whole(model: PlanModel, x: Floats) -> tuple[Floats, Floats]:
    """Return the limits of columns with those that are whole numbers held as in a plan `x`."""
    low, high, whole = model.lp.lower.copy(), model.lp.upper.copy(), model.lp.whole
    low[whole] = high[whole] = np.rint(x[whole])
    return low, high


def is_whole(model: PlanModel, x: Floats) -> bool:
    """Return whether all orders and shipments of a plan have a size that they may have."""
    return not any(relaxed_of(model, x).values())


def relaxed_of(model: PlanModel, x: Floats) -> dict[str, list[str]]:
    """Return the offers with orders, and the demands with part deliveries, of a size that they may not have."""
    network, (buy, deliver) = model.network, _flows(model, x)
    ways = np.flatnonzero(~whole_orders(way_sizes(network), buy).all(axis=1)) if len(buy) else ()
    rows = np.unique(network.delivering.demand[~large_enough(network, deliver)])
    names = network.programme[Offer].offer
    return {
        "offers": sorted({str(names[network.places.ways[w].offer]) for w in ways}),
        "demands": sorted(str(network.demands.names[d]) for d in rows),
    }


def _flows(model: PlanModel, x: Floats) -> tuple[Floats, Floats]:
    columns = model.variables.buy
    buy = np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)
    return np.where(buy > DUST, buy, 0.0), x[model.variables.deliver]


def _sought(model: PlanModel, x: Floats, held: _Held, solve: Solve) -> _Found:
    """Return the best plan with some purchases and deliveries held, and with the whole numbers of a plan `x`."""
    v, lp = model.variables, _with_held(model, x, held)
    some = [s for s in model.stages if (s.cost[lp.upper - lp.lower > LOOSE] != 0).any()] or model.stages[-1:]
    full = np.zeros(len(lp.lower))
    if held.deliver is not None and not held.flow:  # what is held is delivered to the last crumb
        full[v.deliver] = np.where((lp.upper - lp.lower)[v.deliver] > LOOSE, 0.0, -1.0)
    goals = [(s.name, s.cost) for s in some]
    together = len(lp.row_lower) > SMALL and all(s.demand_class is None for s in some)
    if together:
        asked = [(name, c + 10 * np.abs(c).max(initial=0.1) * full) for name, c in [at_once(goals)]]
    else:
        asked = [("deliveries in full", full), *goals]
    found = solve(lp, asked)
    answers = found.stages * len(goals) if together else found.stages[1:]
    return _Found(found, {name: a.finished for (name, _), a in zip(goals, answers, strict=False)})


def _with_held(model: PlanModel, x: Floats, held: _Held) -> Lp:
    """Return the relaxed model with what is held, and the whole numbers of a plan `x`."""
    low, high = _as_whole(model, x)
    _hold(model, held, low, high)
    lp = replace(relaxed(model.lp), lower=low, upper=high)
    if not held.flow:
        return lp
    return standing(lp, np.clip(x, low, high), columns_of(lp, (*FLOW, *SHIFTS)) | model.lp.whole)


def _held_orders(model: PlanModel, held: _Held) -> NDArray[np.bool_]:
    """Return the purchases (ways x periods) that are held."""
    sized = (model.variables.buy >= 0) & ~way_sizes(model.network).free[:, None]
    return sized if held.loose is None else sized & ~held.loose


def _hold(model: PlanModel, held: _Held, low: Floats, high: Floats) -> None:
    """Narrow the limits of columns to purchases and deliveries."""
    columns, sized = model.variables.buy, _held_orders(model, held)
    low[columns[sized]] = high[columns[sized]] = held.buy[sized]
    if held.deliver is not None:
        _hold_deliveries(model, held.deliver, low, high)


def _hold_deliveries(model: PlanModel, deliver: Floats, low: Floats, high: Floats) -> None:
    """Narrow the limits of columns to deliveries of demands with a minimum shipment, and to what they leave to be lost."""
    network, v = model.network, model.variables
    least, demand = least_shipments(network), network.delivering.demand
    small = least[demand] > 0
    high[v.deliver[small]] = deliver[small]
    low[v.deliver[small]] = np.maximum(deliver[small] - 2 * DUST, 0.0)
    count = len(least)
    gone = network.demands.quantity - sums(demand[small], deliver[small], count)
    spare = 2 * DUST * sums(demand[small], np.ones(int(small.sum())), count)
    held = np.flatnonzero((least > 0) & (v.lost >= 0))
    low[v.lost[held]] = np.clip(gone[held], 0.0, high[v.lost[held]])
    high[v.lost[held]] = np.clip(gone[held] + spare[held], 0.0, high[v.lost[held]])


def _answer(model: PlanModel, relaxed: Outcome, found: _Found, held: _Held) -> Outcome:
    """Return the outcome of the whole plan: its values, the bounds and prices of the relaxation, what ended the work."""
    assert found.outcome.x is not None
    x, columns = found.outcome.x.copy(), model.variables.buy
    sized = _held_orders(model, held)
    x[columns[sized]] = held.buy[sized]
    stages: list[StageAnswer] = []
    for stage, answer in zip(model.stages, relaxed.stages, strict=True):
        value = float(stage.cost @ x)
        done = answer.finished and found.finished.get(stage.name, True)
        stages.append(replace(answer, value=value, bound=min(answer.bound, value), finished=done))
    status = relaxed.status if found.outcome.status == "optimal" else found.outcome.status
    reason = relaxed.reason or found.outcome.reason
    return replace(relaxed, status=status, x=x, stages=tuple(stages), reason=reason)


def _with_shipments(model: PlanModel, outcome: Outcome) -> Outcome:
    """Return an outcome whose cost counts the shipments that its plan makes, where the model did not."""
    if outcome.x is None or SHIPMENT in model.lp.columns:
        return outcome
    x, v = np.append(outcome.x, 0.0), model.variables
    buy, move = (np.where(x[c] > SMALLEST, x[c], 0.0) * (c >= 0) for c in (v.buy, v.move))
    day, price = shipments_made(model.network, v, buy, move)
    last = outcome.stages[-1]
    value = last.value + float((price * discount(model.network, day)).sum())
    return replace(outcome, stages=(*outcome.stages[:-1], replace(last, value=value)))
