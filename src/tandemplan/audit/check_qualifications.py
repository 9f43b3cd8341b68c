"""Offers that are qualified at a cost: each starts as late as its first order allows, on the first day of a period."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from tandemplan.audit.book import Book
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.days import Horizon, iso, whole_days
from tandemplan.audit.equations import equal_day, equal_money, not_before
from tandemplan.audit.findings import Finding
from tandemplan.model.schema import Offer
from tandemplan.results.shape import PURCHASES, QUALIFICATIONS


def decided(offer: Offer) -> bool:
    """Say whether the plan decides when an offer is qualified."""
    return not offer.qualified and offer.qualification_cost > 0


def start_for(offer: Offer, order: int, horizon: Horizon) -> int | None:
    """Return the last first day of a period on which qualification may start for an order on a day, or None.

    >>> start_for(Offer(qualification_days=3.5), 12, Horizon((0, 7, 14)))
    7
    """
    cuts = horizon.cuts[:-1]
    at = bisect_right(cuts, order - whole_days(offer.qualification_days))
    return cuts[at - 1] if at else None


def check_qualifications(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the qualifications."""
    first: dict[str, int] = {}
    for r in book.rows(PURCHASES):
        first[r.offer] = min(r.release, first.get(r.offer, r.release))
    offers = {o.offer: o for o in book.programme[Offer].rows() if decided(o) and o.offer in first}
    yield from each_once("qualifications", "offer", [(r.line, r.offer) for r in book.rows(QUALIFICATIONS)], offers)
    for name, offer in offers.items():
        if start_for(offer, first[name], book.horizon) is None:
            message = f"offer '{name}' is ordered on {iso(first[name])}, before it can be qualified."
            yield Finding("qualifications", None, "started", "qualifications-none", message)
    for r in book.rows(QUALIFICATIONS):
        start = start_for(offers[r.offer], first[r.offer], book.horizon) if r.offer in offers else None
        if start is not None:
            where, offer = ("qualifications", r.line, f"offer '{r.offer}'"), offers[r.offer]
            yield from equal_day(where, "started", r.started, start)
            yield from equal_day(where, "qualified", r.qualified, start + whole_days(offer.qualification_days))
            yield from equal_money(where, "cost", r.cost, offer.qualification_cost)
            yield from not_before(where, "started", start, (book.openings.after(offer.opens_after), "it opens"))
