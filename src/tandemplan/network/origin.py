"""Where what is inside products comes from: sources and bills of all that rules of origin speak of, as arrays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.calendar import Periods
from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Contract, Country, Item, Offer, OpenOrder, Rule, Stock, Supplier
from tandemplan.network.network import Network, arrivals
from tandemplan.network.openings import NEVER
from tandemplan.network.windows import KIND, Evidence, Subject, evidence_of, windows_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Group = frozenset[Subject]  # what a unit counts for
NOTHING: Group = frozenset()
ELIGIBLE = "eligible"


@dataclass(frozen=True)
class Source:
    """Where units of an item come from outside: `kind` is purchase, open order or stock, `name` the offer or order (blank: none).

    A unit costs `price`, of which the `share` comes from outside the eligible group.
    """

    item: str
    kind: str
    name: str
    price: float
    share: float


@dataclass(frozen=True)
class Recipe:
    """A bill as it stands, first on the day `first` of the plan: components with units of each for one unit of the item."""

    item: str
    alternative: str
    lines: tuple[tuple[str, float], ...]
    first: int

    @property
    def name(self) -> str:
        """Return the bill as the user reads it: item, alternative."""
        return f"{self.item}|{self.alternative}" if self.alternative else self.item


@dataclass(frozen=True, eq=False)
class Origin:
    """The accounts of origin.

    A content is an item inside units that count for a group of subjects: `item[c]`, `group[c]`. Lots are the `sources`, then the
    `recipes`. A part is a lot that may be in a content: `part_lot`, `part_content`. A unit of part `line_part[k]` (a bill) has
    `line_units[k]` units of content `line_content[k]` inside it.
    `window` (periods) is the window of each period, `last` the last period of each. `supply` (sources x windows) are units on hand and on order.
    `way_source` (ways) and `recipe_of` (routes x periods) are lots of what is bought and made (-1: not in the accounts). `delivered` (demands) and `used`
    (lines of bills in `network.making`) are the contents of what leaves the accounts (-1: it does not).
    """

    evidence: tuple[Evidence, ...]
    last: Ints
    window: Ints
    item: tuple[str, ...]
    group: tuple[Group, ...]
    sources: tuple[Source, ...]
    recipes: tuple[Recipe, ...]
    supply: Floats
    way_source: Ints
    recipe_of: Ints
    part_lot: Ints
    part_content: Ints
    line_part: Ints
    line_content: Ints
    line_units: Floats
    delivered: Ints
    used: Ints

    @property
    def content_names(self) -> tuple[str, ...]:
        """Return contents as the user reads them: the item, and what it counts for."""
        return tuple(
            f"{i} for {counted_for(g)}" if g else f"{i} for others" for i, g in zip(self.item, self.group, strict=True)
        )

    @property
    def lot_names(self) -> tuple[str, ...]:
        """Return lots as the user reads them."""
        bought = [f"{s.kind} {s.name}" if s.name else f"{s.kind} of {s.item}" for s in self.sources]
        return (*bought, *(f"bill {r.name} of day {r.first}" for r in self.recipes))

    @property
    def part_names(self) -> tuple[str, ...]:
        """Return parts as the user reads them: the lot, and the content that it is in."""
        lots, contents = self.lot_names, [counted_for(g) or "others" for g in self.group]
        return tuple(f"{lots[k]} for {contents[c]}" for k, c in zip(self.part_lot, self.part_content, strict=True))

    @property
    def price(self) -> Floats:
        """Return what a unit of each part costs by itself: nothing where it is made."""
        return np.array([*(s.price for s in self.sources), *(0.0 for _ in self.recipes)])[self.part_lot]

    @property
    def share(self) -> Floats:
        """Return the share of each part's cost that is from outside."""
        return np.array([*(s.share for s in self.sources), *(0.0 for _ in self.recipes)])[self.part_lot]

    def inside(self, subject: Subject) -> NDArray[np.bool_]:
        """Return which parts count for a subject."""
        return np.array([subject in self.group[c] for c in self.part_content.tolist()], dtype=bool)


def counted_for(group: Group) -> str:
    """Return what a unit counts for, in words.

    >>> counted_for(frozenset({Subject("X"), Subject("X", "C1")}))
    'X; contract C1'
    """
    return "; ".join(str(s) for s in sorted(group))


