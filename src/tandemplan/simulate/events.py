"""The calendar of events: what comes next in a heap, what comes in later terms of the plan in a list for each of them."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined
from tandemplan.simulate import state as st
from tandemplan.simulate.views import fill


@inlined
def empty(s: st.State, days: float) -> None:
    """Make an empty calendar of so many days."""
    fill(s.heap_time, np.inf)
    fill(s.term, -1)
    for k in range(len(s.later_next)):
        s.later_next[k] = k + 1
    s.later_next[len(s.later_next) - 1] = -1
    s.now[st.TERMS_A_DAY] = (len(s.term) - 1) / days


@inlined
def push(s: st.State, time: float, event: int, what: int) -> None:
    """Put an event into the calendar, unless it never comes; events of one time come in the order in which they were put, a new period first.

    What comes in a later term of the plan waits in the list of that term, in no order, until it begins.
    """
    turn = s.counts[st.SEQUENCE]
    s.counts[st.SEQUENCE] = turn + 1
    if event == st.TICK:
        turn = 0
    entry = (turn << st.TURN) | (event << st.EVENT) | what
    place = time * s.now[st.TERMS_A_DAY]
    if place < s.counts[st.TERM] + 1:
        put_next(s, time, entry)
    elif place < len(s.term):
        k = s.counts[st.LATER]
        if k < 0:
            s.counts[st.FAULT] = st.HEAP_FULL
            return
        s.counts[st.LATER] = s.later_next[k]
        s.later_time[k] = time
        s.later_event[k] = entry
        s.later_next[k] = s.term[int(place)]
        s.term[int(place)] = k


@inlined
def comes(s: st.State) -> bool:
    """Say whether an event is still to come, and begin the term of the plan in which the next one comes."""
    if s.counts[st.HOLE] > 0:
        close_hole(s)
    while s.counts[st.HEAP] == 0 and s.counts[st.TERM] + 1 < len(s.term):
        s.counts[st.TERM] += 1
        k = s.term[s.counts[st.TERM]]
        while k >= 0:
            put_next(s, s.later_time[k], s.later_event[k])
            following = s.later_next[k]
            s.later_next[k] = s.counts[st.LATER]
            s.counts[st.LATER] = k
            k = following
    return s.counts[st.HEAP] > 0


@inlined
def put_next(s: st.State, time: float, entry: int) -> None:
    """Put an entry into the heap of what comes in this term of the plan: where the last event was taken out of it, if its place is empty."""
    k = s.counts[st.HEAP]
    if s.counts[st.HOLE] > 0:
        s.counts[st.HOLE] = 0
        sink(s, k, time, entry)
        return
    if k >= len(s.heap_time) - st.WAYS:
        s.counts[st.FAULT] = st.HEAP_FULL
        return
    s.counts[st.HEAP] = k + 1
    while k > 0:
        up = (k - 1) // st.WAYS
        if s.heap_time[up] < time or (s.heap_time[up] == time and s.heap_event[up] < entry):
            break
        s.heap_time[k] = s.heap_time[up]
        s.heap_event[k] = s.heap_event[up]
        k = up
    s.heap_time[k] = time
    s.heap_event[k] = entry


@inlined
def earlier(s: st.State, i: int, k: int) -> bool:
    """Say whether one entry of the calendar comes before another one; without a branch, since nobody can guess it."""
    return (s.heap_time[i] < s.heap_time[k]) | (
        (s.heap_time[i] == s.heap_time[k]) & (s.heap_event[i] < s.heap_event[k])
    )


@inlined
def sink(s: st.State, n: int, time: float, entry: int) -> None:
    """Put an entry into the empty first place of a heap of `n` entries, and what comes before it further up."""
    k, down = 0, 1
    while down < n:
        one = down + earlier(s, down + 1, down)
        other = down + 2 + earlier(s, down + 3, down + 2)
        first = other if earlier(s, other, one) else one
        if time < s.heap_time[first] or (time == s.heap_time[first] and entry < s.heap_event[first]):
            break
        s.heap_time[k] = s.heap_time[first]
        s.heap_event[k] = s.heap_event[first]
        k = first
        down = st.WAYS * k + 1
    s.heap_time[k] = time
    s.heap_event[k] = entry


@inlined
def close_hole(s: st.State) -> None:
    """Fill the empty first place of the heap with its last entry."""
    n = s.counts[st.HEAP] - 1
    s.counts[st.HOLE] = 0
    s.counts[st.HEAP] = n
    time, last = s.heap_time[n], s.heap_event[n]
    s.heap_time[n] = np.inf
    if n > 0:
        sink(s, n, time, last)


@inlined
def pop(s: st.State) -> int:
    """Take the next event out of the calendar, where one `comes`; its time is in `s.now[st.NOW]`. Its place stays empty until something is put there."""
    s.now[st.NOW] = s.heap_time[0]
    s.counts[st.HOLE] = 1
    return s.heap_event[0]


@inlined
def is_over(s: st.State) -> bool:
    """Say whether nothing else happens at this moment."""
    if s.counts[st.HOLE] == 0:
        return s.heap_time[0] > s.now[st.NOW]
    first = min(s.heap_time[1], s.heap_time[2], s.heap_time[3], s.heap_time[4])
    return first > s.now[st.NOW]


@inlined
def event_of(found: int) -> int:
    """Return the kind of an entry of the calendar."""
    return (found >> st.EVENT) & ((1 << (st.TURN - st.EVENT)) - 1)


@inlined
def what_of(found: int) -> int:
    """Return what an entry of the calendar is about."""
    return found & ((1 << st.EVENT) - 1)
