"""The numbers behind the charts of a workbook, as small tables: what is asked for and delivered, costs, loads, limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import numpy as np

from tandemplan.model.files.sheet import RESULT_PREFIX
from tandemplan.model.programme import Programme
from tandemplan.report.buckets import period_starts
from tandemplan.report.facts import class_names, item_units, limits, of_delivery, resource_names, rows, tightest
from tandemplan.report.summary import LOST_REVENUE, cost_kind
from tandemplan.report.wording import counted, measure, number, percent
from tandemplan.results.shape import COSTS, DELIVERIES, DEMAND_SUMMARY, LIMITS
from tandemplan.results.store import Run

MOST_SERVED, MOST_LOADS, MOST_BARS = 8, 6, 10
_LONGEST_LABEL = 70  # characters beside a bar


@dataclass(frozen=True)
class Block:
    """The numbers of one chart: its kind, title and unit, and a table whose first column stands along the axis."""

    kind: str
    title: str
    unit: str
    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def blocks_of(run: Run, programme: Programme) -> list[Block]:
    """Return the numbers of every chart of a run that has a plan, in the order of the charts."""
    found = [*served(run, programme), *costs(run, programme), *held_back(run, programme), *loads(run, programme)]
    return [b for b in found if b.rows]


def charts_lead(run: Run, programme: Programme) -> str:
    """Return what the charts show and, where some classes have none, that this is so."""
    units = item_units(programme)
    pairs = {(r["demand_class"], units.get(r["item"], "each")) for r in rows(run, DEMAND_SUMMARY)}
    rest = f" Of {len(pairs)} classes and units, the first {MOST_SERVED} are drawn." if len(pairs) > MOST_SERVED else ""
    return (
        "What is asked for and delivered to each class, summed up; what it costs; what holds deliveries back; the tightest "
        f"resources.{rest} The numbers stand in {RESULT_PREFIX}chart_data and can be changed."
    )


def served(run: Run, programme: Programme) -> list[Block]:
    """Return units asked for and delivered up to each period's last day, for each class and unit of measure."""
    units, who = item_units(programme), class_names(run, programme)
    asked: dict[tuple[int, str], list[tuple[date, float]]] = defaultdict(list)
    got: dict[tuple[int, str], list[tuple[date, float]]] = defaultdict(list)
    for r in rows(run, DEMAND_SUMMARY):
        asked[r["demand_class"], units.get(r["item"], "each")].append((r["due"], r["quantity"]))
    for r in rows(run, DELIVERIES):
        got[r["demand_class"], units.get(r["item"], "each")].append((r["delivered"], r["quantity"]))
    last = max((d for points in (*asked.values(), *got.values()) for d, _ in points), default=None)
    marks = _marks(programme, last)
    found = []
    for rank, unit in sorted(asked)[:MOST_SERVED]:
        wanted, delivered = summed(asked[rank, unit], marks), summed(got[rank, unit], marks)
        called = measure(unit)
        title = (
            f"Class {rank}, {who.get(rank, '')}: {number(delivered[-1])} of {number(wanted[-1])} {measure(unit, wanted[-1])} "
            f"({percent(delivered[-1], wanted[-1])})"
        )
        table = tuple(zip(marks, wanted, delivered, strict=True))
        found.append(Block("served", title, f"{called}, summed up", ("up_to", "asked_for", "delivered"), table))
    return found


def summed(points: Iterable[tuple[date, float]], marks: list[date]) -> list[float]:
    """Return the sum of all points up to and on each mark.

    >>> summed([(date(2026, 6, 9), 2.0), (date(2026, 6, 1), 3.0)], [date(2026, 6, 7), date(2026, 6, 14)])
    [3.0, 5.0]
    """
    ordered = sorted(points)
    days = np.array([d for d, _ in ordered], dtype="datetime64[D]")
    totals = [0.0, *accumulate(v for _, v in ordered)]
    return [round(totals[i], 6) for i in np.searchsorted(days, np.array(marks, dtype="datetime64[D]"), side="right")]


def costs(run: Run, programme: Programme) -> list[Block]:
    """Return the terms of the cost that are not nothing, the largest first, and whether the plan decides them."""
    table = [r for r in rows(run, COSTS) if abs(r["amount"]) >= 0.005]
    table.sort(key=lambda r: (-abs(r["amount"]), r["term"]))
    cells = tuple((str(r["term"]).replace("_", " "), r["amount"], cost_kind(r)) for r in table)
    spent = sum(r["amount"] for r in table if r["term"] not in LOST_REVENUE)
    title = f"Cost: {spent:,.0f} {programme.settings.currency}"
    return [Block("cost", title, programme.settings.currency, ("term", "amount", "kind"), cells)]


def held_back(run: Run, programme: Programme) -> list[Block]:
    """Return in how many periods each limit holds deliveries back: those that hurt most demands, longest first."""
    periods: dict[tuple[str, str], set[date]] = defaultdict(set)
    hurt: dict[tuple[str, str], int] = defaultdict(int)
    subjects: dict[tuple[str, str], str] = {}
    held = list(filter(of_delivery, limits(run, programme)))
    stages = {limit.stage for limit in held}
    for r in rows(run, LIMITS):
        if r["stage"] in stages:
            periods[r["family"], r["name"]].add(r["period_start"])
    for limit in held:
        subjects.setdefault((limit.family, limit.name), limit.subject)
        hurt[limit.family, limit.name] = max(hurt[limit.family, limit.name], limit.demands)
    worst = sorted(list(subjects)[:MOST_BARS], key=lambda k: -len(periods[k]))
    cells = tuple((_cut(subjects[k]), len(periods[k]), hurt[k]) for k in worst)
    names = ("limit", "periods", "demands_hurt")
    return [Block("limit", "What holds deliveries back, and in how many periods", "periods", names, cells)]


def loads(run: Run, programme: Programme) -> list[Block]:
    """Return hours present and used per week of the resources that are full in most periods."""
    names, (_, end) = resource_names(programme), period_starts(programme)
    found = []
    for about, members in tightest(run, MOST_LOADS):
        starts = [r["period_start"] for r in members]
        weeks = [(b - a).days / 7 for a, b in zip(starts, [*starts[1:], end], strict=True)]
        table = tuple(
            (r["period_start"], round(r["available_hours"] / w, 6), round(r["used_hours"] / w, 6))
            for r, w in zip(members, weeks, strict=True)
            if w  # a period that stands there twice, in a changed run, has no days the first time
        )
        name = names.get(about["resource"], about["resource"])
        title = f"{name}: {percent(about['used'], about['hours'])} used, full in {about['full']:,} of {counted(len(members), 'period')}"
        found.append(Block("load", title, "hours per week", ("period_start", "hours present", "hours used"), table))
    return found


def _cut(text: str) -> str:
    """Return a text that is short enough to stand beside a bar."""
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1].rstrip() + "…"


def _marks(programme: Programme, last: date | None) -> list[date]:
    """Return the last day of each period, and a later day where something is still due or delivered after the plan."""
    starts, end = period_starts(programme)
    marks = [d - timedelta(days=1) for d in (*starts[1:], end)]
    return [*marks, last] if last is not None and last > marks[-1] else marks
