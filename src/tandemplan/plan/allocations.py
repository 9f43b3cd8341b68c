"""Constraint family `minimum allocation`: what customers are sure to have been given by the end of a window."""

from __future__ import annotations

import numpy as np

from tandemplan.network.allocations import allocations_of
from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

ALLOCATION = "minimum allocation"


def add_allocations(build: Builder, network: Network, x: Variables) -> None:
    """Add minimum allocations, one row for each rule a and end e of a window, named by the period that holds e.

        minimum allocation: sum[d of a, t <= e] deliver[d,t] >= least[a,e] + share[a,e] * sum[d, t <= e] deliver[d,t]

    Deliveries up to e count: on the left of the demands that the rule favours, on the right of all of which it speaks. A rule about units has a `least`, one
    about a share of output a `share`, neither above what those whom it favours ask for by then.

    `docs/semantics.md`, Minimum allocation; lower bounds on service beside a strict order of classes, as in Meyr 2009, Customer segmentation,
    allocation planning and order promising in make-to-stock production, OR Spectrum 31.
    """
    found = allocations_of(network)
    if not found:
        return
    shape = (len(found), len(network.periods))
    there, least = np.zeros(shape, dtype=bool), np.zeros(shape)
    for k, a in enumerate(found):
        there[k, a.period] = True
        least[k, a.period] = a.least
    row = build.add_rows(ALLOCATION, tuple(a.rule for a in found), there, lower=least, upper=np.inf)
    ways = network.delivering
    for k, a in enumerate(found):
        for end, period, share in zip(a.end, a.period, a.share, strict=True):
            counted = np.flatnonzero((ways.day <= end) & a.every[ways.demand])
            weight = np.where(a.mine[ways.demand[counted]], 1.0, 0.0) - share
            build.add(np.full(len(counted), row[k, period]), x.deliver[counted], weight)
