"""From the tables of a run back to the columns of a model: what a plan decided, found again by names and days."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.schema import Lane, Offer, ShiftPattern
from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.results.store import Frame, Run

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Planned:
    """What a plan decided, in the columns of a model: `x` their values (0 elsewhere), `known` which columns its tables speak of.

    `missing` are the rows of its tables, as (table, row), that the model has no column for: it is closed there, or named otherwise.
    """

    x: Floats
    known: Bools
    missing: tuple[tuple[str, int], ...]


def planned(run: Run, network: Network, variables: Variables, size: int) -> Planned:
    """Return the decisions of a plan in a model of `size` columns of the same days: goods, deliveries, people, investments, options, shifts.

    What follows from them (stock, money, lots of origin) is not known.
    """
    made = _Made(np.zeros(size), np.zeros(size, dtype=bool), [])
    v = variables
    for name, grid, rows in (
        ("purchases", v.buy, _ways(run.tables["purchases"], network)),
        ("production", v.make, _routes(run.tables["production"], network)),
        ("moves", v.move, _moves(run.tables["moves"], network)),
    ):
        made.put(name, grid, *rows)
    made.put("deliveries", *_deliveries(run.tables["deliveries"], network, v))
    summary = run.tables["demand_summary"]
    demand = _numbers(summary["demand"], network.demands.names)
    made.put("demand_summary", v.lost[:, None], demand, np.zeros_like(demand), summary["lost"])
    made.put("people", v.hire, *_hires(run.tables["people"], network))
    made.steps("investments", v.owned, _investments(run.tables["investments"], network))
    made.steps("options", v.chosen, _options(run.tables["options"], network))
    made.steps("qualifications", v.started, _started(run.tables["qualifications"], network))
    _shifts(made, run.tables["shifts"], network, v)
    return Planned(made.x, made.known, tuple(made.missing))


@dataclass(frozen=True, eq=False)
class _Made:
    """Values as they are filled in."""

    x: Floats
    known: Bools
    missing: list[tuple[str, int]]

    def put(self, table: str, grid: Ints, row: Ints, column: Ints, values: Floats) -> None:
        """Put values of rows of a table into a grid of columns, by its rows and columns (-1: there is none)."""
        self.known[grid[grid >= 0]] = True
        there = (row >= 0) & (column >= 0) & (column < grid.shape[1])
        at = (
            np.where(there, grid[np.where(there, row, 0), np.where(there, column, 0)], -1) if grid.size else row * 0 - 1
        )
        np.add.at(self.x, at[at >= 0], values[at >= 0])
        self.missing.extend((table, k) for k in np.flatnonzero((at < 0) & (values > 0)).tolist())

    def steps(self, table: str, grid: Ints, rows: tuple[Ints, Ints, Floats]) -> None:
        """Put what stays from a period on into a grid of columns."""
        more = np.zeros(grid.shape)
        self.known[grid[grid >= 0]] = True
        row, column, values = rows
        there = (row >= 0) & (column >= 0)
        np.add.at(more, (row[there], column[there]), values[there])
        self.x[grid[grid >= 0]] = np.cumsum(more, axis=1)[grid >= 0]
        self.missing.extend((table, k) for k in np.flatnonzero(~there & (values > 0)).tolist())


def _numbers(names: Iterable[Hashable], known: Iterable[Hashable]) -> Ints:
    """Return the place of each name among those known, -1 where it is none."""
    at = {n: k for k, n in enumerate(known)}
    return ints(at.get(n, -1) for n in names)


def _together(*columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    return list(zip(*columns, strict=True))


def _days(network: Network, dates: NDArray[Any]) -> Ints:
    return network.periods.numbers(dates, -1)


def _period(network: Network, dates: NDArray[Any]) -> Ints:
    """Return the period of each day (-1: outside the plan)."""
    day = _days(network, dates)
    found = network.periods.of(day)
    return np.where((day >= 0) & (found < len(network.periods)), found, -1)


def _ways(frame: Frame, network: Network) -> tuple[Ints, Ints, Floats]:
    offers, lanes = network.programme[Offer].offer, np.append(network.programme[Lane].lane, "")
    ways = [(offers[w.offer], lanes[w.lane], w.site) for w in network.places.ways]
    row = _numbers(_together(*(frame[n].tolist() for n in ("offer", "lane", "site"))), ways)
    return row, _period(network, frame["receipt"]), frame["quantity"]


def _routes(frame: Frame, network: Network) -> tuple[Ints, Ints, Floats]:
    row = _numbers(_together(*(frame[n].tolist() for n in ("item", "site", "alternative"))), network.places.routes)
    return row, _period(network, frame["start"]), frame["started"]


def _moves(frame: Frame, network: Network) -> tuple[Ints, Ints, Floats]:
    lanes = network.programme[Lane].lane
    moves = [(lanes[lane], item) for lane, item in network.places.moves]
    return (
        _numbers(_together(frame["lane"].tolist(), frame["item"].tolist()), moves),
        _period(network, frame["release"]),
        frame["quantity"],
    )


def _deliveries(frame: Frame, network: Network, v: Variables) -> tuple[Ints, Ints, Ints, Floats]:
    ways = network.delivering
    grid = np.full((len(network.demands.names), len(network.periods)), -1, dtype=np.int64)
    grid[ways.demand, ways.period] = v.deliver
    return (
        grid,
        _numbers(frame["demand"], network.demands.names),
        _period(network, frame["delivered"]),
        frame["quantity"],
    )


def _hires(frame: Frame, network: Network) -> tuple[Ints, Ints, Floats]:
    names = [network.hours.names[k] for k in network.hiring.resource]
    return _numbers(frame["skill"], names), _period(network, frame["period_start"]), frame["hired"]


def _investments(frame: Frame, network: Network) -> tuple[Ints, Ints, Floats]:
    hours = network.hours
    bought = [(hours.kinds[k], hours.names[k], hours.sites[k]) for k in network.investing.resource]
    row = _numbers(_together(*(frame[n].tolist() for n in ("kind", "resource", "site"))), bought)
    return row, _period(network, frame["usable"]), frame["units"]


def _options(frame: Frame, network: Network) -> tuple[Ints, Ints, Floats]:
    chosen = frame["chosen"].astype(np.float64)
    names = network.choices.names
    row = _numbers(frame["option"], names)
    return np.where(chosen > 0, row, -1), _period(network, frame["date"]), np.where(row >= 0, chosen, 0.0)


def _started(frame: Frame, network: Network) -> tuple[Ints, Ints, Floats]:
    row = _numbers(frame["offer"], network.programme[Offer].offer)
    return row, _period(network, frame["started"]), np.ones(len(row))


def _shifts(made: _Made, frame: Frame, network: Network, v: Variables) -> None:
    """Put the patterns worked, their levels and where they begin."""
    shifts, table = network.shifts, network.programme[ShiftPattern]
    entries = [(shifts.choices[c].site, table.shift_pattern[p]) for c, p in zip(shifts.of, shifts.row, strict=True)]
    entry = _numbers(_together(frame["site"].tolist(), frame["shift_pattern"].tolist()), entries)
    works = np.zeros(v.works.shape)
    for e, first, last in zip(
        entry, _days(network, frame["first_day"]), _days(network, frame["last_day"]), strict=True
    ):
        if e >= 0:
            works[e, (network.periods.starts >= first) & (network.periods.starts <= last)] = 1.0
    before = np.concatenate([shifts.initial[:, None].astype(float), works[:, :-1]], axis=1)
    same = shifts.of[:, None] == shifts.of
    level = (same & (shifts.rank[:, None] <= shifts.rank)).astype(float) @ works
    for grid, values in ((v.works, works), (v.level, level), (v.begin, np.maximum(works - before, 0.0))):
        made.known[grid[grid >= 0]] = True
        made.x[grid[grid >= 0]] = values[grid >= 0]


def phases_of(run: Run, network: Network) -> dict[tuple[str, str], int]:
    """Return the day of each node in its periods as the tables of a run print them: those of `network` where they print none."""
    found = network.phases
    for table, site, when in (
        ("purchases", "site", "receipt"),
        ("production", "site", "end"),
        ("moves", "from_site", "release"),
        ("moves", "to_site", "receipt"),
        ("deliveries", "site", "delivered"),
    ):
        frame = run.tables[table]
        day = _days(network, frame[when])
        phase = day - network.periods.starts[_period(network, frame[when])]
        nodes = _together(frame["item"].tolist(), frame[site].tolist())
        found |= {node: int(p) for node, p in zip(nodes, phase, strict=True) if node in found}
    return found
