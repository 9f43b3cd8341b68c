"""A schedule is improved: a late demand and some that compete with it are taken off and served anew, in another sequence.

Ruin and recreate (Schrimpf and others 2000, Journal of Computational Physics 159(2)). A step that makes things worse, over classes in
order (units missing, then late unit-days), is taken back whole; and, as long as others help, one that costs later classes far more than
it gains. Where nothing helps any more, some steps are kept although they make things worse (iterated local search).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.compiled import kernel
from tandemplan.schedule.board import FULL, LOGGED, REMOVED, SPARE, SPLIT, Board
from tandemplan.schedule.orders import draw
from tandemplan.schedule.parts import part
from tandemplan.schedule.recording import undo
from tandemplan.schedule.serving import clear, serve

MOST = 12  # demands in one step, at most
NEAR = 24  # how far apart in order of due moments competitors are, at most
SAME = 1e-6  # units, or late unit-days: less is no difference
DEAR = 10.0  # late unit-days of later classes that one of an earlier class may cost
PATIENT = 30  # steps without a gain, for each demand that is late or short, after which it may cost more
STILL, HOT = range(2)  # places of `Search.state`
HINTS = 4  # numbers kept of each chosen demand


class Search(NamedTuple):
    """A search over schedules. Demands compete in clubs: for a work centre, or for material; members are in order of due moments."""

    club_start: Ints  # clubs of each demand
    club: Ints
    member_start: Ints  # members of each club
    member: Ints
    parts: Ints  # in how many parts each demand is delivered when it is late; negative: made as early as can be; 0: as it comes
    splits: Ints  # in how many lots at least, rather than one, what a buffer lacks is made for each demand
    bad: Ints  # demands that are late or short; how many stands in `many[0]`
    many: Ints
    chosen: Ints  # those of the step
    key: Floats
    before: Floats  # by class: units missing and late unit-days of the chosen
    kept: Floats  # of each chosen: missing, late, parts, splits
    state: Ints  # steps since the last gain; steps to come that are kept although they make things worse
    luck: Ints


@part
def choose(board: Board, search: Search) -> int:
    """Choose a late demand and some of those that compete with it; return how many."""
    d = search.bad[draw(search.luck, search.many[0])]
    search.chosen[0] = d
    n, wanted = 1, 1 + draw(search.luck, min(MOST, 2 + draw(search.luck, MOST)))
    clubs = search.club_start[d + 1] - search.club_start[d]
    for _ in range(3 * wanted):
        if n > wanted or clubs == 0 or n >= MOST:
            break
        c = search.club[search.club_start[d] + draw(search.luck, clubs)]
        first, last = search.member_start[c], search.member_start[c + 1]
        low, high = first, last
        while low < high:
            middle = (low + high) >> 1
            if board.demands[search.member[middle]].due < board.demands[d].due:
                low = middle + 1
            else:
                high = middle
        nearest = max(first, low - NEAR)
        place = nearest + draw(search.luck, min(last, low + NEAR) - nearest)
        if distinct(search, n, search.member[place]):
            search.chosen[n] = search.member[place]
            n += 1
    return n


@part
def distinct(search: Search, n: int, d: int) -> bool:
    """Return whether a demand is not chosen yet."""
    known = False
    for i in range(n):
        known = known or search.chosen[i] == d
    return not known


@part
def with_kin(board: Board, search: Search, n: int) -> int:
    """Add the other members of groups that are chosen; return how many are chosen then."""
    i = 0
    while i < n:
        one = board.demands[search.chosen[i]]
        for k in range(one.kin, one.kin_end):
            if n < len(search.chosen) and distinct(search, n, board.lists[k]):
                search.chosen[n] = board.lists[k]
                n += 1
        i += 1
    return n


@part
def arrange(board: Board, search: Search, n: int) -> None:
    """Put the chosen demands into a sequence: by class or not, by due moment with some luck, the first one often first."""
    how = draw(search.luck, 4)
    for i in range(n):
        one = board.demands[search.chosen[i]]
        key = (
            float(draw(search.luck, 1 << 20))
            if how == 0
            else float(one.due) + 86400.0 * draw(search.luck, 40) * (how - 1)
        )
        search.key[i] = key + (1e12 * one.rank if draw(search.luck, 8) > 0 else 0.0)
    if draw(search.luck, 2) == 0:
        search.key[0] = -1.0
    for i in range(1, n):
        d, key, j = search.chosen[i], search.key[i], i
        while j > 0 and search.key[j - 1] > key:
            search.chosen[j], search.key[j] = search.chosen[j - 1], search.key[j - 1]
            j -= 1
        search.chosen[j], search.key[j] = d, key


@part
def step(board: Board, search: Search) -> None:
    """Take some demands off, and serve them in another sequence; keep that where it is no worse."""
    board.now[LOGGED] = 0
    n = with_kin(board, search, choose(board, search))
    search.before[:] = 0.0
    arrange(board, search, n)
    for i in range(n):
        d = search.chosen[i]
        one = board.demands[d]
        k = HINTS * i
        search.kept[k], search.kept[k + 1] = one.missing, one.late
        search.kept[k + 2], search.kept[k + 3] = search.parts[d], search.splits[d]
        search.before[2 * one.rank] -= one.missing
        search.before[2 * one.rank + 1] -= one.late
    for i in range(n - 1, -1, -1):
        clear(board, search.chosen[i])
    for i in range(n):
        anew(board, search, search.chosen[i])
    for i in range(n):
        one = board.demands[search.chosen[i]]
        search.before[2 * one.rank] += one.missing
        search.before[2 * one.rank + 1] += one.late
    loss = worse(search.before, search.state[STILL] < PATIENT * search.many[0])
    if board.now[FULL] or (loss and search.state[HOT] == 0):
        back(board, search, n)
    else:
        search.state[HOT] -= 1 if loss else 0
        search.state[STILL] = search.state[STILL] if loss or same(search.before) else -1
        accept(board, search, n)
    search.state[STILL] += 1


@part
def anew(board: Board, search: Search, d: int) -> None:
    """Serve a demand, sometimes in other parts, or its material in other lots."""
    how = draw(search.luck, 8)
    if how < 3:
        search.parts[d] = (1 - how) * (1 + draw(search.luck, 1 + draw(search.luck, 10)))
    if draw(search.luck, 8) == 0:
        search.splits[d] = 1 + draw(search.luck, 1 + draw(search.luck, 8))
    board.now[SPLIT] = search.splits[d]
    serve(board, d, search.parts[d])
    board.now[SPLIT] = 0


@part
def back(board: Board, search: Search, n: int) -> None:
    """Take a step back."""
    undo(board, 0)
    for i in range(n):
        d, k = search.chosen[i], HINTS * i
        one = board.demands[d]
        one.missing, one.late = search.kept[k], search.kept[k + 1]
        search.parts[d], search.splits[d] = int(search.kept[k + 2]), int(search.kept[k + 3])


@part
def worse(change: Floats, frugal: bool) -> bool:
    """Return whether the first change over classes, units missing before late unit-days, is for the worse.

    Where frugal, also whether it gains late unit-days at a cost to later classes that is `DEAR`.
    """
    gain = 0.0
    for k in range(len(change)):
        if gain == 0.0 and abs(change[k]) > SAME:
            if change[k] > 0.0 or k % 2 == 0 or not frugal:
                return change[k] > 0.0
            gain = -change[k]
        elif change[k] > DEAR * gain and gain > 0.0:
            return True
    return False


@part
def same(change: Floats) -> bool:
    """Return whether nothing has changed."""
    differs = False
    for k in range(len(change)):
        differs = differs or abs(change[k]) > SAME
    return not differs


@part
def accept(board: Board, search: Search, n: int) -> None:
    """Keep what a step has done: rows of orders that were taken off are free again."""
    for i in range(n):
        one = board.demands[search.chosen[i]]
        row, last = one.chain, -1
        while row >= 0:
            following = board.orders[row].next
            if board.orders[row].alive:
                last = row
            elif last < 0:
                one.chain = following
            else:
                board.orders[last].next = following
            row = following
    for k in range(board.now[LOGGED]):
        entry = board.log[k]
        if entry.kind == REMOVED:
            board.spare[board.now[SPARE]] = entry.one
            board.now[SPARE] += 1
    board.now[LOGGED] = 0


@kernel
def improve(board: Board, search: Search, steps: int) -> int:
    """Take some steps; return how many are taken: fewer where the board has no room, or where nothing is late or short."""
    for k in range(steps):
        if k % 64 == 0:
            search.many[0] = 0
            for d in range(len(board.demands)):
                if board.demands[d].late > SAME or board.demands[d].missing > SAME:
                    search.bad[search.many[0]] = d
                    search.many[0] += 1
        if search.many[0] == 0:
            return k
        step(board, search)
        if board.now[FULL]:
            return k
    return steps


def search_of(board: Board, seed: int, parts: int = 4) -> Search:
    """Return a search that goes on from what lies on a board, whose late demands were delivered in some parts."""
    count = len(board.demands)
    club_start, club = _clubs(board)
    owner = np.repeat(np.arange(count), np.diff(club_start))
    order = np.lexsort((owner, board.demands["due"][owner], club))
    clubs = len(board.resources) + len(board.buffers)
    member_start = np.searchsorted(club[order], np.arange(clubs + 1)).astype(np.int64)
    classes = int(board.demands["rank"].max(initial=0)) + 1
    room = MOST + int((board.demands["kin_end"] - board.demands["kin"]).max(initial=0)) * MOST
    return Search(
        club_start=club_start,
        club=club,
        member_start=member_start,
        member=owner[order],
        parts=np.full(count, parts),
        splits=np.ones(count, dtype=np.int64),
        bad=np.zeros(count, dtype=np.int64),
        many=np.zeros(1, dtype=np.int64),
        chosen=np.zeros(room, dtype=np.int64),
        key=np.zeros(room),
        before=np.zeros(2 * classes),
        kept=np.zeros(HINTS * room),
        state=np.zeros(2, dtype=np.int64),
        luck=np.array([seed * 2 + 1], dtype=np.int64),
    )


def _clubs(board: Board) -> tuple[Ints, Ints]:
    """Return for each demand what it competes for with others: the work centres and the buffers behind it, down to all levels."""
    known: dict[int, frozenset[int]] = {}

    def uses(mode: int) -> frozenset[int]:
        process = board.processes[board.modes["process"][mode]]
        steps = board.lists[process["step"] : process["step_end"]].tolist()
        modes = [mode, *(m for s in steps for m in range(board.processes["mode"][s], board.processes["mode_end"][s]))]
        found: set[int] = set()
        for m in modes:
            own = board.modes[m]
            found |= set(board.loads["resource"][own["load"] : own["load_end"]].tolist())
            flows = board.flows[own["flow"] : own["flow_end"]]
            for b in flows["buffer"][flows["unit"] < 0].tolist():
                found |= behind(b)
        return frozenset(found)

    def behind(buffer: int) -> frozenset[int]:
        if buffer not in known:
            known[buffer] = frozenset({len(board.resources) + buffer})  # until it is known: a circle ends here
            makers = board.makers["mode"][board.buffers["maker"][buffer] : board.buffers["maker_end"][buffer]].tolist()
            known[buffer] = known[buffer].union(*(uses(m) for m in makers))
        return known[buffer]

    runs: list[list[int]] = []
    for one in board.demands:
        ways = board.lists[one["way"] : one["way_end"]].tolist()
        modes = [m for p in ways for m in range(board.processes["mode"][p], board.processes["mode_end"][p])]
        runs.append(sorted(frozenset().union(*(uses(m) for m in modes)) if modes else behind(int(one["buffer"]))))
    start = np.concatenate([[0], np.cumsum([len(r) for r in runs])]).astype(np.int64)
    return start, np.array([c for r in runs for c in r], dtype=np.int64)
