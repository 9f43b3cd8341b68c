"""Routes: what a start uses, what comes out, and which hours it takes, at the experience that is assumed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Operation, Skill, Tool, WorkCentre
from tandemplan.model.tables import Table
from tandemplan.network.cells import Cells
from tandemplan.network.learning import Experience, Schools, learning_of, learnt, school
from tandemplan.network.openings import NEVER, TaskDates, opening_days, release_fence
from tandemplan.network.places import only_site

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Resource = tuple[str, str]  # kind, name


@dataclass(frozen=True, eq=False)
class Taught:
    """Who learns from what: each unit started on `route[k]` is one more for the school with the number `school[k]`.

    `assumed` (schools x periods) are the units that each school is taken to have worked on by the end of each period. `row[k]` is the
    operation that learns.
    """

    names: tuple[str, ...]
    route: Ints
    school: Ints
    row: Ints
    assumed: Floats

    @classmethod
    def of(cls, found: Sequence[tuple[int, str, int]], schools: Schools, periods: int) -> Taught:
        """Return who learns from which routes (route, school, row); what `schools` know at the end of each period is assumed."""
        names = tuple(sorted({name for _, name, _ in found}))
        number = {name: k for k, name in enumerate(names)}
        return cls(
            names,
            np.array([r for r, _, _ in found], dtype=np.int64),
            np.array([number[name] for _, name, _ in found], dtype=np.int64),
            np.array([row for _, _, row in found], dtype=np.int64),
            np.array([schools[n].after if n in schools else np.zeros(periods) for n in names]).reshape(-1, periods),
        )

    def made(self, started: Floats) -> Floats:
        """Return the units that each school works on in each period (schools x periods), given units started by route."""
        total = np.zeros(self.assumed.shape)
        pairs = np.unique(np.stack([self.school, self.route]), axis=1)
        np.add.at(total, pairs[0], started[pairs[1]])
        return total

    def routes(self, school: int) -> Ints:
        """Return the routes that teach a school."""
        return np.unique(self.route[self.school == school])


@dataclass(frozen=True, eq=False)
class Production:
    """Routes by period (columns): where they are open, what they use, what they yield, which hours they take.

    `good` units leave per unit started (x periods). `use_route`, `use_node`, `use_quantity` (lines x periods) are components;
    `hour_route`, `hour_resource`, `hour_hours` (x periods) are hours per unit started; `taught` is what they teach.
    """

    open: NDArray[np.bool_]
    good: Floats
    use_route: Ints
    use_item: tuple[str, ...]
    use_quantity: Floats
    hour_route: Ints
    hour_resource: tuple[Resource, ...]
    hour_hours: Floats
    taught: Taught


def steps_of(operations: Table[Operation], here: Sequence[int], alternative: str) -> list[int]:
    """Return the rows of the steps of a route in order; `here` are the rows of its item at its site."""
    chosen: dict[int, int] = {}
    for k in here:
        if operations.when[k] == "make" and operations.alternative[k] in ("", alternative):
            step = int(operations.step[k])
            if step not in chosen or operations.alternative[k]:
                chosen[step] = k
    return [chosen[step] for step in sorted(chosen)]


def classes_of(operations: Table[Operation], steps: Sequence[Sequence[int]]) -> dict[int, str]:
    """Return the school of each operation that learns; `steps` are the rows of the steps of each route.

    Operations whose experience comes of the same routes go to one school, named after the first of them. A route of which two steps learn
    together counts once.
    """
    taught_by: dict[str, set[int]] = defaultdict(set)
    rows: dict[int, str] = {}
    for r, found in enumerate(steps):
        for row in found:
            if learning_of(operations, row).learns:
                rows[row] = school(operations, row)
                taught_by[rows[row]].add(r)
    first: dict[frozenset[int], str] = {}
    for name in sorted(taught_by):
        first.setdefault(frozenset(taught_by[name]), name)
    return {row: first[frozenset(taught_by[name])] for row, name in rows.items()}


def hours_of(operations: Table[Operation], row: int, known: Experience, share: Floats) -> Floats:
    """Return the labour and machine hours of one unit entering a step by period, `share` being its first-pass yield."""
    setup = 0.0 if has_whole_lots(operations, row) else float(operations.setup_hours[row]) / usual_lot(operations, row)
    rework = (1 - share) * float(operations.rework_share[row]) * float(operations.rework_hours[row])
    return learning_of(operations, row).hours(known) + setup + rework


def has_whole_lots(operations: Table[Operation], row: int) -> bool:
    """Say whether an operation is set up once for each period in which its route starts something.

    So it is where no usual lot says how a set-up is spread, or a least lot or a multiple is kept; `docs/semantics.md`, Lots.
    """
    kept = operations.minimum_lot_units[row] > 0 or operations.lot_multiple_units[row] > 0
    return bool(operations.when[row] == "make" and (kept or np.isnan(operations.lot_units[row])))


def usual_lot(operations: Table[Operation], row: int) -> float:
    """Return the units over which a set-up is spread (blank, at receipt or delivery: 1)."""
    return float(np.nan_to_num(operations.lot_units[row], nan=1.0))


def resources_of(operations: Table[Operation], row: int) -> list[tuple[Resource, bool]]:
    """Return the resources of a step; True marks those that take tool hours."""
    found: list[tuple[Resource, bool]] = []
    if operations.work_centre[row]:
        found.append((("work centre", operations.work_centre[row]), False))
    if operations.skill[row]:
        found.append((("skill", operations.skill[row]), False))
    if operations.tool[row]:
        found.append((("tool", operations.tool[row]), True))
    return found


def production_of(
    programme: Programme,
    cells: Cells,
    dates: dict[str, TaskDates],
    routes: tuple[tuple[str, str, str], ...],
    *,
    day: Ints,
    site_opens: dict[str, int],
    schools: Schools | None = None,
) -> Production:
    """Return the routes of a programme; `day` holds the production day of each route in each period.

    `schools` is the experience that each school of operations is taken to have; None, or one that is not in it, has learnt all.
    """
    operations = programme[Operation]
    by_place = rows_by_place(programme)
    opens, fence = operation_openings(programme, dates), release_fence(programme)
    is_open = np.ones(day.shape, dtype=bool)
    good = np.ones(day.shape)
    hours: dict[tuple[int, Resource], Floats] = {}
    taught: list[tuple[int, str, int]] = []
    classes = classes_of(operations, [steps_of(operations, by_place[i, s], a) for i, s, a in routes])
    for r, (item, site, alternative) in enumerate(routes):
        is_open[r] &= (day[r] >= site_opens[site]) & (cells.periods.starts >= fence)
        for row in steps_of(operations, by_place[item, site], alternative):
            is_open[r] &= day[r] >= opens[row]
            share = cells.daily(operations, "open_share", row)[day[r]]
            is_open[r] &= share > 0
            known = (schools or {}).get(classes.get(row, ""), learnt(day.shape[1]))
            if row in classes:
                taught.append((r, classes[row], row))
            first_pass = learning_of(operations, row).share(known)
            labour = hours_of(operations, row, known, first_pass)
            for resource, is_tool in resources_of(operations, row):
                one = float(operations.tool_hours[row]) if is_tool else labour
                taken = good[r] * one / np.where(share > 0, share, 1.0)
                hours[r, resource] = hours.get((r, resource), np.zeros(day.shape[1])) + taken
            good[r] *= first_pass + (1 - first_pass) * float(operations.rework_share[row])
    lines = _bill_lines(programme, dates, routes, day, is_open)
    used = [k for k, h in hours.items() if h.any()]
    return Production(
        open=is_open,
        good=good,
        use_route=np.array([r for r, _, _ in lines], dtype=np.int64),
        use_item=tuple(c for _, c, _ in lines),
        use_quantity=np.array([q for _, _, q in lines]).reshape(len(lines), day.shape[1]),
        hour_route=np.array([r for r, _ in used], dtype=np.int64),
        hour_resource=tuple(resource for _, resource in used),
        hour_hours=np.array([hours[k] for k in used]).reshape(len(used), day.shape[1]),
        taught=Taught.of(taught, schools or {}, day.shape[1]),
    )


def rows_by_place(programme: Programme) -> dict[tuple[str, str], list[int]]:
    """Return the rows of `operations` of each item at each site."""
    operations, blank = programme[Operation], only_site(programme)
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for k, (item, site) in enumerate(zip(operations.item, operations.site, strict=True)):
        found[item, site or blank].append(k)
    return found


def operation_openings(programme: Programme, dates: dict[str, TaskDates]) -> Ints:
    """Return for each operation the day on which it and all of its resources are open."""
    operations = programme[Operation]
    days = opening_days(dates, operations.opens_after)
    for row_class, key in ((WorkCentre, "work_centre"), (Skill, "skill"), (Tool, "tool")):
        table = programme[row_class]
        at = {"": 0, **dict(zip(table.columns[key], opening_days(dates, table.opens_after).tolist(), strict=True))}
        days = np.maximum(days, [at[n] for n in operations.columns[key]])
    return days.astype(np.int64)


def _bill_lines(
    programme: Programme,
    dates: dict[str, TaskDates],
    routes: tuple[tuple[str, str, str], ...],
    day: Ints,
    is_open: NDArray[np.bool_],
) -> list[tuple[int, str, Floats]]:
    """Return (route, component, units by period) of every bill line, and close routes without a line in force."""
    bom = programme[BomLine]
    start = np.datetime64(programme.settings.start, "D")
    first = np.where(np.isnat(bom.from_date), -NEVER, (bom.from_date - start).astype(np.int64))
    last = np.where(np.isnat(bom.to_date), NEVER, (bom.to_date - start).astype(np.int64))
    opens = opening_days(dates, bom.opens_after)
    bills: dict[tuple[str, str], list[int]] = defaultdict(list)
    for k, bill in enumerate(zip(bom.parent, bom.alternative, strict=True)):
        bills[bill].append(k)
    found = []
    for r, (item, _, alternative) in enumerate(routes):
        lines = bills[item, alternative]
        any_in_force = np.zeros(day.shape[1], dtype=bool)
        for k in lines:
            in_force = (day[r] >= first[k]) & (day[r] <= last[k])
            any_in_force |= in_force
            is_open[r] &= ~in_force | (day[r] >= opens[k])
            quantity = float(bom.quantity_units[k]) * (1 + float(bom.scrap_share[k]))
            found.append((r, str(bom.component[k]), np.where(in_force, quantity, 0.0)))
        if lines:
            is_open[r] &= any_in_force
    return found
