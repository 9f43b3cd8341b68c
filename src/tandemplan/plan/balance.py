"""Constraint family `balance`: what comes to a node equals what leaves it."""

from __future__ import annotations

import numpy as np

from tandemplan.model.schema import Offer
from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder


def add_balance(build: Builder, network: Network, x: Variables) -> None:
    r"""Add material balance, one row for each node n and period t.

    stock[n,t] - stock[n,t-1] - sum accepted * buy - sum good * make - sum move (arriving)
        + sum use * make + sum move (leaving) + sum deliver = open orders arriving (+ opening stock in the first period)

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
    build.add(row[network.route_node], x.make, -network.making.good[:, None])
    build.add(row[network.use_node], x.make[network.making.use_route], network.making.use_quantity)
    build.add(row[network.move_from], x.move, 1.0)
    arrival = network.moving.period
    build.add(np.where(arrival >= 0, row[network.move_to[:, None], np.maximum(arrival, 0)], -1), x.move, -1.0)
    ways = network.delivering
    build.add(row[network.demand_node[ways.demand], ways.period], x.deliver, 1.0)
