"""Tasks that hold the plan back: what a unit made or delivered before a task is done would be worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Contract, Demand, Site
from tandemplan.network.network import Network
from tandemplan.network.waits import opening_tasks, route_tasks
from tandemplan.plan.hours import resource_rows
from tandemplan.plan.model import PlanModel
from tandemplan.solver.stages import StageAnswer

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TaskLimit:
    """What one unit before the end of `task` would be worth at most in `period`; `node` is where."""

    task: str
    period: int
    node: int
    worth: float


def task_limits(model: PlanModel, answer: StageAnswer, stage_cost: Floats) -> list[TaskLimit]:
    """Return tasks with a worth: the most that any closed start or delivery would take off an objective, by period.

    The worth of a closed column is its reduced cost at the prices of the plan, with the sign turned.
    """
    network = model.network
    price = answer.row_duals
    balance = np.zeros(network.day.shape)
    block = model.lp.rows["balance"]
    balance[block.entity, block.period] = price[block.index]
    found = [*_starts(model, balance, price), *_deliveries(model, balance, price, stage_cost)]
    best: dict[tuple[str, int], TaskLimit] = {}
    for limit in found:
        key = (limit.task, limit.period)
        if key not in best or limit.worth > best[key].worth:
            best[key] = limit
    return list(best.values())


def _starts(model: PlanModel, balance: Floats, price: Floats) -> list[TaskLimit]:
    network, making = model.network, model.network.making
    hours = np.zeros(network.hours.present.shape)
    block = model.lp.rows["hours"]
    hours[block.entity, block.period] = price[block.index]
    at = resource_rows(network)
    reduced = making.good * balance[network.route_node]
    np.add.at(reduced, making.use_route, -making.use_quantity * balance[network.use_node])
    for k, resource in enumerate(making.hour_resource):
        if resource in at:
            reduced[making.hour_route[k]] -= making.hour_hours[k] * hours[at[resource]]
    found = []
    for r, tasks in enumerate(route_tasks(network.programme, network.places.routes)):
        task = _last(network, tasks)
        if task is None:
            continue
        node = int(network.route_node[r])
        before = (network.day[node] < network.dates[task].end) & ~making.open[r]
        for period in np.flatnonzero(before & (reduced[r] < -1e-9)).tolist():
            found.append(TaskLimit(task, period, node, float(-reduced[r, period])))
    return found


def _deliveries(model: PlanModel, balance: Floats, price: Floats, cost: Floats) -> list[TaskLimit]:
    network, demands = model.network, model.network.demands
    block = model.lp.rows["demand"]
    worth_of_service = np.zeros(len(demands.quantity))
    worth_of_service[block.entity] = price[block.index]
    late_cost = {}
    for column, d, late in zip(
        model.variables.deliver, network.delivering.demand, network.delivering.late, strict=True
    ):
        if late > 0 and d not in late_cost:
            late_cost[int(d)] = cost[column] / late
    found = []
    tasks = _demand_tasks(network)
    for d in np.flatnonzero(demands.quantity > 0).tolist():
        task = _last(network, tasks[d])
        if task is None or network.dates[task].end <= demands.due[d]:
            continue
        node = int(network.demand_node[d])
        days = network.day[node]
        for period in np.flatnonzero((days < network.dates[task].end) & (days >= demands.due[d] - 6)).tolist():
            late = max(int(days[period] - demands.due[d]), 0)
            reduced = late_cost.get(d, 0.0) * late - balance[node, period] - worth_of_service[d]
            if reduced < -1e-9 and days[period] <= demands.latest[d]:
                found.append(TaskLimit(task, period, node, float(-reduced)))
    return found


def _last(network: Network, tasks: Iterable[str]) -> str | None:
    """Return the task that ends last, if that is within the plan."""
    named = sorted(tasks, key=lambda t: (network.dates[t].end, t))
    return named[-1] if named and network.dates[named[-1]].end > 0 else None


def _demand_tasks(network: Network) -> list[set[str]]:
    programme = network.programme
    table = programme[Demand]
    return [
        {
            *table.opens_after[d],
            *opening_tasks(programme, Contract, table.contract[d]),
            *opening_tasks(programme, Site, table.site[d]),
        }
        for d in range(len(table))
    ]
