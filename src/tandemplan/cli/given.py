"""The plan that a command is asked about: read from the folder of a run, refused where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tandemplan.cli.saying import NO_ANSWER, Outcome, UseError, refused

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme
    from tandemplan.results.store import Run


@dataclass(frozen=True)
class GivenPlan:
    """A run with a plan, its programme, and what must be said first where its files were changed after the plan."""

    folder: Path
    run: Run
    programme: Programme
    faults: tuple[str, ...]


class NoPlanGivenError(Exception):
    """Raised when a run holds no plan: it is infeasible, or was stopped before one; `outcome` says so."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.outcome: Outcome = refused(NO_ANSWER, f"{folder} holds no plan.")


def plan_given(name: str) -> GivenPlan:
    """Return the plan of a run, by its folder or id.

    Raises UseError for a simulation, and for a programme beside the plan from which somebody took what the plan speaks of; NoPlanGivenError for a run without a plan.
    """
    from tandemplan.explain.split import has_plan
    from tandemplan.report.sureness import warning
    from tandemplan.results.fitting import missing
    from tandemplan.results.store import is_simulation, kind_of, read_answer, run_folder

    folder = run_folder(name)
    run, programme = read_answer(folder)
    if is_simulation(run.info):
        raise UseError(f"{folder} is a simulation; name the plan that was simulated, {run.info.get('plan', '')}.")
    if kind_of(run.info) == "schedule":
        raise UseError(f"{folder} is a schedule; name a plan.")
    if not has_plan(run):
        raise NoPlanGivenError(folder)
    lost = missing(run, programme) if "programme" in run.changed else ""
    if lost:
        raise UseError(
            f"The programme in {folder} was changed after the plan: {lost} of the plan is not in it. Plan again."
        )
    return GivenPlan(folder, run, programme, (f"{folder}: {warning(run)}",) if run.changed else ())
