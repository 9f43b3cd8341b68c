"""The critical paths of the start-up in words, and as a table."""

from __future__ import annotations

from collections import defaultdict

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Demand
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import Cells, item_names, rows, task_names
from tandemplan.report.wording import counted, day
from tandemplan.results.shape import CRITICAL_PATH
from tandemplan.results.store import Run

MOST_ROWS = 30


def paths(run: Run) -> dict[tuple[str, str], list[Cells]]:
    """Return the steps of each critical path, by path and item; first those that reach their end first."""
    found: dict[tuple[str, str], list[Cells]] = defaultdict(list)
    for r in rows(run, CRITICAL_PATH):
        found[r["path"], r["item"]].append(r)
    return dict(sorted(found.items(), key=lambda p: (p[0][0], p[1][-1]["end"], p[0][1])))


def path_lines(run: Run) -> list[str]:
    """Return the critical path to the very first delivery in one line (no line where no task is in it).

    >>> from tandemplan.testing.runs import run_of
    >>> path_lines(run_of('''
    ...     [critical_path]
    ...     path,item,step,kind,name,start,end,room_days
    ...     first delivery,bike,1,task,hall,2026-06-01,2026-07-01,0
    ...     first delivery,bike,2,production,bike,2026-07-01,2026-07-03,4
    ...     first delivery,bike,3,delivery,d1,2026-07-07,2026-07-07,0
    ... '''))
    ['Critical path to first delivery: hall, then production of bike, then delivery of bike on 7 Jul 2026, with 4 days of room.']
    """
    found = [steps for (path, _), steps in paths(run).items() if path == "first delivery"]
    if not found or not any(s["kind"] == "task" for s in found[0]):
        return []
    steps = found[0]
    tasks = ", ".join(s["name"] for s in steps if s["kind"] == "task")
    later = "".join(f", then {s['kind']} of {s['name']}" for s in steps if s["kind"] not in ("task", "delivery"))
    room = sum(s["room_days"] for s in steps)
    roomy = f", with {counted(room, 'day')} of room" if room else ""
    last = steps[-1]
    return [
        f"Critical path to first delivery: {tasks}{later}, then delivery of {last['item']} on {day(last['end'])}{roomy}."
    ]


def critical_paths(run: Run, programme: Programme) -> DataTable:
    """Return the critical paths step by step."""
    items = item_names(programme)
    named = {"task": task_names(programme), "full rate": items}
    whom = {str(d.demand): f"demand {d.demand}" for d in programme[Demand].rows()}
    found = [
        (
            r["path"], items.get(item, item), r["step"], r["kind"],
            whom.get(r["name"], r["name"]) if r["kind"] == "delivery" else named.get(r["kind"], {}).get(r["name"], r["name"]),
            r["start"], r["end"], r["room_days"],
        )
        for (_, item), steps in paths(run).items() for r in steps
    ]  # fmt: skip
    return DataTable(
        "critical-paths",
        "Critical paths to first delivery and to full rate",
        columns("path", "item", "step:number", "kind", "what", "from:date", "to:date", "room:number:days"),
        tuple(found),
        lead="Each step is held by the one before it; room is by how much it may slip before the next must. "
        "Full rate is the first period that reaches the highest output over four weeks.",
        folded=len(found) > MOST_ROWS,
    )
