"""A linear model in which some limits may be let go: the least of a cost for any of them let go, and the smallest breaches for it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.interrupts import heard
from tandemplan.problems import SolverStoppedError
from tandemplan.solver.elastic import Soft, elastic
from tandemplan.solver.engine import BEST, ENDED, IMPOSSIBLE, cause_of, engine_of
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import OUT_OF_TIME, Limits, Work, limits_of, scale_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LARGE = 20_000  # rows from which on a model is large
ROOM = 1e-7  # share of a cost, and of its largest coefficient, by which it may be above its least while breaches are made small


@dataclass(frozen=True, eq=False)
class Least:
    """The least of a cost, the plan that has it (columns of the model), and how far each entry of what may give way does."""

    value: float
    x: Floats
    breach: Floats


class Loosened:
    """Answers what the least of a cost is when some limits are let go, warm from the answer before.

    Every entry of `soft` is a column that is closed while its limit is held (`elastic`); no column is whole here. Ctrl-C that is held back
    (`interrupts.held_back`) ends the answer that is sought.
    """

    def __init__(self, lp: Lp, soft: Soft, cost: Floats, work: Work) -> None:
        self.soft, self.size = soft, len(lp.lower)
        self.model = elastic(lp, soft)
        self.cost, self.scale = np.append(cost, np.zeros(len(self.model.lower) - self.size)), scale_of(cost)
        self.solves = 0
        self._was = np.zeros(len(soft.row), dtype=bool)
        self._work, self._begin = work, time.monotonic()
        bounds = limits_of(self.model)
        closed = np.append(lp.upper, np.zeros(len(self.model.upper) - self.size))
        self._engine = engine_of(self.model, Limits(bounds.lower, closed, bounds.row_lower, bounds.row_upper), work)
        self._engine.cbSimplexInterrupt += _hear
        self._row = len(self.model.row_lower)
        there = np.flatnonzero(self.cost)
        inf = self._engine.getInfinity()
        self._engine.addRow(-inf, inf, len(there), there.astype(np.int32), self.cost[there] / self.scale)

    def least(self, open_: Bools, seconds: float | None = None) -> Least:
        """Return the least cost where the entries in `open_` are let go; raises SolverStoppedError where there is no answer (in so many seconds)."""
        self._open(open_)
        self._limit(np.inf)
        return self._answer(self.cost, seconds)

    def smallest(self, open_: Bools, most: float, price: Floats, seconds: float | None = None) -> Least:
        """Return the plan whose cost is at most `most` with the cheapest breaches, at a `price` for a unit of each entry; raises as `least` does."""
        self._open(open_)
        self._limit(most)
        found = self._answer(
            np.concatenate([np.zeros(self.size), price, np.zeros(len(self.soft.level_limits))]), seconds
        )
        return Least(float(self.cost[: self.size] @ found.x), found.x, found.breach)

    def _open(self, open_: Bools) -> None:
        if len(self.model.row_lower) > LARGE and (self._was & ~open_).any():
            self._engine.clearSolver()  # a plan that had more freedom is far from one that has less: presolve finds that sooner
        self._was = open_
        upper = np.where(open_, self.soft.most, 0.0)
        columns = np.arange(self.size, self.size + len(upper), dtype=np.int32)
        self._engine.changeColsBounds(len(upper), columns, np.zeros(len(upper)), upper)

    def _limit(self, most: float) -> None:
        inf = self._engine.getInfinity()
        room = ROOM * max(abs(most), self.scale) if np.isfinite(most) else 0.0
        self._engine.changeRowBounds(self._row, -inf, (most + room) / self.scale if np.isfinite(most) else inf)

    def _answer(self, cost: Floats, seconds: float | None = None) -> Least:
        engine, scale = self._engine, scale_of(cost)
        engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost / scale)
        status = self._run(seconds)
        if status not in (*ENDED, *IMPOSSIBLE):  # numerical trouble: from the beginning
            engine.clearSolver()
            status = self._run(seconds)
        if status not in BEST:
            raise SolverStoppedError(cause_of(engine, status))
        x = np.array(engine.getSolution().col_value, dtype=np.float64)
        entries = len(self.soft.row)
        return Least(float(cost @ x), x[: self.size], x[self.size : self.size + entries])

    def _run(self, seconds: float | None) -> Any:
        """Run the engine for so many seconds, or what is left of the time, and return its status."""
        limits = [] if seconds is None else [seconds]
        if self._work.seconds is not None:
            limits.append(self._work.seconds - (time.monotonic() - self._begin))
        if limits and min(limits) <= 0:
            raise SolverStoppedError(OUT_OF_TIME)
        self._engine.setOptionValue("time_limit", self._engine.getRunTime() + min(limits) if limits else np.inf)
        self._engine.run()
        self.solves += 1
        return self._engine.getModelStatus()


def _hear(event: Any) -> None:
    """End the work of an engine once Ctrl-C was held back."""
    if heard():
        event.data_in.user_interrupt = True
