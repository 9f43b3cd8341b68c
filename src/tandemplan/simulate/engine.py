"""One replication after another: events in order of time, and what each of them does."""

from __future__ import annotations

from tandemplan.compiled import kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import TINY, add_stock, again, draw, next_exponential, touch
from tandemplan.simulate.clearing import clear
from tandemplan.simulate.events import comes, event_of, is_over, pop, push, what_of
from tandemplan.simulate.goods import allocate, hand_over
from tandemplan.simulate.hazards import begin_chance, next_closing, risk_end, risk_try
from tandemplan.simulate.layout import Ints, World
from tandemplan.simulate.licensing import licence_event
from tandemplan.simulate.lists import blocked_list, crossing_list, queue_of
from tandemplan.simulate.orders import arrive, at_border, dispatch, lane_free, offer_free, release_order, ship
from tandemplan.simulate.planner import tick
from tandemplan.simulate.serving import serve
from tandemplan.simulate.shop import born, enter, leave, refill, set_needs, set_pace, set_uses
from tandemplan.simulate.startup import begin_tasks, task_end, task_start, tranche
from tandemplan.simulate.views import described
from tandemplan.simulate.waiting import list_step


@kernel
def settle(w: World, s: st.State, out: st.Out) -> None:
    """When all that happens at a moment has happened: give what lies somewhere, then start what waits, each in the order of service."""
    while s.counts[st.FAULT] == 0:
        if s.counts[st.REFILLS] > 0:
            s.counts[st.REFILLS] -= 1
            refill(w, s, s.refill[s.counts[st.REFILLS]])
        elif s.counts[st.DIRTIED] > 0:
            allocate(w, s, out)
        elif s.counts[st.MARKED] > 0:
            serve(w, s)
        else:
            return


@kernel
def step_done(w: World, s: st.State, j: int, out: st.Out) -> None:
    """Let a job that has finished a step go on, or its units into stock."""
    step = int(s.job[j, st.STEP])
    route = int(s.job[j, st.WHICH])
    following = step + 1
    if following < w.routes[route, at.ROUTE_LAST]:
        room = w.steps[following, at.STEP_ROOM]
        if room >= 0:
            queue = queue_of(w, following)
            if s.length[queue] >= room and not (s.length[queue] == 0 and free_for(w, s, following)):
                st.put(s, blocked_list(w, following), j)
                list_step(w, s, following)
                return
        leave(s, j, step)
        s.job[j, st.UNITS] = s.job[j, st.OUT]
        s.job[j, st.STEP] = following
        enter(w, s, j)
        return
    leave(s, j, step)
    finish(w, s, j, out)


@kernel
def free_for(w: World, s: st.State, step: int) -> bool:
    """Say whether a server of a step's work centre is free."""
    centre = int(w.steps[step, at.STEP_CENTRE])
    return centre < 0 or s.there[centre] - s.busy[centre] > 0.5


@kernel
def finish(w: World, s: st.State, j: int, out: st.Out) -> None:
    """Put the good units of a job into stock."""
    route, units = int(s.job[j, st.WHICH]), s.job[j, st.OUT]
    now = s.now[st.NOW]
    days = now - s.job[j, st.BORN]
    if route == 0 and s.passed[0, 0] < len(s.trace):
        s.trace[int(s.passed[0, 0])] = days
    s.passed[route, 0] += 1
    s.passed[route, 1] += days
    node = int(w.routes[route, at.ROUTE_NODE])
    handled = w.routes[route, at.ROUTE_HANDLES]
    if handled == at.DELIVERS:
        day = w.asks[int(s.job[j, st.EXPECTED]), at.ASK_DAY]
        if day > now:
            s.job[j, st.SERVERS] = s.job[j, st.SERVERS_2] = s.job[j, st.SERVERS_3] = 0.0  # free again
            push(s, day, st.STEP_DONE, j)  # nobody is served before the plan serves him
            return
        hand_over(w, s, out, int(s.job[j, st.EXPECTED]), s.job[j, st.STARTED])
    elif handled == at.RECEIVES:
        good = s.job[j, st.EXPECTED]
        if good > TINY:
            add_stock(s, node, good, s.job[j, st.VALUE] / good, s.job[j, st.VALUE_3] / good)
    elif node >= 0:
        s.node[node, st.RELEASED] += units - s.job[j, st.EXPECTED]
        s.node[node, st.MADE] += units
        if units > TINY:
            add_stock(s, node, units, s.job[j, st.VALUE] / units, s.job[j, st.VALUE_3] / units)
        out.made[st.row_of(s), node, max(s.counts[st.PERIOD], 0)] += units
    st.drop_job(s, j)


