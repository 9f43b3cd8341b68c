"""Constraint family `learning`: hours along piecewise-linear curves, each piece open once the one before is used up."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.schema import BomLine, Item, Operation, StockPolicy
from tandemplan.network.learning import Learning, learning_of
from tandemplan.network.making import resources_of
from tandemplan.network.network import Network
from tandemplan.plan.hours import resource_rows
from tandemplan.plan.variables import Variables, route_names
from tandemplan.solver.lp import Builder

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ERROR = 0.005  # share of the hours of a period by which the pieces of a curve may be off
MOST_PIECES = 60


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of a school's curves: piece k goes from `start[k]` to `start[k + 1]` units, the last one on for ever.

    `lessons` are the entries of `network.making.taught` that belong to the school and learn in hours, `extra[j][k]` the hours
    beyond the plateau of a unit of lesson j in piece k.
    """

    school: int
    start: Floats
    lessons: tuple[int, ...]
    extra: Floats


def pieces_of(network: Network) -> list[Pieces]:
    """Return the pieces of each school in which hours fall.

    >>> from tandemplan.network.network import network_of
    >>> from tandemplan.testing.models import programme_of
    >>> network = network_of(programme_of('''
    ...     start = 2026-06-01
    ...     periods = 3 weeks
    ...     [items]
    ...     item
    ...     X
    ...     [operations]
    ...     item,work_centre,first_unit_hours,plateau_hours,learning_slope,lot_units
    ...     X,W,100,25,0.5,1
    ...     [work_centres]
    ...     work_centre
    ...     W
    ...     [demands]
    ...     demand,item,quantity_units,due
    ...     d,X,4,2026-06-07
    ... '''))
    >>> found = pieces_of(network)[0]
    >>> found.start.tolist(), found.extra.round(3).tolist()
    ([0.0, 1.0, 2.0, 3.0], [[75.0, 25.0, 8.333, 0.0]])
    """
    taught, operations = network.making.taught, network.programme[Operation]
    rows = resource_rows(network)
    found = []
    for school in range(len(taught.names)):
        lessons = tuple(
            int(k)
            for k in np.flatnonzero(taught.school == school)
            if learning_of(operations, taught.row[k]).curve is not None
            and any(r in rows and not is_tool for r, is_tool in resources_of(operations, taught.row[k]))
        )
        if lessons:
            learners = [learning_of(operations, taught.row[k]) for k in lessons]
            start = _starts(learners, ERROR * _least_hours(network, lessons))
            extra = np.array([_extra(a, start) for a in learners])
            found.append(Pieces(school, start, lessons, extra))
    return found


def _least_hours(network: Network, lessons: tuple[int, ...]) -> float:
    """Return the fewest hours of a period in which any are there, over the resources of some lessons."""
    operations, rows = network.programme[Operation], resource_rows(network)
    taken = [r for k in lessons for r, _ in resources_of(operations, network.making.taught.row[k]) if r in rows]
    present = network.hours.present[[rows[r] for r in taken]]
    return float(present[present > 0].min(initial=np.inf)) if (present > 0).any() else 1.0


def _starts(learners: list[Learning], error: float) -> Floats:
    """Return where pieces start: at whole units, each as long as no curve is more than `error` hours off its chord."""
    last = max(a.curve.learnt - a.prior for a in learners if a.curve is not None)
    starts = [0.0]
    while starts[-1] < last and len(starts) < MOST_PIECES:
        length = 1.0
        while starts[-1] + length < last and _off(learners, starts[-1], 2 * length) <= error:
            length *= 2
        step = length
        while step >= 1:
            if starts[-1] + length + step <= last + 1 and _off(learners, starts[-1], length + step) <= error:
                length += step
            step = np.floor(step / 2)
        starts.append(min(starts[-1] + length, max(float(np.ceil(last)), starts[-1] + 1)))
    return np.array(starts)


def _off(learners: list[Learning], start: float, length: float) -> float:
    """Return how far curves are off their chord over `length` units from `start` on."""
    at = np.linspace(0.0, length, 17)
    worst = 0.0
    for a in learners:
        assert a.curve is not None
        total = a.curve.total(a.prior + start + at)
        chord = total[0] + (total[-1] - total[0]) * at / length
        worst = max(worst, float((total - chord).max()))
    return worst


