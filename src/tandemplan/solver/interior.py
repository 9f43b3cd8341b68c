"""A bound alone, by interior point: no vertex is sought, and so no plan, but prices that prove nearly as much. Runs in the child process."""

from __future__ import annotations

import time
from collections.abc import Callable

import highspy
import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.engine import IMPOSSIBLE, Watch, cause_of, engine_of
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import (
    BEYOND,
    OnReport,
    Outcome,
    Report,
    StageAnswer,
    Work,
    limits_of,
    proven_bound,
    scale_of,
    unproved,
)

Floats = NDArray[np.float64]
NEAR = 1e-6  # share of the value by which primal and dual may differ at the end


def solve(
    lp: Lp, goal: tuple[str, Floats], work: Work, *, on_report: OnReport, cancelled: Callable[[], bool]
) -> Outcome:
    """Return an outcome whose one answer bounds an objective of a model without whole columns; its `x` is near a plan, and none.

    Prices come from the interior point method without crossover (Mehrotra 1992; Schork and Gondzio 2020, Implementation of an
    interior point method with basis preconditioning). Whatever they are, weak duality makes a bound of them.
    """
    name, cost = goal
    watch = Watch(time.monotonic(), work.seconds, on_report, cancelled)
    engine = engine_of(lp, limits_of(lp), work)
    scale = scale_of(cost)
    engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost / scale)
    for option, value in (("solver", "ipm"), ("run_crossover", "off"), ("ipm_optimality_tolerance", NEAR)):
        engine.setOptionValue(option, value)
    if watch.left is not None:
        engine.setOptionValue("time_limit", max(watch.left, 0.0))
    engine.cbIpmInterrupt += watch.listener(
        lambda said: Report(name, None, None, watch.spent, int(said.ipm_iteration_count))
    )
    engine.run()
    status, solution = engine.getModelStatus(), engine.getSolution()
    if status in IMPOSSIBLE:
        return Outcome("infeasible", None, ())
    imprecise = (
        status == highspy.HighsModelStatus.kUnknown and solution.dual_valid
    )  # ended just short of its tolerances
    cause = "" if imprecise else cause_of(engine, status)
    x = np.array(solution.col_value, dtype=np.float64) if solution.value_valid else np.zeros(len(cost))
    if not solution.dual_valid:
        return Outcome("feasible", x, (unproved(cost, x),), cause)
    most = BEYOND * max(1.0, float(np.abs(x).max(initial=0.0)))
    prices = np.array(solution.row_dual, dtype=np.float64) * scale
    bound = max(proven_bound(lp, limits_of(lp), cost, prices, most), unproved(cost, x).bound)
    count = int(engine.getInfo().ipm_iteration_count)
    answer = StageAnswer(float(cost @ x), bound, not cause, prices, np.zeros(0), watch.spent, count)
    on_report(Report(name, answer.value, answer.bound, watch.spent, count))
    return Outcome("feasible" if cause else "optimal", x, (answer,), cause)
