"""What orders have to bring by each window of origin, so that as little comes from outside as in the plan that they are rounded from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.network.origin import origin_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NEAR = 1e-9  # money by which two parts add the same to what a rule of origin limits


def beyond_of(network: Network) -> Floats:
    """Return what a unit of each way adds to what rules of origin limit (NaN: it is in no account).

    That is its price times its share from outside less the smallest limit of all: below 0, it makes room for others.
    """
    origin, found = origin_of(network), np.full(len(network.places.ways), np.nan)
    if origin is not None:
        limit = min(e.high for e in origin.evidence)
        each = np.array([s.price * (s.share - limit) for s in origin.sources] or [0.0])
        there = origin.way_source >= 0
        found[there] = each[origin.way_source[there]]
    return found


def windows_end(network: Network) -> Ints:
    """Return the last period of each window of origin; none where no rule asks for accounts."""
    origin = origin_of(network)
    return np.zeros(0, dtype=np.int64) if origin is None else origin.last


def owed(beyond: Floats, last: Ints, received: Floats) -> list[tuple[Ints, Floats]]:
    """Return which of the ways to a node must have brought how much by each period, so that no rule of origin is worse off than by `received`.

    `received` (ways x periods) is what comes by each in a plan, `beyond` what a unit adds to what is limited, `last` the last period of each
    window. The ways that add least have to bring, by the end of each window, what they bring in the plan; so have the two that add least, and so on: whatever is
    taken in the place of others then adds less than these do.

    >>> [(ways.tolist(), level.tolist()) for ways, level in owed(
    ...     np.array([2.0, -3.0, 1.0]), np.array([1, 3]), np.array([[1.0, 1, 1, 1], [2, 0, 2, 0], [0, 0, 0, 1]]))]
    [([1], [0.0, 2.0, 2.0, 4.0]), ([1, 2], [0.0, 2.0, 2.0, 5.0])]
    """
    used = np.flatnonzero((received.sum(axis=1) > 0) & ~np.isnan(beyond))
    order = used[np.argsort(beyond[used], kind="stable")]
    cuts = np.flatnonzero(np.diff(beyond[order]) > NEAR) + 1
    window = np.searchsorted(last, np.arange(received.shape[1]), side="right") - 1  # the last one that has ended
    found = []
    for cut in cuts.tolist():
        ways = order[:cut]
        come = np.cumsum(received[ways].sum(axis=0))
        found.append((np.sort(ways), np.where(window >= 0, come[last[np.maximum(window, 0)]], 0.0)))
    return found
