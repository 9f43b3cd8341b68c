"""The page of a run: one self-contained HTML file with the answer, its pictures, its limits and its proof."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tandemplan.calendar import cut
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task
from tandemplan.report import pictures as figures
from tandemplan.report import wording
from tandemplan.report.facts import (
    Cells,
    class_names,
    customer_names,
    item_names,
    item_units,
    limits,
    resource_names,
    row_names,
    rows,
    tightest,
)
from tandemplan.report.identity import identity, status_words
from tandemplan.report.summary import LOST_REVENUE, five_lines, has_plan
from tandemplan.results.shape import CLASSES, COSTS, DELIVERIES, DEMAND_SUMMARY, TASKS
from tandemplan.results.store import Run

MOST_PICTURES = 18
MOST_DEMANDS = 50
MOST_LIMITS = 15


def page(run: Run, programme: Programme) -> str:
    """Return the page of a run as HTML text; it asks nothing of the network and is the same for the same run."""
    environment = Environment(
        loader=PackageLoader("tandemplan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("number", "gap_text", "day", "counted"):
        environment.filters[name] = getattr(wording, name)
    return environment.get_template("page.html").render(_content(run, programme))


def _content(run: Run, programme: Programme) -> dict[str, Any]:
    content = {
        "name": programme.settings.name,
        "currency": programme.settings.currency,
        "start": programme.settings.start,
        "end": plan_end(programme),
        "scenarios": run.info.get("scenarios", []),
        "status": status_words(run),
        "lines": [line.partition(": ")[::2] for line in five_lines(run, programme)],
        "planned": has_plan(run),
        "foot": identity(run),
        "notes": run.info.get("notes", []),
    }
    if not has_plan(run):
        return {**content, "conflicts": [c["text"] for c in run.info.get("conflicts", [])]}
    late, rest = _late(run, programme)
    held = limits(run, programme)
    return {
        **content,
        "classes": _classes(run, programme),
        "promises": _promises(run, programme),
        "loads": _loads(run, programme),
        "late": late,
        "late_rest": rest,
        "costs": _costs(run),
        "limits": held[:MOST_LIMITS],
        "limits_rest": max(len(held) - MOST_LIMITS, 0),
        **_tasks(run, programme),
    }


def plan_end(programme: Programme) -> date:
    """Return the day on which the plan of a programme ends."""
    start = programme.settings.start
    assert start is not None, "a programme without faults has a start"
    periods = cut(start, programme.settings.periods)
    end: date = periods.dates([periods.days])[0].item()  # type: ignore[arg-type]
    return end


def _classes(run: Run, programme: Programme) -> list[Cells]:
    names = class_names(run, programme)
    return [{**r, "who": names.get(r["demand_class"], "")} for r in rows(run, CLASSES)]


def _promises(run: Run, programme: Programme) -> list[figures.Picture]:
    """Return a picture for each class and item, or for each class where these would be too many."""
    asked, got = rows(run, DEMAND_SUMMARY), rows(run, DELIVERIES)
    pairs = {(r["demand_class"], r["item"]) for r in asked}
    by_item = len(pairs) <= MOST_PICTURES
    names, who, units = item_names(programme), class_names(run, programme), item_units(programme)
    groups: dict[tuple[int, str], tuple[list[figures.Point], list[figures.Point]]] = defaultdict(lambda: ([], []))
    for r in asked:
        groups[r["demand_class"], r["item"] if by_item else ""][0].append((r["due"], r["quantity"]))
    for r in got:
        groups[r["demand_class"], r["item"] if by_item else ""][1].append((r["delivered"], r["quantity"]))
    assert programme.settings.start is not None
    span = (programme.settings.start, plan_end(programme))
    pictures = []
    for rank, item in sorted(groups):
        unit = units.get(item, "each")
        title = f"Class {rank}: {names.get(item, item) if item else who[rank]}"
        measure = "units" if unit == "each" else unit
        pictures.append(figures.promise(title, measure, *groups[rank, item], span))
    return pictures[:MOST_PICTURES]


def _loads(run: Run, programme: Programme) -> list[figures.Picture]:
    names, end = resource_names(programme), plan_end(programme)
    return [
        figures.load({**about, "resource": names.get(about["resource"], about["resource"])}, members, end)
        for about, members in tightest(run)
    ]


def _late(run: Run, programme: Programme) -> tuple[list[Cells], list[Cells]]:
    """Return the demands that suffer most, and the rest of those that suffer at all."""
    names, who = item_names(programme), customer_names(programme)
    suffering = [r for r in rows(run, DEMAND_SUMMARY) if r["late"] + r["lost"] > wording.NOTHING]
    suffering.sort(key=lambda r: (-r["late_unit_days"], r["demand"]))
    found = [
        {**r, "name": names.get(r["item"], r["item"]), "customer": who.get(r["customer"], r["customer"])}
        for r in suffering
    ]
    return found[:MOST_DEMANDS], found[MOST_DEMANDS:]


def _costs(run: Run) -> dict[str, Any]:
    table = sorted(rows(run, COSTS), key=lambda r: (-abs(r["amount"]), r["term"]))
    words = [
        (
            str(r["term"]).replace("_", " "),
            r["amount"],
            "not spent" if r["term"] in LOST_REVENUE else "decided" if r["decided"] else "given",
        )
        for r in table
    ]
    spent = [r for r in table if r["term"] not in LOST_REVENUE]
    return {
        "bars": figures.bars(words),
        "rows": [(label, mark, r) for (label, _, mark), r in zip(words, table, strict=True)],
        "amount": sum(r["amount"] for r in spent),
        "present_amount": sum(r["present_amount"] for r in spent),
    }


def _tasks(run: Run, programme: Programme) -> dict[str, Any]:
    table = sorted(rows(run, TASKS), key=lambda r: (r["start"], r["end"], r["task"]))
    names = row_names(programme, Task)
    assert programme.settings.start is not None
    first = programme.settings.start
    last: date = max([first, *(r["end"] for r in table)])
    shown = [(names.get(r["task"], str(r["task"])), r["start"], r["end"], bool(r["critical"])) for r in table]
    return {
        "tasks": [{**r, "name": name} for r, (name, *_) in zip(table, shown, strict=True)],
        "task_bars": figures.spans(shown, first, last),
        "task_span": (first, last),
    }
