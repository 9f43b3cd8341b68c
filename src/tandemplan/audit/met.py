"""When what tasks need has been made or has come, from the printed production and purchases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tandemplan.audit.days import Horizon, whole_days
from tandemplan.model.phrases import Need, kept_needs
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task

Lines = Mapping[str, Sequence[Any]]


def met_of(programme: Programme, lines: Lines, horizon: Horizon) -> dict[str, int]:
    """Return for each unfinished task that needs production or purchases the day after the period that meets all of it.

    It is the day after the plan's last where the plan does not.
    """
    found = {}
    for task in programme[Task].rows():
        needs = () if task.finished is not None else kept_needs(task.needs)
        if needs:
            found[task.task] = max(_met(need, lines, horizon) for need in needs)
    return found


def _met(need: Need, lines: Lines, horizon: Horizon) -> int:
    daily = np.zeros(len(horizon.days))  # units that count, spread evenly over the days of their period
    if need.what == "bought":
        come = [(r.receipt, r.accepted) for r in lines.get("purchases", ()) if r.offer == need.name]
    else:
        come = [(r.start, r.good) for r in lines.get("production", ()) if r.item == need.name]
    for day, units in come:
        if horizon.holds(day):
            period = horizon.period(day)
            first = horizon.cuts[period] - horizon.start
            daily[first : first + horizon.lengths[period]] += units / horizon.lengths[period]
    for end in horizon.cuts[1:]:
        past = daily[: end - horizon.start]
        if need.what != "produced":
            if past.sum() >= need.least - 1e-6 * need.least - 1e-5:
                return end
            continue
        span = whole_days(7 * (need.weeks or 1.0))
        if span <= len(past) and _held(past[-span:], need.least / 7, (end - span, horizon)):
            return end
    return horizon.end


def _held(daily: np.ndarray, rate: float, window: tuple[int, Horizon]) -> bool:
    """Say whether a rate a day is held on all days; 1e-6 of a period's units and 1e-5 units are forgiven."""
    first, horizon = window
    for k, good in enumerate(daily):
        length = horizon.lengths[horizon.period(first + k)]
        if good * length < rate * length * (1 - 1e-6) - 1e-5:
            return False
    return True
