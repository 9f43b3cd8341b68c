"""What a schedule of a factory must obey, said again in the simplest words, for tests."""

from __future__ import annotations

import numpy as np

from tandemplan.schedule.factory import Factory, Orders

TOLERANCE = 1e-6


def broken(factory: Factory, orders: Orders) -> list[str]:
    """Return what a schedule breaks."""
    return [
        *_lots(factory, orders),
        *_times(factory, orders),
        *_stations(factory, orders),
        *_material(factory, orders),
        *_deliveries(factory, orders),
    ]


def _lots(factory: Factory, orders: Orders) -> list[str]:
    p, found = factory.processes, []
    for i in np.flatnonzero((orders.process >= 0) & (orders.given < 0)).tolist():
        k, q = orders.process[i], orders.quantity[i]
        if q < p.minimum[k] - TOLERANCE or q > p.most[k] + TOLERANCE:
            found.append(f"order {i}: a lot of {q}")
        if p.multiple[k] > 0 and abs(q / p.multiple[k] - round(q / p.multiple[k])) > TOLERANCE:
            found.append(f"order {i}: {q} is no multiple")
    return found


def _times(factory: Factory, orders: Orders) -> list[str]:
    m, found = factory.modes, []
    for i in np.flatnonzero((orders.mode >= 0) & (orders.given < 0)).tolist():
        k = orders.mode[i]
        if orders.start[i] < max(0, factory.processes.fence[orders.process[i]]):
            found.append(f"order {i}: before the fence")
        c = m.calendar[k]
        run = slice(factory.openings.start[c], factory.openings.start[c + 1])
        opens, shuts = factory.openings.opens[run], factory.openings.shuts[run]
        worked = np.maximum(np.minimum(shuts, orders.end[i]) - np.maximum(opens, orders.start[i]), 0).sum()
        if worked != np.ceil(m.fixed[k] + m.unit[k] * orders.quantity[i] - TOLERANCE):
            found.append(f"order {i}: works {worked} seconds")
        if not ((opens <= orders.start[i]) & (orders.start[i] <= shuts)).any():
            found.append(f"order {i}: starts when shut")
    return found


def _stations(factory: Factory, orders: Orders) -> list[str]:
    found, m, size = [], factory.modes, factory.resources.size
    for r in range(len(factory.resources.buckets)):
        changes = []
        for i in np.flatnonzero(orders.mode >= 0).tolist():
            for k in range(m.load_start[orders.mode[i]], m.load_start[orders.mode[i] + 1]):
                if factory.loads.resource[k] == r and orders.end[i] > orders.start[i]:
                    changes += [
                        (orders.start[i], factory.loads.stations[k]),
                        (orders.end[i], -factory.loads.stations[k]),
                    ]
        run = slice(size.start[r], size.start[r + 1])
        for t in sorted({c[0] for c in changes} | set(size.at[run].tolist())):
            used = sum(q for at, q in changes if at <= t)
            if used > size.value[run][np.searchsorted(size.at[run], t, side="right") - 1] + TOLERANCE:
                found.append(f"resource {r}: overloaded at {t}")
    return found


def _material(factory: Factory, orders: Orders) -> list[str]:
    found, m, f = [], factory.modes, factory.flows
    for b in range(len(factory.buffers.opening)):
        changes = [(-1, factory.buffers.opening[b])]
        for i in range(len(orders.start)):
            if orders.process[i] < 0 and factory.demands.buffer[orders.demand[i]] == b:
                changes.append((orders.start[i], -orders.quantity[i]))
            for k in (
                range(m.flow_start[orders.mode[i]], m.flow_start[orders.mode[i] + 1]) if orders.mode[i] >= 0 else ()
            ):
                if f.buffer[k] == b:
                    amount = f.fixed[k] + f.unit[k] * orders.quantity[i]
                    wait = factory.processes.hold[orders.process[i]] if amount > 0 else 0
                    changes.append(((orders.end[i] if f.at_end[k] else orders.start[i]) + f.offset[k] + wait, amount))
        total = 0.0
        for t, amount in sorted(changes, key=lambda c: (c[0], -c[1])):
            total += amount
            if total < -TOLERANCE:
                found.append(f"buffer {b}: {total} at {t}")
                break
    return found


def _deliveries(factory: Factory, orders: Orders) -> list[str]:
    found, d = [], factory.demands
    for i in range(len(d.due)):
        mine = np.flatnonzero(orders.demand == i)
        delivered = orders.quantity[mine].sum()
        if delivered > d.quantity[i] + TOLERANCE or (orders.end[mine] > d.latest[i]).any():
            found.append(f"demand {i}: too much or too late")
        small = mine[orders.quantity[mine] < d.least[i] - TOLERANCE]
        if len(small) > 1 or (len(small) == 1 and delivered < d.quantity[i] - TOLERANCE):
            found.append(f"demand {i}: shipments are too small")
    return found


def lateness(factory: Factory, orders: Orders) -> tuple[list[float], list[float]]:
    """Return units not delivered and late unit-days of each class."""
    d = factory.demands
    classes = int(d.rank.max()) + 1
    missing, late = [0.0] * classes, [0.0] * classes
    for i in range(len(d.due)):
        mine = np.flatnonzero(orders.demand == i)
        missing[d.rank[i]] += float(d.quantity[i] - orders.quantity[mine].sum())
        late[d.rank[i]] += float((orders.quantity[mine] * np.maximum(0, orders.end[mine] - d.due[i])).sum()) / 86400
    return missing, late
