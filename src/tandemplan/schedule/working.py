"""Working time by calendars, and values by date."""

from __future__ import annotations

import math

from tandemplan.schedule.board import Board
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part


@part
def value_at(board: Board, first: int, end: int, t: int) -> float:
    """Return the value at a moment of the timeline that stands from `first` to `end`."""
    while end - first > 1:
        middle = (first + end) >> 1
        if board.times[middle] <= t:
            first = middle
        else:
            end = middle
    return board.values[first]


@part
def bucket_at(board: Board, resource: int, t: int) -> int:
    """Return the place in the timelines of the bucket of a work centre that a moment lies in."""
    first, end = board.resources[resource].size, board.resources[resource].size_end
    while end - first > 1:
        middle = (first + end) >> 1
        if board.times[middle] <= t:
            first = middle
        else:
            end = middle
    return first


@part
def interval(board: Board, calendar: int, t: int) -> int:
    """Return the last interval of a calendar that opens at a moment or before it; one before its first where none does."""
    low, high = board.calendar[calendar] - 1, board.calendar[calendar + 1]
    while high - low > 1:
        middle = (low + high) >> 1
        if board.opens[middle] <= t:
            low = middle
        else:
            high = middle
    return low


@part
def open_from(board: Board, calendar: int, t: int) -> int:
    """Return the first moment from `t` on at which work can begin, FOREVER where none is."""
    if calendar == 0:
        return t
    k = interval(board, calendar, t)
    if k >= board.calendar[calendar] and t < board.shuts[k]:
        return t
    return board.opens[k + 1] if k + 1 < board.calendar[calendar + 1] else FOREVER


@part
def open_until(board: Board, calendar: int, t: int) -> int:
    """Return the last moment up to `t` at which work can end, -FOREVER where none is."""
    if calendar == 0:
        return t
    k = interval(board, calendar, t)
    first = board.calendar[calendar]
    if k >= first and board.opens[k] == t:
        k -= 1
    return min(t, board.shuts[k]) if k >= first else -FOREVER


@part
def ended(board: Board, calendar: int, start: int, work: int) -> int:
    """Return when work ends that begins at an open moment, FOREVER where the calendar has too little time."""
    if calendar == 0 or work == 0:
        return start + work
    k = interval(board, calendar, start)
    done = board.worked[k] + start - board.opens[k] + work
    low, high = k, board.calendar[calendar + 1]
    while high - low > 1:  # the last interval before which less than all is done
        middle = (low + high) >> 1
        if board.worked[middle] < done:
            low = middle
        else:
            high = middle
    end = board.opens[low] + done - board.worked[low]
    return end if end <= board.shuts[low] else FOREVER


@part
def begun(board: Board, calendar: int, end: int, work: int) -> int:
    """Return when work begins at the latest that ends at a moment up to which it is open; -FOREVER where there is too little time."""
    if calendar == 0:
        return end - work
    first = board.calendar[calendar]
    k = interval(board, calendar, end)
    if k >= first and board.opens[k] == end and work > 0:
        k -= 1
    if k < first:
        return -FOREVER
    left = board.worked[k] + min(end, board.shuts[k]) - board.opens[k] - work
    if left < 0:
        return -FOREVER
    low, high = first, k + 1
    while high - low > 1:
        middle = (low + high) >> 1
        if board.worked[middle] <= left:
            low = middle
        else:
            high = middle
    return board.opens[low] + left - board.worked[low]


@part
def worked_between(board: Board, calendar: int, start: int, end: int) -> int:
    """Return the working time from a moment at which it is open until a later one."""
    if calendar == 0 or start == end:
        return end - start
    a, b = interval(board, calendar, start), interval(board, calendar, end)
    return board.worked[b] + min(end, board.shuts[b]) - board.opens[b] - board.worked[a] - start + board.opens[a]


@part
def work_of(board: Board, m: int, quantity: float, t: int) -> int:
    """Return the working time of a lot in mode `m` that starts at a moment, rounded up to whole seconds."""
    mode = board.modes[m]
    seconds = mode.fixed + mode.unit * quantity
    if mode.pace_end > mode.pace:
        pace = value_at(board, mode.pace, mode.pace_end, t)
        if pace <= 0.0:
            return FOREVER
        seconds /= pace
    return math.ceil(seconds - 1e-6)