def origin_of(network: Network) -> Origin | None:
    """Return the accounts of origin of a programme, or None where no rule asks for them. `docs/semantics.md`, Origin."""
    evidence = evidence_of(network.programme, network.periods)
    if not evidence:
        return None
    last = windows_of(network.periods, evidence)
    window = np.searchsorted(last, np.arange(len(network.periods)))
    subjects = {e.subject for e in evidence}
    inside = items_below(network.programme, {s.item for s in subjects})
    recipes, recipe_of = _recipes(network, inside)
    sources, supply, way_source = _sources(network, inside, window)
    delivered, used = _leaving(network, inside, subjects)
    roots = sorted({c for c in [*delivered, *used] if c is not None}, key=_by_name)
    contents, lines = _explode(roots, recipes, {s.item for s in subjects if not s.contract})
    number = {c: k for k, c in enumerate(contents)}
    lots = defaultdict(list)
    for k, item in enumerate([s.item for s in sources] + [r.item for r in recipes]):
        lots[item].append(k)
    parts = [(k, c) for c, (item, _) in enumerate(contents) for k in lots[item]]
    part = {p: n for n, p in enumerate(parts)}
    held = [(part[len(sources) + r, number[above]], number[below], units) for r, above, below, units in lines]
    return Origin(
        evidence=tuple(evidence), last=last, window=window,
        item=tuple(i for i, _ in contents), group=tuple(g for _, g in contents),
        sources=tuple(sources), recipes=tuple(recipes), supply=supply,
        way_source=way_source, recipe_of=np.where(recipe_of >= 0, recipe_of + len(sources), -1),
        part_lot=ints(k for k, _ in parts), part_content=ints(c for _, c in parts),
        line_part=ints(p for p, _, _ in held), line_content=ints(c for _, c, _ in held),
        line_units=np.array([u for _, _, u in held]),
        delivered=ints(-1 if c is None else number[c] for c in delivered),
        used=ints(-1 if c is None else number[c] for c in used),
    )  # fmt: skip


def without_origin(network: Network) -> Network:
    """Return the network of a programme whose rules of origin are no limits."""
    rules = network.programme[Rule]
    soft = rules.with_column("soft", rules.soft | (rules.kind == KIND))
    return replace(network, programme=network.programme.replace(soft))


def outside_shares(programme: Programme) -> Floats:
    """Return the share of the price of each offer that comes from outside."""
    prices = _Prices(programme)
    return np.array([prices.share(k) for k in range(len(programme[Offer]))], dtype=np.float64)


def lots_there(network: Network, origin: Origin) -> NDArray[np.bool_]:
    """Return where some of a lot may have come by the end of a window (lots x periods; windows stand at their last periods)."""
    come = np.zeros((len(origin.sources) + len(origin.recipes), len(origin.last)), dtype=bool)
    come[: len(origin.sources)] = origin.supply > 0
    way, period = np.nonzero((network.buying.release >= 0) & (origin.way_source >= 0)[:, None])
    come[origin.way_source[way], origin.window[period]] = True
    route, period = np.nonzero(network.making.open & (origin.recipe_of >= 0))
    come[origin.recipe_of[route, period], origin.window[period]] = True
    there = np.zeros((len(come), len(network.periods)), dtype=bool)
    there[:, origin.last] = np.logical_or.accumulate(come, axis=1)
    return there


Content = tuple[str, Group]


def _by_name(content: Content) -> tuple[str, list[Subject]]:
    return content[0], sorted(content[1])


def items_below(programme: Programme, items: set[str]) -> set[str]:
    """Return items and all that goes into them by any bill."""
    into, bom = defaultdict(set), programme[BomLine]
    for parent, component in zip(bom.parent.tolist(), bom.component.tolist(), strict=True):
        into[parent].add(component)
    found, waiting = set(items), sorted(items)
    while waiting:
        new = into[waiting.pop()] - found
        found |= new
        waiting += sorted(new)
    return found


def _recipes(network: Network, inside: set[str]) -> tuple[list[Recipe], Ints]:
    """Return the bills of items in the accounts as they stand on days of production, and which of them each start follows (routes x periods)."""
    found: dict[Recipe, list[tuple[int, NDArray[np.bool_]]]] = defaultdict(list)
    for r, (item, _, alternative) in enumerate(network.places.routes):
        if item in inside:
            cuts, standing = bill_versions(network.programme, network.periods, item, alternative)
            segment = np.searchsorted(cuts, network.day[network.route_node[r]], side="right") - 1
            for k in np.unique(segment[network.making.open[r]]).tolist():
                found[standing[k]].append((r, network.making.open[r] & (segment == k)))
    order = sorted(found, key=lambda b: (b.item, b.alternative, b.first))
    of = np.full(network.making.open.shape, -1, dtype=np.int64)
    for k, recipe in enumerate(order):
        for r, there in found[recipe]:
            of[r, there] = k
    return order, of


def bill_versions(programme: Programme, periods: Periods, item: str, alternative: str) -> tuple[Ints, list[Recipe]]:
    """Return the days on which a bill changes, the plan's first day being one, and the bill as it stands from each of them on."""
    bom = programme[BomLine]
    rows = np.flatnonzero((bom.parent == item) & (bom.alternative == alternative))
    begin = periods.numbers(bom.from_date[rows], -NEVER)
    end = periods.numbers(bom.to_date[rows], NEVER) + 1
    cuts = np.unique(np.clip([0, *begin, *end], 0, periods.days))
    units = bom.quantity_units[rows] * (1 + bom.scrap_share[rows])
    first: dict[tuple[tuple[str, float], ...], int] = {}
    standing = []
    for day in cuts.tolist():
        there = (begin <= day) & (day < end)
        lines = tuple(sorted(zip(bom.component[rows][there].tolist(), units[there].tolist(), strict=True)))
        standing.append(Recipe(item, alternative, lines, first.setdefault(lines, day)))
    return cuts, standing


