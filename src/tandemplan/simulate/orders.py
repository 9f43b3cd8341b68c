"""Purchases and carriage on their way: released, dispatched, over the border, received; sources that are cut off."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import TINY, add_stock, draw, effect, passing, pay
from tandemplan.simulate.events import push
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import crossing_list, held_list, lane_list, offer_list


@inlined
def cut_off(w: World, s: st.State, way: int) -> bool:
    """Say whether a supplier, or his lane, has no capacity at all just now."""
    offer = int(w.ways[way, at.WAY_OFFER])
    lane = int(w.ways[way, at.WAY_LANE])
    if min(w.offers[offer, at.OFFER_CAPACITY], effect(s, w.offers[offer, at.OFFER_FX_CAPACITY], 1.0)) <= 0.0:
        return True
    return lane >= 0 and min(w.lanes[lane, at.LANE_CAPACITY], effect(s, w.lanes[lane, at.LANE_FX_CAPACITY], 1.0)) <= 0.0


@inlined
def is_open(w: World, s: st.State, way: int) -> bool:
    """Say whether the tasks that open a way are done."""
    gate = int(w.ways[way, at.WAY_GATE])
    return gate < 0 or s.gate[gate] <= 0


@kernel
def elsewhere(w: World, s: st.State, j: int) -> bool:
    """Let an order go to the first other source that is open and delivers, where its own is cut off; return whether there is one."""
    way = int(s.job[j, st.WHICH])
    node = int(w.ways[way, at.WAY_NODE])
    for k in range(w.way_at[node], w.way_at[node + 1]):
        other = w.way_order[k]
        if other == way or cut_off(w, s, other) or not is_open(w, s, other):
            continue
        good = s.job[j, st.UNITS] * w.ways[way, at.WAY_ACCEPTED]
        units, got = whole_order(w, other, good / w.ways[other, at.WAY_ACCEPTED], good)
        s.node[node, st.RELEASED] += got - s.job[j, st.EXPECTED]
        s.job[j, st.WHICH] = other
        s.job[j, st.UNITS] = units
        s.job[j, st.EXPECTED] = got
        return True
    return False


@kernel
def whole_order(w: World, way: int, units: float, good: float) -> tuple[float, float]:
    """Return an order that the planner adds to the plan, and what it brings, at its least size and multiple."""
    least, multiple = w.ways[way, at.WAY_LEAST], w.ways[way, at.WAY_MULTIPLE]
    size = max(units, least)
    if multiple > 0:
        size = np.ceil(size / multiple - TINY) * multiple
    return size, good * size / units


@inlined
def prepayment(w: World, s: st.State, j: int) -> float:
    """Return what is paid with an order."""
    ways, way = w.ways, int(s.job[j, st.WHICH])
    return s.job[j, st.UNITS] * ways[way, at.WAY_ACCEPTED] * ways[way, at.WAY_PRICE] * ways[way, at.WAY_PREPAID]


@kernel
def release_order(w: World, s: st.State, j: int) -> None:
    """Release a purchase: pay what is due with it, and wait for its lead time.

    Where its source is cut off it goes to another one; where there is none, where it is not open or where money is gone it is held.
    """
    if cut_off(w, s, int(s.job[j, st.WHICH])):
        elsewhere(w, s, j)
    way = int(s.job[j, st.WHICH])
    ways, prepaid = w.ways, prepayment(w, s, j)
    poor = w.settings[at.CASH_COUNTS] > 0 and max(s.now[st.CASH] + s.now[st.CREDIT], 0.0) + 1e-6 < prepaid
    if poor or not is_open(w, s, way):
        put_held(w, s, j, poor)
        return
    s.now[st.CASH] -= prepaid
    offer = int(ways[way, at.WAY_OFFER])
    offers = w.offers
    lead = draw(w, s, int(offers[offer, at.OFFER_LEAD]), int(offers[offer, at.OFFER_STREAM]))
    lead += effect(s, offers[offer, at.OFFER_FX_LEAD], 0.0)
    licence = int(ways[way, at.WAY_LICENCE])
    if licence >= 0:
        wait = draw(w, s, int(w.licences[licence, at.LICENCE_DAYS]), int(w.licences[licence, at.LICENCE_STREAM]))
        lead += wait + effect(s, w.licences[licence, at.LICENCE_FX], 0.0)
    push(s, s.now[st.NOW] + max(lead, 0.0), st.DISPATCH, j)


@kernel
def put_held(w: World, s: st.State, j: int, poor: bool) -> None:
    """Hold an order that cannot be released."""
    if poor and s.job[j, st.BORN] == 0.0:
        s.job[j, st.BORN] = s.now[st.NOW] + 1.0
    st.put(s, held_list(w), j)


@kernel
def retry_held(w: World, s: st.State) -> None:
    """Try all held orders once, in their order."""
    which = held_list(w)
    for _ in range(s.length[which]):
        j = st.take(s, which)
        before = s.length[which]
        release_order(w, s, j)
        if s.length[which] == before and s.job[j, st.BORN] > 0.0:
            s.now[st.HELD] += s.now[st.NOW] + 1.0 - s.job[j, st.BORN]
            s.job[j, st.BORN] = 0.0


@kernel
def dispatch(w: World, s: st.State, j: int) -> None:
    """Send an order off as soon as its supplier's weekly capacity allows; wait while he delivers nothing."""
    now = s.now[st.NOW]
    offer = int(w.ways[int(s.job[j, st.WHICH]), at.WAY_OFFER])
    share = effect(s, w.offers[offer, at.OFFER_FX_CAPACITY], 1.0)
    capacity = w.offers[offer, at.OFFER_CAPACITY] * share
    if share <= 0.0 or capacity <= 0.0:
        paid = prepayment(w, s, j)
        if elsewhere(w, s, j):
            s.now[st.CASH] += paid
            release_order(w, s, j)
        else:
            st.put(s, offer_list(w, offer), j)
        return
    if capacity == np.inf:
        ship(w, s, j)
        return
    begin = max(now, s.offer_next[offer])
    s.offer_next[offer] = begin + 7.0 * s.job[j, st.UNITS] / capacity
    if begin > now:
        push(s, begin, st.SHIP, j)
    else:
        ship(w, s, j)


