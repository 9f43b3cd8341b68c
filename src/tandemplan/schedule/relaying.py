"""Orders of a schedule are written on an empty board, one after the other, without a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tandemplan.arrays import Ints
from tandemplan.compiled import kernel
from tandemplan.schedule.board import FULL, LOGGED, NEEDED, PLANNED, TINY, Board
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.profiles import add, first_below
from tandemplan.schedule.recording import PUT, flow, hold, hold_tools, new_order
from tandemplan.schedule.serving import DAY, judge

if TYPE_CHECKING:  # what is compiled does not depend on its docstrings
    from tandemplan.schedule.factory import Orders


@kernel
def lay(board: Board, orders: Orders, root: Ints) -> bool:
    """Write orders on an empty board, each for a demand; return False where there is no room."""
    for i in range(len(orders.start)):
        board.now[LOGGED], board.now[NEEDED] = 0, 0
        mode = orders.mode[i]
        if mode < 0 and orders.process[i] >= 0:
            mode = board.processes[orders.process[i]].mode
        owner = root[i] if orders.given[i] < 0 else -1
        row = new_order(board, owner, orders.parent[i], (mode, orders.start[i], orders.end[i]), orders.quantity[i])
        if row < 0:
            return False
        order = board.orders[row]
        order.process, order.given, order.demand = orders.process[i], orders.given[i], orders.demand[i]
        if mode >= 0:
            hold(board, row, PUT)
            flow(board, row, PUT)
            tools(board, orders, i)
        else:
            add(board, len(board.resources) + board.demands[order.demand].buffer, order.start, FOREVER, -order.quantity)
        if order.demand >= 0 and owner < 0:
            demand = board.demands[order.demand]
            demand.done += order.quantity
            demand.done_late += order.quantity * max(0, order.end - demand.due) / DAY
        if board.now[FULL]:
            return False
    for d in range(len(board.demands)):
        judge(board, d)
    return True


@kernel
def tools(board: Board, orders: Orders, i: int) -> None:
    """Hold the tools of an order's steps from its start to its end."""
    count = 0
    if board.processes[orders.process[i]].step_end > board.processes[orders.process[i]].step:
        for j in range(len(orders.start)):
            if orders.parent[j] == i:
                board.plan[count].mode = orders.mode[j]
                count += 1
    board.now[PLANNED] = count
    hold_tools(board, (0, orders.start[i], orders.end[i]), PUT)


@kernel
def lift(board: Board) -> None:
    """Take what given orders lack as there, so that others neither make it nor use it."""
    for b in range(len(board.buffers)):
        p = len(board.resources) + b
        t = first_below(board, p, -FOREVER)
        while t < FOREVER and not board.now[FULL]:
            board.now[LOGGED] = 0
            k = board.profiles[p].first
            while board.moment[k] < t or board.level[k] >= -TINY:
                k += 1
            until = board.moment[k + 1] if k + 1 < board.profiles[p].first + board.profiles[p].count else FOREVER
            add(board, p, t, until, -board.level[k])
            t = first_below(board, p, t)
    board.now[LOGGED] = 0
