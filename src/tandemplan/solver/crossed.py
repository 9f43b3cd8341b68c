"""One objective of a large model that is new to the solver: the interior point method, and from there to a corner."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.engine import IMPOSSIBLE, Watch, cause_of, engine_of, plan_of
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import OnReport, Outcome, Report, Work, limits_of, scale_of, unproved

Floats = NDArray[np.float64]


def solve(
    lp: Lp, goal: tuple[str, Floats], work: Work, *, on_report: OnReport, cancelled: Callable[[], bool]
) -> Outcome:
    """Return the plan of a model without whole columns that is best by one objective; no bound is told.

    Where rows add up all that came before (cash, experience, certificates), dual simplex takes several times as long as this.
    """
    name, cost = goal
    watch = Watch(time.monotonic(), work.seconds, on_report, cancelled)
    engine = engine_of(lp, limits_of(lp), work)
    engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost / scale_of(cost))
    engine.setOptionValue("solver", "ipm")
    if watch.left is not None:
        engine.setOptionValue("time_limit", max(watch.left, 0.0))
    engine.cbIpmInterrupt += watch.listener(
        lambda said: Report(name, None, None, watch.spent, int(said.ipm_iteration_count))
    )
    engine.run()
    status = engine.getModelStatus()
    if status in IMPOSSIBLE:
        return Outcome("infeasible", None, ())
    cause, x = cause_of(engine, status), plan_of(engine)
    if x is None:
        return Outcome("stopped", None, (), cause)
    return Outcome("feasible" if cause else "optimal", x, (unproved(cost, x),), cause)
