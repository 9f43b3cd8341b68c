"""Two simulations compared replication by replication: what one has more than the other, on common random numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.model.programme import Programme
from tandemplan.results.paired_shape import PAIRED
from tandemplan.results.simulation_shapes import OUTCOME_UNITS, OUTCOMES, PROMISES
from tandemplan.results.store import Frame, Run, is_simulation
from tandemplan.simulate.each import NEVER, NOT_ASKED, ON_TIME
from tandemplan.simulate.groups import KINDS, Bools, Floats, periods_of
from tandemplan.simulate.intervals import CONFIDENCE, Estimate, means

_Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
Row = tuple[str, str, str, str, int, float, float, Estimate]
Letters = NDArray[np.str_]


class NotComparedError(ValueError):
    """Raised when two runs cannot be compared replication by replication."""


@dataclass(frozen=True, eq=False)
class Replications:
    """One side of a comparison: the first `count` replications of a simulation, as its tables tell of them."""

    run: Run
    programme: Programme
    count: int

    @cached_property
    def letters(self) -> Letters:
        """Return what became of each promise, replications x promises, as the letters of table `outcomes`."""
        said = self.run[OUTCOMES]["promises"][: self.count]
        wide = len(self.run[PROMISES]["demand"])
        return np.array(said, dtype=f"U{max(wide, 1)}").view("U1").reshape(self.count, -1)[:, :wide]

    def units(self, name: str) -> Floats:
        """Return a column of table `outcome_units`, replications x lines."""
        column = self.run[OUTCOME_UNITS][name]
        lines = int((self.run[OUTCOME_UNITS]["replication"] == 0).sum())
        return np.asarray(column.reshape(-1, max(lines, 1))[: self.count, :lines], dtype=np.float64)

    def labels(self, kind: str, *, of_lines: bool = False) -> NDArray[Any]:
        """Return to which group of a kind each promise belongs, or each line of `outcome_units`."""
        frame: Frame = self.run[PROMISES]
        if of_lines:
            one = self.run[OUTCOME_UNITS]["replication"] == 0
            frame = {n: v[one] for n, v in self.run[OUTCOME_UNITS].items()}
        if kind == "all":
            return texts("all" for _ in frame["item"])
        return texts(map(str, frame["demand_class"].tolist())) if kind == "class" else frame[kind]

    @cached_property
    def due_within(self) -> Bools:
        """Return which promises are due within the plan."""
        periods = periods_of(self.programme)
        return np.asarray(periods.numbers(self.run[PROMISES]["due"], periods.days - 1) < periods.days)


def paired(first: tuple[Run, Programme], second: tuple[Run, Programme]) -> Frame:
    """Return the differences of two simulations, the second less the first, as the columns of `PAIRED`.

    Replication k of one is set against replication k of the other; with one seed both met the same luck, and differences are known far better than
    either side. With two seeds the intervals hold too, and are wide. Raises NotComparedError where a run is no simulation, or does not tell of its replications one by one.

    Means have Student's interval of the differences, probabilities that of Agresti and Min (2005, section 2: half a pair added to each of the four cells).
    """
    for run, _ in (first, second):
        if not is_simulation(run.info):
            raise NotComparedError(f"{run.info['run']} is a plan; simulate it first")
        if not {OUTCOMES.name, OUTCOME_UNITS.name, PROMISES.name} <= set(run.tables):
            raise NotComparedError(f"{run.info['run']} does not tell of its replications one by one; simulate again")
    count = min(len(r[OUTCOMES]["replication"]) for r, _ in (first, second))
    sides = Replications(*first, count), Replications(*second, count)
    rows = [*_groups(*sides), *_money(*sides), *_demands(*sides)] if count else []
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) or [()] * 8
    told: list[Estimate] = list(columns[7])
    return {
        **{n: texts(c) for n, c in zip(PAIRED.names[:4], columns[:4], strict=True)},
        "replications": np.array(columns[4], dtype=np.int64),
        "first": np.array(columns[5], dtype=np.float64),
        "second": np.array(columns[6], dtype=np.float64),
        **{
            n: np.array([float(getattr(e, end)) for e in told], dtype=np.float64)
            for n, end in zip(PAIRED.names[7:], ("value", "low", "high"), strict=True)
        },
    }


def _groups(one: Replications, two: Replications) -> Iterator[Row]:
    """Yield what is told of all, and of each class, customer, contract and item that both have."""
    for kind in KINDS:
        names = [set(s.labels(kind)) - {""} for s in (one, two)]
        for name in sorted(names[0] & names[1], key=lambda n: (len(n), n) if kind == "class" else (0, n)):
            sides = [_told(s, kind, name) for s in (one, two)]
            for what, (unit, values) in sides[0].items():
                yield from _row((kind, name, what, unit), values, sides[1][what][1])


def _told(side: Replications, kind: str, name: str) -> Mapping[str, tuple[str, Floats]]:
    """Return what is told of a group, a unit and a value for each replication; nan where nothing is asked for, or nothing is known."""
    lines = side.labels(kind, of_lines=True) == name
    asked, on_time, delivered = (side.units(n)[:, lines].sum(axis=1) for n in ("asked", "on_time", "delivered"))
    members = side.labels(kind) == name
    letters = side.letters[:, members]
    wanted = (letters != NOT_ASKED).any(axis=1)
    kept = ((letters == ON_TIME) | (letters == NOT_ASKED))[:, side.due_within[members]].all(axis=1)
    whole = (letters != NEVER).all(axis=1)
    return {
        "on_time_share": ("share", on_time / np.where(asked > 0, asked, np.nan)),
        "all_on_time_chance": ("probability", np.where(wanted, kept, np.nan)),
        "total_chance": ("probability", np.where(wanted, whole, np.nan)),
        "units_asked": ("units", asked),
        "units_delivered": ("units", delivered),
        "first_delivery": ("days", side.units("first_days")[:, lines].min(axis=1)),
    }


def _money(one: Replications, two: Replications) -> Iterator[Row]:
    values = [s.run[OUTCOMES]["lowest_cash"][: s.count] for s in (one, two)]
    yield from _row(("all", "all", "lowest_cash", two.programme.settings.currency), *values)


def _demands(one: Replications, two: Replications) -> Iterator[Row]:
    """Yield the probabilities of each demand that both have to be on time, and never to be complete."""
    at = {n: i for i, n in enumerate(two.run[PROMISES]["demand"])}
    for i, name in enumerate(one.run[PROMISES]["demand"]):
        if name in at:
            letters = one.letters[:, i], two.letters[:, at[name]]
            for what, letter in (("on_time_chance", ON_TIME), ("never_chance", NEVER)):
                values = [np.where(v == NOT_ASKED, np.nan, v == letter) for v in letters]
                yield from _row(("demand", name, what, "probability"), *values)


def _row(about: tuple[str, str, str, str], first: Floats, second: Floats) -> Iterator[Row]:
    """Yield one figure, from the replications in which both sides know it; nothing where there are none."""
    there = ~(np.isnan(first) | np.isnan(second))
    one, two = first[there].astype(np.float64), second[there].astype(np.float64)
    if len(one):
        found = changed_chance(one, two) if about[3] == "probability" else means((two - one)[:, None])
        parts = (np.asarray(v).ravel()[0] for v in (found.value, found.low, found.high))
        yield (*about, len(one), float(one.mean()), float(two.mean()), Estimate(*(np.array(v) for v in parts)))


def changed_chance(first: Floats, second: Floats) -> Estimate:
    """Return how much more often something holds in the second of pairs than in the first (0 or 1 each), with its interval.

    With b pairs in which the first alone holds and c in which the second alone does, each half a pair more, of n + 2 pairs:
    (c - b) / (n + 2) -+ z sqrt(b + c - (c - b)^2 / (n + 2)) / (n + 2), within -1 and 1 (Agresti and Min 2005).

    >>> found = changed_chance(np.array([0.0, 0, 0, 1] * 10), np.array([0.0, 1, 1, 1] * 10))
    >>> [round(float(v), 3) for v in (found.value, found.low, found.high)]
    [0.5, 0.318, 0.634]
    """
    pairs = len(first) + 2
    alone = float((first > second).sum()) + 0.5, float((second > first).sum()) + 0.5
    middle = (alone[1] - alone[0]) / pairs
    half = _Z * np.sqrt(alone[0] + alone[1] - pairs * middle**2) / pairs
    ends = np.clip([middle - half, middle + half], -1, 1)
    return Estimate(np.array((second - first).mean()), *(np.array(v) for v in ends))
