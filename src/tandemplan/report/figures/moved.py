"""What a re-plan moves, and when: units taken off their days, and units put on others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.buckets import Buckets, buckets, period_word
from tandemplan.report.drawing import Drawing, Key, Panel
from tandemplan.report.figures.purchases import spans
from tandemplan.report.strips import Course, strips
from tandemplan.report.wording import counted, number
from tandemplan.results.store import Run

KINDS = {"purchases": "Purchases", "production": "Production", "moves": "Moves", "deliveries": "Deliveries"}
DAYS = {"purchases": "receipt", "production": "start", "moves": "dispatch", "deliveries": "delivery"}


def moved(run: Run, programme: Programme) -> Drawing:
    """Return the units that a re-plan takes off their days and puts on others, over time, for each kind of order."""
    said = run.info.get("replan")
    title = "What the re-plan moves"
    if said is None:
        return Drawing(title, "The plan comes from no other plan.", ())
    if not said["changes"]:
        return Drawing(title, "Nothing moved.", ())
    cut = buckets(programme)
    word = period_word(programme) if cut.step == "period" else cut.step
    words = f"{counted(said['orders_moved'], 'change')}: {number(said['units_moved'])} units by {number(said['moved_unit_days'])} unit-days."
    return Drawing(
        title,
        words,
        (_panel(said["changes"], cut, word),),
        (Key("box", "total", "units taken off their day"), Key("box", "bar", "units put on a day")),
        note=f"Units in each {word}, by the day of receipt, start, dispatch or delivery. Each kind has its own scale: its highest bar is the most in a {word}.",
    )


def _panel(changes: Sequence[Mapping[str, Any]], cut: Buckets, word: str) -> Panel:
    courses: list[Course] = []
    body: list[tuple[str, ...]] = []
    for kind, name in KINDS.items():
        mine = [c for c in changes if c["table"] == kind]
        if not mine:
            continue
        sums = [_by_bucket(mine, side, cut) for side in ("from_date", "to_date")]
        top = max(map(max, sums))
        for one, how, style in zip(sums, ("off", "on"), ("total", "bar"), strict=True):
            label = f"{name}, {how}"
            tips = tuple(f"{label}, {at}: {number(v)} units" for at, v in zip(cut.labels, one, strict=True))
            figures = (f"{max(one):,.0f}", f"{sum(one):,.0f}")
            courses.append(Course(label, f"by day of {DAYS[kind]}", spans(one, cut), top, figures, tips, style))
            body.append((label, number(sum(one)), *(number(v) for v in one)))
    header = ("orders", "units", *cut.labels)
    return strips("", courses, (f"most in a {word}", "units"), (cut.starts[0], cut.end), (header, tuple(body)))


def _by_bucket(changes: Sequence[Mapping[str, Any]], side: str, cut: Buckets) -> list[float]:
    sums = [0.0] * len(cut.starts)
    for c in changes:
        if c[side]:
            sums[cut.of(date.fromisoformat(c[side]))] += c["quantity"]
    return sums
