"""Commands about programmes: `new` and `check`; and reading one for the commands that plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tandemplan.cli.options import AsJson, ProgrammePath, Scenarios, Sets
from tandemplan.cli.saying import Outcome, UseError, finish
from tandemplan.model.examples import copy_example, example_names
from tandemplan.problems import ProgrammeFaultsError, did_you_mean

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme


def new(
    folder: Annotated[
        str, typer.Argument(metavar="[DIR]", help="Folder to make; it must not exist, or be empty.")
    ] = "",
    example: Annotated[str, typer.Option("--from", metavar="EXAMPLE", help="Example to start from.")] = "first_steps",
    workbook: Annotated[str, typer.Option(metavar="FILE", help="Blank workbook to write, an .xlsx file.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a programme to start from: a copy of an example, or a blank workbook."""
    finish(lambda: _new(folder, example, workbook), as_json=as_json)


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
    finish(
        lambda: _check(lambda: read_programme(programme, scenario or [], sets or []), to),
        as_json=as_json,
        faulty="mend them and check again",
    )


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
    refuse_taken(folder)
    copy_example(example, folder)


def refuse_taken(path: Path) -> None:
    """Raise UseError where something lies at a path that is to be written."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UseError(f"{path} is there already and not empty; choose another place.")


def _write_workbook(file: Path) -> None:
    from tandemplan.model.workbook import blank_workbook

    if file.suffix != ".xlsx":
        raise UseError(f"A blank workbook is an .xlsx file; '{file}' is none.")
    refuse_taken(file)
    blank_workbook(file)


def _check(read: Callable[[], Programme], to: str) -> Outcome:
    if Path(to).suffix.lower() in (".xls", ".xlsm", ".xlsb", ".ods", ".csv"):
        raise UseError(f"A programme is written as a folder, a .zip or an .xlsx workbook; '{to}' is none.")
    if to:
        refuse_taken(Path(to))
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


def read_programme(path: str, scenarios: list[str], sets: list[str]) -> Programme:
    """Return a programme with scenarios and changes laid over it. Raises UseError and ProgrammeFaultsError."""
    from tandemplan.model.reading import check as read_and_check

    if not path or not Path(path).exists():
        siblings = [p.name for p in Path(path).parent.glob("*")] if Path(path).parent.is_dir() else []
        raise UseError(f"There is no programme '{path}'. {did_you_mean(Path(path).name, siblings)}")
    reading = read_and_check(path, scenarios, sets)
    if reading.programme is None:
        raise ProgrammeFaultsError(reading.problems)
    return reading.programme
