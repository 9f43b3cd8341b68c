"""Counts of what happens at random: successes among units, events in a time. One uniform number a count, rising with it.

Small counts are the exact quantile, summed up from 0. From `LARGE` on they are Cornish and Fisher's expansion of the
quantile to the third order, Biometrika 1960, 47(1): a count differs from the exact one by at most 1, and seldom; the mean
of the counts is right to less than a thousandth of their standard deviation (tests/simulate/test_counts.py).
"""

from __future__ import annotations

import math

import numpy as np

from tandemplan.compiled import kernel
from tandemplan.simulate.normals import normal_quantile
from tandemplan.simulate.philox import unit

LARGE = 20.0  # mean of the rarer outcome
_TINY = 1e-18


@kernel
def binomial_share(n: float, p: float, key: np.uint64, replication: int, index: int) -> float:
    """Return the share of successes among `n` units, each of which succeeds with probability `p`.

    Parts of units count as units from a half on. Of no units the share is p, and so is it where p is 0 or 1.

    >>> binomial_share(0.0, 0.9, np.uint64(1), 0, 0)
    0.9
    """
    units = math.floor(n + 0.5)
    if units < 1 or p <= 0.0 or p >= 1.0:
        return p
    return binomial_quantile(units, p, unit(key, replication, index)) / units


@kernel
def poisson(mean: float, key: np.uint64, replication: int, index: int) -> int:
    """Return how many events happen where `mean` are expected.

    >>> poisson(0.0, np.uint64(1), 0, 0)
    0
    """
    return poisson_quantile(mean, unit(key, replication, index)) if mean > 0.0 else 0


@kernel
def binomial_quantile(n: int, p: float, u: float) -> int:
    """Return the least number of successes among n whose probability, with all below it, is at least u.

    >>> [binomial_quantile(2, 0.5, u) for u in (0.2, 0.3, 0.7, 0.8)]
    [0, 1, 1, 2]
    """
    if p > 0.5:
        return n - _rarer(n, 1.0 - p, 1.0 - u)
    return _rarer(n, p, u)


@kernel
def poisson_quantile(mean: float, u: float) -> int:
    """Return the least number of events whose probability, with all below it, is at least u.

    >>> [poisson_quantile(1.0, u) for u in (0.3, 0.4, 0.73, 0.74)]
    [0, 1, 1, 2]
    """
    if mean >= LARGE:
        return max(_expanded(mean, mean, 1.0, 1.0, u), 0)
    chance, count = math.exp(-mean), 0
    left = u - chance
    while left > 0.0 and (chance > _TINY or count < mean):
        count += 1
        chance *= mean / count
        left -= chance
    return count


@kernel
def _rarer(n: int, p: float, u: float) -> int:
    """Return the quantile of the binomial distribution for p of at most a half."""
    mean, q = n * p, 1.0 - p
    if mean >= LARGE:
        return min(max(_expanded(mean, mean * q, q - p, 1.0 - 6.0 * p * q, u), 0), n)
    chance, count = math.exp(n * math.log1p(-p)), 0
    left = u - chance
    while left > 0.0 and count < n and (chance > _TINY or count < mean):
        count += 1
        chance *= p * (n - count + 1) / (q * count)
        left -= chance
    return count


@kernel
def _expanded(mean: float, variance: float, third: float, fourth: float, u: float) -> int:
    """Return the quantile of a count from its first four cumulants, the last two over the variance.

    Rounding adds a twelfth to the variance and takes 1/120 from the fourth cumulant, so what is rounded has less and more
    (Sheppard's corrections).
    """
    z, even = normal_quantile(u), variance - 1.0 / 12.0
    skew, tail = third * variance / even, (fourth * variance + 1.0 / 120.0) / even
    square = z * z
    bend = skew * (square - 1.0) / 6.0
    twist = (tail * (square - 3.0) / 24.0 - skew * skew * (2.0 * square - 5.0) / 36.0) * z
    return math.ceil(mean + math.sqrt(even) * z + bend + twist / math.sqrt(even) - 0.5)
