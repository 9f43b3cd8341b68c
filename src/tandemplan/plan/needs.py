"""How much of each item may be needed at most: what makes the coefficients of whole columns as small as they may be."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.schema import Offer, StockPolicy
from tandemplan.network.gates import BOUGHT, MONEY, gates_of
from tandemplan.network.network import Network
from tandemplan.plan.order_sizes import offer_windows, way_sizes
from tandemplan.plan.variables import policy_nodes

Floats = NDArray[np.float64]


def most_needed(network: Network) -> Floats:
    """Return the most units of each route that can be of use in each period or later (routes x periods).

    R[i,t] = demand for i that may be served in t or later + safety stock of i + what tasks need of i
             + max over bills of each parent p of use per good unit x (R[p,t] + largest lot of p)

    More is never needed: a start beyond R, less one lot, could be left out without any harm. Sites and leads are
    passed over, which can only make R larger.
    """
    items, good = most_of_items(network), _least_good(network)
    each = [items[item] / good[r] for r, (item, _, _) in enumerate(network.places.routes)]
    return np.array(each).reshape(len(each), len(network.periods))


def most_bought(network: Network) -> Floats:
    """Return the most units that each way may bring in each period of receipt (ways x periods).

    What may be needed from then on (`most_of_items`) and a smallest order on top, as far as the offer can send it, with what options add.
    """
    offer, periods = ints(w.offer for w in network.places.ways), network.periods
    needed, sizes = most_of_items(network), way_sizes(network)
    wanted = np.array([needed[i] for i in network.item[network.way_node]]).reshape(len(offer), len(periods))
    wanted = wanted / np.maximum(network.programme[Offer].acceptance_share[offer], 1e-9)[:, None]
    _, holds = offer_windows(network)
    for gain in (g for g in network.choices.gains if g.family == "offers"):
        holds[gain.entity] += gain.amount.max(axis=0)
    sent = np.clip(periods.of(network.buying.dispatch), 0, len(periods) - 1)
    return np.minimum(wanted + (sizes.least + sizes.multiple)[:, None], holds[offer[:, None], sent])


def most_of_items(network: Network) -> dict[str, Floats]:
    """Return the most units of each item that can be of use in each period or later, as R[i,t] of `most_needed`."""
    own, bills = _own_needs(network), _bills(network)
    lot: dict[str, float] = defaultdict(float)
    for r, (item, _, _) in enumerate(network.places.routes):
        lot[item] += float(network.lots.largest[r])
    found: dict[str, Floats] = {}

    def needed(item: str) -> Floats:
        if item not in found:
            total = own.get(item, np.zeros(len(network.periods)))
            for parent, rate in bills[item].items():
                total = total + rate * needed(parent)
            found[item] = total + lot[item]
        return found[item]

    return {item: needed(item) for item in dict.fromkeys(map(str, network.item))}


def _own_needs(network: Network) -> dict[str, Floats]:
    """Return what is asked of each item itself, from each period on: demands, safety stock, tasks."""
    count, demands, ways = len(network.periods), network.demands, network.delivering
    last = np.full(len(demands.quantity), -1)
    np.maximum.at(last, ways.demand, ways.period)
    found: dict[str, Floats] = defaultdict(lambda: np.zeros(count))
    for d in np.flatnonzero(last >= 0).tolist():
        found[demands.items[d]][: last[d] + 1] += demands.quantity[d]
    policies = network.programme[StockPolicy]
    for k, node in enumerate(policy_nodes(network).tolist()):
        found[network.item[node]] += network.cells.daily(policies, "safety_units", k).max()
    offers = network.programme[Offer]
    for need in (n for gate in gates_of(network.programme) for n in gate.needs if n.what != MONEY):
        item = str(offers.item[offers.index[(need.name,)]]) if need.what == BOUGHT else need.name
        found[item] += need.least * max(need.weeks or 1.0, 1.0)
    return found


def _least_good(network: Network) -> Floats:
    """Return the least good units of a start of each route (1 where it is never open)."""
    good = np.where(network.making.open, network.making.good, np.inf).min(axis=1, initial=np.inf)
    return np.where(np.isfinite(good), good, 1.0)


def _bills(network: Network) -> dict[str, dict[str, float]]:
    """Return by component and parent the most units used for a good one, over routes and periods."""
    making, good = network.making, _least_good(network)
    by_route: dict[tuple[str, int], Floats] = {}
    for k, (route, item) in enumerate(zip(making.use_route.tolist(), making.use_item, strict=True)):
        by_route[item, route] = by_route.get((item, route), np.zeros(len(network.periods))) + making.use_quantity[k]
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (item, route), quantity in by_route.items():
        parent = network.places.routes[route][0]
        found[item][parent] = max(found[item][parent], float(quantity.max()) / float(good[route]))
    return found
