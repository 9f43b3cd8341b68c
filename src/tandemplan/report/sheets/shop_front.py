"""The first sheet of a schedule's workbook as lines, and the numbers behind its charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.facts import rows
from tandemplan.report.figures.shop_load import courses
from tandemplan.report.lot_listings import late_demands, said_moment, who_of
from tandemplan.report.schedule_page import changed_schedule, proof_words, schedule_headline, schedule_identity
from tandemplan.report.scheduled import class_words
from tandemplan.report.sheets.chart_data import MOST_LOADS, MOST_SERVED, Block, summed
from tandemplan.report.sheets.front import (
    Entry,
    Shown,
    about,
    assembled,
    band,
    card_lines,
    charts_of,
    contents,
    heading,
    sentence_lines,
    shown,
)
from tandemplan.report.sheets.grid import FIRST, LAST, Cell, Line, text_height
from tandemplan.report.wording import NOTHING, day, number, percent
from tandemplan.results.schedule_shapes import CLASSES, DELIVERIES, DEMAND_SUMMARY
from tandemplan.results.store import Run
from tandemplan.schedule.open_time import days_of

MOST_LATE = 20
LEAD = "What is asked for and delivered to each class, summed up day by day; hours of the busiest work centres."


def shop_lines(
    run: Run, programme: Programme, why: dict[str, str], entries: Sequence[Entry], charts: Sequence[Shown]
) -> list[Line]:
    """Return the lines of the first sheet of a schedule; `why` says of late demands why they wait."""
    first, end = days_of(run, programme)
    name = programme.settings.name or "Factory"
    facts = [
        "Schedule of a factory, to the second",
        f"{day(first)} to {day(end - timedelta(days=1))}",
        *(f"scenario: {s}" for s in run.info.get("scenarios", [])),
        proof_words(run),
    ]
    head = [band(name, "title", 38), band("   ·   ".join(facts), "subtitle", 22)]
    top = schedule_headline(run, programme)
    said = [
        ("In short", top.sentence),
        *((f"Class {c['demand_class']}", class_words(c)) for c in rows(run, CLASSES)[:6]),
    ]
    parts = [
        sentence_lines(said, changed_schedule(run)),
        _cards(run),
        _classes(run, programme),
        _late(run, why),
        charts_of(charts, LEAD) if charts else [],
        contents(entries),
        about(run, schedule_identity(run)),
    ]
    return assembled(head, parts)


def _cards(run: Run) -> list[Line]:
    table, late = rows(run, CLASSES), late_demands(run)
    asked, kept, lost, days = (sum(c[n] for c in table) for n in ("demanded", "on_time", "lost", "late_unit_days"))
    return card_lines(
        [
            ("asked for, units", asked, shown(asked, "card")),
            ("on time, units", kept, shown(kept, "card")),
            ("on time, of what is asked for", percent(kept, asked), "card"),
            ("late demands", len(late), "card warm" if late else "card"),
            ("unit-days late", days, shown(days, "card warm" if days > NOTHING else "card")),
            ("never delivered, units", lost, shown(lost, "card warm" if lost > NOTHING else "card")),
        ]
    )


def _classes(run: Run, programme: Programme) -> list[Line]:
    who = who_of(run, programme)
    words = ("class", "who", "demanded", "on time", "late", "lost", "lost at least", "unit-days late", "bound", "gap")
    columns = (FIRST, FIRST + 1, *range(5, LAST + 1))
    found = [heading("Classes of demand, in order of service", "Classes"), _head(words, columns, 4)]
    for r in rows(run, CLASSES):
        numbers = [r[n] for n in ("demanded", "on_time", "late", "lost", "lost_bound", "late_unit_days", "bound")]
        cells = (
            Cell(FIRST, r["demand_class"], "left"), Cell(FIRST + 1, who.get(r["demand_class"], ""), "wrapped", 4),
            *(Cell(c, round(v, 1), shown(round(v, 1), "number")) for c, v in zip(columns[2:], numbers, strict=False)),
            Cell(LAST, "unproven" if run.changed else r["gap"], "percent"),
        )  # fmt: skip
        found.append(Line(cells, text_height(who.get(r["demand_class"], ""), FIRST + 1, 4)))
    return found


def _late(run: Run, why: dict[str, str]) -> list[Line]:
    """Return the demands that wait, class by class, the worst first, with their reasons."""
    late = late_demands(run)
    if not late:
        return []
    more = f": the first {MOST_LATE} of {len(late):,}" if len(late) > MOST_LATE else ""
    found = [heading(f"Late and never delivered{more}", "Late")]
    for r in late[:MOST_LATE]:
        parts = [f"class {r['demand_class']}, due {said_moment(r['due'])}"]
        parts += [f"{number(r['late'])} of {number(r['quantity'])} late by {number(r['late_unit_days'] / r['late'])} days on average, the last on {said_moment(r['last_delivery'])}"] if r["late"] > NOTHING else []  # fmt: skip
        parts += [f"{number(r['lost'])} never delivered"] if r["lost"] > NOTHING else []
        text = "; ".join(parts) + "." + (f" {why[r['demand']]}" if r["demand"] in why else "")
        cells = (Cell(FIRST, r["demand"], "word"), Cell(FIRST + 1, text, "wrapped", LAST))
        found.append(Line(cells, text_height(text, FIRST + 1)))
    return found


def _head(words: Sequence[str], columns: Sequence[int], wide: int) -> Line:
    cells = (
        Cell(c, w, "column" if i < 2 else "column right", wide if i == 1 else 0)
        for i, (c, w) in enumerate(zip(columns, words, strict=True))
    )
    return Line(tuple(cells), 32)


def shop_blocks(run: Run, programme: Programme) -> list[Block]:
    """Return the numbers of the charts of a schedule: each class as it is served, and the busiest work centres."""
    return [b for b in [*_served(run, programme), *_loads(run, programme)] if b.rows]


def _served(run: Run, programme: Programme) -> list[Block]:
    asked: dict[int, list[tuple[date, float]]] = defaultdict(list)
    got: dict[int, list[tuple[date, float]]] = defaultdict(list)
    for r in rows(run, DEMAND_SUMMARY):
        asked[r["demand_class"]].append((_day(r["due"]), r["quantity"]))
    for r in rows(run, DELIVERIES):
        got[r["demand_class"]].append((_day(r["delivered"]), r["quantity"]))
    (first, end), who, found = days_of(run, programme), who_of(run, programme), []
    last = max([end, *(d + timedelta(days=1) for points in asked.values() for d, _ in points)])
    marks = [first + timedelta(days=n) for n in range((last - first).days)]
    for rank in sorted(asked)[:MOST_SERVED]:
        wanted, delivered = summed(asked[rank], marks), summed(got[rank], marks)
        name = f"Class {rank}" + (f", {who[rank]}" if rank in who else "")
        title = f"{name}: {number(delivered[-1])} of {number(wanted[-1])} units ({percent(delivered[-1], wanted[-1])})"
        table = tuple(zip(marks, wanted, delivered, strict=True))
        found.append(Block("served", title, "units, summed up", ("up_to", "asked_for", "delivered"), table))
    return found


def _loads(run: Run, programme: Programme) -> list[Block]:
    busiest, cut = courses(run, programme)
    word = {"period": "day", "week": "week", "month": "month"}[cut.step]
    return [
        Block(
            "load", f"{c.name}: {percent(sum(c.used), max(sum(c.hours), NOTHING))} used", f"hours per {word}", ("from", "hours open", "hours used"),
            tuple(zip(cut.starts, (round(h, 6) for h in c.hours), (round(u, 6) for u in c.used), strict=True)),
        )
        for c in busiest[:MOST_LOADS]
    ]  # fmt: skip


def _day(moment: Any) -> date:
    """Return the day that a moment ends: midnight belongs to the day before."""
    return (moment - timedelta(seconds=1)).date()  # type: ignore[no-any-return]
