"""Families of whole numbers: orders in lots, part deliveries of at least a minimum, days on which a lane has a shipment.

They are added to programmes small enough (`MOST_WHOLE`); in larger ones they are relaxed, and the plan is rounded (plan/rounding.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Lane
from tandemplan.network.network import Network
from tandemplan.plan.needs import most_bought, most_of_items
from tandemplan.plan.order_sizes import DUST, Sizes, least_shipments, way_sizes
from tandemplan.plan.shipments import SHIPMENT, shipment_days
from tandemplan.plan.variables import Variables, move_names, way_names
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_WHOLE = 200  # whole numbers of orders, part deliveries and shipments in one programme; beyond, they are relaxed


def small_enough(network: Network, x: Variables) -> bool:
    """Return whether a programme asks for so few orders, part deliveries and shipments that a plan keeps them whole at once."""
    sizes, least, ways = way_sizes(network), least_shipments(network), network.delivering
    open_ = (x.buy >= 0).sum(axis=1) if len(x.buy) else np.zeros(0, dtype=np.int64)
    orders = int(open_[sizes.multiple > 0].sum() + open_[_has_minimum(sizes)].sum())
    parts = int((least[ways.demand] > 0).sum() + _in_parts(network, least)[ways.demand].sum())
    return orders + parts + len(shipment_days(network, x).lane) <= MOST_WHOLE


def add_order_lots(build: Builder, network: Network, x: Variables) -> None:
    """Add the sizes of orders, for each way w with a multiple or a minimum above it, and each period t.

        order multiples: buy[w,t] = multiple[w] * order lots[w,t]
        minimum orders: buy[w,t] >= minimum[w] * placed[w,t]
        placed orders: buy[w,t] <= most[w,t] * placed[w,t]

    `order lots` is whole, `placed` 0 or 1, and `most` what may be of use.

    `docs/semantics.md`, Orders and shipments; Pochet and Wolsey 2006, Production Planning by Mixed Integer Programming, sec. 4.1 (variable
    upper bounds), 7.1 (constant batches).
    """
    sizes = way_sizes(network)
    if not len(x.buy) or not small_enough(network, x):
        return
    names, open_ = way_names(network), x.buy >= 0
    many, least = sizes.multiple[:, None], np.where(_has_minimum(sizes), sizes.least, 0.0)[:, None]
    lots = build.add_grid("order lots", names, open_ & (many > 0), whole=True)
    row = build.add_rows("order multiples", names, lots >= 0, lower=0.0, upper=0.0)
    build.add(row, x.buy, 1.0)
    build.add(row, lots, -many)
    placed = build.add_grid("placed", names, open_ & (least > 0), 1.0, whole=True)
    low = build.add_rows("minimum orders", names, placed >= 0, lower=0.0, upper=np.inf)
    build.add(low, x.buy, 1.0)
    build.add(low, placed, -least)
    high = build.add_rows("placed orders", names, placed >= 0, lower=-np.inf, upper=0.0)
    build.add(high, x.buy, 1.0)
    build.add(high, placed, -most_bought(network))


def add_shipments(build: Builder, network: Network, x: Variables) -> None:
    """Add the sizes of part deliveries, for each demand d with a minimum shipment and each period t in which it may be delivered.

        shipments: deliver[d,t] <= quantity[d] * shipped[d,t], with equality where the minimum is all of it
        minimum shipments: deliver[d,t] >= minimum[d] * (shipped[d,t] - last[d,t])
        last shipments: sum[s <= t] deliver[d,s] >= quantity[d] * last[d,t]

    `shipped` and `last` are 0 or 1: only the shipment that completes a demand may be below the minimum.

    `docs/semantics.md`, Orders and shipments.
    """
    least = least_shipments(network)
    if not (least > 0).any() or not small_enough(network, x):
        return
    ways, names = network.delivering, tuple(map(str, network.demands.names))
    deliver = np.full((len(names), len(network.periods)), -1, dtype=np.int64)
    deliver[ways.demand, ways.period] = x.deliver
    quantity, parts = network.demands.quantity[:, None], _in_parts(network, least)[:, None]
    open_ = (deliver >= 0) & (least > 0)[:, None]
    shipped = build.add_grid("shipped", names, open_, 1.0, whole=True)
    row = build.add_rows("shipments", names, open_, lower=np.where(parts, -np.inf, 0.0), upper=0.0)
    build.add(row, deliver, 1.0)
    build.add(row, shipped, -quantity)
    last = build.add_grid("last", names, open_ & parts, 1.0, whole=True)
    low = build.add_rows("minimum shipments", names, open_ & parts, lower=0.0, upper=np.inf)
    build.add(low, deliver, 1.0)
    build.add(low, shipped, -least[:, None])
    build.add(low, last, least[:, None])
    ends = build.add_rows("last shipments", names, open_ & parts, lower=0.0, upper=np.inf)
    build.add(ends, last, -quantity)
    for back in range(deliver.shape[1]):
        build.add(ends[:, back:], deliver[:, : deliver.shape[1] - back], 1.0)


def add_shipment_days(build: Builder, network: Network, x: Variables) -> None:
    """Add the shipments of lanes that cost something, one row for each purchase and move that leaves on such a lane l on a day a.

        bought shipments: buy[w,t] <= most[w,t] * shipment[l,a]
        moved shipments: move[m,t] <= most[m,t] * shipment[l,a]

    `shipment` is 0 or 1: one carries all that leaves a lane on a day.

    `docs/semantics.md`, Orders and shipments; Balinski 1961, Fixed-cost transportation problems, Naval Research Logistics Quarterly 8(1).
    """
    days = shipment_days(network, x)
    if not len(days.lane) or not small_enough(network, x):
        return
    period = network.periods.of(days.day)
    dates = network.periods.dates(days.day)
    who = tuple(f"{lane} on {day}" for lane, day in zip(network.programme[Lane].lane[days.lane], dates, strict=True))
    column = build.add_list(SHIPMENT, who, np.arange(len(days.lane)), period, np.ones(len(days.lane)), whole=True)
    for family, names, flow, at, most in (
        ("bought shipments", way_names(network), x.buy, days.of_buy, most_bought(network)),
        ("moved shipments", move_names(network), x.move, days.of_move, most_moved(network)),
    ):
        row = build.add_rows(family, names, at >= 0, lower=-np.inf, upper=0.0)
        build.add(row, flow, 1.0)
        build.add(row, np.append(column, -1)[at], -most)


def most_moved(network: Network) -> Floats:
    """Return how many units each move has at most (moves x periods): twice what may be needed, and all that is there or on order at the start."""
    need = {item: 2 * most for item, most in most_of_items(network).items()}
    for item, units in zip(network.item.tolist(), network.stock + network.arriving.sum(axis=1), strict=True):
        need[item] = need[item] + units
    each = [need[item] for item in network.item[network.move_from]]
    return np.array(each).reshape(len(each), len(network.periods))


def _has_minimum(sizes: Sizes) -> NDArray[np.bool_]:
    """Return whose minimum is more than one multiple, so that a whole number of multiples does not say it."""
    return np.asarray(sizes.least > sizes.multiple + DUST)


def _in_parts(network: Network, least: Floats) -> NDArray[np.bool_]:
    """Return which demands have a minimum shipment that is less than all of them."""
    return np.asarray((least > 0) & (least < network.demands.quantity - DUST))
