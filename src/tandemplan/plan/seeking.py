"""From a model to its plan: along a ramp where there is something to learn, from bottlenecks where it is large, else as a whole."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.plan.allocations import ALLOCATION
from tandemplan.plan.first_plan import made_by
from tandemplan.plan.growing import GROWN, better, bounding, grown, near
from tandemplan.plan.idle_money import with_idle_money
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.obeying import limited, remade
from tandemplan.plan.ramp import NOWHERE, SMALL, Ramp, assumed, climb, proved, with_bounds
from tandemplan.plan.seeker import LEARNING, Planned, Seeker
from tandemplan.plan.start.outcome import nothing_found, solve_from_bottlenecks
from tandemplan.plan.variables import idle_plan
from tandemplan.plan.work_share import with_idle_value
from tandemplan.solver.held import held, relaxed
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import (
    BY_USER,
    OUT_OF_TIME,
    Basis,
    OnReport,
    Outcome,
    Work,
)

Floats = NDArray[np.float64]
LARGE = 100_000  # rows from which on a plan is sought from its bottlenecks: below, the whole model is solved sooner
MOST_TOGETHER = 4  # classes sought at once: each weighs 100 times the next, and prices beyond 1 : 10**6 blur


def sought(model: PlanModel, work: Work, hear: OnReport) -> tuple[PlanModel, Outcome]:
    """Return the plan of a model, and that model: where there is something to learn, at the experience that it assumes."""
    if not model.network.making.taught.names:
        return model, _sought(model, work, hear)
    seeker = Seeker(work, hear, time.monotonic(), [], [])
    if _large(model) and ALLOCATION not in model.lp.rows:
        found = grown(model, seeker)
        if found is not None:
            return found
    return _nothing(model, seeker.reason or OUT_OF_TIME) if seeker.reasons or seeker.ended else _climbed(model, seeker)


def _nothing(model: PlanModel, reason: str) -> tuple[PlanModel, Outcome]:
    """Return a model, and the outcome where the work on it ended before there was any plan."""
    return model, nothing_found(model.lp, model.goals, _idle(model), reason)


def _idle(model: PlanModel) -> Floats:
    """Return the plan that does nothing, with what is owed anyway paid."""
    idle = idle_plan(model.network, model.variables, len(model.lp.lower))
    return with_idle_money(model.network, model.variables, with_idle_value(model.network, model.variables, idle))


def _large(model: PlanModel) -> bool:
    return bool(model.lp.whole.any()) and len(model.lp.row_lower) > SMALL


def _climbed(model: PlanModel, seeker: Seeker) -> tuple[PlanModel, Outcome]:
    """Return the plan along a ramp that is climbed round by round, and the model that it is of."""

    def seek(model: PlanModel, lp: Lp, count: int, basis: Basis | None = None) -> Outcome:
        return seeker.solve(
            lp, model.goals[:count], told=LEARNING, share=0.5, together=_together(model, count), basis=basis
        )

    ramp = climb(model, seek, seeker.within)
    if isinstance(ramp, Outcome):
        return (model, ramp) if ramp.status == "infeasible" else _nothing(model, ramp.reason)
    outcome = (
        _rounded_up(ramp, seeker)
        if _large(ramp.model) and ramp.plan is not None
        else _sought(ramp.model, seeker.left(), seeker.later)
    )
    if outcome.status == "infeasible":  # what is assumed may be too much
        at, outcome = _whole_alone(model, seeker)
        if outcome.x is None:
            return _nothing(model, outcome.reason or seeker.reason or NOWHERE)
        ramp = replace(ramp, model=at)
    if outcome.x is not None and not outcome.reason:
        ramp = proved(ramp, tuple(a.value for a in outcome.stages), seek, bounding(model, seeker)[0])
    outcome = with_bounds(outcome, ramp)
    if BY_USER in seeker.reasons:
        status = "feasible" if outcome.status == "optimal" else outcome.status
        return ramp.model, replace(outcome, status=status, reason=BY_USER)
    return ramp.model, replace(outcome, reason=outcome.reason or ramp.reason)


def _whole_alone(learnt: PlanModel, seeker: Seeker) -> tuple[PlanModel, Outcome]:
    """Return the plan of a model whose relaxed plans learn what no plan with whole columns can pay for, and the model that it is of.

    A plan is sought in which nobody is sure to learn anything, then one with the experience that this plan has: whole columns and all.
    """
    network = learnt.network
    model = model_of(assumed(network, np.zeros((len(network.making.taught.names), len(network.periods)))))
    outcome = _sought(model, seeker.left(), seeker.later)
    if outcome.x is None or outcome.reason:
        return model, outcome
    better = model_of(assumed(network, GROWN * made_by(model, outcome.x)))
    found = _sought(better, seeker.left(), seeker.later)
    if found.x is not None and Planned(better, found.x).no_worse_than(Planned(model, outcome.x)):
        return better, found
    return model, replace(outcome, status="feasible", reason=found.reason) if found.reason else outcome


def _rounded_up(ramp: Ramp, seeker: Seeker) -> Outcome:
    """Return a plan of a large model that learns: what the relaxed plan makes, with whole stations, sets and shifts; then what serves as well for less."""
    model, plan = ramp.model, ramp.plan
    assert plan is not None
    assert plan.x is not None
    x = remade(model, plan.x, seeker.part)
    best = None if x is None else Planned(model, x)
    if not seeker.ended:
        classes = model.stages[: model.classes]
        lp = held(relaxed(model.lp), [s.cost for s in classes], [float(s.cost @ plan.x) for s in classes])
        best = better(model, near(model, lp, seeker), best, seeker)
    if best is None:
        return _sought(model, seeker.left(), seeker.later)
    known = plan.stages[: model.classes]
    answers = (*known, *best.answers[len(known) :])
    return Outcome("feasible" if seeker.reasons else "optimal", best.x, answers, seeker.reason)


def _together(model: PlanModel, count: int) -> int:
    return min(MOST_TOGETHER, count, model.classes)


def _sought(model: PlanModel, work: Work, hear: OnReport) -> Outcome:
    goals = model.goals
    classes = model.classes
    together = _together(model, len(goals))
    whole_at_once = (
        model.lp.whole.any() or "experience" in model.lp.rows or limited(model) or ALLOCATION in model.lp.rows
    )
    if len(model.lp.row_lower) < LARGE or not classes or whole_at_once:
        return solve_in_child(model.lp, goals, work, hear, _idle(model), together=together)
    return solve_from_bottlenecks(model.lp, goals, work, hear, _idle(model), classes=classes, together=together)
