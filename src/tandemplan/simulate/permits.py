"""Licences on the way of goods: what may go under them now, what is asked for with each order, and when it lapses."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import CRUMB, TINY, draw, effect
from tandemplan.simulate.doors import shut_door
from tandemplan.simulate.events import push
from tandemplan.simulate.layout import World


@inlined
def limit_row(w: World, bought: bool, which: int) -> int:
    """Return the row of a way or of a move in the lists of licences."""
    return which if bought else len(w.ways) + which


@kernel
def is_barred(w: World, s: st.State, way: int, units: float, promised: float) -> bool:
    """Say whether so many units never go by a way: a licence has ended for good, or leaves no room beside a share of what is promised."""
    for i in range(w.way_limit_at[way], w.way_limit_at[way + 1]):
        k = w.way_limits[i]
        if s.licence[k, st.TIMES] == 0.0 or w.licences[k, at.LICENCE_AHEAD] >= 0.0:
            continue
        room = s.licence[k, st.ROOM] - promised * s.licence[k, st.PROMISED]
        if s.now[st.NOW] >= s.licence[k, st.UNTIL] or room + CRUMB < units * (1.0 - 1e-5):
            return True
    return False


@kernel
def until_valid(w: World, s: st.State, way: int) -> float:
    """Return the days until licences that have ended, or are used up, are expected to be valid again."""
    days = 0.0
    for i in range(w.way_limit_at[way], w.way_limit_at[way + 1]):
        k = w.way_limits[i]
        if s.licence[k, st.TIMES] > 0.0 and s.shut[int(w.licences[k, at.LICENCE_DOOR])] == 1:
            days = max(days, s.licence[k, st.EXPECTED_AGAIN] - s.now[st.NOW])
    return days


@kernel
def promise(w: World, s: st.State, way: int, units: float) -> None:
    """Note that so many units more (below 0: fewer) have been ordered that must go under the licences of a way."""
    for i in range(w.way_limit_at[way], w.way_limit_at[way + 1]):
        s.licence[w.way_limits[i], st.PROMISED] += units


@kernel
def room_for(w: World, s: st.State, row: int) -> float:
    """Return the units that may still go now under the licences of a way or a move."""
    room = np.inf
    for i in range(w.way_limit_at[row], w.way_limit_at[row + 1]):
        room = min(room, s.licence[w.way_limits[i], st.ROOM])
    return room


@kernel
def use_up(w: World, s: st.State, row: int, units: float) -> None:
    """Let units go under the licences of a way or a move; one that is used up is as good as ended."""
    for i in range(w.way_limit_at[row], w.way_limit_at[row + 1]):
        k = w.way_limits[i]
        s.licence[k, st.ROOM] -= units
        if s.licence[k, st.ROOM] <= CRUMB:
            shut_door(w, s, int(w.licences[k, at.LICENCE_DOOR]))


@kernel
def asked_days(w: World, s: st.State, k: int) -> float:
    """Draw the days that a licence takes, asked for now."""
    days = draw(w, s, int(w.licences[k, at.LICENCE_DAYS]), int(w.licences[k, at.LICENCE_STREAM]))
    return max(days + effect(s, w.licences[k, at.LICENCE_FX], 0.0), 0.0)


@kernel
def ask_licences(w: World, s: st.State, row: int, j: int, asked: float) -> float:
    """Ask for the licences per order of a purchase or a move, one after another; return the days that they take, and note when they lapse."""
    days, lasts = 0.0, np.inf
    for i in range(w.way_ask_at[row], w.way_ask_at[row + 1]):
        days += asked_days(w, s, w.way_asks[i])
        lasts = min(lasts, w.licences[w.way_asks[i], at.LICENCE_LASTS])
    s.job[j, st.LAPSES] = asked + days + lasts
    return days


@kernel
def ask_for_move(w: World, s: st.State, j: int, day: float) -> None:
    """Ask for the licences of a move, so that they are usually there on a day, and for consents ahead of that; at the latest now, some not before a task is done."""
    move = int(s.job[j, st.WHICH])
    row = limit_row(w, False, move)
    usual = 0.0
    for i in range(w.way_ask_at[row], w.way_ask_at[row + 1]):
        usual += w.licences[w.way_asks[i], at.LICENCE_USUAL]
    now = s.now[st.NOW]
    asked = max(min(day - usual, now), 0.0)
    ready = asked + ask_licences(w, s, row, j, asked)
    waits, later = False, 0.0
    for i in range(w.consent_at[move], w.consent_at[move + 1]):
        k = w.consents[i]
        days, task = asked_days(w, s, k), int(w.licences[k, at.LICENCE_TASK])
        if task >= 0 and s.task[task, st.STATE] < 4.0:
            waits, later = True, max(later, days)
        else:
            first = max(min(day - w.settings[at.AHEAD_DAYS] - w.licences[k, at.LICENCE_USUAL], now), 0.0)
            ready = max(ready, (first if task < 0 else max(first, s.task[task, st.ENDED])) + days)
    s.job[j, st.READY] = -max(later, TINY) if waits else ready
    s.job[j, st.OTHERS] = ready
    if not waits and ready > now:
        push(s, ready, st.PERMIT, int(w.moves[move, at.MOVE_FROM]))


@kernel
def may_leave(w: World, s: st.State, j: int) -> bool:
    """Say whether a move has its licences and consents; where licences per order have lapsed, they are asked for once more."""
    if s.job[j, st.READY] < 0.0 or s.now[st.NOW] < s.job[j, st.READY]:
        return False
    row = limit_row(w, False, int(s.job[j, st.WHICH]))
    if w.way_ask_at[row] == w.way_ask_at[row + 1] or s.now[st.NOW] < s.job[j, st.LAPSES]:
        return True
    s.job[j, st.READY] = s.now[st.NOW] + ask_licences(w, s, row, j, s.now[st.NOW])
    push(s, s.job[j, st.READY], st.PERMIT, int(w.moves[int(s.job[j, st.WHICH]), at.MOVE_FROM]))
    return s.job[j, st.READY] <= s.now[st.NOW]
