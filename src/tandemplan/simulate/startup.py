"""The start-up network, and money that waits for it: tasks begin, end and open gates; tranches come."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import draw, effect
from tandemplan.simulate.events import push
from tandemplan.simulate.layout import World
from tandemplan.simulate.licensing import task_grants
from tandemplan.simulate.orders import let_through, retry_held
from tandemplan.simulate.payers import payer_gets


@kernel
def begin_tasks(w: World, s: st.State) -> None:
    """Start the network: tasks that are done open what waits for them, tasks that wait for none begin."""
    for k in range(len(w.tasks)):
        s.task[k, st.WAITS_FOR] = w.tasks[k, at.TASK_BEFORE]
        s.task[k, st.STARTS] = w.tasks[k, at.TASK_EARLIEST]
        s.task[k, st.ENDED] = np.inf
    for k in range(len(w.tasks)):
        if np.isfinite(w.tasks[k, at.TASK_DONE]):
            s.task[k, st.ENDED] = w.tasks[k, at.TASK_DONE]
            push(s, 0.0, st.TASK_END, k)
            s.task[k, st.STATE] = 3.0
        elif w.tasks[k, at.TASK_BEFORE] == 0:
            push(s, max(s.task[k, st.STARTS], 0.0), st.TASK_START, k)


@kernel
def task_start(w: World, s: st.State, k: int) -> None:
    """Draw how long a task takes, and begin it (or see it go on, if it began before the plan)."""
    days = draw(w, s, int(w.tasks[k, at.TASK_DAYS]), int(w.tasks[k, at.TASK_STREAM]))
    days += effect(s, w.tasks[k, at.TASK_FX], 0.0)
    s.task[k, st.STATE] = 1.0
    push(s, max(s.task[k, st.STARTS] + max(days, 0.0), s.now[st.NOW]), st.TASK_END, k)


@kernel
def task_end(w: World, s: st.State, k: int, out: st.Out) -> None:
    """End a task whose time is up, unless it has been prolonged or still needs something."""
    if s.task[k, st.STATE] < 3.0:
        if s.task[k, st.EXTRA] > 0:
            push(s, s.now[st.NOW] + s.task[k, st.EXTRA], st.TASK_END, k)
            s.task[k, st.EXTRA] = 0.0
            return
        s.task[k, st.STATE] = 2.0
        if not has_needs(w, s, k, out):
            return
        s.task[k, st.ENDED] = s.now[st.NOW]
    complete(w, s, k)


@kernel
def complete(w: World, s: st.State, k: int) -> None:
    """Open what waits for a task, and let the tasks after it begin."""
    s.task[k, st.STATE] = 4.0
    task_grants(w, s, k)
    for i in range(w.opens_at[k], w.opens_at[k + 1]):
        gate = w.opens[i]
        s.gate[gate] -= 1
        s.gate_opened[gate] = max(s.gate_opened[gate], s.task[k, st.ENDED])
        if s.gate[gate] <= 0:
            gate_opens(w, s, gate)
    for i in range(w.after_at[k], w.after_at[k + 1]):
        other = int(w.after[i, 0])
        s.task[other, st.STARTS] = max(s.task[other, st.STARTS], s.task[k, st.ENDED] + w.after[i, 1])
        s.task[other, st.WAITS_FOR] -= 1
        if s.task[other, st.WAITS_FOR] == 0 and s.task[other, st.STATE] == 0.0:
            push(s, max(s.task[other, st.STARTS], s.now[st.NOW]), st.TASK_START, other)


@kernel
def gate_opens(w: World, s: st.State, gate: int) -> None:
    """Let goods, orders and money through a gate."""
    let_through(w, s)
    for k in range(len(w.tranches)):
        if int(w.tranches[k, at.TRANCHE_GATE]) == gate and s.tranche[k] == 1:
            tranche(w, s, k)


@kernel
def has_needs(w: World, s: st.State, k: int, out: st.Out) -> bool:
    """Say whether a task has what it needs before it ends."""
    if w.tasks[k, at.TASK_NEEDS] <= 0:
        return True
    for i in range(len(w.needs)):
        if w.needs[i, at.NEED_TASK] != k:
            continue
        which, kind = int(w.needs[i, at.NEED_WHICH]), w.needs[i, at.NEED_KIND]
        if kind == at.BOUGHT:
            have = s.offer_taken[which]
        elif kind == at.MONEY:
            have = s.now[st.CASH]
        else:
            have = 0.0
            for n in range(len(w.stock)):
                if int(w.stock[n, 3]) == which:
                    have += s.node[n, st.MADE] if kind == at.MADE else made_lately(w, s, out, n, i)
        if have + 1e-6 < w.needs[i, at.NEED_LEAST]:
            return False
    return True


@kernel
def made_lately(w: World, s: st.State, out: st.Out, node: int, need: int) -> float:
    """Return the units of a node made in the last whole periods that a need counts."""
    total, period = 0.0, s.counts[st.PERIOD]
    for p in range(max(period - int(w.needs[need, at.NEED_PERIODS]), 0), period):
        total += out.made[st.row_of(s), node, p]
    return total


@kernel
def needs_met(w: World, s: st.State, out: st.Out) -> None:
    """End the tasks whose time is up and that now have what they need."""
    for i in range(len(w.needs)):
        k = int(w.needs[i, at.NEED_TASK])
        if s.task[k, st.STATE] == 2.0 and has_needs(w, s, k, out):
            s.task[k, st.ENDED] = s.now[st.NOW]
            complete(w, s, k)


@kernel
def tranche(w: World, s: st.State, k: int) -> None:
    """Let a tranche come on its day, with its slip, but not before the evidence that its tasks are done; 1: it waits for them."""
    if s.tranche[k] == 0:
        late = effect(s, w.tranches[k, at.TRANCHE_FX_DAY], 0.0)
        s.tranche[k] = -1
        if late > 0:
            push(s, s.now[st.NOW] + late, st.TRANCHE, k)
            return
    gate = int(w.tranches[k, at.TRANCHE_GATE])
    if gate >= 0 and s.gate[gate] > 0:
        s.tranche[k] = 1
        return
    shown = s.now[st.NOW] if gate < 0 else s.gate_opened[gate] + w.tranches[k, at.TRANCHE_EVIDENCE]
    if shown > s.now[st.NOW]:
        push(s, shown, st.TRANCHE, k)
        return
    amount = w.tranches[k, at.TRANCHE_AMOUNT] * effect(s, w.tranches[k, at.TRANCHE_FX], 1.0)
    if w.tranches[k, at.TRANCHE_PAYER] >= 0:
        payer_gets(w, s, k, amount)
    else:
        s.now[st.CREDIT if w.tranches[k, at.TRANCHE_LINE] > 0 else st.CASH] += amount
    retry_held(w, s)
