"""What can be done with programmes and runs: plan, audit, open."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tandemplan.api.run import Run
from tandemplan.api.schedule import Schedule
from tandemplan.audit import Audit
from tandemplan.audit import audit as audit_folder
from tandemplan.model.programme import Programme
from tandemplan.model.variants import checked
from tandemplan.plan import PlanOptions, Progress
from tandemplan.plan import plan as find_plan
from tandemplan.report.progress import ProgressLines
from tandemplan.results.store import RunError, is_simulation, kind_of, read_answer, run_folder


def plan(
    programme: Programme,
    *,
    gap: float = 0.001,
    time_limit: float | None = None,
    threads: int = 1,
    memory_mb: int | None = None,
    progress: bool | Callable[[Progress], None] = False,
) -> Run:
    """Return the best supply plan of a programme, with a proven bound.

    The plan counts as optimal when each objective is proved within `gap` (a share). `time_limit` (seconds) or an
    interrupt keep the best plan so far, with status `feasible`; `memory_mb` is the most memory of the solver. `progress`
    True prints where the work is, a function is called with it. That nothing is feasible is a status, not an exception;
    a programme with faults raises ProgrammeFaultsError, an option without a meaning ValueError.

    >>> import tandemplan as tp
    >>> run = tp.plan(tp.example("first_steps"))
    >>> run.status, run.costs.set_index("term")["amount"]["purchases"].item()
    ('optimal', 3000.0)
    """
    if not isinstance(programme, Programme):
        message = (
            f"programme is a {type(programme).__name__}; read one first, tp.read(path), or make one, tp.programme(...)"
        )
        raise TypeError(message)
    options = PlanOptions(gap, time_limit, threads, memory_mb)
    checked(programme)
    if not isinstance(progress, bool):
        return Run(find_plan(programme, options, progress), programme)
    if not progress:
        return Run(find_plan(programme, options), programme)
    lines = ProgressLines()
    try:
        return Run(find_plan(programme, options, lines.show), programme)
    finally:
        lines.close()


def open_run(run: str | Path) -> Run:
    """Return a run from its folder, or by its id under `runs/`; raises RunError when there is none, or a simulation.

    >>> import tandemplan as tp, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = tp.plan(tp.example("first_steps")).save(f"{folder}/run")
    ...     tp.open_run(saved).status
    'optimal'
    """
    answer, programme = read_answer(run_folder(run))
    if kind_of(answer.info) == "schedule":
        raise RunError(f"{run} is a schedule; open it by open_schedule.")
    if is_simulation(answer.info):
        raise RunError(f"{run} is a simulation; open it by open_simulation.")
    return Run(answer, programme)


def audit(run: Run | Schedule | str | Path) -> Audit:
    """Return what a second look at a run, or a schedule, finds, from its tables and its programme alone; `clean` says: nothing.

    The audit shares no code with the planner. A folder or an id under `runs/` stands for the run in it; RunError is
    raised when there is none.

    >>> import tandemplan as tp
    >>> tp.audit(tp.plan(tp.example("first_steps")))
    Audit(clean, 59 rows in 32 tables)
    """
    if not isinstance(run, Run | Schedule):
        return audit_folder(run_folder(run))
    with tempfile.TemporaryDirectory() as folder:
        return audit_folder(run.save(Path(folder) / "run"))
