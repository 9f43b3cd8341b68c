"""Material is pulled backward: what a buffer lacks is made just in time, and what that uses, level by level.

Frames on a stack stand for what recursive calls would hold, since compiled recursive functions cannot be kept on disk.
"""

from __future__ import annotations

from tandemplan.schedule.board import DEEP, FULL, LOGGED, NEEDED, SPLIT, TINY, TRIES, Board
from tandemplan.schedule.fixed import FOREVER
from tandemplan.schedule.parts import part
from tandemplan.schedule.planning import plan_latest
from tandemplan.schedule.profiles import first_below, least
from tandemplan.schedule.recording import record, undo

LOOK, TRY, USE = range(3)  # what a level does next
NONE, YES, NO = range(3)  # what the level below has answered
PATIENCE = 3000  # lots that are tried for one demand, at most, in each direction


@part
def enter(board: Board, depth: int, buffer: int, since: int) -> None:
    """Begin a level: a buffer that must not be below zero from a moment on."""
    frame = board.frames[depth]
    frame.buffer, frame.since, frame.state, frame.before, frame.at = buffer, since, LOOK, -1.0, -1


@part
def fill(board: Board, buffer: int, since: int, root: int) -> bool:
    """Make lots, as late as can be, until a buffer is never below zero from a moment on. Where this fails, the caller takes back."""
    depth, answer = 0, NONE
    enter(board, 0, buffer, since)
    while depth >= 0:
        frame = board.frames[depth]
        if frame.state == LOOK:
            answer = look(board, depth)
            if answer != NONE:
                depth -= 1
        elif frame.state == TRY:
            answer = attempt(board, depth, root)
            if answer == NO:
                depth -= 1
        elif answer == NO:
            undo(board, frame.mark)
            board.now[NEEDED] = frame.needs
            frame.maker = board.makers[frame.maker].next
            frame.state, answer = TRY, NONE
        elif frame.next < frame.needs_end:
            need = board.needs[frame.next]
            frame.next += 1
            answer = NONE
            if first_below(board, len(board.resources) + need.buffer, need.at) < FOREVER:
                depth += 1
                enter(board, depth, need.buffer, need.at)
        else:
            board.now[NEEDED] = frame.needs
            frame.state = LOOK
    return answer == YES


@part
def look(board: Board, depth: int) -> int:
    """See what a buffer lacks first: YES where nothing, NO where the lot before did not help; else get ready to try its makers."""
    frame = board.frames[depth]
    p = len(board.resources) + frame.buffer
    at = first_below(board, p, max(frame.since, frame.at))
    if at == FOREVER or (depth == 0 and at > board.bounds[2]):
        return YES
    ready = board.buffers[frame.buffer]
    window = (
        board.processes[board.modes[board.makers[ready.maker].mode].process].group
        if ready.maker_end > ready.maker
        else 0
    )
    short = -least(board, p, at, at + window + 1)
    now = -least(board, p, at, at + 1)
    if board.now[FULL] or depth + 1 >= DEEP or (at == frame.at and now >= frame.before - TINY):
        return NO
    if frame.before < 0.0:
        frame.left = max(short, now) / max(1, board.now[SPLIT])  # the largest lot
    wanted = max(short, now) if board.now[SPLIT] <= 1 else min(max(short, now), frame.left)
    frame.at, frame.before, frame.quantity = at, now, wanted
    frame.maker, frame.strict, frame.state = ready.maker, 1, TRY
    return NONE


@part
def attempt(board: Board, depth: int, root: int) -> int:
    """Try a lot of the next maker; NO where all have been tried."""
    frame = board.frames[depth]
    ready = board.buffers[frame.buffer]
    if frame.maker >= ready.maker_end:
        if frame.strict == 0 or board.bounds[1] == 0 or ready.maker_end == ready.maker:
            return NO
        frame.strict, frame.maker = 0, ready.maker
    board.now[TRIES] += 1
    if board.now[TRIES] > PATIENCE or board.now[FULL]:
        return NO
    frame.mark, frame.needs = board.now[LOGGED], board.now[NEEDED]
    quantity = plan_latest(board, frame.maker, frame.quantity, frame.at, frame.strict)
    if quantity <= 0.0:
        frame.maker = board.makers[frame.maker].next
        return NONE
    record(board, board.modes[board.makers[frame.maker].mode].process, quantity, root)
    frame.next, frame.needs_end, frame.state = frame.needs, board.now[NEEDED], USE
    return NONE
