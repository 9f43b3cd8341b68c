"""Constraint families `options`, `option openings`, `option places`, `option clashes`: what is chosen stays, and acts from its day on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.gains import HEADS, PEOPLE
from tandemplan.network.network import Network
from tandemplan.plan.needs import most_bought, most_needed
from tandemplan.plan.rolling import rolling_limits
from tandemplan.plan.variables import Variables, investment_names, route_names, way_names
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def add_options(build: Builder, network: Network, x: Variables) -> None:
    """Add options: chosen[o,t] is 1 from the period t on, on whose first day option o is chosen.

        options: chosen[o,t] >= chosen[o,t-1]
        option openings: flow[f,t] <= most[f,t] * sum[o] chosen[o,s]
        option places: owned[k,T] + sum[o] places[o,k] * chosen[o,T] <= place[k]
        option clashes: chosen[a,T] + chosen[b,T] <= 1
        in hours: - sum[o, s <= t] gain[o,s,t] * (chosen[o,s] - chosen[o,s-1])

    A flow f is a purchase or start that options o open, where chosen by s, the last period in time for it. T is the last period. Options a and b
    clash where their changes do not add up. `gain` is what o adds in t when chosen in s: to `hours`, and likewise to `rolling hours`, `offers`,
    `lanes`, `storage` and `hazard storage`; in `most people` it takes places. What hangs on the pattern that a site works is in `option hours`.

    `docs/semantics.md`, Options; capacity expansion by projects with a date each, Luss 1982, Operations research and capacity
    expansion problems, sec. 4; openings by a bound on flow, Magnanti and Wong 1984, Network design, eq. 2.3.
    """
    choices = network.choices
    if not choices.names:
        return
    before = np.full_like(x.chosen, -1)
    before[:, 1:] = x.chosen[:, :-1]
    there = (before >= 0) & (x.chosen >= 0)
    row = build.add_rows("options", choices.names, there, lower=0.0, upper=np.inf, unit="options")
    build.add(row, x.chosen, 1.0)
    build.add(row, before, -1.0)
    for gain in (g for g in choices.gains if g.entry < 0):
        if gain.family == HEADS:
            _add_heads(build, network, x, (gain.entity, gain.option), gain.amount)
        elif gain.family == PEOPLE:
            _add_people(build, network, x, (gain.entity, gain.option), gain.amount)
        elif gain.family in build.rows:
            _add_gain(build, x, build.row_grid(gain.family)[gain.entity], gain.option, gain.amount)
    _add_openings(build, network, x)
    _add_places(build, network, x)
    _add_clashes(build, network, x)


def _add_gain(build: Builder, x: Variables, rows: Ints, option: int, amount: Floats) -> None:
    """Take from rows (by period) what an option adds to their limits, `amount` (periods of choice x periods)."""
    build.add(rows[None, :], x.chosen[option][:, None], -steps(amount, x.chosen[option] >= 0))


def steps(amount: Floats, there: NDArray[np.bool_]) -> Floats:
    """Return the coefficients of cumulative choices: what being chosen in a period gives beyond being chosen in the next.

    >>> steps(np.array([[5.0], [3.0], [0.0]]), np.array([True, True, False])).tolist()
    [[2.0], [3.0], [0.0]]
    """
    later = np.zeros_like(amount)
    later[:-1] = np.where(there[1:, None], amount[1:], 0.0)
    return np.where(there[:, None], amount - later, 0.0)


def _add_heads(build: Builder, network: Network, x: Variables, who: tuple[int, int], amount: Floats) -> None:
    """Raise the rolling limits of a resource by the heads that an option adds, given in head-days."""
    resource, option = who
    days = np.append(0, np.cumsum(network.periods.lengths))
    total = np.concatenate([np.zeros((len(amount), 1)), np.cumsum(amount, axis=1)], axis=1)
    for k, limit in enumerate(rolling_limits(network)):
        if limit.resource == resource:
            last, first = np.arange(len(network.periods)) + 1, limit.runs.first
            heads = (total[:, last] - total[:, first]) / (days[last] - days[first])
            more = limit.most * heads * limit.runs.share
            _add_gain(build, x, build.row_grid("rolling hours")[k], option, more)


def _add_people(build: Builder, network: Network, x: Variables, who: tuple[int, int], amount: Floats) -> None:
    """Take places of hires for the people that an option adds, as many as there are."""
    hiring = network.hiring
    for k in np.flatnonzero(hiring.resource == who[0]).tolist() if "most people" in build.rows else ():
        taken = np.minimum(amount, np.where(np.isfinite(hiring.room[k]), hiring.room[k], 0.0))
        _add_gain(build, x, build.row_grid("most people")[k], who[1], -taken)


def _add_openings(build: Builder, network: Network, x: Variables) -> None:
    names = (*(f"buy {w}" for w in way_names(network)), *(f"make {r}" for r in route_names(network)))
    columns, most = np.concatenate([x.buy, x.make]), np.concatenate([most_bought(network), most_needed(network)])
    parts = ((network.choices.ways, 0), (network.choices.routes, len(x.buy)))
    there = np.zeros(columns.shape, dtype=bool)
    for opened, offset in parts:
        there[opened.row + offset, opened.period] = True
    row = build.add_rows("option openings", names, there, lower=-np.inf, upper=0.0)
    build.add(row, columns, 1.0)
    for opened, offset in parts:
        at = (opened.row + offset, opened.period)
        build.add(row[at], x.chosen[opened.option, opened.last], -most[at])


def _add_places(build: Builder, network: Network, x: Variables) -> None:
    investing = network.investing
    there = np.zeros(x.owned.shape, dtype=bool)
    for entry, _, _ in network.choices.places:
        there[entry, -1] = True
    most = np.broadcast_to(investing.most[:, None], there.shape)
    row = build.add_rows("option places", investment_names(network), there, lower=-np.inf, upper=most)
    build.add(row[:, -1:], x.owned[:, -1:], 1.0)
    for entry, option, units in network.choices.places:
        build.add(row[entry, -1], x.chosen[option].max(), units)


def _add_clashes(build: Builder, network: Network, x: Variables) -> None:
    choices = network.choices
    names = tuple(f"{choices.names[a]} and {choices.names[b]}" for a, b in choices.clashes)
    there = np.zeros((len(names), len(network.periods)), dtype=bool)
    there[:, -1:] = True
    row = build.add_rows("option clashes", names, there, lower=-np.inf, upper=1.0, unit="options")[:, -1]
    for k, pair in enumerate(choices.clashes):
        for option in pair:
            build.add(row[k], x.chosen[option].max(), 1.0)
