"""Who feeds whom in a schedule, order by order, and which demand each order serves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import Floats, Ints, sums
from tandemplan.pegging.matching import matched
from tandemplan.pegging.orders import DELIVERY
from tandemplan.pegging.schedules import shop_of
from tandemplan.results.schedule_shapes import DELIVERIES, DEMAND_SUMMARY, ORDERS
from tandemplan.results.store import Run

NOBODY = -1


@dataclass(frozen=True, eq=False)
class Pegs:
    """Who feeds whom in a schedule, by the rows of its table `orders`.

    Order `to[k]` takes `units[k]` of what order `of[k]` gives. `root` is the order of the route that an order is a step of, else itself;
    `demand` the row of `demand_summary` of the demand that it feeds which is served first (-1: none); `late` by how many days the latest
    delivery that it feeds is late (nan: it feeds none).
    """

    of: Ints
    to: Ints
    units: Floats
    root: Ints
    demand: Ints
    late: Floats


def pegs_of(run: Run) -> Pegs:
    """Return who feeds whom: lots and uses matched first in, first out, as in the pegging of the run."""
    shop, orders, summary = shop_of(run), run[ORDERS], run[DEMAND_SUMMARY]
    links, count = matched(shop.goods), len(orders["order"])
    uses = shop.goods.uses
    of, to = shop.row[links.order], shop.row[uses.order[links.use]]
    units = uses.units[links.use] * (links.use_to - links.use_from)
    known = (of >= 0) & (to >= 0)
    pair, at = np.unique(of[known] * count + to[known], return_inverse=True)
    of, to = pair // max(count, 1), pair % max(count, 1)
    delivered = shop.row[shop.goods.orders.kind == DELIVERY]
    late, first = np.full(count, np.nan), np.full(count, len(summary["demand"]))
    np.fmax.at(late, delivered, run[DELIVERIES]["late_days"])
    number = {d: k for k, d in enumerate(summary["demand"].tolist())}
    served = np.lexsort((summary["due"], summary["demand_class"]))
    place = np.empty(len(served), dtype=np.int64)
    place[served] = np.arange(len(served))
    asked = np.array([number[d] for d in run[DELIVERIES]["demand"].tolist()], dtype=np.int64)
    np.minimum.at(first, delivered, place[asked])
    _carried(of, to, late, first)
    names = {n: k for k, n in enumerate(orders["order"].tolist())}
    root = np.array([names.get(p, k) for k, p in enumerate(orders["part_of"].tolist())], dtype=np.int64)
    demand = np.append(served, NOBODY)[np.where(first < len(served), first, len(served))]
    return Pegs(of, to, sums(at.reshape(-1), units[known], len(pair)), root, demand[root], late[root])


def _carried(of: Ints, to: Ints, late: Floats, first: Ints) -> None:
    """Carry lateness and the first demand back from takers to givers until nothing changes."""
    for _ in range(len(late)):
        before = late.copy(), first.copy()
        np.fmax.at(late, of, late[to])
        np.minimum.at(first, of, first[to])
        if np.array_equal(before[0], late, equal_nan=True) and np.array_equal(before[1], first):
            return
