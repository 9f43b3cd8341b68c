"""Asked for and delivered: by class, by customer, by product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.buckets import horizon
from tandemplan.report.chart import Point, served
from tandemplan.report.drawing import Drawing, Key
from tandemplan.report.facts import Cells, class_names, customer_names, item_names, item_units, rows
from tandemplan.report.wording import NOTHING, counted
from tandemplan.results.shape import DELIVERIES, DEMAND_SUMMARY
from tandemplan.results.store import Run

MOST_PANELS = 18
KEYS = (
    Key("line", "dashed", "asked for, by due day"),
    Key("line", "solid", "delivered"),
    Key("box", "between", "behind what is asked for"),
)


def by_class(run: Run, programme: Programme) -> Drawing:
    """Return what is asked for and delivered for each class of demand, in order of service."""
    who = class_names(run, programme)
    return _drawing(
        run,
        programme,
        "Asked for and delivered, by class",
        lambda r: r["demand_class"],
        lambda c: f"Class {c}: {who[c]}",
    )


def by_customer(run: Run, programme: Programme) -> Drawing:
    """Return what is asked for and delivered for each customer, those of the first class first."""
    names = customer_names(programme)
    return _drawing(
        run,
        programme,
        "Asked for and delivered, by customer",
        lambda r: (r["demand_class"], r["customer"]),
        lambda k: names.get(k[1], k[1]) or "no customer named",
    )


def by_product(run: Run, programme: Programme) -> Drawing:
    """Return what is asked for and delivered for each product."""
    names = item_names(programme)
    return _drawing(
        run, programme, "Asked for and delivered, by product", lambda r: r["item"], lambda k: names.get(k, k)
    )


def _drawing(
    run: Run, programme: Programme, title: str, group: Callable[[Cells], Any], name: Callable[[Any], str]
) -> Drawing:
    units, span = item_units(programme), horizon(programme)
    asked: dict[tuple[Any, str], list[Point]] = defaultdict(list)
    got: dict[tuple[Any, str], list[Point]] = defaultdict(list)
    for r in rows(run, DEMAND_SUMMARY):
        asked[group(r), units.get(r["item"], "each")].append((r["due"], r["quantity"]))
    for r in rows(run, DELIVERIES):
        if r["quantity"] > NOTHING:
            got[group(r), units.get(r["item"], "each")].append((r["delivered"], r["quantity"]))
    pairs = sorted(asked)
    panels = tuple(served(name(key), unit, asked[key, unit], got[key, unit], span) for key, unit in pairs[:MOST_PANELS])
    rest = len(pairs) - len(panels)
    return Drawing(
        title,
        "; ".join(f"{p.title}: {p.subtitle}" for p in panels[:6]),
        panels,
        KEYS,
        columns=min(len(panels), 3) or 1,
        note=f"And {counted(rest, 'more group')} in the table deliveries." if rest > 0 else "",
    )
