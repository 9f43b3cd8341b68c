"""How sure each promise is: demands the least sure first, each with its probability, coloured, and its interval."""

from __future__ import annotations

from math import isnan

from tandemplan.model.programme import Programme
from tandemplan.report.drawing import Band, Drawing, Key, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import Cells, customer_names, item_names, rows
from tandemplan.report.simulated import chance, keeps, least_sure, level, whole_percent
from tandemplan.report.wording import counted, day, number
from tandemplan.results.simulation_shapes import PROMISES
from tandemplan.results.store import Run

WIDTH, STEP = 1060.0, 24.0
NAME, DUE, CELL, AXIS, SPAN, THEN = 0.0, 356.0, 446.0, 540.0, 250.0, 812.0
MOST_ROWS = 25
# From which chance on a cell has which colour, with the style of its text.
COLOURS = ((0.9, "h3", "on-light"), (0.7, "h2", "on-light"), (0.5, "second", "on-light"), (0.0, "warm", "dot-text"))
KEYS = (
    Key("box", "h3", "90 % sure and more"),
    Key("box", "h2", "70 to 90 %"),
    Key("box", "second", "50 to 70 %"),
    Key("box", "warm", "less than 50 %"),
    Key("line", "solid", "95 % interval of the probability"),
)


def promises(run: Run, programme: Programme) -> Drawing:
    """Return the promises that the plan keeps on time, the least sure first."""
    doubted, kept = least_sure(run), [r for r in rows(run, PROMISES) if keeps(r)]
    sure = len(kept) - len(doubted)
    said = f"Of {counted(len(kept), 'demand')} that the plan has complete on time {len(doubted):,} {'is' if len(doubted) == 1 else 'are'} in doubt."
    note = f"{counted(sure, 'more demand')} as good as sure {'is' if sure == 1 else 'are'} not drawn. " if sure else ""
    if len(doubted) > MOST_ROWS:
        note += f"The {MOST_ROWS} least sure are drawn. "
    later = len(rows(run, PROMISES)) - len(kept)
    note += f"{counted(later, 'demand')} that the plan itself has late or incomplete {'stands' if later == 1 else 'stand'} in the table below." if later else ""  # fmt: skip
    if not doubted:
        return Drawing("How sure each promise is", said, ())
    high = level(programme.settings.high_quantile)
    bands: list[Band] = [(34.0, _head(high))]
    bands += [_band(r, _named(r, programme)) for r in doubted[:MOST_ROWS]]
    bands.append((22.0, "".join(label(_x(v), 13, f"{100 * v:.0f} %", "mid") for v in (0, 0.25, 0.5, 0.75, 1))))
    body = tuple(
        (
            str(r["demand"]), _named(r, programme), day(r["due"]), day(r["planned"]), chance(r, "on_time_chance"),
            chance(r, "never_chance"), *(day(r[f"done_{q}"]) or "not in the plan" for q in ("low", "middle", "high")),
        )
        for r in doubted[:MOST_ROWS]
    )  # fmt: skip
    header = ("demand", "who and what", "due", "planned", "on time", "never", "low", "middle", "high")
    panel = pile("", said, WIDTH, bands, (header, body), least=860)
    return Drawing("How sure each promise is", said, (panel,), KEYS, note=note.strip())


def colour(value: float) -> tuple[str, str]:
    """Return the colour of a chance and of the text on it.

    >>> colour(0.95), colour(0.2)
    (('h3', 'on-light'), ('warm', 'dot-text'))
    """
    return next((style, text) for least, style, text in COLOURS if value >= least or least == 0)


def _head(high: str) -> str:
    return (
        label(NAME, 12, "demand, for whom and of what")
        + label(DUE, 12, "due")
        + label(CELL + 36, 12, "on time", "mid")
        + label(AXIS, 12, "its interval")
        + label(THEN, 12, f"complete, {high} sure")
    )


def _named(row: Cells, programme: Programme) -> str:
    who = customer_names(programme).get(row["customer"], row["customer"])
    what = f"{number(row['asked'])} × {item_names(programme).get(row['item'], row['item'])}"
    return ", ".join(filter(None, (who, what)))


def _x(value: float) -> float:
    return round(AXIS + SPAN * value, 1)


def _band(r: Cells, named: str) -> Band:
    """Return the row of a promise, as high as its name needs."""
    value, (style, on) = r["on_time_chance"], colour(r["on_time_chance"])
    name = f"{r['demand']}: {named}"
    high = STEP + 13.0 * (len(lines_of(name, DUE - 14)) - 1)
    low, top = (v if not isnan(v) else value for v in (r["on_time_chance_from"], r["on_time_chance_to"]))
    interval = "".join(tag("path", class_="rule", d=f"M{_x(v):g},0 V{high:g}") for v in (0, 0.25, 0.5, 0.75, 1))
    interval += tag("path", class_="solid", d=f"M{_x(low):g},12 H{_x(top):g}")
    interval += tag("circle", class_="place", cx=_x(value), cy=12, r=4)
    cell = tag("rect", class_=style, x=CELL, y=3, width=72, height=18, rx=3)
    words = f"{name}: {chance(r, 'on_time_chance')} sure to be on time"
    marks = text_lines(name, (NAME, 16), "ink", DUE - 14) + label(DUE, 16, day(r["due"]))
    marks += hint(cell + tag("text", whole_percent(value), class_=on, x=CELL + 36, y=16), words)
    return high, marks + hint(interval, words) + label(THEN, 16, day(r["done_high"]) or "not within the plan")
