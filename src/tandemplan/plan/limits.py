"""What holds the plan back: prices of limits, by stage, and the late demands that depend on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.network.allocations import allocations_of
from tandemplan.network.money import money_of
from tandemplan.network.network import Network
from tandemplan.network.places import site_names
from tandemplan.network.sourcing import KINDS as SOURCING
from tandemplan.plan.allocations import ALLOCATION
from tandemplan.plan.cash import payer_of
from tandemplan.plan.hours import handled, resource_rows
from tandemplan.plan.investments import family_of
from tandemplan.plan.licences import capped_terms
from tandemplan.plan.model import PlanModel
from tandemplan.plan.origin import SHARE, share_items
from tandemplan.plan.rolling import rolling_limits
from tandemplan.plan.sourcing import limited_items
from tandemplan.plan.task_limits import task_limits
from tandemplan.plan.work_share import SHARE as WORK_SHARE
from tandemplan.results.store import Frame
from tandemplan.solver.stages import StageAnswer

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
PEOPLE = ("hiring pace", "most people", "trainers")
MONEY = ("cash", "least cash")
FAMILIES = (
    "hours", "rolling hours", "offers", "lanes", "storage", "hazard storage", "licence caps", "order caps", ALLOCATION, SHARE, WORK_SHARE, *SOURCING, *PEOPLE, *MONEY,
)  # fmt: skip
WHAT = {
    "offers": "supplier",
    "lanes": "lane",
    "storage": "storage",
    "hazard storage": "storage",
    "licence caps": "licence",
    "order caps": "licence",
    ALLOCATION: "allocation",
    "balance": "material",
    "task": "task",
    SHARE: "origin",
    WORK_SHARE: "work-share",
    **dict.fromkeys(SOURCING, "sourcing"),
    **dict.fromkeys(PEOPLE, "people"),
    **dict.fromkeys(MONEY, "money"),
    "bought stations": "capacity",
    "bought sets": "capacity",
}
SMALLEST_SHARE = 1e-6  # of the largest worth in a stage: what is smaller is the solver's dust


@dataclass(frozen=True)
class _Limit:
    family: str
    name: str
    period: int
    stage: int
    worth: float
    unit: str
    entity: int


def limits(model: PlanModel, answers: Sequence[StageAnswer], summary: Frame, x: Floats) -> Frame:
    """Return the limits that have a price in a class or in cost, by stage, then worth; `x` is the plan."""
    found = [limit for k, a in enumerate(answers) if priced(a) for limit in _of_stage(model, k, a, x)]
    found.sort(key=lambda f: (f.stage, -round(f.worth, 9), f.family, f.name, f.period))
    network = model.network
    hurt = _Hurt(network, summary)
    starts = network.periods.dates(network.periods.starts)
    return {
        "what": texts([_what(network, f) for f in found]),
        "family": texts([f.family for f in found]),
        "name": texts([f.name for f in found]),
        "period_start": np.array([starts[f.period] for f in found], dtype="datetime64[D]"),
        "stage": texts([model.stages[f.stage].name for f in found]),
        "worth": np.array([f.worth for f in found], dtype=np.float64),
        "unit": texts([f.unit for f in found]),
        "demands_hurt": np.array(
            [hurt.count(f.family, f.entity, f.period, model.stages[f.stage].demand_class) for f in found],
            dtype=np.int64,
        ),
    }


def priced(answer: StageAnswer) -> bool:
    """Return whether a stage was solved to its end, and its plan has prices: time may run out before a whole plan has them."""
    return answer.finished and len(answer.row_duals) > 0


def worth_of_hours(model: PlanModel, answers: Sequence[StageAnswer]) -> Floats:
    """Return what one more hour of each resource takes off the first class that it helps (resources x periods)."""
    worth = np.zeros(model.network.hours.present.shape)
    block = model.lp.rows["hours"]
    for stage, answer in zip(model.stages, answers, strict=False):
        if stage.demand_class is None or not priced(answer):
            continue
        price = np.clip(-answer.row_duals[block.index], 0.0, None)
        grid = np.zeros_like(worth)
        grid[block.entity, block.period] = np.where(
            price > SMALLEST_SHARE * max(price.max(initial=0.0), 1e-12), price, 0
        )
        worth = np.where(worth > 0, worth, grid)
    return worth


def _what(network: Network, limit: _Limit) -> str:
    if limit.family in ("hours", "rolling hours"):
        return (
            "people" if network.hours.kinds[_resource(network, limit.family, limit.entity)] == "skill" else "capacity"
        )
    return WHAT[limit.family]


def _resource(network: Network, family: str, entity: int) -> int:
    """Return the row in `network.hours` of a limit on hours, people, stations or sets."""
    if family in PEOPLE:
        return int(network.hiring.resource[entity])
    return rolling_limits(network)[entity].resource if family == "rolling hours" else entity


def _of_stage(model: PlanModel, k: int, answer: StageAnswer, x: Floats) -> list[_Limit]:
    if model.stages[k].demand_class is None and model.stages[k].name != "cost":
        return []
    found = []
    for family in FAMILIES:
        block = model.lp.rows.get(family)
        if block is None:
            continue
        price = answer.row_duals[block.index] * (1.0 if family == ALLOCATION else -1.0)  # of one unit less
        for i in np.flatnonzero(price > 1e-9):
            entity = int(block.entity[i])
            found.append(
                _Limit(family, block.who[entity], int(block.period[i]), k, float(price[i]), block.unit, entity)
            )
    found += [*_of_material(model, k, answer), *_of_most(model, k, answer, x)]
    if model.stages[k].demand_class is not None:
        found += [
            _Limit("task", t.task, t.period, k, t.worth, "units", t.node)
            for t in task_limits(model, answer, model.stages[k].cost)
        ]
    most = max((f.worth for f in found), default=0.0)
    return [f for f in found if f.worth > SMALLEST_SHARE * most]


def _of_material(model: PlanModel, k: int, answer: StageAnswer) -> list[_Limit]:
    """Return bought items that nothing can bring in a period: every way to the node is still closed then."""
    network, block = model.network, model.lp.rows["balance"]
    if model.stages[k].demand_class is None or not len(model.variables.buy):
        return []
    bought = np.zeros(network.day.shape, dtype=bool)
    bought[network.way_node] = True
    reached = np.zeros(network.day.shape, dtype=np.int64)
    np.add.at(reached, network.way_node, (model.variables.buy >= 0).astype(np.int64))
    price = -answer.row_duals[block.index]
    short = np.flatnonzero(
        (price > 1e-9) & bought[block.entity, block.period] & (reached[block.entity, block.period] == 0)
    )
    return [
        _Limit("balance", block.who[e], int(block.period[i]), k, float(price[i]), "units", e)
        for i in short
        for e in [int(block.entity[i])]
    ]


def _of_most(model: PlanModel, k: int, answer: StageAnswer, x: Floats) -> list[_Limit]:
    """Return resources of which all that there is place for is bought, and one more would help; in the first period of use."""
    network, columns, found = model.network, model.variables.owned, []
    for e, resource in enumerate(network.investing.resource.tolist()):
        there = np.flatnonzero(columns[e] >= 0)
        mine = columns[e, there]
        price = np.where(x[mine] >= network.investing.most[e] - 1e-6, np.maximum(-answer.column_duals[mine], 0.0), 0.0)
        if price.sum() > 1e-9:
            first = int(there[np.argmax(price > 1e-9)])
            name, (_, family, unit) = network.hours.names[resource], family_of(network.hours.kinds[resource])
            found.append(_Limit(family, name, first, k, float(price.sum()), unit, resource))
    return found


class _Hurt:
    """Counts late or lost demands that depend on a limit."""

    def __init__(self, network: Network, summary: Frame) -> None:
        self.network = network
        rows = {d: k for k, d in enumerate(network.demands.names)}
        missed = (summary["late"] > 0) | (summary["lost"] > 0)
        self.rows = np.array([rows[d] for d in summary["demand"][missed]], dtype=np.int64)
        self.feeds = feeds(network)
        self.known: dict[tuple[str, int, int], NDArray[np.int64]] = {}

    def count(self, what: str, entity: int, period: int, demand_class: int | None) -> int:
        if demand_class is None:  # what costs money delays nobody: the classes are settled before
            return 0
        key = (what, entity, demand_class)
        if key not in self.known:
            demands, node = self.network.demands, self.network.demand_node
            reach = np.any(self.feeds[_nodes_of(self.network, what, entity)], axis=0)
            rows = self.rows[reach[node[self.rows]]]
            rows = rows[demands.demand_class[rows] == demand_class]
            self.known[key] = np.sort(demands.due[rows])
        due = self.known[key]
        return int(len(due) - np.searchsorted(due, self.network.periods.starts[period]))


def feeds(network: Network) -> Bools:
    """Return which node can feed which: entry [i, j] is True when goods at i can end up at j."""
    count = len(network.item)
    reach = np.eye(count, dtype=bool)
    before = np.concatenate([network.use_node, network.move_from])
    after = np.concatenate([network.route_node[network.making.use_route], network.move_to])
    while True:
        more = reach.copy()
        np.logical_or.at(more, before, reach[after])
        if np.array_equal(more, reach):
            return reach
        reach = more


def _nodes_of(network: Network, what: str, entity: int) -> NDArray[np.int64]:
    """Return the nodes that a limit works on."""
    if what in ("balance", "task"):
        return np.array([entity])
    if what in ("hours", "rolling hours", "bought stations", "bought sets", *PEOPLE):
        row, entity = resource_rows(network), _resource(network, what, entity)
        making = network.making
        routes = [making.hour_route[k] for k, r in enumerate(making.hour_resource) if row.get(r) == entity]
        worked = [n for h in (network.receipt, network.delivery) for n, k, _ in handled(network, h) if k == entity]
        return np.concatenate([network.route_node[np.array(routes, dtype=np.int64)], np.array(worked, dtype=np.int64)])
    if what == SHARE:
        return np.flatnonzero(network.item == share_items(network)[entity])
    if what == WORK_SHARE:
        return np.arange(len(network.item))
    if what in SOURCING:
        return np.flatnonzero(np.isin(network.item.astype(str), limited_items(network, what)[entity]))
    if what == "offers":
        return network.way_node[[k for k, w in enumerate(network.places.ways) if w.offer == entity]]
    if what == "lanes":
        bought = network.way_node[[k for k, w in enumerate(network.places.ways) if w.lane == entity]]
        return np.concatenate(
            [bought, network.move_to[[k for k, m in enumerate(network.places.moves) if m[0] == entity]]]
        )
    if what == ALLOCATION:
        return np.unique(network.demand_node[allocations_of(network)[entity].every])
    if what in ("licence caps", "order caps"):
        nodes = np.concatenate([network.way_node, network.move_to])
        if what == "order caps":
            return nodes[[entity]]
        covers = np.concatenate([network.permits.buying, network.permits.moving], axis=1)
        return np.unique(nodes[covers[capped_terms(network).licence[entity]]])
    if what in MONEY:
        money = money_of(network)
        mine = network.demand_node[payer_of(network, money) == entity]
        return np.arange(len(network.item)) if entity == money.company else np.unique(mine)
    return np.flatnonzero(network.site == site_names(network.programme)[entity])
