"""The tables of a schedule's page: classes, late demands, orders, bars of the Gantt, materials."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Site
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import Cells, customer_names, item_names, row_names, rows
from tandemplan.report.figures.gantt import late_words
from tandemplan.report.gantt import Gantt, moment_words
from tandemplan.report.sureness import stated_gap
from tandemplan.report.wording import NOTHING, listed
from tandemplan.results.schedule_shapes import CLASSES, DEMAND_SUMMARY, ORDER_FLOWS, ORDERS
from tandemplan.results.store import Run

KIND_WORDS = {"make": "make", "buy": "buy", "move": "move", "deliver": "deliver"}


def said_moment(value: datetime | None) -> str:
    """Return a moment as a text that sorts as moments do; blank for none.

    >>> said_moment(datetime(2026, 6, 1, 6, 30)), said_moment(None)
    ('2026-06-01 06:30', '')
    """
    return "" if value is None else f"{value:%Y-%m-%d %H:%M}"


def who_of(run: Run, programme: Programme) -> dict[int, str]:
    """Return who stands behind each class of demand."""
    names = customer_names(programme)
    found: dict[int, set[str]] = defaultdict(set)
    for r in rows(run, DEMAND_SUMMARY):
        if r["customer"]:
            found[r["demand_class"]].add(names.get(r["customer"]) or r["customer"])
    return {c: listed(sorted(found[c])) for c in found}


def late_demands(run: Run) -> list[Cells]:
    """Return demands that are late or lost, class by class, the worst first."""
    found = [r for r in rows(run, DEMAND_SUMMARY) if r["late"] > NOTHING or r["lost"] > NOTHING]
    return sorted(found, key=lambda r: (r["demand_class"], -r["lost"], -r["late_unit_days"], r["demand"]))


def served_classes(run: Run, programme: Programme) -> DataTable:
    """Return how each class is served, and how far that is proved."""
    who = who_of(run, programme)
    body = tuple(
        (
            r["demand_class"], who.get(r["demand_class"], ""), r["demanded"], r["on_time"], r["late"], r["lost"], r["lost_bound"],
            r["late_unit_days"], r["bound"], stated_gap(run, r["gap"]),
        )
        for r in rows(run, CLASSES)
    )  # fmt: skip
    return DataTable(
        "classes", "Service by class",
        columns(
            "class:number", "customers", "asked:number:units", "on time:number:units", "late:number:units", "lost:number:units",
            "lost at least:number:units", "lateness:number:unit-days", "bound:number:unit-days", "gap:figure",
        ),
        body, shown=30,
        lead="No schedule loses fewer units than the bound, or, losing no more, is late by fewer unit-days; the gap is how far this one may be from it.",
    )  # fmt: skip


def late_table(run: Run, programme: Programme, why: dict[str, str]) -> DataTable:
    """Return every demand that is late or lost, class by class, the worst first, with the reason of each in `why`."""
    items, who, sites = item_names(programme), customer_names(programme), row_names(programme, Site)
    body = tuple(
        (
            r["demand"], r["demand_class"], who.get(r["customer"], r["customer"]), items.get(r["item"], r["item"]), sites.get(r["site"], r["site"]),
            r["quantity"], said_moment(r["due"]), said_moment(r["last_delivery"]), r["late"], r["lost"],
            r["late_unit_days"] / r["late"] if r["late"] > NOTHING else None, r["late_unit_days"], why.get(r["demand"], ""),
        )
        for r in late_demands(run)
    )  # fmt: skip
    return DataTable(
        "late-table", "",
        columns(
            "demand", "class:number", "for", "item", "at", "asked:number:units", "due", "last delivery", "late:number:units", "lost:number:units",
            "late by:number:days, mean", "lateness:number:unit-days", "why",
        ),
        body, empty="Nothing is late and nothing is lost.", shown=20,
    )  # fmt: skip


def orders_table(run: Run, programme: Programme, found: Gantt) -> DataTable:
    """Return every order that is no step of a route, with what it is for."""
    items, sites = item_names(programme), row_names(programme, Site)
    demands = run[DEMAND_SUMMARY]["demand"].tolist()
    late, served = found.pegs.late.tolist(), found.pegs.demand.tolist()
    body = tuple(
        (
            r["order"], KIND_WORDS[r["kind"]], items.get(r["item"], r["item"]), sites.get(r["site"], r["site"]), r["quantity"], r["process"],
            said_moment(r["start"]), said_moment(r["end"]), demands[served[k]] if served[k] >= 0 else "", late_words(late[k]), "" if r["status"] == "new" else r["status"],
        )
        for k, r in enumerate(rows(run, ORDERS))
        if not r["part_of"]
    )  # fmt: skip
    head = columns(
        "order", "kind", "item", "at", "quantity:number:units", "process", "start", "end", "for", "late", "given"
    )
    lead = (
        "For: the demand that is served first of those that it feeds, by first in, first out; late: the latest of them."
    )
    return DataTable("orders-table", "Every order", head, body, lead=lead, folded=True)


def bars_table(found: Gantt) -> DataTable:
    """Return the bars of a Gantt as a table: what each order holds of work centres."""
    bars, orders, hours = found.bars, rows(found.run, ORDERS), found.working
    items, late = item_names(found.programme), found.pegs.late.tolist()
    body = []
    for k, (row, o) in enumerate(zip(bars.row.tolist(), bars.order.tolist(), strict=True)):
        if found.rows[row].station:
            r, change = orders[o], int(bars.start[k] - bars.change[k])
            body.append((
                found.rows[row].name, r["order"], r["process"], items.get(r["item"], r["item"]), r["quantity"], bars.stations[k],
                bars.set_up[k], moment_words(hours, int(bars.change[k])) if change else "", moment_words(hours, int(bars.start[k])),
                moment_words(hours, int(bars.end[k])), late_words(late[o]),
            ))  # fmt: skip
    head = columns(
        "work centre", "order", "process", "item", "quantity:number:units", "held:number:stations", "set-up", "set-up from", "start", "end", "late",
    )  # fmt: skip
    return DataTable("gantt-table", "The same as a table", head, tuple(body), folded=True)


def materials(run: Run, programme: Programme) -> DataTable:
    """Return what comes to and leaves each item at each site, and the least and the last that lies there."""
    items, sites = item_names(programme), row_names(programme, Site)
    kinds = dict(zip(run[ORDERS]["order"].tolist(), run[ORDERS]["kind"].tolist(), strict=True))
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    ends: dict[tuple[str, str], list[Any]] = {}
    for r in rows(run, ORDER_FLOWS):
        key, kind = (r["item"], r["site"]), kinds.get(r["order"], "")
        told = ends.setdefault(key, [np.inf, None, 0.0])
        if r["stock"] < told[0]:
            told[0], told[1] = r["stock"], r["moment"]
        told[2] = r["stock"]
        word = (
            "opening"
            if not r["order"]
            else f"in {kind}"
            if r["quantity"] > 0
            else "delivered"
            if kind == "deliver"
            else "used"
        )
        sums[key][word] += abs(r["quantity"])
    body = tuple(
        (
            items.get(i, i), sites.get(s, s), *(sums[i, s][w] for w in ("opening", "in make", "in buy", "in move", "used", "delivered")),
            *(ends[i, s][0:1]), said_moment(ends[i, s][1]), ends[i, s][2],
        )
        for i, s in sorted(ends)
    )  # fmt: skip
    head = columns(
        "item", "at", "at first:number:units", "made:number:units", "bought:number:units", "moved in:number:units", "used:number:units",
        "delivered:number:units", "least stock:number:units", "on", "at the end:number:units",
    )  # fmt: skip
    return DataTable("materials-table", "", head, body, shown=15)
