"""What is bought from whom over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Supplier
from tandemplan.report.buckets import Buckets, buckets, period_word
from tandemplan.report.drawing import Drawing, Key, Panel
from tandemplan.report.facts import Cells, row_names, rows
from tandemplan.report.strips import Course, strips
from tandemplan.report.wording import counted, money, number, percent
from tandemplan.results.shape import PURCHASES
from tandemplan.results.store import Run

MOST_ROWS = 12


def purchases(run: Run, programme: Programme) -> Drawing:
    """Return the cost of what each supplier delivers, by day of receipt, the largest suppliers first."""
    cut, table = buckets(programme), rows(run, PURCHASES)
    groups: dict[str, list[Cells]] = defaultdict(list)
    for r in table:
        groups[r["supplier"]].append(r)
    ranked = sorted(groups, key=lambda s: (-_spend(groups[s]), s))
    total, currency = _spend(table), programme.settings.currency
    panels = (_panel(table, groups, ranked, cut, programme),) if table else ()
    return Drawing(
        "What is bought from whom",
        f"{money(total, currency)} are spent with {counted(len(ranked), 'supplier')}."
        if table
        else "Nothing is bought.",
        panels,
        (Key("box", "total", "all suppliers together"), Key("box", "bar", "one supplier")) if table else (),
        note=f"Cost of goods received in each {_step(cut, programme)}, without carriage. Each row has its own scale: its highest bar is the most in a {_step(cut, programme)}."
        if table
        else "",
    )


def _panel(
    table: list[Cells], groups: dict[str, list[Cells]], ranked: list[str], cut: Buckets, programme: Programme
) -> Panel:
    currency, total = programme.settings.currency, _spend(table)
    places = supplier_places(programme)
    names = row_names(programme, Supplier)
    sums = {s: _by_bucket(groups[s], cut) for s in ranked}
    rest = [r for s in ranked[MOST_ROWS:] for r in groups[s]]
    whole = _by_bucket(table, cut)
    courses = [
        _course("All suppliers", counted(len(ranked), "supplier"), table, (whole, total, cut, currency), "total")
    ]
    for s in ranked[:MOST_ROWS]:
        where = places.get(s, "")
        below = ", ".join(w for w in (where, counted(len(groups[s]), "order")) if w)
        courses.append(
            _course(names.get(s, s) or "no supplier named", below, groups[s], (sums[s], total, cut, currency))
        )
    if rest:
        words = counted(len(ranked) - MOST_ROWS, "smaller supplier")
        courses.append(_course(words, counted(len(rest), "order"), rest, (_by_bucket(rest, cut), total, cut, currency)))
    header = ("supplier", "country", "orders", f"spend, {currency}", "share", *cut.labels)
    body = tuple(
        (
            names.get(s, s) or "no supplier named",
            places.get(s, ""),
            f"{len(groups[s]):,}",
            f"{_spend(groups[s]):,.0f}",
            percent(_spend(groups[s]), total),
            *(f"{v:,.0f}" for v in sums[s]),
        )
        for s in ranked
    )
    span = (cut.starts[0], cut.end)
    return strips(
        "", courses, (f"most in a {_step(cut, programme)}", f"spend, {currency}", "share"), span, (header, body)
    )


def _course(
    name: str, below: str, members: Sequence[Cells], about: tuple[list[float], float, Buckets, str], style: str = "bar"
) -> Course:
    sums, total, cut, currency = about
    spend = _spend(members)
    return Course(
        name,
        below,
        spans(sums, cut),
        max(sums),
        (f"{max(sums):,.0f}", f"{spend:,.0f}", percent(spend, total)),
        tuple(f"{name}, {words}: {number(v)} {currency}" for words, v in zip(cut.labels, sums, strict=True)),
        style,
    )


def spans(values: Sequence[float], cut: Buckets) -> tuple[tuple[date, date, float], ...]:
    """Return values by bucket with the first day and the end of each."""
    return tuple(zip(cut.starts, [*cut.starts[1:], cut.end], values, strict=True))


def supplier_places(programme: Programme) -> dict[str, str]:
    """Return the name of the country of each supplier, blank where it is not known."""
    table, names = programme[Supplier], row_names(programme, Country)
    return {str(k[0]): names.get(str(c), str(c)) for k, c in zip(table.keys, table.columns["country"], strict=True)}


def _step(cut: Buckets, programme: Programme) -> str:
    """Return what one bucket is called."""
    return period_word(programme) if cut.step == "period" else cut.step


def _by_bucket(members: Sequence[Cells], cut: Buckets) -> list[float]:
    sums = [0.0] * len(cut.starts)
    for r in members:
        sums[cut.of(r["receipt"])] += r["cost"]
    return sums


def _spend(members: Sequence[Cells]) -> float:
    return float(sum(r["cost"] for r in members))
