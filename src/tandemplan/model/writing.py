"""From a programme to files: what is written reads back equal, in a byte-stable order."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.model.schema import ROW_CLASSES, Kind, Settings
from tandemplan.model.tables import Table, cell_text


def write(programme: Programme, folder: Path, *, sort: bool = False) -> None:
    """Write a programme as `programme.toml` and one CSV per table that has rows, into an existing or new folder.

    Columns that only hold defaults are left out. Rows keep their order, or are sorted by key with `sort`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "programme.toml").write_text(settings_text(programme.settings), encoding="utf-8", newline="\n")
    for row_class in ROW_CLASSES:
        table = programme[row_class]
        if len(table):
            text = table_text(table.sorted() if sort else table)
            (folder / f"{row_class.DESCRIPTION.name}.csv").write_text(text, encoding="utf-8", newline="\n")


def settings_text(settings: Settings) -> str:
    """Return the text of a `programme.toml` that says these settings."""
    lines = []
    for column in Settings.DESCRIPTION.columns:
        value = getattr(settings, column.name)
        if value is None or (value == column.default and column.name not in ("format", "name", "periods")):
            continue
        if column.kind is Kind.NAMES:
            value = ";".join(value)
        quoted = column.kind not in (Kind.NUMBER, Kind.INTEGER, Kind.FLAG, Kind.DATE)
        shown = _toml_text(str(value)) if quoted else str(value).lower() if column.kind is Kind.FLAG else str(value)
        lines.append(f"{column.name} = {shown}")
    return "\n".join(lines) + "\n"


def table_text(table: Table[Any]) -> str:
    """Return the CSV text of a table: header, then a line per row; columns of defaults alone are left out."""
    columns = [c for c in table.description.columns if c.required or c.key or not _only_default(table, c.name)]
    names = [c.name for c in columns] + sorted(table.extra)
    cells = [[cell_text(c, v) for v in table.columns[c.name]] for c in columns]
    cells += [[str(v) for v in table.extra[n]] for n in sorted(table.extra)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(zip(*cells, strict=True))
    return out.getvalue()


def _only_default(table: Table[Any], name: str) -> bool:
    column = table.description.column(name)
    assert column is not None
    default = cell_text(column, column.default if column.default is not None or column.kind is Kind.DATE else float("nan"))
    return all(cell_text(column, v) == default for v in table.columns[name])


def _toml_text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'
