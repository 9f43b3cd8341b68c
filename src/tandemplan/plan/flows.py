"""Result tables of goods: purchases, production, moves, stock, and stock targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints, sums, texts
from tandemplan.model.schema import Lane, Offer, StockPolicy
from tandemplan.network.network import Network
from tandemplan.network.places import only_site
from tandemplan.plan.targets import safety_units, window
from tandemplan.plan.variables import Variables, policy_nodes, route_names
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SMALLEST = 5e-6  # units; what is smaller is the solver's dust


@dataclass(frozen=True, eq=False)
class Amounts:
    """What a plan does, in units or hours, in the shapes of `Variables` (0 where closed); dust is swept away."""

    buy: Floats
    make: Floats
    move: Floats
    deliver: Floats
    lost: Floats


def amounts_of(x: Floats, variables: Variables) -> Amounts:
    """Return the values of the plan's flows, rounded to the six decimals that tables print."""

    def values(columns: Ints) -> Floats:
        found = np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)
        return np.where(found > SMALLEST, np.round(found, 6), 0.0)

    v = variables
    return Amounts(values(v.buy), values(v.make), values(v.move), values(v.deliver), values(v.lost))


def purchases(network: Network, amounts: Amounts) -> Frame:
    """Return the orders to suppliers, by day of order, then offer, lane and site."""
    offers, lanes = network.programme[Offer], network.programme[Lane]
    way, period = np.nonzero(amounts.buy)
    ways = network.places.ways
    offer = ints([ways[w].offer for w in way])
    lane = ints([ways[w].lane for w in way])
    site = network.site[network.way_node[way]]
    release = network.buying.release[way, period]
    receipt = network.buying.arrival[way, period]
    names = [
        offers.offer[offer].astype(str) if len(offer) else np.zeros(0, dtype=str),
        np.append(lanes.lane, "")[lane].astype(str) if len(lane) else np.zeros(0, dtype=str),
        site.astype(str),
    ]
    order = np.lexsort((receipt, names[2], names[1], names[0], release))
    way, period, offer, lane = way[order], period[order], offer[order], lane[order]
    quantity = amounts.buy[way, period]
    accepted = np.round(quantity * offers.acceptance_share[offer], 6)
    price = offers.unit_price[offer]
    weight = network.weight_kg[network.way_node[way]]
    return {
        "order": order_names("P", len(order)),
        "supplier": offers.supplier[offer],
        "offer": offers.offer[offer],
        "lane": np.append(lanes.lane, "")[lane],
        "item": network.item[network.way_node[way]],
        "site": network.site[network.way_node[way]],
        "quantity": quantity,
        "accepted": accepted,
        "release": network.periods.dates(network.buying.release[way, period]),
        "shipped": network.periods.dates(network.buying.dispatch[way, period]),
        "receipt": network.periods.dates(network.buying.arrival[way, period]),
        "price": price,
        "cost": np.round(accepted * price, 2),
        "transport_cost": np.round(quantity * weight * np.append(lanes.kg_cost, 0.0)[lane], 2),
    }


def production(network: Network, amounts: Amounts) -> Frame:
    """Return the starts of production, by day, then route."""
    route, period = np.nonzero(amounts.make)
    names = np.array(route_names(network), dtype=object)
    end = network.day[network.route_node[route], period]
    order = np.lexsort((names[route].astype(str), end)) if len(route) else route
    route, period = route[order], period[order]
    started = amounts.make[route, period]
    good = np.round(started * network.making.good[route, period], 6)
    routes = network.places.routes
    return {
        "order": order_names("M", len(order)),
        "item": texts([routes[r][0] for r in route]),
        "site": texts([routes[r][1] for r in route]),
        "route": texts([routes[r][0] + ("|" + routes[r][2] if routes[r][2] else "") for r in route]),
        "alternative": texts([routes[r][2] for r in route]),
        "started": started,
        "good": good,
        "scrapped": np.round(started - good, 6),
        "setups": network.lots.setup[route].astype(np.int64),
        "setup_cost": np.round(network.lots.cost[route] + network.lots.unit_cost[route] * started, 2),
        "start": network.periods.dates(network.periods.starts[period]),
        "end": network.periods.dates(network.day[network.route_node[route], period]),
    }


def moves(network: Network, amounts: Amounts) -> Frame:
    """Return the moves between sites, by day of dispatch, then lane and item."""
    lanes = network.programme[Lane]
    move, period = np.nonzero(amounts.move)
    lane = ints([network.places.moves[m][0] for m in move])
    item = texts([network.places.moves[m][1] for m in move])
    release = network.moving.dispatch[move, period]
    if len(move):
        order = np.lexsort((item.astype(str), lanes.lane[lane].astype(str), release))
        move, period, lane, item = move[order], period[order], lane[order], item[order]
    quantity = amounts.move[move, period]
    weight = network.weight_kg[network.move_from[move]]
    return {
        "order": order_names("T", len(move)),
        "lane": lanes.lane[lane],
        "item": item,
        "from_site": network.site[network.move_from[move]],
        "to_site": network.site[network.move_to[move]],
        "quantity": quantity,
        "release": network.periods.dates(network.moving.dispatch[move, period]),
        "receipt": network.periods.dates(network.moving.arrival[move, period]),
        "cost": np.round(quantity * weight * lanes.kg_cost[lane], 2),
    }


