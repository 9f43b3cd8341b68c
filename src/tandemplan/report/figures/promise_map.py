"""Heat map of promises: contracts, or customers and items, against the time when they are due, by how sure they are on time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import isnan
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.buckets import Buckets, buckets
from tandemplan.report.chart import bucket_heads
from tandemplan.report.drawing import Band, Drawing, Key, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import Cells, customer_names, item_names, rows
from tandemplan.report.figures.chances import KEYS, colour
from tandemplan.report.simulated import keeps, whole_percent
from tandemplan.report.wording import counted, number
from tandemplan.results.simulation_shapes import PROMISES
from tandemplan.results.store import Run

WIDTH, ROOM, HIGH = 1060.0, 330.0, 22.0
FIGURES = 132.0  # room of the two figures to the right
MOST_ROWS, MOST_COLUMNS = 40, 14
TITLE = "How sure promises are, by when they are due"


@dataclass(frozen=True)
class Course:
    """The promises of one contract (or customer and item), those due in each bucket of time apart."""

    line: str
    who: str
    what: str
    rank: int
    cells: tuple[tuple[Cells, ...], ...]

    @property
    def name(self) -> str:
        """Return what the row is called."""
        return ", ".join(filter(None, (self.who, self.what))) + (f" ({self.line})" if self.line else "")

    @property
    def all(self) -> list[Cells]:
        """Return all of its promises."""
        return [r for cell in self.cells for r in cell]


def promise_map(run: Run, programme: Programme) -> Drawing:
    """Return the mean probability of promises to be on time, by contract and time of the due day, the least sure row first."""
    cut = buckets(programme, MOST_COLUMNS)
    found = courses(run, programme, cut)
    if not found:
        return Drawing(TITLE, "No promise was asked for in any replication.", ())
    shown, told = found[:MOST_ROWS], [r for c in found for r in c.all]
    doubtful = sum(r["on_time_chance"] < 0.5 for r in told)
    said = (
        f"Of {counted(len(told), 'promise')} {whole_percent(mean(told))} are kept on time, on average over all replications; "
        f"{doubtful:,} {'is' if doubtful == 1 else 'are'} more likely late than not."
    )
    wide = (WIDTH - ROOM - FIGURES) / len(cut.starts)
    head = bucket_heads(cut, ROOM, wide) + label(WIDTH - 66, 12, "of all", "end") + label(WIDTH, 12, "promises", "end")
    bands: list[Band] = [(34.0, head), *(_band(c, cut, wide) for c in shown)]
    header = ("for whom and of what", "contract", "class", "promises", "on time", "more likely late", *cut.labels)
    panel = pile("", said, WIDTH, bands, (header, tuple(_row(c) for c in shown)), least=900)
    keys = (*KEYS[:4], Key("box", "empty", "nothing is due"), Key("box", "warm", "line below: share that is more likely late than not"))  # fmt: skip
    return Drawing(TITLE, said, (panel,), keys, note=_note(found, told, cut))


def courses(run: Run, programme: Programme, cut: Buckets) -> list[Course]:
    """Return the promises that were asked for at least once as rows, the least sure first."""
    who, what = customer_names(programme), item_names(programme)
    lines: dict[tuple[str, str, str, int], list[list[Cells]]] = defaultdict(lambda: [[] for _ in cut.starts])
    for r in rows(run, PROMISES):
        if r["due"] is not None and not isnan(r["on_time_chance"]):
            key = (r["contract"], r["customer"], r["item"], int(r["demand_class"]))
            lines[key][cut.of(r["due"])].append(r)
    found = [
        Course(line, str(who.get(to, to)), str(what.get(item, item)), rank, tuple(map(tuple, cells)))
        for (line, to, item, rank), cells in lines.items()
    ]
    return sorted(found, key=lambda c: (mean(c.all), c.rank, c.name))


def mean(promises: list[Cells] | tuple[Cells, ...]) -> float:
    """Return the mean probability of some promises to be on time: the share of them that is kept, on average."""
    return float(sum(r["on_time_chance"] for r in promises) / len(promises))


def _band(c: Course, cut: Buckets, wide: float) -> Band:
    parts = [text_lines(c.name, (0, 15), "ink", ROOM - 12)]
    parts += [_cell(c, i, cut.labels[i], wide) for i in range(len(cut.starts))]
    parts.append(label(WIDTH - 66, 15, whole_percent(mean(c.all)), "end"))
    parts.append(label(WIDTH, 15, f"{len(c.all):,}", "end"))
    return HIGH + 13 * (len(lines_of(c.name, ROOM - 12)) - 1), "".join(parts)


def _cell(c: Course, i: int, when: str, wide: float) -> str:
    """Return the promises of a row that are due in one bucket: coloured, in per cent, with those more likely late as a line below."""
    x, due = round(ROOM + wide * i, 1), c.cells[i]
    box: dict[str, Any] = {"x": x, "y": 1, "width": round(wide - 1, 1), "height": HIGH - 2}
    if not due:
        return tag("rect", class_="empty", **box)
    value = mean(due)
    style, on = colour(value)
    marks = tag("rect", class_=style, **box)
    if wide >= 26:
        marks += tag("text", whole_percent(value), class_=on, x=round(x + wide / 2 - 0.5, 1), y=14.5)
    late, least = _doubtful(due), min(due, key=lambda r: r["on_time_chance"])
    if late and style != "warm":
        marks += tag("rect", class_="warm", x=x, y=HIGH - 4, width=round((wide - 1) * late / len(due), 1), height=3)
    worst = f", the least sure {least['demand']} {whole_percent(least['on_time_chance'])}" if len(due) > 1 else ""
    units = number(sum(0.0 if isnan(r["asked"]) else r["asked"] for r in due))
    return hint(marks, f"{c.name}, due {when}: {counted(len(due), 'promise')} of {units} units, on time {whole_percent(value)}{worst}")  # fmt: skip


def _doubtful(due: tuple[Cells, ...] | list[Cells]) -> int:
    return sum(r["on_time_chance"] < 0.5 for r in due)


def _row(c: Course) -> tuple[str, ...]:
    """Return the numbers of a row: in each bucket the mean, how many promises it is of, and the least sure of them."""
    cells = (
        f"{whole_percent(mean(due))} of {len(due):,}, least {whole_percent(min(r['on_time_chance'] for r in due))}" if due else ""
        for due in c.cells
    )  # fmt: skip
    named = ", ".join(filter(None, (c.who, c.what)))
    return (named, c.line, str(c.rank), f"{len(c.all):,}", whole_percent(mean(c.all)), f"{_doubtful(c.all):,}", *cells)


def _note(found: list[Course], told: list[Cells], cut: Buckets) -> str:
    """Return how the picture is read, and what it leaves out."""
    span = "period" if cut.step == "period" else cut.step
    parts = [
        f"Per cent in a cell: the mean probability of the promises due in the {span} to be complete on their due day; the least sure row first.",
    ]
    late = sum(not keeps(r) for r in told)
    if late:
        parts.append(f"{counted(late, 'promise')} of these the plan itself has late or incomplete.")
    if found[MOST_ROWS:]:
        parts.append(f"{counted(len(found) - MOST_ROWS, 'surer row')} {'is' if len(found) == MOST_ROWS + 1 else 'are'} not drawn.")  # fmt: skip
    return " ".join(parts)
