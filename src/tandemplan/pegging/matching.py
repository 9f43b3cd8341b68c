"""Supplies and uses matched, first in, first out, at each place: links from orders to what takes from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints, starts, sums
from tandemplan.pegging.orders import Goods, dust_of

ROUNDS = 60  # levels of work and moves up to which ranks are followed
HALF = 0.5  # places are apart by as much as what lies at one is long


@dataclass(frozen=True, eq=False)
class Links:
    """Links, by use and then in the order in which it is filled: use `use` takes from order `order`.

    What a use takes, and what an order gives, is measured from 0 to 1: the link is the part from `use_from` to `use_to` of the one and from
    `order_from` to `order_to` of the other. The parts of a use, and of an order that gives something, add up to 1. `slack` is the time for
    which it lies at the place. The links of use u are those from `start[u]` to `start[u + 1]`.
    """

    use: Ints
    order: Ints
    use_from: Floats
    use_to: Floats
    order_from: Floats
    order_to: Floats
    slack: Floats
    start: Ints


def matched(goods: Goods) -> Links:
    """Return the links of closed goods: at each place the first to come goes to the first who takes.

    Those who take at the same time do so by rank; the rank of an order is the least of those that it gives to, so ranks are followed from
    deliveries back, one level a round.
    """
    rank = goods.orders.rank
    links = _links(goods, rank)
    for _ in range(ROUNDS):
        known = goods.orders.rank.copy()
        np.minimum.at(known, links.order, rank[goods.uses.order[links.use]])
        if np.array_equal(known, rank):
            break
        rank = known
        links = _links(goods, rank)
    return links


def _links(goods: Goods, rank: Floats) -> Links:
    """Return the links where orders have these ranks.

    What comes to a place, and what leaves it, are two rising lines of units over time; the pieces into which the corners of both cut
    them are the links.
    """
    orders, uses = goods.orders, goods.uses
    giving = np.flatnonzero((orders.place >= 0) & (orders.units > 0))
    giving = giving[np.lexsort((giving, orders.comes[giving], orders.place[giving]))]
    served = np.where(np.isinf(rank), np.finfo(np.float64).max, rank)[uses.order]
    taking = np.flatnonzero(uses.units > 0)
    taking = taking[np.lexsort((taking, served[taking], uses.at[taking], uses.place[taking]))]
    count = len(goods.place_item)
    place_of, place_to = orders.place[giving], uses.place[taking]
    size = np.maximum(sums(place_of, orders.units[giving], count), sums(place_to, uses.units[taking], count))
    size = np.where(size > 0, size, 1.0)
    given, gave = _spans(place_of, orders.units[giving], size)
    taken, took = _spans(place_to, uses.units[taking], size)
    low, high, supply, use = _cut((given, gave), (taken, took))
    place = place_of[supply]
    long = (high - low) * size[place] / HALF
    kept = (
        (long > dust_of(size[place]))
        | (long >= _largest(supply, long, len(giving)))
        | (long >= _largest(use, long, len(taking)))
    )
    low, high, supply, use = low[kept], high[kept], supply[kept], use[kept]
    order_from, order_to = _shares(supply, high - low, len(giving))
    by_use = np.lexsort((low, taking[use]))
    use_from, use_to = _shares(use, high - low, len(taking))
    found, to = giving[supply], taking[use]
    slack = uses.at[to] - orders.comes[found]
    pairs = [(use_from, use_to), (order_from, order_to)]
    (use_from, use_to), (order_from, order_to) = ((a[by_use], b[by_use]) for a, b in pairs)
    return Links(
        to[by_use], found[by_use], use_from, use_to, order_from, order_to, slack[by_use], starts(to, len(uses))
    )


def _spans(place: Ints, units: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Return where each of some rows, sorted by place, begins and ends: place p reaches from p to p + HALF."""
    total = np.cumsum(units)
    before = np.append(0.0, total)[np.searchsorted(place, place, side="left")]
    last, first = total - before, np.append(0.0, total[:-1])[: len(total)] - before
    return place + HALF * first / size[place], place + HALF * last / size[place]


def _cut(
    supplies: tuple[Floats, Floats], uses: tuple[Floats, Floats]
) -> tuple[Floats, Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Return the pieces that lie in a supply and in a use: where each begins and ends, its supply and its use.

    >>> first, last = np.array([0.0, 0.3]), np.array([0.3, 0.5])
    >>> [a.tolist() for a in _cut((first, last), (np.array([0.0, 0.2]), np.array([0.2, 0.5])))]
    [[0.0, 0.2, 0.3], [0.2, 0.3, 0.5], [0, 0, 1], [0, 1, 1]]
    """
    edges = np.unique(np.concatenate([*supplies, *uses]))
    low, high = edges[:-1], edges[1:]
    middle = (low + high) / 2
    supply, use = (np.searchsorted(first, middle, side="right") - 1 for first, _ in (supplies, uses))
    inside = (supply >= 0) & (use >= 0)
    low, high, middle, supply, use = (a[inside] for a in (low, high, middle, supply, use))
    inside = (middle < supplies[1][supply]) & (middle < uses[1][use])
    return low[inside], high[inside], supply[inside], use[inside]


def _largest(owner: NDArray[np.intp], long: Floats, count: int) -> Floats:
    """Return for each piece the length of the largest piece of its owner."""
    most = np.zeros(count)
    np.maximum.at(most, owner, long)
    return most[owner]


def _shares(owner: NDArray[np.intp], long: Floats, count: int) -> tuple[Floats, Floats]:
    """Return from where to where each piece is of its owner, from 0 to 1; the pieces of one come in their order."""
    order = np.argsort(owner, kind="stable")
    total = np.bincount(owner, long, minlength=count)
    share = long[order] / total[owner[order]]
    run = np.cumsum(share)
    first = starts(owner, count)[owner[order]]
    before = np.append(0.0, run)[first]
    low, high = np.empty(len(long)), np.empty(len(long))
    low[order], high[order] = np.append(0.0, run[:-1])[: len(run)] - before, run - before
    last = np.append(owner[order][1:] != owner[order][:-1], True)[: len(order)]
    high[order[last]] = 1.0
    low[order[np.append(True, last[:-1])[: len(order)]]] = 0.0
    return low, high
