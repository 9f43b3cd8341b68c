"""Names and moments of a schedule, as its result tables print them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Ints, texts
from tandemplan.model.phrases import seconds_of_day
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Customer, Demand, Item, Process
from tandemplan.network.demands import items_and_customers
from tandemplan.schedule.factory import Factory, Orders

Texts = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Words:
    """What numbers stand for; of processes, demands and resources the last entry is blank, so that -1 stands for none."""

    start: np.datetime64
    process: Texts
    process_item: Texts
    process_site: Texts
    resource: Texts
    set_up: Texts
    demand: Texts
    customer: Texts
    demand_item: Texts
    demand_site: Texts
    demand_class: Ints
    order: Texts
    items: frozenset[str]

    def moments(self, seconds: Ints) -> NDArray[np.datetime64]:
        """Return seconds from the schedule's start as moments."""
        return self.start + np.asarray(seconds, dtype=np.int64).astype("timedelta64[s]")


def words_of(programme: Programme, factory: Factory, orders: Orders) -> Words:
    """Return the words of a schedule: orders are numbered by when they start, given ones keep their names."""
    processes, demands, names = programme[Process], programme[Demand], factory.names
    made = np.array([processes.index[(name,)] for name in names.processes], dtype=np.int64)
    asked = np.array([demands.index[(name,)] for name in names.demands], dtype=np.int64)
    items, customers = items_and_customers(programme)
    return Words(
        start=np.datetime64(programme.settings.start, "s") + seconds_of_day(programme.settings.start_time, 0),
        process=_ended(names.processes),
        process_item=_ended(np.asarray(processes.item, dtype=object)[made]),
        process_site=_ended(np.asarray(processes.site, dtype=object)[made]),
        resource=_ended(names.resources),
        set_up=_ended(names.set_ups),
        demand=_ended(names.demands),
        customer=_ended(texts(customers)[asked]),
        demand_item=_ended(texts(items)[asked]),
        demand_site=_ended(np.asarray(demands.site, dtype=object)[asked]),
        demand_class=classes_of(programme, customers)[asked],
        order=_order_names(factory, orders),
        items=frozenset(programme[Item].item.tolist()),
    )


def _ended(values: Any) -> Texts:
    return texts([*values, ""])


def classes_of(programme: Programme, customers: list[str]) -> Ints:
    """Return the class of each demand: its own, or that of its customer."""
    said = dict(zip(programme[Customer].customer, programme[Customer].demand_class, strict=True))
    own = programme[Demand].demand_class
    return np.array(
        [int(said.get(c, 1)) if np.isnan(o) else int(o) for c, o in zip(customers, own, strict=True)], dtype=np.int64
    )


def _order_names(factory: Factory, orders: Orders) -> Texts:
    """Return the name of each order, and a blank one for -1."""
    count = len(orders.start)
    given = {g for g in orders.given.tolist() if g >= 0}
    taken = {factory.names.given[g] for g in given}
    place = np.lexsort((orders.process, orders.end, orders.start))
    found, number = np.empty(count + 1, dtype=object), 0
    found[count] = ""
    for k in place.tolist():
        if orders.given[k] >= 0:
            found[k] = factory.names.given[int(orders.given[k])]
            continue
        number += 1
        while f"O{number}" in taken:
            number += 1
        found[k] = f"O{number}"
    return found
