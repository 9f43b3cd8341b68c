"""What losses of sources lead to, where nobody plans anew: units, unit-days and demands, and the first delivery that is missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import Floats, Ints, starts
from tandemplan.calendar import Periods
from tandemplan.dependence.losses import Losses, Sent, stopped, withheld
from tandemplan.dependence.passing import DUST, Flows, Passing, flows_of
from tandemplan.dependence.sources import Bools, Source
from tandemplan.model.programme import Programme
from tandemplan.model.schema import OpenOrder
from tandemplan.pegging.orders import MOVE, OPEN_ORDER, PRODUCTION, PURCHASE, Goods
from tandemplan.pegging.plans import goods_of_plan
from tandemplan.results.shape import PURCHASES
from tandemplan.results.store import Run


@dataclass(frozen=True, eq=False)
class Harm:
    """What losses lead to, an entry for each: units late or never delivered, their unit-days, demands hurt, and the first day missed (inf: none)."""

    units: Floats
    unit_days: Floats
    demands: Ints
    missed: Floats


def harm_of(programme: Programme, run: Run, sources: Sequence[Source], losses: Losses, periods: Periods) -> Harm:
    """Return what each loss leads to where nobody plans anew; a unit that never comes is late until the plan's end."""
    goods = goods_of_plan(programme, run)
    edges = np.append(periods.starts, periods.days).astype(np.float64)
    flows = flows_of(goods, edges[:-1], edges[-1])
    passing = Passing(flows)
    for sent, masks in _sent(programme, run, goods, sources):
        for place, lines in withheld(losses, masks, sent, edges[1:]).items():
            passing.missing.setdefault(place, []).append(lines)
    stops = _stops(goods, sources)
    for k, work in enumerate(flows.works):
        hit = [s for s, orders in enumerate(stops) if orders[work.orders].any()]
        rows = np.flatnonzero(np.isin(losses.source, hit))
        if len(rows):
            passing.held[k] = [(rows, stopped(losses, rows, edges))]
    count = len(losses)
    harm = Harm(np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.int64), np.full(count, np.inf))
    given = _Given(goods, flows, edges)
    for place, rows, far in passing.places():
        given.add_to(harm, place, rows, far)
    return harm


def _sent(programme: Programme, run: Run, goods: Goods, sources: Sequence[Source]) -> list[tuple[Sent, list[Bools]]]:
    """Return what comes from outside, and which of it goes through each source; what is on order counts as sent on the day on which it comes."""
    orders = goods.orders
    bought, ordered = (np.flatnonzero(orders.kind == kind) for kind in (PURCHASE, OPEN_ORDER))
    start = np.datetime64(programme.settings.start, "D")
    shipped = (run[PURCHASES]["shipped"].astype("datetime64[D]") - start).astype(np.float64)
    row = {name: k for k, name in enumerate(programme[OpenOrder].order.tolist())}
    rows = np.array([row[n] for n in orders.name[ordered].tolist()], dtype=np.int64)
    return [
        (Sent(sent, orders.comes[mine], orders.place[mine], orders.units[mine]), masks)
        for sent, mine, masks in (
            (shipped, bought, [s.purchases for s in sources]),
            (orders.comes[ordered], ordered, [s.open_orders[rows] for s in sources]),
        )
    ]


def _stops(goods: Goods, sources: Sequence[Source]) -> list[Bools]:
    """Return for each source which orders (lots and moves) stop without it."""
    made, moved = (np.flatnonzero(goods.orders.kind == kind) for kind in (PRODUCTION, MOVE))
    found = []
    for source in sources:
        stop = np.zeros(len(goods.orders), dtype=bool)
        stop[made], stop[moved] = source.production, source.moves
        found.append(stop)
    return found


class _Given:
    """The deliveries of a plan by place, and what of them is missed where less has left the place than planned."""

    def __init__(self, goods: Goods, flows: Flows, edges: Floats) -> None:
        self.edges, orders = edges, goods.orders
        order = np.lexsort((orders.rank[flows.deliveries], flows.delivered, flows.left_from))
        self.period, self.place = flows.delivered[order], flows.left_from[order]
        mine = flows.deliveries[order]
        self.units, self.day = orders.units[mine], orders.comes[mine]
        _, self.demand = np.unique(orders.name[mine].astype(str), return_inverse=True)
        self.start = starts(self.place, len(flows.went))

    def add_to(self, harm: Harm, place: int, rows: Ints, far: Floats) -> None:
        """Add what is missed of the deliveries from a place under losses `rows`, where what leaves it has come so `far` (losses x periods)."""
        here = slice(self.start[place], self.start[place + 1])
        units, period = self.units[here], self.period[here]
        if not len(units):
            return
        done = np.zeros(len(self.edges))
        np.add.at(done, period + 1, units)
        done = np.cumsum(done)
        given = np.interp(far, np.arange(len(done), dtype=np.float64), done)
        behind = done[1:] - given
        harm.unit_days[rows] += behind @ np.diff(self.edges)
        missed = np.clip(np.cumsum(units) - given[:, period], 0.0, units)
        hit = missed > DUST
        harm.units[rows] += np.where(hit, missed, 0.0).sum(axis=1)
        harm.missed[rows] = np.minimum(harm.missed[rows], np.where(hit, self.day[here], np.inf).min(axis=1))
        order = np.argsort(self.demand[here], kind="stable")
        firsts = np.flatnonzero(np.diff(self.demand[here][order], prepend=-1))
        harm.demands[rows] += np.logical_or.reduceat(hit[:, order], firsts, axis=1).sum(axis=1)
