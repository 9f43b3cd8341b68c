"""Constraint families `storage` and `hazard storage`: closing stock fits in its site."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.network.places import site_names
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder


def add_storage(build: Builder, network: Network, x: Variables) -> None:
    """Add room for stock: what lies at a site fits in it, one row for each site s with a limit and period t.

        storage: sum[n at s] volume[n] * stock[n,t] <= storage_m3[s,t]
        hazard storage: sum[n at s] hazardous weight[n] * stock[n,t] <= hazard_storage_kg[s,t]

    `docs/semantics.md`, Storage.
    """
    _add_room(build, network, x, ("storage", "m3"), room=network.room_m3, taken=network.volume_m3)
    heavy = np.where(network.hazard, network.weight_kg, 0.0)
    _add_room(build, network, x, ("hazard storage", "kg"), room=network.room_kg, taken=heavy)


def _add_room(
    build: Builder,
    network: Network,
    x: Variables,
    what: tuple[str, str],
    *,
    room: NDArray[np.float64],
    taken: NDArray[np.float64],
) -> None:
    sites = site_names(network.programme)
    at = {s: k for k, s in enumerate(sites)}
    site = np.array([at[s] for s in network.site], dtype=np.int64)
    fills = np.zeros(len(sites), dtype=bool)
    fills[site[taken > 0]] = True
    there = np.isfinite(room) & fills[:, None]
    row = build.add_rows(what[0], sites, there, lower=-np.inf, upper=room, unit=what[1])
    build.add(row[site], x.stock, taken[:, None])