def _extra(a: Learning, start: Floats) -> Floats:
    assert a.curve is not None
    total = a.curve.total(a.prior + start)
    mean = np.diff(total) / np.diff(start)
    after = max(float(a.curve.hours(np.array([np.floor(a.prior + start[-1]) + 1]))[0]), a.curve.plateau)
    last = a.curve.plateau if np.isfinite(a.curve.learnt) and a.prior + start[-1] >= a.curve.learnt else after
    return np.append(mean, min(last, a.curve.plateau)) - a.curve.plateau


def add_learning(build: Builder, network: Network, x: Variables) -> None:
    """Add the pieces of learning curves: for each school, piece k and period t, over its routes r.

    sum over k of part[r,k,t] = make[r,t]
    filled[k,t] - filled[k,t-1] - sum part[r,k,t] = 0, filled[k,t] <= length[k]
    length[k] used[k,t] <= filled[k,t], sum part[r,k+1,t] <= most[k+1,t] used[k,t], used whole, never given up
    and in the family `hours` the hours of a part beyond the plateau.

    Cumulative hours are concave in output, so each piece waits for the one before (`docs/semantics.md`, Learning; incremental
    cost model of Markowitz and Manne 1957, On the solution of discrete programming problems, Econometrica 25(1)).
    """
    found = pieces_of(network)
    if not found:
        return
    grid = _Grid.of(network, x, found)
    every = np.ones((len(grid.piece_names), len(network.periods)), dtype=bool)
    inner = every & ~grid.last[:, None]
    part = build.add_grid("part", grid.part_names, grid.open)
    filled = build.add_grid("filled", grid.piece_names, every, grid.length[:, None])
    used = build.add_grid("used", grid.piece_names, inner, 1.0, whole=True)
    row = build.add_rows("learning parts", grid.lesson_names, grid.lesson_open, lower=0.0, upper=0.0)
    build.add(row, x.make[grid.route], -1.0)
    build.add(row[grid.lesson_of_part], part, 1.0)
    row = build.add_rows("learning filled", grid.piece_names, every, lower=0.0, upper=0.0)
    build.add(row, filled, 1.0)
    build.add(row[:, 1:], filled[:, :-1], -1.0)
    build.add(row[grid.piece_of_part], part, -1.0)
    row = build.add_rows("learning used", grid.piece_names, inner, lower=0.0, upper=np.inf)
    build.add(row, filled, 1.0)
    build.add(row, used, -np.where(grid.last, 0.0, grid.length)[:, None])
    after = np.roll(grid.last, 1)  # the first piece of a school waits for none
    row = build.add_rows("learning order", grid.piece_names, every & ~after[:, None], lower=-np.inf, upper=0.0)
    build.add(row[grid.piece_of_part], part, 1.0)
    build.add(row[1:], used[:-1], -np.minimum(grid.most, grid.length)[1:, None])
    kept = inner & (np.arange(len(network.periods)) > 0)
    row = build.add_rows("learning kept", grid.piece_names, kept, lower=0.0, upper=np.inf)
    build.add(row[:, 1:], used[:, 1:], 1.0)
    build.add(row[:, 1:], used[:, :-1], -1.0)
    _add_hours(build, network, found, grid, part)


