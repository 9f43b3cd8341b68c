"""Solve a large plan: from its bottlenecks class by class, then whole for the objectives that come after."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from tandemplan.plan.start.flow import Floats
from tandemplan.plan.start.search import Goals, Start, search
from tandemplan.problems import SolverDiedError
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
    feasible,
    unproved,
)


def solve_from_bottlenecks(
    lp: Lp, goals: Goals, work: Work, on_report: OnReport, idle: Floats, *, classes: int, together: int
) -> Outcome:
    """Return the outcome for objectives in order, the first `classes` of which are sought from bottlenecks first.

    What is proved of classes there stands, and the model held to it is solved for the rest. Whatever is cut short, by time or
    Ctrl-C, the best plan so far comes back with its bounds. A model that is no flow is solved as it is. A part whose solver
    fails ends the search: the whole model is solved next, and raises SolverDiedError if it fails too.
    """
    begin = time.monotonic()
    best: Start | None = None
    reason = ""

    def left() -> Work:
        return (
            work if work.seconds is None else replace(work, seconds=max(work.seconds - (time.monotonic() - begin), 0.0))
        )

    def hear(report: Report) -> None:
        on_report(replace(report, seconds=time.monotonic() - begin))

    def solve(part: Lp, asked: Goals, basis: Basis | None, eased: Limits | None) -> Outcome:
        nonlocal reason
        first = asked[0][0]
        outcome = solve_in_child(part, asked, left(), lambda r: _still_at(r, first, hear), basis=basis, eased=eased)
        reason = reason or outcome.reason
        return outcome

    try:
        for start in search(lp, goals[:classes], solve, lambda: left().seconds == 0, idle):
            first, best = 0 if best is None else len(best.proofs), start
            for k in range(first, min(len(start.proofs) + 1, classes)):
                hear(Report(goals[k][0], start.values[k], min(start.bounds[k], start.values[k]), 0.0, 0))
    except KeyboardInterrupt:
        reason = BY_USER
    except SolverDiedError:
        pass  # the whole model is solved next, with what was found so far behind it
    reason = reason or (OUT_OF_TIME if left().seconds == 0 else "")
    if reason:
        return nothing_found(lp, goals, idle, reason) if best is None else _cut_short(best, goals, reason)
    proofs = best.proofs if best is not None and len(best.proofs) == classes else ()
    try:
        outcome = solve_in_child(
            lp, goals[len(proofs) :], left(), hear, idle if best is None else best.x,
            together=1 if proofs else together, limits=best.limits if best is not None and proofs else None,
        )  # fmt: skip
    except KeyboardInterrupt:
        outcome = nothing_found(lp, goals, idle, BY_USER)
    if best is not None and outcome.status in ("stopped", "memory"):
        return _cut_short(best, goals, outcome.reason)
    if outcome.x is None:
        return outcome
    return replace(outcome, stages=(*_worth(proofs, goals, outcome.x), *outcome.stages))


def _worth(proofs: tuple[StageAnswer, ...], goals: Goals, x: Floats) -> list[StageAnswer]:
    """Return proofs with the values that the plan found in the end has: those of its bounds, but for dust."""
    values = [float(cost @ x) for _, cost in goals[: len(proofs)]]
    return [replace(p, value=v, bound=min(p.bound, v)) for p, v in zip(proofs, values, strict=True)]


def _still_at(report: Report, stage: str, hear: OnReport) -> None:
    """Pass on that a stage is being worked at; what a model of bottlenecks alone is worth is no value of a plan."""
    if report.stage == stage:
        hear(replace(report, value=None, bound=None))


def nothing_found(lp: Lp, goals: Goals, idle: Floats, reason: str) -> Outcome:
    """Return the outcome when no plan was found: the idle one stands in where it keeps the limits."""
    if not feasible(lp, idle):
        return Outcome("stopped", None, (), reason)
    return Outcome("stopped", idle, tuple(unproved(cost, idle) for _, cost in goals), reason)


def _cut_short(best: Start, goals: Goals, reason: str) -> Outcome:
    """Return the best plan so far as an outcome, with what is proved and the bounds known of the rest."""
    bounds = [*best.bounds, *[-np.inf] * (len(goals) - len(best.bounds))]
    rest = [unproved(cost, best.x, bound) for (_, cost), bound in zip(goals, bounds, strict=True)]
    return Outcome("feasible", best.x, (*best.proofs, *rest[len(best.proofs) :]), reason)
