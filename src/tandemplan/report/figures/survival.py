"""How long promises are kept without a source: days from its loss until they fall, against its time to recover."""

from __future__ import annotations

from math import isnan

from tandemplan.model.programme import Programme
from tandemplan.report.axes import round_top
from tandemplan.report.drawing import Band, Drawing, Key, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import Cells, rows
from tandemplan.report.simulated import chance, level, loss_name, soonest_losses
from tandemplan.report.wording import counted, day, number
from tandemplan.results.simulation_shapes import SURVIVAL
from tandemplan.results.store import Run

TITLE = "How long promises are kept without a source"
WIDTH, STEP, MOST_ROWS = 1060.0, 26.0, 30
NAME, SPAN = 320.0, 460.0
FALLS, BEFORE = NAME + SPAN + 24, NAME + SPAN + 140
NOTE = (
    "Lost for good from that day on. Promises have fallen when less than 95 % of the units that are due since, and would have been on time, are, and so to the end; "
    "a band that reaches the right edge goes on beyond the plan. Those that nothing falls without are not drawn."
)


def survival(run: Run, programme: Programme) -> Drawing:
    """Return what may be lost, those first without which promises fall soonest."""
    table = rows(run, SURVIVAL)
    if not table:
        return Drawing(TITLE, "Ask for it by simulate --lost suppliers.", ())
    shown = [r for r in soonest_losses(run) if r["falls_chance"] > 0]
    said = f"Lost from {day(table[0]['lost_from'])} on: without {counted(len(shown), 'source')} of {len(table)} promises fall within the plan in some replications."
    if not shown:
        return Drawing(TITLE, said, ())
    settings = programme.settings
    keys = (
        Key(
            "box",
            "second",
            f"promises fall: {level(settings.low_quantile)} to {level(settings.high_quantile)} of cases",
        ),
        Key("dot", "site", f"{level(settings.middle_quantile)} of cases"),
        Key("line", "solid", "it would supply again"),
    )
    most = max([1.0, *(v for r in shown for n in ("low", "middle", "high") if not isnan(v := r[f"survives_{n}"]))])
    top, step = round_top(most)
    bands: list[Band] = [
        (
            24.0,
            label(0, 12, "what is lost")
            + label(NAME, 12, "days until promises fall")
            + label(FALLS, 12, "they fall in")
            + label(BEFORE, 12, "before it recovers"),
        )
    ]
    bands += [_band(r, loss_name(r, programme), top) for r in shown[:MOST_ROWS]]
    ticks = [i * step for i in range(round(top / step) + 1)]
    bands.append((22.0, "".join(label(NAME + SPAN * v / top, 13, number(v), "mid") for v in ticks)))
    note = NOTE + (f" The first {MOST_ROWS} are drawn." if len(shown) > MOST_ROWS else "")
    panel = pile("", said, WIDTH, bands, _numbers(run, programme), least=860)
    return Drawing(TITLE, said, (panel,), keys, note=note)


def _band(r: Cells, name: str, top: float) -> Band:
    high = STEP + 13.0 * (len(lines_of(name, NAME - 16)) - 1)

    def x(days: float) -> float:
        return round(NAME + SPAN * (1.0 if isnan(days) else min(days / top, 1.0)), 1)

    low, middle, late, back = (r[n] for n in ("survives_low", "survives_middle", "survives_high", "recover_days"))
    words = ", ".join("not within the plan" if isnan(v) else f"{number(v)} days" for v in (low, middle, late))
    marks = text_lines(name, (0, 16), "ink", NAME - 16) + tag("path", class_="rule", d=f"M{NAME:g},0 V{high:g}")
    if not isnan(low):
        box = tag("rect", class_="second", x=x(low), y=6, width=round(max(x(late) - x(low), 2.0), 1), height=12, rx=2)
        if not isnan(middle):
            box += tag("circle", class_="site", cx=x(middle), cy=12, r=4)
        marks += hint(box, f"{name}: {words}")
    if not isnan(back):
        mark = tag("path", class_="solid", d=f"M{x(back):g},2 V22")
        marks += hint(mark, f"{name} would supply again after {number(back)} days")
    before = "" if isnan(r["before_recovery_chance"]) else chance(r, "before_recovery_chance")
    return high, marks + label(FALLS, 16, chance(r, "falls_chance").partition(" (")[0]) + label(BEFORE, 16, before)


def _numbers(run: Run, programme: Programme) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    header = (
        "lost",
        "kind",
        "low",
        "middle",
        "high",
        "they fall in",
        "recovers after",
        "before that",
        "points more late",
    )
    body = tuple(
        (
            loss_name(r, programme), r["kind"], *("" if isnan(v) else number(v) for v in (r[f"survives_{q}"] for q in ("low", "middle", "high"))),
            chance(r, "falls_chance"), "" if isnan(r["recover_days"]) else number(r["recover_days"]),
            "" if isnan(r["before_recovery_chance"]) else chance(r, "before_recovery_chance"), f"{100 * r['late_share_more']:.1f}",
        )
        for r in soonest_losses(run)
    )  # fmt: skip
    return header, body
