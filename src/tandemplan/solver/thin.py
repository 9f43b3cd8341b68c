"""Plans with fewer set-ups: those that the relaxed plan hardly uses are left out, then one after the other as long as that pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.covers import without_cuts
from tandemplan.solver.engine import BEST, engine_of
from tandemplan.solver.held import HELD, relaxed
from tandemplan.solver.stages import limits_of, scale_of
from tandemplan.solver.trim import trimmed
from tandemplan.solver.windows import LEAST_GAIN, Ground

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
THRESHOLDS = (
    0.4,
    0.3,
    0.2,
    0.15,
    0.12,
    0.1,
    0.08,
    0.06,
    0.04,
    0.02,
)  # parts of a whole column at which it is rounded up


def thinned(ground: Ground, x: Floats, relaxation: Floats | None) -> Iterator[Floats]:
    """Yield better and better plans in which whole columns that cost something are lower than in the plan `x`.

    First the relaxed plan is rounded, up from a threshold on: the best one of some is kept. Then each such column in turn,
    those that serve least for their cost first, is lowered by one and the rest planned anew by an LP, which starts from the
    basis before and takes milliseconds; what costs more is taken back. When a round of all columns gains nothing, they are moved to
    the period before or after in the same way; ends when that gains nothing either.
    Drop and shift moves after Kuehn and Hamburger 1963, Management Science 9(4), with the LP as their judge.
    """
    dear = ground.whole[ground.cost[ground.whole] > 0]
    if not len(dear) or ground.over:
        return
    work, beside = _Bench(ground), _neighbours(ground, dear)
    value = ground.value(x)
    for found in [work.at(f) for f in _rounded(x, relaxation, dear)]:
        if found is not None and ground.value(found) < value - LEAST_GAIN * abs(value):
            x, value = found, ground.value(found)
            yield x
    shifting = False
    while not ground.over:
        gained = False
        for j in _least_first(ground, x, dear):
            for change in _changes(ground, x, j, beside[j] if shifting else ()):
                if ground.over:
                    return
                found = work.at(change)
                if found is not None and ground.value(found) < value - LEAST_GAIN * abs(value):
                    x, value, gained = found, ground.value(found), True
                    yield x
                    break
        if shifting and not gained:
            return
        shifting = not gained


def _changes(ground: Ground, x: Floats, j: int, beside: Sequence[int]) -> Iterator[Floats]:
    """Yield `x` with column j one lower, or moved to one of those beside it."""
    if x[j] < max(ground.lp.lower[j], 0.0) + 1 - HELD:
        return
    lower = x.copy()
    lower[j] -= 1
    if not beside:
        yield lower
    for i in beside:
        if x[i] + 1 <= ground.lp.upper[i] + HELD:
            moved = lower.copy()
            moved[i] += 1
            yield moved


def _neighbours(ground: Ground, dear: Ints) -> dict[int, list[int]]:
    """Return for each column those of the same name in the period before and after."""
    listed = zip(ground.whole.tolist(), ground.entity.tolist(), ground.period.tolist(), strict=True)
    wanted = set(dear.tolist())
    place = {j: (entity, period) for j, entity, period in listed if j in wanted}
    at = {p: j for j, p in place.items()}
    return {j: [at[e, t + s] for s in (-1, 1) if (e, t + s) in at] for j, (e, t) in place.items()}


def _rounded(x: Floats, relaxation: Floats | None, dear: Ints) -> Iterator[Floats]:
    if relaxation is None:
        return
    for threshold in THRESHOLDS:
        made = x.copy()
        made[dear] = np.floor(relaxation[dear] + 1 - threshold)
        yield made


def _least_first(ground: Ground, x: Floats, dear: Ints) -> list[int]:
    """Return the columns that are above 0, those first whose rows are used least for what they cost."""
    lp, there = ground.lp, dear[x[dear] > HELD]
    links = (lp.value < 0) & (lp.row_upper[lp.row_of_entry] == 0)
    place = np.full(len(lp.lower), -1)
    place[there] = np.arange(len(there))
    mine = np.flatnonzero(links & (place[lp.row_column] >= 0))
    linked = np.unique(lp.row_of_entry[mine])
    gone = np.where(lp.value > 0, lp.value * x[lp.row_column], 0.0)
    used = np.bincount(lp.row_of_entry, gone, minlength=len(lp.row_lower))
    served = np.zeros(len(there))
    if len(linked):
        np.maximum.at(served, place[lp.row_column[mine]], used[lp.row_of_entry[mine]])
    order = np.argsort(served / ground.cost[there], kind="stable")
    return [int(j) for j in there[order]]


class _Bench:
    """HiGHS at the model with its whole columns fixed, moved from plan to plan; the one resource here that is kept open."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.lp = without_cuts(ground.lp)
        self.engine: Any = engine_of(relaxed(self.lp), limits_of(self.lp), ground.work)
        count = np.arange(len(ground.cost), dtype=np.int32)
        self.engine.changeColsCost(len(count), count, ground.cost / scale_of(ground.cost))
        self.fixed = np.full(len(ground.whole), np.nan)

    def at(self, x: Floats) -> Floats | None:
        """Return the best plan with the whole columns of `x`, or lower where that costs nothing; None where there is none."""
        ground = self.ground
        wanted = np.clip(np.round(x[ground.whole]), self.lp.lower[ground.whole], self.lp.upper[ground.whole])
        moved = np.flatnonzero(wanted != self.fixed)
        columns = ground.whole[moved].astype(np.int32)
        self.engine.changeColsBounds(len(moved), columns, wanted[moved], wanted[moved])
        self.fixed = wanted
        if np.isfinite(ground.left):
            self.engine.setOptionValue("time_limit", self.engine.getRunTime() + max(ground.left, 0.0))
        self.engine.run()
        if self.engine.getModelStatus() not in BEST:
            return None
        found = np.array(self.engine.getSolution().col_value)
        found[ground.whole] = wanted
        return trimmed(ground.lp, found, [ground.cost])
