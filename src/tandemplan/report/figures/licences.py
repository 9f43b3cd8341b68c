"""Licences and consents on a calendar: when each is valid, asked for and used, and how much may still go under it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Licence
from tandemplan.report.axes import Frame, Tick, date_ticks
from tandemplan.report.buckets import horizon
from tandemplan.report.chart import date_axis
from tandemplan.report.drawing import (
    Band,
    Drawing,
    Key,
    Panel,
    Row,
    hint,
    label,
    lines_of,
    pile,
    tag,
    text_lines,
    text_width,
)
from tandemplan.report.facts import Cells, row_names, rows
from tandemplan.report.strips import rules
from tandemplan.report.wording import NOTHING, counted, day, number
from tandemplan.results.shape import LICENCES
from tandemplan.results.store import Run

WIDTH, ROOM, SPAN, STEP = 1060.0, 372.0, 520.0, 34.0
TOP, HIGH = 9.0, 16.0  # of a time in its row
HEADS = {
    "standing": "Standing licences",
    "per order": "Licences for each order",
    "consent": "Consents asked for with each move",
}
KEYS = (
    Key("box", "area", "valid"),
    Key("box", "bar", "in use: from the first dispatch to the last, or a day of dispatch"),
    Key("box", "warm", "in use up to its cap"),
    Key("line", "dashed", "asked for, until granted"),
    Key("box", "lost", "not valid: what it covers stays where it is"),
)
HEADER = (
    "licence", "name", "kind", "time", "orders", "asked for", "granted", "valid until", "first dispatch", "last dispatch", "units", "cap",
    "margin",
)  # fmt: skip
NOTE = (
    "The figures in a time are the units that go under it, and the most that may. Who issues a licence, and of what type it is, stands below its name. "
    "Consents are those of the licences named, to goods that contain what they cover and cross a further border."
)


@dataclass(frozen=True)
class _Subject:
    """One row of the picture: a licence of a kind with its rows of the table, in order of time."""

    licence: str
    kind: str
    members: Sequence[Cells]

    @property
    def least(self) -> float | None:
        """Return the least margin of its times or orders (None: there is no cap)."""
        return min((m["margin"] for m in self.members if m["capped"]), default=None)


def licences(run: Run, programme: Programme) -> Drawing:
    """Return when licences are valid, asked for and used, standing ones first, then those per order and consents."""
    title, subjects = "Licences and consents", _subjects(run, programme)
    if not subjects:
        return Drawing(title, "Nothing needs a licence.", ())
    said = _said(subjects)
    frame = Frame(*horizon(programme), 1.0, width=WIDTH, left=ROOM, right=WIDTH - ROOM - SPAN)
    ticks = date_ticks(frame)
    names, below = row_names(programme, Licence), _issuers(programme)
    bands: list[Band] = [(20.0, label(WIDTH, 12, "units under it", "end"))]
    for kind, head in HEADS.items():
        mine = [s for s in subjects if s.kind == kind]
        drawn = [_band(s, (names.get(s.licence, s.licence), below.get(s.licence, "")), frame, ticks) for s in mine]
        if drawn:
            high, marks = drawn[0]
            heading = label(0, 16, head, "strong", size=12.5)
            bands += [(high + 26.0, f'{heading}<g transform="translate(0 26)">{marks}</g>'), *drawn[1:]]
    bands.append((26.0, date_axis(ROOM, ROOM + SPAN, 0, ticks)))
    table = HEADER, tuple(row for s in subjects for row in _numbers(s, names.get(s.licence, s.licence)))
    panel: Panel = pile("", said, WIDTH, bands, table, least=860)
    return Drawing(title, said, (panel,), _keys(panel.drawn), note=NOTE)


def _subjects(run: Run, programme: Programme) -> list[_Subject]:
    found: list[_Subject] = []
    table = rows(run, LICENCES)
    for kind in HEADS:
        for row in programme[Licence].rows() if table else ():
            mine = [r for r in table if r["licence"] == row.licence and r["kind"] == kind]
            if mine or (kind, row.kind) == ("standing", "standing"):
                found.append(_Subject(row.licence, kind, sorted(mine, key=lambda r: (r["granted"], r["order"]))))
    return found


def _issuers(programme: Programme) -> dict[str, str]:
    countries = row_names(programme, Country)
    return {
        x.licence: ", ".join(w for w in (countries.get(x.country, x.country), x.licence_type) if w)
        for x in programme[Licence].rows()
    }


def _said(subjects: Sequence[_Subject]) -> str:
    """Return how many licences of each kind there are, and where a cap is reached."""
    standing = [s for s in subjects if s.kind == "standing"]
    again = sum(max(len(s.members) - 1, 0) for s in standing)
    parts = [f"{counted(len(standing), 'standing licence')}, renewed {counted(again, 'time')}"] if standing else []
    for kind, word in (("per order", "licence per order"), ("consent", "consent")):
        count = sum(len(s.members) for s in subjects if s.kind == kind)
        parts += [counted(count, word).replace("licence per orders", "licences per order")] if count else []
    full = sum(s.least is not None and s.least < NOTHING for s in subjects)
    reached = f" {counted(full, 'licence')} {'is' if full == 1 else 'are'} used up to the cap." if full else ""
    return f"{'; '.join(parts)}.{reached}"


def _keys(marks: str) -> tuple[Key, ...]:
    """Return the legend of what is drawn."""
    return tuple(k for k in KEYS if f'class="{k.style}"' in marks)


def _band(subject: _Subject, words: tuple[str, str], frame: Frame, ticks: Sequence[Tick]) -> Band:
    name, below = words
    named = lines_of(name, ROOM - 16)
    high = STEP + 13.0 * (len(named) - 1)
    texts = text_lines(name, (0, 14), "ink", ROOM - 16)
    texts += label(0, 14 + 13 * len(named) - 1, below, "small", ROOM - 16, size=10)
    units, small = _figures(subject)
    texts += label(WIDTH, 16, units, "ink end") + label(WIDTH, 28, small, "small end", size=10)
    drawn = _times(subject, frame) if subject.kind == "standing" else _orders(subject, frame)
    return high, rules(ticks, high) + texts + drawn


def _figures(subject: _Subject) -> tuple[str, str]:
    """Return the units under a licence, and in small what is left of its cap or how often it is asked for."""
    total = number(sum(m["units"] for m in subject.members))
    if subject.kind == "standing" and not subject.members:
        return "not granted", "within the plan"
    count = len(subject.members)
    words = {"standing": "valid once" if count == 1 else f"valid {count} times", "per order": counted(count, "order")}
    small = words.get(subject.kind, counted(count, "move"))
    if subject.least is not None:
        small += f", least margin {number(subject.least)}"
    return total, small


def _times(subject: _Subject, frame: Frame) -> str:
    """Return the times of a standing licence: valid, in use, asked for; and between them those without it."""
    marks, until = list[str](), None
    for m in subject.members:
        granted, end = max(m["granted"], frame.start), min(m["valid_until"] or frame.end, frame.end)
        if until is not None and until < granted:
            marks.append(_without(until, granted, frame))
        marks.append(_valid(m, (granted, end), frame))
        marks.append(_asked(((m["asked"], m["granted"]),), frame))
        until = end
    if until is not None and until < frame.end:
        marks.append(_without(until, frame.end, frame))
    return "".join(marks)


def _without(first: date, last: date, frame: Frame) -> str:
    return hint(_rect("lost", (first, last), (TOP, HIGH), frame), f"not valid from {day(first)} to {day(last)}")


def _valid(m: Cells, span: tuple[date, date], frame: Frame) -> str:
    full = m["capped"] and m["margin"] < NOTHING
    parts = [_rect("area", span, (TOP, HIGH), frame)]
    if m["first_dispatch"]:
        used = (m["first_dispatch"], m["last_dispatch"])
        parts.append(_rect("warm" if full else "bar", used, (TOP + HIGH - 4, 4.0), frame))
    words = number(m["units"]) + (f" of {number(m['cap'])}" if m["capped"] else "")
    left, right = frame.x(span[0]), frame.x(span[1])
    if text_width(words, 10) + 6 < right - left:
        parts.append(label((left + right) / 2, TOP + 8.5, words, "mid small hot" if full else "mid small", size=10))
    until = f"valid until {day(m['valid_until'])}" if m["valid_until"] else "valid for good"
    return hint("".join(parts), f"asked for {day(m['asked'])}, granted {day(m['granted'])}, {until}: {words} units")


def _orders(subject: _Subject, frame: Frame) -> str:
    """Return the days of dispatch under licences per order or consents, and when they are being asked for."""
    days = sorted({m["first_dispatch"] for m in subject.members})
    full = {m["first_dispatch"] for m in subject.members if m["capped"] and m["margin"] < NOTHING}
    marks = [_asked([(m["asked"], m["granted"]) for m in subject.members], frame)]
    for when in days:
        units = sum(m["units"] for m in subject.members if m["first_dispatch"] == when)
        style = "warm" if when in full else "bar"
        bar = tag("rect", class_=style, x=frame.x(when) - 0.6, y=TOP + 2, width=1.6, height=HIGH - 4)
        marks.append(hint(bar, f"{day(when)}: {number(units)} units"))
    return "".join(marks)


def _asked(spans: Iterable[tuple[date, date]], frame: Frame) -> str:
    """Return the spans from asking to granting as one line, those that overlap joined."""
    joined: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    ends = [(frame.x(max(a, frame.start)), frame.x(max(min(b, frame.end), frame.start))) for a, b in joined]
    line = "".join(f"M{a:g},{TOP - 4:g}H{b:g}" for a, b in ends if b > a)
    return tag("path", class_="dashed", d=line) if line else ""


def _rect(style: str, span: tuple[date, date], place: tuple[float, float], frame: Frame) -> str:
    left, right = frame.x(max(span[0], frame.start)), frame.x(min(span[1], frame.end))
    wide = round(max(right - left - 1.2, 1.5), 1)  # neighbours stay apart
    return tag("rect", class_=style, x=left, y=place[0], width=wide, height=place[1])


def _numbers(subject: _Subject, name: str) -> list[Row]:
    """Return a row for each time of a standing licence, and one for all orders or moves of another."""
    members = subject.members
    if not members:
        return [(subject.licence, name, "standing", *[""] * 7, "0", "", "")]
    if subject.kind == "standing":
        return [
            (
                subject.licence, name, subject.kind, number(m["number"]), "", day(m["asked"]), day(m["granted"]), day(m["valid_until"]),
                day(m["first_dispatch"]), day(m["last_dispatch"]), number(m["units"]), *_cap(m),
            )
            for m in members
        ]  # fmt: skip
    tightest = min(members, key=lambda m: m["margin"])
    return [
        (
            subject.licence, name, subject.kind, "", number(len(members)), day(min(m["asked"] for m in members)), "", "",
            day(min(m["first_dispatch"] for m in members)), day(max(m["last_dispatch"] for m in members)),
            number(sum(m["units"] for m in members)), *_cap(tightest),
        )
    ]  # fmt: skip


def _cap(m: Cells) -> tuple[str, str]:
    return (number(m["cap"]), number(m["margin"])) if m["capped"] else ("", "")
