"""One lot is planned: its quantity, its ways and stations, the steps of its route. The plan stands in `Board.plan`."""

from __future__ import annotations

from tandemplan.schedule.board import NEEDED, PLANNED, TINY, Board
from tandemplan.schedule.fitting import earliest, fits_left, held_until, latest
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part
from tandemplan.schedule.profiles import place_of
from tandemplan.schedule.recording import in_force, need
from tandemplan.schedule.working import value_at


@part
def output_of(board: Board, m: int, buffer: int) -> int:
    """Return the flow by which a lot in mode `m`, or a step of its route, fills a buffer; -1 where none does."""
    process = board.processes[board.modes[m].process]
    for k in range(process.step - 1, process.step_end):
        mode = board.modes[m] if k < process.step else board.modes[board.processes[board.lists[k]].mode]
        for f in range(mode.flow, mode.flow_end):
            flow = board.flows[f]
            if flow.buffer == buffer and (flow.unit > 0.0 or flow.fixed > 0.0):
                return f
    return -1


@part
def lot_of(board: Board, m: int, f: int, short: float, at: int) -> float:
    """Return the lot by which flow `f` makes what is short at a moment, or as much of it as one lot may; 0 where none can."""
    process, flow = board.processes[board.modes[m].process], board.flows[f]
    quantity = (short - flow.fixed) / flow.unit if flow.unit > 0.0 else process.minimum
    floor = (
        value_at(board, process.least, process.least_end, at) if process.least_end > process.least else process.minimum
    )
    quantity = max(quantity, floor)
    most = min(process.most, board.modes[m].most)
    if process.multiple > 0.0:
        quantity = rounded(quantity, process.multiple)
        most = process.multiple * int(most / process.multiple + 1e-9) if most < 1e15 else most
    quantity = min(quantity, most)
    return quantity if quantity >= floor - TINY and quantity > TINY else 0.0


@part
def rounded(quantity: float, multiple: float) -> float:
    """Return a quantity rounded up to a multiple."""
    times = int(quantity / multiple)
    while times * multiple < quantity - TINY:
        times += 1
    return times * multiple


@part
def plan_latest(board: Board, k: int, short: float, by: int, strict: int) -> float:
    """Plan a lot of one of the makers alike from `k` on, to fill a buffer by a moment, as late as can be; return its quantity, or 0.

    `strict` keeps the time that what was made should wait.
    """
    first = board.makers[k].mode
    process = board.processes[board.modes[first].process]
    f = output_of(board, first, board.makers[k].buffer)
    if f < 0:
        return 0.0
    flow = board.flows[f]
    by = min(by - flow.offset - process.hold - (process.wait if strict else 0), flow.until - 1 - flow.offset)
    quantity, best = 0.0, -FOREVER
    for i in range(k, board.makers[k].next):
        m = board.makers[i].mode
        lot = lot_of(board, m, f, short, by)
        if lot <= 0.0:
            continue
        if process.step_end > process.step:
            return lot if route_latest(board, m, lot, by) else 0.0
        lot = fits_left(board, m, lot, by)
        start, end = latest(board, m, lot, by)
        if start > best and end + flow.offset >= flow.since:
            quantity, best = lot, start
            board.plan[0].mode, board.plan[0].start, board.plan[0].end = m, start, end
    board.now[PLANNED] = 1
    return quantity


@part
def route_latest(board: Board, m: int, quantity: float, by: int) -> bool:
    """Plan the steps of a route backward from a moment, each in its best mode; tools stay the same and are free from first to last."""
    process = board.processes[board.modes[m].process]
    count, limit = process.step_end - process.step, by
    for _ in range(1000):
        end, k = limit, count - 1
        while k >= 0:
            step = board.processes[board.lists[process.step + k]]
            best = -FOREVER
            for i in range(step.mode, step.mode_end):
                if agrees(board, i, k + 1, count):
                    start, stop = latest(board, i, quantity, end - step.wait - step.hold if k < count - 1 else end)
                    if start > best:
                        best = start
                        board.plan[k].mode, board.plan[k].start, board.plan[k].end = i, start, stop
            if best == -FOREVER:
                return False
            end, k = best, k - 1
        board.now[PLANNED] = count
        free = tools_free(board, count)
        if free >= board.plan[count - 1].end:
            return end >= max(0, process.fence)
        limit = min(free, board.plan[count - 1].end - 1)
    return False


@part
def agrees(board: Board, m: int, first: int, end: int) -> bool:
    """Return whether a mode holds the tools that the planned steps from `first` to `end` hold: pools give one member to all of them."""
    for i in range(board.modes[m].load, board.modes[m].load_end):
        mine = board.loads[i]
        if mine.held == 0:
            continue
        for k in range(first, end):
            other = board.modes[board.plan[k].mode]
            for j in range(other.load, other.load_end):
                if board.loads[j].held and board.loads[j].resource != mine.resource and same_pool(board, m, j):
                    return False
    return True


@part
def same_pool(board: Board, m: int, load: int) -> bool:
    """Return whether another mode of the process of mode `m` holds the tool of a load: then it is one of a pool."""
    process = board.processes[board.modes[m].process]
    for i in range(process.mode, process.mode_end):
        for k in range(board.modes[i].load, board.modes[i].load_end):
            if board.loads[k].held and board.loads[k].resource == board.loads[load].resource:
                return True
    return False


