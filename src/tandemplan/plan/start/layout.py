"""Deliveries laid out backwards: each made as late as it can be, within the capacity that is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import sums
from tandemplan.plan.start.flow import DUST, Bools, Floats, Flow, Ints

TRIES = 4  # times that deliveries which do not fit are made smaller before those in question are given up


@dataclass(frozen=True, eq=False)
class Space:
    """What is left: `room` of each row of capacity, `supply` of units that lie or arrive at each row of balance."""

    room: Floats
    supply: Floats


@dataclass(frozen=True, eq=False)
class Layout:
    """A flow for some deliveries, as far as it goes.

    `x` are the columns, `drawn` what is taken from supply, `asked` what is asked of each row of balance and `missing` the part of
    it that nothing brings; `room` is the capacity left.
    """

    x: Floats
    drawn: Floats
    asked: Floats
    missing: Floats
    room: Floats

    @property
    def short(self) -> Ints:
        """Return the rows of balance at which something is missing."""
        return np.flatnonzero(self.missing > 0)


def lay_out(flow: Flow, given: Floats, space: Space, settled: Bools | None = None) -> Layout:
    """Return a flow that brings what the columns `given` take; rows that are `settled` are balanced already.

    Rows are served from uses back to sources. A row draws on its supply, then on its makers in order, each as far as the
    capacity left allows (shared in proportion where several rows want it at once), and last on stock of the period before.
    """
    room, x = space.room.copy(), given.copy()
    asked, drawn, missing = (np.zeros(len(room)) for _ in range(3))
    columns = np.flatnonzero(given > 0)
    _ask(flow, columns, given[columns], asked)
    if settled is not None:
        asked[settled] = 0.0
    for wave in reversed(flow.waves):
        rows = wave[asked[wave] > DUST]
        if not len(rows):
            continue
        drawn[rows] = np.minimum(space.supply[rows], asked[rows])
        need = asked[rows] - drawn[rows]
        for rank in range(int((flow.makers.start[rows + 1] - flow.makers.start[rows]).max())):
            need -= _serve(flow, rows, need, rank, x=x, room=room, asked=asked)
        missing[rows] = np.where(need > DUST * np.maximum(1.0, asked[rows]), need, 0.0)
    return Layout(x, drawn, asked, missing, room)


def _serve(flow: Flow, rows: Ints, need: Floats, rank: int, *, x: Floats, room: Floats, asked: Floats) -> Floats:
    """Serve what rows need by their makers of one rank, changing `x`, `room` and `asked`; return what each row got."""
    got = np.zeros(len(rows))
    at = flow.makers.start[rows] + rank
    here = np.flatnonzero((at < flow.makers.start[rows + 1]) & (need > DUST))
    here = here[flow.usable[flow.makers.item[at[here]]]]
    columns = flow.makers.item[at[here]]
    if not len(columns):
        return got
    want = need[here] / flow.gain[columns]
    place, row, value = flow.uses.of(columns)
    known, slot = np.unique(row, return_inverse=True)
    total = sums(slot, value * want[place], len(known))
    free = np.maximum(room[known], 0.0)
    share = np.where(total > free, free / np.maximum(total, DUST), 1.0)
    fits = np.ones(len(columns))
    np.minimum.at(fits, place, share[slot])
    amount = want * fits
    x[columns] += amount
    room[known] -= sums(slot, value * amount[place], len(known))
    _ask(flow, columns, amount, asked)
    got[here] = amount * flow.gain[columns]
    return got


def _ask(flow: Flow, columns: Ints, amount: Floats, asked: Floats) -> None:
    place, row, value = flow.takes.of(columns)
    np.add.at(asked, row, value * amount[place])


def blocked(flow: Flow, layout: Layout) -> tuple[Ints, Floats]:
    """Return the rows of capacity that keep missing units from being made, and how much of each would have been used."""
    short = layout.short
    place, columns, _ = flow.makers.of(short)
    kept = flow.usable[columns]
    place, columns = place[kept], columns[kept]
    owner, row, value = flow.uses.of(columns)
    full = layout.room[row] <= 1e-6 * np.maximum(1.0, flow.room[row])
    owner, row, value = owner[full], row[full], value[full]
    amount = layout.missing[short[place[owner]]] * value / flow.gain[columns[owner]]
    rows, slot = np.unique(row, return_inverse=True)
    return rows, sums(slot, amount, len(rows))


def served(flow: Flow, layout: Layout) -> Floats:
    """Return which share of what is asked of each row comes when missing units go without, from sources to uses."""
    share = np.ones(len(layout.asked))
    for wave in flow.waves:
        rows = wave[layout.asked[wave] > DUST]
        place, columns, _ = flow.makers.of(rows)
        come = layout.x[columns] * flow.gain[columns] * _least(flow, columns, share)
        total = sums(place, come, len(rows)) + layout.drawn[rows]
        share[rows] = np.minimum(1.0, total / layout.asked[rows])
    return share


def _least(flow: Flow, columns: Ints, share: Floats) -> Floats:
    """Return the least share of any row that each column takes from."""
    place, row, _ = flow.takes.of(columns)
    least = np.ones(len(columns))
    np.minimum.at(least, place, share[row])
    return least


def fitted(flow: Flow, deliveries: Floats, space: Space) -> tuple[Floats, Layout]:
    """Return as much of some deliveries as can be laid out, and the flow for it."""
    for attempt in range(TRIES + 1):
        layout = lay_out(flow, deliveries, space)
        if not len(layout.short):
            break
        columns = np.flatnonzero(deliveries > 0)
        least = _least(flow, columns, served(flow, layout))
        cut = least * (1 - DUST) if attempt < TRIES else 0.0
        deliveries = deliveries.copy()
        deliveries[columns] *= np.where(least < 1 - DUST, cut, 1.0)
    if len(layout.short):
        deliveries = np.zeros_like(deliveries)
        layout = lay_out(flow, deliveries, space)
    return deliveries, layout


def throttled(flow: Flow, x: Floats) -> Floats:
    """Return a flow cut back to what there is, from sources to uses: who takes from a row that has too little goes shares.

    What is left over anywhere lies in stock to the end. Capacity that is used beyond its room is shared out first.
    """
    x = _within(flow, x)
    takers = flow.takers
    for rows in flow.waves:
        there = _there(flow, rows, x)
        place, columns, value = takers.of(rows)
        want = sums(place, x[columns] * value, len(rows))
        share = np.where(want > there * (1 + DUST), there / np.maximum(want, DUST), 1.0)
        np.multiply.at(x, columns, share[place])
    return stocked(flow, x)


def stocked(flow: Flow, x: Floats) -> Floats:
    """Return a flow with what is left over at each row lying in stock until it is taken, or to the end."""
    x, stock, takers = x.copy(), flow.lp.columns["stock"].index, flow.takers
    x[stock] = 0.0
    keeper = np.full(len(flow.wave), -1, dtype=np.int64)
    keeper[flow.takes.item[flow.takes.start[stock]]] = stock
    for rows in flow.waves:
        place, columns, value = takers.of(rows)
        rest = _there(flow, rows, x) - sums(place, x[columns] * value, len(rows))
        x[keeper[rows]] = np.where(rest > DUST, rest, 0.0)
    return x


def _there(flow: Flow, rows: Ints, x: Floats) -> Floats:
    place, columns, _ = flow.makers.of(rows)
    come = sums(place, x[columns] * flow.gain[columns], len(rows))
    return np.maximum(flow.supply[rows], 0.0) + come


def _within(flow: Flow, x: Floats) -> Floats:
    """Return columns cut so that no row of capacity is used beyond its room."""
    used = flow.used(x)
    share = np.where(used > flow.room, np.maximum(flow.room, 0.0) / np.maximum(used, DUST), 1.0)
    least = np.ones(len(x))
    np.minimum.at(least, flow.uses.owners, share[flow.uses.item])
    return x * least
