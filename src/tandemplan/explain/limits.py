"""What may be let go to see why a demand is late: limits, lead times, orders that come before; as groups of entries of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.demands import CERTAINTIES
from tandemplan.plan.commitments import LIMITS, SOONER, commitments_of
from tandemplan.plan.model import PlanModel
from tandemplan.solver.elastic import Soft
from tandemplan.solver.held import held
from tandemplan.solver.lp import Lp

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
GIVEN = ("payments", "opening stock", "open orders")  # less of them brings nobody goods
LEAD, BEFORE, BESIDE, WAY, TASK = "lead time", "before", "beside", "way", "task"
ITSELF, OTHERS, NOTHING_ELSE = 0, 1, 2  # ranks in which limits are thought of
DEAR = 20.0  # what a breach of a lead time costs beside one of a limit: a limit is thought of first


@dataclass(frozen=True)
class Limit:
    """What may be let go: its kind (a constraint family, or one of those above) and whose it is, with the unit of its breaches.

    `rank` says when it is thought of: first what limits the plan by itself, then who comes before, and last that goods need
    time to come at all.
    """

    family: str
    name: str
    unit: str
    rank: int = ITSELF


@dataclass(frozen=True, eq=False)
class Late:
    """A demand that is late in a plan: its number, its unit-days late, and the value that each class and certainty has, or the cost."""

    demand: int
    late: float
    values: dict[str, float]


@dataclass(frozen=True, eq=False)
class Loose:
    """A model whose limits may be let go: `limits`, and of each entry of `soft` its period, and the price of a unit of breach.

    `amount[k]` units of the limit are what one unit of breach of entry k gives.
    """

    lp: Lp
    limits: tuple[Limit, ...]
    soft: Soft
    period: Ints
    price: Floats
    amount: Floats


@dataclass(frozen=True, eq=False)
class _Part:
    """The entries of one limit; `size` units of breach weigh as much as 1 of another's size."""

    limit: Limit
    row: Ints
    rate: Floats
    period: Ints
    size: float


def loose_of(model: PlanModel, lp: Lp, of: Late) -> Loose:
    """Return the model of a plan in which what makes a demand late may be let go; `lp` is that of the model, no column whole.

    Classes before the demand's own are held at their values in the plan, and so are the other demands of its class and certainty, all
    together: where the plan is best for them the demand is as late as there unless something gives way.
    """
    limits, costs, sides = [], [], []
    for stage in model.stages:
        mine = stage.name == own_stage(model, of.demand)
        if stage.demand_class is None and stage.name != "cost":
            continue
        weight = float(model.network.demands.weight[of.demand]) if mine else 0.0
        unit = "money" if stage.demand_class is None else "weighted unit-days"
        limits.append(Limit(BESIDE if mine else BEFORE, stage.name, unit, OTHERS))
        costs.append(stage.cost - weight * lateness_of(model, of.demand))
        sides.append(max(of.values[stage.name] - weight * of.late, 0.0))
        if mine or stage.demand_class is None:
            break
    firm = held(lp, costs, sides)
    rows = firm.rows["held"].index
    parts = [*_commitments(model), *_lead_times(model), *_way(model, of.demand)]
    nowhere = np.array([-1])
    for k, limit in enumerate(limits):
        size = max(float(firm.row_upper[rows[k]]), 1.0)
        parts.append(_Part(limit, rows[[k]], np.array([-1.0]), nowhere, size))
    return _loose(firm, parts)


def all_loose(model: PlanModel, lp: Lp, values: Mapping[str, float]) -> Loose:
    """Return the model of a plan in which its limits may be let go; every class and certainty is held at its value, so that nobody pays for another."""
    classes = [s for s in model.stages if s.demand_class is not None]
    firm = held(lp, [s.cost for s in classes], [values[s.name] for s in classes])
    return _loose(firm, [*_commitments(model), *_lead_times(model)])


