"""From a model to its plan: along a ramp where there is something to learn, from bottlenecks where it is large, else as a whole."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.plan.model import PlanModel
from tandemplan.plan.ramp import SMALL, Ramp, climb, proved, with_bounds
from tandemplan.plan.start.outcome import solve_from_bottlenecks
from tandemplan.plan.variables import idle_plan
from tandemplan.solver.held import fixed, rounded
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import BY_USER, OnReport, Outcome, Report, Work, unproved

Floats = NDArray[np.float64]
LARGE = 100_000  # rows from which on a plan is sought from its bottlenecks: below, the whole model is solved sooner
FINISH = 15.0  # seconds in which a plan is finished that the user stops while it learns
MOST_TOGETHER = 4  # classes sought at once: each weighs 100 times the next, and prices beyond 1 : 10**6 blur


def sought(model: PlanModel, work: Work, hear: OnReport) -> tuple[PlanModel, Outcome]:
    """Return the plan of a model, and that model: where there is something to learn, at the experience that it assumes."""
    if not model.network.making.taught.names:
        return model, _sought(model, work, hear)
    begin = time.monotonic()

    def left() -> Work:
        spent = time.monotonic() - begin
        return work if work.seconds is None else replace(work, seconds=max(work.seconds - spent, 0.0))

    def later(report: Report) -> None:
        hear(replace(report, seconds=time.monotonic() - begin))

    def learning(report: Report) -> None:
        later(replace(report, stage=f"learning, {report.stage}", value=None, bound=None))

    def seek(found: PlanModel, lp: Lp, count: int) -> Outcome:
        goals = [(s.name, s.cost) for s in found.stages[:count]]
        seconds = left().seconds
        most = replace(work, seconds=None if seconds is None else seconds / 2)
        return solve_in_child(lp, goals, most, learning, together=_together(found, count))

    ramp = climb(model, seek, lambda k, value, bound: value - bound <= work.within(k, value))
    if isinstance(ramp, Outcome):
        return model, ramp
    quick = None if ramp.reason == BY_USER else _quick(ramp, left())
    rest = replace(left(), seconds=FINISH) if ramp.reason == BY_USER else left()
    outcome = _sought(ramp.model, rest, later, quick)
    if outcome.x is not None and not outcome.reason:
        ramp = proved(ramp, seek)
    outcome = with_bounds(outcome, ramp)
    return ramp.model, replace(outcome, reason=outcome.reason or ramp.reason)


def _quick(ramp: Ramp, work: Work) -> Floats | None:
    """Return a plan of a large model that serves its classes, whole columns rounded up: something to begin with, whatever it costs."""
    lp, stages = ramp.model.lp, [(s.name, s.cost) for s in ramp.model.stages if s.demand_class is not None]
    if ramp.plan is None or not stages or len(lp.row_lower) <= SMALL:
        return None
    part = fixed(lp, rounded(lp, ramp.plan))
    return solve_in_child(part, stages, work, lambda _: None, together=_together(ramp.model, len(stages))).x


def _together(model: PlanModel, count: int) -> int:
    return min(MOST_TOGETHER, count, sum(s.demand_class is not None for s in model.stages))


def _sought(model: PlanModel, work: Work, hear: OnReport, quick: Floats | None = None) -> Outcome:
    """Return the plan of a model; where time brings forth none better than the plan `quick`, that one."""
    goals = [(s.name, s.cost) for s in model.stages]
    classes = sum(s.demand_class is not None for s in model.stages)
    together = _together(model, len(goals))
    idle = idle_plan(model.network, model.variables, len(model.lp.lower)) if quick is None else quick
    whole_at_once = model.lp.whole.any() or "experience" in model.lp.rows
    if len(model.lp.row_lower) < LARGE or not classes or whole_at_once:
        outcome = solve_in_child(model.lp, goals, work, hear, idle, together=together)
    else:
        outcome = solve_from_bottlenecks(model.lp, goals, work, hear, idle, classes=classes, together=together)
    if outcome.status == "stopped" and quick is not None:
        return Outcome("feasible", quick, tuple(unproved(cost, quick) for _, cost in goals), outcome.reason)
    return outcome
