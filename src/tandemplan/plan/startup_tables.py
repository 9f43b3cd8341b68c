"""Result tables of the start-up: its tasks, and the critical paths through it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tandemplan.arrays import ints, texts
from tandemplan.model.schema import Task
from tandemplan.network.cells import whole_days
from tandemplan.network.network import Network
from tandemplan.network.openings import TaskDates
from tandemplan.plan.critical import critical_path, needed_by
from tandemplan.plan.gate_dates import met_days
from tandemplan.plan.uses import uses_of
from tandemplan.plan.waits import Waits
from tandemplan.results.store import Frame


def startup(network: Network, frames: Mapping[str, Frame]) -> dict[str, Frame]:
    """Return the tables of the start-up under the plan in the tables of goods."""
    uses = uses_of(network, Waits(network), frames) if network.dates else []
    return {
        "tasks": tasks(network, needed_by(network, uses), met_days(network, frames)),
        "critical_path": critical_path(network, uses, frames["production"]),
    }


def tasks(network: Network, needed: Mapping[str, int], met: Mapping[str, int]) -> Frame:
    """Return the start-up network at mean durations, by first day, last day and name; tasks that repeat in a row each time."""
    table, last = network.programme[Task], network.periods.days
    firsts = [network.dates[t] for t in table.task]
    found = [(d, 1) for d in firsts]
    for first, every in zip(firsts, table.every_days.tolist(), strict=True):
        found += [] if np.isnan(every) else _again(first, every, last)
    found.sort(key=lambda f: (f[0].start, f[0].end, f[0].task, f[1]))
    dates, times = [d for d, _ in found], [k for _, k in found]
    first = np.array(times, dtype=np.int64) == 1
    return {
        "task": texts([d.task for d in dates]),
        "occurrence": ints(times),
        "start": network.periods.dates(ints(d.start for d in dates)),
        "end": network.periods.dates(ints(d.end for d in dates)),
        "slack_days": np.where(first, ints(d.slack for d in dates), 0),
        "needed_by": _days(network, [needed.get(d.task) if k == 1 else None for d, k in found]),
        "needs_met": _days(network, [_within(met.get(d.task), last) if k == 1 else None for d, k in found]),
        "critical": np.array([d.slack == 0 for d in dates], dtype=np.bool_) & first,
    }


def _again(first: TaskDates, every: float, last: int) -> list[tuple[TaskDates, int]]:
    """Return later occurrences of a task that start within the plan."""
    found, k = [], 1
    while (later := int(whole_days([k * every])[0])) + first.start < last:
        if later + first.start >= 0:
            found.append((TaskDates(first.task, first.start + later, first.end + later, 0, first.length), k + 1))
        k += 1
    return found


def _within(day: int | None, last: int) -> int | None:
    return day if day is not None and day < last else None


def _days(network: Network, days: list[int | None]) -> np.ndarray:
    """Return days as dates, blank for None."""
    found = network.periods.dates(ints(d or 0 for d in days))
    found[[d is None for d in days]] = np.datetime64("NaT")
    return found
