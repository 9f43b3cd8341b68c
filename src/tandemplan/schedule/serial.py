"""Serial schedules: activities one after another, each at its earliest on resources of limited amount.

The serial scheme and its search: lists of activities that are recombined (Hartmann 1998, Naval Research Logistics 45) and justified
to the right and to the left (Valls, Ballestin and Quintanilla 2005, EJOR 165(2)); modes are changed along with the lists.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.compiled import kernel

LAST = np.int64(1) << 60
SPOILED = 1_000_000  # what a unit of a nonrenewable resource that is not there adds to a makespan


class Work(NamedTuple):
    """Activities as the compiled search reads them (`activities.Activities`), with both directions of the arcs."""

    mode_start: Ints
    takes: Ints
    need_start: Ints
    need_resource: Ints
    need_amount: Ints
    capacity: Ints
    renewable: Ints
    lead_start: Ints
    leader: Ints
    lead_lag: Ints
    follow_start: Ints
    follower: Ints
    follow_lag: Ints


class Desk(NamedTuple):
    """Room for one schedule while it is made: profiles of free amounts by resource, as breakpoints."""

    time: Ints  # [resource, breakpoint], ascending
    free: Ints  # from this breakpoint to the next
    points: Ints  # breakpoints of each resource
    start: Ints
    list: Ints
    key: Floats


@kernel
def located(time: Ints, count: int, moment: int) -> int:
    """Return the last of `count` breakpoints that is not after a moment."""
    low, high = 0, count
    while high - low > 1:
        middle = (low + high) // 2
        if time[middle] <= moment:
            low = middle
        else:
            high = middle
    return low


@kernel
def split(desk: Desk, r: int, moment: int) -> int:
    """Make a moment a breakpoint of a resource; return its place."""
    time, free, count = desk.time[r], desk.free[r], desk.points[r]
    k = located(time, count, moment)
    if time[k] == moment:
        return k
    for i in range(count, k + 1, -1):
        time[i], free[i] = time[i - 1], free[i - 1]
    time[k + 1], free[k + 1] = moment, free[k]
    desk.points[r] = count + 1
    return k + 1


@kernel
def earliest(work: Work, desk: Desk, mode: int, moment: int) -> int:
    """Return the first time from a moment on at which all that a mode needs is free as long as it takes; -1 if never."""
    takes = work.takes[mode]
    if takes == 0:
        return moment
    again = True
    while again:
        again = False
        for n in range(work.need_start[mode], work.need_start[mode + 1]):
            r, amount = work.need_resource[n], work.need_amount[n]
            if not work.renewable[r]:
                continue
            time, free, count = desk.time[r], desk.free[r], desk.points[r]
            k = located(time, count, moment)
            while k < count and time[k] < moment + takes:
                if free[k] < amount:
                    if k + 1 == count:
                        return -1
                    moment = time[k + 1]
                    again = True
                k += 1
    return moment


@kernel
def book(work: Work, desk: Desk, mode: int, start: int) -> None:
    """Take what a mode needs out of the profiles."""
    if work.takes[mode] == 0:
        return
    for n in range(work.need_start[mode], work.need_start[mode + 1]):
        r = work.need_resource[n]
        if work.renewable[r]:
            a = split(desk, r, start)
            b = split(desk, r, start + work.takes[mode])
            for k in range(a, b):
                desk.free[r, k] -= work.need_amount[n]


@kernel
def cleared(work: Work, desk: Desk) -> None:
    """Empty the profiles."""
    for r in range(len(work.capacity)):
        desk.points[r] = 1
        desk.time[r, 0], desk.free[r, 0] = 0, work.capacity[r]


@kernel
def laid(work: Work, desk: Desk, order: Ints, mode: Ints, back: bool) -> int:
    """Schedule activities in an order in which each comes after its leaders; return the makespan, -1 if a mode never fits.

    With `back`, from the end: each comes after its followers, and starts count from there.
    """
    if back:
        begin, others, lag = work.follow_start, work.follower, work.follow_lag
    else:
        begin, others, lag = work.lead_start, work.leader, work.lead_lag
    cleared(work, desk)
    longest = 0
    for k in range(len(order)):
        v = order[k]
        moment = 0
        for a in range(begin[v], begin[v + 1]):
            u = others[a]
            moment = max(moment, desk.start[u] + work.takes[mode[u]] + lag[a])
        moment = earliest(work, desk, mode[v], moment)
        if moment < 0:
            return -1
        desk.start[v] = moment
        book(work, desk, mode[v], moment)
        longest = max(longest, moment + work.takes[mode[v]])
    return longest


@kernel
def turned(work: Work, desk: Desk, order: Ints, mode: Ints) -> Ints:
    """Return a list as it is taken up from the other end: what ends last first, of equals the later in the list."""
    n = len(order)
    for k in range(n):
        v = order[k]
        desk.key[k] = -(desk.start[v] + work.takes[mode[v]]) * np.float64(n) - k
    return order[np.argsort(desk.key)]


@kernel
def justified(work: Work, desk: Desk, order: Ints, mode: Ints) -> int:
    """Schedule a list, push all to the right, and to the left again; return the makespan and leave the list of the starts in `order`.

    Ties of times keep the place of the list, in which each activity comes after those it waits for.
    """
    longest = laid(work, desk, order, mode, False)
    if longest < 0:
        return longest
    desk.list[:] = turned(work, desk, order, mode)
    laid(work, desk, desk.list, mode, True)
    order[:] = turned(work, desk, desk.list, mode)
    return laid(work, desk, order, mode, False)


@kernel
def missing(work: Work, mode: Ints) -> int:
    """Return how much of nonrenewable resources modes need beyond what there is."""
    lacks = 0
    for r in range(len(work.capacity)):
        if not work.renewable[r]:
            used = 0
            for v in range(len(mode)):
                for n in range(work.need_start[mode[v]], work.need_start[mode[v] + 1]):
                    if work.need_resource[n] == r:
                        used += work.need_amount[n]
            lacks += max(0, used - work.capacity[r])
    return lacks
