"""Of which demands a rule speaks: by its dates, and by the names in its scope."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Contract, Customer, Rule
from tandemplan.network.network import Network

Bools = NDArray[np.bool_]


def due_within(network: Network, rule: int) -> Bools:
    """Return which demands are due within the dates of a rule (by row number)."""
    rules, due = network.programme[Rule], network.demands.due
    first, last = network.periods.numbers(np.array([rules.from_date[rule], rules.to_date[rule]]), 0)
    return np.asarray((due >= first) & (np.isnat(rules.to_date[rule]) | (due <= last)))


def of_items(network: Network, names: Collection[str]) -> Bools:
    """Return which demands are for items of these names."""
    return np.array([item in names for item in network.demands.items], dtype=bool)


def of_customers(network: Network, names: Collection[str]) -> Bools:
    """Return which demands belong to contracts, customers, groups of customers or classes (`class 2`) of these names."""
    demands, customers = network.demands, network.programme[Customer]
    groups = dict(zip(customers.customer.tolist(), customers.groups.tolist(), strict=True))
    contracts = np.append(network.programme[Contract].contract, "")[demands.contract].tolist()
    each = zip(demands.customers, contracts, demands.demand_class.tolist(), strict=True)
    found = [not {who, contract, f"class {c}", *groups.get(who, ())}.isdisjoint(names) for who, contract, c in each]
    return np.array(found, dtype=bool)