def node_flows(network: Network, amounts: Amounts) -> dict[str, Floats]:
    """Return what comes to and leaves each node in each period, by kind (nodes x periods), from rounded amounts."""
    shape = network.day.shape
    flows: dict[str, Floats] = {
        n: np.zeros(shape) for n in ("purchased", "made", "moved_in", "used", "moved_out", "delivered")
    }
    flows["open_orders"] = network.arriving
    if len(amounts.buy):
        share = network.programme[Offer].acceptance_share[[w.offer for w in network.places.ways]]
        np.add.at(flows["purchased"], network.way_node, np.round(amounts.buy * share[:, None], 6))
    np.add.at(flows["made"], network.route_node, np.round(amounts.make * network.making.good, 6))
    making = network.making
    np.add.at(flows["used"], network.use_node, amounts.make[making.use_route] * making.use_quantity)
    np.add.at(flows["moved_out"], network.move_from, amounts.move)
    move, period = np.nonzero(amounts.move)
    into = network.moving.period[move, period]
    np.add.at(flows["moved_in"], (network.move_to[move], into), amounts.move[move, period])
    ways = network.delivering
    np.add.at(flows["delivered"], (network.demand_node[ways.demand], ways.period), amounts.deliver)
    return flows


def closing_stock(network: Network, flows: dict[str, Floats]) -> Floats:
    """Return the closing stock of each node in each period."""
    net = inflow(flows) - outflow(flows)
    closing = network.stock[:, None] + np.cumsum(net, axis=1)
    return np.where(np.abs(closing) < 1e-5, 0.0, closing)


def inflow(flows: dict[str, Floats]) -> Floats:
    """Return everything that comes to each node."""
    return flows["purchased"] + flows["made"] + flows["moved_in"] + flows["open_orders"]


def outflow(flows: dict[str, Floats]) -> Floats:
    """Return everything that leaves each node."""
    return flows["used"] + flows["moved_out"] + flows["delivered"]


def stock(network: Network, flows: dict[str, Floats], closing: Floats) -> Frame:
    """Return the stock of every node that is ever used, by site, item and period."""
    came, went = inflow(flows), outflow(flows)
    alive = (came.any(axis=1) | went.any(axis=1)) | (network.stock > 0)
    nodes = np.flatnonzero(alive)
    order = np.lexsort((network.item[nodes].astype(str), network.site[nodes].astype(str))) if len(nodes) else nodes
    nodes = nodes[order]
    count = len(network.periods)
    opening = np.concatenate([network.stock[:, None], closing[:, :-1]], axis=1)
    rate = network.programme.settings.holding_per_year_share
    held = closing * network.standard_cost[:, None] * rate * network.periods.lengths / 365
    grids = {"opening": opening, **flows, "inflow": came, "outflow": went, "closing": closing}
    return {
        "site": np.repeat(network.site[nodes], count),
        "item": np.repeat(network.item[nodes], count),
        "period_start": np.tile(network.periods.dates(network.periods.starts), len(nodes)),
        **{n: g[nodes].ravel() for n, g in grids.items()},
        "holding_cost": np.round(held[nodes].ravel(), 2),
    }


def stock_targets(network: Network, flows: dict[str, Floats], closing: Floats) -> Frame:
    """Return how each stock policy is met in each period, by policy and period."""
    table, node = network.programme[StockPolicy], policy_nodes(network)
    count = len(network.periods)
    safety, went = safety_units(network), outflow(flows)
    most = np.full(safety.shape, np.inf)
    for p in range(len(table)):
        use = went[int(node[p])]
        safety[p] = np.maximum(safety[p], _coming(network, use, float(table.safety_days[p])))
        limits = [np.full(count, u) for u in [float(table.most_units[p])] if not np.isnan(u)]
        if not np.isnan(table.most_days[p]):
            limits.append(_coming(network, use, float(table.most_days[p])))
        most[p] = np.min([most[p], *limits], axis=0)
    lies = closing[node] if len(table) else np.zeros((0, count))
    blank = only_site(network.programme)
    return {
        "site": np.repeat(texts([s or blank for s in table.site]), count),
        "item": np.repeat(table.item, count),
        "period_start": np.tile(network.periods.dates(network.periods.starts), len(table)),
        "safety": safety.ravel(),
        "closing": lies.ravel(),
        "shortfall": np.maximum(safety - lies, 0.0).ravel(),
        "excess": np.maximum(lies - most, 0.0).ravel(),
    }


def targets_value(network: Network, frame: Frame) -> float:
    """Return what a plan is worth by its stock targets: days x standard cost (1 where it is 0) x units astray."""
    cost = network.standard_cost[policy_nodes(network)]
    each = np.where(cost > 0, cost, 1.0)[:, None] * network.periods.lengths
    return float((each.ravel() * (frame["shortfall"] + frame["excess"])).sum())


def order_names(letter: str, count: int) -> NDArray[Any]:
    """Return names of orders, such as P-00001."""
    return texts([f"{letter}-{k:05d}" for k in range(1, count + 1)])


def _coming(network: Network, use: Floats, days: float) -> Floats:
    if not days > 0:
        return np.zeros(len(use))
    ahead = window(network, days)
    return sums(ahead.period, ahead.share * use[ahead.later], len(use))
