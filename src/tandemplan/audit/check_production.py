"""Production: routes that exist and are open, good and scrapped units, the period whose hours are used."""

from __future__ import annotations

from collections.abc import Iterator

from tandemplan.audit.book import Book, Line
from tandemplan.audit.days import iso
from tandemplan.audit.equations import equal, equal_day, equal_text, not_before
from tandemplan.audit.findings import Finding
from tandemplan.audit.lots import check_lot
from tandemplan.audit.routes import Route, at_rates, open_share
from tandemplan.model.schema import Site
from tandemplan.results.shape import PRODUCTION


def check_production(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with single production orders."""
    for r in book.rows(PRODUCTION):
        route = book.routes.get((r.item, r.site, r.alternative))
        if route is None:
            way = f"by alternative '{r.alternative}'" if r.alternative else "without an alternative"
            message = f"order '{r.order}': site '{r.site}' has no steps to make '{r.item}' {way}."
            yield Finding("production", r.line, "alternative", "production-route", message)
            continue
        yield from equal_text(_where(r), "route", r.route, route_name(r.item, r.alternative))
        yield from _units(book, r, route)
        yield from check_lot(book, _where(r), r, route)
        if not book.horizon.holds(r.end):
            continue  # check_phases says so
        yield from equal_day(_where(r), "start", r.start, book.horizon.cuts[book.horizon.period(r.end)])
        yield from _openings(book, r, route)


def route_name(item: str, alternative: str) -> str:
    """Return how tables print a route.

    >>> route_name("A", ""), route_name("A", "kit")
    ('A', 'A|kit')
    """
    return f"{item}|{alternative}" if alternative else item


def _where(r: Line) -> tuple[str, int, str]:
    return "production", r.line, f"order '{r.order}'"


def _units(book: Book, r: Line, route: Route) -> Iterator[Finding]:
    """Yield units that are not those of the true yields."""
    if r.started < 0:
        message = f"order '{r.order}' starts {r.started}."
        yield Finding("production", r.line, "started", "production-negative", message, -r.started)
    good = route.good
    if book.horizon.holds(r.end):
        good = at_rates(route, book.rates(route, book.horizon.period(r.end)))[1]
    yield from equal(_where(r), "good", r.good, r.started * good)
    yield from equal(_where(r), "scrapped", r.scrapped, r.started - r.good)


def _openings(book: Book, r: Line, route: Route) -> Iterator[Finding]:
    site = book.programme[Site].index.get((r.site,))
    if site is not None:
        opens = book.openings.after(book.programme[Site].opens_after[site])
        yield from not_before(_where(r), "end", r.end, (opens, f"site '{r.site}' opens"))
    for step in route.steps:
        yield from not_before(_where(r), "end", r.end, (step.opens, "an operation, or what it works with, opens"))
        if open_share(book.dated, step, r.end) == 0:
            yield Finding(
                *_where(r)[:2], "end", "production-closed", f"{_where(r)[2]}: a step is closed on {iso(r.end)}."
            )
    if route.bill is None:
        return
    lines = route.bill.in_force(r.end)
    if not lines:
        message = f"order '{r.order}': no line of the bill of '{r.item}' is in force on {iso(r.end)}."
        yield Finding("production", r.line, "end", "production-bill", message)
    for line, opens in lines:
        yield from not_before(_where(r), "end", r.end, (opens, f"component '{line.component}' opens in the bill"))
