"""What a plan seeks, in order: classes of demand, stock targets, cost. One cost vector over the columns for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import (
    Lane,
    Offer,
    Skill,
)
from tandemplan.network.demands import CERTAINTIES
from tandemplan.network.money import money_of
from tandemplan.network.network import Network
from tandemplan.plan.payments import choice_costs, option_wages
from tandemplan.plan.shipments import SHIPMENT, shipment_days
from tandemplan.plan.variables import Variables, policy_nodes
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import scale_of

Floats = NDArray[np.float64]
DECIDED = (
    "purchases", "transport", "shipments", "holding", "overtime", "hire_wages", "training", "shift_premium", "setups", "investments", "chosen_options",
    "option_wages", "qualification", "interest", "damages", "lost_revenue",
)  # fmt: skip
FIRST = 100.0  # how much dearer an objective is than the next one, where both are sought at once


@dataclass(frozen=True, eq=False)
class Stage:
    """One objective in the order of importance.

    `name` is `class 1 firm`, `RULE of class 1 firm, 1 worst served`, `stock` or `cost`; `cost` a coefficient per column; `scale` the smallest denominator of
    the gap; `demand_class` and `certainty` are set for classes.
    """

    name: str
    cost: Floats
    scale: float
    demand_class: int | None = None
    certainty: str | None = None


def stages_of(network: Network, lp: Lp, x: Variables, sharing: Sequence[Stage] = ()) -> list[Stage]:
    """Return the objectives of a plan in order: each class (firm, option, forecast), fair sharing, stock, cost; or cost alone.

    Each is minimised among the plans that are best by those before it.

    `docs/semantics.md`, Classes, stock, cost; pre-emptive goals as in Ignizio 1976, Goal Programming and Extensions.
    """
    size = len(lp.lower)
    last = Stage("cost", sum(present_cost(network, x, size).values(), _shipments(network, lp, x)), 1.0)
    if network.programme.settings.objective == "cost":
        return [last]
    stock = [Stage("stock", off_targets(network, x, size), 1.0)] if len(x.shortfall) else []
    return [*_class_stages(network, x, size), *sharing, *stock, last]


def _class_stages(network: Network, x: Variables, size: int) -> list[Stage]:
    demands = network.demands
    found = []
    counted = demands.quantity > 0
    for demand_class in np.unique(demands.demand_class[counted]):
        for certainty, word in enumerate(CERTAINTIES):
            rows = counted & (demands.demand_class == demand_class) & (demands.certainty == certainty)
            if rows.any():
                asked = float((demands.weight * demands.quantity)[rows].sum())
                cost = lateness(network, x, rows, size)
                scale = max(1e-3 * asked * network.periods.longest, 1e-9)
                found.append(Stage(f"class {demand_class} {word}", cost, scale, int(demand_class), word))
    return found


def lateness(network: Network, x: Variables, rows: NDArray[np.bool_], size: int) -> Floats:
    """Return the value of a class, or of any demands in `rows`, as costs of columns: weight x days late per unit delivered or lost.

        class c: sum[d in c] weight[d] * (sum[t] days late[d,t] * deliver[d,t] + days late if lost[d] * lost[d])

    `docs/semantics.md`, Classes, stock, cost.
    """
    demands, ways = network.demands, network.delivering
    cost = np.zeros(size)
    weight = np.where(rows, demands.weight, 0.0)
    cost[x.deliver] = weight[ways.demand] * ways.late
    counted = demands.quantity > 0
    cost[x.lost[counted]] = (weight * demands.late_if_lost)[counted]
    return cost


def off_targets(network: Network, x: Variables, size: int) -> Floats:
    """Return how far stock is off its targets as costs of columns.

        stock: sum[p, t] days[t] * standard cost[p] * (shortfall[p,t] + excess[p,t])

    A standard cost of 0 counts as 1.

    `docs/semantics.md`, Classes, stock, cost.
    """
    value = network.standard_cost[policy_nodes(network)]
    each = np.where(value > 0, value, 1.0)[:, None] * network.periods.lengths
    cost = np.zeros(size)
    cost[x.shortfall] = each
    there = x.excess >= 0
    cost[x.excess[there]] = each[there]
    return cost


def discount(network: Network, day: NDArray[np.int64]) -> Floats:
    """Return the present value of one unit of money on each day."""
    rate = network.programme.settings.discount_per_year_share
    return (1.0 + rate) ** (-np.asarray(day, dtype=np.float64) / 365)


def order_days(network: Network) -> NDArray[np.int64]:
    """Return the day on which a station or set is ordered that is first in use in each period (entries of investing x periods)."""
    days: NDArray[np.int64] = network.periods.starts[None, :] - network.investing.lead[:, None]
    return days


def present_cost(network: Network, x: Variables, size: int) -> dict[str, Floats]:
    """Return the present value of each decided cost term, a coefficient per column.

        cost: sum[i, j] present[j] * amount[i,j] * column[j]

    The terms i are purchases, transport, shipments, holding, overtime, wages and training of hires, premiums of shifts, set-ups, investments,
    options, qualification, damages and lost revenue; each unit of a column j pays its
    amount on its day, whose present value is `(1 + discount) ^ -(days from start / 365)`.

    `docs/semantics.md`, Classes, stock, cost.
    """
    terms = {name: np.zeros(size) for name in DECIDED}
    _purchases(network, x, terms)
    _moves(network, x, terms)
    periods, hours = network.periods, network.hours
    rate = network.programme.settings.holding_per_year_share
    end = periods.starts + periods.lengths
    per_unit = network.standard_cost[:, None] * rate * periods.lengths / 365
    terms["holding"][x.stock] = per_unit * discount(network, end)
    there = x.overtime >= 0
    pay = hours.overtime_cost[:, None] * discount(network, periods.starts)
    terms["overtime"][x.overtime[there]] = pay[there]
    _set_ups(network, x, terms)
    _investments(network, x, terms)
    _qualification(network, x, terms)
    _service(network, x, terms)
    _hires(network, x, terms)
    _premiums(network, x, terms)
    _options(network, x, terms)
    _interest(network, x, terms)
    return terms


def _shipments(network: Network, lp: Lp, x: Variables) -> Floats:
    """Return the present value of each shipment, where the model has them as columns."""
    cost = np.zeros(len(lp.lower))
    if SHIPMENT in lp.columns:
        days = shipment_days(network, x)
        price = network.programme[Lane].shipment_cost[days.lane]
        cost[lp.columns[SHIPMENT].index] = price * discount(network, days.day)
    return cost


def _purchases(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    if not len(x.buy):
        return
    offers, lanes = network.programme[Offer], network.programme[Lane]
    rows = np.array([w.offer for w in network.places.ways])
    lane = np.array([w.lane for w in network.places.ways])
    there = x.buy >= 0
    paid = (offers.acceptance_share * offers.unit_price)[rows][:, None] * discount(network, network.buying.arrival)
    terms["purchases"][x.buy[there]] = paid[there]
    carriage = np.append(lanes.kg_cost, 0.0)[lane] * network.weight_kg[network.way_node]
    sent = carriage[:, None] * discount(network, network.buying.dispatch)
    terms["transport"][x.buy[there]] = sent[there]


def _moves(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    if not len(x.move):
        return
    lanes = network.programme[Lane]
    carriage = lanes.kg_cost[[m[0] for m in network.places.moves]] * network.weight_kg[network.move_from]
    there = x.move >= 0
    sent = carriage[:, None] * discount(network, network.moving.dispatch)
    terms["transport"][x.move[there]] = sent[there]


def _set_ups(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    when = discount(network, network.day[network.route_node])
    for columns, cost in ((x.setup, network.lots.cost), (x.make, network.lots.unit_cost)):
        there = columns >= 0
        terms["setups"][columns[there]] = (cost[:, None] * when)[there]


def _investments(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    """Set the cost of stations and sets in use: what is first in use a period later is paid a period later."""
    there = x.owned >= 0
    paid = network.investing.price[:, None] * discount(network, order_days(network))
    later = np.zeros_like(paid)
    later[:, :-1] = paid[:, 1:]
    terms["investments"][x.owned[there]] = (paid - later)[there]


def _qualification(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    """Set the cost of qualifying offers: what has started a period later is paid a period later."""
    there = x.started >= 0
    when = discount(network, network.periods.starts)
    paid = network.programme[Offer].qualification_cost[:, None] * (when - np.append(when[1:], 0.0))
    terms["qualification"][x.started[there]] = paid[there]


def _options(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    """Set what options and the people that they add cost: what is chosen a period later costs what it costs from there on."""
    there = x.chosen >= 0
    for name, costs in (("chosen_options", choice_costs(network)), ("option_wages", option_wages(network))):
        later = np.zeros_like(costs)
        later[:, :-1] = costs[:, 1:]
        terms[name][x.chosen[there]] = (costs - later)[there]


def _service(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    demands, ways = network.demands, network.delivering
    owed = demands.damages(ways.demand, ways.late)
    terms["damages"][x.deliver] = owed * discount(network, ways.day)
    counted = np.flatnonzero(demands.quantity > 0)
    last = float(discount(network, np.array([network.periods.days - 1]))[0])
    terms["damages"][x.lost[counted]] = demands.damages(counted, demands.late_if_lost[counted]) * last
    terms["lost_revenue"][x.lost[counted]] = demands.price[counted] * last


def _hires(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    hiring, who = network.hiring, network.hiring.cohorts
    when = discount(network, network.periods.starts)
    hour = network.hours.hour_cost[hiring.resource]
    there = x.trained >= 0
    terms["hire_wages"][x.trained[there]] = (hiring.trained.paid * hour[:, None] * when)[there]
    np.add.at(terms["hire_wages"], x.hire[who.skill, who.came], who.paid * hour[who.skill] * when[who.period])
    there = x.hire >= 0
    terms["training"][x.hire[there]] = (hiring.training_cost[:, None] * when)[there]


def _premiums(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    """Set what a pattern adds to the pay of the people of the start, and of hires."""
    shifts, hours = network.shifts, network.hours
    when = discount(network, network.periods.starts)
    pay = plain_pay(network)
    for e, c in enumerate(shifts.of.tolist()):
        there, paid = x.works[e] >= 0, shifts.paid[c]
        more = shifts.premium[e] * when * (pay[paid] @ hours.present[paid])
        terms["shift_premium"][x.works[e, there]] = more[there]
    there = x.raised >= 0
    terms["shift_premium"][x.raised[there]] = np.broadcast_to(when, there.shape)[there]


def _interest(network: Network, x: Variables, terms: dict[str, Floats]) -> None:
    money, periods = money_of(network), network.periods
    there = x.money.drawn >= 0
    each = (
        money.per
        * money.tranches.rate[:, None]
        * periods.lengths
        / 365
        * discount(network, periods.starts + periods.lengths)
    )
    terms["interest"][x.money.drawn[there]] = each[there]


def plain_pay(network: Network) -> Floats:
    """Return the cost of an hour without any premium, by row in `Hours` (0 but for skills)."""
    cost = dict(zip(network.programme[Skill].skill, network.programme[Skill].hour_cost, strict=True))
    named = zip(network.hours.kinds, network.hours.names, strict=True)
    return np.array([float(cost[n]) if kind == "skill" else 0.0 for kind, n in named], dtype=np.float64)


def at_once(goals: Sequence[tuple[str, Floats]]) -> tuple[str, Floats]:
    """Return one objective for several in order, each far dearer than the next: one solve in place of one for each, and nearly the same plan."""
    total, weight = np.zeros_like(goals[0][1]), 1.0
    for _, cost in reversed(goals):
        total = total + weight * cost / scale_of(cost)
        weight *= FIRST
    return " and ".join(name for name, _ in goals), total