@dataclass(frozen=True, eq=False)
class _Grid:
    """All pieces one below the other, and all parts: of each school, each of its routes, each piece."""

    piece_names: tuple[str, ...]
    length: Floats
    last: NDArray[np.bool_]
    most: Floats
    lesson_names: tuple[str, ...]
    route: Ints
    lesson_open: NDArray[np.bool_]
    part_names: tuple[str, ...]
    lesson_of_part: Ints
    piece_of_part: Ints
    open: NDArray[np.bool_]
    first_part: dict[tuple[int, int], int]

    @classmethod
    def of(cls, network: Network, x: Variables, found: list[Pieces]) -> _Grid:
        """Return the grid of the pieces of all schools."""
        taught, names = network.making.taught, route_names(network)
        routes = [(p, r) for p in found for r in np.unique(taught.route[list(p.lessons)]).tolist()]
        first_piece = dict(zip((p.school for p in found), np.cumsum([0, *(len(p.start) for p in found)]), strict=False))
        counts = [len(p.start) for p, _ in routes]
        firsts = np.cumsum([0, *counts])[:-1].tolist()
        route = ints([r for _, r in routes])
        lesson = np.repeat(np.arange(len(routes)), counts)
        is_open = x.make[route] >= 0
        return cls(
            piece_names=tuple(f"{taught.names[p.school]} {k + 1}" for p in found for k in range(len(p.start))),
            length=np.concatenate([np.append(np.diff(p.start), np.inf) for p in found]),
            last=np.concatenate([np.arange(len(p.start)) == len(p.start) - 1 for p in found]),
            most=np.concatenate([np.full(len(p.start), _most(network, p)) for p in found]),
            lesson_names=tuple(f"{taught.names[p.school]} by {names[r]}" for p, r in routes),
            route=route,
            lesson_open=is_open,
            part_names=tuple(
                f"{taught.names[p.school]} {k + 1} by {names[r]}" for p, r in routes for k in range(len(p.start))
            ),
            lesson_of_part=lesson,
            piece_of_part=np.concatenate([first_piece[p.school] + np.arange(len(p.start)) for p, _ in routes]),
            open=is_open[lesson],
            first_part={(p.school, r): f for (p, r), f in zip(routes, firsts, strict=True)},
        )


def _add_hours(build: Builder, network: Network, found: list[Pieces], grid: _Grid, part: Ints) -> None:
    taught, operations, rows = network.making.taught, network.programme[Operation], resource_rows(network)
    hours = build.row_grid("hours")
    for pieces in found:
        for lesson, extra in zip(pieces.lessons, pieces.extra, strict=True):
            first = grid.first_part[pieces.school, int(taught.route[lesson])]
            columns = part[first : first + len(pieces.start)]
            each = extra[:, None] * taught.entering[lesson]
            for resource, is_tool in resources_of(operations, int(taught.row[lesson])):
                if resource in rows and not is_tool:
                    build.add(np.broadcast_to(hours[rows[resource]], columns.shape), columns, each)


def _most(network: Network, found: Pieces) -> float:
    """Return the most units that a school is taken to start in a period: twice what all that is asked for can need."""
    need = _needs(network)
    routes = np.unique(network.making.taught.route[list(found.lessons)]).tolist()
    units = [need[network.places.routes[r][0]] / max(float(network.making.good[r].min()), 1e-3) for r in routes]
    return 2.0 * max(sum(units), 1.0)


def _needs(network: Network) -> dict[str, float]:
    """Return the units of each item that demands and stock targets can need, through all levels of bills."""
    bom = network.programme[BomLine]
    parents: dict[str, set[str]] = {i: set() for i in network.programme[Item].item.tolist()}
    for parent, component in zip(bom.parent.tolist(), bom.component.tolist(), strict=True):
        parents[component].add(parent)
    need = dict.fromkeys(parents, 0.0)
    for item, quantity in zip(network.demands.items, network.demands.quantity.tolist(), strict=True):
        need[item] += quantity
    policies = network.programme[StockPolicy]
    for item, safety in zip(policies.item.tolist(), np.nan_to_num(policies.safety_units).tolist(), strict=True):
        need[item] += safety
    worst = {network.places.routes[r][0]: max(float(g.min()), 1e-3) for r, g in enumerate(network.making.good)}
    for item in TopologicalSorter(parents).static_order():
        lines = np.flatnonzero(bom.component == item)
        for k in lines.tolist():
            parent = str(bom.parent[k])
            need[item] += need[parent] / worst.get(parent, 1.0) * bom.quantity_units[k] * (1 + bom.scrap_share[k])
    return need


def binaries(network: Network) -> int:
    """Return how many whole columns the pieces of a network's curves need."""
    return sum(len(p.start) - 1 for p in pieces_of(network)) * len(network.periods)
