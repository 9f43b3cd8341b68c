"""Units asked for and delivered over time in a schedule, by class of demand."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.chart import served
from tandemplan.report.drawing import Drawing, Key
from tandemplan.report.facts import rows
from tandemplan.report.lot_listings import who_of
from tandemplan.results.schedule_shapes import DELIVERIES, DEMAND_SUMMARY
from tandemplan.results.store import Run
from tandemplan.schedule.open_time import days_of


def by_class(run: Run, programme: Programme) -> Drawing:
    """Return units asked for and delivered over time, by class of demand."""
    first, end = days_of(run, programme)
    who = who_of(run, programme)
    asked: dict[int, list[Any]] = defaultdict(list)
    got: dict[int, list[Any]] = defaultdict(list)
    for r in rows(run, DEMAND_SUMMARY):
        asked[r["demand_class"]].append(((r["due"] - timedelta(seconds=1)).date(), r["quantity"]))
    for r in rows(run, DELIVERIES):
        got[r["demand_class"]].append(((r["delivered"] - timedelta(seconds=1)).date(), r["quantity"]))
    panels = tuple(
        served(f"Class {c}{f', {who[c]}' if c in who else ''}", "", asked[c], got[c], (first, end))
        for c in sorted(asked)[:12]
    )
    return Drawing(
        "Asked for and delivered", "Units asked for by their due day and units delivered, summed up, by class.", panels,
        (Key("line", "dashed", "asked for"), Key("line", "solid", "delivered")), 3, heading="Asked for and delivered",
    )  # fmt: skip
