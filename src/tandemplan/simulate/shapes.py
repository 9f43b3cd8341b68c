"""Distributions of what varies, from a mean and a standard deviation, from three quantiles or from what was observed.

The mean of the draws is always the mean asked for: a plan is made on means, and its simulation must not drift from it.
Their standard deviation is the one asked for wherever the shape can have it without going below 0; where it cannot, it is
the largest that the shape can have (`uniform`: mean / sqrt(3), `triangular`: mean / sqrt(2), `pert`: mean * sqrt(5/7),
`normal`: the mean). `exponential` has the mean for it, always. A standard deviation of 0 is a constant, whatever the shape.

Three shapes have more freedom than two figures settle. `triangular` and `pert` are symmetric about the mean as long as
that keeps them above 0; where it does not, they begin at 0 and lean to the left, down to a mode of 0. `normal` is cut at
0, and what is cut away is drawn again (so none of the draws is 0); its parameters are solved so that mean and standard
deviation are those of what remains.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from tandemplan.arrays import Floats
from tandemplan.model.schema.buying import DISTRIBUTIONS
from tandemplan.simulate.normals import normal_quantile
from tandemplan.simulate.tables import beta_table, curve_table, gamma_table, moments

# How a number is drawn from a uniform number u, with z its normal quantile, and three parameters a, b, c.
CONSTANT = 0  # a
UNIFORM = 1  # a + b u
TRIANGULAR = 2  # from a, b wide, the mode at the share c of the width
NORMAL = 3  # a + b z, the part below 0 cut off; c is the share that is left
LOGNORMAL = 4  # exp(a + b z)
WEIBULL = 5  # a (-log(1 - u)) ^ b
EXPONENTIAL = 6  # -a log(1 - u)
TABLE = 7  # a + b times the table at z
EMPIRICAL = 8  # one of the values of the table, all alike

NARROW = 1e-6  # a standard deviation below this share of the mean is 0
_FURTHEST = 30.0  # standard deviations from the mean of the normal up to 0; further on what is left is an exponential
_NONE = np.empty(0)


@dataclass(frozen=True, eq=False)
class Distribution:
    """Say what a quantity that varies may be: its draws have this `mean` and standard deviation `sd`.

    `way` is one of the ways to draw of this module, `values` its parameters a, b and c, and `table` the quantiles or
    observed values that it draws from.
    """

    shape: str
    mean: float
    sd: float
    way: int
    values: tuple[float, float, float]
    table: Floats = field(default_factory=lambda: _NONE, repr=False)


def distribution(shape: str, mean: float, sd: float) -> Distribution:
    """Return the distribution of a shape of the model (`DISTRIBUTIONS`) with a mean and a standard deviation.

    Both are at least 0, in any unit; the rules of this module say which standard deviations a shape can have.

    Raises:
        ValueError: a shape that is not known, or figures below 0 or not finite.

    >>> distribution("uniform", 10.0, 3.0).sd, round(distribution("uniform", 10.0, 9.0).sd, 3)
    (3.0, 5.774)
    >>> distribution("lognormal", 30.0, 0.0).shape
    'constant'
    """
    if shape not in DISTRIBUTIONS:
        raise ValueError(f"a distribution {shape!r} is not known; it is one of {', '.join(DISTRIBUTIONS)}")
    if not (math.isfinite(mean) and math.isfinite(sd) and mean >= 0 and sd >= 0):
        raise ValueError(f"mean {mean} and standard deviation {sd} must be finite and at least 0")
    if shape == "constant" or sd <= NARROW * mean or mean == 0:
        return Distribution("constant", mean, 0.0, CONSTANT, (mean, 0.0, 0.0))
    return _SHAPES[shape](mean, sd)


def from_quantiles(low: float, middle: float, high: float, probability: float = 0.1) -> Distribution:
    """Return the distribution above 0 with three quantiles: `low` at `probability`, the median, `high` at the rest.

    It is smooth, has one peak and passes through all three exactly; lognormal where they are in proportion. Its mean
    follows from them. Hadlock and Bickel 2017, Johnson quantile-parameterized distributions, Decision Analysis 14(1),
    the semi-bounded kind (J-QPD-S) from 0 on.

    Raises:
        ValueError: quantiles that do not rise from above 0, or a probability that is not between 0 and 1/2.

    >>> round(from_quantiles(10.0, 20.0, 40.0).mean, 3)  # lognormal: 20 exp(s^2 / 2) with s = log(2) / 1.28155
    23.15
    """
    if not (0 < probability < 0.5 and 0 < low <= middle <= high < math.inf):
        raise ValueError(
            f"{low}, {middle} and {high} at {probability} must rise from above 0, and 0 < probability < 1/2"
        )
    if low == high:
        return Distribution("constant", middle, 0.0, CONSTANT, (middle, 0.0, 0.0))
    if not low < middle < high:
        raise ValueError(f"of the quantiles {low}, {middle} and {high} two are the same")
    table = _between(math.log(low / middle), math.log(high / middle), -normal_quantile(probability))
    mean, sd = moments(table)
    return Distribution("quantiles", middle * mean, middle * sd, TABLE, (0.0, middle, 0.0), table)


def empirical(values: Iterable[float]) -> Distribution:
    """Return the distribution in which each of some observed values is as likely as another.

    Raises:
        ValueError: no values, or one that is below 0 or not finite.

    >>> empirical([3.0, 1.0, 2.0]).mean
    2.0
    """
    table = np.sort(np.array(list(values), dtype=np.float64))
    if len(table) == 0 or not np.isfinite(table).all() or table[0] < 0:
        raise ValueError("observed values must be finite and at least 0, and there must be one")
    return Distribution("empirical", float(table.mean()), float(table.std()), EMPIRICAL, (0.0, 0.0, 0.0), table)


def _uniform(mean: float, sd: float) -> Distribution:
    sd = min(sd, mean / math.sqrt(3))
    return Distribution("uniform", mean, sd, UNIFORM, (mean - math.sqrt(3) * sd, math.sqrt(12) * sd, 0.0))


def _triangular(mean: float, sd: float) -> Distribution:
    """From a, b wide, mode a + c b: mean = a + b (1 + c) / 3 and variance = b^2 (1 - c + c^2) / 18."""
    if sd * math.sqrt(6) <= mean:
        return Distribution("triangular", mean, sd, TRIANGULAR, (mean - math.sqrt(6) * sd, math.sqrt(24) * sd, 0.5))
    sd = min(sd, mean / math.sqrt(2))
    q = 2 * (sd / mean) ** 2
    c = 2 * (1 - q) / (2 * q + 1 + math.sqrt((2 * q + 1) ** 2 - 4 * (1 - q) ** 2))
    return Distribution("triangular", mean, sd, TRIANGULAR, (0.0, 3 * mean / (1 + c), max(c, 0.0)))


def _pert(mean: float, sd: float) -> Distribution:
    """From l to h: mean = (l + 4 mode + h) / 6 and variance = (mean - l) (h - mean) / 7, a beta with a + b = 6."""
    sd = min(sd, mean * math.sqrt(5 / 7))
    low = max(mean - math.sqrt(7) * sd, 0.0)
    width = mean - low + 7 * sd * sd / (mean - low)
    a = 6 * (mean - low) / width
    return Distribution("pert", mean, sd, TABLE, (low, width, 0.0), _beta(a))


def _normal(mean: float, sd: float) -> Distribution:
    """Above 0, at d standard deviations from m: mean = m + s r, variance = s^2 (1 + d r - r^2), r = density / share left."""

    def spread(d: float) -> float:
        r = _hazard(d)
        return math.sqrt(1 + d * r - r * r) / (r - d)

    if sd / mean >= spread(_FURTHEST):
        return _exponential(mean, mean)
    d = _solved(spread, sd / mean, -2 - 2 * mean / sd, _FURTHEST)
    s = mean / (_hazard(d) - d)
    return Distribution("normal", mean, sd, NORMAL, (-d * s, s, _left(d)))


def _lognormal(mean: float, sd: float) -> Distribution:
    square = math.log1p((sd / mean) ** 2)
    return Distribution("lognormal", mean, sd, LOGNORMAL, (math.log(mean) - square / 2, math.sqrt(square), 0.0))


def _gamma(mean: float, sd: float) -> Distribution:
    return Distribution("gamma", mean, sd, TABLE, (0.0, mean, 0.0), _gammas((mean / sd) ** 2))


def _weibull(mean: float, sd: float) -> Distribution:
    """Scale a, power b: mean = a Gamma(1 + b), mean square = a^2 Gamma(1 + 2 b)."""

    def spread(b: float) -> float:
        return math.sqrt(math.expm1(math.lgamma(1 + 2 * b) - 2 * math.lgamma(1 + b)))

    b = _solved(spread, sd / mean, sd / mean / 4, min(4 * sd / mean, 100.0))
    return Distribution("weibull", mean, sd, WEIBULL, (mean / math.gamma(1 + b), b, 0.0))


def _exponential(mean: float, _: float) -> Distribution:
    return Distribution("exponential", mean, mean, EXPONENTIAL, (mean, 0.0, 0.0))


_SHAPES: dict[str, Callable[[float, float], Distribution]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "pert": _pert,
    "normal": _normal,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "weibull": _weibull,
    "exponential": _exponential,
}


@lru_cache(maxsize=1024)
def _gammas(k: float) -> Floats:
    return _kept(gamma_table(k))


@lru_cache(maxsize=1024)
def _beta(a: float) -> Floats:
    return _kept(beta_table(a, 6 - a))


def _kept(table: Floats) -> Floats:
    table.setflags(write=False)
    return table


def _between(low: float, high: float, reach: float) -> Floats:
    """Return the table of J-QPD-S with median 1, whose logarithm is `low` and `high` at the normal quantiles -+`reach`."""
    near = min(-low, high)
    turn = math.acosh(max((high - low) / (2 * near), 1.0))
    if turn < 1e-6:
        power = (high - low) / (2 * reach)
        return curve_table(lambda z: np.exp(power * z), lambda z: power * np.exp(power * z))
    bend = math.sinh(turn) / reach
    scale, side = near / (bend * reach), math.copysign(1.0, low + high)
    base = low if side > 0 else high

    def angle(z: Floats) -> Floats:
        return np.asarray(np.arcsinh(bend * z) + side * turn, dtype=np.float64)

    def curve(z: Floats) -> Floats:
        return np.asarray(np.exp(base + scale * np.sinh(angle(z))), dtype=np.float64)

    return curve_table(curve, lambda z: curve(z) * scale * np.cosh(angle(z)) * bend / np.sqrt(1 + (bend * z) ** 2))


def _left(d: float) -> float:
    """Return the share of the normal distribution above d."""
    return 0.5 * math.erfc(d / math.sqrt(2))


def _hazard(d: float) -> float:
    return math.exp(-0.5 * d * d) / math.sqrt(2 * math.pi) / _left(d)


def _solved(rising: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Return x between low and high with rising(x) = value, to the last digit, by halving."""
    middle = (low + high) / 2
    while low < middle < high:
        low, high = (middle, high) if rising(middle) < value else (low, middle)
        middle = (low + high) / 2
    return middle
