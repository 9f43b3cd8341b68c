"""Doors, which open and shut while a replication runs, unlike tasks, which are done once: each is one of the things that its gates wait for."""

from __future__ import annotations

from tandemplan.compiled import kernel
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import again, touch_all
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import lane_list
from tandemplan.simulate.orders import retry_held


@kernel
def let_through(w: World, s: st.State) -> None:
    """Let goods and orders through what has opened."""
    touch_all(w, s)
    retry_held(w, s)
    for k in range(len(w.lanes)):
        again(s, lane_list(w, k), st.SHIP)


@kernel
def shut_door(w: World, s: st.State, door: int) -> None:
    """Shut a door: what waits at its gates stays."""
    if s.shut[door] == 0:
        s.shut[door] = 1
        for k in range(w.door_at[door], w.door_at[door + 1]):
            s.gate[w.door_gates[k]] += 1


@kernel
def unlock(w: World, s: st.State, door: int) -> bool:
    """Open a door; return whether one of its gates is open now."""
    opened = False
    if s.shut[door] == 1:
        s.shut[door] = 0
        for k in range(w.door_at[door], w.door_at[door + 1]):
            s.gate[w.door_gates[k]] -= 1
            opened = opened or s.gate[w.door_gates[k]] <= 0
    return opened


@kernel
def open_door(w: World, s: st.State, door: int) -> None:
    """Open a door, and let through what has waited for it alone."""
    if unlock(w, s, door):
        let_through(w, s)
