"""A factory at the level of orders, as arrays: what can be made, bought, moved and delivered in lots, on what, and for whom.

What the words mean stands in docs/scheduling.md. Times are whole seconds from the schedule's start; quantities are in items' units.
Compiled code reads these arrays as they are: every table is a NamedTuple of arrays, and runs are given by where they start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.schedule.fixed import BUY, DELIVER, FOREVER, MAKE, MOVE, UNLIMITED

__all__ = ["BUY", "DELIVER", "FOREVER", "MAKE", "MOVE", "UNLIMITED", "Factory", "Orders", "no_orders"]


class Timeline(NamedTuple):
    """Values that change at moments, one run for each owner: from `at[k]` on it is `value[k]`, until the next.

    Each run begins at -FOREVER.
    """

    start: Ints
    at: Ints
    value: Floats


class Openings(NamedTuple):
    """Working time, one run of disjoint intervals in their order for each calendar: open from `opens[k]` until `shuts[k]`.

    Calendar 0 is always open. Wherever orders may go there are intervals: they reach from -FOREVER (or the earliest moment of
    given orders) to beyond the horizon, after which the last pattern goes on as one open interval to FOREVER or none.
    """

    start: Ints
    opens: Ints
    shuts: Ints


class Buffers(NamedTuple):
    """Material of an item at a site: on hand at first; `safety` is a Timeline of targets; `makers` are modes that fill it.

    Buffer b is filled by modes `maker[maker_start[b]:maker_start[b + 1]]`, best rank first; modes of rank 0 are not among them.
    A route is a maker by its own one mode, which has no loads and flows: what a route uses and makes is in its first and last steps' modes.
    """

    opening: Floats
    safety: Timeline
    maker_start: Ints
    maker: Ints


class Processes(NamedTuple):
    """Processes and their lots. A route's steps are processes too: `step[step_start[p]:step_start[p + 1]]`, in order; a step is not in force alone."""

    kind: Ints  # MAKE, BUY, MOVE, DELIVER
    minimum: Floats  # least lot; `minimum_by` where it changes by date of the end
    minimum_by: Timeline
    multiple: Floats  # 0: any quantity
    most: Floats  # UNLIMITED where there is none
    rank: Ints  # 0: never planned
    since: Ints  # in force for orders that end at or after this
    until: Ints  # and before this
    fence: Ints  # seconds after the schedule's start before which no new order starts
    wait: Ints  # seconds after its end before what it made may be used: kept where in time, given up where late (soft)
    hold: Ints  # the same, always kept (hard)
    group: Ints  # seconds within which lots for several needs are made as one (batch window); 0: none
    mode_start: Ints  # modes of process p: mode_start[p] to mode_start[p + 1] - 1
    step_start: Ints
    step: Ints


class Modes(NamedTuple):
    """Ways to do an order of a process: one member of each pool, one of each choice of flows. Best rank first within a process."""

    process: Ints
    rank: Ints  # sum of the ranks of what was chosen; 0 is the preferred
    fixed: Floats  # seconds of working time of a lot
    unit: Floats  # and of each unit in it
    efficiency: Ints  # row of `Factory.efficiency` by which both are divided at the start's moment; -1: 1
    calendar: Ints  # row of `Factory.openings`: where all that it needs is open
    begins: Ints  # the same: where a lot may start, as loads are in force by the start; 0: always
    cost: Floats  # of a lot
    unit_cost: Floats  # and of each unit
    load_start: Ints  # loads of mode m
    flow_start: Ints  # flows of mode m


class Loads(NamedTuple):
    """What modes hold. `fixed` and `unit` are used of a bucket by work centres that count buckets; `stations` held by others.

    A load on a work centre without a matrix has no set-up.
    """

    resource: Ints
    stations: Floats
    fixed: Floats
    unit: Floats
    set_up: Ints  # -1: leaves what is there
    held: Ints  # 1: the same member through all steps of a route, from its first start to its last end


class Flows(NamedTuple):
    """What modes put into (+) and take from (-) buffers: `fixed + unit * quantity`, at the start or the end, `offset` seconds later."""

    buffer: Ints
    fixed: Floats
    unit: Floats
    at_end: Ints
    offset: Ints
    transfer: Floats  # 0: all at once
    since: Ints  # in force for orders whose moment of the flow is at or after this
    until: Ints


class Resources(NamedTuple):
    """Work centres: `size` is a Timeline of stations, or of what each bucket holds, whose moments are the buckets' beginnings."""

    size: Timeline
    buckets: Ints  # 1: counts buckets
    matrix: Ints  # of set-ups, -1: none
    set_up: Ints  # at first, -1: none
    early: Ints  # seconds before its need by which an order may hold it at most
    calendar: Ints  # its own working time, in which set-ups are changed


class Demands(NamedTuple):
    """What is asked for. Delivered by the modes of processes `way[way_start[d]:way_start[d + 1]]`, or, where there are none, from `buffer` at once."""

    buffer: Ints
    quantity: Floats
    due: Ints
    latest: Ints
    rank: Ints  # its class: 0 is served first, then 1...
    least: Floats  # smallest shipment
    group: Ints  # -1: alone
    way_start: Ints
    way: Ints


class Given(NamedTuple):
    """Orders that are there already. `demand` -1: for nobody in particular; `mode` is that of its process and stations."""

    process: Ints
    mode: Ints
    quantity: Floats
    start: Ints
    end: Ints
    firm: Ints  # 1: as it stands (confirmed); 0: may be later (approved)
    parent: Ints  # given order of the route it is a step of, -1
    demand: Ints


@dataclass(frozen=True, eq=False)
class Factory:
    """A factory at the level of orders. `set_up_seconds[m, a + 1, b]` changes set-up a (-1: none yet) into b, -1 where it may not be."""

    buffers: Buffers
    processes: Processes
    modes: Modes
    loads: Loads
    flows: Flows
    resources: Resources
    efficiency: Timeline
    openings: Openings
    set_up_seconds: Ints
    set_up_cost: Floats
    demands: Demands
    given: Given
    horizon: int  # seconds; nothing is planned to end after it
    names: Names


@dataclass(frozen=True)
class Names:
    """What the rows of a factory are called by its user, in their order."""

    buffers: tuple[tuple[str, str], ...]  # item, site
    processes: tuple[str, ...]
    resources: tuple[str, ...]
    set_ups: tuple[str, ...]
    demands: tuple[str, ...]
    given: tuple[str, ...]


class Orders(NamedTuple):
    """A schedule: orders in any order. Deliveries have a `demand`; steps of a route have the `parent` order, whose mode is -1.

    What is delivered at once from a buffer is an order of process -1 and mode -1, which starts and ends when it is delivered.
    """

    process: Ints
    mode: Ints
    quantity: Floats
    start: Ints
    end: Ints
    change: Ints  # when the change of set-up before it begins; its start where there is none
    parent: Ints
    demand: Ints  # whom a delivery is for; -1 for what is not a delivery
    given: Ints  # row of `Factory.given` it follows, -1: new


def no_orders() -> Orders:
    """Return a schedule of nothing."""
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Orders(whole, whole, real, whole, whole, whole, whole, whole, whole)
