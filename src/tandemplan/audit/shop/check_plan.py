"""A schedule of a plan's near horizon beside that plan: targets, hours and goods once more, from the tables of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.shop.book import BLANK, Line, ShopBook, grouped, lines_of
from tandemplan.audit.shop.hours import DAY
from tandemplan.model.schema import Stock
from tandemplan.results import shape
from tandemplan.results.schedule_shapes import CAPACITY_FACTORS, DELIVERIES, TARGETS
from tandemplan.results.store import Frame

HOUR = 3600
KINDS = {
    "production": (shape.PRODUCTION, "order", "start", "started"),
    "delivery": (shape.DELIVERIES, "demand", "delivered", "quantity"),
    "move": (shape.MOVES, "order", "receipt", "quantity"),
}
LEAST = 1e-5  # units, and hours, that rows of the plan may have and the schedule leave out


def check_targets(book: ShopBook) -> Iterator[Finding]:
    """Yield targets that are not what is asked for and delivered in the schedule, and what is asked for without a target."""
    delivered = grouped(book.rows(DELIVERIES), lambda r: r.demand)
    named = set()
    for r in book.rows(TARGETS):
        asked = book.asked.get(r.demand)
        named.add(r.demand)
        if asked is None:
            message = f"'{r.demand}' is no demand of the schedule."
            yield Finding(TARGETS.name, r.line, "demand", "target-row", message)
            continue
        parts = [d for d in delivered.get(r.demand, ()) if d.delivered <= asked.latest]
        in_time = sum(d.quantity for d in parts if d.delivered <= r.due)
        late = sum(d.quantity for d in parts if d.delivered > r.due)
        right = {
            "quantity": asked.quantity,
            "due": max(asked.due, r.due) if r.kind == "delivery" else asked.due,
            "in_time": in_time,
            "late": late,
            "undone": max(asked.quantity - in_time - late, 0.0),
            "done": max((d.delivered for d in parts), default=BLANK),
        }
        for column, value in right.items():
            off = abs(getattr(r, column) - value)
            if off > (0 if column in ("due", "done") else allowed(value, len(parts) + 1)):
                message = f"'{r.demand}': {column} is {shown(getattr(r, column))}, but it must be {shown(value)}."
                yield Finding(TARGETS.name, r.line, column, "target-row", message, off)
    if "plan" in book.info:
        for name in book.asked.keys() - named:
            yield Finding(TARGETS.name, None, "demand", "target-missing", f"demand '{name}' is no target.")
    elif named:
        yield Finding(TARGETS.name, None, "", "target-row", "only a schedule of a plan has targets.")


def check_factors(book: ShopBook) -> Iterator[Finding]:
    """Yield rows of capacity factors whose hours are not those of the shifts, or whose factor does not follow from their hours."""
    periods = sorted({r.period_start for r in book.rows(CAPACITY_FACTORS)})
    end = book.start + DAY * _days(book)
    for r in book.rows(CAPACITY_FACTORS):
        later = [p for p in periods if p > r.period_start]
        begin, until = _second(r.period_start), _second(later[0]) if later else end
        right = _present(book, r, begin, until)
        factor = 1.0
        if r.behind_hours > 1e-6 and r.available_hours > 1e-6:
            factor = min(max((r.planned_hours - r.behind_hours) / r.available_hours, 0.0), 1.0)
        for column, value in (("available_hours", right), ("factor", factor)):
            if abs(getattr(r, column) - value) > allowed(value) + 0.001:
                message = f"'{r.resource}': {column} is {shown(getattr(r, column))}, but it must be {shown(value)}."
                yield Finding(CAPACITY_FACTORS.name, r.line, column, "capacity-row", message)
        if r.late_hours > r.planned_hours + allowed(r.planned_hours, 10):
            message = f"'{r.resource}': {shown(r.late_hours)} hours are late of {shown(r.planned_hours)} planned."
            yield Finding(CAPACITY_FACTORS.name, r.line, "late_hours", "capacity-row", message)


def _present(book: ShopBook, row: Line, begin: int, end: int) -> float:
    """Return the hours that the stations of a resource are open, those of a pool's members together."""
    full = f"{row.resource} ({row.kind})"
    name = full if full in book.work_centres else row.resource
    members = [w for w in book.work_centres.values() if w.pool == name]
    stations = members or [w for w in book.work_centres.values() if w.work_centre == name]
    times = ((w, book.open_time(book.station_calendars(w.work_centre))) for w in stations)
    return sum(w.stations * time.between(begin, end) for w, time in times) / HOUR


def _days(book: ShopBook) -> int:
    return int(book.programme.settings.periods.split()[0])