@part
def tools_free(board: Board, count: int) -> int:
    """Return the end of the planned route, or an earlier moment by which it must end for its tools to be free all the time."""
    whole = (board.plan[0].start, board.plan[count - 1].end)
    free = whole[1]
    for k in range(count):
        mode = board.modes[board.plan[k].mode]
        for i in range(mode.load, mode.load_end):
            if board.loads[i].held:
                free = min(free, held_until(board, board.loads[i].resource, board.loads[i].stations, whole))
    return free


@part
def plan_earliest(board: Board, k: int, last: int, quantity: float, since: tuple[int, int]) -> bool:
    """Plan a lot in the best of the modes alike from maker `k` to `last`, as early as the needs from a row on are there, and not before a moment (`since`)."""
    needs, after = since
    m = board.makers[k].mode
    process = board.processes[board.modes[m].process]
    if process.step_end > process.step:
        return route_earliest(board, m, quantity, since)
    best = FOREVER
    for i in range(k, last):
        m = board.makers[i].mode
        start, end = fit_earliest(board, m, quantity, max(after, released(board, needs, 0)), there_by(board, needs))
        if end < best:
            best = end
            board.plan[0].mode, board.plan[0].start, board.plan[0].end = m, start, end
    board.now[PLANNED] = 1
    return best < FOREVER


@part
def fit_earliest(board: Board, m: int, quantity: float, after: int, ends: int) -> tuple[int, int]:
    """Return the earliest start and end of a lot that starts and ends at given moments or later."""
    start, end = earliest(board, m, quantity, after)
    while end < ends:
        start, end = earliest(board, m, quantity, start + ends - end)
    return start, end


@part
def released(board: Board, needs: int, step: int) -> int:
    """Return the moment from which on all is there that a step uses at its start."""
    t = 0
    for i in range(needs, board.now[NEEDED]):
        one = board.needs[i]
        if one.end_too == 0 and one.step == step:
            t = max(t, one.at - one.offset)
    return t


@part
def there_by(board: Board, needs: int) -> int:
    """Return the moment from which on all is there that an order uses at its end."""
    t = 0
    for i in range(needs, board.now[NEEDED]):
        if board.needs[i].end_too:
            t = max(t, board.needs[i].at - board.needs[i].offset)
    return t


@part
def route_earliest(board: Board, m: int, quantity: float, since: tuple[int, int]) -> bool:
    """Plan the steps of a route forward, each in its best mode, each when what it uses is there."""
    process = board.processes[board.modes[m].process]
    needs = since[0]
    count, after = process.step_end - process.step, max(process.fence, since[1])
    for _ in range(1000):
        t = after
        for k in range(count):
            step = board.processes[board.lists[process.step + k]]
            best, after_step = FOREVER, max(t, released(board, needs, k))
            for i in range(step.mode, step.mode_end):
                if agrees(board, i, 0, k):
                    ends = there_by(board, needs) if k == count - 1 else 0
                    start, end = fit_earliest(board, i, quantity, after_step, ends)
                    if end < best:
                        best = end
                        board.plan[k].mode, board.plan[k].start, board.plan[k].end = i, start, end
            if best == FOREVER:
                return False
            t = best + step.wait + step.hold
        board.now[PLANNED] = count
        free = tools_free(board, count)
        if free >= board.plan[count - 1].end:
            return True
        after = board.plan[0].start + 1 if free <= board.plan[0].start else past(board, count, free)
    return False


@part
def past(board: Board, count: int, clash: int) -> int:
    """Return when the tool that is not free at a moment is free again, for the first of the planned steps that hold one."""
    after = clash + 1
    for k in range(count):
        mode = board.modes[board.plan[k].mode]
        for i in range(mode.load, mode.load_end):
            load = board.loads[i]
            if load.held:
                p = place_of(board, load.resource, clash)
                own = board.profiles[load.resource]
                if board.level[p] < load.stations - TINY and p + 1 < own.first + own.count:
                    after = max(after, board.moment[p + 1])
    return after


@part
def next_date(board: Board, m: int, about: tuple[int, int], lot: tuple[int, int]) -> int:
    """Return the first start at which a lot in mode `m`, or a step of it, has other flows than one that starts and ends about two moments.

    FOREVER where it has the same at its own start and end (`lot`).
    """
    process, found = board.processes[board.modes[m].process], FOREVER
    for k in range(-1, process.step_end - process.step):
        own = m if k < 0 else board.processes[board.lists[process.step + k]].mode
        for f in range(board.modes[own].flow, board.modes[own].flow_end):
            flow = board.flows[f]
            for t in (flow.since - flow.offset, flow.until - flow.offset):
                if about[flow.at_end] < t <= lot[flow.at_end]:
                    found = min(found, t - (lot[1] - lot[0]) if flow.at_end else t)
    return found


@part
def inputs(board: Board, m: int, quantity: float, at: tuple[int, int]) -> None:
    """Write down what a lot that starts and ends about two moments uses, of its own and in the steps of its route."""
    process = board.processes[board.modes[m].process]
    for k in range(-1, process.step_end - process.step):
        own = m if k < 0 else board.processes[board.lists[process.step + k]].mode
        for f in range(board.modes[own].flow, board.modes[own].flow_end):
            flow = board.flows[f]
            amount = flow.fixed + flow.unit * quantity
            if amount < 0.0 and in_force(board, f, (own, at[0], at[1])):
                n = board.now[NEEDED]
                need(board, flow.buffer, 0, -amount)
                if board.now[NEEDED] > n:
                    board.needs[n].end_too, board.needs[n].offset, board.needs[n].step = (
                        flow.at_end,
                        flow.offset,
                        max(k, 0),
                    )
