"""Heat map of the load: work centres, skills and tools against time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Site
from tandemplan.report.buckets import Buckets, buckets, period_word
from tandemplan.report.chart import bucket_heads
from tandemplan.report.drawing import Band, Drawing, Key, Panel, hint, label, lines_of, pile, tag, text_lines
from tandemplan.report.facts import NO_HOURS, Cells, limits, of_delivery, resource_names, row_names, rows
from tandemplan.report.wording import counted, listed, number
from tandemplan.results.shape import LOAD
from tandemplan.results.store import Run

MOST_ROWS = 60
ROOM, HIGH, WIDTH = 284.0, 20.0, 1060.0
KINDS = {"work centre": "Work centres", "skill": "People by skill", "tool": "Tools"}
LEVELS = ((0.2, "h1"), (0.4, "h2"), (0.6, "h3"), (0.8, "h4"), (0.995, "h5"), (1.0005, "h6"))
KEYS = (
    Key("box", "empty", "no hours present"),
    Key("box", "h1", "up to 20 %"),
    Key("box", "h2", "up to 40 %"),
    Key("box", "h3", "up to 60 %"),
    Key("box", "h4", "up to 80 %"),
    Key("box", "h5", "below full"),
    Key("box", "h6", "full (99.5 % or more)"),
    Key("box", "over", "overtime"),
)


@dataclass(frozen=True)
class Course:
    """Hours of one resource: present and used in each bucket, and how many of the periods with hours present are full."""

    kind: str
    name: str
    site: str
    hours: tuple[float, ...]
    used: tuple[float, ...]
    fulls: tuple[int, ...]
    counts: tuple[int, ...]
    periods: int

    @property
    def full(self) -> int:
        """Return the number of full periods."""
        return sum(self.fulls)

    def partly(self, i: int) -> str:
        """Return how many periods of a bucket are full, blank where none or all of them are."""
        return f"{self.fulls[i]} of {self.counts[i]}" if 0 < self.fulls[i] < self.counts[i] else ""


def load(run: Run, programme: Programme) -> Drawing:
    """Return the share of the hours present that is used, for each resource over time."""
    cut = buckets(programme)
    found = courses(run, programme, cut)
    shown = found[:MOST_ROWS]
    what = cut.step
    full = [c for c in found if c.full]
    word = period_word(programme)
    said = f"{len(full)} of {counted(len(found), 'resource')} {'is' if len(full) == 1 else 'are'} full in at least one {word}"
    most = max(full, key=lambda c: c.full, default=None)
    if most is not None:
        said += f"; {most.name} in {most.full} of {counted(most.periods, word)}"
    panels = (heat_map(shown, cut, said, word),) if shown else ()
    rest = (
        f" {counted(len(found) - len(shown), 'resource')} less used are in the table load." if found[MOST_ROWS:] else ""
    )
    rest += _no_limit(full, run, programme)
    return Drawing(
        "Load of work centres, people and tools",
        f"{said}.",
        panels,
        KEYS if cut.step == "period" else (*KEYS, Key("box", "warm", f"line below: share of full {word}s")),
        note=f"Per cent of the hours present that are used in each {what}, a mean over its {word}s; a line below tells what share of them is full, of those with hours present. Each {word} belongs to the {what} in which it starts.{rest}"
        if cut.step != "period"
        else f"Per cent of the hours present that are used, by first day of the period.{rest}",
    )


def _no_limit(full: list[Course], run: Run, programme: Programme) -> str:
    """Return which full resources are no limit of deliveries, and why; blank where there are none, or nothing is limited."""
    held = [x for x in limits(run, programme) if of_delivery(x)]
    named = {x.label for x in held if x.family == "hours"}
    names = [c.name for c in sorted(full, key=lambda c: -c.full) if c.name not in named]
    if not held or not names:
        return ""
    return (
        f" Full at times, yet no limit of deliveries: {listed(names, most=3)}. One more hour of any of them alone is worth "
        "nothing to deliveries: something else runs out first."
    )


def courses(run: Run, programme: Programme, cut: Buckets) -> list[Course]:
    """Return the courses of all resources: work centres, skills, tools; the fullest first in each kind."""
    names, sites = resource_names(programme), row_names(programme, Site)
    groups: dict[tuple[str, str, str], list[Cells]] = defaultdict(list)
    for r in rows(run, LOAD):
        groups[r["kind"], r["resource"], r["site"]].append(r)
    found = [
        _course(members, kind, names.get(resource, resource), sites.get(site, site), cut)
        for (kind, resource, site), members in groups.items()
    ]
    order = {k: i for i, k in enumerate(KINDS)}
    return sorted(
        found, key=lambda c: (order.get(c.kind, 9), -c.full, -sum(c.used) / max(sum(c.hours), NO_HOURS), c.name)
    )


def _course(members: list[Cells], kind: str, name: str, site: str, cut: Buckets) -> Course:
    hours, used = [0.0] * len(cut.starts), [0.0] * len(cut.starts)
    fulls, counts = [0] * len(cut.starts), [0] * len(cut.starts)
    for r in members:
        at = cut.of(r["period_start"])
        hours[at] += r["available_hours"]
        used[at] += r["used_hours"]
        counts[at] += r["available_hours"] > NO_HOURS
        fulls[at] += r["used_hours"] >= 0.995 * r["available_hours"] and r["used_hours"] > NO_HOURS
    return Course(kind, name, site, tuple(hours), tuple(used), tuple(fulls), tuple(counts), len(members))


def heat_map(found: list[Course], cut: Buckets, said: str, word: str) -> Panel:
    """Return the courses of resources as a heat map; `word` is what a bucket is made of: a period, week or day."""
    wide = (WIDTH - ROOM - 82) / len(cut.starts)
    head = bucket_heads(cut, ROOM, wide) + label(WIDTH, 12, "full", "end") + label(WIDTH, 26, f"{word}s", "end small")
    bands, kind = [(34.0, head)], ""
    for c in found:
        high, marks = _band(c, cut, wide, word)
        if c.kind != kind:  # the name of a kind stays with its first row
            room, kind = (26.0 if kind else 18.0), c.kind
            above = label(0, room - 5, KINDS.get(kind, kind), "small")
            high, marks = high + room, f'{above}<g transform="translate(0 {room:g})">{marks}</g>'
        bands.append((high, marks))
    header = ("resource", "kind", "site", f"full {word}s", *cut.labels)
    body = tuple(
        (
            c.name,
            c.kind,
            c.site,
            f"{c.full} of {c.periods}",
            *(_share(c, i) for i in range(len(c.used))),
        )
        for c in found
    )
    return pile("", said, WIDTH, bands, (header, body), least=900)


def _band(c: Course, cut: Buckets, wide: float, word: str) -> Band:
    names = lines_of(c.name, ROOM - 12)
    parts = [text_lines(c.name, (0, 14), "ink", ROOM - 12)]
    for i, (used, hours) in enumerate(zip(c.used, c.hours, strict=True)):
        parts.append(_cell(c, i, used, hours, (cut.labels[i], wide, word)))
    words = f"{c.full} of {c.periods}" if c.full else "–"
    parts.append(label(WIDTH, 14, words, "end hot" if c.full else "end"))
    return HIGH + 13 * (len(names) - 1), "".join(parts)


def _cell(c: Course, i: int, used: float, hours: float, about: tuple[str, float, str]) -> str:
    when, wide, word = about
    x = round(ROOM + wide * i, 1)
    style = "empty" if hours <= NO_HOURS and used <= NO_HOURS else level(used, hours)
    mark = tag("rect", class_=style, x=x, y=1, width=round(wide - 1, 1), height=HIGH - 2)
    if style == "empty":
        return mark
    share = 100 * used / hours if hours > NO_HOURS else 100.0
    words = f"{share:.0f}" if share >= 0.5 else ""
    dark = style in ("h4", "h5", "h6", "over")
    text = (
        tag("text", words, class_="on-heat" if dark else "on-light", x=round(x + wide / 2 - 0.5, 1), y=14)
        if words
        else ""
    )
    said = f"{c.name}, {when}: {number(used)} of {number(hours)} hours"
    if c.partly(i):
        line = round((wide - 1) * c.fulls[i] / c.counts[i], 1)
        text += tag("rect", class_="warm", x=x, y=HIGH - 4, width=line, height=3)
        said += f", full in {c.partly(i)} {word}s"
    return hint(mark + text, said)


def level(used: float, hours: float) -> str:
    """Return the class of a share of hours used.

    >>> level(0, 40), level(30, 40), level(40, 40), level(44, 40)
    ('h1', 'h4', 'h6', 'over')
    """
    share = used / hours if hours > NO_HOURS else 2.0
    return next((name for top, name in LEVELS if share < top), "over")


def _share(c: Course, i: int) -> str:
    used, hours = c.used[i], c.hours[i]
    if hours <= NO_HOURS:
        return "" if used <= NO_HOURS else "no hours present"
    return f"{100 * used / hours:.0f} %" + (f" ({c.partly(i)} full)" if c.partly(i) else "")
