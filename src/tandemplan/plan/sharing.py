"""Constraint families `burdens` and `worst served`: how far each customer is behind, and those served worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.network.sharing import Group
from tandemplan.plan.objective import Stage
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SCALE = 0.01  # the least denominator of the gap of how far customers are behind, from 0 to 1 each


@dataclass(frozen=True, eq=False)
class Levels:
    """Columns of a group: `burden` of each customer, `level` for each number of worst served, `beyond` by level and customer."""

    burden: Ints
    level: Ints
    beyond: Ints


def add_sharing(build: Builder, network: Network, x: Variables, groups: Sequence[Group]) -> list[Levels]:
    """Add fair sharing, where a class is late: for each group u, its customers i and each number k of the worst served.

        burdens: sum[d of i] weight[d] * (sum[t] days late[d,t] * deliver[d,t] + days late if lost[d] * lost[d]) = burden[u,i]
        worst served: burden[u,i] + offset[u,i] <= size[u,i] * (level[u,k] + beyond[u,k,i])

    A customer is behind by (`burden` + `offset`) / `size`, from 0 to 1, which each policy measures in its own way. The objective
    `k worst served` has as its least value how far the k customers are behind together that are behind most: minimised for k = 1, 2, ... in order it leads to the fairest
    plan, in which nobody can be served better but at the cost of someone who is behind as far or further.

    `docs/semantics.md`, Sharing; ordered outcomes as linear programmes, Ogryczak and Tamir 2003, Minimizing the sum of the k largest
    functions in linear time, Information Processing Letters 85(3); the policies are those of Thomson 2003, Axiomatic and game-theoretic
    analysis of bankruptcy and taxation problems, Mathematical Social Sciences 45(3).
    """
    if not groups:
        return []
    names = tuple(n for g in groups for n in g.names)
    group = np.repeat(np.arange(len(groups)), [len(g.customers) for g in groups])
    size, offset = (np.concatenate([getattr(g, n) for g in groups]) for n in ("size", "offset"))
    many = np.array([len(g.customers) for g in groups])
    inside = np.arange(many.max()) < many[:, None]
    burden = build.add_grid("burden", names, np.ones((len(names), 1), dtype=bool))
    level = build.add_grid("level of service", tuple(g.name for g in groups), inside)
    beyond = build.add_grid("beyond", names, inside[group])
    row = build.add_rows("burdens", names, burden >= 0, lower=0.0, upper=0.0, unit="unit-days")
    build.add(row, burden, -1.0)
    _add_burdens(build, network, x, groups, row[:, 0])
    row = build.add_rows(
        "worst served", names, beyond >= 0, lower=-np.inf, upper=0.0 - offset[:, None], unit="unit-days"
    )
    build.add(row, burden, 1.0)
    for columns in (level[group], beyond):
        build.add(row, columns, -size[:, None])
    first = np.append(0, np.cumsum(many))
    return [
        Levels(burden[a:b, 0], level[k, : b - a], beyond[a:b, : b - a].T)
        for k, (a, b) in enumerate(pairwise(first.tolist()))
    ]


def _add_burdens(build: Builder, network: Network, x: Variables, groups: Sequence[Group], row: Ints) -> None:
    """Add to rows of customers, group after group, the weighted days late of what they are delivered or not."""
    demands, ways, first = network.demands, network.delivering, 0
    for group in groups:
        mine = np.full(len(demands.quantity), -1, dtype=np.int64)
        mine[group.rows] = row[first + group.of]
        first += len(group.customers)
        build.add(mine[ways.demand], x.deliver, demands.weight[ways.demand] * ways.late)
        build.add(mine, x.lost, demands.weight * demands.late_if_lost)


def sharing_stages(groups: Sequence[Group], levels: Sequence[Levels], size: int) -> list[Stage]:
    """Return the objectives of sharing: for each group how far the worst served is behind, the two worst served together, and so on.

        k worst served: k * level[u,k] + sum[i] beyond[u,k,i]

    One after the other, for k = 1, 2, ... and one group u after the other.

    `docs/semantics.md`, Sharing.
    """
    found = []
    for group, columns in zip(groups, levels, strict=True):
        for k, name in enumerate(group.stages):
            cost = np.zeros(size)
            cost[columns.level[k]] = k + 1.0
            cost[columns.beyond[k]] = 1.0
            found.append(Stage(name, cost, SCALE))
    return found


def sharing_columns(groups: Sequence[Group], levels: Sequence[Levels], late: Floats) -> tuple[Ints, Floats]:
    """Return the columns of sharing, and their values in a plan by the weighted unit-days late of all demands."""
    columns, values = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for group, mine in zip(groups, levels, strict=True):
        burden = group.burdens(late)
        behind = group.behind(burden)
        level = np.sort(behind)[::-1]
        beyond = np.maximum(behind[None, :] - level[:, None], 0.0)
        columns += [mine.burden, mine.level, mine.beyond.ravel()]
        values += [burden, level, beyond.ravel()]
    return np.concatenate(columns), np.concatenate(values)
