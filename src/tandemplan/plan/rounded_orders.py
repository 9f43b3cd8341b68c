"""Purchases made whole: the orders of each node gathered into lots that come no later, as far as capacity goes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Runs, runs
from tandemplan.model.schema import Lane, Offer
from tandemplan.network.places import site_names
from tandemplan.plan.model import PlanModel
from tandemplan.plan.order_sizes import DUST, Sizes, way_sizes
from tandemplan.plan.room import kept_room, unit_room
from tandemplan.plan.source_caps import SourceCaps, source_caps

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CAPACITIES = ("offers", "lanes", "licence caps", "order caps")  # rows that orders of several nodes share
SPARE = 1 / 3  # share of the room kept in stores that orders leave which are needed: other plans may need it
LEAST = 1e-7  # units; what is short by less is the dust of the solver


@dataclass
class _Space:
    """What is left of the capacities of offers, lanes and licences, and of room (kinds x sites x periods), beside the orders as they stand.

    `kept` (kinds x sites) is room that is left for one smallest order of each item, or half of all. `caps` say what each source may send.
    """

    rows: Runs
    left: Floats
    room: Floats
    kept: Floats
    caps: SourceCaps

    def units(self, column: int) -> float:
        """Return how many units more a column can have."""
        span = slice(self.rows.start[column], self.rows.start[column + 1])
        return float((self.left[self.rows.item[span]] / self.rows.value[span]).min(initial=np.inf))

    def take(self, column: int, units: float) -> None:
        """Take what units of a column need."""
        span = slice(self.rows.start[column], self.rows.start[column + 1])
        self.left[self.rows.item[span]] -= units * self.rows.value[span]

    def holds(self, node: _Node, more: Floats, period: int, *, wish: bool) -> bool:
        """Return whether there is room at a node for so much more in stock, from a period on; a wish leaves all that is `kept`, a need a part."""
        need = node.size[:, None] * more[period:]
        room = self.room[:, node.site, period:] - self.kept[:, node.site, None] * (1.0 if wish else SPARE)
        return bool((need <= np.maximum(room, 0.0) + DUST).all())


@dataclass(frozen=True, eq=False)
class _Node:
    """The ways to a node: their numbers, columns (ways x periods), accepted shares, and what an accepted unit costs.

    `used` is what a plan buys by each way (ways x periods), `wished` what it has received by each period, `due` the part of it that it
    needed by then. `size` is the room that a unit takes (m3, hazardous kg) at `site`, `lot` the smallest order.
    """

    ways: Ints
    columns: Ints
    share: Floats
    cost: Floats
    used: Floats
    wished: Floats
    due: Floats
    size: Floats
    site: int
    lot: float


def rounded_orders(model: PlanModel, x: Floats) -> tuple[Floats, bool]:
    """Return purchases (ways x periods) that are whole orders, from a plan `x` whose orders may have any size; whether all come in time.

    From period to period, where the plan has used more than the whole orders so far have brought to a node, one is placed, the smallest
    that makes up for it, by the way that the plan uses most then (where a source has a most share: that is most behind the plan, and has room in
    its share): what is short of most orders first. Then, where the plan
    has received more by then than they have brought, one is placed if that leaves room in stock. What is too much comes off later orders. What
    capacity does not hold in its period comes before, as late as possible; or else, and where room is missing, later.
    """
    sizes, columns = way_sizes(model.network), model.variables.buy
    buy = np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)
    nodes = _nodes(model, x, buy, sizes)
    if not nodes:
        return buy, True
    space = _space(model, x, sizes)
    found = np.where(sizes.free[:, None], buy, 0.0)
    due, wished = _asked(model, space, nodes, buy, sizes)
    nodes = [replace(n, due=d) for n, d in zip(nodes, due, strict=True)]
    for node in nodes:
        space.room[:, node.site] += node.size[:, None] * (node.wished - node.due)
    come, in_time = np.zeros(len(nodes)), True
    for t in range(buy.shape[1]):
        for wish, level in enumerate((due, wished)):
            short = level[:, t] - come
            for k in np.argsort(-short / np.array([n.lot for n in nodes]), kind="stable"):
                if short[k] > LEAST:
                    come[k] = _order(
                        space, sizes, nodes[k], found, t=t, stands=(float(come[k]), float(short[k])), wish=bool(wish)
                    )
        in_time &= all(n.due[t] - c <= LEAST for n, c in zip(nodes, come, strict=True))
    return found, in_time


def late_nodes(model: PlanModel, x: Floats, orders: Floats) -> NDArray[np.bool_]:
    """Return the nodes where whole orders bring less than a plan has used by some period."""
    columns = model.variables.buy
    buy = np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)
    late = np.zeros(len(model.network.item), dtype=bool)
    for node in _nodes(model, x, buy, way_sizes(model.network)):
        come = np.cumsum(node.share @ orders[node.ways])
        late[model.network.way_node[node.ways[0]]] = bool((come < node.due - LEAST).any())
    return late


def whole_orders(sizes: Sizes, quantity: Floats) -> NDArray[np.bool_]:
    """Return which orders (owners x periods) have a size that they may have, within what tables round away."""
    near = DUST + 1e-7 * quantity
    least, many = sizes.least[:, None], sizes.multiple[:, None]
    step = np.where(many > 0, many, 1.0)
    whole = (many <= 0) | (np.abs(quantity - np.rint(quantity / step) * step) <= near)
    return np.asarray((quantity <= DUST) | (whole & (quantity >= least - near)))


def _space(model: PlanModel, x: Floats, sizes: Sizes) -> _Space:
    """Return the space beside a plan: rows of capacity with purchases alone in them, and room beside what is in stock."""
    lp, network, columns = model.lp, model.network, model.variables.buy
    held = np.zeros(len(lp.row_lower), dtype=bool)
    for family in CAPACITIES:
        if family in lp.rows:
            held[lp.rows[family].index] = True
    bought = np.zeros(len(lp.lower), dtype=bool)
    bought[columns[columns >= 0]] = True
    entry = np.flatnonzero(held[lp.row_of_entry] & bought[lp.row_column] & (lp.value > 0))
    rows = runs(lp.row_column[entry], lp.row_of_entry[entry], lp.value[entry], len(lp.lower))
    room = np.stack([network.room_m3, network.room_kg])
    at = np.array([site_names(network.programme).index(s) for s in network.site], dtype=np.int64)
    for kind, size in enumerate(unit_room(network)):
        np.subtract.at(room[kind], at, size[:, None] * x[model.variables.stock])
    free = columns[sizes.free]
    buy = np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)
    spent = np.zeros(len(lp.lower))
    spent[free[free >= 0]] = x[free[free >= 0]]
    return _Space(rows, lp.row_upper - lp.times(spent), room, kept_room(network, buy), source_caps(network, buy))


def _used_early(model: PlanModel, x: Floats) -> Floats:
    """Return what has to lie at each node at the end of each period, for uses before the node's day in the next (nodes x periods)."""
    network, making = model.network, model.network.making
    early = network.day[network.route_node[making.use_route], 0] < network.day[network.use_node, 0]
    make = np.where(model.variables.make >= 0, np.append(x, 0.0)[model.variables.make], 0.0)
    used = np.zeros(network.day.shape)
    np.add.at(used, network.use_node[early], (make[making.use_route] * making.use_quantity)[early])
    return np.concatenate([used[:, 1:], np.zeros((len(used), 1))], axis=1)


