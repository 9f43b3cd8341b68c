"""The plan that is explained as a model again: the network of its programme, its columns, and the values of its objectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task
from tandemplan.network.network import Network, network_of
from tandemplan.plan import again
from tandemplan.plan.limits import feeds
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.neighbourhood import KEPT, SMALL, Search
from tandemplan.plan.ramp import assumed
from tandemplan.problems import SolverStoppedError
from tandemplan.results.fitting import missing
from tandemplan.results.shape import DELIVERIES, DEMAND_SUMMARY, LIMITS
from tandemplan.results.store import Run
from tandemplan.solver.held import relaxed, standing
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Work

Bools = NDArray[np.bool_]
PATIENCE = 600.0  # seconds in which the columns of a plan are found again from its tables
LOST_DUST = 1e-5  # units: less than this is no loss
MOST_DONE = 3  # models with tasks done that are held: they are large
DAYS = 84  # after its due day, and its last delivery, up to which a large plan may be another one for a demand
ACCOUNTS = (
    "cash", "paid", "opened", "left", "drawn", "repaid", "spent", "claim", "inside", "remains", "bought", "value added",
)  # fmt: skip  # what comes of decisions: goods are paid later, and counted at evidence dates and at the end


@dataclass(frozen=True, eq=False)
class Base:
    """A plan and its model; `values` are what its classes and certainties, and its cost, come to.

    `known` holds the columns of the plan where decisions in whole numbers, or hours that are learnt, must stay as they are (None: there are none).
    `done` are the last models that were asked for with tasks done: questions about several demands share them. `tried` are
    plans of changed programmes, by the changes and what may move, with the tables of demands alone.
    """

    programme: Programme
    run: Run
    model: PlanModel
    values: dict[str, float]
    known: again.Base | None = None
    done: dict[tuple[str, ...], PlanModel] = field(default_factory=dict)
    tried: dict[tuple[object, ...], Run] = field(default_factory=dict)

    @property
    def large(self) -> bool:
        """Return whether questions about the whole plan take too long: others stay as planned then."""
        return len(self.model.lp.row_lower) > SMALL

    def relaxed(self, model: PlanModel, demand: int | None = None) -> Lp:
        """Return a model of the plan, or one like it, as a linear one: stations, options and shifts stay.

        In a large plan with a `demand` named all goods stay that do not feed it, and all that is done after some time; what tables round away is forgiven.
        """
        if self.known is not None and self.large and demand is not None:
            return again.eased(self.near(model, demand), again.carried(self.known, model))
        lp = relaxed(model.lp)
        return lp if self.known is None else standing(lp, again.carried(self.known, model), _kept(lp))

    def near(self, model: PlanModel, demand: int) -> Lp:
        """Return a model of a large plan, or one like it, in which all stays that is not done for a demand, or some time after it."""
        assert self.known is not None
        lp = relaxed(model.lp)
        return standing(lp, again.carried(self.known, model), _kept(lp) | self._outside(model, demand))

    def around(self, demand: str) -> tuple[str, int]:
        """Return what may move for a demand of a large plan: what feeds its item wherever that is delivered, up to a day; the same for demands near by, which share answers."""
        network = self.model.network
        row = network.demands.names.tolist().index(demand)
        day = int(network.demands.due[row]) + days_late(self, demand) + DAYS
        return str(network.item[network.demand_node[row]]), day

    def _outside(self, model: PlanModel, demand: int) -> Bools:
        """Return the columns of goods that do not feed the item of a demand, and of all that is done some time after it, accounts apart."""
        network, x, lp = model.network, model.variables, model.lp
        item, day = self.around(str(network.demands.names[demand]))
        late = network.periods.starts > day
        delivered = np.unique(network.demand_node[network.item[network.demand_node] == item])
        reach: Bools = np.asarray(feeds(network)[:, delivered].any(axis=1), dtype=bool).reshape(-1)
        stays = np.zeros(len(lp.lower), dtype=bool)
        for block in (b for name, b in lp.columns.items() if name not in ACCOUNTS):
            stays[block.index] = (block.period >= 0) & late[block.period]
        for grid, node in ((x.buy, network.way_node), (x.make, network.route_node), (x.move, network.move_to)):
            stays[grid[(grid >= 0) & ~reach[node][:, None]]] = True
        stays[x.stock[~reach]] = True
        ways = network.delivering
        stays[x.deliver[late[ways.period] | ~reach[network.demand_node[ways.demand]]]] = True
        return stays


def _kept(lp: Lp) -> Bools:
    """Return the columns of stations, options and shifts."""
    stays = np.zeros(len(lp.lower), dtype=bool)
    for name in (n for n in KEPT if n in lp.columns):
        stays[lp.columns[name].index] = True
    return stays


def base_of(programme: Programme, run: Run) -> Base:
    """Return the plan of a run as a model; raises SolverStoppedError where its tables are no plan."""
    lost = missing(run, programme)
    if lost:
        raise SolverStoppedError(f"its programme was changed after the plan, and has no {lost}")
    programme = replace(programme, tables={n: t.sorted() for n, t in programme.tables.items()})
    model = model_of(network_of(programme))
    if not model.lp.whole.any() and not model.network.making.taught.names and len(model.lp.row_lower) <= SMALL:
        return Base(programme, run, model, _values(model, run))
    try:
        known = again.base_of(run, programme, Search(Work(PATIENCE)))
    except again.NoBaseError as error:
        raise SolverStoppedError(str(error)) from error
    return Base(programme, run, known.model, _values(known.model, run), known)


def without_tasks(base: Base, tasks: Sequence[str], days: int | None = None) -> PlanModel:
    """Return the model of the plan as if some tasks had been done at its start, or so many days sooner than they are."""
    key = (*sorted(tasks), str(days))
    if key not in base.done:
        if len(base.done) >= MOST_DONE:
            base.done.pop(next(iter(base.done)))
        base.done[key] = _done(base, tasks, days)
    return base.done[key]


def _done(base: Base, tasks: Sequence[str], days: int | None) -> PlanModel:
    table, network = base.programme[Task], base.model.network
    finished = table.finished.copy()
    for task in tasks:
        day = 0 if days is None else max(network.dates[task].end - days, 0)
        finished[table.index[(task,)]] = network.periods.dates(np.array([day]))[0]
    network = network_of(base.programme.replace(table.with_column("finished", finished)), network.phases)
    return model_of(network) if base.known is None else model_of(_learnt(network, base.known), demanded=False)


def days_late(base: Base, demand: str) -> int:
    """Return by how many days a demand is late at most; of what is never delivered, until the item is first delivered to anybody after its due day."""
    summary, frame, network = base.run[DEMAND_SUMMARY], base.run[DELIVERIES], base.model.network
    row = int(np.flatnonzero(summary["demand"] == demand)[0])
    days = int(frame["late_days"][frame["demand"] == demand].max(initial=0))
    if summary["lost"][row] > LOST_DUST:
        due = summary["due"][row]
        later = frame["delivered"][(frame["item"] == summary["item"][row]) & (frame["delivered"] > due)]
        first = later.min() if len(later) else network.periods.dates(network.periods.starts)[-1]
        days = max(days, int((first - due) / np.timedelta64(1, "D")))
    return days


def gates(base: Base, demand: str) -> list[str]:
    """Return the tasks that have a worth in the plan and end while a demand waits: after it is due, and before it is delivered, or can be."""
    network = base.model.network
    due = int(network.demands.due[network.demands.names.tolist().index(demand)])
    named = {r["name"] for r in base.run.rows(LIMITS) if r["what"] == "task"}
    until = due + days_late(base, demand)
    return sorted(t for t in named if t in network.dates and due < network.dates[t].end <= until)


def _learnt(network: Network, known: again.Base) -> Network:
    """Return a network whose operations know what they do in the plan."""
    return assumed(network, known.made)


def _values(model: PlanModel, run: Run) -> dict[str, float]:
    frame, demands = run[DEMAND_SUMMARY], model.network.demands
    weight = dict(zip(demands.names.tolist(), demands.weight.tolist(), strict=True))
    found: dict[str, float] = {}
    columns = (frame[n].tolist() for n in ("demand", "demand_class", "certainty", "late_unit_days"))
    for demand, rank, sure, late in zip(*columns, strict=True):
        name = f"class {rank} {sure}"
        found[name] = found.get(name, 0.0) + weight[demand] * late
    stages = (run.info.get("objective") or {}).get("stages", [])
    return {**found, **{s["stage"]: float(s["value"]) for s in stages if s["stage"] == "cost"}}
