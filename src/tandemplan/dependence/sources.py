"""What a plan can lose: suppliers, countries, parts, sites, crossings and lanes, and which of its orders come from each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, texts
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Crossing, Item, Lane, Offer, OpenOrder, Site, Supplier
from tandemplan.results.shape import MOVES, PRODUCTION, PURCHASES
from tandemplan.results.store import Run

Bools = NDArray[np.bool_]
Names = NDArray[Any]
SUPPLIER, COUNTRY, PART, SITE, CROSSING, LANE = KINDS = ("supplier", "country", "part", "site", "crossing", "lane")


@dataclass(frozen=True, eq=False)
class Source:
    """Something that can be lost, and what is lost with it: rows of the tables of purchases, open orders, production and moves.

    `recover_days` is its time to recover (nan: nobody says). `ways` are the ways to buy that go through it (entries of `Ways`).
    """

    kind: str
    name: str
    purchases: Bools
    open_orders: Bools
    production: Bools
    moves: Bools
    ways: Bools
    recover_days: float


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways to buy a part for a site where a plan receives it, used or not: columns of names, one entry for each.

    A country is that of the supplier, `origin` that where the goods come from.
    """

    item: Names
    supplier: Names
    country: Names
    origin: Names
    lane: Names
    crossing: Names
    site: Names


def sources_of(programme: Programme, run: Run) -> tuple[list[Source], Ways]:
    """Return everything that orders of a plan come from or through, by kind and name, and all ways to buy what it buys.

    A country takes with it what its suppliers send, what originates in it, and what is made at or leaves its sites; a site what it receives,
    makes and sends; a crossing what its lanes carry; a part every purchase of it.
    """
    rows = _Rows(programme, run)
    recover = _recoveries(programme)
    found = [
        Source(kind, name, *rows.lost(kind, name), recover_days=recover.get((kind, name), np.nan))
        for kind in KINDS
        for name in rows.names(kind)
    ]
    there = [s for s in found if s.purchases.any() or s.open_orders.any() or s.production.any() or s.moves.any()]
    return there, rows.ways


