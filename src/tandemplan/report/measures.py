"""Units of measure in the words of a programme: of products, of lateness, of limits and of what one more of them is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Offer
from tandemplan.report.facts import Limit, item_units, rows
from tandemplan.report.wording import counted, measure, number
from tandemplan.results.shape import DEMAND_SUMMARY
from tandemplan.results.store import Run

MIXED = "mixed"
_ONE = {"hours": "hour", "units": "unit", "each": "unit", "": "unit", "stations": "station", "sets": "set"}


def days_of(unit: str) -> str:
    """Return what lateness is counted in: amounts times days.

    >>> days_of("each"), days_of("m3"), days_of(MIXED)
    ('unit-days', 'm3-days', 'amount-days')
    """
    return "amount-days" if unit == MIXED else f"{_ONE.get(unit, unit)}-days"


def called(unit: str) -> str:
    """Return what amounts of a unit are called in a heading: those of several units are amounts."""
    return "amount" if unit == MIXED else measure(unit)


def headings(unit: str) -> tuple[str, str]:
    """Return what headings say of amounts and of lateness; nothing of amounts where each row has its own unit.

    >>> headings("m3"), headings(MIXED)
    (('m3', 'm3-days'), ('', 'amount-days'))
    """
    return "" if unit == MIXED else measure(unit), days_of(unit)


def common(units: Iterable[str]) -> str:
    """Return the one unit of all, or that they are mixed.

    >>> common(["m3", "m3"]), common(["m3", "each"]), common([])
    ('m3', 'mixed', 'each')
    """
    found = {u or "each" for u in units}
    return found.pop() if len(found) == 1 else MIXED if found else "each"


def class_units(run: Run, programme: Programme) -> dict[int, str]:
    """Return the unit in which each class of demand is counted."""
    units, found = item_units(programme), defaultdict(set)
    for r in rows(run, DEMAND_SUMMARY):
        found[r["demand_class"]].add(units.get(r["item"], "each"))
    return {rank: common(members) for rank, members in found.items()}


def unit_of(limit: Limit, programme: Programme) -> str:
    """Return the unit of a limit as one of it is called: supply is counted in the unit of its item."""
    item = ""
    if limit.unit == "money":
        return programme.settings.currency or limit.unit
    if limit.family == "balance":
        item = limit.name.partition("@")[0]
    elif limit.family == "offers":
        item = next((str(o.item) for o in programme[Offer].rows() if o.offer == limit.name), "")
    unit = item_units(programme).get(item, limit.unit)
    return _ONE.get(unit, unit)


def worth_of(limit: Limit, classes: dict[int, str], currency: str) -> str:
    """Return what the worth of one more is counted in: money, or the weighted lateness of the class that is held back.

    >>> from datetime import date
    >>> held = Limit("hours", "b", "b", "class 2 firm", date(2026, 6, 1), date(2026, 6, 7), 1, 6.0, "hours", 1, 1)
    >>> worth_of(held, {2: "m3"}, "EUR")
    'weighted m3-days'
    """
    if limit.stage == "cost":
        return currency or "money"
    word, _, rank = limit.stage.partition(" ")
    order = rank.partition(" ")[0]
    unit = classes.get(int(order), "each") if word == "class" and order.isdigit() else "each"
    return f"weighted {days_of(unit)}"


def said(limit: Limit, worth: tuple[str, str]) -> str:
    """Return a limit in one sentence; `worth` is what that of one more is counted in, and what one of the limit is called.

    >>> from datetime import date
    >>> held = Limit("hours", "b", "b", "class 2 firm", date(2026, 6, 1), date(2026, 6, 1), 1, 6.0, "hours", 1, 1)
    >>> said(held, ("weighted m3-days", "hour")).partition("; ")[2]
    'one more hour is worth up to 6 weighted m3-days.'
    """
    verb = "holds back" if limit.demands else "limits"
    hurt = f" and hurts {counted(limit.demands, 'demand')}" if limit.demands else ""
    what, unit = worth
    return (
        f"{limit.subject[0].upper()}{limit.subject[1:]} {verb} {limit.stage} {limit.span} "
        f"({counted(limit.periods, 'period')}){hurt}; one more {unit} is worth up to {number(limit.worth)} "
        f"{'in money' if what == 'money' else what}."
    )
