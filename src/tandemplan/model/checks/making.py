"""Making: operations have hours, the means that give them, and these at the right site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.checks.facts import Facts, Fault, check
from tandemplan.model.schema import Operation, ShiftPattern, Skill, Tool, WorkCentre
from tandemplan.model.tables import Table

_HOURS = ("plateau_hours", "first_unit_hours", "setup_hours", "tool_hours")
_LOTS = ("setup_cost", "minimum_lot_units", "lot_multiple_units")


@check("no-hours")
def operations_have_hours(facts: Facts) -> Iterator[Fault]:
    """An operation takes hours: a plateau, a first unit, a set-up or tool hours; or it costs a set-up, or keeps a least lot or a multiple.

    One that names a tool takes tool hours.
    """
    table = facts[Operation]
    hours = _hours(table, (*_HOURS, *_LOTS))
    named = table.tool != ""
    for i in np.flatnonzero((hours == 0) | (named & (table.tool_hours == 0))):
        what = f"operation {table.step[i]:g} ({table.when[i]}) of item '{table.item[i]}'"
        if hours[i] == 0:
            message, hint = f"{what} has no hours.", "Give plateau_hours, or tool_hours with a tool."
        else:
            message, hint = f"{what} names tool '{table.tool[i]}' but no tool_hours.", "Give tool_hours."
        yield Fault(table, int(i), message, hint, (*_HOURS, "tool", "item", "step", "when"))


@check("no-resource")
def hours_have_a_resource(facts: Facts) -> Iterator[Fault]:
    """The hours of an operation are taken from a work centre or a skill, its tool hours from a tool."""
    table = facts[Operation]
    work = _hours(table, _HOURS[:3])
    nowhere = (work > 0) & (table.work_centre == "") & (table.skill == "")
    no_tool = (table.tool_hours > 0) & (table.tool == "")
    for i in np.flatnonzero(nowhere | no_tool):
        what = f"operation {table.step[i]:g} ({table.when[i]}) of item '{table.item[i]}'"
        if nowhere[i]:
            message, hint = f"{what} has hours but neither work centre nor skill.", "Name the work centre or the skill."
        else:
            message, hint = f"{what} has tool_hours but no tool.", "Name the tool."
        yield Fault(table, int(i), message, hint, (*_HOURS, "work_centre", "skill", "tool", "item", "step", "when"))


@check("wrong-site", WorkCentre, Skill, Tool, ShiftPattern)
def means_are_at_the_site(facts: Facts) -> Iterator[Fault]:
    """Work centre, skill and tool of an operation are at its site, and the shift pattern that they name is its site's."""
    at = {"work_centre": _sites(facts[WorkCentre]), "skill": _sites(facts[Skill]), "tool": _sites(facts[Tool])}
    patterns = {"shift_pattern": _sites(facts[ShiftPattern])}
    yield from _elsewhere(facts[Operation], at)
    yield from _elsewhere(facts[WorkCentre], patterns)
    yield from _elsewhere(facts[Skill], patterns)
    yield from _elsewhere(facts[Tool], {"work_centre": at["work_centre"]})


CHECKS = (operations_have_hours, hours_have_a_resource, means_are_at_the_site)


def _hours(table: Table[Any], columns: tuple[str, ...]) -> NDArray[np.float64]:
    return np.sum([np.nan_to_num(table.columns[name]) for name in columns], axis=0)  # type: ignore[no-any-return]


def _sites(table: Table[Any]) -> dict[str, str]:
    """Return the site of each row that has one, by name."""
    names = table.columns[table.description.key[0]].tolist()
    return {n: s for n, s in zip(names, table.site.tolist(), strict=True) if n and s}


def _elsewhere(table: Table[Any], at: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    """Yield the rows that name something at another site than their own (blank sites are another check's)."""
    for column, sites in at.items():
        for i, (here, name) in enumerate(zip(table.site.tolist(), table.columns[column].tolist(), strict=True)):
            there = sites.get(name, here)
            if here and there != here:
                message = f"{column} '{name}' is at site '{there}', the row at site '{here}'."
                yield Fault(table, i, message, "Name one at the same site.", ("site", column))
