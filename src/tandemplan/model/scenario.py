"""Scenarios: folders of changes, added rows and dropped rows, laid over a programme one after another."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date as Date
from pathlib import Path
from typing import Any

from tandemplan.model.cells import CellError
from tandemplan.model.changes import SETTINGS_TABLE, Change, apply, parse_change, select
from tandemplan.model.files import open_source
from tandemplan.model.files.csv_file import text_of
from tandemplan.model.files.folder import content_of
from tandemplan.model.files.sheet import Sheet
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Risk
from tandemplan.model.schema.columns import Row, choice, day, row, text
from tandemplan.model.schema.columns import key as key_column
from tandemplan.model.tables import from_values, joined
from tandemplan.problems import Problem, did_you_mean


@row("changes", "scenario")
class ChangeRow(Row):
    """One change of a scenario, a row of its `changes.csv`."""

    table: str = key_column("Table that is changed; `programme` for the settings.")
    key: str = text("Rows that are changed: a key, conditions, or `*`.")
    column: str = key_column("Column that is changed.")
    operation: str = choice("What the value does to the cell.", "set", "add", "multiply", default="set")
    value: str = text("Value.")
    from_date: Date | None = day("First day; with it the change is an event that the plan knows of.")
    to_date: Date | None = day("Last day; blank is for good.")


@row("dropped", "scenario")
class DroppedRow(Row):
    """One row that a scenario takes away, a row of its `dropped.csv`."""

    table: str = key_column("Table that loses rows.")
    key: str = text("Rows that go: a key, conditions, or `*`.")


@dataclass(frozen=True)
class ScenarioInfo:
    """What `scenario.toml` says: name, note and, for an incident, its date."""

    name: str
    note: str = ""
    date: Date | None = None


def scenario_folder(folder: Path, programme_path: Path) -> Path:
    """Return the folder of a scenario: the path itself, or the one of that name among the programme's scenarios."""
    for candidate in (folder, programme_path / "scenarios" / folder, programme_path / "incidents" / folder):
        if _is_there(candidate / "scenario.toml"):
            return candidate
    return folder


def _is_there(path: Path) -> bool:
    try:
        return path.is_file() or path.is_dir()
    except OSError:  # a name too long, a folder that may not be read
        return False


def read_info(folder: Path) -> tuple[ScenarioInfo, list[Problem]]:
    """Return what `scenario.toml` of a folder says."""
    file = folder / "scenario.toml"
    if not _is_there(file):
        known = [p.parent.name for p in folder.parent.glob("*/scenario.toml")] if _is_there(folder.parent) else []
        hint = did_you_mean(folder.name, known)
        return ScenarioInfo(folder.name), [
            Problem(str(folder), None, "missing-file", "there is no scenario.toml.", hint)
        ]
    content, problems = content_of(file)
    text_, more = (None, []) if content is None else text_of(file.name, content)
    if text_ is None:
        return ScenarioInfo(folder.name), [replace(p, source=str(file)) for p in (*problems, *more)]
    try:
        found = tomllib.loads(text_)
    except (ValueError, RecursionError) as error:  # not TOML, or a number of 5,000 digits
        words = f"it is not valid TOML: {str(error)[:200]}."
        return ScenarioInfo(folder.name), [Problem(str(file), None, "unreadable", words)]
    known = ["name", "note", "date"]
    problems = [
        Problem(str(file), None, "unknown-setting", f"there is no setting '{word}'.", did_you_mean(word, known))
        for word in found
        if word not in known
    ]
    kinds = {"name": str, "note": str, "date": Date}
    problems += [
        Problem(
            str(file),
            None,
            "not-a-value",
            f"setting '{word}' is {raw!r}; it must be a {'date' if word == 'date' else 'text'}.",
        )
        for word, raw in found.items()
        if word in kinds and type(raw) is not kinds[word]
    ]
    when = found.get("date")
    return ScenarioInfo(str(found.get("name", folder.name)), str(found.get("note", "")), when), problems


def latest_date(overlays: Sequence[str | Path], programme_path: Path) -> Date | None:
    """Return the latest date that overlays have (None: none has one); names are looked up beside the programme as in `scenario_folder`."""
    days = [read_info(scenario_folder(Path(o), programme_path))[0].date for o in overlays]
    return max((d for d in days if d is not None), default=None)


def apply_scenario(programme: Programme, folder: Path, programme_path: Path) -> tuple[Programme, list[Problem]]:
    """Return the programme with a scenario laid over it: rows dropped, rows added, cells changed, in that order."""
    folder = scenario_folder(folder, programme_path)
    info, problems = read_info(folder)
    if any(p.code == "missing-file" for p in problems):
        return programme, problems
    source, more = open_source(folder)
    problems += more
    if source is None:
        return programme, problems
    sheets = [replace(s, source=f"{folder.name}/{s.source}") for s in source.sheets]
    for sheet in [s for s in sheets if s.table == "dropped"]:
        programme, more = _drop(programme, sheet)
        problems += more
    for sheet in [s for s in sheets if s.table not in ("dropped", "changes")]:
        programme, more = _add(programme, sheet)
        problems += more
    for sheet in [s for s in sheets if s.table == "changes"]:
        programme, more = _change(programme, sheet, folder.name)
        problems += more
    return replace(programme, scenarios=(*programme.scenarios, info.name)), problems


