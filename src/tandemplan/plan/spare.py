"""What a plan leaves for one more order: the columns that may grow for it, while everything that is promised stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.network.network import Network
from tandemplan.network.phases import Links, feeding
from tandemplan.plan.model import PlanModel
from tandemplan.plan.standing import EASED, LARGE, LAST, standing
from tandemplan.plan.variables import Variables
from tandemplan.results.store import Run
from tandemplan.solver.lp import Lp
from tandemplan.solver.reduced import reduced
from tandemplan.solver.stages import Outcome

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Solve = Callable[
    [Lp, list[tuple[str, Floats]], bool], Outcome
]  # a model, its objectives, and whether it is large and dense
APART = 1e3  # how much dearer the first objective of a large model is than the next, both scaled


@dataclass(frozen=True, eq=False)
class Bounds:
    """How far each column may go, and which stay where `at` has them."""

    low: Floats
    high: Floats
    stays: Bools
    at: Floats


@dataclass(frozen=True, eq=False)
class Spare:
    """A model with one more demand, and a plan without it in its columns `at`, as far as tables say it (`known`; stock follows from them).

    `goods` are the columns of purchases, work and moves that can feed the demand, `mine` those of its deliveries in order of time, with the
    `period` of each, `lost` that of what is never delivered.
    """

    model: PlanModel
    at: Floats
    known: Bools
    goods: Bools
    mine: Ints
    period: Ints
    lost: int

    @property
    def large(self) -> bool:
        """Return whether what seldom limits is looked at after goods."""
        return len(self.model.lp.row_lower) > LARGE

    def seek(self, solve: Solve, bounds: Bounds, costs: Sequence[Floats], *, goods_alone: bool) -> Floats | None:
        """Return the plan within bounds that is best by objectives in order; None where there is none.

        With `goods_alone` nothing limits it that is looked at after goods.
        """
        lp = self.model.lp
        dropped = np.zeros(len(lp.row_lower), dtype=bool)
        for name in LAST if goods_alone else ():
            if name in lp.rows:
                dropped[lp.rows[name].index] = True
        whole = lp.whole & (not self.large)
        part = reduced(
            replace(lp, lower=bounds.low, upper=bounds.high, whole=whole), bounds.at, bounds.stays, dropped, EASED
        )
        if (part.lp.lower > part.lp.upper).any():
            return None
        goals = [(f"promise {k}", cost[part.of]) for k, cost in enumerate(costs, 1)]
        if self.large:  # one objective, in which each weighs so much more than the next that it decides
            goals = [("promise", sum((c * APART**-k for k, (_, c) in enumerate(goals)), np.zeros(len(part.of))))]
        outcome = solve(part.lp, goals, self.large and not goods_alone)
        return None if outcome.x is None else part.plan(outcome.x)


def spare_of(run: Run, programme: Programme, name: str) -> Spare:
    """Return what the plan of a run leaves for the demand `name` of a programme that has everything that was planned, and this demand.

    Raises NoPlanError where the tables of the run are no plan of it.
    """
    plan = standing(run, programme)
    model, at, known, network = plan.model, plan.at, plan.known, plan.model.network
    size, v = len(at), model.variables
    demand = list(network.demands.names).index(name)
    ways = np.flatnonzero(network.delivering.demand == demand)
    cone = feeds(network, network.demand_node[demand])
    goods = np.zeros(size, dtype=bool)
    usual = _usual(network, v, at) if plan.large else np.ones(len(v.buy), dtype=bool)
    for grid, there in (
        (v.buy, cone[network.way_node] & usual),
        (v.make, cone[network.route_node]),
        (v.move, cone[network.move_to]),
    ):
        goods[grid[there][grid[there] >= 0]] = True
    still = v.stock[~cone]
    known[still] = True
    return Spare(model, at, known, goods, v.deliver[ways], network.delivering.period[ways], int(v.lost[demand]))


def _usual(network: Network, v: Variables, at: Floats) -> Bools:
    """Return which ways of buying a plan uses; all ways to a node to which it uses none."""
    used = (np.where(v.buy >= 0, np.append(at, 0.0)[v.buy], 0.0) > 0).any(axis=1)
    reached = np.zeros(len(network.item), dtype=bool)
    reached[network.way_node[used]] = True
    return used | ~reached[network.way_node]


def feeds(network: Network, node: int) -> Bools:
    """Return which nodes can feed one of them, itself included."""
    making = network.making
    before = np.concatenate([network.use_node, network.move_from])
    after = np.concatenate([network.route_node[making.use_route], network.move_to])
    none = np.zeros(0, dtype=np.int64)
    links = Links(before, after, np.zeros_like(before), none, none, np.zeros(0))
    return feeding(len(network.item), links, np.array([node]))


def growing(spare: Spare, first: int, last: int) -> Bounds:
    """Return bounds in which goods that can feed the demand may grow, all of which is delivered in periods `first` to `last`."""
    lp = spare.model.lp
    free = spare.goods.copy()
    free[spare.mine] = free[spare.lost] = True
    low = np.where(spare.known, spare.at, lp.lower)
    high = np.where(spare.known & ~free, spare.at, lp.upper)
    stock = spare.model.variables.stock
    low[stock] = np.minimum(spare.at[stock], 0.0)
    high[spare.mine[(spare.period < first) | (spare.period > last)]] = 0.0
    high[spare.lost] = 0.0
    return Bounds(low, np.maximum(high, low), spare.known & ~free, spare.at)


def fixed_goods(spare: Spare, x: Floats) -> Bounds:
    """Return bounds in which goods and deliveries are as a plan has them; stock, people at work, money and certificates follow."""
    lp = spare.model.lp
    stays = spare.known | spare.goods
    low, high = lp.lower.copy(), lp.upper.copy()
    stock = spare.model.variables.stock
    low[stock] = np.minimum(spare.at[stock], 0.0)
    low[stays] = high[stays] = x[stays]
    return Bounds(low, high, stays, x)


def yielding(spare: Spare, last: int) -> Bounds:
    """Return bounds in which all other demands for the item may come later, or never, and the demand is delivered by period `last`."""
    model, lp = spare.model, spare.model.lp
    network, v = model.network, model.variables
    demands = network.demands
    item = network.item[network.demand_node]
    mine = int(np.flatnonzero(v.lost == spare.lost)[0])
    rivals = (item == item[mine]) & (v.lost >= 0)
    free = spare.goods.copy()
    free[v.deliver[rivals[network.delivering.demand]]] = True
    free[v.lost[rivals]] = True
    low, high = lp.lower.copy(), lp.upper.copy()
    stays = spare.known & ~free
    stock = v.stock
    low[stock] = np.minimum(spare.at[stock], 0.0)
    low[stays] = high[stays] = spare.at[stays]
    high[spare.mine[spare.period > last]] = 0.0
    high[spare.lost] = 0.0
    assert len(demands.names) == len(rivals)
    return Bounds(low, high, stays, spare.at)
