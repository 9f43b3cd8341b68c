"""Work centres of a programme for a schedule: members of pools, speeds, working time, set-ups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.model.programme import Programme
from tandemplan.model.schema import ProcessLoad, SetUp, Site, WorkCentre, WorkCentreSkill
from tandemplan.schedule.factory import FOREVER, Resources
from tandemplan.schedule.hours import Hours, Run, constant, least, timeline

HOUR = 3_600


@dataclass
class Stations:
    """The work centres of a programme, numbered in their order; `speeds` are the efficiencies that were asked for."""

    programme: Programme
    hours: Hours
    speeds: list[Run] = field(default_factory=list)
    _speed: dict[frozenset[int], int] = field(default_factory=dict)

    @cached_property
    def rows(self) -> tuple[WorkCentre, ...]:
        """Return the work centres."""
        return tuple(self.programme[WorkCentre].rows())

    @cached_property
    def number(self) -> dict[str, int]:
        """Return the number of each work centre."""
        return {row.work_centre: i for i, row in enumerate(self.rows)}

    def most(self, k: int) -> float:
        """Return the most stations that a work centre ever has."""
        row = self.rows[k]
        return (
            max(self.hours.values(row.stations_calendar)[1].tolist(), default=0.0)
            if row.stations_calendar
            else row.stations
        )

    @cached_property
    def members(self) -> dict[str, list[int]]:
        """Return the members of each work centre: those without members of their own, or itself."""
        below: dict[str, list[str]] = {}
        for row in self.rows:
            below.setdefault(row.pool, []).append(row.work_centre)

        def leaves(name: str) -> list[int]:
            inner = below.get(name)
            return [m for n in inner for m in leaves(n)] if inner else [self.number[name]]

        return {row.work_centre: leaves(row.work_centre) for row in self.rows}

    @cached_property
    def skills(self) -> dict[tuple[int, str], WorkCentreSkill]:
        """Return the skills of work centres."""
        return {(self.number[r.work_centre], r.skill): r for r in self.programme[WorkCentreSkill].rows()}

    @cached_property
    def sites(self) -> dict[str, str]:
        """Return the calendar of each site: by the hour, or by the day, which a `*` says."""
        return {s.site: s.hours_calendar or (s.calendar and f"*{s.calendar}") for s in self.programme[Site].rows()}

    def calendars(self, i: int) -> list[str]:
        """Return the calendars of a work centre and its site."""
        row = self.rows[i]
        own = row.hours_calendar or (row.calendar and f"*{row.calendar}")
        return [own, self.sites.get(row.site, "")]

    def _efficiency(self, i: int) -> Run:
        row = self.rows[i]
        return self.hours.values(row.efficiency_calendar) if row.efficiency_calendar else constant(row.efficiency_share)

    def speed(self, used: list[int]) -> int:
        """Return the number of the least efficiency of some work centres; -1 where it is always 1."""
        key = frozenset(used)
        if key not in self._speed:
            run = least([self._efficiency(i) for i in key]) if key else constant(1.0)
            usual = bool((run[1] == 1).all())
            self._speed[key] = -1 if usual else len(self.speeds)
            self.speeds += [] if usual else [run]
        return self._speed[key]

    def _size(self, i: int) -> Run:
        """Return the stations of a work centre, or what its buckets hold: more where it is faster."""
        row = self.rows[i]
        buckets = row.counts == "buckets"
        at, value = (
            self.hours.values(row.stations_calendar, stretches=buckets)
            if row.stations_calendar
            else constant(row.stations)
        )
        if buckets:
            when, speed = self._efficiency(i)
            value = value * speed[np.searchsorted(when, at, side="right") - 1]
        return at, np.maximum(value, 0.0)

    @cached_property
    def matrices(self) -> tuple[str, ...]:
        """Return the names of set-up matrices."""
        return tuple(dict.fromkeys(self.programme[SetUp].matrix.tolist()))

    @cached_property
    def set_ups(self) -> tuple[str, ...]:
        """Return the names of set-ups that work centres are in or loads ask for."""
        names = [*(r.set_up for r in self.rows), *self.programme[ProcessLoad].set_up.tolist()]
        return tuple(n for n in dict.fromkeys(names) if n)

    def set_up(self, i: int, name: str) -> int:
        """Return the number of a set-up on a work centre; -1 for none, and where it has no matrix."""
        return self.set_ups.index(name) if name and self.rows[i].set_up_matrix else -1

    def changes(self) -> tuple[Ints, Floats]:
        """Return seconds and cost of each change of set-up, by matrix, set-up before (0: none) and after; -1 seconds: it may not be."""
        count = len(self.set_ups)
        seconds = np.full((len(self.matrices), count + 1, count), -1, dtype=np.int64)
        cost = np.zeros(seconds.shape)
        for rule in sorted(self.programme[SetUp].rows(), key=lambda r: r.rank, reverse=True):
            m = self.matrices.index(rule.matrix)
            before = [k for k, name in enumerate(("", *self.set_ups)) if _fits(rule.from_set_up, name)]
            after = [k for k, name in enumerate(self.set_ups) if _fits(rule.to_set_up, name)]
            seconds[np.ix_([m], before, after)] = round(rule.hours * HOUR)
            cost[np.ix_([m], before, after)] = rule.cost
        same = np.arange(count)
        seconds[:, same + 1, same], cost[:, same + 1, same] = 0, 0.0
        return seconds, cost

    def resources(self) -> Resources:
        """Return the work centres as arrays."""
        rows = self.rows
        early = [FOREVER if r.early_hours is None else round(r.early_hours * HOUR) for r in rows]
        matrix = [self.matrices.index(r.set_up_matrix) if r.set_up_matrix else -1 for r in rows]
        return Resources(
            size=timeline([self._size(i) for i in range(len(rows))]),
            buckets=np.array([r.counts == "buckets" for r in rows], dtype=np.int64),
            matrix=np.array(matrix, dtype=np.int64),
            set_up=np.array([self.set_up(i, r.set_up) for i, r in enumerate(rows)], dtype=np.int64),
            early=np.array(early, dtype=np.int64),
            calendar=np.array([self.hours.opening(self.calendars(i)) for i in range(len(rows))], dtype=np.int64),
        )


def _fits(pattern: str, name: str) -> bool:
    return not pattern or re.fullmatch(pattern, name) is not None
