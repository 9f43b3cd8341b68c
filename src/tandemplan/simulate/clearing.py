"""The plan's start: what a replication begins with."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.events import empty
from tandemplan.simulate.layout import World
from tandemplan.simulate.payers import clear_payers
from tandemplan.simulate.views import fill


@kernel
def clear_shop(s: st.State) -> None:
    """Nobody works, and no job waits."""
    fill(s.busy, 0.0)
    fill(s.marked, 0)
    fill(s.uses, 0)
    fill(s.alone, -1)
    fill(s.waits, 0)
    fill(s.lacks, -1)
    fill(s.listed, 0)
    fill(s.to_failure, -1.0)
    fill(s.missed, 0.0)
    fill(s.unhired, 0.0)
    fill(s.used_hours, 0.0)


@kernel
def clear(w: World, s: st.State, replication: int) -> None:
    """Make the state that of the plan's start."""
    base = s.counts[st.BASE]
    fill(s.counts, 0)
    s.counts[st.BASE] = base
    fill(s.now, 0.0)
    s.counts[st.REPLICATION] = replication
    s.counts[st.PERIOD] = -1
    s.counts[st.FREE] = len(s.free)
    for k in range(len(s.free)):
        s.free[k] = len(s.free) - 1 - k
    fill(s.node, 0.0)
    for k in range(len(w.stock)):
        s.node[k, st.STOCK] = w.stock[k, 0]
        s.node[k, st.COST] = w.stock[k, 1]
        s.node[k, st.THIRD] = w.stock[k, 2]
        s.node[k, st.NEXT] = w.row_at[k]
        s.ask_first[k] = w.ask_at[k]
    fill(s.head, -1)
    fill(s.tail, -1)
    fill(s.length, 0)
    clear_shop(s)
    empty(s, w.periods[len(w.periods) - 1])
    fill(s.used, 0)
    fill(s.ahead, 0)
    fill(s.spanned, 0)
    for k in range(len(s.fx)):
        s.fx[k] = w.targets[k, at.TARGET_BASE]
    fill(s.risk_on, 0.0)
    fill(s.group_on, 0)
    fill(s.offer_work, 0.0)
    fill(s.lane_work, 0.0)
    fill(s.closed, 0)
    fill(s.task, 0.0)
    for k in range(len(w.gates)):
        s.gate[k] = w.gates[k, 0]
        s.gate_opened[k] = -np.inf
    clear_payers(w, s)
    fill(s.demand, 0.0)
    fill(s.ask, 0.0)
    fill(s.flow, 0.0)
    for k in range(len(w.flow)):
        s.flow[k] = w.flow[k]
    fill(s.known, 0.0)
    fill(s.offer_taken, 0.0)
    fill(s.waited, 0.0)
    fill(s.passed, 0.0)
