"""The page of a schedule: what is late and by how much, orders on stations, loads, materials."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.datatable import DataTable, dense
from tandemplan.report.facts import rows
from tandemplan.report.figures.gantt import drawn
from tandemplan.report.figures.shop_load import courses, shop_load
from tandemplan.report.figures.shop_service import by_class
from tandemplan.report.gantt import Gantt, GanttPart, data_of, gantt_of
from tandemplan.report.headline import Headline, Tile
from tandemplan.report.identity import REPRODUCIBLE_WORDS
from tandemplan.report.lot_listings import (
    bars_table,
    late_demands,
    late_table,
    materials,
    orders_table,
    served_classes,
    who_of,
)
from tandemplan.report.scheduled import class_words, schedule_lines
from tandemplan.report.section import Section
from tandemplan.report.waited import reasons_of
from tandemplan.report.wording import EXACT, NOTHING, counted, day, gap_text, listed, number, percent
from tandemplan.results.schedule_shapes import CLASSES, DEMAND_SUMMARY, ORDERS
from tandemplan.results.store import Run
from tandemplan.schedule.open_time import days_of


def schedule_content(run: Run, programme: Programme) -> dict[str, Any]:
    """Return what stands on the page of a schedule."""
    first, end = days_of(run, programme)
    found = gantt_of(run, programme)
    return {
        "kind": "Schedule of a factory, to the second",
        "title": f"{programme.settings.name or 'Factory'}: schedule from {day(first)}",
        "name": programme.settings.name or "Factory",
        "chips": [
            f"{day(first)} to {day(end - timedelta(days=1))}",
            counted(sum(not r["part_of"] for r in rows(run, ORDERS)), "order"),
            proof_words(run),
            *(f"scenario: {s}" for s in run.info.get("scenarios", [])),
        ],
        "warnings": [w for w in [changed_schedule(run)] if w],
        "top": schedule_headline(run, programme),
        "why": None,
        "sections": _sections(run, programme, found),
        "notes": run.info.get("notes", []),
        "left_title": "this schedule",
        "about_title": "this schedule",
        "foot": schedule_identity(run),
    }


def changed_schedule(run: Run) -> str:
    """Return what must be said first of a schedule whose files were changed; blank where they were not."""
    if not run.changed:
        return ""
    return f"Changed after the schedule: {listed(run.changed, most=20)}. Nothing of it is proved; tandemplan audit, with its folder, tells what does not agree."


def schedule_identity(run: Run) -> list[tuple[str, str]]:
    """Return what identifies a schedule, as words and texts."""
    info = run.info
    programme = info.get("programme", {})
    said = (
        ("Schedule", str(info.get("run", ""))),
        ("Programme", f"{programme.get('name', '')}, digest {programme.get('digest', '')}"),
        ("Changes", "; ".join(info.get("changes", []))),
        ("Options", ", ".join(f"{n.replace('_', ' ')} {v}" for n, v in info.get("options", {}).items() if v is not None)),
        ("Versions", ", ".join(f"{n} {v}" for n, v in info.get("versions", {}).items())),
        ("Ended by", str(info.get("reason", ""))),
        ("Tables", changed_schedule(run) or "as the schedule wrote them, by their digests; tandemplan audit checks them against the programme and each other"),
        ("Reproducible", REPRODUCIBLE_WORDS[bool(info.get("reproducible"))]),
    )  # fmt: skip
    return [(name, text) for name, text in said if text]


def proof_words(run: Run) -> str:
    """Return how good a schedule is, in a few words."""
    gap = max((c["gap"] for c in rows(run, CLASSES)), default=0.0)
    if run.changed:
        return "changed, not proved"
    return (
        "proved best" if gap < EXACT and run.info["status"] == "optimal" else f"gap of a class at most {gap_text(gap)}"
    )


def schedule_headline(run: Run, programme: Programme) -> Headline:
    """Return the first class that waits in one sentence, large figures, and how each class is served."""
    classes, who = rows(run, CLASSES), who_of(run, programme)
    if not classes:
        return Headline("Nothing is asked for.", (), ())
    waits = next((c for c in classes if c["late"] > NOTHING or c["lost"] > NOTHING), None)
    asked, kept = (sum(c[n] for c in classes) for n in ("demanded", "on_time"))
    if waits is None:
        sentence = (
            f"All of it is in time: {number(asked)} units for {counted(len(rows(run, DEMAND_SUMMARY)), 'demand')}."
        )
    else:
        of = who.get(waits["demand_class"])
        sentence = (
            f"{percent(kept, asked)} of {number(asked)} units are in time; the first class that waits is class {waits['demand_class']}"
            f"{f' ({of})' if of else ''}: {percent(waits['on_time'], waits['demanded'])} in time."
        )
    asked_of = [(f"How is class {c['demand_class']} served?", class_words(c)) for c in classes[:6]]
    if len(classes) > 6:
        asked_of.append(("And the others?", f"{counted(len(classes) - 6, 'class')} more stand in the table below."))
    late = late_demands(run)
    if late:
        asked_of.append(("Who waits longest?", " ".join(w.strip() for w in schedule_lines(run) if w.startswith("  "))))
    return Headline(sentence, _tiles(run, programme, asked, kept), tuple(asked_of))


def _tiles(run: Run, programme: Programme, asked: float, kept: float) -> tuple[Tile, ...]:
    late, summary, orders = late_demands(run), rows(run, DEMAND_SUMMARY), rows(run, ORDERS)
    days = sum(r["late_unit_days"] for r in late)
    bound = sum(c["bound"] for c in rows(run, CLASSES))
    found, _ = courses(run, programme)
    tiles = [
        Tile("In time", percent(kept, asked), f"of {number(asked)} units; {len(summary) - len(late):,} of {counted(len(summary), 'demand')} wholly", "good" if not late else "bad"),
        Tile("Late demands", f"{len(late):,}", f"{number(days)} unit-days late, at least {number(bound)} in any schedule" if late else "nobody waits", "bad" if late else "good"),
        Tile("Orders", f"{sum(not r['part_of'] for r in orders):,}", ", ".join(f"{n:,} {w}" for w, n in _kinds(orders) if n)),
    ]  # fmt: skip
    lost = sum(r["lost"] for r in late)
    if lost > NOTHING:
        tiles.insert(2, Tile("Never delivered", number(lost), "units by their latest moment", "bad"))
    if found:
        busy = found[0]
        tiles.append(
            Tile("Busiest work centre", busy.name, f"works {percent(sum(busy.used), sum(busy.hours))} of its open time, full on {counted(busy.full, 'day')}")
        )  # fmt: skip
    return tuple(tiles)


def _kinds(orders: list[dict[str, Any]]) -> list[tuple[str, int]]:
    words = {"make": "made", "buy": "bought", "move": "moved", "deliver": "delivered"}
    return [(w, sum(r["kind"] == k and not r["part_of"] for r in orders)) for k, w in words.items()]


def _sections(run: Run, programme: Programme, found: Gantt) -> tuple[Section, ...]:
    picture, load = drawn(found), shop_load(run, programme)
    part = GanttPart(
        "gantt-chart", "Orders on work centres", picture, data_of(found), bars_table(found),
        any(not r.station for r in found.rows) and any(r.station for r in found.rows),
    )  # fmt: skip
    late = late_table(run, programme, reasons_of(run, programme))
    made = (
        Section("served", "How demands are served", "Service", "", (served_classes(run, programme), by_class(run, programme))),
        Section("gantt", "Orders on work centres", "Gantt", f"{picture.description.partition('.')[0]}. Each bar is an order on a station, with the change of set-up before it; grey is shut.", (part,)),
        Section("late", "Late and never delivered", "Late", "Class by class, the worst first.", (late,)),
        Section("load", load.title, "Load", load.description, (load,)),
        Section("materials", "Materials", "Materials", "What comes and goes of each item, and the least that ever lies there.", (materials(run, programme),)),
        Section("orders", "Orders", "Orders", "", (orders_table(run, programme, found),)),
    )  # fmt: skip
    tidy = (replace(s, parts=tuple(dense(p) if isinstance(p, DataTable) else p for p in s.parts)) for s in made)
    return tuple(s for s in tidy if s.parts)
