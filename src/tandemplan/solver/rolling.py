"""A first plan with lots: period after period made whole, with those to come relaxed; where periods are too wide, fewer set-ups.

Relax-and-fix: Pochet and Wolsey 2006, Production Planning by Mixed Integer Programming, ch. 3.6; Stadtler 2003, Operations Research 51(3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.mip import Sought, seek_whole
from tandemplan.solver.thin import thinned
from tandemplan.solver.trim import trimmed
from tandemplan.solver.windows import FIRST_SIZE, LARGE, NODES, WINDOW_GAP, Ground

Floats = NDArray[np.float64]
LEAST_PERIODS = 2  # in one step: set-ups of a single period see none that they could spare in the next
ROLLING_SHARE = 0.4  # of the time of a first plan that rolling may take


def begun(ground: Ground, x: Floats, relaxation: Floats | None) -> Iterator[Floats]:
    """Yield better plans than `x` to begin with: the one that is rolled forward, or those with fewer set-ups where there is none."""
    length = FIRST_SIZE * len(np.unique(ground.period)) // len(ground.whole)
    small = len(ground.lp.row_lower) < LARGE
    found = rolled(ground, length) if small and length >= LEAST_PERIODS else None
    if found is None:
        yield from thinned(ground, x, relaxation)
    elif ground.value(found) < ground.value(x):
        yield found


def rolled(ground: Ground, length: int) -> Floats | None:
    """Return a plan made whole from the first period to the last, or None where a step finds none in its time.

    In each step whole columns are whole in `length` periods, fixed before at what earlier steps found, and relaxed after. Each step
    begins half a length after the one before, so that the second half of its periods is chosen anew.
    """
    periods = np.unique(ground.period)
    step = max(1, length // 2)
    begins = range(0, max(len(periods) - length, 0) + step, step)
    lower, upper = ground.lp.lower.copy(), ground.lp.upper.copy()
    seconds = ROLLING_SHARE * max(ground.left, 0.0) / len(begins)
    sought = Sought(ground.name, ground.cost, gap=WINDOW_GAP, seconds=seconds, quiet=True, rough=True, nodes=NODES)
    found = None
    for begin in begins:
        if ground.over:
            return None
        whole = np.zeros(len(lower), dtype=bool)
        whole[ground.whole[np.isin(ground.period, periods[begin : begin + length])]] = True
        part = replace(ground.lp, whole=whole, lower=lower, upper=upper)
        found = seek_whole(part, sought, None, ground.work, ground.watch).x
        if found is None:
            return None
        kept = begin + step if begin + length < len(periods) else len(periods)
        fixed = ground.whole[np.isin(ground.period, periods[begin:kept])]
        lower[fixed] = upper[fixed] = np.round(found[fixed])
    return None if found is None else trimmed(ground.lp, found, [ground.cost])
