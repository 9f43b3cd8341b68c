"""The board on which orders are laid: a factory and its schedule so far, as compiled code reads and changes them.

Every table is an array of records; what a record owns is a run in another table, from `x` to `x_end`. Resources and buffers each have
a profile: what is free from a moment on, until the next. Every change of the board is logged, so that it can be taken back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints

Records = NDArray[np.void]

TINY = 1e-7  # units: less is nothing
DEEP = 60  # levels of material, at most: deeper is a circle
LOGGED, USED, SPARE, FULL, TRIES, POOL, NEEDED, PLANNED, SPLIT = range(9)  # places of `Board.now`
LOGS, NEEDS, ROWS, MOMENTS, QUEUES = range(1, 6)  # what has no room left, in `Board.now[FULL]`; 0: nothing
CHANGED, ADDED, REMOVED, QUEUED, UNQUEUED = range(5)  # kinds of log entries


def _type(text: str) -> np.dtype[np.void]:
    """Return a record's type: whole numbers, and real ones where the name ends with a point."""
    return np.dtype([(n.rstrip("."), np.float64 if n.endswith(".") else np.int64) for n in text.split()])


BUFFER = _type("maker maker_end safety safety_end")
MAKER = _type("mode buffer next")  # next: where the makers with other flows or another rank begin
PROCESS = _type(
    "kind minimum. least least_end multiple. most. since until fence wait hold group mode mode_end step step_end"
)
MODE = _type("process rank fixed. unit. pace pace_end calendar begins load load_end flow flow_end most. counts")
LOAD = _type("resource stations. fixed. unit. set_up held")
FLOW = _type("buffer fixed. unit. at_end offset transfer. since until")
RESOURCE = _type("size size_end buckets matrix set_up early calendar queue")
DEMAND = _type(
    "buffer quantity. due latest rank least. group way way_end chain late. missing. kin kin_end done. done_late."
)
PROFILE = _type("first room count")
ORDER = _type("process mode quantity. start end parent demand given root next alive change")
LOG = _type("kind one at until amount.")
NEED = _type("buffer at end_too offset step quantity.")
PLAN = _type("mode start end")
FRAME = _type(
    "buffer state maker since at mark needs needs_end next strict best chosen about about_end quantity. left. before. lot."
)


class Board(NamedTuple):
    """A factory, and the schedule so far. `lists` holds steps of routes and ways of demands; `times` and `values` all timelines."""

    buffers: Records
    makers: Records
    processes: Records
    modes: Records
    loads: Records
    flows: Records
    resources: Records
    demands: (
        Records  # `chain`: its newest order; `late` unit-days and `missing` units so far; `kin`: its group in `lists`
    )
    lists: Ints
    times: Ints
    values: Floats
    calendar: Ints  # where the intervals of each calendar start
    opens: Ints
    shuts: Ints
    worked: Ints  # seconds open in the same calendar before each interval
    change: Ints  # seconds by matrix, set-up before and after
    bounds: Ints  # the horizon; 1 where anything made should wait; the moment after which nothing is filled; how early stations may be held
    profiles: Records  # of resources, then of buffers
    moment: Ints  # of all profiles, each in its own run with room to grow
    level: Floats
    orders: Records
    spare: Ints  # rows of orders that may be used again
    queue: Ints  # for each station with set-ups, its orders in their sequence
    queued: Ints
    log: Records
    needs: Records
    plan: Records
    frames: Records
    now: Ints
