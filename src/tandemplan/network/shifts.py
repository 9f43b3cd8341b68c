"""Shift patterns that a site may choose among, and the hours and the pay that hang on the choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.calendar import Periods
from tandemplan.model.programme import Programme
from tandemplan.model.schema import ShiftPattern, Skill, Tool, WorkCentre
from tandemplan.model.tables import Table
from tandemplan.network.cells import whole_days
from tandemplan.network.hours import Hours

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
HoursOf = Callable[[Programme], Hours]


@dataclass(frozen=True)
class Choice:
    """A site, the row of the pattern that its work centres name, and the rows of all patterns that it may choose, that one first."""

    site: str
    patterns: tuple[int, ...]

    @property
    def initial(self) -> int:
        """Return the row of the pattern worked at the start."""
        return self.patterns[0]


@dataclass(frozen=True, eq=False)
class Shifts:
    """Sites with a choice of patterns. Entry e is a pattern, row `row[e]` of its table, at choice `of[e]`; a site that gains by none has no entries.

    By entry: `name` as the user reads it, `initial` whether it is worked at the start, `begins` (entries x periods) whether it may be
    worked from the first day of a period on when it was not before, `stay` days that it is kept at least, and `premium` what it adds to
    pay, as a share. Pair p is a `resource` (row in `Hours`) whose hours follow entry `entry[p]`: `present` hours of what is there and
    `each` of one more station or set (pairs x periods). `paid[c]` are the skills (rows in `Hours`) at choice c whose pay follows.
    `rank` orders the entries of each choice by hours a week, from 0 on. `lasts` tells which entries must be kept for longer than a period in which they begin.
    """

    choices: tuple[Choice, ...]
    of: Ints
    row: Ints
    name: tuple[str, ...]
    initial: Bools
    begins: Bools
    stay: Ints
    premium: Floats
    entry: Ints
    resource: Ints
    present: Floats
    each: Floats
    paid: tuple[Ints, ...]
    lasts: Bools
    rank: Ints

    @property
    def open(self) -> Bools:
        """Return in which periods each entry may be worked."""
        return self.begins | self.initial[:, None]

    @property
    def levels(self) -> Bools:
        """Return in which periods a pattern of an entry's rank or a higher one may be worked; of the lowest rank, none."""
        above = (self.of[:, None] == self.of) & (self.rank[:, None] <= self.rank)
        return np.asarray((above.astype(np.int64) @ self.open > 0) & (self.rank > 0)[:, None])

    def varying(self, resource: int) -> Bools:
        """Return in which periods the hours of one more station or set hang on the choice."""
        mine = np.flatnonzero(self.resource == resource)
        if not len(mine):
            return np.zeros(self.each.shape[1], dtype=bool)
        there = self.open[self.entry[mine]]
        high = np.where(there, self.each[mine], -np.inf).max(axis=0)
        return np.asarray(high > np.where(there, self.each[mine], np.inf).min(axis=0))


def shifts_of(programme: Programme, periods: Periods, hours: Hours, hours_of: HoursOf) -> Shifts:
    """Return the choices of a checked programme; `hours_of` gives the hours of a programme with other patterns."""
    table, choices = programme[ShiftPattern], choices_of(programme)
    found = [(c, row) for c, choice in enumerate(choices) for row in _worth_choosing(table, choice)]
    rows, stay = ints(row for _, row in found), whole_days(table.shortest_stay_days[ints(row for _, row in found)])
    initial = np.array([row == choices[c].initial for c, row in found], dtype=bool)
    first = np.maximum(whole_days(table.notice_days[rows]), periods.numbers(table.earliest[rows], 0))
    usual = table.premium_share[ints(choices[c].initial for c, _ in found)]
    pairs = [
        (e, k, other.present[k], other.each[k])
        for e, (c, row) in enumerate(found)
        for other in [hours_of(working(programme, choices[c], row))]
        for k in _followers(programme, hours, choices[c])
    ]
    blank = np.zeros((0, len(periods)))
    return Shifts(
        choices=choices,
        of=ints(c for c, _ in found),
        row=rows,
        name=tuple(f"{table.shift_pattern[r]}{'@' + choices[c].site if choices[c].site else ''}" for c, r in found),
        initial=initial,
        begins=(periods.starts >= first[:, None]).reshape(len(found), len(periods)),
        stay=stay,
        premium=np.maximum(table.premium_share[rows] - usual, 0.0),
        entry=ints(p[0] for p in pairs),
        resource=ints(p[1] for p in pairs),
        present=np.array([p[2] for p in pairs]) if pairs else blank,
        each=np.array([p[3] for p in pairs]) if pairs else blank,
        paid=tuple(_paid(programme, hours, choice) for choice in choices),
        rank=_ranks(table, found),
        lasts=np.asarray(stay > np.diff(periods.starts).min(initial=10**9)),
    )


