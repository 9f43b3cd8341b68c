"""Programmes made from other programmes, or from nothing but rows: read and checked like files, with all faults at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tandemplan.model.checks import check_programme
from tandemplan.model.programme import Programme
from tandemplan.model.reading import parse_table, settings_of
from tandemplan.model.schema import TABLES, Settings
from tandemplan.model.tables import Table, empty
from tandemplan.problems import Problem, ProgrammeFaultsError, did_you_mean, in_order

PROGRAMME = "programme"
OF_PLAN = {
    "work_centres": ("stations", "shift_pattern", "calendar"),
    "skills": ("headcount", "hours_per_week", "shift_pattern", "calendar", "attrition_per_year"),
    "tools": ("sets",),
    "shift_patterns": ("shifts_per_day", "days_per_week", "hours_per_shift"),
    "calendars": ("factor",),
}  # what a simulation takes from its plan, by table and column


def with_rows(programme: Programme, given: Mapping[str, Any]) -> Programme:
    """Return the programme with tables and settings replaced by what is given for their names.

    A table is given as a `Table`, a pandas frame, or a list of dicts or row values; a setting as a value or its text.
    Raises ProgrammeFaultsError with all problems of the programme that this makes.
    """
    problems = _unknown(given)
    settings, more = _settings(programme.settings, given)
    problems += more
    tables = dict(programme.tables)
    for name in [n for n in given if n in TABLES]:
        tables[name], more = _table(name, given[name])
        problems += more
    return checked(replace(programme, settings=settings, tables=tables), problems)


def with_changes(programme: Programme, changes: Sequence[str], source: str = "changes") -> Programme:
    """Return the programme with changes `table[rows].column = value` made, in order; raises ProgrammeFaultsError.

    `source` says where the user wrote them.
    """
    from tandemplan.model.scenario import apply_sets, blamed_on_sets

    changed, problems = apply_sets(programme, changes, source)
    try:
        return checked(changed, problems)
    except ProgrammeFaultsError as error:
        found = in_order(blamed_on_sets(error.problems, changed, changes, source))
        raise ProgrammeFaultsError(found) from None


def changed_world(programme: Programme, changes: Sequence[str], source: str) -> Programme:
    """Return the programme in which a plan made of another one is simulated; raises ProgrammeFaultsError.

    What the plan was made for stays: its settings, and the stations, people, sets and hours that it has (`OF_PLAN`).
    """
    if not changes:
        return programme
    changed = with_changes(programme, changes, source)
    if changed.settings != programme.settings:
        message = "settings of the programme are changed; a plan is simulated on the days that it was made for."
        hint = "Plan with this change, and simulate that plan."
        raise ProgrammeFaultsError((Problem(source, None, "setting-change", message, hint),))
    _refuse_hours(programme, changed, source)
    return changed


def _refuse_hours(programme: Programme, changed: Programme, source: str) -> None:
    """Raise ProgrammeFaultsError where a changed world has other hours than its plan: a simulation would not see them."""
    from tandemplan.model.differences import WHOLE_ROW, input_changes

    found = [
        Problem(
            source,
            None,
            "plan-change",
            f"{c.table}[{c.row}].{c.column} is changed; a simulation has the stations, people, sets and hours of its plan.",
            "Plan with this change and simulate that plan, or let a risk change what is there (risks.changes).",
        )
        for c in input_changes(programme, changed)
        if c.column in OF_PLAN.get(c.table, ()) or (c.table in OF_PLAN and c.column == WHOLE_ROW)
    ]
    if found:
        raise ProgrammeFaultsError(tuple(found))


def with_scenarios(programme: Programme, scenarios: Sequence[str | Path]) -> Programme:
    """Return the programme with scenarios laid over it, in order; raises ProgrammeFaultsError."""
    from tandemplan.model.scenario import apply_scenario

    problems: list[Problem] = []
    for scenario in scenarios:
        programme, more = apply_scenario(programme, Path(scenario), programme.home)
        problems += more
    return checked(programme, problems)


def checked(programme: Programme, problems: Sequence[Problem] = ()) -> Programme:
    """Return a programme that passes all checks; raises ProgrammeFaultsError with `problems` and those it has.

    >>> from tandemplan.model.schema import Settings
    >>> checked(Programme(Settings(), {}))
    Traceback (most recent call last):
    tandemplan.problems.ProgrammeFaultsError: programme: setting 'start' is missing. First day of the plan. [missing-setting]
    1 problem in 1 file; nothing was planned.
    """
    found = [*problems, *check_programme(programme, problems)]
    if programme.settings.start is None and not problems:
        found += settings_of(PROGRAMME, {}, {})[1]
    if found:
        raise ProgrammeFaultsError(in_order(found))
    return programme


def _unknown(given: Mapping[str, Any]) -> list[Problem]:
    known = [*TABLES, *(c.name for c in Settings.DESCRIPTION.columns)]
    return [
        Problem(PROGRAMME, None, "unknown-table", f"there is no table or setting '{word}'.", did_you_mean(word, known))
        for word in given
        if word not in known
    ]


def _settings(old: Settings, given: Mapping[str, Any]) -> tuple[Settings, list[Problem]]:
    names = [c.name for c in Settings.DESCRIPTION.columns]
    kept = {n: getattr(old, n) for n in names if getattr(old, n) is not None}
    found = {**kept, **{n: v for n, v in given.items() if n in names}}
    raw = {n: list(v) if isinstance(v, tuple) else v for n, v in found.items() if v is not None}
    return settings_of(PROGRAMME, raw, {})


def _table(name: str, given: Any) -> tuple[Table[Any], list[Problem]]:
    from tandemplan.model.rows import sheet_of

    if isinstance(given, Table):
        return given, []
    sheet = sheet_of(name, given)
    if not sheet.header:
        return empty(TABLES[name]), []
    table, problems = parse_table(sheet, TABLES[name])
    return table, [replace(p, line=p.line or None) for p in problems]  # a header has no row
