"""A schedule as bars on rows: what the Gantt of a page carries in its data, and its picture and table are drawn from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import numpy as np

from tandemplan.arrays import Ints
from tandemplan.model.phrases import seconds_of_day
from tandemplan.model.programme import Programme
from tandemplan.pegging.feeding import Pegs, pegs_of
from tandemplan.report.datatable import DataTable
from tandemplan.report.drawing import Drawing
from tandemplan.report.facts import customer_names, item_names, resource_names
from tandemplan.results.schedule_shapes import DEMAND_SUMMARY, ORDER_LOADS, ORDERS
from tandemplan.results.store import Run
from tandemplan.schedule.hours import DAY
from tandemplan.schedule.open_time import Working, working

MOST_LANES = 24
KINDS = ("make", "buy", "move", "deliver")


@dataclass(frozen=True)
class Lane:
    """One row of the picture: a work centre, or a process that needs none; its bars lie in `lanes` above each other."""

    name: str
    words: str
    station: bool
    lanes: int
    shut: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars, a row each, by row of the picture and start: seconds from the picture's start, `order` a row of the table `orders`."""

    row: Ints
    lane: Ints
    change: Ints
    start: Ints
    end: Ints
    order: Ints
    set_up: Sequence[str]
    stations: Sequence[float]


@dataclass(frozen=True, eq=False)
class Gantt:
    """Rows and bars of a schedule, and who feeds whom."""

    run: Run
    programme: Programme
    working: Working
    pegs: Pegs
    rows: tuple[Lane, ...]
    bars: Bars


@dataclass(frozen=True)
class GanttPart:
    """The Gantt of a page.

    `first` is its picture without script, `data` what its script reads, `twin` its table, `others` whether there are rows
    that hold no station.
    """

    name: str
    title: str
    first: Drawing
    data: str
    twin: DataTable
    others: bool
    kind: str = "gantt"


def gantt_of(run: Run, programme: Programme) -> Gantt:
    """Return the Gantt of a schedule: its work centres by name, then what holds no station, by kind and process."""
    orders, loads, hours = run[ORDERS], run[ORDER_LOADS], working(run, programme)
    number = {n: k for k, n in enumerate(orders["order"].tolist())}
    at = [number[n] for n in loads["order"].tolist()]
    owners: list[tuple[bool, str, str]] = [(True, "", w) for w in loads["work_centre"].tolist()]
    whole = set(orders["part_of"].tolist())
    free = [
        k
        for k in sorted(set(range(len(number))) - set(at))
        if orders["process"][k] and orders["kind"][k] != "deliver" and orders["order"][k] not in whole
    ]
    owners += [(False, orders["kind"][k], orders["process"][k]) for k in free]
    names = resource_names(programme)
    place = {o: i for i, o in enumerate(_in_order(owners, names))}
    order = np.array([*at, *free], dtype=np.int64)
    row = np.array([place[o] for o in owners], dtype=np.int64)
    start, end = (
        np.append(hours.second(loads[c]), hours.second(orders[c])[free]).astype(np.int64) for c in ("start", "end")
    )
    change = np.append(hours.second(loads["set_up_start"]), start[len(at) :]).astype(np.int64)
    by = np.lexsort((end, change, row))
    lane, lanes = _lanes(row[by], change[by], end[by], len(place))
    set_up = [*loads["set_up"].tolist(), *[""] * len(free)]
    stations = [*loads["stations"].tolist(), *[0.0] * len(free)]
    bars = Bars(
        row[by], lane, change[by], start[by], end[by], order[by], [set_up[k] for k in by], [stations[k] for k in by]
    )
    rows = tuple(
        Lane(
            names.get(n, n) if is_station else n, kind, is_station, lanes[i], tuple(hours.shut(n)) if is_station else ()
        )
        for i, (is_station, kind, n) in enumerate(place)
    )
    return Gantt(run, programme, hours, pegs_of(run), rows, bars)


def _in_order(owners: Sequence[tuple[bool, str, str]], names: Mapping[str, str]) -> list[tuple[bool, str, str]]:
    """Return who has bars: work centres by name, then kinds and processes."""
    return sorted(
        set(owners), key=lambda o: (not o[0], KINDS.index(o[1]) if o[1] else -1, _counted(names.get(o[2], o[2])), o[2])
    )


