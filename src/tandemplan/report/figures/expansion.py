"""What capacity the plan adds: the shift pattern that each site works when, and stations and tool sets that are bought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tandemplan.model.programme import Programme
from tandemplan.model.schema import ShiftPattern, Site, Tool, WorkCentre
from tandemplan.report.axes import Frame, Tick, date_ticks
from tandemplan.report.buckets import horizon
from tandemplan.report.chart import date_axis
from tandemplan.report.drawing import (
    Band,
    Drawing,
    Key,
    Row,
    hint,
    label,
    lines_of,
    pile,
    tag,
    text_lines,
    text_width,
)  # fmt: skip
from tandemplan.report.facts import Cells, resource_names, row_names, rows
from tandemplan.report.strips import rules
from tandemplan.report.wording import counted, day, money, number
from tandemplan.results.shape import INVESTMENTS, SHIFTS
from tandemplan.results.store import Run

MOST_ROWS = 30
WIDTH, ROOM, SPAN, HIGH = 1060.0, 300.0, 500.0, 30.0
HEATS = ("h1", "h2", "h3", "h4", "h5", "h6")
KEYS = (
    Key("dot", "site", "order, on the day on which it is paid"),
    Key("line", "tick", "ordered and not there yet"),
    Key("box", "second", "stations or sets bought so far"),
)
HEADER = ("what", "kind", "pattern or units", "decided or ordered", "from", "until", "price of one", "cost")


def expansion(run: Run, programme: Programme) -> Drawing:
    """Return the shifts worked by sites that have a choice, and what is bought when, in order of the first order."""
    worked, bought = rows(run, SHIFTS), rows(run, INVESTMENTS)
    said = _said(worked, bought, programme)
    if not worked and not bought:
        return Drawing("Shifts, stations and tools", said, ())
    frame = Frame(*horizon(programme), 1.0, width=WIDTH, left=ROOM, right=WIDTH - ROOM - SPAN)
    ticks = date_ticks(frame)
    bands = [*_shifts(worked, frame, ticks, programme), *_purchases(bought, frame, ticks, programme)]
    bands.append((28.0, date_axis(ROOM, ROOM + SPAN, 2, ticks)))
    table = (HEADER, (*_shift_rows(worked, programme), *_bought_rows(bought, programme)))
    count = len({r["resource"] for r in bought})
    rest = f" The first {MOST_ROWS} of {count} resources are drawn." if count > MOST_ROWS else ""
    return Drawing(
        "Shifts, stations and tools",
        said,
        (pile("", said, WIDTH, bands, table, least=860),),
        (*_pattern_keys(worked, programme), *(KEYS if bought else ())),
        note=_note(worked, bought) + rest,
    )


def _note(worked: Sequence[Cells], bought: Sequence[Cells]) -> str:
    shifts = "Hours a week are those of one station, before holidays and availability." if worked else ""
    orders = "Each row of purchases has its own scale: its highest point is all that is bought." if bought else ""
    return f"{shifts} {orders}".strip()


def _said(worked: Sequence[Cells], bought: Sequence[Cells], programme: Programme) -> str:
    sites = {r["site"] for r in worked}
    changes = len(worked) - len(sites)
    shifts = (
        f"{counted(len(sites), 'site')} with a choice of shifts, {counted(changes, 'change')} of pattern"
        if worked
        else "no choice of shifts"
    )
    cost = money(sum(r["cost"] for r in bought), programme.settings.currency)
    kinds = {k: sum(r["units"] for r in bought if r["kind"] == k) for k in ("work centre", "tool")}
    words = [counted_units(n, w) for n, w in zip(kinds.values(), ("station", "tool set"), strict=True) if n]
    orders = f"{' and '.join(words)} are bought for {cost}" if words else "nothing is bought"
    said = f"{shifts}; {orders}."
    return said[0].upper() + said[1:]


# Shifts.


def weekly_hours(pattern: ShiftPattern) -> float:
    """Return the hours that a station is open in a week of a pattern."""
    return pattern.shifts_per_day * pattern.days_per_week * pattern.hours_per_shift


@dataclass(frozen=True)
class Shade:
    """A pattern that is worked: its name, its hours a week, and how dark it is drawn."""

    pattern: str
    name: str
    hours: float
    style: str


def _shades(worked: Sequence[Cells], programme: Programme) -> dict[str, Shade]:
    """Return the patterns that are worked, those with fewest hours a week first; the darker, the more hours."""
    there = {r["shift_pattern"] for r in worked}
    known = [p for p in programme[ShiftPattern].rows() if p.shift_pattern in there]
    hours = sorted({weekly_hours(p) for p in known})
    style = {h: HEATS[i * 5 // max(len(hours) - 1, 1)] for i, h in enumerate(hours)}
    known.sort(key=lambda p: (weekly_hours(p), p.shift_pattern))
    return {
        p.shift_pattern: Shade(p.shift_pattern, p.name or p.shift_pattern, weekly_hours(p), style[weekly_hours(p)])
        for p in known
    }


def _pattern_keys(worked: Sequence[Cells], programme: Programme) -> list[Key]:
    return [
        Key(
            "box",
            s.style,
            f"{s.pattern}: {s.name}, {number(s.hours)} h a week"
            if s.name != s.pattern
            else f"{s.pattern}, {number(s.hours)} h a week",
        )
        for s in _shades(worked, programme).values()
    ]


def _shifts(worked: Sequence[Cells], frame: Frame, ticks: Sequence[Tick], programme: Programme) -> list[Band]:
    if not worked:
        return []
    shades, names, found = _shades(worked, programme), row_names(programme, Site), defaultdict[str, list[Cells]](list)
    for r in worked:
        found[r["site"]].append(r)
    bands = [(20.0, label(0, 14, "Shifts worked", "strong") + _heads(("first", "most", "last")))]
    for site, members in found.items():
        members.sort(key=lambda r: r["first_day"])
        name = names.get(site, site) or "the plant"
        high = HIGH + 13 * (len(lines_of(name, ROOM - 16)) - 1)
        there = [(r, shades[r["shift_pattern"]]) for r in members if r["shift_pattern"] in shades]
        hours = [s.hours for _, s in there]
        texts = _figures([f"{number(h)} h" for h in (hours[0], max(hours), hours[-1])] if hours else [])
        marks = "".join(_segment(r, s, frame) for r, s in there)
        bands.append((high, rules(ticks, high) + text_lines(name, (0, 19), "ink", ROOM - 16) + marks + texts))
    return bands


def _segment(r: Cells, shade: Shade, frame: Frame) -> str:
    left, right = frame.x(r["first_day"]), frame.x(min(r["last_day"] + timedelta(days=1), frame.end))
    wide = round(max(right - left - 1, 1.0), 1)
    words = next((w for w in (shade.name, shade.pattern) if text_width(w, 9) <= wide - 6), "")
    text = "on-heat" if shade.style in HEATS[3:] else "on-light"
    marks = tag("rect", class_=shade.style, x=left, y=5, width=wide, height=20, rx=2)
    marks += tag("text", words, class_=text, x=round(left + wide / 2, 1), y=18.5) if words else ""
    decided = f", decided {day(r['decided'])}" if r["decided"] else ", as at the start"
    hours = f"{shade.name} ({number(shade.hours)} h a week)"
    return hint(marks, f"{hours}: {day(r['first_day'])} to {day(r['last_day'])}{decided}")


def _shift_rows(worked: Sequence[Cells], programme: Programme) -> list[Row]:
    sites, names = row_names(programme, Site), row_names(programme, ShiftPattern)
    return [
        (
            sites.get(r["site"], "") or r["site"], "shift pattern", names.get(r["shift_pattern"], "") or r["shift_pattern"],
            day(r["decided"]), day(r["first_day"]), day(r["last_day"]), "", "",
        )
        for r in sorted(worked, key=lambda r: (r["site"], r["first_day"]))
    ]  # fmt: skip


# Stations and sets.


@dataclass(frozen=True)
class Bought:
    """What is bought of one resource, in order of use, and how many of it the programme has already."""

    name: str
    word: str
    there: float
    orders: tuple[Cells, ...]

    @property
    def units(self) -> float:
        """Return the stations or sets bought."""
        return float(sum(r["units"] for r in self.orders))


def _purchases(bought: Sequence[Cells], frame: Frame, ticks: Sequence[Tick], programme: Programme) -> list[Band]:
    if not bought:
        return []
    currency = programme.settings.currency
    heads = _heads(("there", "bought", f"cost, {currency}"))
    bands = [
        (32.0, f'<g transform="translate(0 12)">{label(0, 14, "Stations and tool sets bought", "strong")}{heads}</g>')
    ]
    for b in _by_resource(bought, programme)[:MOST_ROWS]:
        high = HIGH + 13 * (len(lines_of(b.name, ROOM - 16)) - 1)
        cost = sum(r["cost"] for r in b.orders)
        texts = _figures([number(b.there), f"+{number(b.units)}", number(cost)])
        bands.append(
            (
                high,
                rules(ticks, high)
                + text_lines(b.name, (0, 19), "ink", ROOM - 16)
                + _course(b, frame, currency)
                + texts,
            )
        )
    return bands


def _by_resource(bought: Sequence[Cells], programme: Programme) -> list[Bought]:
    names, there = resource_names(programme), _there(programme)
    found: dict[tuple[str, str, str], list[Cells]] = defaultdict(list)
    for r in bought:
        found[r["kind"], r["resource"], r["site"]].append(r)
    made = [
        Bought(
            names.get(resource, resource),
            "station" if kind == "work centre" else "set",
            there.get(resource, 0.0),
            tuple(sorted(members, key=lambda r: (r["usable"], r["ordered"]))),
        )
        for (kind, resource, _), members in found.items()
    ]
    return sorted(made, key=lambda b: (b.orders[0]["ordered"], b.name))


def _there(programme: Programme) -> dict[str, float]:
    centres = {w.work_centre: float(w.stations) for w in programme[WorkCentre].rows()}
    return centres | {t.tool: float(t.sets) for t in programme[Tool].rows()}


def _course(b: Bought, frame: Frame, currency: str) -> str:
    """Return what is bought so far as steps, and each order with the time until its first use."""
    base, room = 25.0, 18.0
    total, level = b.units, 0.0
    marks, corners = "", f"M{frame.x(b.orders[0]['usable']):g},{base:g}"
    for r in b.orders:
        level += r["units"]
        corners += f"H{frame.x(r['usable']):g}V{round(base - room * level / total, 1):g}"
    marks += tag("path", class_="second", d=f"{corners}H{frame.x(frame.end):g}V{base:g}Z")
    after = [*(frame.x(r["usable"]) for r in b.orders[1:]), frame.x(frame.end)]
    for r, end in zip(b.orders, after, strict=True):
        x, until = frame.x(r["ordered"]), frame.x(r["usable"])
        said = f"{b.name}: {counted_units(r['units'], b.word)} ordered {day(r['ordered'])} for {money(r['cost'], currency)}, in use from {day(r['usable'])}"
        line = tag("path", class_="tick", d=f"M{x:g},{base:g} H{until:g}", stroke_width=2)
        dot = tag("circle", class_="site", cx=x, cy=base, r=4)
        plus = f"+{number(r['units'])}"
        room = end - until >= text_width(plus) + 6
        marks += hint(line + dot, said) + (label(until + 4, base - 6, plus, "strong") if room else "")
    return marks


def counted_units(units: float, word: str) -> str:
    """Return a number of stations or sets in words.

    >>> counted_units(1.0, "set"), counted_units(2.0, "station")
    ('1 set', '2 stations')
    """
    return f"{number(units)} {word}{'' if units == 1 else 's'}"


def _bought_rows(bought: Sequence[Cells], programme: Programme) -> list[Row]:
    names = resource_names(programme)
    return [
        (
            names.get(r["resource"], "") or r["resource"], r["kind"], number(r["units"]), day(r["ordered"]), day(r["usable"]), "",
            number(r["price"]), number(r["cost"]),
        )
        for r in sorted(bought, key=lambda r: (r["ordered"], r["resource"]))
    ]  # fmt: skip


_COLUMNS = tuple(ROOM + SPAN + (WIDTH - ROOM - SPAN) * (i + 1) / 3 for i in range(3))


def _heads(words: Sequence[str]) -> str:
    return "".join(label(x, 14, w, "end") for x, w in zip(_COLUMNS, words, strict=True))


def _figures(words: Sequence[str]) -> str:
    return "".join(label(x, 19, w, "ink end") for x, w in zip(_COLUMNS, words, strict=False))
