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
from tandemplan.plan.origin_orders import beyond_of, owed, windows_end
from tandemplan.plan.room import kept_room, unit_room
from tandemplan.plan.source_caps import SourceCaps, source_caps

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CAPACITIES = ("offers", "lanes", "licence caps", "order caps")  # rows that orders of several nodes share
SPARE = 1 / 3  # share of the room kept in stores that orders leave which are needed: other plans may need it
WISHED = 0.1  # share of the smallest order of a node up to which it waits what is not needed
CRUMB = 0.01  # the same of what is needed for the sake of origin
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
    needed by then. `size` is the room that a unit takes (m3, hazardous kg) at `site`, `lot` the smallest order. `beyond` is
    what a unit adds to what rules of origin limit, `chosen` whether it matters which way is taken: a rule limits shares of sources or of origin.
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
    beyond: Floats
    chosen: bool = False


@dataclass(frozen=True, eq=False)
class _Claim:
    """What some `ways` to a node should have brought by the end of each period, or must have, where that is a `need`.

    `of` are their places among all ways to the node, `number` is that of the node.
    """

    number: int
    ways: Ints
    of: Ints
    level: Floats
    need: bool = False

    def short(self, come: Floats, t: int) -> float:
        """Return how many units are missing in a period, where `come` has come by each way."""
        return float(self.level[t] - come[self.ways].sum())


def rounded_orders(model: PlanModel, x: Floats) -> tuple[Floats, bool]:
    """Return purchases (ways x periods) that are whole orders, from a plan `x` whose orders may have any size; whether all come in time.

    From period to period, where the plan has used more than the whole orders so far have brought to a node, one is placed or raised, the smallest
    that makes up for it, by the way that the plan uses most then: what is short of most orders first. Where a source has a most share, or ways differ in
    origin, it is the way that is most behind the plan, and has room in its share. Then the same is done for the ways that add least from outside, so that by the
    end of each window of origin as much has come by them as in the plan, but for a hundredth of the smallest order; then where the plan has received more
    than they have brought, by more than a tenth of it, if that leaves room in stock. What is too much comes off later orders. What
    capacity does not hold in its period comes before, as late as possible; or else, and where room is missing, later.
    """
    sizes, columns = way_sizes(model.network), model.variables.buy
    buy = np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)
    nodes = _nodes(model, x, buy, sizes)
    if not nodes:
        return buy, True
    space = _space(model, x, sizes)
    found, come, in_time = np.where(sizes.free[:, None], buy, 0.0), np.zeros(len(buy)), True
    groups = _claims(model, space, nodes, buy, sizes)
    owing = {c.number for c in groups[1]}
    chosen = [k in owing or bool((space.caps.of[n.ways] >= 0).any()) for k, n in enumerate(nodes)]
    nodes = [replace(n, due=c.level, chosen=k) for n, c, k in zip(nodes, groups[0], chosen, strict=True)]
    for node in nodes:
        space.room[:, node.site] += node.size[:, None] * (node.wished - node.due)
    for t in range(buy.shape[1]):
        for claims, slight in zip(groups, (0.0, CRUMB, WISHED), strict=True):
            short = np.array([c.short(come, t) / nodes[c.number].lot for c in claims])
            for k in np.argsort(-short, kind="stable"):
                if short[k] > slight:
                    _order(space, sizes, nodes[claims[k].number], claims[k], t=t, found=found, come=come)
        in_time &= all(c.short(come, t) <= LEAST for c in groups[0])
    return found, in_time


def whole_orders(sizes: Sizes, quantity: Floats) -> NDArray[np.bool_]:
    """Return which orders (owners x periods) have a size that they may have, within what tables round away."""
    near = DUST + 1e-7 * quantity
    least, many = sizes.least[:, None], sizes.multiple[:, None]
    step = np.where(many > 0, many, 1.0)
    whole = (many <= 0) | (np.abs(quantity - np.rint(quantity / step) * step) <= near)
    return np.asarray((quantity <= DUST) | (whole & (quantity >= least - near)))


def _space(model: PlanModel, x: Floats, sizes: Sizes) -> _Space:
    """Return the space beside all of a plan but its orders of given sizes: in rows of capacity, and in stores."""
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
    buy = np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0)
    sized = columns[~sizes.free]
    others = x.copy()
    others[sized[sized >= 0]] = 0.0
    return _Space(rows, lp.row_upper - lp.times(others), room, kept_room(network, buy), source_caps(network, buy))


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
    beyond = beyond_of(network)
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
        found.append(
            _Node(ways, columns[ways], share, cost, buy[ways], wished, due, size[:, number], site, lot, beyond[ways])
        )
    return found


