"""Material: orders move what their processes say, and no stock is ever below zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from tandemplan.audit.findings import QUANTITY_STEP, Finding, allowed, shown
from tandemplan.audit.shop.book import Line, ShopBook
from tandemplan.audit.shop.hours import OpenTime, second
from tandemplan.model.schema import Process, ProcessFlow, ProcessWait, Stock
from tandemplan.results.schedule_shapes import ORDER_FLOWS, ORDERS

HOUR = 3600


class Due(NamedTuple):
    """What an order must move: units of an item at a site, at a moment."""

    item: str
    site: str
    moment: int
    quantity: float


def check_flows(book: ShopBook) -> Iterator[Finding]:
    """Yield orders that do not move what their processes say, and rows of no order, or of other stock than there was."""
    for r in book.rows(ORDER_FLOWS):
        if r.order and r.order not in book.orders:
            message = f"order '{r.order}' is not there."
            yield Finding(ORDER_FLOWS.name, r.line, "order", "flow-order", message)
    for name, r in book.orders.items():
        left = {h.line: h for h in book.moved.get(name, ())}
        for choice in _wanted(book, r):
            taken = next((t for t in (_taken(due, left) for due in choice) if t is not None), None)
            if taken is None:
                what = " or ".join(f"{shown(sum(d.quantity for d in due))} of {due[0].item}" for due in choice if due)
                message = f"order '{name}' does not move {what} at the moment that its process says."
                yield Finding(ORDERS.name, r.line, "process", "flow-missing", message)
                continue
            for line in taken:
                left.pop(line)
        for h in left.values():
            message = f"order '{name}' moves {shown(h.quantity)} of {h.item}, which its process does not say."
            yield Finding(ORDER_FLOWS.name, h.line, "quantity", "flow-unasked", message)
    yield from _on_hand(book)


def _taken(due: Sequence[Due], rows: Mapping[int, Line]) -> list[int] | None:
    """Return the lines of the rows that are what must be moved, None where one is missing."""
    left = dict(rows)
    for d in due:
        line = next((n for n, h in left.items() if _alike(d, h)), None)
        if line is None:
            return None
        left.pop(line)
    return [n for n in rows if n not in left]


def _alike(d: Due, h: Line) -> bool:
    same = (h.item, h.site) == (d.item, d.site) and abs(h.moment - d.moment) <= 1
    return same and abs(h.quantity - d.quantity) <= allowed(d.quantity)


def _wanted(book: ShopBook, r: Line) -> list[list[list[Due]]]:
    """Return what an order must move: alternatives of which each is a list of what moves."""
    process = book.processes.get(r.process)
    if not r.quantity and process is not None and not book.flows.get(r.process):
        return []
    if process is None:
        return [[[Due(r.item, r.site, r.end, -r.quantity)]]]
    if r.process in book.steps and r.order in book.parts:
        return []  # by its steps
    found = _said(book, r, process, ("start", "end"))
    found += _implied(book, r, process, ("start", "end")) if r.process not in book.steps else []
    route, steps = book.processes.get(process.part_of), book.steps.get(process.part_of, ())
    if route is not None and r.part_of:
        ends = [when for when, step in (("start", steps[0]), ("end", steps[-1])) if step.process == r.process]
        found += [*_said(book, r, route, ends), *_implied(book, r, route, ends)]
    return found


def _said(book: ShopBook, r: Line, process: Process, ends: Sequence[str]) -> list[list[list[Due]]]:
    """Return what the flows of a process move at the start or the end of an order, alternatives together."""
    found: dict[str, list[list[Due]]] = {}
    for n, flow in enumerate(book.flows.get(process.process, ())):
        moved = _moved(book, r, flow, process) if flow.when in ends else None
        if moved is not None:
            found.setdefault(flow.choice or f"\n{n}", []).append(moved)
    return list(found.values())


def _implied(book: ShopBook, r: Line, process: Process, ends: Sequence[str]) -> list[list[list[Due]]]:
    """Return what a process makes, sends or delivers of its item where no flow of it, or of its steps, says so."""
    parts = (process.process, *(s.process for s in book.steps.get(process.process, ())))
    flows = [f for name in parts for f in book.flows.get(name, ())]
    found: dict[str, list[list[Due]]] = {}
    sites = {(f.item, f.site or book.processes[f.process].site, f.unit_units + f.fixed_units > 0) for f in flows}
    after = _hold(book, r)
    if process.item and process.kind != "deliver" and "end" in ends and (process.item, process.site, True) not in sites:
        found["\nmade"] = [[Due(process.item, process.site, round(r.end + after), r.quantity)]]
    if "start" not in ends:
        return list(found.values())
    if process.item and process.kind == "deliver" and (process.item, process.site, False) not in sites:
        found["\ndelivered"] = [[Due(process.item, process.site, r.start, -r.quantity)]]
    if process.kind == "move" and (process.item, process.from_site, False) not in sites:
        found["\nsent"] = [[Due(process.item, process.from_site, r.start, -r.quantity)]]
    return list(found.values())


def _hold(book: ShopBook, r: Line) -> float:
    """Return the seconds after the end of an order before what it made may be used; after a last step, its route's too."""
    process = book.processes[r.process]
    steps = book.steps.get(process.part_of, ())
    last = bool(steps) and steps[-1].process == r.process and r.part_of
    return (process.hold_hours + (book.processes[process.part_of].hold_hours if last else 0.0)) * HOUR


