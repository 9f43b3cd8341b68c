"""The command about what a plan hangs on: `dependence`."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tandemplan.cli.given import GivenPlan, plan_given
from tandemplan.cli.options import AsJson, RunName
from tandemplan.cli.saying import NO_ANSWER, STOPPED, Outcome, UseError, day_given, finish, refused


def dependence(
    run: RunName,
    *,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Only this: supplier, country, part, site, crossing or lane.")
    ] = "",
    every_days: Annotated[
        int, typer.Option("--every", metavar="DAYS", min=1, help="Days between the days from which on each is lost.")
    ] = 91,
    replan: Annotated[
        bool, typer.Option("--replan", help="Plan anew after each loss, and tell what is late even so.")
    ] = False,
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help="With --replan: lose each on this day alone.")
    ] = "",
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="W", min=1, max=1024, help="With --replan: processes at work; without it, one for each core."
        ),
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="A .csv file for the whole table.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell what stops, and after how long, if a supplier, country, part, site, crossing or lane is lost: where nobody plans anew, or (--replan) where somebody does."""
    finish(
        lambda: _dependence(run, (kind, every_days), to, _anew_by(first, workers, replan=replan)),
        as_json=as_json,
    )


@dataclass(frozen=True)
class _Anew:
    """How losses are planned anew: the day on which each begins (blank: several), and by how many processes."""

    first: str
    workers: int


def _anew_by(first: str, workers: int | None, *, replan: bool) -> _Anew | None:
    """Return how losses are planned anew; None where they are not, and nothing of it is asked."""
    if replan:
        return _Anew(first, workers or os.cpu_count() or 1)
    asked = [name for name, given in (("--from", first), ("--workers", workers)) if given]
    if asked:
        raise UseError(f"{' and '.join(asked)}: without --replan nobody plans anew; add --replan, or leave it out.")
    return None


@dataclass(frozen=True)
class _Step:
    """How far the work is."""

    phase: str
    seconds: float
    gap: float | None = None


def _dependence(name: str, asked: tuple[str, int], to: str, anew: _Anew | None) -> Outcome:
    import numpy as np

    from tandemplan.dependence.measures import dependence
    from tandemplan.dependence.sources import KINDS
    from tandemplan.model.writing import write_bytes
    from tandemplan.problems import did_you_mean
    from tandemplan.report.depending import dependence_lines, plain
    from tandemplan.report.figures.dependence import cells_of
    from tandemplan.results.dependence_shape import DEPENDENCE
    from tandemplan.results.store import table_text

    kind, every_days = asked
    if kind and kind not in KINDS:
        raise UseError(f"There is no kind '{kind}'; there are {', '.join(KINDS)}. {did_you_mean(kind, KINDS)}".strip())
    if to and Path(to).suffix.lower() != ".csv":
        raise UseError(f"--to is '{to}'; the table is written as a .csv file.")
    given = plan_given(name)
    folder, programme = given.folder, given.programme
    if anew is not None:
        return _planned_anew(given, asked, to, anew)
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


def _planned_anew(given: GivenPlan, asked: tuple[str, int], to: str, anew: _Anew) -> Outcome:
    from tandemplan.dependence.replanned import OutsideError, replanned
    from tandemplan.dependence.sources import KINDS
    from tandemplan.model.writing import write_bytes
    from tandemplan.plan.standing import NoPlanError
    from tandemplan.problems import SolverStoppedError
    from tandemplan.report.depending import plain, replanned_lines
    from tandemplan.report.figures.dependence import cells_of
    from tandemplan.report.progress import ProgressLines
    from tandemplan.results.answers import keep
    from tandemplan.results.dependence_shape import REPLANNED
    from tandemplan.results.store import table_text

    folder, run, programme = given.folder, given.run, given.programme
    kind, every_days = asked
    kinds = (kind,) if kind else KINDS
    first = day_given("--from", anew.first)
    lines_of_progress, begin = ProgressLines(), time.monotonic()

    def progress(done: int, count: int) -> None:
        lines_of_progress.show(_Step(f"{done} of {count} losses planned anew", time.monotonic() - begin))

    asked_for = programme, run, kinds
    try:
        frame = replanned(*asked_for, every_days=every_days, first=first, workers=anew.workers, progress=progress)
    except NoPlanError as error:
        return refused(NO_ANSWER, f"{folder}: {error}")
    except OutsideError as error:
        raise UseError(f"--from: {error}.") from None
    except SolverStoppedError as error:
        return refused(STOPPED, f"{folder}: {error}")
    finally:
        lines_of_progress.close()
    rows = cells_of(frame)
    keep(folder, {REPLANNED: rows})
    if to:
        write_bytes(Path(to), table_text(REPLANNED, frame).encode())
    lines = (*replanned_lines(rows, programme), *([f"Table: {to}"] if to else []))
    data = {"run": str(folder), "dependence_replanned": [plain(r) for r in rows], **({"table": to} if to else {})}
    return Outcome(lines=lines, data=data, faults=given.faults)
