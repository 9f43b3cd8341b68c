"""How operations learn: hours of one unit falling to the plateau, and first-pass yield rising to what is mature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor

from tandemplan.model.programme import Programme
from tandemplan.report.axes import Frame, marked_days, round_top
from tandemplan.report.buckets import horizon, period_starts, period_word
from tandemplan.report.chart import axes
from tandemplan.report.drawing import Drawing, Key, Panel, label, path, tag
from tandemplan.report.learners import HOURS, YIELD, Learner, learners
from tandemplan.report.wording import counted, day, listed, number
from tandemplan.results.store import Run

MOST_PANELS = 9
KEYS = {
    HOURS: (Key("line", "solid", "mean hours of one unit"), Key("line", "dashed", "plateau: all is learnt")),
    YIELD: (Key("line", "solid", "first-pass yield"), Key("line", "dashed", "mature: all is learnt")),
}
DOT = Key("dot", "site", "a tenth of what there is to learn is left")
ABOVE = "The numbers above each picture are the units made by then by all that the operation learns with, elsewhere included."


@dataclass(frozen=True)
class Curve:
    """What one operation learns: by period the value, and the value when all is learnt."""

    learner: Learner
    column: str
    goal: float
    unit: str
    scale: float

    @property
    def points(self) -> tuple[tuple[date, float], ...]:
        """Return the first days of the periods, and the value in each."""
        return tuple((r["period_start"], r[self.column] * self.scale) for r in self.learner.rows)

    def words(self, value: float) -> str:
        """Return a value in words."""
        return _percent(value) if self.column == YIELD else f"{number(float(f'{value:.3g}'))} h"


def learning(run: Run, programme: Programme) -> Drawing:
    """Return the hours of one unit over time, for the operations with most hours of work in the plan."""
    found = [x for x in learners(run, programme) if x.learns_hours]
    moving = [x for x in found if x.moves(HOURS)]
    curves = [Curve(x, HOURS, x.operation.plateau_hours, "hours per unit", 1.0) for x in moving]
    share = sum(x.work for x in moving[:MOST_PANELS]) / (sum(x.work for x in moving) or 1.0)
    rest = f" with fewer hours of work (those drawn have {100 * share:.0f} % of them)"
    return _drawing("Hours of work in one unit", curves, len(found) - len(moving), rest, programme)


def yields(run: Run, programme: Programme) -> Drawing:
    """Return the first-pass yield over time, for the operations with most rejects in the plan."""
    found = sorted((x for x in learners(run, programme) if x.learns_yield), key=lambda x: (-x.rejected, x.name))
    moving = [x for x in found if x.moves(YIELD)]
    curves = [Curve(x, YIELD, 100 * x.operation.yield_mature_share, "% pass the first time", 100.0) for x in moving]
    return _drawing("First-pass yield", curves, len(found) - len(moving), " with fewer rejects", programme)


def _drawing(title: str, curves: Sequence[Curve], done: int, rest: str, programme: Programme) -> Drawing:
    """Return the first of the curves; `done` operations have learnt all before, `rest` says what is special about those left out."""
    if not curves:
        return Drawing(title, "Nothing that the plan makes is still being learnt.", ())
    panels = tuple(_panel(c, programme) for c in curves[:MOST_PANELS])
    left = f"{counted(len(curves) - MOST_PANELS, 'operation')}{rest}" if curves[MOST_PANELS:] else ""
    learnt = f"{counted(done, 'operation')} that {'has' if done == 1 else 'have'} learnt all before" if done else ""
    out = f" Not drawn: {listed(w for w in (left, learnt) if w)}." if left or learnt else ""
    return Drawing(
        title,
        "; ".join(f"{p.title}: {p.subtitle}" for p in panels[:3]) + ".",
        panels,
        (*KEYS[curves[0].column], DOT),
        columns=min(len(panels), 3),
        note=f"{ABOVE}{out}",
    )


def _panel(curve: Curve, programme: Programme) -> Panel:
    learner, points = curve.learner, curve.points
    starts, end = period_starts(programme)
    until = dict(zip(starts, [*starts[1:], end], strict=True))
    frame, step = _frame(curve, horizon(programme))
    word, done = period_word(programme), "plateau" if curve.column == HOURS else "mature"
    first = f"{curve.words(points[0][1])} in its first {word}"
    said = f"{first}, {curve.words(points[-1][1])} in its last; {done} {curve.words(curve.goal)}"
    return Panel(
        learner.name,
        said,
        f"{curve.unit}: {said}.",
        frame.width,
        frame.height,
        axes(frame, step, curve.unit) + _made(learner, frame) + _line(curve, frame, until.get(points[-1][0], end)),
        ("period from", curve.unit, done, "units started", "made before"),
        tuple(
            (
                day(r["period_start"]),
                number(round(v, 3)),
                number(round(curve.goal, 3)),
                number(r["units"]),
                number(r["experience_units"]),
            )
            for r, (_, v) in zip(learner.rows, points, strict=True)
        ),
        track=tuple(frame.x(d) for d, _ in points),
    )


def _frame(curve: Curve, span: tuple[date, date]) -> tuple[Frame, float]:
    """Return the frame of a curve and the step of its values: hours from nothing, yields from a round share up to all."""
    values = [curve.goal, *(v for _, v in curve.points)]
    if curve.column == HOURS:
        top, step = round_top(max(values), 4)
        return Frame(*span, top, height=232.0, above=36.0), step
    _, step = round_top(100.0 - min(values), 4)
    base = max(step * floor((min(values) - 1e-9) / step), 0.0)
    return Frame(*span, 100.0, height=232.0, above=36.0, base=base), step


def _made(learner: Learner, frame: Frame) -> str:
    """Return the units made by the days of the axis, above the picture."""
    right = frame.width - frame.right - 18
    texts = (label(min(frame.x(d), right), 27, number(round(learner.made_by(d))), "mid") for d, _ in marked_days(frame))
    return label(0, 27, "made", "") + "".join(texts)


def _line(curve: Curve, frame: Frame, end: date) -> str:
    points, right, floor_y = curve.points, frame.width - frame.right, frame.y(frame.base)
    ends = [*(d for d, _ in points[1:]), end]
    corners = [
        c for (d, v), e in zip(points, ends, strict=True) for c in ((frame.x(d), frame.y(v)), (frame.x(e), frame.y(v)))
    ]
    area = f"{path(corners)} L{corners[-1][0]:g},{floor_y:g} L{corners[0][0]:g},{floor_y:g} Z"
    marks = tag("path", class_="area", d=area) if frame.base == 0 else ""
    marks += tag("path", class_="dashed", d=f"M{frame.left:g},{frame.y(curve.goal):g} H{right:g}")
    marks += tag("path", class_="solid", d=path(corners))
    near = curve.learner.near(curve.column)
    if near is not None:
        marks += tag("circle", class_="site", cx=frame.x(near), cy=frame.y(dict(points)[near]), r=5)
    return marks


def _percent(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") + " %"
