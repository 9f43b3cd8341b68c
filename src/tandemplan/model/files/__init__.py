"""From files to raw sheets: a folder of CSV, a zip of one, or a workbook."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tandemplan.model.files.sheet import SETTINGS_FILE, Source
from tandemplan.problems import Problem, did_you_mean


def open_source(path: Path) -> tuple[Source | None, list[Problem]]:
    """Return the sheets of a folder, zip or workbook, with the problems of files that cannot be read.

    The path of a `programme.toml` stands for its folder.
    """
    from tandemplan.model.files.folder import open_folder

    if path.is_dir():
        return open_folder(path)
    if not path.exists():
        known = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, known)
        return None, [Problem(str(path), None, "missing-file", "there is no such programme.", hint)]
    if path.name == SETTINGS_FILE:
        return open_folder(path.parent)
    return _open_file(path)


def _open_file(path: Path) -> tuple[Source | None, list[Problem]]:
    from tandemplan.model.files.archive import open_zip
    from tandemplan.model.files.spreadsheet import SUFFIXES, open_workbook

    if path.suffix.casefold() in SUFFIXES:
        return open_workbook(path)
    if path.suffix.casefold() == ".zip" or zipfile.is_zipfile(path):
        return open_zip(path)
    hint = "Give a folder of CSV files, a zip of one, or a workbook (.xlsx, .ods)."
    return None, [Problem(str(path), None, "unreadable", "it is no programme.", hint)]
