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
from tandemplan.model.schema import Tranche
from tandemplan.network.origin import without_origin
from tandemplan.plan.first_plan import first_plan, made_by, made_whole
from tandemplan.plan.gates import whole_gates
from tandemplan.plan.idle_money import with_idle_money
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.origin import SHARE
from tandemplan.plan.ramp import NOWHERE, SMALL, Ramp, assumed, climb, proved, with_bounds
from tandemplan.plan.start.outcome import nothing_found, solve_from_bottlenecks
from tandemplan.plan.start.search import Goals
from tandemplan.plan.variables import idle_plan
from tandemplan.plan.whole_shifts import whole_shifts
from tandemplan.problems import SolverDiedError
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
ROUNDED = "no better plan was found by rounding up"
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
    first = _first(model, seeker) if _large(model) and ALLOCATION not in model.lp.rows else None
    if first is not None:
        return _grown(model, first, seeker)
    return _nothing(model, seeker.reason or OUT_OF_TIME) if seeker.reasons or seeker.ended else _climbed(model, seeker)


def _nothing(model: PlanModel, reason: str) -> tuple[PlanModel, Outcome]:
    """Return a model, and the outcome where the work on it ended before there was any plan."""
    return model, nothing_found(model.lp, model.goals, _idle(model), reason)


def _first(model: PlanModel, seeker: Seeker) -> Planned | None:
    """Return a first plan from the bottlenecks, whole and late for nobody, if one is found: where its solver fails, none is."""
    try:
        first = first_plan(model, seeker.part, lambda: seeker.ended)
    except KeyboardInterrupt:
        seeker.end(BY_USER)
        return None
    except SolverDiedError:
        return None  # the rounds of the ramp come next, and raise it if they fail too
    return None if first is None or first.whole is None else Planned(first.model, first.whole)


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
    """Return the plan that does nothing, with what is owed anyway paid."""
    idle = idle_plan(model.network, model.variables, len(model.lp.lower))
    return with_idle_money(model.network, model.variables, idle)


def _large(model: PlanModel) -> bool:
    return bool(model.lp.whole.any()) and len(model.lp.row_lower) > SMALL


def _grown(learnt: PlanModel, first: Planned, seeker: Seeker) -> tuple[PlanModel, Outcome]:
    """Return the best plan found of a large model from a first one that is late for nobody, and the model that it is of.

    The experience of the first plan is nearly assumed: then all objectives after the classes are sought, the relaxed plan is made
    whole, and bounds are proved with all learnt. What is cut short, or fails, leaves the best plan so far.
    """
    for stage in learnt.stages:
        if stage.demand_class is not None:
            seeker.later(Report(stage.name, 0.0, 0.0, 0.0, 0))
    best, bounds = first, Ramp(first.model, learnt, ())
    try:
        model = model_of(assumed(learnt.network, GROWN * made_by(first.model, first.x)))
        best = _better(model, first, seeker)
        bounds = Ramp(best.model, learnt, ())
        if not seeker.reasons:
            bounds = proved(
                bounds,
                best.values,
                lambda m, lp, count, _=None: _on_time(m, lp, count, seeker),
                _bounding(learnt, seeker),
            )
    except KeyboardInterrupt:
        seeker.end(BY_USER)
    except SolverDiedError as error:
        seeker.end(f"the solver failed: {error}")
    status = "feasible" if seeker.reasons else "optimal"
    return best.model, with_bounds(Outcome(status, best.x, best.answers, seeker.reason), bounds)


def _better(model: PlanModel, first: Planned, seeker: Seeker) -> Planned:
    """Return the best whole plan that comes of the relaxed one that is best by stock and cost, unless the first one is better."""
    plain = _on_time(model, relaxed(model.lp), len(model.stages), seeker, share=MOST_OF_TIME)
    if plain.x is None:
        return first
    if not plain.reason:
        found = _with_whole(model, plain, seeker)
        if found.x is not None and Planned(model, found.x).no_worse_than(first):
            return Planned(model, found.x, found.stages)
    whole = made_whole(model, plain.x, seeker.part)
    return first if whole is None or not Planned(model, whole).no_worse_than(first) else Planned(model, whole)


def _on_time(model: PlanModel, lp: Lp, count: int, seeker: Seeker, share: float = 1.0) -> Outcome:
    """Return the outcome of the first `count` objectives among plans of a relaxed model that are late for nobody, as some are.

    Classes are at 0 there, which no price has to prove; only the objectives after them are sought, and no plan where there are none.
    """
    late = np.any([s.cost > 0 for s in model.stages if s.demand_class is not None], axis=0)
    classes = model.classes
    zero = tuple(at_floor(lp, s.cost) for s in model.stages[:classes])
    if count <= classes:
        return Outcome("optimal", lp.lower, zero)
    held_at_zero = replace(lp, upper=np.where(late, np.maximum(lp.lower, 0.0), lp.upper))
    outcome = seeker.solve(held_at_zero, model.goals[classes:count], told=RELAXED, share=share)
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
        ramp = proved(ramp, tuple(a.value for a in outcome.stages), seek, _bounding(model, seeker))
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
    """Return a plan of a large model that learns: best with its whole columns as the relaxed plan has them, rounded up.

    First a plan that serves the classes, whatever it costs, so that time never ends with none; then the relaxed plan that is best by all
    objectives, and the best one with its stations, sets and shifts made whole. Where money is a limit, a plan that costs whatever it likes
    is none once rounded up: the one that is best by all objectives comes first there.
    """
    model, goals = ramp.model, ramp.model.goals
    assert ramp.plan is not None
    together = _together(model, len(goals))
    first = Outcome("stopped", None, ()) if _funded(model) else _with_whole(model, ramp.plan, seeker)
    plain = seeker.solve(relaxed(model.lp), goals, told=RELAXED, together=together, basis=ramp.plan.basis)
    found = None
    if plain.x is not None and not plain.reason:
        found = _with_whole(model, plain, seeker)
    if _funded(model) and (found is None or found.x is None):
        first = _with_whole(model, ramp.plan, seeker)
    if found is not None and found.x is not None and (first.x is None or not found.reason):
        return found
    if first.x is None:
        return _sought(model, seeker.left(), seeker.later)
    return Outcome("feasible", first.x, tuple(unproved(cost, first.x) for _, cost in goals), seeker.reason or ROUNDED)


def _with_whole(model: PlanModel, plain: Outcome, seeker: Seeker) -> Outcome:
    """Return the best plan by the objectives of a relaxed one with its whole columns, rounded up, sought from its basis."""
    assert plain.x is not None
    goals = model.goals[: len(plain.stages)]
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
    return min(MOST_TOGETHER, count, model.classes)


def _sought(model: PlanModel, work: Work, hear: OnReport) -> Outcome:
    goals = model.goals
    classes = model.classes
    together = _together(model, len(goals))
    whole_at_once = model.lp.whole.any() or "experience" in model.lp.rows or _limited(model) or ALLOCATION in model.lp.rows
    if len(model.lp.row_lower) < LARGE or not classes or whole_at_once:
        return solve_in_child(model.lp, goals, work, hear, _idle(model), together=together)
    return solve_from_bottlenecks(model.lp, goals, work, hear, _idle(model), classes=classes, together=together)
