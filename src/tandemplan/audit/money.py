"""Money as the programme means it: pools, the tranches that can be used, and what each payment is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tandemplan.audit.book import Book
from tandemplan.audit.days import EPOCH, Horizon, months_later, number, whole_days
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Cost, Demand, Item, Rule, Supplier, Tranche

CLASSES = ("purchases", "transport", "labour", "training", "capex", "opex")
RUNNING = frozenset({"purchases", "transport", "labour", "opex"})
FOR_EVER = 10**9


@dataclass(frozen=True)
class Source:
    """A tranche that can be used in the plan: from the day `opens` to the day `last`; `line` is drawn and repaid."""

    tranche: str
    pool: str
    amount: float
    opens: int
    last: int
    line: bool
    rate: float
    words: frozenset[str]

    def may_pay(self, account: str, fixed: frozenset[str]) -> bool:
        """Say whether it may pay what is called `account`; `fixed` are categories that running costs do not cover."""
        return not self.words or account in self.words or ("opex" in self.words and account not in fixed)


def kinds_of(programme: Programme) -> Mapping[str, str]:
    """Return the kind of each pool whose money counts, the venture's own first."""
    table = programme[Tranche]
    named = zip(table.pool.tolist(), table.kind.tolist(), table.cash.tolist(), strict=True)
    found = {p: k for p, k, money in named if money and k != "outside"}
    return dict(sorted(found.items(), key=lambda f: (f[1] != "company", f[0])))


def brings(book: Book, row: int) -> float:
    """Return the money that a tranche (row number) brings, whenever it does."""
    tranche, dated = book.programme[Tranche].row(row), book.dated
    changed = any(("funding", row, c) in dated.changes for c in ("amount", "date", "slip_days"))
    counts = tranche.cash and tranche.kind != "outside" and (not tranche.awaits or changed)
    return dated.always("funding", row, "amount") if counts else 0.0


def opens(book: Book, row: int) -> int:
    """Return the day from which a tranche (row number) can be used."""
    tranche, dated = book.programme[Tranche].row(row), book.dated
    assert tranche.date is not None
    day = number(tranche.date) + round(dated.moved("funding", row, "date"))
    day += whole_days(dated.always("funding", row, "slip_days"))
    if tranche.opens_after:
        day = max(day, book.openings.after(tranche.opens_after) + whole_days(tranche.evidence_days))
    return day


def sources_of(book: Book) -> list[Source]:
    """Return the tranches that can be used within the plan, in table order."""
    found, horizon = [], book.horizon
    for row, tranche in enumerate(book.programme[Tranche].rows()):
        begin, amount = opens(book, row), brings(book, row)
        last = FOR_EVER if tranche.expiry is None else number(tranche.expiry)
        if amount > 0 and begin < horizon.end and last >= max(begin, horizon.start):
            own = tranche.kind == "company"
            line = own and (tranche.instrument == "credit line" or tranche.interest_per_year_share > 0)
            words = frozenset(tranche.pays_for if own else ())
            rate = tranche.interest_per_year_share if line else 0.0
            found.append(Source(tranche.tranche, tranche.pool, amount, begin, last, line, rate, words))
    return found


def named_items(programme: Programme) -> Mapping[str, str]:
    """Return what purchases of an item are called, where a tranche names the item or a group of it."""
    words = {w for listed in programme[Tranche].pays_for.tolist() for w in listed}
    words -= {*CLASSES, *programme[Cost].category.tolist()}
    found = {}
    for item in programme[Item].rows():
        called = next((w for w in (item.item, *item.groups) if w in words), "")
        if called:
            found[item.item] = called
    return found


def fixed_classes(programme: Programme) -> frozenset[str]:
    """Return the categories that `opex` does not cover."""
    return frozenset({"training", "capex", *programme[Cost].category.tolist()} - RUNNING - {""})


def is_tied(programme: Programme, source: Source, horizon: Horizon, called: Sequence[str]) -> bool:
    """Say whether a tranche may not pay all that its pool owes, or expires before the plan's last day."""
    if source.line:
        return False
    fixed = fixed_classes(programme)
    return source.last < horizon.end - 1 or not all(source.may_pay(c, fixed) for c in called)


def all_classes(programme: Programme) -> list[str]:
    """Return all that payments of the venture may be called."""
    return sorted({*CLASSES, *named_items(programme).values(), *programme[Cost].category.tolist()} - {""})


def least_cash(programme: Programme, pool: str, last: int) -> float:
    """Return the least that a pool must hold at the end of the period with that last day."""
    found = 0.0
    for rule in programme[Rule].rows():
        if rule.kind == "least cash" and not rule.soft and (not rule.scope or pool in rule.scope):
            begun = rule.from_date is None or last >= number(rule.from_date)
            over = rule.to_date is not None and last > number(rule.to_date)
            if begun and not over and rule.low is not None:
                found = max(found, rule.low)
    return found


def month_end(horizon: Horizon, begin: int) -> int:
    """Return the last day of the month in which the period that begins on a day ends."""
    last = horizon.cuts[horizon.period(begin) + 1] - 1
    first = number(date.fromordinal(last + EPOCH).replace(day=1))
    return months_later(first, 1) - 1


@dataclass(frozen=True)
class Terms:
    """What a contract pays in advance and when (a day), what of it each unit recovers and a lost unit pays back, and days to payment."""

    advance: float
    day: int
    recovers: float
    refund: float
    days: int


def terms_of(book: Book) -> Mapping[str, Terms]:
    """Return the terms of each contract."""
    counted: dict[str, float] = {}
    of = {d.demand: d.contract for d in book.programme[Demand].rows()}
    for name, wanted in book.wanted.items():
        counted[of[name]] = counted.get(of[name], 0.0) + wanted.quantity
    found = {}
    for contract in book.programme[Contract].rows():
        units = counted.get(contract.contract, 0.0)
        agreed = units if contract.total_units is None else min(units, contract.total_units)
        advance = contract.unit_price * contract.advance_share * agreed
        day = book.horizon.start if contract.advance_date is None else number(contract.advance_date)
        each = advance / units if units > 0 else 0.0
        refund = each if day < book.horizon.end else 0.0
        found[contract.contract] = Terms(advance, day, each, refund, whole_days(contract.payment_days))
    return found


def supplier_terms(programme: Programme, name: str) -> tuple[float, int]:
    """Return the share that a supplier is paid with the order, and the days from receipt to the rest."""
    row = programme[Supplier].index.get((name,))
    if row is None:
        return 0.0, 0
    supplier = programme[Supplier].row(row)
    return supplier.prepayment_share, whole_days(supplier.payment_days)


def parts_of(
    horizon: Horizon, texts: Sequence[str], when: tuple[int, int], amount: float
) -> Iterator[tuple[int, float]]:
    """Yield the days and amounts of a payment by shares from a first day on, so many days long; day by day where it is monthly."""
    first, days = when
    if tuple(texts) == ("monthly",):
        for k in range(days):
            yield max(first + k, horizon.start), amount / days
        if not days:
            yield max(first, horizon.start), amount
        return
    places = {"start": first, "middle": first + (days + 1) // 2, "end": first + days}
    for text in texts or ("1@end",):
        share, _, place = text.partition("@")
        yield max(places[place.strip()], horizon.start), float(share) * amount
