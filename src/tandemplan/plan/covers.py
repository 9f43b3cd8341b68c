"""Which places goods come to by set-ups alone: what the solver needs to tighten models with lots."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import NO_COLUMN, Cover

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def covers_of(network: Network, x: Variables) -> tuple[Cover, ...]:
    """Return a cover for each node c that is made by routes with set-ups alone.

    Weights are the units of c inside a unit of each other node, at the least: weight[c] = 1, and for other nodes n
    the least over routes and periods of sum use * weight / good. So production of n adds nothing to the sum of weight * stock,
    nor does anything but making c, where nodes to which goods are bought, moved or on order have weight 0.
    Pochet and Wolsey 2006, Production Planning by Mixed Integer Programming, sec. 13.2 (echelon stock).
    """
    if not network.lots.setup.any():
        return ()
    graph = _graph(network)
    deliver = _deliveries(network, x)
    found = []
    for node, routes in graph.routes.items():
        if node not in graph.barred and network.lots.setup[routes].all():
            weight = _weights(network, graph, node)
            found.append(_cover(network, x, routes, weight, deliver))
    return tuple(c for c in found if len(c.out))


@dataclass(frozen=True)
class _Graph:
    """Nodes and routes: routes of each node, nodes made of each node, lines of the bill of each route, nodes with other supply."""

    routes: dict[int, list[int]]
    parents: dict[int, set[int]]
    lines: dict[int, list[int]]
    barred: set[int]


def _graph(network: Network) -> _Graph:
    routes: dict[int, list[int]] = defaultdict(list)
    for r, node in enumerate(network.route_node.tolist()):
        routes[node].append(r)
    parents: dict[int, set[int]] = defaultdict(set)
    lines: dict[int, list[int]] = defaultdict(list)
    for k, (r, node) in enumerate(zip(network.making.use_route.tolist(), network.use_node.tolist(), strict=True)):
        parents[node].add(int(network.route_node[r]))
        lines[r].append(k)
    barred = {
        *network.way_node.tolist(),
        *network.move_to.tolist(),
        *np.flatnonzero(network.arriving.any(axis=1)).tolist(),
    }
    return _Graph(routes, parents, lines, barred)


def _weights(network: Network, graph: _Graph, node: int) -> dict[int, float]:
    """Return the units of a node inside a unit of each node that holds any, components first."""
    order: list[int] = []

    def visit(n: int) -> None:
        if n not in seen:
            seen.add(n)
            for parent in sorted(graph.parents[n]):
                visit(parent)
            order.append(n)

    seen: set[int] = set()
    visit(node)
    weight = {node: 1.0}
    for n in reversed(order[:-1]):
        if n not in graph.barred:
            weight[n] = min(_inside(network, graph, r, weight) for r in graph.routes[n])
    return {n: w for n, w in weight.items() if w > 0}


def _inside(network: Network, graph: _Graph, route: int, weight: dict[int, float]) -> float:
    """Return the least weight that goes into a good unit of a route, over the periods in which it is open."""
    making, total = network.making, np.zeros(len(network.periods))
    for k in graph.lines[route]:
        total += making.use_quantity[k] * weight.get(int(network.use_node[k]), 0.0)
    good = np.where(making.open[route], making.good[route], 0.0)
    return float(np.where(good > 0, total / np.where(good > 0, good, 1.0), np.inf).min(initial=np.inf))


def _deliveries(network: Network, x: Variables) -> Ints:
    """Return the columns of deliveries (demands x periods)."""
    found = np.full((len(network.demands.quantity), len(network.periods)), NO_COLUMN)
    found[network.delivering.demand, network.delivering.period] = x.deliver
    return found


def _cover(network: Network, x: Variables, routes: list[int], weight: dict[int, float], deliver: Ints) -> Cover:
    nodes = np.array([n for n, w in weight.items() if np.isfinite(w)], dtype=np.int64)
    weights = np.array([weight[n] for n in nodes.tolist()])
    of_node = np.zeros(len(network.item))
    of_node[nodes] = weights
    inside = of_node[network.demand_node]
    served = np.flatnonzero((inside > 0) & (deliver >= 0).any(axis=1))
    return Cover(
        setup=x.setup[routes],
        stock=x.stock[nodes],
        weight=weights,
        opening=float((weights * network.stock[nodes]).sum()),
        out=deliver[served],
        out_weight=inside[served],
        most=network.demands.quantity[served],
    )
