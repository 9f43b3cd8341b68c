"""From files to a programme: sheets -> tables -> overlays -> checks, with every fault of the model at once."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tandemplan.model.cells import CellError, parse, shown
from tandemplan.model.column_cells import parse_column
from tandemplan.model.files import open_source
from tandemplan.model.files.sheet import OWN_PREFIX, Sheet, Source
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Kind, Row, Settings
from tandemplan.model.tables import Table, default_array, frozen, full, number_text, objects
from tandemplan.problems import Problem, ProgrammeFaultsError, did_you_mean, in_order, suggested

SUGGESTIONS = 200  # names of columns or settings for which a remedy is looked for


@dataclass(frozen=True)
class Reading:
    """What reading gives: the programme (None when it has faults) and its problems in order."""

    programme: Programme | None
    problems: tuple[Problem, ...]


def read(path: str | Path, scenarios: Sequence[str | Path] = (), sets: Sequence[str] = ()) -> Programme:
    """Return the programme at `path` (folder, zip or workbook) with overlays applied.

    `scenarios` are folders of changes, applied in order; `sets` are single changes `table[key].column=value`.
    Raises ProgrammeFaultsError with all problems when there is any.
    """
    reading = check(path, scenarios, sets)
    if reading.programme is None:
        raise ProgrammeFaultsError(reading.problems)
    return reading.programme


def check(
    path: str | Path, scenarios: Sequence[str | Path] = (), sets: Sequence[str] = (), sets_source: str = "--set"
) -> Reading:
    """Return the programme with overlays applied, or all of its problems; `sets_source` says where `sets` were written."""
    from tandemplan.model.checks import check_programme
    from tandemplan.model.scenario import apply_scenario, apply_sets, blamed_on_sets

    source, problems = open_source(Path(path))
    if source is None:
        return Reading(None, in_order(problems))
    programme, more = parse_source(source)
    unread = any(p.source == source.settings_name for p in problems)
    problems = [*problems, *(p for p in more if not (unread and p.source == source.settings_name))]
    home = Path(path) if Path(path).is_dir() else Path(path).parent
    programme = replace(programme, home=home)
    for folder in scenarios:
        programme, more = apply_scenario(programme, Path(folder), home)
        problems += more
    programme, more = apply_sets(programme, sets, sets_source)
    problems += more
    problems += check_programme(programme, problems)
    if problems:
        return Reading(None, in_order(blamed_on_sets(problems, programme, sets, sets_source)))
    return Reading(programme, ())


def parse_source(source: Source) -> tuple[Programme, list[Problem]]:
    """Return the programme that the sheets of a source say, and what is wrong with single cells, rows and columns."""
    settings, problems = parse_settings(source.settings_name, source.settings_text)
    tables: dict[str, Table[Any]] = {}
    for sheet in source.sheets:
        row_class = TABLES.get(sheet.table)
        if row_class is None:
            hint = did_you_mean(sheet.table, TABLES)
            problems.append(Problem(sheet.source, None, "unknown-table", f"there is no table '{sheet.table}'.", hint))
            continue
        if sheet.table in tables:
            problems.append(Problem(sheet.source, None, "repeated-table", f"table '{sheet.table}' is given twice."))
            continue
        tables[sheet.table], more = parse_table(sheet, row_class)
        problems += more
    return Programme(settings, tables), problems


def parse_settings(name: str, text: str | None) -> tuple[Settings, list[Problem]]:
    """Return the settings that a `programme.toml` says; faults give defaults and problems."""
    if text is None:
        message = "there is no programme.toml; it gives the name, the start and the periods of the plan."
        return Settings(), [
            Problem(name, None, "missing-file", message, "Write at least: format = 1, start = 2026-06-01.")
        ]
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError; so is a number of 5,000 digits
        return Settings(), [Problem(name, None, "unreadable", f"it is not valid TOML: {str(error)[:200]}.")]
    words = [line.split("=")[0].strip() for line in text.splitlines()]
    return settings_of(name, found, {word: line for line, word in reversed(list(enumerate(words, 1)))})


def settings_of(name: str, found: Mapping[str, Any], lines: Mapping[str, int]) -> tuple[Settings, list[Problem]]:
    """Return the settings that raw values say; `lines` tells where each was written. Faults give defaults."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    known = {c.name: c for c in Settings.DESCRIPTION.columns}
    for word, raw in found.items():
        line = lines.get(word)
        if word not in known:
            hint = did_you_mean(word, known)
            problems.append(Problem(name, line, "unknown-setting", f"there is no setting '{word}'.", hint))
            continue
        if isinstance(raw, dict | list) and not (isinstance(raw, list) and known[word].kind is Kind.NAMES):
            message = f"setting '{word}' holds a list or a section; it must be one value."
            problems.append(Problem(name, line, "not-a-value", message))
            continue
        try:
            values[word] = parse(known[word], ";".join(map(str, raw)) if isinstance(raw, list) else raw)
        except CellError as error:
            problems.append(Problem(name, line, error.code, error.message, error.hint))
    for column in known.values():
        if column.required and column.name not in found:
            message = f"setting '{column.name}' is missing."
            problems.append(Problem(name, None, "missing-setting", message, column.meaning))
    return Settings(**values), problems


