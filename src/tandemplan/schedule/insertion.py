"""Tabu search over shops: the critical operations of a schedule are moved to other places and machines, one at a time.

Moves on a machine are those of N6 (Balas and Vazacopoulos 1998, Management Science 44(2)): an operation of a critical block goes
behind its last or before its first. Moves to other machines are insertions where heads and tails allow no circle (Mastrolilli and
Gambardella 2000, Journal of Scheduling 3). Both are judged by estimates from heads and tails (Taillard 1994, ORSA JoC 6(2)).
"""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import kernel
from tandemplan.schedule.orders import Shop, State, draw, link, timed, unlink

TABOO = 1 << 20  # places of the table of forbidden orders; two orders may share one
PATIENCE = 4000  # steps without a better schedule, after which the search starts again near the best one
KICKS = 12  # random steps, at most, of such a new start


@kernel
def critical(shop: Shop, state: State, longest: int) -> int:
    """Write a longest way through the schedule into `path`, chosen at random where there are several; return its length."""
    v, seen = -1, 0
    for w in range(len(state.mode)):
        if state.head[w] == 0 and shop.takes[state.mode[w]] + state.tail[w] == longest:
            seen += 1
            if draw(state.luck, seen) == 0:
                v = w
    length = 0
    while v >= 0:
        state.path[length] = v
        length += 1
        end, left, chosen, seen = state.head[v] + shop.takes[state.mode[v]], state.tail[v], -1, 0
        for w in (shop.follower[v], state.next[v]):
            if w >= 0 and state.head[w] == end and shop.takes[state.mode[w]] + state.tail[w] == left and w != chosen:
                seen += 1
                if draw(state.luck, seen) == 0:
                    chosen = w
        v = chosen if left > 0 or chosen >= 0 else -1
    return length


@kernel
def consider(state: State, v: int, mode: int, after: int, estimate: int) -> None:
    """Keep a move if it is the best so far; among equal ones one at random."""
    if estimate > state.move[3]:
        return
    state.move[4] = 1 if estimate < state.move[3] else state.move[4] + 1
    if draw(state.luck, state.move[4]) == 0:
        state.move[0], state.move[1], state.move[2], state.move[3] = v, mode, after, estimate


@kernel
def place(a: int, b: int, count: int) -> int:
    """Return where the table of forbidden orders says that `a` may not come before `b`."""
    return (a * count + b) & (TABOO - 1)


@kernel
def behind(shop: Shop, state: State, u: int, w: int) -> None:
    """Judge the move of `u` behind `w`, later on its machine in the same critical block."""
    count = len(state.mode)
    taboo = False
    a, j = state.prev[u], shop.leader
    ready = 0 if a < 0 else state.head[a] + shop.takes[state.mode[a]]
    value, x = 0, state.next[u]
    stop = state.next[w]
    tails = 0 if stop < 0 else state.tail[stop] + shop.takes[state.mode[stop]]
    # tails go backwards: u is the last now, then w, and so on to the one that was behind u
    f = shop.follower[u]
    tail_u = max(tails, 0 if f < 0 else state.tail[f] + shop.takes[state.mode[f]])
    while x != stop:
        taboo = taboo or state.forbidden[place(x, u, count)] > state.progress[0]
        lead = 0 if j[x] < 0 else state.head[j[x]] + shop.takes[state.mode[j[x]]]
        state.waits[x] = max(ready, lead)  # its new head
        ready = state.waits[x] + shop.takes[state.mode[x]]
        x = state.next[x]
    lead = 0 if j[u] < 0 else state.head[j[u]] + shop.takes[state.mode[j[u]]]
    value = max(ready, lead) + shop.takes[state.mode[u]] + tail_u
    after = tail_u + shop.takes[state.mode[u]]
    x = w
    while x != u:
        f = shop.follower[x]
        after = max(after, 0 if f < 0 else state.tail[f] + shop.takes[state.mode[f]])
        value = max(value, state.waits[x] + shop.takes[state.mode[x]] + after)
        after += shop.takes[state.mode[x]]
        x = state.prev[x]
    if not taboo or value < state.progress[2]:
        consider(state, u, state.mode[u], w, value)


