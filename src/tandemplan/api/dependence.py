"""Whom a plan depends on, from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tandemplan.api.run import Run
from tandemplan.dependence.measures import EVERY_DAYS
from tandemplan.dependence.measures import dependence as measured
from tandemplan.explain.split import has_plan
from tandemplan.results.dependence_shape import DEPENDENCE
from tandemplan.results.frames import frame_of
from tandemplan.results.store import Run as Answer

if TYPE_CHECKING:
    import pandas as pd


def dependence(run: Run, *, every_days: int = EVERY_DAYS) -> pd.DataFrame:
    """Return what stops, and after how long, if a supplier, country, part, site, crossing or lane is lost, most exposed first.

    Each is lost from the plan's start and from every so many days on, for good (units that need it, time to survive) and for its time to
    recover (what is late, risk exposure index); nobody plans anew. The columns are told in [results](results.md).
    Raises ValueError where the run holds no plan.

    >>> import tandemplan as tp
    >>> run = tp.plan(tp.example("first_steps"))
    >>> tp.dependence(run)[["kind", "name", "value", "only_in_programme", "units", "survive_days"]]
       kind name   value  only_in_programme  units  survive_days
    0  part  kit  3000.0                  1   30.0          11.0
    """
    if not isinstance(run, Run):
        raise TypeError(
            f"run is a {type(run).__name__}; plan first, tp.plan(programme), or open one, tp.open_run(folder)"
        )
    if not has_plan(run.answer):
        raise ValueError(f"{run.id} holds no plan: it is {run.status}")
    found = measured(run.programme, run.answer, every_days)
    return frame_of(Answer({}, {DEPENDENCE.name: found}), DEPENDENCE)
