"""The briefing of a re-plan, on one page: what happened, who waits, what to do today, and what moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tandemplan.model.programme import Programme
from tandemplan.report.drawing import standalone
from tandemplan.report.facts import item_names, rows
from tandemplan.report.figures.moved import moved
from tandemplan.report.wording import counted, day, number
from tandemplan.results.shape import CLASSES, DEMAND_SUMMARY
from tandemplan.results.store import Run

AHEAD = 14  # days from the day of a re-plan in which something is to be done now
MOST = 8  # lines under one heading
FIRST = 4  # changes that are named where none is near
LEAST = 1e-4  # units that count
WORDS = {"purchases": "order", "production": "start", "moves": "dispatch", "deliveries": "delivery"}


def briefing_lines(run: Run, base: Run, programme: Programme) -> list[str]:
    """Return the briefing as lines of text: headings, and below each at most eight lines."""
    found = [title(run, base, programme)]
    for heading, lines in parts(run, base, programme):
        found += [f"{heading}:", *(f"  {line}" for line in lines)]
    return found


def briefing_page(run: Run, base: Run, programme: Programme) -> str:
    """Return the briefing as one HTML page, which asks nothing of the network."""
    environment = Environment(
        loader=PackageLoader("tandemplan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    content = {
        "title": title(run, base, programme),
        "parts": parts(run, base, programme),
        "picture": standalone(moved(run, programme)) if run.info.get("replan", {}).get("changes") else "",
        "foot": f"{run.info['run']}, from {base.info['run']}",
    }
    return environment.get_template("briefing.html").render(content)


def title(run: Run, base: Run, programme: Programme) -> str:
    """Return what happened, by the names of the overlays, and on which day."""
    said = run.info["options"].get("as_of")
    same = run.info["programme"]["digest"] == base.info["programme"]["digest"]
    unnamed = "No new facts" if same else "New facts"
    what = "; ".join(programme.scenarios[len(base_scenarios(run)) :]) or unnamed
    return f"{what}: as of {day(date.fromisoformat(said))}" if said else what


def base_scenarios(run: Run) -> Sequence[str]:
    """Return the overlays that the plan before had already."""
    return tuple(run.info.get("replan", {}).get("scenarios", ()))


def parts(run: Run, base: Run, programme: Programme) -> list[tuple[str, list[str]]]:
    """Return the headings of a briefing, each with its lines."""
    if "replan" not in run.info:
        return [("No plan", [f"{run.info['reason']}."])]
    said = run.info["replan"]
    limits = [f"{limit}." for limit in said["limits"][:MOST]] or ["No limit is broken by the plan before."]
    moved = (
        f"{counted(said['orders_moved'], 'order')} moved, {number(said['units_moved'])} units by {number(said['moved_unit_days'])} unit-days; "
        f"{number(said['frozen_units'])} units of frozen orders could not stay."
    )
    return [
        ("What no longer holds", limits),
        ("Who waits", _waits(run, base)),
        ("What to do today", _today(said, programme)),
        ("What moved", [moved if said["orders_moved"] else "Nothing moved.", *_offered(said.get("offer"))]),
    ]


def _offered(offer: dict[str, Any] | None) -> list[str]:
    """Return what is said of a better plan that was not taken."""
    if offer is None:
        return []
    values = [f"{s['stage']} {number(s['better'])} instead of {number(s['value'])}" for s in offer["stages"]]
    first = f"A better plan is there, and was not taken: {', '.join(values)} unit-days of lateness"
    return [f"{first}, for orders moved by {number(offer['moved_unit_days'])} unit-days. `replan --improve` takes it."]


def _waits(run: Run, base: Run) -> list[str]:
    """Return the customers who wait longer than before, or less, and the classes."""
    lines = []
    before, after = (_by_customer(r) for r in (base, run))
    for (rank, customer), (late, lost) in sorted(after.items()):
        was_late, was_lost = before.get((rank, customer), (0.0, 0.0))
        if abs(late - was_late) > LEAST or abs(lost - was_lost) > LEAST:
            lines.append(
                f"{customer} (class {rank}): {number(late)} units late ({number(was_late)} before), {number(lost)} lost ({number(was_lost)} before)."
            )
    values = {r["demand_class"]: r["value"] for r in rows(base, CLASSES)}
    for r in rows(run, CLASSES):
        if abs(r["value"] - values.get(r["demand_class"], 0.0)) > 1e-3:
            lines.append(
                f"Class {r['demand_class']}: value {number(r['value'])}, {number(values.get(r['demand_class'], 0.0))} before."
            )
    return lines[:MOST] or ["Nobody waits longer than before."]


def _by_customer(run: Run) -> dict[tuple[int, str], tuple[float, float]]:
    found: dict[tuple[int, str], tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for r in rows(run, DEMAND_SUMMARY):
        late, lost = found[r["demand_class"], r["customer"]]
        found[r["demand_class"], r["customer"]] = (late + r["late"], lost + r["lost"])
    return found


def _today(said: dict[str, Any], programme: Programme) -> list[str]:
    """Return what moved within the next days, the largest movements first; where nothing did, what moves first."""
    if said["as_of"] is None:
        return ["The re-plan has no day: give one with --as-of."]
    orders = sorted(
        (min(d for d in (c["from_date"], c["to_date"]) if d), -c["unit_days"], c["way"], k)
        for k, c in enumerate(said["changes"])
        if c["table"] != "deliveries"
    )
    until = (date.fromisoformat(said["as_of"]) + timedelta(days=AHEAD)).isoformat()
    near = [said["changes"][k] for first, _, _, k in orders if first < until]
    if near:
        near = sorted(near, key=lambda c: (-c["unit_days"], c["way"], c["from_date"]))
        return _told(near[:MOST], programme, len(near) - MOST)
    if not orders:
        return ["Nothing."]
    first = orders[0][0]
    next_ones = [said["changes"][k] for when, _, _, k in orders if when == first]
    words = f"Nothing before {day(date.fromisoformat(first))}. Then:"
    return [words, *_told(next_ones[:FIRST], programme, len(next_ones) - FIRST)]


def _told(changes: Sequence[dict[str, Any]], programme: Programme, left: int) -> list[str]:
    """Return a line for each change, and one for those that are `left`."""
    names = item_names(programme)
    lines = []
    for c in changes:
        word = WORDS[c["table"]]
        what = f"{number(c['quantity'])} of {names.get(c['item'], c['item'])} ({c['way']})"
        if not c["to_date"]:
            lines.append(f"Cancel the {word} of {what} for {c['from_date']}.")
        elif not c["from_date"]:
            lines.append(f"New {word} of {what} for {c['to_date']}.")
        else:
            how = "Expedite" if c["to_date"] < c["from_date"] else "Defer"
            lines.append(f"{how} the {word} of {what} from {c['from_date']} to {c['to_date']}.")
    more = [f"And {counted(left, 'smaller change')}; `replan.changes` in run.json lists all."] if left > 0 else []
    return [*lines, *more]
