"""Licences and consents worked out from the programme: when each is valid, and which a dispatch needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.audit.book import BLANK, Book, Line
from tandemplan.audit.days import whole_days
from tandemplan.audit.ways import covering, places_of_offer, places_of_site, up
from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Lane, Licence, Offer, Site
from tandemplan.results.shape import MOVES, PURCHASES

Places = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class Time:
    """A time for which a standing licence is valid: days `begin` <= day < `end` (BLANK: for good)."""

    number: int
    asked: int
    begin: int
    end: int

    def holds(self, day: int) -> bool:
        """Say whether a day lies in it."""
        return self.begin <= day and (self.end == BLANK or day < self.end)


@dataclass(frozen=True)
class Needs:
    """What goods need on their way: names of `standing` licences, `single` ones per order with their row numbers, `consents` by licence."""

    standing: tuple[str, ...]
    single: tuple[tuple[int, Licence], ...]
    consents: tuple[Licence, ...] = ()


@dataclass(frozen=True)
class Shipment:
    """A row of purchases or moves, its day of dispatch, and that on which licences per order are asked for (None: too late)."""

    table: str
    row: Line
    day: int
    asked: int | None
    needs: Needs


def times_of(book: Book) -> dict[str, list[Time]]:
    """Return the times that each standing licence is valid until the plan's end, as if tasks needed nothing made."""
    found = {}
    for row, licence in enumerate(book.programme[Licence].rows()):
        if licence.kind == "standing" and licence.task:
            found[licence.licence] = list(_times(book, row, licence))
    return found


def _times(book: Book, row: int, licence: Licence) -> Iterator[Time]:
    asked, begin = book.nominal.spans[licence.task]
    if licence.validity_days is None:
        yield Time(1, asked, begin, BLANK)
        return
    lead = licence.processing_days if licence.renewal_lead_days is None else licence.renewal_lead_days
    count = 1
    while True:
        end = begin + whole_days(licence.validity_days)
        yield Time(count, asked, begin, end)
        if end >= book.horizon.end or not licence.renewable:
            return
        asked, count = max(begin, end - whole_days(lead)), count + 1
        on = min(max(asked, book.horizon.start), book.horizon.end - 1)
        begin = max(end, asked + whole_days(book.dated.on("licences", row, "processing_days", on)))


def shipments(book: Book) -> Iterator[Shipment]:
    """Yield what is dispatched within the plan, with the licences and consents that it needs."""
    offers, lanes, known = book.programme[Offer], book.programme[Lane], dict[tuple[str, str, str], Needs]()
    for r in book.rows(PURCHASES):
        row, key = offers.index.get((r.offer,)), ("buy", r.offer, r.site)
        if row is not None and book.horizon.holds(r.shipped):
            known[key] = known.get(key) or needs_of_offer(book.programme, offers.row(row), r.site)
            asked = r.release if book.horizon.holds(r.release) else None
            yield Shipment("purchases", r, r.shipped, asked, known[key])
    for r in book.rows(MOVES):
        row, key = lanes.index.get((r.lane,)), ("move", r.lane, r.item)
        if row is not None and book.horizon.holds(r.release):
            needs = known[key] = known.get(key) or needs_of_move(book.programme, r.item, lanes.row(row))
            yield Shipment("moves", r, r.release, asked_for(book, needs.single, r.release), needs)


def needs_of_offer(programme: Programme, offer: Offer, site: str) -> Needs:
    """Return what goods of an offer need on their way to a site."""
    return _needs(programme, offer.item, (places_of_offer(programme, offer), places_of_site(programme, site)), ())


def needs_of_move(programme: Programme, item: str, lane: Lane) -> Needs:
    """Return what an item needs on a lane between sites."""
    ways = (places_of_site(programme, lane.from_place), places_of_site(programme, lane.to_site))
    return _needs(programme, item, ways, tuple(consents_of(programme, item, lane)))


def _needs(programme: Programme, item: str, ways: Places, consents: tuple[Licence, ...]) -> Needs:
    standing = tuple(x.licence for _, x in covering(programme, "standing", item, ways) if x.task)
    return Needs(standing, tuple(covering(programme, "per order", item, ways)), consents)


