"""The engine against queueing theory: known answers of `../shared/bench/exact/known_answers.csv`, within 99.9 % intervals at fixed seeds.

Intervals are of means over independent replications (Student's t); time before the line is in its stride is cut off by taking differences.
"""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from simulate.chances import chi_square_bound
from simulate.lines import line
from tandemplan.simulate import state as st
from tandemplan.simulate.engine import replicate

ANSWERS = Path(__file__).parents[3] / "shared" / "bench" / "exact" / "known_answers.csv"
pytestmark = pytest.mark.skipif(not ANSWERS.exists(), reason="the published answers are not there")
T_999 = {9: 4.781, 19: 3.883, 29: 3.659}  # two-sided 99.9 % of Student's t by degrees of freedom


def known(name):
    with ANSWERS.open(encoding="utf-8") as file:
        return next(float(r["value"]) for r in csv.DictReader(file) if r["id"] == name)


def runs(world, count, trace=0):
    """Return, for each replication, the mean days in the line and in each queue, jobs done, and the days of single jobs."""
    found = []
    for r in range(count):
        state = st.state_of(world, 100_000, 1, 1, trace=trace)
        assert replicate(world, state, st.out_of(world, 1), r, 1) == 0
        done = state.passed[0, 0]
        waits = state.waited[:, 1] / np.maximum(state.waited[:, 0], 1)
        found.append((state.passed[0, 1] / done, waits, done, state.trace[: int(done)].copy()))
    return found


def interval(values):
    values = np.asarray(values, dtype=np.float64)
    half = T_999[len(values) - 1] * values.std(ddof=1) / math.sqrt(len(values))
    return values.mean() - half, values.mean() + half


def in_the_line(name):
    """M/M/1 at load 0.8: the mean or the 99 % quantile of the days in the line, from the 2,000th job on."""
    found = [t[2000:] for _, _, _, t in runs(line(40_000, [1.0], [1.0], every=1.25), 20, trace=60_000)]
    return [t.mean() if name == "mm1_W" else np.quantile(t, 0.99) for t in found]


WAITS = {
    "mmc_Wq": (1.0, 1.0, 10.0, 0.125),
    "md1_Wq": (1.0, 0.0, 1.0, 1.25),
    "mg1_Wq": (1.0, math.sqrt(0.5), 1.0, 1.25),
}


def waits(name):
    """The wait before servers; that of the first tenth is taken off: the same replication, run a tenth as long, gives it."""
    mean, cv, servers, every = WAITS[name]
    days = 40_000 * every
    long, short = (line(int(d), [mean], [cv], servers=[servers], every=every) for d in (days, days / 10))
    return [
        (w[0] * done - w0[0] * done0) / (done - done0)
        for (_, w, done, _), (_, w0, done0, _) in zip(runs(long, 20), runs(short, 20), strict=True)
    ]


def through_ten(_name):
    """Ten stations in a row, each M/M/1 by Burke's theorem; the first 3,000 jobs are left out."""
    found = runs(line(40_000, [1.0] * 10, [1.0] * 10, every=1 / 0.7), 20, trace=60_000)
    return [t[3000:].mean() for _, _, _, t in found]


def worked(_name):
    """A machine that is always busy, fails once in 50 hours of work and is repaired in 5."""
    return [done / 50_000 for _, _, done, _ in runs(line(50_000, [1.0], [1.0], failures=0.02, repair=5.0), 20)]


BLOCKED = {
    "bas_1_1_b0": ((1, 1), (0,)),
    "bas_1_1_b4": ((1, 1), (4,)),
    "bas_1_1_1_b0_0": ((1, 1, 1), (0, 0)),
    "bas_1_1_1_1_b0_0_0": ((1, 1, 1, 1), (0, 0, 0)),
    "bas_1_1_1_b3_3": ((1, 1, 1), (3, 3)),
    "bas_1_0.9_1.1_b2_2": ((1, 0.9, 1.1), (2, 2)),
    "bas_1_1_1_1_1_b2_2_2_2": ((1, 1, 1, 1, 1), (2, 2, 2, 2)),
}


def blocking(name):
    """Exponential stations, the first never without work, each blocked while the room before the next one is full."""
    rates, rooms = BLOCKED[name]
    means = [1 / r for r in rates]
    make = lambda days: line(days, means, [1.0] * len(rates), rooms=[-1.0, *(float(r) for r in rooms)])  # noqa: E731
    return [(a[2] - b[2]) / 40_000 for a, b in zip(runs(make(44_000), 20), runs(make(4_000), 20), strict=True)]


CASES = {
    "mm1_W": in_the_line,
    "mm1_P99": in_the_line,
    **dict.fromkeys(WAITS, waits),
    "jackson10_W": through_ten,
    "avail": worked,
    **dict.fromkeys(BLOCKED, blocking),
}


@pytest.mark.parametrize("name", CASES)
def test_known_answers_lie_within_their_intervals(name):
    low, high = interval(CASES[name](name))
    assert low <= known(name) <= high, f"{name}: {known(name)} is not within {low:.5g} and {high:.5g}"


@pytest.mark.long
def test_all_known_answers_together():
    """The sum of squares of their standardised errors is one of chi-square: below its 99.9 % quantile, and above that of 0.1 %.

    Errors over standard errors of the mean are of Student's t; each becomes a normal number (Wallace 1959).
    """
    total = 0.0
    for name, found in CASES.items():
        values = np.asarray(found(name), dtype=np.float64)
        nu = len(values) - 1
        t = (values.mean() - known(name)) / (values.std(ddof=1) / math.sqrt(len(values)))
        total += nu * math.log1p(t * t / nu) * ((8 * nu + 1) / (8 * nu + 3)) ** 2
    assert chi_square_bound(len(CASES), -3.0902) < total < chi_square_bound(len(CASES))
