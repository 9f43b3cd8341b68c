"""The shop: jobs queue for stations, people and tools, step by step; hours by learning, yield, rework and breakdown."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import effect, next_exponential, passing
from tandemplan.simulate.events import push
from tandemplan.simulate.gammas import gamma_unit
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import blocked_list, queue_of
from tandemplan.simulate.waiting import STEADY, put_queue

ALMOST = 0.999999


@inlined
def curve_hours(w: World, curve: int, units: float) -> float:
    """Return the hours of the first units of a learning curve together; part of a unit takes that part of its hours."""
    first, last = w.curve_at[curve], w.curve_at[curve + 1]
    whole = int(units)
    if whole >= last - first - 1:
        rest = units - (last - first - 1)
        return w.curve[last - 1] + rest * (w.curve[last - 1] - w.curve[last - 2])
    low = w.curve[first + whole]
    return low + (units - whole) * (w.curve[first + whole + 1] - low)


@inlined
def mark(s: st.State, resource: int) -> None:
    """Note that something may start on a resource."""
    if resource >= 0 and not s.marked[resource]:
        s.marked[resource] = 1
        s.to_serve[s.counts[st.MARKED]] = resource
        s.counts[st.MARKED] += 1


@kernel
def set_pace(w: World, s: st.State, resource: int) -> None:
    """Reckon the servers of a resource that are there in this period, and the hours a day of one of them, as effects leave them."""
    period = min(max(s.counts[st.PERIOD], 0), len(w.periods) - 2)
    first, last = int(w.periods[period]), int(w.periods[period + 1])
    hours = (w.clock[resource, last] - w.clock[resource, first]) / (last - first)
    target = int(w.resources[resource, at.RESOURCE_FX])
    s.pace[resource] = hours if target < 0 else hours * s.fx[target]
    s.there[resource] = max(w.servers[resource, period] - s.missed[resource, period], 0.0)


@kernel
def labour_of(w: World, s: st.State, j: int, step: int) -> tuple[float, float]:
    """Return the labour hours of a job at a step, without set-up and rework, and its first-pass yield, by what is made so far."""
    steps = w.steps
    units, started = s.job[j, st.UNITS], s.job[j, st.STARTED]
    school = int(steps[step, at.STEP_SCHOOL])
    known = steps[step, at.STEP_PRIOR]
    if school >= 0:
        known += s.known[school]
    target = int(steps[step, at.STEP_FX_KNOWN])
    if target >= 0:
        known = max(known + s.fx[target], 0.0)
    curve = int(steps[step, at.STEP_CURVE])
    if curve >= 0 and started > 0:
        base = max(known - steps[step, at.STEP_BASE], 0.0)
        each = (curve_hours(w, curve, base + started) - curve_hours(w, curve, base)) / started
    else:
        each = steps[step, at.STEP_STEADY]
    mature, begin = steps[step, at.STEP_YIELD], steps[step, at.STEP_YIELD_START]
    share = mature
    if begin != mature:
        far = np.exp(-known / steps[step, at.STEP_YIELD_UNITS])
        part = started / steps[step, at.STEP_YIELD_UNITS]
        share = mature - (mature - begin) * far * (-np.expm1(-part) / part if part > 1e-9 else 1.0)
    if school >= 0:
        for k in range(int(steps[step, at.STEP_TEACHES])):
            s.known[school + k] += started
    return units * each, share


@inlined
def varied(w: World, s: st.State, step: int, units: float, hours: float) -> float:
    """Draw the hours of some units at a step where so many are usual."""
    cv = w.steps[step, at.STEP_CV]
    if cv <= 0 or hours <= 0:
        return hours
    stream = int(w.steps[step, at.STEP_STREAM])
    shape = max(units, 1.0) / (cv * cv)
    if shape == 1.0:
        return hours * next_exponential(w, s, stream)
    return hours * gamma_unit(shape, w.keys[stream], s.counts[st.REPLICATION], st.next_use(s, stream))


@inlined
def is_steady(w: World, step: int) -> bool:
    """Say whether a step always takes the same labour hours for a unit, but for what they vary, and passes all units: nothing is learnt or set up."""
    steps = w.steps
    return (
        steps[step, at.STEP_SCHOOL] < 0
        and steps[step, at.STEP_CURVE] < 0
        and steps[step, at.STEP_YIELD] == 1.0
        and steps[step, at.STEP_YIELD_START] == steps[step, at.STEP_YIELD]
        and steps[step, at.STEP_SETUP] == 0.0
        and steps[step, at.STEP_LOT_SETUP] == 0.0
    )


@inlined
def hours_of(w: World, s: st.State, j: int, step: int) -> float:
    """Return the labour hours of a job at a step, all in all, and set the units that leave it."""
    if s.uses[step, STEADY] == 0:
        return learnt_hours(w, s, j, step)
    units = s.job[j, st.UNITS]
    s.job[j, st.OUT] = units
    return varied(w, s, step, units, units * w.steps[step, at.STEP_STEADY])


@kernel
def learnt_hours(w: World, s: st.State, j: int, step: int) -> float:
    """Return the same where hours and yield depend on what is made so far, or work is set up."""
    steps = w.steps
    units = s.job[j, st.UNITS]
    hours, share = labour_of(w, s, j, step)
    hours = varied(w, s, step, units, hours)
    share = passing(w, s, units, share, int(steps[step, at.STEP_YIELD_STREAM]))
    rework = steps[step, at.STEP_REWORK]
    rejects = units * (1.0 - share)
    s.job[j, st.OUT] = units - rejects * (1.0 - rework)
    hours += rejects * rework * steps[step, at.STEP_REWORK_HOURS] + units * steps[step, at.STEP_SETUP]
    return hours + s.job[j, st.LOTS] * steps[step, at.STEP_LOT_SETUP]


@kernel
def repairs_of(w: World, s: st.State, resource: int, hours: float) -> float:
    """Return the hours of repair that so many hours of work bring: breakdowns come by hours worked."""
    rate = w.resources[resource, at.FAILURES]
    stream = int(w.resources[resource, at.RESOURCE_STREAM])
    total = 0.0
    if s.to_failure[resource] < 0:
        s.to_failure[resource] = next_exponential(w, s, stream) / rate
    left = s.to_failure[resource] - hours
    while left < 0:
        total += next_exponential(w, s, stream) * w.resources[resource, at.REPAIR]
        left += next_exponential(w, s, stream) / rate
    s.to_failure[resource] = left
    return total


@inlined
def end_of(w: World, s: st.State, resource: int, hours: float) -> float:
    """Return when a server that begins now has worked so many hours (inf: not within the plan)."""
    now = s.now[st.NOW]
    target = int(w.resources[resource, at.RESOURCE_FX])
    if target >= 0:
        hours /= s.fx[target]
    if s.even[resource] > 0:
        return now + hours / s.even[resource]
    days = int(w.periods[len(w.periods) - 1])
    day = min(int(now), days - 1)
    done = w.clock[resource, day] + (now - day) * (w.clock[resource, day + 1] - w.clock[resource, day])
    goal = done + hours
    if goal > w.clock[resource, days]:
        return np.inf
    low, high = day, day + 1
    wide = 1
    while w.clock[resource, high] < goal:
        low = high
        high = min(high + wide, days)
        wide *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if w.clock[resource, middle] < goal:
            low = middle
        else:
            high = middle
    gained = w.clock[resource, high] - w.clock[resource, low]
    part = (goal - w.clock[resource, low]) / gained if gained > 0 else 0.0
    return max(now, low + part)


@inlined
def set_uses(w: World, s: st.State, step: int) -> None:
    """Note the resources of a step: by whose clock it ends first, work centre, skill and tool as far as they are named."""
    steps = w.steps
    first, second, third = (
        int(steps[step, at.STEP_CENTRE]),
        int(steps[step, at.STEP_SKILL]),
        int(steps[step, at.STEP_TOOL]),
    )
    if first < 0:
        first, second = second, -1
    if first < 0:
        first, third = third, -1
    s.uses[step, 0], s.uses[step, 1], s.uses[step, 2], s.uses[step, STEADY] = first, second, third, is_steady(w, step)
    if first >= 0 and second < 0 and third < 0 and w.served_at[first + 1] - w.served_at[first] == 1:
        s.alone[first] = step


@inlined
def set_needs(w: World, s: st.State, step: int) -> None:
    """Reckon what a step needs of its resources in proportion of their hours a day, and with how many free servers it starts.

    A job starts with at least one server of the first of its resources (or with all that there are), and with what it needs of the others
    for as long; inf: it cannot, or is closed.
    """
    steps = w.steps
    first, second, third = s.uses[step, 0], s.uses[step, 1], s.uses[step, 2]
    need_2 = need_3 = 0.0
    shut = effect(s, steps[step, at.STEP_FX_OPEN], 1.0) <= 0.0
    least = np.inf if shut else 0.0
    if first >= 0:
        rate = s.pace[first]
        least = min(1.0, s.there[first])
        if second >= 0:
            need_2 = rate / s.pace[second]
            least = min(least, s.there[second] / need_2)
        if third >= 0:
            each = steps[step, at.STEP_STEADY]
            each = each if each > 0 else 1.0
            need_3 = rate / s.pace[third] * min(steps[step, at.STEP_TOOL_HOURS] / each, 1.0)
            if need_3 > 0:
                least = min(least, s.there[third] / need_3)
        closed = shut or rate <= 0 or (second >= 0 and s.pace[second] <= 0) or (third >= 0 and s.pace[third] <= 0)
        least = np.inf if closed or least <= 0 else least * ALMOST
    s.need[step, 0], s.need[step, 1], s.need[step, 2] = need_2, need_3, least
    s.need[step, 3] = least * need_2 if second >= 0 and least < np.inf else -np.inf
    s.need[step, 4] = least * need_3 if third >= 0 and need_3 > 0 and least < np.inf else -np.inf


@inlined
def can_begin(s: st.State, step: int) -> bool:
    """Say whether enough servers are free to start a job at a step: without divisions, since whoever is free asks it of all steps where a job waits."""
    first, second, third = s.uses[step, 0], s.uses[step, 1], s.uses[step, 2]
    if first < 0:
        return s.need[step, 2] <= 0.0
    if s.there[first] - s.busy[first] < s.need[step, 2]:
        return False
    if second >= 0 and s.there[second] - s.busy[second] < s.need[step, 3]:
        return False
    return third < 0 or s.there[third] - s.busy[third] >= s.need[step, 4]


@inlined
def free_servers(s: st.State, step: int) -> float:
    """Return the servers of the first resource of a step that are free, with what they need of the others, where a job can begin."""
    first, second, third = s.uses[step, 0], s.uses[step, 1], s.uses[step, 2]
    if first < 0:
        return 1.0
    free = s.there[first] - s.busy[first]
    if second >= 0:
        free = min(free, (s.there[second] - s.busy[second]) / s.need[step, 0])
    if third >= 0 and s.need[step, 1] > 0:
        free = min(free, (s.there[third] - s.busy[third]) / s.need[step, 1])
    return free


@kernel
def start_step(w: World, s: st.State, j: int, step: int) -> bool:
    """Start the first job that waits for a step if it can be started; return whether it was.

    A job takes a server for each of its units, if so many are free: whole ones, and what is left over where it is less than one.
    """
    if not can_begin(s, step):
        return False
    begin_step(w, s, j, step, free_servers(s, step))
    return True


@kernel
def begin_step(w: World, s: st.State, j: int, step: int, free: float) -> None:
    """Start the first job that waits for a step with some of the free servers."""
    servers = min(free, max(s.job[j, st.UNITS], 1.0))
    if free - servers < 1.0 - 1e-9:
        servers = free
    first, second, third = s.uses[step, 0], s.uses[step, 1], s.uses[step, 2]
    end = s.now[st.NOW]
    st.take(s, queue_of(w, step))
    s.waited[step, 0] += 1
    s.waited[step, 1] += end - s.job[j, st.QUEUED]
    hours = hours_of(w, s, j, step)
    if first < 0 or hours <= 0:
        s.job[j, st.SERVERS] = 0.0
        s.job[j, st.SERVERS_2] = 0.0
        s.job[j, st.SERVERS_3] = 0.0
    else:
        s.job[j, st.SERVERS] = servers
        s.busy[first] += servers
        s.used_hours[first] += hours
        s.job[j, st.SERVERS_2] = servers * s.need[step, 0]
        if second >= 0:
            s.busy[second] += s.job[j, st.SERVERS_2]
            s.used_hours[second] += hours
        s.job[j, st.SERVERS_3] = servers * s.need[step, 1]
        if third >= 0:
            s.busy[third] += s.job[j, st.SERVERS_3]
            s.used_hours[third] += s.job[j, st.UNITS] * w.steps[step, at.STEP_TOOL_HOURS]
        if w.resources[first, at.FAILURES] > 0:
            hours += repairs_of(w, s, first, hours)
        end = end_of(w, s, first, hours if servers == 1.0 else hours / servers)
    push(s, end, st.STEP_DONE, j)
    if s.head[blocked_list(w, step)] >= 0 or w.steps[step, at.STEP_ENDLESS] >= 0:
        s.refill[s.counts[st.REFILLS]] = step
        s.counts[st.REFILLS] += 1


@kernel
def refill(w: World, s: st.State, step: int) -> None:
    """After a job has left the queue of a step: take in those that it blocked, or a new one where work never ends."""
    queue = queue_of(w, step)
    blocked = blocked_list(w, step)
    while s.head[blocked] >= 0 and s.length[queue] < w.steps[step, at.STEP_ROOM]:
        unblock(w, s, step)
    route = int(w.steps[step, at.STEP_ENDLESS])
    if route >= 0 and s.length[queue] == 0:
        born(w, s, route)


@kernel
def unblock(w: World, s: st.State, step: int) -> None:
    """Move the first job that a step blocks into its queue, and free what it held."""
    j = st.take(s, blocked_list(w, step))
    leave(s, j, step - 1)
    s.job[j, st.STEP] = step
    put_queue(w, s, j, step)
    mark(s, int(w.steps[step, at.STEP_CENTRE]))
    s.counts[st.ROUND] += 1  # there is more that may start


@kernel
def born(w: World, s: st.State, route: int) -> None:
    """Let one job enter a route from outside, without components."""
    j = st.new_job(s)
    s.job[j, st.UNITS] = 1.0
    s.job[j, st.STARTED] = 1.0
    s.job[j, st.KIND] = at.MAKE
    s.job[j, st.WHICH] = route
    s.job[j, st.BORN] = s.now[st.NOW]
    s.job[j, st.KEY] = s.now[st.NOW]
    s.job[j, st.STEP] = w.routes[route, at.ROUTE_FIRST]
    enter(w, s, j)


@inlined
def enter(w: World, s: st.State, j: int) -> None:
    """Let a job wait for its step; where nobody else may start at this moment, it starts if it can."""
    step = int(s.job[j, st.STEP])
    queue = queue_of(w, step)
    put_queue(w, s, j, step)
    first = s.uses[step, 0]
    if s.counts[st.MARKED] > 0 and first >= 0:
        mark(s, first)
    elif s.length[queue] == 1:
        start_step(w, s, j, step)


@inlined
def leave(s: st.State, j: int, step: int) -> None:
    """Free the servers of a job."""
    first, second, third = s.uses[step, 0], s.uses[step, 1], s.uses[step, 2]
    if first >= 0:
        s.busy[first] = max(s.busy[first] - s.job[j, st.SERVERS], 0.0)
        mark(s, first)
    if second >= 0:
        s.busy[second] = max(s.busy[second] - s.job[j, st.SERVERS_2], 0.0)
        mark(s, second)
    if third >= 0:
        s.busy[third] = max(s.busy[third] - s.job[j, st.SERVERS_3], 0.0)
        mark(s, third)
