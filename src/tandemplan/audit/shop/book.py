"""What the audit of a schedule reads: printed rows by order, and the programme by process and work centre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from types import SimpleNamespace
from typing import Any, TypeVar

import numpy as np

from tandemplan.audit.days import Horizon
from tandemplan.audit.hours import calendar_factor
from tandemplan.audit.shop.hours import DAY, Hours, OpenTime, by_days, by_rules, second, second_of_day
from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    CalendarHours,
    Contract,
    Customer,
    Demand,
    Process,
    ProcessFlow,
    ProcessLoad,
    ProcessOrder,
    Site,
    WorkCentre,
    WorkCentreSkill,
)
from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.schedule_shapes import ORDER_FLOWS, ORDER_LOADS, ORDERS, SCHEDULE_SHAPES
from tandemplan.results.store import Frame

Line = Any  # a row of a result table: its cells by column name, moments in seconds, and `line` in its file
BLANK = -(2**62)
BY_DAY = "\n"  # before the name of a calendar by the day
NEVER = 1 << 40  # seconds: after everything
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Asked:
    """A demand as a schedule sees it: class, quantity, due and latest in seconds."""

    demand: str
    item: str
    site: str
    customer: str
    demand_class: int
    quantity: float
    due: int
    latest: int
    least: float
    group: str
    processes: tuple[str, ...]


@dataclass(frozen=True)
class ShopBook:
    """A schedule beside its programme. `given` are the orders that the programme gives, by name."""

    programme: Programme
    info: Mapping[str, Any]
    lines: Mapping[str, Sequence[Line]]
    start: int
    processes: Mapping[str, Process]
    flows: Mapping[str, Sequence[ProcessFlow]]
    loads: Mapping[str, Sequence[ProcessLoad]]
    steps: Mapping[str, Sequence[Process]]
    work_centres: Mapping[str, WorkCentre]
    skills: Mapping[tuple[str, str], WorkCentreSkill]
    given: Mapping[str, ProcessOrder]
    asked: Mapping[str, Asked]
    rules: Mapping[str, Sequence[CalendarHours]]
    site_hours: Mapping[str, str]

    def rows(self, shape: Shape) -> Sequence[Line]:
        """Return the rows of a result table."""
        return self.lines.get(shape.name, ())

    @cached_property
    def orders(self) -> Mapping[str, Line]:
        """Return the orders by name."""
        return {r.order: r for r in self.rows(ORDERS)}

    @cached_property
    def held(self) -> Mapping[str, Sequence[Line]]:
        """Return what each order holds."""
        return grouped(self.rows(ORDER_LOADS), lambda r: r.order)

    @cached_property
    def moved(self) -> Mapping[str, Sequence[Line]]:
        """Return what each order moves."""
        return grouped(self.rows(ORDER_FLOWS), lambda r: r.order)

    @cached_property
    def parts(self) -> Mapping[str, Sequence[Line]]:
        """Return the orders of the steps of each route's order, by their start."""
        listed = sorted((r for r in self.rows(ORDERS) if r.part_of), key=lambda r: (r.start, r.end))
        return grouped(listed, lambda r: r.part_of)

    @cached_property
    def span(self) -> tuple[int, int]:
        """Return the first and the last moment that calendars are looked at."""
        moments = [self.start, *(r.set_up_start for r in self.rows(ORDERS)), *(r.start for r in self.rows(ORDERS))]
        ends = [self.start + 7 * DAY, *(r.end for r in self.rows(ORDERS))]
        return min(moments) // DAY * DAY - 31 * DAY, (max(ends) // DAY + 32) * DAY

    @cached_property
    def _hours(self) -> dict[str, Hours]:
        return {}

    @cached_property
    def _open(self) -> dict[tuple[str, ...], OpenTime]:
        return {}

    def hours(self, calendar: str) -> Hours:
        """Return a calendar by the hour, or, behind BY_DAY, one by the day."""
        if calendar not in self._hours:
            first, last = self.span
            if calendar.startswith(BY_DAY):
                days = Horizon((first // DAY, last // DAY))
                factors = calendar_factor(self.programme, calendar.removeprefix(BY_DAY), days)
                self._hours[calendar] = by_days(factors.tolist(), days.start)
            else:
                self._hours[calendar] = by_rules(self.rules.get(calendar, ()), first, last)
        return self._hours[calendar]

    def open_time(self, calendars: Iterable[str]) -> OpenTime:
        """Return when all of some calendars are open; blank names are none."""
        names = tuple(sorted({c for c in calendars if c}))
        if names not in self._open:
            self._open[names] = OpenTime([self.hours(n) for n in names])
        return self._open[names]

    def station_calendars(self, work_centre: str) -> tuple[str, str]:
        """Return the calendars of a work centre: its own and its site's."""
        row = self.work_centres[work_centre]
        return _hours_named(row), self.site_hours.get(row.site, "")

    def process_site_hours(self, process: Process) -> str:
        """Return the calendar of the site of a process; a purchase is only received there."""
        return "" if process.kind == "buy" else self.site_hours.get(process.site, "")

    def speed(self, work_centre: str, moment: int) -> float:
        """Return the efficiency of a work centre at a moment."""
        row = self.work_centres[work_centre]
        if row.efficiency_calendar:
            return self.hours(row.efficiency_calendar).at(moment).value or 1e-9
        return row.efficiency_share

    def stations_of(self, order: Line) -> list[str]:
        """Return the work centres that an order works on, tools that its route holds among them."""
        tools = order.part_of and any(load.held for load in self.loads.get(order.process, ()))
        rows = [*self.held.get(order.order, ()), *(self.held.get(order.part_of, ()) if tools else ())]
        return [r.work_centre for r in rows if r.work_centre in self.work_centres]

    def is_given(self, order: Line) -> bool:
        """Tell whether an order stands as the programme gives it: confirmed."""
        return str(order.status) == "confirmed"

    @cached_property
    def can_be_had(self) -> frozenset[str]:
        """Return the items that some process makes, buys or moves: an approved order waits for these."""
        said = {p.item for p in self.processes.values() if p.kind in ("make", "buy", "move") and p.rank}
        flows = (f for f in self.programme[ProcessFlow].rows() if f.unit_units + f.fixed_units > 0)
        return frozenset(said | {f.item for f in flows})


def shop_book_of(programme: Programme, info: Mapping[str, Any], frames: Mapping[str, Frame]) -> ShopBook:
    """Return the book of a schedule whose cells have all been read."""
    return ShopBook(
        programme=programme,
        info=info,
        lines={s.name: lines_of(s, frames[s.name]) for s in SCHEDULE_SHAPES if s.name in frames},
        start=start_of(programme),
        processes={p.process: p for p in programme[Process].rows()},
        flows=grouped(programme[ProcessFlow].rows(), lambda f: f.process),
        loads=grouped(programme[ProcessLoad].rows(), lambda f: f.process),
        steps=_steps(programme),
        work_centres={w.work_centre: w for w in programme[WorkCentre].rows()},
        skills={(s.work_centre, s.skill): s for s in programme[WorkCentreSkill].rows()},
        given={o.order: o for o in programme[ProcessOrder].rows()},
        asked={a.demand: a for a in _asked(programme)},
        rules=grouped(programme[CalendarHours].rows(), lambda c: c.calendar),
        site_hours={s.site: _hours_named(s) for s in programme[Site].rows()},
    )


def _hours_named(row: Site | WorkCentre) -> str:
    """Return the calendar of a place by the hour, else its calendar by the day, behind BY_DAY; blank: neither."""
    return row.hours_calendar or (BY_DAY + row.calendar if row.calendar else "")


def start_of(programme: Programme) -> int:
    """Return the moment at which a schedule of a programme starts."""
    settings = programme.settings
    assert settings.start is not None
    return second(datetime.combine(settings.start, time())) + second_of_day(settings.start_time, 0)


def grouped(rows: Iterable[Entry], name: Any) -> Mapping[str, list[Entry]]:
    """Return rows by a name, in their order."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        found[name(row)].append(row)
    return found


def lines_of(shape: Shape, frame: Frame) -> list[Line]:
    """Return the rows of a table with moments as seconds (BLANK where there is none)."""
    columns = [_plain(f, frame[f.name]) for f in shape.fields]
    return [
        SimpleNamespace(line=i, **dict(zip(shape.names, r, strict=True)))
        for i, r in enumerate(zip(*columns, strict=True), 2)
    ]


def _plain(field: Field, values: Any) -> list[Any]:
    if field.type is Type.MOMENT:
        moments = values.astype("datetime64[s]")
        return np.where(np.isnat(moments), BLANK, moments.astype(np.int64)).tolist()  # type: ignore[no-any-return]
    return list(values.tolist())


def _steps(programme: Programme) -> Mapping[str, Sequence[Process]]:
    listed = sorted((p for p in programme[Process].rows() if p.part_of), key=lambda p: p.step)
    return grouped(listed, lambda p: p.part_of)


def _asked(programme: Programme) -> Iterable[Asked]:
    contracts = {c.contract: c for c in programme[Contract].rows()}
    classes = {c.customer: c.demand_class for c in programme[Customer].rows()}
    for d in programme[Demand].rows():
        agreed = contracts.get(d.contract)
        customer = d.customer or (agreed.customer if agreed else "")
        assert d.due is not None
        due = second(datetime.combine(d.due, time())) + second_of_day(d.due_time, DAY)
        latest = NEVER if d.latest is None else second(datetime.combine(d.latest, time()))
        yield Asked(
            demand=d.demand,
            item=d.item or (agreed.item if agreed else ""),
            site=d.site,
            customer=customer,
            demand_class=classes.get(customer, 1) if d.demand_class is None else d.demand_class,
            quantity=d.quantity_units,
            due=due,
            latest=latest if d.latest is None else latest + second_of_day(d.latest_time, DAY),
            least=d.minimum_shipment_units,
            group=d.group,
            processes=d.processes,
        )
