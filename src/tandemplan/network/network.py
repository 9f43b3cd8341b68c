"""The network: everything a planner needs of a programme as read-only arrays, built once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.calendar import Periods, cut
from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Contract, Demand, Item, Lane, Offer, OpenOrder, Stock
from tandemplan.network.capacities import rooms, weekly_capacity
from tandemplan.network.cells import Cells, cells_of, whole_days
from tandemplan.network.choices import Choices, no_choices, with_choices
from tandemplan.network.demands import Demands, demands_of
from tandemplan.network.flows import Lookup, Timing, move_timing, openings_of, purchase_timing
from tandemplan.network.handling import Handling, handling_of
from tandemplan.network.hiring import Hiring, hiring_of
from tandemplan.network.hours import Hours, hours_of_programme
from tandemplan.network.investing import Investing, investing_of
from tandemplan.network.learning import Schools
from tandemplan.network.lots import Lots, lots_of
from tandemplan.network.making import Production, production_of
from tandemplan.network.openings import TaskDates, opening_days, task_dates
from tandemplan.network.permits import Permits, permits_of
from tandemplan.network.phases import Links, phases_by_class
from tandemplan.network.places import Places, only_site, places_of
from tandemplan.network.shifts import HoursOf, Shifts, shifts_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DeliveryWays:
    """The periods in which each demand may be delivered: one entry per (demand, period), by demand then period."""

    demand: Ints
    period: Ints
    day: Ints
    late: Ints


@dataclass(frozen=True, eq=False)
class Network:
    """A programme as arrays.

    Nodes are (item, site); arrays named `*_node` number them. `day` (nodes x periods) is the day of each node in each
    period. `arriving` (nodes x periods) are units of open orders. Capacities are (rows x periods), inf: unlimited; what options
    add to them, and columns that only options open, stand in `choices`.
    """

    programme: Programme
    periods: Periods
    cells: Cells
    dates: dict[str, TaskDates]
    places: Places
    item: NDArray[np.str_]
    site: NDArray[np.str_]
    day: Ints
    weight_kg: Floats
    volume_m3: Floats
    hazard: NDArray[np.bool_]
    standard_cost: Floats
    stock: Floats
    arriving: Floats
    way_node: Ints
    buying: Timing
    move_from: Ints
    move_to: Ints
    moving: Timing
    route_node: Ints
    use_node: Ints
    making: Production
    lots: Lots
    demands: Demands
    demand_node: Ints
    delivering: DeliveryWays
    receipt: Handling
    delivery: Handling
    hours: Hours
    hiring: Hiring
    investing: Investing
    shifts: Shifts
    offer_capacity: Floats
    lane_capacity: Floats
    room_m3: Floats
    room_kg: Floats
    permits: Permits
    choices: Choices

    @property
    def phases(self) -> dict[tuple[str, str], int]:
        """Return the day of each node in its periods, counted from their first."""
        return dict(zip(self.places.nodes, (self.day[:, 0] - self.periods.starts[0]).tolist(), strict=True))

    @property
    def node_names(self) -> tuple[str, ...]:
        """Return nodes as the user reads them: item@site, or the item alone without sites."""
        return tuple(f"{i}@{s}" if s else str(i) for i, s in self.places.nodes)


def with_experience(network: Network, schools: Schools | None) -> Network:
    """Return the network with the hours and yields of operations at an assumed experience (None: all is learnt); routes stay as open as they are."""
    programme, dates = network.programme, network.dates
    making = production_of(
        programme,
        network.cells,
        dates,
        network.places.routes,
        day=network.day[network.route_node],
        site_opens=openings_of(programme, dates).sites,
        schools=schools,
    )
    return replace(network, making=replace(making, open=network.making.open))


def network_of(programme: Programme, phases: Mapping[tuple[str, str], int] | None = None) -> Network:
    """Return the network of a checked programme, with all that its operations can learn learnt, and tasks at their ends if they needed nothing made.

    Nodes named in `phases` (item, site) keep that day of their periods; those of others are chosen.
    """
    settings = programme.settings
    assert settings.start is not None
    periods = cut(settings.start, settings.periods)
    cells = cells_of(programme, periods)
    dates = task_dates(programme, periods, cells)
    openings = openings_of(programme, dates)
    places = places_of(programme)
    look = Lookup(programme, cells, openings)
    demands = demands_of(programme, periods, cells)
    ends = _ends(programme, places, demands)
    phase = _phases(places, programme, periods, look=look, ends=ends, demands=demands)
    phase = np.array([(phases or {}).get(n, int(p)) for n, p in zip(places.nodes, phase, strict=True)], dtype=np.int64)
    day = periods.starts[None, :] + phase[:, None]
    making = production_of(programme, cells, dates, places.routes, day=day[ends.route], site_opens=openings.sites)
    receipt, delivery = (
        handling_of(programme, cells, dates, when, at=ends.at, day=day) for when in ("receive", "deliver")
    )
    network = Network(
        programme=programme,
        periods=periods,
        cells=cells,
        dates=dates,
        places=places,
        day=day,
        **_node_columns(programme, periods, places, day),
        way_node=ends.way,
        move_from=ends.move_from,
        move_to=ends.move_to,
        **_timing(look, places, ends, day, receipt.open),
        route_node=ends.route,
        use_node=ints(
            [ends.at[c, places.routes[r][1]] for r, c in zip(making.use_route, making.use_item, strict=True)]
        ),
        making=making,
        lots=lots_of(programme, cells, places.routes, day[ends.route]),
        demands=demands,
        demand_node=ends.demand,
        delivering=_delivery_ways(
            programme, dates, openings.sites, demands, node=ends.demand, day=day, is_open=delivery.open
        ),
        receipt=receipt,
        delivery=delivery,
        **_hours(programme, cells, lambda other: hours_of_programme(other, cells, dates, openings.sites)),
        offer_capacity=weekly_capacity(cells, programme[Offer], "capacity_units_per_week"),
        lane_capacity=weekly_capacity(cells, programme[Lane], "capacity_kg_per_week"),
        room_m3=rooms(programme, cells, "storage_m3"),
        room_kg=rooms(programme, cells, "hazard_storage_kg"),
        choices=no_choices(len(periods)),
    )
    return with_choices(network)


@dataclass(frozen=True, eq=False)
class _Ends:
    """The node at each end of a flow; `at` numbers the nodes."""

    at: dict[tuple[str, str], int]
    way: Ints
    route: Ints
    move_from: Ints
    move_to: Ints
    demand: Ints


def _ends(programme: Programme, places: Places, demands: Demands) -> _Ends:
    at = {n: k for k, n in enumerate(places.nodes)}
    offers, lanes, blank = programme[Offer], programme[Lane], only_site(programme)
    asked = zip(demands.items, programme[Demand].site, strict=True)
    return _Ends(
        at=at,
        way=ints([at[offers.item[w.offer], w.site] for w in places.ways]),
        route=ints([at[i, s] for i, s, _ in places.routes]),
        move_from=ints([at[i, lanes.from_place[lane]] for lane, i in places.moves]),
        move_to=ints([at[i, lanes.to_site[lane]] for lane, i in places.moves]),
        demand=ints([at[i, s or blank] for i, s in asked]),
    )


def _node_columns(programme: Programme, periods: Periods, places: Places, day: Ints) -> dict[str, Any]:
    """Return what the tables say of each node's item, and what lies or arrives there."""
    items = programme[Item]
    at = {n: k for k, n in enumerate(places.nodes)}
    row = {i: k for k, i in enumerate(items.item)}
    rows = ints([row[i] for i, _ in places.nodes])
    return {
        "item": np.array([i for i, _ in places.nodes], dtype=object),
        "site": np.array([s for _, s in places.nodes], dtype=object),
        "weight_kg": items.weight_kg[rows],
        "volume_m3": items.volume_m3[rows],
        "hazard": items.hazard[rows],
        "standard_cost": items.standard_cost[rows],
        "stock": _opening_stock(programme, at),
        "arriving": _arriving(programme, periods, at, day),
    }


