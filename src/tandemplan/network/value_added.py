"""Value added by partner: who is paid where, overhead, content of suppliers; and the bands that rules keep shares of it in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Cost, Offer, OpenOrder, Partner, Rule, Site, Supplier
from tandemplan.network.network import Network
from tandemplan.network.origin import outside_shares

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
KINDS = ("work share", "host content")
CAPEX = "capex"  # what is built adds no value by itself


@dataclass(frozen=True)
class Band:
    """A rule keeps the share of a partner (its row) in all value added between `low` and `high`; a soft one only says that it should be."""

    rule: str
    partner: int
    low: float
    high: float
    soft: bool


@dataclass(frozen=True, eq=False)
class Partners:
    """Who adds value: `names` of partners, and the partner (-1: none) of each resource in `Hours`, of each offer, and of each row of costs.

    `content` is what an accepted unit of each offer adds, `ordered` what open orders add within the plan, by partner.
    """

    names: tuple[str, ...]
    resource: Ints
    offer: Ints
    cost: Ints
    content: Floats
    ordered: Floats


def bands_of(programme: Programme) -> list[Band]:
    """Return the bands of rules on work-share and host content, by rule; a rule without a scope speaks of each partner."""
    rules, partners = programme[Rule], programme[Partner].partner.tolist()
    found = []
    for k in np.flatnonzero(np.isin(rules.kind.astype(str), KINDS)).tolist():
        low, high = float(rules.low[k]), float(rules.high[k])
        for p, name in enumerate(partners):
            if not rules.scope[k] or name in rules.scope[k]:
                band = (0.0 if np.isnan(low) else low, 1.0 if np.isnan(high) else high)
                found.append(Band(str(rules.rule[k]), p, *band, bool(rules.soft[k])))
    return found


def ruled(programme: Programme) -> Ints:
    """Return the partners whose value added a plan keeps count of: all of them, where a hard rule limits the share of any."""
    return np.arange(len(programme[Partner]) if any(not b.soft for b in bands_of(programme)) else 0)


def partners_of(network: Network) -> Partners:
    """Return who adds what value. `docs/semantics.md`, Work-share."""
    programme = network.programme
    sites, offers, costs = programme[Site], programme[Offer], programme[Cost]
    names = tuple(map(str, programme[Partner].partner))
    number = {p: k for k, p in enumerate(names)}
    runs = {s: number.get(p, -1) for s, p in zip(sites.site.tolist(), sites.partner.tolist(), strict=True)}
    sells = _suppliers(programme, number)
    offer = ints(sells.get(s, -1) for s in offers.supplier.tolist())
    inside = 1.0 - outside_shares(programme)
    spent = zip(costs.site.tolist(), costs.category.tolist(), strict=True)
    return Partners(
        names=names,
        resource=ints(runs.get(s, -1) for s in network.hours.sites),
        offer=offer,
        cost=ints(-1 if c == CAPEX else runs.get(s, -1) for s, c in spent),
        content=np.where(offer >= 0, offers.unit_price * inside, 0.0),
        ordered=_ordered(network, offer, inside, len(names)),
    )


def _suppliers(programme: Programme, number: dict[str, int]) -> dict[str, int]:
    """Return the partner of each supplier (-1: none): the one that it names, else the only partner of its country."""
    table, homes = programme[Supplier], programme[Partner].country.tolist()
    single = {c: k for k, c in enumerate(homes) if c and homes.count(c) == 1}
    rows = zip(table.supplier.tolist(), table.partner.tolist(), table.country.tolist(), strict=True)
    return {s: number.get(p, -1) if p else single.get(c, -1) for s, p, c in rows}


def _ordered(network: Network, offer: Ints, inside: Floats, count: int) -> Floats:
    """Return the content of what open orders bring within the plan, by partner."""
    found, table, periods = np.zeros(count), network.programme[Offer], network.periods
    at = {o: k for k, o in enumerate(table.offer.tolist())}
    for order in network.programme[OpenOrder].rows():
        k = at.get(order.offer, -1)
        assert order.promised is not None
        if k >= 0 and offer[k] >= 0 and periods.day(order.promised) < periods.days:
            price = float(table.unit_price[k]) if order.unit_price is None else order.unit_price
            found[offer[k]] += np.round(order.quantity_units * price * inside[k], 2)
    return found
