"""From a workbook (one sheet per table, and a sheet `programme` of settings) to raw sheets."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tandemplan.model.files.archive import ARCHIVE_FAULTS
from tandemplan.model.files.inspection import Inspection, inspect
from tandemplan.model.files.sheet import PASSED_OVER, SETTINGS_FILE, Sheet, Source, is_blank, without_blank_columns
from tandemplan.model.writing import toml_text
from tandemplan.problems import Problem

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SETTINGS_SHEET = "programme"
_SETTINGS_HEADER = ("setting", "value")
MOST_SECONDS = 300  # a workbook of the most cells takes half a minute
RawSheet = tuple[str, int, list[list[Any]]]


def open_workbook(path: Path) -> tuple[Source | None, list[Problem]]:
    """Return the sheets of a workbook, or why it cannot be read.

    Passed over are hidden sheets, sheets whose name starts with `x_`, and the answers in the workbook of a report: its
    `summary` and the sheets whose name starts with `result_`. Cells computed by a formula are problems: a plan stands
    on values, and a file may hold old results of its formulas. A child process opens the file.
    """
    try:
        inspection = inspect(path) if zipfile.is_zipfile(path) else Inspection((), {})
        if inspection.refusals:
            return None, [_refused(path, r) for r in inspection.refusals]
        sheets = sheets_of(path)
    except WorkbookError as error:
        return None, [error.problem]
    except ARCHIVE_FAULTS as error:
        return None, [_unreadable(path, str(error))]
    return _source(path, sheets, inspection)


class WorkbookError(Exception):
    """Carry the problem of a workbook that cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def sheets_of(path: Path) -> list[RawSheet]:
    """Return name, number of the first row, and native cells of the sheets to be read; raises WorkbookError."""
    command = [sys.executable, "-m", "tandemplan.model.workbook_child", str(path.absolute()), *PASSED_OVER]
    sheets: list[RawSheet] = []
    with tempfile.TemporaryFile() as answers:
        try:
            subprocess.run(  # noqa: S603 - this Python, on a file of the user
                command, stdout=answers, stderr=subprocess.DEVNULL, timeout=MOST_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise WorkbookError(_unreadable(path, f"it takes more than {MOST_SECONDS} s to open")) from None
        answers.seek(0)
        while True:
            try:
                kind, *content = pickle.load(answers)  # noqa: S301
            except (EOFError, pickle.UnpicklingError):
                raise WorkbookError(_unreadable(path, "the reader broke down over it")) from None
            if kind == "end":
                return sheets
            if kind != "sheet":
                raise WorkbookError(_of_message(path, kind, content))
            sheets.append((content[0], content[1], content[2]))


def _of_message(path: Path, kind: str, content: list[str]) -> Problem:
    if kind == "locked":
        return Problem(path.name, None, "unreadable", "it is locked by a password.", "Save it without one.")
    return _refused(path, content[0]) if kind == "refused" else _unreadable(path, content[0])


def _refused(path: Path, why: str) -> Problem:
    return Problem(path.name, None, "refused-archive", why)


def _unreadable(path: Path, why: str) -> Problem:
    return Problem(path.name, None, "unreadable", f"it is not a workbook that can be read: {' '.join(why.split())}.")


def _source(path: Path, found: list[RawSheet], inspection: Inspection) -> tuple[Source, list[Problem]]:
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    settings_name, settings = SETTINGS_FILE, None
    for name, first, cells in found:
        source = f"{path.name}:{name}"
        problems += _formulas(source, inspection.formulas.get(name, ()))
        sheet, more = sheet_of(source, name, cells, first)
        problems += more
        if name == SETTINGS_SHEET and sheet is not None:
            settings_name = source
            settings, more = settings_text(sheet)
            problems += more
        elif sheet is not None:
            sheets.append(sheet)
    return Source(tuple(sheets), settings_name, settings), problems


def _formulas(source: str, cells: tuple[tuple[str, int], ...]) -> list[Problem]:
    hint = "Paste its value instead."
    return [Problem(source, row, "formula", f"cell {letters}{row} holds a formula.", hint) for letters, row in cells]


def sheet_of(source: str, table: str, cells: list[list[Any]], first: int) -> tuple[Sheet | None, list[Problem]]:
    """Return the sheet that rows of native cells say; `first` is the row number of the first.

    The first row that holds anything is the header.

    >>> sheet, _ = sheet_of("book.xlsx:items", "items", [["", ""], ["item", "weight_kg"], ["A", 2.5]], 3)
    >>> sheet.header, sheet.rows, sheet.lines, sheet.header_line
    (('item', 'weight_kg'), (('A', 2.5),), (5,), 4)
    """
    filled = [(first + i, row) for i, row in enumerate(cells) if not all(is_blank(c) for c in row)]
    if not filled:
        return None, [Problem(source, None, "empty-file", "it is empty; its first row must name the columns.")]
    header_line, names = filled[0]
    header = tuple(str(plain(n)).strip() for n in names)
    rows = tuple(tuple(plain(c) for c in row) for _, row in filled[1:])
    lines = tuple(line for line, _ in filled[1:])
    return without_blank_columns(Sheet(source, table, header, rows, lines, header_line)), []


def plain(cell: Any) -> Any:
    """Return a workbook's cell as a text, number, flag, day or None; midnight is a day, any other time a text.

    >>> plain(datetime(2026, 6, 1)), plain(12.0), plain("")
    (datetime.date(2026, 6, 1), 12.0, None)
    """
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time(0) else cell.isoformat(sep=" ")
    if isinstance(cell, time | timedelta):
        return str(cell)
    return None if cell == "" else cell


def settings_text(sheet: Sheet) -> tuple[str | None, list[Problem]]:
    r"""Return the `programme.toml` that a sheet of settings says, each setting on the line of its row.

    >>> text, _ = settings_text(Sheet("b.xlsx:programme", "programme", ("setting", "value"), (("seed", 7.0),), (2,)))
    >>> text
    '\nseed = 7\n'
    """
    if sheet.header != _SETTINGS_HEADER:
        hint = "The sheet 'programme' has two columns: setting, value."
        message = f"its columns are {', '.join(sheet.header)}."
        return "", [Problem(sheet.source, sheet.header_line, "missing-column", message, hint)]
    lines = [""] * max((sheet.header_line, *sheet.lines))
    problems = []
    seen: set[str] = set()
    for line, (word, value) in zip(sheet.lines, sheet.rows, strict=True):
        if str(word) in seen:
            problems.append(Problem(sheet.source, line, "repeated-setting", f"setting '{word}' is given twice."))
        elif not is_blank(value):
            seen.add(str(word))
            lines[line - 1] = f"{_toml_key(str(word).strip())} = {_toml(value)}"
    return "\n".join(lines) + "\n", problems


def _toml_key(word: str) -> str:
    return word if word.isascii() and word.replace("_", "").isalnum() else toml_text(word)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return str(int(value)) if float(value).is_integer() else repr(value)
    return value.isoformat() if isinstance(value, date) else toml_text(str(value))
