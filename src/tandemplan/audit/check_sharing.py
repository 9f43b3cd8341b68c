"""Fair sharing: how far each customer of a class is behind, and whether an exchange of two deliveries would be fairer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tandemplan.audit.book import Book, Line
from tandemplan.audit.days import iso
from tandemplan.audit.equations import Sums, equal, equal_text
from tandemplan.audit.findings import Finding, allowed
from tandemplan.audit.scopes import first_day
from tandemplan.audit.sharing import Sharing, sharings_of
from tandemplan.audit.wanted import Wanted
from tandemplan.model.schema import Demand
from tandemplan.results.service_shapes import SHARING
from tandemplan.results.shape import DELIVERIES, DEMAND_SUMMARY

SHARE = 2e-5  # by which a share may be off
FAIRER = 1e-3  # by which one customer must be further behind than another for an exchange to count
UNITS = 0.01  # units that must be there to exchange
Key = tuple[int, str, str, str]


def check_sharing(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the customers that share, and exchanges of two deliveries that would have been fairer."""
    right = {
        (s.demand_class, s.certainty, s.rule, c): s for s in sharings_of(book.programme, book.wanted) for c in s.demands
    }
    seen: set[Key] = set()
    for r in book.rows(SHARING):
        key = (r.demand_class, r.certainty, r.rule, r.customer)
        where = ("sharing", r.line, f"customer '{r.customer}' in class {r.demand_class}")
        if key not in right or key in seen:
            why = "stands twice" if key in seen else f"shares nothing by rule '{r.rule}'"
            yield Finding("sharing", r.line, "customer", "sharing-rows", f"{where[2]} {why}.")
        else:
            yield from _row(book, r, right[key], where)
        seen.add(key)
    for _, _, rule, customer in sorted(right.keys() - seen):
        message = f"customer '{customer}', who shares by rule '{rule}', is missing."
        yield Finding("sharing", None, "customer", "sharing-rows", message)
    if book.info.get("status") == "optimal":
        for sharing in sharings_of(book.programme, book.wanted):
            yield from _exchanges(book, sharing)


def _row(book: Book, r: Line, sharing: Sharing, where: tuple[str, int, str]) -> Iterator[Finding]:
    value, claim = values_of(book, sharing), sharing.claims[r.customer]
    total = Sums()
    for d in sharing.demands[r.customer]:
        total.add(d.weight * late_of(book).get(d.demand, 0.0))
    behind = sharing.behind(value)
    yield from equal_text(where, "policy", r.policy, sharing.policy)
    yield from equal(where, "fair_share", r.fair_share, sharing.shares[r.customer], tolerance=SHARE)
    yield from equal(where, "most", r.most, claim)
    yield from equal(where, "value", r.value, total.total, tolerance=total.allowed)
    yield from equal(where, "served_share", r.served_share, 1 - r.value / claim, tolerance=SHARE)
    yield from equal(where, "behind", r.behind, behind[r.customer], tolerance=SHARE + total.allowed / claim)


def late_of(book: Book) -> dict[str, float]:
    """Return the unit-days by which each demand is late, as the summary prints them."""
    return {r.demand: r.late_unit_days for r in book.rows(DEMAND_SUMMARY)}


def values_of(book: Book, sharing: Sharing) -> dict[str, float]:
    """Return the weighted unit-days by which each customer is late."""
    late = late_of(book)
    return {c: sum(d.weight * late.get(d.demand, 0.0) for d in ds) for c, ds in sharing.demands.items()}


def _exchanges(book: Book, sharing: Sharing) -> Iterator[Finding]:
    """Yield units on one day that went to a customer who is less far behind than one who waits for the same item at the same site.

    Exchanged for what the other is given later, or not at all, they leave the value of the class as it is; so the plan was not the fairest.
    """
    behind = sharing.behind(values_of(book, sharing))
    mine = {d.demand: d for ds in sharing.demands.values() for d in ds if _any_size(book, d)}
    given: dict[tuple[str, str], list[tuple[Line, Wanted]]] = defaultdict(list)
    for r in book.rows(DELIVERIES):
        if r.demand in mine:
            given[r.site, r.item].append((r, mine[r.demand]))
    got = {r.demand: r.on_time + r.late for r in book.rows(DEMAND_SUMMARY)}
    for (site, item), rows in given.items():
        for waits in (d for d in mine.values() if (d.site, d.item) == (site, item)):
            later = [(r.delivered, r.quantity) for r, d in rows if d is waits and r.delivered > d.due]
            missing = waits.quantity - got.get(waits.demand, 0.0)
            later += [(None, missing)] if missing > UNITS else []
            for r, d in rows:
                if behind[waits.customer] > behind[d.customer] + FAIRER and _fairer(book, (r, d), waits, later):
                    message = (
                        f"on {iso(r.delivered)} customer '{d.customer}' is given '{item}' for demand '{d.demand}', though "
                        f"'{waits.customer}', who is further behind, waits for it with demand '{waits.demand}'."
                    )
                    yield Finding("deliveries", r.line, "quantity", "deliveries-unfair", message)
                    return


def _fairer(book: Book, given: tuple[Line, Wanted], waits: Wanted, later: Sequence[tuple[int | None, float]]) -> bool:
    """Tell whether units of a delivery could go to a demand that waits, for units it gets later, with the class as well served."""
    r, other = given
    if r.quantity < UNITS or not first_day(book, waits) <= r.delivered <= waits.latest:
        return False
    for day, units in later:
        possible = day is None or (r.delivered < day <= other.latest and day >= other.opens)
        gain = waits.weight * (_late(waits, day) - _late(waits, r.delivered))
        loss = other.weight * (_late(other, day) - _late(other, r.delivered))
        if possible and units >= UNITS and gain > 0 and abs(gain - loss) <= allowed(gain):
            return True
    return False


def _late(demand: Wanted, day: int | None) -> int:
    return demand.lost_days if day is None else max(0, day - demand.due)


def _any_size(book: Book, demand: Wanted) -> bool:
    """Tell whether parts of a demand may have any size."""
    table = book.programme[Demand]
    return not table.minimum_shipment_units[table.index[(demand.demand,)]] > 0
