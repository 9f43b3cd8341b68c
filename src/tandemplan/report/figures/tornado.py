"""What risks cost: units late with each risk and without it, and what each explains of how much that varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isnan

from tandemplan.model.programme import Programme
from tandemplan.report.axes import round_top
from tandemplan.report.drawing import Band, Drawing, Key, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import Cells, rows
from tandemplan.report.simulated import chance, harmful, risk_names, whole_percent
from tandemplan.report.wording import counted, listed, number
from tandemplan.results.simulation_shapes import RISK_EFFECTS
from tandemplan.results.store import Run

WIDTH, STEP = 1060.0, 26.0
NAME, AXIS, SPAN, SHARE, BAR = 300.0, 330.0, 400.0, 790.0, 190.0
MOST_ROWS = 15
KEYS = (
    Key("box", "warm", "more is late where it happens"),
    Key("box", "given", "less, or not surely more"),
    Key("line", "solid", "95 % interval of that"),
    Key("box", "bar", "share of what varies that it explains"),
)
NOTE = (
    "Each bar is the mean share of units late or undelivered in replications with the risk, less that in those without it; risks that come together share what they do. "
    "Shares of variance add up to 1: risks first, then what tasks of the start-up add beside them; the rest are yields, hours, lead times and demand."
)


def tornado(run: Run, programme: Programme) -> Drawing:
    """Return the risks by what they do where they happen, the largest first, with start-up and the rest below."""
    table = rows(run, RISK_EFFECTS)
    risks = sorted((r for r in table if _told(r)), key=lambda r: (-abs(r["late_share_more"]), r["name"]))
    others = [r for r in table if r["kind"] != "risk" and not isnan(r["variance_share"])]
    never = [r for r in table if r["kind"] == "risk" and not _told(r)]
    if not risks and not others:
        return Drawing("What risks cost", "No risk is drawn.", ())
    names, found = risk_names(programme), harmful(run)
    said = (
        f"{counted(len(found), 'risk')} of {len(risks) + len(never)} surely {'makes' if len(found) == 1 else 'make'} more units late; over all replications {names.get(found[0]['name'], found[0]['name'])} costs most."
        if found
        else "No risk surely makes more units late."
    )
    sure, scale = {r["name"] for r in found}, scale_of(risks)
    bands: list[Band] = [(24.0, _head())]
    bands += [_risk(r, str(names.get(r["name"], r["name"])), scale, sure=r["name"] in sure) for r in risks[:MOST_ROWS]]
    bands += [_other(r) for r in others]
    ticks = range(round((scale.high - scale.low) / scale.step) + 1) if risks else ()
    values = [scale.low + i * scale.step for i in ticks]
    bands.append((22.0, "".join(label(scale.x(v), 13, number(v), "mid") for v in values)))
    note = NOTE
    if len(risks) > MOST_ROWS:
        note += f" The {MOST_ROWS} largest are drawn, all stand in the numbers."
    if never:
        note += f" Not told apart, as {'it happens' if len(never) == 1 else 'they happen'} in every replication or in none: {listed((str(names.get(r['name'], r['name'])) for r in never), most=6)}."
    panel = pile("", said, WIDTH, bands, _numbers(table, names), least=860)
    return Drawing("What risks cost", said, (panel,), KEYS, note=note)


def _told(row: Cells) -> bool:
    return row["kind"] == "risk" and not isnan(row["late_share_more"])


@dataclass(frozen=True)
class Scale:
    """The axis of differences, in points, with its round step."""

    low: float
    high: float
    step: float

    def x(self, points: float) -> float:
        """Return where a difference stands; what is beyond the axis stands at its end."""
        inside = min(max(points, self.low), self.high)
        return round(AXIS + SPAN * (inside - self.low) / (self.high - self.low), 1)


def scale_of(risks: Sequence[Cells]) -> Scale:
    """Return an axis that holds all differences, and their intervals as far as they are not much longer."""
    points = [100 * r["late_share_more"] for r in risks]
    ends = [
        100 * r[f"late_share_more_{e}"] for r in risks for e in ("from", "to") if not isnan(r[f"late_share_more_{e}"])
    ]
    most = max([0.1, *map(abs, points)])
    ends = [max(min(e, 1.5 * most), -1.5 * most) for e in ends]
    high, low = max([0.0, *points, *ends]), min([0.0, *points, *ends])
    step = round_top(max(high, -low))[1]
    return Scale(-step * ceil(-low / step - 1e-9), step * max(ceil(high / step - 1e-9), 1), step)


def _head() -> str:
    return (
        label(0, 12, "risk, and how likely it is")
        + label(AXIS, 12, "points more of all units late or undelivered where it happens")
        + label(SHARE, 12, "of what varies")
    )


def _risk(r: Cells, name: str, scale: Scale, *, sure: bool) -> Band:
    """Return the row of a risk: its name, how much more is late with it, and its share of the variance."""
    points = 100 * r["late_share_more"]
    high = STEP + 13.0 * (len(lines_of(name, NAME - 52)) - 1)
    left, right = sorted((scale.x(0), scale.x(points)))
    bar = tag(
        "rect", class_="warm" if sure else "given", x=left, y=5, width=round(max(right - left, 1.5), 1), height=14
    )
    low, top = (100 * r[f"late_share_more_{e}"] for e in ("from", "to"))
    if not isnan(low) and not isnan(top):
        bar += tag("path", class_="solid", d=f"M{scale.x(low):g},12 H{scale.x(top):g}")
    told = f"{name}: {points:+.1f} points where it happens ({chance(r, 'happens_chance')})"
    grid = tag("path", class_="tick", d=f"M{scale.x(0):g},0 V{high:g}")
    named = text_lines(name, (0, 16), "ink", NAME - 52) + label(NAME, 16, whole_percent(r["happens_chance"]), "end")
    return high, named + grid + hint(bar, told) + _share(r)


def _other(r: Cells) -> Band:
    name = "start-up: how long tasks take" if r["kind"] == "startup" else "everything else"
    return STEP, label(0, 16, name, "ink", NAME) + _share(r)


def _share(r: Cells) -> str:
    value = r["variance_share"]
    if isnan(value):
        return ""
    bar = tag("rect", class_="bar", x=SHARE, y=5, width=round(max(BAR * value, 1.0), 1), height=14)
    return hint(bar, f"{chance(r, 'variance_share')} of what varies") + label(
        SHARE + BAR * value + 7, 16, whole_percent(value)
    )


def _numbers(table: list[Cells], names: dict[str, str]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    header = (
        "what",
        "happens",
        "days active",
        "late without it",
        "late with it",
        "points more",
        "from",
        "to",
        "share of what varies",
    )
    body = tuple(
        (
            str(names.get(r["name"], r["name"])) if r["kind"] == "risk" else r["kind"],
            chance(r, "happens_chance") if r["kind"] == "risk" else "",
            *(_cell(r[n], f) for n, f in (
                ("active_days", 1), ("late_share_without", 100), ("late_share_with", 100), ("late_share_more", 100),
                ("late_share_more_from", 100), ("late_share_more_to", 100),
            )),
            chance(r, "variance_share"),
        )
        for r in table
    )  # fmt: skip
    return header, body


def _cell(value: float, factor: float) -> str:
    return "" if isnan(value) else number(factor * value)
