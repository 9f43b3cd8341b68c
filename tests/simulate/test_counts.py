"""Counts against their exact distributions: quantiles, means, and what small and large ones make of each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit

from tandemplan.simulate.counts import LARGE, binomial_quantile, binomial_share, poisson, poisson_quantile
from tandemplan.simulate.philox import stream, unit

from .chances import Z, middles

EVEN = middles(200_000)
KEY = stream(3, "acceptance", "motors")


@njit
def binomials(n, p, u):
    counts = np.empty(len(u), dtype=np.int64)
    for i in range(len(u)):
        counts[i] = binomial_quantile(n, p, u[i])
    return counts


@njit
def poissons(mean, u):
    counts = np.empty(len(u), dtype=np.int64)
    for i in range(len(u)):
        counts[i] = poisson_quantile(mean, u[i])
    return counts


@njit
def shares(n, p, key, count):
    drawn = np.empty(count)
    for i in range(count):
        drawn[i] = binomial_share(n, p, key, 0, i)
    return drawn


def exact(log_chances, u):
    return np.searchsorted(np.cumsum(np.exp(log_chances)), u)


def of_binomial(n, p):
    k = np.arange(n + 1)
    ways = [math.lgamma(n + 1) - math.lgamma(j + 1) - math.lgamma(n - j + 1) for j in k]
    return np.array(ways) + k * math.log(p) + (n - k) * math.log1p(-p)


def of_poisson(mean):
    k = np.arange(int(mean + 12 * math.sqrt(mean) + 30))
    return k * math.log(mean) - mean - np.array([math.lgamma(j + 1) for j in k])


SMALL = [(1, 0.3), (2, 0.98), (39, 0.5), (100, 0.9), (100, 0.02), (150, 0.999), (6000, 0.003)]
GREAT = [(40, 0.5), (41, 0.5), (100, 0.2), (201, 0.9), (400, 0.05), (6667, 0.003), (20_000, 0.5)]


@pytest.mark.parametrize(("n", "p"), SMALL)
def test_small_counts_of_successes_are_exact(n, p):
    assert n * min(p, 1 - p) < LARGE
    assert (binomials(n, p, EVEN) == exact(of_binomial(n, p), EVEN)).all()


@pytest.mark.parametrize(("n", "p"), GREAT)
def test_great_counts_of_successes_are_off_by_1_at_most_and_seldom(n, p):
    assert n * min(p, 1 - p) >= LARGE
    counts, known = binomials(n, p, EVEN), exact(of_binomial(n, p), EVEN)
    assert np.abs(counts - known).max() <= 1
    assert (counts != known).mean() < 1e-3
    sd = math.sqrt(n * p * (1 - p))
    assert abs(counts.mean() - n * p) < 1e-4 * sd
    assert counts.std() == pytest.approx(sd, rel=1e-4)
    assert (np.diff(counts) >= 0).all()


@pytest.mark.parametrize("mean", [0.01, 1.0, 5.5, 19.9])
def test_few_events_are_exact(mean):
    assert (poissons(mean, EVEN) == exact(of_poisson(mean), EVEN)).all()


@pytest.mark.parametrize("mean", [20.0, 21.3, 100.0, 5000.0])
def test_many_events_are_off_by_1_at_most_and_seldom(mean):
    counts, known = poissons(mean, EVEN), exact(of_poisson(mean), EVEN)
    assert np.abs(counts - known).max() <= 1
    assert (counts != known).mean() < 1e-3
    assert abs(counts.mean() - mean) < 1e-4 * math.sqrt(mean)
    assert counts.std() == pytest.approx(math.sqrt(mean), rel=1e-4)


@pytest.mark.parametrize(("n", "p"), [*SMALL, *GREAT])
def test_shares_have_the_mean_of_the_model(n, p):
    drawn = shares(float(n), p, KEY, 100_000)
    deviation = math.sqrt(p * (1 - p) / n)
    assert abs(drawn.mean() - p) < Z * deviation / math.sqrt(100_000)
    assert (drawn >= 0).all()
    assert (drawn <= 1).all()


@pytest.mark.parametrize(("n", "p", "share"), [(0.0, 0.9, 0.9), (0.4, 0.7, 0.7), (5.0, 0.0, 0.0), (5.0, 1.0, 1.0)])
def test_the_share_of_nothing_or_of_certainty_is_p(n, p, share):
    assert binomial_share(n, p, KEY, 0, 0) == share


def test_parts_of_units_are_rounded():
    assert {binomial_share(1.6, 0.5, KEY, 0, i) for i in range(100)} == {0.0, 0.5, 1.0}


def test_a_count_costs_one_number_of_its_stream():
    assert poisson(3.0, KEY, 4, 7) == poisson_quantile(3.0, unit(KEY, 4, 7))
    assert poisson(0.0, KEY, 4, 7) == 0
    assert binomial_share(10.0, 0.9, KEY, 4, 7) == binomial_quantile(10, 0.9, unit(KEY, 4, 7)) / 10


@pytest.mark.parametrize("u", [2.0**-53, 0.5, 1 - 2.0**-53])
def test_the_outermost_numbers_give_counts_that_can_be(u):
    for n, p in [(1, 0.5), (10, 1e-9), (10**6, 1e-6), (10**9, 1e-9), (10**9, 0.5), (30, 1 - 1e-12)]:
        count = binomial_quantile(n, p, u)
        assert 0 <= count <= n
        assert abs(count - n * p) < 10 * math.sqrt(n * p * (1 - p)) + 25
    for mean in (1e-9, 1.0, 19.9, 20.0, 1e9):
        assert 0 <= poisson_quantile(mean, u) < mean + 10 * math.sqrt(mean) + 25
