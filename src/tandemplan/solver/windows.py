"""Whole plans for models too large to prove: round the relaxed plan, then improve it window after window.

Fix-and-optimise: Helber and Sahling 2010, International Journal of Production Economics 123(2); Pochet and Wolsey 2006,
Production Planning by Mixed Integer Programming, ch. 8.4. The first window is that of relaxation induced neighbourhood search:
Danna, Rothberg and Le Pape 2005, Mathematical Programming 102(1).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.engine import Watch
from tandemplan.solver.held import HELD
from tandemplan.solver.lp import Lp
from tandemplan.solver.mip import Sought, seek_whole
from tandemplan.solver.stages import Work
from tandemplan.solver.trim import trimmed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
NODES = 60  # of the tree of a window: it is left with the best plan so far
FIRST_SIZE = 60  # whole columns that are free in the first windows
WINDOW_GAP = 1e-3  # at which the search of a window may stop
APART = 2  # times the size of other windows that the one of columns apart from the relaxed plan may have
LARGE = (
    20_000  # rows from which on each window costs so much that the one of columns apart is searched whatever its size
)
WINDOW_SHARE = 0.04  # of the time of all windows that one of them may take
RESTS = 3
LEAST_SIZE = 10
GROWN = 1.15  # a window that was searched to its end makes the next ones so much larger, one that was not smaller
LEAST_GAIN = 1e-5  # share of the value by which a plan must be better to count as better


@dataclass(frozen=True, eq=False)
class Ground:
    """A model with whole columns and one objective over it; the limits of the work, and when it must end.

    `entity` and `period` say whom and which period each whole column speaks of (by its place among whole columns).
    """

    lp: Lp
    name: str
    cost: Floats
    work: Work
    watch: Watch
    until: float
    whole: Ints
    entity: Ints
    period: Ints

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return self.until - self.watch.spent

    @property
    def over(self) -> bool:
        """Return whether the work must end."""
        return self.left <= 0 or bool(self.watch.ended())

    def value(self, x: Floats) -> float:
        """Return what a plan is worth."""
        return float(self.cost @ x)


def ground_of(lp: Lp, goal: tuple[str, Floats], work: Work, watch: Watch, until: float) -> Ground:
    """Return a model with an objective, and of whom and when its whole columns speak."""
    whole = np.flatnonzero(lp.whole)
    entity, period = np.zeros(len(lp.lower), dtype=np.int64), np.full(len(lp.lower), -1, dtype=np.int64)
    named: dict[str, int] = {}
    for block in lp.columns.values():
        number = np.array([named.setdefault(w, len(named)) for w in block.who], dtype=np.int64)
        entity[block.index], period[block.index] = number[block.entity], block.period
    return Ground(lp, *goal, work, watch, until, whole, entity[whole], period[whole])


def improved(ground: Ground, x: Floats, relaxation: Floats | None = None) -> Iterator[Floats]:
    """Yield better and better plans: those of windows in which whole columns are free, all others fixed at the plan.

    A round of windows that brings nothing is followed by one of larger ones, searched longer. Ends when the time is over, or when
    `RESTS` rounds one after the other have brought nothing.
    """
    random = np.random.default_rng(0)
    size, rest, large = float(FIRST_SIZE), 0, len(ground.lp.row_lower) >= LARGE
    each = (
        np.inf if large else WINDOW_SHARE * ground.left
    )  # a large one cut short before its first linear model brings nothing
    while not ground.over and rest < RESTS:
        gained = False
        for free in _windows(ground, _apart(ground, x, relaxation), int(size), random):
            if ground.over:
                return
            found, proved = _better(ground, x, free, Effort(NODES * 2**rest, each * 1.5**rest))
            size = min(size * GROWN, len(ground.whole)) if proved else max(size / GROWN, LEAST_SIZE)
            if found is not None:
                gained, x = True, found
                yield x
        rest = 0 if gained else rest + 1
        size = size if gained else min(size * 1.5, len(ground.whole))


@dataclass(frozen=True)
class Effort:
    """How far a window is searched: nodes of its tree, and seconds."""

    nodes: int
    seconds: float


def _apart(ground: Ground, x: Floats, relaxation: Floats | None) -> Flags:
    """Return the whole columns in which a plan and the relaxed one are apart."""
    if relaxation is None:
        return np.zeros(len(ground.whole), dtype=bool)
    return np.abs(x - relaxation)[ground.whole] > HELD


def _windows(ground: Ground, apart: Flags, size: int, random: np.random.Generator) -> Iterator[Flags]:
    """Yield windows of about `size` whole columns.

    Those `apart` from the relaxed plan come first, if they are not many more; then some periods of all entities, some entities
    in all periods, and some entities in more periods.
    """
    if apart.any() and (apart.sum() <= APART * size or len(ground.lp.row_lower) >= LARGE):
        yield apart
    entities = np.unique(ground.entity)
    spans = _spans(ground, size)
    yield from spans
    random.shuffle(entities)
    each = max(1, round(size * len(entities) / len(ground.whole)))
    for k in range(0, len(entities), each):
        yield np.isin(ground.entity, entities[k : k + each])
    for before, after in itertools.pairwise(spans):
        kept = random.permutation(entities)[: max(1, len(entities) // 2)]
        yield (before | after) & np.isin(ground.entity, kept)


def _spans(ground: Ground, size: int) -> list[Flags]:
    """Return the whole columns in runs of periods, about `size` in each."""
    periods, counts = np.unique(ground.period, return_counts=True)
    part = np.minimum(np.cumsum(counts) - counts, len(ground.whole) - 1) // max(size, 1)
    return [np.isin(ground.period, periods[part == p]) for p in np.unique(part)]


def _better(ground: Ground, x: Floats, free: Flags, effort: Effort) -> tuple[Floats | None, bool]:
    """Return a better plan with the whole columns in `free` free and the others fixed, or None; and whether it was the best."""
    lower, upper = ground.lp.lower.copy(), ground.lp.upper.copy()
    at = ground.whole[~free]
    lower[at] = upper[at] = np.clip(np.round(x[at]), np.ceil(lower[at] - HELD), np.floor(upper[at] + HELD))
    sought = Sought(
        ground.name,
        ground.cost,
        gap=WINDOW_GAP,
        seconds=min(ground.left, effort.seconds),
        quiet=True,
        rough=True,
        nodes=effort.nodes,
    )
    found = seek_whole(replace(ground.lp, lower=lower, upper=upper), sought, x, ground.work, ground.watch)
    least = ground.value(x) - LEAST_GAIN * abs(ground.value(x))
    made = None if found.x is None else trimmed(ground.lp, found.x, [ground.cost])
    better = made is not None and ground.value(made) < least
    return made if better else None, not found.cause
