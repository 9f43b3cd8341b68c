"""Objectives in order over a model with whole columns: a bound from the relaxed model, then one search after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver import face, highs
from tandemplan.solver.covers import tightened
from tandemplan.solver.engine import Watch
from tandemplan.solver.held import DUST, HELD, fixed, held, held_bound, most_of, rounded, whole_in
from tandemplan.solver.lp import Lp
from tandemplan.solver.mip import Sought, seek_whole
from tandemplan.solver.rolling import begun
from tandemplan.solver.stages import (
    BY_USER,
    OUT_OF_TIME,
    OnReport,
    Outcome,
    Report,
    StageAnswer,
    Work,
    compared,
    feasible,
    unproved,
)
from tandemplan.solver.trim import trimmed
from tandemplan.solver.windows import LARGE, NODES, WINDOW_GAP, Ground, ground_of, improved

Floats = NDArray[np.float64]
Goals = list[tuple[str, Floats]]
Moves = Callable[[Ground, Floats, Floats | None], Iterator[Floats]]
BEGIN_SHARE = 0.3  # of the time of an objective that a first plan with lots may take
SHARE = 0.5  # of the time left that an objective may take which is not the last
RELAXED_SHARE = 0.6  # of the time in all that the relaxed model may take
LONG = 0.85  # the same for a large model: without its relaxed plan there is none to round
ROUNDING_SHARE = 0.4  # of the time left then that rounding by entities may take
FIRST_SHARE = 0.05  # of an objective's time for the first search by branch and cut
WINDOWS_SHARE = 0.75  # of what is left then
CLOSE = 0.02  # share of the value: a gap after the first search from which branch and cut is likely to prove the rest
CLOSE_SHARE = 0.25  # of what is left then for windows, where the gap is close
FIRST_NODES = 500  # of the tree of the first search, before windows
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
        order = compared(self.values, other.values, DUST)
        return order < 0 or (order == 0 and len(self.answers) > len(other.answers))


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
    relaxation: Outcome
    most: float
    seconds: float
    ground: face.Ground | None = None

    @property
    def costs(self) -> list[Floats]:
        """Return the cost vectors in order."""
        return [cost for _, cost in self.goals]

    def on_face(self, best: face.Best | None) -> Plan | None:
        """Return a plan found on the face of the relaxed model, if it is one and keeps every earlier value to the dust."""
        if best is None or not feasible(self.lp, best.x):
            return None
        made = replace(self.plan(best.x), answers=(*self.relaxation.stages[:-1], best.answer))
        pairs = zip(made.values[:-1], self.relaxation.stages, strict=False)
        kept = all(abs(v - a.value) <= DUST * max(1.0, abs(a.value)) for v, a in pairs)
        return made if kept else None

    def plan(self, x: Floats) -> Plan:
        """Return `x` as a plan with its values."""
        return Plan(x, tuple(float(c @ x) for c in self.costs))

    def plain_bound(self, objective: int, values: tuple[float, ...]) -> float:
        """Return what the relaxed model proves of an objective with the earlier ones at these values."""
        floor = unproved(self.goals[objective][1], np.zeros(len(self.lp.lower))).bound
        answers = self.relaxation.stages[: objective + 1]
        if len(answers) <= objective or not all(len(a.row_duals) for a in answers):
            return answers[0].bound if objective == 0 and answers else floor
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
    lp = tightened(lp, [cost for _, cost in stages], work, watch)
    spent = watch.spent

    def hear(report: Report) -> None:
        first = report.stage == stages[0][0]
        on_report(replace(report, value=None, bound=report.bound if first else None))

    share = (
        work
        if work.seconds is None
        else replace(work, seconds=(LONG if len(lp.row_lower) >= LARGE else RELAXED_SHARE) * work.seconds)
    )
    plain = highs.solve(lp, stages, share, on_report=hear, cancelled=cancelled, together=together)
    if plain.status == "infeasible":
        return plain
    most = most_of(np.zeros(1) if plain.x is None else plain.x)
    task = Task(lp, stages, work, watch, together, plain, most, watch.spent - spent)
    if len(lp.row_lower) >= LARGE and plain.face is not None:
        task = replace(task, ground=face.ground_of(lp, stages[-1][1], plain.face, work, watch))
    best, bounds, cause, impossible = _in_order(task, _first(task, spare))
    if impossible:
        return Outcome("infeasible", None, ())
    if best is None:
        return _without_plan(stages, spare, cause)
    best = best if best.answers else finished(task, best.x) or best
    return _outcome(task, best, bounds, cause)


def _first(task: Task, spare: Floats | None) -> Plan | None:
    """Return a plan to begin with: the relaxed one if it is whole, else rounded as its rows let it go, else one like the spare."""
    x = task.relaxation.x
    if x is None or task.watch.ended():
        return None
    if task.ground is not None:
        made = _rounded_on_face(task, task.ground, x) or _sought_on_face(task, task.ground, x)
        if made is not None:
            return made
    tries = [x] if whole_in(task.lp, x) else [rounded(task.lp, x)]
    for tried in [*tries, *([] if spare is None else [spare])]:
        made = finished(task, tried)
        if made is not None:
            return made
    return None


def _rounded_on_face(task: Task, ground: face.Ground, x: Floats) -> Plan | None:
    """Return the best plan that rounding by entities leads to on the face of the relaxed model, in its share of the time."""
    seconds = _seconds(task, last=True)
    until = np.inf if seconds is None else task.watch.spent + ROUNDING_SHARE * seconds
    best = None
    for found in face.round_by_entity(ground, task.lp, x):
        best = task.on_face(found) or best
        if best is not None:
            name, bound = task.goals[-1][0], min(task.relaxation.stages[-1].bound, best.values[-1])
            task.watch.on_report(Report(name, best.values[-1], bound, task.watch.spent, 0))
        if task.watch.spent >= until:
            break
    return best


def _sought_on_face(task: Task, ground: face.Ground, x: Floats) -> Plan | None:
    """Return a plan with the relaxed plan's whole numbers where they are whole already, the others sought by branch and cut."""
    seconds = _share(task, None if task.watch.left is None else task.watch.spent + task.watch.left, ROUNDING_SHARE)
    there = task.lp.whole & (np.abs(x - np.round(x)) <= HELD)
    lower, upper = (np.where(there, np.round(x), side) for side in (ground.lp.lower, ground.lp.upper))
    part = replace(ground.lp, whole=task.lp.whole, lower=lower, upper=upper)
    sought = Sought(task.goals[-1][0], ground.cost, WINDOW_GAP, seconds=seconds, quiet=True, rough=True, nodes=NODES)
    found = seek_whole(part, sought, None, task.work, task.watch).x
    return None if found is None else task.on_face(ground.at(ground.folded.unfolded(found)))


