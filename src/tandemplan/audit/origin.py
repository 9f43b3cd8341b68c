"""What rules of origin ask for, read from the programme: subjects, days of evidence, windows, and what components cost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

from tandemplan.audit.days import Horizon, number, whole_days
from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    BomLine,
    Contract,
    Country,
    Demand,
    Item,
    Offer,
    OpenOrder,
    Rule,
    Stock,
    Supplier,
    Tranche,
)

WINDOW = 91  # days that a window has at most, unless one period is longer
Who = tuple[str, str]  # item, contract (blank: the item itself)
Lines = tuple[tuple[str, float], ...]
Lot = tuple[str, str, str]  # item, kind, source


@dataclass(frozen=True)
class Due:
    """What is to be shown: of a subject under a rule, by a day, over all before the day `until`, at most the share `high`."""

    rule: str
    who: Who
    day: int
    until: int
    high: float


@dataclass(frozen=True)
class Certificates:
    """Everything that the programme says of origin."""

    programme: Programme
    horizon: Horizon

    @cached_property
    def contracts(self) -> Mapping[str, Contract]:
        """Return the contracts by name."""
        return {c.contract: c for c in self.programme[Contract].rows()}

    def subjects(self, rule: Rule) -> list[Who]:
        """Return what a rule speaks of."""
        if not rule.scope:
            asked = [d.item or self.contracts[d.contract].item for d in self.programme[Demand].rows()]
            return [(i, "") for i in sorted(set(asked))]
        items = [i.item for n in rule.scope for i in self.programme[Item].rows() if n == i.item or n in i.groups]
        agreed = [(self.contracts[n].item, n) for n in rule.scope if n in self.contracts]
        return list(dict.fromkeys([*((i, "") for i in items), *agreed]))

    @cached_property
    def due(self) -> list[Due]:
        """Return what is to be shown when, of each rule and subject in the order of days."""
        found: list[Due] = []
        for rule in self.programme[Rule].rows():
            if rule.kind == "origin share" and not rule.soft and rule.high is not None:
                for who in self.subjects(rule):
                    found += self._of(rule, who)
        return found

    def _of(self, rule: Rule, who: Who) -> Iterator[Due]:
        first = -inf if rule.from_date is None else number(rule.from_date)
        after = inf if rule.to_date is None else number(rule.to_date) + 1
        days = [(min(after, self.horizon.end), 1.0), *self._tranches(who)]
        if rule.window_days is not None:
            step = whole_days(rule.window_days)
            days += [(d, 1.0) for d in range(self.horizon.start + step, self.horizon.end, step)]
        periods: dict[int, list[tuple[int, float]]] = {}
        for day, share in days:
            if first <= day <= min(after, self.horizon.end):
                periods.setdefault(bisect_right(self.horizon.cuts, day) - 1, []).append((int(day), share))
        for count in sorted(p for p in periods if p > 0):
            high = min([float(rule.high or 0.0), *(s for _, s in periods[count])])
            yield Due(rule.rule, who, max(d for d, _ in periods[count]), self.horizon.cuts[count], high)

    def _tranches(self, who: Who) -> Iterator[tuple[float, float]]:
        pools = {c.pool for c in self.contracts.values() if (c.contract == who[1] if who[1] else c.item == who[0])}
        for t in self.programme[Tranche].rows():
            mine = t.kind == "company" or (t.kind == "payer" and t.pool != "" and t.pool in pools)
            if mine and t.third_country_share is not None and not t.awaits and t.date is not None:
                yield number(t.date) - whole_days(t.evidence_days), t.third_country_share

    @cached_property
    def windows(self) -> list[int]:
        """Return the day after each window."""
        cuts, ends = self.horizon.cuts, {d.until for d in self.due} | {self.horizon.end}
        found, begin = [], cuts[0]
        for day, later in zip(cuts[1:], [*cuts[2:], inf], strict=True):
            if day in ends or later - begin > WINDOW:
                found.append(day)
                begin = day
        return found

    @cached_property
    def inside(self) -> frozenset[str]:
        """Return the items in the accounts: those that are limited, and whatever goes into them by any bill."""
        found = {d.who[0] for d in self.due}
        while True:
            more = {b.component for b in self.programme[BomLine].rows() if b.parent in found} - found
            if not more:
                return frozenset(found)
            found |= more

    @cached_property
    def limited(self) -> frozenset[Who]:
        """Return all subjects."""
        return frozenset(d.who for d in self.due)

    def own(self, item: str, contract: str = "") -> frozenset[Who]:
        """Return the subjects that a unit of an item (delivered on a contract) counts for by itself."""
        return frozenset({(item, ""), (item, contract)}) & self.limited

    @cached_property
    def bills(self) -> Mapping[tuple[str, str], list[BomLine]]:
        """Return the lines of each bill, by parent and alternative."""
        found: dict[tuple[str, str], list[BomLine]] = {}
        for b in self.programme[BomLine].rows():
            found.setdefault((b.parent, b.alternative), []).append(b)
        return found

    def lines(self, bill: tuple[str, str], day: int) -> Lines:
        """Return the components of a unit, and units of each, as the bill stands on a day."""
        there = [
            (b.component, b.quantity_units * (1 + b.scrap_share))
            for b in self.bills.get(bill, [])
            if (b.from_date is None or number(b.from_date) <= day) and (b.to_date is None or day <= number(b.to_date))
        ]
        return tuple(sorted(there))

    def first(self, bill: tuple[str, str], day: int) -> int:
        """Return the first day of the plan on which a bill stands as on a day."""
        days = {self.horizon.start}
        for b in self.bills.get(bill, []):
            days |= {number(b.from_date)} if b.from_date is not None else set()
            days |= {number(b.to_date) + 1} if b.to_date is not None else set()
        right = self.lines(bill, day)
        return min(d for d in days | {day} if self.horizon.holds(d) and self.lines(bill, d) == right)

    @cached_property
    def lots(self) -> Mapping[Lot, tuple[float, float]]:
        """Return price and share from outside of all that comes from outside the accounts."""
        found = {(o.item, "purchase", o.offer): self._by(o.item, o.offer) for o in self.offers.values()}
        for order in self.programme[OpenOrder].rows():
            price, share = self._by(order.item, order.offer)
            found[order.item, "open order", order.order] = (
                price if order.unit_price is None else order.unit_price,
                share,
            )
        for lot in self.programme[Stock].rows():
            found[lot.item, "stock", lot.offer] = self._by(lot.item, lot.offer)
        return found

    @cached_property
    def offers(self) -> Mapping[str, Offer]:
        """Return the offers by name."""
        return {o.offer: o for o in self.programme[Offer].rows()}

    def _by(self, item: str, offer: str) -> tuple[float, float]:
        if offer:
            return self.offers[offer].unit_price, self._share(self.offers[offer])
        known = [self._share(o) for o in self.offers.values() if o.item == item and o.qualified]
        standard = self.programme[Item].row(self.programme[Item].index[item,]).standard_cost
        return standard, max(known, default=1.0)

    @cached_property
    def _countries(self) -> Mapping[str, str]:
        return {s.supplier: s.country for s in self.programme[Supplier].rows()}

    @cached_property
    def _eligible(self) -> frozenset[str]:
        return frozenset(c.country for c in self.programme[Country].rows() if "eligible" in c.groups)

    def _share(self, offer: Offer) -> float:
        if offer.third_country_share is not None:
            return offer.third_country_share
        return 0.0 if (offer.origin_country or self._countries.get(offer.supplier)) in self._eligible else 1.0
