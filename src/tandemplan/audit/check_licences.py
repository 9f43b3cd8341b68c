"""Licences: nothing is dispatched without them, no more than they cover, and the table says what goes under each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tandemplan.audit.book import BLANK, Book
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.days import iso, whole_days
from tandemplan.audit.equations import Sums, equal, equal_day, equal_text, over
from tandemplan.audit.findings import Finding
from tandemplan.audit.permits import Shipment, Time, refusals, shipments, singles, times_of
from tandemplan.model.schema import Licence
from tandemplan.results.shape import LICENCES

Key = tuple[str, str, int, str]  # licence, kind, which time, order


@dataclass
class _Permit:
    """A row that the table must have: its days, its cap (None: no limit), and what goes under it."""

    asked: int
    granted: int
    end: int
    cap: float | None
    units: Sums = field(default_factory=Sums)
    days: list[int] = field(default_factory=list)

    def use(self, shipment: Shipment) -> None:
        """Count a dispatch."""
        self.units.add(shipment.row.quantity)
        self.days.append(shipment.day)


def check_licences(book: Book) -> Iterator[Finding]:
    """Yield what is dispatched without a licence or consent, over a cap, or told otherwise by the table."""
    licences = {x.licence: x for x in book.programme[Licence].rows()}
    if not licences:
        yield from each_once("licences", "licence", [(r.line, r.licence) for r in book.rows(LICENCES)], {})
        return
    times, permits = times_of(book), dict[Key, _Permit]()
    for name, listed in times.items():
        for t in listed:
            granted = max(t.begin, book.openings.spans[licences[name].task][1])
            last = book.horizon.end if t.end == BLANK else min(t.end, book.horizon.end)
            if max(granted, book.horizon.start) < last:
                asked = book.openings.spans[licences[name].task][0] if t.number == 1 else t.asked
                cap = licences[name].cap_units
                permits[name, "standing", t.number, ""] = _Permit(asked, granted, t.end, cap)
    for shipment in shipments(book):
        _count(book, shipment, times, permits)
        for why in refusals(book, shipment.needs, times, shipment.asked, shipment.day):
            yield _without(shipment, why)
    for (name, _, number, order), permit in permits.items():
        what = f"licence '{name}'" + (f" for order '{order}'" if order else f" (time {number})")
        yield from over(
            ("licences", None, what), "licences-cap", permit.units, float("nan") if permit.cap is None else permit.cap
        )
    yield from _table(book, permits)


def _without(shipment: Shipment, why: str) -> Finding:
    column = "shipped" if shipment.table == "purchases" else "release"
    message = f"order '{shipment.row.order}' goes on {iso(shipment.day)}, {why}."
    return Finding(shipment.table, shipment.row.line, column, f"{shipment.table}-licence", message)


def _count(book: Book, shipment: Shipment, times: dict[str, list[Time]], permits: dict[Key, _Permit]) -> None:
    """Count a dispatch under the licences that it has, and note those that are for it alone."""
    needs, day = shipment.needs, shipment.day
    for name in needs.standing:
        for t in times[name]:
            if t.holds(day) and (name, "standing", t.number, "") in permits:
                permits[name, "standing", t.number, ""].use(shipment)
    for licence, granted, end in singles(book, needs, shipment.asked):
        permit = _Permit(shipment.asked or 0, granted, end, licence.cap_units)
        permit.use(shipment)
        permits[licence.licence, "per order", 1, shipment.row.order] = permit
    for licence in needs.consents:
        permit = _Permit(day - whole_days(licence.processing_days), day, day + 1, None)
        permit.use(shipment)
        permits[licence.licence, "consent", 1, shipment.row.order] = permit


def _table(book: Book, permits: dict[Key, _Permit]) -> Iterator[Finding]:
    names = {k: " ".join(map(str, k)).strip() for k in permits}
    listed = [(r, (r.licence, r.kind, r.number, r.order)) for r in book.rows(LICENCES)]
    said = [(r.line, " ".join(map(str, k)).strip()) for r, k in listed]
    yield from each_once("licences", "licence", said, dict.fromkeys(names.values()))
    seen: dict[Key, int] = defaultdict(int)
    for r, key in listed:
        permit = permits.get(key)
        seen[key] += 1
        if permit is None or seen[key] > 1:
            continue
        where = ("licences", r.line, f"licence '{r.licence}'" + (f" for order '{r.order}'" if r.order else ""))
        yield from equal_day(where, "asked", r.asked, permit.asked)
        yield from equal_day(where, "granted", r.granted, permit.granted)
        yield from equal_day(where, "valid_until", r.valid_until, permit.end)
        yield from equal_day(where, "first_dispatch", r.first_dispatch, min(permit.days, default=BLANK))
        yield from equal_day(where, "last_dispatch", r.last_dispatch, max(permit.days, default=BLANK))
        tolerance, cap = permit.units.allowed, permit.cap
        yield from equal(where, "units", r.units, permit.units.total, tolerance=tolerance)
        yield from equal_text(where, "capped", r.capped, cap is not None)
        yield from equal(where, "cap", r.cap, cap or 0.0)
        margin = 0.0 if cap is None else cap - permit.units.total
        yield from equal(where, "margin", r.margin, margin, tolerance=tolerance)
