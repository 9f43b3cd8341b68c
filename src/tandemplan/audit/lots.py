"""Lots: what one start of a route is set up with, and which quantities it may have."""

from __future__ import annotations

from collections.abc import Iterator

from tandemplan.audit.book import Book, Line
from tandemplan.audit.equations import Where, equal_money, equal_text
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.hours import SKILL, WORK_CENTRE, Resource
from tandemplan.audit.routes import Route, open_share, spread_over, whole_lot
from tandemplan.model.schema import Operation


def operations_of(book: Book, route: Route) -> list[tuple[float, Operation]]:
    """Return the operations of a route in order, each with the units entering it per unit started."""
    return [(s.entering, book.programme[Operation].row(s.row)) for s in route.steps]


def set_up_hours(book: Book, route: Route, day: int) -> Iterator[tuple[Resource, float]]:
    """Yield the hours that a lot started on a day takes besides those of its units."""
    for step, (_, operation) in zip(route.steps, operations_of(book, route), strict=True):
        share = open_share(book.dated, step, day)
        if whole_lot(operation) and operation.setup_hours > 0 and share > 0:
            for resource in ((WORK_CENTRE, operation.work_centre), (SKILL, operation.skill)):
                if resource[1]:
                    yield resource, operation.setup_hours / share


def check_lot(book: Book, where: Where, r: Line, route: Route) -> Iterator[Finding]:
    """Yield what is wrong with the lot of one row of `production`."""
    named = operations_of(book, route)
    whole = [o for _, o in named if whole_lot(o)]
    set_up = any(o.setup_cost > 0 or o.minimum_lot_units > 0 or _takes_hours(o) for o in whole)
    yield from equal_text(where, "setups", r.setups, int(set_up and r.started > 0))
    spread = sum(entering * o.setup_cost / spread_over(o) for entering, o in named if not whole_lot(o))
    cost = sum(o.setup_cost for o in whole) if r.started > 0 else 0.0
    yield from equal_money(where, "setup_cost", r.setup_cost, cost + spread * r.started, rate=spread)
    for o in whole:
        if r.started < o.minimum_lot_units - allowed(o.minimum_lot_units):
            message = (
                f"{where[2]}: {shown(r.started)} units are started, but a lot is at least {shown(o.minimum_lot_units)}."
            )
            yield Finding("production", r.line, "started", "production-lot", message, o.minimum_lot_units - r.started)
        if o.lot_multiple_units > 0:
            off = abs(r.started - round(r.started / o.lot_multiple_units) * o.lot_multiple_units)
            if off > allowed(r.started):
                message = f"{where[2]}: {shown(r.started)} units are started, but lots are multiples of {shown(o.lot_multiple_units)}."
                yield Finding("production", r.line, "started", "production-multiple", message, off)


def _takes_hours(operation: Operation) -> bool:
    return operation.setup_hours > 0 and bool(operation.work_centre or operation.skill)
