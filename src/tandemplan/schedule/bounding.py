"""What no schedule is below: each demand as if it were alone, with all material and all stations for itself.

Units of a buffer cannot be there before they lie there, are made in given orders, or can be made from what can itself be there. All that
is left out (other demands, multiples of lots, dated flows) only makes things easier, so that no schedule does better.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tandemplan.arrays import Floats
from tandemplan.schedule.board import TINY
from tandemplan.schedule.competing import Asked, backlog
from tandemplan.schedule.factory import FOREVER, Factory

DAY = 86400.0
SHARES, MORE = 12, 100  # steps in which the units of a demand are looked at, more of them where demands are few
FEW = 300
EASY = 1e-6  # units: the first of them


@dataclass(frozen=True, eq=False)
class Alone:
    """A factory with one demand alone: `known` holds what has been worked out of buffers and quantities."""

    factory: Factory
    known: dict[tuple[int, float], float] = field(default_factory=dict)
    made: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)

    def there(self, buffer: int, quantity: float) -> float:
        """Return a moment before which so many units of a buffer cannot have come, in all; infinity where they never can."""
        key = (buffer, round(quantity, 6))
        if buffer in self.asked:
            return 0.0  # a circle ends here
        if key not in self.known:
            self.asked.add(buffer)
            self.known[key] = self._there(buffer, quantity)
            self.asked.discard(buffer)
        return self.known[key]

    def _there(self, buffer: int, quantity: float) -> float:
        at, amount = self._given(buffer)
        left, come = quantity - self.factory.buffers.opening[buffer], np.cumsum(amount)
        if left <= TINY:
            return 0.0
        enough = len(come) and come[-1] >= left - TINY
        given = max(0.0, float(at[np.searchsorted(come, left - TINY)])) if enough else np.inf
        made = EASY if enough else left - (float(come[-1]) if len(come) else 0.0)
        run = self.factory.buffers.maker_start
        makers = self.factory.buffers.maker[run[buffer] : run[buffer + 1]].tolist()
        processes = {int(self.factory.modes.process[m]) for m in makers}
        if len(processes) > 1 or len({self._uses(m) for m in makers}) > 1:
            made = EASY  # who makes how much is open
        return min(given, min((self._made(m, buffer, made) for m in makers), default=np.inf))

    def _given(self, buffer: int) -> tuple[Floats, Floats]:
        """Return when given orders make something of a buffer, and how much, in their order."""
        if buffer not in self.made:
            self.made[buffer] = self._made_by_given(buffer)
        return self.made[buffer]

    def _made_by_given(self, buffer: int) -> tuple[Floats, Floats]:
        given, flows, start = self.factory.given, self.factory.flows, self.factory.modes.flow_start
        found = [
            (
                int((given.end if flows.at_end[f] else given.start)[g] + flows.offset[f]),
                flows.fixed[f] + flows.unit[f] * given.quantity[g],
            )
            for g in np.flatnonzero(given.mode >= 0).tolist()
            for f in range(start[given.mode[g]], start[given.mode[g] + 1])
            if flows.buffer[f] == buffer and flows.fixed[f] + flows.unit[f] * given.quantity[g] > 0
        ]
        found = [(t if self.factory.given.firm.all() else 0, q) for t, q in found]
        return np.array([t for t, _ in sorted(found)], dtype=float), np.array([q for _, q in sorted(found)])

    def _uses(self, mode: int) -> tuple[tuple[float, ...], ...]:
        """Return the flows of a mode, to compare."""
        run = slice(self.factory.modes.flow_start[mode], self.factory.modes.flow_start[mode + 1])
        return tuple(zip(*(c[run].tolist() for c in self.factory.flows), strict=True))

    def _made(self, mode: int, buffer: int, units: float) -> float:
        """Return a moment before which a maker cannot have made so many units of a buffer."""
        f = self.factory
        p = int(f.modes.process[mode])
        steps = f.processes.step[f.processes.step_start[p] : f.processes.step_start[p + 1]].tolist()
        spread, lots = self._lots(mode, steps, buffer, units)
        fence = float(max(0, f.processes.fence[p]))
        first, t = self._done(mode, EASY, fence, spread), self._done(mode, lots, fence, spread)
        for s in steps:  # a step may begin with the first lot while others are still at the step before
            ways = range(f.processes.mode_start[s], f.processes.mode_start[s + 1])
            t = min(
                (max(self._done(m, lots, first, spread), self._done(m, EASY, t, spread)) for m in ways), default=np.inf
            )
            first = min((self._done(m, EASY, first, spread) for m in ways), default=np.inf)
        if t >= f.processes.until[p]:
            return np.inf
        return max(t, float(f.processes.since[p])) + (0.0 if spread else float(f.processes.hold[p]))

    def _lots(self, mode: int, steps: list[int], buffer: int, units: float) -> tuple[bool, float]:
        """Return whether a lot's output comes bit by bit or before its end, and the units of lots that so many units of a buffer take."""
        f = self.factory
        modes = [mode, *(int(f.processes.mode_start[s]) for s in steps)]
        flows = [k for m in modes for k in range(f.modes.flow_start[m], f.modes.flow_start[m + 1])]
        mine = [k for k in flows if f.flows.buffer[k] == buffer and (f.flows.unit[k] > 0 or f.flows.fixed[k] > 0)]
        spread = any(f.flows.transfer[k] > 0 or not f.flows.at_end[k] or f.flows.offset[k] < 0 for k in mine)
        rate = sum(f.flows.unit[k] for k in mine)
        fixed = any(f.flows.fixed[k] > 0 for k in mine)
        return spread, EASY if fixed or rate <= 0 else units / rate

    def _done(self, mode: int, lots: float, after: float, spread: bool) -> float:
        """Return a moment before which the last of lots of some units in all cannot end, when none starts before `after`."""
        f = self.factory
        p = int(f.modes.process[mode])
        least = 0.0 if len(f.processes.minimum_by.at) else float(f.processes.minimum[p])
        first, last, ended = after, after, 0.0
        for k in range(f.modes.flow_start[mode], f.modes.flow_start[mode + 1]):
            if f.flows.since[k] > -FOREVER or f.flows.until[k] < FOREVER or f.flows.unit[k] > 0 or f.flows.fixed[k] > 0:
                continue
            offset = float(f.flows.offset[k])
            used = -f.flows.fixed[k] - f.flows.unit[k] * max(lots, least)
            if f.flows.at_end[k] or f.flows.transfer[k] > 0:
                ended = max(ended, self.there(int(f.flows.buffer[k]), used) - offset)
            else:
                begin = -f.flows.fixed[k] - f.flows.unit[k] * max(least, EASY)
                last = max(last, self.there(int(f.flows.buffer[k]), used) - offset)
                first = max(first, self.there(int(f.flows.buffer[k]), begin) - offset)
        if np.isinf([first, last, ended]).any():
            return np.inf
        one = self._after(mode, last, 0.0 if spread else f.modes.fixed[mode] + f.modes.unit[mode] * least)
        whole = f.modes.fixed[mode] + f.modes.unit[mode] * max(lots, least)
        all_of_them = self._after(mode, first, 0.0 if spread or not self._single(p) else whole)
        return max(one, all_of_them, ended)

    def _single(self, process: int) -> bool:
        """Return whether lots of a process cannot overlap: its only mode takes all of a station."""
        f = self.factory
        m = int(f.processes.mode_start[process])
        if f.processes.mode_start[process + 1] - m != 1:
            return False
        size = f.resources.size
        return any(
            not f.resources.buckets[r] and 2 * q > size.value[size.start[r] : size.start[r + 1]].max()
            for r, q in zip(
                *(c[f.modes.load_start[m] : f.modes.load_start[m + 1]].tolist() for c in f.loads[:2]), strict=True
            )
        )

    def _after(self, mode: int, start: float, seconds: float) -> float:
        """Return when some seconds of work are over at the earliest that start at a moment, or when it opens next."""
        f = self.factory
        row = int(f.modes.efficiency[mode])
        if row >= 0:
            pace = f.efficiency.value[f.efficiency.start[row] : f.efficiency.start[row + 1]].max()
            seconds = seconds / pace if pace > 0 else np.inf
        c = int(f.modes.calendar[mode])
        if c == 0 or np.isinf(seconds):
            return start + seconds
        run = slice(f.openings.start[c], f.openings.start[c + 1])
        opens, shuts = f.openings.opens[run].astype(float), f.openings.shuts[run].astype(float)
        length = np.maximum(shuts - np.maximum(opens, start), 0.0)
        enough = np.flatnonzero((np.cumsum(length) >= seconds - 1e-6) & (length > 0))
        if not len(enough):
            return np.inf
        k = enough[0]
        return float(max(opens[k], start) + seconds - (np.cumsum(length)[k] - length[k]))


