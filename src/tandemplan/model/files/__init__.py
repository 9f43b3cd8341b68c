"""From files to raw sheets: a folder of CSV, a zip of one, or a workbook."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

from tandemplan.model.files.sheet import SETTINGS_FILE, Source
from tandemplan.problems import Problem, did_you_mean


def open_source(path: Path) -> tuple[Source | None, list[Problem]]:
    """Return the sheets of a folder, zip or workbook, with the problems of files that cannot be read.

    The path of a `programme.toml` stands for its folder.
    """
    from tandemplan.model.files.folder import open_folder

    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        known = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, known)
        return None, [Problem(str(path), None, "missing-file", "there is no such programme.", hint)]
    except (OSError, ValueError) as error:  # a name too long, a loop of links, a NUL character
        words = getattr(error, "strerror", None) or error
        return None, [Problem(str(path), None, "unreadable", f"it cannot be read: {words}.")]
    if stat.S_ISDIR(kind):
        return open_folder(path)
    if not stat.S_ISREG(kind):
        return None, [Problem(str(path), None, "unreadable", "it is a pipe or device, not a file.")]
    if path.name == SETTINGS_FILE:
        return open_folder(path.parent)
    return _open_file(path)


def _open_file(path: Path) -> tuple[Source | None, list[Problem]]:
    from tandemplan.model.files.archive import open_zip
    from tandemplan.model.files.folder import MOST_BYTES
    from tandemplan.model.files.spreadsheet import SUFFIXES, open_workbook

    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        return None, [Problem(path.name, None, "unreadable", f"it cannot be read: {error.strerror or error}.")]
    if size > MOST_BYTES:
        return None, [Problem(path.name, None, "too-large", f"it has more than {MOST_BYTES // 2**20} MB.")]
    if path.suffix.casefold() in SUFFIXES:
        return open_workbook(path)
    if path.suffix.casefold() == ".zip" or zipfile.is_zipfile(path):
        return open_zip(path)
    hint = "Give a folder of CSV files, a zip of one, or a workbook (.xlsx, .ods)."
    return None, [Problem(str(path), None, "unreadable", "it is no programme.", hint)]
