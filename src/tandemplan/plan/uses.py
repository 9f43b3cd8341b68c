"""What a plan uses first: each way to make, buy, move and deliver, the tasks that it waits for, and the units that it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import BomLine, Demand, Lane, Offer
from tandemplan.network.network import Network
from tandemplan.network.places import Node
from tandemplan.plan.variables import route_names
from tandemplan.plan.waits import Wait, Waits
from tandemplan.results.store import Frame

KINDS = ("production", "purchase", "move", "delivery")


@dataclass(frozen=True)
class Use:
    """The first use of one way in a plan, in days from its start: it `begins`, and brings its units on the day it `ends`.

    `waits` are tasks, each with the latest day on which it may end without moving this use; `takes` are the nodes whose units
    it takes on the day `takes_on`. `node` is where the units come to (a delivery: where they leave).
    """

    kind: str
    name: str
    node: Node
    begins: int
    ends: int
    takes_on: int
    waits: tuple[tuple[int, str], ...]
    takes: tuple[Node, ...] = ()


def uses_of(network: Network, waits: Waits, frames: Mapping[str, Frame]) -> list[Use]:
    """Return the first use of every way of the plan in these tables: ways to make, buy, move and deliver, each by name."""
    made = _by_way(network, frames["production"], ("item", "site", "alternative"), ("start", "end"))
    bought = _by_way(network, frames["purchases"], ("offer", "lane", "site"), ("release", "shipped", "receipt"))
    moved = _by_way(network, frames["moves"], ("lane", "item"), ("release", "receipt"))
    given = _by_way(network, frames["deliveries"], ("demand", "item", "site"), ("delivered",))
    found = [
        *_productions(network, waits, made),
        *_purchases(network, waits, bought),
        *_moves(network, waits, moved),
        *_deliveries(network, waits, given),
    ]
    return sorted(found, key=lambda u: (KINDS.index(u.kind), u.name, u.node))


Days = list[tuple[int, ...]]  # the days of each row of a way


def _by_way(network: Network, frame: Frame, names: Sequence[str], days: Sequence[str]) -> dict[tuple[str, ...], Days]:
    start = np.datetime64(network.periods.start, "D")
    numbers = [(frame[d].astype("datetime64[D]") - start).astype(np.int64).tolist() for d in days]
    found: dict[tuple[str, ...], Days] = defaultdict(list)
    keys = zip(*(frame[n].tolist() for n in names), strict=True)
    for key, row in zip(keys, zip(*numbers, strict=True), strict=True):
        found[key].append(row)
    return found


def _firsts(rows: Days) -> list[int]:
    """Return the first day of each kind."""
    return [min(column) for column in zip(*rows, strict=True)]


def _latest(network: Network, waits: Sequence[Wait], days: Mapping[str, int]) -> tuple[tuple[int, str], ...]:
    """Return each task once, with the earliest of the days by which it must be done; `days` are the first of each kind."""
    found: dict[str, int] = {}
    for wait in waits:
        day = days[wait.kind] - wait.lead
        if wait.begins:
            day = int(period_begin(network, np.array([day]))[0])
        for task in wait.tasks:
            found[task] = min(found.get(task, day), day)
    return tuple(sorted((day, task) for task, day in found.items()))


def period_begin(network: Network, days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first day of the period that holds each day (a day before the plan stays)."""
    starts = network.periods.starts
    return np.where(days < 0, days, starts[np.maximum(np.searchsorted(starts, days, side="right") - 1, 0)])


def _productions(network: Network, waits: Waits, made: Mapping[tuple[str, ...], Days]) -> Iterator[Use]:
    names = dict(zip(network.places.routes, route_names(network), strict=True))
    for (item, site, alternative), rows in made.items():
        begins, ends = _firsts(rows)
        plain, dated, takes = [], list[tuple[int, str]](), set[Node]()
        for wait in waits.making(item, site, alternative):
            if wait.line is None:
                plain.append(wait)
                continue
            used = [day for _, day in rows if in_force(network, wait.line, day)]
            dated += [(min(used), task) for task in wait.tasks if used]
            takes |= {(wait.line.component, site)} if ends in used else set()
        each: dict[str, int] = {}
        for day, task in [*_latest(network, plain, {"made": ends}), *dated]:
            each[task] = min(each.get(task, day), day)
        latest = tuple(sorted((day, task) for task, day in each.items()))
        yield Use(
            "production", names[item, site, alternative], (item, site), begins, ends, ends, latest, tuple(sorted(takes))
        )


def in_force(network: Network, line: BomLine, day: int) -> bool:
    """Tell whether a line of a bill is in force on a day."""
    first = -1 if line.from_date is None else network.periods.day(line.from_date)
    last = day if line.to_date is None else network.periods.day(line.to_date)
    return first <= day <= last


def _purchases(network: Network, waits: Waits, bought: Mapping[tuple[str, ...], Days]) -> Iterator[Use]:
    offers = network.programme[Offer]
    for (offer, lane, site), rows in bought.items():
        release, shipped, receipt = _firsts(rows)
        k = offers.index[offer,]
        latest = _latest(
            network, waits.buying(k, lane, site), {"ordered": release, "sent": shipped, "received": receipt}
        )
        name = offer + (f" by {lane}" if lane else "")
        yield Use("purchase", name, (str(offers.item[k]), site), release, receipt, release, latest)


def _moves(network: Network, waits: Waits, moved: Mapping[tuple[str, ...], Days]) -> Iterator[Use]:
    lanes = network.programme[Lane]
    for (lane, item), rows in moved.items():
        release, receipt = _firsts(rows)
        k = lanes.index[lane,]
        origin, to = str(lanes.from_place[k]), str(lanes.to_site[k])
        latest = _latest(network, waits.moving(k, item), {"sent": release, "received": receipt})
        yield Use("move", lane, (item, to), release, receipt, release, latest, ((item, origin),))


def _deliveries(network: Network, waits: Waits, given: Mapping[tuple[str, ...], Days]) -> Iterator[Use]:
    demands = network.programme[Demand]
    for (demand, item, site), rows in given.items():
        (day,) = _firsts(rows)
        latest = _latest(network, waits.giving(demands.index[demand,], item, site), {"given": day})
        yield Use("delivery", demand, (item, site), day, day, day, latest, ((item, site),))
