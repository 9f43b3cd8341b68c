"""What may happen: options and quantities drawn once, risks that come and go and what they change, border points that close."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import draw, next_exponential, touch_all
from tandemplan.simulate.events import push
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import queue_of
from tandemplan.simulate.normals import exponential, normal
from tandemplan.simulate.orders import lane_changes, offer_changes
from tandemplan.simulate.philox import unit
from tandemplan.simulate.shop import mark, set_needs, set_pace, start_step
from tandemplan.simulate.sources import carries, sends


@kernel
def begin_chance(w: World, s: st.State) -> None:
    """Draw what is decided once, and put the first events of all that may happen into the calendar."""
    r = s.counts[st.REPLICATION]
    for c in range(len(w.contracts)):
        chance = w.contracts[c, at.CONTRACT_CHANCE]
        stream = int(w.contracts[c, at.CONTRACT_STREAM])
        taken = 1.0 if chance >= 1.0 or stream < 0 or unit(w.keys[stream], r, 0) < chance else 0.0
        s.demand_taken[c] = taken
    for d in range(len(w.demands)):
        c = int(w.demands[d, at.DEMAND_CONTRACT])
        units = w.demands[d, at.DEMAND_COUNTED] * w.contracts[c, at.CONTRACT_FACTOR] * s.demand_taken[c]
        spread, stream = w.demands[d, at.DEMAND_SPREAD], int(w.demands[d, at.DEMAND_STREAM])
        if spread > 0 and stream >= 0:
            wide = np.sqrt(np.log1p(spread * spread))
            units *= np.exp(wide * normal(w.keys[stream], r, 0) - 0.5 * wide * wide)
        s.demand[d, st.ASKED] = units
        s.demand[d, st.SHARE] = units / w.demands[d, at.DEMAND_COUNTED]
        s.demand[d, st.DONE] = np.inf
    for k in range(len(w.risks)):
        if np.isfinite(w.risks[k, at.RISK_DAY]):
            push(s, max(w.risks[k, at.RISK_DAY], 0.0), st.RISK_TRY, k)
            continue
        stream = int(w.risks[k, at.RISK_STREAM])
        chance = w.risks[k, at.RISK_CHANCE]
        if chance > 0 and stream >= 0 and unit(w.keys[stream], r, 0) < chance:
            push(s, 0.0, st.RISK_TRY, k)
        if w.risks[k, at.RISK_RATE] > 0 and stream >= 0:
            next_try(w, s, k)
    for k in range(len(w.crossings)):
        if w.crossings[k, at.CROSSING_RATE] > 0 and w.crossings[k, at.CROSSING_CLOSING] >= 0:
            next_closing(w, s, k)
    for k in range(len(w.tranches)):
        day = w.tranches[k, at.TRANCHE_DAY]
        slip = draw(w, s, int(w.tranches[k, at.TRANCHE_SLIP]), int(w.tranches[k, at.TRANCHE_STREAM]))
        push(s, max(day + slip, 0.0), st.TRANCHE, k)


@kernel
def next_try(w: World, s: st.State, k: int) -> None:
    """Put the next day on which a risk may begin into the calendar, at the highest rate that it can have."""
    stream = int(w.risks[k, at.RISK_STREAM])
    n = s.used[stream] + 1
    s.used[stream] = n + 1
    rate = w.risks[k, at.RISK_RATE] * w.risks[k, at.RISK_MOST] / 365.0
    push(s, s.now[st.NOW] + exponential(w.keys[stream], s.counts[st.REPLICATION], n) / rate, st.RISK_TRY, k)


@kernel
def raised(w: World, s: st.State, group: int) -> float:
    """Return by how much the rate of a group's risks is raised now by active events of other groups."""
    factor = 1.0
    if group >= 0:
        for g in range(len(w.links)):
            if s.group_on[g] > 0:
                factor *= w.links[g, group]
    return factor


