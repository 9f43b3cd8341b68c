"""Demand: every delivery may be made, every demand is accounted for, every class has the value it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tandemplan.audit.book import BLANK, Book, Line
from tandemplan.audit.days import iso
from tandemplan.audit.equations import Sums, equal, equal_day, equal_money, equal_text, not_before
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.wanted import Wanted
from tandemplan.results.shape import CLASSES, DELIVERIES, DEMAND_SUMMARY

NAMES = ("contract", "customer", "demand_class", "site", "item")
SUMMARY_NAMES = ("customer", "demand_class", "certainty", "item", "site")
LEAST_SHARE = 0.001
LOST_DUST = 1e-5  # units: less than this is no loss (docs/semantics.md)


def check_deliveries(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with single deliveries, and demands that get more than they ask for."""
    given: dict[str, Sums] = defaultdict(Sums)
    for r in book.rows(DELIVERIES):
        demand = book.wanted.get(r.demand)
        if demand is None:
            message = f"there is no demand '{r.demand}' that counts."
            yield Finding("deliveries", r.line, "demand", "deliveries-demand", message)
            continue
        where = ("deliveries", r.line, f"demand '{r.demand}'")
        for name in NAMES:
            yield from equal_text(where, name, getattr(r, name), getattr(demand, name))
        yield from _day(book, r, demand)
        if r.quantity < 0:
            message = f"{where[2]} is given {shown(r.quantity)}."
            yield Finding("deliveries", r.line, "quantity", "deliveries-negative", message, -r.quantity)
        late = max(0, r.delivered - demand.due)
        rate = demand.damages_per_unit(late)
        yield from equal_money(where, "damages", r.damages, r.quantity * rate, rate=rate)
        given[r.demand].add(r.quantity)
    for name, total in given.items():
        asked = book.wanted[name].quantity
        if total.total > asked + total.allowed + allowed(asked):
            message = f"demand '{name}' is given {shown(total.total)}, but asks for {shown(asked)}."
            yield Finding("deliveries", None, "quantity", "deliveries-too-much", message, total.total - asked)


def _day(book: Book, r: Line, demand: Wanted) -> Iterator[Finding]:
    where = ("deliveries", r.line, f"demand '{r.demand}'")
    yield from equal_day(where, "due", r.due, demand.due)
    late = max(0, r.delivered - demand.due)
    yield from equal(where, "late_days", r.late_days, late, tolerance=0.0)
    yield from not_before(where, "delivered", r.delivered, (demand.opens, "it opens"))
    if r.delivered > demand.latest:
        message = f"{where[2]}: delivered is {iso(r.delivered)}, but the last day is {iso(demand.latest)}."
        yield Finding("deliveries", r.line, "delivered", "deliveries-too-late", message, r.delivered - demand.latest)
    elif r.delivered <= demand.due and (r.site, r.item) in book.phases:
        last = book.node_day_until((r.site, r.item), demand.due)
        yield from equal_day(where, "delivered", r.delivered, r.delivered if last is None else last)


