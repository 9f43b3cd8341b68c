"""What the plan releases and asks for, as rows by node: purchases, work, moves and planned deliveries, each with its place in order of service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Lane, Offer, OpenOrder
from tandemplan.network.network import Network, arrivals
from tandemplan.results import shape
from tandemplan.results.store import Run
from tandemplan.simulate import layout as at
from tandemplan.simulate.handling import WHEN, handling_rows
from tandemplan.simulate.layout import Floats, Ints
from tandemplan.simulate.policy import Policy

Bools = NDArray[np.bool_]
CLASS = 100_000.0  # days between two classes of service
CRUMB = 1e-3  # units that are nobody's: tables are rounded
UNASKED = 999.0 * CLASS  # what nobody is known to wait for


@dataclass(frozen=True, eq=False)
class Releases:
    """Supply rows and asked rows as in `World`, and what the plan has released and claimed of each node by the end of each period."""

    rows: Floats
    row_at: Ints
    asks: Floats
    ask_at: Ints
    ask_order: Ints
    planned: Floats
    claimed: Floats
    order: Ints


@dataclass(frozen=True, eq=False)
class _Rows:
    """Supply rows in no order: the node that they fill, the day on which they come, and the entries of `World.rows`."""

    node: Ints
    comes: Floats
    table: Floats


def releases_of(network: Network, plan: Run, policy: Policy) -> Releases:
    """Return the releases of a plan, each a period before the plan's for each level of work after it, and the planner's lead over the plan earlier still.

    A plan by periods knows no time inside of one: parts may come on the day on which they are used, and all levels of a product may
    be made in one period. Whoever carries it out lets each level of work have the days of one period, and works ahead of that where hands
    are idle: a row is due (`ROW_DUE`) on its day, and released (`ROW_DAY`) before it (`docs/simulation.md`).
    """
    made, bought, moved = (_made(network, plan), _bought(network, plan), _moved(network, plan))
    asks, period = _asked(network, plan), float(network.periods.longest)
    receives, delivers = (np.isin(np.arange(len(network.item)), list(handling_rows(network, w))) for w in WHEN)
    node = np.concatenate([made.node, bought.node, moved.node])
    comes = np.concatenate([made.comes, bought.comes, moved.comes])
    table = np.concatenate([made.table, bought.table, moved.table])
    order = downstream_first(network)
    if policy.service == "due":
        asks[:, at.ASK_KEY] %= CLASS
    takes = np.where(table[:, at.ROW_KIND] == at.MAKE, comes, table[:, at.ROW_DAY])  # a move, on the plan's day
    levels = levels_after(network, order, receives, delivers)[node]
    levels += np.where(table[:, at.ROW_KIND] == at.MAKE, 1.0, receives[node])
    early = policy.ahead * ((levels > 0) | (table[:, at.ROW_KIND] == at.BUY))  # last moves keep the plan's day
    table[:, at.ROW_DUE] = np.maximum(table[:, at.ROW_DAY] - period * policy.levels * levels, 0.0)
    table[:, at.ROW_DAY] = np.maximum(table[:, at.ROW_DUE] - period * early, 0.0)
    ask_node = network.demand_node[asks[:, at.ASK_DEMAND].astype(np.int64)]
    asks[:, at.ASK_FROM] = np.maximum(asks[:, at.ASK_DAY] - period * policy.levels * delivers[ask_node], 0.0)
    _keys(network, order, (node, comes, takes, table), asks, ask_node)
    downstream = np.argsort(order) / max(len(order), 1)
    table[:, at.ROW_KEY] += _among_equals(table[:, at.ROW_DAY], downstream[node])
    asks[:, at.ASK_KEY] += _among_equals(asks[:, at.ASK_DAY], np.zeros(len(asks)))
    place = np.lexsort((table[:, at.ROW_DAY], node))
    node, table = node[place], table[place]
    count = len(network.item)
    ask_place = np.lexsort((asks[:, at.ASK_KEY], ask_node))
    asks, ask_node = asks[ask_place], ask_node[ask_place]
    planned, claimed = _cumulated(network, node, table, asks, ask_node)
    return Releases(
        table,
        np.searchsorted(node, np.arange(count + 1)),
        asks,
        np.searchsorted(ask_node, np.arange(count + 1)),
        np.argsort(asks[:, at.ASK_FROM], kind="stable"),
        planned,
        claimed,
        order,
    )


def _among_equals(day: Floats, place: Floats) -> Floats:
    """Return what orders those of one class, certainty and due day: the day of release, then a place from 0 (furthest downstream) to 1."""
    return 1e-4 * (np.minimum(day, 9_000.0) + 0.9 * place)


def _days(network: Network, dates: NDArray[Any]) -> Floats:
    return np.asarray(network.periods.numbers(dates, 0), dtype=np.float64)


def _made(network: Network, plan: Run) -> _Rows:
    frame = plan[shape.PRODUCTION]
    numbers = {r: k for k, r in enumerate(network.places.routes)}
    named = zip(frame["item"].tolist(), frame["site"].tolist(), frame["alternative"].tolist(), strict=True)
    which = np.array([numbers[n] for n in named], dtype=np.int64)
    table = _table(at.MAKE, which, frame["started"], frame["good"], _days(network, frame["start"]))
    table[:, at.ROW_LOTS] = frame["setups"]
    return _Rows(network.route_node[which], _days(network, frame["end"]), table)


def _bought(network: Network, plan: Run) -> _Rows:
    frame, offers, lanes = plan[shape.PURCHASES], network.programme[Offer].index, network.programme[Lane].index
    numbers = {(w.offer, w.lane, w.site): k for k, w in enumerate(network.places.ways)}
    named = zip(frame["offer"].tolist(), frame["lane"].tolist(), frame["site"].tolist(), strict=True)
    which = np.array([numbers[offers[(o,)], lanes[(n,)] if n else -1, s] for o, n, s in named], dtype=np.int64)
    table = _table(at.BUY, which, frame["quantity"], frame["accepted"], _days(network, frame["release"]))
    return _Rows(network.way_node[which], _days(network, frame["receipt"]), table)


def _moved(network: Network, plan: Run) -> _Rows:
    frame, lanes = plan[shape.MOVES], network.programme[Lane].index
    numbers = {m: k for k, m in enumerate(network.places.moves)}
    named = zip(frame["lane"].tolist(), frame["item"].tolist(), strict=True)
    which = np.array([numbers[lanes[(n,)], i] for n, i in named], dtype=np.int64)
    table = _table(at.MOVE, which, frame["quantity"], frame["quantity"], _days(network, frame["release"]))
    return _Rows(network.move_to[which], _days(network, frame["receipt"]), table)


def _table(kind: int, which: Ints, units: Floats, good: Floats, day: Floats) -> Floats:
    table = np.zeros((len(which), at.ROW_COLUMNS))
    table[:, at.ROW_KIND], table[:, at.ROW_WHICH] = kind, which
    table[:, at.ROW_UNITS], table[:, at.ROW_GOOD] = units, np.maximum(good, 1e-12)
    table[:, at.ROW_DAY], table[:, at.ROW_KEY] = np.maximum(day, 0.0), UNASKED
    return table


def _asked(network: Network, plan: Run) -> Floats:
    frame = plan[shape.DELIVERIES]
    number = {str(d): k for k, d in enumerate(network.demands.names)}
    which = np.array([number[d] for d in frame["demand"].tolist()], dtype=np.int64)
    table = np.zeros((len(which), at.ASK_COLUMNS))
    table[:, at.ASK_DEMAND], table[:, at.ASK_UNITS] = which, frame["quantity"]
    table[:, at.ASK_DAY] = np.maximum(_days(network, frame["delivered"]), 0.0)
    served = network.demands.demand_class * 3 + network.demands.certainty
    table[:, at.ASK_KEY] = served[which] * CLASS + np.maximum(network.demands.due[which], 0)
    return table


def downstream_first(network: Network) -> Ints:
    """Return the nodes in an order in which each comes after those that use what lies there (where nothing goes round in circles)."""
    users: dict[int, set[int]] = {k: set() for k in range(len(network.item))}
    for route, node in zip(network.making.use_route.tolist(), network.use_node.tolist(), strict=True):
        users[node].add(int(network.route_node[route]))
    for origin, to in zip(network.move_from.tolist(), network.move_to.tolist(), strict=True):
        users[origin].add(int(to))
    found: list[int] = []
    seen: set[int] = set()
    for first, those in users.items():
        stack = [(first, iter(sorted(those)))] if first not in seen else []
        seen.add(first)
        while stack:
            node, left = stack[-1]
            following = next((u for u in left if u not in seen), None)
            if following is None:
                found.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(sorted(users[following]))))
    return np.array(found, dtype=np.int64)


def levels_after(network: Network, order: Ints, receives: Bools, delivers: Bools) -> Floats:
    """Return for each node the most levels of work that what lies there has before it (`order`: users before what they use).

    Receipt and delivery are levels too at nodes where they take work.
    """
    users: dict[int, list[tuple[int, int]]] = {}
    for route, node in zip(network.making.use_route.tolist(), network.use_node.tolist(), strict=True):
        users.setdefault(node, []).append((int(network.route_node[route]), 1))
    for origin, to in zip(network.move_from.tolist(), network.move_to.tolist(), strict=True):
        users.setdefault(origin, []).append((to, int(receives[to])))
    levels = np.zeros(len(network.item))
    asked = delivers & np.isin(np.arange(len(network.item)), network.demand_node)
    for node in order.tolist():
        levels[node] = max((levels[user] + more for user, more in users.get(node, ())), default=0.0)
        levels[node] = max(levels[node], float(asked[node]))
    return levels


def _keys(
    network: Network, order: Ints, rows: tuple[Ints, Floats, Floats, Floats], asks: Floats, ask_node: Ints
) -> None:
    """Give each supply row the place in order of service of the first who waits for it, first in, first out at each node."""
    node, comes, takes, table = rows
    making, count = network.making, len(network.item)
    kind, which = table[:, at.ROW_KIND].astype(np.int64), table[:, at.ROW_WHICH].astype(np.int64)
    into = [np.flatnonzero(node == n) for n in range(count)]
    lines: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for k, (route, used) in enumerate(zip(making.use_route.tolist(), network.use_node.tolist(), strict=True)):
        lines[used].append((route, k))
    leaving = [[m for m, n in enumerate(network.move_from.tolist()) if n == node_] for node_ in range(count)]
    by_route = [np.flatnonzero((kind == at.MAKE) & (which == r)) for r in range(len(network.places.routes))]
    by_move = [np.flatnonzero((kind == at.MOVE) & (which == m)) for m in range(len(network.places.moves))]
    given_node, given = _given(network)
    for n in order.tolist():
        mine = into[n][np.lexsort((table[into[n], at.ROW_DAY], comes[into[n]]))]
        here = np.flatnonzero(ask_node == n)
        uses = [asks[here][:, [at.ASK_UNITS, at.ASK_DAY, at.ASK_KEY]]]
        for route, line in lines[n]:
            taken = by_route[route]
            period = np.clip(network.periods.of(comes[taken].astype(np.int64)), 0, len(network.periods) - 1)
            units = table[taken, at.ROW_UNITS] * making.use_quantity[line, period]
            uses.append(np.column_stack([units, takes[taken], table[taken, at.ROW_KEY]]))
        for move in leaving[n]:
            taken = by_move[move]
            uses.append(np.column_stack([table[taken, at.ROW_UNITS], takes[taken], table[taken, at.ROW_KEY]]))
        lots = np.column_stack([comes[mine], table[mine, at.ROW_GOOD]])
        table[mine, at.ROW_KEY] = _pegged(lots, given[given_node == n], np.concatenate(uses))


def _given(network: Network) -> tuple[Ints, Floats]:
    """Return what comes without the plan: its node, and the day and units of stock (on the first day) and open orders."""
    node, _ = arrivals(network)
    orders = network.programme[OpenOrder]
    promised = np.maximum(network.periods.numbers(orders.promised, 0), 0.0)
    count = len(network.item)
    days = np.concatenate([np.zeros(count), promised])
    units = np.concatenate([network.stock, orders.quantity_units])
    return np.concatenate([np.arange(count), node]), np.column_stack([days, units])


def _pegged(lots: Floats, given: Floats, uses: Floats) -> Floats:
    """Return for each of some lots, in order of their days, the least key of the uses that take it.

    `lots` and what is `given` besides have a day and units (given ones come first on a day); `uses` have units, a day and a key. The first and
    the last of a lot's units (1e-3 of them, or all but its middle) are rounding, and for nobody.

    >>> lots, given = np.array([[3.0, 5.0], [4.0, 5.0]]), np.array([[0.0, 2.0]])
    >>> _pegged(lots, given, np.array([[6.0, 1.0, 30.0], [4.0, 2.0, 20.0]])).tolist()
    [20.0, 20.0]
    >>> _pegged(np.array([[3.0, 5e-4]]), given, np.array([[6.0, 1.0, 30.0]])).tolist()
    [30.0]
    """
    uses = uses[np.lexsort((uses[:, 2], uses[:, 1]))]
    ends, keys = np.cumsum(uses[:, 0]), uses[:, 2]
    comes = np.concatenate([given, lots])
    place = np.argsort(comes[:, 0], kind="stable")
    last = np.zeros(len(comes))
    last[place] = np.cumsum(comes[place, 1])
    last, units = last[len(given) :], lots[:, 1]
    edge = np.minimum(CRUMB, 0.49 * units)
    low = np.searchsorted(ends, last - units + edge, side="right")
    high = np.searchsorted(ends, last - edge, side="left")
    return np.array(
        [keys[a : b + 1].min(initial=UNASKED) for a, b in zip(low.tolist(), high.tolist(), strict=True)],
        dtype=np.float64,
    )


def _cumulated(network: Network, node: Ints, table: Floats, asks: Floats, ask_node: Ints) -> tuple[Floats, Floats]:
    """Return units released for each node, and claimed from it, up to the end of each period (nodes x periods)."""
    periods, making = network.periods, network.making
    shape_ = (len(network.item), len(periods))
    released, claimed = np.zeros(shape_), np.zeros(shape_)
    period = np.clip(periods.of(table[:, at.ROW_DAY].astype(np.int64)), 0, len(periods) - 1)
    np.add.at(released, (node, period), table[:, at.ROW_GOOD])
    kind, which = table[:, at.ROW_KIND].astype(np.int64), table[:, at.ROW_WHICH].astype(np.int64)
    for line, (route, used) in enumerate(zip(making.use_route.tolist(), network.use_node.tolist(), strict=True)):
        mine = (kind == at.MAKE) & (which == route)
        np.add.at(claimed[used], period[mine], table[mine, at.ROW_UNITS] * making.use_quantity[line, period[mine]])
    moving = kind == at.MOVE
    np.add.at(claimed, (network.move_from[which[moving]], period[moving]), table[moving, at.ROW_UNITS])
    when = np.clip(periods.of(asks[:, at.ASK_FROM].astype(np.int64)), 0, len(periods) - 1)
    np.add.at(claimed, (ask_node, when), asks[:, at.ASK_UNITS])
    return np.cumsum(released, axis=1), np.cumsum(claimed, axis=1)