def apply_sets(programme: Programme, sets: Sequence[str], source: str = "--set") -> tuple[Programme, list[Problem]]:
    """Return the programme with single changes `table[key].column = value` made, in order.

    `source` says where the user wrote them; other than on a command line they are counted from 1.
    """
    changes, problems = _parsed(sets, source)
    programme, more = apply(programme, changes)
    return replace(programme, changes=(*programme.changes, *map(str, changes))), [*problems, *more]


def blamed_on_sets(
    problems: Sequence[Problem], programme: Programme, sets: Sequence[str], source: str = "--set"
) -> list[Problem]:
    """Return the problems of a programme, those of a cell that a single change wrote at the change: no file holds that cell."""
    written = [(c, places) for c in _parsed(sets, source)[0] if (places := _places(programme, c))]
    return [_blamed(p, written) for p in problems]


def _parsed(sets: Sequence[str], source: str) -> tuple[list[Change], list[Problem]]:
    changes: list[Change] = []
    problems: list[Problem] = []
    for i, text_ in enumerate(sets, 1):
        line = None if source == "--set" else i
        try:
            changes.append(parse_change(text_, source, line))
        except CellError as error:
            problems.append(Problem(source, line, error.code, error.message, error.hint))
    return changes, problems


def _places(programme: Programme, change: Change) -> set[tuple[str, int | None]]:
    """Return where the rows of a change were written; none where it speaks of no row."""
    if change.table == SETTINGS_TABLE:
        return {("programme.toml", None), (SETTINGS_TABLE, None)}
    table = programme[TABLES[change.table]] if change.table in TABLES else None
    try:
        return set() if table is None else {table.place(i) for i in select(table, change.rows)}
    except CellError:
        return set()


def _blamed(problem: Problem, written: Sequence[tuple[Change, set[tuple[str, int | None]]]]) -> Problem:
    for change, places in reversed(written):
        if (problem.source, problem.line) in places and re.search(rf"\b{change.column}\b", problem.message):
            place = problem.source if problem.line is None else f"{problem.source}:{problem.line}"
            message = f"{problem.message.rstrip('.')}, in {place} after '{change}'."
            return replace(problem, source=change.source, line=change.line, message=message)
    return problem


def _drop(programme: Programme, sheet: Sheet) -> tuple[Programme, list[Problem]]:
    from tandemplan.model.reading import parse_table

    rows, problems = parse_table(sheet, DroppedRow)
    for i in range(len(rows)):
        wanted = rows.row(i)
        table = programme.tables.get(wanted.table)
        try:
            gone = set(select(table, wanted.key)) if table is not None else None
        except CellError as error:
            problems.append(Problem(*rows.place(i), error.code, error.message, error.hint))
            continue
        if table is None or gone is None:
            hint = did_you_mean(wanted.table, programme.tables)
            problems.append(Problem(*rows.place(i), "unknown-table", f"there is no table '{wanted.table}'.", hint))
            continue
        programme = programme.replace(table.take([k for k in range(len(table)) if k not in gone]))
    return programme, problems


def _add(programme: Programme, sheet: Sheet) -> tuple[Programme, list[Problem]]:
    from tandemplan.model.reading import parse_table

    row_class = TABLES.get(sheet.table)
    if row_class is None:
        hint = did_you_mean(sheet.table, [*TABLES, "changes", "dropped"])
        return programme, [Problem(sheet.source, None, "unknown-table", f"there is no table '{sheet.table}'.", hint)]
    added, problems = parse_table(sheet, row_class)
    return programme.replace(joined(programme[row_class], added)), problems


def _change(programme: Programme, sheet: Sheet, scenario: str) -> tuple[Programme, list[Problem]]:
    from tandemplan.model.reading import parse_table

    rows, problems = parse_table(sheet, ChangeRow)
    plain: list[Change] = []
    for i in range(len(rows)):
        r = rows.row(i)
        change = Change(r.table, r.key, r.column, r.operation, r.value, r.from_date, r.to_date, *rows.place(i))
        if r.to_date is not None and (r.from_date is None or r.to_date < r.from_date):
            message = (
                f"to_date is {r.to_date}, from_date {r.from_date or 'blank'}; a change ends on or after its first day."
            )
            problems.append(Problem(*rows.place(i), "dates-out-of-order", message))
        elif r.from_date is None:
            plain.append(change)
        else:
            programme = dated_event(programme, change, scenario)
    programme, more = apply(programme, plain)
    return programme, [*problems, *more]


def dated_event(programme: Programme, change: Change, scenario: str) -> Programme:
    """Return the programme with a dated change as a risk with a date, which plans know of."""
    days = None
    if change.to_date is not None and change.from_date is not None:
        days = float((change.to_date - change.from_date).days + 1)
    values: dict[str, Any] = {
        "risk": [f"{scenario}:{change.line}"],
        "name": [f"dated change of scenario {scenario}"],
        "date": [change.from_date],
        "duration_days": [days],
        "changes": [(str(change),)],
    }
    made = from_values(Risk, values, None, [change.source], [change.line or 0])
    return programme.replace(joined(programme[Risk], made))