def _claims(model: PlanModel, space: _Space, nodes: list[_Node], buy: Floats, sizes: Sizes) -> list[list[_Claim]]:
    """Return what has to come to each node by each period, what has to come by some ways for the sake of origin, and what should come.

    It comes then, or before where later periods cannot bring it. What an offer can send in whole orders is shared as the plan shares it.
    """
    network = model.network
    offer = np.array([w.offer for w in network.places.ways], dtype=np.int64)
    sent = np.maximum(network.periods.of(network.buying.dispatch), 0)
    total = np.zeros(network.offer_capacity.shape)
    np.add.at(total, (np.broadcast_to(offer[:, None], sent.shape), sent), buy)
    part = np.divide(buy, total[offer[:, None], sent], out=np.ones_like(buy), where=total[offer[:, None], sent] > LEAST)
    last = windows_end(network)
    needs: list[_Claim] = []
    owes: list[_Claim] = []
    wishes: list[_Claim] = []
    for number, node in enumerate(nodes):
        most = np.zeros(node.used.shape)
        for k, t in zip(*np.nonzero(node.columns >= 0), strict=True):
            units = sizes.down(int(node.ways[k]), space.units(int(node.columns[k, t])))
            most[k, t] = node.share[k] * units * part[node.ways[k], t] if units > 0 else 0.0
        every = np.arange(len(node.ways))
        needs.append(replace(_claim(number, node, every, node.due, most), need=True))
        wishes.append(_claim(number, node, every, node.wished, most))
        received = node.share[:, None] * node.used
        owes.extend(_claim(number, node, *some, most) for some in owed(node.beyond, last, received))
    return [needs, owes, wishes]


def _claim(number: int, node: _Node, of: Ints, level: Floats, most: Floats) -> _Claim:
    """Return what some ways have to bring by each period, or before where later periods cannot bring it: `most` (ways x periods) is what they can."""
    level, brings = level.copy(), most[of].sum(axis=0)
    brings = np.where(np.isnan(brings), np.inf, brings)
    for t in range(len(level) - 2, -1, -1):
        level[t] = max(level[t], level[t + 1] - brings[t + 1])
    return _Claim(number, node.ways[of], of, level)


def _order(space: _Space, sizes: Sizes, node: _Node, claim: _Claim, *, t: int, found: Floats, come: Floats) -> None:
    """Write the orders that make up for what is short of a claim into `found`, if there is space for them, and what comes into `come`.

    Where it matters which way is taken, each brings the whole orders that it is behind before one brings more.
    """
    for part in (True, False) if node.chosen else (False,):
        behind = node.used[:, : t + 1].sum(axis=1) - found[node.ways].sum(axis=1)
        for k in (k for k in _ranked(space, sizes, node, behind, t) if k in claim.of and node.columns[k, t] >= 0):
            way, column, share = int(node.ways[k]), int(node.columns[k, t]), float(node.share[k])
            had, short = float(found[way, t]), claim.short(come, t)
            if short <= LEAST:
                return
            wanted = (
                sizes.down(way, had + min(short / share, behind[k])) if part else sizes.up(way, had + short / share)
            )
            capped = sizes.down(way, had + space.caps.units(way) / share)
            units = min(wanted, sizes.down(way, had + space.units(column)), capped if capped > 0 else np.inf) - had
            if units > 0 and _fits(space, node, share * units, come, t, wish=not claim.need):
                found[way, t] += units
                come[way] += share * units
                space.take(column, units)
                space.caps.take(way, share * units)


def _fits(space: _Space, node: _Node, got: float, come: Floats, t: int, *, wish: bool) -> bool:
    """Return whether there is room for what is got at a node, and take it."""
    stands = float(come[node.ways].sum())
    more = np.maximum(stands + got - node.due, 0.0) - np.maximum(stands - node.due, 0.0)
    there = space.holds(node, more, t, wish=wish)
    space.room[:, node.site, t:] -= there * node.size[:, None] * more[t:]
    return there


def _ranked(space: _Space, sizes: Sizes, node: _Node, behind: Floats, t: int) -> Ints:
    """Return the ways to a node in the order in which they are asked.

    Those that the plan uses most in a period, or, where it matters which, that are most `behind` it; then those that the plan uses at all, first what adds least from outside.
    """
    if not node.chosen:
        return np.lexsort((node.cost, -node.used[:, t]))
    room = np.array([space.caps.units(w) for w in node.ways.tolist()])
    full, ahead = room < node.share * sizes.least[node.ways], behind <= LEAST
    unused, beyond = node.used.sum(axis=1) <= DUST, np.nan_to_num(node.beyond)
    return np.lexsort((node.cost, np.where(ahead, beyond, -behind), ahead & unused, ahead, full))
