"""Calendars by the hour as values over seconds, and working time as intervals that are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.calendar import DayRule, working_factor
from tandemplan.model.cells import WEEKDAYS
from tandemplan.model.phrases import seconds_of_day
from tandemplan.model.programme import Programme
from tandemplan.model.schema import CalendarHours, CalendarRow
from tandemplan.schedule.factory import FOREVER, Openings, Timeline

DAY = 86_400
BEFORE, BEYOND = 31 * DAY, 366 * DAY  # how far calendars are laid out around what may happen
ALWAYS = (np.array([-FOREVER]), np.array([FOREVER]))
Opening = tuple[Ints, Ints]
Run = tuple[Ints, Floats]
Span = tuple[datetime | None, datetime | None, bool]  # from, to, and whether inside of them (or outside) is meant


@dataclass
class Hours:
    """The calendars of a programme between two seconds, counted from the schedule's start; openings that were asked for are numbered.

    `places` holds the number of each set of calendars that was asked for.
    """

    programme: Programme
    start: np.datetime64
    low: int
    high: int
    rows: list[Opening] = field(default_factory=lambda: [ALWAYS])
    places: dict[frozenset[str], int] = field(default_factory=lambda: {frozenset(): 0})

    @cached_property
    def _hourly(self) -> dict[str, list[CalendarHours]]:
        found: dict[str, list[CalendarHours]] = {}
        for row in self.programme[CalendarHours].rows():
            found.setdefault(row.calendar, []).append(row)
        return found

    @cached_property
    def _first_day(self) -> int:
        """Return the first day that is laid out, counted from 1970."""
        return int((self.start + np.timedelta64(self.low, "s")).astype("datetime64[D]").astype(int))

    def values(self, calendar: str, *, stretches: bool = False) -> Run:
        """Return from when on a calendar has which value; with `stretches`, a moment wherever another rule begins, though of one value."""
        rules = sorted(self._hourly[calendar], key=lambda r: float("inf") if r.rank is None else r.rank, reverse=True)
        spans = [(rule, *self._spans(rule)) for rule in rules]
        edges = np.unique(np.concatenate([[self.low], *(e for _, a, b in spans for e in (a, b))]))
        edges = edges[(edges >= self.low) & (edges < self.high)]
        value, rule_of = np.zeros(len(edges)), np.full(len(edges), -1)
        for k, (rule, opens, shuts) in enumerate(spans):
            inside = np.searchsorted(opens, edges, side="right") > np.searchsorted(shuts, edges, side="right")
            value[inside], rule_of[inside] = rule.value, k
        by = rule_of if stretches else value
        new = np.append(True, by[1:] != by[:-1])
        at = edges[new].astype(np.int64)
        at[0] = -FOREVER
        return at, value[new]

    def _spans(self, rule: CalendarHours) -> Opening:
        """Return the intervals in which a rule is in force, disjoint and in order."""
        first = -FOREVER if rule.from_moment is None else self.second(np.datetime64(rule.from_moment, "s"))
        last = FOREVER if rule.to_moment is None else self.second(np.datetime64(rule.to_moment, "s"))
        begin, end = seconds_of_day(rule.from_time, 0), seconds_of_day(rule.to_time, DAY)
        if not rule.weekdays and (begin, end) == (0, DAY):
            return np.array([first]), np.array([last])
        days = np.arange(self._first_day - 1, self._first_day + (self.high - self.low) // DAY + 2)
        if rule.weekdays:
            days = days[np.isin((days + 3) % 7, [WEEKDAYS.index(d) for d in rule.weekdays])]  # 1970 began on a Thursday
        zero = self.second(np.datetime64(0, "s"))
        opens, shuts = zero + days * DAY + begin, zero + days * DAY + end
        if (begin, end) == (0, DAY):  # days that follow each other are one stretch
            new = np.append(True, opens[1:] > shuts[:-1])
            opens, shuts = opens[new], shuts[np.append(np.flatnonzero(new)[1:] - 1, len(shuts) - 1)]
        opens, shuts = np.maximum(opens, first), np.minimum(shuts, last)
        return opens[shuts > opens], shuts[shuts > opens]

    def second(self, when: np.datetime64) -> int:
        """Return a moment in seconds from the schedule's start."""
        return int((when - self.start).astype("timedelta64[s]").astype(int))

    def opening(self, calendars: Sequence[str], spans: Sequence[Span] = ()) -> int:
        """Return the number of the working time in which all of some calendars are open, inside (or outside) some spans.

        A leading `*` names a calendar by the day.
        """
        names = frozenset(c for c in calendars if c)
        key = frozenset({*names, *map(str, spans)})
        if key not in self.places:
            rows = [*(self._open(name) for name in sorted(names)), *map(self._within, spans)]
            self.places[key] = len(self.rows)
            self.rows.append(meeting(rows))
        return self.places[key]

    def _within(self, span: Span) -> Opening:
        """Return the intervals inside a span, or outside of it."""
        first = -FOREVER if span[0] is None else self.second(np.datetime64(span[0], "s"))
        last = FOREVER if span[1] is None else self.second(np.datetime64(span[1], "s"))
        opens, shuts = (
            (np.array([first]), np.array([last]))
            if span[2]
            else (np.array([-FOREVER, last]), np.array([first, FOREVER]))
        )
        return opens[shuts > opens], shuts[shuts > opens]

    def _open(self, name: str) -> Opening:
        at, value = self._daily(name[1:]) if name.startswith("*") else self.values(name)
        open_ = value > 0
        new = np.append(True, open_[1:] != open_[:-1])
        at, open_ = at[new], open_[new]
        until = np.append(at[1:], FOREVER)
        return at[open_], until[open_]

    def _daily(self, name: str) -> Run:
        """Return the factor of each day of a calendar by the day."""
        count = (self.high - self.low) // DAY + 2
        base = np.datetime64(self._first_day, "D")
        rules = []
        for row in self.programme[CalendarRow].rows():
            if row.calendar == name:
                first = 0 if row.from_date is None else int((np.datetime64(row.from_date, "D") - base).astype(int))
                last = count if row.to_date is None else int((np.datetime64(row.to_date, "D") - base).astype(int))
                rules.append(DayRule(row.kind, first, last, tuple(WEEKDAYS.index(d) for d in row.weekdays), row.factor))
        factor = working_factor(rules, (self._first_day + 3 + np.arange(count)) % 7)
        at = self.second(base.astype("datetime64[s]")) + np.arange(count) * DAY
        at[0] = -FOREVER
        return at, factor

    def openings(self) -> Openings:
        """Return all working times that were asked for, in their order."""
        return Openings(
            starts([len(o) for o, _ in self.rows]),
            np.concatenate([o for o, _ in self.rows]).astype(np.int64),
            np.concatenate([s for _, s in self.rows]).astype(np.int64),
        )

    def before(self, opening: int, end: int, seconds: float) -> int:
        """Return when work of so many seconds begins that ends at a moment."""
        opens, shuts = self.rows[opening]
        left = round(seconds)
        for k in range(int(np.searchsorted(opens, end)) - 1, -1, -1):
            shut = min(int(shuts[k]), end)
            if left <= shut - opens[k]:
                return shut - left if left else end
            left -= int(shut - opens[k])
        return end - round(seconds)

    def after(self, opening: int, start: int, seconds: float) -> int:
        """Return when work of so many seconds ends that begins at a moment."""
        opens, shuts = self.rows[opening]
        left = round(seconds)
        for k in range(int(np.searchsorted(shuts, start, side="right")), len(opens)):
            open_ = max(int(opens[k]), start)
            if left <= shuts[k] - open_:
                return open_ + left if left else start
            left -= int(shuts[k] - open_)
        return start + round(seconds)


