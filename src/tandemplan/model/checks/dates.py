"""Dates: in order, inside the plan, not overlapping; calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import cut, parse_periods
from tandemplan.model.cells import WEEKDAYS
from tandemplan.model.checks.facts import Facts, Fault, also, check, first_of
from tandemplan.model.schema import (
    TABLES,
    BomLine,
    CalendarHours,
    CalendarRow,
    Demand,
    Description,
    Option,
    ProcessOrder,
    Stock,
    Task,
    Tranche,
)
from tandemplan.model.tables import Table
from tandemplan.problems import did_you_mean

Days = NDArray[np.datetime64]
_PAIRS = {
    Demand: ("due", "latest"),
    ProcessOrder: ("start", "end"),
    Tranche: ("date", "expiry"),
    Option: ("earliest", "chosen"),
    Task: ("earliest", "finished"),
}


@check("dates-out-of-order")
def dates_in_order(facts: Facts) -> Iterator[Fault]:
    """No last day lies before its first day: from and to, due and latest, date and expiry, earliest and chosen."""
    for row_class in TABLES.values():
        table = facts[row_class]
        usual = ("from_moment", "to_moment") if "from_moment" in table.columns else ("from_date", "to_date")
        first, last = _PAIRS.get(row_class, usual)
        if first not in table.columns or last not in table.columns:
            continue
        one, other = table.columns[first], table.columns[last]
        for i in np.flatnonzero(other < one):
            message = f"{last} is {other[i]}, before {first}, which is {one[i]}."
            yield Fault(table, int(i), message, "Swap or correct them.", (first, last))


@check("beyond-horizon")
def due_inside_the_plan(facts: Facts) -> Iterator[Fault]:
    """No demand is due on or after the day on which the plan ends (one due before its start is late from the start)."""
    settings, demands = facts.programme.settings, facts[Demand]
    end = None if facts.doubts.of_setting("start", "periods") else _end(settings.start, settings.periods)
    if end is None:
        return
    for i in np.flatnonzero(demands.due >= np.datetime64(end)):
        message = f"due is {demands.due[i]}; the plan ends before {end}."
        yield Fault(demands, int(i), message, f"Lengthen periods ('{settings.periods}') or drop the demand.", ("due",))


@check("bad-periods")
def periods_can_be_read(facts: Facts) -> Iterator[Fault]:
    """`periods` is a list of numbers of days, weeks or months such as `26 weeks, 12 months`, at most 2,000 in all."""
    text = facts.programme.settings.periods
    if facts.doubts.of_setting("periods"):
        return
    try:
        parse_periods(text)
    except ValueError as error:
        yield Fault(None, 0, f"periods is '{text}': {error}.")


@check("expired-stock")
def stock_is_usable(facts: Facts) -> Iterator[Fault]:
    """Stock on hand may still be used on the first day of the plan."""
    start, stock = facts.programme.settings.start, facts[Stock]
    if start is None:
        return
    for i in np.flatnonzero(stock.expiry < np.datetime64(start)):
        message = f"expiry is {stock.expiry[i]}, before the plan starts on {start}."
        yield Fault(stock, int(i), message, "Drop the row: it can no longer be used.", ("expiry",))


@check("overlapping-dates")
def bills_do_not_overlap(facts: Facts) -> Iterator[Fault]:
    """Of one component in one bill, and of one kind of rule in one calendar, only one row is in force on a day."""
    yield from _overlaps(facts, facts[BomLine], ("parent", "alternative", "component"))


@check("overlapping-dates")
def calendars_do_not_overlap(facts: Facts) -> Iterator[Fault]:
    """For calendars: two exceptions, two factors or two weekly patterns never cover one day."""
    yield from _overlaps(facts, facts[CalendarRow], ("calendar", "kind"))


@check("unknown-weekday")
def weekdays_are_known(facts: Facts) -> Iterator[Fault]:
    """The weekdays of a calendar are written Mon, Tue, Wed, Thu, Fri, Sat or Sun."""
    tables: tuple[Table[Any], ...] = (facts[CalendarRow], facts[CalendarHours])
    for table in tables:
        for i, days in enumerate(table.weekdays.tolist()):
            for day in days:
                if day not in WEEKDAYS:
                    near = next((w for w in WEEKDAYS if day[:3].casefold() == w.casefold()), None)
                    hint = f"Did you mean '{near}'?" if near else did_you_mean(day, WEEKDAYS)
                    yield Fault(table, i, f"weekdays names '{day}'; it must be one of {', '.join(WEEKDAYS)}.", hint)


CHECKS = (
    dates_in_order,
    due_inside_the_plan,
    periods_can_be_read,
    stock_is_usable,
    bills_do_not_overlap,
    calendars_do_not_overlap,
    weekdays_are_known,
)


def _end(start: date | None, periods: str) -> date | None:
    """Return the day on which the plan ends, or None where start or periods cannot be read (another check says so)."""
    try:
        return None if start is None else start + timedelta(days=cut(start, periods).days)
    except ValueError:
        return None


def _overlaps(facts: Facts, table: Table[Any], group: tuple[str, ...]) -> Iterator[Fault]:
    """Yield rows that are in force on a day on which an earlier row of the same group is (equal keys apart)."""
    cells = (*group, "from_date", "to_date")
    members: dict[tuple[str, ...], list[int]] = {}
    for i, key in enumerate(zip(*(table.columns[c].tolist() for c in group), strict=True)):
        if not facts.doubts.of_cells(*table.place(i), cells):
            members.setdefault(key, []).append(i)
    first = np.where(np.isnat(table.from_date), np.datetime64("0001-01-01"), table.from_date)
    last = np.where(np.isnat(table.to_date), np.datetime64("9999-12-31"), table.to_date)
    for key, rows in members.items():
        if len(rows) == 1 or not key[0]:
            continue
        rows.sort(key=lambda i: (first[i], table.lines[i]))
        for holder, later in _clashes(rows, first, last).items():
            i, said = later[0], _said(table.description, group, key)
            message = f"{said} is in force from {first[i]}, while {first_of(table, holder, i)} still is"
            yield Fault(table, i, f"{message}{also(table, later[1:])}.", "End the earlier row the day before.")


def _clashes(rows: list[int], first: Days, last: Days) -> dict[int, list[int]]:
    """Return the rows that start while an earlier one is in force, by that earlier row; `rows` are ordered by start."""
    found: dict[int, list[int]] = {}
    holder = rows[0]
    for i in rows[1:]:
        if first[holder] < first[i] <= last[holder]:
            found.setdefault(holder, []).append(i)
        holder = i if last[i] > last[holder] else holder
    return found


def _said(description: Description, group: tuple[str, ...], key: tuple[str, ...]) -> str:
    named = [f"{g} '{k}'" for g, k in zip(group, key, strict=True) if k]
    return ", ".join(named) if description.name != "calendars" else f"a '{key[1]}' row of calendar '{key[0]}'"
