"""Routes: the steps by which an item is made, received or delivered, what they use and what leaves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tandemplan.audit.dated import Dated
from tandemplan.audit.days import number
from tandemplan.audit.hours import SKILL, TOOL, WORK_CENTRE, Resource
from tandemplan.audit.learning import Rate, learnt
from tandemplan.audit.openings import Openings
from tandemplan.model.schema import BomLine, Operation, Skill, Tool, WorkCentre


@dataclass(frozen=True)
class Step:
    """One step: row number of its operation, units entering it per unit started, its hours, its first open day.

    Hours and units are those of an operation that has learnt all.
    """

    row: int
    operation: Operation
    entering: float
    hours: Mapping[Resource, float]
    opens: int


@dataclass(frozen=True)
class Bill:
    """One alternative of an item's bills: its lines, each with the days it is in force and its first open day."""

    lines: tuple[tuple[BomLine, int], ...]

    def in_force(self, day: int) -> list[tuple[BomLine, int]]:
        """Return the lines in force on a day."""
        return [(b, o) for b, o in self.lines if _begins(b) <= day and (b.to_date is None or day <= number(b.to_date))]


@dataclass(frozen=True)
class Route:
    """A way to make an item at a site by one alternative; `good` units leave it per unit started."""

    steps: tuple[Step, ...]
    good: float
    bill: Bill | None


def routes_of(dated: Dated, openings: Openings) -> Mapping[tuple[str, str, str], Route]:
    """Return all routes by item, site and alternative."""
    operations: dict[tuple[str, str], list[tuple[int, Operation]]] = defaultdict(list)
    for i, o in enumerate(dated.programme[Operation].rows()):
        if o.when == "make":
            operations[o.item, o.site].append((i, o))
    bills = bills_of(dated, openings)
    found = {}
    for (item, site), rows in operations.items():
        for alternative, bill in bills.get(item, {"": None}).items():
            steps, good = _chain(dated, openings, steps_of(rows, alternative))
            if steps:
                found[item, site, alternative] = Route(steps, good, bill)
    return found


def bills_of(dated: Dated, openings: Openings) -> Mapping[str, Mapping[str, Bill | None]]:
    """Return the bills of each parent by alternative."""
    lines: dict[str, dict[str, list[tuple[BomLine, int]]]] = defaultdict(lambda: defaultdict(list))
    for b in dated.programme[BomLine].rows():
        lines[b.parent][b.alternative].append((b, openings.after(b.opens_after)))
    return {p: {a: Bill(tuple(found)) for a, found in of.items()} for p, of in lines.items()}


def steps_of(rows: list[tuple[int, Operation]], alternative: str) -> list[tuple[int, Operation]]:
    """Return for each step the row of the alternative, else the row with blank alternative, in order of steps."""
    chosen: dict[int, tuple[int, Operation]] = {}
    for i, o in rows:
        if o.alternative == alternative or (o.alternative == "" and o.step not in chosen):
            chosen[o.step] = (i, o)
    return [chosen[s] for s in sorted(chosen)]


def counter_steps(dated: Dated, openings: Openings, when: str) -> Mapping[tuple[str, str], tuple[Step, ...]]:
    """Return the steps of receipt or delivery by item and site; every unit enters every step."""
    found: dict[tuple[str, str], tuple[Step, ...]] = defaultdict(tuple)
    for i, o in enumerate(dated.programme[Operation].rows()):
        if o.when == when:
            found[o.item, o.site] += (Step(i, o, 1.0, hours_of(o), opening_of(dated, openings, o)),)
    return found


def _chain(dated: Dated, openings: Openings, rows: list[tuple[int, Operation]]) -> tuple[tuple[Step, ...], float]:
    steps, entering = [], 1.0
    for i, o in rows:
        steps.append(Step(i, o, entering, hours_of(o), opening_of(dated, openings, o)))
        entering *= o.yield_mature_share + (1 - o.yield_mature_share) * o.rework_share
    return tuple(steps), entering


def at_rates(route: Route, rates: Sequence[Rate]) -> tuple[tuple[Step, ...], float]:
    """Return the steps of a route, and the good units of one started, at the rates of its operations."""
    steps, entering = [], 1.0
    for step, rate in zip(route.steps, rates, strict=True):
        steps.append(replace(step, entering=entering, hours=hours_of(step.operation, rate)))
        entering *= rate.first_pass + (1 - rate.first_pass) * step.operation.rework_share
    return tuple(steps), entering


def hours_of(o: Operation, rate: Rate | None = None) -> dict[Resource, float]:
    """Return the hours of one unit entering a step, by resource, at a rate (None: all is learnt).

    >>> o = Operation(item="A", work_centre="W", plateau_hours=2.0, setup_hours=4.0, lot_units=8.0,
    ...               yield_mature_share=0.9, rework_share=0.5, rework_hours=1.0)
    >>> round(hours_of(o)[WORK_CENTRE, "W"], 6)
    2.55
    """
    rate = learnt(o) if rate is None else rate
    set_up = 0.0 if whole_lot(o) else o.setup_hours / spread_over(o)
    one = rate.hours + set_up + (1 - rate.first_pass) * o.rework_share * o.rework_hours
    named = {(WORK_CENTRE, o.work_centre): one, (SKILL, o.skill): one, (TOOL, o.tool): o.tool_hours}
    return {(kind, name): hours for (kind, name), hours in named.items() if name}


def whole_lot(o: Operation) -> bool:
    """Say whether an operation is set up for each lot, a lot being what its route starts in a period.

    >>> whole_lot(Operation(item="A", lot_units=8.0)), whole_lot(Operation(item="A"))
    (False, True)
    """
    return o.when == "make" and (o.lot_units is None or o.minimum_lot_units > 0 or o.lot_multiple_units > 0)


def spread_over(o: Operation) -> float:
    """Return the units over which a set-up is spread where lots are not whole (blank: each unit is a lot)."""
    return 1.0 if o.lot_units is None else o.lot_units


def opening_of(dated: Dated, openings: Openings, o: Operation) -> int:
    """Return the first day on which an operation and all that it works with are open."""
    programme = dated.programme
    days = [openings.after(o.opens_after)]
    for row_class, name in ((WorkCentre, o.work_centre), (Skill, o.skill), (Tool, o.tool)):
        table = programme[row_class]
        if (name,) in table.index:
            days.append(openings.after(table.opens_after[table.index[(name,)]]))
    return max(days)


def open_share(dated: Dated, step: Step, day: int) -> float:
    """Return the share by which a step is open on a day: 0 closes it, others lengthen its hours."""
    share = dated.on("operations", step.row, "open_share", day)
    return 0.0 if np.isnan(share) else share


def _begins(line: BomLine) -> int:
    return -(10**9) if line.from_date is None else number(line.from_date)
