"""Dispatch: demands are served one after the other, in order of class, due moment and quantity."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.schedule.board import LOGGED, Board
from tandemplan.schedule.factory import Factory, Given, Orders
from tandemplan.schedule.laying import board_of, grown, orders_of
from tandemplan.schedule.serving import dispatch
from tandemplan.schedule.standing import secure, settle, stand

PARTS = 4  # in which what is late is delivered, one after the other


def dispatched(factory: Factory, sequence: Ints | None = None, parts: int = PARTS) -> Board:
    """Return the board of a factory with all demands served in a sequence; first come the given orders, last the safety stocks."""
    board = opened(factory)
    order = usual_sequence(factory) if sequence is None else sequence
    shares = np.full(len(factory.demands.due), parts)
    done = dispatch(board, order, shares, 0)
    while done < len(order):
        board = grown(board)
        done = dispatch(board, order, shares, done)
    return board


def opened(factory: Factory) -> Board:
    """Return the board of a factory with its given orders, and what they lack."""
    room, given = 1, Given._make(np.array(c) for c in factory.given)
    while True:
        board = board_of(factory, room)
        count, buffers = len(given.start), len(factory.buffers.opening)
        stood = stand(board, given, 1) == count and stand(board, given, 0) == count
        if stood and settle(board, 0) == buffers:
            board.now[LOGGED] = 0
            return board
        room *= 2


def secured(board: Board) -> Board:
    """Return a board with safety stocks seen to, after all demands."""
    done = secure(board, 0)
    while done < len(board.buffers):
        board = grown(board)
        done = secure(board, done)
    return board


def usual_sequence(factory: Factory) -> Ints:
    """Return the demands in order of class, due moment, quantity."""
    d = factory.demands
    return np.lexsort((d.quantity, d.due, d.rank)).astype(np.int64)


def dispatch_factory(factory: Factory) -> Orders:
    """Return a schedule at once, by dispatch alone."""
    return orders_of(secured(dispatched(factory)))


def lateness(board: Board, classes: int) -> tuple[Floats, Floats]:
    """Return the units not delivered and the late unit-days of each class."""
    rank = board.demands["rank"]
    missing = np.bincount(rank, board.demands["missing"], minlength=classes)
    late = np.bincount(rank, board.demands["late"], minlength=classes)
    return np.asarray(missing, dtype=np.float64), np.asarray(late, dtype=np.float64)
