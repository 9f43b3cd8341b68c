"""Orders to the second as bars in time, work centre by work centre: the first part of a schedule, as it stands without script."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from tandemplan.arrays import Ints
from tandemplan.model.programme import Programme
from tandemplan.report.axes import Frame, Tick, date_ticks
from tandemplan.report.chart import date_axis
from tandemplan.report.drawing import Band, Drawing, Key, Panel, fit, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.gantt import Gantt, days_words, gantt_of, moment_words
from tandemplan.report.strips import rules
from tandemplan.report.wording import counted, number
from tandemplan.results.schedule_shapes import DEMAND_SUMMARY, ORDERS
from tandemplan.results.store import Run
from tandemplan.schedule.hours import DAY

WIDTH, ROOM = 1060.0, 214.0
HIGH, LEAST_HIGH, GAP = 16.0, 5.0, 3.0
MOST_ROWS, MOST_BARS, LABELLED = 30, 400, 26.0
KEYS = (
    Key("box", "bar", "in time"),
    Key("box", "late-lot", "for a demand that is late"),
    Key("box", "no-lot", "for no demand: stock or a rest"),
    Key("box", "set-up", "change of set-up"),
    Key("box", "shut", "shut"),
)


def gantt(run: Run, programme: Programme) -> Drawing:
    """Return the first part of a schedule as bars: up to 30 rows and 400 bars of orders, coloured by how late what they feed is."""
    return drawn(gantt_of(run, programme))


def drawn(found: Gantt) -> Drawing:
    """Return the first part of a Gantt as a drawing."""
    rows = [i for i, r in enumerate(found.rows) if r.station] or list(range(len(found.rows)))
    bars, shown = found.bars, rows[:MOST_ROWS]
    held = np.flatnonzero(np.isin(bars.row, rows))
    there = np.flatnonzero(np.isin(bars.row, shown))
    said = f"{counted(len(held), 'order')} on {counted(len(rows), 'row')}"
    if not len(there):
        return Drawing("Orders on work centres", "No order holds a work centre.", ())
    there = there[np.lexsort((bars.start[there], bars.change[there]))]
    first = there[:MOST_BARS]
    whole = len(first) == len(held)
    end = int(bars.end[first].max()) if len(first) == len(there) else int(bars.change[first].max())
    days = max(-(-end // DAY), 1)
    start = found.working.start.astype("datetime64[D]").item()
    frame = Frame(start, start + timedelta(days=int(days)), 1.0, width=WIDTH, left=ROOM, right=0.0)
    panel = _panel(found, shown, np.sort(first), frame)
    note = "" if whole else f" The first {len(first):,} of {len(held):,} are drawn here; with scripts, all of them."
    return Drawing("Orders on work centres", f"{said}.{note}", (panel,), KEYS)


def _panel(found: Gantt, shown: list[int], first: Ints, frame: Frame) -> Panel:
    ticks = date_ticks(frame)
    bands: list[Band] = [(20.0, _head(found, frame))]
    for i in shown:
        bands.append(_band(found, i, first[found.bars.row[first] == i], frame, ticks))
    bands.append((26.0, date_axis(ROOM, WIDTH, 0, ticks)))
    header = ("work centre", "order", "process", "item", "quantity", "set-up from", "start", "end", "late")
    body = tuple(_cells(found, int(k)) for k in first)
    said = f"From {frame.start} to {frame.end - timedelta(days=1)}."
    return pile("", said, WIDTH, bands, (header, body), least=820)


def _head(found: Gantt, frame: Frame) -> str:
    """Return the marks of what is due, late ones apart."""
    summary, parts = found.run[DEMAND_SUMMARY], [label(ROOM - 10, 12, "demands due", "end small")]
    late = (summary["late"] > 0) | (summary["lost"] > 0)
    for due, bad in sorted(set(zip(found.working.second(summary["due"]).tolist(), late.tolist(), strict=True))):
        x = _x(frame, due)
        if ROOM <= x <= WIDTH:
            parts.append(tag("path", class_="warm" if bad else "given", d=f"M{x:g},14 l-3.5,-7 h7 z"))
    return "".join(parts)


def _x(frame: Frame, second: float) -> float:
    days = (frame.end - frame.start).days
    return round(ROOM + second / (DAY * days) * (WIDTH - ROOM), 1)


def _band(found: Gantt, i: int, mine: Ints, frame: Frame, ticks: tuple[Tick, ...]) -> Band:
    row, bars = found.rows[i], found.bars
    names = lines_of(row.name, ROOM - 14)
    each = max(HIGH if row.lanes <= 2 else 3 * HIGH / row.lanes, LEAST_HIGH)
    high = max(row.lanes * each + 2 * GAP, 13.0 * len(names) + 8)
    parts = [rules(ticks, high), text_lines(row.name, (0, 15), "ink", ROOM - 14)]
    for begin, end in row.shut:
        left, right = _x(frame, begin), min(_x(frame, end), WIDTH)
        if right - left >= 0.5 and left < WIDTH:
            parts.append(tag("rect", class_="shut", x=left, y=0, width=round(right - left, 1), height=high))
    parts.append(tag("path", class_="rule", d=f"M0,{high:g} H{WIDTH:g}"))
    for k in mine.tolist():
        top = GAP + each * int(bars.lane[k])
        parts.append(hint(_bar(found, k, frame, (top, each - 1)), _told(found, k)))
    return high, "".join(parts)


def _bar(found: Gantt, k: int, frame: Frame, place: tuple[float, float]) -> str:
    bars, (top, high) = found.bars, place
    change, left, right = (_x(frame, int(c[k])) for c in (bars.change, bars.start, bars.end))
    right = min(right, WIDTH)
    marks = ""
    if left > change:
        marks = tag("rect", class_="set-up", x=change, y=top, width=round(left - change, 1), height=high)
    wide = max(round(right - left, 1), 1.0)
    late = float(found.pegs.late[int(bars.order[k])])
    style = "no-lot" if late != late else "late-lot" if late > 0 else "bar"  # noqa: PLR0124 - nan
    marks += tag("rect", class_=style, x=left, y=top, width=wide, height=high, rx=1.5)
    name = str(found.run[ORDERS]["order"][int(bars.order[k])])
    if high >= 12 and wide >= LABELLED:
        words = fit(name, wide - 6, 10)
        marks += label(left + 3, top + 11, words, "small on-bar" if style == "bar" else "small ink")
    return marks


def _told(found: Gantt, k: int) -> str:
    cells = _cells(found, k)
    change = f", set-up from {cells[5]}" if cells[5] else ""
    return f"{cells[1]}: {cells[4]} of {cells[3]} by {cells[2]}{change}, {cells[6]} to {cells[7]}, {cells[8]}"


def _cells(found: Gantt, k: int) -> tuple[str, ...]:
    bars, orders, hours = found.bars, found.run[ORDERS], found.working
    o = int(bars.order[k])
    change = moment_words(hours, int(bars.change[k])) if bars.change[k] < bars.start[k] else ""
    return (
        found.rows[int(bars.row[k])].name, str(orders["order"][o]), str(orders["process"][o]), str(orders["item"][o]),
        number(float(orders["quantity"][o])), change, moment_words(hours, int(bars.start[k])), moment_words(hours, int(bars.end[k])),
        late_words(float(found.pegs.late[o])),
    )  # fmt: skip


def late_words(days: float) -> str:
    """Return how late an order's latest demand is, in words.

    >>> late_words(0.0), late_words(1.5), late_words(float("nan"))
    ('in time', '1.5 days late', 'for no demand')
    """
    if days != days:  # noqa: PLR0124 - nan
        return "for no demand"
    return f"{days_words(days * DAY)} late" if days > 0 else "in time"
