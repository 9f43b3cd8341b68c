"""Purchases and carriage on their way: released, dispatched, over the border, received; sources that are cut off."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import CRUMB, TINY, add_stock, again, draw, effect, passing, pay, touch, touch_all
from tandemplan.simulate.doors import unlock
from tandemplan.simulate.events import push
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import crossing_list, held_list, lane_list, offer_list, permit_list
from tandemplan.simulate.permits import ask_licences, is_barred, limit_row, promise, room_for, use_up
from tandemplan.simulate.sources import (
    DUST,
    carries,
    change_way,
    lead_by,
    ordered_before,
    other_way,
    sends,
    still_left,
    wait_by,
)


@inlined
def prepayment(w: World, s: st.State, j: int) -> float:
    """Return what is paid with an order."""
    ways, way = w.ways, int(s.job[j, st.WHICH])
    return s.job[j, st.UNITS] * ways[way, at.WAY_ACCEPTED] * ways[way, at.WAY_PRICE] * ways[way, at.WAY_PREPAID]


@kernel
def release_order(w: World, s: st.State, j: int) -> None:
    """Release a purchase: by another way where its own is late, pay what is due with it, and wait for its lead time.

    Where its offer is not open, its source is cut off and there is no other, or money is gone, it is held.
    """
    way = int(s.job[j, st.WHICH])
    gate = int(w.ways[way, at.WAY_GATE])
    closed, poor, prepaid = gate >= 0 and s.gate[gate] > 0, False, 0.0
    if not closed:
        wait = wait_by(w, s, way, lead_by(w, s, way), ordered_before(w, s, way))
        if is_barred(w, s, way, s.job[j, st.UNITS], 1.0):
            wait = np.inf
        other = other_way(w, s, way, wait, w.ways[way, at.WAY_LEAD] + w.ways[way, at.WAY_CARRIAGE])
        if other >= 0:
            change_way(w, s, j, other)
            way = other
        closed = other < 0 and wait == np.inf
        prepaid = prepayment(w, s, j)
        poor = w.settings[at.CASH_COUNTS] > 0 and max(s.now[st.CASH] + s.now[st.CREDIT], 0.0) + 1e-6 < prepaid
    if poor or closed:
        put_held(w, s, j, poor)
        return
    s.now[st.CASH] -= prepaid
    offers, offer = w.offers, int(w.ways[way, at.WAY_OFFER])
    s.offer_work[offer, st.ORDERED] += s.job[j, st.UNITS]
    lead = draw(w, s, int(offers[offer, at.OFFER_LEAD]), int(offers[offer, at.OFFER_STREAM]))
    lead += effect(s, offers[offer, at.OFFER_FX_LEAD], 0.0)
    promise(w, s, way, s.job[j, st.UNITS])
    if w.way_ask_at[way] < w.way_ask_at[way + 1]:
        lead = max(lead, 0.0) + ask_licences(w, s, way, j, s.now[st.NOW])
    push(s, s.now[st.NOW] + max(lead, 0.0), st.DISPATCH, j)


@kernel
def put_held(w: World, s: st.State, j: int, poor: bool) -> None:
    """Hold an order that cannot be released."""
    if poor and s.job[j, st.BORN] == 0.0:
        s.job[j, st.BORN] = s.now[st.NOW] + 1.0
    st.put(s, held_list(w), j)


@kernel
def look_again(w: World, s: st.State) -> None:
    """Look once more for another way for what waits for suppliers who send nothing now."""
    for offer in range(len(w.offers)):
        if s.head[offer_list(w, offer)] >= 0 and sends(w, s, offer) <= 0.0:
            s.offer_work[offer, st.WAITING] = 0.0
            again(s, offer_list(w, offer), st.DISPATCH)


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
    """Send an order off as soon as its supplier's weekly capacity allows; where that is late, take it to another way if one is faster."""
    way = int(s.job[j, st.WHICH])
    offer, units = int(w.ways[way, at.WAY_OFFER]), s.job[j, st.UNITS]
    work, rate = s.offer_work, sends(w, s, offer)
    before = still_left(s, work[offer, st.LEFT], work[offer, st.AS_OF], rate) + work[offer, st.WAITING]
    if rate < np.inf and (before > DUST or rate <= 0.0):
        paid = prepayment(w, s, j)
        other = other_way(w, s, way, wait_by(w, s, way, 0.0, before), w.ways[way, at.WAY_CARRIAGE])
        if other >= 0:
            work[offer, st.ORDERED] -= units
            s.now[st.CASH] += paid
            promise(w, s, way, -units)
            change_way(w, s, j, other)
            release_order(w, s, j)
        else:
            work[offer, st.WAITING] += units
            st.put(s, offer_list(w, offer), j)
            if rate > 0.0:
                call_offer(s, offer)
        return
    send(w, s, j, rate)


