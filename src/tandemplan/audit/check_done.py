"""What stays as it was: nothing done before the day of a re-plan has changed, and a first plan begins nothing before its release fence."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from datetime import date

from tandemplan.audit.book import Book
from tandemplan.audit.days import iso, number
from tandemplan.audit.equations import not_before
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


def check_fence(book: Book) -> Iterator[Finding]:
    """Yield the orders of a first plan that begin before its release fence; what a re-plan adds to another plan its tables do not tell."""
    if book.info.get("verb") != "plan":
        return
    days = math.ceil(book.programme.settings.release_fence_days - 1e-9)
    opening = (book.horizon.start + days, "the release fence ends")
    for shape, column in ((PURCHASES, "release"), (PRODUCTION, "start"), (MOVES, "release")):
        for row in book.rows(shape):
            yield from not_before((shape.name, row.line, f"order '{row.order}'"), column, getattr(row, column), opening)


def _lines(book: Book, until: int | None) -> Iterator[str]:
    """Yield a line for each row that was done before a day."""
    for shape, names, amount, when in NAMES:
        days = {f.name for f in shape.fields if f.type is Type.DATE}
        for row in book.rows(shape):
            if until is not None and getattr(row, when) < until:
                cells = [iso(getattr(row, n)) if n in days else str(getattr(row, n)) for n in names]
                yield f"{shape.name} {' '.join(cells)} {float(getattr(row, amount)):.6f}"
