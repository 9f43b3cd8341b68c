"""What `run.json` repeats of the tables: classes, and the objectives of the stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tandemplan.audit.book import Book, Line
from tandemplan.audit.check_demand import LEAST_SHARE
from tandemplan.audit.equations import Sums, equal
from tandemplan.audit.files import RUN, mapping
from tandemplan.audit.findings import MONEY_STEP, RELATIVE, Finding, allowed
from tandemplan.model.schema import Item
from tandemplan.results.shape import CLASSES, COSTS, DEMAND_SUMMARY, STOCK_TARGETS

REPEATED = ("demanded", "on_time", "late", "lost", "late_unit_days", "value", "bound", "gap")


def check_run(book: Book) -> Iterator[Finding]:
    """Yield what `run.json` says otherwise than the tables."""
    objective = mapping(book.info, "objective")
    rows = {r.demand_class: r for r in book.rows(CLASSES)}
    for entry in entries(objective, "classes"):
        yield from _class(entry, rows)
    for entry in entries(objective, "stages"):
        value = number_of(entry, "value")
        if value is not None:
            yield from _stage(book, entry, value)


def entries(objective: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list inside the objective, none where there is none."""
    found = objective.get(name)
    return [e for e in found if isinstance(e, Mapping)] if isinstance(found, list) else []


def number_of(entry: Mapping[str, Any], name: str) -> float | None:
    """Return a number of a JSON object, None where there is none."""
    value = entry.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _class(entry: Mapping[str, Any], rows: Mapping[int, Line]) -> Iterator[Finding]:
    name = entry.get("demand_class")
    if not isinstance(name, int) or name not in rows:
        yield Finding(RUN, None, "objective", "run-class", f"class '{name}' is not in the table of classes.")
        return
    for column in REPEATED:
        value = number_of(entry, column)
        if value is not None:
            yield from equal((RUN, None, f"class {name}"), column, value, float(getattr(rows[name], column)))


def _stage(book: Book, entry: Mapping[str, Any], value: float) -> Iterator[Finding]:
    where = (RUN, None, f"stage '{entry.get('stage')}'")
    if entry.get("stage") == "cost":
        costs = [r.present_amount for r in book.rows(COSTS) if r.decided]
        rows = sum(len(lines) for lines in book.lines.values())
        yield from equal(where, "value", value, sum(costs), tolerance=MONEY_STEP * rows + RELATIVE * abs(value))
    elif entry.get("stage") == "stock":
        total = _targets(book)
        yield from equal(where, "value", value, total.total, tolerance=total.allowed)
    elif isinstance(entry.get("demand_class"), int):
        yield from _service(book, entry, value)


def _targets(book: Book) -> Sums:
    """Return the days x standard cost (1 where it is 0) x (shortfall + excess) over all policies and periods."""
    total, items = Sums(), book.programme[Item]
    days = dict(zip(book.horizon.cuts, book.horizon.lengths, strict=False))
    for r in book.rows(STOCK_TARGETS):
        row = items.index.get((r.item,))
        cost = 1.0 if row is None else float(items.standard_cost[row]) or 1.0
        total.add(days.get(r.period_start, 0) * cost * (r.shortfall + r.excess))
    return total


def _service(book: Book, entry: Mapping[str, Any], value: float) -> Iterator[Finding]:
    where = (RUN, None, f"stage '{entry.get('stage')}'")
    total, asked = Sums(), 0.0
    for r in book.rows(DEMAND_SUMMARY):
        if (r.demand_class, r.certainty) == (entry["demand_class"], entry.get("certainty")) and r.demand in book.wanted:
            weight = book.wanted[r.demand].weight
            total.add(weight * r.late_unit_days)
            asked += weight * r.quantity
    yield from equal(where, "value", value, total.total, tolerance=total.allowed)
    bound, gap = number_of(entry, "bound"), number_of(entry, "gap")
    if bound is None or gap is None:
        return
    if bound > value + total.allowed:
        yield Finding(RUN, None, "objective", "run-bound", f"{where[2]}: value {value} is below its bound {bound}.")
    scale = max(value, LEAST_SHARE * asked * max(book.horizon.lengths))
    right = max(0.0, value - bound) / scale if scale > 0 else 0.0
    yield from equal(where, "gap", gap, right, tolerance=RELATIVE + allowed(value) / scale if scale > 0 else RELATIVE)
