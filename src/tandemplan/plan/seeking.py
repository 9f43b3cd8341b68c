"""From a model to its plan: along a ramp where there is something to learn, from bottlenecks where it is large, else as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Tranche
from tandemplan.network.origin import without_origin
from tandemplan.plan.first_plan import FirstPlan, first_plan, made_by, made_whole
from tandemplan.plan.gates import whole_gates
from tandemplan.plan.idle_money import with_idle_money
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.origin import SHARE
from tandemplan.plan.ramp import SMALL, Ramp, assumed, climb, proved, with_bounds
from tandemplan.plan.start.outcome import nothing_found, solve_from_bottlenecks
from tandemplan.plan.start.search import Goals
from tandemplan.plan.variables import idle_plan
from tandemplan.plan.whole_shifts import whole_shifts
from tandemplan.solver.held import fixed, held, relaxed, rounded, with_more_rows
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import (
    BY_USER,
    OUT_OF_TIME,
    Basis,
    Limits,
    OnReport,
    Outcome,
    Report,
    Work,
    at_floor,
    unproved,
)

Floats = NDArray[np.float64]
LARGE = 100_000  # rows from which on a plan is sought from its bottlenecks: below, the whole model is solved sooner
FINISH = 15.0  # seconds in which a plan is finished that the user stops while it learns
GROWN = 0.97  # of the experience of the first plan that better ones are sure to have again
MOST_OF_TIME = 0.7  # of the time left that the relaxed plan may take from which the whole one is made
LEARNING, RELAXED = "learning", "relaxed"
MOST_TOGETHER = 4  # classes sought at once: each weighs 100 times the next, and prices beyond 1 : 10**6 blur


@dataclass(frozen=True, eq=False)
class Seeker:
    """Solves models in a child process, within what is left of the time that all of them have, and tells how far it is."""

    work: Work
    hear: OnReport
    begin: float
    reasons: list[str]

    def left(self) -> Work:
        """Return the work with the seconds that are left of it: after a Ctrl-C as few as it takes to finish."""
        spent = time.monotonic() - self.begin
        seconds = None if self.work.seconds is None else max(self.work.seconds - spent, 0.0)
        if BY_USER in self.reasons:
            seconds = FINISH if seconds is None else min(seconds, FINISH)
        return replace(self.work, seconds=seconds)

    def later(self, report: Report) -> None:
        """Pass on a report of a solver that has just begun."""
        self.hear(replace(report, seconds=time.monotonic() - self.begin))

    def solve(self, lp: Lp, goals: Goals, *, told: str = "", share: float = 1.0, **more: Any) -> Outcome:
        """Return the outcome of objectives in order, sought in a `share` of the time left; `told` stands before what is said of them.

        Where something is told, values are those of models that forget something, and not passed on.
        """

        def hear(report: Report) -> None:
            self.later(replace(report, stage=f"{told}, {report.stage}", value=None, bound=None) if told else report)

        work = self.left()
        work = work if work.seconds is None else replace(work, seconds=share * work.seconds)
        outcome = solve_in_child(lp, goals, work, hear, **more)
        self.reasons.extend([outcome.reason] if outcome.reason else [])
        return outcome

    def part(self, lp: Lp, goals: Goals, basis: Basis | None, eased: Limits | None) -> Outcome:
        """Return the outcome of a part of a model, as the search from bottlenecks asks for it."""
        return self.solve(lp, goals, told=LEARNING, basis=basis, eased=eased)


def sought(model: PlanModel, work: Work, hear: OnReport) -> tuple[PlanModel, Outcome]:
    """Return the plan of a model, and that model: where there is something to learn, at the experience that it assumes."""
    if not model.network.making.taught.names:
        return model, _sought(model, work, hear)
    seeker = Seeker(work, hear, time.monotonic(), [])
    if _large(model):
        first = first_plan(_goods(model), seeker.part)
        grown = _grown(model, first, seeker) if first is not None and first.whole is not None else None
        if grown is not None:
            return grown
        if seeker.reasons:
            return model, nothing_found(model.lp, _goals(model), _idle(model), seeker.reasons[0])
    return _climbed(model, seeker)


def _funded(model: PlanModel) -> bool:
    """Return whether money is a limit."""
    return "cash" in model.lp.rows


def _limited(model: PlanModel) -> bool:
    """Return whether more than the flow of goods is limited: money, or shares of origin."""
    return _funded(model) or SHARE in model.lp.rows


def _goods(model: PlanModel) -> PlanModel:
    """Return the model without limits on money and origin: a flow of goods alone, that a plan from bottlenecks is sought in."""
    if not _limited(model):
        return model
    network = without_origin(model.network)
    bare = network.programme.replace(network.programme[Tranche].take([]))
    return model_of(replace(network, programme=bare))


def _idle(model: PlanModel) -> Floats:
    idle = idle_plan(model.network, model.variables, len(model.lp.lower))
    return with_idle_money(model.network, model.variables, idle)


def _large(model: PlanModel) -> bool:
    return bool(model.lp.whole.any()) and len(model.lp.row_lower) > SMALL


def _goals(model: PlanModel) -> Goals:
    return [(s.name, s.cost) for s in model.stages]


def _grown(learnt: PlanModel, first: FirstPlan, seeker: Seeker) -> tuple[PlanModel, Outcome] | None:
    """Return the best plan found of a large model from a first one that is late for nobody, and the model that it is of.

    The experience of the first plan is nearly assumed: then all objectives after the classes are sought, the relaxed plan is made
    whole, and bounds are proved with all learnt. What is cut short leaves the best plan so far. Where money or origin is a limit the first
    plan may break it, and lends its experience alone: then there may be no plan, None.
    """
    limited = _limited(learnt)
    for stage in learnt.stages:
        if stage.demand_class is not None and not limited:
            seeker.hear(Report(stage.name, 0.0, 0.0, time.monotonic() - seeker.begin, 0))
    model = model_of(assumed(learnt.network, GROWN * first.made))
    plain = _on_time(model, relaxed(model.lp), len(model.stages), seeker, share=MOST_OF_TIME)
    found = _with_whole(model, plain, seeker) if plain.x is not None and not plain.reason else None
    if found is None or found.x is None:
        return _best_whole(model, None if limited else first, plain, seeker)
    ramp = Ramp(model, learnt, ())

    def seek(model: PlanModel, lp: Lp, count: int, basis: Basis | None = None) -> Outcome:  # noqa: ARG001 - there is no basis yet
        return _on_time(model, lp, count, seeker)

    if not found.reason:
        values = tuple(a.value for a in found.stages)
        ramp = proved(ramp, values, seek, _bounding(learnt, seeker))
    return model, replace(with_bounds(found, ramp), reason=found.reason or next(iter(seeker.reasons), ""))


def _best_whole(
    model: PlanModel, first: FirstPlan | None, plain: Outcome, seeker: Seeker
) -> tuple[PlanModel, Outcome] | None:
    """Return the first plan, or a better one made whole with the flow of a relaxed plan that was cut short; None where there is neither."""
    reason = next(iter(seeker.reasons), OUT_OF_TIME)
    best, x = (model, None) if first is None else (first.model, first.whole)
    if plain.x is not None:
        whole = made_whole(model, plain.x, seeker.part)
        if whole is not None and (x is None or _ends(model, whole) < _ends(best, x)):
            best, x = model, whole
    if x is None:
        return None
    return best, Outcome("feasible", x, tuple(unproved(s.cost, x) for s in best.stages), reason)


def _ends(model: PlanModel, x: Floats) -> list[float]:
    """Return what a plan is worth by the last two objectives."""
    return [float(s.cost @ x) for s in model.stages[-2:]]


def _on_time(model: PlanModel, lp: Lp, count: int, seeker: Seeker, share: float = 1.0) -> Outcome:
    """Return the outcome of the first `count` objectives among plans of a relaxed model that are late for nobody, as some are.

    Classes are at 0 there, which no price has to prove; only the objectives after them are sought, and no plan where there are none.
    """
    late = np.any([s.cost > 0 for s in model.stages if s.demand_class is not None], axis=0)
    classes = sum(s.demand_class is not None for s in model.stages)
    zero = tuple(at_floor(lp, s.cost) for s in model.stages[:classes])
    if count <= classes:
        return Outcome("optimal", lp.lower, zero)
    held_at_zero = replace(lp, upper=np.where(late, np.maximum(lp.lower, 0.0), lp.upper))
    outcome = seeker.solve(held_at_zero, _goals(model)[classes:count], told=RELAXED, share=share)
    return outcome if outcome.x is None else replace(outcome, stages=(*zero, *outcome.stages))


def _bounding(learnt: PlanModel, seeker: Seeker) -> Callable[[Lp, Floats], float]:
    """Return what bounds the last objective of a model over the plans of a relaxed one."""

    def bound(lp: Lp, cost: Floats) -> float:
        found = seeker.solve(lp, [(learnt.stages[-1].name, cost)], told=LEARNING, interior=True)
        return found.stages[0].bound if found.stages else -np.inf

    return bound


def _climbed(model: PlanModel, seeker: Seeker) -> tuple[PlanModel, Outcome]:
    """Return the plan along a ramp that is climbed round by round, and the model that it is of."""

    def seek(model: PlanModel, lp: Lp, count: int, basis: Basis | None = None) -> Outcome:
        return seeker.solve(
            lp, _goals(model)[:count], told=LEARNING, share=0.5, together=_together(model, count), basis=basis
        )

    ramp = climb(model, seek, lambda k, value, bound: value - bound <= seeker.work.within(k, value))
    if isinstance(ramp, Outcome):
        return model, ramp
    outcome = (
        _rounded_up(ramp, seeker)
        if _large(ramp.model) and ramp.plan is not None
        else _sought(ramp.model, seeker.left(), seeker.later)
    )
    if outcome.status == "infeasible":
        at, outcome = _whole_alone(model, seeker)
        ramp = replace(ramp, model=at)
    if outcome.x is not None and not outcome.reason:
        ramp = proved(ramp, tuple(a.value for a in outcome.stages), seek, _bounding(model, seeker))
    outcome = with_bounds(outcome, ramp)
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
    return (model, outcome) if found.x is None else (better, found)


def _rounded_up(ramp: Ramp, seeker: Seeker) -> Outcome:
    """Return a plan of a large model that learns: best with its whole columns as the relaxed plan has them, rounded up.

    First a plan that serves the classes, whatever it costs, so that time never ends with none; then the relaxed plan that is best by all
    objectives, and the best one with its stations, sets and shifts made whole. Where money is a limit, a plan that costs whatever it likes
    is none once rounded up: the one that is best by all objectives comes first there.
    """
    model, goals = ramp.model, _goals(ramp.model)
    assert ramp.plan is not None
    together = _together(model, len(goals))
    first = Outcome("stopped", None, ()) if _funded(model) else _with_whole(model, ramp.plan, seeker)
    plain = seeker.solve(relaxed(model.lp), goals, told=RELAXED, together=together, basis=ramp.plan.basis)
    found = None
    if plain.x is not None and not plain.reason:
        found = _with_whole(model, plain, seeker)
    if _funded(model) and (found is None or found.x is None):
        first = _with_whole(model, ramp.plan, seeker)
    if found is not None and found.x is not None and (first.x is None or len(found.stages) == len(goals)):
        return found
    if first.x is None:
        return Outcome("stopped", None, (), seeker.reasons[0]) if seeker.reasons else Outcome("infeasible", None, ())
    reason = next(iter(seeker.reasons), OUT_OF_TIME)
    return Outcome("feasible", first.x, tuple(unproved(cost, first.x) for _, cost in goals), reason)


def _with_whole(model: PlanModel, plain: Outcome, seeker: Seeker) -> Outcome:
    """Return the best plan by the objectives of a relaxed one with its whole columns, rounded up, sought from its basis."""
    assert plain.x is not None
    goals = _goals(model)[: len(plain.stages)]
    made = whole_shifts(model.network, model.variables, rounded(model.lp, plain.x))
    part = fixed(model.lp, whole_gates(model.lp, made))
    if plain.face is not None and len(goals) == len(model.stages):
        found = _last_with_whole(part, plain, goals, seeker)
        if found.x is not None:
            return found
    return seeker.solve(part, goals, together=_together(model, len(goals)), basis=plain.basis)


def _last_with_whole(part: Lp, plain: Outcome, goals: Goals, seeker: Seeker) -> Outcome:
    """Return the best plan of a part by the last objective, with the others as good as in the relaxed plan, if there is one.

    What is rounded up takes nothing from a plan, as a rule: it only costs. The relaxed plan's last basis is near.
    """
    assert plain.face is not None
    earlier = [cost for _, cost in goals[:-1]]
    lp = held(part, earlier, [a.value for a in plain.stages[:-1]])
    found = seeker.solve(lp, goals[-1:], basis=with_more_rows(plain.face.basis, len(earlier)))
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
    whole_at_once = model.lp.whole.any() or "experience" in model.lp.rows or _limited(model)
    if len(model.lp.row_lower) < LARGE or not classes or whole_at_once:
        return solve_in_child(model.lp, goals, work, hear, _idle(model), together=together)
    return solve_from_bottlenecks(model.lp, goals, work, hear, _idle(model), classes=classes, together=together)