def _sources(network: Network, inside: set[str], window: Ints) -> tuple[list[Source], Floats, Ints]:
    """Return what comes from outside: offers, open orders, stock; units of the last two by window; and the source of each way."""
    programme, count = network.programme, int(window.max()) + 1
    offers, prices = programme[Offer], _Prices(programme)
    found: dict[Source, Floats] = {}
    way_source = np.full(len(network.places.ways), -1, dtype=np.int64)
    for k in sorted({w.offer for w in network.places.ways if offers.item[w.offer] in inside}):
        source = Source(str(offers.item[k]), "purchase", str(offers.offer[k]), *prices.of(offers.item[k], k))
        way_source[[n for n, w in enumerate(network.places.ways) if w.offer == k]] = len(found)
        found[source] = np.zeros(count)
    orders = programme[OpenOrder].rows()
    for order, period in zip(orders, arrivals(network)[1].tolist(), strict=True):
        if order.item in inside and period < len(window):
            own, share = prices.of(order.item, prices.row(order.offer))
            price = own if order.unit_price is None else order.unit_price
            supply = found.setdefault(Source(order.item, "open order", order.order, price, share), np.zeros(count))
            supply[window[period]] += order.quantity_units
    for lot in programme[Stock].rows():
        if lot.item in inside:
            source = Source(lot.item, "stock", lot.offer, *prices.of(lot.item, prices.row(lot.offer)))
            found.setdefault(source, np.zeros(count))[0] += lot.quantity_units
    return list(found), np.array(list(found.values())).reshape(len(found), count), way_source


class _Prices:
    """Looks up price and outside share of what an offer sells, or of an item whose offer is not known."""

    def __init__(self, programme: Programme) -> None:
        self.offers = programme[Offer]
        suppliers, countries, items = programme[Supplier], programme[Country], programme[Item]
        self.rows = {str(o): k for k, o in enumerate(self.offers.offer)}
        self.country = dict(zip(suppliers.supplier.tolist(), suppliers.country.tolist(), strict=True))
        self.eligible = {c for c, g in zip(countries.country, countries.groups, strict=True) if ELIGIBLE in g}
        self.standard = dict(zip(items.item.tolist(), items.standard_cost.tolist(), strict=True))

    def row(self, offer: str) -> int:
        """Return the row of an offer (-1: none)."""
        return self.rows.get(offer, -1)

    def of(self, item: str, offer: int) -> tuple[float, float]:
        """Return price and share of a unit by an offer (-1: not known)."""
        if offer >= 0:
            return float(self.offers.unit_price[offer]), self.share(offer)
        known = np.flatnonzero((self.offers.item == item) & self.offers.qualified).tolist()
        return float(self.standard[item]), max((self.share(k) for k in known), default=1.0)

    def share(self, offer: int) -> float:
        """Return the share of the price of an offer that comes from outside."""
        told = float(self.offers.third_country_share[offer])
        country = self.offers.origin_country[offer] or self.country.get(self.offers.supplier[offer], "")
        return (0.0 if country in self.eligible else 1.0) if np.isnan(told) else told


def _leaving(
    network: Network, inside: set[str], subjects: set[Subject]
) -> tuple[list[Content | None], list[Content | None]]:
    """Return what leaves the accounts by each demand, and by each line of a bill (None: nothing)."""
    items = {s.item for s in subjects if not s.contract}
    contracts = np.append(network.programme[Contract].contract, "")[network.demands.contract].tolist()
    delivered: list[Content | None] = []
    for item, contract in zip(network.demands.items, contracts, strict=True):
        own = {Subject(item, contract)} & subjects | ({Subject(item)} if item in items else set())
        delivered.append((item, frozenset(own)) if item in inside else None)
    routes, making = network.places.routes, network.making
    used: list[Content | None] = [
        (c, frozenset({Subject(c)} & subjects)) if c in inside and routes[r][0] not in inside else None
        for r, c in zip(making.use_route.tolist(), making.use_item, strict=True)
    ]
    return delivered, used


def _explode(
    roots: list[Content], recipes: list[Recipe], items: set[str]
) -> tuple[list[Content], list[tuple[int, Content, Content, float]]]:
    """Return all contents, those of roots first, and what a unit made by a bill holds: recipe, content, content inside it, units."""
    bills = defaultdict(list)
    for k, recipe in enumerate(recipes):
        bills[recipe.item].append(k)
    found, lines = dict.fromkeys(roots), []
    waiting = list(roots)
    while waiting:
        item, group = above = waiting.pop(0)
        for k in bills[item]:
            for component, units in recipes[k].lines:
                below = (component, group | {Subject(component)} if component in items else group)
                lines.append((k, above, below, units))
                if below not in found:
                    found[below] = None
                    waiting.append(below)
    return list(found), lines
