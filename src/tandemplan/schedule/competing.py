"""What no schedule is below where the demands of a class compete for a work centre, or for some among which there is a choice.

Late unit-days are the integral over time of the units that are due and not delivered. Until a moment a work centre can have done no more
than it is open; so no more units can be there than those that take the least of it. Each moment is looked at for itself.

A unit of a buffer holds at least the potential W of a work centre's time: own time + potentials of what is used >= potentials of what is made, in every
process that is planned; stock and given orders bring theirs. (Linear programming duality for the flow of material.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints
from tandemplan.schedule.clocks import clock_of, pieces_of
from tandemplan.schedule.factory import FOREVER, Factory

Centres = frozenset[int]  # work centres looked at as one: all of them count buckets, or none does
DAY = 86400
ROUNDS = 40  # levels through which potentials are passed on, at most
MOMENTS = 500  # that are looked at, about; fewer where there are many demands
EFFORT = 5_000_000  # moments times demands times work centres, about
LITTLE = 1e-9


@dataclass(frozen=True)
class Asked:
    """Demands of a class: units, due moments, least shipments, and from when on each share of their units can be there at all."""

    quantity: Floats
    due: Ints
    least: Floats
    there: Floats  # a row for each demand, a column for each of its equal shares; infinity: never


def backlog(factory: Factory, asked: Asked, rows: Ints) -> float:
    """Return late unit-days of some demands (their `rows`) that no schedule is below in which all of them are delivered."""
    if not len(rows):
        return 0.0
    times = _moments(factory, asked)
    keys = [_supplies(factory, i) for i in rows.tolist()]
    least = _late(asked, times, np.full(len(times), np.inf), np.zeros(len(rows)))
    for centres in _together(factory):
        potential = potentials(factory, centres)
        known = {key: _of_demand(factory, potential, centres, key) for key in set(keys)}
        work = np.array([known[key] for key in keys])
        if (work > LITTLE).any():
            given = [capacity(factory, r, times[1:] - 1) for r in sorted(centres)]
            room = np.asarray(_ready(factory, potential) + np.sum(given, axis=0), dtype=np.float64)
            least = np.maximum(least, _late(asked, times, room, work))
    return float((least * np.diff(times)).sum() / DAY)


def _together(factory: Factory) -> list[frozenset[int]]:
    """Return the work centres that are looked at as one: each alone, and those among which the makers of a buffer, or a demand, may choose."""
    counts, d = factory.resources.buckets, factory.demands
    makers = [factory.buffers.maker[a:b].tolist() for a, b in pairwise(factory.buffers.maker_start.tolist())]
    ways = {key for key in (_supplies(factory, i) for i in range(len(d.due))) if key[0] >= 0}
    found = {frozenset((r,)): None for r in range(len(counts))}
    for modes in [*makers, *sorted(ways)]:
        mine = frozenset(r for m in modes for r in _centres(factory, m))
        found |= {frozenset(r for r in mine if bool(counts[r]) == b): None for b in (False, True)}
    return [centres for centres in found if centres]


def _centres(factory: Factory, mode: int) -> set[int]:
    """Return the work centres of a mode and of the steps of its route."""
    m, loads = factory.modes, factory.loads
    modes = [mode, *(x for step in _steps(factory, mode) for x in step)]
    return {r for x in modes for r in loads.resource[m.load_start[x] : m.load_start[x + 1]].tolist()}


def _moments(factory: Factory, asked: Asked) -> Ints:
    """Return the moments between which the backlog is looked at: due moments, and others until the horizon."""
    first = int(asked.due.min())
    there = np.where(np.isinf(asked.there), 0, asked.there)
    last = max(factory.horizon, int(there.max()))
    count = max(50, min(MOMENTS, EFFORT // (len(asked.due) * (1 + len(factory.resources.buckets)))))
    days = np.arange(count) * DAY + first
    far = np.geomspace(DAY, max(2 * DAY, last - first), count // 4).astype(np.int64) + first
    shares = np.unique(there.astype(np.int64))
    shares = shares[:: 1 + len(shares) // count]
    times = np.unique(np.concatenate([asked.due[:count], days, far, shares, shares + 1]))
    return times[(times >= first) & (times <= last)].astype(np.int64)


def _late(asked: Asked, times: Ints, room: Floats, work: Floats) -> Floats:
    """Return for each stretch between two moments the units that are due and cannot be delivered, within the room of a work centre."""
    order = np.argsort(work, kind="stable")
    quantity, due, least, work = asked.quantity[order], asked.due[order], asked.least[order], work[order]
    there, share = np.sort(asked.there[order], axis=1), quantity / asked.there.shape[1]
    whole = least >= quantity - LITTLE
    left = np.zeros(len(times) - 1)
    for k in range(len(times) - 1):
        asks = due <= times[k]
        most = share * (there <= times[k + 1] - 1).sum(axis=1)
        most = np.where((most < least - LITTLE) | (whole & (most < quantity - LITTLE)), 0.0, most)
        most = np.where(np.where(whole, quantity, np.minimum(least, quantity)) * work > room[k] + LITTLE, 0.0, most)
        most = np.where(asks, most, 0.0)
        left[k] = quantity[asks].sum() - _units(most, work, float(room[k]), _step(quantity[most > 0], whole[most > 0]))
    return np.maximum(left, 0.0)


def _step(quantity: Floats, whole: NDArray[np.bool_]) -> float:
    """Return of what all that can be delivered is a multiple, 0 where that is nothing certain: demands are delivered in one piece each."""
    if not len(quantity) or not whole.all() or (quantity != np.round(quantity)).any():
        return 0.0
    return float(np.gcd.reduce(quantity.astype(np.int64)))


def _units(most: Floats, work: Floats, room: float, step: float) -> float:
    """Return how many units can be delivered at most, those that take least work first, when each takes its share of the room.

    >>> _units(np.array([2.0, 4.0]), np.array([1.0, 3.0]), 8.0, 0.0), _units(np.array([1.0, 1.0]), np.array([2.0, 2.0]), 3.0, 1.0)
    (4.0, 1.0)
    """
    spent = np.cumsum(most * work)
    k = int(np.searchsorted(spent, room + LITTLE, side="right"))
    units = float(most[:k].sum())
    if k < len(most):
        units += (room - (float(spent[k - 1]) if k else 0.0)) / float(work[k])
    return step * float(np.floor(units / step + LITTLE)) if step > 0.0 else units


def capacity(factory: Factory, r: int, until: Ints) -> Floats:
    """Return the seconds of stations, or the units of its buckets, that a work centre can give before moments after the start."""
    last = int(until.max()) + 1
    size = factory.resources.size
    if factory.resources.buckets[r]:
        begin, _, value = pieces_of(size, r, 0, last)
        return np.append(0.0, np.cumsum(np.maximum(value, 0.0)))[np.searchsorted(begin, until, side="right")]
    clock = clock_of(factory.openings, int(factory.resources.calendar[r]), 0, last)
    total = np.zeros(len(until))
    for begin, end, value in zip(*pieces_of(size, r, 0, last), strict=True):
        edges = np.array([begin])
        total += max(0.0, value) * np.maximum(0, clock.worked(np.clip(until, begin, end)) - clock.worked(edges))
    return total


def potentials(factory: Factory, centres: Centres) -> Floats:
    """Return for each buffer what of some work centres a unit takes at least, on all levels; 0 where that is not certain."""
    b = factory.buffers
    parts = [(_own(factory, centres, i), *_flows(factory, i)) for i in np.unique(b.maker).tolist()]
    never = {x for _, out, _ in parts for x, units in out.items() if len(out) > 1 or units <= 0.0}
    way = factory.demands.way.tolist()
    delivers = {k for w in way for k in range(factory.processes.mode_start[w], factory.processes.mode_start[w + 1])}
    never |= {x for k in delivers for x in _flows(factory, k)[0]}
    held = np.zeros(len(b.opening))
    for _ in range(ROUNDS):
        least = np.full(len(held), np.inf)
        for own, out, uses in parts:
            needs = own + sum(units * held[x] for x, units in uses.items())
            for x, units in out.items():
                if x not in never:
                    least[x] = min(least[x], needs / units)
        least[np.isinf(least)] = 0.0
        if (least <= held + LITTLE).all():
            break
        held = np.maximum(held, least)
    return held


def _steps(factory: Factory, mode: int) -> list[list[int]]:
    """Return the modes of each step of a mode's route; none where its process is no route."""
    p, f = int(factory.modes.process[mode]), factory.processes
    steps = f.step[f.step_start[p] : f.step_start[p + 1]].tolist()
    return [list(range(f.mode_start[s], f.mode_start[s + 1])) for s in steps]


