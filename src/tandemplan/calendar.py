"""Dates and periods, and the working time between them. Days are counted from the plan's start (day 0)."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
MOST_PERIODS = 2_000


@dataclass(frozen=True, eq=False)
class Periods:
    """The horizon cut into periods: `starts` and `lengths` in days from `start`; `days` is their sum."""

    start: date
    starts: Days
    lengths: Days

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def days(self) -> int:
        """Return the number of days in the horizon."""
        return int(self.lengths.sum())

    @property
    def longest(self) -> int:
        """Return the length of the longest period in days."""
        return int(self.lengths.max())

    @property
    def shortest(self) -> int:
        """Return the length of the shortest period in days."""
        return int(self.lengths.min())

    def of(self, days: Days) -> Days:
        """Return the period that holds each day (-1 before the start, the number of periods after the end)."""
        found = np.searchsorted(self.starts, days, side="right") - 1
        return np.where(np.asarray(days) >= self.days, len(self), found)

    def day(self, when: date) -> int:
        """Return the day number of a date."""
        return (when - self.start).days

    def numbers(self, dates: NDArray[np.datetime64], blank: int) -> Days:
        """Return the day numbers of dates, `blank` for NaT."""
        days = (dates - np.datetime64(self.start, "D")).astype(np.int64)
        return np.where(np.isnat(dates), blank, days)

    def dates(self, days: Days) -> NDArray[np.datetime64]:
        """Return day numbers as dates."""
        return np.datetime64(self.start, "D") + np.asarray(days).astype("timedelta64[D]")

    def sums(self, daily: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of a daily series (last axis: days) over each period."""
        return np.add.reduceat(daily, self.starts, axis=-1)


def parse_periods(text: str) -> list[tuple[int, str]]:
    """Return the parts of a period pattern as (count, unit); raises ValueError with the rule.

    >>> parse_periods("26 weeks, 12 months")
    [(26, 'week'), (12, 'month')]
    """
    parts: list[tuple[int, str]] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,6})\s+(day|week|month)s?\s*", part, re.ASCII)
        if match is None or int(match[1]) == 0:
            raise ValueError(
                f"'{part.strip()}' is no run of periods; write it as '156 weeks', '120 days' or '12 months'"
            )
        parts.append((int(match[1]), match[2]))
    if sum(n for n, _ in parts) > MOST_PERIODS:
        raise ValueError(f"'{text}' has more than {MOST_PERIODS} periods; use longer ones")
    return parts


def cut(start: date, text: str) -> Periods:
    """Return the periods that a pattern cuts from `start`.

    >>> [int(n) for n in cut(date(2027, 1, 25), "1 week, 2 months").lengths]
    [7, 28, 31]
    """
    edges = [start]
    for count, unit in parse_periods(text):
        anchor = edges[-1]
        for k in range(1, count + 1):
            edges.append(_later(anchor, k, unit))
    numbers = np.array([(e - start).days for e in edges], dtype=np.int64)
    return Periods(start, numbers[:-1], np.diff(numbers))


def _later(anchor: date, count: int, unit: str) -> date:
    if unit == "month":
        year, month = divmod(anchor.month - 1 + count, 12)
        year, month = anchor.year + year, month + 1
        return date(year, month, min(anchor.day, months.monthrange(year, month)[1]))
    return anchor + timedelta(days=count * (7 if unit == "week" else 1))


def weekdays(start: date, days: int) -> Days:
    """Return the weekday of each day of a horizon, Monday 0 to Sunday 6."""
    return (start.weekday() + np.arange(days)) % 7


@dataclass(frozen=True)
class DayRule:
    """One rule of a calendar over days `first` to `last` (included), as the table `calendars` says it."""

    kind: str
    first: int
    last: int
    weekdays: tuple[int, ...]
    factor: float


def working_factor(rules: Sequence[DayRule], week: Days) -> NDArray[np.float64]:
    """Return the share of a full day that is worked on each day of a horizon.

    An exception's factor where one covers the day, else 1 or 0 by the week rules covering it (1 without any); times
    the factors of all factor rules covering it. `week` holds the weekday of each day.

    >>> rules = [DayRule("week", 0, 6, (0, 1, 2, 3, 4), 1.0), DayRule("exception", 1, 1, (), 0.0),
    ...          DayRule("factor", 0, 2, (), 0.5)]
    >>> [float(f) for f in working_factor(rules, np.arange(7))]
    [0.5, 0.0, 0.5, 1.0, 1.0, 0.0, 0.0]
    """
    day = np.arange(len(week))
    covered = np.zeros(len(week), dtype=bool)
    worked = np.zeros(len(week), dtype=np.float64)
    for rule in (r for r in rules if r.kind == "week"):
        inside = (day >= rule.first) & (day <= rule.last)
        covered |= inside
        worked[inside & np.isin(week, rule.weekdays or range(7))] = 1.0
    factor = np.where(covered, worked, 1.0)
    for rule in (r for r in rules if r.kind == "exception"):
        factor[(day >= rule.first) & (day <= rule.last)] = rule.factor
    for rule in (r for r in rules if r.kind == "factor"):
        factor[(day >= rule.first) & (day <= rule.last)] *= rule.factor
    return factor
