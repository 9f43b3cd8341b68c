"""Work centres: what orders hold is what their processes ask for, no more than there is, in the set-up that is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.shop.book import Line, ShopBook, grouped
from tandemplan.audit.shop.hours import DAY, second
from tandemplan.model.schema import ProcessLoad, SetUp, WorkCentre
from tandemplan.results.schedule_shapes import ORDER_LOADS, ORDERS, SCHEDULE_LOAD

HOUR, WEEK = 3600, 7 * DAY


def said(row: Line, column: str, code: str, message: str, size: float = 0.0) -> Finding:
    """Return a finding about a row of `order_loads`."""
    return Finding(ORDER_LOADS.name, row.line, column, code, f"order '{row.order}' {message}", size)


def check_order_loads(book: ShopBook) -> Iterator[Finding]:
    """Yield orders that do not hold what their process asks for, from their start to their end."""
    for r in book.rows(ORDER_LOADS):
        if r.order not in book.orders or r.work_centre not in book.work_centres:
            yield said(r, "work_centre", "unknown-load", f"or work centre '{r.work_centre}' is not there.")
    for r in book.rows(ORDERS):
        if r.process in book.steps:
            for tool in book.held.get(r.order, ()):
                if (tool.start, tool.end) != (r.start, r.end) and r.status != "confirmed":
                    yield said(
                        tool,
                        "start",
                        "load-time",
                        f"holds the tool '{tool.work_centre}' at other times than its route takes.",
                    )
        if r.process in book.steps or r.process not in book.processes:
            continue
        left = [h for h in book.held.get(r.order, ()) if h.work_centre in book.work_centres]
        tools = [h for h in book.held.get(r.part_of, ()) if h.work_centre in book.work_centres] if r.part_of else []
        yield from _times(r, left)
        for choice in _choices(book, r):
            taken = _taken(book, r, choice, left, tools)
            if taken is None:
                names = " or ".join(f"'{c.work_centre}'" for c in choice)
                message = f"order '{r.order}' does not hold {names} as its process asks for."
                yield Finding(ORDERS.name, r.line, "process", "load-missing", message)
            elif taken in left:
                left.remove(taken)
        for h in left:
            yield said(
                h, "work_centre", "load-unasked", f"holds '{h.work_centre}', which its process does not ask for."
            )


def _times(r: Line, held: Sequence[Line]) -> Iterator[Finding]:
    for h in held:
        right = (r.set_up_start if h.set_up else r.start, r.start, r.end)
        if (h.set_up_start, h.start, h.end) != right:
            yield said(h, "start", "load-time", f"holds '{h.work_centre}' at other times than it takes.")


def _choices(book: ShopBook, r: Line) -> list[list[ProcessLoad]]:
    """Return the loads in force of the process of an order, alternatives together."""
    found: dict[str, list[ProcessLoad]] = {}
    for n, load in enumerate(book.loads.get(r.process, ())):
        begins = load.from_moment is None or r.start >= second(load.from_moment)
        if begins and (load.to_moment is None or r.start < second(load.to_moment)):
            found.setdefault(load.choice or f"\n{n}", []).append(load)
    return list(found.values())


def _taken(
    book: ShopBook, r: Line, choice: Sequence[ProcessLoad], left: Sequence[Line], tools: Sequence[Line]
) -> Line | None:
    """Return the row that one of the alternative loads accounts for, None where there is none."""
    for load in choice:
        listed = tools if load.held and r.part_of else left
        for h in listed:
            if _fits(book, r, load, h):
                return h
    return None


def _fits(book: ShopBook, r: Line, load: ProcessLoad, h: Line) -> bool:
    row = book.work_centres[h.work_centre]
    if not _member(book, row, load.work_centre) or h.set_up != (load.set_up if row.set_up_matrix else ""):
        return False
    if load.skill and load.work_centre != row.work_centre:
        skill = book.skills.get((row.work_centre, load.skill))
        if skill is None or (r.status == "new" and not skill.rank):
            return False
        if skill.from_moment is not None and r.start < second(skill.from_moment):
            return False
        if skill.to_moment is not None and r.start >= second(skill.to_moment):
            return False
    right = load.fixed_units + load.unit_units * r.quantity if row.counts == "buckets" else load.stations
    said_to = float(h.used if row.counts == "buckets" else h.stations)
    return abs(said_to - right) <= allowed(right)


def _member(book: ShopBook, row: WorkCentre, name: str) -> bool:
    """Tell whether a work centre is the one of a name, or a member of that pool."""
    while row.work_centre != name:
        if row.pool not in book.work_centres:
            return False
        row = book.work_centres[row.pool]
    return True


def _stations(book: ShopBook, row: WorkCentre, moment: int) -> float:
    return book.hours(row.stations_calendar).at(moment).value if row.stations_calendar else row.stations


def check_stations(book: ShopBook) -> Iterator[Finding]:
    """Yield work centres that hold more than there is at some moment at which a new order is among them, and buckets that do."""
    by_centre = grouped(book.rows(ORDER_LOADS), lambda h: h.work_centre)
    for name, rows in by_centre.items():
        row = book.work_centres.get(name)
        if row is None:
            continue
        listed = [h for h in rows if h.order in book.orders]
        yield from _buckets(book, row, listed) if row.counts == "buckets" else _overlaps(book, row, listed)


def _overlaps(book: ShopBook, row: WorkCentre, rows: Sequence[Line]) -> Iterator[Finding]:
    """Sweep over the moments at which something begins or ends; the first excess of each order is told."""
    events = [(h.set_up_start, 1, h) for h in rows] + [(h.end, 0, h) for h in rows if h.end > h.set_up_start]
    events = [e for e in events if e[2].end > e[2].set_up_start]
    if row.stations_calendar and events:
        low, high = min(e[0] for e in events), max(e[0] for e in events)
        events += [(s.begin, 2, None) for s in book.hours(row.stations_calendar).within(low, high) if s.begin > low]
    there: dict[int, Line] = {}
    told: set[int] = set()
    total = 0.0
    events.sort(key=lambda e: (e[0], e[1]))
    for k, (moment, kind, h) in enumerate(events):
        if kind == 0:
            there.pop(h.line)
            total -= h.stations
        elif kind == 1:
            there[h.line] = h
            total += h.stations
        if k + 1 < len(events) and events[k + 1][0] == moment:
            continue
        most = _stations(book, row, moment)
        if total > most + allowed(most, len(there)):
            fresh = [o for o in there.values() if book.orders[o.order].status != "confirmed" and o.line not in told]
            if fresh:
                last = max(fresh, key=lambda o: (o.set_up_start, o.line))
                told.add(last.line)
                message = f"is one of {len(there)} that hold {shown(total)} stations of '{row.work_centre}', of {shown(most)}."
                yield said(last, "stations", "overlap", message, total - most)


def _buckets(book: ShopBook, row: WorkCentre, rows: Sequence[Line]) -> Iterator[Finding]:
    used: dict[int, list[Line]] = {}
    hours = book.hours(row.stations_calendar) if row.stations_calendar else None
    for h in rows:
        used.setdefault(hours.at(h.start).begin if hours else 0, []).append(h)
    for begin, listed in used.items():
        most = (hours.at(begin).value if hours else row.stations) * book.speed(row.work_centre, begin)
        total = sum(h.used for h in listed)
        fresh = [h for h in listed if book.orders[h.order].status != "confirmed"]
        if fresh and total > most + allowed(most, len(listed)):
            message = f"is one of {len(listed)} that use {shown(total)} of a bucket of '{row.work_centre}', which holds {shown(most)}."
            yield said(fresh[-1], "used", "bucket", message, total - most)


def check_set_ups(book: ShopBook) -> Iterator[Finding]:
    """Yield stations that are not in the set-up that an order needs, or were not given the time to change into it."""
    matrices = grouped(book.programme[SetUp].rows(), lambda s: s.matrix)
    for name, rows in grouped(book.rows(ORDER_LOADS), lambda h: h.work_centre).items():
        row = book.work_centres.get(name)
        if row is None or not row.set_up_matrix:
            continue
        rules = sorted(matrices.get(row.set_up_matrix, ()), key=lambda s: s.rank)
        time = book.open_time(book.station_calendars(name))
        state = row.set_up
        for h in sorted((h for h in rows if h.set_up), key=lambda h: (h.start, h.end, h.line)):
            if h.set_up_before != state:
                yield said(h, "set_up_before", "set-up", f"finds '{state}' on '{name}', not '{h.set_up_before}'.")
            hours = _change(rules, state, h.set_up)
            given = book.orders[h.order].status == "confirmed" if h.order in book.orders else True
            if hours is None and not given:
                yield said(
                    h,
                    "set_up",
                    "set-up",
                    f"changes '{name}' from '{state}' to '{h.set_up}', for which there is no rule.",
                )
            elif not given and abs(time.between(h.set_up_start, h.start) - (hours or 0.0) * HOUR) > 1:
                message = f"changes '{name}' from '{state}' to '{h.set_up}' in {shown(time.between(h.set_up_start, h.start) / HOUR)} hours, not {shown(hours or 0)}."
                yield said(h, "set_up_start", "set-up", message)
            state = h.set_up


def _change(rules: Sequence[SetUp], before: str, after: str) -> float | None:
    """Return the hours of a change of set-up, None where it may not be."""
    if before == after:
        return 0.0
    for rule in rules:
        if _is(rule.from_set_up, before) and _is(rule.to_set_up, after):
            return rule.hours
    return None


def _is(pattern: str, set_up: str) -> bool:
    return not pattern or re.fullmatch(pattern, set_up) is not None


def check_load(book: ShopBook) -> Iterator[Finding]:
    """Yield rows of `load` that are not what orders use, or what there is, in that time."""
    by_centre = grouped(book.rows(ORDER_LOADS), lambda h: h.work_centre)
    for r in book.rows(SCHEDULE_LOAD):
        row = book.work_centres.get(r.resource)
        if row is None or r.counts != row.counts:
            message = f"'{r.resource}' is no work centre that counts {r.counts}."
            yield Finding(SCHEDULE_LOAD.name, r.line, "resource", "load-row", message)
            continue
        right = (
            _bucket_row(book, row, by_centre.get(r.resource, ()), r)
            if row.counts == "buckets"
            else _week_row(book, row, by_centre.get(r.resource, ()), r)
        )
        for column, value in zip(("available", "used"), right, strict=True):
            if abs(getattr(r, column) - value) > allowed(value) + 0.002:
                message = f"'{r.resource}' has {shown(getattr(r, column))} {column}; it is {shown(value)}."
                yield Finding(SCHEDULE_LOAD.name, r.line, column, "load-row", message, abs(getattr(r, column) - value))


def check_load_rows(book: ShopBook) -> Iterator[Finding]:
    """Yield work centres whose rows of `load` do not hold all that orders use of them from the beginning on."""
    said_of = grouped(book.rows(SCHEDULE_LOAD), lambda r: r.resource)
    for name, rows in grouped(book.rows(ORDER_LOADS), lambda h: h.work_centre).items():
        row = book.work_centres.get(name)
        if row is None:
            continue
        if row.counts == "buckets":
            used = sum(h.used for h in rows if h.start >= book.start)
        else:
            time = book.open_time(book.station_calendars(name))
            spans = ((max(h.set_up_start, book.start), h.end, h.stations) for h in rows if h.end > book.start)
            used = sum(stations * time.between(begin, end) for begin, end, stations in spans) / HOUR
        total = sum(r.used for r in said_of.get(name, ()))
        if abs(total - used) > allowed(used, len(rows)) + 0.01:
            message = f"the rows of '{name}' use {shown(total)} in all; orders use {shown(used)}."
            yield Finding(SCHEDULE_LOAD.name, None, "used", "load-sum", message, abs(total - used))


def _bucket_row(book: ShopBook, row: WorkCentre, rows: Sequence[Line], r: Line) -> tuple[float, float]:
    most = _stations(book, row, r.from_moment) * book.speed(row.work_centre, r.from_moment)
    return most, sum(h.used for h in rows if r.from_moment <= h.start < r.to_moment)


def _week_row(book: ShopBook, row: WorkCentre, rows: Sequence[Line], r: Line) -> tuple[float, float]:
    time = book.open_time(book.station_calendars(row.work_centre))
    there = 0.0
    if row.stations_calendar:
        for s in book.hours(row.stations_calendar).within(r.from_moment, r.to_moment):
            there += s.value * time.between(max(s.begin, r.from_moment), min(s.end, r.to_moment))
    else:
        there = row.stations * time.between(r.from_moment, r.to_moment)
    used = sum(
        h.stations * time.between(max(h.set_up_start, r.from_moment), min(h.end, r.to_moment))
        for h in rows
        if h.end > r.from_moment and h.set_up_start < r.to_moment
    )
    return there / HOUR, used / HOUR
