"""Demands are served: in full and in time, in part and in time, or as early as can be."""

from __future__ import annotations

from tandemplan.arrays import Ints
from tandemplan.compiled import kernel
from tandemplan.schedule.board import FULL, LOGGED, NEEDED, PLANNED, TINY, TRIES, Board
from tandemplan.schedule.fitting import latest
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part
from tandemplan.schedule.planning import fit_earliest, inputs, next_date, released, there_by
from tandemplan.schedule.profiles import add, first_below, least
from tandemplan.schedule.pulling import fill
from tandemplan.schedule.pushing import bring, enough
from tandemplan.schedule.recording import new_order, record, remove, undo

DAY = 86400.0
DAYS = 86400  # seconds by which a moment of delivery is tried later, at first
HALVINGS = 4  # how finely the part that can be in time is sought
FINE = 9  # the same where a demand is delivered as it comes
MANY = 256  # parts in which what comes bit by bit is asked for, at most


@part
def ship(board: Board, d: int, quantity: float, by: int) -> bool:
    """Deliver some units of a demand by a moment, everything for it as late as can be; where that fails, nothing is changed."""
    demand, mark = board.demands[d], board.now[LOGGED]
    board.now[TRIES] = 0
    board.now[NEEDED] = 0
    if demand.way == demand.way_end:
        row = new_order(board, d, -1, (-1, by, by), quantity)
        if row >= 0:
            board.orders[row].demand = d
            add(board, len(board.resources) + demand.buffer, by, FOREVER, -quantity)
            if fill(board, demand.buffer, by, d) and not board.now[FULL]:
                return True
        undo(board, mark)
        return False
    for k in range(demand.way, demand.way_end):
        process = board.lists[k]
        for m in range(board.processes[process].mode, board.processes[process].mode_end):
            start, end = latest(board, m, quantity, by)
            if start >= 0:
                board.plan[0].mode, board.plan[0].start, board.plan[0].end = m, start, end
                board.now[PLANNED], board.now[NEEDED] = 1, 0
                row = record(board, process, quantity, d)
                if row >= 0:
                    board.orders[row].demand = d
                    if fill_all(board, d) and not board.now[FULL]:
                        return True
            undo(board, mark)
    return False


@part
def fill_all(board: Board, d: int) -> bool:
    """Fill all buffers that a delivery uses."""
    for i in range(board.now[NEEDED]):
        one = board.needs[i]
        if first_below(board, len(board.resources) + one.buffer, one.at) < FOREVER and not fill(
            board, one.buffer, one.at, d
        ):
            return False
    return True


@part
def ship_soon(board: Board, d: int, quantity: float, after: int) -> int:
    """Deliver some units of a demand as early as can be, at a moment or later; return when, FOREVER where it cannot be. The caller takes back."""
    demand, mark = board.demands[d], board.now[LOGGED]
    board.now[TRIES] = 0
    board.now[NEEDED] = 0
    if demand.way == demand.way_end:
        t = bring(board, demand.buffer, quantity, d)
        if t == FOREVER or t > board.bounds[0]:
            return FOREVER
        if t < after:
            add(board, len(board.resources) + demand.buffer, t, after, quantity)
            t = after
        row = new_order(board, d, -1, (-1, t, t), quantity)
        if row < 0:
            return FOREVER
        board.orders[row].demand = d
        return t
    best, chosen = FOREVER, -1
    for k in range(demand.way, demand.way_end):
        process = board.lists[k]
        for m in range(board.processes[process].mode, board.processes[process].mode_end):
            end = ship_by(board, d, m, quantity, after)
            undo(board, mark)
            if end < best:
                best, chosen = end, m
    return ship_by(board, d, chosen, quantity, after) if chosen >= 0 else FOREVER


@part
def ship_by(board: Board, d: int, m: int, quantity: float, after: int) -> int:
    """Deliver some units in mode `m` as early as can be, at a moment or later; return when, FOREVER where it cannot be."""
    mark, about, until = board.now[LOGGED], 0, 0
    while True:
        end = deliver_about(board, d, m, quantity, (after, about, until))
        lot = (board.plan[0].start, board.plan[0].end)
        date = next_date(board, m, (about, until), lot) if end < FOREVER else FOREVER
        if date == FOREVER:
            return end if end >= 0 else FOREVER
        undo(board, mark)  # other flows are in force from then on: those are kept for it instead
        about, until = max(about, date), max(until, date + lot[1] - lot[0])


