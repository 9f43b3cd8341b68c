"""A shop's schedule as orders on machines: heads and tails of operations, and one operation taken out and put in elsewhere."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tandemplan.arrays import Ints
from tandemplan.compiled import kernel


class Shop(NamedTuple):
    """Operations of jobs and what can do them: mode k takes `takes[k]` on machine `on[k]`; -1 where nothing leads or follows."""

    mode_start: Ints
    takes: Ints
    on: Ints
    leader: Ints
    follower: Ints


class State(NamedTuple):
    """A schedule as orders on machines, and what the search knows of it; `best` rows keep the best order and modes found."""

    mode: Ints  # of each operation
    prev: Ints  # on its machine, -1 where it is the first
    next: Ints
    first: Ints  # of each machine
    head: Ints  # earliest start
    tail: Ints  # longest way after its end
    sequence: Ints  # operations in an order in which each comes after all that it waits for
    waits: Ints
    forbidden: Ints  # the step until which an order of two operations may not come back
    banned: Ints  # the step until which an operation may not return to a mode
    kept_mode: Ints
    kept_prev: Ints
    path: Ints
    luck: Ints  # state of the random numbers
    move: Ints  # the best move so far: operation, mode, after whom (-1 first), estimate, and how many are as good
    progress: Ints  # step, step of the last better schedule or new start, best makespan


@kernel
def draw(luck: Ints, below: int) -> int:
    """Return a random whole number below another one (xorshift64*, Vigna 2016)."""
    x = np.uint64(luck[0])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    luck[0] = np.int64(x)
    return int((x * np.uint64(2685821657736338717)) >> np.uint64(33)) % below


@kernel
def timed(shop: Shop, state: State) -> int:
    """Set heads and tails, and return the makespan; -1 where operations wait for each other in a circle."""
    count, ready, done = len(state.mode), 0, 0
    for v in range(count):
        state.waits[v] = (shop.leader[v] >= 0) + (state.prev[v] >= 0)
        if state.waits[v] == 0:
            state.sequence[ready] = v
            state.head[v] = 0
            ready += 1
    longest = 0
    while done < ready:
        v = state.sequence[done]
        done += 1
        a, b = shop.leader[v], state.prev[v]
        start = 0
        if a >= 0:
            start = state.head[a] + shop.takes[state.mode[a]]
        if b >= 0:
            start = max(start, state.head[b] + shop.takes[state.mode[b]])
        state.head[v] = start
        longest = max(longest, start + shop.takes[state.mode[v]])
        for w in (shop.follower[v], state.next[v]):
            if w >= 0:
                state.waits[w] -= 1
                if state.waits[w] == 0:
                    state.sequence[ready] = w
                    ready += 1
    if done < count:
        return -1
    for k in range(count - 1, -1, -1):
        v = state.sequence[k]
        after = 0
        for w in (shop.follower[v], state.next[v]):
            if w >= 0:
                after = max(after, state.tail[w] + shop.takes[state.mode[w]])
        state.tail[v] = after
    return longest


@kernel
def unlink(shop: Shop, state: State, v: int) -> None:
    """Take an operation out of its machine's order."""
    a, b = state.prev[v], state.next[v]
    if a >= 0:
        state.next[a] = b
    else:
        state.first[shop.on[state.mode[v]]] = b
    if b >= 0:
        state.prev[b] = a


@kernel
def link(shop: Shop, state: State, v: int, mode: int, after: int) -> None:
    """Put an operation into the order of its mode's machine, behind another one or first (-1)."""
    machine = shop.on[mode]
    state.mode[v] = mode
    b = state.first[machine] if after < 0 else state.next[after]
    state.prev[v], state.next[v] = after, b
    if after < 0:
        state.first[machine] = v
    else:
        state.next[after] = v
    if b >= 0:
        state.prev[b] = v
