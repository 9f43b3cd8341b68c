"""Ways from a place to a site: which lanes serve, which licences cover, how long it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.audit.dated import Dated
from tandemplan.audit.days import Horizon, whole_days
from tandemplan.audit.openings import Openings, order_days
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Crossing, Item, Lane, Licence, Offer, Site, Supplier
from tandemplan.model.tables import Table

Days = NDArray[np.float64]


@dataclass(frozen=True)
class Lead:
    """How long one offer takes to one site by one lane, for each day of the plan as day of order.

    `dispatch` and `total` are whole days from order to dispatch and to receipt; `open` says whether it can be ordered, and its
    licences per order last until it is dispatched.
    """

    dispatch: NDArray[np.int64]
    total: NDArray[np.int64]
    open: NDArray[np.bool_]


def find(table: Table[object], name: str) -> int | None:  # type: ignore[type-var]
    """Return the row number of a key, or None."""
    return table.index.get((name,))


def places_of_site(programme: Programme, site: str) -> frozenset[str]:
    """Return a site and its country."""
    row = programme[Site].index.get((site,))
    return frozenset({site} if row is None else {site, programme[Site].row(row).country}) - {""}


def places_of_offer(programme: Programme, offer: Offer) -> frozenset[str]:
    """Return where a purchase starts: supplier, its country and the country of origin."""
    row = programme[Supplier].index.get((offer.supplier,))
    country = "" if row is None else programme[Supplier].row(row).country
    return frozenset({offer.supplier, country, offer.origin_country}) - {""}


def covering(
    programme: Programme, kind: str, item: str, ways: tuple[frozenset[str], frozenset[str]]
) -> Iterator[tuple[int, Licence]]:
    """Yield the licences of a kind that cover an item on its way from places to places, with their row numbers."""
    for i, licence in enumerate(programme[Licence].rows()):
        if licence.kind == kind and (not licence.items or item in licence.items):
            listed = (licence.from_places, licence.to_places)
            if all(not wanted or not places.isdisjoint(wanted) for wanted, places in zip(listed, ways, strict=True)):
                yield i, licence


def serves(programme: Programme, offer: Offer, lane: str, site: str) -> bool:
    """Say whether an offer reaches a site by a lane (blank: without one)."""
    if lane == "":
        direct = len(programme[Lane]) == 0 and (site == "" or (site,) in programme[Site].index)
        return site == offer.site if offer.site else direct
    row = programme[Lane].index.get((lane,))
    if row is None or offer.site:
        return False
    way = programme[Lane].row(row)
    supplier = programme[Supplier].index.get((offer.supplier,))
    country = "" if supplier is None else programme[Supplier].row(supplier).country
    starts = {offer.supplier, country} - {""}
    return (
        way.from_place in starts
        and way.to_site == site
        and (way.hazard_allowed or not hazardous(programme, offer.item))
    )


def hazardous(programme: Programme, item: str) -> bool:
    """Say whether an item is hazardous goods."""
    row = programme[Item].index.get((item,))
    return row is not None and bool(programme[Item].hazard[row])


def lane_days(dated: Dated, lane: int, days: NDArray[np.int64]) -> Days:
    """Return transit and crossing delay of a lane for each of `days`, not rounded."""
    transit = dated.values("lanes", lane, "transit_days", days)
    crossing = dated.programme[Crossing].index.get((str(dated.programme[Lane].crossing[lane]),))
    if crossing is None:
        return transit
    return transit + dated.values("crossings", crossing, "delay_hours", days) / 24


def lead_of(dated: Dated, openings: Openings, horizon: Horizon, way: tuple[int, str, str]) -> Lead:
    """Return the lead of an offer (row number) by a lane (blank: none) to a site, by day of order."""
    row, lane, site = way
    programme, days = dated.programme, horizon.days
    offer = programme[Offer].row(row)
    places = (places_of_offer(programme, offer), places_of_site(programme, site))
    licensed, lasts = np.zeros(len(days)), np.inf
    for i, licence in covering(programme, "per order", offer.item, places):
        licensed = licensed + dated.values("licences", i, "processing_days", days)
        lasts = lasts if licence.validity_days is None else min(lasts, whole_days(licence.validity_days))
    dispatch = dated.values("offers", row, "lead_days", days) + licensed
    sent = np.minimum(days + up(dispatch), days[-1])
    total = dispatch if lane == "" else dispatch + lane_days(dated, programme[Lane].index[(lane,)], sent)
    in_time = up(dispatch) - up(licensed) < lasts
    return Lead(up(dispatch), up(total), order_days(dated, row, openings, horizon) & in_time)


def up(days: Days) -> NDArray[np.int64]:
    """Return times rounded up to whole days; 1e-9 of a day is forgiven."""
    return np.ceil(days - 1e-9).astype(np.int64)


def latest_open(lead: Lead, horizon: Horizon, receipt: int) -> int | None:
    """Return the latest day of order that arrives by `receipt`, or None."""
    fits = np.flatnonzero(lead.open & (horizon.days + lead.total <= receipt))
    return int(horizon.start + fits[-1]) if len(fits) else None


def weights(programme: Programme, column: str, items: Iterable[str]) -> dict[str, float]:
    """Return a number column of items by name."""
    table = programme[Item]
    return {i: float(table.columns[column][table.index[(i,)]]) for i in items if (i,) in table.index}
