"""Command `replan`: what now, after new facts or an incident."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tandemplan.cli.given import plan_given
from tandemplan.cli.options import AsJson, RunName
from tandemplan.cli.saying import DONE, MACHINE, NO_ANSWER, STOPPED, Outcome, UseError, day_given, finish, machine_said


def replan(
    run: RunName,
    *,
    facts: Annotated[
        list[str] | None,
        typer.Option(
            "--facts",
            metavar="DIR",
            help="Overlay of new facts: a folder of changes, added and dropped rows; repeatable.",
        ),
    ] = None,
    incident: Annotated[
        list[str] | None,
        typer.Option(
            "--incident", metavar="DIR", help="Overlay with a date, which is the day of the re-plan; repeatable."
        ),
    ] = None,
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="First day that is not done yet; without it, the latest date of an incident.",
        ),
    ] = "",
    improve: Annotated[
        bool, typer.Option("--improve", help="Take a better plan even where nothing is new; otherwise it is offered.")
    ] = False,
    out: Annotated[str, typer.Option(metavar="RUN", help="Folder of the new run; without it, runs/ and its id.")] = "",
    briefing: Annotated[str, typer.Option(metavar="FILE", help="HTML page to write the briefing to.")] = "",
    time_limit: Annotated[float | None, typer.Option(metavar="S", min=0, help="Stop after so many seconds.")] = None,
    as_json: AsJson = False,
) -> None:
    """Plan once more after new facts: what is done stays, and little moves. Says who waits and what to do today."""
    finish(
        lambda: _replan(
            run,
            [*(facts or []), *(incident or [])],
            as_of,
            improve=improve,
            out=out,
            briefing=briefing,
            seconds=time_limit,
        ),
        as_json=as_json,
        faulty="nothing was planned",
    )


def _replan(
    name: str, overlays: list[str], as_of: str, *, improve: bool, out: str, briefing: str, seconds: float | None
) -> Outcome:
    from tandemplan.model.scenario import latest_date
    from tandemplan.model.writing import write_bytes
    from tandemplan.plan import PlanOptions
    from tandemplan.plan.again import NoBaseError
    from tandemplan.plan.replaced import UnknownOrderError
    from tandemplan.plan.replan import replan as find
    from tandemplan.report.briefing import briefing_lines, briefing_page
    from tandemplan.report.progress import ProgressLines
    from tandemplan.results.store import refuse_foreign, write_run

    if briefing and Path(briefing).suffix.lower() not in (".html", ".htm"):
        raise UseError(f"--briefing is '{briefing}'; a briefing is an .html page.")
    begin = time.perf_counter()
    given = plan_given(name)
    base, before = given.run, given.programme
    if out:
        refuse_foreign(Path(out))
    programme = before.with_scenario(*overlays)
    when = day_given("--as-of", as_of) or latest_date(overlays, before.home)
    reading = time.perf_counter() - begin
    progress = ProgressLines()
    try:
        options = PlanOptions(time_limit=seconds)
        found = find(base, before, programme, options, as_of=when, improve=improve, progress=progress.show)
    except NoBaseError as error:
        raise UseError(f"'{name}' cannot be planned once more: {error}") from error
    except UnknownOrderError as error:
        raise UseError(str(error)) from error
    finally:
        progress.close()
    found = replace(found, info={**found.info, "seconds": {"read": reading, **found.info.get("seconds", {})}})
    folder = write_run(found, programme, Path(out) if out else Path("runs") / found.info["run"])
    lines = [*briefing_lines(found, base, programme), f"Run: {folder}"]
    none = STOPPED if found.info["reason"].startswith("stopped") else NO_ANSWER
    code, faults = DONE if found.tables else none, given.faults
    if briefing:
        try:
            write_bytes(Path(briefing), briefing_page(found, base, programme).encode())
            lines.append(f"Briefing: {briefing}")
        except OSError as error:  # the answer is there, and is told
            code, faults = MACHINE, (*faults, f"tandemplan: {machine_said(error)}")
    return Outcome(code, tuple(lines), {**found.info, "folder": str(folder)}, faults)
