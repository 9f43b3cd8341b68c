"""Quantiles without a closed form, as tables over the normal quantile z that draws interpolate.

Over z quantiles are smooth into both tails, so cubic pieces of even width are enough. A table holds the quantile and its
slope at each node, from `LOWEST` to `-LOWEST`, beyond the last number that `unit` can give.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tandemplan.arrays import Floats
from tandemplan.compiled import inlined
from tandemplan.simulate.normals import normal_quantiles

NODES = 257
LOWEST = -8.25
STEP = -2 * LOWEST / (NODES - 1)
GRID: Floats = np.linspace(LOWEST, -LOWEST, NODES)
_DROP = 60.0  # a density is followed until it is e^60 times lower than at its peak
_CELLS = 2048  # on either side of the peak
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_ROOT = math.sqrt(2 * math.pi)

Curve = Callable[[Floats], Floats]


def gamma_table(k: float) -> Floats:
    """Return the quantiles of the gamma distribution with shape parameter `k` and mean 1.

    >>> exponential = gamma_table(1.0)
    >>> bool(abs(interpolated(exponential, 0, 0.0) - math.log(2)) < 1e-9)  # the median
    True
    """
    t, slope = _quantiles(lambda t: k * (t - np.expm1(t)), 0.0)
    x = np.exp(t)
    return _with_mean(_table(x, x * slope), 1.0)


def beta_table(a: float, b: float) -> Floats:
    """Return the quantiles of the beta distribution on 0 to 1 with parameters `a` and `b`.

    >>> bool(abs(interpolated(beta_table(3.0, 3.0), 0, 0.0) - 0.5) < 1e-9)
    True
    """
    t, slope = _quantiles(lambda t: a * t - (a + b) * np.logaddexp(0.0, t), math.log(a / b))
    x = 1.0 / (1.0 + np.exp(-t))
    return _with_mean(_table(x, x * (1.0 - x) * slope), a / (a + b))


def curve_table(curve: Curve, slope: Curve) -> Floats:
    """Return the table of a quantile that is known over z, with its slope."""
    return _table(curve(GRID), slope(GRID))


def density(z: Floats) -> Floats:
    """Return the density of the normal distribution."""
    return np.asarray(np.exp(-0.5 * z * z) / _ROOT, dtype=np.float64)


@inlined
def interpolated(table: Floats, start: int, z: float) -> float:
    """Return the quantile at `z` from the table that begins at entry `start` of `table`: Hermite's cubic of its cell."""
    place = (z - LOWEST) / STEP
    cell = min(max(int(place), 0), NODES - 2)
    s = place - cell
    at = start + 2 * cell
    x, slope, x_next, slope_next = table[at], table[at + 1], table[at + 2], table[at + 3]
    rise = x_next - x
    return x + s * (
        STEP * slope + s * (3 * rise - STEP * (2 * slope + slope_next) + s * (STEP * (slope + slope_next) - 2 * rise))
    )


def _quantiles(log_density: Curve, peak: float) -> tuple[Floats, Floats]:
    """Return the quantiles t, and dt/dz, on the grid, of a log-concave density over t, known but for a factor.

    The density is integrated cell by cell from either end, which keeps both tails exact in proportion; what lies between
    is Hermite's cubic over z, whose slope is the normal density over that of t.
    """
    steps = np.linspace(0.0, 1.0, _CELLS + 1) ** 2
    left, right = (peak + _reach(log_density, peak, side) * steps for side in (-1.0, 1.0))
    t = np.concatenate([left[:0:-1], right])
    height = float(log_density(np.array([peak]))[0])
    middle, half = (t[1:] + t[:-1]) / 2, np.diff(t) / 2
    cells = half * (np.exp(log_density(middle[:, None] + half[:, None] * _POINTS) - height) @ _WEIGHTS)
    total = cells.sum()
    lower, upper = np.cumsum(cells)[:-1] / total, np.cumsum(cells[::-1])[-2::-1] / total
    t = t[1:-1]
    z = np.where(lower < upper, 1, -1) * normal_quantiles(np.minimum(lower, upper))
    slope = density(z) / np.exp(log_density(t) - height) * total
    return _hermite(z, t, slope)


def _reach(log_density: Curve, peak: float, side: float) -> float:
    """Return how far the density must be followed from its peak, to the left (-1) or right (1)."""

    def low(reach: float) -> bool:
        ends = log_density(np.array([peak, peak + side * reach]))
        return bool(ends[0] - ends[1] > _DROP)

    near, far = 0.0, 1e-6
    while not low(far):
        near, far = far, 2 * far
    while far - near > 1e-3 * far:
        middle = (near + far) / 2
        near, far = (near, middle) if low(middle) else (middle, far)
    return side * far


def _hermite(z: Floats, t: Floats, slope: Floats) -> tuple[Floats, Floats]:
    """Return t and dt/dz on the grid from their values at other z."""
    cell = np.clip(np.searchsorted(z, GRID) - 1, 0, len(z) - 2)
    width, rise = z[cell + 1] - z[cell], t[cell + 1] - t[cell]
    s, a, b = (GRID - z[cell]) / width, width * slope[cell], width * slope[cell + 1]
    square, cubic = 3 * rise - 2 * a - b, a + b - 2 * rise
    value = t[cell] + s * (a + s * (square + s * cubic))
    return value, (a + s * (2 * square + 3 * s * cubic)) / width


def _table(x: Floats, slope: Floats) -> Floats:
    """Return values and slopes in turn; slopes are cut where a cubic would not rise (Fritsch and Carlson 1980)."""
    secant = np.diff(x) / STEP
    most = 3 * np.minimum(np.append(secant, np.inf), np.append(np.inf, secant))
    return np.column_stack([x, np.minimum(slope, most)]).reshape(-1)


def _with_mean(table: Floats, mean: float) -> Floats:
    """Return the table in proportion so that the mean of the draws is `mean`."""
    return table * (mean / moments(table)[0])


def moments(table: Floats) -> tuple[float, float]:
    """Return the mean and the standard deviation of draws from a table, by Gauss and Legendre's rule in each cell."""
    x, slope = table[0::2, None], table[1::2, None]
    s = (_POINTS + 1) / 2
    a, b, rise = STEP * slope[:-1], STEP * slope[1:], np.diff(x, axis=0)
    value = x[:-1] + s * (a + s * (3 * rise - 2 * a - b + s * (a + b - 2 * rise)))
    weight = density(GRID[:-1, None] + STEP * s) * _WEIGHTS
    weight /= weight.sum()
    mean = float((weight * value).sum())
    return mean, math.sqrt(float((weight * (value - mean) ** 2).sum()))