def _hours(programme: Programme, cells: Cells, hours_of: HoursOf) -> dict[str, Any]:
    """Return hours present, and what can be decided that adds to them."""
    hours = hours_of(programme)
    return {
        "hours": hours,
        "hiring": hiring_of(programme, cells.periods, hours),
        "investing": investing_of(programme, cells, hours),
        "shifts": shifts_of(programme, cells.periods, hours, hours_of),
    }


def _timing(look: Lookup, places: Places, ends: _Ends, day: Ints, received: NDArray[np.bool_]) -> dict[str, Any]:
    """Return when goods can be bought and moved, and the licences that they need; `received` says where they can be (nodes x periods)."""
    origin, to = day[ends.move_from], day[ends.move_to]
    return {
        "buying": purchase_timing(look, places.ways, day[ends.way], received[ends.way]),
        "moving": move_timing(look, places.moves, origin, to, received[ends.move_to]),
        "permits": permits_of(look.licensing, places),
    }


def _phases(
    places: Places,
    programme: Programme,
    periods: Periods,
    *,
    look: Lookup,
    ends: _Ends,
    demands: Demands,
) -> Ints:
    bom = programme[BomLine]
    parts: dict[tuple[str, str], list[str]] = {}
    for parent, alternative, component in zip(bom.parent, bom.alternative, bom.component, strict=True):
        parts.setdefault((parent, alternative), []).append(component)
    made = sorted({(ends.at[c, s], ends.at[i, s]) for i, s, a in places.routes for c in parts.get((i, a), [])})
    period = periods.of(demands.due)
    inside = (period >= 0) & (period < len(periods)) & (demands.quantity > 0)
    offset = demands.due - periods.starts[np.clip(period, 0, len(periods) - 1)]
    leads = ints([int(whole_days(look.transit(lane))[0]) for lane, _ in places.moves])
    links = Links(
        before=np.concatenate([ints([b for b, _ in made]), ends.move_from]),
        after=np.concatenate([ints([a for _, a in made]), ends.move_to]),
        lead=np.concatenate([np.zeros(len(made), dtype=np.int64), leads]),
        node=ends.demand[inside],
        due=np.minimum(offset, periods.shortest - 1)[inside],
        weight=(demands.quantity * np.maximum(demands.weight, 1e-9))[inside],
    )
    return phases_by_class(len(places.nodes), links, demands.demand_class[inside], periods.shortest)


