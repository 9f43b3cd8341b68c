"""The sequence of orders on a station with set-ups: what stands before and behind a place, and how long the changes take."""

from __future__ import annotations

from tandemplan.schedule.board import FULL, QUEUED, QUEUES, UNQUEUED, Board
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part
from tandemplan.schedule.profiles import note
from tandemplan.schedule.working import begun, ended, open_from, open_until


@part
def set_up_of(board: Board, order: int, resource: int) -> int:
    """Return the set-up that an order needs of a station, -1 where it takes what is there."""
    mode = board.modes[board.orders[order].mode]
    for k in range(mode.load, mode.load_end):
        if board.loads[k].resource == resource:
            return board.loads[k].set_up
    return -1


@part
def behind(board: Board, resource: int, start: int) -> int:
    """Return the place in a station's sequence of the first order that starts at a moment or after it."""
    row = board.resources[resource].queue
    low, high = 0, board.queued[row]
    while low < high:
        middle = (low + high) >> 1
        if board.orders[board.queue[row, middle]].start < start:
            low = middle + 1
        else:
            high = middle
    return low


@part
def there(board: Board, resource: int, place: int) -> int:
    """Return the set-up of a station before the order at a place of its sequence; -1: none yet."""
    row = board.resources[resource].queue
    for i in range(place - 1, -1, -1):
        found = set_up_of(board, board.queue[row, i], resource)
        if found >= 0:
            return found
    return board.resources[resource].set_up


@part
def takes(board: Board, resource: int, before: int, after: int) -> int:
    """Return the seconds of a change of set-up, -1 where it may not be."""
    if after < 0 or before == after:
        return 0
    return board.change[board.resources[resource].matrix, before + 1, after]


@part
def next_change(board: Board, resource: int, place: int, now: int) -> int:
    """Return by when a station must be free so that what follows from `place` can be set up; `now` is its set-up till then.

    -FOREVER where it may not be changed into what follows.
    """
    row = board.resources[resource].queue
    count = board.queued[row]
    if place >= count:
        return FOREVER
    first = board.orders[board.queue[row, place]].start
    i = place
    while i < count and set_up_of(board, board.queue[row, i], resource) < 0:
        i += 1
    if i == count:
        return first
    order = board.queue[row, i]
    seconds = takes(board, resource, now, set_up_of(board, order, resource))
    if seconds < 0:
        return -FOREVER
    begins = changed(board, resource, board.orders[order].start, seconds)
    if i == place:
        return begins
    return first if board.orders[board.queue[row, i - 1]].end <= begins else -FOREVER


@part
def changed(board: Board, resource: int, start: int, seconds: int) -> int:
    """Return when a change of set-up begins that ends where an order starts."""
    if seconds == 0:
        return start
    calendar = board.resources[resource].calendar
    return begun(board, calendar, open_until(board, calendar, start), seconds)


@part
def clash_before(board: Board, k: int, start: int, end: int) -> int:
    """Return by when an order must end so that its place in the sequence is free, its end where it is."""
    load = board.loads[k]
    resource, row = load.resource, board.resources[load.resource].queue
    place = behind(board, resource, start)
    before = there(board, resource, place)
    own = load.set_up if load.set_up >= 0 else before
    limit = next_change(board, resource, place, own)
    earlier = board.orders[board.queue[row, place - 1]].start if place > 0 else -FOREVER
    if limit == -FOREVER:
        return min(earlier, end - 1)
    if end > limit:
        return limit
    seconds = takes(board, resource, before, load.set_up)
    if seconds < 0:
        return min(earlier, end - 1)
    begins = changed(board, resource, start, seconds)
    last = board.orders[board.queue[row, place - 1]].end if place > 0 else 0
    if begins < last:
        return min(earlier, end - 1)
    return end


@part
def clash_after(board: Board, k: int, start: int, end: int) -> int:
    """Return from when on an order must start so that its place in the sequence is free, its start where it is."""
    load = board.loads[k]
    resource, row = load.resource, board.resources[load.resource].queue
    place = behind(board, resource, start)
    before = there(board, resource, place)
    own = load.set_up if load.set_up >= 0 else before
    later = FOREVER
    if place < board.queued[row]:
        later = max(start + 1, board.orders[board.queue[row, place]].end)
    seconds = takes(board, resource, before, load.set_up)
    if seconds < 0:
        return later
    last = max(0, board.orders[board.queue[row, place - 1]].end) if place > 0 else 0
    if changed(board, resource, start, seconds) < last:
        calendar = board.resources[resource].calendar
        return max(start + 1, ended(board, calendar, open_from(board, calendar, last), seconds))
    limit = next_change(board, resource, place, own)
    return later if end > limit else start


@part
def enqueue(board: Board, resource: int, order: int) -> None:
    """Put an order into the sequence of a station, so that it can be taken back."""
    row = board.resources[resource].queue
    if board.queued[row] >= board.queue.shape[1]:
        board.now[FULL] = QUEUES
    elif note(board, QUEUED, order, resource, 0):
        insert(board, resource, order)


@part
def insert(board: Board, resource: int, order: int) -> None:
    """Put an order into the sequence of a station."""
    row, place = board.resources[resource].queue, behind(board, resource, board.orders[order].start)
    for i in range(board.queued[row], place, -1):
        board.queue[row, i] = board.queue[row, i - 1]
    board.queue[row, place] = order
    board.queued[row] += 1


@part
def drop(board: Board, resource: int, order: int) -> None:
    """Take an order out of the sequence of a station."""
    row = board.resources[resource].queue
    count, i = board.queued[row], 0
    while board.queue[row, i] != order:
        i += 1
    for j in range(i, count - 1):
        board.queue[row, j] = board.queue[row, j + 1]
    board.queued[row] = count - 1


@part
def dequeue(board: Board, resource: int, order: int) -> None:
    """Take an order out of the sequence of a station, so that it can be put back."""
    if note(board, UNQUEUED, order, resource, 0):
        drop(board, resource, order)


@part
def may_leave(board: Board, resource: int, order: int) -> bool:
    """Return whether the orders of a station can stay where they are without one of them."""
    row = board.resources[resource].queue
    place = behind(board, resource, board.orders[order].start)
    while board.queue[row, place] != order:
        place += 1
    before = there(board, resource, place)
    last = board.orders[board.queue[row, place - 1]].end if place > 0 else 0
    return next_change(board, resource, place + 1, before) >= last
