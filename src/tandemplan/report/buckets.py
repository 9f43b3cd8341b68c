"""Time cut for the eye: periods where they are few, else months, quarters or years."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tandemplan.calendar import cut
from tandemplan.model.programme import Programme
from tandemplan.report.wording import MONTHS, day

MOST = 42


@dataclass(frozen=True)
class Buckets:
    """Spans of days shown as one: each begins at a start and ends where the next begins, the last at `end`."""

    starts: tuple[date, ...]
    end: date
    step: str  # period, week, month, quarter or year

    def of(self, when: date) -> int:
        """Return the bucket of a day; days before the first or after the last count there."""
        return max(min(bisect_right(self.starts, when), len(self.starts)) - 1, 0)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what each bucket is called."""
        return tuple(_label(s, self.step) for s in self.starts)


def horizon(programme: Programme) -> tuple[date, date]:
    """Return the first day of a plan and the day on which it ends."""
    starts, end = period_starts(programme)
    return starts[0], end


def period_starts(programme: Programme) -> tuple[tuple[date, ...], date]:
    """Return the first days of the periods, and the day on which the last one ends."""
    start = programme.settings.start
    assert start is not None, "a programme without faults has a start"
    periods = cut(start, programme.settings.periods)
    days = periods.dates([*periods.starts.tolist(), periods.days])  # type: ignore[arg-type]
    found = [d.item() for d in days]
    return tuple(found[:-1]), found[-1]


def last_days(programme: Programme) -> dict[date, date]:
    r"""Return the last day of each period by its first day.

    >>> from tandemplan.testing.models import programme_of
    >>> days = last_days(programme_of("start = 2026-06-01\nperiods = 2 weeks"))
    >>> [str(d) for d in days.values()]
    ['2026-06-07', '2026-06-14']
    """
    starts, end = period_starts(programme)
    return {a: b - timedelta(days=1) for a, b in zip(starts, [*starts[1:], end], strict=True)}


def last_day(starts: Iterable[date], ends: Mapping[date, date]) -> date:
    """Return the last day of the last of periods by their first days; a day that begins no period stands for itself."""
    return max(ends.get(d, d) for d in starts)


def span_words(programme: Programme) -> str:
    """Return the first and the last day of a plan in words."""
    start, end = horizon(programme)
    return f"{day(start)} to {day(end - timedelta(days=1))}"


def period_word(programme: Programme) -> str:
    """Return what one period is called: day, week or month where all are alike, else period."""
    starts, end = period_starts(programme)
    lengths = {(b - a).days for a, b in zip(starts, [*starts[1:], end], strict=True)}
    if lengths <= {1}:
        return "day"
    if lengths <= {7}:
        return "week"
    return "month" if lengths <= {28, 29, 30, 31} else "period"


def buckets(programme: Programme, most: int = MOST) -> Buckets:
    """Return the finest of periods, weeks, months, quarters and years that gives at most `most` buckets."""
    starts, end = period_starts(programme)
    if len(starts) <= most:
        return Buckets(starts, end, "period")
    if period_word(programme) == "day" and len(starts) <= 7 * most:
        return Buckets(starts[::7], end, "week")
    steps = (("month", 1), ("quarter", 3), ("year", 12))
    for step, months in steps:  # noqa: B007 - the last one tried is returned
        firsts = [starts[0]]
        for s in starts:
            if _index(s, months) != _index(firsts[-1], months):
                firsts.append(_first(s, months))
        if len(firsts) <= most:
            break
    return Buckets(tuple(firsts), end, step)


def _index(when: date, months: int) -> int:
    return (12 * when.year + when.month - 1) // months


def _first(when: date, months: int) -> date:
    year, month = divmod(_index(when, months) * months, 12)
    return date(year, month + 1, 1)


def _label(when: date, step: str) -> str:
    if step in ("period", "week"):
        return day(when)
    if step == "month":
        return f"{MONTHS[when.month - 1]} {when.year}"
    return f"Q{(when.month + 2) // 3} {when.year}" if step == "quarter" else str(when.year)
