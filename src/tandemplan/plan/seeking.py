"""From a model to its plan: along a ramp where there is something to learn, from bottlenecks where it is large, else as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.interrupts import pending
from tandemplan.plan.allocations import ALLOCATION
from tandemplan.plan.first_plan import FirstPlan, first_plan, made_by
from tandemplan.plan.idle_money import with_idle_money
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.obeying import goods_of, limited, obeying, remade
from tandemplan.plan.objective import at_once
from tandemplan.plan.ramp import NOWHERE, SMALL, Ramp, assumed, climb, proved, with_bounds
from tandemplan.plan.start.outcome import nothing_found, solve_from_bottlenecks
from tandemplan.plan.start.search import Goals
from tandemplan.plan.variables import idle_plan
from tandemplan.plan.work_share import with_idle_value
from tandemplan.problems import SolverDiedError
from tandemplan.solver.held import held, relaxed
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
    StageAnswer,
    Work,
    at_floor,
    compared,
    unproved,
)

Floats = NDArray[np.float64]
LARGE = 100_000  # rows from which on a plan is sought from its bottlenecks: below, the whole model is solved sooner
FINISH = 15.0  # seconds in which a plan is finished that the user stops while it learns
GROWN = 0.97  # of the experience of the first plan that better ones are sure to have again
MOST_OF_TIME = 0.7  # of the time left that the relaxed plan may take from which the whole one is made
LEARNING, RELAXED = "learning", "relaxed"
DUST = 1e-6  # share of a value by which two plans may differ that are the same by it
MOST_TOGETHER = 4  # classes sought at once: each weighs 100 times the next, and prices beyond 1 : 10**6 blur


@dataclass(frozen=True, eq=False)
class Planned:
    """A whole plan of a model, with what the solver answered of each objective where it did."""

    model: PlanModel
    x: Floats
    found: tuple[StageAnswer, ...] = ()

    @property
    def values(self) -> tuple[float, ...]:
        """Return its value by each objective."""
        return tuple(float(s.cost @ self.x) for s in self.model.stages)

    @property
    def answers(self) -> tuple[StageAnswer, ...]:
        """Return what is known of each objective: no more than the value where the solver told nothing."""
        return self.found or tuple(unproved(s.cost, self.x) for s in self.model.stages)

    def no_worse_than(self, other: Planned) -> bool:
        """Return whether it is no worse by the first objective in which they differ, dust apart."""
        return compared(self.values, other.values, DUST) <= 0


@dataclass(frozen=True, eq=False)
class Seeker:
    """Solves models in a child process, within what is left of the time that all of them have, and tells how far it is."""

    work: Work
    hear: OnReport
    begin: float
    reasons: list[str]
    stopped: list[float]

    @property
    def ended(self) -> bool:
        """Return whether there is no time left to seek anything new."""
        return BY_USER in self.reasons or pending() or self.left().seconds == 0

    @property
    def reason(self) -> str:
        """Return why the work ended early, or nothing."""
        return BY_USER if BY_USER in self.reasons else next(iter(self.reasons), "")

    def left(self) -> Work:
        """Return the work with the seconds that are left of it: after a Ctrl-C as few as it takes to finish."""
        spent = time.monotonic() - self.begin
        seconds = None if self.work.seconds is None else max(self.work.seconds - spent, 0.0)
        if self.stopped:
            finish = max(FINISH - (time.monotonic() - self.stopped[0]), 0.0)
            seconds = finish if seconds is None else min(seconds, finish)
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
        if outcome.reason:
            self.end(outcome.reason)
        return outcome

    def end(self, reason: str) -> None:
        """Note why the work ends; what the user stops is finished in a little time."""
        self.reasons.append(reason)
        self.stopped.extend([time.monotonic()] if reason == BY_USER else [])

    def part(self, lp: Lp, goals: Goals, basis: Basis | None, eased: Limits | None) -> Outcome:
        """Return the outcome of a part of a model, as the search from bottlenecks asks for it."""
        return self.solve(lp, goals, told=LEARNING, basis=basis, eased=eased)


def sought(model: PlanModel, work: Work, hear: OnReport) -> tuple[PlanModel, Outcome]:
    """Return the plan of a model, and that model: where there is something to learn, at the experience that it assumes."""
    if not model.network.making.taught.names:
        return model, _sought(model, work, hear)
    seeker = Seeker(work, hear, time.monotonic(), [], [])
    if _large(model) and ALLOCATION not in model.lp.rows:
        first = _first(goods_of(model), seeker)
        grown = None if first is None else _grown(model, first, seeker)
        if grown is not None:
            return grown
    return _nothing(model, seeker.reason or OUT_OF_TIME) if seeker.reasons or seeker.ended else _climbed(model, seeker)


def _nothing(model: PlanModel, reason: str) -> tuple[PlanModel, Outcome]:
    """Return a model, and the outcome where the work on it ended before there was any plan."""
    return model, nothing_found(model.lp, model.goals, _idle(model), reason)


def _first(model: PlanModel, seeker: Seeker) -> FirstPlan | None:
    """Return a first plan from the bottlenecks that is late for nobody, if one is found: where its solver fails, none is."""
    try:
        return first_plan(model, seeker.part, lambda: seeker.ended)
    except KeyboardInterrupt:
        seeker.end(BY_USER)
        return None
    except SolverDiedError:
        return None  # the rounds of the ramp come next, and raise it if they fail too


def _idle(model: PlanModel) -> Floats:
    """Return the plan that does nothing, with what is owed anyway paid."""
    idle = idle_plan(model.network, model.variables, len(model.lp.lower))
    return with_idle_money(model.network, model.variables, with_idle_value(model.network, model.variables, idle))


def _large(model: PlanModel) -> bool:
    return bool(model.lp.whole.any()) and len(model.lp.row_lower) > SMALL


def _grown(learnt: PlanModel, first: FirstPlan, seeker: Seeker) -> tuple[PlanModel, Outcome] | None:
    """Return the best plan found of a large model from a first one that is late for nobody, and the model that it is of.

    `first` knows nothing of money and origin, and its columns need not be whole: it may be no plan, and lends its experience and its flow. Nearly all of
    its experience is assumed: then the relaxed plan that is best by what comes after the classes is sought near enough, and made whole; bounds are
    proved with all learnt. What is cut short, or fails, leaves the best plan so far: None if there is none.
    """
    best, bounds, prices = None, None, np.zeros(0)
    try:
        if limited(learnt) or first.whole is None:
            found = obeying(learnt, first, seeker.part)
            best = None if found is None else Planned(*found)
        else:
            best = Planned(first.model, first.whole)
        _on_time_so_far(learnt, best, seeker)
        model = model_of(assumed(learnt.network, GROWN * first.made))
        best = _better(model, _on_time(model), best, seeker)
        _on_time_so_far(learnt, best, seeker)
        if best is not None and not seeker.reasons:
            bounds, prices = _proved(learnt, best, seeker)
    except KeyboardInterrupt:
        seeker.end(BY_USER)
    except SolverDiedError as error:
        seeker.end(f"the solver failed: {error}")
    if best is None:
        return None
    status = "feasible" if seeker.reasons else "optimal"
    outcome = Outcome(status, best.x, _answered(best, learnt, prices), seeker.reason)
    return best.model, with_bounds(outcome, bounds or Ramp(best.model, learnt, ()))


def _on_time_so_far(model: PlanModel, best: Planned | None, seeker: Seeker) -> None:
    """Tell that all classes are served in full, once there is a plan that does."""
    for stage in model.stages if best is not None else ():
        if stage.demand_class is not None:
            seeker.later(Report(stage.name, 0.0, 0.0, 0.0, 0))


def _better(model: PlanModel, lp: Lp, best: Planned | None, seeker: Seeker) -> Planned | None:
    """Return a better plan by what comes after the classes, if one is found, else `best`; `lp` is the model, relaxed and with its classes held.

    The interior point method comes near the relaxed plan that is best, far sooner than to its vertex. What that plan makes and delivers is kept.
    """
    near = seeker.solve(lp, [at_once(model.goals[model.classes :])], told=RELAXED, share=MOST_OF_TIME, interior=True)
    if near.x is None or near.reason:
        return best
    x = remade(model, near.x, seeker.part)
    if x is None or (best is not None and not Planned(model, x).no_worse_than(best)):
        return best
    return Planned(model, x)


def _on_time(model: PlanModel) -> Lp:
    """Return the relaxed model whose plans are late for nobody."""
    lp, late = relaxed(model.lp), np.any([s.cost > 0 for s in model.stages[: model.classes]], axis=0)
    return replace(lp, upper=np.where(late, np.maximum(lp.lower, 0.0), lp.upper))


def _proved(learnt: PlanModel, best: Planned, seeker: Seeker) -> tuple[Ramp, Floats]:
    """Return what bounds a plan that is late for nobody, and the prices of the last objective: classes are at 0, which no price has to prove."""
    zero = tuple(at_floor(learnt.lp, s.cost) for s in learnt.stages[: learnt.classes])
    bound, prices = _bounding(learnt, seeker)

    def seek(model: PlanModel, lp: Lp, count: int, basis: Basis | None = None) -> Outcome:  # noqa: ARG001 - there is no basis
        goals = model.goals[model.classes : count]
        if not goals:
            return Outcome("optimal", lp.lower, zero)
        outcome = seeker.solve(_on_time(model), goals, told=LEARNING, interior=True)
        return replace(outcome, stages=(*zero, *outcome.stages)) if len(goals) == 1 else Outcome("stopped", None, ())

    ramp = proved(Ramp(best.model, learnt, ()), best.values, seek, bound)
    return ramp, prices[0] if prices else np.zeros(0)


def _answered(best: Planned, learnt: PlanModel, prices: Floats) -> tuple[StageAnswer, ...]:
    """Return the answers of a plan that is late for nobody; `prices` are those of the last objective in the model of one who has learnt all."""
    model, lp = best.model, best.model.lp
    answers = [at_floor(lp, s.cost) for s in model.stages[: model.classes]] + list(best.answers[model.classes :])
    if len(prices):
        duals = np.zeros(len(lp.row_lower))
        for name, block in lp.rows.items():
            theirs = learnt.lp.rows.get(name)
            if theirs is not None and len(theirs.entity) == len(block.entity):
                duals[block.index] = prices[theirs.index]
        reduced = model.stages[-1].cost - lp.transposed_times(duals)
        answers[-1] = replace(answers[-1], finished=True, row_duals=duals, column_duals=reduced)
    return tuple(answers)


def _bounding(learnt: PlanModel, seeker: Seeker) -> tuple[Callable[[Lp, Floats], float], list[Floats]]:
    """Return what bounds the last objective of a model over the plans of a relaxed one, and a list of the prices that did."""
    prices: list[Floats] = []

    def bound(lp: Lp, cost: Floats) -> float:
        found = seeker.solve(lp, [(learnt.stages[-1].name, cost)], told=LEARNING, interior=True)
        prices.extend(a.row_duals for a in found.stages if len(a.row_duals))
        return found.stages[0].bound if found.stages else -np.inf

    return bound, prices


def _climbed(model: PlanModel, seeker: Seeker) -> tuple[PlanModel, Outcome]:
    """Return the plan along a ramp that is climbed round by round, and the model that it is of."""

    def seek(model: PlanModel, lp: Lp, count: int, basis: Basis | None = None) -> Outcome:
        return seeker.solve(
            lp, model.goals[:count], told=LEARNING, share=0.5, together=_together(model, count), basis=basis
        )

    ramp = climb(model, seek, lambda k, value, bound: value - bound <= seeker.work.within(k, value))
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
        ramp = proved(ramp, tuple(a.value for a in outcome.stages), seek, _bounding(model, seeker)[0])
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
        best = _better(model, lp, best, seeker)
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