@inlined
def call_offer(s: st.State, offer: int) -> None:
    """Put into the calendar when a supplier is free, since something waits for him."""
    if s.offer_work[offer, st.CALLED] != s.offer_work[offer, st.FREE_AT]:
        s.offer_work[offer, st.CALLED] = s.offer_work[offer, st.FREE_AT]
        push(s, s.offer_work[offer, st.FREE_AT], st.OFFER_FREE, offer)


@inlined
def call_lane(s: st.State, lane: int) -> None:
    """Put into the calendar when a lane is free, since something waits for it."""
    if s.lane_work[lane, st.CALLED] != s.lane_work[lane, st.FREE_AT]:
        s.lane_work[lane, st.CALLED] = s.lane_work[lane, st.FREE_AT]
        push(s, s.lane_work[lane, st.FREE_AT], st.LANE_FREE, lane)


@kernel
def send(w: World, s: st.State, j: int, rate: float) -> None:
    """Send an order off, which keeps its supplier busy for a while."""
    offer, units = int(w.ways[int(s.job[j, st.WHICH]), at.WAY_OFFER]), s.job[j, st.UNITS]
    s.offer_work[offer, st.ORDERED] -= units
    if rate < np.inf:
        s.offer_work[offer, st.LEFT] = units
        s.offer_work[offer, st.AS_OF] = s.now[st.NOW]
        s.offer_work[offer, st.FREE_AT] = s.now[st.NOW] + units / rate
        if s.head[offer_list(w, offer)] >= 0:
            call_offer(s, offer)
    ship(w, s, j)


@kernel
def offer_free(w: World, s: st.State, offer: int) -> None:
    """Let a supplier send the next order that waits for him, unless he is still busy."""
    rate, which = sends(w, s, offer), offer_list(w, offer)
    if s.head[which] < 0 or rate <= 0.0:
        return
    if still_left(s, s.offer_work[offer, st.LEFT], s.offer_work[offer, st.AS_OF], rate) > DUST:
        return
    j = st.take(s, which)
    s.offer_work[offer, st.WAITING] -= s.job[j, st.UNITS]
    send(w, s, j, rate)


@kernel
def offer_changes(w: World, s: st.State, offer: int, before: float) -> None:
    """Let a supplier go on at another rate than `before`; what waits for him is looked at again."""
    work, rate = s.offer_work, sends(w, s, offer)
    if before < np.inf:
        work[offer, st.LEFT] = still_left(s, work[offer, st.LEFT], work[offer, st.AS_OF], before)
    work[offer, st.AS_OF] = s.now[st.NOW]
    work[offer, st.WAITING] = 0.0
    again(s, offer_list(w, offer), st.DISPATCH)
    if 0.0 < rate < np.inf:
        work[offer, st.FREE_AT] = s.now[st.NOW] + work[offer, st.LEFT] / rate


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
    lane, which, bought = lane_of(w, s, j), int(s.job[j, st.WHICH]), s.job[j, st.KIND] == at.BUY
    gate = int(w.ways[which, at.WAY_SHIP_GATE]) if bought else int(w.moves[which, at.MOVE_GATE])
    row = limit_row(w, bought, which)
    if gate >= 0 and not permitted(w, s, j, gate, row):
        return
    if bought and w.way_ask_at[row] < w.way_ask_at[row + 1] and s.now[st.NOW] >= s.job[j, st.LAPSES]:
        push(s, s.now[st.NOW] + ask_licences(w, s, row, j, s.now[st.NOW]), st.SHIP, j)
        return
    if lane < 0:
        leaves(w, s, j, row)
        arrive(w, s, j)
        return
    lanes, work, rate = w.lanes, s.lane_work, carries(w, s, lane)
    busy = rate < np.inf and still_left(s, work[lane, st.LEFT], work[lane, st.AS_OF], rate) > DUST
    if rate <= 0.0 or busy:
        st.put(s, lane_list(w, lane), j)
        if busy:
            call_lane(s, lane)
        return
    leaves(w, s, j, row)
    if rate < np.inf:
        kg = w.ways[which, at.WAY_KG] if bought else w.moves[which, at.MOVE_KG]
        work[lane, st.LEFT] = s.job[j, st.UNITS] * kg
        work[lane, st.AS_OF] = s.now[st.NOW]
        work[lane, st.FREE_AT] = s.now[st.NOW] + work[lane, st.LEFT] / rate
    days = draw(w, s, int(lanes[lane, at.LANE_TRANSIT]), int(lanes[lane, at.LANE_STREAM]))
    days += effect(s, lanes[lane, at.LANE_FX_TRANSIT], 0.0)
    event = st.AT_BORDER if lanes[lane, at.LANE_CROSSING] >= 0 else st.ARRIVE
    push(s, s.now[st.NOW] + max(days, 0.0), event, j)