def meeting(rows: Sequence[Opening]) -> Opening:
    """Return the intervals in which all of some are open.

    >>> [a.tolist() for a in meeting([(np.array([0, 20]), np.array([10, 30])), (np.array([5]), np.array([25]))])]
    [[5, 20], [10, 25]]
    """
    opens, shuts = rows[0]
    for first, last in rows[1:]:
        edges = np.unique(np.concatenate([opens, shuts, first, last]))
        mine = np.searchsorted(opens, edges, side="right") > np.searchsorted(shuts, edges, side="right")
        other = np.searchsorted(first, edges, side="right") > np.searchsorted(last, edges, side="right")
        both = mine & other
        change = np.append(both[:1], both[1:] != both[:-1])
        marks = edges[change]
        opens, shuts = marks[::2], marks[1::2]
    return opens, shuts


def least(runs: Sequence[Run]) -> Run:
    """Return the least of several values at each moment.

    >>> [a.tolist() for a in least([(np.array([0, 9]), np.array([2.0, 1.0])), (np.array([0, 5]), np.array([3.0, 1.5]))])]
    [[0, 5, 9], [2.0, 1.5, 1.0]]
    """
    at = np.unique(np.concatenate([a for a, _ in runs]))
    value = np.min([v[np.searchsorted(a, at, side="right") - 1] for a, v in runs], axis=0)
    return at, value


def starts(lengths: Sequence[int]) -> Ints:
    """Return where runs of some lengths begin, and where the last one ends."""
    return np.append(0, np.cumsum(np.asarray(lengths, dtype=np.int64))).astype(np.int64)


def timeline(runs: Sequence[Run]) -> Timeline:
    """Return runs of values as one timeline."""
    if not runs:
        return Timeline(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    at, value = np.concatenate([a for a, _ in runs]), np.concatenate([v for _, v in runs])
    return Timeline(starts([len(a) for a, _ in runs]), at.astype(np.int64), value.astype(np.float64))


def constant(value: float) -> Run:
    """Return a value that never changes."""
    return np.array([-FOREVER]), np.array([float(value)])
