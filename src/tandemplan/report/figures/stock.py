"""Stock over time: its value by kind of item, and what is kept of the stock targets."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Item, Site
from tandemplan.report.buckets import horizon, last_days, period_starts
from tandemplan.report.chart import against
from tandemplan.report.drawing import Drawing, Key, Panel
from tandemplan.report.facts import row_names, rows
from tandemplan.report.strips import Course, strips
from tandemplan.report.wording import day, money
from tandemplan.results.shape import STOCK, STOCK_TARGETS
from tandemplan.results.store import Run

Value = dict[date, float]
MOST_ROWS = 14


def stock(run: Run, programme: Programme) -> Drawing:
    """Return the value of stock at standard cost over time, by site and by kind of item, and the targets reached."""
    by_site, by_kind, all_stock, priced = _values(run, programme)
    panels: tuple[Panel, ...] = ()
    if priced and any(all_stock.values()):
        panels += (_panel(programme, by_site, by_kind, all_stock),)
    panels += _targets(run, programme)
    currency = programme.settings.currency
    most = max(all_stock.items(), key=lambda p: p[1], default=None)
    said = "No stock is kept at a known value."
    if most is not None and most[1] > 0:
        said = f"Stock is worth {money(most[1], currency)} at most, at the end of {day(last_days(programme).get(most[0], most[0]))}."
    keys = (Key("box", "total", "all stock"), Key("box", "bar", "by site"), Key("box", "given", "by kind of item"))
    levels = (Key("line", "dashed", "target"), Key("line", "solid", "reached"))
    return Drawing(
        "Stock over time",
        said,
        panels,
        (keys if priced and any(all_stock.values()) else ())
        + (levels if len(panels) > 1 or (panels and not priced) else ()),
        note="Closing stock of each period at standard cost; items without a standard cost count nothing. Each row has its own scale: its highest point is the most."
        if panels
        else "",
    )


def _values(run: Run, programme: Programme) -> tuple[dict[str, Value], dict[str, Value], Value, bool]:
    cost, kind = item_costs(programme), item_kinds(programme)
    by_site: dict[str, Value] = defaultdict(lambda: defaultdict(float))
    by_kind: dict[str, Value] = defaultdict(lambda: defaultdict(float))
    total: Value = defaultdict(float)
    for r in rows(run, STOCK):
        worth = r["closing"] * cost.get(r["item"], 0.0)
        by_site[r["site"]][r["period_start"]] += worth
        by_kind[kind.get(r["item"], "item")][r["period_start"]] += worth
        total[r["period_start"]] += worth
    return by_site, by_kind, total, any(cost.values())


def item_costs(programme: Programme) -> dict[str, float]:
    """Return the standard cost of each item, 0 where it has none."""
    table = programme[Item]
    return {
        str(k[0]): float(c) if c is not None and c == c else 0.0  # noqa: PLR0124 - nan
        for k, c in zip(table.keys, table.columns["standard_cost"].tolist(), strict=True)
    }


def item_kinds(programme: Programme) -> dict[str, str]:
    """Return the kind of each item."""
    table = programme[Item]
    return {str(k[0]): str(c) for k, c in zip(table.keys, table.columns["kind"], strict=True)}


def _panel(programme: Programme, by_site: dict[str, Value], by_kind: dict[str, Value], total: Value) -> Panel:
    starts, end = period_starts(programme)
    until = dict(zip(starts, [*starts[1:], end], strict=True))
    names = row_names(programme, Site)
    groups = [("All stock", "", total, "total")]
    groups += [(names.get(s, s) or "the one site", "site", v, "bar") for s, v in _ranked(by_site)]
    groups += [(f"{k[:1].upper()}{k[1:]}", "kind of item", v, "given") for k, v in _ranked(by_kind)]
    courses = [
        Course(
            name,
            below,
            tuple((d, until.get(d, end), v) for d, v in sorted(values.items())),
            max(values.values()),
            (f"{_mean(values, starts):,.0f}", f"{max(values.values()):,.0f}", f"{values.get(starts[-1], 0.0):,.0f}"),
            style=style,
        )
        for name, below, values, style in groups[:MOST_ROWS]
    ]
    currency = programme.settings.currency
    header = ("period from", *(g[0] for g in groups))
    body = tuple((day(d), *(f"{g[2].get(d, 0.0):,.0f}" for g in groups)) for d in starts)
    heads = (f"mean, {currency}", "most", "at the end")
    return strips("Value at standard cost", courses, heads, horizon(programme), (header, body))


def _ranked(groups: dict[str, Value]) -> list[tuple[str, Value]]:
    return [(k, v) for k, v in sorted(groups.items(), key=lambda p: (-sum(p[1].values()), p[0])) if max(v.values()) > 0]


def _mean(values: Value, starts: tuple[date, ...]) -> float:
    return sum(values.values()) / len(starts)


def _targets(run: Run, programme: Programme) -> tuple[Panel, ...]:
    """Return the targets together, at standard cost or in units where there is none; no panel without a target."""
    cost = item_costs(programme)
    table = rows(run, STOCK_TARGETS)
    wanted = {r["item"] for r in table if r["safety"] > 0}
    if not wanted:
        return ()
    priced = all(cost.get(i, 0.0) > 0 for i in wanted)
    target: Value = defaultdict(float)
    reached: Value = defaultdict(float)
    for r in table:
        price = cost[r["item"]] if priced else 1.0
        target[r["period_start"]] += price * r["safety"]
        reached[r["period_start"]] += price * max(r["safety"] - r["shortfall"], 0.0)
    unit = f"{programme.settings.currency} at standard cost" if priced else "units of all items together"
    starts, end = period_starts(programme)
    days = [d for d in starts if d in target]
    return (
        against(
            "Stock targets: wanted against reached",
            unit,
            [(d, target[d]) for d in days],
            [(d, reached[d]) for d in days],
            end,
        ),
    )