def choices_of(programme: Programme) -> tuple[Choice, ...]:
    """Return the sites with a choice: their work centres name one pattern between them, and there is another that they may choose."""
    centres, table = programme[WorkCentre], programme[ShiftPattern]
    at = {p: k for k, p in enumerate(table.shift_pattern)}
    named: dict[str, dict[int, None]] = {}
    for site, pattern in zip(centres.site.tolist(), centres.shift_pattern.tolist(), strict=True):
        if pattern:
            named.setdefault(site, {})[at[pattern]] = None
    found = []
    for site, (first, *others) in ((s, tuple(n)) for s, n in named.items()):
        more = [k for k, its in enumerate(table.site.tolist()) if its in ("", site) and k != first]
        if not others and more:
            found.append(Choice(site, (first, *more)))
    return tuple(found)


def _worth_choosing(table: Table[ShiftPattern], choice: Choice) -> list[int]:
    """Return the patterns that no other of the choice is as good as in everything; none where the first is all that is left."""
    numbers = np.stack([
        -table.shifts_per_day, -table.hours_per_shift, -table.days_per_week, table.premium_share, table.notice_days,
        table.shortest_stay_days, np.where(np.isnat(table.earliest), -np.inf, table.earliest.astype("datetime64[D]").astype(np.float64)),
    ])  # fmt: skip
    kept: list[int] = []
    for row in choice.patterns:
        others = [o for o in choice.patterns if o != row and (numbers[:, o] <= numbers[:, row]).all()]
        same = [o for o in others if (numbers[:, o] == numbers[:, row]).all() and o not in kept]
        if row == choice.initial or len(others) == len(same):
            kept.append(row)
    return kept if len(kept) > 1 else []


def _ranks(table: Table[ShiftPattern], found: list[tuple[int, int]]) -> Ints:
    """Return the place of each pattern, given as choice and row, among those of its choice by hours a week."""
    weekly = table.shifts_per_day * table.hours_per_shift * table.days_per_week
    order = sorted(found, key=lambda f: (f[0], float(weekly[f[1]]), f[1]))
    first = {c: k for k, (c, _) in reversed(list(enumerate(order)))}
    return ints(order.index(f) - first[f[0]] for f in found)


def working(programme: Programme, choice: Choice, row: int) -> Programme:
    """Return the programme with the work centres of a site under another pattern from the start."""
    centres, names = programme[WorkCentre], programme[ShiftPattern].shift_pattern
    follow = (centres.site == choice.site) & (centres.shift_pattern != "")
    return programme.replace(
        centres.with_column("shift_pattern", np.where(follow, names[row], centres.shift_pattern).astype(object))
    )


def _followers(programme: Programme, hours: Hours, choice: Choice) -> list[int]:
    """Return the work centres, and tools at them, whose hours follow the choice."""
    other = _named(programme, choice)
    return [k for k, r in enumerate(zip(hours.kinds, hours.names, strict=True)) if r in other]


def _named(programme: Programme, choice: Choice) -> set[tuple[str, str]]:
    centres, tools = programme[WorkCentre], programme[Tool]
    follow = set(centres.work_centre[(centres.site == choice.site) & (centres.shift_pattern != "")].tolist())
    at = zip(tools.tool.tolist(), tools.work_centre.tolist(), strict=True)
    return {*(("work centre", w) for w in follow), *(("tool", t) for t, w in at if w in follow)}


def _paid(programme: Programme, hours: Hours, choice: Choice) -> Ints:
    """Return the skills at a site whose pattern is the one worked at the start."""
    skills, name = programme[Skill], programme[ShiftPattern].shift_pattern[choice.initial]
    mine = set(skills.skill[(skills.site == choice.site) & (skills.shift_pattern == name)].tolist())
    return ints(k for k, r in enumerate(zip(hours.kinds, hours.names, strict=True)) if r[0] == "skill" and r[1] in mine)
