"""What changes while a replication runs: arrays made once and cleared for each replication."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tandemplan.compiled import inlined
from tandemplan.simulate.layout import BY_PERIOD, Floats, Ints, World, blank, floats, ints
from tandemplan.simulate.lists import list_count
from tandemplan.simulate.views import view_type, viewer

# what is kept of a node, a job, a task, a demand
STOCK, COST, THIRD, CLAIMED, RELEASED, NEXT, DIRTY, MADE, FIRST, TAKER, TAKER_ROW, NODE_COLUMNS = range(12)
UNITS, KEY, KIND, WHICH, STEP, EXPECTED, SERVERS, SERVERS_2, SERVERS_3, BORN, QUEUED, VALUE, VALUE_3, STARTED, OUT, LOTS, DUE, PARTS, JOB_COLUMNS = range(19)  # fmt: skip
WAITS_FOR, STARTS, STATE, EXTRA, ENDED, TASK_COLUMNS = range(6)
ASKED, GIVEN, TIMELY, DONE, SHARE, DEMAND_COLUMNS = range(6)
MONEY, OWED, OVERDUE, BILLED, PAYER_COLUMNS = range(5)
UNTIL, ROOM, PROMISED, TIMES, EXPECTED_AGAIN, LICENCE_COLUMNS = range(6)
# of a move: when its licences and consents are there (below 0: days after they can be asked for), when they lapse, when others are there
READY, LAPSES, OTHERS = BORN, STARTED, OUT
LEFT, AS_OF, FREE_AT, CALLED, ORDERED, WAITING, WORK_COLUMNS = range(7)
(
    HEAP,
    SEQUENCE,
    FREE,
    PERIOD,
    REPLICATION,
    FAULT,
    DIRTIED,
    BASE,
    MARKED,
    REFILLS,
    ROUND,
    ASK_NEXT,
    TERM,
    LATER,
    HOLE,
    COUNTERS,
) = range(16)
NOW, CASH, HELD, CREDIT, TERMS_A_DAY, FLOATS = range(6)
HEAP_FULL, JOBS_FULL = 1, 2
AHEAD = 32  # numbers of a stream that are reckoned at once; a power of 2, and so many that compilers let a processor work on several at a time
WAYS = 4  # of the heap of what comes next
TERMS = 64  # of the plan for each of its periods, on average
EVENT, TURN = 23, 28  # bits of an entry of the calendar at which event and turn begin
# events
(
    TICK, ORDER, DISPATCH, SHIP, AT_BORDER, ARRIVE, STEP_DONE, ASK, TASK_START, TASK_END, RISK_TRY, RISK_END, CLOSING, REOPENING,
    TRANCHE, SOURCE, RECEIPT, OFFER_FREE, LANE_FREE, GRANT, RENEWAL, LICENCE_END, PERMIT,
) = range(23)  # fmt: skip


class State(NamedTuple):
    """The state of one replication; `head`, `tail` and `length` are of lists of jobs, numbered in `lists`."""

    counts: Ints
    now: Floats
    node: Floats
    dirty: Ints
    job: Floats
    job_next: Ints
    free: Ints
    term: Ints  # by term of the plan, the first of the events that come later, in it
    later_time: Floats
    later_event: Ints
    later_next: Ints
    heap_time: Floats  # inf behind its last entry
    heap_event: Ints  # in which turn it was put there, event and what it is about
    head: Ints
    tail: Ints
    length: Ints
    marked: Ints
    to_serve: Ints
    may_start: Ints
    waiting: Ints  # by resource, as `World.served`: the steps at which a job may wait
    waits: Ints  # by resource, how many these are
    listed: Ints  # by step, at which of its resources it is listed there: a bit each
    uses: Ints  # by step, the resources that it needs, by whose clock it ends first (-1: no more); the round in which it was last listed; whether it always takes the same
    alone: Ints  # by resource, the only step that it serves, where that needs nothing else (-1: there is none)
    need: Floats  # by step, servers of the second and third resource for each of the first, and free servers of each with which it starts
    refill: Ints
    use: Floats  # by line, units of a component for each unit started in this period
    lacks: Ints  # by route, the line of which too little was there when it was last looked at (-1: of none)
    busy: Floats
    there: Floats
    pace: Floats
    even: Floats  # by resource, hours that one of it works every day (0: not as many on every day)
    to_failure: Floats
    missed: Floats
    unhired: Floats  # people by resource who could not be hired, and have not been made up for
    used_hours: Floats
    used: Ints
    units: Floats  # by stream, numbers reckoned ahead
    ahead: Ints  # by stream, which block of numbers these are, from 1 on (0: none yet)
    spans: Floats  # likewise exponential numbers reckoned ahead, and which block they are
    spanned: Ints
    fx: Floats
    risk_on: Floats  # risks x (active, since)
    group_on: Ints
    offer_work: Floats  # offers x (what keeps it busy, as of a time, when it is free, when the calendar says so, units ordered and not sent, of these: waiting to be sent)
    lane_work: Floats  # lanes x (kg that keep it busy, as of a time, when it is free, when the calendar says so)
    closed: Ints
    task: Floats
    gate: Floats
    gate_opened: Floats
    tranche: Ints
    payer: Floats
    bills: Floats
    shut: Ints  # by door
    licence: Floats
    left: Floats  # by tranche of a payer, what is left of it
    demand: Floats
    demand_taken: Floats
    ask: Floats  # rows x (units still to deliver, open)
    ask_first: Ints
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


def events_of(world: World) -> int:
    """Return how many events may stand in the calendar at once, those of jobs and orders apart."""
    happen = len(world.tasks) + len(world.risks) + len(world.crossings) + len(world.tranches) + len(world.licences)
    return 1024 + 4 * (happen + len(world.offers) + len(world.lanes))


def state_of(world: World, jobs: int, schools: int, groups: int, trace: int = 0) -> State:
    """Return empty state for a world with at most so many jobs and orders under way."""
    lists = list_count(world)
    nodes, resources, steps = len(world.stock), len(world.resources), len(world.steps)
    return State(
        **_draws_of(world),
        **_calendar_of(world, jobs),
        **_waiting_of(world),
        **_budgets_of(world),
        counts=ints(COUNTERS),
        now=floats(FLOATS),
        node=floats(nodes, NODE_COLUMNS),
        dirty=ints(nodes + 1),
        job=floats(jobs, JOB_COLUMNS),
        job_next=ints(jobs),
        free=ints(jobs),
        head=ints(lists),
        tail=ints(lists),
        length=ints(lists),
        busy=floats(resources),
        there=floats(resources),
        pace=floats(resources),
        even=_even(world),
        to_failure=floats(resources),
        missed=floats(resources, len(world.periods)),
        unhired=floats(resources),
        used_hours=floats(resources),
        fx=floats(len(world.targets)),
        risk_on=floats(len(world.risks), 2),
        group_on=ints(groups),
        offer_work=floats(len(world.offers), WORK_COLUMNS),
        lane_work=floats(len(world.lanes), WORK_COLUMNS),
        closed=ints(len(world.crossings)),
        task=floats(len(world.tasks), TASK_COLUMNS),
        gate=floats(len(world.gates)),
        gate_opened=floats(len(world.gates)),
        demand=floats(len(world.demands), DEMAND_COLUMNS),
        demand_taken=floats(len(world.contracts)),
        ask=floats(len(world.asks), 2),
        ask_first=ints(nodes),
        flow=floats(len(world.periods)),
        known=floats(schools),
        offer_taken=floats(len(world.offers)),
        waited=floats(steps, 2),
        passed=floats(len(world.routes), 2),
        trace=floats(trace),
    )


def _waiting_of(world: World) -> dict[str, NDArray[Any]]:
    """Return what is kept of what waits in the shop, and of what it waits for."""
    resources, steps = len(world.resources), len(world.steps)
    return {
        "marked": ints(resources),
        "to_serve": ints(resources + 1),
        "may_start": ints(steps),
        "waiting": ints(len(world.served)),
        "waits": ints(resources),
        "listed": ints(steps),
        "uses": ints(steps, 5),
        "alone": ints(resources),
        "need": floats(steps, 5),
        "use": floats(len(world.use_node)),
        "lacks": ints(len(world.routes)),
        "refill": ints(4 * steps + 64),
    }


def _calendar_of(world: World, jobs: int) -> dict[str, NDArray[Any]]:
    """Return the calendar of events."""
    events = jobs + events_of(world)
    return {
        "term": ints(TERMS * (len(world.periods) - 1) + 1),
        "later_time": floats(events),
        "later_event": ints(events),
        "later_next": ints(events),
        "heap_time": floats(events + WAYS),
        "heap_event": ints(events + WAYS),
    }


def _budgets_of(world: World) -> dict[str, NDArray[Any]]:
    """Return what is kept of payers and licences, and of the doors that they open and shut."""
    return {
        "tranche": ints(len(world.tranches)),
        "payer": floats(len(world.bills), PAYER_COLUMNS),
        "bills": floats(*world.bills.shape),
        "shut": ints(len(world.door_at) - 1),
        "left": floats(len(world.tranches)),
        "licence": floats(len(world.licences), LICENCE_COLUMNS),
    }


def _draws_of(world: World) -> dict[str, NDArray[Any]]:
    """Return what is kept of each stream of random numbers."""
    streams = len(world.keys)
    return {
        "used": ints(streams),
        "units": floats(streams, AHEAD),
        "ahead": ints(streams),
        "spans": floats(streams, AHEAD),
        "spanned": ints(streams),
    }


def _even(world: World) -> Floats:
    """Return, by resource, the hours that one of it works each day where these are the same every day, and 0 where they are not."""
    hours = world.clock[:, -1] / (world.clock.shape[1] - 1)
    even = world.clock == hours[:, None] * np.arange(world.clock.shape[1])
    return np.where(even.all(axis=1), hours, 0.0)


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
def copy_job(s: State, j: int) -> int:
    """Return another job like one."""
    other = new_job(s)
    for c in range(JOB_COLUMNS):
        s.job[other, c] = s.job[j, c]
    return other


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


EARLY = 5e8  # above all places in the order of service; small enough to keep what orders equals


@inlined
def rank(s: State, j: int) -> float:
    """Return the place of a job in the order of service: work that the plan has not come to yet stands behind all that it has."""
    if s.now[NOW] < s.job[j, DUE]:
        return s.job[j, KEY] + EARLY
    return s.job[j, KEY]


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
WORLD_VIEW = view_type("World", _NOTHING, fixed=True, varying=(*BY_PERIOD, "clock", "links"))
STATE_VIEW = view_type("State", state_of(_NOTHING, 1, 1, 1), varying=("missed", "bills"))
OUT_VIEW = view_type(
    "Out",
    out_of(_NOTHING, 1),
    varying=("asked", "on_time", "delivered", "done", "first", "task_end", "cash", "used", "happened", "active"),
)
world_view, state_view, out_view = viewer(WORLD_VIEW), viewer(STATE_VIEW), viewer(OUT_VIEW)
