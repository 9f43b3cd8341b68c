"""Work on a unit: the steps of a route, of receipt or of delivery, with the hours of each at the experience that the plan prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from tandemplan.model.schema import BomLine, Operation, Site
from tandemplan.network.learning import learning_of, learnt
from tandemplan.network.making import Resource, has_whole_lots, resources_of, rows_by_place, steps_of, usual_lot
from tandemplan.results import shape
from tandemplan.schedule.near.horizon import Near

TINY = 1e-9


@dataclass(frozen=True)
class Piece:
    """A piece of work: hours of each unit that comes to the route, and of a lot as a whole, on one of each resource at the same time."""

    name: str
    unit_hours: float
    lot_hours: float
    resources: tuple[Resource, ...]


@dataclass(frozen=True, eq=False)
class Shop:
    """The operations of a programme as its plan prints what they have learnt."""

    near: Near

    @cached_property
    def _operations(self) -> Mapping[tuple[str, str], list[int]]:
        return rows_by_place(self.near.programme)

    @cached_property
    def _learnt(self) -> Mapping[tuple[object, ...], tuple[float, float]]:
        """Return hours of a unit and first-pass share of each step that learns, by operation and period."""
        return {
            (r["item"], r["site"], r["alternative"], r["step"], r["period_start"]): (
                r["hours_per_unit"],
                r["first_pass_share"],
            )
            for r in self.near.plan.rows(shape.LEARNING)
        }

    def route(self, item: str, site: str, alternative: str, day: date) -> list[Piece]:
        """Return the work of a route whose production day is given; what is lost on the way takes no more hours."""
        table, pieces, entering = self.near.programme[Operation], [], 1.0
        here = self._operations.get((item, site), [])
        for row in steps_of(table, here, alternative):
            labour, share = self._labour(row, self.near.begins(self.near.period(day)))
            pieces += self._pieces(row, day, entering, labour)
            entering *= share + (1 - share) * float(table.rework_share[row])
        return pieces

    def handling(self, item: str, site: str, when: str, day: date) -> list[Piece]:
        """Return the work of receipt or delivery of a unit on a day."""
        table = self.near.programme[Operation]
        rows = [k for k in self._operations.get((item, site), []) if table.when[k] == when]
        return [
            p
            for k in sorted(rows, key=lambda k: int(table.step[k]))
            for p in self._pieces(k, day, 1.0, self._labour(k, day)[0])
        ]

    def _labour(self, row: int, begins: date) -> tuple[float, float]:
        """Return the hours of one unit entering a step, set-ups of usual lots and rework included, and its first-pass share."""
        table = self.near.programme[Operation]
        learns = learning_of(table, row)
        hours, share = float(learns.hours(learnt(1))[0]), float(learns.share(learnt(1))[0])
        name = (table.item[row], table.site[row], table.alternative[row], int(table.step[row]), begins)
        if learns.learns and name in self._learnt:
            hours, share = self._learnt[name]
        spread = 0.0 if has_whole_lots(table, row) else float(table.setup_hours[row]) / usual_lot(table, row)
        again = (1 - share) * float(table.rework_share[row]) * float(table.rework_hours[row])
        return hours + spread + again, share

    def _pieces(self, row: int, day: date, entering: float, labour: float) -> list[Piece]:
        """Return the work of a step: first with its tool, then without where the tool takes fewer hours."""
        near, table = self.near, self.near.programme[Operation]
        number = near.periods.day(day)
        open_share = near.cells.daily(table, "open_share", row)[min(max(number, 0), near.periods.days - 1)]
        scale = entering / float(open_share) if open_share > 0 else entering
        labour, tool = labour * scale, float(table.tool_hours[row]) * scale
        lot = float(table.setup_hours[row]) if has_whole_lots(table, row) else 0.0
        lot = lot / float(open_share) if open_share > 0 else lot
        found = resources_of(table, row)
        people = tuple(r for r, is_tool in found if not is_tool)
        sets = tuple(r for r, is_tool in found if is_tool)
        name = f"{int(table.step[row])}"
        both = min(labour, tool) if people and sets else 0.0
        pieces = [
            Piece(f"{name} with tool", both, 0.0, people + sets),
            Piece(name, labour - both, lot, people),
            Piece(f"{name} tool", tool - both, 0.0, sets),
        ]
        return [p for p in pieces if p.resources and p.unit_hours + p.lot_hours > TINY]

    def bill(self, item: str, alternative: str, day: date) -> Mapping[str, float]:
        """Return the components of a unit started, in force on a day, scrap included."""
        found: dict[str, float] = {}
        for line in self._bills.get((item, alternative), []):
            if (line.from_date or date.min) <= day <= (line.to_date or date.max):
                units = line.quantity_units * (1 + line.scrap_share)
                found[line.component] = found.get(line.component, 0.0) + units
        return found

    @cached_property
    def _bills(self) -> Mapping[tuple[str, str], list[BomLine]]:
        found: dict[tuple[str, str], list[BomLine]] = {}
        for line in self.near.programme[BomLine].rows():
            found.setdefault((line.parent, line.alternative), []).append(line)
        return found

    def opens(self, item: str, site: str, alternative: str) -> date:
        """Return the first day on which a route is open: what its steps, its bill and its site wait for is done."""
        programme = self.near.programme
        table = programme[Operation]
        waits = {
            t
            for row in steps_of(table, self._operations.get((item, site), []), alternative)
            for t in table.opens_after[row]
        }
        waits |= {t for line in self._bills.get((item, alternative), []) for t in line.opens_after}
        waits |= {t for row in programme[Site].rows() if row.site == site for t in row.opens_after}
        return max((self._ends[t] for t in waits if t in self._ends), default=self.near.since)

    @cached_property
    def _ends(self) -> Mapping[str, date]:
        return {r["task"]: r["end"] for r in self.near.plan.rows(shape.TASKS) if r["occurrence"] == 1}


def hours_of(pieces: Sequence[Piece], units: float, lots: int = 1) -> dict[Resource, float]:
    """Return the hours that units take of each resource, `lots` times what a lot takes."""
    found: dict[Resource, float] = {}
    for piece in pieces:
        for resource in piece.resources:
            found[resource] = found.get(resource, 0.0) + piece.unit_hours * units + piece.lot_hours * lots
    return found


def merged(pieces: Sequence[Piece], lots: int) -> list[Piece]:
    """Return the work of one of several lots of a start, which share the set-ups of its whole lot."""
    return [replace(p, lot_hours=p.lot_hours / lots) for p in pieces]


def most_lots(pieces: Sequence[Piece], units: float, most: int, shift: float) -> int:
    """Return in how many equal lots a start goes through the shop: so that none works longer at a step than a shift.

    >>> most_lots([Piece("10", 4.0, 0.0, ())], 10.0, 16, 8.0), most_lots([Piece("10", 4.0, 0.0, ())], 1.5, 16, 2.0)
    (5, 2)
    """
    longest = max((p.unit_hours * units + p.lot_hours for p in pieces), default=0.0)
    wanted = int(np.ceil(longest / shift - 1e-6))
    return max(1, min(wanted, most, int(np.ceil(units - 1e-6))))
