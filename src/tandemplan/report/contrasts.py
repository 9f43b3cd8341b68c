"""The sections of the page of two runs: what differs comes first, what is alike lies folded below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tandemplan.model.differences import Change
from tandemplan.report.datatable import DataTable, columns, without
from tandemplan.report.differences import HeldDifference, Moved, limits_of_both, names_of_both
from tandemplan.report.facts import Limit, item_names, item_units, rows
from tandemplan.report.fared import NONE_SERVED, Served, names_of_classes, served
from tandemplan.report.figures.both import Side, costs_of_both, deliveries_of_both
from tandemplan.report.measures import MIXED, called, class_units, common, days_of, unit_of, worth_of
from tandemplan.report.phrases import column_of, column_words, row_unit, value_words
from tandemplan.report.section import Section
from tandemplan.report.wording import NOTHING, counted, measure, number
from tandemplan.results.shape import CLASSES

Rows = Sequence[tuple[Any, ...]]
MOVED_LEAD = (
    "Demands that are served otherwise in B: lost (fewer units delivered), gained, later or earlier, or asked for "
    "otherwise. The largest change of lateness comes first; less than a hundredth of a unit counts as rounding. Where a "
    "class can be served equally well in several ways, demands may change places without any gain or loss for the class."
)
LIMITS_LEAD = (
    "What holds back one plan and not the other, then what holds back both otherwise than before. Worth is what one more "
    "of a limit takes off, at most in any period: weighted lateness of the class that it holds back, or money where it "
    "holds back the cost."
)


def sections_of_both(first: Side, second: Side, changes: list[Change], moved: list[Moved]) -> tuple[Section, ...]:
    """Return the sections of the page of two runs that hold plans."""
    who = names_of_classes(first, second)
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
    drawn = (replace(curves, heading="By class"), replace(products, heading="By product"))
    costs = costs_of_both(first, second)
    return (
        input_section(second, changes),
        Section("deliveries", "What both deliver", "Deliveries", "", (*_classes(first, second), *drawn)),
        Section("moved", "Demands that move", "Demands", MOVED_LEAD, (_moved_table(first, second, moved),)),
        Section("limits", "Limits that came and went", "Limits", LIMITS_LEAD, _limits_tables(first, second)),
        Section("costs", costs.title, "Costs", costs.description, (costs,)),
    )


def input_section(side: Side, changes: list[Change]) -> Section:
    """Return the section of what differs between the programmes; `side` is B."""
    units, currency = item_units(side.programme), side.programme.settings.currency
    body = []
    for c in changes:
        column = column_of(c.table, c.column)
        unit = row_unit(side.programme, units, c.table, c.row)
        place = c.table.replace("_", " ")
        body.append(
            (
                f"{c.name} ({place} {c.row})" if c.name else f"{place} {c.row}".strip(),
                "the whole row" if c.column == "row" else column_words(c.column, column.unit if column else ""),
                *(t if c.column == "row" else value_words(column, t, currency, unit) for t in (c.first, c.second)),
                f"{c.table}, {c.column}",
            )
        )
    table = DataTable(
        "inputs",
        "",
        columns("of", "what", "A", "B", "table and column"),
        tuple(body),
        empty="Nothing: both programmes are the same, cell by cell.",
        shown=15,
    )
    return Section("input", "What changed in the input", "Input", "", (table,))


def _classes(first: Side, second: Side) -> tuple[DataTable, ...]:
    """Return what differs between the classes, and below it what is alike."""
    who = names_of_classes(first, second)
    body = [(rank, who.get(rank, ""), *cells) for rank, *cells in _service(first, second)]
    differ = [r for r in body if not _alike(r[-3], r[-2])]
    alike = [r for r in body if _alike(r[-3], r[-2])]
    heads = columns("class:number", "customers", "what", "unit", "A:number", "B:number", "difference:change")
    said = "All figures of all classes are the same in both."
    return _differing("classes", "Service by class", heads, (differ, alike), ("figure", said))


def _alike(one: float | None, two: float | None) -> bool:
    """Tell whether two figures differ by no more than rounding."""
    a, b = one or 0.0, two or 0.0
    return abs(b - a) < max(NOTHING, 1e-6 * max(abs(a), abs(b)))


def _service(first: Side, second: Side) -> list[tuple[Any, ...]]:
    """Return each figure of each class: class, what it is, its unit, A, B, difference."""
    one, two = (served(s) for s in (first, second))
    values = [{r["demand_class"]: r["value"] for r in rows(s.run, CLASSES)} for s in (first, second)]
    found: list[tuple[Any, ...]] = []
    for rank, unit in sorted({*one, *two}):
        a, b = (side.get((rank, unit), NONE_SERVED) for side in (one, two))
        found += [(rank, *cells) for cells in _figures(a, b, unit)]
    units = {**class_units(first.run, first.programme), **class_units(second.run, second.programme)}
    for rank in sorted({*values[0], *values[1]}):
        lateness = [v.get(rank) for v in values]
        change = (lateness[1] or 0.0) - (lateness[0] or 0.0)
        unit = f"weighted {days_of(units.get(rank, 'each'))}"
        found.append((rank, "lateness, weighted", unit, *lateness, change))
    return sorted(found, key=lambda f: f[0])


def _figures(a: Served, b: Served, unit: str) -> list[tuple[Any, ...]]:
    amounts, days = measure(unit), days_of(unit)
    named = (
        ("asked", amounts, "asked"), ("on time", amounts, "on_time"), ("late", amounts, "late"),
        ("never", amounts, "lost"), ("lateness", days, "late_days"),
    )  # fmt: skip
    return [(w, u, getattr(a, c), getattr(b, c), getattr(b, c) - getattr(a, c)) for w, u, c in named]


def _differing(
    name: str, title: str, heads: Any, bodies: tuple[Rows, Rows], words: tuple[str, str]
) -> tuple[DataTable, ...]:
    """Return a table of what differs and, folded below it, one of what is alike; `words` are a row and no difference."""
    differ, alike = bodies
    row, none = words
    lead = (
        f"{counted(len(differ), row)} of {len(differ) + len(alike):,} {'differs' if len(differ) == 1 else 'differ'}."
        if differ
        else ""
    )
    above = DataTable(name, title, heads, tuple(differ), lead=lead if title else "", empty=none, shown=15)
    below = DataTable(
        f"{name}-alike", f"{row.capitalize()}s that are the same in both", heads, tuple(alike), folded=True
    )
    return (above, below) if alike else (above,)


def _moved_table(first: Side, second: Side, moved: list[Moved]) -> DataTable:
    items, who = names_of_both(first, second)
    units = {**item_units(first.programme), **item_units(second.programme)}
    one = common(units.get(m.any_side["item"], "each") for m in moved)
    body = []
    for m in moved:
        r, a, b = m.any_side, m.first or {}, m.second or {}
        got = [s["on_time"] + s["late"] if s else None for s in (a, b)]
        body.append(
            (
                r["demand"], m.how, r["demand_class"], who.get(r["customer"], r["customer"]), items.get(r["item"], r["item"]), r["due"],
                measure(units.get(r["item"], "each")), a.get("quantity"), b.get("quantity"), *got, a.get("last_delivery"),
                b.get("last_delivery"), m.change("late_unit_days"),
            )
        )  # fmt: skip
    table = DataTable(
        "moved-table",
        "",
        columns(
            "demand", "how", "class:number", "customer", "item", "due:date", "unit", "asked:number:A", "asked:number:B",
            "delivered:number:A", "delivered:number:B", "last delivery:date:A", "last delivery:date:B",
            f"lateness:change:{days_of(one)}",
        ),
        tuple(body),
        empty="Every demand fares alike in both.",
        shown=15,
    )  # fmt: skip
    return table if one == MIXED else _headed(table, called(one))


def _headed(table: DataTable, unit: str) -> DataTable:
    """Return a table of one unit of measure: the headings of amounts say it instead of a column."""
    heads = [
        replace(c, unit=f"{c.unit}, {unit}") if c.name in ("asked", "delivered") and unit != "units" else c
        for c in table.columns
    ]
    return without(replace(table, columns=tuple(heads)), "unit")


def _limits_tables(first: Side, second: Side) -> tuple[DataTable, ...]:
    heads = columns(
        "limit", "change", "holds back", "periods:number:A", "periods:number:B", "worth of one more:number:A",
        "worth of one more:number:B", "worth is in", "demands hurt:number:A", "demands hurt:number:B",
    )  # fmt: skip
    found = limits_of_both(first, second)
    classes = {**class_units(first.run, first.programme), **class_units(second.run, second.programme)}
    bodies = ([x for x in found if not _unmoved(x)], [x for x in found if _unmoved(x)])
    differ, alike = ([_limit_cells(x, second, classes) for x in body] for body in bodies)
    none = "The same limits hold back both plans, alike." if alike else "No limit holds back either plan."
    return _differing("limits-table", "", heads, (differ, alike), ("limit", none))


def _limit_cells(x: HeldDifference, side: Side, classes: dict[int, str]) -> tuple[Any, ...]:
    a, b = x.first, x.second
    worth = f"{worth_of(x.limit, classes, side.programme.settings.currency)} per {unit_of(x.limit, side.programme)}"
    return (
        x.limit.subject, x.fate, x.limit.stage, a.periods if a else None, b.periods if b else None,
        a.worth if a else None, b.worth if b else None, worth, a.demands if a else None, b.demands if b else None,
    )  # fmt: skip


def _unmoved(x: HeldDifference) -> bool:
    """Tell whether a limit holds back both plans alike, in the figures that are shown."""
    return x.first is not None and x.second is not None and _told(x.first) == _told(x.second)


def _told(limit: Limit) -> tuple[int, str, int]:
    return limit.periods, number(limit.worth), limit.demands
