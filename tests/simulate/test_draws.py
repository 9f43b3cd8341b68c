"""Draws of every shape: their distribution, mean and standard deviation, and that nothing else has a say in them."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from tandemplan.model.schema.buying import DISTRIBUTIONS
from tandemplan.simulate.draws import packed, quantile, sample
from tandemplan.simulate.philox import stream
from tandemplan.simulate.shapes import distribution, empirical, from_quantiles

from .chances import KOLMOGOROV, Z, middles, quantiles, samples

MANY = 200_000
MEAN = 20.0
WIDEST = {
    "uniform": 1 / math.sqrt(3),
    "triangular": 1 / math.sqrt(2),
    "pert": math.sqrt(5 / 7),
    "normal": 1.0,
    "lognormal": math.inf,
    "gamma": math.inf,
    "weibull": math.inf,
}
above = np.vectorize(lambda z: 0.5 * math.erfc(z / math.sqrt(2)))


def drawn(one, count=MANY, name="motors"):
    return samples(packed([one]), 0, stream(2026, "lead time", name), 17, count)


# Distribution functions by the book, without the package: from x and the wished mean and standard deviation.
def uniform(x, mean, sd):
    return np.clip((x - mean + math.sqrt(3) * sd) / (math.sqrt(12) * sd), 0, 1)


def triangular(x, mean, sd):
    low, high = mean - math.sqrt(6) * sd, mean + math.sqrt(6) * sd
    left, right = (x - low) ** 2 / (high - low) ** 2 * 2, 1 - (high - x) ** 2 / (high - low) ** 2 * 2
    return np.where(x < mean, left, right)


def leaning(x, mean, _):
    """Triangular from 0 to b with mode 0, the widest: P(X > x) = (1 - x / b)^2, b = 3 mean."""
    return 1 - (1 - x / (3 * mean)) ** 2


def pert(x, mean, sd):
    """A symmetric PERT is a beta with both parameters 3: 10 w^3 - 15 w^4 + 6 w^5."""
    w = (x - mean + math.sqrt(7) * sd) / (2 * math.sqrt(7) * sd)
    return w**3 * (10 - 15 * w + 6 * w * w)


def widest_pert(x, mean, _):
    """From 0 to 6 times the mean with mode 0: a beta with 1 and 5."""
    return 1 - (1 - x / (6 * mean)) ** 5


def half_normal(x, mean, _):
    """A normal cut in its middle: mean = s sqrt(2 / pi)."""
    return 1 - 2 * above(x / (mean / math.sqrt(2 / math.pi)))


def barely_cut(x, mean, sd):
    return 1 - above((x - mean) / sd)


def lognormal(x, mean, sd):
    square = math.log(1 + (sd / mean) ** 2)
    return 1 - above((np.log(x) - math.log(mean) + square / 2) / math.sqrt(square))


def erlang(x, mean, sd):
    k = round((mean / sd) ** 2)
    y = x * k / mean
    return 1 - sum(np.exp(-y) * y**j / math.factorial(j) for j in range(k))


def square_of_a_normal(x, mean, _):
    return 1 - 2 * above(np.sqrt(x / mean))


def weibull(power):
    return lambda x, mean, _: 1 - np.exp(-((x / (mean / math.gamma(1 + 1 / power))) ** power))


def exponential(x, mean, _):
    return 1 - np.exp(-x / mean)


def weibull_spread(power):
    return math.sqrt(math.gamma(1 + 2 / power) / math.gamma(1 + 1 / power) ** 2 - 1)


FORMS = [
    ("uniform", 0.3, uniform),
    ("triangular", 0.3, triangular),
    ("triangular", 1 / math.sqrt(2), leaning),
    ("pert", 0.3, pert),
    ("pert", math.sqrt(5 / 7), widest_pert),
    ("normal", 0.1, barely_cut),
    ("normal", math.sqrt(math.pi / 2 - 1), half_normal),
    ("normal", 1.2, exponential),
    ("lognormal", 0.3, lognormal),
    ("lognormal", 1.5, lognormal),
    ("gamma", 0.5, erlang),
    ("gamma", 0.2, erlang),
    ("gamma", math.sqrt(2), square_of_a_normal),
    ("weibull", weibull_spread(2.5), weibull(2.5)),
    ("weibull", weibull_spread(0.7), weibull(0.7)),
    ("exponential", 1.0, exponential),
    ("exponential", 0.3, exponential),
]


@pytest.mark.parametrize(("shape", "spread", "form"), FORMS)
def test_draws_have_the_distribution_of_the_book(shape, spread, form):
    """Kolmogorov and Smirnov's distance within 99.9 %; and the quantiles themselves, to a millionth."""
    one = distribution(shape, MEAN, spread * MEAN)
    chance = form(np.sort(drawn(one)), MEAN, spread * MEAN)
    steps = np.arange(MANY + 1) / MANY
    distance = max(np.abs(chance - steps[1:]).max(), np.abs(chance - steps[:-1]).max())
    assert distance * math.sqrt(MANY) < KOLMOGOROV
    u = middles(10_001)
    assert np.allclose(form(quantiles(packed([one]), 0, u), MEAN, spread * MEAN), u, rtol=0, atol=1e-6)


