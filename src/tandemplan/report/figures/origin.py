"""Origin: the share of the cost of components that is from outside, by each day of evidence, against its limit."""

from __future__ import annotations

from collections import defaultdict

from tandemplan.model.programme import Programme
from tandemplan.report.axes import Frame
from tandemplan.report.buckets import horizon
from tandemplan.report.chart import axes
from tandemplan.report.drawing import Drawing, Key, Panel, path, tag
from tandemplan.report.facts import Cells, item_names, rows
from tandemplan.report.wording import counted, day, money, number, percent
from tandemplan.results.origin_shapes import ORIGIN
from tandemplan.results.store import Run

KEYS = (Key("line", "dashed", "limit"), Key("line", "solid", "share from outside"))
HEADER = ("evidence by", "units", "cost of components", "from outside", "share", "limit", "left to the limit")
DOT = 3.5


def origin(run: Run, programme: Programme) -> Drawing:
    """Return the share of each product and contract under each rule of origin, by day of evidence; nothing where there is no rule."""
    found: dict[tuple[str, str, str], list[Cells]] = defaultdict(list)
    for r in rows(run, ORIGIN):
        found[r["product"], r["contract"], r["rule"]].append(r)
    if not found:
        return Drawing("Origin of components", "No rule of origin limits the plan.", ())
    last = [max(listed, key=lambda r: r["evidence"]) for listed in found.values()]
    nearest = min(last, key=lambda r: r["limit"] - r["share"])
    names = item_names(programme)
    so_far = f"{percent(nearest['share'], 1)} of at most {percent(nearest['limit'], 1)}"
    words = f"{counted(len(found), 'limit')} on what components cost from outside: by the end the nearest is that of {called(nearest, names)}, with {so_far}."
    one = f"Of what the components of {called(nearest, names)} cost, {so_far} is from outside by the end."
    panels = tuple(_panel(listed, programme) for listed in found.values())
    return Drawing("Origin of components", words if len(found) > 1 else one, panels, KEYS, columns=2, note=NOTE)


NOTE = (
    "Of the cost of all components inside what was delivered (or went into anything else) since the start, the share that is from outside "
    "the eligible group. Each dot is a day of evidence."
)


def called(row: Cells, names: dict[str, str]) -> str:
    """Return the name of what a certificate speaks of."""
    product = str(names.get(row["product"], row["product"]))
    return f"{product}, contract {row['contract']}" if row["contract"] else product


def _panel(listed: list[Cells], programme: Programme) -> Panel:
    listed, currency = sorted(listed, key=lambda r: r["evidence"]), programme.settings.currency
    start, end = horizon(programme)
    frame = Frame(start, max(end, listed[-1]["evidence"]), 1.0)
    counting = [r for r in listed if r["units"] > 0]
    line = [(frame.x(r["evidence"]), frame.y(r["share"])) for r in counting]
    limits, before = [], frame.x(start)
    for r in listed:
        at, high = frame.x(r["evidence"]), frame.y(r["limit"])
        limits += [(before, high), (at, high)]
        before = at
    marks = (
        axes(frame, 0.25, "share of cost")
        + tag("path", class_="dashed", d=path(limits))
        + (tag("path", class_="solid", d=path(line)) if line else "")
        + "".join(tag("circle", class_="bar", cx=x, cy=y, r=DOT) for x, y in line)
    )
    final = listed[-1]
    share = f"{percent(final['share'], 1)} of at most {percent(final['limit'], 1)}" if counting else "nothing counts"
    return Panel(
        called(final, item_names(programme)),
        f"rule {final['rule']}: {share} by {day(final['evidence'])}",
        f"By {day(final['evidence'])}, {percent(final['share'], 1)} of the cost of components is from outside; at most {percent(final['limit'], 1)} may be.",
        frame.width,
        frame.height,
        marks,
        HEADER,
        tuple(_numbers(r, currency) for r in listed),
        track=tuple(frame.x(r["evidence"]) for r in listed),
    )


def _numbers(r: Cells, currency: str) -> tuple[str, ...]:
    cost = r["eligible_cost"] + r["other_cost"]
    amounts = (money(a, currency) for a in (cost, r["other_cost"]))
    return (
        day(r["evidence"]),
        number(r["units"]),
        *amounts,
        percent(r["share"], 1),
        percent(r["limit"], 1),
        money(r["margin"], currency),
    )
