"""Tables of quantiles against closed forms, into the tails: their error is what the module says it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tandemplan.simulate.normals import normal_quantile
from tandemplan.simulate.tables import beta_table, curve_table, gamma_table, interpolated, moments

Z = np.linspace(-8.2, 8.2, 2003)  # beside the nodes


def above(z):
    return 0.5 * math.erfc(z / math.sqrt(2))


def read(table):
    return np.array([interpolated(table, 0, z) for z in Z])


def test_gamma_of_1_is_the_exponential():
    assert np.allclose(read(gamma_table(1.0)), [-math.log(above(z)) for z in Z], rtol=0, atol=6e-8)


def test_gamma_of_a_half_is_the_square_of_a_normal():
    assert np.allclose(read(gamma_table(0.5)), [normal_quantile(above(z) / 2) ** 2 for z in Z], rtol=0, atol=2e-7)


@pytest.mark.parametrize("k", [2, 4, 25, 100])
def test_gamma_of_whole_numbers_is_erlangs(k):
    """P(X > x) is the probability of fewer than k events of a Poisson process until k x."""
    for z, x in zip(Z, read(gamma_table(float(k))), strict=True):
        if 0 < z < 7.5:
            left = sum(math.exp(-k * x + j * math.log(k * x) - math.lgamma(j + 1)) for j in range(k))
            assert -normal_quantile(left) == pytest.approx(z, abs=1e-8)


@pytest.mark.parametrize(("a", "b"), [(1, 1), (1, 5), (2, 4), (3, 3), (5, 1)])
def test_beta_of_whole_numbers_is_a_binomial(a, b):
    """P(X <= x) is the probability of at least a successes of a + b - 1 with probability x."""
    n = a + b - 1
    for z, x in zip(Z, read(beta_table(a, b)), strict=True):
        known = sum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
        assert known == pytest.approx(1 - above(z), abs=5e-8)


@pytest.mark.parametrize("k", [1e-4, 1e-2, 0.1, 1.0, 9.0, 1e4, 1e8, 1e12])
def test_gamma_tables_rise_and_have_their_moments(k):
    table = gamma_table(k)
    assert (np.diff(read(table)) >= 0).all()
    assert read(table).min() >= 0
    mean, sd = moments(table)
    assert mean == pytest.approx(1, abs=1e-14)
    assert sd * math.sqrt(k) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("a", [1.0, 1.5, 3.0, 4.7, 5.0])
def test_beta_tables_rise_within_their_bounds_and_have_their_moments(a):
    table = beta_table(a, 6 - a)
    numbers = read(table)
    assert (np.diff(numbers) >= 0).all()
    assert numbers.min() >= 0
    assert numbers.max() <= 1 + 1e-8
    mean, sd = moments(table)
    assert mean == pytest.approx(a / 6, abs=1e-14)
    assert sd == pytest.approx(math.sqrt(a * (6 - a) / 36 / 7), abs=1e-7)


def test_a_known_curve_is_read_back():
    table = curve_table(lambda z: np.exp(0.3 * z), lambda z: 0.3 * np.exp(0.3 * z))
    assert np.allclose(read(table), np.exp(0.3 * Z), rtol=1e-10)
