"""Certificates of origin: what is inside what counts adds up to receipts and to content, and its share from outside is within limits."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tandemplan.audit.book import BLANK, Book, Line, open_order_day
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.days import iso
from tandemplan.audit.equations import ROUNDING, Sums, equal, equal_day, equal_money, equal_share, over
from tandemplan.audit.findings import MONEY_STEP, Finding, shown
from tandemplan.audit.origin import Certificates, Due, Who
from tandemplan.model.schema import OpenOrder, Stock
from tandemplan.results.origin_shapes import ORIGIN, ORIGIN_PARTS
from tandemplan.results.shape import DELIVERIES, PRODUCTION, PURCHASES

Group = frozenset[Who]
Lot = tuple[str, str, str, int]  # item, kind, source, first day of its bill (BLANK: it is not made)
Content = tuple[int, Group, str]  # day after the window, what it counts for, item
Part = tuple[Line, Group]
MADE = "made"


def check_origin(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the certificates of origin."""
    asked = Certificates(book.programme, book.horizon)
    sound: list[Part] = []
    for r in book.rows(ORIGIN_PARTS):
        found, group = list(_part(asked, r)), group_of(asked, r.counts_for)
        yield from found
        if not found and group is not None:
            sound.append((r, group))
    yield from _twice(book.rows(ORIGIN_PARTS))
    yield from _lots(book, asked, sound)
    yield from _contents(book, asked, sound)
    yield from _shares(book, asked, sound)


def group_of(asked: Certificates, text: str) -> Group | None:
    """Return the subjects that a cell names, None where it names anything else or in another order."""
    known = {f"contract {c}" if c else i: (i, c) for i, c in asked.limited}
    names = text.split("; ") if text else []
    right = sorted(known.get(n, ("", "")) for n in names)
    listed = [f"contract {c}" if c else i for i, c in right]
    return frozenset(right) if listed == names and len(set(names)) == len(names) and ("", "") not in right else None


def _where(r: Line) -> tuple[str, int, str]:
    return ("origin_parts", r.line, f"item '{r.item}' from {r.kind} '{r.source}' by {iso(r.window_end)}")


def _part(asked: Certificates, r: Line) -> Iterator[Finding]:
    """Yield what is wrong with one row by itself."""
    where = _where(r)
    if r.window_end + 1 not in asked.windows:
        yield Finding(*where[:2], "window_end", "origin-parts-window", f"{where[2]}: no window ends on that day.")
    if group_of(asked, r.counts_for) is None:
        message = f"{where[2]}: '{r.counts_for}' is nothing that a rule of origin limits."
        yield Finding(*where[:2], "counts_for", "origin-parts-counts-for", message)
    if r.quantity < 0:
        yield Finding(*where[:2], "quantity", "origin-parts-negative", f"{where[2]}: {shown(r.quantity)}.", -r.quantity)
    if r.kind == MADE:
        yield from _bill(asked, r)
        price, share = 0.0, 0.0
    else:
        yield from equal_day(where, "bill_from", r.bill_from, BLANK)
        lot = asked.lots.get((r.item, r.kind, r.source))
        if lot is None:
            yield Finding(*where[:2], "source", "origin-parts-source", f"{where[2]}: there is no such source.")
            return
        price, share = lot
    yield from equal(where, "unit_price", r.unit_price, price)
    yield from equal(where, "third_country_share", r.third_country_share, share)
    yield from equal_money(where, "cost", r.cost, r.quantity * price, rate=price)
    yield from equal_money(where, "other_cost", r.other_cost, r.quantity * price * share, rate=price)


def _bill(asked: Certificates, r: Line) -> Iterator[Finding]:
    where, bill = _where(r), _bill_of(r.source)
    if bill[0] != r.item or (bill[1] and bill not in asked.bills) or not asked.horizon.holds(r.bill_from):
        yield Finding(*where[:2], "source", "origin-parts-source", f"{where[2]}: there is no such bill.")
    else:
        yield from equal_day(where, "bill_from", r.bill_from, asked.first(bill, r.bill_from))


def _bill_of(source: str) -> tuple[str, str]:
    item, _, alternative = source.partition("|")
    return item, alternative


def _twice(rows: Sequence[Line]) -> Iterator[Finding]:
    seen = set()
    for r in rows:
        key = (r.window_end, r.counts_for, r.item, r.kind, r.source, r.bill_from)
        if key in seen:
            message = f"{_where(r)[2]} stands twice for '{r.counts_for}'."
            yield Finding("origin_parts", r.line, "source", "origin-parts-twice", message)
        seen.add(key)


def _lot(r: Line) -> Lot:
    return r.item, r.kind, r.source, r.bill_from


def _lots(book: Book, asked: Certificates, rows: list[Part]) -> Iterator[Finding]:
    """Yield lots of which more is inside what counted by the end of a window than had come by then."""
    come = _come(book, asked)
    taken: dict[Lot, list[Line]] = defaultdict(list)
    for r, _ in rows:
        taken[_lot(r)].append(r)
    for lot, lines in taken.items():
        for day in sorted({r.window_end + 1 for r in lines}):
            total, there = Sums(), Sums()
            for r in lines:
                total.add(r.quantity if r.window_end < day else 0.0)
            for when, units in come.get(lot, ()):
                there.add(units if when < day else 0.0)
            what = f"{lot[1]} '{lot[2]}' of item '{lot[0]}', units inside what counted by {iso(day - 1)}"
            yield from over(("origin_parts", None, what), "origin-parts-lots", total, there.total + there.allowed)


