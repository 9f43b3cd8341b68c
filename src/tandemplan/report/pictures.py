"""Pictures as values: the lines, bars and labels that the page draws, each with the numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tandemplan.report.axes import Frame, Tick, date_ticks, months_between, round_top, value_ticks
from tandemplan.report.facts import Cells
from tandemplan.report.wording import counted, day, month, number, percent

Point = tuple[date, float]


@dataclass(frozen=True)
class Picture:
    """A picture of two series over time: `solid` is what happens, `dashed` what it is measured against.

    `area` lies below the solid line, `between` from solid up to dashed. `header` and `body` are its numbers.
    """

    title: str
    subtitle: str
    description: str
    axis: str
    frame: Frame
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    solid: str
    dashed: str
    area: str = ""
    between: str = ""
    header: tuple[str, ...] = ()
    body: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Bar:
    """One bar: where it starts and how long it is, in per cent of the width, with its label and value in words."""

    label: str
    value: str
    length: float
    start: float = 0.0
    mark: str = ""


def promise(
    title: str, unit: str, promised: Sequence[Point], delivered: Sequence[Point], span: tuple[date, date]
) -> Picture:
    """Return units promised (by due day) against units delivered (by day of delivery), both summed up over time.

    `promised` and `delivered` are days with units, in any order; `span` is the first day and the end of the plan.
    """
    asked, got = _cumulative(promised), _cumulative(delivered)
    total, served = (s[-1][1] if s else 0.0 for s in (asked, got))
    top, step = round_top(max(total, served))
    end = max([span[1], *(d for d, _ in asked[-1:]), *(d for d, _ in got[-1:])])
    frame = Frame(span[0], end, top)
    low = _steps(frame, got)
    return Picture(
        title=title,
        subtitle=f"{number(served)} of {number(total)} {unit} ({percent(served, total)})",
        description=f"By {day(end)}, {number(total)} {unit} are promised and {number(served)} delivered.",
        axis=f"{unit}, summed up",
        frame=frame,
        across=date_ticks(frame),
        up=value_ticks(frame, step),
        solid=_path(low),
        dashed=_path(_steps(frame, asked)),
        area=_closed(low, frame.y(0)),
        between=_path(low) + " L" + " L".join(_pairs(_steps(frame, asked)[::-1])) + " Z",
        header=("up to", "promised", "delivered", "behind"),
        body=tuple(_standings(asked, got, (span[0], end))),
    )


def load(about: Cells, members: Sequence[Cells], end: date) -> Picture:
    """Return hours used against hours present of one resource, per week, over the periods of the plan.

    `about` is the resource as `facts.tightest` says, `members` its rows of the table `load` in time.
    """
    starts = [r["period_start"] for r in members]
    weeks = [(b - a).days / 7 for a, b in zip(starts, [*starts[1:], end], strict=True)]
    used = [(s, r["used_hours"] / w) for s, r, w in zip(starts, members, weeks, strict=True)]
    present = [(s, r["available_hours"] / w) for s, r, w in zip(starts, members, weeks, strict=True)]
    top, step = round_top(max(v for _, v in [*used, *present]))
    frame = Frame(starts[0], end, top)
    share = percent(about["used"], about["hours"])
    full = f"full in {about['full']:,} of {counted(len(members), 'period')}"
    low = _steps(frame, used)
    return Picture(
        title=f"{about['resource']}, {about['kind']}{' at ' + about['site'] if about['site'] else ''}",
        subtitle=f"{share} used, {full}",
        description=f"{number(about['used'])} of {number(about['hours'])} hours used; {full}.",
        axis="hours per week",
        frame=frame,
        across=date_ticks(frame),
        up=value_ticks(frame, step),
        solid=_path(low),
        dashed=_path(_steps(frame, present)),
        area=_closed(low, frame.y(0)),
        header=("period", "hours present", "hours used", "used", "of these overtime"),
        body=tuple(
            (
                day(r["period_start"]),
                number(r["available_hours"]),
                number(r["used_hours"]),
                _share(r["used_hours"], r["available_hours"]),
                number(r["overtime_hours"]),
            )
            for r in members
        ),
    )


def bars(amounts: Sequence[tuple[str, float, str]]) -> tuple[Bar, ...]:
    """Return bars for amounts: label, amount and a mark; the largest takes the whole width.

    >>> [b.length for b in bars([("a", 50.0, ""), ("b", 25.0, "")])]
    [100.0, 50.0]
    """
    most = max((abs(a) for _, a, _ in amounts), default=0.0) or 1.0
    return tuple(Bar(label, f"{a:,.0f}", round(100 * abs(a) / most, 2), mark=mark) for label, a, mark in amounts)


def spans(tasks: Sequence[tuple[str, date, date, bool]], first: date, last: date) -> tuple[Bar, ...]:
    """Return bars in time for tasks: label, start, end and whether the task is critical; from `first` to `last`."""
    days = max((last - first).days, 1)
    return tuple(
        Bar(
            label,
            f"{day(start)} to {day(end)}",
            length=round(100 * max((end - max(start, first)).days, 0) / days, 2),
            start=round(100 * max((start - first).days, 0) / days, 2),
            mark="critical" if critical else "",
        )
        for label, start, end, critical in tasks
    )


def _share(used: float, present: float) -> str:
    if present <= 0:
        return "" if used <= 0 else "no hours present"
    return f"{100 * used / present:.0f} %"


def _cumulative(points: Sequence[Point]) -> list[Point]:
    total, found = 0.0, {}
    for when, units in sorted(points):
        total += units
        found[when] = total
    return list(found.items())


def _steps(frame: Frame, series: Sequence[Point]) -> list[tuple[float, float]]:
    """Return the corners of a step line from the start of the frame to its end; nothing before the first point."""
    level = frame.y(0)
    corners = [(frame.x(frame.start), level)]
    for when, value in series:
        corners += [(frame.x(when), level), (frame.x(when), frame.y(value))]
        level = frame.y(value)
    return [*corners, (frame.x(frame.end), level)]


def _pairs(corners: Sequence[tuple[float, float]]) -> list[str]:
    return [f"{x:g},{y:g}" for x, y in corners]


def _path(corners: Sequence[tuple[float, float]]) -> str:
    """Return an SVG path; corners in the middle of a straight line are left out."""
    kept = [
        c
        for i, c in enumerate(corners)
        if i in (0, len(corners) - 1)
        or not (corners[i - 1][0] == c[0] == corners[i + 1][0] or corners[i - 1][1] == c[1] == corners[i + 1][1])
    ]
    return "M" + " L".join(_pairs(kept))


def _closed(corners: Sequence[tuple[float, float]], floor: float) -> str:
    return f"{_path(corners)} L{corners[-1][0]:g},{floor:g} L{corners[0][0]:g},{floor:g} Z"


def _standings(asked: list[Point], got: list[Point], span: tuple[date, date]) -> list[tuple[str, ...]]:
    """Return what was promised and delivered up to the end of each month, or each week of a short plan."""
    start, end = span
    if (end - start).days > 100:
        marks = [d - timedelta(days=1) for d in months_between(start + timedelta(days=1), end)]
    else:
        marks = [start + timedelta(days=n) for n in range(6, (end - start).days, 7)]
    table: list[tuple[str, ...]] = []
    for mark in [*marks, *([end] if not marks or marks[-1] < end else [])]:
        a, g = _at(asked, mark), _at(got, mark)
        if a or g:
            label = month(mark) if (end - start).days > 100 and mark != end else day(mark)
            table.append((label, number(a), number(g), number(max(a - g, 0.0))))
    return table


def _at(series: list[Point], mark: date) -> float:
    return next((v for d, v in reversed(series) if d <= mark), 0.0)
