"""The command about orders to the second: `schedule`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tandemplan.cli.options import AsJson, Scenarios, Sets
from tandemplan.cli.programmes import read_programme
from tandemplan.cli.saying import Outcome, UseError, finish

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme


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
    rounds: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            max=5,
            help="Of a plan: take the hours that it was too hopeful of from it, plan and schedule again, N times at most; the best is kept.",
        ),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Schedule the orders of a factory on its stations, to the second, with a bound for each class. Ctrl-C keeps the best so far."""
    asked = {"time_limit": time_limit, "steps": steps, "seed": seed}
    near = {"since": since, "until": until, "rounds": rounds}

    def answer() -> Outcome:
        from tandemplan.cli.near_schedules import is_run, schedule_plan

        if is_run(programme):
            if scenario or sets:
                raise UseError(
                    "A plan is scheduled as it is: lay scenarios and changes over its programme, and plan that."
                )
            return schedule_plan(programme, asked, near, out)
        if any(near.values()):
            raise UseError(
                "--from, --until and --rounds speak of a plan; a programme of processes says its days itself."
            )
        return _schedule(lambda: read_programme(programme, scenario or [], sets or []), asked, out)

    finish(answer, as_json=as_json, faulty="nothing was scheduled")


def _schedule(read: Callable[[], Programme], asked: dict[str, Any], out: str) -> Outcome:
    from tandemplan.interrupts import held_back
    from tandemplan.report.progress import ProgressLines
    from tandemplan.report.scheduled import schedule_lines
    from tandemplan.results.store import refuse_foreign, write_run
    from tandemplan.schedule.answer import NoShopError, ScheduleOptions
    from tandemplan.schedule.answer import schedule as find_schedule
    from tandemplan.schedule.ways import TooManyWaysError

    if out:
        refuse_foreign(Path(out), {"verb": "schedule"})
    begin = time.perf_counter()
    programme = read()
    reading = time.perf_counter() - begin
    seed = programme.settings.seed if asked["seed"] is None else asked["seed"]
    try:
        options = ScheduleOptions(**{**asked, "seed": seed})
    except ValueError as error:
        raise UseError(str(error)) from error
    progress = ProgressLines()
    with held_back():
        try:
            run = find_schedule(programme, options, progress.show)
        except (NoShopError, TooManyWaysError) as error:
            raise UseError(str(error)) from error
        finally:
            progress.close()
        run = replace(run, info={**run.info, "seconds": {"read": reading, **run.info["seconds"]}})
        folder = write_run(run, programme, Path(out) if out else Path("runs") / run.info["run"])
    lines = (*schedule_lines(run), f"Schedule: {folder}")
    return Outcome(lines=lines, data={**run.info, "folder": str(folder)})
