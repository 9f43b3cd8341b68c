"""Demands with what their contracts say: items, customers, classes, what counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import Periods
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Customer, Demand
from tandemplan.network.cells import Cells

CERTAINTIES = ("firm", "option", "forecast")


def items_and_customers(programme: Programme) -> tuple[list[str], list[str]]:
    """Return the item and the customer of each demand: its own, or its contract's."""
    demands, contracts = programme[Demand], programme[Contract]
    items = dict(zip(contracts.contract, contracts.item, strict=True))
    customers = dict(zip(contracts.contract, contracts.customer, strict=True))
    agreed = demands.contract.tolist()
    return (
        [i or items.get(k, "") for i, k in zip(demands.item.tolist(), agreed, strict=True)],
        [c or customers.get(k, "") for c, k in zip(demands.customer.tolist(), agreed, strict=True)],
    )


@dataclass(frozen=True, eq=False)
class Demands:
    """Demands as arrays, one entry a row of `demands`.

    `quantity` is what counts (0: it does not), `due` and `latest` are days, `late_if_lost` the days late of a lost unit,
    `certainty` an index into CERTAINTIES, `contract` a row of contracts (-1: none), `price` of one unit.
    """

    names: NDArray[Any]
    items: tuple[str, ...]
    customers: tuple[str, ...]
    demand_class: NDArray[np.int64]
    certainty: NDArray[np.int64]
    quantity: NDArray[np.float64]
    due: NDArray[np.int64]
    latest: NDArray[np.int64]
    late_if_lost: NDArray[np.int64]
    weight: NDArray[np.float64]
    contract: NDArray[np.int64]
    price: NDArray[np.float64]
    damages_rate: NDArray[np.float64]
    damages_cap: NDArray[np.float64]

    def damages(self, rows: NDArray[np.int64], late_days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the damages of one unit of each demand in `rows` that is late by so many days."""
        share = np.minimum(self.damages_cap[rows], self.damages_rate[rows] * late_days / 7)
        return self.price[rows] * share


def demands_of(programme: Programme, periods: Periods, cells: Cells) -> Demands:
    """Return the demands of a programme, with dated effects and uncertainty applied to quantities."""
    demands, contracts, customers = programme[Demand], programme[Contract], programme[Customer]
    items, who = items_and_customers(programme)
    classes = dict(zip(customers.customer, customers.demand_class, strict=True))
    at = {k: i for i, k in enumerate(contracts.contract)}
    contract = np.array([at.get(k, -1) for k in demands.contract.tolist()], dtype=np.int64)
    last = periods.days - 1
    due, latest = periods.numbers(demands.due, last), periods.numbers(demands.latest, last)
    certainty = _of_contract(contract, [CERTAINTIES.index(c) for c in contracts.certainty], 0).astype(np.int64)
    quantity = demands.quantity_units.astype(np.float64).copy()
    for i in sorted(cells.touched(demands, "quantity_units")):
        quantity[i] = cells.at(demands, "quantity_units", i, int(due[i]))
    return Demands(
        names=demands.demand,
        items=tuple(items),
        customers=tuple(who),
        demand_class=np.array([int(classes.get(c, 1)) for c in who], dtype=np.int64),
        certainty=certainty,
        quantity=quantity * _counts(programme, contract, certainty),
        due=due,
        latest=np.minimum(latest, last),
        late_if_lost=periods.days + periods.longest - due,
        weight=demands.weight_factor.astype(np.float64),
        contract=contract,
        price=_of_contract(contract, contracts.unit_price, 0.0),
        damages_rate=_of_contract(contract, contracts.damages_per_week_share, 0.0),
        damages_cap=_of_contract(contract, contracts.damages_cap_share, 0.0),
    )


def _counts(programme: Programme, contract: NDArray[np.int64], certainty: NDArray[np.int64]) -> NDArray[np.float64]:
    policy = programme.settings.uncertain_demand
    if policy == "all":
        return np.ones(len(contract))
    if policy == "firm":
        return np.asarray(certainty == 0, dtype=np.float64)
    probability = _of_contract(contract, programme[Contract].probability, 1.0)
    return np.where(certainty == 0, 1.0, probability)


def _of_contract(contract: NDArray[np.int64], values: Any, default: float) -> NDArray[np.float64]:
    padded = np.append(np.asarray(values, dtype=np.float64), default)
    return np.asarray(padded[contract], dtype=np.float64)
