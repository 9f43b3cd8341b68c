"""The venture's money over time in a simulation: a cone of quantiles, against the plan and the least that must be there."""

from __future__ import annotations

from datetime import timedelta
from math import ceil, isnan

from tandemplan.model.programme import Programme
from tandemplan.report.axes import Frame, round_top
from tandemplan.report.buckets import horizon, last_days
from tandemplan.report.chart import Corner, axes
from tandemplan.report.drawing import Drawing, Key, Panel, path, tag
from tandemplan.report.facts import Cells, rows
from tandemplan.report.figures.fan import band, band_keys
from tandemplan.report.simulated import chance, level
from tandemplan.report.wording import day, money
from tandemplan.results.simulation_shapes import CASH_FAN, CASH_LOW
from tandemplan.results.store import Run

WIDTH, HEIGHT, LEFT = 1060.0, 262.0, 84.0
CURVES = ("cash_low", "cash_middle", "cash_high", "planned", "least")


def cash_cone(run: Run, programme: Programme) -> Drawing:
    """Return the venture's money at the ends of periods; nothing where it is no limit."""
    fan, low = rows(run, CASH_FAN), rows(run, CASH_LOW)
    if not fan or not low:
        return Drawing("Money, and how sure", "Money is no limit.", ())
    currency, settings = programme.settings.currency, programme.settings
    planned = "" if isnan(low[0]["planned"]) else f", {money(low[0]['planned'], currency)} in the plan"
    said = (
        f"The money runs dry in {chance(low[0], 'dry_chance')} of all cases. Its lowest point is {money(low[0]['lowest_middle'], currency)} in the middle, "
        f"{money(low[0]['lowest_low'], currency)} or less in {level(settings.low_quantile)} of them{planned}."
    )
    keys = (
        *band_keys(programme),
        Key("line", "dashed", "the least that must be there"),
    )
    note = f"Purchases wait for money on {low[0]['held_order_days']:,.1f} order-days on average; some do in {chance(low[0], 'held_chance')} of all cases."
    return Drawing("Money, and how sure", said, (_panel(fan, said, programme),), keys, note=note)


def _panel(fan: list[Cells], said: str, programme: Programme) -> Panel:
    lasts, span = last_days(programme), horizon(programme)
    told = {n: [r[n] for r in fan if not isnan(r[n])] for n in CURVES}
    values = [v for c in told.values() for v in c]
    top, step = round_top(max(*values, 0.0))
    below = min(*values, 0.0)
    if below < 0:
        step = max(step, round_top(-below)[1])
        top = step * ceil(top / step - 1e-9)
    base = -step * ceil(-below / step - 1e-9) if below < 0 else 0.0
    frame = Frame(*span, top, width=WIDTH, height=HEIGHT, left=LEFT, base=base)

    def curve(name: str) -> list[Corner]:
        return [
            (frame.x(lasts[r["period_start"]] + timedelta(days=1)), frame.y(r[name])) for r in fan if not isnan(r[name])
        ]

    marks = axes(frame, step, programme.settings.currency)
    if told["cash_low"] and len(told["cash_low"]) == len(told["cash_high"]):
        marks += tag("path", class_="area", d=band(curve("cash_low"), curve("cash_high")))
    if base < 0:
        marks += tag("path", class_="tick", d=f"M{frame.left:g},{frame.y(0):g} H{frame.width - frame.right:g}")
    if any(told["least"]):
        marks += tag("path", class_="dashed", d=path(curve("least")))
    marks += tag("path", class_="other", d=path(curve("planned"))) + tag(
        "path", class_="solid", d=path(curve("cash_middle"))
    )
    header = ("end of", "planned", "low", "middle", "high", "least", "below the least", "below 0")
    body = tuple(
        (
            day(lasts[r["period_start"]]),
            *("" if isnan(r[n]) else f"{r[n]:,.0f}" for n in ("planned", "cash_low", "cash_middle", "cash_high", "least")),
            chance(r, "below_least_chance"), chance(r, "below_zero_chance"),
        )
        for r in fan
    )  # fmt: skip
    track = tuple(frame.x(lasts[r["period_start"]]) for r in fan)
    return Panel("", "", said, WIDTH, HEIGHT, marks, header, body, least=620, track=track)
