"""A plan in a few lines that anyone can read, shared by the shell and the page."""

from __future__ import annotations

from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Task
from tandemplan.report.facts import (
    Cells,
    class_names,
    customer_names,
    item_names,
    item_units,
    limits,
    of_delivery,
    row_names,
    rows,
    sums,
)
from tandemplan.report.sureness import proof, stated_gap
from tandemplan.report.wording import NOTHING, counted, day, listed, money, number, percent, quantities
from tandemplan.results.shape import CLASSES, COSTS, DELIVERIES, DEMAND_SUMMARY, TASKS
from tandemplan.results.store import Run

LOST_REVENUE = ("lost revenue", "lost_revenue")


def has_plan(run: Run) -> bool:
    """Tell whether the run holds a plan, and not only the reason why there is none."""
    return CLASSES.name in run.tables


def five_lines(run: Run, programme: Programme) -> list[str]:
    """Return what is delivered to whom, by when, what never, at what cost, and what limits it and how surely.

    Each line is a word, a colon and a sentence. A run without a plan says why instead, in at most five lines.
    """
    if not has_plan(run):
        return _no_plan(run)
    return [
        _delivered(run, programme),
        _when(run, programme),
        _never(run, programme),
        _cost(run, programme),
        _limit(run, programme),
    ]


def plan_lines(run: Run, programme: Programme) -> list[str]:
    """Return the five lines and, below, the proof of each class and what the plan does not count yet."""
    lines = five_lines(run, programme)
    if not has_plan(run):
        return lines
    lines += _start_up(run, programme)
    classes = rows(run, CLASSES)
    for r in classes[:4]:
        lines.append(
            f"Class {r['demand_class']}: {number(r['late_unit_days'])} unit-days late; "
            f"value {number(r['value'])}, bound {number(r['bound'])}, gap {stated_gap(run, r['gap'])}."
        )
    lines += [f"Not counted: {note}" for note in run.info.get("notes", [])]
    return lines


def _no_plan(run: Run) -> list[str]:
    if run.info["status"] != "infeasible":
        reason = run.info.get("reason") or "stopped"
        return [f"No plan: the run ended before any plan was found ({reason})."]
    conflicts = run.info.get("conflicts", [])
    first = f"No plan: {counted(len(conflicts), 'limit')} cannot all be kept."
    return [first, *(f"Conflict: {c['text']}" for c in conflicts[:4])]


def _delivered(run: Run, programme: Programme) -> str:
    units, table = item_units(programme), rows(run, DEMAND_SUMMARY)
    parts = []
    for rank, who in class_names(run, programme).items():
        members = [r for r in table if r["demand_class"] == rank]
        parts.append(f"{who} {_got(members, units)}")
    if len(parts) == 1:
        return f"Delivered: {parts[0]}."
    return f"Delivered: {_got(table, units)}. In order of service: {'; '.join(parts)}."


def _got(members: list[Cells], units: dict[str, str]) -> str:
    asked = sums(members, "quantity", units)
    by_unit = [
        f"{number(got)} of {number(asked[unit])} {'units' if unit == 'each' else unit} ({percent(got, asked[unit])})"
        for unit, got in sorted(_served_by_unit(members, units).items())
    ]
    return listed(by_unit)


def _when(run: Run, programme: Programme) -> str:
    """Say when deliveries are made; where items are counted in several units, deliveries are counted instead of units."""
    table = [r for r in rows(run, DELIVERIES) if r["quantity"] > NOTHING]
    if not table:
        return "By when: Nothing is delivered."
    units = item_units(programme)
    one_unit = len({units.get(r["item"], "each") for r in table}) == 1
    size = (lambda r: r["quantity"]) if one_unit else (lambda _: 1.0)
    late = [r for r in table if r["late_days"] > 0]
    total, late_units = sum(map(size, table)), sum(map(size, late))
    span = f"First delivery {day(min(r['delivered'] for r in table))}, last {day(max(r['delivered'] for r in table))}"
    if late_units <= NOTHING:
        return f"By when: {span}; every delivery is on time."
    mean = sum(size(r) * r["late_days"] for r in late) / late_units
    share = f"{percent(total - late_units, total)} of {'it' if one_unit else 'deliveries'} on time"
    return (
        f"By when: {span}; {share}, the rest late by {counted(round(mean), 'day')} on average, "
        f"{number(max(r['late_days'] for r in late))} at most."
    )


