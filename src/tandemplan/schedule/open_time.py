"""When the work centres of a schedule are open, and how much of that its orders hold, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints, sums
from tandemplan.model.programme import Programme
from tandemplan.results.schedule_shapes import ORDERS
from tandemplan.results.store import Run
from tandemplan.schedule.clocks import Clock, clock_of
from tandemplan.schedule.hours import DAY, Hours
from tandemplan.schedule.stations import Stations


@dataclass(frozen=True, eq=False)
class Working:
    """When work centres are open, by their names, between two moments, in seconds from the first of them.

    A work centre without a clock is always open; `sizes` says from when on it has how many stations.
    """

    start: np.datetime64
    seconds: int
    clocks: dict[str, Clock]
    sizes: dict[str, tuple[Ints, Floats]]

    def shut(self, name: str) -> list[tuple[int, int]]:
        """Return the intervals in which a work centre is shut; one that is not known is always open."""
        clock = self.clocks.get(name)
        if clock is None:
            return []
        edges = [0, *np.stack([clock.opens, clock.shuts], axis=1).ravel().tolist(), self.seconds]
        return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]

    def worked(self, name: str, moments: Ints) -> Ints:
        """Return the open seconds of a work centre before each moment."""
        clock = self.clocks.get(name)
        return np.asarray(moments) if clock is None else clock.worked(np.asarray(moments))

    def present(self, name: str) -> Floats:
        """Return the hours of open stations of a work centre on each day."""
        at, value = self.sizes.get(name, (np.zeros(1, dtype=np.int64), np.ones(1)))
        edges = np.arange(0, self.seconds + 1, DAY)
        cuts = np.unique(np.concatenate([edges, at[(at > 0) & (at < self.seconds)]]))
        size = value[np.maximum(np.searchsorted(at, cuts[:-1], side="right") - 1, 0)]
        hours = np.diff(self.worked(name, cuts)) * size / 3600
        return sums(np.searchsorted(edges, cuts[:-1], side="right") - 1, hours, len(edges) - 1)

    def used(self, name: str, begin: Ints, end: Ints, stations: Floats) -> Floats:
        """Return the hours on each day in which stations of a work centre are held from `begin` to `end` in its open time."""
        days = self.seconds // DAY
        first, last = np.clip(begin // DAY, 0, days - 1), np.clip(np.maximum(end - 1, begin) // DAY, 0, days - 1)
        count = last - first + 1
        row = np.repeat(np.arange(len(begin)), count)
        day = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        low, high = np.maximum(begin[row], day * DAY), np.minimum(end[row], (day + 1) * DAY)
        open_ = self.worked(name, np.maximum(high, low)) - self.worked(name, low)
        return sums(day, open_ * stations[row] / 3600, days)

    def second(self, moments: NDArray[np.datetime64]) -> Ints:
        """Return moments as seconds from the first."""
        return np.asarray((moments.astype("datetime64[s]") - self.start).astype(np.int64))


def working(run: Run, programme: Programme) -> Working:
    """Return when the work centres of a schedule are open, over all of its orders, from midnight to midnight."""
    begin, end = span(run, programme)
    start, seconds = begin.astype("datetime64[s]"), int((end - begin).astype(np.int64)) * DAY
    hours = Hours(programme, start, -DAY, seconds + DAY)
    stations = Stations(programme, hours)
    clocks, sizes = {}, {}
    for i, row in enumerate(stations.rows):
        number = hours.opening(stations.calendars(i))
        if number:
            clocks[row.work_centre] = clock_of(hours.openings(), number, 0, seconds)
        fixed = (np.zeros(1, dtype=np.int64), np.array([row.stations]))
        sizes[row.work_centre] = hours.values(row.stations_calendar) if row.stations_calendar else fixed
    return Working(start, seconds, clocks, sizes)


def days_of(run: Run, programme: Programme) -> tuple[date, date]:
    """Return the first day of a schedule and the day after its last."""
    first, end = (d.astype("datetime64[D]").item() for d in span(run, programme))
    assert isinstance(first, date)
    assert isinstance(end, date)
    return first, end


def span(run: Run, programme: Programme) -> tuple[np.datetime64, np.datetime64]:
    """Return the first day of a schedule and the day on which its last order has ended."""
    orders = run[ORDERS]
    first = np.datetime64(programme.settings.start, "D")
    if not len(orders["order"]):
        return first, first + np.timedelta64(7, "D")
    begin = min(first, orders["set_up_start"].min().astype("datetime64[D]"))
    last = orders["end"].max().astype("datetime64[D]") + np.timedelta64(1, "D")
    return begin, max(last, begin + np.timedelta64(1, "D"))
