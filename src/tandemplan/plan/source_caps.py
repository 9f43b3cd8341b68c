"""What whole orders may come to by each source, so that rules on sources are kept when a plan is rounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Offer
from tandemplan.network.network import Network
from tandemplan.network.sourcing import SHARE, SOURCES, scopes_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SourceCaps:
    """The cap of each way (-1: none), and what is `left` of each: accepted units beside the orders as they stand."""

    of: Ints
    left: Floats

    def units(self, way: int) -> float:
        """Return how many accepted units more may come by a way."""
        cap = self.of[way]
        return float(self.left[cap]) if cap >= 0 else np.inf

    def take(self, way: int, accepted: float) -> None:
        """Take accepted units that come by a way."""
        if self.of[way] >= 0:
            self.left[self.of[way]] -= accepted


def source_caps(network: Network, buy: Floats) -> SourceCaps:
    """Return the caps of sources under hard rules on shares of single items: their most shares of what a plan `buy` (ways x periods) accepts.

    Rounded orders come to what the plan accepts, or more: a source within its cap is within its share.
    """
    offers, ways = network.programme[Offer], network.places.ways
    offer = np.array([w.offer for w in ways], dtype=np.int64)
    bought = (
        np.bincount(offer, offers.acceptance_share[offer] * buy.sum(axis=1), len(offers)) if len(ways) else np.zeros(0)
    )
    most: dict[tuple[int, ...], float] = {}
    for scope in (s for s in scopes_of(network) if s.kind in (SHARE, SOURCES) and not s.soft and s.most < 1):
        whole = float(bought[list(scope.offers)].sum())
        for _, mine in scope.sources:
            most[mine] = min(scope.most * whole, most.get(mine, np.inf))
    of = np.full(len(offers), -1, dtype=np.int64)
    for k, mine in enumerate(most):
        of[list(mine)] = k
    return SourceCaps(of[offer], np.array(list(most.values()), dtype=np.float64))
