"""Who is served first: what waits for resources that have become free is started in the order of service."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import blocked_list, queue_of
from tandemplan.simulate.shop import begin_step, can_begin, free_servers, unblock
from tandemplan.simulate.waiting import USES, unlist


@kernel
def serve(w: World, s: st.State) -> None:
    """Start what waits for the marked resources, all of them together in the order of service, until nothing more can start."""
    if serve_alone(w, s):
        return
    count = list_steps(w, s)
    while True:
        best, which, kept = np.inf, -1, 0
        for i in range(count):
            step = s.may_start[i]
            j = s.head[queue_of(w, step)]
            if j >= 0 and can_begin(s, step):
                s.may_start[kept] = step
                kept += 1
                place = st.rank(s, j)
                if place < best or (place == best and step > which):
                    best, which = place, step
        count = kept
        if which < 0:
            break
        begin_step(w, s, s.head[queue_of(w, which)], which, free_servers(s, which))
        if w.steps[which, at.STEP_ROOM] >= 0 and s.head[queue_of(w, which)] < 0:
            count = list_steps(w, s)
    for i in range(s.counts[st.MARKED]):
        s.marked[s.to_serve[i]] = 0
    s.counts[st.MARKED] = 0


@inlined
def serve_alone(w: World, s: st.State) -> bool:
    """Do the same, without lists, where at most two resources are marked, each of them for one step that needs nothing else and blocks nobody; return whether it is done."""
    count, one = s.counts[st.MARKED], s.alone[s.to_serve[0]]
    other = s.alone[s.to_serve[1]] if count == 2 else one
    if count > 2 or one < 0 or other < 0:
        return False
    if s.head[blocked_list(w, one)] >= 0 or s.head[blocked_list(w, other)] >= 0:
        return False
    if count == 2 and goes_first(w, s, other, one):
        one, other = other, one
    for _ in range(count):
        if not begin_first(w, s, one):
            return False
        one, other = other, one
    s.marked[s.uses[one, 0]] = s.marked[s.uses[other, 0]] = 0
    s.counts[st.MARKED] = 0
    return True


@inlined
def goes_first(w: World, s: st.State, step: int, other: int) -> bool:
    """Say whether what waits for a step comes before what waits for another one."""
    j, k = s.head[queue_of(w, step)], s.head[queue_of(w, other)]
    if j < 0 or k < 0:
        return False
    place, later = st.rank(s, j), st.rank(s, k)
    return place < later or (place == later and step > other)


@inlined
def begin_first(w: World, s: st.State, step: int) -> bool:
    """Start the first job that waits for a step of one resource; return whether no other one can start now."""
    resource, queue = s.uses[step, 0], queue_of(w, step)
    free = s.there[resource] - s.busy[resource]
    if s.head[queue] < 0 or free < s.need[step, 2]:
        return True
    begin_step(w, s, s.head[queue], step, free)
    return s.head[queue] < 0 or s.there[resource] - s.busy[resource] < s.need[step, 2]


@inlined
def list_steps(w: World, s: st.State) -> int:
    """List each step of the marked resources at which a job waits, after those that a step with an empty queue blocks; return how many."""
    while True:
        s.counts[st.ROUND] += 1
        turn, count = s.counts[st.ROUND], 0
        for i in range(s.counts[st.MARKED]):
            resource = s.to_serve[i]
            if s.there[resource] - s.busy[resource] <= 1e-9:
                continue
            first, k = w.served_at[resource], 0
            while k < s.waits[resource]:
                step = s.waiting[first + k]
                if still_waits(w, s, step):
                    k += 1
                    if s.uses[step, USES] != turn:
                        s.uses[step, USES] = turn
                        s.may_start[count] = step
                        count += 1
                else:
                    s.waits[resource] -= 1
                    s.waiting[first + k] = s.waiting[first + s.waits[resource]]
                    unlist(s, step, resource)
        if s.counts[st.ROUND] == turn:
            return count


@inlined
def still_waits(w: World, s: st.State, step: int) -> bool:
    """Say whether a job waits for a step, after one that it blocks has come into its empty queue."""
    queue = queue_of(w, step)
    if s.head[queue] < 0 and w.steps[step, at.STEP_ROOM] >= 0 and s.head[blocked_list(w, step)] >= 0:
        unblock(w, s, step)
    return s.head[queue] >= 0
