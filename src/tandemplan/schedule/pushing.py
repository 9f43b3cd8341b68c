"""Material is pushed forward: the earliest moment at which some can be there, by what lies or comes, or by lots as early as can be.

Frames on a stack stand for what recursive calls would hold, as in `pulling`.
"""

from __future__ import annotations

from tandemplan.schedule.board import DEEP, FULL, LOGGED, NEEDED, PLANNED, SPLIT, TINY, TRIES, Board
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part
from tandemplan.schedule.planning import inputs, lot_of, next_date, output_of, plan_earliest
from tandemplan.schedule.profiles import add, enough_from, first_below, least
from tandemplan.schedule.pulling import PATIENCE
from tandemplan.schedule.recording import record, undo

ASK, LOT, INPUT, FAILED, LAST = range(5)  # what a level does next


@part
def ask(board: Board, depth: int, buffer: int, quantity: float) -> None:
    """Begin a level: some units of a buffer are wanted as early as can be."""
    frame = board.frames[depth]
    frame.buffer, frame.quantity, frame.state = buffer, quantity, ASK


@part
def bring(board: Board, buffer: int, quantity: float, root: int) -> int:
    """Keep some units of a buffer, from the earliest moment at which they can be there; return it, FOREVER where none is.

    Where none is, the caller takes back.
    """
    depth, came = 0, FOREVER
    ask(board, 0, buffer, quantity)
    while depth >= 0:
        frame = board.frames[depth]
        if frame.state == ASK:
            begin(board, depth)
        elif frame.state == LOT:
            next_lot(board, depth)
        elif frame.state == INPUT:
            if frame.next > frame.needs:  # the answer to the need before
                board.needs[frame.next - 1].at = came
            if frame.next > frame.needs and came == FOREVER:
                frame.state = FAILED
            elif frame.next < frame.needs_end:
                need = board.needs[frame.next]
                frame.next += 1
                depth += 1
                ask(board, depth, need.buffer, need.quantity)
            else:
                make(board, depth, root)
        elif frame.state == FAILED:
            undo(board, frame.mark)
            board.now[NEEDED] = frame.needs
            next_maker(board, depth)
        else:
            came = keep(board, depth)
            depth -= 1
    return came


@part
def begin(board: Board, depth: int) -> None:
    """See from when on there is enough anyway; if that is not at once, get ready to try the makers."""
    frame = board.frames[depth]
    p = len(board.resources) + frame.buffer
    ready = board.buffers[frame.buffer]
    frame.best, frame.chosen = enough_from(board, p, frame.quantity), -1
    frame.before = frame.quantity - max(0.0, least(board, p, 0, FOREVER))
    frame.mark, frame.needs = board.now[LOGGED], board.now[NEEDED]
    frame.about, frame.about_end = 0, 0  # lots start and end then or later: flows in force about then count
    frame.strict = 0  # 1: the best maker is done again, for good
    if frame.best == 0 or depth + 1 >= DEEP or ready.maker == ready.maker_end:
        frame.state = LAST
    else:
        frame.maker, frame.left, frame.state = ready.maker, frame.before, LOT


@part
def next_maker(board: Board, depth: int) -> None:
    """Go on to the next maker, or do the best one again, or end."""
    frame = board.frames[depth]
    frame.left, frame.about, frame.about_end = frame.before, 0, 0
    following = board.makers[frame.maker].next
    if frame.strict:
        frame.state = LAST
    elif following < board.buffers[frame.buffer].maker_end:
        frame.maker, frame.state = following, LOT
    elif frame.chosen >= 0:
        frame.maker, frame.strict, frame.state = frame.chosen, 1, LOT
    else:
        frame.state = LAST


@part
def next_lot(board: Board, depth: int) -> None:
    """Write down what the next lot needs; where no lot is left to make, judge when all is there."""
    frame = board.frames[depth]
    k = frame.maker
    m = board.makers[k].mode
    frame.state = FAILED
    if frame.left <= TINY:
        came = enough_from(board, len(board.resources) + frame.buffer, frame.quantity)
        last = board.makers[k].next >= board.buffers[frame.buffer].maker_end
        if came < frame.best or frame.strict:
            frame.best, frame.chosen = came, k
            frame.state = LAST if last or frame.strict else FAILED
        return
    board.now[TRIES] += 1
    f = output_of(board, m, board.makers[k].buffer)
    if f < 0 or board.now[FULL] or board.now[TRIES] > PATIENCE:
        return
    lot = lot_of(board, m, f, min(frame.left, frame.before / max(1, board.now[SPLIT])), 0)
    made = board.flows[f].fixed + board.flows[f].unit * lot
    if lot <= 0.0 or made <= TINY:
        return
    board.now[NEEDED] = frame.needs
    inputs(board, m, lot, (frame.about, frame.about_end))
    frame.left -= made
    frame.lot = lot
    frame.next, frame.needs_end, frame.state = frame.needs, board.now[NEEDED], INPUT


@part
def make(board: Board, depth: int, root: int) -> None:
    """Write a lot on the board when all that it needs is kept: what was kept is used by it, at its time."""
    frame = board.frames[depth]
    lot = frame.lot
    board.now[NEEDED] = frame.needs_end
    since = (frame.needs, frame.about)
    if not plan_earliest(board, frame.maker, board.makers[frame.maker].next, lot, since):
        frame.state = FAILED
        return
    for i in range(frame.needs, frame.needs_end):
        one = board.needs[i]
        add(board, len(board.resources) + one.buffer, one.at, FOREVER, one.quantity)
    record(board, board.modes[board.makers[frame.maker].mode].process, lot, root)
    frame.state = LOT if enough(board, frame.needs) else FAILED
    start, end = board.plan[0].start, board.plan[board.now[PLANNED] - 1].end
    about = next_date(board, board.makers[frame.maker].mode, (frame.about, frame.about_end), (start, end))
    if about < FOREVER:  # other flows are in force from then on: those are kept for it instead
        undo(board, frame.mark)
        frame.about, frame.about_end = max(frame.about, about), max(frame.about_end, about + end - start)
        frame.left, frame.state = frame.before, LOT
    board.now[NEEDED] = frame.needs


@part
def enough(board: Board, needs: int) -> bool:
    """Return whether nothing that is written down as needed, from a row on, is short from its moment on."""
    for i in range(needs, board.now[NEEDED]):
        if first_below(board, len(board.resources) + board.needs[i].buffer, board.needs[i].at) < FOREVER:
            return False
    return True


@part
def keep(board: Board, depth: int) -> int:
    """Keep what was asked for from the first moment on at which it can be taken."""
    frame = board.frames[depth]
    p = len(board.resources) + frame.buffer
    board.now[NEEDED] = frame.needs
    t = enough_from(board, p, frame.quantity)
    if t < FOREVER and not board.now[FULL]:
        add(board, p, t, FOREVER, -frame.quantity)
        return t
    return FOREVER
