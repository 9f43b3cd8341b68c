"""What tests of random numbers need: compiled loops over kernels, and the bounds of 99.9 %."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from tandemplan.simulate.draws import quantile, sample
from tandemplan.simulate.philox import unit

Z = 3.2905  # normal quantile of 99.95 %: two-sided 99.9 %
KOLMOGOROV = 1.9495  # 99.9 % of the greatest distance between two distribution functions, times the root of the draws


def chi_square_bound(freedom: int, z: float = 3.0902) -> float:
    """99.9 % of the chi-square distribution (Wilson and Hilferty 1931)."""
    return freedom * (1 - 2 / (9 * freedom) + z * math.sqrt(2 / (9 * freedom))) ** 3


def chi_square(places: np.ndarray, bins: int) -> float:
    counts, expected = np.bincount(places, minlength=bins), len(places) / bins
    return float(((counts - expected) ** 2 / expected).sum())


@njit
def units(key, replication, first, count):
    numbers = np.empty(count)
    for i in range(count):
        numbers[i] = unit(key, replication, first + i)
    return numbers


@njit
def units_over_replications(key, index, count):
    numbers = np.empty(count)
    for i in range(count):
        numbers[i] = unit(key, i, index)
    return numbers


@njit
def samples(pack, which, key, replication, count):
    numbers = np.empty(count)
    for i in range(count):
        numbers[i] = sample(pack, which, key, replication, i)
    return numbers


@njit
def quantiles(pack, which, u):
    numbers = np.empty(len(u))
    for i in range(len(u)):
        numbers[i] = quantile(pack, which, u[i])
    return numbers


def middles(count: int) -> np.ndarray:
    """The middles of as many parts of the unit interval: its most even sample."""
    return (np.arange(count) + 0.5) / count
