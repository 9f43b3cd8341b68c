"""A model of the bottlenecks alone: capacity that runs out, the nodes that it feeds, and the demands behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import starts, sums
from tandemplan.plan.start.flow import Bools, Flow, Ints, members
from tandemplan.plan.start.layout import Layout, blocked
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Limits

SLACK = 6  # periods looked at beyond the one in which a bottleneck seems to have caught up
NEARLY = 0.25  # the share of its capacity up to a full period that a coming bottleneck has left at most


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows by whom they speak of.

    By row: the `group` of a row of capacity (one for each family and entity), the `node` of a row of balance (-1 elsewhere), and
    the `period`, of `periods` in all. `user[k]` is a node that group `of[k]` limits; node `after[k]` takes from node `before[k]`.
    """

    count: int
    periods: int

    group: Ints
    node: Ints
    period: Ints
    of: Ints
    user: Ints
    before: Ints
    after: Ints


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a model: some rows and columns, by their numbers.

    `eased` are limits under which it is easy to solve and its best plan near: none on capacity that is no bottleneck, and nothing
    lies in stock, where little does when bottlenecks leave deliveries late.
    """

    lp: Lp
    rows: Ints
    columns: Ints
    eased: Limits


def groups_of(flow: Flow) -> Groups:
    """Return the groups of a flow's rows."""
    count = len(flow.wave)
    group, node, period = (np.full(count, -1, dtype=np.int64) for _ in range(3))
    number = 0
    for name, block in flow.lp.rows.items():
        period[block.index] = block.period
        if name == "balance":
            node[block.index] = block.entity
        else:
            group[block.index] = number + block.entity
            number += len(block.who)
    group[~np.isfinite(flow.room)] = -1
    limited = np.unique(np.stack([group[flow.uses.item], _home(flow, node)[flow.uses.owners]]), axis=1)
    column = flow.takes.owners
    ahead = flow.usable[column] & (flow.into[column] >= 0)
    links = np.unique(np.stack([node[flow.takes.item[ahead]], node[flow.into[column[ahead]]]]), axis=1)
    limited, links = limited[:, limited.min(axis=0) >= 0], links[:, links.min(axis=0) >= 0]
    return Groups(number, int(period.max(initial=-1)) + 1, group, node, period, *limited, *links)


def _home(flow: Flow, node: Ints) -> Ints:
    """Return the node whose flow a column is part of: the one that it brings to, or the one that it takes from."""
    home = np.full(len(flow.into), -1, dtype=np.int64)
    takes = np.diff(flow.takes.start) > 0
    home[takes] = node[flow.takes.item[flow.takes.start[:-1][takes]]]
    home[flow.into >= 0] = node[flow.into[flow.into >= 0]]
    return home


def part_of(flow: Flow, groups: Groups, end: Ints, demands: Bools, limits: Limits) -> Part:
    """Return the model of bottlenecks up to period `end[group]` (-1: no bottleneck), for the rows of demand in `demands`.

    Kept are the rows of these groups, all rows of nodes that they limit and of the nodes that take from those, up to the
    same periods, the demands that take from kept rows, and what else of capacity the kept columns use, with what eases it,
    steers it, or fills it where it must be full. Whatever is left out is a limit forgotten, or a column that can be nothing but 0 or is not
    asked for: no plan of the model is worth less in it.
    """
    lp = flow.lp
    last = _last(groups, end)
    kept = (groups.node >= 0) & (groups.period <= last[groups.node])
    taken = np.unique(flow.takes.owners[kept[flow.takes.item]])
    met = flow.demand[taken[flow.demand[taken] >= 0]]
    kept[met[demands[met]]] = True
    bottleneck = (groups.group >= 0) & (groups.period <= end[groups.group])
    kept |= bottleneck
    row = lp.row_of_entry
    there = flow.usable & ((flow.demand < 0) | demands[flow.demand])
    columns = np.unique(lp.row_column[kept[row] & there[lp.row_column]])
    inside = np.zeros(len(lp.lower), dtype=bool)
    inside[columns] = True
    kept[flow.uses.item[inside[flow.uses.owners]]] = True
    _add_steering(flow, kept, inside)
    helps = flow.eases[lp.row_column] | np.isfinite(limits.row_lower)[row]
    inside[lp.row_column[kept[row] & helps & there[lp.row_column]]] = True
    rows, columns = np.flatnonzero(kept), np.flatnonzero(inside)
    made = cut(lp, rows, columns, limits)
    other = (groups.group >= 0)[rows] & ~bottleneck[rows]
    stock = members(lp.columns["stock"], len(inside))[columns]
    eased = Limits(
        lower=made.lower, upper=np.where(stock, made.lower, made.upper),
        row_lower=np.where(other, -np.inf, made.row_lower), row_upper=np.where(other, np.inf, made.row_upper),
    )  # fmt: skip
    return Part(made, rows, columns, eased)


