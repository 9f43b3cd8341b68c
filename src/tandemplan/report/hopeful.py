"""Where a plan was too hopeful, by the schedule of its next weeks, in a few lines."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tandemplan.report.wording import day, listed
from tandemplan.results.schedule_shapes import CAPACITY_FACTORS, TARGETS
from tandemplan.results.store import Run

MOST = 8  # resources and weeks that are named
TINY = 1e-6
KINDS = {
    "production": ("starts of production", "done by the end of their period"),
    "receipt": ("receipts", "worked off by the end of their period"),
    "move": ("moves", "there on their day"),
    "dispatch": ("dispatches", "sent on their day"),
    "delivery": ("deliveries", "made on their day"),
}


def near_lines(run: Run) -> tuple[str, ...]:
    """Return what of a plan fits, by kind of target, where it was too hopeful, and what came of each round."""
    targets, rows = run.rows(TARGETS), run.rows(CAPACITY_FACTORS)
    planned, late, waiting = (sum(r[n] for r in rows) for n in ("planned_hours", "late_hours", "waiting_hours"))
    worst = sorted((r for r in rows if r["behind_hours"] > TINY), key=_harm)
    return (
        f"Plan {run.info['plan']}, from {run.info['from']} until {run.info['until']}:",
        *(f"  {_kind_line(kind, [t for t in targets if t['kind'] == kind])}" for kind in KINDS if _any(targets, kind)),
        f"Hours: {planned:,.1f} planned, {late:,.1f} of them ({_share(late, planned)}) not done in their period, {waiting:,.1f} for want of goods{_missing(targets)}.",
        *(f"  {_factor_line(r)}" for r in worst[:MOST]),
        *([f"  and {len(worst) - MOST:,} more, in capacity_factors.csv."] if len(worst) > MOST else []),
        *(_round_line(r) for r in run.info.get("rounds", [])),
    )


def _missing(targets: list[dict[str, Any]]) -> str:
    """Return the goods that most starts waited for."""
    counts = Counter(t["waited_for"] for t in targets if t["waited_for"])
    most = sorted(counts, key=lambda item: (-counts[item], item))
    return f" ({listed([f'{item} in {counts[item]}' for item in most])})" if most else ""


def _any(targets: list[dict[str, Any]], kind: str) -> bool:
    return any(t["kind"] == kind for t in targets)


def _harm(row: dict[str, Any]) -> tuple[Any, ...]:
    return -round(row["behind_hours"], 6), row["period_start"], row["kind"], row["resource"]


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole > 0 else "0 %"


def _kind_line(kind: str, targets: list[dict[str, Any]]) -> str:
    what, when = KINDS[kind]
    whole = sum(t["in_time"] >= t["quantity"] - TINY for t in targets)
    asked, in_time = (sum(t[n] for t in targets) for n in ("quantity", "in_time"))
    return f"{whole:,} of {len(targets):,} {what} are {when}, {_share(in_time, asked)} of their units."


def _factor_line(r: dict[str, Any]) -> str:
    return (
        f"{r['resource']} ({r['kind']}), {day(r['period_start'])}: {r['behind_hours']:,.1f} hours behind of {r['planned_hours']:,.1f} planned "
        f"and {r['available_hours']:,.1f} available; factor {r['factor']:.2f}."
    )


def _round_line(r: dict[str, Any]) -> str:
    which = "As planned" if r["round"] == 0 else f"Round {r['round']}"
    waits = ", ".join(f"{d:,.1f}" for d in r["late_unit_days"])
    kept = "; kept." if r["kept"] else "."
    return f"{which}: {r['hours_in_time']:,.1f} hours done in their period, {r['hours_late']:,.1f} not; customers wait {waits or 'no'} unit-days by class{kept}"