def _nodes(model: PlanModel, x: Floats, buy: Floats, sizes: Sizes) -> list[_Node]:
    """Return the nodes that receive orders of given sizes."""
    network, columns = model.network, model.variables.buy
    offers, lanes, sites = network.programme[Offer], network.programme[Lane], site_names(network.programme)
    spare, size = x[model.variables.stock] - _used_early(model, x), unit_room(network)
    found = []
    for number in np.unique(network.way_node[~sizes.free]).tolist():
        ways = np.flatnonzero((network.way_node == number) & ~sizes.free)
        offer = np.array([network.places.ways[w].offer for w in ways], dtype=np.int64)
        lane = np.array([network.places.ways[w].lane for w in ways], dtype=np.int64)
        share = offers.acceptance_share[offer]
        cost = offers.unit_price[offer] + np.append(lanes.kg_cost, 0.0)[lane] * network.weight_kg[number] / share
        wished = np.cumsum(share @ buy[ways])
        due = np.maximum.accumulate(np.maximum(wished - np.maximum(spare[number], 0.0), 0.0))
        site = sites.index(str(network.site[number]))
        lot = float(sizes.least[ways].max())
        found.append(_Node(ways, columns[ways], share, cost, buy[ways], wished, due, size[:, number], site, lot))
    return found