class _Rows:
    """Through what each order of a plan comes: for each kind of source, columns of names of each table."""

    def __init__(self, programme: Programme, run: Run) -> None:
        offers, lanes, sites = programme[Offer], programme[Lane], programme[Site]
        self.home = dict(zip(programme[Supplier].supplier.tolist(), programme[Supplier].country.tolist(), strict=True))
        self.seller = dict(zip(offers.offer.tolist(), offers.supplier.tolist(), strict=True))
        pairs = zip(offers.offer.tolist(), offers.origin_country.tolist(), offers.supplier.tolist(), strict=True)
        self.origin = {o: c or self.home.get(s, "") for o, c, s in pairs}
        self.border = dict(zip(lanes.lane.tolist(), lanes.crossing.tolist(), strict=True))
        self.land = dict(zip(sites.site.tolist(), sites.country.tolist(), strict=True))
        self.bought = self._bought(run[PURCHASES])
        self.ordered = self._ordered(programme)
        made, moved = run[PRODUCTION], run[MOVES]
        self.made = {SITE: [made["site"]], COUNTRY: [_of(self.land, made["site"])]}
        self.moved = {
            LANE: [moved["lane"]],
            CROSSING: [_of(self.border, moved["lane"])],
            SITE: [moved["from_site"], moved["to_site"]],
            COUNTRY: [_of(self.land, moved["from_site"])],
        }
        self.sizes = len(made["site"]), len(moved["lane"])
        self.ways = self._ways(programme, run[PURCHASES])

    def names(self, kind: str) -> list[str]:
        """Return the names of a kind that any order comes through."""
        columns = [c for part in (self.bought, self.ordered, self.made, self.moved) for c in part.get(kind, ())]
        return sorted({str(n) for c in columns for n in c.tolist() if n})

    def lost(self, kind: str, name: str) -> tuple[Bools, Bools, Bools, Bools, Bools]:
        """Return which purchases, open orders, lots, moves and ways to buy go through a source."""

        def through(columns: list[Names], size: int) -> Bools:
            return np.any([c == name for c in columns], axis=0) if columns else np.zeros(size, dtype=bool)

        w = self.ways
        ways = {SUPPLIER: [w.supplier], COUNTRY: [w.country, w.origin], PART: [w.item], SITE: [w.site],
                CROSSING: [w.crossing], LANE: [w.lane]}  # fmt: skip
        return (
            through(self.bought[kind], 0),
            through(self.ordered[kind], 0),
            through(self.made.get(kind, []), self.sizes[0]),
            through(self.moved.get(kind, []), self.sizes[1]),
            through(ways[kind], 0),
        )

    def _bought(self, frame: Any) -> dict[str, list[Names]]:
        return self._columns(frame["supplier"], frame["offer"], frame["item"], frame["site"], frame["lane"])

    def _ordered(self, programme: Programme) -> dict[str, list[Names]]:
        table = programme[OpenOrder]
        return self._columns(_of(self.seller, table.offer), table.offer, table.item, table.site, table.lane)

    def _columns(self, supplier: Names, offer: Names, item: Names, site: Names, lane: Names) -> dict[str, list[Names]]:
        return {
            SUPPLIER: [supplier],
            COUNTRY: [_of(self.home, supplier), _of(self.origin, offer)],
            PART: [item],
            SITE: [site],
            CROSSING: [_of(self.border, lane)],
            LANE: [lane],
        }

    def _ways(self, programme: Programme, bought: Any) -> Ways:
        """Return the ways to buy each item for each site where it is received: by offers to the site, or on lanes to it."""
        offers, lanes = programme[Offer], programme[Lane]
        hazard = dict(zip(programme[Item].item.tolist(), programme[Item].hazard.tolist(), strict=True))
        to: dict[str, list[tuple[str, str, bool]]] = {}
        for lane, start, end, allowed in zip(
            lanes.lane.tolist(), lanes.from_place.tolist(), lanes.to_site.tolist(), lanes.hazard_allowed.tolist(), strict=True
        ):  # fmt: skip
            to.setdefault(end, []).append((lane, start, allowed))
        sites: dict[str, set[str]] = {}
        for item, site in set(zip(bought["item"].tolist(), bought["site"].tolist(), strict=True)):
            sites.setdefault(item, set()).add(site)
        found = []
        sold = zip(
            offers.offer.tolist(), offers.supplier.tolist(), offers.item.tolist(), offers.site.tolist(), strict=True
        )
        for offer, supplier, item, at in sold:
            home, origin = self.home.get(supplier, ""), self.origin[offer]
            for site in sorted(sites.get(item, ())):
                if at == site or not len(lanes):
                    found.append((item, supplier, home, origin, "", "", site))
                elif not at:
                    found += [
                        (item, supplier, home, origin, lane, self.border.get(lane, ""), site)
                        for lane, start, allowed in to.get(site, ())
                        if start in (supplier, home) and (allowed or not hazard[item])
                    ]
        return Ways(*(texts(w[k] for w in found) for k in range(7)))


def _recoveries(programme: Programme) -> dict[tuple[str, str], float]:
    """Return the time to recover of sources in days: of suppliers as they say, of a country and a part the longest of its suppliers.

    A crossing is closed for as long as it says; a lane for as long as its crossing.
    """
    suppliers, crossings, lanes, offers = (programme[t] for t in (Supplier, Crossing, Lane, Offer))
    found: dict[tuple[str, str], float] = {}

    def longer(kind: str, name: str, days: float) -> None:
        if name and days == days:  # noqa: PLR0124 - nan
            found[kind, name] = max(days, found.get((kind, name), 0.0))

    days: Floats = suppliers.recover_days
    of = dict(zip(suppliers.supplier.tolist(), days.tolist(), strict=True))
    home = dict(zip(suppliers.supplier.tolist(), suppliers.country.tolist(), strict=True))
    for supplier, lost in of.items():
        longer(SUPPLIER, supplier, lost)
        longer(COUNTRY, home[supplier], lost)
    for supplier, item, origin in zip(
        offers.supplier.tolist(), offers.item.tolist(), offers.origin_country.tolist(), strict=True
    ):
        longer(PART, item, of.get(supplier, np.nan))
        longer(COUNTRY, origin, of.get(supplier, np.nan))
    closed = dict(zip(crossings.crossing.tolist(), crossings.closure_days.tolist(), strict=True))
    for crossing, lost in closed.items():
        longer(CROSSING, crossing, lost)
    for lane, crossing in zip(lanes.lane.tolist(), lanes.crossing.tolist(), strict=True):
        longer(LANE, lane, closed.get(crossing, np.nan))
    return found


def _of(known: dict[str, str], names: Names) -> Names:
    """Return what is known of each name (blank: nothing)."""
    return texts(known.get(n, "") or "" for n in names.tolist())
