"""Commands about runs: `plan`, `audit` and `report`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tandemplan.cli.options import AsJson, ProgrammePath, RunName, Scenarios, Sets
from tandemplan.cli.programmes import read_programme
from tandemplan.cli.saying import DONE, FAULTS, NO_ANSWER, STOPPED, Outcome, UseError, finish

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme
    from tandemplan.results.store import Run


def plan(
    programme: ProgrammePath,
    *,
    scenario: Scenarios = None,
    sets: Sets = None,
    out: Annotated[str, typer.Option(metavar="RUN", help="Folder of the run; without it, runs/ and its id.")] = "",
    time_limit: Annotated[
        float | None,
        typer.Option(metavar="S", min=0, help="Stop the solver after so many seconds with the best plan so far."),
    ] = None,
    gap: Annotated[
        float,
        typer.Option(
            metavar="G", min=0, max=1, help="A plan counts as optimal when each stage is proved within this share."
        ),
    ] = 0.001,
    threads: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=256,
            help="Threads of the solver: two help large plans, where both find a free core.",
        ),
    ] = 1,
    memory_limit: Annotated[
        int | None, typer.Option(metavar="MB", min=64, max=1_000_000, help="Most memory of the solver, in megabytes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the best supply plan, with a proven bound. Ctrl-C keeps the best plan so far."""
    limits = {"gap": gap, "time_limit": time_limit, "threads": threads, "memory_mb": memory_limit}
    finish(
        lambda: _plan(lambda: read_programme(programme, scenario or [], sets or []), limits, out),
        as_json=as_json,
        faulty="nothing was planned",
    )


def audit(run: RunName, as_json: AsJson = False) -> None:
    """Check a run again from its tables and its programme alone, sharing no code with the optimiser."""
    finish(lambda: _audit(run), as_json=as_json)


def report(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN", help="One run, or two that a page compares: folders, or ids under runs/."),
    ],
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="File to write: an .html page or an .xlsx workbook.")],
    as_json: AsJson = False,
) -> None:
    """Write one self-contained page about a run or about two compared, or a workbook with charts, every table and its programme."""
    finish(lambda: _report(runs, Path(to)), as_json=as_json)


def _plan(read: Callable[[], Programme], limits: Mapping[str, Any], out: str) -> Outcome:
    from tandemplan.interrupts import held_back
    from tandemplan.plan import PlanOptions
    from tandemplan.plan import plan as find_plan
    from tandemplan.report.progress import ProgressLines
    from tandemplan.report.summary import plan_lines
    from tandemplan.results.store import refuse_foreign, write_run

    if out:
        refuse_foreign(Path(out))
    begin = time.perf_counter()
    programme = read()
    reading = time.perf_counter() - begin
    progress = ProgressLines()
    with held_back():
        try:
            run = find_plan(programme, PlanOptions(**limits), progress.show)
        finally:
            progress.close()
        run = replace(run, info={**run.info, "seconds": {"read": reading, **run.info["seconds"]}})
        asked = Path(out) if out else Path("runs") / run.info["run"]
        folder = write_run(run, programme, asked)
    kept = () if folder == asked else (f"Kept: {asked} holds a better answer about this programme and stays.",)
    lines = (*plan_lines(run, programme), *kept, f"Run: {folder}")
    return Outcome(_plan_code(run), lines, {**run.info, "folder": str(folder)})


def _plan_code(run: Run) -> int:
    return {"infeasible": NO_ANSWER, "stopped": STOPPED}.get(run.info["status"], DONE)


def _audit(name: str) -> Outcome:
    from tandemplan.audit import audit as check_run
    from tandemplan.results.store import run_folder

    folder = run_folder(name)
    found = check_run(folder)
    if not found.findings and not sum(found.rows_checked.values()):
        return Outcome(NO_ANSWER, (), {"run": str(folder), "clean": None}, (f"{folder} holds no plan to audit.",))
    rows, tables = sum(found.rows_checked.values()), len(found.rows_checked)
    data = {
        "run": str(folder),
        "clean": not found.findings,
        "findings": [f.as_dict() for f in found.findings],
        "rows_checked": dict(found.rows_checked),
        "unaudited": list(found.unaudited),
    }
    if found.findings:
        count = len(found.findings)
        closing = f"{count:,} finding{'' if count == 1 else 's'}; {folder} is not to be trusted."
        return Outcome(FAULTS, (), data, (*map(str, found.findings), closing))
    lines = [f"Audit of {folder}: clean; {rows:,} rows in {tables} tables agree with the programme and each other."]
    if found.unaudited:
        lines.append(f"Not provable from tables, guarded by their digests: {', '.join(found.unaudited)}.")
    return Outcome(lines=tuple(lines), data=data)


def _report(names: list[str], file: Path) -> Outcome:
    from tandemplan.model.writing import write_bytes
    from tandemplan.report.comparison import comparison, comparison_lines
    from tandemplan.report.page import page
    from tandemplan.report.schedule_page import changed_schedule
    from tandemplan.report.scheduled import schedule_lines
    from tandemplan.report.simulated import changed_words, simulation_lines
    from tandemplan.report.summary import five_lines
    from tandemplan.report.sureness import warning
    from tandemplan.report.workbook import write_run_workbook
    from tandemplan.results.store import kind_of, read_answer, run_folder

    form = {".html": "page", ".htm": "page", ".xlsx": "workbook"}.get(file.suffix.lower())
    if form is None:
        raise UseError(f"A report is an .html page or an .xlsx workbook; '{file}' is neither.")
    if len(names) > (2 if form == "page" else 1):
        raise UseError("A page tells of one run or compares two; a workbook tells of one.")
    folders = [run_folder(name) for name in names]
    one, *two = (read_answer(f) for f in folders)
    if two and any(kind_of(run.info) != "plan" for run, _ in (one, *two)):
        raise UseError("A page compares two plans; of a simulation or a schedule it tells alone.")
    lines_of, warned = {
        "simulation": (simulation_lines, changed_words),
        "schedule": (lambda run, _: schedule_lines(run), changed_schedule),
    }.get(kind_of(one[0].info), (five_lines, warning))
    if form == "workbook":
        write_run_workbook(*one, file)
    else:
        write_bytes(file, (comparison(*one, *two[0]) if two else page(*one)).encode())
    lines = (*(comparison_lines(*one, *two[0]) if two else lines_of(*one)), f"{form.capitalize()}: {file}")
    warnings = tuple(f"{f}: {warned(run)}" for f, (run, _) in zip(folders, (one, *two), strict=True) if run.changed)
    about = {"runs": [str(f) for f in folders]} if two else {"run": str(folders[0])}
    data = {**about, form: str(file), **({"warnings": list(warnings)} if warnings else {})}
    return Outcome(lines=lines, data=data, faults=warnings)
