"""Constraint families `safety stock`, `coming use`, `most stock` and `most cover`: soft targets for stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import StockPolicy
from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables, policy_names, policy_nodes
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Window:
    """How much of the use of later periods falls into the days after a period: share[k] of `later[k]` counts for `period[k]`."""

    period: Ints
    later: Ints
    share: Floats


def window(network: Network, days: float) -> Window:
    """Return the shares of later periods that lie in the `days` after the end of each period."""
    periods = network.periods
    ends = periods.starts + periods.lengths
    overlap = np.minimum(ends[:, None] + days, ends[None, :]) - np.maximum(ends[:, None], periods.starts[None, :])
    share = np.clip(overlap, 0, None) / periods.lengths[None, :]
    period, later = np.nonzero(share > 0)
    return Window(period, later, share[period, later])


def safety_units(network: Network) -> Floats:
    """Return the safety stock of each policy in each period (on its last day)."""
    table, periods = network.programme[StockPolicy], network.periods
    last = periods.starts + periods.lengths - 1
    rows = [network.cells.daily(table, "safety_units", k)[last] for k in range(len(table))]
    return np.array(rows).reshape(len(table), len(periods))


def add_targets(build: Builder, network: Network, x: Variables) -> None:
    """Add stock targets, soft, one row for each policy p (at its node n) and period t.

        safety stock: stock[n,t] + shortfall[p,t] >= safety units[p,t]
        coming use: stock[n,t] + shortfall[p,t] >= sum[s > t] share[p,t,s] * use[n,s]
        most stock: stock[n,t] - excess[p,t] <= most units[p]
        most cover: stock[n,t] - excess[p,t] <= sum[s > t] share'[p,t,s] * use[n,s]

    use[n,s] is what leaves n in s as components, moves and deliveries, and `share` the part of the days of s that lies within the next safety days of
    the policy (`share'`: its most days).

    `docs/semantics.md`, Classes, stock, cost.
    """
    policies, names, node = network.programme[StockPolicy], policy_names(network), policy_nodes(network)
    shape = (len(policies), len(network.periods))
    if not shape[0]:
        return
    low = safety_units(network)
    row = build.add_rows("safety stock", names, low > 0, lower=low, upper=np.inf)
    build.add(row, x.stock[node], 1.0)
    build.add(row, x.shortfall, 1.0)
    _add_cover(build, network, x, ("coming use", policies.safety_days), slack=x.shortfall, sign=1.0)
    most = np.broadcast_to(policies.most_units[:, None], shape)
    row = build.add_rows("most stock", names, ~np.isnan(most), lower=-np.inf, upper=np.nan_to_num(most))
    build.add(row, x.stock[node], 1.0)
    build.add(row, x.excess, -1.0)
    _add_cover(build, network, x, ("most cover", policies.most_days), slack=x.excess, sign=-1.0)


def _add_cover(
    build: Builder, network: Network, x: Variables, what: tuple[str, Floats], *, slack: Ints, sign: float
) -> None:
    name, days = what
    node = policy_nodes(network)
    asked = days > 0 if sign > 0 else ~np.isnan(days)
    there = np.broadcast_to(asked[:, None], slack.shape)
    low, high = (0.0, np.inf) if sign > 0 else (-np.inf, 0.0)
    row = build.add_rows(name, policy_names(network), there, lower=low, upper=high)
    build.add(row, x.stock[node], 1.0)
    build.add(row, slack, sign)
    for p in np.flatnonzero(there[:, 0]):
        ahead = window(network, float(days[p]))
        for columns, units in leaving(network, x, int(node[p])):
            spread = np.broadcast_to(units, columns.shape)
            build.add(row[p][ahead.period], columns[..., ahead.later], -spread[..., ahead.later] * ahead.share)


def leaving(network: Network, x: Variables, node: int) -> list[tuple[Ints, Floats | float]]:
    """Return what leaves a node as (columns x periods, units per unit of the column)."""
    making = network.making
    found: list[tuple[Ints, Floats | float]] = []
    for line in np.flatnonzero(network.use_node == node):
        found.append((x.make[making.use_route[line]], making.use_quantity[line]))
    for move in np.flatnonzero(network.move_from == node):
        found.append((x.move[move], 1.0))
    ways = network.delivering
    for demand in np.flatnonzero(network.demand_node == node):
        here = ways.demand == demand
        columns = np.full(len(network.periods), -1, dtype=np.int64)
        columns[ways.period[here]] = x.deliver[here]
        found.append((columns, 1.0))
    return found
