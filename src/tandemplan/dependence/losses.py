"""When sources are lost, from which day and for how long, and what comes late for it: cumulated by place, before anything is passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.dependence.sources import Bools, Source

FOR_EVER = np.inf


@dataclass(frozen=True, eq=False)
class Losses:
    """Losses, a row each: `source[k]` is lost from day `first[k]` on for `days[k]` (inf: for good)."""

    source: Ints
    first: Floats
    days: Floats

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, eq=False)
class Sent:
    """Orders that sources send: the day on which each is sent and comes, its place and its units."""

    sent: Floats
    comes: Floats
    place: Ints
    units: Floats


def losses_of(sources: Sequence[Source], days: Ints) -> Losses:
    """Return the loss of each source for good, and for its time to recover where it is known, from each of some days on."""
    rows = [
        (k, float(day), lasts)
        for k, s in enumerate(sources)
        for lasts in [FOR_EVER, *([s.recover_days] if s.recover_days > 0 else [])]
        for day in days.tolist()
    ]
    return Losses(
        np.array([r[0] for r in rows], dtype=np.int64), np.array([r[1] for r in rows]), np.array([r[2] for r in rows])
    )


def withheld(losses: Losses, through: Sequence[Bools], orders: Sent, ends: Floats) -> dict[int, tuple[Ints, Floats]]:
    """Return what is missing at each place by the end of each period: the losses (rows) and units (rows x periods).

    `through[k]` says which orders go through source k; `ends` are the days on which periods end. What would have been sent meanwhile is
    sent on the day on which the source is back, and comes as much later.
    """
    found: dict[int, list[tuple[int, Floats]]] = {}
    for k in range(len(losses)):
        first, last = losses.first[k], losses.first[k] + losses.days[k]
        mine = np.flatnonzero(through[losses.source[k]] & (orders.sent >= first) & (orders.sent < last))
        if not len(mine):
            continue
        gone = np.searchsorted(ends, orders.comes[mine], side="right")
        back = np.searchsorted(ends, orders.comes[mine] + (last - orders.sent[mine]), side="right")
        for place in np.unique(orders.place[mine]).tolist():
            here = orders.place[mine] == place
            change = np.zeros(len(ends) + 1)
            np.add.at(change, gone[here], orders.units[mine[here]])
            np.add.at(change, back[here], -orders.units[mine[here]])
            found.setdefault(place, []).append((k, np.cumsum(change[:-1])))
    return {
        place: (np.array([k for k, _ in parts], dtype=np.int64), np.array([m for _, m in parts]))
        for place, parts in found.items()
    }


def stopped(losses: Losses, rows: Ints, edges: Floats) -> Floats:
    """Return how far work has come by the end of each period where it stops while a loss lasts (losses x periods), as a number of periods.

    `edges` are the days on which periods begin, and the last one ends.
    """
    first, last = losses.first[rows, None], (losses.first + losses.days)[rows, None]
    ends = edges[1:]
    reached = np.where((ends > first) & (ends < last), first, ends)
    return np.interp(reached, edges, np.arange(len(edges), dtype=np.float64))
