"""What a plan uses first: each way to buy, make, move and deliver, the tasks that it waits for, and the units that it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    BomLine,
    Contract,
    Demand,
    Lane,
    Licence,
    Offer,
    Operation,
    Row,
    Site,
    Skill,
    Tool,
    WorkCentre,
)
from tandemplan.network.cells import whole_days
from tandemplan.network.flows import Lookup
from tandemplan.network.making import steps_of
from tandemplan.network.network import Network
from tandemplan.network.places import Node, only_site
from tandemplan.plan.variables import route_names
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


def uses_of(network: Network, look: Lookup, frames: Mapping[str, Frame]) -> list[Use]:
    """Return the first use of every way of the plan in these tables: ways to make, buy, move and deliver, each by name."""
    opens = _Opens(network.programme)
    made = _by_way(network, frames["production"], ("item", "site", "alternative"), ("start", "end"))
    bought = _by_way(network, frames["purchases"], ("offer", "lane", "site"), ("release", "shipped", "receipt"))
    moved = _by_way(network, frames["moves"], ("lane", "item"), ("release", "receipt"))
    given = _by_way(network, frames["deliveries"], ("demand", "item", "site"), ("delivered",))
    found = [
        *_productions(network, opens, made),
        *_purchases(network, look, opens, bought),
        *_moves(network, look, opens, moved),
        *_deliveries(network, opens, given),
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


class _Opens:
    """Looks up the tasks that rows wait for; holds the tables it needs."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        operations = programme[Operation]
        self.by_place: dict[Node, list[int]] = defaultdict(list)
        for k, (item, site) in enumerate(zip(operations.item, operations.site, strict=True)):
            self.by_place[item, site or only_site(programme)].append(k)
        self.operation = {k: self._of_operation(k) for k in range(len(operations))}
        self.lines: dict[tuple[str, str], list[BomLine]] = defaultdict(list)
        for line in programme[BomLine].rows():
            self.lines[line.parent, line.alternative].append(line)

    def of(self, row_class: type[Row], name: str) -> tuple[str, ...]:
        """Return the tasks that a row waits for (none for a blank name)."""
        table = self.programme[row_class]
        row = table.index.get((name,))
        return () if row is None else tuple(table.columns["opens_after"][row])

    def _of_operation(self, k: int) -> tuple[str, ...]:
        rows = self.programme[Operation]
        named = ((WorkCentre, rows.work_centre[k]), (Skill, rows.skill[k]), (Tool, rows.tool[k]))
        return (*rows.opens_after[k], *(t for row_class, name in named for t in self.of(row_class, name)))

    def making(self, item: str, site: str, alternative: str) -> tuple[str, ...]:
        """Return the tasks that the steps of a route wait for."""
        steps = steps_of(self.programme[Operation], self.by_place.get((item, site), []), alternative)
        return tuple(t for s in steps for t in self.operation[s.row])

    def handling(self, when: str, item: str, site: str) -> tuple[str, ...]:
        """Return the tasks that receipt or delivery of an item at a site waits for."""
        rows = self.by_place.get((item, site), [])
        return tuple(t for k in rows if self.programme[Operation].when[k] == when for t in self.operation[k])


def _latest(*dated: tuple[int, Iterable[str]]) -> tuple[tuple[int, str], ...]:
    """Return each task once, with the earliest of the days by which it must be done."""
    found: dict[str, int] = {}
    for day, tasks in dated:
        for task in tasks:
            found[task] = min(found.get(task, day), day)
    return tuple(sorted((day, task) for task, day in found.items()))


def _productions(network: Network, opens: _Opens, made: Mapping[tuple[str, ...], Days]) -> Iterator[Use]:
    names = dict(zip(network.places.routes, route_names(network), strict=True))
    for (item, site, alternative), rows in made.items():
        begins, ends = _firsts(rows)
        days = sorted(end for _, end in rows)
        lines = opens.lines.get((item, alternative), [])
        used = {n: [d for d in days if in_force(network, line, d)] for n, line in enumerate(lines)}
        waits = _latest(
            (ends, opens.of(Site, site)),
            (ends, opens.making(item, site, alternative)),
            *((used[n][0], line.opens_after) for n, line in enumerate(lines) if used[n]),
        )
        takes = tuple(sorted({(line.component, site) for n, line in enumerate(lines) if ends in used[n]}))
        yield Use("production", names[item, site, alternative], (item, site), begins, ends, ends, waits, takes)


def in_force(network: Network, line: BomLine, day: int) -> bool:
    """Tell whether a line of a bill is in force on a day."""
    first = -1 if line.from_date is None else network.periods.day(line.from_date)
    last = day if line.to_date is None else network.periods.day(line.to_date)
    return first <= day <= last


def _purchases(network: Network, look: Lookup, opens: _Opens, bought: Mapping[tuple[str, ...], Days]) -> Iterator[Use]:
    offers = network.programme[Offer]
    for (offer, lane, site), rows in bought.items():
        release, shipped, receipt = _firsts(rows)
        k = offers.index[offer,]
        item, supplier = str(offers.item[k]), str(offers.supplier[k])
        qualifying = 0 if offers.qualified[k] else int(whole_days([offers.qualification_days[k]])[0])
        origins = {supplier, look.supplier_country.get(supplier, ""), str(offers.origin_country[k])} - {""}
        waits = _latest(
            (release - qualifying, offers.opens_after[k]),
            (shipped, opens.of(Lane, lane)),
            (shipped, _permits(network.programme, look.licences(item, origins, site))),
            (receipt, opens.of(Site, site)),
            (receipt, opens.handling("receive", item, site)),
        )
        name = offer + (f" by {lane}" if lane else "")
        yield Use("purchase", name, (item, site), release, receipt, release, waits)


def _moves(network: Network, look: Lookup, opens: _Opens, moved: Mapping[tuple[str, ...], Days]) -> Iterator[Use]:
    lanes = network.programme[Lane]
    for (lane, item), rows in moved.items():
        release, receipt = _firsts(rows)
        k = lanes.index[lane,]
        origin, to = str(lanes.from_place[k]), str(lanes.to_site[k])
        origins = {origin, look.site_country.get(origin, "")} - {""}
        waits = _latest(
            (release, opens.of(Lane, lane)),
            (release, _permits(network.programme, look.licences(item, origins, to))),
            (receipt, opens.of(Site, to)),
            (receipt, opens.handling("receive", item, to)),
        )
        yield Use("move", lane, (item, to), release, receipt, release, waits, ((item, origin),))


def _deliveries(network: Network, opens: _Opens, given: Mapping[tuple[str, ...], Days]) -> Iterator[Use]:
    demands = network.programme[Demand]
    for (demand, item, site), rows in given.items():
        (day,) = _firsts(rows)
        k = demands.index[demand,]
        waits = _latest(
            (day, demands.opens_after[k]),
            (day, opens.of(Contract, str(demands.contract[k]))),
            (day, opens.of(Site, site)),
            (day, opens.handling("deliver", item, site)),
        )
        yield Use("delivery", demand, (item, site), day, day, day, waits, ((item, site),))


def _permits(programme: Programme, rows: Iterable[int]) -> list[str]:
    """Return the tasks of the standing licences among `rows`."""
    licences: Any = programme[Licence]
    return [str(licences.task[k]) for k in rows if licences.kind[k] == "standing" and licences.task[k]]
