"""Orders are written on the board, taken off, and every change of the board can be taken back."""

from __future__ import annotations

import math

from tandemplan.schedule.board import (
    ADDED,
    CHANGED,
    FULL,
    LOGGED,
    NEEDED,
    NEEDS,
    PLANNED,
    QUEUED,
    REMOVED,
    ROWS,
    SPARE,
    TINY,
    USED,
    Board,
)
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part
from tandemplan.schedule.profiles import add, least, note, shift
from tandemplan.schedule.sequence import dequeue, drop, enqueue, insert, may_leave
from tandemplan.schedule.working import bucket_at, ended, worked_between

PUT, TAKE_BACK = 1, -1  # the signs of what an order does, and of its undoing


@part
def undo(board: Board, mark: int) -> None:
    """Take back all changes since the log was `mark` entries long, the last one first."""
    while board.now[LOGGED] > mark:
        board.now[LOGGED] -= 1
        entry = board.log[board.now[LOGGED]]
        if entry.kind == CHANGED:
            shift(board, entry.one, entry.at, entry.until, -entry.amount)
        elif entry.kind == ADDED:
            order = board.orders[entry.one]
            order.alive = 0
            if order.root >= 0:
                board.demands[order.root].chain = order.next
            board.spare[board.now[SPARE]] = entry.one
            board.now[SPARE] += 1
        elif entry.kind == REMOVED:
            board.orders[entry.one].alive = 1
        elif entry.kind == QUEUED:
            drop(board, entry.at, entry.one)
        else:
            insert(board, entry.at, entry.one)


@part
def new_order(board: Board, root: int, parent: int, lot: tuple[int, int, int], quantity: float) -> int:
    """Write an order (mode, start, end) for demand `root` without its effects; return its row, -1 where there is no room."""
    if board.now[SPARE] > 0:
        row = board.spare[board.now[SPARE] - 1]
    elif board.now[USED] < len(board.orders):
        row = board.now[USED]
    else:
        board.now[FULL] = ROWS
        return -1
    if not note(board, ADDED, row, 0, 0):
        return -1
    if board.now[SPARE] > 0:
        board.now[SPARE] -= 1
    else:
        board.now[USED] += 1
    order = board.orders[row]
    order.mode, order.start, order.end = lot
    order.process = board.modes[lot[0]].process if lot[0] >= 0 else -1
    order.quantity, order.parent, order.demand, order.given, order.alive = quantity, parent, -1, -1, 1
    order.root, order.next = root, -1
    if root >= 0:
        order.next = board.demands[root].chain
        board.demands[root].chain = row
    return row


@part
def hold(board: Board, row: int, sign: int) -> None:
    """Let an order hold its stations, or free them; what is held through a route is not the step's."""
    order = board.orders[row]
    mode = board.modes[order.mode]
    for k in range(mode.load, mode.load_end):
        load = board.loads[k]
        resource = board.resources[load.resource]
        if load.held:
            continue
        if resource.buckets:
            first = bucket_at(board, load.resource, order.start)
            end = board.times[first + 1] if first + 1 < resource.size_end else FOREVER
            add(board, load.resource, board.times[first], end, -sign * (load.fixed + load.unit * order.quantity))
            continue
        if resource.queue >= 0 and sign == PUT:
            enqueue(board, load.resource, row)
        elif resource.queue >= 0:
            dequeue(board, load.resource, row)
        add(board, load.resource, order.start, order.end, -sign * load.stations)


@part
def flow_moment(board: Board, f: int, lot: tuple[int, int, int], hold_seconds: int) -> int:
    """Return when a flow of a lot (mode, start, end) takes place; what is made may be used some seconds later."""
    flow = board.flows[f]
    t = (lot[2] if flow.at_end else lot[1]) + flow.offset
    return t + hold_seconds if flow.at_end and (flow.unit > 0.0 or flow.fixed > 0.0) else t


@part
def in_force(board: Board, f: int, lot: tuple[int, int, int]) -> bool:
    """Return whether a flow is in force for a lot."""
    t = (lot[2] if board.flows[f].at_end else lot[1]) + board.flows[f].offset
    return board.flows[f].since <= t < board.flows[f].until


@part
def flow(board: Board, row: int, sign: int) -> None:
    """Put what an order makes into its buffers and take what it uses, or undo that; what is used is written down as needed."""
    order = board.orders[row]
    lot = (order.mode, order.start, order.end)
    mode = board.modes[order.mode]
    kept = board.processes[order.process].hold
    for f in range(mode.flow, mode.flow_end):
        one = board.flows[f]
        amount = one.fixed + one.unit * order.quantity
        if amount == 0.0 or not in_force(board, f, lot):
            continue
        p = len(board.resources) + one.buffer
        t = flow_moment(board, f, lot, kept)
        if one.transfer <= 0.0 or abs(amount) <= one.transfer + TINY:
            add(board, p, t, FOREVER, sign * amount)
        else:
            transfer(board, row, f, sign)
        if amount < 0.0 and sign == PUT:
            need(board, one.buffer, t if one.transfer <= 0.0 else order.start, -amount)