def _own(factory: Factory, centres: Centres, mode: int) -> float:
    """Return what a unit of a lot takes of some work centres at least, in its mode and the steps of its route."""
    return _load(factory, centres, mode) + sum(
        min(_load(factory, centres, m) for m in ways) for ways in _steps(factory, mode) if ways
    )


def _load(factory: Factory, centres: Centres, mode: int) -> float:
    """Return what a unit of a lot in one mode takes of some work centres: seconds of a station at the best pace, or units of a bucket."""
    m, loads = factory.modes, factory.loads
    run = slice(int(m.load_start[mode]), int(m.load_start[mode + 1]))
    mine = np.isin(loads.resource[run], sorted(centres))
    if factory.resources.buckets[min(centres)]:
        return float(loads.unit[run][mine].sum())
    row, pace = int(m.efficiency[mode]), 1.0
    if row >= 0:
        pace = float(factory.efficiency.value[factory.efficiency.start[row] : factory.efficiency.start[row + 1]].max())
    return float(loads.stations[run][mine].sum() * m.unit[mode]) / pace if pace > 0.0 else 0.0


def _flows(factory: Factory, mode: int) -> tuple[dict[int, float], dict[int, float]]:
    """Return the buffers that a mode and its route fill, with units of each unit of a lot (0: not in proportion), and what they use for certain."""
    ways = _steps(factory, mode)
    out: dict[int, float] = {}
    uses: dict[int, float] = {}
    flows, start = factory.flows, factory.modes.flow_start
    for m in [mode, *(m for step in ways for m in step)]:
        certain, last = m == mode or [m] in ways, m == mode or [m] == ways[-1]
        for k in range(start[m], start[m + 1]):
            x, unit, fixed = int(flows.buffer[k]), float(flows.unit[k]), float(flows.fixed[k])
            if unit > 0.0 or fixed > 0.0:
                late = flows.at_end[k] > 0 and flows.offset[k] >= 0  # not before the work is done
                out[x] = unit if late and last and fixed <= 0.0 and x not in out else 0.0
            elif certain and flows.offset[k] <= 0 and flows.since[k] == -FOREVER and flows.until[k] == FOREVER:
                uses[x] = uses.get(x, 0.0) - unit
    return out, uses


