"""What opens when: the start-up tasks at mean durations, and the first day of every row that waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from types import MappingProxyType

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
    spans: dict[str, tuple[int, int]] = {}
    for name in TopologicalSorter(before).static_order():
        task = tasks[names[name]]
        days = lengths[name]
        if task.finished is not None:
            spans[name] = (number(task.finished) - days, number(task.finished))
            continue
        starts = [spans[p][1] + lag for p, lag in before[name].items()]
        starts += [] if task.earliest is None else [number(task.earliest)]
        begin = max(starts, default=horizon.start)
        spans[name] = (begin, max(begin + days, horizon.start, met.get(name, horizon.start)))
    return Openings(spans, lengths, before)


def lag_of(text: str, names: Mapping[str, int]) -> tuple[str, int]:
    """Return the task and the lag in days that a predecessor says.

    >>> lag_of("hall+14", {"hall": 0}), lag_of("hall", {"hall": 0})
    (('hall', 14), ('hall', 0))
    """
    if text in names:
        return text, 0
    name, _, lag = text.rpartition("+")
    return name.strip(), whole_days(float(lag))


def offer_window(offer: Offer, openings: Openings, horizon: Horizon) -> tuple[int, int]:
    """Return the first and the last day on which an offer can be ordered (the plan's days at most)."""
    first = openings.after(offer.opens_after)
    if not offer.qualified:
        first = (horizon.start if first == ALWAYS else first) + whole_days(offer.qualification_days)
    if offer.from_date is not None:
        first = max(first, number(offer.from_date))
    last = horizon.end - 1 if offer.to_date is None else min(number(offer.to_date), horizon.end - 1)
    return max(first, horizon.start), last
