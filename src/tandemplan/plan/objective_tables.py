"""What `run.json` says of each objective: values as the tables give them, bounds and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tandemplan.network.sharing import groups_of
from tandemplan.plan import flows as goods
from tandemplan.plan import service_tables as service
from tandemplan.plan.model import PlanModel
from tandemplan.plan.objective import Stage
from tandemplan.plan.sharing import SCALE
from tandemplan.plan.sharing_tables import Shared, shared_values
from tandemplan.results.store import Frame
from tandemplan.solver.stages import Outcome, StageAnswer

NEAR = 1e-6  # by which a value may be above its bound that is the same


def objectives_said(model: PlanModel, outcome: Outcome, frames: Mapping[str, Frame]) -> list[dict[str, Any]]:
    """Return what is said of the classes, of fair sharing, of stock and cost, in this order."""
    answers = {s.name: a for s, a in zip(model.stages, outcome.stages, strict=True)}
    shared = shared_values(model.network, groups_of(model.network), frames["demand_summary"])
    said = list(_plain(model, answers, frames, {s.name for s in shared}))
    fair = [_fair(s, answers.get(s.name)) for s in shared]
    return [*said[: model.classes], *fair, *said[model.classes :]]


def _plain(
    model: PlanModel, answers: Mapping[str, StageAnswer], frames: Mapping[str, Frame], shared: set[str]
) -> Iterator[dict[str, Any]]:
    found = service.values_by_stage(model.network, frames["demand_summary"])
    costs = frames["costs"]
    for stage in (s for s in model.stages if s.name not in shared):
        answer = answers[stage.name]
        value = answer.value
        if stage.demand_class is not None and stage.certainty is not None:
            value = found[stage.demand_class, stage.certainty][0]
        elif stage.name == "stock":
            value = goods.targets_value(model.network, frames["stock_targets"])
        elif stage.name == "cost":
            value = float(costs["present_amount"][costs["decided"]].sum())
        yield _said(stage, value, answer.bound, finished=answer.finished, iterations=answer.iterations)


def _fair(shared: Shared, answer: StageAnswer | None) -> dict[str, Any]:
    """Return what is said of an objective of sharing: where it was not sought, no plan can be below what nobody late comes to."""
    bound = shared.floor if answer is None else max(answer.bound, shared.floor)
    finished = shared.value - bound <= NEAR if answer is None else answer.finished
    stage = Stage(shared.name, np.zeros(0), SCALE)
    return _said(stage, shared.value, bound, finished=finished, iterations=0 if answer is None else answer.iterations)


def _said(stage: Stage, value: float, bound: float, *, finished: bool, iterations: int) -> dict[str, Any]:
    bound = min(bound, value)
    return {
        "stage": stage.name, "demand_class": stage.demand_class, "certainty": stage.certainty,
        "value": round(value, 6), "bound": round(bound, 6), "gap": round(service.gap_of(value, bound, stage.scale), 9),
        "finished": finished, "iterations": iterations,
    }  # fmt: skip
