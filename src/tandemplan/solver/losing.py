"""One model under many losses: columns that are nothing for a while, each solved by dual simplex from the best basis without the loss."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.engine import (
    BEST,
    DUAL_SIMPLEX,
    OVER,
    PRIMAL_SIMPLEX,
    Watch,
    basis_of,
    engine_of,
    plan_of,
    set_basis,
    set_columns,
    set_rows,
)
from tandemplan.solver.highs import APART, in_order
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Limits, Work, limits_of, scale_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HARM = 1e-4  # of the objectives together, the largest cost of each being 10,000: a loss that makes no more of them harms nobody


@dataclass(frozen=True, eq=False)
class Arriving:
    """What is on order and comes through what is lost: `units` on the days `comes`, in `rows` (orders x periods) from the days `opens` on (alike)."""

    rows: Ints
    opens: Floats
    comes: Floats
    units: Floats

    def shifted(self, first: float, end: float, count: int) -> Floats:
        """Return what the right sides of `count` rows gain where all that comes between two days comes on the second of them.

        >>> late = Arriving(np.array([[0, 1, 2]]), np.array([[0.0, 7.0, 14.0]]), np.array([5.0]), np.array([3.0]))
        >>> late.shifted(0.0, 8.0, 3).tolist(), late.shifted(0.0, 99.0, 3).tolist(), late.shifted(6.0, 99.0, 3).tolist()
        ([0.0, -3.0, 3.0], [0.0, -3.0, 0.0], [0.0, 0.0, 0.0])
        """
        change = np.zeros(count + 1)
        hit = np.flatnonzero((self.comes >= first) & (self.comes < end))
        for days, sign in ((self.comes[hit], -1.0), (np.full(len(hit), end), 1.0)):
            period = (self.opens[hit] < days[:, None]).sum(axis=1)
            inside = period < self.rows.shape[1]
            np.add.at(change, self.rows[hit[inside], period[inside]], sign * self.units[hit[inside]])
        return change[:-1]


@dataclass(frozen=True, eq=False)
class Loss:
    """Something is lost for `days` days: `columns` are nothing where their `day` is before its end, and `arriving` comes then."""

    columns: Ints
    day: Floats
    arriving: Arriving
    days: float


@dataclass(frozen=True, eq=False)
class Suffered:
    """What a loss leads to: the plan under it (None: there is none), whether it harms by any objective, and for how many days of it nobody is."""

    x: Floats | None
    harms: bool
    survives: float


def suffered(
    lp: Lp, stages: Sequence[tuple[str, Floats]], losses: Sequence[Loss], first: float, lasts: Floats
) -> tuple[Floats | None, list[Suffered]]:
    """Return the best plan by objectives in order without a loss (None: there is none), and what comes of each loss from day `first` on.

    What a loss harms is told by the objectives together, each weighing 100 times the next; how much, by one after the other from there. `lasts` are
    durations, ascending, the longest of which without harm is sought by bisection where a loss harms.
    """
    engine = _Engine(lp, stages)
    if engine.x is None:
        return None, []
    return engine.x, [engine.under(loss, first, lasts) for loss in losses]


class _Engine:
    """A model in HiGHS, and its best basis by some objectives together."""

    def __init__(self, lp: Lp, stages: Sequence[tuple[str, Floats]]) -> None:
        self.lp, self.stages = lp, list(stages)
        self.highs = engine_of(lp, limits_of(lp), Work())
        self.cost = sum((c / scale_of(c) * APART**-k for k, (_, c) in enumerate(stages)), np.zeros(len(lp.lower)))
        self._price(self.cost)
        self.highs.run()
        self.x = plan_of(self.highs) if self.highs.getModelStatus() in BEST else None
        if self.x is None:
            return
        self.basis, self.best = basis_of(self.highs), float(self.cost @ self.x)
        self.x = self._ordered(self.x, limits_of(lp))

    def under(self, loss: Loss, first: float, lasts: Floats) -> Suffered:
        """Return what comes of a loss."""
        limits = self._limits(loss, first, loss.days)
        status = self._solved(limits)
        x = plan_of(self.highs) if status in BEST else None
        if x is None:
            return Suffered(None, harms=True, survives=0.0)
        if float(self.cost @ x) <= self._most:
            return Suffered(self.x, harms=False, survives=np.inf)
        return Suffered(self._ordered(x, limits), harms=True, survives=self._survived(loss, first, lasts))

    def _survived(self, loss: Loss, first: float, lasts: Floats) -> float:
        """Return the longest of some durations, all shorter than the loss, for which it harms nobody."""
        known, shorter = 0.0, lasts[lasts < loss.days]
        low, high = 0, len(shorter)
        while low < high:
            middle = (low + high) // 2
            if self._harmless(self._limits(loss, first, float(shorter[middle]))):
                known, low = float(shorter[middle]), middle + 1
            else:
                high = middle
        return known

    def _limits(self, loss: Loss, first: float, days: float) -> Limits:
        """Return the bounds and sides of the model under a loss for some days."""
        limits, end = limits_of(self.lp), first + days
        gone = loss.columns[(loss.day >= first) & (loss.day < end)]
        upper, lower = limits.upper.copy(), limits.lower.copy()
        upper[gone], lower[gone] = 0.0, np.minimum(lower[gone], 0.0)
        change = loss.arriving.shifted(first, end, len(limits.row_lower))
        return replace(
            limits,
            lower=lower,
            upper=upper,
            row_lower=limits.row_lower + change,
            row_upper=limits.row_upper + change,
        )

    @property
    def _most(self) -> float:
        return self.best + HARM + 1e-9 * abs(self.best)

    def _harmless(self, limits: Limits) -> bool:
        """Return whether limits leave a plan that is no worse: dual simplex ends as soon as all of them are."""
        status = self._solved(limits, self._most)
        return status in BEST and float(self.highs.getInfo().objective_function_value) <= self._most

    def _solved(self, limits: Limits, most: float = np.inf) -> Any:
        """Return the engine's status after dual simplex from the best basis; where that gets lost, from nothing."""
        self._price(self.cost)
        set_columns(self.highs, limits)
        set_rows(self.highs, limits)
        set_basis(self.highs, self.basis)
        self.highs.setOptionValue("objective_bound", most)
        self.highs.run()
        if self.highs.getModelStatus() not in OVER:
            self.highs.clearSolver()
            self.highs.run()
        return self.highs.getModelStatus()

    def _ordered(self, x: Floats, limits: Limits) -> Floats:
        """Return the best plan by one objective after the other, from the best by all of them together."""
        if float(self.cost @ x) <= 0 or len(self.stages) < 2:
            return x
        self.highs.setOptionValue("objective_bound", np.inf)
        self.highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        watch = Watch(time.monotonic(), None, lambda _: None, lambda: False)
        found = in_order(self.highs, self.lp, limits, self.stages, watch)
        self.highs.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
        return x if found.x is None or found.cause else found.x

    def _price(self, cost: Floats) -> None:
        self.highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
