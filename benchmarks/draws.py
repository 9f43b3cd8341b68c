"""Measure what a random number costs, and write benchmarks/draws.md: python benchmarks/draws.py, on an idle core."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from numba import njit

from measure import machine
from tandemplan.model.schema.buying import DISTRIBUTIONS
from tandemplan.simulate.counts import binomial_share, poisson
from tandemplan.simulate.draws import packed, sample
from tandemplan.simulate.philox import stream, unit
from tandemplan.simulate.shapes import distribution, empirical
from tandemplan.simulate.tables import gamma_table

MANY, ROUNDS = 2_000_000, 7
KEY = stream(1, "lead time", "motors")
FIRST = (
    "import time; t = time.perf_counter(); from tandemplan.simulate.draws import packed, sample; i = time.perf_counter()\n"
    "from tandemplan.simulate.shapes import distribution; from tandemplan.simulate.philox import stream\n"
    "sample(packed([distribution('gamma', 20.0, 5.0)]), 0, stream(1, 'a', 'b'), 0, 0); print(i - t, time.perf_counter() - i)"
)


@njit(error_model="numpy")
def units(count):
    total = 0.0
    for i in range(count):
        total += unit(KEY, 3, i)
    return total


@njit(error_model="numpy")
def samples(pack, which, count):
    total = 0.0
    for i in range(count):
        total += sample(pack, which[i % len(which)], KEY, 3, i)
    return total


@njit(error_model="numpy")
def shares(n, p, count):
    total = 0.0
    for i in range(count):
        total += binomial_share(n, p, KEY, 3, i)
    return total


@njit(error_model="numpy")
def events(mean, count):
    total = 0.0
    for i in range(count):
        total += poisson(mean, KEY, 3, i)
    return total


def nanoseconds(work: Callable[[int], object]) -> float:
    """Return the processor's time for one of many, the median of rounds."""
    work(10)
    rounds = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work(MANY)
        rounds.append((time.process_time() - begin) / MANY * 1e9)
    return median(rounds)


def rows() -> list[tuple[str, float, float | None]]:
    """Return what is drawn, our nanoseconds and numpy's, which draws arrays and keeps a state."""
    dice = np.random.Generator(np.random.Philox(1))
    theirs: dict[str, Callable[[int], object]] = {
        "uniform": lambda n: dice.uniform(10.0, 30.0, n),
        "triangular": lambda n: dice.triangular(10.0, 20.0, 30.0, n),
        "pert": lambda n: dice.beta(3.0, 3.0, n),
        "normal": lambda n: dice.normal(20.0, 5.0, n),
        "lognormal": lambda n: dice.lognormal(3.0, 0.25, n),
        "gamma": lambda n: dice.gamma(16.0, 1.25, n),
        "weibull": lambda n: dice.weibull(4.0, n),
        "exponential": lambda n: dice.exponential(20.0, n),
    }
    found: list[tuple[str, float, float | None]] = [("unit", nanoseconds(units), nanoseconds(dice.random))]
    for shape in DISTRIBUTIONS:
        pack, which = packed([distribution(shape, 20.0, 5.0)]), np.zeros(1, dtype=np.int64)
        found.append(
            (
                shape,
                nanoseconds(lambda n, p=pack, w=which: samples(p, w, n)),
                theirs.get(shape) and nanoseconds(theirs[shape]),
            )
        )
    pack = packed([empirical(np.arange(100.0))])
    found.append(("empirical, of 100", nanoseconds(lambda n: samples(pack, np.zeros(1, dtype=np.int64), n)), None))
    many = packed([distribution(DISTRIBUTIONS[i % 9], 20.0, 1 + i / 100) for i in range(900)])
    order = np.random.default_rng(1).permutation(900)
    found.append(("900 different of all shapes, in disorder", nanoseconds(lambda n: samples(many, order, n)), None))
    for n, p in ((10, 0.95), (150, 0.9), (1000, 0.9)):
        ours = nanoseconds(lambda count, n=n, p=p: shares(float(n), p, count))
        found.append((f"binomial, {n} with {p}", ours, nanoseconds(lambda count, n=n, p=p: dice.binomial(n, p, count))))
    for mean in (0.5, 15.0, 100.0):
        ours = nanoseconds(lambda count, m=mean: events(m, count))
        found.append((f"Poisson, mean {mean:g}", ours, nanoseconds(lambda count, m=mean: dice.poisson(m, count))))
    return found


def firsts() -> list[list[float]]:
    """Return seconds of import and of the first draw in fresh processes: with nothing compiled yet, and with all of it."""
    with tempfile.TemporaryDirectory() as folder:
        command, environment = [sys.executable, "-c", FIRST], {**os.environ, "NUMBA_CACHE_DIR": folder}
        runs = [
            subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment) for _ in range(2)
        ]
    return [[float(x) for x in run.stdout.split()] for run in runs]


def main() -> None:
    (_, compiling), (again, loading) = firsts()
    begin = time.process_time()
    for i in range(100):
        gamma_table(0.5 + i / 10)
    lines = [
        "# What a random number costs",
        "",
        "Written by `make bench` (`benchmarks/draws.py`): nanoseconds of the processor for one of 2,000,000 draws one by one in compiled code, the median",
        "of 7 rounds. Numpy draws arrays of 2,000,000 from its Philox (4x64), which keeps a state: it can use every word of a block, and",
        "reject; ours know nothing but key, replication and index, and rise with one uniform number.",
        "",
        f"Import {again:.1f} s; first draw {compiling:.1f} s where nothing is compiled yet, {loading:.2f} s from then on; a table of",
        f"gamma quantiles {(time.process_time() - begin) * 10:.1f} ms. {machine('numba', 'numpy')}",
        "",
        "| draw | ns | numpy, ns |",
        "|---|---|---|",
        *(f"| {what} | {ours:.1f} | {'-' if theirs is None else f'{theirs:.1f}'} |" for what, ours, theirs in rows()),
    ]
    print("\n".join(lines))
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
