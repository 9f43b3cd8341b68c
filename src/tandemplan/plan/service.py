"""Constraint family `demand`: what is asked for is delivered or lost."""

from __future__ import annotations

import numpy as np

from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder


def add_demand(build: Builder, network: Network, x: Variables) -> None:
    """Add service: what is asked for is delivered or lost, one row for each demand d that counts.

        demand: sum[t] deliver[d,t] + lost[d] = quantity[d]

    `docs/semantics.md`, Demand.
    """
    demands = network.demands
    there = (demands.quantity > 0)[:, None]
    quantity = demands.quantity[:, None]
    row = build.add_rows("demand", tuple(map(str, demands.names)), there, lower=quantity, upper=quantity)[:, 0]
    build.add(row[network.delivering.demand], x.deliver, 1.0)
    build.add(row, np.where(demands.quantity > 0, x.lost, -1), 1.0)
