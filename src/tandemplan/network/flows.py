"""When goods can be bought and moved: order, dispatch and arrival days of every purchase and move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Crossing, Lane, Licence, Offer, Site, Supplier
from tandemplan.network.cells import Cells, whole_days
from tandemplan.network.openings import NEVER, TaskDates, opening_days
from tandemplan.network.places import Way

Ints = NDArray[np.int64]
NO_DAY = -1


@dataclass(frozen=True, eq=False)
class Openings:
    """The day on which each row of a table opens, and each site by name."""

    offers: Ints
    lanes: Ints
    sites: dict[str, int]
    licences: Ints


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
    """Return the days on which offers, lanes, sites and licences open; offers before their qualification."""
    offers, lanes, sites, licences = programme[Offer], programme[Lane], programme[Site], programme[Licence]
    days = opening_days(dates, offers.opens_after)
    site_days = dict(zip(sites.site, opening_days(dates, sites.opens_after).tolist(), strict=True))
    permits = np.array([dates[t].end if t else 0 for t in licences.task], dtype=np.int64)
    return Openings(days, opening_days(dates, lanes.opens_after), {"": 0, **site_days}, permits)


class Lookup:
    """Looks up transit and licences of ways and lanes; holds the tables it needs."""

    def __init__(self, programme: Programme, cells: Cells, openings: Openings) -> None:
        self.programme, self.cells, self.openings = programme, cells, openings
        self.crossing = {c: i for i, c in enumerate(programme[Crossing].crossing)}
        sites, suppliers = programme[Site], programme[Supplier]
        self.site_country = dict(zip(sites.site, sites.country, strict=True))
        self.supplier_country = dict(zip(suppliers.supplier, suppliers.country, strict=True))

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

    def licences(self, item: str, origins: set[str], to: str) -> list[int]:
        """Return the licences that cover an item on a way from any of `origins` to a site."""
        licences = self.programme[Licence]
        ends = {to, self.site_country.get(to, "")} - {""}
        return [
            k
            for k in range(len(licences))
            if (not licences.items[k] or item in licences.items[k])
            and (not licences.from_places[k] or origins & set(licences.from_places[k]))
            and (not licences.to_places[k] or ends & set(licences.to_places[k]))
        ]

    def standing(self, found: list[int]) -> int:
        """Return the day on which all standing licences among `found` are there."""
        kinds = self.programme[Licence].kind
        return max((int(self.openings.licences[k]) for k in found if kinds[k] == "standing"), default=0)


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
    offers, licences = programme[Offer], programme[Licence]
    item, supplier = offers.item[way.offer], offers.supplier[way.offer]
    origins = {supplier, look.supplier_country.get(supplier, ""), offers.origin_country[way.offer]} - {""}
    found = look.licences(item, origins, way.site)
    prepare = cells.daily(offers, "lead_days", way.offer)
    for k in found:
        if licences.kind[k] == "per order":
            prepare = prepare + cells.daily(licences, "processing_days", k)
    days = cells.periods.days
    sent = np.arange(days) + whole_days(prepare)
    arrival = np.arange(days) + whole_days(prepare + look.transit(way.lane)[np.minimum(sent, days - 1)])
    first = max(0, _day(cells, offers.from_date[way.offer], 0))
    last = _day(cells, offers.to_date[way.offer], days - 1)
    orders = np.flatnonzero(look.qualified(way.offer)[: last + 1])
    release = _latest_order(arrival, orders[orders >= first], receipt)
    shipped = np.where(release >= 0, release + whole_days(prepare)[release], NO_DAY)
    lane_open = int(look.openings.lanes[way.lane]) if way.lane >= 0 else 0
    closed = (shipped < max(lane_open, look.standing(found))) | (receipt < look.openings.sites[way.site])
    release = np.where(closed, NO_DAY, release)
    return release, np.where(release >= 0, shipped, NO_DAY)


def _latest_order(arrival: Ints, orders: Ints, receipt: Ints) -> Ints:
    """Return for each receipt day the latest day of `orders` whose goods are there by then."""
    latest = np.full(len(arrival), NO_DAY, dtype=np.int64)
    orders = orders[arrival[orders] < len(arrival)]
    np.maximum.at(latest, arrival[orders], orders)
    latest = np.maximum.accumulate(latest)
    return latest[receipt]


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
        origins = {origin, look.site_country.get(origin, "")} - {""}
        opens = max(int(look.openings.lanes[lane]), look.standing(look.licences(item, origins, to)))
        earliest = dispatch[m] + leads[lane][dispatch[m]]
        into = np.searchsorted(after[m], earliest, side="left")
        good = (into < len(after[m])) & (dispatch[m] >= opens)
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
