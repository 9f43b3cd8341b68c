"""Wichura's algorithm against Python's own."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from tandemplan.simulate.normals import exponential, exponential_quantile, logarithm, normal, normal_quantiles
from tandemplan.simulate.philox import stream, unit


def test_the_quantile_is_right_to_the_last_digits_far_into_the_tails():
    p = np.concatenate([np.logspace(-300, -1, 500), np.linspace(0.001, 0.999, 999), 1 - np.logspace(-15.9, -1, 200)])
    known = np.array([NormalDist().inv_cdf(x) for x in p])
    assert np.allclose(normal_quantiles(p), known, rtol=1e-15, atol=0)


def test_standard_numbers_are_quantiles_of_the_uniform_one():
    key = stream(1, "a", "b")
    assert normal(key, 4, 7) == normal_quantiles(np.array([unit(key, 4, 7)]))[0]
    assert exponential(key, 4, 7) == exponential_quantile(unit(key, 4, 7))


def test_exponentials_are_right_to_the_last_digits_down_to_the_smallest_number_and_up_to_the_greatest():
    u = (np.concatenate([np.arange(1000), 2 ** np.arange(10, 52), 2**52 - 1 - np.arange(1000)]) + 0.5) / 2**52
    found = [exponential_quantile(x) for x in u]
    assert np.allclose(found, -np.log1p(-u), rtol=5e-16, atol=0)


def test_logarithms_are_right_to_one_unit_in_the_last_place():
    x = np.concatenate([np.logspace(-300, 300, 2001), 1 - np.logspace(-15.9, -0.01, 500), 1 + np.logspace(-15, 0, 500)])
    known = np.log(x.astype(np.longdouble))
    error = np.array([logarithm(v) for v in x]) - known
    assert (np.abs(error) <= np.spacing(np.abs(known.astype(np.float64)))).all()
