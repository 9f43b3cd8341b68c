"""The book that all checks read: the programme, the days, the printed rows, and what they move."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from types import SimpleNamespace
from typing import Any

import numpy as np

from tandemplan.audit.dated import Dated, dated_of
from tandemplan.audit.days import EPOCH, Horizon, horizon_of, number
from tandemplan.audit.findings import QUANTITY_STEP
from tandemplan.audit.learning import Curves, Experience, Rate, experience, learns, school_of
from tandemplan.audit.met import met_of
from tandemplan.audit.openings import Openings, openings_of
from tandemplan.audit.routes import Route, routes_of
from tandemplan.audit.wanted import Wanted, wanted_of
from tandemplan.model.changes import chosen_on
from tandemplan.model.programme import Programme
from tandemplan.model.schema import OpenOrder, Option, Stock
from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.shape import OPTIONS, SHAPES
from tandemplan.results.store import Frame

Node = tuple[str, str]
Line = Any  # a row of a result table: its cells by column name, days as numbers, and `line` in its file
BLANK = -(2**62)
FIRST, LAST = number(date(1000, 1, 1)), number(date(9000, 1, 1))  # days that a plan can have


@dataclass(frozen=True, slots=True)
class Flow:
    """Units that come to a node or leave it on a day; `kind` is the column of `stock` that counts them."""

    day: int
    kind: str
    units: float


@dataclass(frozen=True)
class Book:
    """A run beside its programme, in which the options are chosen that the run chooses; `given` is it without them. `lines` are the rows of result tables, `flows` what comes and goes at each node.

    `nominal` is when tasks would end if they needed nothing made, `met` the day by which what tasks need is made, `opening` stock at the start by node, `phases` the day within a period on which a node acts.
    """

    programme: Programme
    given: Programme
    info: Mapping[str, Any]
    lines: Mapping[str, Sequence[Line]]
    horizon: Horizon
    dated: Dated
    openings: Openings
    nominal: Openings
    met: Mapping[str, int]
    routes: Mapping[tuple[str, str, str], Route]
    experience: Experience
    curves: Curves
    flows: Mapping[Node, Sequence[Flow]]
    opening: Mapping[Node, float]
    phases: Mapping[Node, int]
    wanted: Mapping[str, Wanted]

    def rows(self, shape: Shape) -> Sequence[Line]:
        """Return the rows of a result table."""
        return self.lines.get(shape.name, ())

    def rates(self, route: Route, period: int) -> list[Rate]:
        """Return the rates of the operations of a route in a period, by the units that they had started before and start in it."""
        found = []
        for step in route.steps:
            before, units = self.experience.get(school_of(step.operation), {}).get(period, (0.0, 0.0))
            found.append(self.curves.rate(step.operation, before, units))
        return found

    def node_day_from(self, node: Node, day: int) -> int:
        """Return the first day of a node that is not before `day`."""
        phase = self.phases.get(node, 0)
        cuts = self.horizon.cuts
        period = bisect_left(cuts, day - phase, 0, len(cuts) - 1)
        return cuts[period] + phase if period < len(cuts) - 1 else self.horizon.end

    def node_day_until(self, node: Node, day: int) -> int | None:
        """Return the last day of a node that is not after `day`, or None."""
        cuts, phase = self.horizon.cuts, self.phases[node]
        period = bisect_right(cuts, day - phase, 0, len(cuts) - 1) - 1
        return cuts[period] + phase if period >= 0 else None


def book_of(programme: Programme, info: Mapping[str, Any], frames: Mapping[str, Frame]) -> Book:
    """Return the book of a run whose cells have all been read."""
    lines = {s.name: lines_of(s, frames[s.name]) for s in SHAPES if s.name in frames}
    given, programme = programme, with_choices(programme, lines.get(OPTIONS.name, ()))
    horizon, dated = horizon_of(programme.settings), dated_of(programme)
    met = met_of(programme, lines, horizon)
    openings = openings_of(dated, horizon, met)
    routes = routes_of(dated, openings)
    return Book(
        programme=programme,
        given=given,
        info=info,
        lines=lines,
        horizon=horizon,
        dated=dated,
        openings=openings,
        nominal=openings_of(dated, horizon),
        met=met,
        routes=routes,
        experience=experience(taught_by(lines.get("production", ()), routes, horizon)),
        curves=Curves(),
        flows=flows_of(programme, lines, horizon, routes),
        opening=_opening(programme),
        phases={**phases_by_orders(programme, lines, horizon), **phases_of(lines, horizon)},
        wanted=wanted_of(dated, openings, horizon),
    )


def with_choices(programme: Programme, rows: Sequence[Line]) -> Programme:
    """Return the programme with the options chosen that rows of `options` choose and that it leaves open."""
    table, days = programme[Option], {}
    for r in rows:
        row = table.index.get((r.option,))
        if row is not None and np.isnat(table.chosen[row]) and r.chosen and FIRST <= r.date <= LAST:
            days[r.option] = date.fromordinal(r.date + EPOCH)
    return chosen_on(programme, days)


def taught_by(
    production: Sequence[Line], routes: Mapping[tuple[str, str, str], Route], horizon: Horizon
) -> Iterator[tuple[int, float, Sequence[str]]]:
    """Yield the period, the units and the schools of each start that teaches something."""
    for r in production:
        route = routes.get((r.item, r.site, r.alternative))
        if route is not None and horizon.holds(r.end):
            schools = sorted({school_of(s.operation) for s in route.steps if learns(s.operation)})
            yield horizon.period(r.end), r.started, schools


def lines_of(shape: Shape, frame: Frame) -> list[Line]:
    """Return the rows of a table with days as numbers (BLANK where there is none)."""
    columns = [_plain(f, frame[f.name]) for f in shape.fields]
    names, rows = shape.names, zip(*columns, strict=True)
    return [SimpleNamespace(line=i, **dict(zip(names, r, strict=True))) for i, r in enumerate(rows, 2)]


def _plain(field: Field, values: Any) -> list[Any]:
    if field.type is Type.DATE:
        days = values.astype("datetime64[D]")
        return np.where(np.isnat(days), BLANK, days.astype(np.int64)).tolist()  # type: ignore[no-any-return]
    return list(values.tolist())


def flows_of(
    programme: Programme,
    lines: Mapping[str, Sequence[Line]],
    horizon: Horizon,
    routes: Mapping[tuple[str, str, str], Route],
) -> Mapping[Node, Sequence[Flow]]:
    """Return all that the rows of a run, and open orders, move at each node."""
    found: dict[Node, list[Flow]] = defaultdict(list)
    for r in lines.get("purchases", ()):
        found[r.site, r.item].append(Flow(r.receipt, "purchased", r.accepted))
    for r in lines.get("moves", ()):
        found[r.from_site, r.item].append(Flow(r.release, "moved_out", r.quantity))
        found[r.to_site, r.item].append(Flow(r.receipt, "moved_in", r.quantity))
    for r in lines.get("deliveries", ()):
        found[r.site, r.item].append(Flow(r.delivered, "delivered", r.quantity))
    for r in lines.get("production", ()):
        found[r.site, r.item].append(Flow(r.end, "made", r.good))
        route = routes.get((r.item, r.site, r.alternative))
        for line, _ in [] if route is None or route.bill is None else route.bill.in_force(r.end):
            units = r.started * line.quantity_units * (1 + line.scrap_share)
            found[r.site, line.component].append(Flow(r.end, "used", units))
    for o in programme[OpenOrder].rows():
        day = open_order_day(o, horizon)
        if horizon.holds(day):
            found[o.site, o.item].append(Flow(day, "open_orders", o.quantity_units))
    return found


def open_order_day(order: OpenOrder, horizon: Horizon) -> int:
    """Return the day on which an open order arrives: as promised, or at the start when that is past."""
    assert order.promised is not None
    return max(horizon.start, number(order.promised))


def phases_by_orders(programme: Programme, lines: Mapping[str, Sequence[Line]], horizon: Horizon) -> Mapping[Node, int]:
    """Return for each node with open orders the first phase at which they come in the periods that `stock` prints."""
    orders: dict[Node, list[OpenOrder]] = defaultdict(list)
    for order in programme[OpenOrder].rows():
        orders[order.site, order.item].append(order)
    said: dict[Node, dict[int, float]] = defaultdict(dict)
    for r in lines.get("stock", ()):
        if r.open_orders:
            said[r.site, r.item][r.period_start] = r.open_orders
    return {
        node: phase
        for node, listed in orders.items()
        for phase in reversed(range(min(horizon.lengths)))
        if _alike(said[node], _arrivals(listed, phase, horizon))
    }


def _arrivals(orders: Sequence[OpenOrder], phase: int, horizon: Horizon) -> dict[int, float]:
    """Return the units of open orders by the start of the period in which a node of that phase counts them."""
    come: dict[int, float] = defaultdict(float)
    for order in orders:
        day = open_order_day(order, horizon)
        begin = next((c for c in horizon.cuts[:-1] if c + phase >= day), None)
        if begin is not None:
            come[begin] += order.quantity_units
    return come


def _alike(a: Mapping[int, float], b: Mapping[int, float]) -> bool:
    return a.keys() == b.keys() and all(abs(a[k] - b[k]) < QUANTITY_STEP for k in a)


def phases_of(lines: Mapping[str, Sequence[Line]], horizon: Horizon) -> Mapping[Node, int]:
    """Return for each node the day within a period on which most of its rows act (the earliest of equals)."""
    found: dict[Node, Counter[int]] = defaultdict(Counter)
    for _, _, node, day in chain.from_iterable(acting(lines).values()):
        if horizon.holds(day):
            found[node][day - horizon.cuts[horizon.period(day)]] += 1
    return {node: min(c, key=lambda phase: (-c[phase], phase)) for node, c in found.items()}


def acting(lines: Mapping[str, Sequence[Line]]) -> dict[str, list[tuple[Line, str, Node, int]]]:
    """Return by table the rows that act at a node, with the column that says the day, the node and the day."""
    return {
        "purchases": [(r, "receipt", (r.site, r.item), r.receipt) for r in lines.get("purchases", ())],
        "production": [(r, "end", (r.site, r.item), r.end) for r in lines.get("production", ())],
        "moves": [(r, "release", (r.from_site, r.item), r.release) for r in lines.get("moves", ())]
        + [(r, "receipt", (r.to_site, r.item), r.receipt) for r in lines.get("moves", ())],
        "deliveries": [(r, "delivered", (r.site, r.item), r.delivered) for r in lines.get("deliveries", ())],
    }


def _opening(programme: Programme) -> Mapping[Node, float]:
    found: dict[Node, float] = defaultdict(float)
    for s in programme[Stock].rows():
        found[s.site, s.item] += s.quantity_units
    return found
