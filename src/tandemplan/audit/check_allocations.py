"""Minimum allocations: what customers are sure of was delivered to them by the end of each window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tandemplan.audit.book import Book
from tandemplan.audit.days import iso, number, whole_days
from tandemplan.audit.equations import Sums
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.scopes import due_in, first_day, names_of
from tandemplan.audit.wanted import Wanted, wanted_of
from tandemplan.model.schema import Item, Operation, Rule
from tandemplan.results.shape import DELIVERIES


@dataclass(frozen=True)
class Asked:
    """What is asked for by the end of a window: at least, and at most where the day on which a demand can first be delivered is not known."""

    least: float
    most: float


def check_allocations(book: Book) -> Iterator[Finding]:
    """Yield windows by whose end those that a rule favours were delivered less than it says. `docs/semantics.md`, Minimum allocation."""
    items, nominal = set(book.programme[Item].item.tolist()), wanted_of(book.dated, book.nominal, book.horizon)
    for rule in book.programme[Rule].rows():
        if rule.kind == "minimum allocation" and not rule.soft and rule.low is not None:
            only, favoured = items & set(rule.scope), set(rule.scope) - items
            every = [d for d in nominal.values() if due_in(rule, d) and (not only or d.item in only)]
            mine = [d for d in every if not names_of(book.programme, d).isdisjoint(favoured)]
            yield from _windows(book, rule, mine, every)


def _windows(book: Book, rule: Rule, mine: Sequence[Wanted], every: Sequence[Wanted]) -> Iterator[Finding]:
    assert rule.low is not None
    for k, end in ends_of(book, rule):
        given, of_all = (_delivered(book, {d.demand for d in some}, end) for some in (mine, every))
        asked, total = asked_by(book, mine, end), asked_by(book, every, end)
        if rule.policy == "units":
            least = min(k * rule.low, asked.least)
        else:
            least = min(rule.low, asked.least / total.most if total.most > 0 else 0.0) * of_all.total
        short = least - given.total
        if short > given.allowed + of_all.allowed + allowed(least):
            message = (
                f"by {iso(end)} those whom rule '{rule.rule}' favours were delivered {shown(given.total)}, "
                f"but it makes them sure of {shown(least)}; off by {shown(short)}."
            )
            yield Finding("deliveries", None, "quantity", "deliveries-allocation", message, short)


def ends_of(book: Book, rule: Rule) -> Iterator[tuple[int, int]]:
    """Yield the number and the last day of each window of a rule: of those that end in one period the last."""
    start, end = book.horizon.start, book.horizon.end
    first = start if rule.from_date is None else max(number(rule.from_date), start)
    last = end - 1 if rule.to_date is None else min(number(rule.to_date), end - 1)
    length = last - first + 1 if rule.window_days is None else max(whole_days(rule.window_days), 1)
    found = list(range(first + length - 1, last + 1, length)) if length > 0 else []
    for k, day in enumerate(found, start=1):
        if k == len(found) or book.horizon.period(found[k]) != book.horizon.period(day):
            yield k, day


def _delivered(book: Book, names: set[str], end: int) -> Sums:
    total = Sums()
    for r in book.rows(DELIVERIES):
        if r.demand in names and r.delivered <= end:
            total.add(r.quantity)
    return total


def asked_by(book: Book, demands: Sequence[Wanted], end: int) -> Asked:
    """Return how much of some demands could be delivered by a day, as far as the day on which each first could is known."""
    handled = {(o.site, o.item) for o in book.programme[Operation].rows() if o.when == "deliver"}
    served = {r.demand for r in book.rows(DELIVERIES) if r.delivered <= end}
    least = most = 0.0
    for d in demands:
        known = (d.site, d.item) in book.phases and (d.site, d.item) not in handled
        day = first_day(book, d)
        could = day <= end and (d.latest >= day or day <= d.due) if known else d.opens <= end
        surely = d.demand in served or (known and could)
        least += d.quantity if surely else 0.0
        most += d.quantity if could or surely else 0.0
    return Asked(least, most)
