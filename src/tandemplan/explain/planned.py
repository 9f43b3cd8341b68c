"""The plan that is explained as a model again: the network of its programme, and the values of its objectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task
from tandemplan.network.network import network_of
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.results.shape import DEMAND_SUMMARY
from tandemplan.results.store import Run
from tandemplan.solver.held import relaxed
from tandemplan.solver.loosened import LARGE
from tandemplan.solver.lp import Lp


@dataclass(frozen=True, eq=False)
class Base:
    """A plan and its model; `values` are what its classes and certainties, and its cost, come to."""

    programme: Programme
    run: Run
    model: PlanModel
    values: dict[str, float]

    @property
    def large(self) -> bool:
        """Return whether a question about the plan takes long."""
        return len(self.model.lp.row_lower) > LARGE

    def relaxed(self, model: PlanModel) -> Lp:
        """Return a model of the plan, or one like it, as a linear one."""
        return relaxed(model.lp)


def base_of(programme: Programme, run: Run) -> Base:
    """Return the plan of a run as a model."""
    programme = replace(programme, tables={n: t.sorted() for n, t in programme.tables.items()})
    model = model_of(network_of(programme))
    return Base(programme, run, model, _values(model, run))


def without_tasks(base: Base, tasks: Sequence[str]) -> PlanModel:
    """Return the model of the plan as if some tasks had been done at its start."""
    table = base.programme[Task]
    finished = table.finished.copy()
    finished[[table.index[(t,)] for t in tasks]] = np.datetime64(base.programme.settings.start, "D")
    return model_of(network_of(base.programme.replace(table.with_column("finished", finished))))


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
