"""The work of seeking a plan: solves in a child process within the time that is left, and the whole plans that come of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.interrupts import pending
from tandemplan.plan.model import PlanModel
from tandemplan.plan.start.search import Goals
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import (
    BY_USER,
    Basis,
    Limits,
    OnReport,
    Outcome,
    Report,
    StageAnswer,
    Work,
    compared,
    unproved,
)

Floats = NDArray[np.float64]
FINISH = 15.0  # seconds in which a plan is finished that the user stops while it learns
LEARNING = "learning"
DUST = 1e-6  # share of a value by which two plans may differ that are the same by it


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

    def within(self, k: int, value: float, bound: float) -> bool:
        """Return whether a value of objective `k` is as near to its bound as is asked for."""
        return value - bound <= self.work.within(k, value)

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
