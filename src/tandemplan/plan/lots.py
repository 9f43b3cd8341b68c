"""Constraint families `set-ups`, `minimum lots` and `lot multiples`: lots that are set up whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.hours import resource_rows
from tandemplan.plan.needs import most_needed
from tandemplan.plan.variables import Variables, multiple_names, route_names
from tandemplan.solver.lp import Builder

Floats = NDArray[np.float64]


def add_lots(build: Builder, network: Network, x: Variables) -> None:
    """Add lots, one row for each route r that keeps the rule and period t in which it is open.

        set-ups: make[r,t] <= most[r,t] * setup[r,t]
        minimum lots: make[r,t] >= minimum_lot_units[r] * setup[r,t]
        lot multiples: make[r,t] = lot_multiple_units[r,i] * lots[r,i,t]

    `setup` is 0 or 1, `lots` is whole for each step i. `most` is the least of what may be needed from t on (`most_needed`) and what the hours left
    after the set-up allow. The largest hours present are read off the rows of `hours`, so this family comes after all that add to them.

    `docs/semantics.md`, Lots; Trigeiro, Thomas and McClain 1989, Management Science 35(3), eqs. (2)-(5); Pochet and Wolsey 2006, Production
    Planning by Mixed Integer Programming, sec. 1.2 and ch. 10.
    """
    lots, names = network.lots, route_names(network)
    if not (lots.setup.any() or len(lots.multiple_route)):
        return
    most = most_started(build, network)
    if (x.setup >= 0).any():
        _add_set_ups(build, network, x, most)
    least = (lots.minimum > 0)[:, None] & (x.make >= 0)
    if least.any():
        row = build.add_rows("minimum lots", names, least, lower=0.0, upper=np.inf)
        build.add(row, x.make, 1.0)
        build.add(row, x.setup, -lots.minimum[:, None])
    if (x.lots >= 0).any():
        row = build.add_rows("lot multiples", multiple_names(network), x.lots >= 0, lower=0.0, upper=0.0)
        build.add(row, x.make[lots.multiple_route], 1.0)
        build.add(row, x.lots, -lots.multiple_units[:, None])


def _add_set_ups(build: Builder, network: Network, x: Variables, most: Floats) -> None:
    row = build.add_rows("set-ups", route_names(network), x.setup >= 0, lower=-np.inf, upper=0.0)
    build.add(row, x.make, 1.0)
    build.add(row, x.setup, -most)


def most_started(build: Builder, network: Network) -> Floats:
    """Return the most units that each route may start in each period (routes x periods)."""
    most, at = most_needed(network), resource_rows(network)
    there = build.most("hours")
    lots, making = network.lots, network.making
    for k, resource in enumerate(making.hour_resource):
        route = making.hour_route[k]
        if resource not in at:
            continue
        left = there[at[resource]].copy()
        for j in np.flatnonzero(lots.hour_route == route):
            if lots.hour_resource[j] == resource:
                left -= lots.hour_hours[j]
        taken = making.hour_hours[k]
        units = np.where(taken > 0, left, np.inf) / np.where(taken > 0, taken, 1.0)
        most[route] = np.minimum(most[route], units)
    return np.maximum(most, 0.0)
