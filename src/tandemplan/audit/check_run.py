"""What `run.json` repeats of the tables: classes, cost and totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tandemplan.audit.book import Book, Line
from tandemplan.audit.equations import equal
from tandemplan.audit.files import RUN, mapping
from tandemplan.audit.findings import Finding
from tandemplan.results.shape import CLASSES

REPEATED = ("demanded", "on_time", "late", "lost", "late_unit_days", "value", "bound", "gap")


def check_run(book: Book) -> Iterator[Finding]:
    """Yield what `run.json` says otherwise than the tables."""
    rows = {r.demand_class: r for r in book.rows(CLASSES)}
    said = mapping(book.info, "objective").get("classes", ())
    for entry in said if isinstance(said, list) else ():
        if isinstance(entry, Mapping):
            yield from _class(entry, rows)


def _class(entry: Mapping[str, Any], rows: Mapping[int, Line]) -> Iterator[Finding]:
    name = entry.get("demand_class")
    if not isinstance(name, int) or name not in rows:
        yield Finding(RUN, None, "objective", "run-class", f"class '{name}' is not in the table of classes.")
        return
    for column in REPEATED:
        if is_number(entry.get(column)):
            yield from equal(
                (RUN, None, f"class {name}"), column, float(entry[column]), float(getattr(rows[name], column))
            )


def is_number(value: object) -> bool:
    """Say whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