@pytest.mark.parametrize("spread", [1e-5, 0.01, 0.1, 0.3, 0.5, 0.8, 1.3, 2.5])
@pytest.mark.parametrize("shape", WIDEST)
def test_draws_have_the_mean_and_the_deviation_that_they_should(shape, spread):
    """Within 99.9 % of the draws, and, by integration over the quantiles, far closer."""
    one = distribution(shape, MEAN, spread * MEAN)
    wished = MEAN * min(spread, WIDEST[shape])
    assert one.mean == MEAN
    assert one.sd == pytest.approx(wished)
    numbers = drawn(one)
    assert numbers.min() >= 0
    assert abs(numbers.mean() - MEAN) < Z * wished / math.sqrt(MANY)
    fourth = ((numbers - MEAN) ** 4).mean()
    error = math.sqrt((fourth - wished**4) / MANY) / (2 * wished)
    assert abs(numbers.std() - wished) < Z * error + 1e-12
    z = np.linspace(-8, 8, 40_001)
    even, weight = quantiles(packed([one]), 0, 1 - above(z)), np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    assert even @ weight == pytest.approx(MEAN, rel=1e-6)
    assert math.sqrt((even - MEAN) ** 2 @ weight) == pytest.approx(wished, rel=1e-5)
    assert (np.diff(even) >= -1e-12).all()  # but for the last digit


@pytest.mark.parametrize("shape", DISTRIBUTIONS)
def test_without_a_deviation_every_shape_is_constant(shape):
    assert set(drawn(distribution(shape, MEAN, 0.0), 100)) == {MEAN}
    assert set(drawn(distribution(shape, 0.0, 5.0), 100)) == {0.0}


def test_a_constant_stays_constant_and_an_exponential_has_its_mean_for_deviation():
    assert distribution("constant", MEAN, 5.0).sd == 0
    assert distribution("exponential", MEAN, 5.0).sd == MEAN


@pytest.mark.parametrize(
    ("shape", "mean", "sd", "said"),
    [
        ("beta", 1.0, 1.0, "is not known"),
        ("gamma", -1.0, 1.0, "at least 0"),
        ("gamma", 1.0, -1.0, "at least 0"),
        ("gamma", math.nan, 1.0, "finite"),
        ("gamma", 1.0, math.inf, "finite"),
    ],
)
def test_what_cannot_be_is_refused(shape, mean, sd, said):
    with pytest.raises(ValueError, match=said):
        distribution(shape, mean, sd)


@pytest.mark.parametrize(
    "three", [(10, 20, 40), (10, 20, 25), (10, 12, 40), (10, 20, 40.001), (1, 30, 31), (10, 10.001, 30)]
)
@pytest.mark.parametrize("probability", [0.05, 0.1, 0.25])
def test_three_quantiles_are_met(three, probability):
    one = from_quantiles(*three, probability=probability)
    pack = packed([one])
    met = quantiles(pack, 0, np.array([probability, 0.5, 1 - probability]))
    assert met == pytest.approx(three, abs=2e-6 * three[2])
    numbers = quantiles(pack, 0, middles(1_000_000))
    assert (np.diff(numbers) >= 0).all()
    assert numbers.min() >= 0
    assert one.mean == pytest.approx(numbers.mean(), rel=2e-3)


