"""What each source of randomness costs: units late with it, less those with it held at its mean."""

from __future__ import annotations

from math import isnan

from tandemplan.model.programme import Programme
from tandemplan.report.drawing import Band, Drawing, Key, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import Cells, rows
from tandemplan.report.figures.tornado import AXIS, SHARE, STEP, WIDTH, Scale, scale_of
from tandemplan.report.simulated import costly_drivers, driver_name, whole_percent
from tandemplan.report.wording import number
from tandemplan.results.simulation_shapes import DRIVERS
from tandemplan.results.store import Run

TITLE = "What everything that varies costs"
MOST_ROWS = 30
ROOM, LATER = 300.0, 760.0
KEYS = (
    Key("box", "warm", "surely more is late because of it"),
    Key("box", "given", "less, or not surely more"),
    Key("line", "solid", "95 % interval of that"),
)
NOTE = (
    "Each bar is the mean share of units late or undelivered, less the same in the same replications with this at its mean (risks: none happens). "
    "Effects need not add up to that of everything at once. What varies: the share of the variance of units late that goes with it."
)


def drivers(run: Run, programme: Programme) -> Drawing:
    """Return what is drawn by what it adds to units late, the largest first, everything at once at the bottom."""
    table = [r for r in rows(run, DRIVERS) if r["kind"] == "all" and not isnan(r["late_share_more"])]
    if not table:
        return Drawing(TITLE, "Ask for it by simulate --drivers sources.", ())
    whole = [r for r in table if r["source"] == "everything"]
    each = sorted(
        (r for r in table if r not in whole), key=lambda r: (-abs(r["late_share_more"]), driver_name(r, programme))
    )
    sure = costly_drivers(run)
    said = "Nothing that varies surely makes more units late by itself."
    if sure:
        named = driver_name(sure[0], programme)
        said = f"{named[:1].upper()}{named[1:]} cost most: {100 * sure[0]['late_share_more']:.1f} points more of all units are late because of them."
    scale = scale_of([*each, *whole])
    bands: list[Band] = [(24.0, _head(varies=any(not isnan(r["variance_share"]) for r in table)))]
    bands += [
        _band(r, driver_name(r, programme), scale, sure=r in sure or r in whole) for r in [*each[:MOST_ROWS], *whole]
    ]
    ticks = [scale.low + i * scale.step for i in range(round((scale.high - scale.low) / scale.step) + 1)]
    bands.append((22.0, "".join(label(scale.x(v), 13, number(v), "mid") for v in ticks)))
    note = NOTE + (f" The {MOST_ROWS} largest are drawn." if len(each) > MOST_ROWS else "")
    panel = pile("", said, WIDTH, bands, _numbers(run, programme), least=860)
    return Drawing(TITLE, said, (panel,), KEYS, note=note)


def _head(*, varies: bool) -> str:
    return (
        label(0, 12, "what varies")
        + label(AXIS, 12, "points more of all units late or undelivered because of it")
        + label(LATER, 12, "first delivery", size=11.5)
        + label(SHARE + 130, 12, "of what varies" if varies else "")
    )


def _band(r: Cells, name: str, scale: Scale, *, sure: bool) -> Band:
    points = 100 * r["late_share_more"]
    high = STEP + 13.0 * (len(lines_of(name, ROOM - 12)) - 1)
    left, right = sorted((scale.x(0), scale.x(points)))
    width = round(max(right - left, 1.5), 1)
    bar = tag("rect", class_="warm" if sure else "given", x=left, y=5, width=width, height=14)
    low, top = (100 * r[f"late_share_more_{e}"] for e in ("from", "to"))
    if not isnan(low) and not isnan(top):
        bar += tag("path", class_="solid", d=f"M{scale.x(low):g},12 H{scale.x(top):g}")
    grid = tag("path", class_="tick", d=f"M{scale.x(0):g},0 V{high:g}")
    later = r["first_days_later"]
    marks = text_lines(name, (0, 16), "ink", ROOM - 12) + grid + hint(bar, f"{name}: {points:+.1f} points")
    marks += label(LATER, 16, "" if isnan(later) else _days(later))
    share = r["variance_share"]
    return high, marks + label(SHARE + 130, 16, "" if isnan(share) else whole_percent(max(share, 0.0)))


def _days(later: float) -> str:
    """Return by how many days something is later, in words.

    >>> _days(16.71), _days(-0.5), _days(0.04)
    ('16.7 days later', '0.5 days sooner', 'as soon')
    """
    if abs(later) < 0.05:
        return "as soon"
    return f"{abs(later):.1f} days {'later' if later > 0 else 'sooner'}"


def _numbers(run: Run, programme: Programme) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    header = (
        "what varies", "of", "points more late", "from", "to", "first delivery later, days", "from", "to", "units fewer", "from", "to",
        "share of what varies", "from", "to", "replications",
    )  # fmt: skip
    scaled = (("late_share_more", 100), ("first_days_later", 1), ("units_fewer", 1), ("variance_share", 1))
    body = tuple(
        (
            driver_name(r, programme), "all" if r["kind"] == "all" else f"class {r['group']}",
            *("" if isnan(r[f"{n}{e}"]) else number(f * r[f"{n}{e}"]) for n, f in scaled for e in ("", "_from", "_to")),
            f"{r['replications']:,}",
        )
        for r in rows(run, DRIVERS)
    )  # fmt: skip
    return header, body
