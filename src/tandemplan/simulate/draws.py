"""Draws of packed distributions, compiled: one uniform number a draw, and the draw never falls where that number rises.

So draws on common random numbers rise and fall together in two plans, and the index of a draw in its stream is its counter.
Kernels are for other compiled code: they hold no state and allocate nothing. A pack is a single array, because compiled
code counts references to every array that it is handed, which takes longer than the draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tandemplan.arrays import Floats
from tandemplan.compiled import inlined
from tandemplan.simulate.normals import normal_quantile
from tandemplan.simulate.philox import unit
from tandemplan.simulate.shapes import (
    CONSTANT,
    EXPONENTIAL,
    LOGNORMAL,
    NORMAL,
    TABLE,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
    Distribution,
)
from tandemplan.simulate.tables import interpolated

WIDTH = 6  # numbers of a distribution in a pack: way, a, b, c, entry at which its table begins, length of the table


def packed(distributions: Sequence[Distribution]) -> Floats:
    """Return distributions in their order as one array for kernels, tables that are alike only once.

    >>> from tandemplan.simulate.shapes import distribution
    >>> one, two = distribution("gamma", 10.0, 5.0), distribution("gamma", 30.0, 15.0)
    >>> len(packed([one, two])) == len(packed([one])) + WIDTH
    True
    """
    starts: dict[bytes, int] = {}
    rows, tables = [], []
    end = WIDTH * len(distributions)
    for one in distributions:
        known = one.table.tobytes()
        if known not in starts:
            starts[known], end = end, end + len(one.table)
            tables.append(one.table)
        rows.append((one.way, *one.values, starts[known], len(one.table)))
    return np.concatenate([np.array(rows, dtype=np.float64).reshape(-1), *tables])


@inlined
def sample(pack: Floats, which: int, key: np.uint64, replication: int, index: int) -> float:
    """Return a draw of distribution `which` of a pack: number `index` of the stream `key` in a replication.

    >>> from tandemplan.simulate.philox import stream
    >>> from tandemplan.simulate.shapes import distribution
    >>> sample(packed([distribution("constant", 30.0, 0.0)]), 0, stream(1, "lead time", "motors"), 17, 0)
    30.0
    """
    if int(pack[WIDTH * which]) == CONSTANT:
        return pack[WIDTH * which + 1]
    return quantile(pack, which, unit(key, replication, index))


@inlined
def quantile(pack: Floats, which: int, u: float) -> float:
    """Return the quantile of distribution `which` of a pack at `u`, for 0 < u < 1: its draw where u is uniform.

    >>> from tandemplan.simulate.shapes import distribution
    >>> quantile(packed([distribution("triangular", 10.0, 1.0)]), 0, 0.5)
    10.0
    """
    at = WIDTH * which
    way, a, b, c = int(pack[at]), pack[at + 1], pack[at + 2], pack[at + 3]
    if way == CONSTANT:
        return a
    if way == LOGNORMAL:
        return math.exp(a + b * normal_quantile(u))
    if way == TABLE:
        return a + b * interpolated(pack, int(pack[at + 4]), normal_quantile(u))
    if way == UNIFORM:
        return a + b * u
    if way == TRIANGULAR:
        return a + b * (math.sqrt(u * c) if u <= c else 1.0 - math.sqrt((1.0 - u) * (1.0 - c)))
    if way == NORMAL:
        return max(a - b * normal_quantile((1.0 - u) * c), 0.0)
    if way == EXPONENTIAL:
        return -a * math.log1p(-u)
    if way == WEIBULL:
        return a * (-math.log1p(-u)) ** b
    return pack[int(pack[at + 4]) + int(u * pack[at + 5])]  # EMPIRICAL
