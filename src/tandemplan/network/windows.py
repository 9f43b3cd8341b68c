"""When evidence of origin is due: the limits of rules and tranches by day, and the windows in which accounts are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.calendar import Periods
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Item, Rule, Tranche
from tandemplan.network.cells import whole_days
from tandemplan.network.demands import items_and_customers

Ints = NDArray[np.int64]
KIND = "origin share"
LONGEST_WINDOW = 91  # days


@dataclass(frozen=True, order=True)
class Subject:
    """What a rule of origin speaks of: an item, or the item of a contract.

    >>> str(Subject("X")), str(Subject("X", "C1"))
    ('X', 'contract C1')
    """

    item: str
    contract: str = ""

    def __str__(self) -> str:
        return f"contract {self.contract}" if self.contract else self.item


@dataclass(frozen=True)
class Evidence:
    """A subject is within a share by a day: over all that counted in periods up to `last`, at most `high` of the cost is from outside."""

    rule: str
    subject: Subject
    last: int
    day: int
    high: float


def origin_rules(programme: Programme, *, soft: bool = False) -> Iterator[tuple[int, Subject]]:
    """Yield the hard rules of origin (rows of `rules`), or the `soft` ones too, with each subject in their scope, once each."""
    rules, contracts = programme[Rule], programme[Contract]
    of_contract = dict(zip(contracts.contract.tolist(), contracts.item.tolist(), strict=True))
    items = items_by_name(programme)
    for k in np.flatnonzero((rules.kind == KIND) & (soft | ~rules.soft)).tolist():
        found = [Subject(of_contract[n], n) for n in rules.scope[k] if n in of_contract]
        named = [i for n in rules.scope[k] for i in items.get(n, ())] if rules.scope[k] else _asked_for(programme)
        yield from ((k, s) for s in dict.fromkeys([*map(Subject, named), *found]))


def unknown_scopes(programme: Programme) -> list[str]:
    """Return what hard rules of origin name that is no item, group of items or contract."""
    rules, known = programme[Rule], {*programme[Contract].contract.tolist(), *items_by_name(programme)}
    hard = np.flatnonzero((rules.kind == KIND) & ~rules.soft).tolist()
    return sorted({n for k in hard for n in rules.scope[k] if n not in known})


def evidence_of(programme: Programme, periods: Periods) -> list[Evidence]:
    """Return what has to be shown on which day, by rule, subject and day."""
    rules, ends = programme[Rule], periods.starts + periods.lengths
    found = []
    for k, subject in origin_rules(programme):
        first, last = periods.numbers(np.array([rules.from_date[k], rules.to_date[k]]), 0).tolist()
        last = periods.days if np.isnat(rules.to_date[k]) else last
        due = {min(last + 1, periods.days): 1.0}
        if not np.isnan(rules.window_days[k]):
            step = int(whole_days([float(rules.window_days[k])])[0])
            due |= dict.fromkeys(range(step, periods.days, step), 1.0)
        for day, share in _of_tranches(programme, periods, subject):
            due[day] = min(share, due.get(day, 1.0))
        by_period: dict[int, Evidence] = {}
        for day in sorted(d for d in due if first <= d <= last + 1):
            count = int(np.searchsorted(ends, day, side="right"))
            if count and day <= periods.days:
                high = min(float(rules.high[k]), due[day], by_period[count].high if count in by_period else 1.0)
                by_period[count] = Evidence(str(rules.rule[k]), subject, count - 1, day, high)
        found += list(by_period.values())
    return found


def windows_of(periods: Periods, evidence: list[Evidence]) -> Ints:
    """Return the last period of each window.

    >>> from datetime import date
    >>> from tandemplan.calendar import cut
    >>> windows_of(cut(date(2026, 6, 1), "6 months"), [Evidence("R", Subject("X"), 3, 122, 0.35)]).tolist()
    [1, 3, 5]
    """
    ends = {e.last for e in evidence} | {len(periods) - 1}
    found, days = [], 0
    for t, length in enumerate(periods.lengths.tolist()):
        days += length
        longer = t + 1 < len(periods) and days + int(periods.lengths[t + 1]) > LONGEST_WINDOW
        if t in ends or longer:
            found.append(t)
            days = 0
    return ints(found)


def _of_tranches(programme: Programme, periods: Periods, subject: Subject) -> Iterator[tuple[int, float]]:
    """Yield day and share of the tranches that ask for evidence of a subject."""
    contracts = programme[Contract]
    mine = contracts.contract == subject.contract if subject.contract else contracts.item == subject.item
    pools = set(contracts.pool[mine].tolist()) - {""}
    for t in programme[Tranche].rows():
        asks = t.kind == "company" or (t.kind == "payer" and t.pool in pools)
        if asks and t.third_country_share is not None and not t.awaits and t.date is not None:
            yield periods.day(t.date) - int(whole_days([t.evidence_days])[0]), t.third_country_share


def items_by_name(programme: Programme) -> dict[str, list[str]]:
    """Return the items that a name in a scope stands for: the item itself, or those with the group."""
    items = programme[Item]
    found: dict[str, list[str]] = {str(i): [str(i)] for i in items.item}
    for item, groups in zip(items.item.tolist(), items.groups.tolist(), strict=True):
        for group in groups:
            if group not in found or item not in found[group]:
                found.setdefault(group, []).append(item)
    return found


def _asked_for(programme: Programme) -> list[str]:
    return sorted({i for i in items_and_customers(programme)[0] if i})