def bounds_of(factory: Factory) -> tuple[Floats, Floats]:
    """Return for each class the units that no schedule delivers in time, and the least late unit-days of those that miss no more.

    Demands with given deliveries are left out. Late unit-days are those of each demand alone or, where that is more and none must be
    missing, of the demands of the class that compete for one work centre at each moment.
    """
    alone, d = Alone(factory), factory.demands
    classes = int(d.rank.max(initial=0)) + 1
    missing, late = np.zeros(classes), np.zeros(classes)
    served = set(factory.given.demand[factory.given.demand >= 0].tolist())
    rows = np.array([i for i in range(len(d.due)) if i not in served], dtype=np.int64)
    least = np.minimum(np.where(d.group >= 0, d.quantity, d.least), d.quantity)
    shares = MORE if len(rows) <= FEW else SHARES
    there = np.array([_there(alone, i, float(least[i]), shares) for i in rows.tolist()]).reshape(-1, shares)
    last = np.minimum(d.latest[rows], factory.horizon)
    share = d.quantity[rows] / shares
    never = there > last[:, None]
    short = share * never.sum(axis=1)
    days = share * np.where(never, 0.0, np.maximum(0.0, there - d.due[rows][:, None])).sum(axis=1) / DAY
    for k in range(classes):
        mine = d.rank[rows] == k
        missing[k], late[k] = short[mine].sum(), days[mine].sum()
        if missing[k] == 0.0:
            i = rows[mine]
            late[k] = max(late[k], backlog(factory, Asked(d.quantity[i], d.due[i], least[i], there[mine]), i))
    return missing, late


def _there(alone: Alone, i: int, least: float, shares: int) -> list[float]:
    """Return for each share of a demand's units a moment before which its first unit cannot be delivered, were the demand alone."""
    quantity = float(alone.factory.demands.quantity[i])
    return [_delivered(alone, i, max(quantity * k / shares + EASY, least)) for k in range(shares)]


def _delivered(alone: Alone, i: int, quantity: float) -> float:
    """Return a moment before which so many units of a demand cannot be delivered."""
    f = alone.factory
    ways = f.demands.way[f.demands.way_start[i] : f.demands.way_start[i + 1]].tolist()
    if not ways:
        return alone.there(int(f.demands.buffer[i]), quantity)
    modes = [m for p in ways for m in range(f.processes.mode_start[p], f.processes.mode_start[p + 1])]
    after = {m: float(max(0, f.processes.fence[f.modes.process[m]])) for m in modes}
    lots = quantity if len(modes) == 1 else EASY
    return min((alone._done(m, lots, after[m], spread=False) for m in modes), default=np.inf)  # noqa: SLF001
