"""What a plan would be otherwise, in words and as rows: with another source believed, or without a decision that is pinned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tandemplan.explain.split import MICRO
from tandemplan.explain.variants import FAULTY, NO_PLAN, UNREAD, Effect
from tandemplan.model.programme import Programme
from tandemplan.report.splits import effect_words
from tandemplan.report.wording import listed

CLAIMS = "Numbers worth checking: the plan with each claim that contradicts the programme, the largest effect first."
PINS = "What pinned decisions do: the plan without each of them, less the plan with it."
FARE = ("late_unit_days", "lost")


def effect_lines(found: Sequence[Effect], programme: Programme) -> list[str]:
    """Return each alternative in a line, with what it changes."""
    return [f"  {_about(e)}: {_said(e, programme)}." for e in found] or ["  There is none."]


def effect_rows(found: Sequence[Effect], programme: Programme) -> list[dict[str, Any]]:
    """Return each alternative as a row, with its rank, what becomes of it, and the amounts that change."""
    return [
        {
            "rank": i, "name": e.variant.name, "subject": e.variant.subject, "by": e.variant.by,
            "table": e.variant.cell[0], "key": e.variant.cell[1], "column": e.variant.cell[2], "now": e.variant.now,
            "then": e.variant.then, "outcome": e.outcome, "changes": _said(e, programme), "demands": _hurt(e),
            "amounts": [
                {"what": what, "kind": kind, "name": name, "unit": unit, "amount": value / MICRO}
                for (what, kind, name, unit), value in e.values.items()
            ],
        }
        for i, e in enumerate(found, 1)
    ]  # fmt: skip


def _about(effect: Effect) -> str:
    v = effect.variant
    table, key, column = v.cell
    by = f" ({v.by})" if v.by else ""
    if column == "row":
        return f"Without {v.name}{by}, {v.now}"
    if table == "options":
        return f"Without {v.name}, chosen on {v.now}"
    subject = f" on the {v.subject}" if v.subject else ""
    return f"{v.name}{by}{subject}: {table}[{key}].{column} {v.now or 'blank'} → {v.then}"


def _said(effect: Effect, programme: Programme) -> str:
    if effect.outcome == FAULTY:
        return f"not planned, as the programme has faults then{': ' + effect.variant.fault.rstrip('.') if effect.variant.fault else ''}"
    if effect.outcome in (UNREAD, NO_PLAN):
        return "no plan hangs on it" if effect.outcome == UNREAD else "there is no plan"
    words = effect_words(effect.values, programme.settings.currency)
    hurt = _hurt(effect)
    return f"{words}{f'; it moves {listed(hurt, most=3)}' if hurt else ''}"


def _hurt(effect: Effect) -> list[str]:
    """Return the demands that fare otherwise, those that move most first."""
    moved: dict[str, int] = {}
    for (what, kind, name, _), value in effect.values.items():
        if kind == "demand" and what in FARE:
            moved[name] = max(moved.get(name, 0), abs(value))
    return sorted((n for n, v in moved.items() if v >= MICRO * 1e-2), key=lambda n: (-moved[n], n))
