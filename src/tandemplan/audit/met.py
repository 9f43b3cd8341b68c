"""When what tasks need has been made, has come or lies there, from the printed production, purchases and cash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from tandemplan.audit.days import Horizon, whole_days
from tandemplan.model.phrases import Need, kept_needs
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Lane, Task, Tranche

Lines = Mapping[str, Sequence[Any]]


def met_of(programme: Programme, lines: Lines, horizon: Horizon) -> dict[str, int]:
    """Return for each unfinished task that needs production, purchases or money the day after the period that meets all of it.

    It is the day after the plan's last where the plan does not.
    """
    found = {}
    for task in programme[Task].rows():
        needs = () if task.finished is not None else kept_needs(task.needs)
        if needs:
            found[task.task] = max(
                _held_by(programme, need, lines, horizon) if need.what == "money" else _met(need, lines, horizon)
                for need in needs
            )
    return found


def _held_by(programme: Programme, need: Need, lines: Lines, horizon: Horizon) -> int:
    """Return the day after the first period at whose end a pool holds an amount, what shipments of the venture have cost by then apart."""
    table = programme[Tranche]
    kinds = {
        k
        for p, k, cash in zip(table.pool, table.kind, table.cash, strict=True)
        if p == need.name and cash and k != "outside"
    }
    if not kinds:
        return horizon.cuts[1]
    sent = _shipments(programme, lines) if "company" in kinds else {}
    closing = {r.period_start: r.closing for r in lines.get("cash", ()) if r.pool == need.name}
    for first, end in pairwise(horizon.cuts):
        held = closing.get(first, 0.0) + sum(cost for (day, _), cost in sent.items() if day < end)
        if held >= need.least * (1 - 1e-5) - 0.05:
            return end
    return horizon.end


def _shipments(programme: Programme, lines: Lines) -> dict[tuple[int, str], float]:
    prices = {lane.lane: lane.shipment_cost for lane in programme[Lane].rows()}
    left = [(r.shipped, r.lane) for r in lines.get("purchases", ())] + [
        (r.release, r.lane) for r in lines.get("moves", ())
    ]
    return {(day, lane): prices[lane] for day, lane in left if prices.get(lane, 0.0) > 0}


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
