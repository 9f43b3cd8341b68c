"""Which way an order goes: when it would come by each, as far as the planner knows, and what else there is where its own is late."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import CRUMB, TINY, effect
from tandemplan.simulate.layout import World
from tandemplan.simulate.permits import is_barred, until_valid

DUST = 1e-6  # of a unit or a kg that keeps nobody busy


@inlined
def sends(w: World, s: st.State, offer: int) -> float:
    """Return the units a day that a supplier sends of an offer now."""
    share = effect(s, w.offers[offer, at.OFFER_FX_CAPACITY], 1.0)
    return w.offers[offer, at.OFFER_CAPACITY] * share / 7.0 if share > 0.0 else 0.0


@inlined
def carries(w: World, s: st.State, lane: int) -> float:
    """Return the kg a day that a lane carries now."""
    share = effect(s, w.lanes[lane, at.LANE_FX_CAPACITY], 1.0)
    return w.lanes[lane, at.LANE_CAPACITY] * share / 7.0 if share > 0.0 else 0.0


@inlined
def still_left(s: st.State, left: float, as_of: float, rate: float) -> float:
    """Return what keeps a supplier or a lane busy now, of what was left at a time since when it works at a rate."""
    return max(left - rate * (s.now[st.NOW] - as_of), 0.0) if left > 0.0 else 0.0


@kernel
def wait_by(w: World, s: st.State, way: int, lead: float, before: float) -> float:
    """Return the days until an order would come by a way, as things are now: its lead, or what is sent before it, and carriage (inf: cut off)."""
    offer, lane = int(w.ways[way, at.WAY_OFFER]), int(w.ways[way, at.WAY_LANE])
    rate = sends(w, s, offer)
    if rate <= 0.0:
        return np.inf
    if lane >= 0 and carries(w, s, lane) <= 0.0:
        return np.inf
    if w.way_limit_at[way] < w.way_limit_at[way + 1]:
        if is_barred(w, s, way, TINY + CRUMB, 1.0):
            return np.inf
        lead = max(lead, until_valid(w, s, way))
    days = max(lead, before / rate) + w.ways[way, at.WAY_CARRIAGE]
    return days + effect(s, w.lanes[lane, at.LANE_FX_TRANSIT], 0.0) if lane >= 0 else days


@kernel
def lead_by(w: World, s: st.State, way: int) -> float:
    """Return the mean days from order to dispatch by a way, as things are now."""
    days = w.ways[way, at.WAY_LEAD] + effect(s, w.offers[int(w.ways[way, at.WAY_OFFER]), at.OFFER_FX_LEAD], 0.0)
    for i in range(w.way_ask_at[way], w.way_ask_at[way + 1]):
        days += effect(s, w.licences[w.way_asks[i], at.LICENCE_FX], 0.0)
    return max(days, 0.0)


@inlined
def ordered_before(w: World, s: st.State, way: int) -> float:
    """Return the units that a supplier has been asked for, and not sent in full."""
    offer = int(w.ways[way, at.WAY_OFFER])
    left = still_left(s, s.offer_work[offer, st.LEFT], s.offer_work[offer, st.AS_OF], sends(w, s, offer))
    return left + max(s.offer_work[offer, st.ORDERED], 0.0)


@kernel
def other_way(w: World, s: st.State, way: int, wait: float, usual: float) -> int:
    """Return the way by which an order comes first, where its own takes more than the planner bears over what is usual (-1: its own)."""
    if wait <= usual + w.settings[at.LATE_DAYS]:
        return -1
    node, best, first = int(w.ways[way, at.WAY_NODE]), -1, wait
    for k in range(w.way_at[node], w.way_at[node + 1]):
        other = int(w.way_order[k])
        gate, ship = int(w.ways[other, at.WAY_GATE]), int(w.ways[other, at.WAY_SHIP_GATE])
        if other == way or (gate >= 0 and s.gate[gate] > 0) or (ship >= 0 and s.gate[ship] > 0):
            continue
        days = wait_by(w, s, other, lead_by(w, s, other), ordered_before(w, s, other))
        if days < first - TINY:
            best, first = other, days
    return best


@kernel
def longer_lead(w: World, s: st.State, way: int) -> float:
    """Return by how many days lead and carriage of the way by which an order would go now are longer than those of its own usually are."""
    usual = w.ways[way, at.WAY_LEAD] + w.ways[way, at.WAY_CARRIAGE]
    lead = lead_by(w, s, way)
    other = other_way(w, s, way, wait_by(w, s, way, lead, ordered_before(w, s, way)), usual)
    days = wait_by(w, s, way, lead, 0.0) if other < 0 else wait_by(w, s, other, lead_by(w, s, other), 0.0)
    return max(days - usual, 0.0) if days < np.inf else 0.0


@kernel
def change_way(w: World, s: st.State, j: int, other: int) -> None:
    """Let an order go by another way, at the sizes that are ordered there."""
    way, node = int(s.job[j, st.WHICH]), int(w.ways[other, at.WAY_NODE])
    good = s.job[j, st.UNITS] * w.ways[way, at.WAY_ACCEPTED]
    units, got = whole_order(w, other, good / w.ways[other, at.WAY_ACCEPTED], good)
    s.node[node, st.RELEASED] += got - s.job[j, st.EXPECTED]
    s.job[j, st.WHICH] = other
    s.job[j, st.UNITS] = units
    s.job[j, st.EXPECTED] = got


@kernel
def whole_order(w: World, way: int, units: float, good: float) -> tuple[float, float]:
    """Return an order that the planner adds to the plan, and what it brings, at its least size and multiple."""
    least, multiple = w.ways[way, at.WAY_LEAST], w.ways[way, at.WAY_MULTIPLE]
    size = max(units, least)
    if multiple > 0:
        size = np.ceil(size / multiple - TINY) * multiple
    return size, good * size / units
