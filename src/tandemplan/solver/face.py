"""Whole plans on the face of the relaxed model: the last objective alone, from its best relaxed basis, with whole columns fixed.

Where whole columns can be rounded so that every earlier objective keeps its relaxed value, only the last one is left to seek. A
few steps of dual simplex lead from the relaxed plan to the best one with given whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.engine import BEST, REPORT_SECONDS, Watch, engine_of, plan_of, set_basis
from tandemplan.solver.fold import Fold, fold
from tandemplan.solver.held import HELD, rounded
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Face, StageAnswer, Work, scale_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
THRESHOLDS = (0.15, 0.3, 0.5, 0.75, 1.0)  # parts of one below which a whole column is rounded down, tried in this order


@dataclass(frozen=True, eq=False)
class Best:
    """The best plan with given whole numbers: its columns, its value by the last objective, and the answer with its prices."""

    x: Floats
    value: float
    answer: StageAnswer


@dataclass(frozen=True, eq=False)
class Ground:
    """An engine that stands on the face: the folded model held to it, the last objective's cost, the whole columns."""

    folded: Fold
    lp: Lp
    cost: Floats
    whole: Ints
    entity: Ints
    engine: Any
    watch: Watch

    def at(self, x: Floats, below: float = np.inf) -> Best | None:
        """Return the best plan with the whole columns of `x`, or None: there is none on the face of a value `below`, or no time."""
        values = np.round(x[self.whole])
        low, high = np.ceil(self.lp.lower[self.whole] - HELD), np.floor(self.lp.upper[self.whole] + HELD)
        if (values < low).any() or (values > high).any() or self.watch.ended():
            return None
        columns = self.whole.astype(np.int32)
        self.engine.changeColsBounds(len(columns), columns, values, values)
        if self.watch.left is not None:
            self.engine.setOptionValue("time_limit", self.engine.getRunTime() + max(self.watch.left, 0.0))
        self.engine.setOptionValue("objective_bound", below / scale_of(self.cost))
        self.engine.run()
        found = plan_of(self.engine) if self.engine.getModelStatus() in BEST else None
        if found is None:
            return None
        found[self.whole] = values
        plan = self.folded.unfolded(found)
        scale, solution = scale_of(self.cost), self.engine.getSolution()
        rows, columns_duals = (np.array(d, dtype=np.float64) * scale for d in (solution.row_dual, solution.col_dual))
        value = float(self.cost @ found)
        prices = self.folded.row_prices(rows, columns_duals)
        return Best(plan, value, StageAnswer(value, -np.inf, False, prices, columns_duals, 0.0, 0))


def ground_of(lp: Lp, cost: Floats, face: Face, work: Work, watch: Watch) -> Ground:
    """Return an engine on the face of a relaxed model, at its best basis by the last objective."""
    folded = fold(lp)
    limits = face.limits
    held = replace(
        folded.lp,
        lower=limits.lower,
        upper=limits.upper,
        row_lower=limits.row_lower,
        row_upper=limits.row_upper,
    )
    cost = folded.costs(cost)
    engine = engine_of(held, limits, work)
    engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost / scale_of(cost))
    set_basis(engine, face.basis)
    _listen(engine, watch)
    entity = np.zeros(len(lp.lower), dtype=np.int64)
    count = 0
    for block in lp.columns.values():
        entity[block.index] = block.entity + count
        count += len(block.who)
    whole = np.flatnonzero(lp.whole)
    return Ground(folded, held, cost, whole, entity[whole], engine, watch)


def round_by_entity(ground: Ground, lp: Lp, relaxed: Floats) -> Iterator[Best]:
    """Yield better and better plans from the relaxed one: all rounded up first, then each entity down as far as it pays.

    The columns of one entity are all rounded at one threshold, so that what is owned stays in order over the periods. Entities
    whose rounding costs most come first. Relaxed numbers are those of the relaxed plan throughout.
    """
    x = rounded(lp, relaxed)
    best = ground.at(x)
    if best is None:
        return
    yield best
    more = np.bincount(ground.entity, np.abs(x - relaxed)[ground.whole] * ground.cost[ground.whole])
    for entity in np.argsort(-more, kind="stable")[: int((more > 0).sum())]:
        columns = ground.whole[ground.entity == entity]
        for threshold in THRESHOLDS:
            tried = x.copy()
            tried[columns] = np.ceil(relaxed[columns] - threshold + HELD)
            if (tried[columns] == x[columns]).all():
                continue
            if ground.watch.ended():
                return
            found = ground.at(tried, below=best.value)
            if found is None or found.value >= best.value:
                break
            x, best = tried, found
            yield best


def _listen(engine: Any, watch: Watch) -> None:
    last = [watch.spent]

    def look(event: Any) -> None:
        if watch.spent - last[0] >= REPORT_SECONDS:
            last[0] = watch.spent
            if watch.cancelled():
                event.data_in.user_interrupt = True

    engine.cbSimplexInterrupt += look
