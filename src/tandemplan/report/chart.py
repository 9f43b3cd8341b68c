"""Charts over time: what two series have in common, drawn on one frame of axes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

from tandemplan.report.axes import Frame, Tick, date_ticks, months_between, round_top, value_ticks
from tandemplan.report.buckets import Buckets
from tandemplan.report.drawing import Panel, Row, label, path, tag
from tandemplan.report.wording import MONTHS, day, measure, month, number, percent

Point = tuple[date, float]
Corner = tuple[float, float]
HEAD_ROOM = 46.0  # of the name of a bucket


def served(
    title: str, unit: str, wanted: Sequence[Point], delivered: Sequence[Point], span: tuple[date, date]
) -> Panel:
    """Return units asked for (by due day) against units delivered (by day of delivery), both summed up over time.

    `wanted` and `delivered` are days with units, in any order; `span` is the first day and the end of the plan.
    """
    asked, got = cumulative(wanted), cumulative(delivered)
    total, served = (s[-1][1] if s else 0.0 for s in (asked, got))
    end = shown_end(span[1], asked, got)
    top, step = round_top(max(total, served))
    frame = Frame(span[0], end, top)
    low, high = steps(frame, got), steps(frame, asked)
    marks = (
        axes(frame, step, f"{measure(unit)}, summed up")
        + tag("path", class_="area", d=closed(low, frame.y(0)))
        + tag("path", class_="between", d=f"{path(low)} L{path(high[::-1])[1:]} Z")
        + tag("path", class_="dashed", d=path(high))
        + tag("path", class_="solid", d=path(low))
    )
    table = standings(asked, got, (span[0], end))
    behind = f", {number(total - served)} never" if total - served > 0.5 else ""
    return Panel(
        title,
        f"{number(served)} of {number(total)} {measure(unit, total)} ({percent(served, total)}){behind}",
        f"By {day(end - timedelta(days=1))}, {number(total)} {measure(unit, total)} are asked for and {number(served)} delivered.",
        frame.width,
        frame.height,
        marks,
        ("up to", "asked for", "delivered", "behind"),
        tuple(row for _, row in table),
        track=tuple(frame.x(mark) for mark, _ in table),
    )


def against(title: str, unit: str, target: Sequence[Point], reached: Sequence[Point], end: date) -> Panel:
    """Return a level that should be kept against the level that is reached, both by start of period."""
    top, step = round_top(max(v for _, v in [*target, *reached]))
    frame = Frame(reached[0][0], end, top, width=1060.0, left=72.0)
    low = steps(frame, reached)
    marks = (
        axes(frame, step, unit)
        + tag("path", class_="area", d=closed(low, frame.y(0)))
        + tag("path", class_="dashed", d=path(steps(frame, target)))
        + tag("path", class_="solid", d=path(low))
    )
    wanted, got = sum(v for _, v in target), sum(v for _, v in reached)
    return Panel(
        title,
        f"{percent(got, wanted)} of the target is reached on average",
        f"On average over the periods, {percent(got, wanted)} of the target is reached.",
        frame.width,
        frame.height,
        marks,
        ("period from", "target", "reached"),
        tuple((day(d), number(t), number(r)) for (d, t), (_, r) in zip(target, reached, strict=True)),
        least=620,
        track=tuple(frame.x(d) for d, _ in reached),
    )


def axes(frame: Frame, step: float, words: str, across: tuple[Tick, ...] | None = None) -> str:
    """Return the rules and labels of both axes."""
    right, floor = frame.width - frame.right, frame.height - frame.below
    up = "".join(
        tag("path", class_="rule", d=f"M{frame.left:g},{t.at:g} H{right:g}")
        + label(frame.left - 7, t.at + 4, t.label, "end")
        for t in value_ticks(frame, step)
    )
    return (
        up + date_axis(frame.left, right, floor, date_ticks(frame) if across is None else across) + label(0, 11, words)
    )


def date_axis(left: float, right: float, floor: float, ticks: Sequence[Tick]) -> str:
    """Return the axis of days: its line, ticks and labels; a label that would leave the picture is moved in."""
    parts = [tag("path", class_="tick", d=f"M{left:g},{floor:g} H{right:g}")]
    for t in ticks:
        parts.append(tag("path", class_="tick", d=f"M{t.at:g},{floor:g} v5"))
        parts.append(label(min(t.at, right - 24), floor + 18, t.label, "mid"))
    return "".join(parts)


def bucket_heads(cut: Buckets, left: float, wide: float) -> str:
    """Return the years and, below, the buckets of time, each so wide, from the left on; as many as have room, evenly."""
    parts, year = [], 0
    stride = ceil(HEAD_ROOM / wide) if cut.step in ("period", "week") else 1
    for i, start in enumerate(cut.starts):
        x = left + wide * i
        if start.year != year:
            year = start.year
            parts.append(label(x + 1, 12, str(year), "strong") if len(cut.starts) - i > 1 or i == 0 else "")
        if i % stride == 0:
            parts.append(label(x + wide / 2, 26, _head(start, cut.step), "mid small"))
    return "".join(parts)


def _head(start: date, step: str) -> str:
    if step == "month":
        return MONTHS[start.month - 1][0]
    if step == "quarter":
        return f"Q{(start.month + 2) // 3}"
    return f"{start.day} {MONTHS[start.month - 1]}" if step in ("period", "week") else ""


def cumulative(points: Sequence[Point]) -> list[Point]:
    """Return sums up to and with each day.

    >>> cumulative([(date(2026, 1, 2), 3.0), (date(2026, 1, 1), 1.0), (date(2026, 1, 2), 1.0)])
    [(datetime.date(2026, 1, 1), 1.0), (datetime.date(2026, 1, 2), 5.0)]
    """
    total, found = 0.0, {}
    for when, units in sorted(points):
        total += units
        found[when] = total
    return list(found.items())


def steps(frame: Frame, series: Sequence[Point]) -> list[Corner]:
    """Return the corners of a step line from the start of the frame to its end; nothing before the first point."""
    level = frame.y(0)
    corners = [(frame.x(frame.start), level)]
    for when, value in series:
        corners += [(frame.x(when), level), (frame.x(when), frame.y(value))]
        level = frame.y(value)
    return [*corners, (frame.x(frame.end), level)]


def closed(corners: Sequence[Corner], floor: float) -> str:
    """Return the area between a line and the floor."""
    return f"{path(corners)} L{corners[-1][0]:g},{floor:g} L{corners[0][0]:g},{floor:g} Z"


def marks_of(span: tuple[date, date]) -> list[tuple[date, str]]:
    """Return the days up to which sums are told, with their names: ends of months, or of weeks in a short plan.

    The last of them is the last day of the span, which ends before its second day.

    >>> [words for _, words in marks_of((date(2026, 6, 1), date(2026, 6, 17)))]
    ['7 Jun 2026', '14 Jun 2026', '16 Jun 2026']
    """
    start, end = span
    last = end - timedelta(days=1)
    if (end - start).days > 100:
        days = [d - timedelta(days=1) for d in months_between(start + timedelta(days=1), end)]
        named = [(d, month(d)) for d in days]
    else:
        days = [start + timedelta(days=n) for n in range(6, (end - start).days, 7)]
        named = [(d, day(d)) for d in days]
    return [*named, *([(last, day(last))] if not days or days[-1] < last else [])]


def shown_end(end: date, *series: Sequence[Point]) -> date:
    """Return the day on which a chart ends: that on which the plan ends, or later where something is due later."""
    return max([end, *(s[-1][0] + timedelta(days=1) for s in series if s)])


def standings(asked: list[Point], got: list[Point], span: tuple[date, date]) -> list[tuple[date, Row]]:
    """Return what was asked for and delivered up to the end of each month, or each week of a short plan."""
    table: list[tuple[date, Row]] = []
    for mark, words in marks_of(span):
        a, g = at(asked, mark), at(got, mark)
        if a or g:
            table.append((mark, (words, number(a), number(g), number(max(a - g, 0.0)))))
    return table


def at(series: list[Point], mark: date) -> float:
    """Return the value of a cumulated series on a day."""
    return next((v for d, v in reversed(series) if d <= mark), 0.0)
