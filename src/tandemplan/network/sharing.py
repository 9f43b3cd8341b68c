"""Who shares what inside a class: groups of customers by rule, class and certainty, and how badly each is served."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import sums
from tandemplan.model.schema import Customer, Rule
from tandemplan.network.demands import CERTAINTIES
from tandemplan.network.network import Network
from tandemplan.network.scopes import due_within, of_customers, of_items

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LEAST_SHARE = 1e-3  # of the largest fair share: what one of 0 counts as


@dataclass(frozen=True, eq=False)
class Group:
    """Customers of one class and certainty that share by a rule: `rows` are their demands, of customer `of`.

    By customer: `share` is the fair share, `most` the weighted unit-days late if nothing is delivered. A customer whose burden is `b` weighted
    unit-days late is behind by `(b + offset) / size`, from 0 to 1.
    """

    rule: str
    policy: str
    demand_class: int
    certainty: str
    customers: tuple[str, ...]
    rows: Ints
    of: Ints
    share: Floats
    most: Floats
    offset: Floats
    size: Floats

    @property
    def name(self) -> str:
        """Return what the group is called, such as `FAIR-SHARING of class 2 firm`."""
        return f"{self.rule} of class {self.demand_class} {self.certainty}"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the customers as rows and columns call them, such as `FAIR-SHARING of class 2 firm|CU-A`."""
        return tuple(f"{self.name}|{c}" for c in self.customers)

    @property
    def stages(self) -> tuple[str, ...]:
        """Return the names of the objectives: how far the worst served is behind, the two worst served together, and so on."""
        return tuple(f"{self.name}, {k} worst served" for k in range(1, len(self.customers) + 1))

    def burdens(self, late: Floats) -> Floats:
        """Return the weighted unit-days late of each customer, from those of all demands of the programme."""
        return sums(self.of, late[self.rows], len(self.customers))

    def behind(self, burdens: Floats) -> Floats:
        """Return how far each customer is behind, from burdens."""
        return (burdens + self.offset) / self.size

    def totals(self, burdens: Floats) -> Floats:
        """Return how far the worst served, the two worst served together, and so on, are behind."""
        return np.asarray(np.cumsum(np.sort(self.behind(burdens))[::-1]))


def groups_of(network: Network) -> tuple[Group, ...]:
    """Return the groups that share, by class, certainty and rule: those of two customers or more.

    `docs/semantics.md`, Sharing.
    """
    demands, rules = network.demands, network.programme[Rule]
    asks = np.flatnonzero(rules.kind == "fair sharing").tolist()
    if network.programme.settings.objective == "cost" or not asks:
        return ()
    counted = (demands.quantity > 0) & (demands.weight > 0)
    found = []
    for demand_class in np.unique(demands.demand_class[counted]).tolist():
        for certainty, word in enumerate(CERTAINTIES):
            mine = counted & (demands.demand_class == demand_class) & (demands.certainty == certainty)
            for rule in asks:
                rows = np.flatnonzero(mine & in_scope(network, rule))
                if len({demands.customers[d] for d in rows}) > 1:
                    found.append(_group(network, rule, (demand_class, word), rows))
    return tuple(found)


def in_scope(network: Network, rule: int) -> Bools:
    """Return which demands a rule speaks of: those of its items, contracts, customers, groups or classes that are due within its dates."""
    scope, held = set(network.programme[Rule].scope[rule]), due_within(network, rule)
    return held & (of_items(network, scope) | of_customers(network, scope)) if scope else held


def _group(network: Network, rule: int, which: tuple[int, str], rows: Ints) -> Group:
    rules, demands = network.programme[Rule], network.demands
    customers = tuple(sorted({demands.customers[d] for d in rows}))
    of = np.array([customers.index(demands.customers[d]) for d in rows], dtype=np.int64)
    share = _shares(network, customers)
    most = sums(of, (demands.weight * demands.quantity * demands.late_if_lost)[rows], len(customers))
    offset, size = _scales(str(rules.policy[rule]), share, most)
    return Group(str(rules.rule[rule]), str(rules.policy[rule]), *which, customers, rows, of, share, most, offset, size)


def _shares(network: Network, customers: tuple[str, ...]) -> Floats:
    """Return the fair share of each customer: the mean of those given where it has none, 1 where none is given."""
    table = network.programme[Customer]
    said = dict(zip(table.customer.tolist(), table.fair_share.tolist(), strict=True))
    share = np.array([said.get(c, np.nan) for c in customers], dtype=np.float64)
    given = share[~np.isnan(share)]
    share = np.where(np.isnan(share), given.mean() if given.any() else 1.0, share)
    return np.maximum(share, LEAST_SHARE * share.max()) if share.any() else np.ones_like(share)


def _scales(policy: str, share: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Return what is added to burdens, and what the sums are divided by, to say how far customers are behind.

    Proportional: 1 - (share served) / (fair share x C). Uniform gains: 1 - (service) / (fair share x C). Uniform losses:
    burden x fair share / C. Each C is such that nobody is behind by less than 0, or by more than 1.

    >>> _scales("uniform losses", np.array([0.75, 0.25]), np.array([40.0, 40.0]))[1].tolist()
    [40.0, 120.0]
    """
    if policy == "uniform losses":
        return np.zeros_like(share), (share * most).max() / share
    claim = most if policy == "proportional" else np.ones_like(most)
    size = share * claim * (most / (share * claim)).max()
    return size - most, size
