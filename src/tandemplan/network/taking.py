"""One option as a plan would take it: when it may be chosen, and the cells under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.changes import Effect, chosen_on, effects
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Option
from tandemplan.network.cells import Cells, whole_days

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
CHOOSABLE = frozenset({
    ("work_centres", "stations"), ("work_centres", "availability_share"), ("skills", "headcount"), ("tools", "sets"),
    ("offers", "capacity_units_per_week"), ("lanes", "capacity_kg_per_week"), ("sites", "storage_m3"),
    ("sites", "hazard_storage_kg"), ("offers", "qualification_days"), ("tasks", "earliest"), ("tasks", "duration_days"),
})  # fmt: skip
TARGETS = frozenset({"safety_units", "safety_days", "most_units", "most_days"})


class LeftAloneError(Exception):
    """Why an option cannot be chosen by a plan, in words that follow its name."""


@dataclass(frozen=True, eq=False)
class Taken:
    """An option: `there` are the periods on whose first day it may be chosen, `effect` the day from which it is then in effect.

    `cells` are those of the programme with the option chosen as early as it may be, `own` its effects among them.
    """

    name: str
    there: Bools
    effect: Ints
    own: tuple[Effect, ...]
    cells: Cells

    @property
    def tables(self) -> frozenset[str]:
        """Return the tables that it changes."""
        return frozenset(e.table for e in self.own)

    def cells_from(self, day: int) -> Cells:
        """Return the cells with the option in effect from a day on."""
        begin = self.cells.periods.start + timedelta(days=day)
        known = tuple(replace(e, start=begin) if e in self.own else e for e in self.cells.known)
        return replace(self.cells, known=known)


def taken(programme: Programme, cells: Cells, row: int) -> Taken | None:
    """Return an option that is not chosen yet, None where it changes nothing within the plan; raises LeftAloneError."""
    table, periods = programme[Option], cells.periods
    name, lead = str(table.option[row]), int(whole_days([table.lead_days[row]])[0])
    earliest = 0 if np.isnat(table.earliest[row]) else periods.day(table.earliest[row].item())
    effect = periods.starts + lead
    there = (periods.starts >= earliest) & (effect < periods.days)
    if not table.changes[row] or not there.any():
        return None
    day = periods.dates(periods.starts[there][:1])[0].item()
    known, problems = effects(chosen_on(programme, {name: day}))
    if problems:
        raise LeftAloneError(problems[0].message.rstrip("."))
    own = tuple(e for e in known if e.origin == "options" and e.cause == name)
    _may_be_chosen(cells, own)
    return Taken(name, there, effect, own, replace(cells, known=tuple(known)))


def _may_be_chosen(cells: Cells, own: tuple[Effect, ...]) -> None:
    columns = {(e.table, e.column) for e in own}
    if all(t == "stock_policies" and c in TARGETS for t, c in columns):
        raise LeftAloneError("it changes stock targets alone, which serve against what a plan does not know")
    other = sorted(f"{t}.{c}" for t, c in columns - CHOOSABLE)
    if other:
        raise LeftAloneError(f"it changes {', '.join(other)}, which plans cannot choose about yet")
    for effect in own:
        for row in effect.rows if effect.operation == "set" else ():
            table = cells.programme[TABLES[effect.table]]
            if any(e.operation == "set" for e in cells.on(table, effect.column, row)):
                raise LeftAloneError(f"another effect sets {effect.table}.{effect.column} of the same row, too")


def clashes(options: list[Taken]) -> list[tuple[int, int]]:
    """Return the pairs of options that cannot both be chosen: what they change does not add up.

    Additions to one column of a row add up; everything else that two options do to one row is left to one of them.
    """
    cells = [_changed(o) for o in options]
    return [
        (a, b)
        for b in range(len(options))
        for a in range(b)
        if any(
            cells[a][row] | cells[b][row] != {("add", column)} or row[0] == "tasks"
            for row in cells[a].keys() & cells[b].keys()
            for column in [next(iter(cells[a][row]))[1]]
        )
    ]


def _changed(option: Taken) -> dict[tuple[str, int], set[tuple[str, str]]]:
    """Return by row what an option does to it: operations and columns."""
    found: dict[tuple[str, int], set[tuple[str, str]]] = {}
    for effect in option.own:
        for row in effect.rows:
            found.setdefault((effect.table, row), set()).add((effect.operation, effect.column))
    return found
