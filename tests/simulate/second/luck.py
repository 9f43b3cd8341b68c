"""What is drawn in the second engine: numpy's own generators; without one, everything is its mean."""

from __future__ import annotations

from math import ceil, exp, floor, log, sqrt

import numpy as np


class Luck:
    """Draws of one replication; with no seed nothing varies, and times are whole days, rounded up."""

    def __init__(self, seed: tuple[int, int] | None):
        self.rng = None if seed is None else np.random.default_rng(seed)

    def time(self, shape: str, mean: float, sd: float | None) -> float:
        """Return days of a shape of the model."""
        if self.rng is None:
            return float(ceil(mean - 1e-9))
        return self.varied(shape, mean, sd)

    def varied(self, shape: str, mean: float, sd: float | None) -> float:
        """Return a time of a shape of the model, not rounded."""
        if self.rng is None:
            return mean
        if not sd or mean <= 0 or shape == "constant":
            return mean
        return float(SHAPES[shape](self.rng, mean, sd))

    def factor(self, cv: float) -> float:
        """Return a lognormal factor of mean 1."""
        return 1.0 if self.rng is None or not cv else float(lognormal(self.rng, 1.0, cv))

    def gamma(self, mean: float, cv: float) -> float:
        if self.rng is None or not cv or mean <= 0:
            return mean
        return float(self.rng.gamma(1 / cv**2, mean * cv**2))

    def share(self, units: float, share: float) -> float:
        """Return how many of the units pass: as the share of as many whole units does (rounded, at least one)."""
        if self.rng is None or share >= 1:
            return units * share
        whole = max(1, floor(units + 0.5))
        return units * float(self.rng.binomial(whole, share)) / whole

    def happens(self, probability: float) -> bool | None:
        """Return whether something happens; None where nothing varies."""
        return None if self.rng is None else bool(self.rng.random() < probability)

    def repairs(self, hours: float, repair: float, availability: float) -> float:
        """Return the hours of all repairs in so many hours of work."""
        if self.rng is None or availability >= 1:
            return 0.0
        times = int(self.rng.poisson(hours * (1 / availability - 1) / repair))
        return float(self.rng.gamma(times, repair)) if times else 0.0

    def gap(self, rate: float) -> float:
        """Return days to the next event of a Poisson process, of so many a day."""
        return float("inf") if self.rng is None or rate <= 0 else float(self.rng.exponential(1 / rate))


def lognormal(rng, mean: float, sd: float) -> float:
    variance = log(1 + (sd / mean) ** 2)
    return exp(log(mean) - variance / 2 + sqrt(variance) * rng.standard_normal())


def _normal(rng, mean: float, sd: float) -> float:
    assert sd < mean / 4, "cut off too much for the plain normal"
    return max(0.0, rng.normal(mean, sd))


SHAPES = {
    "uniform": lambda g, m, s: g.uniform(m - sqrt(3) * s, m + sqrt(3) * s),
    "triangular": lambda g, m, s: g.triangular(m - sqrt(6) * s, m, m + sqrt(6) * s),
    "pert": lambda g, m, s: m - sqrt(7) * s + 2 * sqrt(7) * s * g.beta(3, 3),
    "normal": _normal,
    "lognormal": lognormal,
    "gamma": lambda g, m, s: g.gamma((m / s) ** 2, s**2 / m),
    "exponential": lambda g, m, s: g.exponential(m),
}
