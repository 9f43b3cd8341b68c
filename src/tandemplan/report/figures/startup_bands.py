"""The start-up in a simulation: when each task is planned, and the band in which it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task
from tandemplan.report.axes import Frame, Tick, date_ticks
from tandemplan.report.buckets import horizon
from tandemplan.report.chart import date_axis
from tandemplan.report.drawing import Band, Drawing, Key, Panel, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import Cells, row_names, rows
from tandemplan.report.simulated import chance, level
from tandemplan.report.strips import rules
from tandemplan.report.wording import counted, day
from tandemplan.results.simulation_shapes import TASK_CHANCES
from tandemplan.results.store import Run

WIDTH, ROOM, SPAN, STEP = 1060.0, 300.0, 560.0, 26.0
MOST_ROWS = 60
NEVER = "not in the plan"


def startup_bands(run: Run, programme: Programme) -> Drawing:
    """Return the tasks in time: as planned, and from the low to the high quantile of their end."""
    table = sorted(rows(run, TASK_CHANCES), key=lambda r: (_start(r, programme), str(r["planned_end"]), r["task"]))
    if not table:
        return Drawing("Start-up, and how sure", "No start-up tasks.", ())
    drifting = [r for r in table if r["by_planned_chance"] < 0.5]
    said = f"{counted(len(drifting), 'task')} of {len(table)} {'is' if len(drifting) == 1 else 'are'} more likely than not later than planned."
    settings = programme.settings
    keys = (
        Key("box", "bar", "planned"),
        Key(
            "box",
            "second",
            f"done, {level(settings.low_quantile)} to {level(settings.high_quantile)} sure",
        ),
        Key("dot", "site", f"done, {level(settings.middle_quantile)} sure"),
    )
    note = f"The first {MOST_ROWS} of {len(table)} tasks are drawn." if len(table) > MOST_ROWS else ""
    return Drawing("Start-up, and how sure", said, (_panel(table, said, programme),), keys, note=note)


def _start(r: Cells, programme: Programme) -> date:
    found: date = r["planned_start"] or horizon(programme)[0]
    return found


def _panel(table: list[Cells], said: str, programme: Programme) -> Panel:
    names, (start, end), shown = row_names(programme, Task), horizon(programme), table[:MOST_ROWS]
    days = [r[n] for r in shown for n in ("planned_end", "end_high", "end_middle") if r[n] is not None]
    never = any(r["end_high"] is None for r in shown)
    frame = Frame(
        start, end if never or not days else max(*days, start), 1.0, width=WIDTH, left=ROOM, right=WIDTH - ROOM - SPAN
    )
    ticks = date_ticks(frame)
    bands: list[Band] = [(22.0, label(0, 12, "task") + label(ROOM + SPAN + 22, 12, "done by its planned day"))]
    bands += [_band(r, str(names.get(r["task"], r["task"])), frame, ticks) for r in shown]
    bands.append((26.0, date_axis(ROOM, ROOM + SPAN, 0, ticks)))
    header = ("task", "name", "planned start", "planned end", "by then", "low", "middle", "high", "not within the plan")
    body = tuple(
        (
            str(r["task"]), names.get(r["task"], str(r["task"])), day(r["planned_start"]), day(r["planned_end"]),
            chance(r, "by_planned_chance"), *(day(r[f"end_{q}"]) or NEVER for q in ("low", "middle", "high")),
            chance(r, "never_chance"),
        )
        for r in table
    )  # fmt: skip
    return pile("", said, WIDTH, bands, (header, body), least=860)


def _band(r: Cells, name: str, frame: Frame, ticks: Sequence[Tick]) -> Band:
    """Return the row of a task: the plan above, the band of its end and the middle of it below."""
    high = STEP + 13.0 * (len(lines_of(name, ROOM - 16)) - 1)
    marks = rules(ticks, high) + text_lines(name, (0, 16), "ink", ROOM - 16)
    if r["planned_start"] and r["planned_end"]:
        left, right = (_within(frame, r[n]) for n in ("planned_start", "planned_end"))
        bar = tag("rect", class_="bar", x=left, y=4, width=round(max(right - left, 2.0), 1), height=7, rx=2)
        marks += hint(bar, f"{name}: planned {day(r['planned_start'])} to {day(r['planned_end'])}")
    if r["end_low"]:
        left, right = _within(frame, r["end_low"]), _within(frame, r["end_high"])
        box = tag("rect", class_="second", x=left, y=13, width=round(max(right - left, 2.0), 1), height=9, rx=2)
        if r["end_middle"]:
            box += tag("circle", class_="site", cx=_within(frame, r["end_middle"]), cy=17.5, r=4)
        marks += hint(box, f"{name}: done {' / '.join(day(r[f'end_{q}']) or NEVER for q in ('low', 'middle', 'high'))}")
    return high, marks + label(ROOM + SPAN + 22, 16, chance(r, "by_planned_chance"))


def _within(frame: Frame, when: date | None) -> float:
    """Return where a day stands, inside the frame; its end for one that is not within the plan."""
    return frame.x(frame.end if when is None else min(max(when, frame.start), frame.end))
