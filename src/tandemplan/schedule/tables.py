"""From a schedule's arrays to its result tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tandemplan.arrays import Floats, Ints, sums, texts
from tandemplan.model.programme import Programme
from tandemplan.results import schedule_shapes as shapes
from tandemplan.results.store import Frame
from tandemplan.schedule.factory import BUY, DELIVER, FOREVER, MAKE, MOVE, Factory, Orders
from tandemplan.schedule.holding import Held, held
from tandemplan.schedule.loading import loads_of
from tandemplan.schedule.moving import moved
from tandemplan.schedule.words import Texts, Words, words_of

DAY = 86_400
KINDS = {MAKE: "make", BUY: "buy", MOVE: "move", DELIVER: "deliver"}
WEEK_DAYS, LEAST_SHARE = 7, 0.001  # of the units demanded, over a week: what a gap is at least measured by


@dataclass(frozen=True)
class Bound:
    """What no schedule beats in one class: units lost, and late unit-days of one that loses so few."""

    lost: float
    late_unit_days: float


@dataclass(frozen=True, eq=False)
class Served:
    """What becomes of each demand: units on time, late and lost, late unit-days, and when the last is delivered (-FOREVER: never)."""

    on_time: Floats
    late: Floats
    lost: Floats
    late_unit_days: Floats
    last: Ints


def tables_of(programme: Programme, factory: Factory, orders: Orders, bounds: Sequence[Bound]) -> dict[str, Frame]:
    """Return the result tables of a schedule, rows in a fixed order; `bounds` are those of the classes in their order."""
    orders = spanned(factory, orders)
    words, rows = words_of(programme, factory, orders), held(factory, orders)
    served = served_of(factory, orders)
    return {
        shapes.CLASSES.name: _classes(words, factory, served, bounds),
        shapes.DELIVERIES.name: _deliveries(words, factory, orders),
        shapes.DEMAND_SUMMARY.name: _summary(words, factory, served),
        shapes.ORDERS.name: _orders(words, factory, orders),
        shapes.ORDER_LOADS.name: _loads(words, rows),
        shapes.ORDER_FLOWS.name: _flows(words, factory, orders),
        shapes.SCHEDULE_LOAD.name: _weeks(words, factory, orders, rows),
    }


def spanned(factory: Factory, orders: Orders) -> Orders:
    """Return the orders with approved routes from the start of their first step that is there to the end of the last."""
    start, end = orders.start.copy(), orders.end.copy()
    approved = np.append(factory.given.firm == 0, False)[orders.given]
    steps = np.flatnonzero((orders.parent >= 0) & approved[orders.parent])
    routes = np.unique(orders.parent[steps])
    start[routes], end[routes] = FOREVER, -FOREVER
    np.minimum.at(start, orders.parent[steps], orders.start[steps])
    np.maximum.at(end, orders.parent[steps], orders.end[steps])
    change = orders.change.copy()
    change[routes] = start[routes]
    return orders._replace(start=start, end=end, change=change)


def served_of(factory: Factory, orders: Orders) -> Served:
    """Return what becomes of each demand; what is delivered after its latest moment is lost."""
    asked = factory.demands
    k = np.flatnonzero(_delivers(orders))
    demand, quantity = orders.demand[k], orders.quantity[k]
    late = np.maximum(orders.end[k] - asked.due[demand], 0)
    kept = orders.end[k] <= asked.latest[demand]
    demand, quantity, late, end = demand[kept], quantity[kept], late[kept], orders.end[k][kept]
    count = len(asked.due)
    in_time, after = (sums(demand, quantity * of, count) for of in (late == 0, late > 0))
    last = np.full(count, -FOREVER)
    np.maximum.at(last, demand, end)
    lost = np.maximum(asked.quantity - in_time - after, 0.0)
    return Served(in_time, after, np.where(lost < 1e-6, 0.0, lost), sums(demand, quantity * late / DAY, count), last)


def _delivers(orders: Orders) -> Any:
    """Tell which orders deliver: those for a demand that are no steps of a route."""
    return (orders.demand >= 0) & (orders.parent < 0)


def _orders(words: Words, factory: Factory, orders: Orders) -> Frame:
    kinds = texts([*(KINDS[k] for k in factory.processes.kind.tolist()), "deliver"])
    states = texts(["approved", "confirmed", "new"])
    state = np.where(orders.given >= 0, factory.given.firm[orders.given] if len(factory.given.firm) else 0, 2)
    at_once = orders.process < 0
    place = np.lexsort((orders.process, orders.end, orders.start))
    columns: Mapping[str, Any] = {
        "order": words.order[:-1],
        "process": words.process[orders.process],
        "kind": kinds[orders.process],
        "item": np.where(at_once, words.demand_item[orders.demand], words.process_item[orders.process]),
        "site": np.where(at_once, words.demand_site[orders.demand], words.process_site[orders.process]),
        "quantity": orders.quantity,
        "set_up_start": words.moments(orders.change),
        "start": words.moments(orders.start),
        "end": words.moments(orders.end),
        "part_of": words.order[orders.parent],
        "demand": words.demand[np.where(_delivers(orders), orders.demand, -1)],
        "status": states[state],
    }
    return {n: columns[n][place] for n in shapes.ORDERS.names}


def _loads(words: Words, rows: Held) -> Frame:
    return {
        "order": words.order[rows.order],
        "work_centre": words.resource[rows.resource],
        "stations": rows.stations,
        "used": rows.used,
        "set_up_before": words.set_up[rows.before],
        "set_up": words.set_up[rows.set_up],
        "set_up_start": words.moments(rows.change),
        "start": words.moments(rows.start),
        "end": words.moments(rows.end),
    }


def _flows(words: Words, factory: Factory, orders: Orders) -> Frame:
    rows = moved(factory, orders)
    items, sites = (texts([*part, ""]) for part in zip(*factory.names.buffers, strict=True))
    known = np.array([name in words.items for name in items])
    said = known[rows.buffer]  # what only stands for a dependency is no item
    first = min(int(orders.start.min(initial=0)), 0)
    moment = np.maximum(rows.moment, first)
    frame = {
        "item": items[rows.buffer],
        "site": sites[rows.buffer],
        "moment": words.moments(moment),
        "order": words.order[rows.order],
        "quantity": rows.quantity,
        "stock": rows.stock,
    }
    return {n: column[said] for n, column in frame.items()}


def _deliveries(words: Words, factory: Factory, orders: Orders) -> Frame:
    k = np.flatnonzero(_delivers(orders))
    k = k[np.lexsort((orders.end[k], orders.demand[k]))]
    demand = orders.demand[k]
    due = factory.demands.due[demand]
    return {
        "demand": words.demand[demand],
        "order": words.order[k],
        "customer": words.customer[demand],
        "demand_class": words.demand_class[demand],
        "site": words.demand_site[demand],
        "item": words.demand_item[demand],
        "quantity": orders.quantity[k],
        "due": words.moments(due),
        "delivered": words.moments(orders.end[k]),
        "late_days": np.maximum(orders.end[k] - due, 0) / DAY,
    }


def _summary(words: Words, factory: Factory, served: Served) -> Frame:
    last = words.moments(np.where(served.last == -FOREVER, 0, served.last))
    last[served.last == -FOREVER] = np.datetime64("NaT")
    return {
        "demand": words.demand[:-1],
        "customer": words.customer[:-1],
        "demand_class": words.demand_class,
        "item": words.demand_item[:-1],
        "site": words.demand_site[:-1],
        "quantity": factory.demands.quantity,
        "due": words.moments(factory.demands.due),
        "on_time": served.on_time,
        "late": served.late,
        "lost": served.lost,
        "late_unit_days": served.late_unit_days,
        "last_delivery": last,
    }


def _classes(words: Words, factory: Factory, served: Served, bounds: Sequence[Bound]) -> Frame:
    rank, count = factory.demands.rank, int(factory.demands.rank.max(initial=-1)) + 1
    names: Ints = np.zeros(count, dtype=np.int64)
    names[rank] = words.demand_class
    asked, late = sums(rank, factory.demands.quantity, count), sums(rank, served.late_unit_days, count)
    bounds = bounds[:count]
    least = np.array([b.late_unit_days for b in bounds])
    return {
        "demand_class": names,
        "demanded": asked,
        "on_time": sums(rank, served.on_time, count),
        "late": sums(rank, served.late, count),
        "lost": sums(rank, served.lost, count),
        "late_unit_days": late,
        "lost_bound": np.array([b.lost for b in bounds]),
        "bound": least,
        "gap": np.maximum(late - least, 0.0) / np.maximum(late, LEAST_SHARE * WEEK_DAYS * np.maximum(asked, 1e-9)),
    }


def _weeks(words: Words, factory: Factory, orders: Orders, rows: Held) -> Frame:
    resource, begin, end, available, used = loads_of(factory, orders, rows)
    counts: Texts = texts(["stations", "buckets"])
    return {
        "resource": words.resource[resource],
        "counts": counts[factory.resources.buckets[resource]] if len(resource) else texts([]),
        "from_moment": words.moments(begin),
        "to_moment": words.moments(end),
        "available": available,
        "used": used,
    }
