"""Supply: every item that is asked for can be had, and can get to where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tandemplan.model.checks.facts import Facts, Fault, also, check, first_rows, rows_where
from tandemplan.model.schema import (
    BomLine,
    Contract,
    Demand,
    Item,
    Lane,
    Offer,
    OpenOrder,
    Operation,
    Process,
    Row,
    Site,
    Stock,
    Supplier,
)

_SUPPLY: tuple[type[Row], ...] = (Item, BomLine, Operation, Offer, Stock, OpenOrder, Demand, Contract)
_REACH: tuple[type[Row], ...] = (*_SUPPLY, Site, Lane, Supplier)


@check("no-supply", *_SUPPLY)
def items_can_be_had(facts: Facts) -> Iterator[Fault]:
    """Every item that is demanded, or used through any level of bills in what is, is bought, made, on hand or on order.

    This is not asked where there are processes: what none of them can supply is said by the schedule.
    """
    if len(facts[Process]):
        return
    items = facts[Item]
    bom = facts[BomLine]
    bills: dict[str, list[str]] = {}
    for parent, component in zip(bom.parent.tolist(), bom.component.tolist(), strict=True):
        bills.setdefault(parent, []).append(component)
    had = {*bills, *_made(facts), *_stocked(facts), *facts[OpenOrder].item.tolist(), *facts[Offer].item.tolist()}
    for item, why in _wanted(facts, bills).items():
        if item not in had and (item,) in items.index:
            message = f"item '{item}' is {why}, but nobody can supply it."
            hint = "Add an offer, an operation that makes it, stock or an open order."
            yield Fault(items, items.index[(item,)], message, hint)


@check("no-supplier")
def offers_say_where_they_start(facts: Facts) -> Iterator[Fault]:
    """Where there are lanes, an offer names its supplier, or the site to which the supplier delivers."""
    table = facts[Offer]
    if not len(facts[Lane]):
        return
    for i, (supplier, site) in enumerate(zip(table.supplier.tolist(), table.site.tolist(), strict=True)):
        if not supplier and not site:
            message = f"offer '{table.offer[i]}' names neither a supplier nor a site, so no lane carries it."
            yield Fault(table, i, message, "Name the supplier, or the site it delivers to.", ("supplier", "site"))


@check("self-lane", Lane)
def lanes_lead_elsewhere(facts: Facts) -> Iterator[Fault]:
    """A lane leads from one place to another."""
    table = facts[Lane]
    for i, (start, end) in enumerate(zip(table.from_place.tolist(), table.to_site.tolist(), strict=True)):
        if start and start == end:
            message = f"lane '{table.lane[i]}' leads from '{start}' to itself."
            yield Fault(table, i, message, "Name two places.", ("from_place", "to_site"))


@check("offer-no-lane", *_REACH)
def offers_have_lanes(facts: Facts) -> Iterator[Fault]:
    """Where there are lanes, one leads from the supplier of each offer, or its country, unless it delivers to a site."""
    ways, table = Ways(facts), facts[Offer]
    if not len(facts[Lane]):
        return
    stuck: dict[tuple[str, str, bool], list[int]] = {}
    for i, (item, supplier, site) in enumerate(zip(table.item, table.supplier, table.site, strict=True)):
        if supplier and not site and not ways.landed(item, supplier):
            hazard = bool(ways.starts(supplier, hazard=False))
            stuck.setdefault((str(table.files[i]), supplier, hazard), []).append(i)
    for (_, supplier, hazard), (first, *rest) in stuck.items():
        country = ways.country.get(supplier, "")
        start = f"supplier '{supplier}'" + (f" or its country '{country}'" if country else " (its country is blank)")
        kind = "takes hazardous items" if hazard else "leads"
        message = f"no lane {kind} from {start}, so offer '{table.offer[first]}' reaches no site{also(table, rest)}."
        yield Fault(
            table, first, message, "Add a lane, or the site to which the supplier delivers.", ("supplier", "site")
        )


@check("no-lane", *_REACH)
def demands_can_be_reached(facts: Facts) -> Iterator[Fault]:
    """Lanes lead from where an item is bought, made, on hand or on order to each site that demands or uses it.

    Hazardous items travel only on lanes that allow them. This is not asked where there are processes.
    """
    ways = Ways(facts)
    if not len(facts[Site]) or len(facts[Process]):
        return
    yield from _unreached_demands(facts, ways)
    yield from _unreached_components(facts, ways)


CHECKS = (
    lanes_lead_elsewhere,
    items_can_be_had,
    offers_say_where_they_start,
    offers_have_lanes,
    demands_can_be_reached,
)


@dataclass(frozen=True)
class Ways:
    """Where items come to lie and where lanes take them, by name; built once for a check."""

    facts: Facts
    _memo: dict[tuple[frozenset[str], bool], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def country(self) -> Mapping[str, str]:
        """Return the country of each supplier."""
        table = self.facts[Supplier]
        return dict(zip(table.supplier.tolist(), table.country.tolist(), strict=True))

    @cached_property
    def hazardous(self) -> frozenset[str]:
        """Return the hazardous items."""
        table = self.facts[Item]
        return frozenset(table.item[table.hazard].tolist())

    @cached_property
    def lanes(self) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
        """Return the sites to which lanes lead from each place: for other items, for hazardous ones."""
        table = self.facts[Lane]
        plain: dict[str, set[str]] = {}
        hazard: dict[str, set[str]] = {}
        for start, end, allowed in zip(table.from_place, table.to_site, table.hazard_allowed, strict=True):
            if start:
                plain.setdefault(start, set()).add(end)
            if start and allowed:
                hazard.setdefault(start, set()).add(end)
        return plain, hazard

    @cached_property
    def origins(self) -> Mapping[str, frozenset[str]]:
        """Return the sites at which each item is made, on hand, on order or brought by a supplier."""
        found: dict[str, set[str]] = {}
        operations, stock, orders, offers = (self.facts[c] for c in (Operation, Stock, OpenOrder, Offer))
        for item, site, when in zip(operations.item, operations.site, operations.when, strict=True):
            if when == "make":
                found.setdefault(item, set()).add(site)
        for item, site in (*zip(stock.item, stock.site, strict=True), *zip(orders.item, orders.site, strict=True)):
            found.setdefault(item, set()).add(site)
        for item, supplier, site in zip(offers.item, offers.supplier, offers.site, strict=True):
            found.setdefault(item, set()).update({site} if site else self.landed(item, supplier))
        return {item: frozenset(sites) - {""} for item, sites in found.items()}

    def starts(self, supplier: str, *, hazard: bool) -> set[str]:
        """Return the sites to which lanes lead from a supplier or its country."""
        lanes = self.lanes[int(hazard)]
        return lanes.get(supplier, set()) | lanes.get(self.country.get(supplier, ""), set())

    def landed(self, item: str, supplier: str) -> set[str]:
        """Return the sites that an item from a supplier comes to first; without lanes, all sites."""
        if not len(self.facts[Lane]):
            return set(self.facts.names["sites"])
        return self.starts(supplier, hazard=item in self.hazardous)

    def reached(self, item: str) -> frozenset[str]:
        """Return the sites that an item can get to, by any number of lanes."""
        hazard = item in self.hazardous
        origins = self.origins.get(item, frozenset())
        if (origins, hazard) not in self._memo:
            lanes, seen, waiting = self.lanes[int(hazard)], set(origins), list(origins)
            while waiting:
                new = lanes.get(waiting.pop(), set()) - seen
                seen |= new
                waiting += new
            self._memo[origins, hazard] = frozenset(seen)
        return self._memo[origins, hazard]


def _unreached_demands(facts: Facts, ways: Ways) -> Iterator[Fault]:
    demands, contracts = facts[Demand], facts[Contract]
    agreed = dict(zip(contracts.contract.tolist(), contracts.item.tolist(), strict=True))
    lost: dict[tuple[str, str, str], list[int]] = {}
    asked = list(zip(demands.item.tolist(), demands.contract.tolist(), demands.site.tolist(), strict=True))

    def unreached(key: tuple[str, str, str]) -> bool:
        item, contract, site = key
        reached = ways.reached(item or agreed.get(contract, ""))
        return bool(site and reached and site not in reached)

    for i in rows_where(asked, unreached):
        item, contract, site = asked[i]
        lost.setdefault((str(demands.files[i]), item or agreed.get(contract, ""), site), []).append(i)
    for (_, item, site), (first, *rest) in lost.items():
        start = ", ".join(sorted(ways.origins[item]))
        message = (
            f"no lane brings item '{item}' to site '{site}' from where it can be had ({start}){also(demands, rest)}."
        )
        yield Fault(demands, first, message, _lane_hint(ways, item), ("item", "site", "contract"))


def _unreached_components(facts: Facts, ways: Ways) -> Iterator[Fault]:
    bom, operations = facts[BomLine], facts[Operation]
    made: dict[str, set[str]] = {}
    for item, site, when in zip(operations.item, operations.site, operations.when, strict=True):
        if when == "make" and site:
            made.setdefault(item, set()).add(site)
    for i, (parent, component) in enumerate(zip(bom.parent.tolist(), bom.component.tolist(), strict=True)):
        reached, wanted = ways.reached(component), made.get(parent, set())
        if reached and wanted and not reached & wanted:
            start, where = ", ".join(sorted(ways.origins[component])), ", ".join(sorted(wanted))
            message = f"no lane brings component '{component}' from {start} to {where}, where '{parent}' is made."
            yield Fault(bom, i, message, _lane_hint(ways, component), ("parent", "component"))


def _lane_hint(ways: Ways, item: str) -> str:
    return "Add a lane on which hazardous items may travel." if item in ways.hazardous else "Add a lane."


def _made(facts: Facts) -> set[str]:
    table = facts[Operation]
    return {item for item, when in zip(table.item.tolist(), table.when.tolist(), strict=True) if when == "make"}


def _stocked(facts: Facts) -> set[str]:
    """Return the items on hand; a quantity that could not be read counts."""
    table = facts[Stock]
    return {item for item, units in zip(table.item.tolist(), table.quantity_units.tolist(), strict=True) if units != 0}


def _wanted(facts: Facts, bills: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the items that demands need at any level, each with the reason in words."""
    demands, contracts = facts[Demand], facts[Contract]
    agreed = dict(zip(contracts.contract.tolist(), contracts.item.tolist(), strict=True))
    wanted: dict[str, str] = {}
    for (item, contract), i in first_rows(zip(demands.item.tolist(), demands.contract.tolist(), strict=True)).items():
        file, line = demands.place(i)
        wanted.setdefault(item or agreed.get(contract, ""), f"demanded ({file}:{line})")
    waiting = list(wanted)
    while waiting:
        parent = waiting.pop()
        for component in bills.get(parent, ()):
            if component not in wanted:
                wanted[component] = f"used in '{parent}'"
                waiting.append(component)
    return wanted
