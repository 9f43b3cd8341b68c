"""Which goods can come from where, and are wanted where: the nodes of the network."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Demand, Item, Lane, Offer, OpenOrder, Operation, Site, Stock, StockPolicy, Supplier
from tandemplan.network.demands import items_and_customers

Node = tuple[str, str]  # item, site


@dataclass(frozen=True)
class Way:
    """A way for purchases: offer row, lane row (-1: the supplier delivers), site."""

    offer: int
    lane: int
    site: str


@dataclass(frozen=True)
class Places:
    """Nodes in a fixed order, and the ways between them that can matter.

    `routes` are (item, site, alternative), `ways` purchase ways, `moves` (lane row, item).
    """

    nodes: tuple[Node, ...]
    routes: tuple[tuple[str, str, str], ...]
    ways: tuple[Way, ...]
    moves: tuple[tuple[int, str], ...]


def site_names(programme: Programme) -> tuple[str, ...]:
    """Return the sites, or the one site without a name of a programme that has none."""
    return tuple(programme[Site].site) or ("",)


def only_site(programme: Programme) -> str:
    """Return what a blank site means: the only site, if there is one."""
    sites = site_names(programme)
    return sites[0] if len(sites) == 1 else ""


def places_of(programme: Programme) -> Places:
    """Return the nodes where an item can come to be and is wanted, and the ways between them."""
    routes = _routes(programme)
    components = _components(programme)
    ways = _ways(programme)
    lanes = _site_lanes(programme)
    items = programme[Item]
    hazard = dict(zip(items.item, items.hazard, strict=True))
    carried = {k: allowed for k, (_, _, allowed) in lanes.items()}
    present = _present(programme)
    supplied = _supplied(present, routes, components, ways, lanes, hazard, programme)
    wanted = _wanted(programme, routes, components, lanes, hazard, supplied)
    nodes = tuple(sorted((wanted & supplied) | present | _demand_nodes(programme) | _policy_nodes(programme)))
    inside = set(nodes)
    kept_routes = tuple(r for r in routes if (r[0], r[1]) in wanted and all((c, r[1]) in inside for c in components[r[0], r[2]]))
    offers = programme[Offer]
    kept_ways = tuple(w for w in ways if (offers.item[w.offer], w.site) in wanted)
    moves = tuple(
        (lane, item)
        for lane, (origin, to, _) in lanes.items()
        for item, site in nodes
        if site == to and (item, site) in wanted and (item, origin) in inside and (carried[lane] or not hazard[item])
    )
    return Places(nodes, kept_routes, kept_ways, moves)


def _routes(programme: Programme) -> list[tuple[str, str, str]]:
    operations, bom = programme[Operation], programme[BomLine]
    site = only_site(programme)
    bills: dict[str, set[str]] = defaultdict(set)
    for parent, alternative in zip(bom.parent, bom.alternative, strict=True):
        bills[parent].add(alternative)
    made = {(i, s or site) for i, s, w in zip(operations.item, operations.site, operations.when, strict=True) if w == "make"}
    return sorted((i, s, a) for i, s in made for a in (bills[i] or {""}))


def _components(programme: Programme) -> dict[tuple[str, str], set[str]]:
    bom = programme[BomLine]
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for parent, alternative, component in zip(bom.parent, bom.alternative, bom.component, strict=True):
        found[parent, alternative].add(component)
    return found


def _ways(programme: Programme) -> list[Way]:
    offers, lanes, suppliers = programme[Offer], programme[Lane], programme[Supplier]
    items = programme[Item]
    hazard = dict(zip(items.item, items.hazard, strict=True))
    country = dict(zip(suppliers.supplier, suppliers.country, strict=True))
    from_place: dict[str, list[int]] = defaultdict(list)
    for k, place in enumerate(lanes.from_place):
        from_place[place].append(k)
    found = []
    for o in range(len(offers)):
        supplier = offers.supplier[o]
        if offers.site[o]:
            found.append(Way(o, -1, offers.site[o]))
        elif not len(lanes):
            found += [Way(o, -1, s) for s in site_names(programme)]
        else:
            starts = {supplier, country.get(supplier, "")} - {""}
            usable = [k for p in sorted(starts) for k in from_place[p]]
            found += [Way(o, k, lanes.to_site[k]) for k in usable if lanes.hazard_allowed[k] or not hazard[offers.item[o]]]
    return found


def _site_lanes(programme: Programme) -> dict[int, tuple[str, str, bool]]:
    lanes = programme[Lane]
    sites = set(site_names(programme))
    return {
        k: (lanes.from_place[k], lanes.to_site[k], bool(lanes.hazard_allowed[k]))
        for k in range(len(lanes))
        if lanes.from_place[k] in sites
    }


def _present(programme: Programme) -> set[Node]:
    site = only_site(programme)
    stock, orders = programme[Stock], programme[OpenOrder]
    lying = {(i, s or site) for i, s in zip(stock.item, stock.site, strict=True)}
    return lying | {(i, s or site) for i, s in zip(orders.item, orders.site, strict=True)}


def _demand_nodes(programme: Programme) -> set[Node]:
    site = only_site(programme)
    items, _ = items_and_customers(programme)
    return {(i, s or site) for i, s in zip(items, programme[Demand].site, strict=True)}


def _policy_nodes(programme: Programme) -> set[Node]:
    site = only_site(programme)
    policies = programme[StockPolicy]
    return {(i, s or site) for i, s in zip(policies.item, policies.site, strict=True)}


def _supplied(
    present: set[Node],
    routes: list[tuple[str, str, str]],
    components: dict[tuple[str, str], set[str]],
    ways: list[Way],
    lanes: dict[int, tuple[str, str, bool]],
    hazard: dict[str, bool],
    programme: Programme,
) -> set[Node]:
    offers = programme[Offer]
    found = present | {(offers.item[w.offer], w.site) for w in ways}
    while True:
        made = {(i, s) for i, s, a in routes if all((c, s) in found for c in components[i, a])}
        at: dict[str, list[str]] = defaultdict(list)
        for item, site in found:
            at[site].append(item)
        moved = {(i, to) for o, to, ok in lanes.values() for i in at[o] if ok or not hazard[i]}
        if made | moved <= found:
            return found
        found |= made | moved


def _wanted(
    programme: Programme,
    routes: list[tuple[str, str, str]],
    components: dict[tuple[str, str], set[str]],
    lanes: dict[int, tuple[str, str, bool]],
    hazard: dict[str, bool],
    supplied: set[Node],
) -> set[Node]:
    by_item = defaultdict(list)
    for i, s, a in routes:
        by_item[i, s].append(a)
    into = defaultdict(list)
    for origin, to, ok in lanes.values():
        into[to].append((origin, ok))
    waiting = list(_demand_nodes(programme) | _policy_nodes(programme))
    found: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        found.add(node)
        item, site = node
        before = {(c, site) for a in by_item[node] for c in components[item, a]}
        before |= {(item, o) for o, ok in into[site] if ok or not hazard[item]}
        waiting += [n for n in before if n in supplied and n not in found]
    return found
