"""What there is and how it comes, as the engine reads it: purchase ways, offers, lanes, border points, moves, stock, orders under way, and who takes from where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Crossing, Demand, Item, Lane, Licence, Offer, OpenOrder, Stock
from tandemplan.network.flows import Lookup, openings_of
from tandemplan.network.money import supplier_terms
from tandemplan.network.network import Network, arrivals
from tandemplan.network.origin import outside_shares
from tandemplan.simulate import layout as at
from tandemplan.simulate.budgets import payer_door
from tandemplan.simulate.chances import QUALIFY, lines_of
from tandemplan.simulate.layout import Floats, Ints
from tandemplan.simulate.licences import licence_lists, most_of, standing_of
from tandemplan.simulate.outcomes import line_name
from tandemplan.simulate.registers import Registers, door
from tandemplan.simulate.shop_floor import site_tasks


def goods_of(network: Network, registers: Registers, more: Mapping[str, object]) -> dict[str, Any]:
    """Return purchase ways, offers, lanes, border points and moves; `more` are the tasks that qualify offers."""
    look = Lookup(network.programme, network.cells, openings_of(network.programme, network.dates))
    ways = _ways(network, registers, look, more)
    offer = ways[:, at.WAY_OFFER].astype(np.int64)
    rank = network.programme[Offer].rank[offer]
    order = np.lexsort((ways[:, at.WAY_PRICE], rank, ways[:, at.WAY_NODE]))
    return {
        "ways": ways,
        "way_at": np.searchsorted(ways[order, at.WAY_NODE], np.arange(len(network.item) + 1)),
        "way_order": order,
        "offers": _offers(network, registers),
        "lanes": _lanes(network, registers),
        "crossings": _crossings(network, registers),
        "moves": _moves(network, registers, look),
        **licence_lists(network, look),
    }


def _ways(network: Network, registers: Registers, look: Lookup, more: Mapping[str, object]) -> Floats:
    programme, licences = network.programme, network.programme[Licence]
    offers, lanes = programme[Offer], programme[Lane]
    weight = dict(zip(programme[Item].item, programme[Item].weight_kg.tolist(), strict=True))
    outside = outside_shares(programme)
    prepaid, pay_days = supplier_terms(programme, offers.supplier.tolist())
    found = np.zeros((len(network.places.ways), at.WAY_COLUMNS))
    for k, way in enumerate(network.places.ways):
        o, covered = way.offer, look.licensing.of_offer(way.offer, way.site)
        qualify = QUALIFY + str(offers.offer[o])
        gate = registers.gate([*offers.opens_after[o], *([qualify] if qualify in more else [])])
        standing = standing_of(registers, licences, covered)
        asked = [c for c in covered if licences.kind[c] == "per order"]
        lead = float(offers.lead_days[o]) + float(licences.processing_days[asked].sum())
        carriage = _carriage(programme, way.lane)
        ship = registers.gate([*standing, *(lanes.opens_after[way.lane] if way.lane >= 0 else ())])
        found[k] = [
            network.way_node[k], o, way.lane, most_of(licences, covered), offers.acceptance_share[o], offers.unit_price[o],
            prepaid[o], pay_days[o], offers.minimum_order_units[o], offers.order_multiple_units[o], gate,
            weight[offers.item[o]], outside[o], ship, lead, carriage,
        ]  # fmt: skip
    return found


def _carriage(programme: Programme, lane: int) -> float:
    """Return the mean days of carriage on a lane (-1: none)."""
    if lane < 0:
        return 0.0
    table, crossings = programme[Lane], programme[Crossing]
    wait = float(crossings.delay_hours[crossings.index[(table.crossing[lane],)]]) / 24 if table.crossing[lane] else 0.0
    return float(table.transit_days[lane]) + wait


def _offers(network: Network, registers: Registers) -> Floats:
    table = network.programme[Offer]
    found = [
        [
            registers.time(
                ("lead time", str(table.offer[k])),
                str(table.lead_distribution[k]),
                float(table.lead_days[k]),
                float(table.lead_sd_days[k]),
            ),
            float(np.nan_to_num(table.capacity_units_per_week[k], nan=np.inf)),
            registers.known(at.ON_LEAD, k),
            registers.known(at.ON_CAPACITY, k),
            registers.always("lead time", str(table.offer[k])),
            registers.stream("acceptance", str(table.offer[k]), spread=table.acceptance_share[k] < 1),
        ]
        for k in range(len(table))
    ]
    return np.array(found, dtype=np.float64).reshape(-1, at.OFFER_COLUMNS)


def _lanes(network: Network, registers: Registers) -> Floats:
    table, crossings = network.programme[Lane], network.programme[Crossing].index
    found = [
        [
            registers.time(
                ("transit", str(table.lane[k])),
                "lognormal",
                float(table.transit_days[k]),
                float(table.transit_sd_days[k]),
            ),
            crossings[(table.crossing[k],)] if table.crossing[k] else -1,
            float(np.nan_to_num(table.capacity_kg_per_week[k], nan=np.inf)),
            registers.known(at.ON_TRANSIT, k),
            registers.known(at.ON_LANE, k),
            registers.always("transit", str(table.lane[k])),
        ]
        for k in range(len(table))
    ]
    return np.array(found, dtype=np.float64).reshape(-1, at.LANE_COLUMNS)


def _crossings(network: Network, registers: Registers) -> Floats:
    table = network.programme[Crossing]
    found = []
    for k in range(len(table)):
        name, days = str(table.crossing[k]), float(np.nan_to_num(table.closure_days[k], nan=1.0))
        delay = registers.time(
            ("crossing", name),
            "lognormal",
            float(table.delay_hours[k]),
            float(table.delay_sd_hours[k]),
            whole=False,  # hours, which plans do not round
        )
        rate = float(table.closures_per_year[k]) / 365
        closing = registers.stream("closure", name, spread=rate > 0)
        sd = float(table.closure_sd_days[k]) if rate > 0 else 0.0
        length = registers.time(("closure", name), "lognormal", days, sd)
        found.append([delay, rate if closing >= 0 else 0.0, length, registers.always("crossing", name), closing])
    return np.array(found, dtype=np.float64).reshape(-1, at.CROSSING_COLUMNS)


def _moves(network: Network, registers: Registers, look: Lookup) -> Floats:
    programme, lanes, licences = network.programme, network.programme[Lane], network.programme[Licence]
    weight = dict(zip(programme[Item].item, programme[Item].weight_kg.tolist(), strict=True))
    found = []
    for k, (lane, item) in enumerate(network.places.moves):
        covered = look.licensing.of_move(item, lanes.from_place[lane], lanes.to_site[lane])
        consents = look.licensing.consents(item, lanes.from_place[lane], lanes.to_site[lane])
        first = [licences.task[c] for c in consents if licences.kind[c] == "standing"]
        gate = registers.gate([*lanes.opens_after[lane], *standing_of(registers, licences, covered), *first])
        asks = len(consents) + sum(licences.kind[c] == "per order" for c in covered)
        most = most_of(licences, covered)
        found.append([network.move_from[k], network.move_to[k], lane, weight[item], gate, most, asks])
    return np.array(found, dtype=np.float64).reshape(-1, at.MOVE_COLUMNS)


def demands_of(network: Network, registers: Registers, payers: Ints) -> Floats:
    """Return demands: where they are served, of which contract, when, and by which tasks and payers of contracts they are held up."""
    table, contracts, demands = network.programme[Demand], network.programme[Contract], network.demands
    lines = {name: k for k, name in enumerate(lines_of(network))}
    found = np.zeros((len(table), at.DEMAND_COLUMNS))
    for k in range(len(table)):
        c = int(demands.contract[k])
        waits = {
            *table.opens_after[k],
            *(contracts.opens_after[c] if c >= 0 else ()),
            *site_tasks(network, table.site[k]),
            *([door(registers, payer_door(payers[c]))] if c >= 0 and payers[c] >= 0 else []),
        }
        spread = float(contracts.quantity_cv[c]) if c >= 0 else 0.0
        stream = registers.stream("quantity", str(table.demand[k]), spread=spread > 0)
        found[k] = [
            network.demand_node[k], c if c >= 0 else lines[line_name("", demands.customers[k], demands.items[k])], max(float(demands.quantity[k]), 1e-12), demands.due[k],
            demands.latest[k], float(table.minimum_shipment_units[k]), registers.gate(waits), registers.known(at.ON_DEMAND, k),
            spread if stream >= 0 else 0.0, stream,
        ]  # fmt: skip
    return found


def stock_of(network: Network, items: Mapping[str, int], handled: Floats) -> Floats:
    """Return units on hand by node, with the cost of one and what of it is from outside, the number of the item, and the routes by which it is `handled`."""
    table, offers, sites = network.programme[Stock], network.programme[Offer], network.site
    outside = outside_shares(network.programme)
    at_node = {n: k for k, n in enumerate(zip(network.item.tolist(), sites.tolist(), strict=True))}
    only = sites[0] if len(sites) else ""
    found = np.zeros((len(network.item), at.STOCK_COLUMNS))
    for k in range(len(table)):
        node = at_node.get((table.item[k], table.site[k] or only))
        if node is not None and table.offer[k]:
            o = offers.index[(table.offer[k],)]
            found[node, 1] += table.quantity_units[k] * offers.unit_price[o]
            found[node, 2] += table.quantity_units[k] * offers.unit_price[o] * outside[o]
    found[:, 0] = network.stock
    found[:, 1:3] /= np.maximum(found[:, :1], 1e-9)
    found[:, at.STOCK_ITEM] = [items[str(i)] for i in network.item]
    found[:, at.STOCK_RECEIVED :] = handled
    return found


def arriving_of(network: Network) -> Floats:
    """Return open orders: node, day, units, cost of one and what of it is from outside."""
    table, offers = network.programme[OpenOrder], network.programme[Offer]
    outside = outside_shares(network.programme)
    node, _ = arrivals(network)
    found = np.zeros((len(table), 5))
    found[:, 0], found[:, 2] = node, table.quantity_units
    found[:, 1] = np.maximum(network.periods.numbers(table.promised, 0), 0)
    for k in range(len(table)):
        if table.offer[k]:
            o = offers.index[(table.offer[k],)]
            found[k, 3:] = offers.unit_price[o], offers.unit_price[o] * outside[o]
    return found


def consumers_of(network: Network, handled: Floats) -> dict[str, Ints]:
    """Return who takes from each node: routes, moves, demands; routes that use nothing, and those by which it is `handled`, stand at their own."""
    asked = np.unique(network.demand_node)
    pairs = np.unique(np.stack([network.use_node, network.making.use_route], axis=1), axis=0)
    node = np.concatenate([pairs[:, 0], network.move_from, asked])
    kind = np.repeat([at.BY_ROUTE, at.BY_MOVE, at.BY_DEMAND], [len(pairs), len(network.move_from), len(asked)])
    which = np.concatenate([pairs[:, 1], np.arange(len(network.move_from)), asked])
    bare = np.setdiff1d(np.arange(len(network.places.routes)), network.making.use_route)  # routes that use nothing
    node, kind = (
        np.concatenate([node, network.route_node[bare]]),
        np.concatenate([kind, np.full(len(bare), at.BY_ROUTE)]),
    )
    which = np.concatenate([which, bare])
    at_node, _ = np.nonzero(handled >= 0)
    node, which = np.concatenate([node, at_node]), np.concatenate([which, handled[handled >= 0].astype(np.int64)])
    kind = np.concatenate([kind, np.full(len(at_node), at.BY_ROUTE)])
    order = np.argsort(node, kind="stable")
    return {
        "consumer_at": np.searchsorted(node[order], np.arange(len(network.item) + 1)),
        "consumers": np.stack([kind[order], which[order]], axis=1),
    }
