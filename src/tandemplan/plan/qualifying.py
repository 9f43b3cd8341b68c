"""Constraint families `qualification` and `qualified`: offers that are qualified when the plan decides, at a cost."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import ints, texts
from tandemplan.model.schema import Offer
from tandemplan.network.cells import whole_days
from tandemplan.network.network import Network
from tandemplan.network.qualifying import costly, start_period
from tandemplan.plan.needs import most_bought
from tandemplan.plan.variables import Variables, way_names
from tandemplan.results.store import Frame
from tandemplan.solver.lp import Builder


def add_qualification(build: Builder, network: Network, x: Variables) -> None:
    """Add qualification as a decision: started[o,t] is 1 from the period t on, on whose first day it starts for offer o, at a cost.

        qualification: started[o,t] >= started[o,t-1]
        qualified: buy[w,t] <= most[w,t] * started[o,s]

    s is the last period whose first day lies `qualification_days` or more before the day of order of buy[w,t] (none: buy is 0), and
    `most` is what may be of use.

    `docs/semantics.md`, Purchases; Pochet and Wolsey 2006, Production Planning by Mixed Integer Programming, sec. 1.2.
    """
    there = x.started >= 0
    if not there.any():
        return
    offers = network.programme[Offer]
    later = there.copy()
    later[:, 1:] &= there[:, :-1]
    later[:, 0] = False
    if later.any():
        row = build.add_rows("qualification", tuple(offers.offer), later, lower=0.0, upper=np.inf, unit="offers")
        build.add(row, x.started, 1.0)
        build.add(row[:, 1:], x.started[:, :-1], -1.0)
    offer = ints(w.offer for w in network.places.ways)
    bought = (x.buy >= 0) & costly(network)[offer][:, None]
    row = build.add_rows("qualified", way_names(network), bought, lower=-np.inf, upper=0.0)
    build.add(row, x.buy, 1.0)
    begun = start_period(network, network.buying.release, offer[:, None])
    columns = np.where(begun >= 0, x.started[offer[:, None], np.maximum(begun, 0)], -1)
    build.add(row, columns, -most_bought(network))


def qualifications(network: Network, purchases: Frame) -> Frame:
    """Return the offers that the plan qualifies, each as late as its first order allows, by offer."""
    offers, wanted = network.programme[Offer], costly(network)
    start = np.datetime64(network.periods.start, "D")
    ordered = (purchases["release"].astype("datetime64[D]") - start).astype(np.int64).tolist()
    first: dict[str, int] = {}
    for offer, day in zip(purchases["offer"].tolist(), ordered, strict=True):
        first[offer] = min(first.get(offer, day), day)
    rows = ints(k for k, name in enumerate(offers.offer) if wanted[k] and name in first)
    begun = start_period(network, ints(first[offers.offer[k]] for k in rows), rows)
    started = network.periods.starts[begun]
    return {
        "offer": texts(offers.offer[k] for k in rows),
        "started": network.periods.dates(started),
        "qualified": network.periods.dates(started + whole_days(offers.qualification_days)[rows]),
        "cost": np.round(offers.qualification_cost[rows], 2),
    }
