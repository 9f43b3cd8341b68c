"""What the start-up hangs on: by when each task is needed, and the chains to first delivery and to full rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import texts
from tandemplan.network.network import Network
from tandemplan.network.openings import finished_tasks, task_links, topological
from tandemplan.network.places import Node
from tandemplan.plan.uses import KINDS, Use
from tandemplan.results.store import Frame

FOUR_WEEKS = 28
FORGIVEN = 1e-6  # share of a rate


def needed_by(network: Network, uses: Sequence[Use]) -> dict[str, int]:
    """Return the latest day on which each task may end with nothing in the plan moved (tasks that nothing used waits for are left out).

    The backward pass of the critical path method (Kelley and Walker 1959) from the first uses of what tasks open, instead of
    from the end of the last task: needed(t) = min(first uses that wait for t, needed(s) - length(s) - lag for each s after t).
    """
    links, dates = task_links(network.programme), network.dates
    done = finished_tasks(network.programme)
    needed: dict[str, int] = {}
    for use in uses:
        for day, task in use.waits:
            needed[task] = min(needed.get(task, day), day)
    for task in reversed(topological(links)):
        if task not in needed or task in done:
            continue
        for before, lag in links[task]:
            day = needed[task] - dates[task].length - lag
            needed[before] = min(needed.get(before, day), day)
    return needed


@dataclass(frozen=True)
class Step:
    """One step of a critical path, in days from the plan's start; `room` days lie between it and the next step."""

    kind: str
    name: str
    start: int
    end: int
    room: int = 0


def critical_path(network: Network, uses: Sequence[Use], production: Frame) -> Frame:
    """Return the critical paths of each item delivered: to its first delivery and, where it is made, to its full rate."""
    found: list[tuple[str, str, list[Step]]] = []
    firsts = {} if not network.dates else _first_deliveries(uses)
    chains = Chains(network, uses)
    for item, use in sorted(firsts.items()):
        found.append(("first delivery", item, chains.to(use)))
        rate = full_rate(network, production, item)
        if rate is not None:
            found.append(("full rate", item, chains.to_rate(item, rate)))
    rows = [(path, item, k, s) for path, item, steps in found for k, s in enumerate(steps, 1)]
    dates = network.periods.dates
    return {
        "path": texts([p for p, *_ in rows]),
        "item": texts([i for _, i, *_ in rows]),
        "step": np.array([k for *_, k, _ in rows], dtype=np.int64),
        "kind": texts([s.kind for *_, s in rows]),
        "name": texts([s.name for *_, s in rows]),
        "start": dates(np.array([s.start for *_, s in rows], dtype=np.int64)),
        "end": dates(np.array([s.end for *_, s in rows], dtype=np.int64)),
        "room_days": np.array([s.room for *_, s in rows], dtype=np.int64),
    }


def _first_deliveries(uses: Sequence[Use]) -> dict[str, Use]:
    found: dict[str, Use] = {}
    for use in uses:
        item = use.node[0]
        if use.kind == "delivery" and (
            item not in found or (use.ends, use.name) < (found[item].ends, found[item].name)
        ):
            found[item] = use
    return found


def full_rate(network: Network, production: Frame, item: str) -> int | None:
    """Return the first period in which an item's output a week reaches its highest mean over four weeks (None: it is not made).

    The means are over the 28 days that end with each period, within the plan; 1e-6 of the rate is forgiven.
    """
    periods = network.periods
    mine = production["item"] == item
    good = production["good"][mine]
    if not good.sum() > 0:
        return None
    start = np.datetime64(periods.start, "D")
    days = (production["start"][mine].astype("datetime64[D]") - start).astype(np.int64)
    total = np.zeros(len(periods))
    np.add.at(total, np.searchsorted(periods.starts, days), good)
    rate = total / periods.lengths
    reached = np.append(0.0, np.cumsum(np.repeat(rate, periods.lengths)))
    ends = periods.starts + periods.lengths
    span = min(FOUR_WEEKS, periods.days)
    ends = ends[ends >= span]
    highest = float((reached[ends] - reached[ends - span]).max()) / span
    return int(np.flatnonzero(rate >= highest * (1 - FORGIVEN))[0])