def check_demand_summary(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the summary of demands: each that counts stands once, and adds up."""
    given: dict[str, list[Line]] = defaultdict(list)
    for r in book.rows(DELIVERIES):
        given[r.demand].append(r)
    yield from each_once(
        "demand_summary", "demand", [(r.line, r.demand) for r in book.rows(DEMAND_SUMMARY)], book.wanted
    )
    for r in book.rows(DEMAND_SUMMARY):
        demand = book.wanted.get(r.demand)
        if demand is not None:
            where = ("demand_summary", r.line, f"demand '{r.demand}'")
            for name in SUMMARY_NAMES:
                yield from equal_text(where, name, getattr(r, name), getattr(demand, name))
            yield from equal(where, "quantity", r.quantity, demand.quantity)
            yield from equal_day(where, "due", r.due, demand.due)
            yield from _outcome(r, demand, given.get(r.demand, ()))


def _outcome(r: Line, demand: Wanted, given: Sequence[Line]) -> Iterator[Finding]:
    where, rows = ("demand_summary", r.line, f"demand '{r.demand}'"), len(given) + 1
    near = allowed(demand.quantity, rows)
    on_time = sum(d.quantity for d in given if d.delivered <= demand.due)
    late = sum(d.quantity for d in given if d.delivered > demand.due)
    lost = max(0.0, round(demand.quantity - on_time - late, 6))
    lost = lost if lost >= LOST_DUST else 0.0
    yield from equal(where, "on_time", r.on_time, on_time, tolerance=near)
    yield from equal(where, "late", r.late, late, tolerance=near)
    yield from equal(where, "lost", r.lost, lost, tolerance=near)
    days = sum(d.quantity * max(0, d.delivered - demand.due) for d in given) + lost * demand.lost_days
    yield from equal(
        where, "late_unit_days", r.late_unit_days, days, tolerance=allowed(days, rows) + lost_slack(demand)
    )
    last = max((d.delivered for d in given), default=BLANK)
    yield from equal_day(where, "last_delivery", r.last_delivery, last)
    rate = demand.damages_per_unit(demand.lost_days)
    damages = sum(d.damages for d in given) + lost * rate
    yield from equal_money(where, "damages", r.damages, damages, rows=rows, rate=rate)
    yield from equal_money(where, "lost_revenue", r.lost_revenue, lost * demand.price, rate=demand.price)


def lost_slack(demand: Wanted) -> float:
    """Return the unit-days of what may be missing from a demand that counts as delivered, being the solver's dust.

    >>> from types import SimpleNamespace
    >>> lost_slack(SimpleNamespace(lost_days=700))
    0.007
    """
    return round(LOST_DUST * max(demand.lost_days, 0), 12)


def check_classes(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the classes: sums over their demands, values, bounds and gaps."""
    by_class: dict[int, list[Line]] = defaultdict(list)
    for r in book.rows(DEMAND_SUMMARY):
        by_class[r.demand_class].append(r)
    known = {d.demand_class for d in book.wanted.values()}
    yield from each_once("classes", "demand_class", [(r.line, r.demand_class) for r in book.rows(CLASSES)], known)
    for r in book.rows(CLASSES):
        where, demands = ("classes", r.line, f"class {r.demand_class}"), by_class.get(r.demand_class, [])
        for column, source in (
            ("demanded", "quantity"),
            *((c, c) for c in ("on_time", "late", "lost", "late_unit_days")),
        ):
            total = Sums()
            for d in demands:
                total.add(getattr(d, source))
            yield from equal(where, column, getattr(r, column), total.total, tolerance=total.allowed)
        yield from _value(book, r, demands)


def _value(book: Book, r: Line, demands: Sequence[Line]) -> Iterator[Finding]:
    where = ("classes", r.line, f"class {r.demand_class}")
    total, units = Sums(), 0.0
    for d in demands:
        if d.demand in book.wanted:
            weight = book.wanted[d.demand].weight
            total.add(weight * d.late_unit_days)
            units += weight * d.quantity
    yield from equal(where, "value", r.value, total.total, tolerance=total.allowed)
    least = LEAST_SHARE * units * max(book.horizon.lengths)
    if r.bound > r.value + total.allowed:
        message = f"{where[2]}: value is {shown(r.value)}, below its bound {shown(r.bound)}."
        yield Finding("classes", r.line, "bound", "classes-bound", message, r.bound - r.value)
    scale = max(r.value, least)
    gap = max(0.0, r.value - r.bound) / scale if scale > 0 else 0.0
    yield from equal(where, "gap", r.gap, gap, tolerance=1e-6 + (total.allowed / scale if scale > 0 else 0.0))


def each_once(
    table: str, column: str, said: Sequence[tuple[int, object]], right: Mapping[str, object] | set[int]
) -> Iterator[Finding]:
    """Yield the names that stand twice in a table, that should not stand there, and that do not."""
    seen: set[object] = set()
    for line, name in said:
        if name not in right or name in seen:
            why = "stands twice" if name in seen else "is none of those that count"
            yield Finding(table, line, column, f"{table.replace('_', '-')}-rows", f"{column} '{name}' {why}.")
        seen.add(name)
    for name in sorted(set(right) - seen, key=str):
        yield Finding(table, None, column, f"{table.replace('_', '-')}-rows", f"{column} '{name}' is missing.")
