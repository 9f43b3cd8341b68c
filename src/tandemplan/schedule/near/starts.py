"""The plan's starts as routes of the shop: lots, steps, components, and a target for each start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from tandemplan.model.schema import CalendarHours, Demand, Item, Process, ProcessFlow, ProcessLoad, Row, Stock
from tandemplan.results import shape
from tandemplan.schedule.near.horizon import Near
from tandemplan.schedule.near.targets import PRODUCTION, Resource, Target
from tandemplan.schedule.near.work import Piece, Shop, hours_of, merged, most_lots

SHOP_CLASS = 0  # of what the plan makes, moves and receives: before all demand, which is served from that
LEAST = 1e-5  # units: less is rounding of the plan
SMALL = 0.01  # units: a target of less is done at once
LOTS, SHIFT = 16, 8.0  # a start is at most so many lots, each of at most so many hours at a step


@dataclass
class Build:
    """A shop in the making: its rows, and what is asked of it."""

    near: Near
    shop: Shop
    names: Mapping[Resource, str]
    rows: list[Row] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    calendars: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)

    def item(self, name: str) -> str:
        """Return the name of an item that stands for something, which is new where nobody has named it."""
        if name not in self.items:
            self.items.add(name)
            self.rows.append(Item(item=name))
        return name

    def loads(self, process: str, resources: Sequence[Resource]) -> Iterator[Row]:
        """Yield the loads of a process: one station, or person, or set, of each resource."""
        for resource in resources:
            yield ProcessLoad(process=process, work_centre=self.names[resource])

    def since(self, day: date) -> str:
        """Return the calendar that opens on a day; blank where that is not within the horizon."""
        if day <= self.near.since:
            return ""
        name = f"from {day}"
        if name not in self.calendars:
            self.calendars.add(name)
            self.rows += [
                CalendarHours(calendar=name, rank=None, value=0.0),
                CalendarHours(calendar=name, rank=1, from_moment=midnight(day)),
            ]
        return name

    def process(self, process: Process, pieces: Sequence[Piece], calendar: str = "") -> None:
        """Add a process with its work, in working time that a calendar limits: a route, where it has more than one piece of it."""
        if len(pieces) <= 1:
            work = [(p.lot_hours, p.unit_hours) for p in pieces] or [(process.fixed_hours, process.unit_hours)]
            fixed, unit = work[0]
            self.rows.append(replace(process, fixed_hours=fixed, unit_hours=unit, hours_calendar=calendar))
            self.rows += self.loads(process.process, pieces[0].resources if pieces else ())
            return
        self.rows.append(process)
        for k, piece in enumerate(pieces):
            step = Process(
                process=f"{process.process} {piece.name}",
                site=process.site,
                part_of=process.process,
                step=k + 1,
                fixed_hours=piece.lot_hours,
                unit_hours=piece.unit_hours,
                from_moment=process.from_moment if piece is pieces[-1] else None,
                hours_calendar=calendar,
            )
            self.rows += [step, *self.loads(step.process, piece.resources)]

    def asks(self, target: Target, item: str, *, demand_class: int = SHOP_CLASS, due: date | None = None) -> None:
        """Add a target, and the demand for an item that stands for it; the shop has it `due` with the target, or on an earlier day."""
        self.targets.append(target)
        asked = Demand(
            demand=target.demand,
            item=item,
            site=target.site,
            quantity_units=target.quantity,
            due=due or target.due,
            demand_class=demand_class,
            minimum_shipment_units=target.quantity if target.quantity < SMALL else 0.0,
        )
        self.rows.append(asked)

    def permit(self, name: str, site: str, units: float) -> tuple[str, str]:
        """Add what limits a row of the plan to its units, and what tells that they are done; return both items."""
        before, after = self.item(f"{name} planned"), self.item(f"{name} done")
        self.rows.append(Stock(item=before, site=site, quantity_units=units))
        return before, after


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins."""
    return datetime.combine(day, time())


def add_starts(build: Build) -> None:
    """Add each start of the plan within the horizon: a route that makes no more than it, in lots, and is to be done when its period ends.

    It does not end before its period begins. A start of few units, or of little work, is one lot. Goods are made at the rate of the plan:
    good units over units started.
    """
    for row in build.near.within(shape.PRODUCTION, "start"):
        _add_start(build, row)


def _add_start(build: Build, row: dict[str, Any]) -> None:
    near, name, item, site = build.near, row["order"], row["item"], row["site"]
    period = near.period(row["start"])
    pieces = build.shop.route(item, site, row["alternative"], row["end"])
    lots = most_lots(pieces, row["started"], LOTS, SHIFT)
    units, lot = row["started"], row["started"] / lots
    if units <= LEAST:
        return
    before, after = build.permit(name, site, units)
    route = Process(
        process=name,
        item=item,
        site=site,
        minimum_units=lot,
        most_units=lot,
        rank=period - near.first + 1,
        from_moment=midnight(near.begins(period)),
    )
    calendar = build.since(build.shop.opens(item, site, row["alternative"]))
    build.process(route, merged(pieces, lots), calendar)
    bill = build.shop.bill(item, row["alternative"], row["end"])
    flows = {before: -1.0, **{c: -u for c, u in bill.items()}}
    build.rows += [ProcessFlow(process=name, item=i, site=site, unit_units=u) for i, u in flows.items()]
    made = {item: row["good"] / row["started"], after: 1.0}
    build.rows += [ProcessFlow(process=name, item=i, site=site, when="end", unit_units=u) for i, u in made.items()]
    begins = near.begins(period)
    target = Target(PRODUCTION, name, item, site, begins, units, near.ends(period), name, hours_of(pieces, units), bill)
    build.asks(target, after)
