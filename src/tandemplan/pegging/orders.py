"""Supplies and uses of orders at places: what pegging works on, whether a plan by periods or a schedule to the minute says it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints, sums, texts

Names = NDArray[np.object_]
UNASKED = np.inf  # rank of what nobody is known to wait for
CLASS = 1e6  # days between two classes of service
STOCK, OPEN_ORDER, PRODUCTION, PURCHASE, MOVE = "stock", "open order", "production", "purchase", "move"
DELIVERY = "delivery"
LEFT, SCRAP, UNKNOWN = "left", "scrap", "unknown"
DUST, DUST_SHARE = 1e-4, 1e-6  # units, and share of all at a place, by which rounded tables may be apart


def dust_of(size: Floats) -> Floats:
    """Return the units that are rounding where `size` units come or go in all."""
    return DUST + DUST_SHARE * size


@dataclass(frozen=True, eq=False)
class Orders:
    """Orders, a row each; times count days from some start, parts of days included.

    An order gives `units` at its `place` at the time `comes`; one that gives nothing (a delivery) has place -1. `begins` is when it is
    released or started. `rank` says in which order those who take at the same time are served: of a delivery its own, of others
    blank (`UNASKED`) until it is known what they are for. `item` and `site` are those of what it gives, of a delivery those of what it takes.
    """

    kind: Names
    name: Names
    item: Names
    site: Names
    place: Ints
    begins: Floats
    comes: Floats
    units: Floats
    rank: Floats

    def __len__(self) -> int:
        return len(self.kind)

    def then(self, other: Orders) -> Orders:
        """Return these orders and, behind them, some more."""
        pairs = ((getattr(self, n), getattr(other, n)) for n in self.__dataclass_fields__)
        return Orders(*(np.concatenate(p) for p in pairs))


@dataclass(frozen=True, eq=False)
class Uses:
    """What orders take: `units` at a `place` at a time `at`; of these the share `kept` is in what the order gives, the rest is scrap on the way."""

    order: Ints
    place: Ints
    at: Floats
    units: Floats
    kept: Floats

    def __len__(self) -> int:
        return len(self.order)

    def then(self, other: Uses) -> Uses:
        """Return these uses and, behind them, some more."""
        pairs = ((getattr(self, n), getattr(other, n)) for n in self.__dataclass_fields__)
        return Uses(*(np.concatenate(p) for p in pairs))


@dataclass(frozen=True, eq=False)
class Goods:
    """Orders, what they take, and the item and site of each place."""

    orders: Orders
    uses: Uses
    place_item: Names
    place_site: Names

    def closed(self, end: float) -> Goods:
        """Return the same with what ends nowhere given an end: at each place what is left at the time `end`, or what came from nowhere.

        A sink `left` takes what is never taken; an order `unknown` gives what is taken beyond all that there is. What rounded tables may
        be apart by is neither.
        """
        count = len(self.place_item)
        there = self.orders.place >= 0
        given = sums(self.orders.place[there], self.orders.units[there], count)
        taken = sums(self.uses.place, self.uses.units, count)
        dust = dust_of(np.maximum(given, taken))
        left, short = (np.flatnonzero(gap > dust) for gap in (given - taken, taken - given))
        sinks = self._at(LEFT, left, (given - taken)[left], end)
        sinks = replace(sinks, place=np.full(len(left), -1))
        first = len(self.orders)
        ends = Uses(
            first + np.arange(len(left)),
            left,
            np.full(len(left), end),
            sinks.units,
            np.ones(len(left), dtype=np.float64),
        )
        sources = self._at(UNKNOWN, short, (taken - given)[short], end)
        return replace(self, orders=self.orders.then(sinks).then(sources), uses=self.uses.then(ends))

    def _at(self, kind: str, place: Ints, units: Floats, time: float) -> Orders:
        """Return orders of a kind, one at each of some places."""
        when, blank = np.full(len(place), time), texts([""] * len(place))
        return Orders(
            texts([kind] * len(place)), blank, self.place_item[place], self.place_site[place], place,
            when, when, units, np.full(len(place), UNASKED),
        )  # fmt: skip
