"""From a workbook (one sheet per table, and a sheet `programme` of settings) to raw sheets."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from tandemplan.model.files.archive import ARCHIVE_FAULTS
from tandemplan.model.files.inspection import Inspection, inspect
from tandemplan.model.files.sheet import OWN_PREFIX, SETTINGS_FILE, Sheet, Source, is_blank, without_blank_columns
from tandemplan.model.writing import toml_text
from tandemplan.problems import Problem

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SETTINGS_SHEET = "programme"
_SETTINGS_HEADER = ("setting", "value")


def open_workbook(path: Path) -> tuple[Source | None, list[Problem]]:
    """Return the sheets of a workbook, or why it cannot be read.

    Hidden sheets and sheets whose name starts with `x_` are passed over. Cells computed by a formula are problems:
    a plan stands on values, and a file may hold old results of its formulas.
    """
    try:
        inspection = inspect(path) if zipfile.is_zipfile(path) else Inspection((), {})
        if inspection.refusals:
            return None, [Problem(path.name, None, "refused-archive", r) for r in inspection.refusals]
        with CalamineWorkbook.from_path(path) as book:
            return _source(path, book, inspection)
    except PasswordError:
        return None, [Problem(path.name, None, "unreadable", "it is locked by a password.", "Save it without one.")]
    except (CalamineError, *ARCHIVE_FAULTS) as error:
        return None, [_unreadable(path, error)]
    except BaseException as error:  # a broken file may panic inside the reader's compiled code
        if type(error).__name__ != "PanicException":
            raise
        return None, [_unreadable(path, error)]


def _unreadable(path: Path, error: BaseException) -> Problem:
    return Problem(path.name, None, "unreadable", f"it is not a workbook that can be read: {error}.")


def _source(path: Path, book: CalamineWorkbook, inspection: Inspection) -> tuple[Source, list[Problem]]:
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    settings_name, settings = SETTINGS_FILE, None
    for meta in book.sheets_metadata:
        hidden = meta.visible is not SheetVisibleEnum.Visible or meta.typ is not SheetTypeEnum.WorkSheet
        if hidden or meta.name.startswith(OWN_PREFIX):
            continue
        source = f"{path.name}:{meta.name}"
        problems += _formulas(source, inspection.formulas.get(meta.name, ()))
        found = book.get_sheet_by_name(meta.name)
        first = found.start[0] + 1 if found.start else 1
        sheet, more = sheet_of(source, meta.name, found.to_python(), first)
        problems += more
        if meta.name == SETTINGS_SHEET and sheet is not None:
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
    for line, (word, value) in zip(sheet.lines, sheet.rows, strict=True):
        if any(str(word) == str(w) for w, _ in sheet.rows[: sheet.lines.index(line)]):
            problems.append(Problem(sheet.source, line, "repeated-setting", f"setting '{word}' is given twice."))
        elif not is_blank(value):
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
