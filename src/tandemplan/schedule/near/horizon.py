"""Which part of a plan is scheduled: its periods between two days, and the rows of its tables that fall into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from tandemplan.calendar import Periods, cut
from tandemplan.model.programme import Programme
from tandemplan.network.cells import Cells, cells_of
from tandemplan.results import shape
from tandemplan.results.fields import Shape
from tandemplan.results.store import Run

WEEKS = 4  # of a plan that are scheduled where no end is asked for


class NearError(ValueError):
    """Raised where a plan has no periods between the days that are asked for, or no answer."""


@dataclass(frozen=True, eq=False)
class Near:
    """The periods `first` to `last` (excluded) of a plan; `since` is the first day of the first, `until` the day after the last."""

    programme: Programme
    plan: Run
    periods: Periods
    first: int
    last: int

    @cached_property
    def since(self) -> date:
        """Return the first day."""
        return self.periods.start + timedelta(days=int(self.periods.starts[self.first]))

    @cached_property
    def until(self) -> date:
        """Return the day after the last."""
        end = self.periods.starts[self.last - 1] + self.periods.lengths[self.last - 1]
        return self.periods.start + timedelta(days=int(end))

    @cached_property
    def cells(self) -> Cells:
        """Return the cells of the programme, as they change from day to day."""
        return cells_of(self.programme, self.periods)

    @cached_property
    def days(self) -> range:
        """Return the days, counted from the plan's start."""
        return range(int(self.periods.starts[self.first]), self.periods.day(self.until))

    def within(self, table: Shape, column: str) -> list[dict[str, Any]]:
        """Return the rows of a table of the plan whose day in a column lies between the two days, in order."""
        return [r for r in self.plan.rows(table) if self.since <= r[column] < self.until]

    def period(self, day: date) -> int:
        """Return the period that holds a day."""
        return int(self.periods.of(np.array([self.periods.day(day)]))[0])

    def begins(self, period: int) -> date:
        """Return the first day of a period."""
        return self.periods.start + timedelta(days=int(self.periods.starts[period]))

    def ends(self, period: int) -> date:
        """Return the last day of a period."""
        return self.begins(period) + timedelta(days=int(self.periods.lengths[period]) - 1)

    @cached_property
    def worked(self) -> Mapping[str, Sequence[tuple[str, date, date]]]:
        """Return the patterns that each site with a choice works: name, first and last day."""
        found: dict[str, list[tuple[str, date, date]]] = {}
        for row in self.plan.rows(shape.SHIFTS):
            found.setdefault(row["site"], []).append((row["shift_pattern"], row["first_day"], row["last_day"]))
        return found


def near_of(programme: Programme, plan: Run, since: date | None = None, until: date | None = None) -> Near:
    """Return the periods of a plan from the one that holds `since` to the one that holds the day before `until`.

    Without `since` they begin with the plan, without `until` they are those of four weeks. Raises NearError where there are none, and where
    the plan has no answer.
    """
    if shape.PRODUCTION.name not in plan.tables:
        raise NearError("The plan has no answer, so there is nothing to schedule.")
    assert programme.settings.start is not None
    periods = cut(programme.settings.start, programme.settings.periods)
    end = periods.start + timedelta(days=periods.days)
    since = periods.start if since is None else since
    until = min(since + timedelta(weeks=WEEKS), end) if until is None else until
    if not periods.start <= since < until <= end:
        raise NearError(
            f"There is nothing to schedule from {since} to {until}: the plan has days from {periods.start} on, until {end}."
        )
    first, last = periods.of(np.array([periods.day(since), periods.day(until) - 1])).tolist()
    return Near(programme, plan, periods, first, last + 1)
