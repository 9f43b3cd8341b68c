"""Estimates with 95 % confidence intervals: probabilities, means and quantiles of replications, many columns at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(128)


@dataclass(frozen=True, eq=False)
class Estimate:
    """Values, each with the ends of its interval: arrays of one shape; nan: not known; -inf and inf as ends: no bound."""

    value: Floats
    low: Floats
    high: Floats

    def clipped(self, low: float, high: float) -> Estimate:
        """Return the estimate with everything inside bounds that hold by nature."""
        return Estimate(*(np.clip(v, low, high) for v in (self.value, self.low, self.high)))

    def half(self) -> Floats:
        """Return half the width of each interval."""
        return (self.high - self.low) / 2


def chances(successes: ArrayLike, trials: ArrayLike) -> Estimate:
    """Return the share of successes with Wilson's interval (Wilson 1927, equation 4); nan without trials.

    With k of n and z the normal quantile, the ends are (k + z^2/2 -+ z sqrt(k (n - k) / n + z^2/4)) / (n + z^2).

    >>> found = chances([8, 0], [10, 10])
    >>> [round(float(v), 4) for v in (*found.value, *found.low, *found.high)]
    [0.8, 0.0, 0.4902, 0.0, 0.9433, 0.2775]
    """
    k, n = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64))
    some = n > 0
    k, n = np.where(some, k, 0.0), np.where(some, n, 1.0)
    middle = k + _Z**2 / 2
    spread = _Z * np.sqrt(k * (n - k) / n + _Z**2 / 4)
    low, high = (middle - spread) / (n + _Z**2), (middle + spread) / (n + _Z**2)
    ends = np.where(k <= 0, 0.0, low), np.where(k >= n, 1.0, high)
    return Estimate(*(np.where(some, v, np.nan) for v in (k / n, *ends)))


def means(values: ArrayLike) -> Estimate:
    """Return the mean of each column (first axis: replications) with Student's interval; nan cells are left out.

    One replication alone has no interval (nan), no replication no mean.

    >>> found = means([[1.0], [2.0], [6.0]])
    >>> [round(float(v[0]), 3) for v in (found.value, found.low, found.high)]
    [3.0, -3.572, 9.572]
    """
    told = np.asarray(values, dtype=np.float64)
    there = ~np.isnan(told)
    count = there.sum(axis=0)
    mean = np.where(there, told, 0.0).sum(axis=0) / np.where(count, count, np.nan)
    squares = (np.where(there, told - mean, 0.0) ** 2).sum(axis=0)
    spread = np.sqrt(squares / np.where(count > 1, count - 1, np.nan) / np.maximum(count, 1))
    half = spread * np.vectorize(student, otypes=[float])(count - 1)
    return Estimate(mean, mean - half, mean + half)


def differences(one: ArrayLike, other: ArrayLike) -> Estimate:
    """Return the mean of one sample less that of another with Welch's interval (Welch 1947); nan where either has fewer than two."""
    samples = [np.asarray(v, dtype=np.float64) for v in (one, other)]
    value = np.float64(np.nan if min(map(len, samples)) == 0 else samples[0].mean() - samples[1].mean())
    if min(map(len, samples)) < 2:
        return Estimate(*(np.array(v) for v in (value, np.nan, np.nan)))
    errors = [v.var(ddof=1) / len(v) for v in samples]
    total = sum(errors)
    freedom = total**2 / sum(e**2 / (len(v) - 1) for e, v in zip(errors, samples, strict=True)) if total else math.inf
    half = student(freedom) * math.sqrt(total)
    return Estimate(*(np.array(v) for v in (value, value - half, value + half)))


def quantiles(values: ArrayLike, levels: tuple[float, ...]) -> list[Estimate]:
    """Return a quantile of each column (first axis: replications) for each level, with binomial order statistics as interval.

    The quantile is the smallest value that at least its share of replications does not exceed (inf counts as a value; nan
    cells are left out). The ends are the ranks between which a binomial number lies with 95 %, -inf and inf where there
    are too few replications for an end (David and Nagaraja 2003, section 7.1).

    >>> found = quantiles(np.arange(1.0, 11.0)[:, None], (0.5, 0.1))
    >>> [[float(v[0]) for v in (q.value, q.low, q.high)] for q in found]
    [[5.0, 2.0, 9.0], [1.0, -inf, 4.0]]
    """
    told = np.asarray(values, dtype=np.float64)
    rows = np.sort(told.reshape(len(told), math.prod(told.shape[1:])).T, axis=1)
    counts = (~np.isnan(rows)).sum(axis=1)
    found = []
    for level in levels:
        ranks = np.array([ranks_of(int(n), level) for n in counts], dtype=np.int64).reshape(-1, 3)
        found.append(Estimate(*(_ranked(rows, counts, r).reshape(told.shape[1:]) for r in ranks.T)))
    return found


def _ranked(rows: Floats, counts: NDArray[np.int64], ranks: NDArray[np.int64]) -> Floats:
    """Return the value of a rank (from 1) in each sorted row; -inf below the first, inf beyond the last, nan without any."""
    if not rows.shape[1]:
        return np.full(len(rows), np.nan)
    at = np.clip(ranks - 1, 0, np.maximum(counts - 1, 0))
    value = np.take_along_axis(rows, at[:, None], axis=1)[:, 0]
    value = np.where(ranks < 1, -np.inf, np.where(ranks > counts, np.inf, value))
    return np.where(counts, value, np.nan)


@lru_cache(maxsize=4096)
def ranks_of(count: int, level: float) -> tuple[int, int, int]:
    """Return the ranks of a quantile of `count` values and of the ends of its interval; 0 and count + 1: there is no end.

    >>> ranks_of(10, 0.5), ranks_of(1000, 0.9)
    ((5, 2, 9), (900, 881, 919))
    """
    if count == 0:
        return 1, 0, 1
    rank = min(max(math.ceil(count * level - 1e-9), 1), count)
    if level >= 1:
        return rank, rank, count + 1
    steps = np.arange(1, count + 1)
    odds = np.log(count + 1 - steps) - np.log(steps) + math.log(level) - math.log1p(-level)
    logs = count * math.log1p(-level) + np.concatenate([[0.0], np.cumsum(odds)])
    below = np.cumsum(np.exp(logs))
    tail = (1 - CONFIDENCE) / 2
    return rank, int(np.searchsorted(below, tail, side="right")), int(np.searchsorted(below, 1 - tail)) + 1


@lru_cache(maxsize=4096)
def student(freedom: float) -> float:
    """Return the quantile of Student's t that leaves 2.5 % above it; nan without a degree of freedom.

    The integral of the density from 0 is taken by Gauss and Legendre's rule, and inverted by Newton's method.

    >>> [round(student(n), 3) for n in (1, 2, 9, 1000)]
    [12.706, 4.303, 2.262, 1.962]
    """
    if not freedom > 0:
        return math.nan
    if freedom > 1e6:
        return _Z
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def density(t: Floats) -> Floats:
        return np.asarray(scale * (1 + t * t / freedom) ** (-(freedom + 1) / 2))

    t = _Z
    for _ in range(100):
        within = float(_WEIGHTS @ density(t * (_NODES + 1) / 2)) * t / 2
        step = (CONFIDENCE / 2 - within) / float(density(np.array(t)))
        t += step
        if abs(step) < 1e-12 * t:
            break
    return t
