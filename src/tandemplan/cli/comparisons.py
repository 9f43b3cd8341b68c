"""The command about two runs and more: `compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tandemplan.cli.options import AsJson
from tandemplan.cli.saying import Outcome, UseError, finish

if TYPE_CHECKING:
    from tandemplan.explain.split import Split
    from tandemplan.model.programme import Programme
    from tandemplan.report.figures.both import Side
    from tandemplan.results.store import Run

    Simulated = tuple[Run, Programme]


def compare(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN",
            help="Two runs or more, folders or ids under runs/; the first is what the others are measured against.",
        ),
    ],
    *,
    split: Annotated[
        str,
        typer.Option(
            metavar="METHOD",
            help="Split the difference by cause, by a plan for each: `order` (one change after another), or `shapley` (the mean over all orders, for at most five causes).",
        ),
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="LEVEL",
            help="What is a cause of its own: each `cell`, `row` or `table`; without it, the finest that makes at most six.",
        ),
    ] = "",
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="Page to write about two runs, an .html file.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what changed between runs: first in the input, then in the answers, and what did what. Simulations are compared replication by replication."""
    finish(lambda: _compare(runs, split, by, to), as_json=as_json)


def _compare(names: list[str], method: str, by: str, to: str) -> Outcome:
    from tandemplan.explain.split import LEVELS, METHODS
    from tandemplan.report.comparison import sides
    from tandemplan.report.sureness import warning
    from tandemplan.results.store import is_simulation, kind_of, read_answer, run_folder

    if len(names) < 2:
        raise UseError("Name two runs or more; the first is what the others are measured against.")
    for word, value, known in (("--split", method, METHODS), ("--by", by, LEVELS)):
        if value not in ("", *known):
            raise UseError(f"{word} is '{value}'; it is one of {', '.join(known)}.")
    if by and not method:
        raise UseError("--by says what --split splits by: name a method, --split order or --split shapley.")
    if to and (len(names) > 2 or Path(to).suffix.lower() not in (".html", ".htm")):
        raise UseError(f"A page is an .html file about two runs; '{to}' about {len(names)} is none.")
    folders = [run_folder(name) for name in names]
    first, *others = (read_answer(f) for f in folders)
    if any(kind_of(run.info) == "schedule" for run, _ in (first, *others)):
        raise UseError("Schedules are not compared; compare plans, or simulations.")
    simulated = {is_simulation(run.info) for run, _ in (first, *others)}
    if simulated == {True, False}:
        raise UseError("Some of these are plans and some are simulations; compare either with its own kind.")
    if simulated == {True}:
        for word in filter(None, (method and "--split", to and "--to")):
            raise UseError(f"{word} is for plans; these are simulations.")
    faults = tuple(f"{f}: {warning(run)}" for f, (run, _) in zip(folders, (first, *others), strict=True) if run.changed)
    found = [
        _simulations(first, other) if simulated == {True} else _pair(*sides(*first, *other), method, by)
        for other in others
    ]
    lines = [line for said, _, _ in found for line in (*said, "")][:-1]
    data = [{"first": str(folders[0]), "second": str(f), **d} for f, (_, d, _) in zip(folders[1:], found, strict=True)]
    if to:
        _write(to, (first, others[0]), found[0][2])
        lines.append(f"Page: {to}")
    more = {"page": to} if to else {}
    return Outcome(lines=tuple(lines), data={"comparisons": data, **more, "warnings": list(faults)}, faults=faults)


def _pair(first: Side, second: Side, method: str, by: str) -> tuple[list[str], dict[str, Any], Split | None]:
    """Return two runs compared: in lines, as data, and split where that is asked for."""
    from tandemplan.report.compared import rows_of_both
    from tandemplan.report.comparison import comparison_lines
    from tandemplan.report.splits import split_lines, split_rows

    lines = comparison_lines(first.run, first.programme, second.run, second.programme)
    data: dict[str, Any] = {"summary": lines, **rows_of_both(first, second)}
    if not method:
        return lines, data, None
    parts = _split(first, second, method, by)
    told = {"method": parts.method, "plans": parts.plans, "seconds": round(parts.seconds, 3)}
    data["split"] = {**told, "parts": split_rows(parts, second.programme)}
    return [*lines, *split_lines(parts, second.programme)], data, parts


def _simulations(first: Simulated, second: Simulated) -> tuple[list[str], dict[str, Any], None]:
    """Return two simulations compared replication by replication: in lines, and as data."""
    from dataclasses import asdict

    from tandemplan.model.differences import input_changes
    from tandemplan.report.paired import paired_lines
    from tandemplan.report.simulated import plain
    from tandemplan.results.paired_shape import PAIRED
    from tandemplan.results.store import Run
    from tandemplan.simulate.paired import NotComparedError, paired

    try:
        rows = Run({}, {PAIRED.name: paired(first, second)}).rows(PAIRED)
    except NotComparedError as error:
        raise UseError(f"{error}.") from error
    lines = paired_lines(first, second, rows)
    inputs = [asdict(c) for c in input_changes(first[1], second[1])]
    return lines, {"summary": lines, "inputs": inputs, "differences": [plain(r) for r in rows]}, None


def _split(first: Side, second: Side, method: str, by: str) -> Split:
    from tandemplan.explain.solving import planned_as, seconds_of
    from tandemplan.explain.split import Planned, SplitError, causes_of, plans_needed, split
    from tandemplan.report.progress import ProgressLines

    one, two = (Planned(s.run, s.programme) for s in (first, second))
    progress = ProgressLines()
    try:
        plans = plans_needed(causes_of(one.programme, two.programme, by), method)
        each = seconds_of(second.run)
        print(
            f"Splitting: {plans} plans in between, about {each:.1f} s each if they take as long as {second.name}.",
            file=sys.stderr,
        )
        return split(one, two, planned_as(second.run, progress.show), method=method, by=by)
    except SplitError as error:
        raise UseError(str(error)) from error
    finally:
        progress.close()


def _write(file: str, both: tuple[tuple[Any, Any], tuple[Any, Any]], parts: Split | None) -> None:
    from tandemplan.model.writing import write_bytes
    from tandemplan.report.comparison import comparison

    write_bytes(Path(file), comparison(*both[0], *both[1], parts).encode())