class Chains:
    """Finds the chains behind uses; holds what is used first at each node, and the best chain found for each use."""

    def __init__(self, network: Network, uses: Sequence[Use]) -> None:
        self.network, self.done = network, finished_tasks(network.programme)
        self.links = task_links(network.programme)
        self.into: dict[Node, list[Use]] = defaultdict(list)
        for use in uses:
            if use.kind != "delivery":
                self.into[use.node].append(use)
        self.there = _there(network)
        self.known: dict[Use, tuple[int, Use | str | None]] = {}

    def to(self, use: Use) -> list[Step]:
        """Return the chain with the least room in all from a task, or from the plan's start, to a use, in order of time."""
        steps, at, room = [], use, 0
        while True:
            steps.append(Step(at.kind, at.name, at.begins, at.ends, room))
            _, before = self._best(at)
            if not isinstance(before, Use):
                break
            at, room = before, at.takes_on - before.ends
        if before is not None:
            room = next(day for day, task in at.waits if task == before) - self.network.dates[before].end
            steps += self._tasks(before, room)
        return steps[::-1]

    def to_rate(self, item: str, period: int) -> list[Step]:
        """Return the chain to full rate: to the task that ends last among those that making the item waits for up to then."""
        start, length = (int(a[period]) for a in (self.network.periods.starts, self.network.periods.lengths))
        waits = self._waits_of(item, start + length - 1)
        dates = self.network.dates
        if not waits:
            first = min(u.ends for u in self._makes(item))
            return [Step("full rate", item, min(first, start), start)]
        last = min(waits, key=lambda t: (-dates[t].end, t))
        rate = Step("full rate", item, dates[last].end, max(start, dates[last].end))
        return [rate, *self._tasks(last, 0)][::-1]

    def _makes(self, item: str) -> list[Use]:
        return [u for node, uses in self.into.items() if node[0] == item for u in uses if u.kind == "production"]

    def _waits_of(self, item: str, until: int) -> set[str]:
        waiting, seen, found = self._makes(item), set[Use](), set[str]()
        while waiting:
            use = waiting.pop()
            if use in seen or use.ends > until:
                continue
            seen.add(use)
            found |= {task for day, task in use.waits if task not in self.done and day <= until}
            waiting += [u for node in use.takes for u in self.into[node]]
        return found

    def _best(self, use: Use) -> tuple[int, Use | str | None]:
        """Return the least room in all behind a use, and what comes before it: a task, another use, or None (the plan's start)."""
        if use in self.known:
            return self.known[use]
        self.known[use] = (use.begins, None)
        dates = self.network.dates
        found: list[tuple[tuple[int, int, str], Use | str | None]] = [((use.begins, 3, ""), None)]
        found += [((day - dates[t].end, 1, t), t) for day, t in use.waits if t not in self.done]
        for first in self._arrivals(use):
            room = use.takes_on - first.ends + self._best(first)[0]
            found.append(((room, 2, f"{KINDS.index(first.kind)} {first.name}"), first))
        (room, _, _), before = min(found, key=lambda f: f[0])
        self.known[use] = (room, before)
        return self.known[use]

    def _arrivals(self, use: Use) -> Iterator[Use]:
        """Yield for each node whose units a use takes what brings the first ones (nothing where they were there, or on order)."""
        for node in use.takes:
            came = min(self.into[node], key=lambda u: (u.ends, KINDS.index(u.kind), u.name), default=None)
            if came is not None and came.ends <= use.takes_on and came.ends < self.there.get(node, came.ends + 1):
                yield came

    def _tasks(self, task: str, room: int) -> Iterator[Step]:
        """Yield a task and, going back, the predecessors that set the start of each, up to one that is done."""
        at: str | None = task
        while at is not None:
            dates = self.network.dates[at]
            yield Step("task", at, dates.start, dates.end, room)
            ends = [(self.network.dates[p].end + lag, p) for p, lag in self.links[at] if p not in self.done]
            at = min((p for end, p in ends if end == dates.start), default=None)
            room = 0


def _there(network: Network) -> dict[Node, int]:
    """Return for each node with units in stock or on order the first day on which some are there."""
    nodes = network.places.nodes
    at: dict[Node, int] = {nodes[n]: 0 for n in np.flatnonzero(network.stock > 0).tolist()}
    node, period = np.nonzero(network.arriving > 0)
    for n, t in zip(node.tolist(), period.tolist(), strict=True):
        at[nodes[n]] = min(at.get(nodes[n], int(network.day[n, t])), int(network.day[n, t]))
    return at