@kernel
def ahead(shop: Shop, state: State, u: int, w: int) -> None:
    """Judge the move of `w` before `u`, earlier on its machine in the same critical block."""
    count = len(state.mode)
    taboo = False
    a, j = state.prev[u], shop.leader
    ready = 0 if a < 0 else state.head[a] + shop.takes[state.mode[a]]
    lead = 0 if j[w] < 0 else state.head[j[w]] + shop.takes[state.mode[j[w]]]
    head_w = max(ready, lead)
    ready = head_w + shop.takes[state.mode[w]]
    x = u
    while x != w:
        taboo = taboo or state.forbidden[place(w, x, count)] > state.progress[0]
        lead = 0 if j[x] < 0 else state.head[j[x]] + shop.takes[state.mode[j[x]]]
        state.waits[x] = max(ready, lead)
        ready = state.waits[x] + shop.takes[state.mode[x]]
        x = state.next[x]
    stop = state.next[w]
    after = 0 if stop < 0 else state.tail[stop] + shop.takes[state.mode[stop]]
    value = 0
    x = state.prev[w]
    while True:
        f = shop.follower[x]
        after = max(after, 0 if f < 0 else state.tail[f] + shop.takes[state.mode[f]])
        value = max(value, state.waits[x] + shop.takes[state.mode[x]] + after)
        after += shop.takes[state.mode[x]]
        if x == u:
            break
        x = state.prev[x]
    f = shop.follower[w]
    after = max(after, 0 if f < 0 else state.tail[f] + shop.takes[state.mode[f]])
    value = max(value, head_w + shop.takes[state.mode[w]] + after)
    if not taboo or value < state.progress[2]:
        consider(state, w, state.mode[w], a, value)


@kernel
def elsewhere(shop: Shop, state: State, v: int) -> None:
    """Judge the moves of an operation to all places on all other machines (or other modes) that leave no circle."""
    j, f = shop.leader[v], shop.follower[v]
    lead = 0 if j < 0 else state.head[j] + shop.takes[state.mode[j]]
    left = 0 if f < 0 else state.tail[f] + shop.takes[state.mode[f]]
    started = -1 if j < 0 else state.head[j]
    ended = np.int64(1) << 60 if f < 0 else state.head[f] + shop.takes[state.mode[f]]
    for mode in range(shop.mode_start[v], shop.mode_start[v + 1]):
        if shop.on[mode] == shop.on[state.mode[v]]:
            continue
        taboo = state.banned[mode] > state.progress[0]
        x, y = -1, int(state.first[shop.on[mode]])
        while True:
            if (x < 0 or state.head[x] < ended) and (y < 0 or state.head[y] + shop.takes[state.mode[y]] > started):
                ready = lead if x < 0 else max(lead, state.head[x] + shop.takes[state.mode[x]])
                after = left if y < 0 else max(left, state.tail[y] + shop.takes[state.mode[y]])
                value = ready + shop.takes[mode] + after
                if not taboo or value < state.progress[2]:
                    consider(state, v, mode, x, value)
            if y < 0:
                break
            x, y = y, int(state.next[y])


@kernel
def judge(shop: Shop, state: State, length: int) -> None:
    """Find the best move of the critical path; `move` holds it, and its operation is -1 where there is none."""
    state.move[0], state.move[3], state.move[4] = -1, np.int64(1) << 60, 0
    k = 0
    while k < length:
        last = k
        while last + 1 < length and state.next[state.path[last]] == state.path[last + 1]:
            last += 1
        u, w = state.path[k], state.path[last]
        for i in range(k, last):
            x = state.path[i]
            f = shop.follower[x]
            if f < 0 or (
                f != w and state.tail[w] + shop.takes[state.mode[w]] >= state.tail[f] + shop.takes[state.mode[f]]
            ):
                behind(shop, state, x, w)
        for i in range(k + 1, last + 1):
            x = state.path[i]
            j = shop.leader[x]
            if j < 0 or (
                j != u and state.head[u] + shop.takes[state.mode[u]] >= state.head[j] + shop.takes[state.mode[j]]
            ):
                ahead(shop, state, u, x)
        if last - k > 1 and shop.follower[u] != state.path[k + 1]:
            behind(shop, state, u, state.path[k + 1])
        if last - k > 1 and shop.leader[w] != state.path[last - 1]:
            ahead(shop, state, state.path[last - 1], w)
        for i in range(k, last + 1):
            x = state.path[i]
            if shop.mode_start[x + 1] - shop.mode_start[x] > 1:
                elsewhere(shop, state, x)
        k = last + 1