@part
def transfer(board: Board, row: int, f: int, sign: int) -> None:
    """Move what an order makes or uses in batches, spread over its working time: used as each begins, made as each ends."""
    order, one = board.orders[row], board.flows[f]
    calendar = board.modes[order.mode].calendar
    amount = one.fixed + one.unit * order.quantity
    work = worked_between(board, calendar, order.start, order.end)
    p, batches = len(board.resources) + one.buffer, math.ceil(abs(amount) / one.transfer - TINY)
    for i in range(batches):
        part = min(one.transfer, abs(amount) - i * one.transfer)
        t = ended(board, calendar, order.start, work * (i if amount < 0.0 else i + 1) // batches)
        add(board, p, t + one.offset, FOREVER, sign * (part if amount > 0.0 else -part))


@part
def need(board: Board, buffer: int, at: int, quantity: float) -> None:
    """Write down that a buffer must be looked at from a moment on."""
    n = board.now[NEEDED]
    if n >= len(board.needs):
        board.now[FULL] = NEEDS
        return
    one = board.needs[n]
    one.buffer, one.at, one.quantity = buffer, at, quantity
    board.now[NEEDED] = n + 1


@part
def record(board: Board, process: int, quantity: float, root: int) -> int:
    """Write the lot that stands in the plan: one order, or a route with its steps. Return the row of the order."""
    count = board.now[PLANNED]
    first = board.plan[0]
    if board.processes[process].step_end == board.processes[process].step:
        row = new_order(board, root, -1, (first.mode, first.start, first.end), quantity)
        if row >= 0:
            hold(board, row, PUT)
            flow(board, row, PUT)
        return row
    whole = (board.processes[process].mode, board.plan[0].start, board.plan[count - 1].end)
    row = new_order(board, root, -1, whole, quantity)
    if row < 0:
        return -1
    hold_tools(board, whole, PUT)
    flow(board, row, PUT)
    for k in range(count):
        step = new_order(board, root, row, (board.plan[k].mode, board.plan[k].start, board.plan[k].end), quantity)
        if step < 0:
            return -1
        hold(board, step, PUT)
        flow(board, step, PUT)
    return row


@part
def hold_tools(board: Board, whole: tuple[int, int, int], sign: int) -> None:
    """Hold, or free, each tool of the planned steps from the first start to the last end."""
    for k in range(board.now[PLANNED]):
        mode = board.modes[board.plan[k].mode]
        for i in range(mode.load, mode.load_end):
            load = board.loads[i]
            if load.held and not held_before(board, k, load.resource):
                add(board, load.resource, whole[1], whole[2], -sign * load.stations)


@part
def held_before(board: Board, k: int, resource: int) -> bool:
    """Return whether a planned step before step `k` holds a tool."""
    for j in range(k):
        mode = board.modes[board.plan[j].mode]
        for i in range(mode.load, mode.load_end):
            if board.loads[i].held and board.loads[i].resource == resource:
                return True
    return False


@part
def spared(board: Board, row: int) -> bool:
    """Return whether what an order has made is not used by others, and its stations can do without it."""
    order = board.orders[row]
    lot = (order.mode, order.start, order.end)
    mode = board.modes[order.mode]
    kept = board.processes[order.process].hold
    for f in range(mode.flow, mode.flow_end):
        one = board.flows[f]
        amount = one.fixed + one.unit * order.quantity
        if amount > 0.0 and in_force(board, f, lot):
            t = order.start if one.transfer > 0.0 else flow_moment(board, f, lot, kept)
            if least(board, len(board.resources) + one.buffer, t, FOREVER) < amount - TINY:
                return False
    for k in range(mode.load, mode.load_end):
        resource = board.loads[k].resource
        if board.resources[resource].queue >= 0 and not may_leave(board, resource, row):
            return False
    return True


@part
def remove(board: Board, row: int) -> bool:
    """Take an order off the board with its steps, unless others need what it makes; it can be put back."""
    order = board.orders[row]
    if order.mode < 0:
        order.alive = 0
        note(board, REMOVED, row, 0, 0)
        add(board, len(board.resources) + board.demands[order.demand].buffer, order.start, FOREVER, order.quantity)
        return True
    if not spared(board, row):
        return False
    count, process, step = 0, board.processes[order.process], board.demands[order.root].chain
    while step >= 0 and process.step_end > process.step:
        one = board.orders[step]
        if one.alive and one.parent == row:
            if not spared(board, step):
                return False
            board.plan[count].mode = one.mode
            board.needs[count].at = step
            count += 1
        step = one.next
    board.now[PLANNED] = count
    for k in range(count):
        off(board, board.needs[k].at)
    if count > 0:
        hold_tools(board, (order.mode, order.start, order.end), TAKE_BACK)
    off(board, row)
    return True


@part
def off(board: Board, row: int) -> None:
    """Take one order off the board."""
    board.orders[row].alive = 0
    note(board, REMOVED, row, 0, 0)
    hold(board, row, TAKE_BACK)
    flow(board, row, TAKE_BACK)
