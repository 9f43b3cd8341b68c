"""`schedule` of a run: the next weeks of its plan, and the rounds in which the plan corrects itself."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tandemplan.cli.given import plan_given
from tandemplan.cli.saying import Outcome, UseError, day_given

if TYPE_CHECKING:
    from collections.abc import Callable

    from tandemplan.model.programme import Programme
    from tandemplan.results.store import Run
    from tandemplan.schedule.near.horizon import Near
    from tandemplan.schedule.near.rounds import NearSchedule

SMALL = 20_000  # rows of a model that is planned anew; larger ones come from their plan


def is_run(name: str) -> bool:
    """Tell whether a name is that of a run, by its folder or id."""
    return any((folder / "run.json").is_file() for folder in (Path(name), Path("runs") / name))


def schedule_plan(name: str, asked: dict[str, Any], days: dict[str, Any], out: str) -> Outcome:
    """Schedule the next weeks of the plan in a run, in rounds where they are asked for, and write what was kept.

    In the folder of the schedule, `plan` is the plan that it is of, and `capacity` a scenario of what that plan was too hopeful of.
    """
    from tandemplan.interrupts import held_back
    from tandemplan.report.hopeful import near_lines
    from tandemplan.report.progress import ProgressLines
    from tandemplan.results.store import refuse_foreign
    from tandemplan.schedule.answer import ScheduleOptions
    from tandemplan.schedule.near.horizon import NearError, near_of
    from tandemplan.schedule.near.rounds import corrected, told
    from tandemplan.schedule.ways import TooManyWaysError

    if out:
        refuse_foreign(Path(out), {"verb": "schedule"})
    begin = time.perf_counter()
    given = plan_given(name)
    since, until = day_given("--from", days["since"]), day_given("--until", days["until"])
    seed = given.programme.settings.seed if asked["seed"] is None else asked["seed"]
    progress = ProgressLines()
    try:
        options = ScheduleOptions(**{**asked, "seed": seed})
        near = near_of(given.programme, given.run, since, until)
        reading = time.perf_counter() - begin
        with held_back():
            found, best = corrected(near, options, days["rounds"], _planner(progress.show), progress.show)
            kept = found[best].scheduled
            run = told(found, best, kept.run) if days["rounds"] else kept.run
            run = replace(run, info={**run.info, "seconds": {"read": reading, **run.info["seconds"]}})
            folder = _write(replace(kept, run=run), Path(out) if out else Path("runs") / run.info["run"])
    except (NearError, TooManyWaysError, ValueError) as error:
        raise UseError(str(error)) from error
    finally:
        progress.close()
    lines = (*near_lines(run), f"Schedule: {folder}")
    return Outcome(lines=lines, data={**run.info, "folder": str(folder)}, faults=given.faults)


def _planner(progress: Callable[[Any], None]) -> Callable[[Programme, Near], Run]:
    """Return how a changed programme is planned: anew, or, where its model is large, from the plan that there is."""
    from tandemplan.plan import PlanOptions
    from tandemplan.plan import plan as find_plan
    from tandemplan.plan.replan import replan

    def again(programme: Programme, near: Near) -> Run:
        info = near.plan.info
        names = ("gap", "time_limit", "threads", "memory_mb")
        options = PlanOptions(**{n: v for n, v in info["options"].items() if n in names})
        if info.get("size", {}).get("rows", 0) <= SMALL:
            return find_plan(programme, options, progress)
        return replan(near.plan, near.programme, programme, options, as_of=near.since, progress=progress)

    return again


def _write(kept: NearSchedule, folder: Path) -> Path:
    """Write a schedule, in its folder the plan that it is of, and what that was too hopeful of, as a scenario."""
    from tandemplan.results.store import write_run
    from tandemplan.schedule.near.handing import FOLDER, cuts_of, write_cuts

    folder = write_run(kept.run, kept.programme, folder)
    write_run(kept.near.plan, kept.near.programme, folder / "plan")
    cuts = cuts_of(kept.fit)
    if cuts:
        about = f"Hours that {kept.near.plan.info['run']} was too hopeful of, by the schedule {kept.run.info['run']}"
        write_cuts(cuts, about, folder / FOLDER)
    return folder
