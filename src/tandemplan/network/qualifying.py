"""Offers that are qualified when the plan decides, at a cost: when that may start, and for which orders it is soon enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Offer
from tandemplan.network.cells import whole_days
from tandemplan.network.network import Network
from tandemplan.network.openings import opening_days

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def costly(network: Network) -> Bools:
    """Return which offers are qualified when the plan decides: those that are not qualified and cost something to qualify."""
    offers = network.programme[Offer]
    return np.asarray(~offers.qualified & (offers.qualification_cost > 0), dtype=np.bool_)


def start_open(network: Network) -> Bools:
    """Return in which periods the qualification of each offer may start: on the first day, once its tasks are done (offers x periods)."""
    first = opening_days(network.dates, network.programme[Offer].opens_after)
    return np.asarray((network.periods.starts[None, :] >= first[:, None]) & costly(network)[:, None], dtype=np.bool_)


def start_period(network: Network, order: Ints, offer: Ints) -> Ints:
    """Return the last period in which qualification may start for an order on a day (-1: there is none)."""
    days = whole_days(network.programme[Offer].qualification_days)
    return np.searchsorted(network.periods.starts, order - days[offer], side="right").astype(np.int64) - 1
