"""The planner's round at the beginning of each period: what is asked for, and what is released to keep what the plan would have."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import TINY, period_of, touch, touch_all
from tandemplan.simulate.events import push
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import move_list
from tandemplan.simulate.orders import look_again, retry_held
from tandemplan.simulate.payers import bills_due
from tandemplan.simulate.permits import ask_for_move
from tandemplan.simulate.shop import mark, set_needs, set_pace
from tandemplan.simulate.sources import longer_lead, whole_order
from tandemplan.simulate.startup import needs_met


@kernel
def tick(w: World, s: st.State, out: st.Out) -> None:
    """Begin a period: money due in it, what is asked for, and what is released to keep what the plan would have."""
    s.counts[st.PERIOD] += 1
    period = s.counts[st.PERIOD]
    s.now[st.CASH] += s.flow[period]
    for payer in range(len(w.bills)):
        bills_due(w, s, payer, period)
    for k in range(len(s.use)):
        s.use[k] = w.use_units[k, period]
    ask(w, s, period)
    for k in range(len(w.order)):
        release(w, s, w.order[k], period)
    miss_hires(w, s, period)
    look_again(w, s)
    retry_held(w, s)
    needs_met(w, s, out)
    for r in range(len(w.resources)):
        pace, there = s.pace[r], s.there[r]
        set_pace(w, s, r)
        if abs(s.pace[r] - pace) > TINY or abs(s.there[r] - there) > TINY:
            mark(s, r)
    for step in range(len(w.steps)):
        set_needs(w, s, step)
    touch_all(w, s)
    if period + 1 < len(w.periods) - 1:
        push(s, w.periods[period + 1], st.TICK, 0)


@kernel
def ask(w: World, s: st.State, period: int) -> None:
    """Claim what is asked for in a period, as customers now want it."""
    end = w.periods[period + 1]
    k = s.counts[st.ASK_NEXT]
    while k < len(w.ask_order):
        row = w.ask_order[k]
        day = w.asks[row, at.ASK_FROM]
        if day >= end:
            break
        d = int(w.asks[row, at.ASK_DEMAND])
        units = w.asks[row, at.ASK_UNITS] * s.demand[d, st.SHARE]
        target = int(w.demands[d, at.DEMAND_FX])
        s.ask[row, 0] = units if target < 0 else units * s.fx[target]
        if s.ask[row, 0] != units:
            ask_otherwise(s, d, s.ask[row, 0] - units)
        s.node[int(w.demands[d, at.DEMAND_NODE]), st.CLAIMED] += s.ask[row, 0]
        push(s, max(day, s.now[st.NOW]), st.ASK, row)
        k += 1
    s.counts[st.ASK_NEXT] = k


@kernel
def ask_otherwise(s: st.State, d: int, more: float) -> None:
    """Let a customer ask for more units than drawn (or less); his demand is complete when he has what he asks for."""
    s.demand[d, st.ASKED] += more
    if not st.is_served(s, d):
        s.demand[d, st.DONE] = np.inf
    elif s.demand[d, st.GIVEN] > 0 and s.demand[d, st.DONE] == np.inf:
        s.demand[d, st.DONE] = np.floor(s.now[st.NOW])


@kernel
def release(w: World, s: st.State, node: int, period: int) -> None:
    """Release supply rows of a node until it has what the plan would have released, and what is claimed beyond the plan."""
    beyond = s.node[node, st.CLAIMED] - w.claimed[node, period]
    first, last = w.row_at[node], w.row_at[node + 1]
    k = int(s.node[node, st.NEXT])
    if w.settings[at.KEEPS_DATES] > 0.0:
        while k < last and w.rows[k, at.ROW_DAY] < w.periods[period + 1]:
            release_row(w, s, node, k, 1.0)
            k += 1
        s.node[node, st.NEXT] = k
        return
    while k < last:
        wanted = beyond + w.planned[node, by_then(w, period, longer_by(w, s, k))]
        if s.node[node, st.RELEASED] + 0.5 * w.rows[k, at.ROW_GOOD] > wanted + TINY:
            break
        release_row(w, s, node, k, 1.0)
        k += 1
    s.node[node, st.NEXT] = k
    if k == last and k > first:
        more = (w.planned[node, period] + beyond - s.node[node, st.RELEASED]) / w.rows[k - 1, at.ROW_GOOD]
        if more > 0.5:
            release_row(w, s, node, k - 1, more)


@inlined
def longer_by(w: World, s: st.State, k: int) -> float:
    """Return by how many days a supply row comes later than usual if it is released now (0 for work and moves)."""
    if w.rows[k, at.ROW_KIND] != at.BUY or w.settings[at.KEEPS_DATES] > 0.0:
        return 0.0
    return longer_lead(w, s, int(w.rows[k, at.ROW_WHICH]))


@inlined
def by_then(w: World, period: int, days: float) -> int:
    """Return the last period that ends within some days of the end of a period."""
    if days <= 0.0:
        return period
    return max(period_of(w, min(w.periods[period + 1] + days, w.periods[len(w.periods) - 1])) - 1, period)


@kernel
def release_row(w: World, s: st.State, node: int, k: int, times: float) -> None:
    """Release a supply row, or some times as much: a purchase on its day (earlier by what it takes longer), work and moves at once."""
    rows = w.rows
    kind, which = int(rows[k, at.ROW_KIND]), int(rows[k, at.ROW_WHICH])
    units = rows[k, at.ROW_UNITS] * times
    good = rows[k, at.ROW_GOOD] * times
    if kind == at.BUY and times != 1.0:
        units, good = whole_order(w, which, units, good)
    parts = 1
    most = w.ways[which, at.WAY_MOST] if kind == at.BUY else w.moves[which, at.MOVE_MOST] if kind == at.MOVE else np.inf
    if units > most * (1.0 + 1e-5):
        parts = int(np.ceil(units / most - 1e-5))
    for _ in range(parts):
        j = st.new_job(s)
        s.job[j, st.KIND] = kind
        s.job[j, st.WHICH] = which
        s.job[j, st.UNITS] = units / parts
        s.job[j, st.EXPECTED] = good / parts
        s.job[j, st.KEY] = rows[k, at.ROW_KEY]
        release_part(w, s, node, k, j)


@kernel
def release_part(w: World, s: st.State, node: int, k: int, j: int) -> None:
    """Release some units of a supply row as one order, start or move."""
    period, rows = s.counts[st.PERIOD], w.rows
    kind, which, units = int(s.job[j, st.KIND]), int(s.job[j, st.WHICH]), s.job[j, st.UNITS]
    s.node[node, st.RELEASED] += s.job[j, st.EXPECTED]
    if kind == at.MAKE:
        claim(w, s, which, units)
        parts = max(min(w.settings[at.PARTS], np.ceil(units - TINY)), 1.0)
        s.job[j, st.UNITS] = units / parts
        s.job[j, st.EXPECTED] /= parts
        s.job[j, st.LOTS] = rows[k, at.ROW_LOTS]
        s.job[j, st.DUE] = rows[k, at.ROW_DUE]
        s.job[j, st.PARTS] = parts
        st.put(s, which, j)
        touch(s, node)
        if w.use_at[which] < w.use_at[which + 1]:
            touch(s, w.use_node[w.use_at[which]])
    elif kind == at.BUY:
        day = rows[k, at.ROW_DAY] - longer_by(w, s, k)
        if day >= w.periods[period + 1]:
            day = 0.0  # more is wanted than the plan has by now
        push(s, max(day, s.now[st.NOW]), st.ORDER, j)
    else:
        source = int(w.moves[which, at.MOVE_FROM])
        s.node[source, st.CLAIMED] += units
        s.job[j, st.DUE] = rows[k, at.ROW_DUE]
        if w.moves[which, at.MOVE_ASKS] > 0.0:
            ask_for_move(w, s, j, rows[k, at.ROW_DUE] if units == rows[k, at.ROW_UNITS] else np.inf)
        st.put(s, move_list(w, which), j)
        touch(s, source)


@kernel
def claim(w: World, s: st.State, route: int, units: float) -> None:
    """Claim the components of work that is released."""
    for k in range(w.use_at[route], w.use_at[route + 1]):
        s.node[w.use_node[k], st.CLAIMED] += units * s.use[k]


@kernel
def miss_hires(w: World, s: st.State, period: int) -> None:
    """Miss the people who cannot be hired in a period, and make up for those of before as the pace of hiring allows."""
    for r in range(len(w.resources)):
        target = int(w.resources[r, at.RESOURCE_FX_HIRES])
        if target < 0:
            continue
        share = min(s.fx[target], 1.0)
        s.unhired[r] += w.hires[r, period] * (1.0 - share)
        pace = w.resources[r, at.RESOURCE_HIRES] * (w.periods[period + 1] - w.periods[period])
        back = min(max((pace - w.hires[r, period]) * share, 0.0), s.unhired[r])
        s.unhired[r] -= back
        missing = w.hires[r, period] * (1.0 - share) - back
        if missing != 0.0:
            trained = period_of(w, w.periods[period] + w.resources[r, at.RESOURCE_TRAINING])
            for p in range(trained, len(w.periods) - 1):
                s.missed[r, p] += missing