def _asked(model: PlanModel, space: _Space, nodes: list[_Node], buy: Floats, sizes: Sizes) -> tuple[Floats, Floats]:
    """Return what must, and what should, have come to each node by each period: then, or before where later periods cannot bring it.

    What an offer can send in whole orders is shared as the plan shares it.
    """
    network = model.network
    offer = np.array([w.offer for w in network.places.ways], dtype=np.int64)
    sent = np.maximum(network.periods.of(network.buying.dispatch), 0)
    total = np.zeros(network.offer_capacity.shape)
    np.add.at(total, (np.broadcast_to(offer[:, None], sent.shape), sent), buy)
    part = np.divide(buy, total[offer[:, None], sent], out=np.ones_like(buy), where=total[offer[:, None], sent] > LEAST)
    asked = (np.stack([n.due for n in nodes]), np.stack([n.wished for n in nodes]))
    for row, node in enumerate(nodes):
        most = np.zeros(buy.shape[1])
        for k, t in zip(*np.nonzero(node.columns >= 0), strict=True):
            units = sizes.down(int(node.ways[k]), space.units(int(node.columns[k, t])))
            most[t] += node.share[k] * units * part[node.ways[k], t] if units > 0 else 0.0
        most = np.where(np.isnan(most), np.inf, most)
        for level in asked:
            for t in range(buy.shape[1] - 2, -1, -1):
                level[row, t] = max(level[row, t], level[row, t + 1] - most[t + 1])
    return asked


def _order(
    space: _Space, sizes: Sizes, node: _Node, found: Floats, *, t: int, stands: tuple[float, float], wish: bool
) -> float:
    """Write the order that makes up for what is short at a node into `found`, if there is space for one; return what has come then.

    `stands` is what has come so far, and what is short.
    """
    come, short = stands
    for k in _ranked(space, sizes, node, found, t):
        way, column = int(node.ways[k]), int(node.columns[k, t])
        if column < 0 or found[way, t] > 0 or short <= LEAST:
            continue
        units = min(sizes.up(way, short / node.share[k]), sizes.down(way, space.units(column)))
        capped = sizes.down(way, space.caps.units(way) / node.share[k])
        units = min(units, capped) if capped > 0 else units
        got = float(node.share[k]) * units
        more = np.maximum(come + got - node.due, 0.0) - np.maximum(come - node.due, 0.0)
        if units > 0 and space.holds(node, more, t, wish=wish):
            found[way, t], come, short = units, come + got, short - got
            space.take(column, units)
            space.caps.take(way, got)
            space.room[:, node.site, t:] -= node.size[:, None] * more[t:]
    return come


def _ranked(space: _Space, sizes: Sizes, node: _Node, found: Floats, t: int) -> Ints:
    """Return the ways to a node in the order in which they are asked: those that the plan uses most in a period, or, with caps, that are most behind it."""
    if (space.caps.of[node.ways] < 0).all():
        return np.lexsort((node.cost, -node.used[:, t]))
    behind = node.used[:, : t + 1].sum(axis=1) - found[node.ways].sum(axis=1)
    room = np.array([space.caps.units(w) for w in node.ways.tolist()])
    full = room < node.share * sizes.least[node.ways]
    return np.lexsort((node.cost, -behind, full))