@part
def deliver_about(board: Board, d: int, m: int, quantity: float, when: tuple[int, int, int]) -> int:
    """Deliver as `ship_by` with what flows in force about a start and an end use; return -1 where at its time others are in force and short."""
    board.now[NEEDED] = 0
    inputs(board, m, quantity, (when[1], when[2]))
    count = board.now[NEEDED]
    for i in range(count):
        one = board.needs[i]
        one.at = bring(board, one.buffer, one.quantity, d)
        if one.at == FOREVER:
            return FOREVER
    start, end = fit_earliest(board, m, quantity, max(when[1], released(board, 0, 0)), max(when[0], there_by(board, 0)))
    if start == FOREVER:
        return FOREVER
    for i in range(count):
        one = board.needs[i]
        add(board, len(board.resources) + one.buffer, one.at, FOREVER, one.quantity)
    board.plan[0].mode, board.plan[0].start, board.plan[0].end = m, start, end
    board.now[PLANNED] = 1
    row = record(board, board.modes[m].process, quantity, d)
    if row < 0:
        return FOREVER
    board.orders[row].demand = d
    return end if enough(board, 0) else -1


@part
def ship_late(board: Board, d: int, quantity: float) -> int:
    """Deliver some units as early as can be, and all for it as late as that allows; return the moment: FOREVER, and nothing is changed, where that is too late."""
    mark, demand = board.now[LOGGED], board.demands[d]
    t = ship_soon(board, d, quantity, min(demand.due, demand.latest))
    undo(board, mark)
    if t > demand.latest or board.now[FULL]:
        return FOREVER
    if ship(board, d, quantity, t):
        return t
    if board.bounds[3] < FOREVER:
        return ship_near(board, d, quantity, t)
    t = ship_soon(board, d, quantity, min(demand.due, demand.latest))
    if t > demand.latest or board.now[FULL]:
        undo(board, mark)
        return FOREVER
    return t


@part
def ship_near(board: Board, d: int, quantity: float, t: int) -> int:
    """Deliver some units as early after a moment as all for them can be made near enough to it; return when, or FOREVER.

    No station may be held long before the need, so that what is late waits: later moments are tried, then those between the last two.
    """
    mark, low, step = board.now[LOGGED], t, DAYS
    last = min(board.demands[d].latest, board.bounds[0])
    t += step
    while t <= last and not ship(board, d, quantity, t):
        low, step = t, step + step // 4
        t += step
    if t > last or board.now[FULL]:
        undo(board, mark)
        return FOREVER
    while t - low > 1 and not board.now[FULL]:
        undo(board, mark)
        middle = (low + t) >> 1
        low, t = (low, middle) if ship(board, d, quantity, middle) else (middle, t)
    undo(board, mark)
    if not board.now[FULL] and ship(board, d, quantity, t):
        return t
    undo(board, mark)
    return FOREVER


@part
def part_of(board: Board, d: int, left: float, by: int, halvings: int) -> float:
    """Deliver the largest part of what is left, by halving, by a moment (FOREVER: at all); return its units, 0 where there is none."""
    demand = board.demands[d]
    low, high, mark = 0.0, left, board.now[LOGGED]
    if by < FOREVER:
        lies = least(board, len(board.resources) + demand.buffer, by, FOREVER)
        if max(demand.least, TINY) <= lies < left and ship(board, d, lies, by):
            return lies
    for _ in range(halvings):
        middle = whole_of((low + high) / 2.0, left)
        if middle < max(demand.least, TINY) or middle <= low or middle >= high:
            break
        undo(board, mark)
        done = ship(board, d, middle, by) if by < FOREVER else ship_late(board, d, middle) < FOREVER
        if board.now[FULL]:
            break
        low, high = (middle, high) if done else (low, middle)
    undo(board, mark)
    if low <= 0.0 or board.now[FULL]:
        return 0.0
    done = ship(board, d, low, by) if by < FOREVER else ship_late(board, d, low) < FOREVER
    return low if done else 0.0


@part
def as_much(board: Board, d: int, left: float, by: int, halvings: int) -> float:
    """Deliver as much as can be by a moment, in parts; return what is left."""
    while left > TINY and not board.now[FULL]:
        part = part_of(board, d, left, by, halvings)
        if part <= 0.0:
            break
        left -= part
        if ship(board, d, left, by):
            return 0.0
    return left


@part
def whole_of(part: float, left: float) -> float:
    """Return a part as whole units, rounded up, where all that is left are whole units."""
    return float(int(part + 1.0 - TINY)) if abs(left - round(left)) < TINY else part


