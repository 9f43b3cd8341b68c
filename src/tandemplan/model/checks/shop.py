"""The shop: times of day, calendars by the hour, patterns of set-ups, what belongs to what, lots and orders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from tandemplan.model.cells import CellError
from tandemplan.model.checks.cycles import cycles
from tandemplan.model.checks.facts import Facts, Fault, check
from tandemplan.model.phrases import seconds_of_day
from tandemplan.model.schema import (
    CalendarHours,
    Demand,
    Process,
    ProcessLoad,
    ProcessOrder,
    ProcessWait,
    Row,
    SetUp,
    WorkCentre,
    WorkCentreSkill,
)
from tandemplan.model.tables import Table
from tandemplan.problems import did_you_mean

_TIMES: tuple[tuple[type[Row], tuple[str, ...]], ...] = (
    (CalendarHours, ("from_time", "to_time")),
    (Demand, ("due_time", "latest_time")),
)
_PARENTS: tuple[tuple[type[Row], str], ...] = ((Process, "part_of"), (WorkCentre, "pool"), (ProcessOrder, "part_of"))
_DATED = ("from_moment", "to_moment", "weekdays", "from_time", "to_time")


@check("not-a-time")
def times_can_be_read(facts: Facts) -> Iterator[Fault]:
    """A time of day is written 06:00 or 06:00:30, from 00:00 to 24:00; in a rule of a calendar, the last is after the first."""
    for row_class, columns in _TIMES:
        table = facts[row_class]
        for column in columns:
            for i, text in enumerate(table.columns[column].tolist()):
                if text and (said := _no_time(text)):
                    yield Fault(table, i, f"{column} is {said}", "Write it as 06:00.", (column,))
    said = _no_time(facts.programme.settings.start_time)
    if said and not facts.doubts.of_setting("start_time"):
        yield Fault(None, 0, f"start_time is {said}", "Write it as 06:00.")
    table = facts[CalendarHours]
    for i, (first, last) in enumerate(zip(table.from_time.tolist(), table.to_time.tolist(), strict=True)):
        if first and last and not _no_time(first) and not _no_time(last) and _day(last) <= _day(first):
            message = f"to_time is {last}, not after from_time, which is {first}."
            yield Fault(table, i, message, "Write a rule until 24:00, and one for the next day.", _TIMES[0][1])


@check("default-with-limits")
def defaults_hold_always(facts: Facts) -> Iterator[Fault]:
    """The row of a calendar by the hour without a rank is its default: it has no moments, weekdays or times of day."""
    table = facts[CalendarHours]
    for i in np.flatnonzero(np.isnan(table.rank)).tolist():
        row = table.row(i)
        limits = [name for name in _DATED if getattr(row, name)]
        if limits:
            message = f"calendar '{row.calendar}' has {limits[0]} in its default, the row without a rank."
            yield Fault(table, i, message, "Give the row a rank.", ("rank", *_DATED))


@check("bad-pattern")
def patterns_can_be_read(facts: Facts) -> Iterator[Fault]:
    """The set-ups before and after a change are regular expressions."""
    table = facts[SetUp]
    for column in ("from_set_up", "to_set_up"):
        for i, text in enumerate(table.columns[column].tolist()):
            try:
                re.compile(text)
            except re.error as error:
                message = f"{column} is '{text}', which is no regular expression ({error})."
                yield Fault(table, i, message, "Write the name of the set-up, or leave it blank for any.", (column,))


@check("shop-cycle")
def nothing_is_part_of_itself(facts: Facts) -> Iterator[Fault]:
    """No process, work centre or order is part of itself, and no process waits for itself, directly or through others."""
    for row_class, column in _PARENTS:
        table = facts[row_class]
        yield from _circles(table, table.description.key[0], column)
    yield from _circles(facts[ProcessWait], "process", "waits_for")


@check("no-place")
def processes_say_where(facts: Facts) -> Iterator[Fault]:
    """A process that buys or moves names its item, and one that moves the site it moves from."""
    table = facts[Process]
    for i in np.flatnonzero(np.isin(table.kind, ("buy", "move")) & (table.item == "")).tolist():
        message = f"process '{table.process[i]}' is to {table.kind[i]}, but names no item."
        yield Fault(table, i, message, "Name the item.", ("kind", "item"))
    for i in np.flatnonzero((table.kind == "move") & (table.from_site == "")).tolist():
        message = f"process '{table.process[i]}' is to move, but names no from_site."
        yield Fault(table, i, message, "Name the site that it moves from.", ("kind", "from_site"))


@check("no-delivery", Process)
def demands_are_delivered_by_deliveries(facts: Facts) -> Iterator[Fault]:
    """A process that a demand names is one that delivers."""
    kinds = dict(zip(facts[Process].process.tolist(), facts[Process].kind.tolist(), strict=True))
    table = facts[Demand]
    for i, names in enumerate(table.processes.tolist()):
        for name in names:
            if kinds.get(name, "deliver") != "deliver":
                message = f"process '{name}' is to {kinds[name]}, so it delivers nothing."
                yield Fault(table, i, message, "Name processes of the kind deliver.", ("processes",))


@check("delivery-steps", Process)
def deliveries_have_no_steps(facts: Facts) -> Iterator[Fault]:
    """A step is part of a process that makes something: a delivery, a purchase or a move has none."""
    table = facts[Process]
    kinds = dict(zip(table.process.tolist(), table.kind.tolist(), strict=True))
    for i, route in enumerate(table.part_of.tolist()):
        if kinds.get(route, "make") != "make":
            message = f"process '{table.process[i]}' is a step of '{route}', which is to {kinds[route]}."
            hint = "Let the route make an item that is delivered, or drop part_of."
            yield Fault(table, i, message, hint, ("part_of",))


@check("delivery-lots", Process)
def deliveries_are_of_any_size(facts: Facts) -> Iterator[Fault]:
    """A delivery is of any size: it has neither a largest lot nor multiples."""
    table = facts[Process]
    for i in np.flatnonzero((table.kind == "deliver") & ((table.most_units > 0) | (table.multiple_units > 0))).tolist():
        message = f"process '{table.process[i]}' delivers, in lots of a largest size or of multiples."
        hint = "Let a process of the kind make have the lots, and deliver what it makes."
        yield Fault(table, i, message, hint, ("most_units", "multiple_units"))


@check("unknown-skill", WorkCentreSkill)
def skills_are_had(facts: Facts) -> Iterator[Fault]:
    """The skill that a load asks for is one that its work centre has, or a member of its pool."""
    had = set(zip(facts[WorkCentreSkill].work_centre.tolist(), facts[WorkCentreSkill].skill.tolist(), strict=True))
    known = {skill for _, skill in had} - {""}
    pools = dict(zip(facts[WorkCentre].work_centre.tolist(), facts[WorkCentre].pool.tolist(), strict=True))
    can = {(above, skill) for name, skill in had for above in _above(pools, name)}
    table = facts[ProcessLoad]
    for i, (name, skill) in enumerate(zip(table.work_centre.tolist(), table.skill.tolist(), strict=True)):
        if skill and skill not in known:
            message = f"skill '{skill}' is not in work_centre_skills."
            yield Fault(table, i, message, did_you_mean(skill, known), ("skill",))
        elif skill and (name, skill) not in can:
            message = f"neither work centre '{name}' nor a member of it has the skill '{skill}'."
            yield Fault(
                table, i, message, "Give one of them the skill in work_centre_skills.", ("work_centre", "skill")
            )


@check("order-without-moment")
def orders_say_when(facts: Facts) -> Iterator[Fault]:
    """A given order says when it starts or ends, and does not end before it starts."""
    table = facts[ProcessOrder]
    for i in np.flatnonzero(np.isnat(table.start) & np.isnat(table.end)).tolist():
        message = f"order '{table.order[i]}' says neither start nor end."
        yield Fault(table, i, message, "Give one of them.", ("start", "end"))


CHECKS = (
    times_can_be_read,
    defaults_hold_always,
    patterns_can_be_read,
    nothing_is_part_of_itself,
    deliveries_have_no_steps,
    deliveries_are_of_any_size,
    processes_say_where,
    demands_are_delivered_by_deliveries,
    skills_are_had,
    orders_say_when,
)


def _above(pools: dict[str, str], name: str) -> Iterator[str]:
    """Yield a work centre, its pool, the pool of that and so on; each once, as pools may be in a circle."""
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        yield name
        name = pools.get(name, "")


def _day(text: str) -> int:
    return seconds_of_day(text, 0)


def _no_time(text: str) -> str:
    """Return why a text is no time of day, or the empty text."""
    try:
        seconds_of_day(text, 0)
    except CellError as error:
        return error.message
    return ""


def _circles(table: Table[Any], child: str, parent: str) -> Iterator[Fault]:
    """Yield one row for each circle of names that one column leads from and another to."""
    lines = list(zip(table.columns[child].tolist(), table.columns[parent].tolist(), strict=True))
    graph: dict[str, list[str]] = {}
    for name, above in lines:
        if name and above:
            graph.setdefault(name, []).append(above)
    for way in cycles(graph):
        i = lines.index((way[-2], way[-1]))
        message = f"{parent} goes in a circle: {' -> '.join(way)}."
        yield Fault(table, i, message, "Cut it at one row.", (child, parent))