def _supplies(factory: Factory, i: int) -> tuple[int, ...]:
    """Return the modes that deliver a demand; of one that is delivered from its buffer, -1 and the buffer."""
    d, p = factory.demands, factory.processes
    ways = d.way[d.way_start[i] : d.way_start[i + 1]].tolist()
    return tuple(m for w in ways for m in range(p.mode_start[w], p.mode_start[w + 1])) or (-1, int(d.buffer[i]))


def _of_demand(factory: Factory, potential: Floats, centres: Centres, key: tuple[int, ...]) -> float:
    """Return what a unit of a demand takes of some work centres at least; its key is that of `_supplies`."""
    if key[0] < 0:
        return float(potential[key[1]])
    return min(
        _own(factory, centres, m) + sum(units * float(potential[x]) for x, units in _flows(factory, m)[1].items())
        for m in key
    )


def _ready(factory: Factory, potential: Floats) -> float:
    """Return what stock and given orders bring of a work centre's time, whenever they do."""
    given, flows, start = factory.given, factory.flows, factory.modes.flow_start
    total = float((np.maximum(factory.buffers.opening, 0.0) * potential).sum())
    for g in np.flatnonzero(given.mode >= 0).tolist():
        modes: Sequence[int] = [int(given.mode[g]), *(m for step in _steps(factory, int(given.mode[g])) for m in step)]
        for k in [k for m in modes for k in range(start[m], start[m + 1])]:
            total += max(0.0, flows.fixed[k] + flows.unit[k] * given.quantity[g]) * float(potential[flows.buffer[k]])
    return total