def _never(run: Run, programme: Programme) -> str:
    table = [r for r in rows(run, DEMAND_SUMMARY) if r["lost"] > NOTHING]
    if not table:
        return "Never: Nothing that is asked for is lost."
    units, names, customers = item_units(programme), item_names(programme), customer_names(programme)
    pairs: dict[tuple[str, str], float] = {}
    for r in table:
        pairs[r["item"], r["customer"]] = pairs.get((r["item"], r["customer"]), 0.0) + r["lost"]
    worst = sorted(pairs.items(), key=lambda p: (-p[1], p[0]))
    words = [
        f"{number(lost)} × {names.get(item, item)}" + (f" for {customers.get(who, who)}" if who else "")
        for (item, who), lost in worst
    ]
    return f"Never: {quantities(sums(table, 'lost', units))} are not delivered: {listed(words, most=3, comma='; ')}."


def _cost(run: Run, programme: Programme) -> str:
    currency, table = programme.settings.currency, rows(run, COSTS)
    lost = sum(r["amount"] for r in table if r["term"] in LOST_REVENUE)
    spent = sorted((r for r in table if r["term"] not in LOST_REVENUE), key=lambda r: -r["amount"])
    total = sum(r["amount"] for r in spent)
    words = [f"{_term(r)} {money(r['amount'], currency)}" for r in spent if r["amount"] > 0]
    parts = f": {listed(words, most=4)}" if words else ""
    missed = f" Sales of {money(lost, currency)} are lost." if lost > 0 else ""
    return f"Cost: {money(total, currency)}{parts}.{missed}"


def _limit(run: Run, programme: Programme) -> str:
    holding = [x for x in limits(run, programme) if of_delivery(x)]
    if unfinished(run):
        said = "not known yet: the work ended before the first class of demand was planned"
    elif holding:
        first = holding[0]
        others = list(dict.fromkeys(x.subject for x in holding if x.subject != first.subject))
        second = f"; then {listed(others[:2])}" if others else ""
        said = f"{first.subject}, {first.span}{second}"
    elif any(r["late"] + r["lost"] > NOTHING for r in rows(run, DEMAND_SUMMARY)):
        said = "lead times and opening days; no single capacity would help"
    else:
        said = "nothing; every promise is kept"
    return f"Limit: {said[0].upper()}{said[1:]}. {proof(run)}"


def cost_kind(row: Cells) -> str:
    """Return whether a term of the cost is decided by the plan, given with the programme, or not spent at all."""
    return "not spent" if row["term"] in LOST_REVENUE else "decided" if row["decided"] else "given"


def unfinished(run: Run) -> bool:
    """Return whether the run ended before its first objective was solved to the end."""
    stages = (run.info.get("objective") or {}).get("stages", [])
    return bool(stages) and not stages[0].get("finished", True)


def _start_up(run: Run, programme: Programme) -> list[str]:
    table = rows(run, TASKS)
    if not table:
        return []
    last = max(table, key=lambda r: (r["end"], r["task"]))
    name = row_names(programme, Task).get(last["task"], last["task"])
    critical = sum(bool(r["critical"]) for r in table)
    return [
        f"Start-up: {counted(len(table), 'task')}, the last ({name}) done {day(last['end'])} at mean durations; {critical} critical."
    ]


def _served_by_unit(table: list[Cells], units: dict[str, str]) -> dict[str, float]:
    on_time, late = sums(table, "on_time", units), sums(table, "late", units)
    return {u: on_time[u] + late[u] for u in on_time}


def _term(row: dict[str, Any]) -> str:
    return str(row["term"]).replace("_", " ")
