"""The shell: parse, call one function, print. Heavy imports stand inside the commands, so that help comes at once."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tandemplan import __version__
from tandemplan.model.examples import copy_example, example_names
from tandemplan.problems import ProgrammeFaultsError, did_you_mean, summary

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme
    from tandemplan.results.store import Run

DONE, FAULTS, WRONG_USE, NO_ANSWER, STOPPED, MACHINE = range(6)

app = typer.Typer(
    name="tandemplan",
    help="Plan joint production programmes: optimal plans with proven bounds, audited.",
    epilog=(
        "Exit codes: 0 done; 1 the model has faults, or the audit found one; 2 wrong use; 3 no feasible answer; "
        "4 stopped before any answer; 5 the machine refused (disk full, no permission, closed pipe)."
    ),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

ProgrammePath = Annotated[str, typer.Argument(metavar="PROGRAMME", help="Folder, zip or workbook of a programme.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or its id under runs/.")]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="DIR", help="Scenario laid over the programme, by folder or name; repeatable."),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="CHANGE", help='One change, "table[key].column=value"; repeatable.'),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else there.")
]


@dataclass(frozen=True)
class Outcome:
    """What a command has to say: exit code, lines for people, data for `--json`, lines for standard error."""

    code: int = DONE
    lines: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


class UseError(Exception):
    """Raised when a command is called in a way that has no meaning."""


@app.callback(invoke_without_command=True)
def _tandemplan(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        typer.echo(f"tandemplan {__version__}")
        raise typer.Exit(DONE)


@app.command()
def new(
    folder: Annotated[
        str, typer.Argument(metavar="[DIR]", help="Folder to make; it must not exist, or be empty.")
    ] = "",
    example: Annotated[str, typer.Option("--from", metavar="EXAMPLE", help="Example to start from.")] = "first_steps",
    workbook: Annotated[str, typer.Option(metavar="FILE", help="Blank workbook to write, an .xlsx file.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a programme to start from: a copy of an example, or a blank workbook."""
    _finish(lambda: _new(folder, example, workbook), as_json=as_json)


@app.command()
def check(
    programme: ProgrammePath,
    scenario: Scenarios = None,
    sets: Sets = None,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="PATH", help="Where to write it, changes laid over: a folder, a .zip or an .xlsx."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show all faults of a programme at once; write one without faults in another form."""
    _finish(
        lambda: _check(lambda: _read(programme, scenario or [], sets or []), to),
        as_json=as_json,
        faulty="mend them and check again",
    )


@app.command()
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
        int, typer.Option(metavar="N", min=1, max=256, help="Threads of the solver (its simplex uses one).")
    ] = 1,
    memory_limit: Annotated[
        int | None, typer.Option(metavar="MB", min=64, max=1_000_000, help="Most memory of the solver, in megabytes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the best supply plan, with a proven bound. Ctrl-C keeps the best plan so far."""
    limits = {"gap": gap, "time_limit": time_limit, "threads": threads, "memory_mb": memory_limit}
    _finish(
        lambda: _plan(lambda: _read(programme, scenario or [], sets or []), limits, out),
        as_json=as_json,
        faulty="nothing was planned",
    )


@app.command()
def audit(run: RunName, as_json: AsJson = False) -> None:
    """Check a run again from its tables and its programme alone, sharing no code with the optimiser."""
    _finish(lambda: _audit(run), as_json=as_json)


@app.command()
def report(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN", help="One run, or two that a page compares: folders, or ids under runs/."),
    ],
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="File to write: an .html page or an .xlsx workbook.")],
    as_json: AsJson = False,
) -> None:
    """Write one self-contained page about a run or about two compared, or a workbook with charts, every table and its programme."""
    _finish(lambda: _report(runs, Path(to)), as_json=as_json)


def main() -> None:
    """Run the shell on the arguments of this process.

    Wrong use leaves with 2 and, with `--json`, one JSON object on standard output; an interrupt at any time with 4.
    """
    command: Any = typer.main.get_command(app)
    try:
        code = command.main(standalone_mode=False)
    except typer.Exit as error:
        code = error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = _say(_refused(STOPPED, "Stopped before any answer."), as_json="--json" in sys.argv)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        code = _misused(error)
    sys.exit(code if isinstance(code, int) else DONE)


def _misused(error: Any) -> int:
    """Say why the command cannot be understood."""
    if "--json" in sys.argv:
        print(json.dumps({"error": error.format_message()}, ensure_ascii=False, indent=2))
    error.show()
    return WRONG_USE


def _new(folder: str, example: str, workbook: str) -> Outcome:
    if not folder and not workbook:
        raise UseError("Say which folder to make, or --workbook FILE.")
    lines: list[str] = []
    data: dict[str, str] = {}
    if folder:
        _copy_example(example, Path(folder))
        lines += [f"Made {folder} from the example {example}.", f"Next: tandemplan plan {folder}"]
        data |= {"folder": folder, "example": example}
    if workbook:
        _write_workbook(Path(workbook))
        lines.append(f"Wrote the blank workbook {workbook}.")
        data["workbook"] = workbook
    return Outcome(lines=tuple(lines), data=data)


