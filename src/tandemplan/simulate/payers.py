"""Budgets of payers: what they get, what they owe for deliveries, and that nobody is served who has not paid."""

from __future__ import annotations

from tandemplan.compiled import kernel
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.basics import period_of
from tandemplan.simulate.doors import shut_door, unlock
from tandemplan.simulate.layout import World
from tandemplan.simulate.orders import open_door
from tandemplan.simulate.views import fill

FORGIVEN = 1e-5  # of all bills so far: amounts of tables are rounded


@kernel
def clear_payers(w: World, s: st.State) -> None:
    """Make payers and licences what they are before the plan: nothing has come, nothing is granted, no bill is overdue; door k is that of payer k."""
    fill(s.tranche, 0)
    fill(s.shut, 1)
    fill(s.licence, 0.0)
    fill(s.payer, 0.0)
    fill(s.left, 0.0)
    for payer in range(len(w.bills)):
        unlock(w, s, payer)
        for period in range(len(w.periods) - 1):
            s.bills[payer, period] = w.bills[payer, period]


@kernel
def bill(w: World, s: st.State, payer: int, time: float, amount: float) -> None:
    """Let a payer owe an amount from a time on: it counts from the beginning of its period, and not after the plan's end."""
    period = period_of(w, time)
    if period > s.counts[st.PERIOD]:
        if period < len(w.periods) - 1:
            s.bills[payer, period] += amount
        return
    s.payer[payer, st.OWED] += amount
    s.payer[payer, st.BILLED] += amount
    settle_bills(w, s, payer)


@kernel
def bills_due(w: World, s: st.State, payer: int, period: int) -> None:
    """Begin a period: what is owed from earlier ones is overdue, what has expired is lost, what falls due is paid if there is money."""
    s.payer[payer, st.OVERDUE] = s.payer[payer, st.OWED]
    for k in range(len(w.tranches)):
        if w.tranches[k, at.TRANCHE_PAYER] == payer and w.tranches[k, at.TRANCHE_LAST] < w.periods[period]:
            s.payer[payer, st.MONEY] -= s.left[k]
            s.left[k] = 0.0
    s.payer[payer, st.MONEY] += w.refunds[payer, period]
    s.payer[payer, st.OWED] += s.bills[payer, period]
    s.payer[payer, st.BILLED] += s.bills[payer, period]
    settle_bills(w, s, payer)


@kernel
def payer_gets(w: World, s: st.State, tranche: int, amount: float) -> None:
    """Let a tranche come to a payer, who pays what he owes of it."""
    payer = int(w.tranches[tranche, at.TRANCHE_PAYER])
    if s.now[st.NOW] >= w.tranches[tranche, at.TRANCHE_LAST] + 1.0:
        return
    s.left[tranche] = amount
    s.payer[payer, st.MONEY] += amount
    settle_bills(w, s, payer)


@kernel
def settle_bills(w: World, s: st.State, payer: int) -> None:
    """Pay the venture what a payer owes, as far as there is money beside what must be kept; who still owes from earlier periods gets nothing."""
    period = max(s.counts[st.PERIOD], 0)
    paid = min(s.payer[payer, st.OWED], max(s.payer[payer, st.MONEY] - w.least[payer, period], 0.0))
    s.payer[payer, st.MONEY] -= paid
    s.payer[payer, st.OWED] -= paid
    s.payer[payer, st.OVERDUE] -= paid
    s.now[st.CASH] += paid
    spend(w, s, payer, paid)
    if s.payer[payer, st.OVERDUE] > 1.0 + FORGIVEN * s.payer[payer, st.BILLED]:
        shut_door(w, s, payer)
    else:
        open_door(w, s, payer)


@kernel
def spend(w: World, s: st.State, payer: int, amount: float) -> None:
    """Take an amount from the tranches of a payer, of that first which expires first."""
    while amount > 0.0:
        first = -1
        for k in range(len(w.tranches)):
            if w.tranches[k, at.TRANCHE_PAYER] != payer or s.left[k] <= 0.0:
                continue
            if first < 0 or w.tranches[k, at.TRANCHE_LAST] < w.tranches[first, at.TRANCHE_LAST]:
                first = k
        if first < 0:
            return
        part = min(s.left[first], amount)
        s.left[first] -= part
        amount -= part
