"""Sizes that orders and shipments may have: minimums, multiples, and the windows that hold one smallest order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Demand, Offer
from tandemplan.network.network import Network

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
DUST = 1e-5  # units; less than this is nothing (docs/semantics.md, Numbers in tables)


@dataclass(frozen=True, eq=False)
class Sizes:
    """Orders of some owners: each is 0, or at least `least` and a whole multiple of `multiple` (0: of any size above).

    `least` is already a whole multiple; owners with `least` 0 are free.
    """

    least: Floats
    multiple: Floats

    @property
    def free(self) -> NDArray[np.bool_]:
        """Return whose orders may have any size."""
        return self.least <= 0

    def up(self, k: int, quantity: float) -> float:
        """Return the smallest order of owner `k` that holds a quantity.

        >>> sizes = Sizes(np.array([6.0, 5.0]), np.array([2.0, 0.0]))
        >>> sizes.up(0, 1.0), sizes.up(0, 7.0), sizes.up(1, 5.5)
        (6.0, 8.0, 5.5)
        """
        many = float(self.multiple[k])
        whole = quantity if many <= 0 else np.ceil((quantity - DUST) / many) * many
        return float(max(self.least[k], whole))

    def down(self, k: int, quantity: float) -> float:
        """Return the largest order of owner `k` that a quantity holds; 0 where it holds none.

        >>> sizes = Sizes(np.array([6.0, 5.0]), np.array([2.0, 0.0]))
        >>> sizes.down(0, 9.0), sizes.down(0, 5.0), sizes.down(1, 5.5)
        (8.0, 0.0, 5.5)
        """
        many = float(self.multiple[k])
        whole = quantity if many <= 0 or not np.isfinite(quantity) else np.floor((quantity + DUST) / many) * many
        return float(whole) if whole >= self.least[k] - DUST else 0.0


def offer_sizes(network: Network) -> Sizes:
    """Return the sizes of orders of each offer. `docs/semantics.md`, Orders and shipments."""
    offers = network.programme[Offer]
    minimum, multiple = offers.minimum_order_units, offers.order_multiple_units
    step = np.where(multiple > 0, multiple, 1.0)
    whole = np.maximum(np.ceil(minimum / step - 1e-9), 1.0) * step
    return Sizes(np.where(multiple > 0, whole, minimum), multiple.astype(np.float64))


def way_sizes(network: Network) -> Sizes:
    """Return the sizes of orders of each purchase way: those of its offer."""
    offer, sizes = np.array([w.offer for w in network.places.ways], dtype=np.int64), offer_sizes(network)
    return Sizes(sizes.least[offer], sizes.multiple[offer])


def least_shipments(network: Network) -> Floats:
    """Return the smallest part delivery of each demand: its minimum shipment, or all of it where that is less."""
    demands = network.demands
    return np.minimum(network.programme[Demand].minimum_shipment_units.astype(np.float64), demands.quantity)


def windows(least: float, capacity: Floats) -> tuple[Ints, Floats]:
    """Return for each period where its window ends (excluded), and what the window holds.

    The window is the shortest run of periods from it on that holds one smallest order: the period alone where that does, or where
    nothing can be sent. One that the end of the plan cuts off holds one smallest order.

    >>> ends, holds = windows(6.0, np.array([2.0, 2.0, 7.0, 0.0, 3.0]))
    >>> ends.tolist(), holds.tolist()
    ([3, 3, 3, 4, 5], [11.0, 9.0, 7.0, 0.0, 6.0])
    """
    count, first = len(capacity), np.arange(len(capacity))
    before = np.concatenate([[0.0], np.cumsum(np.where(np.isfinite(capacity), capacity, least))])
    ends = np.searchsorted(before, before[:-1] + least - DUST, side="left")
    alone = (capacity >= least - DUST) | (capacity <= 0)
    ends = np.where(alone, first + 1, np.clip(ends, first + 1, count))
    holds = np.where(alone, capacity, np.maximum(before[ends] - before[first], least))
    return ends, holds


def offer_windows(network: Network) -> tuple[Ints, Floats]:
    """Return where the window of each offer and period ends, and what it holds (offers x periods; inf: unlimited)."""
    sizes, capacity = offer_sizes(network), network.offer_capacity
    found = [windows(float(least), capacity[o]) for o, least in enumerate(sizes.least)]
    ends = np.array([e for e, _ in found], dtype=np.int64).reshape(capacity.shape)
    return ends, np.array([h for _, h in found], dtype=np.float64).reshape(capacity.shape)
