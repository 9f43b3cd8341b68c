"""From the one description of every table to documents: notes, the reference page, the JSON Schema."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tandemplan.model.schema import ROW_CLASSES, Column, Description, Kind, Settings

_KIND_WORDS = {
    Kind.NAME: "name",
    Kind.NAMES: "names, separated by `;`",
    Kind.TEXT: "text",
    Kind.CHOICE: "choice",
    Kind.NUMBER: "number",
    Kind.INTEGER: "whole number",
    Kind.FLAG: "`yes` or `no`",
    Kind.DATE: "date",
    Kind.MOMENT: "date, or date and time",
}
_INTRODUCTION = """# Tables of a programme

<!-- Generated from src/tandemplan/model/schema by tandemplan.model.describe; edit the schema, not this page. -->

A programme is a folder with `programme.toml` and one CSV file per table, a zip of such a folder, or a workbook with a
sheet per table and a sheet `programme` (columns `setting`, `value`). Only the tables that a model needs are present.
The names of key columns are in bold: together they name one row. A blank cell means the default. Columns, sheets and
files whose name starts with `x_` are the user's own: the columns are kept, the sheets and files passed over. So are the
answers in the workbook of a report, its sheet `summary` and those whose name starts with `result_`: such a workbook reads
as the programme that was planned.
"""


def note_of(column: Column) -> str:
    """Return what a column holds in a sentence or three: meaning, kind, unit, bounds, default, reference.

    >>> from tandemplan.model.schema import Item
    >>> note_of(Item.DESCRIPTION.column("weight_kg"))
    'Weight of one unit. A number in kg, at least 0. Blank means 0.'
    """
    kind = _KIND_WORDS[column.kind].replace("`", "")
    unit = f" in {column.unit}" if column.unit else ""
    limits = f", {bounds_text(column)}" if bounds_text(column) else ""
    known = f" Names rows of {' or '.join(column.refers_to)}." if column.refers_to else ""
    choices = f" One of {', '.join(column.choices)}." if column.choices else ""
    default = (
        " Must be given."
        if column.required
        else f" Blank means {default_text(column)}."
        if default_text(column)
        else ""
    )
    return f"{column.meaning.replace('`', '')} A {kind}{unit}{limits}.{choices}{known}{default}"


def bounds_text(column: Column) -> str:
    """Return the bounds of a number in words, or the empty text.

    >>> from tandemplan.model.schema import Operation
    >>> bounds_text(Operation.DESCRIPTION.column("learning_slope"))
    'above 0, at most 1'
    """
    words = [("above", column.above), ("at least", column.low), ("at most", column.high)]
    return ", ".join(f"{word} {value:g}" for word, value in words if value is not None)


def default_text(column: Column) -> str:
    """Return what a blank cell means, as it would be written; the empty text when blank stays blank."""
    value = column.default
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    return "" if value is None or value == () else str(value)


def reference_page() -> str:
    """Return the Markdown page of every setting, table and column."""
    parts = [_INTRODUCTION, "## Settings: `programme.toml`\n", _column_table(Settings.DESCRIPTION)]
    group = ""
    for row_class in ROW_CLASSES:
        table = row_class.DESCRIPTION
        if table.group != group:
            group = table.group
            parts.append(f"## {group[0].upper()}{group[1:]}\n")
        parts.append(f"### `{table.name}`\n\n{table.meaning}\n")
        parts.append(_column_table(table))
    return "\n".join(parts)


def _column_table(table: Description) -> str:
    lines = ["| column | holds | unit | blank means | meaning |", "|---|---|---|---|---|"]
    for c in table.columns:
        name = f"**`{c.name}`**" if c.key else f"`{c.name}`"
        default = "must be given" if c.required else default_text(c) or "blank"
        meaning = c.meaning.replace("|", "\\|")
        lines.append(f"| {name} | {_holds(c)} | {c.unit} | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _holds(column: Column) -> str:
    if column.choices:
        return "one of " + ", ".join(f"`{c}`" for c in column.choices)
    to = " of " + " or ".join(f"`{t}`" for t in column.refers_to) if column.refers_to else ""
    bounds = f", {bounds_text(column)}" if bounds_text(column) else ""
    return f"{_KIND_WORDS[column.kind]}{to}{bounds}"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a programme as JSON: `programme` (settings), and an array per table."""
    tables = {c.DESCRIPTION.name: {"type": "array", "items": _row_schema(c.DESCRIPTION)} for c in ROW_CLASSES}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tandemplan programme",
        "description": "A programme: its settings, and the rows of each table.",
        "type": "object",
        "properties": {"programme": _row_schema(Settings.DESCRIPTION), **tables},
        "required": ["programme"],
        "additionalProperties": False,
    }


def schema_text() -> str:
    """Return the JSON Schema as it is kept in the reference."""
    return json.dumps(json_schema(), indent=1) + "\n"


def _row_schema(table: Description) -> dict[str, Any]:
    required = [c.name for c in table.columns if c.required]
    return {
        "type": "object",
        "description": table.meaning,
        "properties": {c.name: column_schema(c) for c in table.columns},
        **({"required": required} if required else {}),
        "patternProperties": {"^x_": {}},
        "additionalProperties": False,
    }


def column_schema(column: Column) -> dict[str, Any]:
    """Return the JSON Schema of one cell.

    >>> from tandemplan.model.schema import Item
    >>> column_schema(Item.DESCRIPTION.column("shelf_life_days"))["anyOf"]
    [{'type': 'number', 'maximum': 36500, 'exclusiveMinimum': 0}, {'type': 'null'}]
    """
    inner = _type_schema(column)
    blank = column.default is None and not column.required
    shape = {"anyOf": [inner, {"type": "null"}]} if blank else inner
    default = list(column.default) if isinstance(column.default, tuple) else column.default
    more: dict[str, Any] = {"description": column.meaning}
    if not column.required and default is not None:
        more["default"] = default
    if column.unit:
        more["x-unit"] = column.unit
    if column.key:
        more["x-key"] = True
    if column.refers_to:
        more["x-refers-to"] = list(column.refers_to)
    return {**shape, **more}


def _type_schema(column: Column) -> dict[str, Any]:
    if column.kind is Kind.CHOICE:
        return {"type": "string", "enum": list(column.choices)}
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        bounds = {"minimum": column.low, "maximum": column.high, "exclusiveMinimum": column.above}
        kind = "number" if column.kind is Kind.NUMBER else "integer"
        return {"type": kind, **{word: value for word, value in bounds.items() if value is not None}}
    plain: dict[Kind, dict[str, Any]] = {
        Kind.NAME: {"type": "string", "pattern": "^[^;|\\u0000-\\u001f]*$"},
        Kind.NAMES: {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
        Kind.TEXT: {"type": "string", "maxLength": 10_000},
        Kind.FLAG: {"type": "boolean"},
        Kind.DATE: {"type": "string", "format": "date"},
        Kind.MOMENT: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$"},
    }
    return plain[column.kind]


def write_reference(folder: Path) -> None:
    """Write the reference page and the JSON Schema into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tables.md").write_text(reference_page(), encoding="utf-8", newline="\n")
    (folder / "schema.json").write_text(schema_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_reference(Path(sys.argv[1]))
