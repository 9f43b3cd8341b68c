"""Constraint family `hours`: hours used stay within hours present and overtime."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Operation
from tandemplan.network.making import hours_of, resources_of
from tandemplan.network.network import Network
from tandemplan.network.places import only_site
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Handling:
    """Hours of one unit received or delivered at a node, on a resource: parallel arrays."""

    node: Ints
    resource: Ints
    hours: NDArray[np.float64]


def handling(network: Network, when: str) -> Handling:
    """Return the hours that `receive` or `deliver` operations take per unit."""
    operations, blank = network.programme[Operation], only_site(network.programme)
    node = {n: k for k, n in enumerate(network.places.nodes)}
    resource = resource_rows(network)
    found = []
    for k in np.flatnonzero(operations.when == when):
        here = node.get((operations.item[k], operations.site[k] or blank))
        if here is None:
            continue
        labour, tool = hours_of(operations, int(k))
        for which, is_tool in resources_of(operations, int(k)):
            if which in resource:
                found.append((here, resource[which], tool if is_tool else labour))
    columns = list(zip(*found, strict=True)) or [(), (), ()]
    return Handling(_ints(columns[0]), _ints(columns[1]), np.array(columns[2], dtype=np.float64))


def add_hours(build: Builder, network: Network, x: Variables) -> None:
    """Add capacity, one row for each work centre, skill or tool k and period t in which something can use it.

    sum hours * make + sum hours * buy (received) + sum hours * move (arriving) + sum hours * deliver
        - overtime[k,t] <= hours present[k,t]

    `docs/semantics.md`, Production, Hours present; Hopp and Spearman 2011, Factory Physics, ch. 16 (capacity rows).
    """
    hours = network.hours
    there = np.ones(hours.present.shape, dtype=bool)
    row = build.add_rows("hours", hours.names, there, lower=-np.inf, upper=hours.present, unit="hours")
    build.add(row, x.overtime, -1.0)
    making, resource = network.making, resource_rows(network)
    used = np.array([k for k, r in enumerate(making.hour_resource) if r in resource], dtype=np.int64)
    rows = _ints([resource[making.hour_resource[k]] for k in used])
    build.add(row[rows], x.make[making.hour_route[used]], making.hour_hours[used])
    receive = handling(network, "receive")
    arrival = np.maximum(network.moving.period, 0)
    for node, k, taken in zip(receive.node, receive.resource, receive.hours, strict=True):
        build.add(row[k], x.buy[network.way_node == node], taken)
        into = network.move_to == node
        build.add(row[k][arrival[into]], x.move[into], taken)
    deliver = handling(network, "deliver")
    ways = network.delivering
    for node, k, taken in zip(deliver.node, deliver.resource, deliver.hours, strict=True):
        here = network.demand_node[ways.demand] == node
        build.add(row[k][ways.period[here]], x.deliver[here], taken)


def resource_rows(network: Network) -> dict[tuple[str, str], int]:
    """Return the row of each resource (kind, name) in `network.hours`."""
    return {r: k for k, r in enumerate(zip(network.hours.kinds, network.hours.names, strict=True))}


def _ints(values: object) -> Ints:
    return np.array(values, dtype=np.int64).reshape(-1)
