"""Fans of a simulation: units delivered or made over time, with quantiles, against what is asked for and planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import isnan

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract
from tandemplan.report.axes import Frame, round_top
from tandemplan.report.buckets import horizon, last_days
from tandemplan.report.chart import Corner, axes, marks_of
from tandemplan.report.drawing import Drawing, Key, Panel, Row, path, tag
from tandemplan.report.facts import Cells, customer_names, item_names, item_units, rows
from tandemplan.report.simulated import class_members, level
from tandemplan.report.wording import counted, day, measure, number
from tandemplan.results.simulation_shapes import FAN, PROMISES
from tandemplan.results.store import Run

MOST_PANELS = 18
NOTE = "The band holds each day for itself: no single course of events runs along its edge."


def by_class(run: Run, programme: Programme) -> Drawing:
    """Return what is delivered to each class, in order of service; to all together where contracts do not tell classes apart."""
    who = class_members(run, programme)
    found = _drawing(run, programme, "class", lambda n: f"Class {n}: {who.get(int(n), '')}")
    return found if found.panels else _drawing(run, programme, "all", lambda _: "All deliveries")


def by_customer(run: Run, programme: Programme) -> Drawing:
    """Return what is delivered to each customer."""
    names = customer_names(programme)
    return _drawing(run, programme, "customer", lambda n: names.get(n, n))


def by_contract(run: Run, programme: Programme) -> Drawing:
    """Return what is delivered of each contract."""
    names, table = customer_names(programme), programme[Contract]
    who = dict(zip(map(str, table.contract), map(str, table.customer), strict=True))
    return _drawing(run, programme, "contract", lambda n: f"{n}: {names.get(who.get(n, ''), '')}".removesuffix(": "))


def output(run: Run, programme: Programme) -> Drawing:
    """Return what is made of each product that is asked for."""
    names, asked = item_names(programme), {r["item"] for r in rows(run, PROMISES)}
    return _drawing(run, programme, "made", lambda n: names.get(n, n), only=asked)


TITLES = {
    "all": "Delivered, and how sure",
    "class": "Delivered to each class, and how sure",
    "customer": "Delivered to each customer, and how sure",
    "contract": "Delivered by contract, and how sure",
    "made": "Made of each product, and how sure",
}


def _drawing(
    run: Run, programme: Programme, kind: str, name: Callable[[str], str], *, only: set[str] | None = None
) -> Drawing:
    """Return a panel for each fan of a kind whose items are counted in one unit."""
    fans: dict[str, list[Cells]] = defaultdict(list)
    for r in rows(run, FAN):
        if r["kind"] == kind and (only is None or r["name"] in only):
            fans[r["name"]].append(r)
    units = _units(run, programme, kind)
    mixed = [n for n in fans if len(units.get(n, set())) > 1]
    shown = [n for n in fans if n not in mixed]
    panels = tuple(
        _panel(name(n), measure(next(iter(units.get(n, {"each"})))), fans[n], programme) for n in shown[:MOST_PANELS]
    )
    rest = len(shown) - len(panels)
    told = [NOTE, f"{counted(len(mixed), 'group')} of items counted in several units cannot be drawn." if mixed else ""]
    told.append(f"And {counted(rest, 'more group')} in the table fan." if rest else "")
    return Drawing(
        TITLES[kind],
        "; ".join(f"{p.title}: {p.subtitle}" for p in panels[:6]),
        panels,
        _keys(programme, made=kind == "made"),
        columns=min(len(panels), 3) or 1,
        note=" ".join(filter(None, told)),
    )


def _keys(programme: Programme, *, made: bool) -> tuple[Key, ...]:
    asked = () if made else (Key("line", "dashed", "asked for, by due day"),)
    return (
        *band_keys(programme),
        *asked,
    )


def band_keys(programme: Programme) -> tuple[Key, ...]:
    """Return the keys of a band of quantiles, its middle and the plan."""
    said = programme.settings
    below, above = level(said.low_quantile), level(1 - said.high_quantile)
    return (
        Key("box", "area", f"{below} of all cases lie below this band, {above} above"),
        Key("line", "solid", f"{level(said.middle_quantile)} of all cases lie below"),
        Key("line", "other", "planned"),
    )


def _units(run: Run, programme: Programme, kind: str) -> dict[str, set[str]]:
    """Return the units in which the items of each group of a kind are counted."""
    found: dict[str, set[str]] = defaultdict(set)
    units = item_units(programme)
    columns = {"class": "demand_class", "made": "item"}
    for r in rows(run, PROMISES):
        found["all" if kind == "all" else str(r[columns.get(kind, kind)])].add(units.get(r["item"], "each"))
    return found


def _panel(title: str, unit: str, fan: list[Cells], programme: Programme) -> Panel:
    """Return one fan: its band, its middle line, what is planned and what is asked for."""
    lasts, span = last_days(programme), horizon(programme)
    days = [lasts[r["period_start"]] + timedelta(days=1) for r in fan]
    asked = [r["asked"] for r in fan]
    curves = {n: [r[n] for r in fan] for n in ("units_low", "units_middle", "units_high", "planned")}
    told = [] if any(map(isnan, asked)) else asked
    top, step = round_top(max([*told, *(v for c in curves.values() for v in c)]))
    frame = Frame(*span, top)
    lines = {n: line(frame, days, c) for n, c in curves.items()}
    marks = (
        axes(frame, step, f"{unit}, summed up")
        + tag("path", class_="area", d=band(lines["units_low"], lines["units_high"]))
        + (tag("path", class_="dashed", d=path(line(frame, days, told))) if told else "")
        + tag("path", class_="other", d=path(lines["planned"]))
        + tag("path", class_="solid", d=path(lines["units_middle"]))
    )
    low, middle, high = (curves[f"units_{q}"][-1] for q in ("low", "middle", "high"))
    said = f"by the end {number(low)} to {number(high)}, {number(middle)} in the middle; {number(curves['planned'][-1])} planned"
    at, body = standing(days, fan, span)
    return Panel(
        title,
        said,
        f"{said[0].upper()}{said[1:]}.",
        frame.width,
        frame.height,
        marks,
        ("up to", "asked for", "planned", "mean", "low", "middle", "high"),
        body,
        track=tuple(map(frame.x, at)),
    )


def line(frame: Frame, days: Sequence[date], values: Sequence[float]) -> list[Corner]:
    """Return the corners of a curve from nothing at the start through its values at the ends of periods."""
    return [(frame.x(frame.start), frame.y(0)), *((frame.x(d), frame.y(v)) for d, v in zip(days, values, strict=True))]


def band(low: Sequence[Corner], high: Sequence[Corner]) -> str:
    """Return the area between two curves."""
    return f"{path(low)} L{path(high[::-1])[1:]} Z"


def standing(days: Sequence[date], fan: Sequence[Cells], span: tuple[date, date]) -> tuple[list[date], tuple[Row, ...]]:
    """Return the days at which the numbers of a fan are told, and these: at the ends of months, or of weeks in a short plan."""
    found: list[tuple[date, Row]] = []
    names = ("asked", "planned", "mean", "units_low", "units_middle", "units_high")
    for mark, words in marks_of(span):
        past = [i for i, d in enumerate(days) if d <= mark + timedelta(days=1)]
        if past:
            r = fan[past[-1]]
            found.append((mark, (words, *("" if isnan(r[n]) else number(r[n]) for n in names))))
    return [d for d, _ in found], tuple(r for _, r in found)


def ends(row: Cells, name: str) -> str:
    """Return the three quantiles of a day in words."""
    return " / ".join(day(row[f"{name}_{q}"]) or "not in the plan" for q in ("low", "middle", "high"))
