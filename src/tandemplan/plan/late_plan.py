"""A first plan of a large factory that learns and cannot serve all on time: the best by its classes, from bottlenecks, with what proves it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.plan.first_plan import NEEDED, FirstPlan, experienced, had_of, made_by, needed
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.ramp import BETTER, KEPT, ROUNDS, SHARES_OF_LARGE, assumed
from tandemplan.plan.start.search import Solve, Start, search
from tandemplan.plan.variables import idle_plan
from tandemplan.solver.held import relaxed
from tandemplan.solver.stages import StageAnswer, compared

Within = Callable[[int, float, float], bool]
Floats = NDArray[np.float64]
LESS = 0.8  # of the experience that a plan has, where that is less than it assumes, which is assumed next
TRIES = 2  # experiences assumed in a round: that asked for, and what its plan has of it


@dataclass(frozen=True, eq=False)
class LatePlan:
    """A plan, no column whole, and what proves the first classes in the model of one who has learnt all: none where time ended."""

    first: FirstPlan
    proofs: tuple[StageAnswer, ...]


def late_plan(learnt: PlanModel, solve: Solve, ended: Callable[[], bool], within: Within) -> LatePlan | None:
    """Return the best plan by the classes, in order, that is found of a model of one who has learnt all; None where none is found like this.

    Some experience is assumed first: shares of that of one who has learnt all, of what is needed at the last moment, none. Then most of the
    experience of the best plan is, then nearly all, as long as that serves the classes better and they are not `within` the gap of their
    bounds. `solve` and `ended` are those of `start.search`.
    """
    known = _served(learnt, solve, ended)
    if known is None:
        return None
    taught, scales = learnt.network.making.taught, [s.scale for s in learnt.stages[: learnt.classes]]
    shares = [share * made_by(learnt, known.x) for share in SHARES_OF_LARGE]
    tries = [NEEDED * taught.made(needed(learnt.network)), *shares]
    best: FirstPlan | None = None
    kept = 0
    for _ in range(ROUNDS):
        if not tries or ended():
            break
        found = _round(learnt, tries.pop(0), solve, ended)
        if found is not None and (best is None or compared(found.values, best.values, BETTER, scales) < 0):
            best = found
        elif not tries:
            kept += 1
        if best is None or all(within(k, v, b) for k, (v, b) in enumerate(zip(best.values, known.bounds, strict=True))):
            tries = tries if best is None else []
        elif not tries and kept < len(KEPT):
            tries = [KEPT[kept] * best.made]
    return None if best is None else LatePlan(best, known.proofs)


def _round(learnt: PlanModel, made: Floats, solve: Solve, ended: Callable[[], bool]) -> FirstPlan | None:
    """Return the best plan by the classes that has the experience which comes of units `made`, or of less where it falls short of that."""
    for _ in range(TRIES):
        at = assumed(learnt.network, made)
        plain = model_of(at, demanded=False)
        found = None if ended() else _served(plain, solve, ended)
        if found is None:
            return None
        model = model_of(at)
        full = experienced(model, found.x)
        if full is not None:
            return FirstPlan(model, full, None)
        made = LESS * had_of(made, made_by(plain, found.x))
    return None


def _served(plain: PlanModel, solve: Solve, ended: Callable[[], bool]) -> Start | None:
    """Return the best plan by the classes of a model whose rows demand no experience, from its bottlenecks."""
    idle = idle_plan(plain.network, plain.variables, len(plain.lp.lower))
    found = deque(search(relaxed(plain.lp), plain.goals[: plain.classes], solve, ended, idle), maxlen=1)
    return found[0] if found else None
