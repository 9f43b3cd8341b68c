"""When what tasks need has been made, from the printed production."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tandemplan.audit.days import Horizon, whole_days
from tandemplan.model.phrases import Need, made_needs
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task


def met_of(programme: Programme, production: Sequence[Any], horizon: Horizon) -> dict[str, int]:
    """Return for each unfinished task that needs production the day after the period that meets all of it.

    It is the day after the plan's last where the plan does not.
    """
    found = {}
    for task in programme[Task].rows():
        needs = () if task.finished is not None else made_needs(task.needs)
        if needs:
            found[task.task] = max(_met(need, production, horizon) for need in needs)
    return found


def _met(need: Need, production: Sequence[Any], horizon: Horizon) -> int:
    daily = np.zeros(len(horizon.days))  # good units, spread evenly over the days of their period
    for r in production:
        if r.item == need.name and horizon.holds(r.start):
            period = horizon.period(r.start)
            first = horizon.cuts[period] - horizon.start
            daily[first : first + horizon.lengths[period]] += r.good / horizon.lengths[period]
    for end in horizon.cuts[1:]:
        past = daily[: end - horizon.start]
        if need.what == "made":
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