def _second(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY


@dataclass(frozen=True)
class PlanBook:
    """A schedule and the plan that it is of; `plan` are the rows of the plan's tables, `first` and `last` the days of the horizon (the last excluded)."""

    book: ShopBook
    plan: Mapping[str, Sequence[Line]]
    first: date
    last: date

    def within(self, table: str, column: str) -> list[Line]:
        """Return the rows of a table of the plan whose day in a column lies in the horizon."""
        return [r for r in self.plan.get(table, ()) if self.first <= getattr(r, column) < self.last]


def against_plan(book: ShopBook, plan: Mapping[str, Any], frames: Mapping[str, Frame]) -> Iterator[Finding]:
    """Yield what the schedule takes from its plan otherwise than the plan says; `plan` is what the plan's `run.json` says."""
    if plan.get("run") != book.info.get("plan"):
        yield Finding(
            "run.json",
            None,
            "plan",
            "other-plan",
            f"it is of the plan {book.info.get('plan')}, not of {plan.get('run')}.",
        )
        return
    lines = {s.name: lines_of(s, frames[s.name]) for s in shape.SHAPES if s.name in frames}
    days = [date.fromisoformat(str(book.info.get(n))) for n in ("from", "until")]
    both = PlanBook(book, lines, days[0], days[1])
    yield from _targets(both)
    yield from _promises(both)
    yield from _hours(both)
    yield from _goods(both)


def _targets(both: PlanBook) -> Iterator[Finding]:
    """Yield rows of the plan that no target stands for in full, and targets that no row of the plan asks for."""
    for kind, (table, name, day, units) in KINDS.items():
        wanted: dict[str, float] = {}
        for r in both.within(table.name, day):
            if kind != "move" or r.release >= both.first:
                wanted[getattr(r, name)] = wanted.get(getattr(r, name), 0.0) + getattr(r, units)
        said: dict[str, float] = {}
        for r in both.book.rows(TARGETS):
            if r.kind == kind:
                said[r.name] = said.get(r.name, 0.0) + r.quantity
        for row in sorted(wanted.keys() | said.keys()):
            right, is_ = wanted.get(row, 0.0), said.get(row, 0.0)
            if abs(right - is_) > allowed(right, 3) + LEAST:
                message = f"the {kind} '{row}' has a target of {shown(is_)} units; the plan has {shown(right)}."
                yield Finding(TARGETS.name, None, "quantity", "target-plan", message, abs(right - is_))


def _promises(both: PlanBook) -> Iterator[Finding]:
    """Yield deliveries whose target is not due at the end of the plan's day."""
    days = {(r.demand, _second(r.delivered) + DAY) for r in both.within(shape.DELIVERIES.name, "delivered")}
    for r in both.book.rows(TARGETS):
        if r.kind == "delivery" and (r.name, r.due) not in days:
            message = f"the plan does not deliver '{r.name}' on the day of its target."
            yield Finding(TARGETS.name, r.line, "due", "target-plan", message)


def _hours(both: PlanBook) -> Iterator[Finding]:
    """Yield periods of resources in which targets take other hours than the plan counts, or shifts have more than the plan has."""
    said = {(r.kind, r.resource, r.period_start): r for r in both.book.rows(CAPACITY_FACTORS)}
    for r in both.within(shape.LOAD.name, "period_start"):
        row = said.pop((r.kind, r.resource, r.period_start), None)
        planned = row.planned_hours if row else 0.0
        if abs(planned - r.used_hours) > 10 * allowed(r.used_hours, 10) + 1e-4 * r.used_hours:
            message = f"'{r.resource}' has {shown(planned)} planned hours from {r.period_start} on; the plan uses {shown(r.used_hours)}."
            yield Finding(CAPACITY_FACTORS.name, row.line if row else None, "planned_hours", "hours-plan", message)
        there = r.available_hours + r.overtime_hours
        if row and row.available_hours > there + allowed(there, 10):
            message = f"'{r.resource}' has {shown(row.available_hours)} hours from {r.period_start} on; the plan has {shown(there)}."
            yield Finding(CAPACITY_FACTORS.name, row.line, "available_hours", "hours-plan", message)
    for row in said.values():
        message = f"the plan has no '{row.resource}' in a period from {row.period_start} on."
        yield Finding(CAPACITY_FACTORS.name, row.line, "resource", "hours-plan", message)


def _goods(both: PlanBook) -> Iterator[Finding]:
    """Yield goods that come from outside otherwise than the plan says: purchases of the horizon, and stock as it begins."""
    given = {name: o.quantity_units for name, o in both.book.given.items()}
    for r in both.within(shape.PURCHASES.name, "receipt"):
        if abs(given.get(r.order, 0.0) - r.accepted) > allowed(r.accepted) + LEAST:
            message = f"of the purchase '{r.order}' {shown(given.get(r.order, 0.0))} units come; the plan has {shown(r.accepted)}."
            yield Finding("programme", None, "", "goods-plan", message)
    lies = {(r.item, r.site): r.quantity_units for r in both.book.programme[Stock].rows()}
    for r in both.plan.get(shape.STOCK.name, ()):
        if r.period_start == both.first and abs(lies.get((r.item, r.site), 0.0) - r.opening) > allowed(r.opening):
            message = f"{shown(lies.get((r.item, r.site), 0.0))} units of '{r.item}' lie at '{r.site}' at the beginning; the plan has {shown(r.opening)}."
            yield Finding("programme", None, "", "goods-plan", message)
