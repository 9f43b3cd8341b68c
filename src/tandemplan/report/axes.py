"""Axes of pictures: round ticks for numbers and for dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10

from tandemplan.report.wording import MONTHS, number

TICK_ROOM = 66.0


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its place in the picture and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Frame:
    """The plotting area of a picture in its own units, and the span of days and values, from `base` to `top`, that it shows."""

    start: date
    end: date
    top: float
    width: float = 360.0
    height: float = 262.0
    left: float = 52.0
    right: float = 14.0
    above: float = 32.0
    below: float = 28.0
    base: float = 0.0

    def x(self, when: date) -> float:
        """Return where a day stands.

        >>> Frame(date(2026, 1, 1), date(2026, 1, 11), 1, width=110, left=10, right=0).x(date(2026, 1, 6))
        60.0
        """
        share = (when - self.start).days / max((self.end - self.start).days, 1)
        return round(self.left + share * (self.width - self.left - self.right), 1)

    def y(self, value: float) -> float:
        """Return where a value stands, from the top."""
        share = (value - self.base) / (self.top - self.base) if self.top > self.base else 0.0
        return round(self.height - self.below - share * (self.height - self.above - self.below), 1)


def round_top(value: float, most: int = 5) -> tuple[float, float]:
    """Return the end of an axis that holds a value, and a round step that cuts it into at most `most` parts.

    >>> round_top(8330), round_top(0.7), round_top(0)
    ((10000.0, 2000.0), (0.8, 0.2), (1.0, 0.5))
    """
    if value <= 0:
        return 1.0, 0.5
    raw = value / most
    power = 10.0 ** floor(log10(raw))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power * most >= value * (1 - 1e-9))
    parts = -(-value * (1 - 1e-9) // step)
    return round(parts * step, 9), round(step, 9)


def value_ticks(frame: Frame, step: float) -> tuple[Tick, ...]:
    """Return ticks from the base to the top."""
    values = (frame.base + i * step for i in range(round((frame.top - frame.base) / step) + 1))
    return tuple(Tick(frame.y(v), number(v)) for v in values)


def date_ticks(frame: Frame) -> tuple[Tick, ...]:
    """Return ticks on the first of months, or each week or day where the span is short; as many as have room.

    The day on which a frame ends is after its last one, and gets no tick of its own in a short span.

    >>> [t.label for t in date_ticks(Frame(date(2026, 6, 1), date(2029, 5, 28), 1, width=500))]
    ['Jul 2026', 'Jan 2027', 'Jul 2027', 'Jan 2028', 'Jul 2028', 'Jan 2029']
    >>> [t.label for t in date_ticks(Frame(date(2026, 6, 1), date(2026, 6, 29), 1))]
    ['1 Jun', '8 Jun', '15 Jun', '22 Jun']
    """
    return tuple(Tick(frame.x(d), words) for d, words in marked_days(frame))


def marked_days(frame: Frame) -> list[tuple[date, str]]:
    """Return the days that have a tick, with their labels."""
    days = (frame.end - frame.start).days
    most = max(int((frame.width - frame.left - frame.right) / TICK_ROOM), 2)
    for step in (1, 7, 14):
        if days / step <= most:
            found = (frame.start + timedelta(days=n) for n in range(0, max(days, 1), step))
            return [(d, f"{d.day} {MONTHS[d.month - 1]}") for d in found]
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 240):
        firsts = [d for d in months_between(frame.start, frame.end) if (d.month - 1 + 12 * d.year) % step == 0]
        if len(firsts) <= most:
            break
    return [(d, f"{MONTHS[d.month - 1]} {d.year}") for d in firsts]


def months_between(start: date, end: date) -> Iterator[date]:
    """Yield the first days of months from `start` to `end`, both included.

    >>> [str(d) for d in months_between(date(2026, 6, 2), date(2026, 8, 1))]
    ['2026-07-01', '2026-08-01']
    """
    year, month = (start.year, start.month) if start.day == 1 else _next(start.year, start.month)
    while date(year, month, 1) <= end:
        yield date(year, month, 1)
        year, month = _next(year, month)


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)