@kernel
def forbid(state: State, v: int, after: int, until: int) -> None:
    """Forbid what a move on one machine undoes: the orders of the operation with all that it passes."""
    count = len(state.mode)
    x = state.next[v]
    later = False
    while x >= 0 and after >= 0:  # does it go to a later place?
        if x == after:
            later = True
            break
        x = state.next[x]
    if later:
        x = state.next[v]
        while True:
            state.forbidden[place(v, x, count)] = until
            if x == after:
                return
            x = state.next[x]
    x = state.prev[v]
    while x >= 0 and x != after:
        state.forbidden[place(x, v, count)] = until
        x = state.prev[x]


@kernel
def moved(shop: Shop, state: State, tenure: int) -> int:
    """Do the move in `move`, and return the makespan; a move that makes a circle is taken back, and is taboo for a while."""
    v, mode, after = state.move[0], state.move[1], state.move[2]
    old, before = state.mode[v], state.prev[v]
    until = state.progress[0] + tenure + draw(state.luck, tenure // 2 + 1)
    if shop.on[mode] == shop.on[old]:
        forbid(state, v, after, until)
    else:
        state.banned[old] = until
    unlink(shop, state, v)
    link(shop, state, v, mode, after)
    longest = timed(shop, state)
    if longest < 0:
        unlink(shop, state, v)
        link(shop, state, v, old, before)
        state.banned[mode] = until
        return -timed(shop, state)
    return longest


@kernel
def keep(state: State) -> None:
    """Remember this schedule as the best one."""
    state.kept_mode[:] = state.mode
    state.kept_prev[:] = state.prev


@kernel
def back(shop: Shop, state: State) -> int:
    """Return to the best schedule."""
    state.mode[:] = state.kept_mode
    state.prev[:] = state.kept_prev
    state.next[:] = -1
    for v in range(len(state.mode)):
        if state.prev[v] >= 0:
            state.next[state.prev[v]] = v
        else:
            state.first[shop.on[state.mode[v]]] = v
    return timed(shop, state)


@kernel
def kicked(shop: Shop, state: State, longest: int) -> int:
    """Exchange two neighbours of critical blocks some times at random; return the makespan."""
    for _ in range(2 + draw(state.luck, KICKS)):
        length = critical(shop, state, longest)
        chosen, seen = -1, 0
        for k in range(length - 1):
            u, w = state.path[k], state.path[k + 1]
            if state.next[u] == w and shop.follower[u] != w:
                seen += 1
                if draw(state.luck, seen) == 0:
                    chosen = int(u)
        if chosen < 0:
            return longest
        before, after = int(state.prev[chosen]), int(state.next[chosen])
        unlink(shop, state, chosen)
        link(shop, state, chosen, state.mode[chosen], after)
        changed = timed(
            shop, state
        )  # no circle, unless operations take no time (van Laarhoven, Aarts and Lenstra 1992)
        if changed < 0:
            unlink(shop, state, chosen)
            link(shop, state, chosen, state.mode[chosen], before)
            changed = timed(shop, state)
        longest = changed
    return longest


@kernel
def searched(shop: Shop, state: State, steps: int, tenure: int, floor: int) -> None:
    """Search for some steps; ends early where the best makespan is `floor`, which no schedule can beat."""
    progress = state.progress
    longest = timed(shop, state)
    for _ in range(steps):
        if progress[2] <= floor:
            break
        progress[0] += 1
        step = progress[0]
        length = critical(shop, state, longest)
        judge(shop, state, length)
        if step - progress[1] > PATIENCE:
            longest = kicked(shop, state, back(shop, state))
            progress[1] = step
        elif state.move[0] < 0:
            longest = kicked(shop, state, longest)
        else:
            longest = abs(moved(shop, state, tenure))
        if longest < progress[2]:
            progress[1], progress[2] = step, longest
            keep(state)
