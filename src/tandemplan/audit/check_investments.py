"""Investments: stations and tool sets bought, each in time, within its most, at its price."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tandemplan.audit.book import Book, Line
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.days import iso, whole_days
from tandemplan.audit.equations import equal_day, equal_money, equal_text, not_before
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.hours import TOOL, WORK_CENTRE, Daily, Resource, tools
from tandemplan.model.schema import WorkCentre
from tandemplan.results.shape import INVESTMENTS


@dataclass(frozen=True)
class Buyable:
    """What may be bought of a resource: whole units at most, price of one, days from order to use; where it stands."""

    site: str
    most: int
    price: float
    lead: int


def buyable(book: Book) -> Mapping[Resource, Buyable]:
    """Return the resources of which more may be bought: those that say how many there may ever be."""
    found = {}
    for i, c in enumerate(book.programme[WorkCentre].rows()):
        room = _room(book, ("work_centres", i, "stations"), c.most_stations)
        found[WORK_CENTRE, c.work_centre] = Buyable(c.site, room, c.station_price, whole_days(c.station_lead_days))
    for i, t in tools(book.programme):
        room = _room(book, ("tools", i, "sets"), t.most_sets)
        found[TOOL, t.tool] = Buyable(t.site, room, t.set_price, whole_days(t.lead_days))
    return {resource: b for resource, b in found.items() if b.most > 0}


def _room(book: Book, cell: tuple[str, int, str], most: float | None) -> int:
    if most is None:
        return 0
    return max(math.floor(most - float(book.dated.values(*cell, book.horizon.days).max()) + 1e-9), 0)


def check_investments(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the stations and tool sets bought."""
    known, said = buyable(book), [(r.line, _key(r)) for r in book.rows(INVESTMENTS)]
    may_be = {f"{kind} {name} from {iso(day)}": None for kind, name in known for day in book.horizon.cuts[:-1]}
    yield from each_once("investments", "resource", said, {key: None for _, key in said if key in may_be})
    total: dict[Resource, float] = defaultdict(float)
    for r in book.rows(INVESTMENTS):
        if (r.kind, r.resource) in known:
            total[r.kind, r.resource] += r.units
            yield from _bought(book, r, known[r.kind, r.resource])
    for resource, units in total.items():
        most = known[resource].most
        if units > most + allowed(units):
            message = f"{resource[0]} '{resource[1]}': {shown(units)} are bought, but there is place for {most} more."
            yield Finding("investments", None, "units", "investments-over", message, units - most)


def _key(r: Line) -> str:
    return f"{r.kind} {r.resource} from {iso(r.usable)}"


def _bought(book: Book, r: Line, right: Buyable) -> Iterator[Finding]:
    where = ("investments", r.line, f"{r.kind} '{r.resource}'")
    yield from equal_text(where, "site", r.site, right.site)
    yield from equal_day(where, "ordered", r.ordered, r.usable - right.lead)
    yield from not_before(where, "ordered", r.ordered, (book.horizon.start, "the plan starts"))
    if r.units < 0:
        yield Finding(
            "investments", r.line, "units", "investments-units", f"{where[2]}: {shown(r.units)} are bought.", -r.units
        )
    yield from equal_money(where, "price", r.price, right.price)
    yield from equal_money(where, "cost", r.cost, r.units * right.price, rate=right.price)


def in_use(book: Book) -> Mapping[Resource, Daily]:
    """Return the bought stations and sets that are in use, by day."""
    found: dict[Resource, Daily] = defaultdict(lambda: np.zeros(len(book.horizon.days)))
    for r in book.rows(INVESTMENTS):
        found[r.kind, r.resource] += np.where(book.horizon.days >= r.usable, r.units, 0.0)
    return found
