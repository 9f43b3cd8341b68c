"""Plans of programmes that differ a little from one that was planned: with the same options."""

from __future__ import annotations

from collections.abc import Callable

from tandemplan.model.programme import Programme
from tandemplan.plan import PlanOptions, Progress
from tandemplan.plan import plan as find_plan
from tandemplan.results.store import Run


def planned_as(run: Run, progress: Callable[[Progress], None] | None = None) -> Callable[[Programme], Run]:
    """Return a function that plans a programme with the options of a run."""
    options = PlanOptions(**run.info["options"])
    return lambda programme: find_plan(programme, options, progress)


def seconds_of(run: Run) -> float:
    """Return how long a run took to build and solve: about what a plan like it takes."""
    said = run.info.get("seconds", {})
    return float(said.get("build", 0.0) + said.get("solve", 0.0))
