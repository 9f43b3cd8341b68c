"""Whether limits conflict: an elastic model solved over and over with other limits held, and with whole columns the model itself.

Runs in the child process.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.elastic import Soft, elastic, without
from tandemplan.solver.engine import BEST, DUAL_SIMPLEX, IMPOSSIBLE, PRIMAL_SIMPLEX, Watch, engine_of
from tandemplan.solver.held import fixed, relaxed, rounded
from tandemplan.solver.lp import Lp
from tandemplan.solver.mip import PROVING
from tandemplan.solver.stages import OUT_OF_TIME, Limits, Report, Work, limits_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BROKEN = 1e-6  # share of the size of a limit below which it counts as kept
NO_PRICE = 1e-7  # share of the cost of a breach below which its entry has no price
LARGEST_COST = 1e4  # of a unit of ease, as the solver sees it: its tolerances are absolute
LARGE = 20_000  # rows from which on a model is large
MOST_SOLVES = (600, 120)  # in small models, in large ones
MOST_SECONDS = 60.0  # that one question about whole columns may take
MOST_SHARE = 0.25  # of the time left, likewise
NAME = "what conflicts"
ENOUGH = "the search for conflicts was cut short"


class EndedError(Exception):
    """Raised inside this package when time, or whoever watches, ends the search; says why."""


@dataclass(frozen=True, eq=False)
class Breaches:
    """Breaches of a plan: the amount of each entry, what those held cost in all, and which entries have a price."""

    amount: Floats
    cost: float
    priced: Bools


@dataclass(frozen=True, eq=False)
class Ease:
    """How far each entry gives way, and a plan with that: the columns of the model."""

    amount: Floats
    x: Floats


@dataclass(frozen=True, eq=False)
class Verdict:
    """Whether held entries conflict (None: not known in the time given), and entries among them that do so by themselves.

    `relaxed`: they conflict even where no column need be whole.
    """

    conflict: bool | None
    among: Bools
    relaxed: bool = False


class Judge:
    """Answers which entries of `soft` conflict when they are held; every question is a solve, and counted.

    In linear models a breach of held entries has a cost and that of others has none: the least cost is 0 unless those held conflict,
    and only the objective changes from one question to the next, so primal simplex goes on from the basis at hand. Where it is above
    0, its prices prove that the entries which have one conflict (a Farkas proof: Gleeson and Ryan 1990, Identifying minimally
    infeasible subsystems of inequalities). With whole columns the relaxed model is asked first, and then the model itself.
    """

    def __init__(self, lp: Lp, soft: Soft, work: Work, watch: Watch) -> None:
        self.lp, self.soft = lp, soft
        self.whole = bool(lp.whole.any())
        self.solves = 0
        self._work, self._watch = work, watch
        self._model = elastic(lp, soft)
        self._level_cost = 1.0 / soft.size[soft.level_limits]
        self._scale = max(float(np.concatenate([soft.cost, self._level_cost]).max(initial=0.0)), 1e-30) / LARGEST_COST
        none = np.zeros(len(self._level_cost))
        self._engine = self._elastic(np.zeros(len(soft.row)), soft.most, level_most=none, whole=False)

    def verdict(self, held: Bools) -> Verdict:
        """Return whether the entries in `held` conflict when all others give way."""
        found = self.relaxed_verdict(held)
        if found.conflict or not self.whole:
            return found
        holds = self._holds_whole(without(self.lp, self.soft, ~held), self._plan(self._engine))
        return Verdict(None if holds is None else not holds, held)

    def relaxed_verdict(self, held: Bools) -> Verdict:
        """Return whether the entries in `held` conflict where no column need be whole."""
        found = self.breaches(held)
        if found is None or found.cost > BROKEN:
            return Verdict(True, held if found is None else held & found.priced, relaxed=True)
        return Verdict(False, held)

    def breaches(self, held: Bools) -> Breaches | None:
        """Return the cheapest breaches of held entries in the relaxed model (None: the rest alone has no plan)."""
        engine, first = self._engine, len(self.lp.lower)
        cost = np.where(held, self.soft.cost, 0.0)
        engine.changeColsCost(len(cost), np.arange(first, first + len(cost), dtype=np.int32), cost / self._scale)
        status = self._run(engine)
        engine.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        if status not in (*BEST, *IMPOSSIBLE):
            engine.clearSolver()
            engine.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
            status = self._run(engine)
        if status in IMPOSSIBLE:
            return None
        if status not in BEST:
            raise EndedError(f"the solver could not go on: {engine.modelStatusToString(status)}")
        prices = np.abs(np.array(engine.getSolution().row_dual, dtype=np.float64)) * self._scale
        amount = self._amount(engine)
        priced = prices[self.soft.row] * np.abs(self.soft.rate) > NO_PRICE * self.soft.cost
        return Breaches(amount, float(cost @ amount), priced)

    def whole_breaches(self, firm: Bools, held: Bools) -> Breaches | None:
        """Return breaches of a plan with whole columns that keeps the entries in `firm`: cheap ones of those held, not the cheapest."""
        cost, none = np.where(held, self.soft.cost, 0.0), np.zeros(len(self._level_cost))
        engine = self._elastic(cost, np.where(firm, 0.0, self.soft.most), level_most=none, whole=True)
        engine.setOptionValue("mip_rel_gap", 0.1)
        status = self._run(engine, self._patience())
        if status in IMPOSSIBLE or engine.getInfo().primal_solution_status != 2:
            return None
        amount = self._amount(engine)
        return Breaches(amount, float(cost @ amount), np.ones(len(amount), dtype=bool))

    def least(self, limits: Ints, held: Bools, *, whole: bool = False) -> Ease | None:
        """Return the cheapest ease of entries in `held` of some limits, with all others in `held` kept (None: it is not enough).

        Level limits give way alike in all their rows, others row by row; entries that are not in `held` give way as they like. With
        `whole` columns whole, None stands for what is not known in the time given too.
        """
        soft = self.soft
        mine = np.isin(soft.of, limits) & held
        most = np.where((mine & ~soft.level[soft.of]) | ~held, soft.most, 0.0)
        level_most = np.where(np.isin(soft.level_limits, limits), np.inf, 0.0)
        engine = self._elastic(np.where(mine, soft.cost, 0.0), most, level_most=level_most, whole=whole)
        if self._run(engine, self._patience() if whole else np.inf) not in BEST:
            return None
        return Ease(np.where(mine, self._amount(engine), 0.0), self._plan(engine))

    def holds(self, lp: Lp, x: Floats) -> bool:
        """Return whether a solve of a model finds a plan: with whole columns, one with those of a plan `x` nearby, rounded."""
        near = fixed(lp, rounded(lp, x)) if self.whole else lp
        return self._run(self._engine_of(near, limits_of(near))) in BEST

    def _holds_whole(self, lp: Lp, x: Floats) -> bool | None:
        """Return whether a model has a plan with whole columns whole: that of its relaxed plan `x` rounded, or any other one."""
        if self.holds(lp, x):
            return True
        status = self._run(self._engine_of(lp, limits_of(lp), whole=True), self._patience())
        return False if status in IMPOSSIBLE else True if status in BEST else None

    def _plan(self, engine: Any) -> Floats:
        """Return the columns of the model, without breaches, of an engine's plan."""
        return np.array(engine.getSolution().col_value, dtype=np.float64)[: len(self.lp.lower)]

    def _elastic(self, cost: Floats, most: Floats, *, level_most: Floats, whole: bool) -> Any:
        """Return a new engine for the elastic model, with costs and most breaches of entries, and most eases of level limits."""
        model = self._model if whole else relaxed(self._model)
        upper = np.concatenate([self.lp.upper, most, level_most])
        engine = self._engine_of(model, replace(limits_of(model), upper=upper), whole=whole)
        costs = np.concatenate([np.zeros(len(self.lp.lower)), cost, self._level_cost]) / self._scale
        engine.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        return engine

    def _amount(self, engine: Any) -> Floats:
        """Return how far each entry gives way: by itself, and with its limit where that is level."""
        x = np.array(engine.getSolution().col_value, dtype=np.float64)[len(self.lp.lower) :]
        entries, alike = len(self.soft.row), np.zeros(len(self.soft.size))
        alike[self.soft.level_limits] = x[entries:]
        return np.maximum(x[:entries] + alike[self.soft.of], 0.0)

    def _patience(self) -> float:
        left = self._watch.left
        return MOST_SECONDS if left is None else min(MOST_SECONDS, max(MOST_SHARE * left, 0.0))

    def _run(self, engine: Any, seconds: float = np.inf) -> Any:
        """Run an engine for so many seconds at most and return its status; raises EndedError when all must end."""
        ended = self._watch.ended() or (ENOUGH if self.solves >= MOST_SOLVES[len(self.lp.row_lower) >= LARGE] else "")
        if ended:
            raise EndedError(ended)
        left = np.inf if self._watch.left is None else max(self._watch.left, 0.0)
        engine.setOptionValue("time_limit", engine.getRunTime() + min(seconds, left))
        engine.run()
        self.solves += 1
        self._watch.on_report(self._report())
        status, ended = engine.getModelStatus(), self._watch.ended()
        if ended or (status == highspy.HighsModelStatus.kTimeLimit and left <= seconds):
            raise EndedError(ended or OUT_OF_TIME)
        return status

    def _engine_of(self, lp: Lp, limits: Limits, *, whole: bool = False) -> Any:
        """Return an engine that reports, and ends its work when whoever watches wants it to."""
        engine = engine_of(lp, limits, self._work, whole=whole)
        hear = self._watch.listener(lambda _: self._report())
        engine.cbSimplexInterrupt += hear
        if whole:
            engine.cbMipInterrupt += hear
            for option, value in PROVING.items():
                engine.setOptionValue(option, value)
        return engine

    def _report(self) -> Report:
        return Report(NAME, None, None, self._watch.spent, self.solves)