def _copy_example(example: str, folder: Path) -> None:
    known = example_names()
    if example not in known:
        raise UseError(f"There is no example '{example}'; there are {', '.join(known)}. {did_you_mean(example, known)}")
    _refuse_taken(folder)
    copy_example(example, folder)


def _refuse_taken(path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UseError(f"{path} is there already and not empty; choose another place.")


def _write_workbook(file: Path) -> None:
    from tandemplan.model.workbook import blank_workbook

    if file.suffix != ".xlsx":
        raise UseError(f"A blank workbook is an .xlsx file; '{file}' is none.")
    _refuse_taken(file)
    blank_workbook(file)


def _check(read: Callable[[], Programme], to: str) -> Outcome:
    if Path(to).suffix.lower() in (".xls", ".xlsm", ".xlsb", ".ods", ".csv"):
        raise UseError(f"A programme is written as a folder, a .zip or an .xlsx workbook; '{to}' is none.")
    if to:
        _refuse_taken(Path(to))
    programme = read()
    filled = [t for t in programme.tables.values() if len(t)]
    size = f"{sum(len(t) for t in filled):,} rows in {len(filled)} tables"
    about = {"name": programme.settings.name, "digest": programme.digest}
    lines = [f"{programme.settings.name}: no problems in {size}.", f"Digest {programme.digest}"]
    data: dict[str, Any] = {"programme": about, "problems": []}
    if to:
        data["written"] = str(programme.save(to))
        lines.append(f"Wrote {to}.")
    return Outcome(lines=tuple(lines), data=data)


def _read(path: str, scenarios: list[str], sets: list[str]) -> Programme:
    from tandemplan.model.reading import check as read_and_check

    if not path or not Path(path).exists():
        siblings = [p.name for p in Path(path).parent.glob("*")] if Path(path).parent.is_dir() else []
        raise UseError(f"There is no programme '{path}'. {did_you_mean(Path(path).name, siblings)}")
    reading = read_and_check(path, scenarios, sets)
    if reading.programme is None:
        raise ProgrammeFaultsError(reading.problems)
    return reading.programme


def _plan(read: Callable[[], Programme], limits: Mapping[str, Any], out: str) -> Outcome:
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
    from tandemplan.report.summary import five_lines
    from tandemplan.report.workbook import write_run_workbook
    from tandemplan.results.store import read_answer, run_folder

    form = {".html": "page", ".htm": "page", ".xlsx": "workbook"}.get(file.suffix.lower())
    if form is None:
        raise UseError(f"A report is an .html page or an .xlsx workbook; '{file}' is neither.")
    if len(names) > (2 if form == "page" else 1):
        raise UseError("A page tells of one run or compares two; a workbook tells of one.")
    folders = [run_folder(name) for name in names]
    one, *two = (read_answer(f) for f in folders)
    if form == "workbook":
        write_run_workbook(*one, file)
    else:
        write_bytes(file, (comparison(*one, *two[0]) if two else page(*one)).encode())
    lines = (*(comparison_lines(*one, *two[0]) if two else five_lines(*one)), f"{form.capitalize()}: {file}")
    about = {"runs": [str(f) for f in folders]} if two else {"run": str(folders[0])}
    return Outcome(lines=lines, data={**about, form: str(file)})


def _finish(work: Callable[[], Outcome], *, as_json: bool, faulty: str = "nothing was done") -> None:
    """Do the work of a command, print what it says, and leave with its exit code.

    `faulty` says what follows when the programme has faults.
    """
    from tandemplan.problems import CellLimitError, SolverDiedError
    from tandemplan.results.store import RunError

    try:
        outcome = work()
    except ProgrammeFaultsError as error:
        closing = summary(error.problems, faulty)
        data = {"problems": [p.as_dict() for p in error.problems], "summary": closing}
        outcome = Outcome(FAULTS, (), data, (*map(str, error.problems), closing))
    except (UseError, RunError, CellLimitError) as error:
        outcome = _refused(WRONG_USE, str(error).strip())
    except KeyboardInterrupt:
        outcome = _refused(STOPPED, "Stopped before any answer.")
    except OSError as error:
        outcome = _refused(MACHINE, _machine_said(error))
    except SolverDiedError as error:
        outcome = _refused(MACHINE, str(error))
    raise typer.Exit(_say(outcome, as_json=as_json))


def _refused(code: int, message: str) -> Outcome:
    return Outcome(code, (), {"error": message}, (f"tandemplan: {message}",))


def _machine_said(error: OSError) -> str:
    place = f" ({error.filename})" if error.filename else ""
    return f"The machine refused: {error.strerror or error}{place}."


def _say(outcome: Outcome, *, as_json: bool) -> int:
    """Print an outcome and return the exit code; a closed pipe or full disk gives one line and its own code."""
    try:
        if outcome.faults:
            print("\n".join(outcome.faults), file=sys.stderr, flush=True)
        text = json.dumps(outcome.data, ensure_ascii=False, indent=2) if as_json else "\n".join(outcome.lines)
        if text:
            print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"tandemplan: {_machine_said(error)}", file=sys.stderr)
        return MACHINE
    return outcome.code
