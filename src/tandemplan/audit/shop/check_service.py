"""Demands: what is delivered to whom, when, and how far classes are served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.shop.book import BLANK, Asked, Line, ShopBook, grouped
from tandemplan.audit.shop.hours import DAY
from tandemplan.results.schedule_shapes import CLASSES, DELIVERIES, DEMAND_SUMMARY, ORDERS

LEAST_SHARE, WEEK_DAYS = 0.001, 7


def _row(shape: str, r: Line, column: str, code: str, message: str) -> Finding:
    return Finding(shape, r.line, column, code, message)


def check_deliveries(book: ShopBook) -> Iterator[Finding]:
    """Yield deliveries that no order makes, orders whose delivery is missing, and deliveries that may not be."""
    delivering = {r.order: r for r in book.rows(ORDERS) if r.demand}
    seen: set[str] = set()
    for r in book.rows(DELIVERIES):
        order, asked = delivering.get(r.order), book.asked.get(r.demand)
        if order is None or asked is None or r.order in seen:
            yield _row("deliveries", r, "order", "delivery-order", f"order '{r.order}' does not deliver '{r.demand}'.")
            continue
        seen.add(r.order)
        right = {
            "demand": order.demand, "customer": asked.customer, "demand_class": asked.demand_class, "site": asked.site,
            "item": asked.item, "due": asked.due, "delivered": order.end,
        }  # fmt: skip
        for column, value in right.items():
            if getattr(r, column) != value:
                message = f"the delivery by '{r.order}' has the {column} {getattr(r, column)}, not {value}."
                yield _row("deliveries", r, column, "delivery", message)
        if abs(r.quantity - order.quantity) > allowed(order.quantity):
            yield _row("deliveries", r, "quantity", "delivery", f"'{r.order}' delivers {shown(order.quantity)} units.")
        if abs(r.late_days - max(order.end - asked.due, 0) / DAY) > 2e-6:
            yield _row("deliveries", r, "late_days", "delivery", f"'{r.order}' is not {shown(r.late_days)} days late.")
    for name, order in delivering.items():
        if name not in seen:
            message = f"order '{name}' delivers '{order.demand}', but is not among deliveries."
            yield _row("orders", order, "demand", "delivery-missing", message)
        yield from _fits(book, order)
    yield from _parts(book)


def _fits(book: ShopBook, order: Line) -> Iterator[Finding]:
    """Yield an order that delivers a demand by a process that may not."""
    asked, process = book.asked.get(order.demand), book.processes.get(order.process)
    if asked is None or process is None or order.status == "confirmed":
        return
    named = order.process in asked.processes
    usual = process.kind == "deliver" and (process.item, process.site) == (asked.item, asked.site)
    if not (named or (usual and not asked.processes)):
        message = f"order '{order.order}' delivers '{order.demand}' by '{order.process}', which may not."
        yield _row("orders", order, "process", "delivery-process", message)


def _parts(book: ShopBook) -> Iterator[Finding]:
    """Yield demands of which more is delivered than asked for, in parts that are too small, or after their latest moment."""
    for name, rows in grouped(book.rows(DELIVERIES), lambda r: r.demand).items():
        asked = book.asked.get(name)
        if asked is None:
            continue
        total = sum(r.quantity for r in rows)
        if total > asked.quantity + allowed(total, len(rows)):
            message = f"'{name}' is delivered {shown(total)} units; it asks for {shown(asked.quantity)}."
            yield _row("deliveries", rows[-1], "quantity", "over-delivery", message)
        left = asked.quantity
        for r in sorted(rows, key=lambda r: (r.delivered, r.line)):
            least, left = min(asked.least, left), left - r.quantity
            given = r.order in book.orders and book.is_given(book.orders[r.order])
            if r.quantity < least - allowed(least) and not given:
                message = f"'{name}' is delivered {shown(r.quantity)} units at once; the least is {shown(asked.least)}."
                yield _row("deliveries", r, "quantity", "minimum-shipment", message)
            if r.delivered > asked.latest and not given:
                yield _row("deliveries", r, "delivered", "too-late", f"'{name}' is delivered after its latest moment.")


def check_groups(book: ShopBook) -> Iterator[Finding]:
    """Yield demands of a group of which some are delivered in full at one moment, and others not."""
    rows = grouped(book.rows(DELIVERIES), lambda r: r.demand)
    for name, members in grouped((a for a in book.asked.values() if a.group), lambda a: a.group).items():
        moments = {r.delivered for a in members for r in rows.get(a.demand, ())}
        missing = [
            a for a in members if sum(r.quantity for r in rows.get(a.demand, ())) < a.quantity - allowed(a.quantity)
        ]
        if moments and (missing or len(moments) > 1):
            message = f"the demands of group '{name}' are not all delivered in full at one moment."
            yield Finding(DELIVERIES.name, None, "delivered", "group", message)


def check_summary(book: ShopBook) -> Iterator[Finding]:
    """Yield rows of `demand_summary` that are not what deliveries sum up to, and demands that are missing there."""
    rows = grouped(book.rows(DELIVERIES), lambda r: r.demand)
    counts = Counter(r.demand for r in book.rows(DEMAND_SUMMARY))
    for name in sorted(book.asked.keys() - counts.keys()):
        yield Finding(DEMAND_SUMMARY.name, None, "demand", "summary", f"demand '{name}' is not there.")
    for r in book.rows(DEMAND_SUMMARY):
        asked = book.asked.get(r.demand)
        if asked is None or counts[r.demand] > 1:
            yield _row("demand_summary", r, "demand", "summary", f"demand '{r.demand}' is not asked for, or not once.")
            continue
        yield from _summed(r, asked, [d for d in rows.get(r.demand, ()) if d.delivered <= asked.latest])


def _summed(r: Line, asked: Asked, listed: list[Line]) -> Iterator[Finding]:
    on_time = sum(d.quantity for d in listed if d.delivered <= asked.due)
    late = sum(d.quantity for d in listed if d.delivered > asked.due)
    days = sum(d.quantity * max(d.delivered - asked.due, 0) / DAY for d in listed)
    numbers = {
        "quantity": asked.quantity, "on_time": on_time, "late": late,
        "lost": max(asked.quantity - on_time - late, 0.0), "late_unit_days": days,
    }  # fmt: skip
    for column, value in numbers.items():
        if abs(getattr(r, column) - value) > allowed(value, max(len(listed), 1)):
            message = f"'{r.demand}' has {shown(getattr(r, column))} {column}, not {shown(value)}."
            yield _row("demand_summary", r, column, "summary", message)
    words = {
        "customer": asked.customer, "demand_class": asked.demand_class, "item": asked.item, "site": asked.site,
        "due": asked.due, "last_delivery": max((d.delivered for d in listed), default=BLANK),
    }  # fmt: skip
    for column, word in words.items():
        if getattr(r, column) != word:
            yield _row("demand_summary", r, column, "summary", f"'{r.demand}' has another {column}: {word}.")


def check_classes(book: ShopBook) -> Iterator[Finding]:
    """Yield rows of `classes` that are not what demands sum up to, that lie below their bound, or whose gap does not follow."""
    by_class = grouped(book.rows(DEMAND_SUMMARY), lambda r: r.demand_class)
    rows = book.rows(CLASSES)
    if [r.demand_class for r in rows] != sorted(by_class):
        message = f"classes are {[r.demand_class for r in rows]}; those of demands are {sorted(by_class)}."
        yield Finding(CLASSES.name, None, "demand_class", "classes", message)
        return
    sums = {
        "demanded": "quantity",
        "on_time": "on_time",
        "late": "late",
        "lost": "lost",
        "late_unit_days": "late_unit_days",
    }
    for r in rows:
        listed = by_class[r.demand_class]
        for column, of in sums.items():
            value = sum(getattr(d, of) for d in listed)
            if abs(getattr(r, column) - value) > allowed(value, len(listed)):
                message = f"class {r.demand_class} has {shown(getattr(r, column))} {column}, not {shown(value)}."
                yield _row("classes", r, column, "classes", message)
        slack = allowed(r.late_unit_days, len(listed))
        if r.lost_bound > r.lost + slack or (
            abs(r.lost - r.lost_bound) <= slack and r.bound > r.late_unit_days + slack
        ):
            yield _row("classes", r, "bound", "below-bound", f"class {r.demand_class} is served better than its bound.")
        share = max(r.late_unit_days - r.bound, 0.0) / max(
            r.late_unit_days, LEAST_SHARE * WEEK_DAYS * max(r.demanded, 1e-9)
        )
        if abs(r.gap - share) > 1e-5 * max(share, 1.0):
            yield _row("classes", r, "gap", "classes", f"class {r.demand_class} has a gap of {shown(share)}.")
