"""Strips: one row a subject, with its course over time between its name and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tandemplan.report.axes import Frame, date_ticks
from tandemplan.report.chart import date_axis
from tandemplan.report.drawing import Panel, Row, fit, hint, label, tag, wrapped

WIDTH, ROOM, SPAN = 1060.0, 350.0, 450.0
HIGH, STEP, TALL = 24.0, 40.0, 54.0


@dataclass(frozen=True)
class Course:
    """The course of one subject: values from a day up to a day, drawn against `top`; `figures` stand to its right."""

    name: str
    below: str
    values: tuple[tuple[date, date, float], ...]
    top: float
    figures: tuple[str, ...]
    tips: tuple[str, ...] = ()
    style: str = "bar"


def strips(
    title: str,
    courses: Sequence[Course],
    heads: tuple[str, ...],
    span: tuple[date, date],
    table: tuple[Row, tuple[Row, ...]],
) -> Panel:
    """Return the strips of several subjects under each other; `heads` names the figures to the right.

    `table` is the header and the body of the numbers.
    """
    frame = Frame(*span, 1.0, width=WIDTH, left=ROOM, right=WIDTH - ROOM - SPAN)
    tops = [22.0]
    for course in courses:
        tops.append(tops[-1] + (TALL if len(wrapped(course.name, ROOM - 16, 12)) > 1 else STEP))
    floor = tops[-1] + 2
    parts = [label(x, 12, h, "end") for x, h in zip(_columns(len(heads)), heads, strict=True)]
    ticks = date_ticks(frame)
    parts += [tag("path", class_="rule", d=f"M{t.at:g},20 V{floor:g}") for t in ticks]
    for top, below, course in zip(tops, tops[1:], courses, strict=False):
        parts.append(f'<g transform="translate(0 {top:g})">{_row(course, frame, below - top)}</g>')
    parts.append(date_axis(ROOM, ROOM + SPAN, floor, ticks))
    said = "; ".join(
        f"{c.name}: {', '.join(f'{h} {f}' for h, f in zip(heads, c.figures, strict=True))}" for c in courses[:5]
    )
    return Panel(title, "", said, WIDTH, floor + 26, "".join(parts), *table, least=820)


def _columns(count: int) -> list[float]:
    left = ROOM + SPAN
    return [left + (WIDTH - left) * (i + 1) / count for i in range(count)]


def _row(course: Course, frame: Frame, high: float) -> str:
    floor = high - 8
    names = wrapped(course.name, ROOM - 16, 12)
    if len(names) > 2:
        names = [names[0], fit(" ".join(names[1:]), ROOM - 16, 12)]
    first = floor + 2 - 14 * len(names) + (0 if course.below else 8)
    lines = [label(0, first + 14 * i, n, "strong", ROOM - 10, size=12) for i, n in enumerate(names)]
    lines.append(label(0, floor + 2, course.below, "small", ROOM - 14, size=10))
    lines.append(tag("path", class_="rule", d=f"M{ROOM:g},{floor:g} h{SPAN:g}"))
    lines.append(_bars(course, frame, floor) if course.tips else _silhouette(course, frame, floor))
    for x, words in zip(_columns(len(course.figures)), course.figures, strict=True):
        lines.append(label(x, floor - 4, words, "ink end"))
    return "".join(lines)


def _bars(course: Course, frame: Frame, floor: float) -> str:
    """Return a bar with its tooltip for each value."""
    found: list[str] = []
    for (start, end, value), tip in zip(course.values, course.tips, strict=True):
        if value > 0:
            x, right, high = _shape(course, frame, (start, end, value))
            wide = max(right - x - min(1.0, (right - x) / 3), 0.8)
            bar = tag("rect", class_=course.style, x=x, y=round(floor - high, 1), width=round(wide, 1), height=high)
            found.append(hint(bar, tip))
    return "".join(found)


def _silhouette(course: Course, frame: Frame, floor: float) -> str:
    """Return all values as one shape without gaps between neighbours."""
    parts: list[str] = []
    last = (-1.0, 0.0)
    for value in course.values:
        x, right, high = _shape(course, frame, value)
        if value[2] > 0:
            right = max(right, round(x + 1.5, 1))
            if last[0] == x and last[1] == high:
                parts[-1] = f"H{right:g}"
            else:
                parts += [
                    f"V{floor - high:g}"
                    if last[0] == x
                    else f"{'V' + format(floor, 'g') if parts else ''}M{x:g},{floor:g}V{floor - high:g}",
                    f"H{right:g}",
                ]
            last = (right, high)
    return tag("path", class_=course.style, d="".join(parts) + f"V{floor:g}") if parts else ""


def _shape(course: Course, frame: Frame, value: tuple[date, date, float]) -> tuple[float, float, float]:
    """Return the left and right ends and the height of a value."""
    start, end, amount = value
    high = round(max(HIGH * min(amount / course.top, 1.0), 1.2), 1) if course.top > 0 else 0.0
    return frame.x(max(start, frame.start)), frame.x(min(end, frame.end)), high
