"""Promises and what came of them: our engine says how likely each is, the second engine lets it happen once.

The rule was fixed before anything was run. Of each world one demand is drawn. Two things are asked of it: is it complete by its due
day, and is it complete by a day that is drawn: the u-quantile of its days of completion in some replications of its own, u uniform
(so what is said is spread evenly between 0 and 1). Other replications say how likely each is, and one replication of the second
engine, with its own draws, keeps it or not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.plan import PlanOptions, plan
from tandemplan.simulate.blocks import block_of, setup_of

from .second.facts import Facts
from .second.world import World
from .second.worlds import world

FOR_THE_DAY = 200  # replications that say which day is asked about


@dataclass(frozen=True)
class Promise:
    """A promise: `said` is how likely it is by `replications`, `kept` what came of it."""

    world: int
    demand: str
    day: float
    said: float
    kept: bool
    replications: int


def promises(seed: int, number: int, replications: int) -> tuple[Promise, Promise]:
    """Return of one world the promise of a demand on its due day, and that of a drawn day."""
    programme = world(seed, number)
    planned = plan(programme, PlanOptions(gap=0.02, time_limit=120))
    assert planned.info["status"] in ("optimal", "feasible"), number
    dice = np.random.default_rng((seed, number, 1))
    facts = Facts(programme, planned)
    names = list(facts.planned)
    which = int(dice.integers(len(names)))
    share = float(dice.uniform())
    done = block_of(setup_of(programme, planned, seed), 0, FOR_THE_DAY + replications).done[:, which].astype(float)
    drawn = float(np.quantile(done[:FOR_THE_DAY], share, method="inverted_cdf"))
    days = facts.dues[which], min(drawn, facts.horizon - 1.0)
    came = World(facts, (seed, number)).run().done(names[which])
    rest = done[FOR_THE_DAY:]
    return tuple(
        Promise(number, names[which], day, float((rest <= day).mean()), bool(came <= day), replications) for day in days
    )


@dataclass(frozen=True)
class Bin:
    """Promises that were said to be about as likely: how many, what was said on average, and how many were kept."""

    low: float
    high: float
    count: int
    expected: float
    variance: float
    kept: int


def chances(found: Sequence[Promise]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what was said, what was kept, and the variance of the difference.

    What is said is (k + 1/2) / (n + 1) of k of n replications. A promise is kept with the probability p, what is said is off by
    p (1 - p) / n: both together p (1 - p) (1 + 1 / n).
    """
    n = np.array([p.replications for p in found], dtype=float)
    said = (np.array([p.said for p in found]) * n + 0.5) / (n + 1)
    return said, np.array([p.kept for p in found], dtype=float), said * (1 - said) * (1 + 1 / n)


def bins(found: Sequence[Promise], number: int = 10) -> list[Bin]:
    said, kept, variance = chances(found)
    place = np.minimum((said * number).astype(int), number - 1)
    made = []
    for k in range(number):
        mine = place == k
        made.append(
            Bin(k / number, (k + 1) / number, int(mine.sum()), said[mine].sum(), variance[mine].sum(), int(kept[mine].sum()))
        )  # fmt: skip
    return made


def pooled(found: list[Bin], least: float = 1.5) -> list[Bin]:
    """Return bins of neighbours taken together until the variance of what is kept is that of some promises at least."""
    made: list[Bin] = []
    for one in found:
        if made and made[-1].variance < least:
            made[-1] = _together(made[-1], one)
        else:
            made.append(one)
    if len(made) > 1 and made[-1].variance < least:
        made[-2:] = [_together(*made[-2:])]
    return made


def _together(one: Bin, other: Bin) -> Bin:
    return Bin(
        one.low, other.high, one.count + other.count, one.expected + other.expected,
        one.variance + other.variance, one.kept + other.kept,
    )  # fmt: skip


def chi_square(found: Sequence[Promise]) -> tuple[float, int]:
    """Return the sum over bins of (kept - expected)^2 / variance, and the bins (Hosmer and Lemeshow 1980; nothing is fitted)."""
    groups = pooled(bins(found))
    return sum((g.kept - g.expected) ** 2 / g.variance for g in groups), len(groups)


def in_the_large(found: Sequence[Promise]) -> float:
    """Return how many standard deviations more are kept than was said."""
    said, kept, variance = chances(found)
    return float((kept - said).sum() / math.sqrt(variance.sum()))


def spiegelhalter(found: Sequence[Promise]) -> float:
    """Return the standard deviations by which the squared error is larger than what was said allows (Spiegelhalter 1986)."""
    said, kept, variance = chances(found)
    tilt = 1 - 2 * said
    return float(((kept - said) * tilt).sum() / math.sqrt((tilt**2 * variance).sum()))


def of_normal(z: float) -> float:
    """Return the probability that chance brings a value at least as far from 0."""
    return math.erfc(abs(z) / math.sqrt(2))


def of_chi_square(value: float, freedom: int) -> float:
    """Return the probability that chance brings a sum at least as large (Wilson and Hilferty 1931)."""
    part = 2 / (9 * freedom)
    z = ((value / freedom) ** (1 / 3) - (1 - part)) / math.sqrt(part)
    return 0.5 * math.erfc(z / math.sqrt(2))
