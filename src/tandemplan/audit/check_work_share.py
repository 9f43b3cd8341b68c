"""Work-share: what each partner adds is summed up again from pay, costs and purchases, and its share is in the bands of hard rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tandemplan.audit.book import Book, Line, open_order_day
from tandemplan.audit.check_costs import fixed_costs
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.equations import Sums, equal, equal_money, equal_share, equal_text
from tandemplan.audit.findings import Finding, allowed_money, shown
from tandemplan.audit.origin import Certificates
from tandemplan.model.schema import Cost, Offer, OpenOrder, Partner, Rule, Site, Skill, Supplier
from tandemplan.results.shape import PEOPLE, PURCHASES
from tandemplan.results.share_shapes import WORK_SHARE


@dataclass
class Added:
    """What a partner adds."""

    wages: Sums = field(default_factory=Sums)
    overhead: Sums = field(default_factory=Sums)
    content: Sums = field(default_factory=Sums)

    @property
    def parts(self) -> tuple[Sums, Sums, Sums]:
        """Return its three parts."""
        return self.wages, self.overhead, self.content

    @property
    def total(self) -> float:
        """Return all of it."""
        return sum(round(s.total, 2) for s in self.parts)

    @property
    def allowed(self) -> float:
        """Return what rounded rows may hide of it."""
        return sum(allowed_money(s.size, s.rows, s.rounding) for s in self.parts)


def check_work_share(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the value that partners add."""
    added, bands = added_by(book), _bands(book)
    said = [(r.line, _key(r.partner, r.rule)) for r in book.rows(WORK_SHARE)]
    yield from each_once("work_share", "partner", said, {_key(*b): None for b in bands})
    total, near = sum(a.total for a in added.values()), sum(a.allowed for a in added.values())
    for r in book.rows(WORK_SHARE):
        if (r.partner, r.rule) in bands:
            yield from _row(r, added[r.partner], bands[r.partner, r.rule], (total, near, len(added)))


def _key(partner: str, rule: str) -> str:
    return f"{partner} under {rule}" if rule else partner


def added_by(book: Book) -> Mapping[str, Added]:
    """Return what each partner adds."""
    programme = book.programme
    found = {p.partner: Added() for p in programme[Partner].rows()}
    site = {s.site: s.partner for s in programme[Site].rows()}
    works = {s.skill: site.get(s.site, "") for s in programme[Skill].rows()}
    for r in book.rows(PEOPLE):
        if works.get(r.skill):
            found[works[r.skill]].wages.add(r.wages + r.option_wages + r.hire_wages)
            found[works[r.skill]].overhead.add(r.training_cost)
    for cost in programme[Cost].rows():
        if site.get(cost.site) and cost.category != "capex":
            for _, amount in fixed_costs(book, cost):
                found[site[cost.site]].overhead.add(amount)
    for partner, amount in _content(book):
        found[partner].content.add(amount)
    return found


def _content(book: Book) -> Iterator[tuple[str, float]]:
    """Yield what purchases, and open orders that arrive within the plan, hold that is not from outside, with the partner that sells it."""
    owner = _owners(book)
    offers = {o.offer: o for o in book.programme[Offer].rows() if owner.get(o.supplier)}
    lots = Certificates(book.programme, book.horizon).lots
    for r in book.rows(PURCHASES):
        if r.offer in offers:
            offer = offers[r.offer]
            yield owner[offer.supplier], r.cost * (1.0 - lots[offer.item, "purchase", offer.offer][1])
    for order in book.programme[OpenOrder].rows():
        if order.offer in offers and book.horizon.holds(open_order_day(order, book.horizon)):
            price, outside = lots[order.item, "open order", order.order]
            yield owner[offers[order.offer].supplier], order.quantity_units * price * (1.0 - outside)


def _owners(book: Book) -> Mapping[str, str]:
    """Return the partner of each supplier: its own, or the one that is alone at home in its country."""
    at_home: dict[str, list[str]] = defaultdict(list)
    for p in book.programme[Partner].rows():
        at_home[p.country].append(p.partner)
    alone = {country: names[0] for country, names in at_home.items() if country and len(names) == 1}
    return {s.supplier: s.partner or alone.get(s.country, "") for s in book.programme[Supplier].rows()}


def _bands(book: Book) -> Mapping[tuple[str, str], tuple[float, float, bool]]:
    """Return the least and the most share of each partner under each rule, and whether it is soft; from 0 to 1 for one without a rule."""
    found = {}
    for rule in book.programme[Rule].rows():
        if rule.kind in ("work share", "host content"):
            for p in book.programme[Partner].rows():
                if not rule.scope or p.partner in rule.scope:
                    band = (0.0 if rule.low is None else rule.low, 1.0 if rule.high is None else rule.high, rule.soft)
                    found[p.partner, rule.rule] = band
    named = {p for p, _ in found}
    free = [p.partner for p in book.programme[Partner].rows() if p.partner not in named]
    return {**found, **{(p, ""): (0.0, 1.0, False) for p in free}}


def _row(r: Line, added: Added, band: tuple[float, float, bool], whole: tuple[float, float, int]) -> Iterator[Finding]:
    where = ("work_share", r.line, f"partner '{r.partner}'")
    (low, high, soft), (total, near, partners) = band, whole
    for column, right in zip(("wages", "overhead", "content"), added.parts, strict=True):
        yield from equal_money(where, column, getattr(r, column), right.total)
    yield from equal_money(where, "value_added", r.value_added, r.wages + r.overhead + r.content)
    yield from equal_share(where, "share", r.share, added.total / total if total > 0 else 0.0)
    yield from equal(where, "low", r.low, low)
    yield from equal(where, "high", r.high, high)
    yield from equal_text(where, "soft", r.soft, soft)
    ends = [added.total - low * total] * (low > 0) + [high * total - added.total] * (high < 1)
    margin = min(ends, default=0.0)
    yield from equal_money(where, "margin", r.margin, margin, rows=1 + partners)  # of sums that differ by cents
    if not soft and margin < -near:
        message = f"{where[2]}: a share of {shown(added.total / total)} is outside the band from {low:g} to {high:g} of rule '{r.rule}'."
        yield Finding("work_share", r.line, "margin", "work-share-band", message, -margin)
