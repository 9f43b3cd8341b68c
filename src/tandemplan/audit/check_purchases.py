"""Purchases: who may sell what to where, when it is ordered, sent and received, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator

from tandemplan.audit.book import Book, Line
from tandemplan.audit.days import iso
from tandemplan.audit.equations import equal, equal_day, equal_money, equal_text, not_before
from tandemplan.audit.findings import Finding
from tandemplan.audit.ways import Lead, latest_open, lead_of, serves
from tandemplan.model.schema import Item, Lane, Offer, Site
from tandemplan.results.shape import PURCHASES


def check_purchases(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with single purchases; `check_sizes` looks at how large they are."""
    leads: dict[tuple[int, str, str], Lead | None] = {}
    offers: dict[int, Offer] = {}
    for r in book.rows(PURCHASES):
        row = book.programme[Offer].index.get((r.offer,))
        if row is None:
            yield Finding(
                "purchases", r.line, "offer", "purchases-offer", f"order '{r.order}': there is no offer '{r.offer}'."
            )
            continue
        offer = offers[row] = offers.get(row) or book.programme[Offer].row(row)
        yield from _names(r, offer)
        yield from _amounts(book, r, offer)
        key = (row, r.lane, r.site)
        if key not in leads:
            served = serves(book.programme, offer, r.lane, r.site)
            leads[key] = lead_of(book.dated, book.openings, book.horizon, key) if served else None
        lead = leads[key]
        if lead is None:
            way = f"by lane '{r.lane}'" if r.lane else "without a lane"
            message = f"order '{r.order}': offer '{r.offer}' does not reach site '{r.site}' {way}."
            yield Finding("purchases", r.line, "lane", "purchases-way", message)
            continue
        yield from _days(book, r, lead)
        yield from _openings(book, r)


def _names(r: Line, offer: Offer) -> Iterator[Finding]:
    where = ("purchases", r.line, f"order '{r.order}'")
    yield from equal_text(where, "supplier", r.supplier, offer.supplier)
    yield from equal_text(where, "item", r.item, offer.item)


def _amounts(book: Book, r: Line, offer: Offer) -> Iterator[Finding]:
    where = ("purchases", r.line, f"order '{r.order}'")
    if r.quantity < 0:
        yield Finding(*where[:2], "quantity", "purchases-negative", f"{where[2]} buys {r.quantity}.", -r.quantity)
    yield from equal(where, "accepted", r.accepted, r.quantity * offer.acceptance_share)
    yield from equal(where, "price", r.price, offer.unit_price)
    yield from equal_money(where, "cost", r.cost, r.accepted * offer.unit_price, rate=offer.unit_price)
    item, lane = book.programme[Item].index.get((r.item,)), book.programme[Lane].index.get((r.lane,))
    if item is not None:
        kg_cost = 0.0 if lane is None else float(book.programme[Lane].kg_cost[lane])
        rate = float(book.programme[Item].weight_kg[item]) * kg_cost
        yield from equal_money(where, "transport_cost", r.transport_cost, r.quantity * rate, rate=rate)


def _days(book: Book, r: Line, lead: Lead) -> Iterator[Finding]:
    where = ("purchases", r.line, f"order '{r.order}'")
    ordered = latest_open(lead, book.horizon, r.receipt) if book.horizon.holds(r.receipt) else None
    if ordered is None:
        message = (
            f"{where[2]} is received on {iso(r.receipt)}, but no open day of order arrives within the plan by then."
        )
        yield Finding("purchases", r.line, "receipt", "purchases-receipt", message)
        return
    yield from equal_day(where, "release", r.release, ordered)
    yield from equal_day(where, "shipped", r.shipped, ordered + int(lead.dispatch[ordered - book.horizon.start]))


def _openings(book: Book, r: Line) -> Iterator[Finding]:
    programme, where = book.programme, ("purchases", r.line, f"order '{r.order}'")
    lane, site = programme[Lane].index.get((r.lane,)), programme[Site].index.get((r.site,))
    if lane is not None:
        opens = book.openings.after(programme[Lane].opens_after[lane])
        yield from not_before(where, "shipped", r.shipped, (opens, f"lane '{r.lane}' opens"))
    if site is not None:
        opens = book.openings.after(programme[Site].opens_after[site])
        yield from not_before(where, "receipt", r.receipt, (opens, f"site '{r.site}' opens"))