@kernel
def permitted(w: World, s: st.State, j: int, gate: int, row: int) -> bool:
    """Say whether what is at the gate of its way may go now; if not, it waits, or is ordered anew elsewhere where it never may."""
    which, units, bought = int(s.job[j, st.WHICH]), s.job[j, st.UNITS], s.job[j, st.KIND] == at.BUY
    if s.gate[gate] <= 0 and room_for(w, s, row) + CRUMB >= units * (1.0 - 1e-5):
        return True
    if bought and is_barred(w, s, which, units, 0.0):
        s.now[st.CASH] += prepayment(w, s, j)
        promise(w, s, which, -units)
        release_order(w, s, j)
        return False
    lane = lane_of(w, s, j)
    st.put(s, lane_list(w, lane) if lane >= 0 else permit_list(w), j)
    return False


@inlined
def leaves(w: World, s: st.State, j: int, row: int) -> None:
    """Let a purchase or a move go under its licences."""
    if w.way_limit_at[row] < w.way_limit_at[row + 1]:
        if s.job[j, st.KIND] == at.BUY:
            promise(w, s, row, -s.job[j, st.UNITS])
        use_up(w, s, row, s.job[j, st.UNITS])


@kernel
def let_through(w: World, s: st.State) -> None:
    """Let goods and orders through what has opened."""
    touch_all(w, s)
    retry_held(w, s)
    for k in range(len(w.lanes)):
        again(s, lane_list(w, k), st.SHIP)
    again(s, permit_list(w), st.SHIP)


@kernel
def open_door(w: World, s: st.State, door: int) -> None:
    """Open a door, and let through what has waited for it alone."""
    if unlock(w, s, door):
        let_through(w, s)


@kernel
def lane_free(w: World, s: st.State, lane: int) -> None:
    """Let a lane carry what waits for it, in its order, unless it is still busy."""
    if still_left(s, s.lane_work[lane, st.LEFT], s.lane_work[lane, st.AS_OF], carries(w, s, lane)) <= DUST:
        again(s, lane_list(w, lane), st.SHIP)


@kernel
def lane_changes(w: World, s: st.State, lane: int, before: float) -> None:
    """Let a lane go on at another rate than `before`."""
    work, rate = s.lane_work, carries(w, s, lane)
    if before < np.inf:
        work[lane, st.LEFT] = still_left(s, work[lane, st.LEFT], work[lane, st.AS_OF], before)
    work[lane, st.AS_OF] = s.now[st.NOW]
    again(s, lane_list(w, lane), st.SHIP)
    if 0.0 < rate < np.inf:
        work[lane, st.FREE_AT] = s.now[st.NOW] + work[lane, st.LEFT] / rate


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
        receive(w, s, j, int(w.moves[which, at.MOVE_TO]), units)
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
    s.job[j, st.VALUE] = price
    s.job[j, st.VALUE_3] = price * ways[which, at.WAY_THIRD]
    receive(w, s, j, node, good)


@kernel
def receive(w: World, s: st.State, j: int, node: int, good: float) -> None:
    """Put what is accepted of a purchase or a move into stock, after the work of receipt where there is any: in parts, on all units that came."""
    route = int(w.stock[node, at.STOCK_RECEIVED])
    if route < 0:
        add_stock(s, node, good, s.job[j, st.VALUE], s.job[j, st.VALUE_3])
        st.drop_job(s, j)
        return
    parts = max(min(w.settings[at.PARTS], np.ceil(s.job[j, st.UNITS] - TINY)), 1.0)
    s.job[j, st.KIND] = at.MAKE
    s.job[j, st.WHICH] = route
    s.job[j, st.UNITS] /= parts
    s.job[j, st.EXPECTED] = good / parts
    s.job[j, st.VALUE] *= good / parts
    s.job[j, st.VALUE_3] *= good / parts
    s.job[j, st.LOTS] = 0.0
    s.job[j, st.DUE] = 0.0
    s.job[j, st.PARTS] = parts
    st.put(s, route, j)
    touch(s, node)