def _moved(book: ShopBook, r: Line, flow: ProcessFlow, process: Process) -> list[Due] | None:
    """Return what one flow of an order moves, None where it is not in force."""
    moment = round((r.end if flow.when == "end" else r.start) + flow.offset_hours * HOUR)
    amount = flow.fixed_units + flow.unit_units * r.quantity
    if flow.from_moment is not None and moment < second(flow.from_moment):
        return None
    if flow.to_moment is not None and moment >= second(flow.to_moment):
        return None
    if abs(amount) <= QUANTITY_STEP / 100:
        return []
    if flow.when == "end" and amount > 0:
        moment += round(_hold(book, r))
    site = flow.site or process.site
    if not flow.transfer_units or abs(amount) <= flow.transfer_units * (1 + 1e-9):
        return [Due(flow.item, site, moment, amount)]
    return list(_batches(book, r, flow, amount))


def _batches(book: ShopBook, r: Line, flow: ProcessFlow, amount: float) -> Iterator[Due]:
    """Yield what moves a batch at a time: used as the work of each begins, made as it ends."""
    process = book.processes[r.process]
    calendars = [process.hours_calendar, book.process_site_hours(process)]
    time = book.open_time([*calendars, *(c for s in book.stations_of(r) for c in book.station_calendars(s))])
    count, left, n = -(-abs(amount) // flow.transfer_units), abs(amount), 0
    work = time.between(r.start, r.end)
    while left > QUANTITY_STEP / 100:
        part = min(flow.transfer_units, left)
        done = work * (n + (amount > 0)) // count
        moment = _when(time, r.start, r.end, int(done)) + round(flow.offset_hours * HOUR)
        yield Due(flow.item, flow.site or process.site, moment, part if amount > 0 else -part)
        left, n = left - part, n + 1


def _when(time: OpenTime, begin: int, end: int, done: int) -> int:
    """Return the first moment of an order after which so much of its work is done, by bisection."""
    low, high = begin, end
    while low < high:
        middle = (low + high) // 2
        if time.between(begin, middle) >= done:
            high = middle
        else:
            low = middle + 1
    return low


def _on_hand(book: ShopBook) -> Iterator[Finding]:
    """Yield stock at the beginning that is not that of the programme."""
    right: dict[tuple[str, str], float] = {}
    for s in book.programme[Stock].rows():
        right[s.item, s.site] = right.get((s.item, s.site), 0.0) + s.quantity_units
    said: dict[tuple[str, str], float] = {}
    for r in book.rows(ORDER_FLOWS):
        if not r.order:
            said[r.item, r.site] = said.get((r.item, r.site), 0.0) + r.quantity
    for item, site in sorted(right.keys() | said.keys()):
        one, other = said.get((item, site), 0.0), right.get((item, site), 0.0)
        if abs(one - other) > allowed(other):
            message = f"{item} at '{site}' has {shown(one)} on hand at the beginning; it is {shown(other)}."
            yield Finding(ORDER_FLOWS.name, None, "quantity", "on-hand", message, abs(one - other))


def check_stock(book: ShopBook) -> Iterator[Finding]:
    """Yield stock that is not what has come and gone, and stock below zero that given orders alone do not cause."""
    listed = sorted(book.rows(ORDER_FLOWS), key=lambda r: (r.item, r.site, r.moment, r.quantity < 0, r.line))
    for (item, site), rows in groupby(listed, key=lambda r: (r.item, r.site)):
        yield from _stock(book, f"{item} at '{site}'", list(rows))


def _stock(book: ShopBook, name: str, rows: Sequence[Line]) -> Iterator[Finding]:
    total = alone = size = 0.0
    told = False
    last = [k + 1 == len(rows) or rows[k + 1].moment != r.moment for k, r in enumerate(rows)]
    for r, ends in zip(rows, last, strict=True):
        total += r.quantity
        size += abs(r.quantity)
        order = book.orders.get(r.order)
        given = not r.order or (order is not None and (book.is_given(order) or _waits_in_vain(book, r.item, order)))
        alone += r.quantity if given else 0.0
        if not ends:
            continue
        slack = allowed(size, len(rows))
        if abs(r.stock - total) > slack:
            message = f"of {name} {shown(r.stock)} is left; what came and went leaves {shown(total)}."
            yield Finding(ORDER_FLOWS.name, r.line, "stock", "stock-sum", message, abs(r.stock - total))
        if total < min(alone, 0.0) - slack and not told:
            told = True
            message = f"{shown(-total)} of {name} is used before it is there."
            yield Finding(ORDER_FLOWS.name, r.line, "stock", "stock-below-zero", message, -total)


def _waits_in_vain(book: ShopBook, item: str, order: Line) -> bool:
    """Return whether an approved order would wait for ever for an item that nothing makes, buys or moves."""
    return str(order.status) == "approved" and item not in book.can_be_had


def check_dependencies(book: ShopBook) -> Iterator[Finding]:
    """Yield orders that start before orders that they wait for have made enough."""
    for wait in book.programme[ProcessWait].rows():
        moved: list[tuple[int, int, float, Line]] = []
        for r in book.rows(ORDERS):
            if r.process == wait.waits_for:
                moved.append((round(r.end + wait.hold_hours * HOUR), 0, r.quantity, r))
            if r.process == wait.process:
                moved.append((r.start, 1, -r.quantity * wait.quantity_units, r))
        total = alone = 0.0
        for _, kind, quantity, r in sorted(moved, key=lambda m: (m[0], m[1], m[3].line)):
            total += quantity
            alone += quantity if book.is_given(r) else 0.0
            if kind == 1 and total < min(alone, 0.0) - allowed(quantity, len(moved)) and not book.is_given(r):
                message = f"order '{r.order}' starts before '{wait.waits_for}' has made enough for it."
                yield Finding(ORDERS.name, r.line, "start", "waits-for", message, -total)
