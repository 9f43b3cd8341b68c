"""Two runs in one picture: what they deliver over time, and what they cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.axes import Frame, round_top
from tandemplan.report.buckets import horizon
from tandemplan.report.chart import Point, at, axes, cumulative, marks_of, shown_end, steps
from tandemplan.report.datatable import signed
from tandemplan.report.drawing import Drawing, Key, Panel, Row, label, path, tag
from tandemplan.report.facts import Cells, item_units, rows
from tandemplan.report.summary import LOST_REVENUE
from tandemplan.report.summary import term_words as words
from tandemplan.report.wording import NOTHING, measure, number
from tandemplan.results.shape import COSTS, DELIVERIES, DEMAND_SUMMARY
from tandemplan.results.store import Run

WIDTH, ROOM, SPAN, STEP = 1060.0, 190.0, 420.0, 46.0
MOST_PANELS = 12


@dataclass(frozen=True)
class Side:
    """One of two runs that are compared: its letter, what it is called, and the run."""

    letter: str
    name: str
    run: Run
    programme: Programme


def deliveries_of_both(
    first: Side, second: Side, group: Callable[[Cells], Any], name: Callable[[Any], str], title: str
) -> Drawing:
    """Return what both runs deliver over time, apart for each group of demands and unit of measure."""
    span = tuple(
        f(*days)
        for f, days in zip(
            (min, max), zip(horizon(first.programme), horizon(second.programme), strict=True), strict=True
        )
    )
    sums = [_series(side, group) for side in (first, second)]
    keys = sorted({k for asked, got in sums for k in (*asked, *got)})
    panels = tuple(
        _panel(
            name(key),
            unit,
            [(a[key, unit], g[key, unit]) for a, g in sums],
            (span[0], span[1]),
        )
        for key, unit in keys[:MOST_PANELS]
    )
    return Drawing(
        title,
        "; ".join(f"{p.title}: {p.subtitle}" for p in panels),
        panels,
        (
            Key("line", "dashed", "asked for, by due day"),
            Key("line", "solid", f"A: {first.name}"),
            Key("line", "other", f"B: {second.name}"),
        ),
        columns=3,
        note="Where both are asked for different amounts, those of B are drawn."
        if any(_asked_differently(sums, k) for k in keys)
        else "",
    )


Series = dict[tuple[Any, str], list[Point]]


def _series(side: Side, group: Callable[[Cells], Any]) -> tuple[Series, Series]:
    units = item_units(side.programme)
    asked: Series = defaultdict(list)
    got: Series = defaultdict(list)
    for r in rows(side.run, DEMAND_SUMMARY):
        asked[group(r), units.get(r["item"], "each")].append((r["due"], r["quantity"]))
    for r in rows(side.run, DELIVERIES):
        if r["quantity"] > NOTHING:
            got[group(r), units.get(r["item"], "each")].append((r["delivered"], r["quantity"]))
    return asked, got


def _asked_differently(sums: list[tuple[Series, Series]], key: tuple[Any, str]) -> bool:
    return sorted(sums[0][0][key]) != sorted(sums[1][0][key])


def _panel(title: str, unit: str, sides: list[tuple[list[Point], list[Point]]], span: tuple[date, date]) -> Panel:
    (asked_a, a), (asked_b, b) = [(cumulative(x), cumulative(y)) for x, y in sides]
    asked = asked_b or asked_a
    total_a, total_b, total = (s[-1][1] if s else 0.0 for s in (a, b, asked))
    end = shown_end(span[1], a, b, asked)
    top, step = round_top(max(total_a, total_b, total, *(v for _, v in asked_a[-1:])))
    frame = Frame(span[0], end, top)
    called = measure(unit, total)
    marks = axes(frame, step, f"{measure(unit)}, summed up") + "".join(
        tag("path", class_=style, d=path(steps(frame, series)))
        for style, series in (("dashed", asked), ("solid", a), ("other", b))
    )
    table: list[Row] = []
    track = []
    for mark, when in marks_of((span[0], end)):
        row = [at(s, mark) for s in (asked_a, asked_b, a, b)]
        if any(row):
            track.append(frame.x(mark))
            table.append((when, *map(number, row), signed(row[3] - row[2])))
    said = f"A {number(total_a)}, B {number(total_b)} of {number(total)} {called} ({signed(total_b - total_a)})"
    if signed(total_b - total_a) == signed(0):
        said = f"both {number(total_b)} of {number(total)} {called}"
    elif asked_a and asked_b and abs(asked_b[-1][1] - asked_a[-1][1]) >= 0.5:
        said = (
            f"A {number(total_a)} of {number(asked_a[-1][1])}, B {number(total_b)} of {number(total)} {called} "
            f"({signed(total_b - total_a)})"
        )
    header = ("up to", "asked for, A", "asked for, B", "delivered, A", "delivered, B", "difference")
    return Panel(title, said, said, frame.width, frame.height, marks, header, tuple(table), track=tuple(track))


def costs_of_both(first: Side, second: Side) -> Drawing:
    """Return the terms of the cost of both runs side by side."""
    sides = [{str(r["term"]): r for r in rows(s.run, COSTS)} for s in (first, second)]
    terms = [t for t in dict.fromkeys([*sides[0], *sides[1]]) if any(s.get(t, {}).get("amount") for s in sides)]
    pairs = {t: tuple(float(s.get(t, {}).get("amount", 0.0)) for s in sides) for t in terms}
    spent = [t for t in terms if t not in LOST_REVENUE]
    spent.sort(key=lambda t: -max(map(abs, pairs[t])))
    totals = tuple(sum(pairs[t][i] for t in spent) for i in (0, 1))
    order = [*((words({"term": t}), pairs[t], "") for t in spent), ("total cost", totals, "strong")]
    order += [(words({"term": t}) + ", not in the cost", pairs[t], "") for t in terms if t in LOST_REVENUE]
    most = max((abs(v) for _, pair, _ in order for v in pair), default=0.0) or 1.0
    currency = second.programme.settings.currency
    parts = [
        label(x, 12, h, "end")
        for x, h in zip(_COLUMNS, (f"A, {currency}", f"B, {currency}", "difference"), strict=True)
    ]
    parts += [f'<g transform="translate(0 {20 + i * STEP:g})">{_row(*o, most)}</g>' for i, o in enumerate(order)]
    body = tuple((n, f"{a:,.2f}", f"{b:,.2f}", signed(b - a)) for n, (a, b), _ in order)
    said = (
        f"A costs {number(totals[0])} {currency}, B {number(totals[1])} {currency} ({signed(totals[1] - totals[0])})."
    )
    header = ("term", f"A, {currency}", f"B, {currency}", "difference")
    panel = Panel("", "", said, WIDTH, 24 + STEP * len(order), "".join(parts), header, body, least=820)
    keys = (Key("box", "bar", f"A: {first.name}"), Key("box", "second", f"B: {second.name}"))
    return Drawing("Costs side by side", said, (panel,) if len(order) > 1 else (), keys)


_COLUMNS = (ROOM + SPAN + 170, ROOM + SPAN + 310, WIDTH)


def _row(name: str, pair: tuple[float, ...], style: str, most: float) -> str:
    parts = [
        tag("path", class_="rule", d=f"M0,{STEP:g} H{WIDTH:g}"),
        label(0, 28, name[:1].upper() + name[1:], style or "ink", ROOM - 30, size=12.5),
    ]
    for i, (letter, value, shape) in enumerate(zip("AB", pair, ("bar", "second"), strict=True)):
        y = 8 + i * 16
        wide = round(max(SPAN * abs(value) / most, 0.5), 1)
        parts.append(label(ROOM - 8, y + 11, letter, "end small"))
        parts.append(tag("rect", class_=shape, x=ROOM, y=y, width=wide, height=14))
        parts.append(label(_COLUMNS[i], 28, f"{value:,.0f}", f"end {style or 'ink'}"))
    parts.append(label(_COLUMNS[2], 28, signed(pair[1] - pair[0]), f"end {style or 'ink'}"))
    return "".join(parts)
