"""The flow in a plan's model: what each column brings to which node and takes from which, in an order from source to use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Runs, runs, sums
from tandemplan.solver.lp import Block, Lp

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
DUST = 1e-9


@dataclass(frozen=True, eq=False)
class Flow:
    """A plan's model seen as a flow through nodes in time (the rows of balance).

    By column: `into` is the row that it brings `gain` units to (-1: none), `takes` the rows that it takes from, `uses` the rows of
    capacity that it uses up, `demand` the row of demand that it meets (-1: none), `usable` whether it can be more than 0 at all,
    and `family` the number of its family among the columns that steer capacity, such as hires (-1: it steers none). Columns are of
    one family where a row speaks of them alone. By row: `room` is what a row of capacity holds with all that can be added to it
    (overtime; inf elsewhere), and under the steering at hand; `bare` is that without any steering. `supply` is what lies or arrives at a row of balance, `makers` the columns that bring to it, those of stock last, and `wave` a number above
    those of all rows that it is brought from (-1: no row of balance). `waves` lists rows of balance by wave.
    """

    lp: Lp
    into: Ints
    gain: Floats
    takes: Runs
    uses: Runs
    demand: Ints
    usable: Bools
    family: Ints
    room: Floats
    bare: Floats
    supply: Floats
    makers: Runs
    wave: Ints
    waves: tuple[Ints, ...]

    @cached_property
    def delivers(self) -> Bools:
        """Return which columns deliver: they take from a node and meet a demand."""
        return (self.demand >= 0) & (np.diff(self.takes.start) > 0)

    @cached_property
    def eases(self) -> Bools:
        """Return which columns move nothing, meet no demand and steer nothing: overtime, shortfalls, excesses."""
        return np.asarray((self.into < 0) & (np.diff(self.takes.start) == 0) & (self.demand < 0) & (self.family < 0))

    def steered(self, x: Floats) -> Flow:
        """Return the flow with the room that it has under the steering columns of `x`."""
        steers = self.family >= 0
        return replace(self, room=self.bare - self.lp.times(np.where(steers, x, 0.0))) if steers.any() else self

    @cached_property
    def stores(self) -> bool:
        """Return whether there is a limit on stock: then units may have to be delivered so that others can come."""
        return bool(np.isin(self.lp.columns["stock"].index, self.uses.owners).any())

    @cached_property
    def takers(self) -> Runs:
        """Return the columns that take from each row, and how much a unit of them takes."""
        return runs(self.takes.item, self.takes.owners, self.takes.value, len(self.wave))

    def used(self, x: Floats) -> Floats:
        """Return what a flow uses of each row of capacity."""
        return sums(self.uses.item, self.uses.value * x[self.uses.owners], len(self.room))

    def left(self, x: Floats) -> Floats:
        """Return the room that a flow leaves in each row of capacity."""
        return np.maximum(self.room - self.used(x), 0.0)


def flow_of(lp: Lp) -> Flow | None:
    """Return the flow in a model, or None where it has none: a column that brings to two nodes, or nodes in a circle."""
    count, size = len(lp.row_lower), len(lp.lower)
    row, column, value = lp.row_of_entry, lp.row_column, lp.value
    balance, asked = members(lp.rows["balance"], count), members(lp.rows["demand"], count)
    brings, takes = balance[row] & (value < 0), balance[row] & (value > 0)
    if np.bincount(column[brings], minlength=size).max(initial=0) > 1:
        return None
    into, gain = np.full(size, -1, dtype=np.int64), np.zeros(size)
    into[column[brings]], gain[column[brings]] = row[brings], -value[brings]
    taken = runs(column[takes], row[takes], value[takes], size)
    wave = _waves(into, taken, balance)
    if wave is None:
        return None
    demand = np.full(size, -1, dtype=np.int64)
    demand[column[asked[row]]] = row[asked[row]]
    moving = (into >= 0) | (np.diff(taken.start) > 0)
    family = _families(lp, moving | (demand >= 0))
    room = _room(lp, moving, family >= 0, np.isfinite(lp.row_upper) & ~balance & ~asked)
    used = np.isfinite(room)[row] & moving[column]
    rows = np.flatnonzero(balance)
    order = rows[np.argsort(wave[rows], kind="stable")]
    made = Flow(
        lp=lp, into=into, gain=gain, takes=taken, uses=runs(column[used], row[used], value[used], size), demand=demand,
        usable=np.ones(size, dtype=bool), family=family, room=room, bare=room, supply=np.where(balance, lp.row_upper, 0.0), makers=_makers(lp, into),
        wave=wave, waves=tuple(np.split(order, np.cumsum(np.bincount(wave[rows]))[:-1])) if len(rows) else (),
    )  # fmt: skip
    return replace(made, usable=_usable(made))


def members(block: Block, count: int) -> Bools:
    """Return which of `count` rows or columns belong to a block."""
    inside = np.zeros(count, dtype=bool)
    inside[block.index] = True
    return inside


def _families(lp: Lp, flowing: Bools) -> Ints:
    """Return the family of each column that steers: the least column among those that rows without any flow link it with."""
    row, column, count = lp.row_of_entry, lp.row_column, len(lp.row_lower)
    apart = (np.bincount(row[flowing[column]], minlength=count) == 0)[row]
    row, column = row[apart], column[apart]
    family = np.full(len(flowing), -1, dtype=np.int64)
    family[column] = column
    while True:
        least = np.full(count, len(flowing))
        np.minimum.at(least, row, family[column])
        more = family.copy()
        np.minimum.at(more, column, least[row])
        more[column] = more[more[column]]
        if (more == family).all():
            return family
        family = more


def _room(lp: Lp, moving: Bools, steers: Bools, limited: Bools) -> Floats:
    """Return what each row of capacity holds without steering: rows with an upper limit on columns that move units, and only use it up."""
    row, column, value = lp.row_of_entry, lp.row_column, lp.value
    count = len(lp.row_lower)
    uses = moving[column] & (value > 0)
    frees = moving[column] & (value < 0)
    capacity = limited & (np.bincount(row[uses], minlength=count) > 0) & (np.bincount(row[frees], minlength=count) == 0)
    eased = np.flatnonzero(capacity[row] & ~moving[column] & ~steers[column] & (value < 0))
    room = np.where(capacity, lp.row_upper, np.inf)
    np.add.at(room, row[eased], -value[eased] * lp.upper[column[eased]])
    return room


def _makers(lp: Lp, into: Ints) -> Runs:
    columns = np.flatnonzero(into >= 0)
    stock = members(lp.columns["stock"], len(into))[columns]
    columns = columns[np.argsort(stock, kind="stable")]
    return runs(into[columns], columns, np.ones(len(columns)), len(lp.row_lower))


def _waves(into: Ints, takes: Runs, balance: Bools) -> Ints | None:
    """Return the wave of each row of balance (-1 elsewhere), or None when rows feed each other in a circle.

    Kahn 1962, Topological sorting of large networks, with all rows that have become free taken at once.
    """
    column = takes.owners
    ahead = into[column] >= 0
    source, target = takes.item[ahead], into[column][ahead]
    waiting = np.bincount(target, minlength=len(balance))
    after = runs(source, target, np.ones(len(source)), len(balance))
    wave = np.full(len(balance), -1, dtype=np.int64)
    free, number = np.flatnonzero(balance & (waiting == 0)), 0
    while len(free):
        wave[free] = number
        reached, times = np.unique(after.of(free)[1], return_counts=True)
        waiting[reached] -= times
        free, number = reached[waiting[reached] == 0], number + 1
    return wave if (wave[balance] >= 0).all() else None


def _usable(flow: Flow) -> Bools:
    """Return the columns that need nothing that can never come, and no capacity of which there is none."""
    size = len(flow.into)
    lp = flow.lp
    shut = lp.upper <= 0
    none = flow.bare <= DUST
    none[lp.row_of_entry[(flow.family >= 0)[lp.row_column] & (lp.value < 0)]] = False
    shut[flow.uses.owners[none[flow.uses.item]]] = True
    there = flow.supply > DUST
    usable = np.zeros(size, dtype=bool)
    for rows in flow.waves:
        columns = flow.makers.of(rows)[1]
        usable[columns] = _fed(flow, columns, there) & ~shut[columns]
        there[flow.into[columns[usable[columns]]]] = True
    rest = np.flatnonzero(flow.into < 0)
    usable[rest] = _fed(flow, rest, there) & ~shut[rest]
    return usable


def _fed(flow: Flow, columns: Ints, there: Bools) -> Bools:
    place, row, _ = flow.takes.of(columns)
    return np.asarray(np.bincount(place[~there[row]], minlength=len(columns)) == 0)
