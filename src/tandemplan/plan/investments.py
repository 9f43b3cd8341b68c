"""Constraint families `bought stations` and `bought sets`: what is bought stays, and adds hours from its first day on."""

from __future__ import annotations

import numpy as np

from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables, investment_names
from tandemplan.solver.lp import Builder

FAMILIES = (("work centre", "bought stations", "stations"), ("tool", "bought sets", "sets"))


def add_investments(build: Builder, network: Network, x: Variables) -> None:
    """Add stations and sets: what is bought stays, one row for each resource k and period t after the first in which a bought one can be in use.

        bought stations: owned[k,t] >= owned[k,t-1]
        bought sets: owned[k,t] >= owned[k,t-1]
        in hours: - each[k,t] * owned[k,t]

    `owned` is whole and at most as many as there is place for; `each` is the hours of one.

    `docs/semantics.md`, Stations and tools; Luss 1982, Operations research and capacity expansion problems, sec. 2 (cumulative capacity
    without disposal).
    """
    resource = network.investing.resource
    each = np.where(
        x.extra >= 0, 0.0, network.hours.each[resource]
    )  # what hangs on the shifts chosen is in `bought hours`
    build.add(build.row_grid("hours")[resource], x.owned, -each)
    before = np.full_like(x.owned, -1)
    before[:, 1:] = x.owned[:, :-1]
    kinds = np.array([network.hours.kinds[k] for k in resource], dtype=object)
    for kind, family, unit in FAMILIES:
        there = (before >= 0) & (kinds == kind)[:, None]
        row = build.add_rows(family, investment_names(network), there, lower=0.0, upper=np.inf, unit=unit)
        build.add(row, x.owned, 1.0)
        build.add(row, before, -1.0)


def family_of(kind: str) -> tuple[str, str, str]:
    """Return for a kind of resource that can be bought: the kind, its family, and what one of it is counted in."""
    return next(f for f in FAMILIES if f[0] == kind)
