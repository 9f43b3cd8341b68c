"""Constraint families `balance` and `on hand`: what comes to a node equals what leaves it, and comes before it leaves."""

from __future__ import annotations

import numpy as np

from tandemplan.model.schema import Offer
from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder


def add_balance(build: Builder, network: Network, x: Variables) -> None:
    """Add material balance: what comes to a node equals what leaves it, one row for each node n and period t.

        balance: stock[n,t] - stock[n,t-1] = arriving[n,t] + sum[w] accepted[w] * buy[w,t] + sum[r] good[r,t] * make[r,t] + sum[m] move[m,s]
            - sum[r] use[r,n,t] * make[r,t] - sum[m] move[m,t] - sum[d] deliver[d,t]

    stock[n,-1] is the opening stock and `arriving` what is on order at the start. Ways w, routes r and demands d are those of n; moves are counted in
    the period t in which they come to n, having left in s, and in the period in which they leave it.

    `docs/semantics.md`, Purchases, Moves, Production; Pochet and Wolsey 2006, Production Planning by Mixed Integer
    Programming, eq. (1.2), extended over sites.
    """
    right = network.arriving.copy()
    right[:, 0] += network.stock
    every = np.ones(network.day.shape, dtype=bool)
    row = build.add_rows("balance", network.node_names, every, lower=right, upper=right)
    build.add(row, x.stock, 1.0)
    build.add(row[:, 1:], x.stock[:, :-1], -1.0)
    accepted = (
        network.programme[Offer].acceptance_share[[w.offer for w in network.places.ways]] if len(x.buy) else np.zeros(0)
    )
    build.add(row[network.way_node], x.buy, -accepted[:, None])
    build.add(row[network.route_node], x.make, -network.making.good)
    build.add(row[network.use_node], x.make[network.making.use_route], network.making.use_quantity)
    build.add(row[network.move_from], x.move, 1.0)
    arrival = network.moving.period
    build.add(np.where(arrival >= 0, row[network.move_to[:, None], np.maximum(arrival, 0)], -1), x.move, -1.0)
    ways = network.delivering
    build.add(row[network.demand_node[ways.demand], ways.period], x.deliver, 1.0)


def add_on_hand(build: Builder, network: Network, x: Variables) -> None:
    """Add components on hand: what is taken before the day of its node was there before, one row for each node n and period t with such a use.

        on hand: sum[r] use[r,n,t] * make[r,t] <= stock[n,t-1]

    The routes r are those that produce on a day before that of n: a component leaves on the production day of its parent, and what comes to its
    node in t comes on the node's own day.

    `docs/semantics.md`, Nodes and phases, Production.
    """
    making = network.making
    parent = network.route_node[making.use_route]
    early = np.flatnonzero(network.day[parent, 0] < network.day[network.use_node, 0])
    node, columns = network.use_node[early], x.make[making.use_route[early]]
    there = np.zeros(network.day.shape, dtype=bool)
    np.logical_or.at(there, node, columns >= 0)
    if not there.any():
        return
    right = np.zeros(network.day.shape)
    right[:, 0] = network.stock
    row = build.add_rows("on hand", network.node_names, there, lower=-np.inf, upper=right)
    build.add(row[node], columns, making.use_quantity[early])
    build.add(row[:, 1:], x.stock[:, :-1], -1.0)
