"""From named files, in a folder or unpacked from an archive, to the sheets of a programme."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from tandemplan.model.files.csv_file import csv_sheet, text_of
from tandemplan.model.files.sheet import OWN_PREFIX, SETTINGS_FILE, Sheet, Source
from tandemplan.model.schema import TABLES
from tandemplan.problems import Problem

MOST_BYTES = 512 * 2**20
_TABLE_NAMES = frozenset([*TABLES, "changes", "dropped"])
_LOOKALIKES = (".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx", ".xlsm", ".ods")


def open_folder(path: Path) -> tuple[Source, list[Problem]]:
    """Return the sheets of a folder of CSV files, with the problems of files that cannot be read.

    Sub-folders, files of other kinds and files whose name starts with `x_` are passed over.
    """
    contents: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    try:
        names = sorted(p.name for p in path.iterdir() if is_read(p.name) or p.is_file())
    except OSError as error:
        return Source((), SETTINGS_FILE, None), [_unreadable(str(path), error)]
    for name in names:
        problems += name_problems(name)
        if is_read(name):
            content, more = content_of(path / name)
            contents += [] if content is None else [(name, content)]
            problems += more
    source, more = source_of(contents)
    return source, [*problems, *more]


def is_read(name: str) -> bool:
    """Return whether a file of that name is a part of a programme."""
    own = name.startswith((OWN_PREFIX, "."))
    return name == SETTINGS_FILE or (PurePosixPath(name).suffix == ".csv" and not own)


def name_problems(name: str) -> list[Problem]:
    """Return a problem when a file looks like a table or the settings, but its name keeps it from being read.

    >>> print(*name_problems("items.CSV"))
    items.CSV: a file of this name is not read. Rename it to 'items.csv'. [file-name]
    """
    file = PurePosixPath(name)
    stem, suffix = file.stem.casefold(), file.suffix.casefold()
    if name != SETTINGS_FILE and name.casefold() == SETTINGS_FILE:
        return [_file_name(name, f"Rename it to '{SETTINGS_FILE}'.")]
    if stem not in _TABLE_NAMES or suffix not in _LOOKALIKES or file.suffix == ".csv":
        return []
    if suffix == ".csv":
        return [_file_name(name, f"Rename it to '{stem}.csv'.")]
    return [_file_name(name, f"Save it as '{stem}.csv' (CSV UTF-8, commas).")]


def source_of(contents: Iterable[tuple[str, bytes]]) -> tuple[Source, list[Problem]]:
    """Return the sheets and settings that named files say, in the order given."""
    sheets: list[Sheet] = []
    settings: str | None = None
    problems: list[Problem] = []
    for name, content in contents:
        if name == SETTINGS_FILE and settings is not None:
            more = [Problem(name, None, "repeated-table", f"{name} is given twice.")]
        elif name == SETTINGS_FILE:
            settings, more = text_of(name, content)
            settings = settings if settings is not None or not more else ""
        else:
            sheet, more = csv_sheet(name, content)
            sheets += [] if sheet is None else [sheet]
        problems += more
    return Source(tuple(sheets), SETTINGS_FILE, settings), problems


def content_of(file: Path) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of a file, or why there are none: no file at all (a folder, a pipe), too large, not allowed."""
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or device"
            return None, [Problem(file.name, None, "unreadable", f"it is {kind}, not a file.")]
        if found.st_size > MOST_BYTES:
            message = f"it has more than {MOST_BYTES // 2**20} MB."
            return None, [Problem(file.name, None, "too-large", message)]
        return file.read_bytes(), []
    except OSError as error:
        return None, [_unreadable(file.name, error)]


def _file_name(name: str, hint: str) -> Problem:
    return Problem(name, None, "file-name", "a file of this name is not read.", hint)


def _unreadable(name: str, error: OSError) -> Problem:
    return Problem(name, None, "unreadable", f"it cannot be read: {error.strerror or error}.")
