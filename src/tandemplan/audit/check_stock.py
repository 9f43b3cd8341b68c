"""Stock: every movement counted once, nothing taken before it is there, room for what lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tandemplan.audit.book import Book, Line, Node
from tandemplan.audit.days import iso
from tandemplan.audit.equations import Sums, equal, equal_money, over
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.model.schema import Item, Site
from tandemplan.results.shape import STOCK

ARRIVALS = ("purchased", "made", "moved_in", "open_orders")
DEPARTURES = ("used", "moved_out", "delivered")
KINDS = (*ARRIVALS, *DEPARTURES)
NOTHING = Sums()
Counted = Mapping[str, Mapping[int, Sums]]


def check_stock(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with stock over periods: columns, chain, balance, and periods that are not there."""
    by_node = nodes_of(book)
    for node in book.flows:
        if node not in by_node and any(
            s.size > s.allowed for kind in count(book, node).values() for s in kind.values()
        ):
            message = f"'{node[1]}' moves at site '{node[0]}', but the table does not show it."
            yield Finding("stock", None, "item", "stock-missing", message)
    for node, rows in by_node.items():
        yield from _chain(book, node, rows)
        counted = count(book, node)
        for r in rows:
            yield from _row(book, r, counted)


def nodes_of(book: Book) -> Mapping[Node, list[Line]]:
    """Return the rows of `stock` by node."""
    found: dict[Node, list[Line]] = defaultdict(list)
    for r in book.rows(STOCK):
        found[r.site, r.item].append(r)
    return found


def count(book: Book, node: Node) -> Counted:
    """Return what came and went at a node, by column of `stock` and period; open orders from the node's next day on."""
    found: dict[str, dict[int, Sums]] = defaultdict(lambda: defaultdict(Sums))
    for f in book.flows.get(node, ()):
        day = book.node_day_from(node, f.day) if f.kind == "open_orders" else f.day
        if book.horizon.holds(day):
            found[f.kind][book.horizon.period(day)].add(f.units)
    return found


def _chain(book: Book, node: Node, rows: Sequence[Line]) -> Iterator[Finding]:
    what, item = f"'{node[1]}' at site '{node[0]}'", book.programme[Item].index.get((node[1],))
    site = not node[0] or (node[0],) in book.programme[Site].index
    if item is None or not site:
        yield Finding("stock", rows[0].line, "item" if site else "site", "stock-node", f"there is no {what}.")
    starts = [r.period_start for r in rows]
    if starts != list(book.horizon.cuts[:-1]):
        line = next((r.line for r, day in zip(rows, book.horizon.cuts, strict=False) if r.period_start != day), None)
        message = f"{what}: every period must stand once, in order; {len(rows)} rows for {len(book.horizon.lengths)}."
        yield Finding("stock", line, "period_start", "stock-periods", message)
    before = ever = book.opening.get(node, 0.0)
    for r in rows:
        yield from equal(("stock", r.line, what), "opening", r.opening, before)
        before, ever = r.closing, ever + abs(r.inflow)
        if r.closing < -allowed(ever):
            message = f"{what}: closing is {shown(r.closing)}; stock cannot be below zero."
            yield Finding("stock", r.line, "closing", "stock-negative", message, -r.closing)


def _row(book: Book, r: Line, counted: Counted) -> Iterator[Finding]:
    where = ("stock", r.line, f"'{r.item}' at site '{r.site}'")
    if r.period_start not in book.horizon.begins:
        return
    period = book.horizon.period(r.period_start)
    for kind in KINDS:
        total, said = counted.get(kind, {}).get(period, NOTHING), getattr(r, kind)
        if said != total.total:  # most rows move nothing: the rest is looked at closely
            yield from equal(where, kind, said, total.total, tolerance=total.allowed)
    inflow, outflow = _arrived(r), _departed(r)
    if r.inflow != inflow or r.outflow != outflow:
        yield from equal(where, "inflow", r.inflow, inflow)
        yield from equal(where, "outflow", r.outflow, outflow)
    closing = r.opening + r.inflow - r.outflow
    if r.closing != closing:
        size = abs(r.opening) + abs(r.inflow) + abs(r.outflow)
        yield from equal(where, "closing", r.closing, closing, tolerance=allowed(size))
    item = book.programme[Item].index.get((r.item,))
    if item is not None:
        days = book.horizon.lengths[period]
        share = book.programme.settings.holding_per_year_share * days / 365
        rate = float(book.programme[Item].standard_cost[item]) * share
        yield from equal_money(where, "holding_cost", r.holding_cost, r.closing * rate, rate=rate)


def _arrived(r: Line) -> float:
    return float(r.purchased + r.made + r.moved_in + r.open_orders)


def _departed(r: Line) -> float:
    return float(r.used + r.moved_out + r.delivered)


def check_cover(book: Book) -> Iterator[Finding]:
    """Yield the nodes at which more has left by some day than was there and had come, arrivals before departures."""
    for node, flows in book.flows.items():
        held, size, worst, when = book.opening.get(node, 0.0), 0.0, 0.0, 0
        for f in sorted(flows, key=lambda f: (f.day, f.kind in DEPARTURES)):
            held += -f.units if f.kind in DEPARTURES else f.units
            size += abs(f.units)
            if held + allowed(size) < worst:
                worst, when = held + allowed(size), f.day
        if worst < 0:
            message = f"'{node[1]}' at site '{node[0]}': by {iso(when)} {shown(-worst)} more have left than had come."
            yield Finding("stock", None, "closing", "stock-cover", message, -worst)


def check_storage(book: Book) -> Iterator[Finding]:
    """Yield the sites where more lies at the end of a period than there is room for."""
    room: dict[tuple[int, int], Sums] = defaultdict(Sums)
    hazard: dict[tuple[int, int], Sums] = defaultdict(Sums)
    items, sites = book.programme[Item], book.programme[Site]
    for r in book.rows(STOCK):
        item, site = items.index.get((r.item,)), sites.index.get((r.site,))
        if item is None or site is None or r.period_start not in book.horizon.begins:
            continue
        at = (site, book.horizon.period(r.period_start))
        volume, weight = float(items.volume_m3[item]), float(items.weight_kg[item])
        room[at].add(r.closing * volume, volume)
        if items.hazard[item]:
            hazard[at].add(r.closing * weight, weight)
    for column, unit, totals in (("storage_m3", "m3", room), ("hazard_storage_kg", "kg of hazardous goods", hazard)):
        for (site, period), total in sorted(totals.items()):
            most = book.dated.on("sites", site, column, book.horizon.cuts[period + 1] - 1)
            what = (
                f"site '{sites.site[site]}' holds {unit} at the end of the period from {iso(book.horizon.cuts[period])}"
            )
            yield from over(("stock", None, what), "storage", total, most)