def own_stage(model: PlanModel, demand: int) -> str:
    """Return the name of the objective that a demand belongs to."""
    demands = model.network.demands
    return f"class {demands.demand_class[demand]} {CERTAINTIES[demands.certainty[demand]]}"


def lateness_of(model: PlanModel, demand: int) -> Floats:
    """Return how late a demand is as costs of columns: days late of each unit delivered, or lost."""
    network, x = model.network, model.variables
    cost = np.zeros(len(model.lp.lower))
    mine = network.delivering.demand == demand
    cost[x.deliver[mine]] = network.delivering.late[mine]
    cost[x.lost[demand]] = network.demands.late_if_lost[demand]
    return cost


def _loose(lp: Lp, parts: list[_Part]) -> Loose:
    lengths = [len(p.row) for p in parts]
    of = np.repeat(np.arange(len(parts)), lengths)
    row, rate, period = (np.concatenate([getattr(p, n) for p in parts]) for n in ("row", "rate", "period"))
    size = np.array([p.size for p in parts], dtype=np.float64)
    dear = np.array([DEAR if p.limit.family in (LEAD, WAY) else 1.0 for p in parts])
    price = (dear / size)[of] * (1 + SOONER * (period.max(initial=0) - period))
    most = np.full(len(row), np.inf)
    soft = Soft(row, of, rate, most, price, size, np.zeros(len(parts), dtype=bool))
    return Loose(lp, tuple(p.limit for p in parts), soft, period, price, np.abs(rate))


def _commitments(model: PlanModel) -> Iterator[_Part]:
    """Yield the limits of the model that may give way, each in all its periods."""
    for c in commitments_of(model):
        if c.family not in GIVEN:
            rate = np.sign(c.rate)
            size = max(float(np.abs(c.side * c.rate).max(initial=0.0)), 1e-9)
            yield _Part(Limit(c.family, c.who, c.unit), c.row, rate, c.period, size if size > 1e-6 else 1.0)


def _lead_times(model: PlanModel) -> Iterator[_Part]:
    """Yield for each place of a bought item the periods in which nothing can bring it yet, or any more; last places that nobody supplies at all."""
    network, block = model.network, model.lp.rows["balance"]
    brought = np.concatenate([network.way_node, network.route_node, network.move_to])
    supplied = np.isin(np.arange(len(network.item)), brought)
    open_ = np.zeros(network.day.shape, dtype=np.int64)
    if len(model.variables.buy):
        np.add.at(open_, network.way_node, (model.variables.buy >= 0).astype(np.int64))
    rows, names = block.index.reshape(network.day.shape), network.node_names
    for node in np.union1d(np.unique(network.way_node), np.flatnonzero(~supplied)).tolist():
        period = np.flatnonzero(open_[node] == 0)
        limit = Limit(LEAD, names[node], "units", ITSELF if supplied[node] else NOTHING_ELSE)
        if len(period):
            yield _Part(limit, rows[node, period], np.full(len(period), -1.0), period, 1.0)


def _way(model: PlanModel, demand: int) -> Iterator[_Part]:
    """Yield the place where a demand is delivered: goods that lie there need no time to come."""
    network, block = model.network, model.lp.rows["balance"]
    node, periods = int(network.demand_node[demand]), np.arange(len(network.periods))
    rows = block.index.reshape(network.day.shape)[node]
    yield _Part(
        Limit(WAY, network.node_names[node], "units", NOTHING_ELSE), rows, np.full(len(rows), -1.0), periods, 1.0
    )


def told(limit: Limit) -> str:
    """Return a limit of a constraint family in words; blank for one of another kind.

    >>> told(Limit("offers", "kits", "units")), told(Limit(WAY, "bike", "units"))
    ('what offer kits can send', '')
    """
    words = LIMITS.get(limit.family)
    if words is None:
        return ""
    owner, _, part = limit.name.partition("|")
    return words.said.format(who=limit.name, owner=owner, part=part)