@kernel
def react(w: World, s: st.State, out: st.Out, event: int, what: int) -> None:
    """Do what an event says that is not the end of a step."""
    if event == st.ARRIVE:
        arrive(w, s, what)
    elif event == st.ORDER:
        release_order(w, s, what)
    elif event == st.DISPATCH:
        dispatch(w, s, what)
    elif event == st.SHIP:
        ship(w, s, what)
    elif event == st.AT_BORDER:
        at_border(w, s, what)
    elif event == st.ASK:
        s.ask[what, 1] = 1.0 if s.ask[what, 0] > TINY else 2.0
        touch(s, int(w.demands[int(w.asks[what, at.ASK_DEMAND]), at.DEMAND_NODE]))
    elif event == st.TICK:
        tick(w, s, out)
    elif event == st.SOURCE:
        source(w, s, what)
    elif event == st.TASK_START:
        task_start(w, s, what)
    elif event == st.TASK_END:
        task_end(w, s, what, out)
    elif event == st.RISK_TRY:
        risk_try(w, s, what, out)
    elif event == st.RISK_END:
        risk_end(w, s, what, out)
    elif event == st.CLOSING:
        s.closed[what] = 1
        days = draw(w, s, int(w.crossings[what, at.CROSSING_LENGTH]), int(w.crossings[what, at.CROSSING_CLOSING]))
        push(s, s.now[st.NOW] + days, st.REOPENING, what)
    elif event == st.REOPENING:
        s.closed[what] = 0
        again(s, crossing_list(w, what), st.AT_BORDER)
        next_closing(w, s, what)
    elif event == st.TRANCHE:
        tranche(w, s, what)
    elif event == st.OFFER_FREE:
        offer_free(w, s, what)
    elif event == st.LANE_FREE:
        lane_free(w, s, what)
    elif event >= st.GRANT:
        licence_event(w, s, event, what)
    elif event == st.RECEIPT:
        add_stock(s, int(w.arriving[what, 0]), w.arriving[what, 2], w.arriving[what, 3], w.arriving[what, 4])


@kernel
def source(w: World, s: st.State, route: int) -> None:
    """Let a job come from outside, and the next one after a drawn time."""
    born(w, s, route)
    stream = int(w.routes[route, at.ROUTE_STREAM])
    days = next_exponential(w, s, stream) * w.routes[route, at.ROUTE_EVERY]
    push(s, s.now[st.NOW] + days, st.SOURCE, route)


@kernel
def begin(w: World, s: st.State) -> None:
    """Put the first events into the calendar."""
    for k in range(len(w.resources)):
        set_pace(w, s, k)
    for step in range(len(w.steps)):
        set_uses(w, s, step)
        set_needs(w, s, step)
    for k in range(len(s.use)):
        s.use[k] = w.use_units[k, 0]
    begin_chance(w, s)
    begin_tasks(w, s)
    for k in range(len(w.arriving)):
        push(s, max(w.arriving[k, 1], 0.0), st.RECEIPT, k)
    for k in range(len(w.routes)):
        if w.routes[k, at.ROUTE_EVERY] > 0:
            push(s, 0.0, st.SOURCE, k)
    for step in range(len(w.steps)):
        if w.steps[step, at.STEP_ENDLESS] >= 0:
            born(w, s, int(w.steps[step, at.STEP_ENDLESS]))
    push(s, 0.0, st.TICK, 0)


@kernel
def finish_replication(w: World, s: st.State, out: st.Out) -> None:
    """Write what came of a replication into its row."""
    r = st.row_of(s)
    for d in range(len(w.demands)):
        out.asked[r, d] = s.demand[d, st.ASKED]
        out.on_time[r, d] = s.demand[d, st.TIMELY]
        out.delivered[r, d] = s.demand[d, st.GIVEN]
        out.done[r, d] = s.demand[d, st.DONE]
    for k in range(len(w.tasks)):
        out.task_end[r, k] = s.task[k, st.ENDED]
    out.held[r] = s.now[st.HELD]
    for k in range(len(w.resources)):
        out.used[r, k] = s.used_hours[k]
    end = w.periods[len(w.periods) - 1]
    for k in range(len(w.risks)):
        if s.risk_on[k, 0] == 1.0:
            out.active[r, k] += end - s.risk_on[k, 1]


def replicate(world: World, state: st.State, room: st.Out, first: int, count: int) -> int:
    """Run replications `first` to `first + count - 1` of a world; rows of `room` are theirs. Returns a fault (0: none)."""
    return int(
        _replicate(
            described(st.WORLD_VIEW, world), described(st.STATE_VIEW, state), described(st.OUT_VIEW, room), first, count
        )
    )


@kernel
def _replicate(world: Ints, state: Ints, room: Ints, first: int, count: int) -> int:
    w: World = st.world_view(world)
    s: st.State = st.state_view(state)
    out: st.Out = st.out_view(room)
    s.counts[st.BASE] = first
    end = w.periods[len(w.periods) - 1]
    for r in range(first, first + count):
        clear(w, s, r)
        begin(w, s)
        while comes(s) and s.heap_time[0] < end and s.counts[st.FAULT] == 0:
            found = pop(s)
            event, what = event_of(found), what_of(found)
            if event == st.TICK and s.counts[st.PERIOD] >= 0:
                out.cash[r - first, s.counts[st.PERIOD]] = s.now[st.CASH]
            if event == st.STEP_DONE:
                step_done(w, s, what, out)
            else:
                react(w, s, out, event, what)
            if is_over(s):
                settle(w, s, out)
        if s.counts[st.FAULT] != 0:
            return s.counts[st.FAULT]
        out.cash[r - first, len(w.periods) - 2] = s.now[st.CASH]
        finish_replication(w, s, out)
    return 0
