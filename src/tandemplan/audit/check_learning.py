"""Table `learning`: each operation that learns, in each period in which its routes start something, on the true curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tandemplan.audit.book import Book
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.days import iso
from tandemplan.audit.equations import equal
from tandemplan.audit.findings import RELATIVE, Finding
from tandemplan.audit.learning import learns, school_of
from tandemplan.model.schema import Operation
from tandemplan.results.shape import LEARNING, PRODUCTION

Key = tuple[str, str, str, int]


def check_learning(book: Book) -> Iterator[Finding]:
    """Yield what the table says otherwise than the starts in `production` and the curves of the programme."""
    units, operations = _started(book)
    keys = {f"{_name(key)} from {iso(day)}": None for key, day in units}
    said = [
        (r.line, f"{_name((r.item, r.site, r.alternative, r.step))} from {iso(r.period_start)}")
        for r in book.rows(LEARNING)
    ]
    yield from each_once("learning", "item", said, keys)
    for r in book.rows(LEARNING):
        key = (r.item, r.site, r.alternative, r.step)
        if (key, r.period_start) not in units:
            continue
        operation, where = operations[key], ("learning", r.line, f"step {_name(key)}")
        before, together = book.experience[school_of(operation)][book.horizon.period(r.period_start)]
        rate = book.curves.rate(operation, before, together)
        total = units[key, r.period_start]
        yield from equal(where, "units", r.units, total)
        yield from equal(where, "experience_units", r.experience_units, operation.experience_units + before)
        yield from equal(
            where, "hours_per_unit", r.hours_per_unit, rate.hours, tolerance=1e-6 + 10 * RELATIVE * rate.hours
        )
        yield from equal(where, "first_pass_share", r.first_pass_share, rate.first_pass, tolerance=1e-5)


def _started(book: Book) -> tuple[dict[tuple[Key, int], float], dict[Key, Operation]]:
    units: dict[tuple[Key, int], float] = defaultdict(float)
    operations: dict[Key, Operation] = {}
    for r in book.rows(PRODUCTION):
        route = book.routes.get((r.item, r.site, r.alternative))
        if route is None or not book.horizon.holds(r.end) or r.started <= 0:
            continue
        day = book.horizon.cuts[book.horizon.period(r.end)]
        for o in {s.row: s.operation for s in route.steps if learns(s.operation)}.values():
            key = (o.item, o.site, o.alternative, o.step)
            operations[key] = o
            units[key, day] += r.started
    return units, operations


def _name(key: Key) -> str:
    return "|".join(map(str, key))
