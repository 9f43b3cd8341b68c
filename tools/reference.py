"""Write the reference pages that are made from the code: commands, result tables, figures, Python.

Run it after a change of any: `python tools/reference.py`. A test fails while a page is stale.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

import tandemplan
from tandemplan.cli import app
from tandemplan.report.gallery import FIGURES, SCHEDULE_FIGURES, SIMULATION_FIGURES
from tandemplan.results.action_shape import ACTIONS
from tandemplan.results.answer_shapes import ANSWER_SHAPES
from tandemplan.results.dependence_shape import DEPENDENCE
from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.paired_shape import PAIRED
from tandemplan.results.pegging_shape import PEGGING
from tandemplan.results.run_keys import REPLAN_KEYS, RUN_KEYS, SCHEDULE_KEYS, SIMULATION_KEYS
from tandemplan.results.schedule_shapes import SCHEDULE_SHAPES
from tandemplan.results.shape import SHAPES
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
TYPE_WORDS = {
    Type.TEXT: "text",
    Type.DATE: "date",
    Type.MOMENT: "date and time",
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
    parts += ["A plan made by `replan` says these too:", "", "| key | meaning |", "|---|---|"]
    parts += [*(f"| `{k}` | {m} |" for k, m in REPLAN_KEYS), ""]
    for shape in SHAPES:
        parts += _table(shape)
    parts += [
        "# Tables that follow from a run",
        "",
        "These are not stored: `tandemplan explain`, `tandemplan actions`, `tandemplan dependence` and Python make them from the tables of a plan.",
        "",
        *_table(PEGGING),
        *_table(ACTIONS),
        *_table(DEPENDENCE),
        "# Answers that are kept with a run",
        "",
        "What `tandemplan explain --worst`, `--claims` and `dependence --replan` found, in the folder `answers` of the run, for its page; no digest guards them.",
        "",
        *(line for shape in ANSWER_SHAPES for line in _table(shape)),
        "# Tables of a simulation",
        "",
        "A simulation is a folder of its own: `run.json`, one CSV file for each of these tables, and the folder `programme`.",
        "Each estimate has three columns: its value, and `_from` and `_to`, the ends of its 95 % confidence interval: Wilson's for probabilities,",
        "Student's for means (Welch's for their differences), binomial order statistics for quantiles, the jackknife for shares of variance.",
        "An end is blank where the replications are too few to say. Low, middle and high quantiles are those of the programme's settings.",
        "",
    ]
    parts += ["## `run.json` of a simulation", "", "| key | meaning |", "|---|---|"]
    parts += [*(f"| `{k}` | {m} |" for k, m in SIMULATION_KEYS), ""]
    for shape in SIMULATION_SHAPES:
        parts += _table(shape)
    parts += ["# Tables of a schedule", "", "A schedule is a folder of its own, as a simulation is. What the rows mean stands in [What a schedule means](../scheduling.md).", ""]  # fmt: skip
    parts += ["## `run.json` of a schedule", "", "| key | meaning |", "|---|---|"]
    parts += [*(f"| `{k}` | {m} |" for k, m in SCHEDULE_KEYS), ""]
    for shape in SCHEDULE_SHAPES:
        parts += _table(shape)
    parts += ["# What follows from two simulations", "", "Not stored: `tandemplan compare` and Python make it from their tables.", "", *_table(PAIRED)]  # fmt: skip
    return "\n".join(parts).rstrip() + "\n"


def write() -> None:
    """Write all pages."""
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


def python_page() -> str:
    """Return the page of every public name of Python, from the docstrings."""
    parts = [
        "# Python",
        "",
        "`import tandemplan as tp` gives these names. Every example on this page is run by the tests;",
        "[Plan in Python](../learn/python.md) is the way in.",
        "",
    ]
    public = {name: getattr(tandemplan, name) for name in tandemplan.__all__}
    for name in sorted(public, key=lambda n: (inspect.isclass(public[n]), n)):
        parts += [f"## `{_signature(f'tp.{name}', public[name])}`", "", *_docstring(public[name]), ""]
        if name == "Run":
            parts += ["| table | a row is |", "|---|---|", *(f"| `run.{s.name}` | {s.meaning} |" for s in SHAPES), ""]
        for word, member in members(public[name]):
            parts += [f"### `{_signature(f'{name}.{word}', member)}`", "", *_docstring(member), ""]
    return "\n".join(parts).rstrip() + "\n"


def figures_page() -> str:
    """Return the page of every figure of a run."""
    parts = [
        "# Figures",
        "",
        'Pictures about a run, each an SVG that stands alone. `run.figure("deliveries")` in [Python](python.md) has the picture (`svg`),',
        "what it shows in words (`description`), and the `numbers` behind it as a frame.",
        "",
        "| figure | shows |",
        "|---|---|",
        *(f"| `{name}` | {shows} |" for name, shows in FIGURES.items()),
        "",
        "Of a simulation:",
        "",
        "| figure | shows |",
        "|---|---|",
        *(f"| `{name}` | {shows} |" for name, shows in SIMULATION_FIGURES.items()),
        "",
        "Of a schedule:",
        "",
        "| figure | shows |",
        "|---|---|",
        *(f"| `{name}` | {shows} |" for name, shows in SCHEDULE_FIGURES.items()),
    ]
    return "\n".join(parts) + "\n"


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties that a class of ours declares, in their order."""
    for word, member in vars(value).items() if inspect.isclass(value) else ():
        described = inspect.isfunction(member) or isinstance(member, property) or hasattr(member, "func")
        if described and not word.startswith("_"):
            yield word, member


def _signature(name: str, value: Any) -> str:
    if not inspect.isfunction(value):
        return name
    signature = inspect.signature(value)
    kept = [p.replace(annotation=p.empty) for p in signature.parameters.values() if p.name != "self"]
    return f"{name}{signature.replace(parameters=kept, return_annotation=inspect.Signature.empty)}"


def _docstring(value: Any) -> list[str]:
    """Return the lines of a docstring, examples fenced."""
    lines: list[str] = []
    inside = False
    for line in (inspect.getdoc(value) or "").splitlines():
        if line.startswith(">>> ") and not inside:
            lines.append("```python")
            inside = True
        if inside and not line:
            lines.append("```")
            inside = False
        lines.append(line)
    return [*lines, "```"] if inside else lines


PAGES = {"commands.md": commands_page, "results.md": results_page, "python.md": python_page, "figures.md": figures_page}

if __name__ == "__main__":
    write()