def finished(task: Task, x: Floats) -> Plan | None:
    """Return the best plan, by the objectives in order, with the whole columns of `x`: with its prices if time allows.

    What was no plan but for the dust in its whole columns may be none.
    """
    if task.ground is not None:
        made = task.on_face(task.ground.at(x))
        if made is not None:
            return made
    lp = fixed(task.lp, x)
    clean = np.clip(x, lp.lower, lp.upper)
    raw = task.plan(clean) if feasible(task.lp, clean) else None
    left = task.watch.left
    if raw is not None and task.ground is not None:
        return raw
    seconds = None if left is None else max(left, 1.0 if raw is not None else FINISH * task.seconds)
    outcome = highs.solve(
        lp,
        task.goals,
        replace(task.work, seconds=seconds),
        on_report=lambda _: None,
        cancelled=task.watch.cancelled,
        together=1 if task.relaxation.basis is not None else task.together,
        basis=task.relaxation.basis,
    )
    if outcome.x is None:
        return raw
    made = replace(task.plan(trimmed(task.lp, outcome.x, task.costs)), answers=outcome.stages)
    return made if made.better_than(raw) else raw


def _in_order(task: Task, best: Plan | None) -> tuple[Plan | None, list[Bound], str, bool]:
    """Seek one objective after the other; return the best plan, the bounds, why it ended early, whether nothing is feasible."""
    bounds: list[Bound] = []
    for k, (name, _) in enumerate(task.goals):
        cause = task.watch.ended()
        if cause:
            return best, bounds, cause, False
        values = () if best is None else best.values[:k]
        bound = task.plain_bound(k, values)
        if best is not None and task.proved(k, best.values[k], bound):
            bounds.append(Bound(bound, values))
            task.watch.on_report(Report(name, best.values[k], bound, task.watch.spent, 0))
            continue
        best, made, cause = _searched(task, k, best, bound)
        if best is None:
            return None, bounds, cause or OUT_OF_TIME, not cause
        bounds.append(made)
        task.watch.on_report(Report(name, best.values[k], min(made.value, best.values[k]), task.watch.spent, 0))
        if cause == BY_USER:
            return best, bounds, BY_USER, False
    return best, bounds, "", False