@kernel
def risk_try(w: World, s: st.State, k: int, out: st.Out) -> None:
    """Let a risk begin, if it is not active and its rate is high enough (thinning, Lewis and Shedler 1979)."""
    r = s.counts[st.REPLICATION]
    begins = s.risk_on[k, 0] == 0.0
    stream = int(w.risks[k, at.RISK_STREAM])
    drawn = w.risks[k, at.RISK_RATE] > 0 and stream >= 0 and not np.isfinite(w.risks[k, at.RISK_DAY])
    if drawn:
        n = st.next_use(s, stream)
        share = raised(w, s, int(w.risks[k, at.RISK_GROUP])) / w.risks[k, at.RISK_MOST]
        begins = begins and unit(w.keys[stream], r, n) < share
        next_try(w, s, k)
    if not begins:
        return
    s.risk_on[k, 0] = 1.0
    s.risk_on[k, 1] = s.now[st.NOW]
    group = int(w.risks[k, at.RISK_GROUP])
    if group >= 0:
        s.group_on[group] += 1
    out.happened[st.row_of(s), k] += 1
    length = int(w.risks[k, at.RISK_LENGTH])
    if length >= 0:
        days = draw(w, s, length, int(w.risks[k, at.RISK_LENGTH_STREAM]))
        push(s, s.now[st.NOW] + max(days, 0.0), st.RISK_END, k)
    for i in range(len(w.effects)):
        if int(w.effects[i, at.EFFECT_RISK]) == k:
            change(w, s, int(w.effects[i, at.EFFECT_TARGET]), w.effects[i, at.EFFECT_VALUE])


@kernel
def risk_end(w: World, s: st.State, k: int, out: st.Out) -> None:
    """Let a risk be over."""
    s.risk_on[k, 0] = 0.0
    out.active[st.row_of(s), k] += s.now[st.NOW] - s.risk_on[k, 1]
    group = int(w.risks[k, at.RISK_GROUP])
    if group >= 0:
        s.group_on[group] -= 1
    for i in range(len(w.effects)):
        if int(w.effects[i, at.EFFECT_RISK]) == k:
            change(w, s, int(w.effects[i, at.EFFECT_TARGET]), 0.0)


@kernel
def change(w: World, s: st.State, target: int, added: float) -> None:
    """Reckon a target anew from all effects that are in force, and tell who depends on it."""
    value, times = w.targets[target, at.TARGET_BASE], 1.0
    for i in range(w.effect_at[target], w.effect_at[target + 1]):
        if s.risk_on[int(w.effects[i, at.EFFECT_RISK]), 0] == 1.0:
            if w.effects[i, at.EFFECT_OPERATION] == at.MULTIPLY:
                times *= w.effects[i, at.EFFECT_VALUE]
            else:
                value += w.effects[i, at.EFFECT_VALUE]
    kind, which = int(w.targets[target, at.TARGET_KIND]), int(w.targets[target, at.TARGET_WHICH])
    if kind == at.ON_CAPACITY:
        before = sends(w, s, which)
        s.fx[target] = value * times
        offer_changes(w, s, which, before)
        return
    if kind == at.ON_LANE:
        before = carries(w, s, which)
        s.fx[target] = value * times
        lane_changes(w, s, which, before)
        return
    s.fx[target] = value * times
    if kind == at.ON_RESOURCE:
        set_pace(w, s, which)
        for i in range(w.served_at[which], w.served_at[which + 1]):
            set_needs(w, s, w.served[i])
        mark(s, which)
    elif kind == at.ON_TASK:
        if added > 0 and s.task[which, st.STATE] in (1.0, 2.0):
            s.task[which, st.EXTRA] += added
    elif kind == at.ON_OPEN:
        for step in range(len(w.steps)):
            if int(w.steps[step, at.STEP_FX_OPEN]) == target:
                open_step(w, s, step)
        touch_all(w, s)


@kernel
def open_step(w: World, s: st.State, step: int) -> None:
    """Let a step that has been closed or opened start what waits for it, if it is open."""
    set_needs(w, s, step)
    if s.uses[step, 0] >= 0:
        mark(s, s.uses[step, 0])
        return
    while s.head[queue_of(w, step)] >= 0 and start_step(w, s, s.head[queue_of(w, step)], step):
        pass


@kernel
def next_closing(w: World, s: st.State, k: int) -> None:
    """Put the next closure of a border point into the calendar."""
    stream = int(w.crossings[k, at.CROSSING_CLOSING])
    days = next_exponential(w, s, stream) / w.crossings[k, at.CROSSING_RATE]
    push(s, s.now[st.NOW] + days, st.CLOSING, k)
