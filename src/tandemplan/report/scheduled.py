"""What is said of a schedule, in a few lines."""

from __future__ import annotations

from typing import Any

from tandemplan.results.schedule_shapes import CLASSES, DEMAND_SUMMARY, ORDERS
from tandemplan.results.store import Run

WORST = 5  # demands that are named


def schedule_lines(run: Run) -> tuple[str, ...]:
    """Return how a schedule serves its classes, how far that is proved, and the demands that wait longest."""
    classes, demands, orders = run.rows(CLASSES), run.rows(DEMAND_SUMMARY), run.rows(ORDERS)
    new = sum(o["status"] == "new" and not o["part_of"] for o in orders)
    late = sorted((d for d in demands if d["lost"] > 0 or d["late"] > 0), key=_harm)
    return (
        f"Orders: {new:,} new, {len({o['order'] for o in orders if o['status'] != 'new'}):,} given.",
        *(_class_line(c) for c in classes),
        *(f"  {_demand_words(d)}" for d in late[:WORST]),
        *([f"  and {len(late) - WORST:,} more, in demand_summary.csv."] if len(late) > WORST else []),
    )


def _harm(d: dict[str, Any]) -> tuple[int, float, float, str]:
    return d["demand_class"], -d["lost"], -d["late_unit_days"], d["demand"]


def _class_line(c: dict[str, Any]) -> str:
    words = class_words(c)
    return f"Class {c['demand_class']}: {words}"


def class_words(c: dict[str, Any]) -> str:
    """Return how a class is served and how far that is proved, from its row of the table `classes`."""
    asked, in_time = c["demanded"], c["on_time"]
    share = f"{100 * in_time / asked:.1f} %" if asked else "nothing asked for"
    words = f"{_units(in_time)} of {_units(asked)} units on time ({share})"
    if c["late"] <= 0 and c["lost"] <= 0:
        return f"{words}; nobody waits."
    proved = c["lost"] <= c["lost_bound"] + 1e-6 and c["late_unit_days"] <= c["bound"] + 1e-6
    least = (
        "proved to be the least"
        if proved
        else f"at least {_units(c['lost_bound'])} lost and {_units(c['bound'])} unit-days late in any schedule"
    )
    return f"{words}, {_units(c['late'])} late by {_units(c['late_unit_days'])} unit-days, {_units(c['lost'])} lost; {least}."


def _demand_words(d: dict[str, Any]) -> str:
    parts = []
    if d["late"] > 0:
        parts.append(f"{_units(d['late'])} units late, the last on {d['last_delivery']}")
    if d["lost"] > 0:
        parts.append(f"{_units(d['lost'])} lost")
    return f"{d['demand']} (class {d['demand_class']}, due {d['due']}): {', '.join(parts)}."


def _units(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
