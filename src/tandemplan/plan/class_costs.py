"""What each class costs the next: how a class would be served if those before it asked for nothing. Table `class_costs`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.plan.allocations import ALLOCATION
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.results.store import Frame
from tandemplan.solver.held import relaxed
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Outcome

Floats = NDArray[np.float64]
Seek = Callable[[Lp, list[tuple[str, Floats]]], Outcome]
MOST_ROWS = 20_000  # of a model, up to which it is solved again for each class that is late
SERVED = 1e-4  # weighted unit-days: a class with less is served in full


def values_alone(model: PlanModel, outcome: Outcome, seek: Seek) -> dict[int, float]:
    """Return the value that each class would have if the classes before it asked for nothing, as far as it is reckoned.

    No column is whole there, and operations know what they do in the plan. Classes served in full are not sought, nor any of a
    larger model, or where time ended the work. `docs/semantics.md`, What classes cost.
    """
    if outcome.x is None or outcome.reason or len(model.lp.row_lower) > MOST_ROWS:
        return {}
    plain = model_of(model.network, demanded=False) if "experience" in model.lp.rows else model
    found: dict[int, float] = {}
    stages = list(zip(model.stages[: model.classes], outcome.stages, strict=False))
    classes = sorted({s.demand_class for s, _ in stages if s.demand_class is not None})
    for rank in classes[1:]:
        if sum(a.value for s, a in stages if s.demand_class == rank) > SERVED:
            goals = [(s.name, s.cost) for s in plain.stages if s.demand_class == rank]
            answer = seek(_without_earlier(plain, rank), goals)
            if answer.x is not None and not answer.reason:
                found[rank] = sum(a.value for a in answer.stages)
    return found


def _without_earlier(model: PlanModel, rank: int) -> Lp:
    """Return the model, no column whole, in which nothing is delivered to the classes before one."""
    upper = model.lp.upper.copy()
    demands, ways = model.network.demands, model.network.delivering
    upper[model.variables.deliver[demands.demand_class[ways.demand] < rank]] = 0.0
    low = model.lp.row_lower.copy()
    if ALLOCATION in model.lp.rows:
        low[model.lp.rows[ALLOCATION].index] = -np.inf
    return replace(relaxed(model.lp), upper=upper, row_lower=low)


def class_costs(classes: Frame, alone: Mapping[int, float], *, in_order: bool) -> tuple[Frame, list[int]]:
    """Return what the classes before it cost each class, and the classes of which that is not reckoned; none that are not served `in_order`."""
    ranks = classes["demand_class"].tolist() if in_order else []
    values = dict(zip(ranks, classes["value"].tolist(), strict=False))
    known = {
        r: min(alone[r], v) if r in alone else v
        for r, v in values.items()
        if r in alone or r == ranks[0] or v <= SERVED
    }
    value = np.round([values[r] for r in known], 6).astype(np.float64)
    least = np.round(list(known.values()), 6).astype(np.float64)
    frame = {
        "demand_class": np.array(list(known), dtype=np.int64),
        "value": value,
        "alone": least,
        "cost": np.round(value - least, 6),
    }
    return frame, [r for r in ranks if r not in known]
