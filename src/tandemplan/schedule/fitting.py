"""Where a lot fits: the latest place before a moment, or the earliest after one, in working time, on stations that are free."""

from __future__ import annotations

from tandemplan.schedule.board import TINY, Board
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part
from tandemplan.schedule.profiles import place_of
from tandemplan.schedule.sequence import clash_after, clash_before
from tandemplan.schedule.working import (
    begun,
    bucket_at,
    ended,
    open_from,
    open_until,
    value_at,
    work_of,
    worked_between,
)


@part
def latest(board: Board, m: int, quantity: float, by: int) -> tuple[int, int]:
    """Return start and end of a lot in mode `m` that ends at a moment or before it, as late as can be; -FOREVER where none can."""
    mode = board.modes[m]
    process = board.processes[mode.process]
    soonest, end = max(0, process.fence), min(by, process.until - 1, board.bounds[0])
    while True:
        end = open_until(board, mode.calendar, end)
        if end < max(soonest, process.since):
            return -FOREVER, -FOREVER
        start = begun_at(board, m, quantity, end)
        if start < soonest:
            return -FOREVER, -FOREVER
        allowed = open_until(board, mode.begins, start + 1) - 1
        if allowed < start:
            allowed = open_until(board, mode.calendar, allowed + 1) - 1
            if allowed < soonest:
                return -FOREVER, -FOREVER
            end = min(end - 1, ended(board, mode.calendar, allowed, work_of(board, m, quantity, allowed)))
            continue
        actual = ended(board, mode.calendar, start, work_of(board, m, quantity, start))
        limit = min(end, actual)
        for k in range(mode.load, mode.load_end):
            if board.loads[k].held == 0:
                limit = min(limit, before_clash(board, m, k, quantity, (start, actual)))
            if by - end > board.resources[board.loads[k].resource].early:
                return -FOREVER, -FOREVER
        if limit >= actual:
            return start, actual
        end = limit


@part
def begun_at(board: Board, m: int, quantity: float, end: int) -> int:
    """Return the latest start of a lot that ends at a moment or before it, whose pace is that of its start."""
    mode = board.modes[m]
    if mode.pace_end - mode.pace <= 1:
        work = work_of(board, m, quantity, end)
        return begun(board, mode.calendar, end, work) if work < FOREVER else -FOREVER
    until = end
    for k in range(mode.pace_end - 1, mode.pace - 1, -1):
        since = board.times[k]
        if since > end:
            continue
        work = work_of(board, m, quantity, since)
        start = begun(board, mode.calendar, end, work) if work < FOREVER else -FOREVER
        if start >= until:
            start = open_until(board, mode.calendar, until) - 1
        if start >= since:
            return start
        until = since
    return -FOREVER


@part
def before_clash(board: Board, m: int, k: int, quantity: float, lot: tuple[int, int]) -> int:
    """Return by when a lot must end so that load `k` does not clash where it does now; its end where it does not clash."""
    start, end = lot
    load = board.loads[k]
    resource = board.resources[load.resource]
    if resource.buckets:
        if bucket_left(board, load.resource, start) >= load.fixed + load.unit * quantity - TINY:
            return end
        first = bucket_at(board, load.resource, start)
        calendar = board.modes[m].calendar
        before = open_until(board, calendar, board.times[first]) - 1 if first > resource.size else -FOREVER
        if before < 0:
            return -FOREVER
        return min(end - 1, ended(board, calendar, before, work_of(board, m, quantity, before)))
    if resource.queue >= 0:
        end = clash_before(board, k, start, end)
    elif start == end:
        return end
    work = worked_between(board, board.modes[m].calendar, start, lot[1])
    return min(end, free_before(board, load.resource, load.stations, (start, lot[1], work)))


@part
def free_before(board: Board, p: int, stations: float, span: tuple[int, int, int]) -> int:
    """Return the last moment up to the end of a span (start, end, work in it) before which stations are free for as long as the span.

    Before another end, the span may be as short as its work.
    """
    end, length = span[1], span[1] - span[0]
    first, k = board.profiles[p].first, place_of(board, p, end - 1)
    while k >= first:
        if board.level[k] < stations - TINY:
            end, length = board.moment[k], span[2]
        elif board.moment[k] <= end - length:
            return end
        k -= 1
    return -FOREVER


@part
def bucket_left(board: Board, resource: int, start: int) -> float:
    """Return what is left of the bucket that a moment lies in."""
    return board.level[place_of(board, resource, start)]


