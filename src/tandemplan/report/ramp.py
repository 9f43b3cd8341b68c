"""The operations that learn, as a table: what each takes and gives at first, at last, and when all is learnt."""

from __future__ import annotations

from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.learners import HOURS, YIELD, Learner, learners
from tandemplan.results.store import Run


def operations(run: Run, programme: Programme) -> DataTable:
    """Return every operation that learns and is done in the plan, those with most hours of work first."""
    found = learners(run, programme)
    return DataTable(
        "learners",
        "All operations that learn",
        columns(
            "operation", "item", "step:number", "first unit:number:hours", "last:number:hours", "plateau:number:hours",
            "near it from:date", "first yield:share", "last yield:share", "mature:share", "started:number:units", "work:number:hours",
        ),
        tuple(_row(x) for x in found),
        lead="Last is the mean of the last period in which the operation is done. Near its plateau a tenth or less of the way from the first unit is left.",
        folded=True,
    )  # fmt: skip


def _row(x: Learner) -> tuple[Any, ...]:
    o, last = x.operation, x.rows[-1]
    hours = (x.first_hours, last[HOURS], o.plateau_hours, x.near(HOURS)) if x.learns_hours else (None,) * 4
    shares = (x.first_yield, last[YIELD], o.yield_mature_share) if x.learns_yield else (None,) * 3
    alternative = f" ({o.alternative})" if o.alternative else ""
    return (x.place, f"{x.item}{alternative}", o.step, *hours, *shares, x.units, x.work)