def parse_table(sheet: Sheet, row_class: type[Row]) -> tuple[Table[Any], list[Problem]]:
    """Return the table that a sheet says, and the problems of its header and cells; faulty cells take defaults."""
    description = row_class.DESCRIPTION
    problems = _header_problems(sheet, row_class)
    at = {n: i for i, n in reversed(list(enumerate(sheet.header)))}
    arrays: dict[str, Any] = {}
    for column in description.columns:
        if column.name in at:
            arrays[column.name], faults = parse_column(column, [r[at[column.name]] for r in sheet.rows])
            problems += [Problem(sheet.source, sheet.lines[i], e.code, e.message, e.hint) for i, e in faults]
        else:
            arrays[column.name] = default_array(column, len(sheet.rows))
    extra = {n: objects([plain_text(r[i]) for r in sheet.rows]) for n, i in at.items() if n.startswith("x_")}
    files, lines = full(sheet.source, len(sheet.rows)), np.array(sheet.lines, dtype=np.int64)
    for array in (*arrays.values(), *extra.values()):
        frozen(array)
    return Table(row_class, arrays, extra, frozen(files), frozen(lines)), problems


def _header_problems(sheet: Sheet, row_class: type[Row]) -> list[Problem]:
    known = {c.name for c in row_class.DESCRIPTION.columns}
    problems: list[Problem] = []
    line, strange, meant = sheet.header_line, 0, set[str | None]()
    for word, times in Counter(sheet.header).items():
        if not word:
            message = f"column {sheet.header.index(word) + 1} holds cells but has no name."
            problems.append(Problem(sheet.source, line, "unnamed-column", message))
        elif word not in known and not word.startswith(OWN_PREFIX):
            strange += 1
            hint = did_you_mean(word, known) if strange <= SUGGESTIONS else ""
            meant.add(suggested(hint))
            message = f"table '{sheet.table}' has no column {shown(word)}."
            problems.append(
                Problem(sheet.source, line, "unknown-column", message, hint or "Columns of your own start with x_.")
            )
        if word and times > 1:
            problems.append(Problem(sheet.source, line, "repeated-column", f"column {shown(word)} is given twice."))
    for column in row_class.DESCRIPTION.columns:
        if column.required and column.name not in {*sheet.header, *meant} and (sheet.rows or column.key):
            message = f"column '{column.name}' is missing; each row must say it."
            problems.append(Problem(sheet.source, line, "missing-column", message, column.meaning))
    return problems


def plain_text(raw: Any) -> str:
    """Return a cell of the user's own as text, whole numbers without a point.

    >>> plain_text(12.0), plain_text(None), plain_text(" kept ")
    ('12', '', ' kept ')
    """
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return number_text(raw) if isinstance(raw, float) else "" if raw is None else str(raw)
