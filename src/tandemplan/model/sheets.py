"""From files to raw sheets: a folder of CSV, a zip of one, or a workbook."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tandemplan.problems import Problem

SETTINGS_FILE = "programme.toml"


@dataclass(frozen=True)
class Sheet:
    """One table as it was written: `header` names columns, `rows` hold raw cells, `lines` the line of each row."""

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


def open_source(path: Path) -> tuple[Source | None, list[Problem]]:
    """Return the sheets of a folder, zip or workbook, with the problems of unreadable files."""
    if not path.is_dir():
        return None, [Problem(str(path), None, "missing-file", "there is no such programme.")]
    return open_folder(path)


def open_folder(path: Path) -> tuple[Source, list[Problem]]:
    """Return the sheets of a folder of CSV files."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for file in sorted(path.glob("*.csv")):
        sheet, more = csv_sheet(file.name, file.read_bytes())
        problems += more
        if sheet is not None:
            sheets.append(sheet)
    settings = path / SETTINGS_FILE
    text = settings.read_text(encoding="utf-8") if settings.is_file() else None
    return Source(tuple(sheets), SETTINGS_FILE, text), problems


def csv_sheet(name: str, content: bytes) -> tuple[Sheet | None, list[Problem]]:
    """Return the sheet that a CSV file says, or why it cannot be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Problem(name, line, "wrong-encoding", "it is not UTF-8.", "Save it as CSV UTF-8.")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    line = 1
    for cells in reader:
        if not header:
            header = tuple(c.strip() for c in cells)
        elif any(c.strip() for c in cells):
            if len(cells) != len(header):
                message = f"the row has {len(cells)} cells, the header {len(header)}."
                problems.append(Problem(name, line, "row-length", message))
            rows.append(tuple((cells + [""] * len(header))[: len(header)]))
            lines.append(line)
        line = reader.line_num + 1
    return Sheet(name, Path(name).stem, header, tuple(rows), tuple(lines)), problems
