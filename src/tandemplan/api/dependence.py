"""Whom a plan depends on, from Python."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from tandemplan.api.run import Run
from tandemplan.dependence.measures import EVERY_DAYS
from tandemplan.dependence.measures import dependence as measured
from tandemplan.dependence.replanned import replanned
from tandemplan.dependence.sources import KINDS
from tandemplan.explain.split import has_plan
from tandemplan.results.dependence_shape import DEPENDENCE, REPLANNED
from tandemplan.results.frames import frame_of
from tandemplan.results.store import Run as Answer

if TYPE_CHECKING:
    import pandas as pd


def dependence(
    run: Run,
    *,
    every_days: int = EVERY_DAYS,
    replan: bool = False,
    kinds: Sequence[str] = KINDS,
    first: date | None = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """Return what stops, and after how long, if a supplier, country, part, site, crossing or lane is lost, most exposed first.

    Each is lost from the plan's start and from every so many days on, for good (units that need it, time to survive) and for its time to
    recover (what is late, risk exposure index); nobody plans anew. With `replan` everything is planned anew from the day of each loss on instead: of
    some `kinds`, on one day alone where `first` gives it, by so many `workers` (None: one for each core). Columns are told in [results](results.md).
    Raises ValueError where the run holds no plan, or not one of its programme.

    >>> import tandemplan as tp
    >>> run = tp.plan(tp.example("first_steps"))
    >>> tp.dependence(run)[["kind", "name", "value", "only_in_programme", "units", "survive_days"]]
       kind name   value  only_in_programme  units  survive_days
    0  part  kit  3000.0                  1   30.0          11.0
    >>> len(tp.dependence(run, replan=True))  # nobody says how long anything takes to recover
    0
    """
    if not isinstance(run, Run):
        raise TypeError(
            f"run is a {type(run).__name__}; plan first, tp.plan(programme), or open one, tp.open_run(folder)"
        )
    if not has_plan(run.answer):
        raise ValueError(f"{run.id} holds no plan: it is {run.status}")
    if replan:
        some = run.programme, run.answer, kinds
        anew = replanned(*some, every_days=every_days, first=first, workers=workers or os.cpu_count() or 1)
        return frame_of(Answer({}, {REPLANNED.name: anew}), REPLANNED)
    found = measured(run.programme, run.answer, every_days)
    return frame_of(Answer({}, {DEPENDENCE.name: found}), DEPENDENCE)
