"""What a loss leads to if nobody plans anew: what is short at one place makes the next one wait, down to deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.pegging.orders import DELIVERY, MOVE, PRODUCTION, Goods

Lines = tuple[Ints, Floats]  # losses, and a value for each of them and each period
DUST, DUST_SHARE = 1e-4, 1e-6  # units, and share of all that leaves a place, which tables may be apart by rounding


@dataclass(frozen=True, eq=False)
class Work:
    """Lots of one kind, or moves of one item on one way: from the places that it takes from to the one that it gives to.

    `done` is what it gives, cumulated by the period in which it takes (an edge more than periods); what it gives comes `lag` periods later.
    """

    orders: Ints
    takes: tuple[int, ...]
    place: int
    done: Floats
    lag: int


@dataclass(frozen=True, eq=False)
class Flows:
    """What comes to and leaves each place of a plan, cumulated at the edges of periods (places x edges), and the work between places.

    `deliveries` are the orders that leave the plan, with the period `delivered` of each, and `left_from` its place.
    """

    came: Floats
    went: Floats
    works: tuple[Work, ...]
    deliveries: Ints
    delivered: Ints
    left_from: Ints


def flows_of(goods: Goods, starts: Floats, end: float) -> Flows:
    """Return the flows of a plan in periods that begin on some days; the last one ends on `end`."""
    orders, uses, count = goods.orders, goods.uses, len(goods.place_item)
    shape = (count, len(starts) + 1)

    def period(days: Floats) -> Ints:
        return np.searchsorted(starts, days, side="right") - 1

    came, went = np.zeros(shape), np.zeros(shape)
    inside = (orders.place >= 0) & (orders.comes < end)
    np.add.at(came, (orders.place[inside], period(orders.comes[inside]) + 1), orders.units[inside])
    used = uses.at < end
    np.add.at(went, (uses.place[used], period(uses.at[used]) + 1), uses.units[used])
    gone = np.flatnonzero(orders.kind == DELIVERY)
    at = np.zeros(len(orders), dtype=np.int64)
    at[uses.order] = uses.place
    return Flows(
        np.cumsum(came, axis=1), np.cumsum(went, axis=1), tuple(_works(goods, period, shape[1])),
        gone, period(orders.comes[gone]), at[gone],
    )  # fmt: skip


def _works(goods: Goods, period: Callable[[Floats], Ints], edges: int) -> Iterator[Work]:
    orders, uses = goods.orders, goods.uses
    there = np.flatnonzero(np.isin(orders.kind, [PRODUCTION, MOVE]))
    takes: dict[int, set[int]] = {k: set() for k in there.tolist()}
    first: dict[int, float] = {}
    for order, place, at in zip(uses.order.tolist(), uses.place.tolist(), uses.at.tolist(), strict=True):
        if order in takes:
            takes[order].add(place)
            first[order] = at
    groups: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for k in there.tolist():
        groups.setdefault((int(orders.place[k]), tuple(sorted(takes[k]))), []).append(k)
    for (place, froms), members in groups.items():
        mine = np.array(members, dtype=np.int64)
        begins = period(np.array([first.get(k, orders.comes[k]) for k in members]))
        done = np.zeros(edges)
        np.add.at(done, begins + 1, orders.units[mine])
        lag = round(float(np.mean(period(orders.comes[mine]) - begins)))
        yield Work(mine, froms, place, np.cumsum(done), lag)


@dataclass
class Passing:
    """Passes losses on from place to place; holds what is missing, and how far work has come, until it is passed on."""

    flows: Flows
    missing: dict[int, list[Lines]] = field(default_factory=dict)
    held: dict[int, list[Lines]] = field(default_factory=dict)

    def places(self) -> Iterator[tuple[int, Ints, Floats]]:
        """Yield each place where something is short: the losses that make it so, and how far what leaves it has come (losses x periods).

        That is counted in periods: by the end of period t everything has left that the plan sends by then. Places come before those that
        they feed. Whoever waits longest at a place is served first.
        """
        for place in _in_order(self.flows):
            for k, work in enumerate(self.flows.works):
                if work.place == place and k in self.held:
                    self._pass_on(work, self.held.pop(k))
            if place in self.missing:
                rows, far = self._short(place, _summed(self.missing.pop(place)))
                if len(rows):
                    for k, work in enumerate(self.flows.works):
                        if place in work.takes:
                            self.held.setdefault(k, []).append((rows, far))
                    yield place, rows, far

    def _short(self, place: int, lines: Lines) -> Lines:
        """Return how far what leaves a place has come; losses that it survives are left out."""
        rows, missing = lines
        went = self.flows.went[place]
        behind = went[1:] - (self.flows.came[place][1:] - missing)
        behind = np.where(behind > DUST + DUST_SHARE * went[-1], behind, 0.0)
        hit = behind.any(axis=1)
        full = np.arange(1, len(went), dtype=np.float64)
        left = np.interp(went[1:] - behind[hit], went, np.arange(len(went), dtype=np.float64))
        return rows[hit], np.where(behind[hit] > 0, np.minimum(left, full), full)

    def _pass_on(self, work: Work, held: Sequence[Lines]) -> None:
        rows, far = _least(held)
        edges = len(work.done)
        lost = work.done[1:] - np.interp(far, np.arange(edges, dtype=np.float64), work.done)
        if work.lag:
            lost = np.concatenate([np.zeros((len(rows), work.lag)), lost[:, : -work.lag]], axis=1)
        self.missing.setdefault(work.place, []).append((rows, lost))


def _in_order(flows: Flows) -> list[int]:
    """Return places, those that feed others before them; of places that feed one another the first known first."""
    count = len(flows.came)
    feeds: dict[int, set[int]] = {p: set() for p in range(count)}
    for work in flows.works:
        feeds[work.place] |= {p for p in work.takes if p != work.place}
    order: list[int] = []
    left = dict(feeds)
    while left:
        ready = [p for p, froms in left.items() if not froms & left.keys()] or [
            min(left, key=lambda p: len(left[p] & left.keys()))
        ]
        order += ready
        for p in ready:
            del left[p]
    return order


def _summed(lines: Sequence[Lines]) -> Lines:
    rows = np.unique(np.concatenate([r for r, _ in lines]))
    total = np.zeros((len(rows), lines[0][1].shape[1]))
    for mine, values in lines:
        total[np.searchsorted(rows, mine)] += values
    return rows, total


def _least(lines: Sequence[Lines]) -> Lines:
    """Return the least value of each loss in each period; where nothing is said of a loss it does not hold work up."""
    rows = np.unique(np.concatenate([r for r, _ in lines]))
    found = np.tile(np.arange(1, lines[0][1].shape[1] + 1, dtype=np.float64), (len(rows), 1))
    for mine, values in lines:
        at = np.searchsorted(rows, mine)
        found[at] = np.minimum(found[at], values)
    return rows, found
