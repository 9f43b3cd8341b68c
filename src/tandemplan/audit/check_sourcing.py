"""Sourcing: what is bought by each offer is summed up again, and hard rules on sources, subcontractors and countries are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tandemplan.audit.book import Book, Line
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.equations import ROUNDING, Sums, equal, equal_money, equal_text
from tandemplan.audit.findings import Finding, shown
from tandemplan.model.schema import Country, Item, Offer, Rule, Supplier
from tandemplan.results.shape import PURCHASES
from tandemplan.results.share_shapes import SOURCING, SOURCING_RULES

Parts = Mapping[str, Sums]  # what is bought from each source
FEWEST, COUNTRIES, SUBCONTRACT = "fewest sources", "country concentration", "subcontract share"
KINDS = ("source share", FEWEST, COUNTRIES, SUBCONTRACT)


@dataclass(frozen=True)
class Measured:
    """A rule on sourcing, and what is bought of its subject from each source; shares are of `whole`."""

    rule: Rule
    parts: Parts
    whole: float

    @property
    def limit(self) -> float:
        """Return the number that the rule names."""
        return float((self.rule.low if self.rule.kind == FEWEST else self.rule.high) or 0.0)

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """Return the share of each source."""
        return {name: part.total / self.whole for name, part in self.parts.items()}

    @property
    def value(self) -> float:
        """Return what the rule limits."""
        shares = self.shares.values()
        if self.rule.kind == FEWEST:
            return float(sum(share > 0 for share in shares))
        return sum(s * s for s in shares) if self.rule.kind == COUNTRIES else max(shares)

    @property
    def near(self) -> float:
        """Return how far from its value rounded rows may leave it."""
        loose = sum(p.allowed for p in self.parts.values())
        if self.rule.kind == FEWEST:  # a source of which tables print nothing
            return self.limit if 0.01 * self.whole <= loose * self.limit else 0.0
        return 2 * loose / self.whole

    @property
    def margin(self) -> float:
        """Return how far the value is inside the limit."""
        return self.value - self.limit if self.rule.kind == FEWEST else self.limit - self.value


def check_sourcing(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with what is bought from whom."""
    bought = _Bought(book)
    said = [(r.line, r.offer) for r in book.rows(SOURCING)]
    yield from each_once("sourcing", "offer", said, dict.fromkeys(bought.units))
    for r in book.rows(SOURCING):
        if r.offer in bought.units:
            yield from _offer(r, bought)
    right = {(m.rule.rule, subject): m for m, subject in _measured(bought)}
    named = [(r.line, _key(r.rule, r.subject)) for r in book.rows(SOURCING_RULES)]
    yield from each_once("sourcing_rules", "subject", named, {_key(*k): None for k in right})
    for r in book.rows(SOURCING_RULES):
        if (r.rule, r.subject) in right:
            yield from _rule(r, right[r.rule, r.subject])


def _key(rule: str, subject: str) -> str:
    return f"{subject} under {rule}" if subject else rule


class _Bought:
    """What the run buys by each offer, in units and money."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.offers = {o.offer: o for o in book.programme[Offer].rows()}
        self.suppliers = {s.supplier: s for s in book.programme[Supplier].rows()}
        self.units: dict[str, Sums] = defaultdict(Sums)
        self.cost: dict[str, Sums] = defaultdict(Sums)
        for r in book.rows(PURCHASES):
            if r.offer in self.offers and r.accepted > 0:
                self.units[r.offer].add(r.accepted, 1.0)
                self.cost[r.offer].add(r.cost, self.offers[r.offer].unit_price + 1e-2 / ROUNDING)

    def country(self, offer: Offer) -> str:
        """Return the country that an offer comes from."""
        seller = self.suppliers.get(offer.supplier)
        return offer.origin_country or (seller.country if seller is not None else "")

    def by(self, key: Mapping[str, str], *, money: bool) -> dict[str, Sums]:
        """Return what is bought by the name that `key` gives to some offers."""
        found: dict[str, Sums] = defaultdict(Sums)
        for offer, sums in (self.cost if money else self.units).items():
            if offer in key:
                mine = found[key[offer]]
                mine.add(sums.total)
                mine.rounding += sums.allowed
        return {name: part for name, part in found.items() if part.total > 0}


def _offer(r: Line, bought: _Bought) -> Iterator[Finding]:
    where, offer = ("sourcing", r.line, f"offer '{r.offer}'"), bought.offers[r.offer]
    units = bought.units[r.offer]
    for column, right in (("item", offer.item), ("supplier", offer.supplier), ("country", bought.country(offer))):
        yield from equal_text(where, column, getattr(r, column), right)
    yield from equal(where, "units", r.units, units.total)
    yield from equal_money(where, "cost", r.cost, bought.cost[r.offer].total)
    whole = sum(s.total for o, s in bought.units.items() if bought.offers[o].item == offer.item)
    yield from equal(where, "share", r.share, units.total / whole)


def _measured(bought: _Bought) -> Iterator[tuple[Measured, str]]:
    """Yield each rule with each of its subjects of which anything is bought."""
    programme, offers = bought.book.programme, bought.offers
    eligible = {c.country for c in programme[Country].rows() if "eligible" in c.groups}
    outside = {s.supplier for s in bought.suppliers.values() if s.country not in eligible}
    value = sum(w.price * w.quantity for w in bought.book.wanted.values())
    for rule in programme[Rule].rows():
        if rule.kind == SUBCONTRACT and value > 0:
            parts = bought.by({o: f.supplier for o, f in offers.items() if f.supplier in outside}, money=True)
            yield from ((Measured(rule, {name: part}, value), name) for name, part in parts.items())
        elif rule.kind in KINDS[:3]:
            named = {i.item for i in programme[Item].rows() if not rule.scope or {i.item, *i.groups} & set(rule.scope)}
            mine = {o: f for o, f in offers.items() if f.item in named}
            if rule.kind == COUNTRIES:
                yield from _one(rule, bought.by({o: bought.country(f) for o, f in mine.items()}, money=True), "")
            else:
                for item in sorted({f.item for f in mine.values()}):
                    of = {o: f.supplier for o, f in mine.items() if f.item == item}
                    yield from _one(rule, bought.by(of, money=False), item)


def _one(rule: Rule, parts: Parts, subject: str) -> Iterator[tuple[Measured, str]]:
    whole = sum(p.total for p in parts.values())
    if whole > 0:
        yield Measured(rule, parts, whole), subject


def _rule(r: Line, right: Measured) -> Iterator[Finding]:
    where = ("sourcing_rules", r.line, f"rule '{r.rule}'{f' for {r.subject!r}' if r.subject else ''}")
    yield from equal_text(where, "kind", r.kind, right.rule.kind)
    yield from equal_text(where, "soft", r.soft, right.rule.soft)
    most = max(right.shares.values())
    if not abs(right.shares.get(r.source, -1.0) - most) <= right.near:
        largest = max(right.shares, key=lambda s: right.shares[s])
        yield from equal_text(where, "source", r.source, largest)
    yield from equal(where, "share", r.share, most)
    yield from equal(where, "value", r.value, right.value)
    yield from equal(where, "limit", r.limit, right.limit)
    yield from equal(where, "margin", r.margin, right.margin)
    if not right.rule.soft and right.margin < -right.near - 1e-6:
        message = f"{where[2]}: {right.rule.kind} is {shown(right.value)}, but the limit is {right.limit:g}."
        yield Finding("sourcing_rules", r.line, "margin", "sourcing-rules-limit", message, -right.margin)
