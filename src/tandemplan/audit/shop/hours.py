"""Calendars by the hour, worked out rule by rule: what holds at a moment, and how much time is worked between two.

Moments are seconds since 1970 without a zone. A calendar is cut into stretches, in each of which one rule holds throughout.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from tandemplan.model.schema import CalendarHours

DAY = 86_400
EARLIEST, LATEST = -(1 << 40), 1 << 40
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def second(moment: datetime) -> int:
    """Return a moment as seconds.

    >>> second(datetime(1970, 1, 2, 0, 0, 5))
    86405
    """
    return int(moment.replace(tzinfo=UTC).timestamp())


def second_of_day(text: str, blank: int) -> int:
    """Return a time of day in seconds.

    >>> second_of_day("06:30", 0), second_of_day("", DAY)
    (23400, 86400)
    """
    if not text:
        return blank
    hours, minutes, seconds = (*map(int, text.split(":")), 0)[:3]
    return 3600 * hours + 60 * minutes + seconds


@dataclass(frozen=True)
class Stretch:
    """From `begin` until `end` the rule of that rank holds (None: the default)."""

    begin: int
    end: int
    rank: int | None
    value: float


class Hours:
    """A calendar between two moments, in stretches; before the first and after the last the nearest holds."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        """Take the stretches of one calendar, in their order and without gaps."""
        self.stretches = list(stretches)
        self._begins = [s.begin for s in self.stretches]
        self._worked = [0]
        for s in self.stretches:
            self._worked.append(self._worked[-1] + (s.end - s.begin if s.value > 0 else 0))

    def at(self, moment: int) -> Stretch:
        """Return the stretch that holds at a moment."""
        return self.stretches[max(bisect_right(self._begins, moment) - 1, 0)]

    def within(self, begin: int, end: int) -> Iterator[Stretch]:
        """Yield the stretches that overlap a time, in order."""
        for k in range(max(bisect_right(self._begins, begin) - 1, 0), len(self.stretches)):
            if self.stretches[k].begin >= end:
                return
            yield self.stretches[k]

    def worked(self, moment: int) -> int:
        """Return the open seconds before a moment."""
        k = max(bisect_right(self._begins, moment) - 1, 0)
        one = self.stretches[k]
        return self._worked[k] + (max(min(moment, one.end) - one.begin, 0) if one.value > 0 else 0)


def by_days(factors: Sequence[float], first: int) -> Hours:
    """Return the calendar whose days from day `first` on are open where their factor is above 0.

    >>> by_days([1.0, 0.0, 0.5], 10).worked(13 * DAY) == 2 * DAY
    True
    """
    return Hours([Stretch(DAY * d, DAY * (d + 1), d, f) for d, f in enumerate(factors, first)])


def by_rules(rows: Sequence[CalendarHours], first: int, last: int) -> Hours:
    """Return the calendar that its rules make, between two moments."""
    rules = sorted((r for r in rows if r.rank is not None), key=lambda r: r.rank or 0)
    default = next((r.value for r in rows if r.rank is None), 0.0)
    found: list[Stretch] = []
    cuts = sorted({first, last, *(c for r in rules for c in _cuts(r, first, last))})
    for begin, end in pairwise(cuts):
        rule = next((r for r in rules if _holds(r, begin)), None)
        rank, value = (None, default) if rule is None else (rule.rank, rule.value)
        if found and (found[-1].rank, found[-1].value) == (rank, value):
            found[-1] = Stretch(found[-1].begin, end, rank, value)
        else:
            found.append(Stretch(begin, end, rank, value))
    return Hours(found)


def _cuts(rule: CalendarHours, first: int, last: int) -> Iterator[int]:
    begin = first if rule.from_moment is None else max(first, second(rule.from_moment))
    end = last if rule.to_moment is None else min(last, second(rule.to_moment))
    if begin >= end:
        return
    yield begin
    yield end
    if not (rule.weekdays or rule.from_time or rule.to_time):
        return
    times = (0, second_of_day(rule.from_time, 0), second_of_day(rule.to_time, DAY))
    for day in range(begin // DAY * DAY, end, DAY):
        yield from (day + t for t in times if begin <= day + t <= end)


def _holds(rule: CalendarHours, moment: int) -> bool:
    if rule.from_moment is not None and moment < second(rule.from_moment):
        return False
    if rule.to_moment is not None and moment >= second(rule.to_moment):
        return False
    if rule.weekdays and WEEKDAYS[(moment // DAY + 3) % 7] not in rule.weekdays:
        return False
    return second_of_day(rule.from_time, 0) <= moment % DAY < second_of_day(rule.to_time, DAY)


class OpenTime:
    """Where all of several calendars are open: working time between two moments."""

    def __init__(self, calendars: Sequence[Hours]) -> None:
        """Intersect calendars; none at all is always open."""
        self.pieces: list[tuple[int, int]] | None = None
        for hours in calendars:
            own = [(s.begin, s.end) for s in hours.stretches if s.value > 0]
            self.pieces = own if self.pieces is None else _both(self.pieces, own)
        self._begins = [b for b, _ in self.pieces or ()]
        self._done = [0]
        for begin, end in self.pieces or ():
            self._done.append(self._done[-1] + end - begin)

    def between(self, begin: int, end: int) -> int:
        """Return the open seconds from one moment to another."""
        return end - begin if self.pieces is None else self._before(end) - self._before(begin)

    def _before(self, moment: int) -> int:
        k = bisect_right(self._begins, moment) - 1
        return 0 if k < 0 else self._done[k] + min(moment, (self.pieces or [])[k][1]) - self._begins[k]


def _both(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        begin, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if begin < end:
            found.append((begin, end))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return found
