"""Constraint family `learning`: hours and yields along piecewise-linear curves, each piece open once the one before is used up."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.schema import Operation
from tandemplan.network.learning import Experience, Learning, learning_of, learnt
from tandemplan.network.making import Production, resources_of
from tandemplan.network.network import Network, with_experience
from tandemplan.network.origin import origin_of
from tandemplan.plan.hours import resource_rows
from tandemplan.plan.needs import most_of_items
from tandemplan.plan.origin import made_rows
from tandemplan.plan.variables import Variables, route_names
from tandemplan.solver.lp import Builder

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ERROR = 0.005  # share of the hours, and of the units, of a period by which the pieces of a curve may be off
LEAST_UNITS = 0.01  # units by which they may be off at least
RIPE = 1e-3  # share by which a yield may be below the mature one where it counts as mature
MOST_PIECES = 60
FAR = 1e4  # times the units asked for: more are never started, and what would be learnt beyond does not matter


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of what a school learns: piece k goes from `start[k]` to `start[k + 1]` units, the last one on for ever.

    `routes` teach it; `making[k]` is the production of all routes where the school is in piece k, in the mean, and others have learnt all.
    """

    school: int
    start: Floats
    routes: tuple[int, ...]
    making: tuple[Production, ...]


def pieces_of(network: Network) -> list[Pieces]:
    """Return the pieces of each school.

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
    >>> found.start.tolist(), [round(float(m.hour_hours[0, 0]), 3) for m in found.making]
    ([0.0, 1.0, 2.0, 3.0], [100.0, 50.0, 33.333, 25.0])
    """
    return [Pieces(k, start, routes, _makings(network, k, start)) for k, start, routes in _breaks(network)]


def _breaks(network: Network) -> list[tuple[int, Floats, tuple[int, ...]]]:
    """Return each school with where its pieces start and the routes that teach it."""
    taught, operations = network.making.taught, network.programme[Operation]
    need = most_of_items(network)
    found = []
    for school in range(len(taught.names)):
        rows = np.unique(taught.row[taught.school == school]).tolist()
        routes = tuple(taught.routes(school).tolist())
        units = sum(float(need[network.places.routes[r][0]][0]) for r in routes) / len(network.periods)
        errors = ERROR * _least_hours(network, rows), max(ERROR * units, LEAST_UNITS)
        learners = [learning_of(operations, k) for k in rows]
        far = FAR * max(units * len(network.periods), 1.0) / min(a.yield_start for a in learners)
        found.append((school, _starts(learners, errors, far), routes))
    return found


def _makings(network: Network, school: int, start: Floats) -> tuple[Production, ...]:
    """Return the production in each piece; in the last one, which may begin before the end of the curve, that of one who has learnt all."""
    name, periods = network.making.taught.names[school], len(network.periods)
    known = [Experience(np.full(periods, a), np.full(periods, b)) for a, b in itertools.pairwise(start)]
    return tuple(with_experience(network, {name: k}).making for k in [*known, learnt(periods)])


def _least_hours(network: Network, operations: list[int]) -> float:
    """Return the fewest hours of a period in which any are there, over the resources of some operations."""
    table, rows = network.programme[Operation], resource_rows(network)
    taken = [rows[r] for k in operations for r, _ in resources_of(table, k) if r in rows]
    present = network.hours.present[taken]
    return float(present[present > 0].min()) if (present > 0).any() else np.inf


def _starts(learners: list[Learning], errors: tuple[float, float], far: float) -> Floats:
    """Return where pieces start: at whole units up to `far`, as long as no curve is off its chord by more than `errors` (hours, units)."""
    last = min(max(_learnt_after(a) for a in learners), far)
    starts = [0.0]
    while starts[-1] < last and len(starts) < MOST_PIECES:
        length = step = 1.0
        while starts[-1] + length < last and _near(learners, starts[-1], 2 * length, errors):
            step = length = 2 * length
        while step >= 1:
            if starts[-1] + length + step <= last + 1 and _near(learners, starts[-1], length + step, errors):
                length += step
            step = float(np.floor(step / 2))
        starts.append(min(starts[-1] + length, max(float(np.ceil(last)), starts[-1] + 1)))
    return np.array(starts)


