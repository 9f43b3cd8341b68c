"""A schedule is laid on a board again, as it stands: to go on from it."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import Ints
from tandemplan.schedule.board import Board
from tandemplan.schedule.factory import Factory, Orders
from tandemplan.schedule.laying import board_of
from tandemplan.schedule.relaying import lay, lift


def replayed(factory: Factory, orders: Orders) -> Board:
    """Return the board on which the orders of a schedule lie."""
    root = roots(factory, orders)
    room = 1
    while True:
        board = board_of(factory, room)
        if lay(board, Orders._make(np.array(c) for c in orders), root):
            lift(board)
            return board
        room *= 2


def roots(factory: Factory, orders: Orders) -> Ints:
    """Return the demand that each order is for: that of the first order which uses what it makes, first in first out; -1 for none."""
    user = _users(factory, orders)
    root = np.where(orders.demand >= 0, orders.demand, -1)
    for _ in range(64):
        follow = (root < 0) & (user >= 0)
        new = root.copy()
        new[follow] = root[user[follow]]
        if (new == root).all():
            break
        root = new
    return np.where(orders.parent >= 0, root[np.maximum(orders.parent, 0)], root).astype(np.int64)


def _users(factory: Factory, orders: Orders) -> Ints:
    """Return the first order that uses what each order makes (of a step's, its route is the maker), -1 where none does."""
    flows, start = factory.flows, factory.modes.flow_start
    whole = np.where(
        (orders.mode < 0) & (orders.process >= 0), factory.processes.mode_start[orders.process], orders.mode
    )
    has = np.flatnonzero(whole >= 0)
    length = start[whole[has] + 1] - start[whole[has]]
    row = np.repeat(has, length)
    f = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length) + start[whole[row]]
    amount = flows.fixed[f] + flows.unit[f] * orders.quantity[row]
    at = np.where(flows.at_end[f] > 0, orders.end[row], orders.start[row]) + flows.offset[f]
    plain = np.flatnonzero((orders.process < 0) & (orders.demand >= 0))
    row = np.concatenate([np.where(orders.parent[row] >= 0, orders.parent[row], row), plain])
    buffer = np.concatenate([flows.buffer[f], factory.demands.buffer[orders.demand[plain]]])
    amount = np.concatenate([amount, -orders.quantity[plain]])
    at = np.concatenate([at, orders.start[plain]])
    user = np.full(len(orders.start), -1)
    for b in np.unique(buffer[amount > 0]).tolist():
        made, used = (np.flatnonzero((buffer == b) & s) for s in (amount > 0, amount < 0))
        made, used = (k[np.argsort(at[k], kind="stable")] for k in (made, used))
        before = factory.buffers.opening[b] + np.cumsum(amount[made]) - amount[made]
        taken = np.cumsum(-amount[used])
        place = np.searchsorted(taken, before, side="right")
        found = place < len(used)
        user[row[made[found]]] = row[used[place[found]]]
    return user
