"""Schedule a factory: dispatch at once, then improvement as long as time allows; never worse than a start, and with a bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import Floats, Ints, sums
from tandemplan.schedule.board import FULL, USED, Board
from tandemplan.schedule.bounding import bounds_of
from tandemplan.schedule.dispatch import PARTS, dispatched, lateness, secured, usual_sequence
from tandemplan.schedule.factory import Factory, Orders
from tandemplan.schedule.improving import PATIENT, SAME, STILL, Search, improve, search_of
from tandemplan.schedule.laying import grown, orders_of
from tandemplan.schedule.replaying import replayed

SLICE = 200  # steps between two looks at the clock, at most
LOOK = 0.2  # seconds between them
MANY = 100_000  # orders: where there are more, it is dispatched in one way alone
RESTLESS = 3  # times the patience of a search after which it goes on from somewhere else
KICKS = 6  # steps that are kept although they make things worse, fewer than


@dataclass(frozen=True, eq=False)
class FactorySchedule:
    """A schedule, and for each class, the first one first, its units not delivered and its late unit-days, with what none is below.

    The bound of late unit-days of a class holds for all schedules; where units are missing, they are not late.
    """

    orders: Orders
    missing: Floats
    late: Floats
    missing_bound: Floats
    late_bound: Floats
    steps: int
    seconds: float

    @property
    def proved(self) -> bool:
        """Return whether no schedule is better, over classes in order."""
        same = np.concatenate([self.missing - self.missing_bound, self.late - self.late_bound])
        return bool((same <= SAME).all())


def schedule_factory(
    factory: Factory,
    *,
    seconds: float = 10.0,
    steps: int | None = None,
    seed: int = 1,
    start: Orders | None = None,
    goes_on: Callable[[int], bool] = lambda _steps: True,
) -> FactorySchedule:
    """Return the best schedule found in some seconds, or in some steps of improvement: then the same one for the same seed.

    It is no worse than dispatch, nor than `start`, a schedule that the factory allows. Best is, over classes in order: the fewest units
    not delivered by their latest moments, then the fewest late unit-days. `goes_on` is called now and then with the steps that were taken,
    and ends the search where it says no.
    """
    began = time.monotonic()
    classes = int(factory.demands.rank.max(initial=0)) + 1
    missing_bound, late_bound = bounds_of(factory)
    board, parts = _first(factory, classes, start)
    search, taken, wanted = search_of(board, seed, parts), 0, 1
    best, luck = board, np.random.default_rng(seed)
    improve(board, search, 0)  # compiled before the time begins
    first = time.monotonic()
    while goes_on(taken) and not _at(board, missing_bound, late_bound):
        spent = time.monotonic() - first
        if taken >= steps if steps is not None else spent >= seconds:
            break
        if steps is None and taken:
            wanted = max(1, min(SLICE, int(LOOK * taken / max(spent, 1e-6))))
        board, done = _improved(board, search, wanted if steps is None else min(SLICE, steps - taken))
        taken += done
        if not done:
            break
        if search.state[STILL] > RESTLESS * PATIENT * search.many[0]:
            best = _better(best, board, classes)
            board = _copy(best)
            search.state[:] = 0, luck.integers(1, KICKS)
    board = secured(_better(best, board, classes))
    missing, late = lateness(board, classes)
    return FactorySchedule(orders_of(board), missing, late, missing_bound, late_bound, taken, time.monotonic() - began)


def _copy(board: Board) -> Board:
    """Return a board that does not change with another."""
    return Board._make(np.array(a) for a in board)


def _better(best: Board, board: Board, classes: int) -> Board:
    """Return the better one of two boards; the second where they are the same."""
    return best if _value(best, classes) < _value(board, classes) else board


def _at(board: Board, missing_bound: Floats, late_bound: Floats) -> bool:
    """Return whether a board is at the bounds of all classes: then it cannot be better."""
    missing, late = lateness(board, len(late_bound))
    return bool((missing <= missing_bound + SAME).all() and (late <= late_bound + SAME).all())


def _improved(board: Board, search: Search, steps: int) -> tuple[Board, int]:
    """Take some steps on a board, which grows where it must; return it, and how many were taken: fewer where nothing is late or short."""
    done = 0
    while done < steps:
        taken = improve(board, search, steps - done)
        done += taken
        if done < steps and not board.now[FULL]:
            break
        if board.now[FULL]:
            board = grown(board)
    return board, done


def _first(factory: Factory, classes: int, start: Orders | None) -> tuple[Board, int]:
    """Return the best board of a start and of dispatch in some ways, and in how many parts: some, one, as it comes; by due moments or by work.

    Where there are very many orders, it is dispatched once.
    """
    usual = usual_sequence(factory)
    boards = [(dispatched(factory, usual, PARTS), PARTS)]
    if any(v > 0 for v in _value(boards[0][0], classes)) and boards[0][0].now[USED] < MANY:
        boards += [(dispatched(factory, usual, parts), parts) for parts in (1, 0)]
        boards.append((dispatched(factory, _by_work(boards[1][0], usual), PARTS), PARTS))
    if start is not None:
        boards.insert(0, (replayed(factory, start), PARTS))
    return min(boards, key=lambda b: _value(b[0], classes))


def _by_work(board: Board, usual: Ints) -> Ints:
    """Return the demands by class, then by the working time of stations that a unit takes: most units soon where there is too little."""
    orders = board.orders[: board.now[USED]]
    mode = np.maximum(orders["mode"], 0)
    loaded = board.modes["load_end"][mode] > board.modes["load"][mode]
    held = (orders["alive"] == 1) & (orders["root"] >= 0) & (orders["mode"] >= 0) & loaded
    took = sums(orders["root"][held], (orders["end"] - orders["start"])[held].astype(float), len(board.demands))
    each = took / np.maximum(board.demands["quantity"], SAME)
    return usual[np.lexsort((each[usual], board.demands["rank"][usual]))]


def _value(board: Board, classes: int) -> tuple[float, ...]:
    """Return what is missing and late of each class, in order; tiny differences do not count."""
    missing, late = lateness(board, classes)
    return tuple(np.round(np.stack([missing, late], axis=1).ravel() / (10 * SAME)).tolist())
