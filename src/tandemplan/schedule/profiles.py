"""What is free of a resource, or lies in a buffer, from moment to moment: found, changed and taken back."""

from __future__ import annotations

from tandemplan.schedule.board import CHANGED, FULL, LOGGED, LOGS, MOMENTS, POOL, TINY, Board
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part


@part
def place_of(board: Board, p: int, t: int) -> int:
    """Return where the value of profile `p` at moment `t` stands."""
    low = board.profiles[p].first
    high = low + board.profiles[p].count
    while high - low > 1:
        middle = (low + high) >> 1
        if board.moment[middle] <= t:
            low = middle
        else:
            high = middle
    return low


@part
def least(board: Board, p: int, since: int, until: int) -> float:
    """Return the least value of a profile from a moment until another."""
    k = place_of(board, p, since)
    end = board.profiles[p].first + board.profiles[p].count
    lowest = board.level[k]
    k += 1
    while k < end and board.moment[k] < until:
        lowest = min(lowest, board.level[k])
        k += 1
    return lowest


@part
def first_below(board: Board, p: int, since: int) -> int:
    """Return the first moment from `since` on at which a profile is below zero, FOREVER where it never is."""
    k = place_of(board, p, since)
    end = board.profiles[p].first + board.profiles[p].count
    for i in range(k, end):
        if board.level[i] < -TINY:
            return max(since, board.moment[i])
    return FOREVER


@part
def enough_from(board: Board, p: int, amount: float) -> int:
    """Return the first moment from 0 on from which a profile stays at an amount or above it; FOREVER where none is."""
    first = board.profiles[p].first
    k = first + board.profiles[p].count - 1
    if board.level[k] < amount - TINY:
        return FOREVER
    while k > first and board.level[k - 1] >= amount - TINY:
        k -= 1
    return max(0, board.moment[k])


@part
def room_for(board: Board, p: int) -> bool:
    """Make room for two more moments of a profile, by moving it where it has none; return False where the pool is full."""
    own = board.profiles[p]
    if own.count + 2 <= own.room:
        return True
    room = 2 * own.room
    if board.now[POOL] + room > len(board.moment):
        board.now[FULL] = MOMENTS
        return False
    to = board.now[POOL]
    for k in range(own.count):
        board.moment[to + k] = board.moment[own.first + k]
        board.level[to + k] = board.level[own.first + k]
    own.first, own.room = to, room
    board.now[POOL] = to + room
    return True


@part
def split(board: Board, p: int, t: int) -> int:
    """Let a value of profile `p` begin at moment `t`; return where it stands."""
    k = place_of(board, p, t)
    if board.moment[k] == t:
        return k
    end = board.profiles[p].first + board.profiles[p].count
    for i in range(end, k + 1, -1):
        board.moment[i] = board.moment[i - 1]
        board.level[i] = board.level[i - 1]
    board.moment[k + 1], board.level[k + 1] = t, board.level[k]
    board.profiles[p].count += 1
    return k + 1


@part
def merge(board: Board, p: int, k: int) -> None:
    """Drop the moment that stands at `k` where nothing changes."""
    first, count = board.profiles[p].first, board.profiles[p].count
    if k <= first or k >= first + count or abs(board.level[k] - board.level[k - 1]) > TINY * 1e-3:
        return
    for i in range(k, first + count - 1):
        board.moment[i] = board.moment[i + 1]
        board.level[i] = board.level[i + 1]
    board.profiles[p].count = count - 1


@part
def shift(board: Board, p: int, since: int, until: int, amount: float) -> None:
    """Add an amount to a profile from a moment until another (FOREVER: to its end); it has room."""
    if since >= until:
        return
    k = split(board, p, since)
    end = split(board, p, until) if until < FOREVER else board.profiles[p].first + board.profiles[p].count
    for i in range(k, end):
        board.level[i] += amount
    if until < FOREVER:
        merge(board, p, end)
    merge(board, p, k)


@part
def note(board: Board, kind: int, one: int, at: int, until: int) -> bool:
    """Write a change into the log; return False where it is full."""
    n = board.now[LOGGED]
    if n >= len(board.log):
        board.now[FULL] = LOGS
        return False
    entry = board.log[n]
    entry.kind, entry.one, entry.at, entry.until, entry.amount = kind, one, at, until, 0.0
    board.now[LOGGED] = n + 1
    return True


@part
def add(board: Board, p: int, since: int, until: int, amount: float) -> None:
    """Add an amount to a profile, so that it can be taken back."""
    if since < until and room_for(board, p) and note(board, CHANGED, p, since, until):
        board.log[board.now[LOGGED] - 1].amount = amount
        shift(board, p, since, until, amount)
