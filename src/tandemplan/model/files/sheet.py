"""What every kind of file is turned into: raw sheets, before any cell is read."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

SETTINGS_FILE = "programme.toml"
OWN_PREFIX = "x_"  # the user's own columns, sheets and files
SUMMARY_SHEET, RESULT_PREFIX = "summary", "result_"  # the sheets of a report, beside those of its programme
PASSED_OVER = (f"{OWN_PREFIX}*", f"{RESULT_PREFIX}*", SUMMARY_SHEET)  # sheets of a workbook that are no tables


@dataclass(frozen=True)
class Sheet:
    """One table as it was written: `header` names columns, `rows` hold raw cells, `lines` the line of each row.

    `lines` are the physical lines of a text file on which rows start, or the row numbers of a workbook's sheet;
    every row is as long as the header. `source` is the file, or `workbook:sheet`.
    """

    source: str
    table: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    lines: tuple[int, ...]
    header_line: int = 1


@dataclass(frozen=True)
class Source:
    """All sheets of a programme, and the text of its `programme.toml` (None when there is none)."""

    sheets: tuple[Sheet, ...]
    settings_name: str
    settings_text: str | None


def without_blank_columns(sheet: Sheet) -> Sheet:
    """Return the sheet without columns that have neither a name nor a single cell.

    >>> s = without_blank_columns(Sheet("a.csv", "a", ("item", ""), (("A", " "), ("B", "")), (2, 3)))
    >>> s.header, s.rows
    (('item',), (('A',), ('B',)))
    """
    blank = {i for i, name in enumerate(sheet.header) if not name and all(is_blank(r[i]) for r in sheet.rows)}
    if not blank:
        return sheet
    keep = [i for i in range(len(sheet.header)) if i not in blank]
    header = tuple(sheet.header[i] for i in keep)
    rows = tuple(tuple(r[i] for i in keep) for r in sheet.rows)
    return Sheet(sheet.source, sheet.table, header, rows, sheet.lines, sheet.header_line)


def is_blank(cell: Any) -> bool:
    """Return whether a raw cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def passed_over(name: str) -> bool:
    """Return whether a sheet of a workbook is no table: the user's own, or an answer that a report wrote.

    >>> passed_over("x_mine"), passed_over("summary"), passed_over("result_stock"), passed_over("stock")
    (True, True, True, False)
    """
    return any(fnmatchcase(name, pattern) for pattern in PASSED_OVER)
