"""A simulation as a run: what `run.json` says of it, and its result tables."""

from __future__ import annotations

import hashlib
import json
import math
import platform
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tandemplan import __version__
from tandemplan.model.programme import Programme
from tandemplan.results.shape import DELIVERIES
from tandemplan.results.store import Run, info_digest, kind_of
from tandemplan.simulate.comparisons import Compared, Comparisons
from tandemplan.simulate.outcomes import Outcomes
from tandemplan.simulate.policy import USUAL, Policy
from tandemplan.simulate.statistics import half_width, tables_of

PLANNED = ("optimal", "feasible")  # statuses of runs with a plan
PREPARING = "preparing; the first time on a machine, the engine is compiled: about half a minute"
INTERRUPTED, PRECISE = "interrupted", "precision"  # what ended it before the last replication


@dataclass(frozen=True)
class SimulationOptions:
    """What is asked of a simulation: at most so many replications, the half-width at which it may stop, the seed, what is compared, and how the plan is carried out.

    Raises ValueError for what has no meaning.

    >>> SimulationOptions(0, None, 1)
    Traceback (most recent call last):
    ValueError: replications is 0; it must be at least 1
    """

    replications: int
    precision: float | None
    seed: int
    comparisons: Comparisons = field(default_factory=Comparisons)
    policy: Policy = USUAL

    def __post_init__(self) -> None:
        if self.replications < 1:
            raise ValueError(f"replications is {self.replications}; it must be at least 1")
        if self.precision is not None and not 0 < self.precision < 1:
            raise ValueError(f"precision is {self.precision}; it must be above 0 and below 1")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; it must be at least 0")


class NoPlanError(ValueError):
    """Raised when a run holds no plan that could be simulated: it is infeasible, was stopped before one, or is a simulation itself."""


@dataclass(frozen=True)
class Progress:
    """How far a simulation has come: what is being done, and seconds since the start; `gap` is that of plans, and None."""

    phase: str
    seconds: float
    gap: float | None = None


def simulate(
    programme: Programme,
    plan: Run,
    options: SimulationOptions,
    *,
    workers: int,
    progress: Callable[[Progress], None],
    executor: Executor | None = None,
) -> Run:
    """Return the simulation of a plan, its replications run by so many processes, or by an `executor`; `progress` is called with where the work is.

    Raises NoPlanError where the run holds no plan. An interrupt keeps what is done by then.
    """
    from tandemplan.simulate.blocks import setup_of
    from tandemplan.simulate.compared import Workplace, compared, day_of_loss
    from tandemplan.simulate.run import replicated, within

    if kind_of(plan.info) != "plan" or DELIVERIES.name not in plan.tables or plan.info["status"] not in PLANNED:
        raise NoPlanError("holds no plan to simulate.")
    day_of_loss(options.comparisons, programme, plan)
    begin = time.perf_counter()

    def told(done: int) -> None:
        phase = f"{done:,} of {options.replications:,} replications" if done else PREPARING
        progress(Progress(phase, time.perf_counter() - begin))

    told(0)
    setup = setup_of(programme, plan, options.seed, policy=options.policy)
    enough = within(options.precision, programme, plan)
    outcomes = replicated(setup, options.replications, workers=workers, enough=enough, progress=told, executor=executor)

    def compares(done: int, of: int) -> None:
        progress(Progress(f"{done:,} of {of:,} worlds compared", time.perf_counter() - begin))

    more, asked = Compared({}), options.comparisons
    if asked.said and not _stopped(outcomes, options, half_width(outcomes, programme, plan)):
        at = Workplace(workers, executor, compares)
        more = compared(asked, outcomes, programme, plan, setup=setup, seed=options.seed, at=at)
    run = simulation_run(outcomes, programme, plan, options, more)
    seconds = {"simulate": time.perf_counter() - begin}
    return replace(run, info={**run.info, "notes": list(setup.notes), "seconds": seconds})


def simulation_run(
    outcomes: Outcomes, programme: Programme, plan: Run, options: SimulationOptions, more: Compared | None = None
) -> Run:
    """Return the simulation of a plan as a run of its own, from the outcomes of its replications, and of `more` worlds.

    Fewer replications than asked for, without the precision that was asked for, say that a person stopped it.
    """
    width = half_width(outcomes, programme, plan)
    stopped = _stopped(outcomes, options, width) or (more is not None and not more.whole)
    versions = {"tandemplan": __version__, "numpy": np.__version__, "python": platform.python_version()}
    asked = {
        "replications": options.replications,
        "precision": options.precision,
        **options.comparisons.said,
        **options.policy.said,
    }
    info = {
        "run": f"simulate-{_digest(plan, programme, asked, options.seed, versions)}",
        "verb": "simulate",
        "plan": plan.info["run"],
        "programme": {"name": programme.settings.name, "digest": programme.digest},
        "scenarios": list(plan.info.get("scenarios", programme.scenarios)),
        "changes": list(programme.changes),
        "options": asked,
        "seed": options.seed,
        "versions": versions,
        "machine": platform.machine(),
        "replications": len(outcomes),
        "half_width": width if math.isfinite(width) else None,
        "status": "stopped" if stopped else "done",
        "reason": INTERRUPTED if stopped else PRECISE if len(outcomes) < options.replications else None,
        "reproducible": not stopped,
        "notes": [],
        "seconds": {},
    }
    return Run(info, tables_of(outcomes, programme, plan, more.tables if more else {}))


def _stopped(outcomes: Outcomes, options: SimulationOptions, width: float) -> bool:
    """Say whether a person stopped it: fewer replications than asked for, without the precision asked for."""
    precise = options.precision is not None and width <= options.precision
    return len(outcomes) < options.replications and not precise


def _digest(plan: Run, programme: Programme, asked: dict[str, Any], seed: int, versions: dict[str, str]) -> str:
    said = {"plan": info_digest(plan.info), "options": asked, "seed": seed, "versions": versions}
    if programme.digest != plan.info["programme"]["digest"]:
        said["programme"] = programme.digest
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
