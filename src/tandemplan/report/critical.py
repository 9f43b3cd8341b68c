"""The critical paths of the start-up in words, and as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Demand, Lane, Offer, Supplier
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import Cells, customer_names, item_names, row_names, rows, task_names
from tandemplan.report.wording import counted, day
from tandemplan.results.shape import CRITICAL_PATH
from tandemplan.results.store import Run

StepNames = Callable[[Cells], str]


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
    items, names = item_names(programme), step_names(programme)
    found = [
        (r["path"], items.get(item, item), r["step"], r["kind"], names(r), r["start"], r["end"], r["room_days"])
        for (_, item), steps in paths(run).items()
        for r in steps
    ]
    return DataTable(
        "critical-paths",
        "Steps of the critical paths",
        columns("path", "item", "step:number", "kind", "what", "from:date", "to:date", "room:number:days"),
        tuple(found),
        lead="Each step is held by the one before it; room is by how much it may slip before the next must. "
        "Full rate is the first period that reaches the highest output over four weeks.",
        folded=True,
    )


def step_names(programme: Programme) -> StepNames:
    """Return what says of a step of a critical path what it is: a task, whose part, a lane, what is made, for whom.

    >>> from tandemplan.testing.models import programme_of
    >>> names = step_names(programme_of('''
    ...     start = 2026-06-01
    ...     [items]
    ...     item,name
    ...     bike,Bicycle
    ...     [suppliers]
    ...     supplier,name
    ...     far,Far East
    ...     [offers]
    ...     offer,supplier,item
    ...     o1,far,bike
    ... '''))
    >>> [names({"kind": k, "name": n, "item": "bike"}) for k, n in (("purchase", "o1 by sea"), ("production", "bike|kit"))]
    ['Bicycle from Far East, by sea', 'Bicycle (kit)']
    """
    items, tasks, suppliers = item_names(programme), task_names(programme), row_names(programme, Supplier)
    offers = {
        o.offer: f"{items.get(o.item, o.item)} from {suppliers.get(o.supplier, o.supplier)}"
        for o in programme[Offer].rows()
    }
    lanes = {n.lane: f"lane {n.lane}, {n.from_place} to {n.to_site}" for n in programme[Lane].rows()}
    whom = _buyers(programme)

    def name(step: Cells) -> str:
        words: str = step["name"]
        head, by, lane = words.partition(" by ")
        item, _, alternative = words.partition("|")
        said = {
            "task": tasks.get(words, words),
            "purchase": offers.get(head, head) + by.replace(" by ", ", by ") + lane,
            "move": lanes.get(words, words),
            "production": items.get(item, item) + (f" ({alternative})" if alternative else ""),
            "delivery": whom.get(words, words),
            "full rate": "production grows to its full rate",
        }
        return said.get(step["kind"], words)

    return name


def _buyers(programme: Programme) -> dict[str, str]:
    """Return for each demand itself and whom it is for."""
    customers, contracts = customer_names(programme), {c.contract: c.customer for c in programme[Contract].rows()}
    found = {}
    for d in programme[Demand].rows():
        customer = d.customer or contracts.get(d.contract, "")
        found[d.demand] = f"demand {d.demand}" + (f" of {customers.get(customer, customer)}" if customer else "")
    return found
