"""Why classes get nothing for which no limit is named: what their products need is wanted by the classes before them."""

from __future__ import annotations

import re

from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Offer, Operation
from tandemplan.report.buckets import period_starts, period_word
from tandemplan.report.facts import Limit, class_names, limits, rows, tightest
from tandemplan.report.wording import NOTHING, counted, listed
from tandemplan.results.shape import CLASSES, DEMAND_SUMMARY
from tandemplan.results.store import Run

MOST_NAMED = 2


def why_nothing(run: Run, programme: Programme) -> str:
    """Return why classes get nothing, in a sentence; blank where none does, or the tables do not tell why.

    Said is only what the tables hold: the class gets nothing, no limit is named for it, a limit of the classes before it
    is on hours or items that its products need too, and one more unit of that would serve those classes (its worth).
    """
    names, table = class_names(run, programme), rows(run, DEMAND_SUMMARY)
    held = limits(run, programme)
    reasons: dict[str, list[str]] = {}
    for r in rows(run, CLASSES):
        rank = r["demand_class"]
        if r["demanded"] <= NOTHING or r["on_time"] + r["late"] > NOTHING or any(_rank(x) == rank for x in held):
            continue
        need = _needs(programme, {d["item"] for d in table if d["demand_class"] == rank})
        before = [x for x in held if 0 < _rank(x) < rank and _object(x, programme) in need]
        if before:
            who = f"class {rank} ({names[rank]})" if names[rank] != f"class {rank}" else names[rank]
            reasons.setdefault(_said(before, run, programme), []).append(who)
    return " ".join(f"Nothing is left for {listed(who)}: {reason}" for reason, who in reasons.items())


def _said(before: list[Limit], run: Run, programme: Programme) -> str:
    full = {a["resource"]: a["full"] for a, _ in tightest(run, count=10_000)}
    whole = counted(len(period_starts(programme)[0]), period_word(programme))
    first = {(x.family, x.name): x for x in reversed(before)}
    names = []
    for x in [x for x in before if first[x.family, x.name] is x][:MOST_NAMED]:
        hours = x.family == "hours" and full.get(x.name)
        names.append(f"{x.subject}, {f'full in {full[x.name]}' if hours else f'a limit in {x.periods}'} of {whole}")
    return f"what that takes is wanted by earlier classes, which could use still more of it, above all {'; and '.join(names)}."


def _rank(limit: Limit) -> int:
    """Return the class that a limit holds back, 0 for stock and cost."""
    found = re.match(r"class (\d+)", limit.stage)
    return int(found[1]) if found else 0


def _object(limit: Limit, programme: Programme) -> str:
    """Return the resource or item that a limit is on; blank for other limits."""
    if limit.family == "offers":
        return next((str(o.item) for o in programme[Offer].rows() if o.offer == limit.name), "")
    return limit.name.partition("@")[0] if limit.family in ("hours", "balance") else ""


def _needs(programme: Programme, items: set[str]) -> set[str]:
    """Return items, all their components at any depth, and the resources that work on any of them."""
    found, new = set(items), set(items)
    lines = [(str(line.parent), str(line.component)) for line in programme[BomLine].rows()]
    while new:
        new = {component for parent, component in lines if parent in new} - found
        found |= new
    work = [o for o in programme[Operation].rows() if o.item in found]
    return found | {str(name) for o in work for name in (o.work_centre, o.skill, o.tool) if name}
