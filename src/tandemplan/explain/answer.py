"""Why a demand is late, as values that a shell, a page or a program can tell: names, days and amounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tandemplan.explain.causes import Cause, Why
from tandemplan.explain.limits import LEAD, TASK, WAY
from tandemplan.explain.planned import Base
from tandemplan.explain.proposals import proposals
from tandemplan.explain.ranking import ranked
from tandemplan.explain.relief import tried
from tandemplan.model.programme import Programme
from tandemplan.network.network import Network
from tandemplan.results.store import Run

Said = dict[str, Any]
DIGITS = 6


def why_said(base: Base, found: Why) -> Said:
    """Return why a demand is late: unit-days in the plan and at best, its causes in order, and what would do instead of them."""
    return {
        "demand": found.demand,
        "late_unit_days": round(found.late, DIGITS),
        "at_best": round(found.at_best, DIGITS),
        "rounding": round(found.rounding, DIGITS),
        "causes": [_cause(base, c) for c in found.causes],
        "otherwise": None if np.isnan(found.else_) else round(found.else_, DIGITS),
        "instead": [_cause(base, c) for c in found.instead],
        "stopped": found.stopped,
    }


def _cause(base: Base, cause: Cause) -> Said:
    network = base.model.network
    starts = network.periods.dates(network.periods.starts)
    last = network.periods.dates(network.periods.starts + network.periods.lengths - 1)
    return {
        "family": cause.limit.family,
        "name": cause.limit.name,
        "unit_days": None if np.isnan(cause.unit_days) else round(cause.unit_days, DIGITS),
        "unit": cause.limit.unit,
        "from": [
            {
                "period_start": str(starts[b.period]),
                "period_end": str(last[b.period]),
                "amount": round(b.amount, DIGITS),
            }
            for b in cause.breaches
        ],
        "first_day": _first_day(network, cause),
        "later": list(cause.gives_way),
    }


def _first_day(network: Network, cause: Cause) -> str | None:
    """Return the first day on which a part can come, or a task is done; None where there is none."""
    if cause.limit.family == TASK:
        return str(network.periods.dates(np.array([network.dates[cause.limit.name].end]))[0])
    if cause.limit.family not in (LEAD, WAY):
        return None
    node = network.node_names.index(cause.limit.name)
    arrivals = network.buying.arrival[network.way_node == node]
    open_ = network.buying.release[network.way_node == node] >= 0
    days = arrivals[open_]
    return str(network.periods.dates(np.array([days.min()]))[0]) if len(days) else None


def relief_said(base: Base, found: Why, solve: Callable[[Programme], Run]) -> list[Said]:
    """Return what repairs a late demand, or makes it less late, each planned again with `solve`; nothing is tried where the causes are not known."""
    if found.stopped:
        return []
    told = tried(base, found.demand, found.at_best, proposals(base, found), solve)
    return [
        {
            "text": r.text,
            "changes": list(r.changes),
            "late_unit_days": round(r.late, DIGITS),
            "repaired": r.repaired,
            "cost": round(r.cost, 2),
            "price": None if np.isnan(r.price) else round(r.price, 2),
            "others_unit_days": round(r.others, DIGITS),
            "better": list(r.better),
            "worse": list(r.worse),
            "proved": r.proved,
        }
        for r in told
    ]


def ranking_said(base: Base, seconds: float | None = None) -> list[Said]:
    """Return the limits of the programme by the harm that they do, each by quarters; raises SolverStoppedError."""

    def known(value: float) -> float | None:
        return None if np.isnan(value) else round(value, DIGITS)

    return [
        {
            "family": h.family,
            "name": h.name,
            "stage": h.stage,
            "unit": h.unit,
            "harm": known(h.harm),
            "quarters": [
                {"quarter": str(q.start), "worth": round(q.worth, DIGITS), "demands": q.demands, "harm": known(q.harm)}
                for q in h.quarters
            ],
        }
        for h in ranked(base, seconds)
    ]
