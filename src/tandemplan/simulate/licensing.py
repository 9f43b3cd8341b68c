"""Standing licences: granted when their task is done, renewed before they end, and over when they are not."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import touch
from tandemplan.simulate.doors import shut_door
from tandemplan.simulate.events import push
from tandemplan.simulate.layout import World
from tandemplan.simulate.lists import move_list
from tandemplan.simulate.orders import let_through, open_door
from tandemplan.simulate.permits import asked_days


@kernel
def task_grants(w: World, s: st.State, task: int) -> None:
    """Grant the licences that a task obtains, on the day of its end, and ask for the consents that waited for that."""
    for k in range(len(w.licences)):
        if int(w.licences[k, at.LICENCE_TASK]) != task:
            continue
        if w.licences[k, at.LICENCE_DOOR] >= 0.0:
            grant(w, s, k, s.task[task, st.ENDED])
        for move in range(len(w.moves)):
            for i in range(w.consent_at[move], w.consent_at[move + 1]):
                if w.consents[i] == k:
                    ask_waiting(w, s, move)


@kernel
def ask_waiting(w: World, s: st.State, move: int) -> None:
    """Ask for the consents of the moves on a lane that could not be asked for before, where they can be now."""
    for i in range(w.consent_at[move], w.consent_at[move + 1]):
        task = int(w.licences[w.consents[i], at.LICENCE_TASK])
        if task >= 0 and s.task[task, st.STATE] < 4.0:
            return
    j = s.head[move_list(w, move)]
    while j >= 0:
        if s.job[j, st.READY] < 0.0:
            s.job[j, st.READY] = max(s.now[st.NOW] - s.job[j, st.READY], s.job[j, st.OTHERS])
            push(s, s.job[j, st.READY], st.PERMIT, int(w.moves[move, at.MOVE_FROM]))
        j = s.job_next[j]


@kernel
def grant(w: World, s: st.State, k: int, begin: float) -> None:
    """Let a licence be valid from a time on; what was renewed before the plan took as long as such licences take on average."""
    lasts, ahead = w.licences[k, at.LICENCE_LASTS], w.licences[k, at.LICENCE_AHEAD]
    while ahead >= 0.0 and begin + lasts <= s.now[st.NOW]:
        asked = max(begin + lasts - ahead, begin)
        begin = max(begin + lasts, asked + w.licences[k, at.LICENCE_USUAL])
    if begin > s.now[st.NOW]:
        push(s, begin, st.GRANT, k)
        return
    s.licence[k, st.UNTIL] = begin + lasts
    s.licence[k, st.ROOM] = w.licences[k, at.LICENCE_CAP]
    s.licence[k, st.TIMES] += 1.0
    s.licence[k, st.EXPECTED_AGAIN] = np.inf
    if ahead >= 0.0:
        asked = max(begin + lasts - ahead, begin)
        s.licence[k, st.EXPECTED_AGAIN] = max(begin + lasts, asked + w.licences[k, at.LICENCE_USUAL])
        push(s, max(asked, s.now[st.NOW]), st.RENEWAL, k)
    push(s, max(begin + lasts, s.now[st.NOW]), st.LICENCE_END, k)
    if begin + lasts > s.now[st.NOW] and s.licence[k, st.ROOM] > 0.0:
        open_door(w, s, int(w.licences[k, at.LICENCE_DOOR]))


@kernel
def licence_event(w: World, s: st.State, event: int, what: int) -> None:
    """Do what an event of licences says; PERMIT: look again at the node where a move has waited for what it needs."""
    if event == st.GRANT:
        grant(w, s, what, s.now[st.NOW])
    elif event == st.RENEWAL:
        renewal(w, s, what)
    elif event == st.LICENCE_END:
        licence_end(w, s, what)
    else:
        touch(s, what)


@kernel
def renewal(w: World, s: st.State, k: int) -> None:
    """Ask for a licence to be renewed: it is valid anew after the days that it takes, not before its end."""
    until, lasts = s.licence[k, st.UNTIL], w.licences[k, at.LICENCE_LASTS]
    asked = max(until - w.licences[k, at.LICENCE_AHEAD], until - lasts)
    push(s, max(until, asked + asked_days(w, s, k), s.now[st.NOW]), st.GRANT, k)


@kernel
def licence_end(w: World, s: st.State, k: int) -> None:
    """Let a licence end; what waited for it looks for another way where it is not renewed."""
    if s.now[st.NOW] < s.licence[k, st.UNTIL]:
        return
    shut_door(w, s, int(w.licences[k, at.LICENCE_DOOR]))
    if w.licences[k, at.LICENCE_AHEAD] < 0.0:
        let_through(w, s)
