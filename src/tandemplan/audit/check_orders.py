"""Names of orders: each stands once in a run, so that people and later runs can speak of it."""

from __future__ import annotations

from collections.abc import Iterator

from tandemplan.audit.book import Book
from tandemplan.audit.findings import Finding
from tandemplan.results.shape import MOVES, PRODUCTION, PURCHASES


def check_orders(book: Book) -> Iterator[Finding]:
    """Yield orders without a name, and names that stand twice."""
    seen: set[str] = set()
    for shape in (PURCHASES, PRODUCTION, MOVES):
        for r in book.rows(shape):
            if r.order in seen or not r.order:
                why = f"the name '{r.order}' stands twice." if r.order else "the order has no name."
                yield Finding(shape.name, r.line, "order", f"{shape.name}-order", why)
            seen.add(r.order)
