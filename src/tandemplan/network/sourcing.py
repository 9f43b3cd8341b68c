"""Whom a plan may buy how much from: rules on the shares of sources, subcontractors and countries, as limits on what is bought by each offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Offer, Rule, Supplier
from tandemplan.network.network import Network
from tandemplan.network.origin import ELIGIBLE, without_origin
from tandemplan.network.value_added import KINDS as WORK
from tandemplan.network.value_added import bands_of, partners_of
from tandemplan.network.windows import items_by_name

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SHARE, SOURCES, COUNTRIES, SUBCONTRACT = "source share", "fewest sources", "country concentration", "subcontract share"
KINDS = (SHARE, SOURCES, COUNTRIES, SUBCONTRACT)
LEAST_LEFT = (
    0.01  # of an item that the last of the fewest sources sells at least: one unit would be a source by name alone
)


@dataclass(frozen=True)
class Scope:
    """What a rule is measured on: by `rule`, the `subject` (item, supplier, or blank: all items in the scope together).

    `sources` are the offers of each supplier or country that may sell. `limit` is what the rule says (a least number of sources, a most
    of anything else), `value` what a share is of (0: of what is bought by all sources). `money`: what is bought counts by its price, else by units.
    """

    rule: str
    kind: str
    subject: str
    sources: tuple[tuple[str, tuple[int, ...]], ...]
    limit: float
    soft: bool
    money: bool
    value: float = 0.0

    @property
    def offers(self) -> tuple[int, ...]:
        """Return all offers that it speaks of."""
        return tuple(k for _, offers in self.sources for k in offers)

    @property
    def most(self) -> float:
        """Return the share that each source may have for the rule to be kept: of `value`, or of all (1: no limit).

        Where at most a share is left for the others, there are others; where no share is above h, the squares of all add up to h at most.
        """
        if self.kind != SOURCES:
            return self.limit
        fewest = int(np.ceil(self.limit))
        return 1.0 if fewest <= 1 else (1.0 - LEAST_LEFT) / (fewest - 1)


def scopes_of(network: Network) -> list[Scope]:
    """Return what rules on sourcing are measured on, by rule, subject and source; soft ones too. `docs/semantics.md`, Sourcing."""
    programme, found = network.programme, []
    rules, value = programme[Rule], float((network.demands.price * network.demands.quantity).sum())
    for k in np.flatnonzero(np.isin(rules.kind.astype(str), KINDS)).tolist():
        kind = str(rules.kind[k])
        limit = float(rules.low[k] if kind == SOURCES else rules.high[k])
        for subject, sources in _subjects(programme, kind, rules.scope[k]):
            of = value if kind == SUBCONTRACT else 0.0
            if sources and (kind != SUBCONTRACT or of > 0):
                money = kind in (COUNTRIES, SUBCONTRACT)
                found.append(Scope(str(rules.rule[k]), kind, subject, sources, limit, bool(rules.soft[k]), money, of))
    return found


def origins(programme: Programme) -> list[str]:
    """Return the country that each offer comes from: its own, or its supplier's."""
    offers = programme[Offer]
    home = dict(zip(programme[Supplier].supplier.tolist(), programme[Supplier].country.tolist(), strict=True))
    return [c or home.get(s, "") for c, s in zip(offers.origin_country.tolist(), offers.supplier.tolist(), strict=True)]


def not_eligible(programme: Programme) -> set[str]:
    """Return the suppliers whose country is not in the group `eligible`."""
    countries, suppliers = programme[Country], programme[Supplier]
    eligible = {c for c, g in zip(countries.country.tolist(), countries.groups.tolist(), strict=True) if ELIGIBLE in g}
    return {
        s for s, c in zip(suppliers.supplier.tolist(), suppliers.country.tolist(), strict=True) if c not in eligible
    }


def _subjects(
    programme: Programme, kind: str, scope: Sequence[str]
) -> Iterator[tuple[str, tuple[tuple[str, tuple[int, ...]], ...]]]:
    """Yield what a rule is measured on, with the offers of each source: items by supplier, subcontractors, or all items by country."""
    offers = programme[Offer]
    rows = range(len(offers))
    if kind == SUBCONTRACT:
        outside = not_eligible(programme)
        for name, listed in _grouped(offers.supplier.tolist(), rows):
            if name in outside:
                yield name, ((name, listed),)
        return
    items = items_by_name(programme)
    named = {i for n in scope for i in items.get(n, ())} if scope else set(offers.item.tolist())
    mine = [k for k in rows if offers.item[k] in named]
    if kind == COUNTRIES:
        yield "", _grouped(origins(programme), mine)
        return
    for item, listed in _grouped(offers.item.tolist(), mine):
        yield item, _grouped(offers.supplier.tolist(), listed)


def _grouped(names: Sequence[str], rows: Sequence[int]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return some rows by name, in the order of names."""
    found: dict[str, list[int]] = {}
    for k in rows:
        found.setdefault(str(names[k]), []).append(k)
    return tuple((name, tuple(found[name])) for name in sorted(found))


def followed(network: Network) -> Ints:
    """Return the offers of which a plan keeps count of what it buys: those that hard rules on sourcing or work-share speak of."""
    found = {k for s in scopes_of(network) if not s.soft for k in s.offers}
    if any(not b.soft for b in bands_of(network.programme)):
        found |= set(np.flatnonzero(partners_of(network).content > 0).tolist())
    return ints(sorted(found))


def without_shares(network: Network) -> Network:
    """Return the network of a programme whose rules of origin, work-share and sourcing are no limits."""
    rules = network.programme[Rule]
    soft = rules.with_column("soft", rules.soft | np.isin(rules.kind.astype(str), (*KINDS, *WORK)))
    return without_origin(replace(network, programme=network.programme.replace(soft)))