@part
def earliest(board: Board, m: int, quantity: float, after: int) -> tuple[int, int]:
    """Return start and end of a lot in mode `m` that starts at a moment or after it, as early as can be; FOREVER where none can."""
    mode = board.modes[m]
    process = board.processes[mode.process]
    start, horizon = max(0, process.fence, after), min(board.bounds[0], process.until - 1)
    while True:
        start = open_from(board, mode.calendar, start)
        if start > horizon:
            return FOREVER, FOREVER
        if open_from(board, mode.begins, start) > start:
            start = open_from(board, mode.begins, start)
            continue
        work = work_of(board, m, quantity, start)
        if work >= FOREVER:
            start = next_pace(board, m, start)
            continue
        end = ended(board, mode.calendar, start, work)
        if end > horizon:
            return FOREVER, FOREVER
        limit = start
        if end < process.since:
            limit = max(start + 1, begun(board, mode.calendar, open_from(board, mode.calendar, process.since), work))
        for k in range(mode.load, mode.load_end):
            if board.loads[k].held == 0:
                limit = max(limit, after_clash(board, m, k, quantity, (start, end)))
        if limit <= start:
            return start, end
        start = limit


@part
def next_pace(board: Board, m: int, start: int) -> int:
    """Return when the efficiency of a mode changes next, FOREVER where it does not."""
    for k in range(board.modes[m].pace, board.modes[m].pace_end):
        if board.times[k] > start:
            return board.times[k]
    return FOREVER


@part
def after_clash(board: Board, m: int, k: int, quantity: float, lot: tuple[int, int]) -> int:
    """Return from when on a lot must start so that load `k` does not clash where it does now; its start where it does not clash."""
    start, end = lot
    load = board.loads[k]
    resource = board.resources[load.resource]
    if resource.buckets:
        if bucket_left(board, load.resource, start) >= load.fixed + load.unit * quantity - TINY:
            return start
        first = bucket_at(board, load.resource, start)
        return board.times[first + 1] if first + 1 < resource.size_end else FOREVER
    if resource.queue >= 0:
        start = clash_after(board, k, start, end)
    elif start == end:
        return start
    work = worked_between(board, board.modes[m].calendar, lot[0], end)
    return max(start, free_after(board, load.resource, load.stations, (lot[0], end, work)))


@part
def free_after(board: Board, p: int, stations: float, span: tuple[int, int, int]) -> int:
    """Return the first moment from the start of a span (start, end, work in it) from which stations are free for as long as the span.

    From another start, the span may be as short as its work.
    """
    start, length = span[0], span[1] - span[0]
    end, k = board.profiles[p].first + board.profiles[p].count, place_of(board, p, start)
    while k < end:
        if board.level[k] < stations - TINY:
            if k + 1 == end:
                return FOREVER
            start, length = board.moment[k + 1], span[2]
        elif k + 1 == end or board.moment[k + 1] >= start + length:
            return start
        k += 1
    return FOREVER


@part
def held_until(board: Board, resource: int, stations: float, whole: tuple[int, int]) -> int:
    """Return the end of what holds a tool from a start to an end, or the moment before which it must end so as not to clash there."""
    own = board.profiles[resource]
    p = place_of(board, resource, whole[0])
    while p < own.first + own.count and board.moment[p] < whole[1]:
        if board.level[p] < stations - TINY:
            return board.moment[p]
        p += 1
    return whole[1]


@part
def fits_left(board: Board, m: int, quantity: float, by: int) -> float:
    """Return the largest lot up to a quantity for which some bucket has room, as late as can be; the quantity where nothing counts buckets."""
    mode = board.modes[m]
    process = board.processes[mode.process]
    end = min(by, process.until - 1, board.bounds[0])
    floor = (
        value_at(board, process.least, process.least_end, end) if process.least_end > process.least else process.minimum
    )
    while mode.counts and end >= 0:
        end = open_until(board, mode.calendar, end)
        start = begun_at(board, m, quantity, end)
        if start < 0:
            return quantity
        fit, before = quantity, -1
        for k in range(mode.load, mode.load_end):
            load = board.loads[k]
            if board.resources[load.resource].buckets:
                left = bucket_left(board, load.resource, start) - load.fixed + TINY
                if load.fixed + load.unit * quantity > bucket_left(board, load.resource, start) + TINY:
                    fit = min(fit, left / load.unit if load.unit > 0.0 else 0.0)
                    before = max(before, board.times[bucket_at(board, load.resource, start)])
        if process.multiple > 0.0:
            fit = min(quantity, process.multiple * int(fit / process.multiple + TINY))
        if fit >= quantity - TINY or (fit > TINY and fit >= floor - TINY):
            return fit
        end = min(end - 1, before - 1)
    return quantity
