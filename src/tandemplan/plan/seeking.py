"""From a model to its plan: along a ramp where there is something to learn, from bottlenecks where it is large, else as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.plan.model import PlanModel
from tandemplan.plan.ramp import SMALL, Ramp, climb, proved, with_bounds
from tandemplan.plan.start.outcome import solve_from_bottlenecks
from tandemplan.plan.variables import idle_plan
from tandemplan.plan.whole_shifts import whole_shifts
from tandemplan.solver.held import fixed, held, relaxed, rounded, with_more_rows
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import BY_USER, OUT_OF_TIME, Basis, OnReport, Outcome, Report, Work, unproved

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

    def seek(model: PlanModel, lp: Lp, count: int, basis: Basis | None = None) -> Outcome:
        goals = [(s.name, s.cost) for s in model.stages[:count]]
        seconds = left().seconds
        most = replace(work, seconds=None if seconds is None else seconds / 2)
        return solve_in_child(lp, goals, most, learning, together=_together(model, count), basis=basis)

    def bound(lp: Lp, cost: Floats) -> float:
        found = solve_in_child(lp, [(model.stages[-1].name, cost)], left(), learning, interior=True)
        return found.stages[0].bound if found.stages else -np.inf

    ramp = climb(model, seek, lambda k, value, bound: value - bound <= work.within(k, value))
    if isinstance(ramp, Outcome):
        return model, ramp
    rest = replace(left(), seconds=FINISH) if ramp.reason == BY_USER else left()
    large = ramp.model.lp.whole.any() and len(ramp.model.lp.row_lower) > SMALL
    outcome = _rounded_up(ramp, left, later) if large and ramp.plan is not None else _sought(ramp.model, rest, later)
    if outcome.x is not None and not outcome.reason:
        ramp = proved(ramp, tuple(a.value for a in outcome.stages), seek, bound)
    outcome = with_bounds(outcome, ramp)
    return ramp.model, replace(outcome, reason=outcome.reason or ramp.reason)


def _rounded_up(ramp: Ramp, left: Callable[[], Work], hear: OnReport) -> Outcome:
    """Return a plan of a large model that learns: best with its whole columns as the relaxed plan has them, rounded up.

    First a plan that serves the classes, whatever it costs, so that time never ends with none; then the relaxed plan that is best by all
    objectives, and the best one with its stations, sets and shifts made whole.
    """
    model, goals = ramp.model, [(s.name, s.cost) for s in ramp.model.stages]
    classes = sum(s.demand_class is not None for s in model.stages)

    def quietly(report: Report) -> None:
        hear(replace(report, value=None, bound=None))

    assert ramp.plan is not None
    first = _with_whole(model, ramp.plan, goals[:classes], left(), quietly)
    plain = solve_in_child(
        relaxed(model.lp), goals, left(), quietly, together=_together(model, len(goals)), basis=ramp.plan.basis
    )
    found = None
    if plain.x is not None and not plain.reason:
        found = _with_whole(model, plain, goals, left(), hear)
    if found is not None and found.x is not None and (first.x is None or len(found.stages) == len(goals)):
        return found
    if first.x is None:
        return Outcome("stopped", None, (), plain.reason or OUT_OF_TIME)
    reason = plain.reason or (found.reason if found is not None else "") or OUT_OF_TIME
    return Outcome("feasible", first.x, tuple(unproved(cost, first.x) for _, cost in goals), reason)


def _with_whole(
    model: PlanModel, plain: Outcome, goals: list[tuple[str, Floats]], work: Work, hear: OnReport
) -> Outcome:
    """Return the best plan with the whole columns of a relaxed one, rounded up, sought from that one's basis."""
    assert plain.x is not None
    part = fixed(model.lp, whole_shifts(model.network, model.variables, rounded(model.lp, plain.x)))
    if plain.face is not None and len(goals) == len(plain.stages) == len(model.stages):
        found = _last_with_whole(part, plain, goals, work, hear)
        if found.x is not None:
            return found
    return solve_in_child(part, goals, work, hear, together=_together(model, len(goals)), basis=plain.basis)


def _last_with_whole(part: Lp, plain: Outcome, goals: list[tuple[str, Floats]], work: Work, hear: OnReport) -> Outcome:
    """Return the best plan of a part by the last objective, with the others as good as in the relaxed plan, if there is one.

    What is rounded up takes nothing from a plan, as a rule: it only costs. The relaxed plan's last basis is near.
    """
    assert plain.face is not None
    earlier = [cost for _, cost in goals[:-1]]
    lp = held(part, earlier, [a.value for a in plain.stages[:-1]])
    found = solve_in_child(lp, goals[-1:], work, hear, basis=with_more_rows(plain.face.basis, len(earlier)))
    if found.x is None:
        return found
    stages = (replace(a, value=float(cost @ found.x)) for a, cost in zip(plain.stages, earlier, strict=False))
    last = found.stages[0]
    last = replace(last, row_duals=last.row_duals[: len(part.row_lower)])
    return replace(found, stages=(*stages, last), basis=None, face=None)


def _together(model: PlanModel, count: int) -> int:
    return min(MOST_TOGETHER, count, sum(s.demand_class is not None for s in model.stages))


def _sought(model: PlanModel, work: Work, hear: OnReport) -> Outcome:
    goals = [(s.name, s.cost) for s in model.stages]
    classes = sum(s.demand_class is not None for s in model.stages)
    together = _together(model, len(goals))
    idle = idle_plan(model.network, model.variables, len(model.lp.lower))
    whole_at_once = model.lp.whole.any() or "experience" in model.lp.rows
    if len(model.lp.row_lower) < LARGE or not classes or whole_at_once:
        return solve_in_child(model.lp, goals, work, hear, idle, together=together)
    return solve_from_bottlenecks(model.lp, goals, work, hear, idle, classes=classes, together=together)