def _learnt_after(a: Learning) -> float:
    """Return the units after which an operation takes its plateau and its yield is within `RIPE` of the mature one."""
    hours = 0.0 if a.curve is None else a.curve.learnt - a.prior
    gap = a.yield_mature - a.yield_start
    ripe = a.yield_units * np.log(gap / RIPE) - a.prior if gap > RIPE else 0.0
    return float(max(hours, ripe, 0.0))


def _near(learners: list[Learning], start: float, length: float, errors: tuple[float, float]) -> bool:
    """Return whether cumulative hours and cumulative good units lie near enough to their chords from `start` on."""
    at = np.linspace(0.0, length, 17)
    for a in learners:
        if a.curve is not None:
            total = a.curve.total(a.prior + start + at)
            if (total - total[0] - (total[-1] - total[0]) * at / length).max() > errors[0]:
                return False
        passed = at * a.share(Experience(np.full(17, start), start + at))
        if (passed[-1] * at / length - passed).max() > errors[1]:
            return False
    return True


def add_learning(build: Builder, network: Network, x: Variables) -> None:
    """Add the pieces of learning curves, for each school, piece k and period t, over its routes r, in programmes small enough.

        learning parts: sum[k] part[r,k,t] = make[r,t]
        learning filled: filled[k,t] = filled[k,t-1] + sum[r] part[r,k,t], with filled[k,t] <= length[k]
        learning used: filled[k,t] >= length[k] * used[k,t]
        learning order: sum[r] part[r,k+1,t] <= most[k+1,t] * used[k,t]
        learning kept: used[k,t] >= used[k,t-1]

    `used` is 0 or 1: cumulative hours are concave in output, so each piece waits for the one before. In the families `hours`, `balance` and `origin lots` the
    hours and good units of a part stand in place of those of one who has learnt all.

    `docs/semantics.md`, Learning; incremental cost model of Markowitz and Manne 1957, On the solution of discrete programming problems,
    Econometrica 25(1).
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
    _add_rates(build, network, found, grid, part)


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
        routes = [(p, r) for p in found for r in p.routes]
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


def _add_rates(build: Builder, network: Network, found: list[Pieces], grid: _Grid, part: Ints) -> None:
    """Correct what is made and the hours that are taken from those of one who has learnt all to those of the piece."""
    mature, rows = network.making, resource_rows(network)
    hours, balance, origin = build.row_grid("hours"), build.row_grid("balance"), origin_of(network)
    lots = None if origin is None else made_rows(build, origin)
    ripe = {
        (r, w): h for r, w, h in zip(mature.hour_route.tolist(), mature.hour_resource, mature.hour_hours, strict=True)
    }
    for pieces in found:
        for k, making in enumerate(pieces.making):
            for r in pieces.routes:
                column = part[grid.first_part[pieces.school, r] + k]
                for row in (balance[network.route_node[r]], *(() if lots is None else (lots[r],))):
                    build.add(row, column, mature.good[r] - making.good[r])
            for r, w, taken in zip(making.hour_route.tolist(), making.hour_resource, making.hour_hours, strict=True):
                if r in pieces.routes and w in rows:
                    column = part[grid.first_part[pieces.school, r] + k]
                    build.add(hours[rows[w]], column, taken - ripe.get((r, w), 0.0))


def _most(network: Network, found: Pieces) -> float:
    """Return the most units that a school is taken to start in a period: twice what all that is asked for can need."""
    need = most_of_items(network)
    worst = [min(float(m.good[r].min()) for m in found.making) for r in found.routes]
    units = [need[network.places.routes[r][0]][0] / max(w, 1e-3) for r, w in zip(found.routes, worst, strict=True)]
    return 2.0 * max(float(sum(units)), 1.0)


def binaries(network: Network) -> int:
    """Return how many whole columns the pieces of a network's curves need."""
    return sum(len(start) - 1 for _, start, _ in _breaks(network)) * len(network.periods)
