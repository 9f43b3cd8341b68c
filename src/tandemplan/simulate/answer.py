"""A simulation as a run: what `run.json` says of it, and its result tables."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from dataclasses import dataclass
from typing import Any

import numpy as np

from tandemplan import __version__
from tandemplan.model.programme import Programme
from tandemplan.results.store import Run, info_digest
from tandemplan.simulate.outcomes import Outcomes
from tandemplan.simulate.statistics import half_width, tables_of

INTERRUPTED, PRECISE = "interrupted", "precision"  # what ended it before the last replication


@dataclass(frozen=True)
class SimulationOptions:
    """What is asked of a simulation: at most so many replications, the half-width at which it may stop, and the seed.

    Raises ValueError for what has no meaning.

    >>> SimulationOptions(0, None, 1)
    Traceback (most recent call last):
    ValueError: replications is 0; it must be at least 1
    """

    replications: int
    precision: float | None
    seed: int

    def __post_init__(self) -> None:
        if self.replications < 1:
            raise ValueError(f"replications is {self.replications}; it must be at least 1")
        if self.precision is not None and not 0 < self.precision < 1:
            raise ValueError(f"precision is {self.precision}; it must be above 0 and below 1")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; it must be at least 0")


def simulation_run(outcomes: Outcomes, programme: Programme, plan: Run, options: SimulationOptions) -> Run:
    """Return the simulation of a plan as a run of its own, from the outcomes of its replications.

    Fewer replications than asked for, without the precision that was asked for, say that a person stopped it.
    """
    width = half_width(outcomes, programme, plan)
    short = len(outcomes) < options.replications
    precise = options.precision is not None and width <= options.precision
    stopped = short and not precise
    versions = {"tandemplan": __version__, "numpy": np.__version__, "python": platform.python_version()}
    asked = {"replications": options.replications, "precision": options.precision}
    info = {
        "run": f"simulate-{_digest(plan, asked, options.seed, versions)}",
        "verb": "simulate",
        "plan": plan.info["run"],
        "programme": {"name": programme.settings.name, "digest": programme.digest},
        "scenarios": list(plan.info.get("scenarios", programme.scenarios)),
        "options": asked,
        "seed": options.seed,
        "versions": versions,
        "machine": platform.machine(),
        "replications": len(outcomes),
        "half_width": width if math.isfinite(width) else None,
        "status": "stopped" if stopped else "done",
        "reason": INTERRUPTED if stopped else PRECISE if short else None,
        "reproducible": not stopped,
        "notes": [],
        "seconds": {},
    }
    return Run(info, tables_of(outcomes, programme, plan))


def _digest(plan: Run, asked: dict[str, Any], seed: int, versions: dict[str, str]) -> str:
    said = {"plan": info_digest(plan.info), "options": asked, "seed": seed, "versions": versions}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
