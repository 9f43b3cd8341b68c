"""Operations that learn, as a run tells them: hours of one unit, yield, and units made, period by period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Operation, Skill, WorkCentre
from tandemplan.report.facts import Cells, item_names, row_names, rows
from tandemplan.results.shape import LEARNING
from tandemplan.results.store import Run

HOURS, YIELD = "hours_per_unit", "first_pass_share"
NEAR, STILL = 0.1, 0.01  # shares of what there is to learn
ROUNDING = 1e-6


@dataclass(frozen=True)
class Learner:
    """One operation that learns, with its rows of the table `learning` in order of time."""

    operation: Operation
    place: str
    item: str
    rows: tuple[Cells, ...]

    @property
    def name(self) -> str:
        """Return what it is called: where it is done, on what, and by which alternative."""
        o = self.operation
        return f"{self.place}: {self.item}" + (f" ({o.alternative})" if o.alternative else "")

    @property
    def first_hours(self) -> float:
        """Return the hours of the first unit."""
        first = self.operation.first_unit_hours
        return float(self.operation.plateau_hours if first is None else first)

    @property
    def learns_hours(self) -> bool:
        """Tell whether its hours fall."""
        return bool(self.operation.learning_slope < 1 and self.first_hours > self.operation.plateau_hours)

    @property
    def first_yield(self) -> float:
        """Return the first-pass yield of the first unit."""
        start = self.operation.yield_start_share
        return float(self.operation.yield_mature_share if start is None else start)

    @property
    def learns_yield(self) -> bool:
        """Tell whether its yield rises."""
        o = self.operation
        return bool(o.yield_learning_units and self.first_yield < o.yield_mature_share)

    @property
    def work(self) -> float:
        """Return the hours of work in all units that it starts."""
        return float(sum(r["units"] * r["hours_per_unit"] for r in self.rows))

    @property
    def rejected(self) -> float:
        """Return the units of all that it starts which fail the first time."""
        return float(sum(r["units"] * (1 - r["first_pass_share"]) for r in self.rows))

    @property
    def units(self) -> float:
        """Return the units that its routes start."""
        return float(sum(r["units"] for r in self.rows))

    def made_by(self, day: date) -> float:
        """Return the units made before a day by all that it learns with, as far as its own rows know."""
        later = next((r for r in self.rows if r["period_start"] >= day), None)
        last = self.rows[-1]
        return float(later["experience_units"] if later else last["experience_units"] + last["units"])

    def near(self, column: str) -> date | None:
        """Return the first period from which on `hours_per_unit` or `first_pass_share` is near what it is when all is learnt.

        Near: a tenth or less of the way from the first unit is left.
        """
        first, goal = self.way(column)
        left = (r for r in self.rows if abs(r[column] - goal) <= NEAR * abs(first - goal) + ROUNDING)
        return next((r["period_start"] for r in left), None)

    def moves(self, column: str) -> bool:
        """Tell whether a hundredth or more of the way is still to go when the plan begins to make something."""
        first, goal = self.way(column)
        return bool(abs(self.rows[0][column] - goal) > STILL * abs(first - goal))

    def way(self, column: str) -> tuple[float, float]:
        """Return what `hours_per_unit` or `first_pass_share` is for the first unit, and when all is learnt."""
        o = self.operation
        hours, share = (self.first_hours, o.plateau_hours), (self.first_yield, o.yield_mature_share)
        return hours if column == HOURS else share


def learners(run: Run, programme: Programme) -> list[Learner]:
    """Return the operations that learn and are done in the plan, those with most hours of work first."""
    found: dict[tuple[str, str, str, int], list[Cells]] = defaultdict(list)
    for r in rows(run, LEARNING):
        found[r["item"], r["site"], r["alternative"], r["step"]].append(r)
    if not found:
        return []
    places, items = {**row_names(programme, Skill), **row_names(programme, WorkCentre)}, item_names(programme)
    known = {(o.item, o.site, o.alternative, o.step): o for o in programme[Operation].rows() if o.when == "make"}
    made = [
        Learner(known[key], _place(known[key], places), items.get(key[0], key[0]), tuple(_in_time(members)))
        for key, members in found.items()
        if key in known
    ]
    return sorted(made, key=lambda x: (-x.work, x.name, x.operation.step))


def _in_time(members: Sequence[Cells]) -> list[Cells]:
    return sorted(members, key=lambda r: r["period_start"])


def _place(operation: Operation, places: dict[str, str]) -> str:
    where = operation.work_centre or operation.skill
    return places.get(where, where) or f"Step {operation.step}"
