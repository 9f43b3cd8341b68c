"""HiGHS as an engine: a model passed to it, its bounds moved, its status in words; and the clock that ends its work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import BY_USER, OUT_OF_TIME, Basis, Limits, OnReport, Report, Work

Floats = NDArray[np.float64]
REPORT_SECONDS = 0.5
DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4
STATUSES = [highspy.HighsBasisStatus(k) for k in range(5)]
IMPOSSIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
BEST = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
ENDED = (
    *BEST,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
)
OVER = (*BEST, *IMPOSSIBLE, highspy.HighsModelStatus.kObjectiveBound)  # what a solve without a limit of time ends with


@dataclass(frozen=True)
class Watch:
    """What ends a solve early: the moment it began, the seconds it may take, and who hears and may cancel."""

    begin: float
    seconds: float | None
    on_report: OnReport
    cancelled: Callable[[], bool]

    @property
    def spent(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self.begin

    @property
    def left(self) -> float | None:
        """Return the seconds left, None when there is no limit."""
        return None if self.seconds is None else self.seconds - self.spent

    def ended(self) -> str:
        """Return why the work must end now, or nothing."""
        if self.left is not None and self.left <= 0:
            return OUT_OF_TIME
        return BY_USER if self.cancelled() else ""

    def listener(self, say: Callable[[Any], Report | None]) -> Callable[[Any], None]:
        """Return what hears the events of an engine: now and then it reports what `say` makes of one, and ends cancelled work."""
        last = [time.monotonic()]

        def hear(event: Any) -> None:
            now = time.monotonic()
            if now - last[0] < REPORT_SECONDS:
                return
            last[0] = now
            report = say(event.data_out)
            if report is not None:
                self.on_report(report)
            if self.cancelled():
                event.data_in.user_interrupt = True

        return hear


def engine_of(lp: Lp, limits: Limits, work: Work, *, whole: bool = False) -> Any:
    """Return HiGHS with a model and no objective; whole columns of the model are whole numbers to it too if `whole`."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(lp.lower), len(lp.row_lower)
    model.col_cost_ = np.zeros(len(lp.lower))
    model.col_lower_, model.col_upper_ = limits.lower, limits.upper
    model.row_lower_, model.row_upper_ = limits.row_lower, limits.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = lp.row_start.astype(np.int32)
    model.a_matrix_.index_ = lp.row_column.astype(np.int32)
    model.a_matrix_.value_ = lp.value
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[k] for k in lp.whole.astype(int)]
    highspy.Highs.resetGlobalScheduler(True)  # a process that solved by another number of threads before would refuse
    engine = highspy.Highs()
    for option, value in (("output_flag", False), ("solver", "simplex"), ("threads", work.threads), ("random_seed", 0)):
        engine.setOptionValue(option, value)
    if engine.passModel(model) == highspy.HighsStatus.kError:
        raise ValueError("HiGHS refused the model")
    return engine


def set_columns(engine: Any, limits: Limits) -> None:
    """Put up the bounds of columns."""
    count = len(limits.lower)
    engine.changeColsBounds(count, np.arange(count, dtype=np.int32), limits.lower, limits.upper)


def set_rows(engine: Any, limits: Limits) -> None:
    """Put up the sides of rows, where they have moved."""
    current = engine.getLp()
    moved = (np.array(current.row_lower_) != limits.row_lower) | (np.array(current.row_upper_) != limits.row_upper)
    for row in np.flatnonzero(moved):
        engine.changeRowBounds(int(row), float(limits.row_lower[row]), float(limits.row_upper[row]))


def basis_of(engine: Any) -> Basis:
    """Return which columns and rows are basic."""
    found = engine.getBasis()
    columns, rows = (np.array(list(map(int, part)), dtype=np.int8) for part in (found.col_status, found.row_status))
    return Basis(columns, rows)


def set_basis(engine: Any, basis: Basis, *, own: bool = False) -> None:
    """Have dual simplex start from a basis; with `own` from one of a model with the same rows and columns.

    HiGHS takes any other for alien, and looks at it so long that dual simplex takes ten times the iterations from there.
    """
    made = highspy.HighsBasis()
    made.col_status = [STATUSES[s] for s in basis.columns.tolist()]
    made.row_status = [STATUSES[s] for s in basis.rows.tolist()]
    made.valid, made.alien = True, not own
    engine.setBasis(made)
    engine.setOptionValue("simplex_strategy", DUAL_SIMPLEX)


def cause_of(engine: Any, status: Any) -> str:
    """Return why the engine ended before the best plan, or nothing when it did not."""
    if status in BEST:
        return ""
    if status == highspy.HighsModelStatus.kTimeLimit:
        return OUT_OF_TIME
    if status == highspy.HighsModelStatus.kInterrupt:
        return BY_USER
    return f"the solver could not go on: {engine.modelStatusToString(status)}"


def plan_of(engine: Any) -> Floats | None:
    """Return the columns of the engine's current plan when it is a feasible one."""
    if engine.getModelStatus() == highspy.HighsModelStatus.kModelEmpty:
        return np.zeros(engine.getNumCol())
    if engine.getInfo().primal_solution_status != 2:
        return None
    x = np.array(engine.getSolution().col_value, dtype=np.float64)
    return x if len(x) == engine.getNumCol() else None