def _counted(name: str) -> list[tuple[int, str]]:
    """Return a name to sort by, numbers in it as numbers.

    >>> sorted(["M10", "M9", "M1"], key=_counted)
    ['M1', 'M9', 'M10']
    """
    return [(int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in re.split(r"(\d+)", name) if part]


def _lanes(row: Ints, begin: Ints, end: Ints, rows: int) -> tuple[Ints, list[int]]:
    """Return the lane of each bar, the lowest that is free, bars sorted by row and beginning; and how many lanes each row has.

    >>> lane, most = _lanes(np.array([0, 0, 0]), np.array([0, 5, 10]), np.array([10, 12, 11]), 1)
    >>> lane.tolist(), most
    ([0, 1, 0], [2])
    """
    lane, most = np.zeros(len(row), dtype=np.int64), [1] * rows
    last, count = -1, 0
    busy: list[tuple[int, int]] = []
    free: list[int] = []
    for k, (r, b, e) in enumerate(zip(row.tolist(), begin.tolist(), end.tolist(), strict=True)):
        if r != last:
            last, busy, free, count = r, [], [], 0
        while busy and busy[0][0] <= b:
            heappush(free, heappop(busy)[1])
        if free:
            n = heappop(free)
        else:
            n, count = count, count + 1
        heappush(busy, (max(e, b + 1), n))
        lane[k] = n % MOST_LANES
        most[r] = max(most[r], min(count, MOST_LANES))
    return lane, most


def data_of(gantt: Gantt) -> str:
    """Return what the script of a page reads, as JSON that may stand inside a script element: columns of numbers, texts numbered."""
    run, bars, pegs = gantt.run, gantt.bars, gantt.pegs
    orders, summary, hours = run[ORDERS], run[DEMAND_SUMMARY], gantt.working
    demand = {d: k for k, d in enumerate(summary["demand"].tolist())}
    items, customers = item_names(gantt.programme), customer_names(gantt.programme)
    said = {
        "start": int(hours.start.astype(np.int64)),
        "now": int(hours.second(np.array([_now(gantt.programme)]))[0]),
        "end": hours.seconds,
        "rows": [{"n": r.name, "w": r.words, "s": int(r.station), "l": r.lanes} for r in gantt.rows],
        **_shut(gantt.rows),
        "bars": {
            "row": bars.row.tolist(), "lane": bars.lane.tolist(), "start": bars.start.tolist(),
            "long": (bars.end - bars.start).tolist(), "change": (bars.start - bars.change).tolist(),
            "order": bars.order.tolist(), "set": _numbered(bars.set_up),
        },
        "orders": {
            "name": orders["order"].tolist(), "process": _numbered(orders["process"].tolist()),
            "item": _numbered([items.get(i, i) for i in orders["item"].tolist()]), "site": _numbered(orders["site"].tolist()),
            "kind": [KINDS.index(k) for k in orders["kind"].tolist()], "q": _short(orders["quantity"]),
            "start": hours.second(orders["start"]).tolist(), "long": (orders["end"] - orders["start"]).astype(np.int64).tolist(),
            "root": _sparse(pegs.root), "demand": pegs.demand.tolist(), "late": _short(pegs.late),
            "for": [demand.get(d, -1) for d in orders["demand"].tolist()], "given": [int(s != "new") for s in orders["status"].tolist()],
        },
        "links": {"of": pegs.of.tolist(), "to": pegs.to.tolist(), "q": _short(pegs.units)},
        "demands": {
            "name": summary["demand"].tolist(), "rank": summary["demand_class"].tolist(), "due": hours.second(summary["due"]).tolist(),
            "who": _numbered([customers.get(c, c) for c in summary["customer"].tolist()]), "q": _short(summary["quantity"]),
            "late": _short(summary["late"]), "lost": _short(summary["lost"]), "days": _short(summary["late_unit_days"]),
        },
    }  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _now(programme: Programme) -> np.datetime64:
    settings = programme.settings
    return np.datetime64(settings.start, "s") + np.timedelta64(seconds_of_day(settings.start_time, 0), "s")


def _shut(rows: Sequence[Lane]) -> dict[str, Any]:
    """Return the intervals in which rows are shut, each set once, and the set of each row."""
    known: dict[tuple[tuple[int, int], ...], int] = {}
    of = [known.setdefault(r.shut, len(known)) for r in rows]
    return {"shut": [[x for pair in s for x in pair] for s in known], "shuts": of}


def _numbered(values: Sequence[str]) -> dict[str, Any]:
    known = {t: i for i, t in enumerate(dict.fromkeys(values))}
    return {"d": list(known), "v": [known[t] for t in values]}


def _short(values: Any) -> list[float | int | None]:
    """Return numbers with at most four digits behind the point, whole ones as integers, what is unknown as none."""
    kept = np.round(np.asarray(values, dtype=np.float64), 4).tolist()
    return [None if v != v else int(v) if v == int(v) else v for v in kept]  # noqa: PLR0124 - nan


def _sparse(root: Ints) -> list[int]:
    """Return the root of each order where it is another order, in pairs: order, root."""
    steps = np.flatnonzero(root != np.arange(len(root)))
    return np.stack([steps, root[steps]], axis=1).ravel().tolist()


def moment_words(hours: Working, second: int) -> str:
    """Return a moment as a text that sorts as moments do, to the minute."""
    return str(hours.start + np.timedelta64(int(second), "s"))[:16].replace("T", " ")


def days_words(seconds: float) -> str:
    """Return a length of time in words.

    >>> days_words(2.5 * DAY), days_words(5400), days_words(90)
    ('2.5 days', '1.5 hours', '2 minutes')
    """
    for size, word in ((DAY, "day"), (3_600, "hour")):
        if seconds >= size:
            told = f"{seconds / size:,.1f}".removesuffix(".0")
            return f"{told} {word}{'' if told == '1' else 's'}"
    minutes = round(seconds / 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
