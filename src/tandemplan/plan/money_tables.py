"""Result tables of resources and money: load, people, options, costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Cost, Lane, Offer, OpenOrder, Option, Skill, Task
from tandemplan.network.network import Network
from tandemplan.network.openings import finished_tasks
from tandemplan.plan.choosing import Served
from tandemplan.plan.flows import Amounts
from tandemplan.plan.hours import handled, resource_rows
from tandemplan.plan.model import PlanModel
from tandemplan.plan.objective import DECIDED, discount
from tandemplan.plan.payments import Payments, fixed_payments, option_payments
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]


def used_hours(network: Network, amounts: Amounts) -> Floats:
    """Return the hours used of each resource in each period."""
    used = np.zeros(network.hours.present.shape)
    making, at = network.making, resource_rows(network)
    for k, resource in enumerate(making.hour_resource):
        if resource in at:
            used[at[resource]] += amounts.make[making.hour_route[k]] * making.hour_hours[k]
    for k, resource in enumerate(network.lots.hour_resource):
        if resource in at:
            used[at[resource]] += (amounts.make[network.lots.hour_route[k]] > 0) * network.lots.hour_hours[k]
    move, period = np.nonzero(amounts.move)
    arriving = np.zeros(network.day.shape)
    np.add.at(arriving, (network.move_to[move], network.moving.period[move, period]), amounts.move[move, period])
    if len(amounts.buy):
        np.add.at(arriving, network.way_node, amounts.buy)
    for node, k, taken in handled(network, network.receipt):
        used[k] += arriving[node] * taken
    leaving = np.zeros(network.day.shape)
    ways = network.delivering
    np.add.at(leaving, (network.demand_node[ways.demand], ways.period), amounts.deliver)
    for node, k, taken in handled(network, network.delivery):
        used[k] += leaving[node] * taken
    return used


def hours_there(model: PlanModel, x: Floats) -> Floats:
    """Return the hours present of each resource in each period, with what the plan `x` decides on top (people, stations, shifts).

    What a column adds to hours present is its coefficient in the family `hours`, with the sign turned; work and overtime add nothing.
    """
    lp, v = model.lp, model.variables
    decided = x.copy()
    for work in (v.buy, v.make, v.move, v.deliver, v.overtime, v.setup):
        decided[work[work >= 0]] = 0.0
    block = lp.rows["hours"]
    present = model.network.hours.present.copy()
    present[block.entity, block.period] -= lp.times(decided)[block.index]
    return present


def load(model: PlanModel, x: Floats, used: Floats, worth: Floats) -> Frame:
    """Return the hours of each resource in each period under the plan `x`."""
    hours, periods = model.network.hours, model.network.periods
    there = hours_there(model, x)
    count = len(periods)
    extra = np.where((model.variables.overtime >= 0).any(axis=1, keepdims=True), np.clip(used - there, 0.0, None), 0.0)
    extra = np.where(extra < 5e-6, 0.0, np.round(extra, 6))
    return {
        "resource": np.repeat(texts(hours.names), count),
        "kind": np.repeat(texts(hours.kinds), count),
        "site": np.repeat(texts(hours.sites), count),
        "period_start": np.tile(periods.dates(periods.starts), len(hours.names)),
        "available_hours": there.ravel(),
        "used_hours": used.ravel(),
        "overtime_hours": extra.ravel(),
        "overtime_cost": np.round(extra * hours.overtime_cost[:, None], 2).ravel(),
        "worth_per_hour": worth.ravel(),
    }


def options(network: Network, programme: Programme, served: Mapping[str, Served]) -> Frame:
    """Return every option as it is in `programme`, in which those that the plan chooses are chosen, and what they serve."""
    rows = list(programme[Option].rows())
    cost = [sum(a for _, a in option_payments(network.periods, o)) for o in rows]
    dates = [np.datetime64("NaT") if o.chosen is None else np.datetime64(o.chosen, "D") for o in rows]
    return {
        "option": texts([o.option for o in rows]),
        "chosen": np.array([o.chosen is not None for o in rows], dtype=np.bool_),
        "date": np.array(dates, dtype="datetime64[D]"),
        "cost": np.round(np.array(cost, dtype=np.float64), 2),
        "serves": texts([served[o.option].stage if o.option in served else "" for o in rows]),
        "saves": np.array([served[o.option].saves if o.option in served else 0.0 for o in rows], dtype=np.float64),
    }


def costs(network: Network, frames: Mapping[str, Frame], before: Programme) -> Frame:
    """Return the terms of the cost, decided ones first; amounts are sums of the rounded rows of the other tables.

    `network` is that of the programme in which the options of the plan are chosen, `before` the one that was planned.
    """
    terms: dict[str, list[tuple[NDArray[np.int64], Floats]]] = _decided(network, frames)
    taken = [
        o
        for o in network.programme[Option].rows()
        if before[Option].row(before[Option].index[o.option,]).chosen is None
    ]
    terms["chosen_options"] = [_payments(option_payments(network.periods, o)) for o in taken]
    starts = network.periods.starts
    people_, skills = frames["people"], len(network.programme[Skill])
    terms["wages"] = [(np.tile(starts, skills), people_["wages"])]
    terms["fixed"] = [_payments(fixed_payments(network.periods, c)) for c in network.programme[Cost].rows()]
    terms["open_orders"] = [_payments(_order_payments(network))]
    terms["options"] = [_payments(option_payments(network.periods, o)) for o in before[Option].rows()]
    terms["tasks"] = [_payments(_task_payments(network, frames["tasks"]))]
    names = list(terms)
    amount = [sum(float(a.sum()) for _, a in terms[n]) for n in names]
    present = [sum(float((a * discount(network, d)).sum()) for d, a in terms[n]) for n in names]
    return {
        "term": texts(names),
        "decided": np.array([n in DECIDED for n in names], dtype=np.bool_),
        "amount": np.round(np.array(amount), 2),
        "present_amount": np.round(np.array(present), 2),
    }


def _decided(network: Network, frames: Mapping[str, Frame]) -> dict[str, list[tuple[NDArray[np.int64], Floats]]]:
    periods = network.periods
    bought, moved, summary = frames["purchases"], frames["moves"], frames["demand_summary"]
    load_, stock_, people_ = frames["load"], frames["stock"], frames["people"]
    last = np.full(len(summary["demand"]), periods.days - 1)
    cash = frames["cash"]
    delivered = frames["deliveries"]
    of_lost = summary["damages"] - _damages_delivered(summary, delivered)
    return {
        "purchases": [(day_numbers(network, bought["receipt"]), bought["cost"])],
        "transport": [
            (day_numbers(network, bought["shipped"]), bought["transport_cost"]),
            (day_numbers(network, moved["release"]), moved["cost"]),
        ],
        "shipments": [shipments_paid(network, frames)],
        "holding": [(_ends(network, stock_["period_start"]), stock_["holding_cost"])],
        "overtime": [(day_numbers(network, load_["period_start"]), load_["overtime_cost"])],
        "hire_wages": [(day_numbers(network, people_["period_start"]), people_["hire_wages"])],
        "training": [(day_numbers(network, people_["period_start"]), people_["training_cost"])],
        "shift_premium": [(day_numbers(network, people_["period_start"]), people_["shift_premium"])],
        "setups": [(day_numbers(network, frames["production"]["end"]), frames["production"]["setup_cost"])],
        "investments": [(day_numbers(network, frames["investments"]["ordered"]), frames["investments"]["cost"])],
        "chosen_options": [],
        "option_wages": [(day_numbers(network, people_["period_start"]), people_["option_wages"])],
        "qualification": [
            (day_numbers(network, frames["qualifications"]["started"]), frames["qualifications"]["cost"])
        ],
        "interest": [(_ends(network, cash["period_start"]), cash["interest"])],
        "damages": [(day_numbers(network, delivered["delivered"]), delivered["damages"]), (last, of_lost)],
        "lost_revenue": [(last, summary["lost_revenue"])],
    }


def _ends(network: Network, starts: NDArray[Any]) -> NDArray[np.int64]:
    """Return the day after each period, by its first day."""
    length = dict(zip(network.periods.starts.tolist(), network.periods.lengths.tolist(), strict=True))
    opens = day_numbers(network, starts)
    return opens + np.array([length[d] for d in opens.tolist()], dtype=np.int64)


def shipments_paid(network: Network, frames: Mapping[str, Frame]) -> tuple[NDArray[np.int64], Floats]:
    """Return the day and cost of each shipment: all that leaves a lane on a day."""
    bought, moved = frames["purchases"], frames["moves"]
    lanes = [*bought["lane"].tolist(), *moved["lane"].tolist()]
    days = [*day_numbers(network, bought["shipped"]).tolist(), *day_numbers(network, moved["release"]).tolist()]
    table = network.programme[Lane]
    price = dict(zip(table.lane, table.shipment_cost.tolist(), strict=True))
    made = sorted({(day, lane) for day, lane in zip(days, lanes, strict=True) if price.get(lane, 0.0) > 0})
    return np.array([d for d, _ in made], dtype=np.int64), np.array([price[n] for _, n in made], dtype=np.float64)


def _damages_delivered(summary: Frame, delivered: Frame) -> Floats:
    total: dict[str, float] = {}
    for name, amount in zip(delivered["demand"], delivered["damages"], strict=True):
        total[name] = total.get(name, 0.0) + float(amount)
    return np.array([total.get(d, 0.0) for d in summary["demand"]], dtype=np.float64)


def _payments(found: Payments) -> tuple[NDArray[np.int64], Floats]:
    return np.array([d for d, _ in found], dtype=np.int64), np.array([a for _, a in found], dtype=np.float64)


def _order_payments(network: Network) -> Payments:
    orders, offers = network.programme[OpenOrder], network.programme[Offer]
    prices = dict(zip(offers.offer, offers.unit_price, strict=True))
    found = []
    for order in orders.rows():
        assert order.promised is not None
        price = order.unit_price if order.unit_price is not None else float(prices.get(order.offer, 0.0))
        day = max(network.periods.day(order.promised), 0)
        if day < network.periods.days:
            found.append((day, order.quantity_units * price - order.paid_amount))
    return found


def _task_payments(network: Network, tasks: Frame) -> Payments:
    """Return what tasks cost on the days they end within the plan, each time; nothing for those that were done before."""
    table = network.programme[Task]
    cost = dict(zip(table.task, table.cost_amount.tolist(), strict=True))
    done = finished_tasks(network.programme)
    ends = day_numbers(network, tasks["end"]).tolist()
    return [
        (end, cost[task])
        for task, time, end in zip(tasks["task"], tasks["occurrence"].tolist(), ends, strict=True)
        if cost[task] and end < network.periods.days and not (time == 1 and task in done)
    ]


def day_numbers(network: Network, dates: NDArray[Any]) -> NDArray[np.int64]:
    """Return dates as days from the plan's start."""
    start: date = network.periods.start
    return (dates.astype("datetime64[D]") - np.datetime64(start, "D")).astype(np.int64)
