"""What a re-plan leaves as it was: nothing that was shipped, started, dispatched or delivered before its day has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from tandemplan.audit.book import Book
from tandemplan.audit.days import iso, number
from tandemplan.audit.files import RUN, mapping
from tandemplan.audit.findings import Finding
from tandemplan.results.fields import Type
from tandemplan.results.shape import DELIVERIES, MOVES, PRODUCTION, PURCHASES

NAMES = (
    (PURCHASES, ("offer", "lane", "site", "release", "receipt"), "quantity", "shipped"),
    (PRODUCTION, ("item", "site", "alternative", "start"), "started", "start"),
    (MOVES, ("lane", "item", "release", "receipt"), "quantity", "release"),
    (DELIVERIES, ("demand", "delivered"), "quantity", "delivered"),
)


def check_done(book: Book) -> Iterator[Finding]:
    """Yield whether what a re-plan did before its day is not what the plan that it comes from did, by the digest that it holds of that."""
    if book.info.get("verb") != "replan":
        return
    said = mapping(book.info, "replan")
    day = said.get("as_of")
    try:
        until = None if day is None else number(date.fromisoformat(str(day)))
    except ValueError:
        yield Finding(RUN, None, "replan", "replan-day", f"as_of is '{day}', which is no day.")
        return
    if day != mapping(book.info, "options").get("as_of"):
        yield Finding(RUN, None, "replan", "replan-day", f"as_of is {day}; the options say another day.")
    total = hashlib.sha256("\n".join(sorted(_lines(book, until))).encode()).hexdigest()
    if total != said.get("done"):
        message = f"what was done before {day} is not what the plan before did: its digest is another."
        yield Finding(RUN, None, "replan", "replan-done", message)


def _lines(book: Book, until: int | None) -> Iterator[str]:
    """Yield a line for each row that was done before a day."""
    for shape, names, amount, when in NAMES:
        days = {f.name for f in shape.fields if f.type is Type.DATE}
        for row in book.rows(shape):
            if until is not None and getattr(row, when) < until:
                cells = [iso(getattr(row, n)) if n in days else str(getattr(row, n)) for n in names]
                yield f"{shape.name} {' '.join(cells)} {float(getattr(row, amount)):.6f}"