def refusals(
    book: Book, needs: Needs, times: Mapping[str, Sequence[Time]], asked: int | None, day: int
) -> Iterator[str]:
    """Yield, in words, what is missing of the needs of goods that go on a day, licences per order asked for on the day `asked`."""
    licences = book.programme[Licence]
    for name in needs.standing:
        task = licences.row(licences.index[name,]).task
        if not any(t.holds(day) for t in times[name]) or day < book.openings.after([task]):
            yield f"when licence '{name}' is not valid"
    if needs.single and asked is None:
        yield "but its licence cannot be there by then"
    for licence, granted, end in singles(book, needs, asked):
        if day < granted or (end != BLANK and day >= end):
            yield f"when its licence '{licence.licence}' is not valid"
    for licence in needs.consents:
        first = book.horizon.start
        if licence.kind == "standing":
            first = max(first, times[licence.licence][0].begin, book.openings.after([licence.task]))
        if day - whole_days(licence.processing_days) < first:
            yield f"but the consent that licence '{licence.licence}' wants cannot be there by then"


def singles(book: Book, needs: Needs, asked: int | None) -> Iterator[tuple[Licence, int, int]]:
    """Yield the licences per order that are asked for on a day, with the day on which they are there and the one on which they end (BLANK: never)."""
    if asked is None or not needs.single:
        return
    granted = asked + int(up(taken(book, needs.single))[asked - book.horizon.start])
    for _, licence in needs.single:
        yield licence, granted, BLANK if licence.validity_days is None else granted + whole_days(licence.validity_days)


def contents(programme: Programme, item: str) -> frozenset[str]:
    """Return an item and all that it may contain, at any level."""
    lines: dict[str, set[str]] = defaultdict(set)
    for line in programme[BomLine].rows():
        lines[line.parent].add(line.component)
    seen, fresh = {item}, {item}
    while fresh:
        fresh = {c for i in fresh for c in lines.get(i, ())} - seen
        seen |= fresh
    return frozenset(seen)


def consents_of(programme: Programme, item: str, lane: Lane) -> Iterator[Licence]:
    """Yield the licences whose issuer must agree to each move of an item on a lane."""
    sites = programme[Site]
    origin, to = (
        "" if (s,) not in sites.index else sites.row(sites.index[s,]).country for s in (lane.from_place, lane.to_site)
    )
    if origin == to:
        return
    ways = (places_of_site(programme, lane.from_place), places_of_site(programme, lane.to_site))
    held = contents(programme, item)
    covers = [x for kind in ("standing", "per order") for _, x in covering(programme, kind, item, ways)]
    for licence in programme[Licence].rows():
        further = licence.to_places and ways[1].isdisjoint(licence.to_places)
        own = licence.country != "" and licence.country in {to, *(x.country for x in covers)}
        if licence.reexport_consent and further and not own and not held.isdisjoint(_items(programme, licence)):
            yield licence


def _items(programme: Programme, licence: Licence) -> set[str]:
    """Return the items that a licence covers: those it lists, or those of the offers that start where it does."""
    if licence.items:
        return set(licence.items)
    starts = set(licence.from_places)
    return {o.item for o in programme[Offer].rows() if not starts or places_of_offer(programme, o) & starts}


def asked_for(book: Book, single: Sequence[tuple[int, Licence]], dispatch: int) -> int | None:
    """Return the latest day of the plan on which licences per order can be asked for to be there by a day, or None."""
    days = book.horizon.days
    fits = np.flatnonzero(days + up(taken(book, single)) <= dispatch)
    return int(days[fits[-1]]) if len(fits) else None


def taken(book: Book, single: Sequence[tuple[int, Licence]]) -> np.ndarray:
    """Return the days that licences per order take together, for each day of the plan as day of asking."""
    found = np.zeros(len(book.horizon.days))
    for row, _ in single:
        found = found + book.dated.values("licences", row, "processing_days", book.horizon.days)
    return found
