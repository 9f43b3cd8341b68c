"""Room kept in stores for whole orders: as much as the smallest orders of what is bought for them need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.network.places import site_names
from tandemplan.plan.order_sizes import DUST, way_sizes
from tandemplan.solver.lp import Lp

Floats = NDArray[np.float64]
FAMILIES = ("storage", "hazard storage")
LOTS = 1.5  # smallest orders of each item that a store has room for
MOST = 0.5  # share of a store that is kept free at most


def unit_room(network: Network) -> Floats:
    """Return the room that a unit takes at each node (kinds x nodes): m3, and kg of hazardous goods."""
    return np.stack([network.volume_m3, np.where(network.hazard, network.weight_kg, 0.0)])


def kept_room(network: Network, buy: Floats) -> Floats:
    """Return how much of each store is kept for orders: 1.5 times the smallest of all that a plan buys for it, or half of it (kinds x sites)."""
    sites, lot = site_names(network.programme), np.zeros(len(network.item))
    bought = (buy > DUST).any(axis=1)
    np.maximum.at(lot, network.way_node[bought], way_sizes(network).least[bought])
    at = np.array([sites.index(s) for s in network.site], dtype=np.int64)
    need = np.zeros((2, len(sites)))
    for kind, size in enumerate(unit_room(network)):
        np.add.at(need[kind], at, size * lot)
    return np.asarray(np.minimum(LOTS * need, MOST * np.stack([network.room_m3, network.room_kg]).min(axis=2)))


def tight_nodes(network: Network, stock: Floats, buy: Floats) -> NDArray[np.bool_]:
    """Return the nodes that take room in a store where a plan with this stock (nodes x periods) does not leave what is kept for orders."""
    sites, kept = site_names(network.programme), kept_room(network, buy)
    at = np.array([sites.index(s) for s in network.site], dtype=np.int64)
    found = np.zeros(len(at), dtype=bool)
    for kind, (size, room) in enumerate(zip(unit_room(network), (network.room_m3, network.room_kg), strict=True)):
        taken = np.zeros(room.shape)
        np.add.at(taken, at, size[:, None] * stock)
        tight = (taken > room - kept[kind][:, None]).any(axis=1)
        found |= (size > 0) & tight[at]
    return found


def with_room(network: Network, lp: Lp, buy: Floats) -> Lp:
    """Return the model with stores that are smaller by what is kept for orders."""
    kept, upper = kept_room(network, buy), lp.row_upper.copy()
    for kind, family in enumerate(FAMILIES):
        if family in lp.rows:
            block = lp.rows[family]
            upper[block.index] -= kept[kind, block.entity]
    return replace(lp, row_upper=upper)
