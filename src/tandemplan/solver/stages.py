"""Objectives in order over one linear model: what the solver is asked, what it answers, and the bound it proves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.lp import Lp

Floats = NDArray[np.float64]
TOLERANCE = 1e-7
BEYOND = 10.0  # times the largest amount in the plan: what columns without an upper bound are taken to reach


OUT_OF_TIME, BY_USER = "stopped by the time limit", "stopped by the user"


@dataclass(frozen=True, eq=False)
class Limits:
    """Bounds of columns and rows: those of the model, narrowed to the best plans of the objectives before."""

    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats


@dataclass(frozen=True)
class Work:
    """How long and with how much the solver may work: seconds, threads, memory in MB (None: no limit).

    A plan with whole columns may stop when an objective is proved within the share `gap` of its value, or of its entry in
    `scales` (the least denominator of each objective's gap) if that is more.
    """

    seconds: float | None = None
    threads: int = 1
    memory_mb: int | None = None
    gap: float = 0.0
    scales: tuple[float, ...] = ()

    def within(self, objective: int, value: float) -> float:
        """Return how far the bound of an objective may lie below its value.

        >>> Work(gap=0.01, scales=(50.0,)).within(0, 20.0)
        0.5
        """
        scale = self.scales[objective] if objective < len(self.scales) else 0.0
        return self.gap * max(abs(value), scale)


@dataclass(frozen=True)
class Report:
    """How far a solve has come: the objective at work, its best value and bound if known, seconds, iterations."""

    stage: str
    value: float | None
    bound: float | None
    seconds: float
    iterations: int


@dataclass(frozen=True, eq=False)
class StageAnswer:
    """What one objective came to: its value at the plan, a proven lower bound, whether it was solved to the end."""

    value: float
    bound: float
    finished: bool
    row_duals: Floats
    column_duals: Floats
    seconds: float
    iterations: int


def unproved(cost: Floats, x: Floats, bound: float = -np.inf) -> StageAnswer:
    """Return the answer of an objective that was not solved to the end: its value at a plan, and a bound known or plain to see."""
    value, blank = float(cost @ x), np.zeros(0)
    bound = max(bound, 0.0 if (cost >= 0).all() else -np.inf)
    return StageAnswer(value, min(bound, value), False, blank, blank, 0.0, 0)


def compared(mine: Iterable[float], theirs: Iterable[float], dust: float, scales: Iterable[float] = ()) -> int:
    """Return -1 where values of objectives in order come before others, 1 where they come after, 0 where they are the same.

    The first that differs decides. Two are the same that differ by at most the share `dust` of the second, or of its entry in `scales`
    (1 where there is none) if that is more.

    >>> compared((3.0, 5.0), (3.0000001, 6.0), 1e-6), compared((3.0, 5.0), (2.9, 6.0), 1e-6), compared((3.0,), (3.0,), 0.0)
    (-1, 1, 0)
    """
    for a, b, scale in zip(mine, theirs, chain(scales, repeat(1.0)), strict=False):
        if abs(a - b) > dust * max(scale, abs(b)):
            return -1 if a < b else 1
    return 0


def floor_of(lp: Lp, cost: Floats) -> float:
    """Return what no plan can be worth less than, plain to see: 0 where neither costs nor columns are below it."""
    return 0.0 if (cost >= 0).all() and (lp.lower >= 0).all() else -np.inf


def at_floor(lp: Lp, cost: Floats) -> StageAnswer:
    """Return the answer of an objective that a plan brings to its floor of 0: no row has a price."""
    return StageAnswer(0.0, 0.0, True, np.zeros(len(lp.row_lower)), cost, 0.0, 0)


AT_LOWER, BASIC, AT_UPPER, FREE = range(4)  # as the solver numbers what a column or row is in a basis


@dataclass(frozen=True, eq=False)
class Basis:
    """Which columns and rows are basic, as the solver numbers it: where a model that has grown can be solved on from."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Face:
    """Where the last objective was best: the limits it was sought under, of the folded model, and its basis."""

    limits: Limits
    basis: Basis


@dataclass(frozen=True, eq=False)
class Outcome:
    """The answer of the solver: `status` is optimal, feasible, infeasible, stopped or memory.

    `x` are the values of the columns (None without any plan); `stages` one answer per objective that was reached; `basis` the
    best one by the first objective; `face` is where the last one was proved, if it was.
    """

    status: str
    x: Floats | None
    stages: tuple[StageAnswer, ...]
    reason: str = ""
    basis: Basis | None = None
    face: Face | None = None


OnReport = Callable[[Report], None]


def feasible(lp: Lp, x: Floats, tolerance: float = 1e-6) -> bool:
    """Return whether `x` meets every bound and row of the model within a tolerance, relative to the size of the limit."""
    rows = lp.times(x)
    inside = [
        (value >= low - tolerance * np.maximum(1.0, np.abs(np.where(np.isfinite(low), low, 0.0)))).all()
        and (value <= high + tolerance * np.maximum(1.0, np.abs(np.where(np.isfinite(high), high, 0.0)))).all()
        for value, low, high in ((x, lp.lower, lp.upper), (rows, lp.row_lower, lp.row_upper))
    ]
    return all(inside)


def limits_of(lp: Lp) -> Limits:
    """Return the bounds of the model as they stand."""
    return Limits(lp.lower, lp.upper, lp.row_lower, lp.row_upper)


def scale_of(cost: Floats) -> float:
    """Return what the costs of an objective are divided by, so that the largest is 10,000.

    The solver's tolerance is absolute: with the largest at 1, small costs beside a large one would count as nothing.
    """
    largest = float(np.abs(cost).max(initial=0.0))
    return largest / 1e4 if largest > 0 else 1.0


def proven_bound(lp: Lp, limits: Limits, cost: Floats, row_duals: Floats, most: float) -> float:
    """Return the lower bound on `cost` that row prices prove within limits, by weak duality.

    sum over rows of y * (lower if y > 0 else upper) + sum over columns of d * (lower if d > 0 else upper), where
    d = cost - A'y. Row prices of the wrong sign on an open side are set to 0 first, so any y gives a bound. A column
    without an upper bound is taken to be at most `most`: far more than any amount in the plan.
    Bertsimas and Tsitsiklis 1997, Introduction to Linear Optimization, theorem 4.3.
    """
    side = np.where(row_duals > 0, limits.row_lower, limits.row_upper)
    known = np.isfinite(side)
    prices = np.where(known, row_duals, 0.0)
    rows = float((prices * np.where(known, side, 0.0)).sum())
    reduced = cost - lp.transposed_times(prices)
    lower, upper = np.maximum(limits.lower, -most), np.where(np.isfinite(limits.upper), limits.upper, most)
    return rows + float((reduced * np.where(reduced > 0, lower, upper)).sum())


def narrowed(limits: Limits, scale: float, row_duals: Floats, column_duals: Floats) -> Limits:
    """Return limits that hold only the best plans of an objective: complementary slackness made equations.

    A column with a reduced cost stays at its bound, a row with a price at its side; every plan within these limits has
    the objective's best value, and every best plan lies within them. Bertsimas and Tsitsiklis 1997, theorem 4.5.
    """
    tolerance = TOLERANCE * scale
    at_low, at_high = column_duals > tolerance, (column_duals < -tolerance) & np.isfinite(limits.upper)
    row_low = (row_duals > tolerance) & np.isfinite(limits.row_lower)
    row_high = (row_duals < -tolerance) & np.isfinite(limits.row_upper)
    return Limits(
        lower=np.where(at_high, limits.upper, limits.lower),
        upper=np.where(at_low, limits.lower, limits.upper),
        row_lower=np.where(row_high, limits.row_upper, limits.row_lower),
        row_upper=np.where(row_low, limits.row_lower, limits.row_upper),
    )
