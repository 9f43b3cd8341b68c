"""How far work centres are loaded, week by week, and their buckets."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import Floats, Ints, sums
from tandemplan.schedule.clocks import clock_of, pieces_of
from tandemplan.schedule.factory import Factory, Orders
from tandemplan.schedule.holding import Held

WEEK = 7 * 86_400


def loads_of(factory: Factory, orders: Orders, rows: Held) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    """Return work centre, beginning, end, what is available and what is used of each week or bucket within the horizon.

    Weeks are counted from the schedule's start. Of stations both are hours of open time; of buckets what they hold.
    """
    last = max(int(orders.end.max(initial=0)), 1)
    last = min(-(-last // WEEK) * WEEK, max(factory.horizon, WEEK))
    found = []
    for r in range(len(factory.resources.buckets)):
        mine = np.flatnonzero(rows.resource == r)
        of = _buckets if factory.resources.buckets[r] else _weeks
        found.append(of(factory, r, Held._make(column[mine] for column in rows), last))
    columns = [np.concatenate(c) for c in zip(*found, strict=True)] if found else [np.zeros(0)] * 5
    return columns[0].astype(np.int64), columns[1].astype(np.int64), columns[2].astype(np.int64), columns[3], columns[4]


def _weeks(factory: Factory, r: int, rows: Held, last: int) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    edges = np.arange(0, last + 1, WEEK)
    clock = clock_of(
        factory.openings, int(factory.resources.calendar[r]), int(min(rows.change.min(initial=0), 0)), last
    )
    begin, _, size = pieces_of(factory.resources.size, r, 0, last)
    cuts = np.unique(np.concatenate([edges, begin]))
    stations = size[np.searchsorted(begin, cuts[:-1], side="right") - 1]
    present = np.diff(clock.worked(cuts)) * stations / 3600
    week = np.searchsorted(edges, cuts[:-1], side="right") - 1
    available = sums(week, present, len(edges) - 1)
    first, final = np.maximum(rows.change, 0) // WEEK, np.maximum(rows.end - 1, 0) // WEEK
    keep = rows.end > 0
    span = np.where(keep, np.maximum(final - first + 1, 1), 0)
    row = np.repeat(np.arange(len(span)), span)
    week = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(span) - span, span)
    inside = week < len(edges) - 1
    row, week = row[inside], week[inside]
    low, high = np.maximum(rows.change[row], edges[week]), np.minimum(rows.end[row], edges[week + 1])
    hours = (clock.worked(np.maximum(high, low)) - clock.worked(low)) * rows.stations[row] / 3600
    used = sums(week, hours, len(edges) - 1)
    return np.full(len(available), r), edges[:-1], edges[1:], available, used


def _buckets(factory: Factory, r: int, rows: Held, last: int) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    begin, end, size = pieces_of(factory.resources.size, r, 0, last)
    bucket = np.searchsorted(begin, rows.start, side="right") - 1
    inside = (bucket >= 0) & (rows.start < last)
    used = sums(bucket[inside], rows.used[inside], len(begin))
    there = (size > 0) | (used > 0)
    return np.full(int(there.sum()), r), begin[there], end[there], size[there], used[there]
