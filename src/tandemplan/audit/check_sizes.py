"""Sizes of orders and shipments: minimums, multiples, part deliveries, and what an offer sends while one smallest order is gathered."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tandemplan.audit.book import Book, Line
from tandemplan.audit.days import iso
from tandemplan.audit.equations import Sums, over
from tandemplan.audit.files import mapping
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.model.schema import Demand, Offer
from tandemplan.results.shape import DELIVERIES, PURCHASES

WEEK = 7.0


def check_sizes(book: Book) -> Iterator[Finding]:
    """Yield orders smaller than they may be or no whole multiple, offers that send too much, and part deliveries that are too small."""
    sent: dict[int, list[Line]] = defaultdict(list)
    relaxed = mapping(book.info, "relaxed")
    for r in book.rows(PURCHASES):
        row = book.programme[Offer].index.get((r.offer,))
        if row is not None and r.offer not in names_of(relaxed, "offers"):
            yield from _order(r, book.programme[Offer].row(row))
        if row is not None:
            sent[row].append(r)
    for row in sorted(sent):
        yield from _capacity(book, row, sent[row])
    yield from _shipments(book, names_of(relaxed, "demands"))


def _order(r: Line, offer: Offer) -> Iterator[Finding]:
    least, many = offer.minimum_order_units, offer.order_multiple_units
    if r.quantity < least - allowed(least):
        message = f"order '{r.order}' is for {shown(r.quantity)}, but the smallest order is {shown(least)}."
        yield Finding("purchases", r.line, "quantity", "purchases-minimum", message, least - r.quantity)
    beyond = abs(r.quantity - many * round(r.quantity / many)) if many > 0 else 0.0
    if beyond > allowed(r.quantity):
        message = f"order '{r.order}' is for {shown(r.quantity)}, but orders are multiples of {shown(many)}."
        yield Finding("purchases", r.line, "quantity", "purchases-multiple", message, beyond)


def smallest_order(offer: Offer) -> float:
    """Return the smallest order of an offer: its minimum, raised to a whole multiple.

    >>> smallest_order(Offer(offer="O", item="A", minimum_order_units=7, order_multiple_units=5))
    10.0
    """
    least, many = offer.minimum_order_units, offer.order_multiple_units
    return max(math.ceil(least / many - 1e-9), 1) * float(many) if many > 0 else least


def _capacity(book: Book, row: int, lines: Sequence[Line]) -> Iterator[Finding]:
    """Yield the windows in which an offer sends more than they hold.

    A window is the shortest run of whole periods that holds one smallest order, from each period on.
    """
    horizon, offer = book.horizon, book.programme[Offer].row(row)
    most = horizon.sums(book.dated.values("offers", row, "capacity_units_per_week", horizon.days) / WEEK).tolist()
    sent: dict[int, list[float]] = defaultdict(list)
    for r in lines:
        if horizon.holds(r.shipped):
            sent[horizon.period(r.shipped)].append(r.quantity)
    for first in range(len(most)):
        after, holds = _window(most, first, smallest_order(offer))
        total = Sums()
        for units in (u for t in range(first, after) for u in sent.get(t, ())):
            total.add(units)
        last = "" if after == first + 1 else f" and the {after - first - 1} after it"
        what = f"offer '{offer.offer}' sends units in the period from {iso(horizon.cuts[first])}{last}"
        yield from over(("purchases", None, what), "offer-capacity", total, holds)


def _window(most: Sequence[float], first: int, least: float) -> tuple[int, float]:
    """Return the period after a window that starts with `first`, and what it holds (nan: no limit).

    >>> _window([2, 2, 7, 0, 3], 1, 6), _window([2, 2, 7, 0, 3], 3, 6), _window([2, 2, 7, 0, 3], 4, 6)
    ((3, 9), (4, 0), (5, 6))
    """
    after, holds = first + 1, most[first]
    while 0 < holds < least - allowed(least) and after < len(most) and most[first] > 0:
        holds += most[after]
        after += 1
    return after, max(holds, least) if most[first] > 0 else holds


def names_of(relaxed: Mapping[str, object], kind: str) -> Sequence[object]:
    """Return the names that a run says it has relaxed."""
    found = relaxed.get(kind)
    return found if isinstance(found, list) else ()


def _shipments(book: Book, relaxed: Sequence[object]) -> Iterator[Finding]:
    """Yield part deliveries that are smaller than the minimum shipment of their demand and do not complete it."""
    given: dict[str, list[Line]] = defaultdict(list)
    for r in book.rows(DELIVERIES):
        given[r.demand].append(r)
    for name, lines in given.items():
        row, demand = book.programme[Demand].index.get((name,)), book.wanted.get(name)
        if row is None or demand is None or name in relaxed:
            continue
        least, left = float(book.programme[Demand].minimum_shipment_units[row]), demand.quantity
        for r in sorted(lines, key=lambda line: int(line.delivered)):
            if r.quantity < min(least, left) - allowed(demand.quantity, len(lines)):
                message = f"demand '{name}' is given {shown(r.quantity)} of {shown(left)}, but a shipment is {shown(least)} or all that is left."
                yield Finding(
                    "deliveries", r.line, "quantity", "deliveries-minimum", message, min(least, left) - r.quantity
                )
            left -= r.quantity
