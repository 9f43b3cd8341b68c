"""When goods can be bought and moved: order, dispatch and arrival days of every purchase and move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Crossing, Lane, Offer, Site
from tandemplan.network.cells import Cells, whole_days
from tandemplan.network.licensing import NO_DAY, Ints, Licensing, latest_before
from tandemplan.network.openings import NEVER, TaskDates, opening_days, release_fence
from tandemplan.network.places import Way


@dataclass(frozen=True, eq=False)
class Openings:
    """The day on which each row of a table opens, and each site by name; `tasks` are the dates behind them."""

    offers: Ints
    lanes: Ints
    sites: dict[str, int]
    tasks: dict[str, TaskDates]


@dataclass(frozen=True, eq=False)
class Timing:
    """Days of a flow (rows) in each period (columns); NO_DAY where the flow is closed.

    For purchases `arrival` is the day of receipt in that period, `dispatch` and `release` the days before it. For
    moves `dispatch` is the day in that period, `arrival` the day on which the units arrive, `period` its period.
    """

    release: Ints
    dispatch: Ints
    arrival: Ints
    period: Ints


def openings_of(programme: Programme, dates: dict[str, TaskDates]) -> Openings:
    """Return the days on which offers, lanes and sites open; offers before their qualification."""
    offers, lanes, sites = programme[Offer], programme[Lane], programme[Site]
    days = opening_days(dates, offers.opens_after)
    site_days = dict(zip(sites.site, opening_days(dates, sites.opens_after).tolist(), strict=True))
    return Openings(days, opening_days(dates, lanes.opens_after), {"": 0, **site_days}, dates)


class Lookup:
    """Looks up transit and licences of ways and lanes; holds the tables it needs."""

    def __init__(self, programme: Programme, cells: Cells, openings: Openings) -> None:
        self.programme, self.cells, self.openings = programme, cells, openings
        self.crossing = {c: i for i, c in enumerate(programme[Crossing].crossing)}
        self.licensing = Licensing(programme, cells, openings.tasks)
        self.fence = release_fence(programme)

    def transit(self, lane: int) -> NDArray[np.float64]:
        """Return the days under way on a lane, crossing included, by day of dispatch."""
        if lane < 0:
            return np.zeros(self.cells.periods.days)
        lanes = self.programme[Lane]
        days = self.cells.daily(lanes, "transit_days", lane)
        crossing = lanes.crossing[lane]
        if crossing:
            days = days + self.cells.daily(self.programme[Crossing], "delay_hours", self.crossing[crossing]) / 24
        return days

    def qualified(self, offer: int) -> NDArray[np.bool_]:
        """Return on which days an offer can be ordered: opened by its tasks, and qualified as that day's cell says."""
        table, days = self.programme[Offer], np.arange(self.cells.periods.days)
        wait = np.zeros(len(days), dtype=np.int64)
        if not table.qualified[offer]:
            wait = whole_days(np.nan_to_num(self.cells.daily(table, "qualification_days", offer)))
        return np.asarray(days >= self.openings.offers[offer] + wait)


def purchase_timing(look: Lookup, ways: tuple[Way, ...], receipt: Ints, received: NDArray[np.bool_]) -> Timing:
    """Return the days of each purchase way received on the days `receipt`, where goods are `received` (ways x periods)."""
    release = np.full(receipt.shape, NO_DAY, dtype=np.int64)
    dispatch = release.copy()
    for w, way in enumerate(ways):
        release[w], dispatch[w] = _way_days(look, way, receipt[w])
    release, dispatch = np.where(received, release, NO_DAY), np.where(received, dispatch, NO_DAY)
    arrival = np.where(release >= 0, receipt, NO_DAY)
    period = np.where(release >= 0, np.arange(receipt.shape[1]), NO_DAY)
    return Timing(release, dispatch, arrival, period)


def _way_days(look: Lookup, way: Way, receipt: Ints) -> tuple[Ints, Ints]:
    programme, cells = look.programme, look.cells
    offers, licensing = programme[Offer], look.licensing
    found = licensing.of_offer(way.offer, way.site)
    granted = licensing.processing(found)
    prepare = cells.daily(offers, "lead_days", way.offer) + granted
    days = cells.periods.days
    sent = np.arange(days) + whole_days(prepare)
    arrival = np.arange(days) + whole_days(prepare + look.transit(way.lane)[np.minimum(sent, days - 1)])
    first = max(look.fence, _day(cells, offers.from_date[way.offer], 0))
    last = _day(cells, offers.to_date[way.offer], days - 1)
    in_time = whole_days(prepare) - whole_days(granted) < licensing.lasts(found)
    orders = np.flatnonzero((look.qualified(way.offer) & in_time)[: last + 1])
    release = latest_before(arrival, orders[orders >= first], receipt)
    shipped = np.where(release >= 0, release + whole_days(prepare)[release], NO_DAY)
    lane_open = int(look.openings.lanes[way.lane]) if way.lane >= 0 else 0
    closed = (shipped < lane_open) | ~licensing.in_force(found, shipped) | (receipt < look.openings.sites[way.site])
    release = np.where(closed, NO_DAY, release)
    return release, np.where(release >= 0, shipped, NO_DAY)


def move_timing(
    look: Lookup, moves: tuple[tuple[int, str], ...], dispatch: Ints, after: Ints, received: NDArray[np.bool_]
) -> Timing:
    """Return the days of each move dispatched on the days `dispatch`, to nodes on the days `after` (moves x periods).

    A move arrives on the first day of its destination that its transit allows; it is closed where goods are not `received`.
    """
    lanes = look.programme[Lane]
    arrival = np.full(dispatch.shape, NO_DAY, dtype=np.int64)
    period = arrival.copy()
    leads = {lane: whole_days(look.transit(lane)) for lane in {m[0] for m in moves}}
    for m, (lane, item) in enumerate(moves):
        origin, to = lanes.from_place[lane], lanes.to_site[lane]
        opens = max(look.fence, int(look.openings.lanes[lane]))
        earliest = dispatch[m] + leads[lane][dispatch[m]]
        into = np.searchsorted(after[m], earliest, side="left")
        good = (into < len(after[m])) & (dispatch[m] >= opens) & look.licensing.permitted(item, origin, to, dispatch[m])
        into = np.where(good, into, 0)
        good &= received[m][into] & (after[m][into] >= look.openings.sites[to])
        arrival[m] = np.where(good, after[m][into], NO_DAY)
        period[m] = np.where(good, into, NO_DAY)
    kept = np.where(arrival >= 0, dispatch, NO_DAY)
    return Timing(kept, kept, arrival, period)


def _day(cells: Cells, when: np.datetime64, blank: int) -> int:
    if np.isnat(when):
        return blank
    day = int((when - np.datetime64(cells.periods.start, "D")).astype(np.int64))
    return min(max(day, -1), NEVER)
