"""The start-up network in time: tasks, the critical ones, those that hold back deliveries, and what each of them opens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from tandemplan.model.phrases import kept_needs
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Task
from tandemplan.report.axes import Frame, Tick, date_ticks
from tandemplan.report.buckets import horizon
from tandemplan.report.chart import date_axis
from tandemplan.report.drawing import Band, Drawing, Key, Panel, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import Cells, limits, of_delivery, rows, task_names
from tandemplan.report.strips import rules
from tandemplan.report.wording import counted, day, listed, number
from tandemplan.results.shape import TASKS
from tandemplan.results.store import Run

WIDTH, ROOM, SPAN, STEP = 1060.0, 372.0, 380.0, 24.0
MOST_ROWS = 60
KINDS = {"bom": "bill of material lines", "funding": "sources of money"}
KEYS = (
    Key("box", "warm", "critical: its delay delays the last task"),
    Key("box", "bar", "other task"),
)


NOTE = (
    "Tasks at their mean durations. What waits for a task is closed before its end. Slack, in the numbers, is measured against "
    "the last task of the network, not against deliveries. Needed by is the latest day on which a task may be done with nothing in the plan "
    "moved; blank: nothing that the plan uses waits for it."
)


def startup(run: Run, programme: Programme) -> Drawing:
    """Return the tasks of the start-up network in time, which of them hold back deliveries, and what waits for each."""
    table = sorted(
        (r for r in rows(run, TASKS) if r["occurrence"] <= 1), key=lambda r: (r["start"], r["end"], r["task"])
    )
    names, marks = task_names(programme), _marks(table, run, programme)
    if not table:
        return Drawing("Start-up", "No start-up tasks.", ())
    last = max(table, key=lambda r: (r["end"], r["task"]))
    critical = sum(bool(r["critical"]) for r in table)
    said = f"{counted(len(table), 'task')}, {critical} critical; the last, {names.get(last['task'], last['task'])}, is done {day(last['end'])}."
    return Drawing(
        "Start-up: tasks and what they open",
        said,
        (_panel(table, (names, marks, opened(programme)), horizon(programme), said),),
        KEYS,
        note=NOTE
        + (
            " Limit: deliveries wait for the task, as told under what holds the plan back."
            if any("limit" in mark for mark in marks.values())
            else ""
        )
        + (
            " Not met: the plan does not make, buy or hold what the task needs before it ends; it ends after the plan."
            if any("not met" in mark for mark in marks.values())
            else ""
        )
        + (f" The first {MOST_ROWS} of {len(table)} tasks are drawn." if len(table) > MOST_ROWS else ""),
    )


def _marks(table: list[Cells], run: Run, programme: Programme) -> dict[str, str]:
    """Return a word for the tasks that hold back deliveries, or else the last task."""
    held = {x.name for x in limits(run, programme) if x.family == "task" and of_delivery(x)}
    waiting = {t.task for t in programme[Task].rows() if kept_needs(t.needs) and t.finished is None}
    found = {
        r["task"]: ", ".join(
            ["critical"] * bool(r["critical"])
            + ["limit"] * (r["task"] in held)
            + ["not met"] * (r["task"] in waiting and r["needs_met"] is None)
        )
        for r in table
    }
    return {t: word for t, word in found.items() if word}


def opened(programme: Programme) -> dict[str, str]:
    """Return what opens when each task is done, in words."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, row_class in TABLES.items():
        column = next((c for c in ("opens_after", "task") if row_class.DESCRIPTION.column(c)), None)
        table = programme[row_class]
        if column is None or not len(table) or row_class is Task:
            continue
        named = table.columns.get("name")
        counts: dict[str, list[str]] = defaultdict(list)
        for i, (k, after) in enumerate(zip(table.keys, table.columns[column], strict=True)):
            for entry in (after,) if isinstance(after, str) else after:
                task = str(entry).partition("+")[0]
                counts[task].append(str(named[i]) if named is not None and str(named[i]) else "|".join(map(str, k)))
        for task, members in counts.items():
            kind = KINDS.get(name, name.replace("_", " "))
            few = len(members) <= 2 and named is not None
            found[task].append(listed(members) if few else f"{len(members)} {kind if len(members) > 1 else _one(kind)}")
    return {t: "; ".join(words) for t, words in found.items()}


def _one(kind: str) -> str:
    return (
        kind[:-3] + "y"
        if kind.endswith("ies")
        else kind.replace("lines", "line").replace("sources", "source").removesuffix("s")
    )


def _panel(
    table: list[Cells], words: tuple[dict[str, str], dict[str, str], dict[str, str]], span: tuple[date, date], said: str
) -> Panel:
    names, marks, opens = words
    shown = table[:MOST_ROWS]
    last = max(r["end"] for r in table)
    frame = Frame(span[0], max(last, span[0]), 1.0, width=WIDTH, left=ROOM, right=WIDTH - ROOM - SPAN)
    ticks = date_ticks(frame)
    bands = [(22.0, label(0, 12, "task") + label(ROOM + SPAN + 22, 12, "opens when done"))]
    bands += [_band(r, tuple(w.get(r["task"], "") for w in words), frame, ticks) for r in shown]
    bands.append((26.0, date_axis(ROOM, ROOM + SPAN, 0, ticks)))
    header = (
        "task",
        "name",
        "start",
        "end",
        "slack to the last task, days",
        "needed by",
        "what it needs is there by",
        "mark",
        "opens",
    )
    body = tuple(
        (
            str(r["task"]),
            names.get(r["task"], str(r["task"])),
            day(r["start"]),
            day(r["end"]),
            number(r["slack_days"]),
            day(r["needed_by"]),
            day(r["needs_met"]),
            marks.get(r["task"], ""),
            opens.get(r["task"], ""),
        )
        for r in table
    )
    return pile("", said, WIDTH, bands, (header, body), least=860)


def _band(r: Cells, words: Sequence[str], frame: Frame, ticks: Sequence[Tick]) -> Band:
    """Return the row of a task, as high as its name and what it opens need."""
    name, mark, opens = words[0] or str(r["task"]), words[1], words[2]
    room = ROOM - (24 + 7 * len(mark) if mark else 16)
    named = lines_of(name, room)
    opened_lines = lines_of(opens or "–", WIDTH - ROOM - SPAN - 22, most=6)
    high = STEP + 13.0 * (max(len(named), len(opened_lines)) - 1)
    texts = text_lines(name, (0, 16), "hot" if r["critical"] else "ink", room)
    texts += text_lines(opens or "–", (ROOM + SPAN + 22, 16), "", WIDTH - ROOM - SPAN - 22, most=6)
    return high, rules(ticks, high) + texts + _bar(r, name, mark, frame)


def _bar(r: Cells, name: str, word: str, frame: Frame) -> str:
    left, right = frame.x(max(r["start"], frame.start)), frame.x(max(r["end"], frame.start))
    critical = bool(r["critical"])
    parts = [label(ROOM - 12, 16, word, "end small hot")]
    mark = tag(
        "rect",
        class_="warm" if critical else "bar",
        x=left,
        y=6,
        width=round(max(right - left, 0.0), 1),
        height=12,
        rx=2,
    )
    if right - left < 3:
        mark = tag("path", class_="warm" if critical else "bar", d=f"M{left:g},5 l6,7 l-6,7 l-6,-7 z")
    parts.append(hint(mark, f"{name}: {day(r['start'])} to {day(r['end'])}{f', {word}' if word else ''}"))
    return "".join(parts)
