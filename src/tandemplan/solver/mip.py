"""HiGHS at work on one objective over a model with whole columns, from a plan at hand to a better one and a bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.engine import BEST, IMPOSSIBLE, Watch, cause_of, engine_of, plan_of
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import BY_USER, Report, Work, limits_of, scale_of

Floats = NDArray[np.float64]
PROVING = {"presolve": "off", "mip_allow_restart": False}  # a restart would presolve again
HURRIED = {"mip_detect_symmetry": False, "mip_allow_restart": False, "mip_pscost_minreliable": 1}


@dataclass(frozen=True, eq=False)
class Sought:
    """An objective to seek: its name and cost, the gap at which it may stop, the bound known, and how long it may take.

    `gap` is a share of the value, `within` an amount; the first that is reached ends the search. A `quiet` one reports nothing.
    `nodes` limits the tree.

    Presolve of models with whole columns is wrong in HiGHS 1.14 (ERGO-Code/HiGHS#3043: `least 2 x + 3 z, x + z >= 4.5`, z whole,
    comes out at 15 instead of 9): a `rough` search is presolved and hurried, and proves nothing.
    """

    name: str
    cost: Floats
    gap: float = 0.0
    within: float = 0.0
    bound: float = -np.inf
    seconds: float | None = None
    quiet: bool = False
    rough: bool = False
    nodes: int | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """What a search came to: the best plan or None, the bound proved, why it ended early, and whether nothing is feasible."""

    x: Floats | None
    bound: float
    cause: str = ""
    impossible: bool = False


def seek_whole(lp: Lp, sought: Sought, start: Floats | None, work: Work, watch: Watch) -> Found:
    """Return the best plan with whole columns that HiGHS finds by branch and cut, starting from a plan if there is one."""
    scale = scale_of(sought.cost)
    engine = engine_of(lp, limits_of(lp), work, whole=True)
    engine.changeColsCost(len(sought.cost), np.arange(len(sought.cost), dtype=np.int32), sought.cost / scale)
    engine.setOptionValue("mip_rel_gap", sought.gap)
    engine.setOptionValue("mip_abs_gap", max(sought.within / scale, 1e-9))
    for option, setting in (HURRIED if sought.rough else PROVING).items():
        engine.setOptionValue(option, setting)
    left = [s for s in (sought.seconds, watch.left) if s is not None]
    engine.setOptionValue("time_limit", max(min(left, default=np.inf), 0.0))
    if sought.nodes is not None:
        engine.setOptionValue("mip_max_nodes", sought.nodes)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        given.value_valid = True
        engine.setSolution(given)
    _listen(engine, sought, scale, watch)
    engine.run()
    status = engine.getModelStatus()
    if status in IMPOSSIBLE:
        return Found(None, sought.bound, "", impossible=not sought.rough)
    x = plan_of(engine)
    bound = float(engine.getInfo().mip_dual_bound) * scale
    bound = max(bound, sought.bound) if np.isfinite(bound) and not sought.rough else sought.bound
    if status not in BEST and watch.cancelled():
        return Found(x, bound, BY_USER)
    return Found(x, bound, cause_of(engine, status))


def _listen(engine: Any, sought: Sought, scale: float, watch: Watch) -> None:
    def say(said: Any) -> Report | None:
        value, bound = said.mip_primal_bound * scale, said.mip_dual_bound * scale
        known = value if abs(value) < 1e300 else None
        bound = max(bound, sought.bound) if abs(bound) < 1e300 else sought.bound
        proved = bound if np.isfinite(bound) else None
        return None if sought.quiet else Report(sought.name, known, proved, watch.spent, 0)

    engine.cbMipInterrupt += watch.listener(say)
    engine.cbSimplexInterrupt += lambda event: _stop(event, watch)


def _stop(event: Any, watch: Watch) -> None:
    if watch.cancelled():
        event.data_in.user_interrupt = True