def _come(book: Book, asked: Certificates) -> Mapping[Lot, list[tuple[int, float]]]:
    """Return the days on which units of each lot come, and how many."""
    found: dict[Lot, list[tuple[int, float]]] = defaultdict(list)
    for r in book.rows(PURCHASES):
        found[r.item, "purchase", r.offer, BLANK].append((r.receipt, r.accepted))
    for r in book.rows(PRODUCTION):
        if r.item in asked.inside and book.horizon.holds(r.end):
            bill = (r.item, r.alternative)
            source = f"{r.item}|{r.alternative}" if r.alternative else r.item
            found[r.item, MADE, source, asked.first(bill, r.end)].append((r.end, r.good))
    for order in book.programme[OpenOrder].rows():
        day = open_order_day(order, book.horizon)
        found[order.item, "open order", order.order, BLANK].append((day, order.quantity_units))
    for lot in book.programme[Stock].rows():
        found[lot.item, "stock", lot.offer, BLANK].append((book.horizon.start, lot.quantity_units))
    return found


def _contents(book: Book, asked: Certificates, rows: list[Part]) -> Iterator[Finding]:
    """Yield the windows in which units are not, or more than, what is inside what counts."""
    right, said = _leaving(book, asked), defaultdict[Content, Sums](Sums)
    for r, group in rows:
        said[r.window_end + 1, group, r.item].add(r.quantity)
        if r.kind == MADE:
            for component, units in asked.lines(_bill_of(r.source), r.bill_from):
                inner = group | asked.own(component)
                right[r.window_end + 1, inner, component].add(units * r.quantity, units)
    for key in sorted({*right, *said}, key=lambda k: (k[0], sorted(k[1]), k[2])):
        day, group, item = key
        names = ", ".join(f"contract {c}" if c else i for i, c in sorted(group)) or "others"
        where = ("origin_parts", None, f"item '{item}' inside what counted for {names} by {iso(day - 1)}")
        one, other = said.get(key, Sums()), right.get(key, Sums())
        yield from equal(where, "quantity", one.total, other.total, tolerance=one.allowed + other.allowed)


def _leaving(book: Book, asked: Certificates) -> dict[Content, Sums]:
    """Return what leaves the accounts in each window: deliveries, and uses by what is not in them."""
    found: dict[Content, Sums] = defaultdict(Sums)

    def add(day: int, item: str, contract: str, units: float, *, rate: float = 1.0) -> None:
        window = bisect_right(asked.windows, day)
        if window < len(asked.windows):
            found[asked.windows[window], asked.own(item, contract), item].add(units, rate)

    for r in book.rows(DELIVERIES):
        wanted = book.wanted.get(r.demand)
        if r.item in asked.inside and wanted is not None:
            add(r.delivered, r.item, wanted.contract, r.quantity)
    for r in book.rows(PRODUCTION):
        if r.item not in asked.inside:
            for component, units in asked.lines((r.item, r.alternative), r.end):
                if component in asked.inside:
                    add(r.end, component, "", units * r.started, rate=units)
    return found


def _shares(book: Book, asked: Certificates, rows: list[Part]) -> Iterator[Finding]:
    due = {_key(d.rule, d.who, d.day): d for d in asked.due}
    said = [(r, _key(r.rule, (r.product, r.contract), r.evidence)) for r in book.rows(ORIGIN)]
    yield from each_once("origin", "evidence", [(r.line, key) for r, key in said], due)
    for r, key in said:
        if key in due:
            yield from _share(r, due[key], rows)


def _key(rule: str, who: Who, day: int) -> str:
    return f"of {who[0]}{f', contract {who[1]},' if who[1] else ''} under {rule} by {iso(day)}"


def _share(r: Line, due: Due, rows: list[Part]) -> Iterator[Finding]:
    name = f"contract '{due.who[1]}'" if due.who[1] else f"product '{due.who[0]}'"
    where = ("origin", r.line, f"{name} under rule '{due.rule}' by {iso(due.day)}")
    units, cost, outside, beyond = Sums(), Sums(), Sums(), Sums()
    for part, group in rows:
        if part.window_end < due.until and due.who in group:
            rate = part.unit_price + MONEY_STEP / ROUNDING
            cost.add(part.cost, rate)
            outside.add(part.other_cost, rate)
            beyond.add(part.other_cost - due.high * part.cost, rate)
            units.add(part.quantity if part.item == due.who[0] else 0.0)
    yield from equal(where, "units", r.units, units.total, tolerance=units.allowed)
    yield from equal_money(where, "eligible_cost", r.eligible_cost, cost.total - outside.total)
    yield from equal_money(where, "other_cost", r.other_cost, outside.total)
    yield from equal_share(where, "share", r.share, outside.total / cost.total if cost.total > 0 else 0.0)
    yield from equal(where, "limit", r.limit, due.high)
    yield from equal_money(where, "margin", r.margin, due.high * cost.total - outside.total)
    yield from over((*where[:2], f"{where[2]}, cost from outside beyond the limit"), "origin-limit", beyond, 0.0)
