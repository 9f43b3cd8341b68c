"""What all parts of the engine need: draws, effects in force, money, stock."""

from __future__ import annotations

import numpy as np

from tandemplan.compiled import inlined, kernel
from tandemplan.simulate import state as st
from tandemplan.simulate.counts import binomial_quantile
from tandemplan.simulate.draws import quantile
from tandemplan.simulate.events import push
from tandemplan.simulate.layout import World
from tandemplan.simulate.normals import exponential_quantile
from tandemplan.simulate.philox import unit

TINY = 1e-7
CRUMB = 1e-4  # units that tables of a plan may be short of by rounding, and 1e-5 of what is needed


@kernel
def more_units(w: World, s: st.State, stream: int, block: int) -> None:
    """Reckon the numbers of a stream ahead, some at once: a processor works on all of them at the same time."""
    s.ahead[stream] = block + 1
    for i in range(st.AHEAD):
        s.units[stream, i] = unit(w.keys[stream], s.counts[st.REPLICATION], block * st.AHEAD + i)


@kernel
def more_spans(w: World, s: st.State, stream: int, block: int) -> None:
    """Reckon exponential numbers of a stream ahead."""
    more_units(w, s, stream, block)
    s.spanned[stream] = block + 1
    for i in range(st.AHEAD):
        s.spans[stream, i] = exponential_quantile(s.units[stream, i])


@inlined
def next_unit(w: World, s: st.State, stream: int) -> float:
    """Return the next number of a stream between 0 and 1: `unit` of the number of its use."""
    k = st.next_use(s, stream)
    if s.ahead[stream] != k // st.AHEAD + 1:
        more_units(w, s, stream, k // st.AHEAD)
    return s.units[stream, k % st.AHEAD]


@inlined
def next_exponential(w: World, s: st.State, stream: int) -> float:
    """Return the next number of a stream from the exponential distribution with mean 1."""
    k = st.next_use(s, stream)
    if s.spanned[stream] != k // st.AHEAD + 1:
        more_spans(w, s, stream, k // st.AHEAD)
    return s.spans[stream, k % st.AHEAD]


@inlined
def draw(w: World, s: st.State, which: int, stream: int) -> float:
    """Draw the next value of a distribution (-1: 0) from a stream."""
    if which < 0:
        return 0.0
    return quantile(w.dist, which, next_unit(w, s, stream))


@kernel
def passing(w: World, s: st.State, units: float, share: float, stream: int) -> float:
    """Draw the share of some units that passes, each with the probability `share` (without a stream, -1: on average)."""
    if share >= 1.0 or stream < 0:
        return share
    n = max(int(np.round(units)), 1)
    return binomial_quantile(n, share, next_unit(w, s, stream)) / n if share > 0.0 else share


@inlined
def effect(s: st.State, target: float, without: float) -> float:
    """Return what dated effects make of a target now (`without`: where nothing can change it)."""
    if target < 0:
        return without
    return s.fx[int(target)]


@inlined
def period_of(w: World, time: float) -> int:
    """Return the period that holds a time (the number of periods after the end)."""
    low, high = 0, len(w.periods)
    while high - low > 1:
        middle = (low + high) // 2
        if w.periods[middle] <= time:
            low = middle
        else:
            high = middle
    return low


@kernel
def pay(w: World, s: st.State, time: float, amount: float) -> None:
    """Let the venture receive an amount at a time (negative: pay)."""
    k = period_of(w, time)
    if k <= s.counts[st.PERIOD]:
        s.now[st.CASH] += amount
    elif k < len(s.flow):
        s.flow[k] += amount


@inlined
def touch(s: st.State, node: int) -> None:
    """Note that something at a node has changed."""
    if s.node[node, st.DIRTY] == 0.0:
        s.dirty[s.counts[st.DIRTIED]] = node
        s.counts[st.DIRTIED] += 1
        s.node[node, st.DIRTY] = s.counts[st.DIRTIED]  # its place in the list, from 1 on


@kernel
def touch_all(w: World, s: st.State) -> None:
    """Note that something has changed at every node."""
    for node in range(len(w.stock)):
        touch(s, node)


@inlined
def add_stock(s: st.State, node: int, units: float, cost: float, third: float) -> None:
    """Put units of a cost each on stock, mixed with what lies there."""
    have = s.node[node, st.STOCK]
    whole = have + units
    if whole > TINY:
        s.node[node, st.COST] = (s.node[node, st.COST] * have + cost * units) / whole
        s.node[node, st.THIRD] = (s.node[node, st.THIRD] * have + third * units) / whole
    s.node[node, st.STOCK] = whole
    touch(s, node)


@kernel
def again(s: st.State, which: int, event: int) -> None:
    """Try all jobs of a list again now."""
    while s.head[which] >= 0 and s.counts[st.FAULT] == 0:
        push(s, s.now[st.NOW], event, st.take(s, which))