@inlined
def lane_of(w: World, s: st.State, j: int) -> int:
    """Return the lane of a purchase or a move (-1: the supplier delivers)."""
    which = int(s.job[j, st.WHICH])
    if s.job[j, st.KIND] == at.BUY:
        return int(w.ways[which, at.WAY_LANE])
    return int(w.moves[which, at.MOVE_LANE])


@kernel
def ship(w: World, s: st.State, j: int) -> None:
    """Put an order or a move on its lane, as soon as its weekly capacity allows."""
    now = s.now[st.NOW]
    lane = lane_of(w, s, j)
    if lane < 0:
        arrive(w, s, j)
        return
    lanes = w.lanes
    share = effect(s, lanes[lane, at.LANE_FX_CAPACITY], 1.0)
    capacity = lanes[lane, at.LANE_CAPACITY] * share
    gate = int(w.ways[int(s.job[j, st.WHICH]), at.WAY_SHIP_GATE]) if s.job[j, st.KIND] == at.BUY else -1
    if share <= 0.0 or capacity <= 0.0 or (gate >= 0 and s.gate[gate] > 0):
        st.put(s, lane_list(w, lane), j)
        return
    begin = now
    if capacity < np.inf:
        begin = max(now, s.lane_next[lane])
        which = int(s.job[j, st.WHICH])
        kg = w.ways[which, at.WAY_KG] if s.job[j, st.KIND] == at.BUY else w.moves[which, at.MOVE_KG]
        s.lane_next[lane] = begin + 7.0 * s.job[j, st.UNITS] * kg / capacity
    days = draw(w, s, int(lanes[lane, at.LANE_TRANSIT]), int(lanes[lane, at.LANE_STREAM]))
    days += effect(s, lanes[lane, at.LANE_FX_TRANSIT], 0.0)
    event = st.AT_BORDER if lanes[lane, at.LANE_CROSSING] >= 0 else st.ARRIVE
    push(s, begin + max(days, 0.0), event, j)


@kernel
def at_border(w: World, s: st.State, j: int) -> None:
    """Pass a border point: wait while it is closed, and then for the delay there."""
    crossing = int(w.lanes[lane_of(w, s, j), at.LANE_CROSSING])
    if s.closed[crossing]:
        st.put(s, crossing_list(w, crossing), j)
        return
    hours = draw(w, s, int(w.crossings[crossing, at.CROSSING_DELAY]), int(w.crossings[crossing, at.CROSSING_STREAM]))
    push(s, s.now[st.NOW] + hours / 24.0, st.ARRIVE, j)


@kernel
def arrive(w: World, s: st.State, j: int) -> None:
    """Take a purchase or a move into stock; what is not accepted is sent back unpaid."""
    which = int(s.job[j, st.WHICH])
    units = s.job[j, st.UNITS]
    if s.job[j, st.KIND] == at.MOVE:
        node = int(w.moves[which, at.MOVE_TO])
        add_stock(s, node, units, s.job[j, st.VALUE], s.job[j, st.VALUE_3])
        st.drop_job(s, j)
        return
    ways = w.ways
    node = int(ways[which, at.WAY_NODE])
    offer = int(ways[which, at.WAY_OFFER])
    share = ways[which, at.WAY_ACCEPTED]
    good = units * passing(w, s, units, share, int(w.offers[offer, at.OFFER_TAKEN]))
    s.node[node, st.RELEASED] += good - s.job[j, st.EXPECTED]
    s.offer_taken[offer] += good
    price = ways[which, at.WAY_PRICE]
    owed = good * price - units * ways[which, at.WAY_ACCEPTED] * price * ways[which, at.WAY_PREPAID]
    if owed != 0.0:
        pay(w, s, s.now[st.NOW] + np.ceil(ways[which, at.WAY_PAY_DAYS] - 1e-9), -owed)
    add_stock(s, node, good, price, price * ways[which, at.WAY_THIRD])
    st.drop_job(s, j)
