"""Result table `sharing`: how each customer is served among those that it shares with; and what that makes of the objectives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.network.network import Network
from tandemplan.network.sharing import Group
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shared:
    """One objective of sharing: its name, its value in the tables, and what it comes to where nobody is late."""

    name: str
    value: float
    floor: float


def sharing(network: Network, groups: Sequence[Group], summary: Frame) -> Frame:
    """Return the customers that share, by class, certainty, rule and name."""
    late = late_by_demand(network, summary)
    burdens = [np.round(g.burdens(late), 6) for g in groups]
    blank = [np.zeros(0)]

    def each(values: Sequence[Floats]) -> Floats:
        return np.concatenate([*blank, *values])

    most = each([g.most for g in groups])
    burden = each(burdens)
    return {
        "demand_class": np.array([g.demand_class for g in groups for _ in g.customers], dtype=np.int64),
        "certainty": texts(g.certainty for g in groups for _ in g.customers),
        "rule": texts(g.rule for g in groups for _ in g.customers),
        "policy": texts(g.policy for g in groups for _ in g.customers),
        "customer": texts(c for g in groups for c in g.customers),
        "fair_share": np.round(each([g.share for g in groups]), 6),
        "most": np.round(most, 6),
        "value": burden,
        "served_share": np.round(1.0 - burden / most, 6),
        "behind": np.round(each([g.behind(b) for g, b in zip(groups, burdens, strict=True)]), 6),
    }


def shared_values(network: Network, groups: Sequence[Group], summary: Frame) -> list[Shared]:
    """Return the objectives of sharing in their order, with their values in the tables."""
    late = late_by_demand(network, summary)
    found = []
    for group in groups:
        values, floors = group.totals(group.burdens(late)), group.totals(np.zeros(len(group.customers)))
        found += [Shared(n, float(v), float(f)) for n, v, f in zip(group.stages, values, floors, strict=True)]
    return found


def late_by_demand(network: Network, summary: Frame) -> Floats:
    """Return the weighted unit-days late of each demand of the programme, as the summary has them (0: it does not count)."""
    at: Mapping[str, int] = {d: k for k, d in enumerate(network.demands.names)}
    late = np.zeros(len(network.demands.names))
    late[[at[d] for d in summary["demand"]]] = summary["late_unit_days"]
    return late * network.demands.weight
