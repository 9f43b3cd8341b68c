"""The cheapest material of a product, sought by weighing cost from outside: what each item costs at least is summed up level by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tandemplan.audit.book import Book
from tandemplan.audit.days import number
from tandemplan.audit.origin import Certificates, Lines

DUST = 1e-9  # share by which a limit may be missed, and within which two sums are the same, through rounding
Amounts = tuple[float, float]  # what a unit costs, and what of that is from outside


@dataclass(frozen=True)
class Materials:
    """What may be inside a unit of a product: amounts of offers of each item, and bills of each, components before what holds them."""

    product: str
    offers: Mapping[str, list[Amounts]]
    bills: Mapping[str, list[Lines]]

    def cheapest(self, cost: float, outside: float) -> Amounts | None:
        """Return the amounts of a unit for which `cost` x cost + `outside` x cost from outside is least; None where there is no material."""
        best: dict[str, Amounts] = {}
        for item, bills in self.bills.items():
            ways = [*self.offers.get(item, ())]
            for lines in bills:
                if all(c in best for c, _ in lines):
                    ways.append((sum(best[c][0] * u for c, u in lines), sum(best[c][1] * u for c, u in lines)))
            if ways:
                best[item] = min(ways, key=lambda w: cost * w[0] + outside * w[1])
        return best.get(self.product)

    def least_share(self) -> float | None:
        """Return the least share from outside that a material has, 0 where one costs nothing, None where there is none.

        It is the parametric method of Dinkelbach 1967, On nonlinear fractional programming, Management Science 13(7).
        """
        share, found = 2.0, self.cheapest(1.0, 0.0)
        while found is not None:
            better = found[1] / found[0] if found[0] > 0 else 0.0
            if better >= share - DUST:
                return min(better, share)
            share, found = better, self.cheapest(-better, 1.0)
        return None

    def within(self, limit: float) -> float | None:
        """Return the least cost of a material of which at most a share is from outside.

        It is the largest, over all weights w, of the least cost + w x (cost from outside - limit x cost): a concave function of w, whose lines
        on both sides of its top meet at the weight to try next (Everett 1963, Generalized Lagrange multiplier method, Operations Research
        11(3)). A mix of the two materials that meet at the top keeps the limit exactly.
        """
        free, strict = self.cheapest(1.0, 0.0), self.cheapest(-limit, 1.0)
        if free is None or strict is None or strict[1] > (limit + DUST) * strict[0]:
            return None
        while free[1] > (limit + DUST) * free[0]:
            over, under = free[1] - limit * free[0], min(strict[1] - limit * strict[0], 0.0)
            weight = (strict[0] - free[0]) / (over - under)
            top = free[0] + weight * over
            new = self.cheapest(1.0 - weight * limit, weight)
            assert new is not None
            beyond = new[1] - limit * new[0]
            if new in (free, strict) or new[0] + weight * beyond >= top - DUST * abs(top):
                return top
            free, strict = (new, strict) if beyond > DUST * new[0] else (free, new)
        return free[0]


@dataclass(frozen=True)
class Known:
    """What a programme says of materials: offers of each item, and bills by which it can be made, as they stand on days of the plan."""

    book: Book
    asked: Certificates

    def of(self, product: str, *, day_one: bool) -> Materials:
        """Return the materials of a product: by all offers, or by those qualified on day one."""
        bills: dict[str, list[Lines]] = {}
        waiting = [product]
        while waiting:
            item = waiting[-1]
            below = [c for lines in self._bills.get(item, ()) for c, _ in lines if c not in bills]
            if below and item not in bills:
                waiting += below
            else:
                bills.setdefault(waiting.pop(), self._bills.get(item, []))
        return Materials(product, self._day_one if day_one else self._offers, bills)

    @cached_property
    def _offers(self) -> Mapping[str, list[Amounts]]:
        return self._by(list(self.asked.offers))

    @cached_property
    def _day_one(self) -> Mapping[str, list[Amounts]]:
        return self._by([o.offer for o in self.asked.offers.values() if o.qualified])

    def _by(self, offers: list[str]) -> Mapping[str, list[Amounts]]:
        found: dict[str, list[Amounts]] = defaultdict(list)
        for name in offers:
            item = self.asked.offers[name].item
            price, share = self.asked.lots[item, "purchase", name]
            found[item].append((price, price * share))
        return found

    @cached_property
    def _bills(self) -> Mapping[str, list[Lines]]:
        made: dict[str, set[Lines]] = defaultdict(set)
        for item, alternative in {(i, a) for i, _, a in self.book.routes}:
            made[item] |= set(self._standing((item, alternative)))
        return {item: sorted(bills) for item, bills in made.items()}

    def _standing(self, bill: tuple[str, str]) -> Iterator[Lines]:
        """Yield the lines of a bill as they stand on days of the plan; no lines where there is no bill."""
        rows = self.asked.bills.get(bill, [])
        days = {self.book.horizon.start}
        days |= {number(b.from_date) for b in rows if b.from_date is not None}
        days |= {number(b.to_date) + 1 for b in rows if b.to_date is not None}
        for day in days:
            lines = self.asked.lines(bill, day) if self.book.horizon.holds(day) else ()
            if lines or not rows:
                yield lines
