"""Result tables of the start-up: its tasks, and the critical paths through it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tandemplan.arrays import ints, texts
from tandemplan.model.schema import Task
from tandemplan.network.flows import Lookup, openings_of
from tandemplan.network.network import Network
from tandemplan.plan.critical import critical_path, needed_by
from tandemplan.plan.uses import uses_of
from tandemplan.results.store import Frame


def startup(network: Network, frames: Mapping[str, Frame]) -> dict[str, Frame]:
    """Return the tables of the start-up under the plan in the tables of goods."""
    look = Lookup(network.programme, network.cells, openings_of(network.programme, network.dates))
    uses = uses_of(network, look, frames) if network.dates else []
    return {
        "tasks": tasks(network, needed_by(network, uses)),
        "critical_path": critical_path(network, uses, frames["production"]),
    }


def tasks(network: Network, needed: Mapping[str, int]) -> Frame:
    """Return the start-up network at mean durations, by first day, last day and name."""
    dates = sorted((network.dates[t] for t in network.programme[Task].task), key=lambda d: (d.start, d.end, d.task))
    days = network.periods.dates
    wanted = days(ints(needed.get(d.task, 0) for d in dates))
    wanted[[d.task not in needed for d in dates]] = np.datetime64("NaT")
    return {
        "task": texts([d.task for d in dates]),
        "start": days(ints(d.start for d in dates)),
        "end": days(ints(d.end for d in dates)),
        "slack_days": ints(d.slack for d in dates),
        "needed_by": wanted,
        "critical": np.array([d.slack == 0 for d in dates], dtype=np.bool_),
    }
