"""The critical paths to first delivery and to full rate, step by step in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tandemplan.model.programme import Programme
from tandemplan.report.axes import Frame, Tick, date_ticks
from tandemplan.report.buckets import horizon
from tandemplan.report.chart import date_axis
from tandemplan.report.critical import StepNames, step_names
from tandemplan.report.critical import paths as all_paths
from tandemplan.report.drawing import Band, Drawing, Key, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import Cells, item_names
from tandemplan.report.strips import rules
from tandemplan.report.wording import counted, day
from tandemplan.results.store import Run

MOST_STEPS = 60
WIDTH, ROOM, SPAN, STEP = 1060.0, 372.0, 430.0, 22.0
ENDS = ("delivery", "full rate")
KEYS = (
    Key("box", "warm", "task of the start-up"),
    Key("box", "bar", "purchase, move or production"),
    Key("line", "dashed", "room: days that it may slip before the next step must"),
    Key("dot", "total", "first delivery, or full rate"),
)
NOTE = "Read each path from the top: every step waits for the one above it. A path may begin before the plan does; what was done by then is not drawn."
HEADER = ("path", "item", "kind", "step", "from", "to", "room, days")


def paths(run: Run, programme: Programme) -> Drawing:
    """Return the critical paths as bars in time, first those to first deliveries; only as many whole paths as have room."""
    found: list[tuple[tuple[str, str], list[Cells]]] = []
    left = MOST_STEPS
    for key, steps in all_paths(run).items():
        left -= len(steps)
        if left < 0 and found:
            break
        found.append((key, steps))
    if not found:
        return Drawing("Critical paths", "No first delivery and no full rate: there is no critical path.", ())
    items, names = item_names(programme), step_names(programme)
    last = max(s["end"] for _, steps in found for s in steps)
    frame = Frame(horizon(programme)[0], last, 1.0, width=WIDTH, left=ROOM, right=WIDTH - ROOM - SPAN)
    ticks = date_ticks(frame)
    bands = [
        band
        for (path, item), steps in found
        for band in _path((path, items.get(item, item)), steps, (names, frame, ticks))
    ]
    bands.append((26.0, date_axis(ROOM, ROOM + SPAN, 0, ticks)))
    body = tuple(
        (path, items.get(item, item), s["kind"], names(s), day(s["start"]), day(s["end"]), str(s["room_days"]))
        for (path, item), steps in all_paths(run).items()
        for s in steps
    )
    rest = len(all_paths(run)) - len(found)
    said = "; ".join(_said(path, items.get(item, item), steps) for (path, item), steps in found[:4])
    panel = pile("", said, WIDTH, bands, (HEADER, body), least=860)
    more = f" {counted(rest, 'more path')} in the numbers." if rest else ""
    return Drawing(
        "Critical paths to first delivery and to full rate", f"{said}.", (panel,), _keys(found), note=NOTE + more
    )


def _keys(found: Sequence[tuple[object, list[Cells]]]) -> tuple[Key, ...]:
    """Return the legend of what is drawn."""
    steps = [s for _, members in found for s in members]
    task, room = any(s["kind"] == "task" for s in steps), any(s["room_days"] for s in steps)
    use = any(s["kind"] not in ("task", "delivery") for s in steps)
    return tuple(k for k, shown in zip(KEYS, (task, use, room, True), strict=True) if shown)


def _said(path: str, item: str, steps: Sequence[Cells]) -> str:
    return f"{path} of {item} on {day(steps[-1]['end'])}"


Look = tuple[StepNames, Frame, Sequence[Tick]]


def _path(about: tuple[str, str], steps: Sequence[Cells], look: Look) -> list[Band]:
    """Return the heading of a path and its steps; the heading stays with the first of them."""
    path, item = about
    room = sum(s["room_days"] for s in steps)
    words = f"{path[:1].upper()}{path[1:]} of {item}, {day(steps[-1]['end'])}"
    roomy = f"{counted(room, 'day')} of room in all" if room else "no room"
    head = label(0, 24, words, "strong", WIDTH - 240, size=12.5) + label(WIDTH, 24, roomy, "end")
    bands = [_step(s, after, look) for s, after in zip(steps, [*steps[1:], None], strict=True)]
    high, marks = bands[0]
    return [(high + 32.0, f'{head}<g transform="translate(0 32)">{marks}</g>'), *bands[1:]]


def _step(step: Cells, after: Cells | None, look: Look) -> Band:
    names, frame, ticks = look
    name, kind, room = names(step), step["kind"], step["room_days"]
    high = STEP + 13.0 * (len(lines_of(name, ROOM - 90)) - 1)
    left, right = (frame.x(max(d, frame.start)) for d in (step["start"], step["end"]))
    style, mark = ("warm" if kind == "task" else "bar"), ""
    if right - left >= 3:
        mark = tag("rect", class_=style, x=left, y=5, width=round(right - left, 1), height=12, rx=2)
    if kind in ENDS:
        mark += tag("circle", class_="total", cx=right, cy=11, r=5.5)
    elif not mark:
        mark = tag("path", class_=style, d=f"M{right:g},5 l6,6 l-6,6 l-6,-6 z")
    if room and after is not None:
        until = frame.x(max(step["end"] + timedelta(days=room), frame.start))
        mark = tag("path", class_="dashed", d=f"M{right:g},11 H{until:g}") + mark
    dates = (
        day(step["end"])
        if kind == "delivery" or step["start"] == step["end"]
        else f"{day(step['start'])} – {day(step['end'])}"
    )
    texts = label(0, 15, kind, "") + text_lines(name, (84, 15), "ink", ROOM - 90)
    texts += label(WIDTH - 54, 15, dates, "end") + label(WIDTH, 15, f"{room} d" if room else "–", "end")
    said = f"{name}: {dates}" + (f", {counted(room, 'day')} of room" if room else "")
    return high, rules(ticks, high) + texts + hint(mark, said)
