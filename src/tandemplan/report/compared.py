"""Two runs side by side as rows: inputs, classes, demands and costs, for JSON and for frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tandemplan.model.differences import input_changes
from tandemplan.report.differences import moved_demands
from tandemplan.report.figures.both import Side
from tandemplan.results.shape import CLASSES, COSTS

Rows = list[dict[str, Any]]
SERVED = ("demanded", "on_time", "late", "lost", "late_unit_days")
FARED = ("quantity", "on_time", "late", "lost", "late_unit_days")
ABOUT = ("demand", "customer", "demand_class", "item")


def rows_of_both(first: Side, second: Side) -> dict[str, Rows]:
    """Return all that differs between two runs, table by table: `inputs`, `classes`, `demands`, `costs`."""
    return {
        "inputs": [asdict(c) for c in input_changes(first.programme, second.programme)],
        "classes": class_rows(first, second),
        "demands": demand_rows(first, second),
        "costs": cost_rows(first, second),
    }


def class_rows(first: Side, second: Side) -> Rows:
    """Return how each class is served in both runs; None where one has no such class."""
    one, two = ({r["demand_class"]: r for r in s.run.rows(CLASSES)} for s in (first, second))
    return [{"demand_class": k, **_both(one.get(k), two.get(k), SERVED)} for k in sorted({*one, *two})]


def demand_rows(first: Side, second: Side) -> Rows:
    """Return the demands that fare differently, the largest change of lateness first; `how` says it in a word."""
    return [
        {n: m.any_side[n] for n in ABOUT} | {"how": m.how} | _both(m.first, m.second, FARED)
        for m in moved_demands(first, second)
    ]


def cost_rows(first: Side, second: Side) -> Rows:
    """Return each term of the cost in both runs, and the difference."""
    one, two = ({r["term"]: float(r["amount"]) for r in s.run.rows(COSTS)} for s in (first, second))
    both = [(t, one.get(t, 0.0), two.get(t, 0.0)) for t in dict.fromkeys([*one, *two])]
    return [{"term": t, "first": a, "second": b, "difference": b - a} for t, a, b in both]


def _both(first: dict[str, Any] | None, second: dict[str, Any] | None, names: Sequence[str]) -> dict[str, Any]:
    return {f"{n}_{side}": (r or {}).get(n) for n in names for side, r in (("first", first), ("second", second))}
