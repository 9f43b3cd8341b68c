"""Constraint family `experience`: what operations have learnt is at least what their hours and yields assume."""

from __future__ import annotations

import numpy as np

from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder


def add_experience(build: Builder, network: Network, x: Variables) -> None:
    """Add experience: what each school g has learnt by the end of each period t is at least what its hours and yields assume.

        experience: experience[g,t] = experience[g,t-1] + sum[r] make[r,t], with experience[g,t] >= assumed[g,t]

    The routes r teach g. Mean hours of a period fall in both the experience before and after it, and mean yields rise: a plan that keeps these
    rows is feasible on the true curves.

    `docs/semantics.md`, Learning; Wright 1936, Factors affecting the cost of airplanes, Journal of the Aeronautical Sciences 3(4).
    """
    taught = network.making.taught
    if not taught.assumed.any():
        return
    there = np.ones(taught.assumed.shape, dtype=bool)
    column = build.add_grid("experience", taught.names, there, lower=taught.assumed)
    row = build.add_rows("experience", taught.names, there, lower=0.0, upper=0.0)
    build.add(row, column, 1.0)
    build.add(row[:, 1:], column[:, :-1], -1.0)
    for school in range(len(taught.names)):
        build.add(row[school], x.make[taught.routes(school)], -1.0)
