"""Orders: their lots, their working time, the steps of routes, and orders that are given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.shop.book import BLANK, Line, ShopBook
from tandemplan.audit.shop.hours import second
from tandemplan.model.schema import Process
from tandemplan.results.schedule_shapes import ORDERS

HOUR, QUANTITY = 3600, 1e-6
KINDS = ("make", "buy", "move", "deliver")


def said(row: Line, column: str, code: str, message: str, size: float = 0.0) -> Finding:
    """Return a finding about a row of `orders`."""
    return Finding(ORDERS.name, row.line, column, code, f"order '{row.order}' {message}", size)


def check_lots(book: ShopBook) -> Iterator[Finding]:
    """Yield orders of no process, of a lot that may not be, that end when their process is not in force, or whose words are wrong."""
    names: set[str] = set()
    for r in book.rows(ORDERS):
        if r.order in names:
            yield said(r, "order", "order-twice", "stands there twice.")
        names.add(r.order)
        if r.quantity < 0 or (r.quantity == 0 and r.status == "new"):
            yield said(r, "quantity", "order-quantity", f"is of {shown(r.quantity)} units.")
        process = book.processes.get(r.process)
        if process is None:
            yield from _at_once(book, r)
            continue
        yield from _words(r, process)
        if r.status == "new":
            yield from _lot(book, r, process)


def _at_once(book: ShopBook, r: Line) -> Iterator[Finding]:
    """Yield an order of no process that is no delivery from stock, which takes no time."""
    asked = book.asked.get(r.demand)
    if r.process or asked is None:
        yield said(r, "process", "unknown-process", f"is of the process '{r.process}', which is not in processes.")
        return
    if (r.kind, r.item, r.site) != ("deliver", asked.item, asked.site):
        yield said(r, "kind", "order-words", f"is to {r.kind} {r.item} at '{r.site}', not what its demand asks for.")
    if r.start != r.end:
        yield said(r, "end", "order-time", "delivers from stock, which takes no time, but ends after it starts.")
    if asked.processes:
        yield said(r, "process", "order-words", "delivers from stock, but its demand names processes.")


def _words(r: Line, process: Process) -> Iterator[Finding]:
    right = {"kind": process.kind, "item": process.item, "site": process.site}
    for column, word in right.items():
        if getattr(r, column) != word:
            message = f"has the {column} '{getattr(r, column)}'; its process has '{word}'."
            yield said(r, column, "order-words", message)


def _lot(book: ShopBook, r: Line, process: Process) -> Iterator[Finding]:
    if process.part_of and not r.part_of:
        yield said(r, "part_of", "lone-step", f"is a step of the route '{process.part_of}', but part of no order.")
    if process.rank == 0 and not process.part_of:
        yield said(r, "process", "by-hand", f"is new, but process '{process.process}' is of rank 0.")
    if process.from_moment is not None and r.end < second(process.from_moment):
        yield said(r, "end", "not-in-force", "ends before its process is in force.")
    if process.to_moment is not None and r.end > second(process.to_moment):
        yield said(r, "end", "not-in-force", "ends when its process is no longer in force.")
    if r.part_of:
        return
    least = process.minimum_units
    if process.minimum_calendar:
        least = book.hours(process.minimum_calendar).at(r.end).value
    slack = allowed(r.quantity)
    if r.quantity < least - slack:
        yield said(r, "quantity", "lot-minimum", f"is of {shown(r.quantity)} units, below {shown(least)}.")
    if process.most_units is not None and r.quantity > process.most_units + slack:
        yield said(r, "quantity", "lot-most", f"is of {shown(r.quantity)} units, above {shown(process.most_units)}.")
    if process.multiple_units > 0:
        off = abs(r.quantity - round(r.quantity / process.multiple_units) * process.multiple_units)
        if off > slack:
            message = f"is of {shown(r.quantity)} units, no multiple of {shown(process.multiple_units)}."
            yield said(r, "quantity", "lot-multiple", message, off)


def check_times(book: ShopBook) -> Iterator[Finding]:
    """Yield orders that start too early, or whose working time is not that of their process."""
    for r in book.rows(ORDERS):
        process = book.processes.get(r.process)
        if r.end < r.start or r.set_up_start > r.start:
            yield said(r, "end", "order-time", "ends before it starts, or starts before its set-up.")
            continue
        if process is None or r.status == "confirmed":
            continue
        if r.set_up_start != r.start and not any(h.set_up for h in book.held.get(r.order, ())):
            yield said(r, "set_up_start", "order-time", "has time for a change of set-up, but needs none.")
        fenced = r.start < book.start + process.fence_hours * HOUR - 1
        if r.status == "new" and (fenced or r.set_up_start < book.start):
            yield said(r, "start", "too-early", "starts before new orders of its process may.")
        if process.process not in book.steps:
            yield from _worked(book, r, process)


def _worked(book: ShopBook, r: Line, process: Process) -> Iterator[Finding]:
    """Yield an order whose open time is not what its lot takes, or that starts or ends in time that is not worked."""
    stations = book.stations_of(r)
    calendars = [process.hours_calendar, book.process_site_hours(process)]
    calendars += [c for s in stations for c in book.station_calendars(s)]
    time = book.open_time(calendars)
    speed = min((book.speed(s, r.start) for s in stations), default=1.0)
    needed = (process.fixed_hours + r.quantity * process.unit_hours) * HOUR / speed
    worked = time.between(r.start, r.end)
    printed = QUANTITY * process.unit_hours * HOUR / speed  # what the last digit of its quantity takes
    if abs(worked - needed) > 1 + 1e-9 * needed + printed:
        message = f"has {shown(worked / HOUR)} hours of working time; its lot takes {shown(needed / HOUR)}."
        yield said(r, "end", "working-time", message, abs(worked - needed) / HOUR)
    elif needed >= 1 and not (time.between(r.start, r.start + 1) and time.between(r.end - 1, r.end)):
        yield said(r, "start", "closed", "starts or ends in time that is not worked.")


def check_routes(book: ShopBook) -> Iterator[Finding]:
    """Yield routes whose steps are not all there, of their lot, one after the other, and from their start to their end.

    Of a route that is under way steps may be done, so that they are not there.
    """
    for r in book.rows(ORDERS):
        if r.part_of and r.part_of not in book.orders:
            yield said(r, "part_of", "lone-step", f"is part of the order '{r.part_of}', which is not there.")
        steps = book.steps.get(r.process)
        if not steps or r.status == "confirmed":
            continue
        parts = sorted(book.parts.get(r.order, ()), key=lambda p: _place(steps, p.process))
        named = [p.process for p in parts]
        wanted = [s.process for s in steps if s.process in named or r.status == "new"]
        if named != wanted:
            yield said(r, "process", "route-steps", f"has the steps {named}.")
            continue
        if not parts:
            continue
        for one, other in pairwise(parts):
            ready = one.end + book.processes[one.process].hold_hours * HOUR
            if other.start < ready - 1:
                yield said(other, "start", "route-order", f"starts before the step before it, '{one.order}', is done.")
        if any(abs(p.quantity - r.quantity) > allowed(r.quantity) for p in parts):
            yield said(r, "quantity", "route-lot", "is of another lot than its steps.")
        if (r.start, r.end) != (parts[0].start, parts[-1].end):
            yield said(r, "start", "route-time", "does not start with its first step and end with its last.")


def _place(steps: object, process: str) -> int:
    names = [s.process for s in steps]  # type: ignore[attr-defined]
    return names.index(process) if process in names else len(names)


def check_given(book: ShopBook) -> Iterator[Finding]:
    """Yield given orders that are missing or not as they are given, and orders that only say that they are given."""
    for name, row in book.given.items():
        r = book.orders.get(name)
        if r is None:
            message = f"order '{name}', which is given, is not there."
            yield Finding(ORDERS.name, None, "order", "given-missing", message)
            continue
        if (r.process, r.status) != (row.process, row.status) or abs(r.quantity - row.quantity_units) > allowed(
            r.quantity
        ):
            yield said(r, "process", "given-changed", "is not of the process, status and quantity that are given.")
        for column in ("start", "end"):
            wanted = getattr(row, column)
            moment = BLANK if wanted is None else second(wanted)
            is_at = getattr(r, column)
            off = is_at != moment if row.status == "confirmed" else is_at < moment
            if row.status == "approved" and (book.parts.get(name) or (column == "end" and row.start is not None)):
                continue  # a route is where its steps are, and an order with a start takes its own time
            if moment != BLANK and off:
                yield said(r, column, "given-changed", f"does not {column} when it is given.")
    for r in book.rows(ORDERS):
        if r.status != "new" and r.order not in book.given:
            yield said(r, "status", "given-unknown", f"is {r.status}, but not among the orders that are given.")
