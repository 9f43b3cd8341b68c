"""Doors, which open and shut while a replication runs, unlike tasks, which are done once: each is one of the things that its gates wait for."""

from __future__ import annotations

from tandemplan.compiled import kernel
from tandemplan.simulate import state as st
from tandemplan.simulate.layout import World


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