def _searched(task: Task, k: int, best: Plan | None, bound: float) -> tuple[Plan | None, Bound, str]:
    """Seek an objective from the best plan so far; return the best one now, a bound, and why the search ended early.

    Lots have a first plan made; branch and cut over all comes next, for a while; then windows, until they bring nothing more, for less
    long where the gap is close; then branch and cut until the objective is proved. A large model that has a plan is left to
    windows alone. No plan and no reason: nothing is feasible.
    """
    values = () if best is None else best.values[:k]
    lp, seconds = held(task.lp, task.costs[:k], values), _seconds(task, last=k == len(task.goals) - 1)
    end = None if seconds is None else task.watch.spent + seconds
    large = len(task.lp.row_lower) >= LARGE
    if best is not None and lp.covers:
        best = _by_moves(task, (lp, k), best, bound, _share(task, end, BEGIN_SHARE), moves=begun)
    if not large:
        best, made, cause = _branched(
            task, (lp, k), best, _sought(task, k, bound, _share(task, end, FIRST_SHARE), FIRST_NODES)
        )
        bound = made.value
        if made.ended or cause == BY_USER or (best is not None and task.proved(k, best.values[k], bound)):
            return best, made, cause
    if best is not None:
        close = best.values[k] - bound <= CLOSE * abs(best.values[k])
        share = 1.0 if large else CLOSE_SHARE if close else WINDOWS_SHARE
        best = _by_moves(task, (lp, k), best, bound, _share(task, end, share), moves=improved)
        cause = task.watch.ended()
        if large or cause or task.proved(k, best.values[k], bound):
            return best, Bound(bound, values), cause
    return _branched(task, (lp, k), best, _sought(task, k, bound, _share(task, end, 1.0), None))


def _share(task: Task, end: float | None, share: float) -> float | None:
    """Return that share of the seconds until the end of a search."""
    return None if end is None else max(end - task.watch.spent, 0.0) * share


def _sought(task: Task, k: int, bound: float, seconds: float | None, nodes: int | None) -> Sought:
    scale = task.work.scales[k] if k < len(task.work.scales) else 0.0
    return Sought(*task.goals[k], task.work.gap, task.work.gap * scale, bound, seconds, nodes=nodes)


def _branched(task: Task, asked: tuple[Lp, int], best: Plan | None, sought: Sought) -> tuple[Plan | None, Bound, str]:
    """Seek an objective by branch and cut over the whole model; return the best plan, a bound, why the search ended early."""
    lp, k = asked
    values = () if best is None else best.values[:k]
    found = seek_whole(lp, sought, None if best is None else best.x, task.work, task.watch)
    made = None if found.x is None else finished(task, found.x)
    best = made if made is not None and made.better_than(best) else best
    cause = found.cause or (OUT_OF_TIME if best is None and not found.impossible else "")
    return best, Bound(max(sought.bound, found.bound), values, ended=not cause), cause


def _by_moves(
    task: Task, asked: tuple[Lp, int], best: Plan, bound: float, seconds: float | None, *, moves: Moves
) -> Plan:
    """Return the best plan that moves lead to (windows, or fewer set-ups), until they bring nothing more or the objective is proved."""
    lp, k = asked
    until = np.inf if seconds is None else task.watch.spent + seconds
    start, relaxed = best.x, task.relaxation.x
    back: Callable[[Floats], Floats] = np.copy
    goal = task.goals[k]
    if task.ground is not None and k == len(task.goals) - 1 and len(best.answers) > k:
        lp, goal = replace(task.ground.lp, whole=task.lp.whole), (goal[0], task.ground.cost)
        start, back = task.ground.folded.folded(best.x), task.ground.folded.unfolded
        relaxed = None if relaxed is None else task.ground.folded.folded(relaxed)
    ground = ground_of(lp, goal, task.work, task.watch, until)
    x = start
    for found in moves(ground, start, relaxed):
        x, value = found, ground.value(found)
        task.watch.on_report(Report(ground.name, value, min(bound, value), task.watch.spent, 0))
        if task.proved(k, value, bound):
            break
    made = None if x is start else finished(task, back(x))
    return made if made is not None and made.better_than(best) else best


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