def _add_steering(flow: Flow, kept: Bools, inside: Bools) -> None:
    """Add to a part the families of steering columns that kept rows speak of, and all rows that speak of them."""
    lp, of = flow.lp, flow.family[flow.lp.row_column]
    touched = np.zeros(len(flow.family) + 1, dtype=bool)
    touched[of[kept[lp.row_of_entry]]] = True
    touched[-1] = False
    inside |= touched[flow.family]
    kept[lp.row_of_entry[touched[of]]] = True


def cut(lp: Lp, rows: Ints, columns: Ints, limits: Limits) -> Lp:
    """Return the model of some rows and columns, within limits of the whole."""
    row_at, column_at = (np.full(n, -1, dtype=np.int64) for n in lp.size[:2])
    row_at[rows], column_at[columns] = np.arange(len(rows)), np.arange(len(columns))
    row = row_at[lp.row_of_entry]
    entries = np.flatnonzero((row >= 0) & (column_at[lp.row_column] >= 0))
    return Lp(
        {}, {}, limits.lower[columns], limits.upper[columns], limits.row_lower[rows], limits.row_upper[rows],
        starts(row[entries], len(rows)), column_at[lp.row_column[entries]], lp.value[entries], lp.whole[columns],
    )  # fmt: skip


def _last(groups: Groups, end: Ints) -> Ints:
    """Return the last period in which each node is looked at: that of its bottlenecks, or of nodes that it takes from."""
    last = np.full(
        int(groups.node.max(initial=-1)) + 2, -1, dtype=np.int64
    )  # the last entry is for rows without a node
    np.maximum.at(last, groups.user, end[groups.of])
    while True:
        more = last.copy()
        np.maximum.at(more, groups.after, last[groups.before])
        if (more == last).all():
            return last
        last = more


def widened(flow: Flow, groups: Groups, end: Ints, layout: Layout) -> Ints:
    """Return how far each bottleneck is to be looked at after a layout that misses something.

    Capacity that was full where units were missing is a bottleneck until the room left later makes up for them (the backlog
    of rough-cut capacity planning); one that was looked at before is looked at to the end. So is capacity that is full
    somewhere and nearly used up until then: it would be the next one.
    """
    rows, amount = blocked(flow, layout)
    backlog = sums(groups.group[rows], amount, len(end))
    first = np.full(len(end), groups.periods)
    np.minimum.at(first, groups.group[rows], groups.period[rows])
    there = np.unique(flow.uses.item[flow.usable[flow.uses.owners]])
    there = there[groups.group[there] >= 0]
    left, held = (np.zeros((len(end), groups.periods)) for _ in range(2))
    left[groups.group[there], groups.period[there]] = np.maximum(layout.room[there], 0.0)
    held[groups.group[there], groups.period[there]] = flow.room[there]
    after = np.where(np.arange(groups.periods) >= first[:, None], left, 0.0)
    clear = (np.cumsum(after, axis=1) < backlog[:, None]).sum(axis=1) + SLACK
    full = (held > 0) & (left <= 1e-6 * np.maximum(1.0, held))
    used_up = full & (np.cumsum(left, axis=1) <= NEARLY * np.cumsum(held, axis=1))
    tight = np.where(used_up.any(axis=1), groups.periods - np.argmax(used_up[:, ::-1], axis=1) + SLACK, -1)
    known = end >= 0
    wanted = np.where(backlog > 0, np.where(known, groups.periods, clear), np.where(known, -1, tight))
    return np.maximum(end, np.minimum(wanted, groups.periods))
