"""Tandemplan: plan joint production programmes, and any factory that grows under uncertainty.

    import tandemplan as tp

    programme = tp.read("examples/joint_plant")
    run = tp.plan(programme, time_limit=60)
    run.classes, run.late(), run.figure("deliveries")

Names are loaded when they are first used, so that the shell and its help start at once.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tandemplan.api.comparison import Comparison, compare
    from tandemplan.api.dependence import dependence
    from tandemplan.api.explanation import Explanation
    from tandemplan.api.figure import Figure
    from tandemplan.api.paired import SimulationComparison
    from tandemplan.api.promise import promise
    from tandemplan.api.reading import check, example, programme, read
    from tandemplan.api.replan import Briefing, briefing, replan
    from tandemplan.api.run import Run
    from tandemplan.api.schedule import Schedule, open_schedule, schedule
    from tandemplan.api.simulation import Simulation, open_simulation, simulate
    from tandemplan.api.verbs import audit, open_run, plan
    from tandemplan.audit.findings import Audit, Finding
    from tandemplan.model.programme import Programme
    from tandemplan.plan import Progress
    from tandemplan.problems import Problem, ProgrammeFaultsError, SolverDiedError
    from tandemplan.results.store import RunError

__version__ = "0.1.0"

_HOMES = {
    "Audit": "audit.findings",
    "Briefing": "api.replan",
    "Comparison": "api.comparison",
    "Explanation": "api.explanation",
    "Figure": "api.figure",
    "Finding": "audit.findings",
    "Problem": "problems",
    "Programme": "model.programme",
    "ProgrammeFaultsError": "problems",
    "Progress": "plan.solve",
    "Run": "api.run",
    "RunError": "results.store",
    "Schedule": "api.schedule",
    "Simulation": "api.simulation",
    "SimulationComparison": "api.paired",
    "SolverDiedError": "problems",
    "audit": "api.verbs",
    "briefing": "api.replan",
    "check": "api.reading",
    "compare": "api.comparison",
    "dependence": "api.dependence",
    "example": "api.reading",
    "open_run": "api.verbs",
    "open_schedule": "api.schedule",
    "open_simulation": "api.simulation",
    "plan": "api.verbs",
    "programme": "api.reading",
    "promise": "api.promise",
    "read": "api.reading",
    "replan": "api.replan",
    "schedule": "api.schedule",
    "simulate": "api.simulation",
}

__all__ = [
    "Audit",
    "Briefing",
    "Comparison",
    "Explanation",
    "Figure",
    "Finding",
    "Problem",
    "Programme",
    "ProgrammeFaultsError",
    "Progress",
    "Run",
    "RunError",
    "Schedule",
    "Simulation",
    "SimulationComparison",
    "SolverDiedError",
    "audit",
    "briefing",
    "check",
    "compare",
    "dependence",
    "example",
    "open_run",
    "open_schedule",
    "open_simulation",
    "plan",
    "programme",
    "promise",
    "read",
    "replan",
    "schedule",
    "simulate",
]


class _Package(ModuleType):
    """The package: `tandemplan.plan` stays the verb when the package of that name is imported (decision 0006)."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Package
