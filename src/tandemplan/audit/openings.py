"""What opens when: the start-up tasks at mean durations, and the first day of every row that waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tandemplan.audit.dated import Dated
from tandemplan.audit.days import Horizon, number, whole_days
from tandemplan.model.schema import Offer, Task

ALWAYS = -(10**7)


@dataclass(frozen=True)
class Openings:
    """When tasks start and end, how many days they take, and the lag to each predecessor."""

    spans: Mapping[str, tuple[int, int]]
    days: Mapping[str, int]
    links: Mapping[str, Mapping[str, int]]

    def after(self, tasks: Iterable[str]) -> int:
        """Return the first open day of a row that waits for `tasks` (ALWAYS when it waits for none)."""
        return max((self.spans[t][1] for t in tasks), default=ALWAYS)


def openings_of(dated: Dated, horizon: Horizon, met: Mapping[str, int] = MappingProxyType({})) -> Openings:
    """Return starts and ends of all tasks by a forward pass over mean durations, none before what it needs is met."""
    tasks = dict(enumerate(dated.programme[Task].rows()))
    names = {t.task: i for i, t in tasks.items()}
    before = {t.task: dict(lag_of(p, names) for p in t.predecessors) for t in tasks.values()}
    lengths = {n: whole_days(dated.always("tasks", i, "duration_days")) for n, i in names.items()}
    options = _decided(dated)
    usual = openings_of(dated.without_options(), horizon, met).spans if options else {}
    spans: dict[str, tuple[int, int]] = {}
    for name in TopologicalSorter(before).static_order():
        task = tasks[names[name]]
        days = lengths[name]
        if task.finished is not None:
            spans[name] = (number(task.finished) - days, number(task.finished))
            continue
        starts = [spans[p][1] + lag for p, lag in before[name].items()]
        if task.earliest is not None:
            starts.append(number(task.earliest) + round(dated.moved("tasks", names[name], "earliest")))
        begin = max(starts, default=horizon.start)
        end = max(begin + days, horizon.start, met.get(name, horizon.start))
        if name in options:
            end = max(end, min(options[name], usual[name][1]))
            begin = max(begin, end - days)
        spans[name] = (begin, end)
    return Openings(spans, lengths, before)


def _decided(dated: Dated) -> dict[str, int]:
    """Return the tasks that options change, with the day from which all of these options are in effect."""
    found: dict[str, int] = {}
    for (table, row, _), effects in dated.changes.items():
        for effect in effects:
            if table == "tasks" and effect.origin == "options":
                name = str(dated.programme[Task].task[row])
                found[name] = max(found.get(name, ALWAYS), number(effect.start))
    return found


def lag_of(text: str, names: Mapping[str, int]) -> tuple[str, int]:
    """Return the task and the lag in days that a predecessor says.

    >>> lag_of("hall+14", {"hall": 0}), lag_of("hall", {"hall": 0})
    (('hall', 14), ('hall', 0))
    """
    if text in names:
        return text, 0
    name, _, lag = text.rpartition("+")
    return name.strip(), whole_days(float(lag))


def order_days(dated: Dated, row: int, openings: Openings, horizon: Horizon) -> NDArray[np.bool_]:
    """Return for each day of the plan whether an offer (row number) can be ordered on it; qualification counts as of that day."""
    offer, days = dated.programme[Offer].row(row), horizon.days
    opens = openings.after(offer.opens_after)
    found = days >= opens
    if not offer.qualified:
        begin = horizon.start if opens == ALWAYS else opens
        wait = dated.values("offers", row, "qualification_days", days)
        found &= days >= begin + np.ceil(np.nan_to_num(wait) - 1e-9)
    if offer.from_date is not None:
        found &= days >= number(offer.from_date)
    if offer.to_date is not None:
        found &= days <= number(offer.to_date)
    return np.asarray(found)
