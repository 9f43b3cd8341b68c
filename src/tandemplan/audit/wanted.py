"""Demand as the programme means it: who wants what where, how much of it counts, what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tandemplan.audit.dated import Dated
from tandemplan.audit.days import Horizon, number
from tandemplan.audit.openings import Openings
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Customer, Demand, Site


@dataclass(frozen=True)
class Wanted:
    """One demand that counts; `opens` is the first day of delivery, `latest` the last, `lost_days` of a lost unit."""

    demand: str
    contract: str
    customer: str
    demand_class: int
    certainty: str
    site: str
    item: str
    quantity: float
    due: int
    opens: int
    latest: int
    weight: float
    price: float
    rate_per_week: float
    cap: float
    lost_days: int

    def damages(self, units: float, days: float) -> float:
        """Return what units late by some days cost in damages."""
        return units * self.damages_per_unit(days)

    def damages_per_unit(self, days: float) -> float:
        """Return what one unit late by some days costs in damages."""
        return self.price * min(self.cap, self.rate_per_week * max(days, 0.0) / 7)


def wanted_of(dated: Dated, openings: Openings, horizon: Horizon) -> Mapping[str, Wanted]:
    """Return the demands that count, by name."""
    programme = dated.programme
    which = programme.settings.uncertain_demand
    found, lost = {}, horizon.end + max(horizon.lengths)
    for i, demand in enumerate(programme[Demand].rows()):
        contract = contract_of(programme, demand.contract)
        certainty = "firm" if contract is None else contract.certainty
        if which == "firm" and certainty != "firm":
            continue
        assert demand.due is not None
        units = dated.on("demands", i, "quantity_units", number(demand.due))
        if which == "expected" and certainty != "firm" and contract is not None:
            units *= contract.probability
        if units > 0:
            found[demand.demand] = _wanted(openings, horizon, programme, (demand, contract, units), lost)
    return found


def contract_of(programme: Programme, name: str) -> Contract | None:
    """Return a contract, or None where none is named."""
    row = programme[Contract].index.get((name,))
    return None if row is None else programme[Contract].row(row)


def _wanted(
    openings: Openings, horizon: Horizon, programme: Programme, asked: tuple[Demand, Contract | None, float], lost: int
) -> Wanted:
    demand, contract, units = asked
    customer = demand.customer or ("" if contract is None else contract.customer)
    item = demand.item or ("" if contract is None else contract.item)
    assert demand.due is not None
    due = number(demand.due)
    return Wanted(
        demand=demand.demand,
        contract=demand.contract,
        customer=customer,
        demand_class=class_of(programme, customer),
        certainty="firm" if contract is None else contract.certainty,
        site=demand.site,
        item=item,
        quantity=units,
        due=due,
        opens=_opens(openings, programme, demand, contract),
        latest=horizon.end - 1 if demand.latest is None else min(number(demand.latest), horizon.end - 1),
        weight=demand.weight_factor,
        price=0.0 if contract is None else contract.unit_price,
        rate_per_week=0.0 if contract is None else contract.damages_per_week_share,
        cap=0.0 if contract is None else contract.damages_cap_share,
        lost_days=lost - due,
    )


def class_of(programme: Programme, customer: str) -> int:
    """Return the class of a customer; 1 where there is none."""
    row = programme[Customer].index.get((customer,))
    return 1 if row is None else int(programme[Customer].demand_class[row])


def _opens(openings: Openings, programme: Programme, demand: Demand, contract: Contract | None) -> int:
    days = [openings.after(demand.opens_after)]
    if contract is not None:
        days.append(openings.after(contract.opens_after))
    site = programme[Site].index.get((demand.site,))
    if site is not None:
        days.append(openings.after(programme[Site].opens_after[site]))
    return max(days)
