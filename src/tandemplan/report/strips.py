"""Strips: one row a subject, with its course over time between its name and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tandemplan.report.axes import Frame, Tick, date_ticks
from tandemplan.report.chart import date_axis
from tandemplan.report.drawing import Panel, Row, hint, label, lines_of, pile, tag, text_lines

WIDTH, ROOM, SPAN = 1060.0, 350.0, 450.0
HIGH, STEP = 24.0, 40.0


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

    `table` is the header and the body of the numbers. A figure of two lines has the second in small below.
    """
    frame = Frame(*span, 1.0, width=WIDTH, left=ROOM, right=WIDTH - ROOM - SPAN)
    ticks = date_ticks(frame)
    head = "".join(label(x, 12, h, "end") for x, h in zip(_columns(len(heads)), heads, strict=True))
    bands = [(22.0, head)]
    for course in courses:
        names = lines_of(course.name, ROOM - 16, 12)
        high = STEP + 13.0 * (len(names) - 1)
        bands.append((high, rules(ticks, high) + _row(course, len(names), frame, high)))
    bands.append((28.0, date_axis(ROOM, ROOM + SPAN, 2, ticks)))
    said = "; ".join(
        f"{c.name}: {', '.join(f'{h} {f}' for h, f in zip(heads, c.figures, strict=True))}" for c in courses[:5]
    )
    return pile(title, said, WIDTH, bands, table, least=780)


def rules(ticks: Sequence[Tick], high: float) -> str:
    """Return the rules that the ticks of an axis draw through a row."""
    return tag("path", class_="rule", d="".join(f"M{t.at:g},0V{high:g}" for t in ticks))


def _columns(count: int) -> list[float]:
    left = ROOM + SPAN
    return [left + (WIDTH - left) * (i + 1) / count for i in range(count)]


def _row(course: Course, count: int, frame: Frame, high: float) -> str:
    floor = high - 8
    first = floor + 1 - 13 * count + (0 if course.below else 8)
    lines = [text_lines(course.name, (0, first), "strong", ROOM - 16, size=12)]
    lines.append(label(0, floor + 2, course.below, "small", ROOM - 14, size=10))
    lines.append(tag("path", class_="rule", d=f"M{ROOM:g},{floor:g} h{SPAN:g}"))
    lines.append(_bars(course, frame, floor) if course.tips else _silhouette(course, frame, floor))
    for x, words in zip(_columns(len(course.figures)), course.figures, strict=True):
        figure, _, below = words.partition("\n")
        lines.append(label(x, floor - 4, figure, "ink end"))
        lines.append(label(x, floor + 7, below, "small end", size=10))
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
