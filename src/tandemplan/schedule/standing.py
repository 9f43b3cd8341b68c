"""What stands before demands are served: orders that are there already; and what is seen to after them: safety stocks, set-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tandemplan.compiled import kernel
from tandemplan.schedule.board import FULL, LOGGED, NEEDED, TINY, TRIES, USED, Board
from tandemplan.schedule.fixed import DELIVER, FOREVER
from tandemplan.schedule.parts import part
from tandemplan.schedule.planning import fit_earliest, inputs, released, there_by
from tandemplan.schedule.profiles import add, first_below, least
from tandemplan.schedule.pulling import fill
from tandemplan.schedule.pushing import bring
from tandemplan.schedule.recording import PUT, flow, hold, new_order, undo
from tandemplan.schedule.sequence import changed, set_up_of, takes, there
from tandemplan.schedule.serving import DAY

if TYPE_CHECKING:  # what is compiled does not depend on its docstrings
    from tandemplan.schedule.factory import Given

ROUNDS = 1000  # lots for the safety stock of one buffer, at most


@kernel
def stand(board: Board, given: Given, firm: int) -> int:
    """Write the given orders on the board, confirmed or approved ones; return how many: fewer than there are where there is no room."""
    for i in range(len(given.start)):
        if given.firm[i] != firm:
            continue
        board.now[LOGGED], board.now[NEEDED], board.now[TRIES] = 0, 0, 0
        lot = (given.mode[i], given.start[i], given.end[i])
        if firm == 0 and lot[0] >= 0:
            lot = later(board, (lot[0], max(lot[1], step_before(board, given, i)), lot[2]), given.quantity[i])
        row = new_order(board, -1, -1, lot, given.quantity[i])
        if row >= 0:
            order = board.orders[row]
            order.process, order.given = given.process[i], i
            order.parent = -2 - given.parent[i] if given.parent[i] >= 0 else -1  # its row is not known yet
            order.demand = given.demand[i] if board.processes[given.process[i]].kind == DELIVER else -1
            if order.mode >= 0:
                hold(board, row, PUT)
                flow(board, row, PUT)
        if board.now[FULL]:
            return i
        if order.demand >= 0:
            demand = board.demands[order.demand]
            demand.done += order.quantity
            demand.done_late += order.quantity * max(0, order.end - demand.due) / DAY
            demand.missing = max(0.0, demand.quantity - demand.done)
            demand.late = demand.done_late
    return len(given.start)


@part
def step_before(board: Board, given: Given, i: int) -> int:
    """Return when a given step may start after the steps of its route that stand on the board already and come before it."""
    after = -FOREVER
    if given.parent[i] < 0:
        return after
    route = board.processes[given.process[given.parent[i]]]
    for k in range(route.step, route.step_end):
        if board.lists[k] == given.process[i]:
            return after
        step = board.processes[board.lists[k]]
        for row in range(board.now[USED]):
            order = board.orders[row]
            if order.parent == -2 - given.parent[i] and order.process == board.lists[k]:
                after = max(after, order.end + step.wait + step.hold)
    return -FOREVER


@part
def later(board: Board, lot: tuple[int, int, int], quantity: float) -> tuple[int, int, int]:
    """Return when an approved order can be, at its start or later; as it stands where it never can. What can never be had is not waited for."""
    m = lot[0]
    inputs(board, m, quantity, (max(0, lot[1]), max(0, lot[1])))
    count = board.now[NEEDED]
    for i in range(count):
        one, mark = board.needs[i], board.now[LOGGED]
        one.at = bring(board, one.buffer, one.quantity, -1)
        if one.at == FOREVER:
            undo(board, mark)
            one.at, one.offset, one.quantity = 0, 0, 0.0
    start, end = fit_earliest(board, m, quantity, max(lot[1], released(board, 0, 0)), there_by(board, 0))
    if start == FOREVER:
        undo(board, 0)
        return lot
    for i in range(count):
        one = board.needs[i]
        add(board, len(board.resources) + one.buffer, one.at, FOREVER, one.quantity)
    board.now[NEEDED] = 0
    return (m, start, end)


@kernel
def settle(board: Board, first: int) -> int:
    """Make what given orders lack, where it can be in time; what cannot is lacking for good, and later orders do not see it.

    Return how many buffers are settled, from `first` on: fewer than there are where there is no room.
    """
    for b in range(first, len(board.buffers)):
        p = len(board.resources) + b
        t = first_below(board, p, -FOREVER)
        while t < FOREVER:
            board.now[LOGGED], board.now[NEEDED], board.now[TRIES] = 0, 0, 0
            if t < 0 or not alone(board, b, t):
                undo(board, 0)
                k = board.profiles[p].first
                while board.moment[k] < t or board.level[k] >= -TINY:
                    k += 1
                until = board.moment[k + 1] if k + 1 < board.profiles[p].first + board.profiles[p].count else FOREVER
                add(board, p, t, until, -board.level[k])
            if board.now[FULL]:
                undo(board, 0)
                return b
            t = first_below(board, p, t)
    return len(board.buffers)


@part
def alone(board: Board, b: int, t: int) -> bool:
    """Fill a buffer at one moment, whatever it lacks later."""
    board.bounds[2] = t
    done = fill(board, b, t, -1)
    board.bounds[2] = FOREVER
    return done


@kernel
def secure(board: Board, first: int) -> int:
    """Raise buffers to their safety stocks where that can be, from buffer `first` on, without any demand's loss.

    Return how many are seen to: fewer than there are where there is no room.
    """
    for b in range(first, len(board.buffers)):
        board.now[LOGGED] = 0
        own = board.buffers[b]
        if own.safety_end > own.safety:
            target(board, b, -1.0)
            raise_to_zero(board, b)
            target(board, b, 1.0)
        if board.now[FULL]:
            undo(board, 0)
            return b
    return len(board.buffers)


@part
def target(board: Board, b: int, sign: float) -> None:
    """Add the safety stock of a buffer to its profile, or take it off."""
    own = board.buffers[b]
    for k in range(own.safety, own.safety_end):
        since = max(0, board.times[k])
        until = board.times[k + 1] if k + 1 < own.safety_end else FOREVER
        if board.values[k] != 0.0 and until > since:
            add(board, len(board.resources) + b, since, until, sign * board.values[k])


@part
def raise_to_zero(board: Board, b: int) -> None:
    """Fill what a buffer lacks, one moment after the other: in time, else as early as can be, else not."""
    p, t = len(board.resources) + b, 0
    for _ in range(ROUNDS):
        t = first_below(board, p, t)
        if t == FOREVER or board.now[FULL]:
            return
        mark, short = board.now[LOGGED], -least(board, p, t, t + 1)
        board.now[NEEDED], board.now[TRIES] = 0, 0
        if alone(board, b, t):
            continue
        undo(board, mark)
        add(board, p, t, FOREVER, short)  # as if it were there, until it comes
        came = bring(board, b, short, -1)
        if came < FOREVER:
            add(board, p, t, came, -short)
            t = max(t + 1, came)
        else:
            undo(board, mark)
            t = next_value(board, p, t)


@part
def next_value(board: Board, p: int, t: int) -> int:
    """Return when the value of a profile changes next, FOREVER where it does not."""
    for k in range(board.profiles[p].first, board.profiles[p].first + board.profiles[p].count):
        if board.moment[k] > t:
            return board.moment[k]
    return FOREVER


@kernel
def begin_changes(board: Board) -> None:
    """Write into each order when the change of set-up before it begins; its start where there is none."""
    for i in range(board.now[USED]):
        board.orders[i].change = board.orders[i].start
    for r in range(len(board.resources)):
        row = board.resources[r].queue
        if row < 0:
            continue
        for place in range(board.queued[row]):
            order = board.orders[board.queue[row, place]]
            seconds = takes(board, r, there(board, r, place), set_up_of(board, board.queue[row, place], r))
            order.change = min(order.change, changed(board, r, order.start, max(0, seconds)))
