"""Who gets what of whom: each unit that leaves followed back through every level to where it came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints, runs
from tandemplan.pegging.matching import Links
from tandemplan.pegging.orders import Goods

DEPTH = 1_000  # levels after which what still goes round in circles is let go
THIN = 1e-12  # share of an order below which a piece is nothing


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of orders, each for one sink: a delivery, what is left at the end, or work that gives nothing.

    `part` is the share of the order; `kept` is the share of the units that arrives in what the sink takes, the rest being scrap on the way.
    `level` counts links from the sink (0: the sink itself), `slack` is the time for which the piece lies before its next use, and `room`
    the sum of slacks on its way to the sink: so much later it may come with nothing but what waits for it moved. `into` is the order that
    takes it next (-1: none).
    """

    sink: Ints
    order: Ints
    level: Ints
    part: Floats
    kept: Floats
    slack: Floats
    room: Floats
    into: Ints

    def __len__(self) -> int:
        return len(self.sink)


@dataclass(frozen=True, eq=False)
class _Front:
    """Pieces of orders at one level, from `low` to `high` of each order."""

    sink: Ints
    order: Ints
    low: Floats
    high: Floats
    kept: Floats
    room: Floats


def traced(goods: Goods, links: Links) -> Pieces:
    """Return the pieces of all orders for all sinks, level by level from the sinks back.

    An order's first units out are made of its first units in: the part from a to b of what it gives takes the part from a to b of each
    of its uses. So parts are never mixed, every order is shared out once, and the parts of one add up to 1.
    """
    orders, uses = goods.orders, goods.uses
    gives = (orders.place >= 0) & (orders.units > 0)
    taking = runs(uses.order, np.arange(len(uses)), uses.kept, len(orders))
    sinks = np.flatnonzero(~gives)
    zeros, ones = np.zeros(len(sinks)), np.ones(len(sinks))
    front = _Front(sinks, sinks, zeros, ones, ones, zeros)
    none = np.full(len(sinks), -1)
    found = [Pieces(sinks, sinks, np.zeros(len(sinks), dtype=np.int64), ones, ones, zeros, zeros, none)]
    for level in range(1, DEPTH):
        owner, use, kept = taking.of(front.order)
        front, slack, into = _behind(front, owner, use, kept, links)
        if not len(front.sink):
            break
        levels = np.full(len(front.sink), level)
        part = front.high - front.low
        found.append(Pieces(front.sink, front.order, levels, part, front.kept, slack, front.room, into))
    return Pieces(*(np.concatenate([getattr(f, n) for f in found]) for n in Pieces.__dataclass_fields__))


def _behind(
    front: _Front, owner: Ints, use: Ints, kept: Floats, links: Links
) -> tuple[_Front, Floats, NDArray[np.int64]]:
    """Return the pieces that some uses of a front take, the slack of each, and the order that takes it."""
    low, high = front.low[owner], front.high[owner]
    count = links.start[use + 1] - links.start[use]
    place = np.repeat(np.arange(len(use)), count)
    link = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count) + links.start[use][place]
    begin = np.maximum(low[place], links.use_from[link])
    end = np.minimum(high[place], links.use_to[link])
    there = end - begin > THIN
    place, link, begin, end = place[there], link[there], begin[there], end[there]
    wide = links.use_to[link] - links.use_from[link]
    scale = (links.order_to[link] - links.order_from[link]) / wide
    first = links.order_from[link] + (begin - links.use_from[link]) * scale
    last = links.order_from[link] + (end - links.use_from[link]) * scale
    from_, slack = owner[place], links.slack[link]
    return (
        _Front(
            front.sink[from_],
            links.order[link],
            first,
            last,
            front.kept[from_] * kept[place],
            front.room[from_] + slack,
        ),
        slack,
        front.order[from_],
    )
