"""From a plan that serves the classes to the fairest that serves them as well: sought only where someone is late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.network.sharing import Group, groups_of
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.order_sizes import least_shipments, way_sizes
from tandemplan.plan.sharing import sharing_columns
from tandemplan.plan.variables import Variables
from tandemplan.solver.held import fixed, held, held_bound, most_of, relaxed
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import (
    Outcome,
    StageAnswer,
    feasible,
    limits_of,
    narrowed,
    scale_of,
)

Floats = NDArray[np.float64]
Seek = Callable[[Lp, list[tuple[str, Floats]]], Outcome]
NOBODY = 1e-7  # of the most that a group can be late: below, nobody is
SMALL = 20_000  # rows beyond which whole columns stay as they are while a plan is made fairer
PROVED = 1e-7  # share of the value of a class by which its bound may be lower where prices tell which plans are as good
TOO_LATE = "the time ended before the plan was made fair inside classes"


def made_fair(model: PlanModel, learnt: PlanModel, outcome: Outcome, seek: Seek) -> tuple[PlanModel, Outcome]:
    """Return the fairest plan, by the rules of fair sharing, among those as good for every class, and its model with what it shares.

    Where no class that shares is late there is nothing to share: model and outcome stay as they are, and so they do where time ends before the
    fairest is found. `learnt` is the model of one who has
    learnt all, which bounds plans of a `model` that assumes experience. `docs/semantics.md`, Sharing.
    """
    if outcome.x is None or outcome.reason:
        return model, outcome
    late = late_in(model.network, model.variables, outcome.x)
    groups = tuple(g for g in groups_of(model.network) if g.burdens(late).sum() > NOBODY * g.most.sum())
    if not groups:
        return model, outcome
    made = model_of(model.network, groups=groups)
    start = extended(made, groups, outcome.x)
    large = bool(made.lp.whole.any()) and len(made.lp.row_lower) > SMALL
    lp = _with_sizes(made, fixed(made.lp, start) if large else made.lp, start)
    found = seek(_as_good(made, lp, outcome, start), made.goals[made.classes :])
    sharing = found.stages[: sum(len(g.stages) for g in groups)]
    if found.x is None or (found.reason and not all(a.finished for a in sharing)):
        return model, replace(outcome, status="feasible", reason=found.reason or TOO_LATE)
    classes = zip(made.stages[: made.classes], outcome.stages, strict=False)
    answers = [replace(a, value=float(s.cost @ found.x)) for s, a in classes]
    more = list(found.stages)
    if large or model is not learnt or (lp.lower > made.lp.lower).any():
        floors = [a.bound for a in outcome.stages[: made.classes]]
        more = _bounded(made, learnt, groups, (found, floors), seek)
    fair = Outcome(found.status, found.x, tuple(_in(made.lp, a) for a in (*answers, *more)), found.reason)
    return made, fair


def _with_sizes(made: PlanModel, lp: Lp, x: Floats) -> Lp:
    """Return the model with orders, and parts of demands, that may not have any size as large as in a plan that keeps their sizes."""
    network, variables = made.network, made.variables
    held = np.zeros(len(lp.lower), dtype=bool)
    if len(variables.buy):
        columns = variables.buy[~way_sizes(network).free]
        held[columns[columns >= 0]] = True
    held[variables.deliver[least_shipments(network)[network.delivering.demand] > 0]] = True
    at = np.clip(x, lp.lower, lp.upper)
    return replace(lp, lower=np.where(held, at, lp.lower), upper=np.where(held, at, lp.upper))


def late_in(network: Network, x: Variables, values: Floats) -> Floats:
    """Return the weighted unit-days late of each demand in a plan."""
    demands, ways = network.demands, network.delivering
    late = np.where(x.lost >= 0, np.append(values, 0.0)[x.lost], 0.0) * demands.late_if_lost
    np.add.at(late, ways.demand, values[x.deliver] * ways.late)
    return late * demands.weight


def extended(made: PlanModel, groups: tuple[Group, ...], x: Floats) -> Floats:
    """Return a plan of a model without sharing as one of the model with it."""
    values = np.zeros(len(made.lp.lower))
    values[: len(x)] = x
    columns, shared = sharing_columns(groups, made.levels, late_in(made.network, made.variables, x))
    values[columns] = shared
    return values


def _as_good(made: PlanModel, lp: Lp, outcome: Outcome, start: Floats) -> Lp:
    """Return the model held to plans that serve every class as well: by the prices that prove it, else by a row for each class."""
    stages, answers = made.stages[: made.classes], outcome.stages[: made.classes]
    proved = [a.finished and len(a.row_duals) and a.value - a.bound <= PROVED * max(1.0, abs(a.value)) for a in answers]
    if all(proved) and not lp.whole.any():
        limits = limits_of(lp)
        for stage, answer in zip(stages, answers, strict=True):
            prices = _in(lp, answer).row_duals
            limits = narrowed(limits, scale_of(stage.cost), prices, stage.cost - lp.transposed_times(prices))
        face = replace(lp, **vars(limits))
        if feasible(face, start):
            return face
    return held(lp, [s.cost for s in stages], [float(s.cost @ start) for s in stages])


def _bounded(
    made: PlanModel, learnt: PlanModel, groups: tuple[Group, ...], answer: tuple[Outcome, Sequence[float]], seek: Seek
) -> list[StageAnswer]:
    """Return the answers after the classes with bounds that hold for every plan: those of one who has learnt all, no column whole.

    `answer` is the outcome with the bounds of the classes, below which no plan can be there either.
    """
    found, floors = answer
    assert found.x is not None
    top = model_of(learnt.network, groups=groups)
    first = top.classes
    values = [float(s.cost @ found.x) for s in made.stages]
    lp = held(relaxed(top.lp), [s.cost for s in top.stages[:first]], values[:first])
    low = lp.row_lower.copy()
    low[lp.rows["held"].index] = [f / scale_of(s.cost) - NOBODY for f, s in zip(floors, top.stages, strict=False)]
    lp = replace(lp, row_lower=low)
    proof = seek(lp, top.goals[first:])
    answers = []
    for k, mine in enumerate(found.stages):
        costs = [s.cost for s in top.stages[first : first + k + 1]]
        bound = 0.0 if (costs[-1] >= 0).all() else -np.inf
        if made.network is learnt.network and len(proof.stages) > k:
            bound = max(
                bound, proof.stages[k].bound
            )  # as where orders are rounded: among the best plans of the relaxed model
        elif len(proof.stages) > k and all(len(a.row_duals) for a in proof.stages[: k + 1]):
            bound = max(bound, held_bound(lp, costs, proof.stages, values[first : first + k], most_of(found.x)))
        answers.append(replace(mine, bound=min(bound, mine.value)))
    if made.network is not learnt.network and not proof.reason:  # prices of a cost that was best elsewhere prove little
        earlier = held(lp, [s.cost for s in top.stages[first:-1]], values[first:-1])
        last = seek(earlier, top.goals[-1:])
        answers[-1] = (
            replace(answers[-1], bound=min(last.stages[0].bound, answers[-1].value)) if last.stages else answers[-1]
        )
    return answers


def _in(lp: Lp, answer: StageAnswer) -> StageAnswer:
    """Return an answer about a model with fewer or more rows and columns at the end as one about `lp`."""
    if not len(answer.row_duals):
        return answer
    rows, columns = (
        np.append(prices[:size], np.zeros(max(size - len(prices), 0)))
        for prices, size in ((answer.row_duals, len(lp.row_lower)), (answer.column_duals, len(lp.lower)))
    )
    return replace(answer, row_duals=rows, column_duals=columns)


def unshared(model: PlanModel, plain: PlanModel, outcome: Outcome) -> Outcome:
    """Return an outcome of a model with sharing with the answers of the objectives that a plain one has."""
    names = {s.name for s in plain.stages}
    kept = zip(model.stages, outcome.stages, strict=False)
    return replace(outcome, stages=tuple(a for s, a in kept if s.name in names))
