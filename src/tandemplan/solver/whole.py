"""Objectives in order over a model with whole columns: a bound from the relaxed model, then one search after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver import highs
from tandemplan.solver.engine import Watch
from tandemplan.solver.held import DUST, fixed, held, held_bound, most_of, relaxed, whole_in
from tandemplan.solver.lp import Lp
from tandemplan.solver.mip import Sought, seek_whole
from tandemplan.solver.stages import (
    BY_USER,
    OUT_OF_TIME,
    OnReport,
    Outcome,
    Report,
    StageAnswer,
    Work,
    feasible,
    unproved,
)

Floats = NDArray[np.float64]
Goals = list[tuple[str, Floats]]
SHARE = 0.5  # of the time left that an objective may take which is not the last
UNPROVED = "not proved within the gap asked for"
FINISH = 0.25  # of the time in all that is kept at most for the prices of the plan in the end


@dataclass(frozen=True, eq=False)
class Plan:
    """A whole plan: its columns, its value by each objective, and the answers of the model with whole columns fixed there."""

    x: Floats
    values: tuple[float, ...]
    answers: tuple[StageAnswer, ...] = ()

    def better_than(self, other: Plan | None) -> bool:
        """Return whether it comes first by the objectives in order, dust apart."""
        if other is None:
            return True
        for mine, theirs in zip(self.values, other.values, strict=True):
            if abs(mine - theirs) > DUST * max(1.0, abs(theirs)):
                return mine < theirs
        return len(self.answers) > len(other.answers)


@dataclass(frozen=True, eq=False)
class Bound:
    """A bound on an objective over whole plans with the earlier ones at `held` values or below; whether its search ended.

    A search that ended may leave a bound below the value by what `HELD` is worth.
    """

    value: float
    held: tuple[float, ...]
    ended: bool = False

    def stands(self, values: tuple[float, ...]) -> bool:
        """Return whether it is a bound where the earlier objectives are held at `values`."""
        pairs = zip(values, self.held, strict=False)
        return all(v <= h + DUST * max(1.0, abs(h)) for v, h in pairs)


@dataclass(frozen=True, eq=False)
class Task:
    """What is asked: the model, its objectives, the limits of the work and what ends it; how many may be sought together."""

    lp: Lp
    goals: Goals
    work: Work
    watch: Watch
    together: int
    relaxation: tuple[StageAnswer, ...]
    most: float
    seconds: float

    @property
    def costs(self) -> list[Floats]:
        """Return the cost vectors in order."""
        return [cost for _, cost in self.goals]

    def plan(self, x: Floats) -> Plan:
        """Return `x` as a plan with its values."""
        return Plan(x, tuple(float(c @ x) for c in self.costs))

    def plain_bound(self, objective: int, values: tuple[float, ...]) -> float:
        """Return what the relaxed model proves of an objective with the earlier ones at these values."""
        floor = unproved(self.goals[objective][1], np.zeros(len(self.lp.lower))).bound
        answers = self.relaxation[: objective + 1]
        if len(answers) <= objective or not all(len(a.row_duals) for a in answers):
            return self.relaxation[0].bound if objective == 0 and self.relaxation else floor
        return max(held_bound(self.lp, self.costs[: objective + 1], answers, values, self.most), floor)

    def proved(self, objective: int, value: float, bound: float) -> bool:
        """Return whether a value is proved within the gap asked for."""
        return bool(value - bound <= max(self.work.within(objective, value), DUST * max(1.0, abs(value))))


def solve(
    lp: Lp,
    stages: Goals,
    work: Work,
    *,
    on_report: OnReport,
    cancelled: Callable[[], bool],
    fallback: Floats | None = None,
    together: int = 1,
) -> Outcome:
    """Return the whole plan that is best by the first objective, among those by the second, and so on.

    Each objective is sought among plans that are as good by those before as the plan at hand (`held`), until it is proved
    within the gap of `work`. A limit of time or `cancelled` ends the work: the best plan so far comes back. Bounds hold for
    all whole plans that keep the earlier values; row prices are those of the model with whole columns fixed at the plan's.
    """
    begin = time.monotonic()
    watch = Watch(begin, work.seconds, on_report, cancelled)
    spare = fallback if fallback is not None and feasible(lp, fallback) and whole_in(lp, fallback) else None

    def hear(report: Report) -> None:
        first = report.stage == stages[0][0]
        on_report(replace(report, value=None, bound=report.bound if first else None))

    plain = highs.solve(relaxed(lp), stages, work, on_report=hear, cancelled=cancelled, together=together)
    if plain.status == "infeasible":
        return plain
    most = most_of(np.zeros(1) if plain.x is None else plain.x)
    task = Task(lp, stages, work, watch, together, plain.stages, most, watch.spent)
    best: Plan | None = None
    if plain.x is not None and whole_in(lp, plain.x):
        best = finished(task, plain.x)
    best, bounds, cause, impossible = _in_order(task, best)
    if impossible:
        return Outcome("infeasible", None, ())
    if best is None:
        return _without_plan(stages, spare, cause)
    best = best if best.answers else finished(task, best.x) or best
    return _outcome(task, best, bounds, cause)


def finished(task: Task, x: Floats) -> Plan | None:
    """Return the best plan, by the objectives in order, with the whole columns of `x`: with its prices if time allows.

    What was no plan but for the dust in its whole columns may be none.
    """
    lp = fixed(task.lp, x)
    clean = np.clip(x, lp.lower, lp.upper)
    raw = task.plan(clean) if feasible(task.lp, clean) else None
    left = task.watch.left
    seconds = None if left is None else max(left, FINISH * task.seconds, 0.1)
    outcome = highs.solve(
        lp,
        task.goals,
        replace(task.work, seconds=seconds),
        on_report=lambda _: None,
        cancelled=task.watch.cancelled,
        together=task.together,
    )
    if outcome.x is None:
        return raw
    made = replace(task.plan(outcome.x), answers=outcome.stages)
    return made if made.better_than(raw) else raw


def _in_order(task: Task, best: Plan | None) -> tuple[Plan | None, list[Bound], str, bool]:
    """Seek one objective after the other; return the best plan, the bounds, why it ended early, whether nothing is feasible."""
    bounds: list[Bound] = []
    for k, (name, cost) in enumerate(task.goals):
        cause = task.watch.ended()
        if cause:
            return best, bounds, cause, False
        values = () if best is None else best.values[:k]
        bound = task.plain_bound(k, values)
        if best is not None and task.proved(k, best.values[k], bound):
            bounds.append(Bound(bound, values))
            task.watch.on_report(Report(name, best.values[k], bound, task.watch.spent, 0))
            continue
        scale = task.work.scales[k] if k < len(task.work.scales) else 0.0
        within = task.work.gap * scale
        sought = Sought(name, cost, task.work.gap, within, bound, _seconds(task, last=k == len(task.goals) - 1))
        start = None if best is None else best.x
        found = seek_whole(held(task.lp, task.costs[:k], values), sought, start, task.work, task.watch)
        if found.impossible and best is None:
            return None, bounds, "", True
        made = None if found.x is None else finished(task, found.x)
        best = made if made is not None and made.better_than(best) else best
        bounds.append(Bound(max(bound, found.bound), values, ended=not found.cause))
        if best is None:
            return None, bounds, found.cause or OUT_OF_TIME, False
        task.watch.on_report(Report(name, best.values[k], min(bounds[-1].value, best.values[k]), task.watch.spent, 0))
        if found.cause == BY_USER:
            return best, bounds, BY_USER, False
    return best, bounds, "", False


def _seconds(task: Task, *, last: bool) -> float | None:
    """Return how long the search for an objective may take: time is kept for the prices of the plan, and for the next ones."""
    left = task.watch.left
    if left is None:
        return None
    assert task.work.seconds is not None
    left = max(left - min(task.seconds, FINISH * task.work.seconds), 0.5 * left)
    return left if last else SHARE * left


def _without_plan(stages: Goals, spare: Floats | None, cause: str) -> Outcome:
    if spare is None:
        return Outcome("stopped", None, (), cause)
    return Outcome("stopped", spare, tuple(unproved(cost, spare) for _, cost in stages), cause)


def _outcome(task: Task, best: Plan, bounds: list[Bound], cause: str) -> Outcome:
    answers, blank = [], np.zeros(0)
    for k, value in enumerate(best.values):
        held_at = best.values[:k]
        bound, ended = task.plain_bound(k, held_at), False
        if k < len(bounds) and bounds[k].stands(held_at):
            bound, ended = max(bound, bounds[k].value), bounds[k].ended
        priced = best.answers[k] if k < len(best.answers) else None
        answers.append(
            StageAnswer(
                value=value,
                bound=min(bound, value),
                finished=ended or task.proved(k, value, bound),
                row_duals=blank if priced is None else priced.row_duals,
                column_duals=blank if priced is None else priced.column_duals,
                seconds=0.0 if priced is None else priced.seconds,
                iterations=0 if priced is None else priced.iterations,
            )
        )
    done = all(a.finished for a in answers)
    if not done and not cause:
        cause = UNPROVED if task.work.seconds is None else OUT_OF_TIME
    return Outcome("optimal" if done else "feasible", best.x, tuple(answers), cause)
