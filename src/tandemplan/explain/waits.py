"""Why a demand of a schedule is late: the chain of waits that ends with its last delivery, back to where it began.

An order begins when its material has come, its fence has passed and a station is free; so behind every moment of the chain there is either
work, or a wait for one of these. What an order takes is made just before it is needed, so that much of it could have come earlier: of all chains
the one is told that has least of such time, in which a station was free and the schedule began later all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tandemplan.arrays import Ints
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Process
from tandemplan.pegging.feeding import pegs_of
from tandemplan.pegging.matching import matched
from tandemplan.pegging.schedules import first_moment, shop_of
from tandemplan.results.schedule_shapes import DELIVERIES, DEMAND_SUMMARY, ORDER_LOADS, ORDERS, SCHEDULE_LOAD
from tandemplan.results.store import Run
from tandemplan.schedule.hours import DAY, Hours
from tandemplan.schedule.making import span
from tandemplan.schedule.stations import Stations

WORK, LEAD, MOVING, SET_UP = "work", "lead time", "moving", "set-up"  # what an order takes
INTERRUPTED, HOLD = "interrupted", "hold"  # its work, while shut; what it made, after its end
SHUT = "shut"  # before it begins
STATION, BUCKET, GAP, FREE, FENCE = "station", "bucket", "gap", "free", "fence"  # what it waits for
NEEDED = (WORK, LEAD, MOVING, SET_UP, INTERRUPTED, SHUT, HOLD)
BUSY = {"make": WORK, "buy": LEAD, "move": MOVING, "deliver": WORK}
MOST_LINKS = 10_000


@dataclass(frozen=True)
class Wait:
    """One stretch of a chain, from `begin` to `end` (seconds from the schedule's start), in what befalls `order`.

    `kind` says what: `work`, `lead time`, `moving`, `set-up`, `interrupted` (while shut) or `hold` (of what it made) are what it takes;
    it cannot begin while all is `shut`; it waits for a `station` of the work centre `resource` that order `by` holds, which serves `demand`, where it is free in a `gap` that is too short, or for room in
    a `bucket`; its process has a `fence`; or all is `free`, and the schedule begins it later all the same. `effect` is how many days of the lateness that is.
    """

    kind: str
    begin: int
    end: int
    order: str
    resource: str = ""
    by: str = ""
    demand: str = ""
    demand_class: int = 0
    effect: float = 0.0

    @property
    def days(self) -> float:
        """Return how long it is, in days."""
        return (self.end - self.begin) / DAY


@dataclass(frozen=True)
class Chain:
    """Why a demand is late: stretches in order, each beginning where the one before ends, up to its last delivery.

    `late` are the days from the due moment to that delivery; the effects of all stretches add up to them. `starts` says what stands at the beginning:
    `start` (of the schedule), `fence`, or `given` (an order that was under way).
    """

    demand: str
    order: str
    due: int
    delivered: int
    late: float
    starts: str
    waits: tuple[Wait, ...]


class Chains:
    """The chains of a schedule: what all of them read is worked out once."""

    def __init__(self, programme: Programme, run: Run) -> None:
        """Take a schedule and its programme of processes."""
        self.programme, self.run = programme, run
        self.start, _ = span(programme)
        orders = run[ORDERS]
        self.name = orders["order"].tolist()
        self.row = {n: k for k, n in enumerate(self.name)}
        self.change, self.begin, self.end = (self._second(orders[c]).tolist() for c in ("set_up_start", "start", "end"))
        self.steps: dict[int, list[int]] = defaultdict(list)
        for k, parent in enumerate(orders["part_of"].tolist()):
            if parent:
                self.steps[self.row[parent]].append(k)
        for members in self.steps.values():
            members.sort(key=lambda k: (self.begin[k], self.end[k]))

    def _second(self, moments: np.ndarray) -> Ints:
        return np.asarray((moments.astype("datetime64[s]") - self.start).astype(np.int64))

    def moment(self, second: int) -> np.datetime64:
        """Return a second of the schedule as a moment."""
        return self.start + np.timedelta64(second, "s")

    def of(self, demand: str) -> Chain | None:
        """Return the chain of a demand's last delivery; None where nothing of it is delivered."""
        frame = self.run[DELIVERIES]
        mine = np.flatnonzero(frame["demand"] == demand)
        if not len(mine):
            return None
        last = mine[np.argmax(frame["delivered"][mine])]
        row, delivered = self.row[frame["order"][last]], int(self._second(frame["delivered"][last : last + 1])[0])
        due = int(self._second(frame["due"][last : last + 1])[0])
        waits, starts = self._chain(row, delivered)
        late = max(delivered - due, 0) / DAY
        return Chain(demand, self.name[row], due, delivered, late, starts, _effects(waits, late))

    def _chain(self, row: int, until: int) -> tuple[list[Wait], str]:
        """Return the stretches that end at a moment with an order, in order, and what stands at their beginning."""
        found: list[Wait] = []
        for _ in range(MOST_LINKS):
            pieces, until, row, starts = self._order(row, until)
            found += pieces
            if row < 0:
                return found[::-1], starts
        raise AssertionError("a chain of orders goes back in time and so has an end")

    def _order(self, row: int, until: int) -> tuple[list[Wait], int, int, str]:
        """Return the stretches of one order backward from a moment, the moment before them, the order before (-1: none), and what stands there."""
        found: list[Wait] = []
        given = self.run[ORDERS]["status"][row] == "confirmed"
        ready, before, starts = self._ready(row)
        members = self.steps.get(row) or [row]
        for place in range(len(members) - 1, -1, -1):
            step = members[place]
            until = self._worked(found, row, step, until)
            free = self.end[members[place - 1]] if place else min(ready, self.begin[step])
            change = min(max(self.change[step], free), until)
            if change < until:
                found.append(Wait(SET_UP, change, until, self.name[row], self._station(step)))
            until = change
            if given:
                return found, until, -1, "given"
            found += self._busy(row, step, free, until)
            until = min(until, free)
        if starts == FENCE and until > 0:
            found.append(Wait(FENCE, 0, until, self.name[row]))
            until = 0
        return found, until, before, starts

    def _worked(self, found: list[Wait], row: int, step: int, until: int) -> int:
        """Add what an order takes up to a moment, and return when its work begins."""
        end, begin, name = min(self.end[step], until), min(self.begin[step], until), self.name[row]
        if end < until:
            found.append(Wait(HOLD, end, until, name))
        if begin < end:
            kind = BUSY[self.run[ORDERS]["kind"][step]]
            opens, shuts = self._open(step)
            edges = np.unique(np.clip([*opens, *shuts, begin, end], begin, end)).tolist()
            for low, high in zip(edges[-2::-1], edges[:0:-1], strict=True):
                there = np.searchsorted(opens, low, side="right") > np.searchsorted(shuts, low, side="right")
                found.append(Wait(kind if there else INTERRUPTED, low, high, name, self._station(step)))
        return int(begin)

    def _station(self, step: int) -> str:
        held = self._held.get(self.name[step])
        return str(self.run[ORDER_LOADS]["work_centre"][held[0]]) if held else ""

    def _ready(self, row: int) -> tuple[int, int, str]:
        """Return from when on an order could begin in the chain that is told, the order that it waits for (-1: none), and what stands there."""
        waiting, opened = [row], set()
        while waiting:
            now = waiting[-1]
            below = [p for p, _ in self._inputs.get(now, []) if p not in self._choice and p not in opened]
            opened.add(now)
            if now in self._choice or not below:
                waiting.pop()
                self._choice.setdefault(now, self._least(now))
            else:
                waiting += below
        _, ready, before, starts = self._choice[row]
        return ready, before, starts

    @cached_property
    def _choice(self) -> dict[int, tuple[int, int, int, str]]:
        return {}

    def _least(self, row: int) -> tuple[int, int, int, str]:
        """Return the chain behind an order with least free time: that time, from when on it could begin, the order before, what stands there."""
        status = self.run[ORDERS]["status"][row]
        process = self._processes.get(self.run[ORDERS]["process"][row])
        fence = round(process.fence_hours * 3600) if process and status == "new" else 0
        first = (self.steps.get(row) or [row])[0]
        floor = max(fence, min(self.begin[row], 0))
        if status == "confirmed":
            return 0, floor, -1, "given"
        idle = [w for w in self._busy(row, first, floor, self.change[first]) if w.kind == FREE]

        def free(since: int) -> int:
            return sum(w.end - max(w.begin, since) for w in idle if w.end > since)

        found = [(free(floor), -floor, -1, FENCE if fence else "start")]
        for before, ready in self._inputs.get(row, []):
            if ready > floor and before in self._choice and self.begin[before] < self.end[row]:
                found.append((self._choice[before][0] + free(ready), -ready, before, ""))
        cost, ready, before, starts = min(found)
        return cost, -ready, before, starts

    @cached_property
    def _processes(self) -> dict[str, Process]:
        return {p.process: p for p in self.programme[Process].rows()}

    @cached_property
    def _inputs(self) -> dict[int, list[tuple[int, int]]]:
        """Return of each order the orders whose units it takes, each with the moment from which on it could begin for these."""
        shop = shop_of(self.run)
        links, goods, base = matched(shop.goods), shop.goods, self._second(np.array([first_moment(self.run)]))[0]
        uses = goods.uses
        to, of = shop.row[uses.order[links.use]], shop.row[links.order]
        comes = base + np.round(goods.orders.comes[links.order] * DAY).astype(np.int64)
        at = base + np.round(uses.at[links.use] * DAY).astype(np.int64)
        ready = comes - np.maximum(at - np.array([*self.begin, 0])[to], 0)
        last: dict[tuple[int, int], int] = {}
        for t, o, r in zip(to.tolist(), of.tolist(), ready.tolist(), strict=True):
            if t >= 0 and o >= 0 and o != t:
                last[t, o] = max(r, last.get((t, o), r))
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (t, o), r in sorted(last.items()):
            found[t].append((o, r))
        return found

    @cached_property
    def _held(self) -> dict[str, list[int]]:
        """Return the rows of what each order holds."""
        found: dict[str, list[int]] = defaultdict(list)
        for k, name in enumerate(self.run[ORDER_LOADS]["order"].tolist()):
            found[name].append(k)
        return found

    @cached_property
    def _shop(self) -> tuple[Hours, Stations]:
        last = max([0, *self.end]) + DAY
        hours = Hours(self.programme, self.start, min([0, *self.change]) - DAY, last)
        return hours, Stations(self.programme, hours)

    def _open(self, step: int) -> tuple[Ints, Ints]:
        """Return when work on an order goes on: process, site and stations open."""
        hours, stations = self._shop
        process = self._processes.get(self.run[ORDERS]["process"][step])
        named = [process.hours_calendar] if process else []
        if process and process.kind != "buy":
            named.append(stations.sites.get(process.site, ""))
        for k in self._held.get(self.name[step], []):
            centre = stations.number.get(self.run[ORDER_LOADS]["work_centre"][k])
            named += stations.calendars(centre) if centre is not None else []
        return hours.rows[hours.opening(named)]

    @cached_property
    def _served(self) -> list[tuple[str, int]]:
        """Return the demand that each order serves first, and its class."""
        summary = self.run[DEMAND_SUMMARY]
        names, ranks = [*summary["demand"].tolist(), ""], [*summary["demand_class"].tolist(), 0]
        return [(names[d], ranks[d]) for d in pegs_of(self.run).demand.tolist()]

    def _busy(self, row: int, step: int, low: int, high: int) -> Iterator[Wait]:
        """Yield what an order that could begin at `low` waits for until `high`, backward."""
        held = self._held.get(self.name[step], [])
        while high > low:
            found = [self._shut(step, low, high), *(self._holding(k, step, low, high) for k in held)]
            kind, begin, by, resource = min(
                found, key=lambda f: (f[0] == FREE, f[0] == GAP, f[0] == SHUT, -f[1] if f[0] == FREE else f[1])
            )
            demand, rank = self._served[by] if by >= 0 else ("", 0)
            name = self.name[by] if by >= 0 else ""
            yield Wait(kind, begin, high, self.name[row], resource, name, demand, rank)
            high = begin

    def _holding(self, k: int, step: int, low: int, high: int) -> tuple[str, int, int, str]:
        """Return why a load could not be served just before `high`: what for, since when (not before `low`), by which order, and where."""
        loads = self.run[ORDER_LOADS]
        resource, need = str(loads["work_centre"][k]), float(loads["stations"][k])
        if not need:
            return self._bucket(k, low, high)
        rows, change, end, size = self._users(resource)
        over = np.flatnonzero((change < high) & (end >= high) & (rows != self.row[loads["order"][k]]))
        if loads["stations"][self._of[resource][over]].sum() + need > size + 1e-9 and len(over):
            latest = over[np.argmax(change[over])]
            return STATION, max(low, int(change[latest])), int(rows[latest]), resource
        edges = [low, *end[(end < high) & (end > low)].tolist(), *change[(change < high) & (change > low)].tolist()]
        short = self.change[step] > high and high - max(edges) < self.end[step] - self.change[step]
        return GAP if short else FREE, max(edges), -1, resource

    def _shut(self, step: int, low: int, high: int) -> tuple[str, int, int, str]:
        """Return whether work on an order may go on just before `high`, and since when not, or so."""
        opens, shuts = self._open(step)
        last = int(np.searchsorted(opens, high, side="left")) - 1
        if last < 0 or shuts[last] < high:
            return SHUT, max(low, int(shuts[last]) if last >= 0 else low), -1, self._station(step)
        return FREE, max(low, int(opens[last])), -1, self._station(step)

    @cached_property
    def _of(self) -> dict[str, np.ndarray]:
        centres = self.run[ORDER_LOADS]["work_centre"]
        return {w: np.flatnonzero(centres == w) for w in set(centres.tolist())}

    def _users(self, resource: str) -> tuple[Ints, Ints, Ints, float]:
        """Return the orders that hold a work centre, from when, until when, and how many stations it has."""
        if resource not in self._known:
            loads, at = self.run[ORDER_LOADS], self._of[resource]
            _, stations = self._shop
            size = stations.most(stations.number[resource]) if resource in stations.number else 1.0
            rows = np.array([self.row[n] for n in loads["order"][at].tolist()], dtype=np.int64)
            self._known[resource] = rows, self._second(loads["set_up_start"][at]), self._second(loads["end"][at]), size
        return self._known[resource]

    @cached_property
    def _known(self) -> dict[str, tuple[Ints, Ints, Ints, float]]:
        return {}

    def _bucket(self, k: int, low: int, high: int) -> tuple[str, int, int, str]:
        loads, load = self.run[ORDER_LOADS], self.run[SCHEDULE_LOAD]
        resource, used = str(loads["work_centre"][k]), float(loads["used"][k])
        mine = np.flatnonzero(load["resource"] == resource)
        begin, end = self._second(load["from_moment"][mine]), self._second(load["to_moment"][mine])
        here = np.flatnonzero((begin < high) & (end >= high))
        if not len(here):
            return SHUT, max([low, *end[end < high].tolist()]), -1, resource
        row = mine[here[0]]
        full = load["used"][row] + used > load["available"][row] + 1e-6
        return BUCKET if full else FREE, max(low, int(begin[here[0]])), -1, resource


def _effects(waits: list[Wait], late: float) -> tuple[Wait, ...]:
    """Return stretches with their effects: waits are taken off the lateness first, the longest first, then what orders take, until nothing is left of it."""
    order = sorted(range(len(waits)), key=lambda k: (waits[k].kind in NEEDED, -waits[k].days, k))
    found, left = list(waits), late
    for k in order:
        effect = min(waits[k].days, left)
        left -= effect
        found[k] = replace(waits[k], effect=effect)
    return tuple(found)
