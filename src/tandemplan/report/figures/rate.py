"""Rate against promise: good units a week of each product, what is promised a week, first delivery and full rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.report.axes import Frame, round_top
from tandemplan.report.buckets import Buckets, buckets, horizon, last_days
from tandemplan.report.chart import axes, closed, steps
from tandemplan.report.drawing import Drawing, Key, Panel, label, path, tag, text_width
from tandemplan.report.facts import Cells, item_names, item_units, rows
from tandemplan.report.wording import NOTHING, counted, day, measure, number
from tandemplan.results.fields import Shape
from tandemplan.results.shape import CRITICAL_PATH, DELIVERIES, DEMAND_SUMMARY, PRODUCTION
from tandemplan.results.store import Run

MOST_PANELS = 6
MOST_BUCKETS = 160
FOUR_WEEKS = 28
WIDTH, HEIGHT = 1060.0, 292.0
KEYS = (
    Key("box", "area", "good units of each period, a week"),
    Key("line", "solid", "made a week, mean of the last four weeks"),
    Key("line", "dashed", "promised a week: due in the last four weeks"),
)
NOTE = (
    "Where the line of what is made runs above that of what is promised, stock is built or arrears are made good; where it runs below, "
    "deliveries come from stock, or wait. Full rate is the first period that reaches the highest mean over four weeks. In the first four weeks means are of the days so far."
)


@dataclass(frozen=True)
class Product:
    """What is made of a product, promised and delivered: days with units, in any order, and the days that count."""

    item: str
    name: str
    unit: str
    made: tuple[tuple[date, date, float], ...]
    due: tuple[tuple[date, float], ...]
    delivered: tuple[tuple[date, float], ...]
    full: date | None

    @property
    def first(self) -> date | None:
        """Return the day of the first delivery."""
        return min((d for d, _ in self.delivered), default=None)


def rate(run: Run, programme: Programme) -> Drawing:
    """Return the rate of each product that is made and promised to somebody, those promised most first."""
    found = products(run, programme)
    panels = tuple(_panel(p, programme) for p in found[:MOST_PANELS])
    rest = (
        f" {counted(len(found) - MOST_PANELS, 'more product')} in the table production." if found[MOST_PANELS:] else ""
    )
    return Drawing(
        "Rate against promise",
        "; ".join(f"{p.title}: {p.subtitle}" for p in panels[:3]) + "."
        if panels
        else "Nothing that is promised is made.",
        panels,
        KEYS if panels else (),
        note=NOTE + rest if panels else "",
    )


def products(run: Run, programme: Programme) -> list[Product]:
    """Return the products that are made and promised to somebody, those promised most first."""
    names, units, until = item_names(programme), item_units(programme), last_days(programme)
    made, due, delivered = (_by_item(run, shape) for shape in (PRODUCTION, DEMAND_SUMMARY, DELIVERIES))
    full = {r["item"]: r["end"] for r in rows(run, CRITICAL_PATH) if (r["path"], r["kind"]) == ("full rate",) * 2}
    found = [
        Product(
            item,
            names.get(item, item),
            units.get(item, "each"),
            tuple(
                (r["start"], until[r["start"]] + timedelta(days=1), float(r["good"]))
                for r in made[item] if r["good"] > NOTHING
            ),
            tuple((r["due"], r["quantity"]) for r in due[item]),
            tuple((r["delivered"], r["quantity"]) for r in delivered[item] if r["quantity"] > NOTHING),
            full.get(item),
        )
        for item in due if item in made
    ]  # fmt: skip
    return sorted((p for p in found if p.made), key=lambda p: (-sum(n for _, n in p.due), p.item))


def _by_item(run: Run, shape: Shape) -> dict[str, list[Cells]]:
    found: dict[str, list[Cells]] = defaultdict(list)
    for r in rows(run, shape):
        found[r["item"]].append(r)
    return found


@dataclass(frozen=True)
class Weekly:
    """Units by bucket of time, the same a week, and the mean a week of the four weeks that end with it (or of all days so far).

    `highest` is the highest mean over four whole weeks.
    """

    units: tuple[float, ...]
    a_week: tuple[float, ...]
    mean: tuple[float, ...]
    highest: float


def weekly(spread: Sequence[tuple[date, date, float]], cut: Buckets) -> Weekly:
    """Return units by bucket from units spread evenly over days, from a day up to a day; what lies before the first counts on it.

    >>> weeks = Buckets((date(2026, 6, 1), date(2026, 6, 8)), date(2026, 6, 15), "week")
    >>> weekly([(date(2026, 6, 1), date(2026, 6, 15), 10.0), (date(2026, 6, 9), date(2026, 6, 10), 4.0)], weeks)
    Weekly(units=(5.0, 9.0), a_week=(5.0, 9.0), mean=(5.0, 7.0), highest=7.0)
    """
    start = cut.starts[0]
    size = (cut.end - start).days
    daily = np.zeros(size)
    for first, until, units in spread:
        a = max((first - start).days, 0)
        b = max((until - start).days, a + 1)
        if a < size:
            daily[a:b] += units / (b - a)
    total = np.append(0.0, np.cumsum(daily))
    edges = np.array([(d - start).days for d in (*cut.starts, cut.end)])
    units, ends = np.diff(total[edges]), edges[1:]
    window = min(max(FOUR_WEEKS, int(np.diff(edges).max())), size)
    spans = np.minimum(ends, window)
    means = 7 * (total[ends] - total[ends - spans]) / spans
    count, a_week, mean = (tuple(np.round(v, 6).tolist()) for v in (units, 7 * units / np.diff(edges), means))
    return Weekly(count, a_week, mean, round(float(means[ends >= window].max()), 6))


def _panel(product: Product, programme: Programme) -> Panel:
    cut, span = buckets(programme, MOST_BUCKETS), horizon(programme)
    one = timedelta(days=1)
    made = weekly(product.made, cut)
    due, delivered = (weekly([(d, d + one, n) for d, n in points], cut) for points in (product.due, product.delivered))
    top, step = round_top(max(*made.a_week, *due.mean))
    frame = Frame(*span, top, width=WIDTH, height=HEIGHT, left=60.0, above=58.0, right=78.0)
    good, asked, unit = sum(n for *_, n in product.made), sum(n for _, n in product.due), measure(product.unit)
    said = f"{number(good)} {unit} are made, {number(asked)} promised; {_said(product, made)}"
    area = steps(frame, list(zip(cut.starts, made.a_week, strict=True)))
    marks = (
        axes(frame, step, f"{unit} a week")
        + tag("path", class_="area", d=closed(area, frame.y(0)))
        + tag("path", class_="dashed", d=path(_curve(due.mean, cut, frame)))
        + tag("path", class_="solid", d=path(_curve(made.mean, cut, frame)))
        + _events(product, made.highest, frame)
    )
    body = zip(cut.labels, made.units, due.units, delivered.units, made.mean, due.mean, strict=True)
    return Panel(
        product.name,
        said,
        f"{said}.",
        frame.width,
        frame.height,
        marks,
        (f"{cut.step} from", "made good", "due", "delivered", "made a week", "due a week"),
        tuple((words, *(number(v) for v in values)) for words, *values in body),
        least=760,
        track=tuple(frame.x(d) for d in cut.starts),
    )


def _said(product: Product, made: Weekly) -> str:
    """Return the days that count in words."""
    first = f"first delivery {day(product.first)}" if product.first else "nothing is delivered"
    full = f"; full rate of {number(made.highest)} a week from {day(product.full)}" if product.full else ""
    return first + full


def _curve(values: Sequence[float], cut: Buckets, frame: Frame) -> list[tuple[float, float]]:
    """Return the corners of a line through means, each on the day on which its four weeks end."""
    ends = (*cut.starts[1:], cut.end)
    return [
        (frame.x(cut.starts[0]), frame.y(0)),
        *((frame.x(d), frame.y(v)) for d, v in zip(ends, values, strict=True)),
    ]


def _events(product: Product, full: float, frame: Frame) -> str:
    """Return the first delivery and the full rate as lines with their days."""
    right = frame.width - frame.right
    named = [
        (product.first, f"first delivery {day(product.first)}"),
        (product.full, f"full rate from {day(product.full)}"),
    ]
    events = sorted((when, words) for when, words in named if when is not None)
    marks = ""
    for (when, words), y in zip(events, (30.0, 48.0), strict=False):  # the later one below: its line crosses no words
        x = frame.x(min(when, frame.end))
        marks += tag("path", class_="today", d=f"M{x:g},{y - 9:g} V{frame.y(0):g}")
        over = x + 6 + text_width(words) > right
        marks += label(x - 6 if over else x + 6, y, words, "hot end" if over else "hot")
    if product.full is not None:
        y = frame.y(full)
        marks += tag("path", class_="today", d=f"M{frame.x(product.full):g},{y:g} H{right:g}")
        marks += label(right + 6, y + 4, number(full), "hot") + label(right + 6, y + 17, "a week", "small")
    return marks
