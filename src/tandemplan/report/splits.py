"""A difference of two plans split by cause, in words, as a section of the page, and as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tandemplan.explain.split import MICRO, PLANNING, SHAPLEY, Cause, Measure, Part, Split
from tandemplan.model.programme import Programme
from tandemplan.report.altered import said_changes
from tandemplan.report.datatable import Column, DataTable, columns, signed
from tandemplan.report.measures import days_of
from tandemplan.report.section import Section
from tandemplan.report.wording import NOTHING, counted, listed, measure, money

ORDER_WORDS = "one change after another, in the order of the tables"
SHARED_WORDS = "the mean over all orders of the changes (Shapley's value)"
LEAD = (
    "What each change of the input does, {}. Each set of changes is planned anew, and the parts add up to the difference "
    "exactly. Parts within the gap of the plans mean nothing."
)


def cause_words(cause: Cause, programme: Programme) -> str:
    """Return a cause in words; `programme` is that of the second run.

    >>> from tandemplan.model.programme import Programme
    >>> from tandemplan.model.schema import Settings
    >>> cause_words(Cause(), Programme(Settings(), {}))
    'How A was planned (its options, or the versions of the programs)'
    """
    if cause.table == PLANNING:
        return "How A was planned (its options, or the versions of the programs)"
    said = said_changes(cause.changes, programme).rstrip(".")
    return f"{said[0].upper()}{said[1:]}"


def split_lines(split: Split, programme: Programme) -> list[str]:
    """Return the parts in lines, one for each cause; `programme` is that of the second run."""
    currency = programme.settings.currency
    lines = [f"  {cause_words(p.cause, programme)}: {effect_words(p.values, currency)}." for p in split.parts]
    took = f"{counted(split.plans, 'plan')} in between took {split.seconds:.1f} s"
    return [f"Split by cause, {_method(split)}; the parts add up exactly, {took}:", *(lines or ["  Nothing differs."])]


def split_rows(split: Split, programme: Programme) -> list[dict[str, Any]]:
    """Return the parts as rows: the cause, its number, what is measured of whom in what unit, and the amount."""
    return [
        {"part": i, "cause": cause_words(p.cause, programme), "what": what, "kind": kind, "name": name, "unit": unit}
        | {"amount": value / MICRO}
        for i, p in enumerate(split.parts, 1)
        for (what, kind, name, unit), value in p.values.items()
    ]


def split_section(split: Split, programme: Programme) -> Section:
    """Return the section of the page of two runs that says what did what."""
    tables = (_by_class(split, programme), _by_demand(split, programme))
    return Section("split", "What did what", "Causes", LEAD.format(_method(split)), tables)


def _method(split: Split) -> str:
    return SHARED_WORDS if split.method == SHAPLEY else ORDER_WORDS


def _delivered(values: Mapping[Measure, int], rank: str, unit: str) -> float:
    return sum(values.get((what, "class", rank, unit), 0) for what in ("on_time", "late")) / MICRO


def _late(values: Mapping[Measure, int], rank: str, unit: str) -> float:
    return values.get(("late_unit_days", "class", rank, unit), 0) / MICRO


def _classes(parts: tuple[Part, ...]) -> list[tuple[str, str]]:
    """Return the classes, by rank and unit, of which something changes, in order."""
    found = {(k[2], k[3]) for p in parts for k in p.values if k[1] == "class" and k[3]}
    return sorted(found, key=lambda c: (int(c[0]), c[1]))


def effect_words(values: Mapping[Measure, int], currency: str) -> str:
    """Return what changes, class by class, and what is spent."""
    words = []
    for rank, unit in _classes((Part(Cause(), values),)):
        got, days = _delivered(values, rank, unit), _late(values, rank, unit)
        said = [f"{signed(got)} {measure(unit, got)}"] if abs(got) >= NOTHING else []
        said += [f"{signed(days)} {days_of(unit)} of lateness"] if abs(days) >= NOTHING else []
        words += [f"class {rank} {' and '.join(said)}"] if said else []
    spent = values.get(("cost", "all", "", currency), 0) / MICRO
    if abs(spent) >= 0.005:
        words.append(f"{'+' if spent > 0 else '−'}{money(abs(spent), currency)}")
    return listed(words, most=8, comma="; ") or "changes nothing that is counted"


def _by_class(split: Split, programme: Programme) -> DataTable:
    classes, currency = _classes(split.parts), programme.settings.currency
    heads = [Column(f"class {rank}: {measure(unit)} delivered", "change") for rank, unit in classes]
    heads += [Column(f"class {rank}: {days_of(unit)} late", "change") for rank, unit in classes]
    heads.append(Column("cost", "change", currency))

    def cells(values: Mapping[Measure, int]) -> tuple[float, ...]:
        spent = values.get(("cost", "all", "", currency), 0) / MICRO
        return (*(_delivered(values, *c) for c in classes), *(_late(values, *c) for c in classes), spent)

    body = [(cause_words(p.cause, programme), *cells(p.values)) for p in split.parts]
    total: dict[Measure, int] = {}
    for p in split.parts:
        for key, value in p.values.items():
            total[key] = total.get(key, 0) + value
    body.append(("All together: the difference", *cells(total)))
    return DataTable("split", "By cause", (Column("change of the input"), *heads), tuple(body), shown=20)


def _by_demand(split: Split, programme: Programme) -> DataTable:
    body = [
        (name, cause_words(p.cause, programme), p.values.get(("lost", "demand", name, unit), 0) / MICRO, days, unit)
        for p in split.parts
        for name, unit in sorted({(k[2], k[3]) for k in p.values if k[1] == "demand"})
        if abs(days := p.values.get(("late_unit_days", "demand", name, unit), 0) / MICRO) >= NOTHING
    ]
    body.sort(key=lambda r: (-abs(r[3]), r[0]))
    heads = columns("demand", "change of the input", "lost:change", "amount-days late:change", "unit")
    return DataTable("split_demands", "By demand and cause", heads, tuple(body), folded=True)
