"""Intervals against known values, and against what they promise: 95 % of them hold what they are about."""

import numpy as np
import pytest

from tandemplan.simulate.intervals import chances, differences, means, quantiles, ranks_of, student


def test_wilson_of_newcombe():
    """Newcombe 1998, table I, method 3: 81 of 263 gives 0.2553 to 0.3662, 15 of 148 gives 0.0624 to 0.1605, 0 of 20 gives 0 to 0.1611."""
    found = chances([81, 15, 0, 1], [263, 148, 20, 29])
    assert np.round(found.low, 4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert np.round(found.high, 4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_nothing_tried_has_no_chance():
    assert np.isnan(chances([0, 5], [0, 0]).value).all()


@pytest.mark.parametrize(
    ("freedom", "value"), [(3, 3.18245), (5, 2.57058), (10, 2.22814), (30, 2.04227), (120, 1.97993)]
)
def test_student(freedom, value):
    """Two-sided 95 % points of the usual tables."""
    assert student(freedom) == pytest.approx(value, abs=1e-5)


def test_ranks_hold_the_quantile_as_often_as_they_say():
    """Of 40 values, those of ranks (from, to) hold the quantile with at least 95 %, and with no narrower ranks at either end."""
    from math import comb

    for level in (0.1, 0.5, 0.8):
        _, low, high = ranks_of(40, level)
        odds = [comb(40, k) * level**k * (1 - level) ** (40 - k) for k in range(41)]
        assert sum(odds[:low]) <= 0.025 < sum(odds[: low + 1])
        assert sum(odds[high:]) <= 0.025 < sum(odds[high - 1 :])


def test_never_is_a_value_of_its_own():
    """Of ten replications three never end: the middle one is known, the high quantile and its interval are never."""
    days = np.array([1, 2, 3, 4, 5, 6, 7, np.inf, np.inf, np.inf])[:, None]
    middle, high = quantiles(days, (0.5, 0.8))
    assert [float(v[0]) for v in (middle.value, middle.low, middle.high)] == [5, 2, np.inf]
    assert [float(v[0]) for v in (high.value, high.low, high.high)] == [np.inf, 5, np.inf]


def test_what_is_not_there_is_left_out():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    assert means(values).value[0] == 2
    assert quantiles(values, (0.5,))[0].value[0] == 1
    assert np.isnan([means(values).value[1], quantiles(values, (0.5,))[0].value[1]]).all()


def test_one_replication_has_no_interval():
    found = means([[4.0]])
    assert found.value[0] == 4
    assert np.isnan([found.low[0], found.high[0]]).all()


def test_intervals_hold_the_truth_in_95_of_100():
    """2,000 samples of 60: exponential days of mean 10, whose median is 10 log 2; a chance of 0.3; two means 3 apart."""
    draw = np.random.Generator(np.random.Philox(7))
    days = draw.exponential(10, (60, 2000))
    hits = draw.binomial(60, 0.3, 2000)
    one, other = draw.normal(5, 1, (2000, 60)), draw.normal(2, 4, (2000, 25))
    told = {
        "mean": (means(days), 10.0),
        "median": (quantiles(days, (0.5,))[0], 10 * np.log(2)),
        "chance": (chances(hits, 60), 0.3),
    }
    held = {n: float(((e.low <= truth) & (truth <= e.high)).mean()) for n, (e, truth) in told.items()}
    both = [differences(a, b) for a, b in zip(one, other, strict=True)]
    held["difference"] = float(np.mean([d.low <= 3 <= d.high for d in both]))
    assert all(0.925 <= share <= 0.985 for share in held.values()), held
