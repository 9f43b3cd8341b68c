"""What the orders of a schedule put into buffers and take from them, moment by moment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.schedule.clocks import clock_of
from tandemplan.schedule.factory import FOREVER, Factory, Orders
from tandemplan.schedule.holding import entries


class Moved(NamedTuple):
    """A row for each time something comes to a buffer or leaves it, by buffer and moment, what comes before what leaves."""

    buffer: Ints
    moment: Ints
    order: Ints  # -1: on hand at the beginning
    quantity: Floats
    stock: Floats  # after it


def moved(factory: Factory, orders: Orders) -> Moved:
    """Return everything that moves in a schedule, with what is on hand at the beginning."""
    at, flow = entries(factory.modes.flow_start, orders.mode)
    flows = factory.flows
    ends = flows.at_end[flow] == 1
    moment = np.where(ends, orders.end[at], orders.start[at]) + flows.offset[flow]
    amount = flows.fixed[flow] + flows.unit[flow] * orders.quantity[at]
    there = (moment >= flows.since[flow]) & (moment < flows.until[flow]) & (amount != 0)
    at, flow, moment, amount = at[there], flow[there], moment[there], amount[there]
    moment = moment + np.where(ends[there] & (amount > 0), factory.processes.hold[orders.process[at]], 0)
    parts = (flows.transfer[flow] > 0) & (np.abs(amount) > flows.transfer[flow])
    found = [(flows.buffer[flow][~parts], moment[~parts], at[~parts], amount[~parts])]
    found += [_passed_on(factory, orders, int(at[k]), int(flow[k]), float(amount[k])) for k in np.flatnonzero(parts)]
    found += [_at_once(factory, orders), _on_hand(factory)]
    buffer, moment, order, amount = (np.concatenate(column) for column in zip(*found, strict=True))
    place = np.lexsort((order, -amount, moment, buffer))
    buffer, amount = buffer[place], amount[place]
    total = np.cumsum(amount)
    if not len(buffer):
        return Moved(buffer, moment, order, amount, amount)
    first = np.append(True, buffer[1:] != buffer[:-1])
    base = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    return Moved(buffer, moment[place], order[place], amount, total - (total - amount)[base])


def _passed_on(factory: Factory, orders: Orders, k: int, flow: int, amount: float) -> tuple[Ints, Ints, Ints, Floats]:
    """Return what one order moves a batch at a time: used as the work of each begins, made as it ends."""
    flows, batch = factory.flows, float(factory.flows.transfer[flow])
    count = int(np.ceil(abs(amount) / batch - 1e-7))
    clock = clock_of(factory.openings, int(factory.modes.calendar[orders.mode[k]]), int(orders.start[k]), FOREVER)
    start, end = clock.worked(orders.start[[k]]), clock.worked(orders.end[[k]])
    share = np.arange(count) + (amount > 0)
    when = clock.when(start + (end - start) * share // count) + flows.offset[flow]
    size = np.minimum(batch, abs(amount) - batch * np.arange(count)) * np.sign(amount)
    return np.full(count, flows.buffer[flow]), when, np.full(count, k), size


def _at_once(factory: Factory, orders: Orders) -> tuple[Ints, Ints, Ints, Floats]:
    """Return what deliveries without a process take from the buffers of their demands."""
    k = np.flatnonzero((orders.process < 0) & (orders.demand >= 0))
    return factory.demands.buffer[orders.demand[k]], orders.end[k], k, -orders.quantity[k]


def _on_hand(factory: Factory) -> tuple[Ints, Ints, Ints, Floats]:
    """Return the stock at the beginning, before everything else."""
    b = np.flatnonzero(factory.buffers.opening != 0)
    return b, np.full(len(b), -FOREVER), np.full(len(b), -1), factory.buffers.opening[b]
