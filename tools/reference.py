"""Write the reference pages that are made from the code: the commands and the result tables.

Run it after a change of either: `python tools/reference.py`. A test fails while a page is stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from tandemplan.cli import app
from tandemplan.results.shape import RUN_KEYS, SHAPES, Field, Shape, Type

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
TYPE_WORDS = {
    Type.TEXT: "text",
    Type.DATE: "date",
    Type.UNITS: "number, six decimals",
    Type.MONEY: "amount, two decimals",
    Type.WHOLE: "whole number",
    Type.FLAG: "yes or no",
}


def commands_page() -> str:
    """Return the page of all commands with their arguments and options."""
    group: Any = typer.main.get_command(app)
    parts = ["# Commands", "", group.help, "", group.epilog, ""]
    parts += [
        "Progress and problems go to standard error; with `--json` one JSON object goes to standard output, and nothing else.",
        "",
    ]
    for name, command in group.commands.items():
        parts += [f"## `tandemplan {name}`", "", command.help, "", *_parameters(command), ""]
    return "\n".join(parts).rstrip() + "\n"


def results_page() -> str:
    """Return the page of all result tables with their columns."""
    parts = [
        "# Result tables",
        "",
        "A run is a folder: `run.json`, one CSV file for each of these tables, and the folder `programme` with what was planned.",
        "In the workbook of a report each table stands in a sheet `result_` and its name, in numbered sheets where it has more rows than one can hold.",
        "Columns without a second look are those that the audit cannot prove from the tables; a digest guards them.",
        "",
    ]
    parts += ["## `run.json`", "", "| key | meaning |", "|---|---|", *(f"| `{k}` | {m} |" for k, m in RUN_KEYS), ""]
    for shape in SHAPES:
        parts += _table(shape)
    return "\n".join(parts).rstrip() + "\n"


def write() -> None:
    """Write both pages."""
    for name, text in PAGES.items():
        (REFERENCE / name).write_text(text(), encoding="utf-8", newline="\n")


def _parameters(command: Any) -> list[str]:
    lines = ["| argument or option | meaning | default |", "|---|---|---|"]
    for p in command.params:
        if p.name == "help":
            continue
        default = (
            ""
            if p.default in (None, False, "", ()) or not isinstance(p.default, str | int | float)
            else f"`{p.default}`"
        )
        lines.append(f"| {_usage(p)} | {p.help} | {'required' if p.required else default} |")
    return lines


def _usage(parameter: Any) -> str:
    metavar = parameter.metavar or ""
    if parameter.param_type_name == "argument":
        return f"`{metavar.strip('[]')}`"
    value = "" if parameter.is_flag else f" {metavar}"
    return f"`{parameter.opts[0]}{value}`"


def _table(shape: Shape) -> list[str]:
    head = ["| column | holds | unit | meaning |", "|---|---|---|---|"]
    return [f"## {shape.name}", "", shape.meaning, "", *head, *map(_row, shape.fields), ""]


def _row(field: Field) -> str:
    second = "" if field.audited else " (without a second look)"
    return f"| `{field.name}` | {TYPE_WORDS[field.type]} | {field.unit} | {field.meaning}{second} |"


PAGES = {"commands.md": commands_page, "results.md": results_page}

if __name__ == "__main__":
    write()