def _opening_stock(programme: Programme, at: dict[tuple[str, str], int]) -> Floats:
    stock, blank = programme[Stock], only_site(programme)
    total = np.zeros(len(at))
    nodes = ints([at[i, s or blank] for i, s in zip(stock.item, stock.site, strict=True)])
    np.add.at(total, nodes, stock.quantity_units)
    return total


def _arriving(programme: Programme, periods: Periods, at: dict[tuple[str, str], int], day: Ints) -> Floats:
    node, period = _arrivals(programme, periods, at, day)
    total, there = np.zeros((len(at), len(periods))), period < len(periods)
    np.add.at(total, (node[there], period[there]), programme[OpenOrder].quantity_units[there])
    return total


def _arrivals(programme: Programme, periods: Periods, at: dict[tuple[str, str], int], day: Ints) -> tuple[Ints, Ints]:
    """Return the node of each open order, and the period in which it counts there (after the last: it does not)."""
    orders, blank = programme[OpenOrder], only_site(programme)
    node = ints([at[i, s or blank] for i, s in zip(orders.item, orders.site, strict=True)])
    when = np.maximum(periods.numbers(orders.promised, 0), 0)
    return node, ints(np.searchsorted(day[n], d, side="left") for n, d in zip(node, when, strict=True))


def arrivals(network: Network) -> tuple[Ints, Ints]:
    """Return the node of each open order, and the period in which it counts there: the number of periods where in none."""
    at = {n: k for k, n in enumerate(network.places.nodes)}
    return _arrivals(network.programme, network.periods, at, network.day)


def orders_arriving(network: Network) -> list[tuple[str, int, int, float]]:
    """Return the open orders that arrive within the plan: name, node, period and units of each, in table order."""
    orders, (node, period) = network.programme[OpenOrder], arrivals(network)
    found = zip(orders.order.tolist(), node.tolist(), period.tolist(), orders.quantity_units.tolist(), strict=True)
    return [o for o in found if o[2] < len(network.periods)]


def _delivery_ways(
    programme: Programme,
    dates: dict[str, TaskDates],
    site_opens: dict[str, int],
    demands: Demands,
    *,
    node: Ints,
    day: Ints,
    is_open: NDArray[np.bool_],
) -> DeliveryWays:
    """Return the ways of each demand; `node` is that of each demand, `day` and `is_open` are (nodes x periods)."""
    table, contracts = programme[Demand], programme[Contract]
    opens = opening_days(dates, table.opens_after)
    contract_opens = np.append(opening_days(dates, contracts.opens_after), 0)
    blank = only_site(programme)
    sites = ints([site_opens.get(s or blank, 0) for s in table.site])
    opens = np.maximum(np.maximum(opens, contract_opens[demands.contract]), sites)
    starts = day[0] - day[0, 0] if len(day) else np.zeros(0, dtype=np.int64)
    phase = day[node, 0]
    on_time = np.searchsorted(starts, demands.due - phase, side="right") - 1
    first = np.maximum(on_time, 0)
    last = np.searchsorted(starts, demands.latest - phase, side="right")
    last = np.maximum(last, on_time + 1)
    count = np.where(demands.quantity > 0, np.maximum(last - first, 0), 0)
    rows = np.repeat(np.arange(len(first)), count)
    period = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count) + first[rows]
    when = day[node[rows], period] if len(rows) else rows
    kept = (when >= opens[rows]) & is_open[node[rows], period]
    rows, period, when = rows[kept], period[kept], when[kept]
    return DeliveryWays(rows, period, when, np.maximum(when - demands.due[rows], 0))
