"""What lies somewhere and who takes it: allocation of stock to work, moves and deliveries."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import CRUMB, TINY, effect, pay, touch
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import move_list
from tandemplan.simulate.orders import ship
from tandemplan.simulate.payers import bill
from tandemplan.simulate.permits import limit_row, may_leave, room_for
from tandemplan.simulate.shop import enter


@kernel
def can_start(w: World, s: st.State, route: int) -> bool:
    """Say whether the components of the first job that waits on a route are there, and the route is open."""
    units = s.job[s.head[route], st.UNITS]
    lacks = s.lacks[route]
    if lacks >= 0 and is_short(w, s, lacks, units):
        return False
    gate = int(w.routes[route, at.ROUTE_GATE])
    if gate >= 0 and s.gate[gate] > 0:
        return False
    for k in range(w.use_at[route], w.use_at[route + 1]):
        if is_short(w, s, k, units):
            s.lacks[route] = k
            return False
    for step in range(int(w.routes[route, at.ROUTE_FIRST]), int(w.routes[route, at.ROUTE_LAST])):
        if effect(s, w.steps[step, at.STEP_FX_OPEN], 1.0) <= 0.0:
            return False
    return True


@inlined
def is_short(w: World, s: st.State, line: int, units: float) -> bool:
    """Say whether what a line needs for some units is not there."""
    return s.node[w.use_node[line], st.STOCK] + CRUMB < units * s.use[line] * (1.0 - 1e-5)


@inlined
def first_part(s: st.State, route: int) -> int:
    """Take the first part of the first work that waits on a route."""
    j = s.head[route]
    if s.job[j, st.PARTS] <= 1.0:
        return st.take(s, route)
    s.job[j, st.PARTS] -= 1.0
    part = st.copy_job(s, j)
    s.job[j, st.LOTS] = 0.0
    return part


@kernel
def start_job(w: World, s: st.State, route: int) -> None:
    """Take the components of the first job that waits on a route, and let it enter the shop."""
    j = first_part(s, route)
    units = s.job[j, st.UNITS]
    cost = third = 0.0
    for k in range(w.use_at[route], w.use_at[route + 1]):
        node = w.use_node[k]
        taken = units * s.use[k]
        s.node[node, st.STOCK] = max(s.node[node, st.STOCK] - taken, 0.0)
        cost += taken * s.node[node, st.COST]
        third += taken * s.node[node, st.THIRD]
    s.job[j, st.VALUE] += cost
    s.job[j, st.VALUE_3] += third
    s.job[j, st.STARTED] = units
    s.job[j, st.BORN] = s.now[st.NOW]
    s.job[j, st.STEP] = w.routes[route, at.ROUTE_FIRST]
    enter(w, s, j)


@kernel
def start_move(w: World, s: st.State, move: int) -> None:
    """Send off what there is of the first move that waits on a lane."""
    node = int(w.moves[move, at.MOVE_FROM])
    which = move_list(w, move)
    j = s.head[which]
    units = min(s.node[node, st.STOCK], s.job[j, st.UNITS], room_for(w, s, limit_row(w, False, move)))
    if units < s.job[j, st.UNITS] * (1.0 - 1e-5) - CRUMB:
        part = st.copy_job(s, j)
        s.job[j, st.UNITS] -= units
        j = part
    else:
        st.take(s, which)
    s.job[j, st.UNITS] = units
    s.job[j, st.VALUE] = s.node[node, st.COST]
    s.job[j, st.VALUE_3] = s.node[node, st.THIRD]
    s.node[node, st.STOCK] -= units
    ship(w, s, j)


@kernel
def first_ask(w: World, s: st.State, node: int) -> int:
    """Return the first row of planned deliveries at a node that can be served now (-1: none)."""
    now = s.now[st.NOW]
    stock = s.node[node, st.STOCK]
    first = s.ask_first[node]
    while first < w.ask_at[node + 1] and s.ask[first, 1] == 2.0:
        first += 1
    s.ask_first[node] = first
    for k in range(first, w.ask_at[node + 1]):
        if s.ask[k, 1] != 1.0:
            continue
        d = int(w.asks[k, at.ASK_DEMAND])
        if now >= w.demands[d, at.DEMAND_LATEST] + 1.0:
            s.ask[k, 1] = 2.0
            continue
        gate = int(w.demands[d, at.DEMAND_GATE])
        if gate >= 0 and s.gate[gate] > 0:
            continue
        least = min(s.ask[k, 0], w.demands[d, at.DEMAND_LEAST])
        if stock > TINY and stock + CRUMB >= least * (1.0 - 1e-5):
            return k
    return -1


@kernel
def deliver(w: World, s: st.State, out: st.Out, k: int) -> None:
    """Deliver what there is of a row of planned deliveries, after the work of delivery where there is any."""
    d = int(w.asks[k, at.ASK_DEMAND])
    node = int(w.demands[d, at.DEMAND_NODE])
    units = min(s.node[node, st.STOCK], s.ask[k, 0])
    r = st.row_of(s)
    s.node[node, st.STOCK] -= units
    out.value[r, node, 0] += units * s.node[node, st.COST]
    out.value[r, node, 1] += units * s.node[node, st.THIRD]
    s.ask[k, 0] -= units
    if s.ask[k, 0] <= CRUMB + 1e-5 * units:
        s.ask[k, 1] = 2.0
    route = int(w.stock[node, at.STOCK_DELIVERED])
    if route < 0:
        hand_over(w, s, out, k, units)
        return
    j = st.new_job(s)
    s.job[j, st.KIND] = at.MAKE
    s.job[j, st.WHICH] = route
    s.job[j, st.UNITS] = units
    s.job[j, st.KEY] = w.asks[k, at.ASK_KEY]
    s.job[j, st.EXPECTED] = k
    s.job[j, st.PARTS] = 1.0
    st.put(s, route, j)
    touch(s, node)


@kernel
def hand_over(w: World, s: st.State, out: st.Out, k: int, units: float) -> None:
    """Hand units of a row of planned deliveries over to the customer."""
    d, r = int(w.asks[k, at.ASK_DEMAND]), st.row_of(s)
    day = np.floor(s.now[st.NOW] + 1e-9)
    s.demand[d, st.GIVEN] += units
    late = day - w.demands[d, at.DEMAND_DUE]
    if late <= 0:
        s.demand[d, st.TIMELY] += units
    if st.is_served(s, d) and s.demand[d, st.DONE] == np.inf:
        s.demand[d, st.DONE] = day
    c = int(w.demands[d, at.DEMAND_CONTRACT])
    out.curve[r, c, min(max(s.counts[st.PERIOD], 0), len(w.periods) - 2)] += units
    if units > TINY:
        out.first[r, c] = min(out.first[r, c], day)
    price = w.contracts[c, at.CONTRACT_PRICE]
    if price > 0:
        full = w.contracts[c, at.CONTRACT_FULL]
        damages = (
            min(w.contracts[c, at.CONTRACT_CAP], w.contracts[c, at.CONTRACT_DAMAGES] * max(late, 0.0) / 7.0) * full
        )
        when, owed = day + np.ceil(w.contracts[c, at.CONTRACT_PAY_DAYS] - 1e-9), units * (price - damages)
        payer = int(w.contracts[c, at.CONTRACT_PAYER])
        if payer < 0:
            pay(w, s, when, owed)
        else:
            bill(w, s, payer, when, owed)


@inlined
def can_move(w: World, s: st.State, move: int) -> bool:
    """Say whether there is something to carry on a lane, it is open, and the first move that waits may leave."""
    gate = int(w.moves[move, at.MOVE_GATE])
    if s.node[int(w.moves[move, at.MOVE_FROM]), st.STOCK] <= TINY or (gate >= 0 and s.gate[gate] > 0):
        return False
    return w.moves[move, at.MOVE_ASKS] == 0.0 or may_leave(w, s, s.head[move_list(w, move)])


@kernel
def look(w: World, s: st.State, node: int) -> None:
    """Find who comes first of those who can use what lies at a node (the place of nobody is inf)."""
    best, kind, which = np.inf, -1, -1
    for k in range(w.consumer_at[node], w.consumer_at[node + 1]):
        by, i = w.consumers[k, 0], w.consumers[k, 1]
        if by == at.BY_ROUTE:
            j = s.head[i]
            if j >= 0 and st.rank(s, j) < best and can_start(w, s, i):
                best, kind, which = st.rank(s, j), by, i
        elif by == at.BY_MOVE:
            j = s.head[move_list(w, i)]
            if j >= 0 and st.rank(s, j) < best and can_move(w, s, i):
                best, kind, which = st.rank(s, j), by, i
        elif s.node[node, st.STOCK] > TINY:
            row = first_ask(w, s, node)
            if row >= 0 and w.asks[row, at.ASK_KEY] < best:
                best, kind, which = w.asks[row, at.ASK_KEY], by, row
    s.node[node, st.FIRST], s.node[node, st.TAKER], s.node[node, st.TAKER_ROW] = best, kind, which


@kernel
def is_first(w: World, s: st.State, node: int) -> bool:
    """Say whether who came first at a node when it was looked at still does: what lies there has only become less."""
    kind, which = int(s.node[node, st.TAKER]), int(s.node[node, st.TAKER_ROW])
    if kind == at.BY_ROUTE:
        j = s.head[which]
        return j >= 0 and st.rank(s, j) == s.node[node, st.FIRST] and can_start(w, s, which)
    if kind == at.BY_MOVE:
        j = s.head[move_list(w, which)]
        return j >= 0 and st.rank(s, j) == s.node[node, st.FIRST] and can_move(w, s, which)
    return s.node[node, st.STOCK] > TINY and first_ask(w, s, node) == which


@kernel
def look_again(w: World, s: st.State, node: int, open_nodes: int) -> int:
    """Look at a changed node, and keep those where someone can take something first in the list; return how many these are."""
    look(w, s, node)
    at_place = int(s.node[node, st.DIRTY]) - 1
    to = at_place
    if s.node[node, st.FIRST] < np.inf and at_place >= open_nodes:
        to = open_nodes
        open_nodes += 1
    elif s.node[node, st.FIRST] == np.inf and at_place < open_nodes:
        open_nodes -= 1
        to = open_nodes
    other = s.dirty[to]
    s.dirty[to], s.dirty[at_place] = node, other
    s.node[other, st.DIRTY] = at_place + 1.0
    s.node[node, st.DIRTY] = to + 1.0
    return open_nodes


@inlined
def first_open(s: st.State, open_nodes: int) -> int:
    """Return the node with the first in the order of service of those where someone could take something when they were looked at (-1: none)."""
    best, node = np.inf, -1
    for i in range(open_nodes):
        place = s.node[s.dirty[i], st.FIRST]
        if place < best:
            best, node = place, s.dirty[i]
    return node


@kernel
def allocate(w: World, s: st.State, out: st.Out) -> None:
    """Give what lies at all nodes that have changed to whoever comes first in the order of service, as long as someone can use it.

    While things are given out nobody gets further forward at a node, except by what waits behind him on his route. So a node is looked
    at again only when who was first there is not any more.
    """
    seen = open_nodes = 0
    given, looked = False, -1
    while s.counts[st.FAULT] == 0:
        while seen < s.counts[st.DIRTIED]:
            open_nodes = look_again(w, s, s.dirty[seen], open_nodes)
            seen += 1
        node = first_open(s, open_nodes)
        if node < 0:
            break
        if given and looked != node and not is_first(w, s, node):
            open_nodes = look_again(w, s, node, open_nodes)
            looked = node
            continue
        given, looked = True, -1
        open_nodes = give(w, s, out, node, open_nodes)
    for i in range(s.counts[st.DIRTIED]):
        s.node[s.dirty[i], st.DIRTY] = 0.0
    s.counts[st.DIRTIED] = 0


@inlined
def give(w: World, s: st.State, out: st.Out, node: int, open_nodes: int) -> int:
    """Give what lies at a node to whoever comes first there; look again where what waits behind him comes before him. Return how many nodes are open."""
    kind, which = int(s.node[node, st.TAKER]), int(s.node[node, st.TAKER_ROW])
    place = s.node[node, st.FIRST]
    if kind == at.BY_ROUTE:
        start_job(w, s, which)
        j = s.head[which]
        if j >= 0 and st.rank(s, j) < place:
            for k in range(w.use_at[which], w.use_at[which + 1]):
                if s.node[w.use_node[k], st.DIRTY] > 0.0:
                    open_nodes = look_again(w, s, w.use_node[k], open_nodes)
        return open_nodes
    if kind == at.BY_MOVE:
        start_move(w, s, which)
    else:
        deliver(w, s, out, which)
    return look_again(w, s, node, open_nodes)
