"""A schedule as a run: what `run.json` says of it, and its result tables."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tandemplan import __version__
from tandemplan.interrupts import pending
from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    BomLine,
    Lane,
    Offer,
    OpenOrder,
    Operation,
    Option,
    Process,
    Risk,
    Rule,
    Skill,
    Task,
    Tool,
    Tranche,
)
from tandemplan.results.store import Run
from tandemplan.schedule.making import factory_of
from tandemplan.schedule.near.fits import no_fit
from tandemplan.schedule.scheduling import FactorySchedule, schedule_factory
from tandemplan.schedule.tables import Bound, tables_of

PREPARING = "preparing; the first time on a machine, the engine is compiled: about a minute"
UNREAD = (BomLine, Operation, Skill, Tool, Offer, OpenOrder, Lane, Tranche, Task, Rule, Risk, Option)
INTERRUPTED, TIME, WORK = "interrupted", "time limit", "steps"


class NoShopError(ValueError):
    """Raised when a programme has no processes: there is nothing to schedule."""


@dataclass(frozen=True)
class ScheduleOptions:
    """What is asked of a schedule: seconds, or a number of steps, in which it is improved, and the seed of their choices.

    Raises ValueError for what has no meaning.

    >>> ScheduleOptions(time_limit=-1.0)
    Traceback (most recent call last):
    ValueError: time_limit is -1.0; it must be at least 0
    """

    time_limit: float = 10.0
    steps: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("time_limit", "steps", "seed"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"{name} is {value}; it must be at least 0")
        if self.seed >= 1 << 63:
            raise ValueError(f"seed is {self.seed}; it must be below 2^63")


@dataclass(frozen=True)
class Progress:
    """How far a schedule has come: what is being done, and seconds since the start."""

    phase: str
    seconds: float
    gap: float | None = None


def schedule(programme: Programme, options: ScheduleOptions, progress: Callable[[Progress], None]) -> Run:
    """Return the schedule of a programme's processes; `progress` is called with where the work is. Ctrl-C keeps the best one so far.

    Raises NoShopError where the programme has no processes.
    """
    if not len(programme[Process]):
        raise NoShopError("The programme has no processes to schedule.")
    begin = time.perf_counter()
    progress(Progress(PREPARING, 0.0))
    factory = factory_of(programme)
    built = time.perf_counter()

    def goes_on(steps: int) -> bool:
        progress(Progress(f"{steps:,} steps of improvement", time.perf_counter() - begin))
        return not pending()

    found = schedule_factory(
        factory, seconds=options.time_limit, steps=options.steps, seed=options.seed, goes_on=goes_on
    )
    bounds = [Bound(float(m), float(d)) for m, d in zip(found.missing_bound, found.late_bound, strict=True)]
    tables = tables_of(programme, factory, found.orders, bounds) | no_fit()
    seconds = {"build": built - begin, "solve": time.perf_counter() - built}
    return Run(_info(programme, options, found, interrupted=pending()) | {"seconds": seconds}, tables)


def _notes(programme: Programme) -> Iterator[str]:
    """Yield what the schedule does not count: tables that plans read, and schedules do not."""
    there = [c.DESCRIPTION.name for c in UNREAD if len(programme[c])]
    if there:
        yield f"Schedules do not read {', '.join(there)}: what is made, bought and moved there stands in processes."


def _info(
    programme: Programme, options: ScheduleOptions, found: FactorySchedule, *, interrupted: bool
) -> dict[str, Any]:
    versions = {"tandemplan": __version__, "numpy": np.__version__, "python": platform.python_version()}
    said = {"programme": programme.digest, "options": asdict(options), "versions": versions}
    reason = "" if found.proved else INTERRUPTED if interrupted else WORK if options.steps is not None else TIME
    return {
        "run": f"schedule-{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]}",
        "verb": "schedule",
        "programme": {"name": programme.settings.name, "digest": programme.digest},
        "scenarios": list(programme.scenarios),
        "changes": list(programme.changes),
        "options": asdict(options),
        "seed": options.seed,
        "versions": versions,
        "machine": platform.machine(),
        "status": "optimal" if found.proved else "feasible",
        "reason": reason,
        "reproducible": options.steps is not None or not found.steps,
        "steps": found.steps,
        "notes": list(_notes(programme)),
    }
