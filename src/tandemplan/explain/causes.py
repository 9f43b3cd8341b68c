"""Why a demand is late: a smallest set of limits without which it is not, and how much of the lateness each of them makes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tandemplan.explain.chains import roots
from tandemplan.explain.limits import (
    ITSELF,
    LEAD,
    NOTHING_ELSE,
    OTHERS,
    TASK,
    WAY,
    Late,
    Limit,
    Loose,
    lateness_of,
    loose_of,
)
from tandemplan.explain.planned import Base, days_late, gates, without_tasks
from tandemplan.interrupts import held_back
from tandemplan.network.openings import finished_tasks
from tandemplan.plan.model import PlanModel
from tandemplan.problems import SolverStoppedError
from tandemplan.results.shape import DEMAND_SUMMARY, LIMITS
from tandemplan.solver.held import HELD
from tandemplan.solver.loosened import Least, Loosened
from tandemplan.solver.stages import Work

Floats = NDArray[np.float64]
Key = tuple[str, str]  # the family of a limit, and whose it is
DUST = 1e-3  # unit-days that are rounding
PATIENCE = 20.0  # seconds for questions about what other limits would do, in large plans
LARGE_SHARE = 1e-3  # of its lateness, likewise, in large plans, whose tables round many rows
MOST_ROOTS = 3  # tasks that are tried alone
MOST_ORDERED = 8  # causes up to which the order of effects is that of the largest effect first


@dataclass(frozen=True)
class Breach:
    """How far a limit would have to give way in one period for the demand to be as little late as it can be."""

    period: int
    amount: float


@dataclass(frozen=True)
class Cause:
    """A limit that makes a demand late: by how many unit-days in the order told, and where and how far it would have to give way."""

    limit: Limit
    unit_days: float
    breaches: tuple[Breach, ...] = ()
    gives_way: tuple[str, ...] = ()  # demands that would be later, where the limit is who comes before


@dataclass(frozen=True)
class Why:
    """Why a demand is late, in unit-days: `late` in the plan, `at_best` with every limit let go.

    The effects of `causes`, let go one after another in this order, and `rounding` (what the plan itself leaves: it was rounded, or not
    proved to be the best) add up to `late - at_best`. `else_` is how late it is with everything let go but the causes (nan: it was not found in time); where that is less
    than `late` others would help too, and `instead` are some that would do alone, if any. `stopped` says why the search ended early: `causes` are then
    the fewest limits known to bring it to `at_best` together, whether each is needed or not, and their effects are not known (nan).
    """

    demand: str
    late: float
    at_best: float
    causes: tuple[Cause, ...]
    rounding: float
    else_: float
    instead: tuple[Cause, ...]
    stopped: str = ""


@held_back()
def why(base: Base, demand: str, seconds: float | None = None) -> Why:
    """Return why a demand is late in a plan, or what is known of it when the time ends, or the user ends it; raises SolverStoppedError where that is nothing.

    A limit is a cause if it belongs to a smallest set that removes the lateness: no smaller part of the set removes as much (QuickXplain: Junker
    2004, QuickXplain: preferred explanations and relaxations for over-constrained problems). What has slack never belongs to one.
    """
    question = _Question(base, demand, seconds)
    try:
        return _why(question)
    except SolverStoppedError as error:
        return _so_far(question, str(error))


def _why(question: _Question) -> Why:
    demand, late = question.demand, question.late
    tasks, root = question.tasks(), _root(question)
    for rank in (ITSELF, OTHERS, NOTHING_ELSE):
        every = [*question.limits(rank), *tasks]
        if root or question.value(every) <= question.best + question.dust:
            break
    question.target = target = question.value(root or every)
    if late - target <= question.dust:
        return Why(demand, late, late, (), 0.0, late, ())
    causes = root or question.smallest(every, target)
    start = question.value([])
    rounding = late - start if late - start > question.dust else 0.0
    effects, order = question.in_order(causes, late - rounding, target)
    found = tuple(question.cause(k, e, causes, target) for k, e in zip(order, effects, strict=True))
    try:
        without, instead = question.others(causes, every, target, alone=rank == ITSELF)
    except SolverStoppedError:
        without, instead = float("nan"), ()
    return Why(demand, late, target, found, rounding, without, instead)


def _root(question: _Question) -> list[Key]:
    """Return a task without which the demand is on time, where no limits would do: what most of those wait for that hold it up is tried first."""
    base = question.base
    some = [(TASK, t) for t in roots(base.model.network, gates(base, question.demand))][:MOST_ROOTS]
    if not some or question.value(question.limits(ITSELF)) <= question.dust:
        return []
    return next(([k] for k in some if question.value([k]) <= question.dust), [])


@dataclass(eq=False)
class _Question:
    """Asks how late a demand is when some limits are let go; remembers answers, and the model with the same tasks done."""

    base: Base
    demand: str
    seconds: float | None
    _begin: float = field(default_factory=time.monotonic)
    target: float | None = None  # how late it is with all let go that is thought of, once that is known
    _until: float | None = None  # when questions end whose answers are not needed
    known: dict[frozenset[Key], float] = field(default_factory=dict)
    _engines: dict[frozenset[Key], tuple[Loose, Loosened]] = field(default_factory=dict)

    @property
    def row(self) -> int:
        return int(np.flatnonzero(self.base.model.network.demands.names == self.demand)[0])

    @property
    def late(self) -> float:
        frame = self.base.run[DEMAND_SUMMARY]
        return float(frame["late_unit_days"][frame["demand"] == self.demand][0])

    @property
    def best(self) -> float:
        """Return how late the demand is where goods lie ready for it: it is due before it can be delivered at all."""
        return self.value([*self.limits(NOTHING_ELSE), *self.tasks()])

    @property
    def dust(self) -> float:
        """Return unit-days that come of the tolerance within which others are held at their values."""
        share = LARGE_SHARE * self.late if self.base.large else 0.0
        return DUST + share + 4 * HELD * (self.late + sum(v for name, v in self.base.values.items() if name != "cost"))

    @property
    def _patience(self) -> float | None:
        return None if self._until is None else max(self._until - time.monotonic(), 0.0)

    def tasks(self) -> list[Key]:
        network = self.base.model.network
        done = finished_tasks(network.programme)
        ends = {t: d.end for t, d in network.dates.items() if t not in done and d.end > 0}
        return [(TASK, t) for t in sorted(ends, key=lambda t: (-ends[t], t))]

    def limits(self, rank: int) -> list[Key]:
        """Return the limits up to a rank, those to be thought of first in front."""
        loose, _ = self._engine(frozenset())
        found = [x for x in loose.limits if x.rank <= rank]
        return [_key(x) for x in sorted(found, key=lambda x: (x.rank, x.family == WAY, x.family == LEAD))]

    def limit(self, key: Key) -> Limit:
        if key[0] == TASK:
            return Limit(TASK, key[1], "days")
        return next(x for x in self._engine(frozenset())[0].limits if _key(x) == key)

    def value(self, keys: Iterable[Key]) -> float:
        """Return how late the demand is at least, in unit-days, with some limits let go."""
        asked = frozenset(keys)
        if asked not in self.known:
            loose, engine = self._engine(asked)
            self.known[asked] = max(engine.least(_open(loose, asked), self._patience).value, 0.0)
        return self.known[asked]

    def smallest(self, keys: Sequence[Key], target: float) -> list[Key]:
        """Return a smallest set of limits that removes as much as all of them, those in front preferred."""

        def enough(some: Sequence[Key]) -> bool:
            return self.value(some) <= target + self.dust

        used = self._used(keys, target)
        likely = [k for k in used if k[0] != TASK or k[1] in self._named_tasks]
        return preferred(next((some for some in (likely, used) if enough(some)), keys), enough)

    @cached_property
    def _named_tasks(self) -> set[str]:
        """Return the tasks that have a worth in the plan: most late demands wait for one of these, if for any."""
        return {r["name"] for r in self.base.run.rows(LIMITS) if r["what"] == TASK}

    def others(
        self, causes: Sequence[Key], every: Sequence[Key], target: float, *, alone: bool
    ) -> tuple[float, tuple[Cause, ...]]:
        """Return how late the demand is without all limits but its causes, and a smallest set of these that would do instead, if any.

        With `alone` those who come before are asked as well, where no other limit would do. In a large plan no tasks are sought that would. Raises
        SolverStoppedError where that takes too long.
        """
        self._until = time.monotonic() + PATIENCE if self.base.large else None
        rest = [k for k in every if k not in causes]
        without, some = self.value(rest), rest
        if self.base.large:
            some = [k for k in rest if k[0] != TASK]
        enough = without <= target + self.dust
        instead = self.smallest(some, target) if enough and self.value(some) <= target + self.dust else []
        if not instead and alone and not enough:
            before = [k for k in self.limits(OTHERS) if k not in every]
            instead = self.smallest(before, target) if self.value(before) <= target + self.dust else []
        return without, tuple(self.cause(k, 0.0, instead, target) for k in instead)

    def _used(self, keys: Sequence[Key], target: float) -> list[Key]:
        """Return the limits among some that give way where as little as possible does, and the tasks."""
        found = self._narrow(keys, target)
        loose, _ = self._engine(frozenset(keys))
        used = {_key(loose.limits[k]) for k in np.unique(loose.soft.of[found.breach > 1e-7]).tolist()}
        return [k for k in keys if k in used or k[0] == TASK]

    def _narrow(self, keys: Iterable[Key], target: float) -> Least:
        asked = frozenset(keys)
        loose, engine = self._engine(asked)
        return engine.smallest(_open(loose, asked), max(target, self.value(asked)), loose.price, self._patience)

    def in_order(self, causes: list[Key], late: float, target: float) -> tuple[list[float], list[Key]]:
        """Return what letting go each cause after those before it takes off, and the order: the largest effect comes first."""
        order, at, effects, left = list[Key](), late, list[float](), list(causes)
        while left:
            some = left if len(left) <= MOST_ORDERED else left[:1]
            values = {k: self.value([*order, k]) for k in some}
            best = min(some, key=lambda k: (round(values[k], 6), left.index(k)))
            value = target if len(left) == 1 else min(values[best], at)
            effects.append(at - value)
            at = value
            order.append(best)
            left.remove(best)
        return effects, order

    def cause(self, key: Key, effect: float, causes: Sequence[Key], target: float) -> Cause:
        """Return a cause with the periods in which it gives way where all of them do, by as little as can be."""
        limit = self.limit(key)
        if key[0] == TASK:
            return Cause(limit, effect)
        loose, _ = self._engine(frozenset(causes))
        found = self._narrow(causes, target)
        mine = [k for k in np.flatnonzero(found.breach > 1e-7).tolist() if _key(loose.limits[loose.soft.of[k]]) == key]
        breaches = tuple(
            Breach(int(loose.period[k]), float(found.breach[k] * loose.amount[k])) for k in mine if loose.period[k] >= 0
        )
        waits = self._later(causes, found.x, limit.name) if limit.rank == OTHERS else ()
        return Cause(limit, effect, breaches, waits)

    def _later(self, causes: Sequence[Key], x: Floats, stage: str) -> tuple[str, ...]:
        """Return the demands of a class that are later in a plan than in the one explained, the most first."""
        model = self._model(frozenset(k for k in causes if k[0] == TASK))
        frame = self.base.run[DEMAND_SUMMARY]
        names = model.network.demands.names.tolist()
        found = []
        for d, late, rank, sure in zip(
            *(frame[n].tolist() for n in ("demand", "late_unit_days", "demand_class", "certainty")), strict=True
        ):
            if f"class {rank} {sure}" == stage and d != self.demand:
                more = float(lateness_of(model, names.index(d)) @ x) - late
                if more > self.dust + DUST:
                    found.append((-more, d))
        return tuple(d for _, d in sorted(found))

    def _model(self, done: frozenset[Key]) -> PlanModel:
        return without_tasks(self.base, [t for _, t in done], self._sooner) if done else self.base.model

    @cached_property
    def _sooner(self) -> int | None:
        """Return by how many days tasks that are let go are done sooner (None: at the start): in a large plan all else can hardly follow far."""
        return days_late(self.base, self.demand) if self.base.large else None

    def _engine(self, asked: frozenset[Key]) -> tuple[Loose, Loosened]:
        """Return the model in which the tasks among some limits are done, and what answers questions about it."""
        done = frozenset(k for k in asked if k[0] == TASK)
        if done not in self._engines:
            model = self._model(done)
            loose = loose_of(model, self.base.relaxed(model, self.row), Late(self.row, self.late, self.base.values))
            if len(self._engines) > 2:  # the one without, and the last two: models are large
                self._engines.pop(next(k for k in self._engines if k))
            cost = lateness_of(model, self.row)
            self._engines[done] = loose, Loosened(loose.lp, loose.soft, cost, left_of(self.seconds, self._begin))
        return self._engines[done]


def _so_far(question: _Question, reason: str) -> Why:
    """Return what is known where the search ended early; raises SolverStoppedError where that is nothing."""
    if question.target is None:
        raise SolverStoppedError(reason)
    known = [k for k, v in question.known.items() if v <= question.target + question.dust]
    fewest: frozenset[Key] = min(known, key=lambda k: (len(k), sorted(k)))
    causes = tuple(Cause(question.limit(k), float("nan")) for k in sorted(fewest))
    return Why(question.demand, question.late, question.target, causes, 0.0, float("nan"), (), reason)


def left_of(seconds: float | None, begin: float) -> Work:
    """Return the work with what is left of some seconds since it began."""
    return Work(None if seconds is None else max(seconds - (time.monotonic() - begin), 0.0))


def _key(limit: Limit) -> Key:
    return limit.family, limit.name


def _open(loose: Loose, asked: frozenset[Key]) -> NDArray[np.bool_]:
    return np.array([_key(x) in asked for x in loose.limits], dtype=bool)[loose.soft.of]


def preferred(keys: Sequence[Key], enough: Callable[[Sequence[Key]], bool]) -> list[Key]:
    """Return a smallest part of `keys` that is enough, those in front preferred; all of them are, and more never is less.

    QuickXplain (Junker 2004): halves are tried, so that few questions are asked where the part is small.

    >>> preferred([("a", ""), ("b", ""), ("c", ""), ("d", "")], lambda some: ("b", "") in some and ("d", "") in some)
    [('b', ''), ('d', '')]
    """

    def needed(known: list[Key], asked: bool, left: list[Key]) -> list[Key]:
        if asked and enough(known):
            return []
        if len(left) == 1:
            return left
        half = len(left) // 2
        front, back = left[:half], left[half:]
        later = needed([*known, *front], bool(front), back)
        sooner = needed([*known, *later], bool(later), front)
        return [*sooner, *later]

    if not keys or enough([]):
        return []
    found = needed([], False, list(keys))
    return [k for k in keys if k in found]