def test_quantiles_in_proportion_are_a_lognormal():
    deviation = math.log(2) / NormalDist().inv_cdf(0.9)
    one = from_quantiles(10, 20, 40)
    assert one.mean == pytest.approx(20 * math.exp(deviation**2 / 2), rel=1e-8)
    assert one.sd == pytest.approx(one.mean * math.sqrt(math.expm1(deviation**2)), rel=1e-6)
    assert drawn(from_quantiles(5, 5, 5), 10).tolist() == [5.0] * 10


@pytest.mark.parametrize("three", [(0, 1, 2), (3, 2, 4), (1, 2, math.inf), (1, 1, 2), (1, 2, 2)])
def test_quantiles_that_cannot_be_are_refused(three):
    with pytest.raises(ValueError, match=r"quantiles|must rise"):
        from_quantiles(*three)


def test_observed_values_are_drawn_alike():
    one = empirical([5.0, 1.0, 1.0, 9.0])
    numbers = drawn(one)
    counts = [int((numbers == x).sum()) for x in (1.0, 5.0, 9.0)]
    assert sum(counts) == MANY
    for count, share in zip(counts, (0.5, 0.25, 0.25), strict=True):
        assert abs(count - share * MANY) < Z * math.sqrt(MANY * share * (1 - share))
    assert (one.mean, one.sd) == (4.0, pytest.approx(math.sqrt(11.0)))
    assert quantile(packed([one]), 0, 1 - 2.0**-53) == 9.0
    for wrong in ([], [1.0, math.nan], [-1.0]):
        with pytest.raises(ValueError, match="observed"):
            empirical(wrong)


def test_a_draw_is_the_same_whatever_else_is_drawn_and_in_which_pack():
    """In another place of another pack, after other draws, in another order: the same bits."""
    key = stream(5, "lead time", "motors")
    every = [distribution(shape, 7.0, 2.0) for shape in DISTRIBUTIONS]
    every += [from_quantiles(1, 2, 5), empirical([1, 2, 3])]
    together = packed([empirical([8.0, 9.0]), distribution("gamma", 3.0, 1.0), *every])
    for place, one in enumerate(every):
        alone = packed([one])
        first = [sample(alone, 0, key, replication, 3) for replication in range(5)]
        samples(together, 0, stream(5, "lead time", "wings"), 2, 100)
        assert [sample(together, place + 2, key, replication, 3) for replication in (4, 3, 2, 1, 0)] == first[::-1]


@pytest.mark.parametrize("shape", [shape for shape in DISTRIBUTIONS if shape != "constant"])
def test_on_common_random_numbers_a_longer_mean_is_longer_in_every_draw(shape):
    one, longer = drawn(distribution(shape, 20.0, 5.0), 1000), drawn(distribution(shape, 25.0, 6.25), 1000)
    assert longer == pytest.approx(one * 1.25, rel=1e-9)


KNOWN = {  # number 3 of replication 17 of one stream, from here on: a release may not change what a seed gives
    "constant": 20.0,
    "uniform": 13.725966456421494,
    "triangular": 14.181435430420997,
    "pert": 14.181965311549153,
    "normal": 14.546484602079861,
    "lognormal": 14.834283453724415,
    "gamma": 14.682131446263615,
    "weibull": 14.388103688690046,
    "exponential": 2.9646297615022354,
}


@pytest.mark.parametrize("shape", DISTRIBUTIONS)
def test_a_seed_gives_what_it_always_gave(shape):
    one = packed([distribution(shape, 20.0, 5.0)])
    assert sample(one, 0, stream(1, "lead time", "motors"), 17, 3) == pytest.approx(KNOWN[shape], rel=1e-9)
