"""Rules on shares of the whole: work-share, and whom is bought from; each speaks of what it can measure, and can be kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tandemplan.model.checks.facts import Facts, Fault, check
from tandemplan.model.schema import Contract, Country, Item, Offer, Partner, Rule, Site, Supplier
from tandemplan.problems import did_you_mean

WORK = ("work share", "host content")
ITEMS = ("fewest sources", "source share", "country concentration")
SUBCONTRACT = "subcontract share"
NEAR = 1e-9


@check("wrong-scope", Item, Partner)
def shares_speak_of_what_they_measure(facts: Facts) -> Iterator[Fault]:
    """A rule on work-share names partners, one on sources items or groups of items; one on subcontractors has no scope: it speaks of all contracts."""
    table, partners, items = facts[Rule], set(facts[Partner].partner.tolist()), _items(facts)
    for i, (kind, scope) in enumerate(zip(table.kind.tolist(), table.scope.tolist(), strict=True)):
        if kind == SUBCONTRACT and scope:
            message = f"scope is '{scope[0]}'; a rule of kind '{kind}' speaks of all contracts together."
            yield Fault(table, i, message, "Leave it blank.", ("kind", "scope"))
        for known, what, kinds in ((partners, "partner", WORK), (set(items), "item or group of items", ITEMS)):
            for name in scope if kind in kinds else ():
                if name not in known:
                    message = f"scope '{name}' is no {what}; a rule of kind '{kind}' speaks of these."
                    yield Fault(table, i, message, did_you_mean(name, known), ("kind", "scope"))


@check("bands-apart", Partner)
def bands_of_partners_meet(facts: Facts) -> Iterator[Fault]:
    """What hard rules leave each partner of the value added is more than nothing, and shares within all bands can add up to one."""
    table, partners = facts[Rule], facts[Partner].partner.tolist()
    low, high = dict.fromkeys(partners, 0.0), dict.fromkeys(partners, 1.0)
    last = -1
    for i in np.flatnonzero(np.isin(table.kind.astype(str), WORK) & ~table.soft).tolist():
        for p in (n for n in partners if not table.scope[i] or n in table.scope[i]):
            last, least, most = i, float(table.low[i]), float(table.high[i])
            low[p] = low[p] if np.isnan(least) else max(low[p], least)
            high[p] = high[p] if np.isnan(most) else min(high[p], most)
            if low[p] > high[p] + NEAR:
                message = (
                    f"with this rule the share of partner '{p}' must be at least {low[p]:g} and at most {high[p]:g}."
                )
                yield Fault(table, i, message, "", ("kind", "scope", "low", "high"))
                return
    for total, side, wrong in ((sum(low.values()), "least", 1), (sum(high.values()), "most", -1)):
        if last >= 0 and (total - 1) * wrong > NEAR:
            message = f"the {side} shares of all partners add up to {total:g}, but their shares add up to 1."
            yield Fault(table, last, message, "Widen the bands.", ("kind", "scope", "low", "high"))


@check("adds-nothing", Partner, Site, Supplier)
def partners_can_add_value(facts: Facts) -> Iterator[Fault]:
    """A partner that must have a share of the value added has a site or a supplier: it adds nothing otherwise."""
    table, partners, suppliers = facts[Rule], facts[Partner].partner.tolist(), facts[Supplier]
    homes = dict(zip(partners, facts[Partner].country.tolist(), strict=True))
    sold = set(suppliers.country[suppliers.partner == ""].tolist()) - {""}
    active = {*facts[Site].partner.tolist(), *suppliers.partner.tolist(), *(p for p in partners if homes[p] in sold)}
    for i in np.flatnonzero(np.isin(table.kind.astype(str), WORK) & ~table.soft & (table.low > 0)).tolist():
        for p in partners:
            if p not in active and (not table.scope[i] or p in table.scope[i]):
                message = (
                    f"partner '{p}' must have a share of at least {table.low[i]:g}, but has no site and no supplier."
                )
                yield Fault(table, i, message, "Name it in sites or suppliers.", ("kind", "scope", "low"))


@check("too-few-sources", Item, Offer, Supplier)
def there_are_sources_enough(facts: Facts) -> Iterator[Fault]:
    """What a hard rule on sources speaks of is sold by as many suppliers, or comes from as many countries, as it takes to keep the rule."""
    table, offers, items = facts[Rule], facts[Offer], _items(facts)
    home = dict(zip(facts[Supplier].supplier.tolist(), facts[Supplier].country.tolist(), strict=True))
    sold = list(zip(offers.item.tolist(), offers.supplier.tolist(), offers.origin_country.tolist(), strict=True))
    for i in np.flatnonzero(np.isin(table.kind.astype(str), ITEMS) & ~table.soft).tolist():
        kind, scope = table.kind[i], table.scope[i]
        fewest = float(table.low[i]) if kind == "fewest sources" else 1.0 / max(float(table.high[i]), NEAR)
        named = {n for s in scope for n in items.get(s, ())} if scope else {item for item, _, _ in sold}
        found: dict[str, set[str]] = {}
        for item, supplier, country in sold:
            if item in named and kind == "country concentration":
                found.setdefault("all that it speaks of", set()).add(country or home.get(supplier, ""))
            elif item in named:
                found.setdefault(f"item '{item}'", set()).add(supplier)
        word = ("country", "countries") if kind == "country concentration" else ("supplier", "suppliers")
        for what, by in found.items():
            if len(by) < fewest - 1e-6:
                message = (
                    f"{what} has offers from {len(by)} {word[len(by) != 1]}; the rule needs {np.ceil(fewest - 1e-6):g}."
                )
                yield Fault(table, i, message, "Narrow the scope, or add offers.", ("kind", "scope", "low", "high"))


@check("no-value", Contract, Country)
def contracts_have_a_value(facts: Facts) -> Iterator[Fault]:
    """Where a rule limits shares of the value of contracts, a contract has a price."""
    table = facts[Rule]
    for i in np.flatnonzero(table.kind == SUBCONTRACT).tolist():
        if not (facts[Contract].unit_price > 0).any():
            message = "a share of the value of contracts is limited, but no contract has a unit_price."
            yield Fault(table, i, message, "", ("kind",))


CHECKS = (
    shares_speak_of_what_they_measure,
    bands_of_partners_meet,
    partners_can_add_value,
    there_are_sources_enough,
    contracts_have_a_value,
)


def _items(facts: Facts) -> dict[str, list[str]]:
    """Return the items that a name stands for: the item itself, or those with the group."""
    table = facts[Item]
    found: dict[str, list[str]] = {str(i): [str(i)] for i in table.item}
    for item, groups in zip(table.item.tolist(), table.groups.tolist(), strict=True):
        for group in groups:
            found.setdefault(group, []).append(item)
    return found
