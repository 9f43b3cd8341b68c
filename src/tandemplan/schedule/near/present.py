"""Stations, people and tool sets of the near horizon: the plan's hours of each period as windows of its days.

What a resource has on a day is shared out among whole stations, which are open for the whole window of the shift, and one whose window
is shorter: 4.65 people in a shift of eight hours are four people, and one for 5.2 hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property

import numpy as np

from tandemplan.arrays import Floats
from tandemplan.calendar import weekdays
from tandemplan.model.schema import CalendarHours, Row, ShiftPattern, Skill, Tool, WorkCentre
from tandemplan.model.tables import from_rows
from tandemplan.network.hours import Daily, daily_hours
from tandemplan.network.openings import TaskDates, task_dates
from tandemplan.results import shape
from tandemplan.schedule.near.horizon import Near

Resource = tuple[str, str]  # kind, name
DAY_HOURS, MORNING = 24.0, 6.0
TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Member:
    """Stations of a resource that are open alike: from `opens` on for `hours` on each day of the horizon."""

    name: str
    stations: int
    opens: Floats
    hours: Floats


@dataclass(frozen=True, eq=False)
class Present:
    """The resources of the near horizon.

    `hours` are those that the plan has of each by day, overtime that it works included, `window` the hours of the day in which its shift
    lies, `standing` by period the hours without what the plan hires and buys.
    """

    near: Near
    hours: Mapping[Resource, Floats]
    window: Mapping[Resource, Floats]
    site: Mapping[Resource, str]
    standing: Mapping[Resource, Floats]

    @cached_property
    def names(self) -> Mapping[Resource, str]:
        """Return what each resource is called in the shop: its name, with its kind where two kinds share it."""
        said = [name for _, name in self.hours]
        return {(k, n): n if said.count(n) == 1 else f"{n} ({k})" for k, n in self.hours}

    @cached_property
    def members(self) -> Mapping[Resource, list[Member]]:
        """Return the stations of each resource, those that are open alike together."""
        return {r: self._members(r) for r in self.hours}

    def _members(self, resource: Resource) -> list[Member]:
        hours, window, name = self.hours[resource], self.window[resource], self.names[resource]
        opens = np.where(window > DAY_HOURS - MORNING, DAY_HOURS - window, MORNING)
        count = np.where(window > 0, hours / np.where(window > 0, window, 1.0), 0.0)
        there = count > TINY
        if not there.any():
            return [Member(name, 1, opens, np.zeros_like(hours))]
        whole = int(np.floor(count[there].min() + TINY))
        found = [("", whole, np.where(there, window, 0.0))] if whole else []
        for k in range(whole, int(np.ceil(count.max() - TINY))):
            found.append((f"station {k + 1}", 1, np.clip(count - k, 0.0, 1.0) * window))
        if len(found) == 1:
            return [Member(name, found[0][1], opens, found[0][2])]
        return [Member(f"{name}: {part or f'stations to {n}'}", n, opens, day) for part, n, day in found]

    def rows(self) -> Iterator[Row]:
        """Yield the work centres of the shop and their calendars; a resource of unlike stations is a pool of them."""
        for resource, members in self.members.items():
            name, site = self.names[resource], self.site[resource]
            if len(members) > 1:
                yield WorkCentre(work_centre=name, site=site)
            for m in members:
                pool = name if len(members) > 1 else ""
                yield WorkCentre(
                    work_centre=m.name, site=site, stations=float(m.stations), pool=pool, hours_calendar=m.name
                )
                yield from self._calendar(m)

    def _calendar(self, member: Member) -> Iterator[Row]:
        yield CalendarHours(calendar=member.name, rank=None, value=0.0)
        spans = [_times(o, h) for o, h in zip(member.opens.tolist(), member.hours.tolist(), strict=True)]
        first = 0
        for day in range(1, len(spans) + 1):
            if day < len(spans) and spans[day] == spans[first]:
                continue
            begin, end = spans[first]
            if begin != end:
                midnight = datetime.combine(self.near.since, time())
                yield CalendarHours(
                    calendar=member.name,
                    rank=first + 1,
                    from_moment=midnight + timedelta(days=first),
                    to_moment=midnight + timedelta(days=day),
                    from_time=begin,
                    to_time=end,
                )
            first = day


def _times(opens: float, hours: float) -> tuple[str, str]:
    """Return when a window begins and ends, as times of day; the end is rounded down to a second.

    >>> _times(6.0, 5.2), _times(0.0, 24.0)
    (('06:00:00', '11:12:00'), ('00:00:00', '24:00:00'))
    """
    begin, end = round(opens * 3600), int((opens + hours) * 3600 + TINY)
    return _clock(begin), _clock(end)


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def present_of(near: Near) -> Present:
    """Return the resources that the plan has in its near horizon, by kind and name."""
    dates = task_dates(near.programme, near.periods, near.cells)
    base = _base(near, dates)
    frame = near.plan[shape.LOAD]
    hours: dict[Resource, Floats] = {}
    day = slice(near.days.start, near.days.stop)
    column = near.periods.of(near.periods.numbers(frame["period_start"], 0))
    for kind, name in dict.fromkeys(zip(frame["kind"].tolist(), frame["resource"].tolist(), strict=True)):
        mine = (frame["kind"] == kind) & (frame["resource"] == name)
        periods = np.zeros(len(near.periods))
        periods[column[mine]] = frame["available_hours"][mine] + frame["overtime_hours"][mine]
        hours[kind, name] = _spread(near, base[kind, name].present, periods)[day]
    sites = {r: base[r].site for r in hours}
    standing = {r: near.periods.sums(base[r].present)[near.first : near.last] for r in hours}
    return Present(near, hours, _windows(near, hours, sites), sites, standing)


def _base(near: Near, dates: dict[str, TaskDates]) -> dict[Resource, Daily]:
    """Return the usual hours of resources by day, under the patterns that their sites work."""
    programme = near.programme
    found = {(r.kind, r.name): r for r in daily_hours(programme, near.cells, dates)}
    for site, stays in near.worked.items():
        for pattern, first, last in stays:
            rows = [
                replace(row, shift_pattern=pattern) if row.site == site and row.shift_pattern else row
                for row in programme[WorkCentre].rows()
            ]
            other = programme.replace(from_rows(WorkCentre, rows))
            cells = replace(near.cells, programme=other)
            span = slice(near.periods.day(first), near.periods.day(last) + 1)
            for r in daily_hours(other, cells, dates):
                if r.site == site and r.kind != "skill":
                    found[r.kind, r.name].present[span] = r.present[span]
    return found


def _spread(near: Near, base: Floats, hours: Floats) -> Floats:
    """Return hours of periods by day: like what is usually worked, evenly where nothing is."""
    starts, lengths = near.periods.starts, near.periods.lengths
    whole = np.repeat(near.periods.sums(base), lengths)
    share = np.where(whole > 0, base / np.where(whole > 0, whole, 1.0), 1.0 / np.repeat(lengths, lengths))
    assert len(starts) == len(hours)
    return np.asarray(share * np.repeat(hours, lengths))


def _windows(near: Near, hours: Mapping[Resource, Floats], sites: Mapping[Resource, str]) -> dict[Resource, Floats]:
    """Return the hours of the shift of each resource by day; people have that of the work centres of their site, but no less than one of them works."""
    programme = near.programme
    centres, found = {r.work_centre: r for r in programme[WorkCentre].rows()}, {}
    for kind, name in hours:
        if kind == "work centre":
            found[kind, name] = _window(near, centres[name], centres[name].site)
    for row in programme[Tool].rows():
        if ("tool", row.tool) in hours:
            centre = centres.get(row.work_centre)
            found["tool", row.tool] = (
                np.full(len(near.days), DAY_HOURS) if centre is None else _window(near, centre, sites["tool", row.tool])
            )
    heads = {(r["skill"], r["period_start"]): r for r in near.within(shape.PEOPLE, "period_start")}
    for skill in programme[Skill].rows():
        if ("skill", skill.skill) in hours:
            found["skill", skill.skill] = _crew(near, skill, hours, found, heads)
    return found


def _window(near: Near, centre: WorkCentre, site: str) -> Floats:
    """Return the open hours of a work centre by day, under the pattern that its site works then; calendars apart."""
    found = np.zeros(len(near.days))
    stays = near.worked.get(site) if centre.shift_pattern else None
    for pattern, first, last in stays or [(centre.shift_pattern, near.since, near.until)]:
        low = near.periods.day(first) - near.days.start
        high = near.periods.day(last) + 1 - near.days.start
        span = slice(max(low, 0), max(high, 0))
        found[span] = _pattern_hours(near, pattern, centre.most_shifts)[span]
    return found


def _pattern_hours(near: Near, name: str, most_shifts: float | None = None) -> Floats:
    """Return the hours of a shift pattern by day (none: all day)."""
    if not name:
        return np.full(len(near.days), DAY_HOURS)
    patterns = near.programme[ShiftPattern]
    pattern = patterns.row(patterns.index[(name,)])
    shifts = pattern.shifts_per_day if most_shifts is None else min(pattern.shifts_per_day, most_shifts)
    week = weekdays(near.since, len(near.days))
    return np.where(week < pattern.days_per_week, min(shifts * pattern.hours_per_shift, DAY_HOURS), 0.0)


def _crew(
    near: Near,
    skill: Skill,
    hours: Mapping[Resource, Floats],
    windows: Mapping[Resource, Floats],
    heads: Mapping[tuple[str, object], Mapping[str, float]],
) -> Floats:
    """Return the hours of the day among which the people of a skill are spread."""
    centres = [r.work_centre for r in near.programme[WorkCentre].rows() if r.site == skill.site]
    shifts = [windows["work centre", c] for c in centres if ("work centre", c) in windows]
    own = _pattern_hours(near, skill.shift_pattern)
    window = np.max([own, *shifts], axis=0) if skill.shift_pattern or not shifts else np.max(shifts, axis=0)
    people = np.zeros(len(near.days))
    for k, day in enumerate(near.days):
        row = heads.get((skill.skill, near.begins(int(near.periods.of(np.array([day]))[0]))))
        people[k] = row["productive"] + row["training"] if row else 0.0
    each = np.where(people > TINY, hours["skill", skill.skill] / np.maximum(people, TINY), 0.0)
    return np.clip(np.maximum(window, each), 0.0, DAY_HOURS)
