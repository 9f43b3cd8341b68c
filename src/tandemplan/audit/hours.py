"""Hours present: calendars, shift patterns, stations, people and tools, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tandemplan.audit.dated import Dated
from tandemplan.audit.days import Horizon, number, weekday
from tandemplan.audit.openings import Openings
from tandemplan.audit.people import Crew, crews_of
from tandemplan.audit.shifts import Worked
from tandemplan.model.cells import WEEKDAYS
from tandemplan.model.programme import Programme
from tandemplan.model.schema import CalendarRow, ShiftPattern, Site, Skill, Tool, WorkCentre

Daily = NDArray[np.float64]
Resource = tuple[str, str]
WORK_CENTRE, SKILL, TOOL = "work centre", "skill", "tool"


@dataclass(frozen=True)
class Present:
    """Hours of a resource by period: at hand, overtime at most; `cost` and `overtime_cost` of one hour.

    Of people also the hours `paid` to those of the start and to those hired, and `sway`: the hours that one person more in each
    row hired could make.
    """

    site: str
    hours: Daily
    overtime: Daily
    cost: float = 0.0
    overtime_cost: float = 0.0
    paid: Daily = field(default_factory=lambda: np.zeros(0))
    paid_hires: Daily = field(default_factory=lambda: np.zeros(0))
    sway: Daily = field(default_factory=lambda: np.zeros(0))


def hours_present(
    dated: Dated,
    openings: Openings,
    horizon: Horizon,
    crews: Mapping[str, Crew] | None = None,
    *,
    bought: Mapping[Resource, Daily] = MappingProxyType({}),
    shifts: Worked = MappingProxyType({}),
) -> Mapping[Resource, Present]:
    """Return the hours of all work centres, skills and tools, by kind and name.

    `crews` are the people by skill (None: nobody is hired), `bought` the stations and sets in use by day, `shifts` the patterns that
    sites with a choice work.
    """
    programme = dated.programme
    crews = crews_of(dated, horizon, {}) if crews is None else crews
    found: dict[Resource, Present] = {}
    none = np.zeros(len(horizon.days))
    for i, centre in enumerate(programme[WorkCentre].rows()):
        stations = dated.values("work_centres", i, "stations", horizon.days)
        more = bought.get((WORK_CENTRE, centre.work_centre), none)
        stations = stations + more * dated.kept_share("work_centres", i, "stations", horizon.days)
        fit = dated.values("work_centres", i, "availability_share", horizon.days)
        daily = (
            stations * fit * shift_hours(programme, horizon, centre, shifts) * _begun(dated, openings, horizon, centre)
        )
        found[WORK_CENTRE, centre.work_centre] = Present(
            centre.site, horizon.sums(daily), np.zeros(len(horizon.lengths))
        )
    for skill in programme[Skill].rows():
        found[SKILL, skill.skill] = _people(dated, openings, horizon, (skill, crews[skill.skill]))
    for i, tool in tools(programme):
        sets = dated.values("tools", i, "sets", horizon.days)
        sets = sets + bought.get((TOOL, tool.tool), none) * dated.kept_share("tools", i, "sets", horizon.days)
        daily = sets * _tool_hours(programme, horizon, tool, shifts)
        daily = daily * _begun(dated, openings, horizon, tool)
        found[TOOL, tool.tool] = Present(tool.site, horizon.sums(daily), np.zeros(len(horizon.lengths)))
    return found


def _people(dated: Dated, openings: Openings, horizon: Horizon, who: tuple[Skill, Crew]) -> Present:
    skill, crew = who
    programme = dated.programme
    pattern = pattern_of(programme, skill.shift_pattern)
    factor = site_factor(programme, skill.site, horizon) * calendar_factor(programme, skill.calendar, horizon)
    week = week_shares(pattern, horizon) * factor
    begun = week * _begun(dated, openings, horizon, skill)
    cost = skill.hour_cost * (1 + (0.0 if pattern is None else pattern.premium_share))
    return Present(
        site=skill.site,
        hours=horizon.sums(crew.at_work * begun) * skill.hours_per_week,
        overtime=horizon.sums(crew.full * begun) * skill.overtime_hours_per_week,
        cost=cost,
        overtime_cost=cost * (1 + skill.overtime_premium_share),
        paid=horizon.sums(crew.start * begun) * skill.hours_per_week,
        paid_hires=horizon.sums((crew.in_training + crew.trained) * week) * skill.hours_per_week,
        sway=crew.sway * horizon.sums(begun) * (skill.hours_per_week + skill.overtime_hours_per_week),
    )


def tools(programme: Programme) -> Iterator[tuple[int, Tool]]:
    """Yield the tools at sites (blank: their work centre's) with their row numbers; a supplier's are no resources here."""
    for i, tool in enumerate(programme[Tool].rows()):
        row = programme[WorkCentre].index.get((tool.work_centre,))
        if not tool.supplier:
            yield i, tool if tool.site or row is None else replace(tool, site=str(programme[WorkCentre].site[row]))


def _tool_hours(programme: Programme, horizon: Horizon, tool: Tool, shifts: Worked) -> Daily:
    row = programme[WorkCentre].index.get((tool.work_centre,))
    if row is None:
        return 24 * site_factor(programme, tool.site, horizon)
    return shift_hours(programme, horizon, replace(programme[WorkCentre].row(row), site=tool.site), shifts)


def shift_hours(programme: Programme, horizon: Horizon, centre: WorkCentre, shifts: Worked) -> Daily:
    """Return the hours of one station that is fit to work, by day, under the patterns that its site works."""
    if not centre.shift_pattern or centre.site not in shifts:
        return open_hours(programme, horizon, centre)
    found = np.zeros(len(horizon.days))
    for stay in shifts[centre.site]:
        during = (horizon.days >= stay.first) & (horizon.days <= stay.last)
        found += during * open_hours(programme, horizon, replace(centre, shift_pattern=stay.pattern))
    return found


def open_hours(programme: Programme, horizon: Horizon, centre: WorkCentre) -> Daily:
    """Return the hours of one station of a work centre that is fit to work, by day."""
    factor = site_factor(programme, centre.site, horizon) * calendar_factor(programme, centre.calendar, horizon)
    pattern = pattern_of(programme, centre.shift_pattern)
    if pattern is None:
        return 24 * factor
    most = np.inf if centre.most_shifts is None else centre.most_shifts
    return min(pattern.shifts_per_day, most) * pattern.hours_per_shift * worked(pattern, horizon) * factor


def pattern_of(programme: Programme, name: str) -> ShiftPattern | None:
    """Return a shift pattern, or None where none is named."""
    row = programme[ShiftPattern].index.get((name,))
    return None if row is None else programme[ShiftPattern].row(row)


def worked(pattern: ShiftPattern, horizon: Horizon) -> Daily:
    """Return 1 on the first `days_per_week` weekdays from Monday and 0 on the others, by day."""
    return (weekday(horizon.days) < pattern.days_per_week).astype(np.float64)


def week_shares(pattern: ShiftPattern | None, horizon: Horizon) -> Daily:
    """Return the share of a person's week that falls on each day.

    >>> h = Horizon((0, 7))  # from a Thursday on
    >>> week_shares(ShiftPattern(shift_pattern="4", days_per_week=4), h).tolist()
    [0.25, 0.0, 0.0, 0.0, 0.25, 0.25, 0.25]
    """
    if pattern is None:
        return np.full(len(horizon.days), 1 / 7)
    return worked(pattern, horizon) / max(pattern.days_per_week, 1)


def site_factor(programme: Programme, site: str, horizon: Horizon) -> Daily:
    """Return the factor of a site's calendar by day."""
    row = programme[Site].index.get((site,))
    return calendar_factor(programme, "" if row is None else str(programme[Site].calendar[row]), horizon)


def calendar_factor(programme: Programme, name: str, horizon: Horizon) -> Daily:
    """Return the share of full hours that a calendar works, by day (1 where it is blank)."""
    rows = [r for r in programme[CalendarRow].sorted().rows() if name and r.calendar == name]
    days = horizon.days
    weeks = [(covers(r, days), covers(r, days) & _on(r, days)) for r in rows if r.kind == "week"]
    said = np.any([c for c, _ in weeks], axis=0) if weeks else np.zeros(len(days), dtype=bool)
    on = np.any([o for _, o in weeks], axis=0) if weeks else said
    factor = np.where(said, on, 1.0)
    for r in rows:
        if r.kind == "exception":
            factor[covers(r, days)] = r.factor
    for r in rows:
        if r.kind == "factor":
            factor[covers(r, days)] *= r.factor
    return factor


def covers(row: CalendarRow, days: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say on which days a calendar's row is in force."""
    first = -np.inf if row.from_date is None else number(row.from_date)
    last = np.inf if row.to_date is None else number(row.to_date)
    return (days >= first) & (days <= last)


def _on(row: CalendarRow, days: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.isin(weekday(days), [WEEKDAYS.index(w) for w in row.weekdays or WEEKDAYS])


def _begun(
    dated: Dated, openings: Openings, horizon: Horizon, resource: WorkCentre | Skill | Tool
) -> NDArray[np.bool_]:
    """Say on which days a resource and its site are open."""
    site = dated.programme[Site].index.get((resource.site,))
    first = openings.after(() if site is None else dated.programme[Site].opens_after[site])
    return horizon.days >= max(first, openings.after(resource.opens_after))
