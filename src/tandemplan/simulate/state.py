"""What changes while a replication runs: arrays made once and cleared for each replication."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate.layout import Floats, Ints, World, blank, floats, ints
from tandemplan.simulate.lists import list_count
from tandemplan.simulate.views import fill, view_type, viewer

# what is kept of a node, a job, a task, a demand
STOCK, COST, THIRD, CLAIMED, RELEASED, NEXT, DIRTY, MADE, NODE_COLUMNS = range(9)
UNITS, KEY, KIND, WHICH, STEP, EXPECTED, SERVERS, SERVERS_2, SERVERS_3, BORN, QUEUED, VALUE, VALUE_3, STARTED, OUT, LOTS, DUE, JOB_COLUMNS = range(18)  # fmt: skip
WAITS_FOR, STARTS, STATE, EXTRA, ENDED, TASK_COLUMNS = range(6)
ASKED, GIVEN, TIMELY, DONE, SHARE, DEMAND_COLUMNS = range(6)
HEAP, SEQUENCE, FREE, PERIOD, REPLICATION, FAULT, DIRTIED, BASE, MARKED, REFILLS, ROUND, COUNTERS = range(12)
NOW, CASH, HELD, CREDIT, FLOATS = range(5)
HEAP_FULL, JOBS_FULL = 1, 2
# events
(
    TICK, ORDER, DISPATCH, SHIP, AT_BORDER, ARRIVE, STEP_DONE, ASK, TASK_START, TASK_END, RISK_TRY, RISK_END, CLOSING, REOPENING,
    TRANCHE, SOURCE, RECEIPT,
) = range(17)  # fmt: skip


class State(NamedTuple):
    """The state of one replication; `head`, `tail` and `length` are of lists of jobs, numbered in `lists`."""

    counts: Ints
    now: Floats
    node: Floats
    dirty: Ints
    job: Floats
    job_next: Ints
    free: Ints
    heap_time: Floats
    heap_order: Ints
    heap_event: Ints
    head: Ints
    tail: Ints
    length: Ints
    marked: Ints
    to_serve: Ints
    tried: Ints  # by step, the round in which it could not start
    refill: Ints
    busy: Floats
    there: Floats
    pace: Floats
    to_failure: Floats
    missed: Floats
    used_hours: Floats
    used: Ints
    fx: Floats
    risk_on: Floats  # risks x (active, since)
    group_on: Ints
    offer_next: Floats
    lane_next: Floats
    closed: Ints
    task: Floats
    gate: Floats
    gate_opened: Floats
    tranche: Ints
    demand: Floats
    demand_taken: Floats
    ask: Floats  # rows x (units still to deliver, open)
    ask_first: Ints
    ask_next: Ints
    flow: Floats
    known: Floats
    offer_taken: Floats
    waited: Floats  # steps x (jobs, days waited), for queues
    passed: Floats  # routes x (jobs, days from birth to end)
    trace: Floats  # days in the shop of each job of route 0, where asked for


class Out(NamedTuple):
    """Where the outcomes of replications go, a row each: see `Outcomes`; `contract`, `item` of nodes, `share` of nodes."""

    asked: NDArray[np.float32]
    on_time: NDArray[np.float32]
    delivered: NDArray[np.float32]
    done: NDArray[np.float32]
    curve: NDArray[np.float32]
    first: NDArray[np.float32]
    made: NDArray[np.float32]
    task_end: NDArray[np.float32]
    cash: NDArray[np.float32]
    held: NDArray[np.float32]
    used: NDArray[np.float32]
    value: NDArray[np.float32]  # nodes x (cost, third-country cost) of what is delivered
    happened: NDArray[np.float32]
    active: NDArray[np.float32]


def state_of(world: World, jobs: int, schools: int, groups: int, trace: int = 0) -> State:
    """Return empty state for a world with at most so many jobs and orders under way."""
    lists = list_count(world)
    events = jobs + 4 * (len(world.tasks) + len(world.risks) + len(world.crossings) + len(world.tranches)) + 1024
    nodes, resources, steps = len(world.stock), len(world.resources), len(world.steps)
    return State(
        counts=ints(COUNTERS),
        now=floats(FLOATS),
        node=floats(nodes, NODE_COLUMNS),
        dirty=ints(nodes + 1),
        job=floats(jobs, JOB_COLUMNS),
        job_next=ints(jobs),
        free=ints(jobs),
        heap_time=floats(events),
        heap_order=ints(events),
        heap_event=ints(events),
        head=ints(lists),
        tail=ints(lists),
        length=ints(lists),
        marked=ints(resources),
        to_serve=ints(resources + 1),
        tried=ints(steps),
        refill=ints(4 * steps + 64),
        busy=floats(resources),
        there=floats(resources),
        pace=floats(resources),
        to_failure=floats(resources),
        missed=floats(resources, len(world.periods)),
        used_hours=floats(resources),
        used=ints(len(world.keys)),
        fx=floats(len(world.targets)),
        risk_on=floats(len(world.risks), 2),
        group_on=ints(groups),
        offer_next=floats(len(world.offers)),
        lane_next=floats(len(world.lanes)),
        closed=ints(len(world.crossings)),
        task=floats(len(world.tasks), TASK_COLUMNS),
        gate=floats(len(world.gates)),
        gate_opened=floats(len(world.gates)),
        tranche=ints(len(world.tranches)),
        demand=floats(len(world.demands), DEMAND_COLUMNS),
        demand_taken=floats(len(world.contracts)),
        ask=floats(len(world.asks), 2),
        ask_first=ints(nodes),
        ask_next=ints(1),
        flow=floats(len(world.periods)),
        known=floats(schools),
        offer_taken=floats(len(world.offers)),
        waited=floats(steps, 2),
        passed=floats(len(world.routes), 2),
        trace=floats(trace),
    )


@inlined
def row_of(s: State) -> int:
    """Return the row of this replication in `Out`."""
    return s.counts[REPLICATION] - s.counts[BASE]


@inlined
def next_use(s: State, stream: int) -> int:
    """Return the number of the next draw from a stream."""
    k = s.used[stream]
    s.used[stream] = k + 1
    return k


@inlined
def is_served(s: State, d: int) -> bool:
    """Say whether a demand has all that is asked for."""
    return s.demand[d, GIVEN] >= s.demand[d, ASKED] - 1e-5 * max(s.demand[d, ASKED], 1.0)


@inlined
def push(s: State, time: float, event: int, what: int) -> None:
    """Put an event into the calendar; events of one time come in the order in which they were put."""
    k = s.counts[HEAP]
    if k >= len(s.heap_time):
        s.counts[FAULT] = HEAP_FULL
        return
    s.counts[HEAP] = k + 1
    order = s.counts[SEQUENCE]
    s.counts[SEQUENCE] = order + 1
    while k > 0:
        up = (k - 1) >> 1
        if s.heap_time[up] <= time:
            break
        s.heap_time[k] = s.heap_time[up]
        s.heap_order[k] = s.heap_order[up]
        s.heap_event[k] = s.heap_event[up]
        k = up
    s.heap_time[k] = time
    s.heap_order[k] = order
    s.heap_event[k] = (event << 40) | what


@kernel
def pop(s: State) -> int:
    """Take the next event out of the calendar; its time is in `s.now[NOW]`."""
    s.now[NOW] = s.heap_time[0]
    found = s.heap_event[0]
    n = s.counts[HEAP] - 1
    s.counts[HEAP] = n
    time, order, event = s.heap_time[n], s.heap_order[n], s.heap_event[n]
    k = 0
    while True:
        down = 2 * k + 1
        if down >= n:
            break
        right = down + 1
        if right < n and (
            s.heap_time[right] < s.heap_time[down]
            or (s.heap_time[right] == s.heap_time[down] and s.heap_order[right] < s.heap_order[down])
        ):
            down = right
        if time < s.heap_time[down] or (time == s.heap_time[down] and order < s.heap_order[down]):
            break
        s.heap_time[k] = s.heap_time[down]
        s.heap_order[k] = s.heap_order[down]
        s.heap_event[k] = s.heap_event[down]
        k = down
    s.heap_time[k] = time
    s.heap_order[k] = order
    s.heap_event[k] = event
    return found


@inlined
def new_job(s: State) -> int:
    """Return a free place for a job or an order."""
    n = s.counts[FREE]
    if n == 0:
        s.counts[FAULT] = JOBS_FULL
        return 0
    s.counts[FREE] = n - 1
    j = s.free[n - 1]
    for c in range(JOB_COLUMNS):
        s.job[j, c] = 0.0
    return j


@inlined
def drop_job(s: State, j: int) -> None:
    """Give the place of a job back."""
    s.free[s.counts[FREE]] = j
    s.counts[FREE] += 1


@inlined
def put(s: State, which: int, j: int) -> None:
    """Put a job at the end of a list."""
    s.job_next[j] = -1
    if s.head[which] < 0:
        s.head[which] = j
    else:
        s.job_next[s.tail[which]] = j
    s.tail[which] = j
    s.length[which] += 1


@inlined
def take(s: State, which: int) -> int:
    """Take the first job of a list."""
    j = s.head[which]
    s.head[which] = s.job_next[j]
    if s.head[which] < 0:
        s.tail[which] = -1
    s.length[which] -= 1
    return j


@inlined
def rank(s: State, j: int) -> float:
    """Return the place of a job in the order of service: work that the plan has not come to yet stands behind all that it has."""
    if s.now[NOW] < s.job[j, DUE]:
        return s.job[j, KEY] + 1e12
    return s.job[j, KEY]


@kernel
def clear(w: World, s: State, replication: int) -> None:
    """Make the state that of the plan's start."""
    base = s.counts[BASE]
    fill(s.counts, 0)
    s.counts[BASE] = base
    fill(s.now, 0.0)
    s.counts[REPLICATION] = replication
    s.counts[PERIOD] = -1
    n = len(s.free)
    s.counts[FREE] = n
    for k in range(n):
        s.free[k] = n - 1 - k
    fill(s.node, 0.0)
    for k in range(len(w.stock)):
        s.node[k, STOCK] = w.stock[k, 0]
        s.node[k, COST] = w.stock[k, 1]
        s.node[k, THIRD] = w.stock[k, 2]
        s.node[k, NEXT] = w.row_at[k]
        s.ask_first[k] = w.ask_at[k]
    fill(s.head, -1)
    fill(s.tail, -1)
    fill(s.length, 0)
    fill(s.busy, 0.0)
    fill(s.marked, 0)
    fill(s.tried, 0)
    fill(s.to_failure, -1.0)
    fill(s.missed, 0.0)
    fill(s.used_hours, 0.0)
    fill(s.used, 0)
    for k in range(len(s.fx)):
        s.fx[k] = w.targets[k, at.TARGET_BASE]
    fill(s.risk_on, 0.0)
    fill(s.group_on, 0)
    fill(s.offer_next, 0.0)
    fill(s.lane_next, 0.0)
    fill(s.closed, 0)
    fill(s.task, 0.0)
    for k in range(len(w.gates)):
        s.gate[k] = w.gates[k, 0]
        s.gate_opened[k] = -np.inf
    fill(s.tranche, 0)
    fill(s.demand, 0.0)
    fill(s.ask, 0.0)
    fill(s.ask_next, 0)
    fill(s.flow, 0.0)
    for k in range(len(w.flow)):
        s.flow[k] = w.flow[k]
    fill(s.known, 0.0)
    fill(s.offer_taken, 0.0)
    fill(s.waited, 0.0)
    fill(s.passed, 0.0)


def out_of(world: World, count: int) -> Out:
    """Return room for the outcomes of so many replications."""
    nodes, periods = len(world.stock), len(world.periods) - 1

    def room(*n: int) -> NDArray[np.float32]:
        return np.zeros((count, *n), dtype=np.float32)

    return Out(
        asked=room(len(world.demands)),
        on_time=room(len(world.demands)),
        delivered=room(len(world.demands)),
        done=room(len(world.demands)),
        curve=room(len(world.contracts), periods),
        first=np.full((count, len(world.contracts)), np.inf, dtype=np.float32),
        made=room(nodes, periods),
        task_end=room(len(world.tasks)),
        cash=room(periods),
        held=room(),
        used=room(len(world.resources)),
        value=room(nodes, 2),
        happened=room(len(world.risks)),
        active=room(len(world.risks)),
    )


_NOTHING = blank(np.array([0.0, 1.0]))
world_view = viewer(view_type("World", _NOTHING, fixed=True))
state_view = viewer(view_type("State", state_of(_NOTHING, 1, 1, 1)))
out_view = viewer(view_type("Out", out_of(_NOTHING, 1)))
