"""Hours present of work centres, skills and tools, day by day and period by period, before anybody is hired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import DayRule, weekdays, working_factor
from tandemplan.model.cells import WEEKDAYS
from tandemplan.model.programme import Programme
from tandemplan.model.schema import CalendarRow, ShiftPattern, Site, Skill, Tool, WorkCentre
from tandemplan.model.tables import Table
from tandemplan.network.cells import Cells
from tandemplan.network.openings import TaskDates, opening_days

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hours:
    """Resources in a fixed order, with hours present, overtime at most, mean heads, and pay (resources x periods).

    `each` are the hours of one more station or set (0 for skills). `hour_cost` and `overtime_cost` are money per hour, premiums
    included (0 but for skills). `staff` are the skills alone.
    """

    kinds: tuple[str, ...]
    names: tuple[str, ...]
    sites: tuple[str, ...]
    present: Floats
    overtime: Floats
    heads: Floats
    each: Floats
    hour_cost: Floats
    overtime_cost: Floats
    staff: Staff


@dataclass(frozen=True, eq=False)
class Staff:
    """People of the start and the working time of one person, by skill in table order (skills x days of the horizon).

    `heads` are those of the start who are still there, `week` is the share of a person's week that falls on a day, and `open`
    the same where the skill is open (0 elsewhere).
    """

    heads: Floats
    week: Floats
    open: Floats


def survivors(rate: Any, days: Any) -> Floats:
    """Return the share of people that are still there after some days, when the share `rate` leaves in a year.

    `docs/semantics.md`, People.

    >>> [round(float(s), 3) for s in survivors(0.19, np.array([0, 365, 730]))]
    [1.0, 0.81, 0.656]
    """
    return np.asarray((1.0 - np.asarray(rate)) ** (np.asarray(days) / 365), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Clock:
    """What all resources need: factors of calendars by name, open hours of patterns, opening days of sites."""

    cells: Cells
    factors: dict[str, Floats]
    patterns: Table[ShiftPattern]
    pattern_row: dict[str, int]
    site_calendar: dict[str, str]
    site_opens: dict[str, int]
    week: NDArray[np.int64]

    def factor(self, site: str, own: str) -> Floats:
        return self.factors[self.site_calendar.get(site, "")] * self.factors[own]

    def worked(self, pattern: str) -> NDArray[np.bool_]:
        if not pattern:
            return np.ones(len(self.week), dtype=bool)
        return self.week < int(self.patterns.days_per_week[self.pattern_row[pattern]])

    def open_hours(self, pattern: str, most_shifts: float) -> Floats:
        if not pattern:
            return np.full(len(self.week), 24.0)
        k = self.pattern_row[pattern]
        shifts = float(np.fmin(self.patterns.shifts_per_day[k], most_shifts))
        return np.where(self.worked(pattern), shifts * float(self.patterns.hours_per_shift[k]), 0.0)

    def since(self, site: str, opens: int) -> Floats:
        day = max(self.site_opens.get(site, 0), opens)
        return (np.arange(len(self.week)) >= day).astype(np.float64)


def hours_of_programme(
    programme: Programme, cells: Cells, dates: dict[str, TaskDates], site_opens: dict[str, int]
) -> Hours:
    """Return the hours present of every resource: work centres, then skills, then tools, each in table order."""
    clock = _clock(programme, cells, site_opens)
    staff = _staff(programme, clock, dates)
    rows = _by_day(programme, clock, dates, staff)
    blank = np.zeros((0, cells.periods.days))
    names = ("present", "overtime", "heads", "each")
    daily = [np.array([getattr(r, n) for r in rows]) if rows else blank for n in names]
    present, overtime, heads, each = (cells.periods.sums(d) for d in daily)
    return Hours(
        kinds=tuple(r.kind for r in rows),
        names=tuple(r.name for r in rows),
        sites=tuple(r.site for r in rows),
        present=present,
        overtime=overtime,
        heads=heads / cells.periods.lengths,
        each=each,
        hour_cost=np.array([r.hour_cost for r in rows], dtype=np.float64),
        overtime_cost=np.array([r.overtime_cost for r in rows], dtype=np.float64),
        staff=staff,
    )


def daily_hours(
    programme: Programme,
    cells: Cells,
    dates: dict[str, TaskDates],
    site_opens: Mapping[str, int] = MappingProxyType({}),
) -> list[Daily]:
    """Return the hours present of every resource day by day, in the order of `hours_of_programme`."""
    clock = _clock(programme, cells, dict(site_opens))
    return _by_day(programme, clock, dates, _staff(programme, clock, dates))


def _by_day(programme: Programme, clock: _Clock, dates: dict[str, TaskDates], staff: Staff) -> list[Daily]:
    return [
        *_work_centres(programme, clock, dates),
        *_skills(programme, clock, staff),
        *_tools(programme, clock, dates),
    ]


@dataclass(frozen=True, eq=False)
class Daily:
    """One resource by day: hours present, overtime at most, heads, hours of one more station or set; and pay per hour, overtime included or not."""

    kind: str
    name: str
    site: str
    present: Floats
    overtime: Floats
    heads: Floats
    each: Floats
    hour_cost: float = 0.0
    overtime_cost: float = 0.0


def _clock(programme: Programme, cells: Cells, site_opens: dict[str, int]) -> _Clock:
    periods, sites = cells.periods, programme[Site]
    week = weekdays(periods.start, periods.days)
    patterns = programme[ShiftPattern]
    return _Clock(
        cells=cells,
        factors={"": np.ones(periods.days), **_calendars(programme, cells, week)},
        patterns=patterns,
        pattern_row={p: i for i, p in enumerate(patterns.shift_pattern)},
        site_calendar=dict(zip(sites.site, sites.calendar, strict=True)),
        site_opens=site_opens,
        week=week,
    )


def _calendars(programme: Programme, cells: Cells, week: NDArray[np.int64]) -> dict[str, Floats]:
    rules: dict[str, list[DayRule]] = {}
    for row in programme[CalendarRow].rows():
        first = 0 if row.from_date is None else cells.periods.day(row.from_date)
        last = cells.periods.days - 1 if row.to_date is None else cells.periods.day(row.to_date)
        worked = tuple(WEEKDAYS.index(d) for d in row.weekdays)
        rules.setdefault(row.calendar, []).append(DayRule(row.kind, first, last, worked, row.factor))
    return {name: working_factor(r, week) for name, r in rules.items()}


def _work_centres(programme: Programme, clock: _Clock, dates: dict[str, TaskDates]) -> list[Daily]:
    table = programme[WorkCentre]
    opens = opening_days(dates, table.opens_after)
    zero = np.zeros(clock.cells.periods.days)
    found: list[Daily] = []
    for k in range(len(table)):
        one = clock.cells.daily(table, "availability_share", k)
        one = one * clock.open_hours(table.shift_pattern[k], table.most_shifts[k])
        one = one * clock.factor(table.site[k], table.calendar[k]) * clock.since(table.site[k], int(opens[k]))
        hours, each = clock.cells.daily(table, "stations", k) * one, clock.cells.kept_share(table, "stations", k) * one
        found.append(Daily("work centre", table.work_centre[k], table.site[k], hours, zero, zero, each))
    return found


def _staff(programme: Programme, clock: _Clock, dates: dict[str, TaskDates]) -> Staff:
    table, days = programme[Skill], clock.cells.periods.days
    opens = opening_days(dates, table.opens_after)
    heads, week, open_ = (np.zeros((len(table), days)) for _ in range(3))
    for k in range(len(table)):
        pattern = table.shift_pattern[k]
        days_a_week = 7 if not pattern else max(1, int(clock.patterns.days_per_week[clock.pattern_row[pattern]]))
        left = survivors(table.attrition_per_year[k], np.arange(days))
        heads[k] = clock.cells.daily(table, "headcount", k) * left
        week[k] = clock.worked(pattern) / days_a_week * clock.factor(table.site[k], table.calendar[k])
        open_[k] = week[k] * clock.since(table.site[k], int(opens[k]))
    return Staff(heads, week, open_)


def _skills(programme: Programme, clock: _Clock, staff: Staff) -> list[Daily]:
    table, zero = programme[Skill], np.zeros(clock.cells.periods.days)
    found: list[Daily] = []
    for k in range(len(table)):
        pattern = table.shift_pattern[k]
        premium = float(clock.patterns.premium_share[clock.pattern_row[pattern]]) if pattern else 0.0
        cost = float(table.hour_cost[k]) * (1 + premium)
        extra = cost * (1 + float(table.overtime_premium_share[k]))
        there = staff.heads[k] * staff.open[k]
        hours, most = there * float(table.hours_per_week[k]), there * float(table.overtime_hours_per_week[k])
        found.append(Daily("skill", table.skill[k], table.site[k], hours, most, staff.heads[k], zero, cost, extra))
    return found


def _tools(programme: Programme, clock: _Clock, dates: dict[str, TaskDates]) -> list[Daily]:
    table, centres = programme[Tool], programme[WorkCentre]
    opens = opening_days(dates, table.opens_after)
    row = {w: i for i, w in enumerate(centres.work_centre)}
    zero = np.zeros(clock.cells.periods.days)
    found: list[Daily] = []
    for k in range(len(table)):
        if table.supplier[k]:
            continue
        centre = row.get(table.work_centre[k])
        site = table.site[k] or ("" if centre is None else centres.site[centre])
        pattern, most, own = _tool_clock(centres, centre)
        one = clock.open_hours(pattern, most) * clock.factor(site, own) * clock.since(site, int(opens[k]))
        hours, each = clock.cells.daily(table, "sets", k) * one, clock.cells.kept_share(table, "sets", k) * one
        found.append(Daily("tool", table.tool[k], site, hours, zero, zero, each))
    return found


def _tool_clock(centres: Table[Any], centre: int | None) -> tuple[str, float, str]:
    if centre is None:
        return "", float("nan"), ""
    return centres.shift_pattern[centre], float(centres.most_shifts[centre]), centres.calendar[centre]
