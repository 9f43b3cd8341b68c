"""The fixed day inside the period on which everything at a node happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import sums

Ints = NDArray[np.int64]
NOT_FIXED = -1
DUE_WEIGHT = 1000  # being on time before waiting on the way; a constant, so that other nodes do not matter
SAME = 1e-6  # costs closer than this are equal: sums of floats in another order differ by less


@dataclass(frozen=True, eq=False)
class Links:
    """What ties phases together: goods go from `before` to `after` in `lead` days; `node` is due on day `due` of a period."""

    before: Ints
    after: Ints
    lead: Ints
    node: Ints
    due: Ints
    weight: NDArray[np.float64]


def choose_phases(count: int, links: Links, length: int, fixed: Ints | None = None, rounds: int = 30) -> Ints:
    """Return a phase from 0 to `length` - 1 for each of `count` nodes that keeps goods waiting few days.

    Nodes with a phase in `fixed` (-1: free) keep it. Waiting is counted on each link modulo the period: (phase after -
    phase before - lead) mod length, and from the phase of a node to each due day on it. The rule looks at all nodes at
    once, so that it depends neither on their names nor on their order: first backwards from the due days, then with
    both neighbours; the best round is kept.

    >>> links = Links(np.array([0]), np.array([1]), np.array([1]), np.array([1]), np.array([4]), np.array([1.0]))
    >>> [int(p) for p in choose_phases(2, links, 7)]
    [3, 4]
    """
    if length == 1 or count == 0:
        return np.zeros(count, dtype=np.int64)
    held = np.full(count, NOT_FIXED) if fixed is None else fixed
    day = np.arange(length)
    own = _due_cost(count, links, length)
    phases = np.where(held >= 0, held, length - 1)
    best, best_cost = phases, np.inf
    for k in range(2 * rounds):
        cost = own.copy()
        cost += _totals(links.before, _wait(phases, links, day, length), count)
        if k >= rounds and k % 2:
            cost += _totals(links.after, (day - (phases[links.before] + links.lead)[:, None]) % length, count)
        phases = np.where(held >= 0, held, _first_least(cost))
        total = float(own[np.arange(count), phases].sum() + _link_cost(phases, links, length).sum())
        if total < best_cost - SAME:
            best, best_cost = phases, total
    return best


def phases_by_class(count: int, links: Links, rank: Ints, length: int) -> Ints:
    """Return phases chosen for one class of demand after another, so that a later class moves no node of an earlier one.

    `rank` is the class of each due day in `links`. A class settles every node that can feed its demands.
    """
    phases = np.full(count, NOT_FIXED, dtype=np.int64)
    settled = np.zeros(count, dtype=bool)
    for demand_class in [*np.unique(rank).tolist(), None]:
        due = np.ones(len(rank), dtype=bool) if demand_class is None else rank == demand_class
        inside = (
            np.ones(count, dtype=bool) if demand_class is None else settled | feeding(count, links, links.node[due])
        )
        kept = inside[links.before] & inside[links.after]
        part = Links(
            links.before[kept], links.after[kept], links.lead[kept], links.node[due], links.due[due], links.weight[due]
        )
        chosen = choose_phases(count, part, length, np.where(settled, phases, NOT_FIXED))
        phases = np.where(inside & ~settled, chosen, phases)
        settled = settled | inside
    return phases


def feeding(count: int, links: Links, nodes: Ints) -> NDArray[np.bool_]:
    """Return which nodes can feed one of `nodes`, these included."""
    found = np.zeros(count, dtype=bool)
    found[nodes] = True
    while True:
        more = found.copy()
        more[links.before[found[links.after]]] = True
        if (more == found).all():
            return found
        found = more


def _first_least(cost: NDArray[np.float64]) -> Ints:
    """Return the first day in each row with the least cost."""
    return np.asarray(np.argmax(cost <= cost.min(axis=1, keepdims=True) + SAME, axis=1), dtype=np.int64)


def _wait(phases: Ints, links: Links, day: Ints, length: int) -> Ints:
    return ((phases[links.after] - links.lead)[:, None] - day) % length


def _link_cost(phases: Ints, links: Links, length: int) -> Ints:
    return (phases[links.after] - phases[links.before] - links.lead) % length


def _due_cost(count: int, links: Links, length: int) -> NDArray[np.float64]:
    """Return the mean days from each possible phase of a node to the due days on it, weighted."""
    share = sums(links.node, links.weight, count)
    wait = (links.due[:, None] - np.arange(length)) % length
    weighted = wait * (links.weight / np.maximum(share[links.node], 1e-12))[:, None]
    return _totals(links.node, weighted, count) * DUE_WEIGHT


def _totals(group: Ints, values: NDArray[Any], count: int) -> NDArray[np.float64]:
    """Return the sum of the rows of `values` in each of `count` groups."""
    return np.stack([sums(group, column, count) for column in values.T], axis=1)
