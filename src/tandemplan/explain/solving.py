"""Plans of programmes that differ a little from one that was planned: with the same options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tandemplan.explain.nearby import planned_near
from tandemplan.explain.planned import Base
from tandemplan.explain.split import Planned
from tandemplan.model.programme import Programme
from tandemplan.plan import PlanOptions, Progress
from tandemplan.plan import plan as find_plan
from tandemplan.plan.replan import replan
from tandemplan.results.store import Run


def planned_as(run: Run, progress: Callable[[Progress], None] | None = None) -> Callable[[Programme], Run]:
    """Return a function that plans a programme with the options of a run."""
    options = _options(run)
    return lambda programme: find_plan(programme, options, progress)


def otherwise_as(base: Planned, progress: Callable[[Progress], None] | None = None) -> Callable[[Programme], Run]:
    """Return a function that plans a programme as a run was planned: a re-plan from itself, as of its day."""
    run, day = base.run, base.run.info["options"].get("as_of")
    if run.info["verb"] != "replan":
        return planned_as(run, progress)
    when = None if day is None else date.fromisoformat(day)
    return lambda programme: replan(run, base.programme, programme, _options(run), as_of=when, progress=progress)


def _options(run: Run) -> PlanOptions:
    return PlanOptions(**{n: run.info["options"][n] for n in PlanOptions.__dataclass_fields__})


def relieved_as(
    base: Base, demand: str, progress: Callable[[Progress], None] | None = None
) -> Callable[[Programme], Run]:
    """Return a function that plans a programme in which a demand may fare better: anew with the options of the run, in large plans around the plan."""
    return planned_near(base, demand) if base.large else planned_as(base.run, progress)


def seconds_of(run: Run) -> float:
    """Return how long a run took to build and solve: about what a plan like it takes."""
    said = run.info.get("seconds", {})
    return float(said.get("build", 0.0) + said.get("solve", 0.0))
