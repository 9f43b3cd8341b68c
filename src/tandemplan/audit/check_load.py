"""Load: hours present, hours used, overtime; each resource in each period once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tandemplan.audit.book import Book
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.check_investments import in_use
from tandemplan.audit.check_people import crews
from tandemplan.audit.check_shifts import worked
from tandemplan.audit.days import iso
from tandemplan.audit.equations import ROUNDING, Sums, equal, equal_money, equal_text
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.hours import Resource, hours_present
from tandemplan.audit.lots import set_up_hours
from tandemplan.audit.routes import Step, at_rates, counter_steps, open_share
from tandemplan.results.shape import DELIVERIES, LOAD, MOVES, PRODUCTION, PURCHASES

Used = Mapping[tuple[Resource, int], Sums]


def check_load(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the load of resources."""
    present = hours_present(
        book.dated, book.nominal, book.horizon, crews(book), bought=in_use(book), shifts=worked(book)
    )
    used, closed = hours_used(book)
    yield from closed
    keys = {f"{kind} {name} from {iso(day)}" for kind, name in present for day in book.horizon.cuts[:-1]}
    said = [(r.line, f"{r.kind} {r.resource} from {iso(r.period_start)}") for r in book.rows(LOAD)]
    yield from each_once("load", "resource", said, dict.fromkeys(keys))
    for r in book.rows(LOAD):
        found = present.get((r.kind, r.resource))
        if found is None or r.period_start not in book.horizon.cuts[:-1]:
            continue
        where, period = ("load", r.line, f"{r.kind} '{r.resource}'"), book.horizon.period(r.period_start)
        total = used.get(((r.kind, r.resource), period), Sums())
        yield from equal_text(where, "site", r.site, found.site)
        yield from equal(where, "available_hours", r.available_hours, float(found.hours[period]))
        yield from equal(where, "used_hours", r.used_hours, total.total, tolerance=total.allowed)
        sway = ROUNDING * float(found.sway[period]) if len(found.sway) else 0.0
        near = total.allowed + allowed(r.available_hours) + sway
        extra = max(0.0, r.used_hours - r.available_hours)
        yield from equal(where, "overtime_hours", r.overtime_hours, extra, tolerance=near)
        most = float(found.overtime[period])
        if extra > most + near:
            message = f"{where[2]}: {shown(r.used_hours)} hours are used, but {shown(r.available_hours)} are there"
            message += f" and {shown(most)} of overtime; off by {shown(extra - most)}."
            yield Finding("load", r.line, "used_hours", "load-over", message, extra - most)
        rate = found.overtime_cost
        yield from equal_money(where, "overtime_cost", r.overtime_cost, r.overtime_hours * rate, rate=rate)


def hours_used(book: Book) -> tuple[Used, list[Finding]]:
    """Return the hours that all rows take by resource and period, and the rows whose steps are closed that day."""
    used: dict[tuple[Resource, int], Sums] = defaultdict(Sums)
    closed: list[Finding] = []
    receive = counter_steps(book.dated, book.openings, "receive")
    deliver = counter_steps(book.dated, book.openings, "deliver")
    for r in book.rows(PRODUCTION):
        route = book.routes.get((r.item, r.site, r.alternative))
        if route is not None:
            steps = (
                at_rates(route, book.rates(route, book.horizon.period(r.end)))[0] if book.horizon.holds(r.end) else ()
            )
            _take(book, used, (r.end, r.started), steps)
            for resource, hours in set_up_hours(book, route, r.end) if book.horizon.holds(r.end) else ():
                used[resource, book.horizon.period(r.end)].add(hours)
    work = [("purchases", r, r.receipt, receive.get((r.item, r.site), ())) for r in book.rows(PURCHASES)]
    work += [("moves", r, r.receipt, receive.get((r.item, r.to_site), ())) for r in book.rows(MOVES)]
    work += [("deliveries", r, r.delivered, deliver.get((r.item, r.site), ())) for r in book.rows(DELIVERIES)]
    for table, r, day, steps in work:
        if not _take(book, used, (day, r.quantity), steps):
            message = f"'{r.item}' cannot be handled on {iso(day)}: a step, or what it works with, is closed."
            closed.append(Finding(table, r.line, "", f"{table}-closed", message))
    return used, closed


def _take(book: Book, used: dict[tuple[Resource, int], Sums], done: tuple[int, float], steps: Sequence[Step]) -> bool:
    day, units = done
    open_ = True
    for step in steps if book.horizon.holds(day) else ():
        share = open_share(book.dated, step, day)
        open_ = open_ and share > 0 and day >= step.opens
        for resource, hours in step.hours.items():
            if share > 0:
                rate = step.entering * hours / share
                used[resource, book.horizon.period(day)].add(units * rate, rate)
    return open_
