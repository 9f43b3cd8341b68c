"""Which goods can come from where, and are wanted where: the nodes of the network."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    BomLine,
    Demand,
    Item,
    Lane,
    Offer,
    OpenOrder,
    Operation,
    Site,
    Stock,
    StockPolicy,
    Supplier,
)
from tandemplan.network.demands import items_and_customers
from tandemplan.network.gates import BOUGHT, MONEY, gates_of

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


@dataclass(frozen=True)
class _Ground:
    """What is known before nodes are chosen: every route, its components, every way and site-to-site lane."""

    routes: tuple[tuple[str, str, str], ...]
    components: dict[tuple[str, str], set[str]]
    ways: tuple[Way, ...]
    lanes: dict[int, tuple[str, str, bool]]  # lane row: from, to, hazard allowed
    hazard: dict[str, bool]


def places_of(programme: Programme) -> Places:
    """Return the nodes where an item can come to be and is wanted, and the ways between them."""
    items, offers = programme[Item], programme[Offer]
    ground = _Ground(
        routes=tuple(routes_of(programme)),
        components=_components(programme),
        ways=tuple(_ways(programme)),
        lanes=_site_lanes(programme),
        hazard=dict(zip(items.item, items.hazard, strict=True)),
    )
    present, asked = _present(programme), _demand_nodes(programme) | _policy_nodes(programme)
    supplied = _supplied(present | {(offers.item[w.offer], w.site) for w in ground.ways}, ground)
    wanted = _wanted(asked | _gated(programme, ground), supplied, ground)
    nodes = tuple(sorted((wanted & supplied) | present | asked))
    inside = set(nodes)
    parts = ground.components
    moves = tuple(
        (lane, item)
        for lane, (origin, to, allowed) in ground.lanes.items()
        for item, site in nodes
        if site == to and (item, site) in wanted and (item, origin) in inside and (allowed or not ground.hazard[item])
    )
    return Places(
        nodes=nodes,
        routes=tuple(
            r for r in ground.routes if (r[0], r[1]) in wanted and all((c, r[1]) in inside for c in parts[r[0], r[2]])
        ),
        ways=tuple(w for w in ground.ways if (offers.item[w.offer], w.site) in wanted),
        moves=moves,
    )


def routes_of(programme: Programme) -> list[tuple[str, str, str]]:
    """Return every way to make something: item, site, alternative of its bills (blank: it has no bill, or one without a name)."""
    operations, bom = programme[Operation], programme[BomLine]
    site = only_site(programme)
    bills: dict[str, set[str]] = defaultdict(set)
    for parent, alternative in zip(bom.parent, bom.alternative, strict=True):
        bills[parent].add(alternative)
    steps: dict[Node, set[str]] = defaultdict(set)
    for k in range(len(operations)):
        if operations.when[k] == "make":
            steps[operations.item[k], operations.site[k] or site].add(operations.alternative[k])
    return sorted((i, s, a) for (i, s), found in steps.items() for a in (bills[i] or {""}) if found & {"", a})


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
            found += [
                Way(o, k, lanes.to_site[k]) for k in usable if lanes.hazard_allowed[k] or not hazard[offers.item[o]]
            ]
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


def _gated(programme: Programme, ground: _Ground) -> set[Node]:
    """Return where items can be made, or offers send, that a task needs before it ends."""
    needs = [need for gate in gates_of(programme) for need in gate.needs]
    bought = {need.name for need in needs if need.what == BOUGHT}
    items, offers = {need.name for need in needs if need.what not in (BOUGHT, MONEY)}, programme[Offer]
    sent = {(offers.item[w.offer], w.site) for w in ground.ways if offers.offer[w.offer] in bought}
    return sent | {(i, s) for i, s, _ in ground.routes if i in items}


def _supplied(at_once: set[Node], ground: _Ground) -> set[Node]:
    """Return the nodes that goods can reach, from those they reach `at_once` by purchase or lie at."""
    found = set(at_once)
    while True:
        made = {(i, s) for i, s, a in ground.routes if all((c, s) in found for c in ground.components[i, a])}
        at: dict[str, list[str]] = defaultdict(list)
        for item, site in found:
            at[site].append(item)
        moved = {(i, to) for o, to, ok in ground.lanes.values() for i in at[o] if ok or not ground.hazard[i]}
        if made | moved <= found:
            return found
        found |= made | moved


def _wanted(asked: set[Node], supplied: set[Node], ground: _Ground) -> set[Node]:
    """Return the nodes whose goods can end up where they are asked for."""
    alternatives = defaultdict(list)
    for i, s, a in ground.routes:
        alternatives[i, s].append(a)
    into = defaultdict(list)
    for origin, to, ok in ground.lanes.values():
        into[to].append((origin, ok))
    waiting = list(asked)
    found: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        found.add(node)
        item, site = node
        before = {(c, site) for a in alternatives[node] for c in ground.components[item, a]}
        before |= {(item, o) for o, ok in into[site] if ok or not ground.hazard[item]}
        waiting += [n for n in before if n in supplied and n not in found]
    return found
