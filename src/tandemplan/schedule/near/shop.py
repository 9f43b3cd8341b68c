"""The near horizon of a plan as a programme of processes, which `schedule` schedules as any other, and what it is to reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tandemplan.model.draft import Draft
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Customer, Item, Row, Site
from tandemplan.schedule.near.goods import add_arrivals, add_deliveries, add_stock
from tandemplan.schedule.near.horizon import Near
from tandemplan.schedule.near.present import Present, present_of
from tandemplan.schedule.near.starts import Build, add_starts
from tandemplan.schedule.near.targets import Target
from tandemplan.schedule.near.work import Shop


@dataclass(frozen=True, eq=False)
class NearShop:
    """The shop of a near horizon: its programme, what the plan asks of it, and the resources that it has."""

    near: Near
    programme: Programme
    targets: tuple[Target, ...]
    present: Present


def near_shop(near: Near) -> NearShop:
    """Return the shop of a plan's near horizon.

    Stations, people and sets have the plan's hours, as windows of the days. Starts are routes of lots, which make no more than the plan
    says, at what it has learnt; goods from outside come on the plan's days. What the plan makes or receives in a period is due when that ends,
    and comes before all classes of demand: what it delivers on a day is due then, in its class.
    """
    present = present_of(near)
    build = Build(near, Shop(near), present.names)
    build.rows += _places(near.programme)
    build.rows += present.rows()
    add_stock(build)
    add_starts(build)
    add_arrivals(build)
    add_deliveries(build)
    settings: dict[str, Any] = {
        "name": near.programme.settings.name,
        "start": near.since.isoformat(),
        "periods": f"{len(near.days)} days",
        "seed": near.programme.settings.seed,
    }
    return NearShop(near, Draft(**settings).add(*build.rows).programme(), tuple(build.targets), present)


def _places(programme: Programme) -> list[Row]:
    """Return items, sites and customers by name: what else the programme says of them is in the plan."""
    items = [Item(item=r.item, name=r.name, kind=r.kind, unit=r.unit) for r in programme[Item].rows()]
    sites = [Site(site=r.site, name=r.name, kind=r.kind) for r in programme[Site].rows()]
    customers = [
        Customer(customer=r.customer, name=r.name, demand_class=r.demand_class) for r in programme[Customer].rows()
    ]
    return [*items, *sites, *customers]
