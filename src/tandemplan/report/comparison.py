"""The page of two runs: what changed in the input, who gains and who loses, what holds back now, at what cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.buckets import span_words
from tandemplan.report.datatable import DataTable, columns, signed
from tandemplan.report.differences import (
    Change,
    Moved,
    input_changes,
    limits_of_both,
    moved_demands,
    names_of_both,
)
from tandemplan.report.facts import class_names, item_names, item_units, rows, sums
from tandemplan.report.figures.both import Side, costs_of_both, deliveries_of_both
from tandemplan.report.headline import Headline, Tile, holding_back, isolated, spending
from tandemplan.report.identity import identity
from tandemplan.report.page import render
from tandemplan.report.sections import Section
from tandemplan.report.summary import five_lines, has_plan
from tandemplan.report.sureness import proof, warning
from tandemplan.report.wording import NOTHING, counted, listed, measure, money, number, quantities
from tandemplan.results.shape import CLASSES, DEMAND_SUMMARY
from tandemplan.results.store import Run


def comparison(run: Run, programme: Programme, other: Run, other_programme: Programme) -> str:
    """Return the page that compares two runs as HTML text: `run` is A, what `other` is measured against, B."""
    first, second = sides(run, programme, other, other_programme)
    changes = input_changes(programme, other_programme)
    planned = has_plan(run) and has_plan(other)
    moved = moved_demands(first, second) if planned else []
    return render(
        {
            "kind": "Two plans of a joint production programme compared",
            "title": f"{first.name} against {second.name}: {programme.settings.name}",
            "name": " and ".join(dict.fromkeys([programme.settings.name, other_programme.settings.name])),
            "chips": [f"{s.letter}: {s.name}" for s in (first, second)] + [span_words(programme)],
            "warnings": [f"{s.letter}: {warning(s.run)}" for s in (first, second) if s.run.changed],
            "top": _headline(first, second, changes, moved) if planned else _unplanned(first, second, changes),
            "conflicts": [f"{s.letter}: {c['text']}" for s in (first, second) for c in s.run.info.get("conflicts", [])],
            "sections": _sections(first, second, changes, moved) if planned else (_inputs(changes),),
            "notes": _notes(first, second),
            "about_title": "these runs",
            "foot": [(f"{s.letter}: {name}", text) for s in (first, second) for name, text in identity(s.run)],
        }
    )


def _notes(first: Side, second: Side) -> list[str]:
    """Return what the plans leave out: what both do, then what only one does, under its letter."""
    a, b = (list(s.run.info.get("notes", [])) for s in (first, second))
    both = [n for n in a if n in b]
    return [*both, *(f"A: {n}" for n in a if n not in both), *(f"B: {n}" for n in b if n not in both)]


def comparison_lines(run: Run, programme: Programme, other: Run, other_programme: Programme) -> list[str]:
    """Return the comparison of two runs in a few lines: what differs in sum, in the input, and for each class."""
    first, second = sides(run, programme, other, other_programme)
    changes = input_changes(programme, other_programme)
    if not (has_plan(run) and has_plan(other)):
        return [_unplanned(first, second, changes).sentence, f"Input: {_said_changes(changes)}"]
    return [_sentence(first, second), f"Input: {_said_changes(changes)}", f"Classes: {_by_class(first, second)}"]


def sides(run: Run, programme: Programme, other: Run, other_programme: Programme) -> tuple[Side, Side]:
    """Return two runs as the sides of a comparison."""
    names = side_names(run, other)
    return Side("A", names[0], run, programme), Side("B", names[1], other, other_programme)


def side_names(run: Run, other: Run) -> tuple[str, str]:
    """Return what two runs are called: by their scenarios, or by their ids where these are the same."""
    found = [" and ".join(r.info.get("scenarios", [])) or "no scenario" for r in (run, other)]
    if found[0] == found[1]:
        found = [str(r.info.get("run", "")) for r in (run, other)]
    if found[0] == found[1]:
        found = ["the first run", "the second run"]
    return found[0], found[1]


def _unplanned(first: Side, second: Side, changes: list[Change]) -> Headline:
    said = [
        f"{s.letter} ({s.name}) {'holds a plan' if has_plan(s.run) else 'holds none: ' + five_lines(s.run, s.programme)[0].partition(': ')[2]}"
        for s in (first, second)
    ]
    return Headline(
        " ".join(f"{w.rstrip('.')}." for w in said), (), (("What changed in the input?", _said_changes(changes)),)
    )


def _headline(first: Side, second: Side, changes: list[Change], moved: list[Moved]) -> Headline:
    tiles = (
        _delivered(first, second),
        _never(first, second),
        _lateness(first, second),
        _moved(moved),
        _cost(first, second),
        _changed(changes),
    )
    answers = (
        ("What is compared?", f"A: {first.name}, {_digest(first)}. B: {second.name}, {_digest(second)}."),
        ("What changed in the input?", _said_changes(changes)),
        ("Who loses, who gains?", _by_class(first, second)),
        ("What holds B back?", f"{holding_back(second.run, second.programme)} {_limits_changed(first, second)}"),
        ("How sure is this?", f"A: {proof(first.run)} B: {proof(second.run)}"),
    )  # fmt: skip
    return Headline(_sentence(first, second), tiles, answers)


def _digest(side: Side) -> str:
    return f"digest {str(side.run.info.get('programme', {}).get('digest', ''))[:12]}"


def delivered(side: Side) -> dict[str, float]:
    """Return units delivered by unit of measure."""
    table, units = rows(side.run, DEMAND_SUMMARY), item_units(side.programme)
    asked, lost = sums(table, "quantity", units), sums(table, "lost", units)
    return {measure(u): asked[u] - lost[u] for u in asked}


def _sentence(first: Side, second: Side) -> str:
    a, b = delivered(first), delivered(second)
    parts = []
    for unit in sorted({*a, *b}):
        one, two = a.get(unit, 0.0), b.get(unit, 0.0)
        less = f"{number(abs(two - one))} {unit} {'more' if two > one else 'fewer'} than A"
        parts.append(
            f"{less} ({number(two)} against {number(one)})"
            if abs(two - one) >= 0.5
            else f"as many {unit} as A ({number(two)})"
        )
    spent = [spending(s.run)[0] for s in (first, second)]
    dearer, currency = spent[1] - spent[0], second.programme.settings.currency
    cost = f"{money(abs(dearer), currency)} {'more' if dearer > 0 else 'less'}" if abs(dearer) >= 0.5 else "the same"
    late = _late_days(second) - _late_days(first)
    waits = f" and waits {number(abs(late))} unit-days {'more' if late > 0 else 'less'}" if abs(late) >= 0.5 else ""
    return f"With {second.name} (B) against {first.name} (A): B delivers {listed(parts)}, costs {cost}{waits}."


def _late_days(side: Side) -> float:
    return float(sum(r["late_unit_days"] for r in rows(side.run, CLASSES)))


def _delivered(first: Side, second: Side) -> Tile:
    a, b = delivered(first), delivered(second)
    change = {u: b.get(u, 0.0) - a.get(u, 0.0) for u in sorted({*a, *b})}
    words = "; ".join(f"A {number(a.get(u, 0.0))}, B {number(b.get(u, 0.0))} {u}" for u in change)
    return Tile("Delivered", _changes(change), words, _tone(sum(change.values())))


def _changes(change: dict[str, float]) -> str:
    real = {u: v for u, v in change.items() if abs(v) >= 0.05}
    return ", ".join(f"{signed(v)} {u}" for u, v in real.items()) or "the same"


def _tone(gain: float) -> str:
    return "good" if gain >= 0.05 else "bad" if gain <= -0.05 else ""


def _never(first: Side, second: Side) -> Tile:
    lost = [sums(rows(s.run, DEMAND_SUMMARY), "lost", item_units(s.programme)) for s in (first, second)]
    change = {measure(u): lost[1].get(u, 0.0) - lost[0].get(u, 0.0) for u in sorted({*lost[0], *lost[1]})}
    words = f"A {quantities({u: v for u, v in lost[0].items() if v > NOTHING})}, B {quantities({u: v for u, v in lost[1].items() if v > NOTHING})}"
    return Tile("Never delivered", _changes(change), words, _tone(-sum(change.values())))


def _lateness(first: Side, second: Side) -> Tile:
    days = [_late_days(s) for s in (first, second)]
    change = days[1] - days[0]
    words = f"A {number(days[0])}, B {number(days[1])} unit-days"
    return Tile("Lateness", f"{signed(change)} unit-days" if abs(change) >= 0.05 else "the same", words, _tone(-change))


def _moved(moved: list[Moved]) -> Tile:
    counts = Counter(m.how for m in moved)
    words = listed([f"{n:,} {w}" for w, n in counts.most_common()], most=6) or "every demand fares alike"
    return Tile("Demands that move", f"{len(moved):,}", words)


def _cost(first: Side, second: Side) -> Tile:
    spent, currency = [spending(s.run)[0] for s in (first, second)], second.programme.settings.currency
    change = spent[1] - spent[0]
    words = f"A {money(spent[0], currency)}, B {money(spent[1], currency)}"
    figure = f"{'+' if change > 0 else '−'}{money(abs(change), currency)}" if abs(change) >= 0.5 else "the same"
    return Tile("Cost", figure, words)


def _changed(changes: list[Change]) -> Tile:
    tables = Counter(c.table for c in changes)
    words = listed([f"{n} in {t}" for t, n in tables.most_common()]) or "the programmes are the same"
    return Tile("Input cells that differ", f"{len(changes):,}", words)


def _said_changes(changes: list[Change]) -> str:
    """Return the changes row by row, the first few of them."""
    if not changes:
        return "Nothing: both programmes are the same."
    groups: dict[tuple[str, str, str], list[str]] = {}
    for c in changes:
        groups.setdefault((c.table, c.row, c.name), []).append(_turns(c))
    words = [f"{_row_words(*where)}: {listed(turns, most=4)}" for where, turns in groups.items()]
    return f"{listed(words, most=3, comma='; ')}."


def _row_words(table: str, row: str, name: str) -> str:
    place = f"{table} {row}".strip()
    return f"{name} ({place})" if name else place


def _turns(change: Change) -> str:
    if change.column == "row":
        return "added" if change.second == "present" else "taken away"
    return f"{change.column} {change.first or 'blank'} → {change.second or 'blank'}"


def _by_class(first: Side, second: Side) -> str:
    who = {**class_names(first.run, first.programme), **class_names(second.run, second.programme)}
    one, two = ({r["demand_class"]: r for r in rows(s.run, CLASSES)} for s in (first, second))
    parts = []
    for rank in sorted({*one, *two}):
        a, b = one.get(rank, {}), two.get(rank, {})
        got = sum(b.get(c, 0.0) - a.get(c, 0.0) for c in ("on_time", "late"))
        days = b.get("late_unit_days", 0.0) - a.get("late_unit_days", 0.0)
        words = "as before"
        if abs(got) >= 0.05 or abs(days) >= 0.05:
            words = f"{signed(got) if abs(got) >= 0.05 else '±0'} units delivered, {signed(days) if abs(days) >= 0.05 else '±0'} unit-days of lateness"
        parts.append(f"Class {rank}, {isolated(who.get(rank, ''))}: {words}")
    return f"{'; '.join(parts)}."


def _limits_changed(first: Side, second: Side) -> str:
    counts = Counter(x.fate for x in limits_of_both(first, second))
    return f"{counted(counts['new in B'], 'limit')} came, {counts['gone in B']} went, {counts['in both']} stay."


def _sections(first: Side, second: Side, changes: list[Change], moved: list[Moved]) -> tuple[Section, ...]:
    who = {**class_names(first.run, first.programme), **class_names(second.run, second.programme)}
    items = {**item_names(first.programme), **item_names(second.programme)}
    curves = deliveries_of_both(
        first,
        second,
        lambda r: r["demand_class"],
        lambda c: f"Class {c}: {who.get(c, '')}",
        "Deliveries of both, by class",
    )
    products = deliveries_of_both(
        first, second, lambda r: r["item"], lambda i: items.get(i, i), "Deliveries of both, by product"
    )
    curves, products = replace(curves, heading="By class"), replace(products, heading="By product")
    costs = costs_of_both(first, second)
    return (
        _inputs(changes),
        Section("deliveries", "What both deliver", "Deliveries", "", (_classes(first, second), curves, products)),
        Section("moved", "Demands that move", "Demands", MOVED_LEAD, (_moved_table(first, second, moved),)),
        Section("limits", "Limits that came and went", "Limits", "What holds back one plan and not the other, then what holds back both.", (_limits_table(first, second),)),
        Section("costs", costs.title, "Costs", costs.description, (costs,)),
    )  # fmt: skip


MOVED_LEAD = (
    "Demands that are served otherwise in B: lost (fewer units delivered), gained, later or earlier, or asked for "
    "otherwise. The largest change of lateness comes first; less than a hundredth of a unit counts as rounding. Where a "
    "class can be served equally well in several ways, demands may change places without any gain or loss for the class."
)


def _inputs(changes: list[Change]) -> Section:
    table = DataTable(
        "inputs",
        "",
        columns("table", "row", "name", "column", "A", "B"),
        tuple((c.table, c.row, c.name, c.column, c.first, c.second) for c in changes),
        empty="Nothing: both programmes are the same, cell by cell.",
        shown=15,
    )
    return Section("input", "What changed in the input", "Input", "", (table,))


MEASURES = (("asked, units", "demanded"), ("on time, units", "on_time"), ("late, units", "late"), ("never, units", "lost"), ("lateness, unit-days", "late_unit_days"), ("weighted lateness", "value"))  # fmt: skip


def _classes(first: Side, second: Side) -> DataTable:
    who = {**class_names(first.run, first.programme), **class_names(second.run, second.programme)}
    one, two = ({r["demand_class"]: r for r in rows(s.run, CLASSES)} for s in (first, second))
    body: list[tuple[Any, ...]] = []
    for rank in sorted({*one, *two}):
        for words, column in MEASURES:
            a, b = (t.get(rank, {}).get(column) for t in (one, two))
            body.append((rank, who.get(rank, ""), words, a, b, (b or 0.0) - (a or 0.0)))
    return DataTable(
        "classes", "Service by class", columns("class:number", "customers", "what", "A:number", "B:number", "difference:change"), tuple(body), shown=36
    )  # fmt: skip


def _moved_table(first: Side, second: Side, moved: list[Moved]) -> DataTable:
    items, who = names_of_both(first, second)
    body = []
    for m in moved:
        r, a, b = m.any_side, m.first or {}, m.second or {}
        got = [s["on_time"] + s["late"] if s else None for s in (a, b)]
        body.append(
            (
                r["demand"], m.how, r["demand_class"], who.get(r["customer"], r["customer"]), items.get(r["item"], r["item"]), r["due"],
                a.get("quantity"), b.get("quantity"), got[0], got[1], a.get("last_delivery"), b.get("last_delivery"),
                m.change("late_unit_days"),
            )
        )  # fmt: skip
    return DataTable(
        "moved-table",
        "",
        columns(
            "demand", "how", "class:number", "customer", "item", "due:date", "asked:number:A", "asked:number:B", "delivered:number:A",
            "delivered:number:B", "last delivery:date:A", "last delivery:date:B", "lateness:change:unit-days",
        ),
        tuple(body),
        empty="Every demand fares alike in both.",
        shown=15,
    )  # fmt: skip


def _limits_table(first: Side, second: Side) -> DataTable:
    body = []
    for x in limits_of_both(first, second):
        a, b = x.first, x.second
        body.append(
            (
                x.limit.subject, x.fate, x.limit.stage, a.periods if a else None, b.periods if b else None,
                a.worth if a else None, b.worth if b else None, a.demands if a else None, b.demands if b else None,
            )
        )  # fmt: skip
    return DataTable(
        "limits-table",
        "",
        columns(
            "limit", "change", "holds back", "periods:number:A", "periods:number:B", "worth of one more:number:A",
            "worth of one more:number:B", "demands hurt:number:A", "demands hurt:number:B",
        ),
        tuple(body),
        empty="No limit holds back either plan.",
        shown=15,
    )  # fmt: skip
