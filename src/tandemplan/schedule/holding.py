"""What the orders of a schedule hold of work centres, and the set-ups of stations between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.schedule.factory import Factory, Orders


class Held(NamedTuple):
    """A row for each load of an order: stations held, or what is used of a bucket."""

    order: Ints
    resource: Ints
    stations: Floats
    used: Floats
    before: Ints  # set-up of the station before it, -1: none
    set_up: Ints
    change: Ints
    start: Ints
    end: Ints


def held(factory: Factory, orders: Orders) -> Held:
    """Return what orders hold, by work centre and start; a tool that is held through a route has one row, of the route's order."""
    at, load = entries(factory.modes.load_start, orders.mode)
    loads = factory.loads
    resource = loads.resource[load]
    buckets = factory.resources.buckets[resource] == 1
    found = Held(
        order=at,
        resource=resource,
        stations=np.where(buckets, 0.0, loads.stations[load]),
        used=np.where(buckets, loads.fixed[load] + loads.unit[load] * orders.quantity[at], 0.0),
        before=np.full(len(at), -1),
        set_up=loads.set_up[load],
        change=np.where(loads.set_up[load] >= 0, orders.change[at], orders.start[at]),
        start=orders.start[at],
        end=orders.end[at],
    )
    found = _through_routes(found, orders, loads.held[load] == 1)
    found = Held._make(column[np.lexsort((found.order, found.end, found.start, found.resource))] for column in found)
    return found._replace(before=_before(factory, found))


def entries(start: Ints, owner: Ints) -> tuple[Ints, Ints]:
    """Return, for the entries of each owner in a run (-1: none), the place of the owner and the entry."""
    there = np.flatnonzero(owner >= 0)
    first, length = start[owner[there]], start[owner[there] + 1] - start[owner[there]]
    at = np.repeat(there, length)
    return at, np.arange(len(at)) - np.repeat(np.cumsum(length) - length, length) + np.repeat(first, length)


def _through_routes(found: Held, orders: Orders, tool: Ints) -> Held:
    """Return the rows with those of a tool in the steps of one route made one: from its first start to its last end."""
    parent = orders.parent[found.order]
    tools = np.flatnonzero(tool & (parent >= 0))
    if not len(tools):
        return found
    _, first, group = np.unique(
        np.column_stack([parent[tools], found.resource[tools]]), axis=0, return_index=True, return_inverse=True
    )
    group = group.reshape(-1)
    start, end = found.start.copy(), found.end.copy()
    order = found.order.copy()
    kept = tools[first]
    order[kept] = parent[kept]
    start[kept], end[kept] = orders.start[parent[kept]], orders.end[parent[kept]]
    keep = np.ones(len(order), dtype=np.bool_)
    keep[tools] = False
    keep[kept] = True
    change = found.change.copy()
    change[kept] = np.minimum(change[kept], start[kept])
    found = found._replace(order=order, start=start, end=end, change=change)
    return Held._make(column[keep] for column in found)


def _before(factory: Factory, found: Held) -> Ints:
    """Return the set-up of the station before each row, which are sorted by work centre and start."""
    before = np.full(len(found.order), -1, dtype=np.int64)
    asks = np.flatnonzero((found.set_up >= 0) & (factory.resources.matrix[found.resource] >= 0))
    if len(asks):
        resource, set_up = found.resource[asks], found.set_up[asks]
        first = np.append(True, resource[1:] != resource[:-1])
        before[asks] = np.where(first, factory.resources.set_up[resource], np.append(-1, set_up[:-1]))
    return before
