"""Tasks that end only when enough has been made, has come from an offer, or lies in a pool: gates of rate, first articles and money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import Periods
from tandemplan.model import phrases
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task
from tandemplan.network.cells import whole_days
from tandemplan.network.openings import finished_tasks, task_links, topological

Ints = NDArray[np.int64]
MADE, PRODUCED, BOUGHT, MONEY = "made", "produced", "bought", "money"


@dataclass(frozen=True)
class Gate:
    """A task that is not finished, and what must be there before it ends: units made, or bought of an offer, in all, or made a week for some weeks in a row, or money."""

    task: str
    needs: tuple[phrases.Need, ...]


def gates_of(programme: Programme) -> tuple[Gate, ...]:
    """Return the tasks that wait for production, purchases or money, in table order.

    >>> from tandemplan.testing.models import programme_of
    >>> gates_of(programme_of('''
    ...     start = 2026-06-01
    ...     [items]
    ...     item
    ...     bike
    ...     [tasks]
    ...     task,needs
    ...     hall,
    ...     gate,made:bike>=9
    ... '''))
    (Gate(task='gate', needs=(Need(what='made', name='bike', least=9.0, weeks=None),)),)
    """
    tasks = programme[Task]
    found = []
    for task, listed, finished in zip(tasks.task, tasks.needs, tasks.finished, strict=True):
        needs = phrases.kept_needs(listed)
        if needs and np.isnat(finished):
            found.append(Gate(str(task), needs))
    return tuple(found)


def first_of_window(periods: Periods, weeks: float) -> Ints:
    """Return for each period the first one that holds one of the last `weeks` weeks' days up to its end (-1: they begin before the plan)."""
    begin = periods.starts + periods.lengths - int(whole_days([7 * weeks])[0])
    first = np.searchsorted(periods.starts, begin, side="right") - 1
    return np.where(begin >= 0, first, -1)


def behind_gates(programme: Programme) -> frozenset[str]:
    """Return the tasks that wait for production, purchases or money, or come after such a task."""
    links, found = task_links(programme), {g.task for g in gates_of(programme)}
    done = finished_tasks(programme)
    for task in topological(links):
        found |= {task} if task not in done and any(before in found for before, _ in links[task]) else set()
    return frozenset(found)
