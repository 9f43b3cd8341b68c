"""The command about orders to the second: `schedule`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tandemplan.cli.given import plan_given
from tandemplan.cli.options import AsJson, Scenarios, Sets
from tandemplan.cli.programmes import read_programme
from tandemplan.cli.saying import Outcome, UseError, day_given, finish

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme
    from tandemplan.schedule.near.horizon import Near


def schedule(
    programme: Annotated[
        str,
        typer.Argument(
            metavar="PROGRAMME", help="Folder, zip or workbook of a programme; or a run, whose plan is scheduled."
        ),
    ],
    *,
    since: Annotated[
        str,
        typer.Option(
            "--from", metavar="DATE", help="Of a plan: schedule it from the period of this day on; else from its start."
        ),
    ] = "",
    until: Annotated[
        str, typer.Option(metavar="DATE", help="Of a plan: schedule it before this day; else four weeks of it.")
    ] = "",
    scenario: Scenarios = None,
    sets: Sets = None,
    out: Annotated[str, typer.Option(metavar="RUN", help="Folder of the schedule; without it, runs/ and its id.")] = "",
    time_limit: Annotated[
        float, typer.Option(metavar="S", min=0, help="Improve the schedule for so many seconds; 0: dispatch alone.")
    ] = 10.0,
    steps: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="Improve it by so many steps instead: the same schedule every time."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", min=0, help="Seed of all choices; without it, that of the programme.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Schedule the orders of a factory on its stations, to the second, with a bound for each class. Ctrl-C keeps the best so far."""
    asked = {"time_limit": time_limit, "steps": steps, "seed": seed}
    finish(
        lambda: _schedule(lambda: _sought(programme, (since, until), scenario or [], sets or []), asked, out),
        as_json=as_json,
        faulty="nothing was scheduled",
    )


def _sought(name: str, days: tuple[str, str], scenarios: list[str], sets: list[str]) -> Programme | Near:
    """Return the programme of a name, or, of a run, what is scheduled of its plan; raises UseError."""
    from tandemplan.results.store import kind_of
    from tandemplan.schedule.near.horizon import NearError, near_of

    if not any((folder / "run.json").is_file() for folder in (Path(name), Path("runs") / name)):
        if any(days):
            raise UseError(
                "--from and --until say what is scheduled of a plan; a programme of processes says its days itself."
            )
        return read_programme(name, scenarios, sets)
    if scenarios or sets:
        raise UseError("A plan is scheduled as it is: lay scenarios and changes over its programme, and plan that.")
    given = plan_given(name)
    if kind_of(given.run.info) != "plan":
        raise UseError(f"{name} is a {kind_of(given.run.info)}; give the run of a plan.")
    since, until = (day_given(o, d) for o, d in zip(("--from", "--until"), days, strict=True))
    try:
        return near_of(given.programme, given.run, since, until)
    except NearError as error:
        raise UseError(str(error)) from error


def _schedule(read: Callable[[], Programme | Near], asked: dict[str, Any], out: str) -> Outcome:
    from tandemplan.interrupts import held_back
    from tandemplan.model.programme import Programme
    from tandemplan.report.progress import ProgressLines
    from tandemplan.report.scheduled import schedule_lines
    from tandemplan.results.store import refuse_foreign, write_run
    from tandemplan.schedule.answer import NoShopError, ScheduleOptions, schedule_near
    from tandemplan.schedule.answer import schedule as find_schedule
    from tandemplan.schedule.ways import TooManyWaysError

    if out:
        refuse_foreign(Path(out), {"verb": "schedule"})
    begin = time.perf_counter()
    sought = read()
    reading = time.perf_counter() - begin
    programme = sought if isinstance(sought, Programme) else sought.programme
    seed = programme.settings.seed if asked["seed"] is None else asked["seed"]
    try:
        options = ScheduleOptions(**{**asked, "seed": seed})
    except ValueError as error:
        raise UseError(str(error)) from error
    progress = ProgressLines()
    with held_back():
        try:
            if isinstance(sought, Programme):
                run = find_schedule(programme, options, progress.show)
            else:
                run, programme = schedule_near(sought, options, progress.show)
        except (NoShopError, TooManyWaysError) as error:
            raise UseError(str(error)) from error
        finally:
            progress.close()
        run = replace(run, info={**run.info, "seconds": {"read": reading, **run.info["seconds"]}})
        folder = write_run(run, programme, Path(out) if out else Path("runs") / run.info["run"])
    lines = (*schedule_lines(run), f"Schedule: {folder}")
    return Outcome(lines=lines, data={**run.info, "folder": str(folder)})
