"""The start-up pass at mean durations: when each task ends, and so when each row opens."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from types import MappingProxyType

import numpy as np

from tandemplan.calendar import Periods
from tandemplan.model import phrases
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task
from tandemplan.model.tables import Table
from tandemplan.network.cells import Cells, whole_days

NEVER = 10**7


@dataclass(frozen=True)
class TaskDates:
    """When a task runs, in days from the start: first day, day on which it is done, slack and length in days."""

    task: str
    start: int
    end: int
    slack: int
    length: int


def predecessor(text: str, known: Mapping[str, int]) -> tuple[str, int]:
    """Return the task and the lag in days that a predecessor names.

    >>> predecessor("hall+14", {"hall": 0}), predecessor("a+1", {"a+1": 0})
    (('hall', 14), ('a+1', 0))
    """
    name, lag = phrases.predecessor(text)
    return (text, 0) if text in known else (name, int(whole_days([lag])[0]))


def task_links(programme: Programme) -> dict[str, list[tuple[str, int]]]:
    """Return for each task its predecessors, each with its lag in days."""
    tasks = programme[Task]
    known = {t: i for i, t in enumerate(tasks.task)}
    return {t: [predecessor(p, known) for p in tasks.predecessors[i]] for t, i in known.items()}


def finished_tasks(programme: Programme) -> set[str]:
    """Return the tasks that were done before the plan."""
    tasks = programme[Task]
    return {str(t) for t, done in zip(tasks.task, ~np.isnat(tasks.finished), strict=True) if done}


def task_dates(
    programme: Programme, periods: Periods, cells: Cells, met: Mapping[str, int] = MappingProxyType({})
) -> dict[str, TaskDates]:
    """Return the dates of every task by the critical path method (Kelley and Walker 1959), at mean durations.

    A task that is finished ended on its day; any other starts at the latest of its earliest day and its predecessors'
    ends plus lags (with neither: the plan's start), and does not end before the plan's start, nor before the day on which
    what it needs is `met`. Slack is measured against the end of the last task.
    """
    tasks = programme[Task]
    known = {t: i for i, t in enumerate(tasks.task)}
    links = task_links(programme)
    order = topological(links)
    floor = _not_before(programme, periods, cells, met)
    start: dict[str, int] = {}
    end: dict[str, int] = {}
    lengths = {t: int(whole_days([cells.whatever_the_day(tasks, "duration_days", i)])[0]) for t, i in known.items()}
    for task in order:
        i, length = known[task], lengths[task]
        if not np.isnat(tasks.finished[i]):
            end[task] = periods.day(tasks.finished[i].item())
            start[task] = end[task] - length
            continue
        begin = max([*_earliest(periods, cells, tasks, i), *(end[p] + lag for p, lag in links[task])], default=0)
        end[task] = max(begin + length, 0, floor.get(task, 0), met.get(task, 0))
        start[task] = max(begin, floor[task] - length) if task in floor else begin
    latest = _latest_ends(order, links, lengths, end)
    return {t: TaskDates(t, start[t], end[t], latest[t] - end[t], lengths[t]) for t in tasks.task}


def _earliest(periods: Periods, cells: Cells, tasks: Table[Task], row: int) -> list[int]:
    if np.isnat(tasks.earliest[row]):
        return []
    return [periods.day(tasks.earliest[row].item()) + round(cells.moved(tasks, "earliest", row))]


def _not_before(programme: Programme, periods: Periods, cells: Cells, met: Mapping[str, int]) -> dict[str, int]:
    """Return the day before which options cannot end each task that they change: their effect, or its end without them."""
    tasks = programme[Task]
    last: dict[int, int] = {}
    for effect in cells.known:
        if effect.table == "tasks" and effect.origin == "options":
            for row in effect.rows:
                last[row] = max(last.get(row, 0), periods.day(effect.start))
    if not last:
        return {}
    others = replace(cells, known=tuple(e for e in cells.known if e.origin != "options"))
    without = task_dates(programme, periods, others, met)
    return {str(tasks.task[row]): min(day, without[tasks.task[row]].end) for row, day in last.items()}


def opening_days(dates: Mapping[str, TaskDates], lists: np.ndarray) -> np.ndarray:
    """Return for each list of tasks the day on which all of them are done (0 for none)."""
    rows = lists.tolist()
    day = {tasks: max((dates[t].end for t in tasks), default=0) for tasks in set(rows)}
    return np.array([day[tasks] for tasks in rows], dtype=np.int64).reshape(-1)


def topological(links: Mapping[str, list[tuple[str, int]]]) -> list[str]:
    """Return tasks in an order in which each comes after its predecessors."""
    return list(TopologicalSorter({t: [p for p, _ in before] for t, before in links.items()}).static_order())


def _latest_ends(
    order: list[str], links: Mapping[str, list[tuple[str, int]]], lengths: Mapping[str, int], end: Mapping[str, int]
) -> dict[str, int]:
    last = max(end.values(), default=0)
    latest = dict.fromkeys(order, last)
    for task in reversed(order):
        for before, lag in links[task]:
            room = latest[task] - lengths[task] - lag
            latest[before] = min(latest[before], room)
    return {t: max(latest[t], end[t]) for t in order}


def release_fence(programme: Programme) -> int:
    """Return the day of the plan before which nothing new is ordered, dispatched or started."""
    return math.ceil(programme.settings.release_fence_days - 1e-9)


def unfenced(programme: Programme) -> Programme:
    """Return a programme in which anything may begin from the plan's start on, as it may have been planned before there was a fence."""
    return replace(programme, settings=replace(programme.settings, release_fence_days=0.0))
