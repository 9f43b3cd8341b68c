"""What to do today in words: actions as rows of their table, in lines, and as a section of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tandemplan.explain.actions import CANCEL, DEFER, EARLIER, EXPEDITE, GONE, LATER, NEW, Action, Slip
from tandemplan.explain.decisions import DECIDE, DRAW, OBTAIN, QUALIFY, RELEASE, START
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Option, Skill, Task
from tandemplan.report.altered import said_changes
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import item_names, item_units, row_names
from tandemplan.report.section import Section
from tandemplan.report.wording import counted, day, listed, measure, money, number

Rows = list[dict[str, Any]]
FEW = 15  # actions that the shell tells
FIRM = {"firm": "it is firm, so ask the supplier", "pinned": "it is pinned", "movable": "it may be moved"}
FOLLOWS = "nothing of its own: it follows from other changes"
LEAD = (
    "What is to be done in the first weeks, the most pressing first. The last safe day of an action is the last on which it can be done with no "
    "delivery later than planned, all else as planned; harm is what a week more does."
)


def action_rows(found: Sequence[Action], programme: Programme) -> Rows:
    """Return actions as rows of the table `actions`."""
    return [_row(i, a, programme) for i, a in enumerate(found, 1)]


def action_lines(found: Sequence[Action], programme: Programme) -> list[str]:
    """Return the most pressing actions in lines, and how many there are beside them."""
    if not found:
        return ["Nothing is to be done in these days."]
    lines = [_line(r, a, programme) for r, a in zip(action_rows(found[:FEW], programme), found, strict=False)]
    more = len(found) - FEW
    return [*lines, *([f"And {counted(more, 'action')} more: see --json, or the page."] if more > 0 else [])]


def actions_section(found: Sequence[Action], programme: Programme) -> Section:
    """Return the section of the page that says what is to be done."""
    heads = columns("do:text", "by:date", "planned:date", "why", "a week late", "class:text")
    body = [
        (_deed(a, programme), a.last_safe, a.decision.planned, r["reason"], r["harm"], str(r["demand_class"] or ""))
        for a, r in zip(found, action_rows(found, programme), strict=True)
    ]
    return Section(
        "actions", "What to do first", "To do", LEAD, (DataTable("actions-table", "", heads, tuple(body), shown=12),)
    )


def _row(rank: int, action: Action, programme: Programme) -> dict[str, Any]:
    decision, need, slip = action.decision, action.need, action.slip
    return {
        "rank": rank, "action": action.action, "what": decision.what, "name": decision.name, "item": decision.item,
        "site": decision.site, "quantity": round(decision.quantity, 6), "planned": decision.planned, "last_safe": action.last_safe,
        "reason": _reason(action), "harm": _harm(action), "demand_class": need.demand_class, "units": round(need.units, 6),
        "before": slip.before if slip else None, "slip": slip.how if slip else "", "slip_days": slip.days if slip else 0,
        "why": _why(slip, programme),
    }  # fmt: skip


def _line(row: dict[str, Any], action: Action, programme: Programme) -> str:
    by = f"by {day(action.last_safe)}" if action.last_safe else f"planned {day(action.decision.planned)}"
    harm = f" A week late: {row['harm']}." if row["harm"] else ""
    slip = f" {_slipped(action.slip)}; {row['why']}." if action.slip and row["why"] else ""
    return f"{row['rank']:>3}  {by}: {_deed(action, programme)}: {row['reason']}.{harm}{slip}"


def _deed(action: Action, programme: Programme) -> str:
    """Return an action as an order to somebody, without its days."""
    d = action.decision
    units, items = item_units(programme), item_names(programme)
    amount = f"{number(d.quantity)} {measure(units.get(d.item, 'each'), d.quantity)} of {items.get(d.item, d.item)}"
    where = f" at {d.site}" if d.site else ""
    if action.action in (EXPEDITE, DEFER, CANCEL):
        return f"{action.action} {d.name} ({amount}{where}, promised {day(d.planned)})"
    if action.action == RELEASE:
        verb = {"purchase": "order", "production": "start", "move": "send"}[d.what]
        to = f" to {d.site}" if d.what == "move" and d.site else where
        return f"{verb} {amount}{to} ({d.name}, {d.detail})"
    if action.action == DECIDE:
        return _decided(action, programme)
    if action.action == OBTAIN:
        return f"ask for {d.name}{f' for {d.detail}' if d.detail else ''}"
    if action.action == DRAW:
        return f"draw {money(d.quantity, programme.settings.currency)} of {d.name} ({d.detail})"
    if action.action == START:
        return f"start {row_names(programme, Task).get(d.name, d.name)} ({d.name})"
    return f"qualify {d.name}"


def _decided(action: Action, programme: Programme) -> str:
    d = action.decision
    if d.what == "option":
        return f"choose {row_names(programme, Option).get(d.name, d.name)} ({d.name})"
    if d.what == "shifts":
        return f"announce the shifts {d.detail} at {d.site}"
    if d.what == "people":
        return f"recruit {number(d.quantity)} of {row_names(programme, Skill).get(d.name, d.name)} ({d.name})"
    return f"order {number(d.quantity)} {d.what} of {d.name}"


def _reason(action: Action) -> str:
    d, need = action.decision, action.need
    if action.action == CANCEL:
        return f"nothing that is delivered needs it, and it is left at the end; {FIRM[d.detail]}"
    if action.action == DEFER:
        return f"it lies {counted(int(need.slack), 'day')} before it is taken on {day(need.needed)}; {FIRM[d.detail]}"
    if action.action == EXPEDITE:
        many = len(need.late) > 1
        who = f"{_named(need.late)} {'wait for more, and take' if many else 'waits for more, and takes'}"
        return f"{who} it on the day it comes; `explain` says whether it helps"
    if d.waits:
        when = f", first on {day(need.needed)}" if need.needed else ""
        return (
            f"{_named(need.demands)} {'need' if len(need.demands) > 1 else 'needs'} it{when}"
            if need.demands
            else f"no delivery needs it{when}"
        )
    return _why_decided(d.action, d.serves, action.last_safe, d.planned)


def _why_decided(action: str, serves: str, last_safe: date | None, planned: date) -> str:
    if action == DECIDE:
        return f"{serves} is worse without it" if serves else "what the plan does with it begins then"
    if last_safe is None:
        return "nothing in the plan waits for it"
    spare = (last_safe - planned).days
    room = f"{counted(spare, 'day')} later than planned moves nothing" if spare else "there is no room"
    return {DRAW: f"money runs short in the period after that without it: {room}", QUALIFY: room}.get(
        action, f"the plan uses what waits for it: {room}"
    )


def _harm(action: Action) -> str:
    need = action.need
    if not need.demands or action.action in (DEFER, CANCEL, EXPEDITE):
        return ""
    who = f"{_named(need.demands)}, class {need.demand_class}{' first' if len(need.demands) > 1 else ''}"
    return f"up to {number(need.units)} units wait ({who})"


def _named(demands: Sequence[str]) -> str:
    return listed(demands, most=2) or "nobody"


def _slipped(slip: Slip) -> str:
    if slip.how == NEW:
        return "New against the plan before"
    if slip.how == GONE:
        return f"Gone: the plan before had it on {day(slip.before)}"
    return f"{counted(abs(slip.days), 'day')} {slip.how} than in the plan before"


def _why(slip: Slip | None, programme: Programme) -> str:
    """Return what in the input moved an action, blank where it did not move."""
    if slip is None or slip.how not in (NEW, GONE, LATER, EARLIER):
        return ""
    return said_changes(slip.changes, programme).rstrip(".") if slip.changes else FOLLOWS