@part
def serve(board: Board, d: int, parts: int) -> None:
    """Serve one demand: in time where that can be, else in time as far as it can be, and the rest in some parts, one after the other.

    Negative parts are made as early as can be. With 0 parts it is delivered as it comes: as soon as there is a little, as much as can be.
    """
    demand = board.demands[d]
    left, due = demand.quantity - demand.done, min(demand.due, demand.latest)
    if demand.kin_end > demand.kin:
        together(board, d)
        return
    if left > TINY and (parts < 0 or not ship(board, d, left, due)):
        if parts >= 0:
            left = as_much(board, d, left, due, HALVINGS if parts > 0 else FINE)
        size = max(demand.least, left / (abs(parts) if parts != 0 else MANY))
        size = whole_of(size, left)
        while left > TINY and not board.now[FULL]:
            part = left if left - size < max(demand.least, TINY) else size
            if parts < 0 and early_ship(board, d, part):
                left -= part
                continue
            t = ship_late(board, d, part)
            if t == FOREVER:
                part = part_of(board, d, part, FOREVER, HALVINGS)
                if part <= 0.0:
                    break
            left -= part
            if parts == 0 and t < FOREVER and left > TINY:
                left = 0.0 if ship(board, d, left, t) else as_much(board, d, left, t, FINE)
    judge(board, d)


@part
def together(board: Board, d: int) -> None:
    """Serve the demands of a group at one moment, all in full or none, when the turn of its first comes."""
    demand, mark = board.demands[d], board.now[LOGGED]
    if board.lists[demand.kin] != d:
        return
    due, last = FOREVER, FOREVER
    for i in range(demand.kin, demand.kin_end):
        one = board.demands[board.lists[i]]
        due, last = min(due, one.due, one.latest), min(last, one.latest)
    if not all_ship(board, d, due):
        undo(board, mark)
        t = all_soon(board, d, due)
        undo(board, mark)
        if t <= last and not all_ship(board, d, t):
            undo(board, mark)
            if all_soon(board, d, t) != t:
                undo(board, mark)
    for i in range(demand.kin, demand.kin_end):
        judge(board, board.lists[i])


@part
def all_ship(board: Board, d: int, by: int) -> bool:
    """Deliver the demands of a group by one moment; return whether all are."""
    for i in range(board.demands[d].kin, board.demands[d].kin_end):
        one = board.lists[i]
        if not ship(board, one, board.demands[one].quantity - board.demands[one].done, by):
            return False
    return True


@part
def all_soon(board: Board, d: int, after: int) -> int:
    """Deliver each demand of a group as early as can be, from a moment on; return when the last one is delivered."""
    last = after
    for i in range(board.demands[d].kin, board.demands[d].kin_end):
        one = board.lists[i]
        last = max(last, ship_soon(board, one, board.demands[one].quantity - board.demands[one].done, after))
        if last == FOREVER:
            return last
    return last


@part
def early_ship(board: Board, d: int, quantity: float) -> bool:
    """Deliver some units when they are due, but make all for them as early as can be; where that is too late, nothing is changed."""
    mark, demand = board.now[LOGGED], board.demands[d]
    if board.bounds[3] < FOREVER or ship_soon(board, d, quantity, min(demand.due, demand.latest)) > demand.latest:
        undo(board, mark)
        return False
    return True


@part
def judge(board: Board, d: int) -> None:
    """Write how many units of a demand are missing, and its late unit-days."""
    demand = board.demands[d]
    demand.late, demand.missing = demand.done_late, demand.quantity - demand.done
    row = demand.chain
    while row >= 0:
        order = board.orders[row]
        if order.alive and order.demand == d:
            demand.missing -= order.quantity
            demand.late += order.quantity * max(0, order.end - demand.due) / DAY
        row = order.next
    demand.missing = demand.missing if demand.missing > TINY else 0.0


@part
def clear(board: Board, d: int) -> None:
    """Take the orders of a demand off the board, each one that no other demand needs."""
    changed = True
    while changed and not board.now[FULL]:
        changed = False
        row = board.demands[d].chain
        while row >= 0:
            order = board.orders[row]
            if order.alive and order.parent < 0 and remove(board, row):
                changed = True
            row = order.next


@kernel
def dispatch(board: Board, sequence: Ints, parts: Ints, first: int) -> int:
    """Serve demands in a sequence from its place `first` on, the rest of each in some parts; return how many are served.

    Fewer than all where the board has no room left: then it must grow.
    """
    for i in range(first, len(sequence)):
        board.now[LOGGED] = 0
        serve(board, sequence[i], parts[sequence[i]])
        if board.now[FULL]:
            undo(board, 0)
            return i
    board.now[LOGGED] = 0
    return len(sequence)
