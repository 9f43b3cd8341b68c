"""The command about what a plan hangs on: `dependence`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tandemplan.cli.given import plan_given
from tandemplan.cli.options import AsJson, RunName
from tandemplan.cli.saying import Outcome, UseError, finish


def dependence(
    run: RunName,
    *,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Only this: supplier, country, part, site, crossing or lane.")
    ] = "",
    every_days: Annotated[
        int, typer.Option("--every", metavar="DAYS", min=1, help="Days between the days from which on each is lost.")
    ] = 91,
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="A .csv file for the whole table.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell what stops, and after how long, if a supplier, country, part, site, crossing or lane is lost and nobody plans anew."""
    finish(lambda: _dependence(run, kind, every_days, to), as_json=as_json)


def _dependence(name: str, kind: str, every_days: int, to: str) -> Outcome:
    import numpy as np

    from tandemplan.dependence.measures import dependence
    from tandemplan.dependence.sources import KINDS
    from tandemplan.model.writing import write_bytes
    from tandemplan.problems import did_you_mean
    from tandemplan.report.depending import dependence_lines, plain
    from tandemplan.report.figures.dependence import cells_of
    from tandemplan.results.dependence_shape import DEPENDENCE
    from tandemplan.results.store import table_text

    if kind and kind not in KINDS:
        raise UseError(f"There is no kind '{kind}'; there are {', '.join(KINDS)}. {did_you_mean(kind, KINDS)}".strip())
    if to and Path(to).suffix.lower() != ".csv":
        raise UseError(f"--to is '{to}'; the table is written as a .csv file.")
    given = plan_given(name)
    folder, programme = given.folder, given.programme
    frame = dependence(programme, given.run, every_days)
    told = dependence_lines(cells_of(frame), programme, kind)
    kept = frame["kind"] == kind if kind else np.ones(len(frame["kind"]), dtype=bool)
    frame = {n: frame[n][kept] for n in frame}
    rows = cells_of(frame)
    if to:
        write_bytes(Path(to), table_text(DEPENDENCE, frame).encode())
    lines = (*told, *([f"Table: {to}"] if to else []))
    data = {"run": str(folder), "dependence": [plain(r) for r in rows], **({"table": to} if to else {})}
    return Outcome(lines=lines, data=data, faults=given.faults)
