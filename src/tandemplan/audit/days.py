"""The audit's own arithmetic of days: periods, rounding of leads, discounting. Days are numbers from 1970-01-01."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Settings

EPOCH = date(1970, 1, 1).toordinal()
_PART = re.compile(r"\s*(\d+)\s+(day|week|month)s?\s*")


@dataclass(frozen=True)
class Horizon:
    """The plan's days: `cuts` are the first day of each period, and the day after the last."""

    cuts: tuple[int, ...]

    @property
    def start(self) -> int:
        """Return the first day."""
        return self.cuts[0]

    @property
    def end(self) -> int:
        """Return the day after the last."""
        return self.cuts[-1]

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Return the days of each period."""
        return tuple(b - a for a, b in zip(self.cuts, self.cuts[1:], strict=False))

    @property
    def days(self) -> NDArray[np.int64]:
        """Return all days in order."""
        return np.arange(self.start, self.end, dtype=np.int64)

    @cached_property
    def begins(self) -> frozenset[int]:
        """Return the first days of the periods."""
        return frozenset(self.cuts[:-1])

    def holds(self, day: int) -> bool:
        """Say whether a day lies in the plan."""
        return self.start <= day < self.end

    def period(self, day: int) -> int:
        """Return the number of the period that holds a day of the plan."""
        return bisect_right(self.cuts, day) - 1

    def sums(self, daily: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums over periods of a value for each day."""
        return np.add.reduceat(daily, [c - self.start for c in self.cuts[:-1]])


def horizon_of(settings: Settings) -> Horizon:
    """Return the days and periods that settings say.

    >>> h = horizon_of(Settings(start=date(2026, 1, 31), periods="1 week, 2 months"))
    >>> h.lengths, iso(h.cuts[1]), iso(h.end)
    ((7, 28, 31), '2026-02-07', '2026-04-07')
    """
    if settings.start is None:
        raise ValueError("the programme has no start.")
    cuts = [number(settings.start)]
    for part in settings.periods.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"periods is '{settings.periods}'; it must be written like '26 weeks, 12 months'.")
        count, unit, anchor = int(match[1]), match[2], cuts[-1]
        step = {"day": 1, "week": 7}.get(unit)
        for k in range(1, count + 1):
            cuts.append(anchor + k * step if step else months_later(anchor, k))
    return Horizon(tuple(cuts))


def months_later(day: int, months: int) -> int:
    """Return the same day some months later, clipped to the length of that month.

    >>> iso(months_later(number(date(2026, 1, 31)), 1))
    '2026-02-28'
    """
    then = date.fromordinal(day + EPOCH)
    month = then.month - 1 + months
    year, month = then.year + month // 12, month % 12 + 1
    return number(date(year, month, min(then.day, monthrange(year, month)[1])))


def number(day: date) -> int:
    """Return the number of a day."""
    return day.toordinal() - EPOCH


def iso(day: int) -> str:
    """Return the ISO text of a day.

    >>> iso(0)
    '1970-01-01'
    """
    return date.fromordinal(day + EPOCH).isoformat()


def whole_days(days: float) -> int:
    """Return a time rounded up to whole days; 1e-9 of a day is forgiven.

    >>> whole_days(2.0000000001), whole_days(2.1)
    (2, 3)
    """
    return math.ceil(days - 1e-9)


def weekday(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the weekdays of days, Monday 0.

    >>> weekday(np.array([number(date(2026, 6, 1))])).tolist()
    [0]
    """
    return (days + 3) % 7


def discount(rate: float, days: float) -> float:
    """Return what money `days` after the start is worth at the start.

    >>> discount(0.1, 365)
    0.9090909090909091
    """
    return float((1 + rate) ** -(days / 365))
