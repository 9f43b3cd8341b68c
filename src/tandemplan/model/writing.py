"""From a programme to files: what is written reads back equal, in a byte-stable order."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tandemplan.disk import whole_file, whole_folder
from tandemplan.model.programme import Programme
from tandemplan.model.schema import ROW_CLASSES, Kind, Settings
from tandemplan.model.tables import Table, column_texts, only_default

_QUOTED = re.compile(r'[",\r\n]')
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the time stamp of every member of a written zip


def write(programme: Programme, folder: Path, *, sort: bool = False) -> None:
    """Write a programme as `programme.toml` and one CSV per table that has rows, into an existing or new folder.

    Columns that only hold defaults are left out. Rows keep their order, or are sorted by key with `sort`. CSV files
    of tables without rows are removed, so that the folder reads back equal; all other files are left alone. A new
    folder appears whole or not at all; in one that is there, each file does.
    """
    files = texts(programme, sort=sort)
    if not folder.exists():
        with whole_folder(folder) as made:
            write_texts(files, made)
        return
    with ExitStack() as parts:
        for name, text in files.items():
            parts.enter_context(whole_file(folder / name)).write_text(text, encoding="utf-8", newline="\n")
    for row_class in ROW_CLASSES:
        stale = folder / f"{row_class.DESCRIPTION.name}.csv"
        if stale.name not in files:
            stale.unlink(missing_ok=True)


def write_texts(files: Mapping[str, str], folder: Path) -> None:
    """Write texts as files of a folder that nobody reads yet."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def write_zip(programme: Programme, file: Path, *, sort: bool = False) -> None:
    """Write a programme as a zip of its folder; equal programmes give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in texts(programme, sort=sort).items():
            member = zipfile.ZipInfo(name, _FIRST_DAY)
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, text.encode(), zipfile.ZIP_DEFLATED, 6)
    write_bytes(file, out.getvalue())


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all."""
    with whole_file(file) as part:
        part.write_bytes(content)


def texts(programme: Programme, *, sort: bool = False) -> Mapping[str, str]:
    """Return the text of each file of a programme's folder by name, settings first, tables in their usual order."""
    files = {"programme.toml": settings_text(programme.settings)}
    for row_class in ROW_CLASSES:
        table = programme[row_class]
        if len(table):
            files[f"{row_class.DESCRIPTION.name}.csv"] = table_text(table.sorted() if sort else table)
    return files


def settings_text(settings: Settings) -> str:
    r"""Return the text of a `programme.toml` that says these settings.

    >>> print(settings_text(Settings(name='the "joint" plant', seed=7)), end="")
    format = 1
    name = "the \"joint\" plant"
    periods = "52 weeks"
    seed = 7
    """
    lines = []
    for column in Settings.DESCRIPTION.columns:
        value = getattr(settings, column.name)
        if value is None or (value == column.default and column.name not in ("format", "name", "periods")):
            continue
        if column.kind is Kind.NAMES:
            value = ";".join(value)
        quoted = column.kind not in (Kind.NUMBER, Kind.INTEGER, Kind.FLAG, Kind.DATE)
        shown = toml_text(str(value)) if quoted else str(value).lower() if column.kind is Kind.FLAG else str(value)
        lines.append(f"{column.name} = {shown}")
    return "\n".join(lines) + "\n"


def table_text(table: Table[Any]) -> str:
    """Return the CSV text of a table: header, then a line per row; columns of defaults alone are left out."""
    columns = [c for c in table.description.columns if c.required or c.key or not only_default(table, c.name)]
    names = [c.name for c in columns] + sorted(table.extra)
    cells = [_csv_cells(column_texts(c, table.columns[c.name])) for c in columns]
    cells += [_csv_cells(list(map(str, table.extra[n]))) for n in sorted(table.extra)]
    lines = [",".join(map(_csv_cell, names)), *map(",".join, zip(*cells, strict=True))]
    return "\n".join(lines) + "\n"


def toml_text(value: str) -> str:
    r"""Return a text as TOML writes it.

    >>> print(toml_text("a\tb"))
    "a\u0009b"
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"'
        + "".join(
            c if c.isprintable() else f"\\U{ord(c):08x}" if ord(c) > 0xFFFF else f"\\u{ord(c):04x}" for c in escaped
        )
        + '"'
    )


def _csv_cells(texts: list[str]) -> list[str]:
    return list(map(_csv_cell, texts)) if _QUOTED.search("".join(texts)) else texts


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
