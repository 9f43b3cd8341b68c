"""At which steps jobs wait, by resource: so that whoever is free looks at these alone, however many steps there are."""

from __future__ import annotations

from tandemplan.compiled import inlined
from tandemplan.simulate import state as st
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import queue_of

USES = 3  # resources that a step may need
STEADY = USES + 1  # column of `State.uses`: whether a step always takes the same
ALL_LISTED = (1 << USES) - 1


@inlined
def list_step(w: World, s: st.State, step: int) -> None:
    """List a step at its resources: a job waits for it, or is blocked before it."""
    if s.listed[step] == ALL_LISTED:
        return
    for k in range(USES):
        resource = s.uses[step, k]
        if resource >= 0 and not (s.listed[step] >> k) & 1:
            s.waiting[w.served_at[resource] + s.waits[resource]] = step
            s.waits[resource] += 1
    s.listed[step] = ALL_LISTED


@inlined
def put_queue(w: World, s: st.State, j: int, step: int) -> None:
    """Put a job at the end of the queue of a step."""
    s.job[j, st.QUEUED] = s.now[st.NOW]
    st.put(s, queue_of(w, step), j)
    list_step(w, s, step)


@inlined
def unlist(s: st.State, step: int, resource: int) -> None:
    """Note that a step is no more listed at one of its resources."""
    for k in range(USES):
        if s.uses[step, k] == resource:
            s.listed[step] &= ALL_LISTED ^ (1 << k)
