"""Constraint family `hours`: hours used stay within hours present and overtime."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.network.handling import Handling
from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]


def add_hours(build: Builder, network: Network, x: Variables) -> None:
    """Add capacity: hours used are present, or overtime, one row for each resource k and period t in which something can use it.

        hours: sum[r] hours[r,k,t] * make[r,t] + sum[r] set-up hours[r,k,t] * setup[r,t] + sum[w] hours[w,k,t] * buy[w,t]
            + sum[m] hours[m,k,t] * move[m,s] + sum[d] hours[d,k,t] * deliver[d,t] - overtime[k,t] <= present[k,t]

    Purchases take hours in the period of receipt, moves that left in s in the period t in which they arrive. Families below add what else is present.

    `docs/semantics.md`, Production, Lots, Hours present; Hopp and Spearman 2011, Factory Physics, ch. 16 (capacity rows).
    """
    hours = network.hours
    there = np.ones(hours.present.shape, dtype=bool)
    row = build.add_rows("hours", hours.names, there, lower=-np.inf, upper=hours.present, unit="hours")
    build.add(row, x.overtime, -1.0)
    add_work(build, network, x, row)


def add_work(build: Builder, network: Network, x: Variables, row: Ints) -> None:
    """Add the hours that work takes to the rows in `row` (resources x periods; NO_COLUMN: not counted)."""
    making, resource = network.making, resource_rows(network)
    used = np.array([k for k, r in enumerate(making.hour_resource) if r in resource], dtype=np.int64)
    rows = ints([resource[making.hour_resource[k]] for k in used])
    build.add(row[rows], x.make[making.hour_route[used]], making.hour_hours[used])
    lots = network.lots
    for j, who in enumerate(lots.hour_resource):
        if who in resource:
            build.add(row[resource[who]], x.setup[lots.hour_route[j]], lots.hour_hours[j])
    arrival, ways = np.maximum(network.moving.period, 0), network.delivering
    for node, k, taken in handled(network, network.receipt):
        build.add(row[k], x.buy[network.way_node == node], taken)
        into = network.move_to == node
        build.add(row[k][arrival[into]], x.move[into], taken[arrival[into]])
    for node, k, taken in handled(network, network.delivery):
        here = network.demand_node[ways.demand] == node
        build.add(row[k][ways.period[here]], x.deliver[here], taken[ways.period[here]])


def handled(network: Network, work: Handling) -> list[tuple[int, int, NDArray[np.float64]]]:
    """Return the entries of receipt or delivery as (node, row of the resource, hours of a unit by period)."""
    at = resource_rows(network)
    found = zip(work.node.tolist(), work.resource, work.hours, strict=True)
    return [(node, at[resource], hours) for node, resource, hours in found if resource in at]


def resource_rows(network: Network) -> dict[tuple[str, str], int]:
    """Return the row of each resource (kind, name) in `network.hours`."""
    return {r: k for k, r in enumerate(zip(network.hours.kinds, network.hours.names, strict=True))}
