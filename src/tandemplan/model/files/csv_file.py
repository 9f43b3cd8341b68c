"""From the bytes of a CSV file to a raw sheet, or to the reasons why not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import PurePosixPath

from tandemplan.model.files.sheet import Sheet, without_blank_columns
from tandemplan.problems import Problem

_SAVE = "Save it as CSV UTF-8."
MOST_LINES = 20_000_000
_SEPARATORS = {";": "';'", "\t": "tabs"}


def csv_sheet(name: str, content: bytes) -> tuple[Sheet | None, list[Problem]]:
    r"""Return the sheet that a CSV file says, and what is wrong with its text, header and row lengths.

    The sheet is None when the text cannot be read as a table at all. Rows without any cell are passed over.

    >>> sheet, problems = csv_sheet("items.csv", b"item,name\nA,Frame\n\nB\n")
    >>> sheet.lines, [str(p) for p in problems]
    ((2, 4), ['items.csv:4: the row has 1 cell, the header 2. [row-length]'])
    """
    if content.count(b"\n") + content.count(b"\r") > MOST_LINES:
        return None, [Problem(name, None, "too-large", f"it has more than {MOST_LINES} lines.")]
    text, problems = text_of(name, content)
    if text is None and not _nearly_utf8(problems):
        return None, problems
    text = _guessed(content) if text is None else text  # so that the other faults of the file are found too
    if not text.strip().strip(" \t\r\n,"):  # no-break spaces and the like are nothing either
        return None, [Problem(name, None, "empty-file", "it is empty; its first line must name the columns.")]
    separator = _wrong_separator(name, text)
    if separator:
        return None, [*problems, separator]
    sheet, more = _sheet(name, text)
    return sheet, [*problems, *more]


def _nearly_utf8(problems: list[Problem]) -> bool:
    return [(p.code, p.line is None) for p in problems] == [("wrong-encoding", False)]


def _guessed(content: bytes) -> str:
    """Return a text whose bytes that are not UTF-8 are taken for Windows-1252."""
    odd = {0xDC00 + b: bytes([b]).decode("cp1252", "replace") for b in range(0x80, 0x100)}
    return content.decode("utf-8-sig", "surrogateescape").translate(odd)


def text_of(name: str, content: bytes) -> tuple[str | None, list[Problem]]:
    """Return the text of a UTF-8 file (with or without a byte order mark), or why there is none."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or _looks_like_utf16(content):
        return None, [Problem(name, None, "wrong-encoding", "it is UTF-16, not UTF-8.", _SAVE)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"byte 0x{content[error.start]:02X} is not UTF-8; the file looks like Latin-1 or Windows-1252."
        return None, [Problem(name, line, "wrong-encoding", message, _SAVE)]
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        return None, [Problem(name, line, "control-character", "it holds a NUL character.", "Remove it.")]
    return text, []


def _looks_like_utf16(content: bytes) -> bool:
    head = content[:200]
    return len(head) >= 4 and max(head[::2].count(0), head[1::2].count(0)) > len(head) // 4


def _wrong_separator(name: str, text: str) -> Problem | None:
    first = next(line for line in text.splitlines() if line.strip())
    for separator, words in _SEPARATORS.items():
        if separator in first and "," not in first and '"' not in first:
            hint = "Save it with commas; ';' separates the names of a list inside one cell."
            return Problem(name, 1, "wrong-separator", f"cells are separated by {words}; they must be by ','.", hint)
    return None


def _sheet(name: str, text: str) -> tuple[Sheet | None, list[Problem]]:
    found = _even(text)
    problems: list[Problem] = []
    if found is None:
        try:
            found = _uneven(name, text, problems)
        except _RowError as error:
            return None, [*problems, _unreadable(name, error)]
    header_line, header, rows, lines = found
    named = tuple(c.strip() for c in header)
    return without_blank_columns(Sheet(name, PurePosixPath(name).stem, named, rows, lines, header_line)), problems


_Cells = tuple[str, ...]


def _even(text: str) -> tuple[int, _Cells, tuple[_Cells, ...], tuple[int, ...]] | None:
    """Return what `_uneven` does where every row fills one line and has one length, without a look at each; else None."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = tuple(map(tuple, reader))
    except csv.Error:
        return None
    even = reader.line_num == len(rows) and len(set(map(len, rows))) == 1
    if not even or any(not row[0].strip() and not "".join(row).strip() for row in rows):
        return None
    return 1, rows[0], rows[1:], tuple(range(2, len(rows) + 1))


def _uneven(name: str, text: str, problems: list[Problem]) -> tuple[int, _Cells, tuple[_Cells, ...], tuple[int, ...]]:
    """Return the line of the header, its cells, the rows as long as the header, and the line of each.

    What is wrong with the length of rows is added to `problems`. Raises _RowError where a row cannot be read.
    """
    header: tuple[str, ...] = ()
    header_line, rows, lines = 1, [], []
    for line, cells in _numbered(text):
        if not header:
            header, header_line = tuple(cells), line
            continue
        if len(cells) != len(header):
            problems += _row_length(name, line, len(cells), len(header))
            cells = [*cells, *[""] * len(header)][: len(header)]  # noqa: PLW2901
        rows.append(tuple(cells))
        lines.append(line)
    return header_line, header, tuple(rows), tuple(lines)


class _RowError(Exception):
    """Carry the line on which an unreadable row starts, and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that has a cell, with the physical line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells) and not "".join(cells).isspace():
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _RowError(line, str(error)) from error


def _row_length(name: str, line: int, found: int, wanted: int) -> list[Problem]:
    hint = "A text that holds a comma stands in double quotes." if found > wanted else ""
    cells = "cell" if found == 1 else "cells"
    message = f"the row has {found} {cells}, the header {wanted}."
    return [Problem(name, line, "row-length", message, hint)]


def _unreadable(name: str, error: _RowError) -> Problem:
    if "field limit" in error.reason:
        return Problem(name, error.line, "too-long", "a cell of the row has more than 131072 characters.")
    if "end of data" in error.reason:
        message = "a double quote is opened in this row and never closed."
        return Problem(name, error.line, "unclosed-quote", message, "Write a quote inside a text as two quotes.")
    message = "text follows a closing double quote in this row."
    return Problem(name, error.line, "unclosed-quote", message, "Write a quote inside a text as two quotes.")
