"""Gamma variates of any shape, where a quantile table would have to be made for each."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import kernel
from tandemplan.simulate.normals import exponential, normal
from tandemplan.simulate.philox import unit

TRIES = 16  # counter values kept for one variate: the chance to need more is below 1e-20


@kernel
def gamma_unit(shape: float, key: np.uint64, replication: int, index: int) -> float:
    """Draw from a gamma distribution with mean 1 (Marsaglia and Tsang 2000, ACM TOMS 26(3)); shape 1 is exponential, by inversion."""
    if shape == 1.0:
        return exponential(key, replication, index)
    if shape > 1e6:
        return max(1.0 + normal(key, replication, index) / np.sqrt(shape), 0.0)
    first = (index + 1) * int(4 * TRIES)
    boost = 1.0
    a = shape
    if shape < 1.0:
        boost = unit(key, replication, first) ** (1.0 / shape)
        a += 1.0
    d = a - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    found = 1.0
    for k in range(TRIES):
        x = normal(key, replication, first + 2 * k + 1)
        v = (1.0 + c * x) ** 3
        if v > 0.0:
            u = unit(key, replication, first + 2 * k + 2)
            found = d * v
            if np.log(u) < 0.5 * x * x + d - found + d * np.log(v):
                break
    return found * boost / shape
