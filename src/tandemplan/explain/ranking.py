"""The limits of a programme by the harm that they do: how much later demand is because of each, quarter by quarter."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from tandemplan import interrupts
from tandemplan.explain.causes import left_of
from tandemplan.explain.limits import LEAD, TASK, Loose, all_loose
from tandemplan.explain.planned import Base, without_tasks
from tandemplan.plan.model import PlanModel
from tandemplan.results.shape import LIMITS
from tandemplan.solver.loosened import Loosened

Key = tuple[str, str]
Cells = dict[str, Any]
MOST = 20  # limits that are let go; of others the worth alone is told
DUST = 1e-3  # weighted unit-days


@dataclass(frozen=True)
class Quarter:
    """A limit in one quarter: its first day, the largest worth of one more unit in a period, demands hurt at the most, and its harm alone."""

    start: date
    worth: float
    demands: int
    harm: float


@dataclass(frozen=True)
class Harm:
    """A limit and its harm: by how many weighted unit-days all classes together are later than without it (nan: not reckoned), and by quarters.

    `stage` is the first objective that it holds back, `unit` what its worth is counted by. Harms do not add up: of two limits on one way each may
    do nothing alone.
    """

    family: str
    name: str
    stage: str
    unit: str
    harm: float
    quarters: tuple[Quarter, ...]


@interrupts.held_back()
def ranked(base: Base, seconds: float | None = None) -> list[Harm]:
    """Return the limits that hold classes back, worst first; then those of stock and cost alone by worth, whose harm is 0.

    Each limit that has a worth in a class is let go, in all its periods and in those of each quarter alone, with every class held at least as well
    served as in the plan. Raises SolverStoppedError when the time does not suffice.
    """
    rows = base.run.rows(LIMITS)
    groups: dict[Key, list[Cells]] = defaultdict(list)
    for row in rows:
        groups[_family(row["family"]), row["name"]].append(row)
    held_back = {k: [r for r in members if r["stage"].startswith("class ")] for k, members in groups.items()}
    order = sorted((k for k in groups if held_back[k]), key=lambda k: -sum(r["demands_hurt"] for r in held_back[k]))
    total = _Total(base, seconds) if order else None
    found = []
    for k in order[:MOST]:
        assert total is not None
        quarters = _by_quarter(held_back[k])
        harm = total.harm(k, None)
        parts = tuple(
            _quarter(q, members, total.harm(k, q) if len(quarters) > 1 else harm) for q, members in quarters.items()
        )
        found.append(Harm(*k, held_back[k][0]["stage"], held_back[k][0]["unit"], harm, parts))
    rest = [k for k in groups if k not in order[:MOST]]
    for k in sorted(rest, key=lambda k: -max(r["worth"] for r in groups[k])):
        members = held_back[k] or groups[k]
        harm = float("nan") if held_back[k] else 0.0
        parts = tuple(_quarter(q, some, harm) for q, some in _by_quarter(members).items())
        found.append(Harm(*k, members[0]["stage"], members[0]["unit"], harm, parts))
    return sorted(found, key=lambda h: (not h.stage.startswith("class "), -np.nan_to_num(h.harm)))


def _family(family: str) -> str:
    return LEAD if family == "balance" else family


def _quarter(start: date, members: list[Cells], harm: float) -> Quarter:
    return Quarter(start, max(r["worth"] for r in members), max(r["demands_hurt"] for r in members), harm)


def _by_quarter(members: list[Cells]) -> dict[date, list[Cells]]:
    found: dict[date, list[Cells]] = defaultdict(list)
    for row in members:
        found[quarter_of(row["period_start"])].append(row)
    return dict(sorted(found.items()))


def quarter_of(day: date) -> date:
    """Return the first day of the quarter that holds a day.

    >>> quarter_of(date(2026, 6, 5))
    datetime.date(2026, 4, 1)
    """
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


class _Total:
    """Says how much later all classes together are because of a limit; holds the model, and those with a task done."""

    def __init__(self, base: Base, seconds: float | None) -> None:
        self.base, self.seconds, self.begin = base, seconds, time.monotonic()
        self.loose, self.engine = self._made(base.model)
        self.known = {(x.family, x.name): k for k, x in enumerate(self.loose.limits)}
        self.quarters = [
            quarter_of(d.item()) for d in base.model.network.periods.dates(base.model.network.periods.starts)
        ]
        self.late = self.engine.least(np.zeros(len(self.loose.soft.row), dtype=bool)).value

    def harm(self, key: Key, quarter: date | None) -> float:
        """Return the harm of a limit, in one quarter alone where one is named; nan where it cannot be let go here."""
        if key[0] == TASK:
            loose, engine = self._made(without_tasks(self.base, [key[1]]))
            found = engine.least(np.zeros(len(loose.soft.row), dtype=bool)).value
        elif key not in self.known:
            return float("nan")
        else:
            mine = self.loose.soft.of == self.known[key]
            if quarter is not None:
                inside = np.array([p >= 0 and self.quarters[p] == quarter for p in self.loose.period])
                mine &= inside
            found = self.engine.least(mine).value
        harm = self.late - found
        return harm if harm > DUST else 0.0

    def _made(self, model: PlanModel) -> tuple[Loose, Loosened]:
        loose = all_loose(model, self.base.relaxed(model), self.base.values)
        cost = np.sum([s.cost for s in model.stages if s.demand_class is not None], axis=0)
        return loose, Loosened(
            loose.lp, loose.soft, np.asarray(cost, dtype=np.float64), left_of(self.seconds, self.begin)
        )
