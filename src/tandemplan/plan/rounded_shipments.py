"""Deliveries made whole: units gathered at each node until a shipment is large enough, demand after demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.order_sizes import DUST, least_shipments

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Wait:
    """One demand in the queue of its node: entries of `network.delivering` by period (-1: closed), units, smallest shipment.

    `taken` is what the plan has delivered of it by the end of each period.
    """

    entry: Ints
    quantity: float
    least: float
    taken: Floats


def rounded_shipments(network: Network, deliver: Floats) -> Floats:
    """Return deliveries none of which is too small, from those of a plan whose part deliveries may have any size.

    At each node, units that the plan delivers wait until they make a shipment: all that is left of a demand, or at least its minimum.
    Demands that the plan delivers in full come in the order in which it completes them, each as soon as all before it are done,
    so that none is completed later; of the others (by class, certainty and due day) each gets what is left for them as soon as it is enough.
    Nothing is ever delivered before the plan has it there, so all that brings it stays as it is.
    """
    found = deliver.copy()
    least = least_shipments(network)
    asked = np.flatnonzero(least > 0)
    for node in np.unique(network.demand_node[asked]):
        rows = asked[network.demand_node[asked] == node]
        waits = {int(d): _wait(network, deliver, int(d), float(least[d])) for d in rows}
        full = [d for d, w in waits.items() if w.taken[-1] >= w.quantity - DUST]
        demands = network.demands
        full.sort(key=lambda d: (_completed(waits[d]), demands.demand_class[d], demands.due[d], demands.names[d]))
        others = [d for d in waits if waits[d].taken[-1] > DUST and d not in set(full)]
        others.sort(key=lambda d: (demands.demand_class[d], demands.certainty[d], demands.due[d], demands.names[d]))
        found[np.concatenate([w.entry[w.entry >= 0] for w in waits.values()])] = 0.0
        for queue, blocks in ((full, True), (others, False)):
            _serve([waits[d] for d in queue], found, blocks=blocks)
    return found


def large_enough(network: Network, deliver: Floats) -> NDArray[np.bool_]:
    """Return which deliveries are at least the minimum shipment of their demand, or complete it (nothing is no shipment)."""
    ways, least = network.delivering, least_shipments(network)
    sofar = np.cumsum(deliver)
    first = np.searchsorted(ways.demand, ways.demand)
    sofar = sofar - np.concatenate([[0.0], sofar])[first]
    near = DUST + 1e-7 * least[ways.demand]
    completes = sofar >= network.demands.quantity[ways.demand] - near
    return np.asarray((deliver <= DUST) | (deliver >= least[ways.demand] - near) | completes)


def _wait(network: Network, deliver: Floats, demand: int, least: float) -> _Wait:
    ways = network.delivering
    mine = np.arange(*np.searchsorted(ways.demand, [demand, demand + 1]))
    entry = np.full(len(network.periods), -1, dtype=np.int64)
    entry[ways.period[mine]] = mine
    taken = np.zeros(len(network.periods))
    taken[ways.period[mine]] = deliver[mine]
    return _Wait(entry, float(network.demands.quantity[demand]), least, np.cumsum(taken))


def _completed(wait: _Wait) -> int:
    """Return the period by which the plan has delivered all of a demand."""
    return int(np.argmax(wait.taken >= wait.quantity - DUST))


def _serve(queue: list[_Wait], found: Floats, *, blocks: bool) -> None:
    """Write the shipments of a queue into `found`; one that has to wait `blocks` those behind it, or only while it can still be served."""
    if not queue:
        return
    supply = np.sum([w.taken for w in queue], axis=0)
    made, given = 0.0, [0.0] * len(queue)
    for t in range(len(supply)):
        for k, wait in enumerate(queue):
            left = wait.quantity - given[k]
            if left <= DUST:
                continue
            units = _shipment(wait, left, float(supply[t]) - made, float(wait.taken[t]) - given[k], blocks=blocks)
            if wait.entry[t] >= 0 and units > 0:
                found[wait.entry[t]] = units
                made, given[k] = made + units, given[k] + units
            if left - (units if wait.entry[t] >= 0 else 0.0) > DUST and (blocks or _hopes(wait, supply, made, t)):
                break


def _shipment(wait: _Wait, left: float, there: float, own: float, *, blocks: bool) -> float:
    """Return what can be sent of a demand with `left` units to go: all, or a part of what the plan has sent of it."""
    if there >= left - DUST:
        return left
    part = min(there, own if blocks else there, left)
    return part if part >= wait.least else 0.0


def _hopes(wait: _Wait, supply: Floats, made: float, period: int) -> bool:
    """Return whether a demand can still be sent a shipment after a period, with all that comes until its last day."""
    later = np.flatnonzero(wait.entry[period + 1 :] >= 0)
    return bool(len(later)) and float(supply[period + 1 + later[-1]]) - made >= wait.least - DUST
