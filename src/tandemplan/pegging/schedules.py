"""The orders of a schedule: stock, lots that are made, bought and moved, and deliveries, and what each takes from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints, sums, texts
from tandemplan.pegging.orders import (
    CLASS,
    DELIVERY,
    MOVE,
    PRODUCTION,
    PURCHASE,
    STOCK,
    UNASKED,
    Goods,
    Names,
    Orders,
    Uses,
)
from tandemplan.results.schedule_shapes import DELIVERIES, ORDER_FLOWS, ORDERS
from tandemplan.results.store import Frame, Run

DAY = 86_400
KINDS = {"make": PRODUCTION, "buy": PURCHASE, "move": MOVE, "deliver": DELIVERY}


@dataclass(frozen=True, eq=False)
class Shop:
    """The goods of a schedule, and of each of their orders the row of the table `orders` that it is (-1: stock, or an end)."""

    goods: Goods
    row: Ints


def shop_of(run: Run) -> Shop:
    """Return what a schedule's tables say of supplies and uses, closed at its last moment. Times are days from its first order or flow.

    An order of a route stands for all of its steps. One that gives several items, or gives in batches, is a row for each of them, and what
    it uses is shared among these by their units. Deliveries are served by class, then by due moment; they come in the order of `deliveries`.
    """
    orders, flows, deliveries = run[ORDERS], run[ORDER_FLOWS], run[DELIVERIES]
    start = first_moment(run)
    root = _roots(orders)
    place, items, sites = _places(flows, deliveries)
    row = _rows(orders, flows["order"])
    owner = np.where(row >= 0, root[row], -1) if len(root) else row
    at, units = _days(flows["moment"], start), flows["quantity"]
    given = np.flatnonzero(units > 0)
    given, member = _batches(owner, place, at, given)
    amount = sums(member, units[units > 0], len(given))
    spent = np.flatnonzero(units < 0)
    delivering = np.zeros(len(root), dtype=bool)
    delivering[_rows(orders, deliveries["order"])] = True
    nothing = np.setdiff1d(owner[spent][~delivering[owner[spent]]], owner[given])
    begins = _days(orders["set_up_start"], start)
    made = _made(orders, (owner[given], place[given], at[given], amount), begins, (items, sites))
    sinks = _made(orders, (nothing, np.full(len(nothing), -1), _days(orders["end"], start)[nothing], np.zeros(len(nothing))), begins, (items, sites))  # fmt: skip
    asked = _deliveries(deliveries, start)
    all_orders = made.then(sinks).then(asked)
    rows = np.concatenate([owner[given], nothing, _rows(orders, deliveries["order"])]).astype(np.int64)
    carried = np.where(delivering[owner[given]], 0.0, amount) if len(root) else np.zeros(len(given))
    uses = _uses(rows, carried, (owner[spent], place[spent], at[spent], -units[spent]))
    end = max(float(all_orders.comes.max(initial=0.0)), float(at.max(initial=0.0)))
    goods = Goods(all_orders, uses, items, sites).closed(end)
    return Shop(goods, np.append(rows, np.full(len(goods.orders) - len(rows), -1)).astype(np.int64))


def first_moment(run: Run) -> np.datetime64:
    """Return the first moment at which anything happens in a schedule, from which its days are counted."""
    moments = [run[ORDERS]["set_up_start"], run[ORDER_FLOWS]["moment"]]
    found = [m.min() for m in moments if len(m)]
    return np.datetime64(min(found), "s") if found else np.datetime64(0, "s")


def _days(moments: NDArray[Any], start: np.datetime64) -> Floats:
    return np.asarray((moments.astype("datetime64[s]") - start).astype(np.int64) / DAY, dtype=np.float64)


def _rows(orders: Frame, names: Names) -> Ints:
    """Return the row of each named order, -1 for a blank name."""
    known = {n: k for k, n in enumerate(orders["order"].tolist())}
    return np.array([known.get(n, -1) for n in names.tolist()], dtype=np.int64)


def _roots(orders: Frame) -> Ints:
    """Return the row of the order that each belongs to: that of its route, else itself."""
    up = _rows(orders, orders["part_of"])
    return np.where(up >= 0, up, np.arange(len(up)))


def _places(flows: Frame, deliveries: Frame) -> tuple[Ints, Names, Names]:
    """Return the place of each flow, and the item and site of each place."""
    known: dict[tuple[str, str], int] = {}
    place = [known.setdefault((i, s), len(known)) for i, s in zip(flows["item"], flows["site"], strict=True)]
    for i, s in zip(deliveries["item"], deliveries["site"], strict=True):
        known.setdefault((i, s), len(known))
    return np.array(place, dtype=np.int64), texts(i for i, _ in known), texts(s for _, s in known)


def _batches(owner: Ints, place: Ints, at: Floats, given: Ints) -> tuple[Ints, Ints]:
    """Return one flow of each batch (what an order gives at a place at one moment), and the batch of each flow that gives."""
    if not len(given):
        return given, given
    keys = np.stack([owner[given].astype(np.float64), place[given].astype(np.float64), at[given]])
    _, first, member = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    return given[first], member.reshape(-1)


def _made(
    orders: Frame, found: tuple[Ints, Ints, Floats, Floats], begins: Floats, named: tuple[Names, Names]
) -> Orders:
    """Return lots and stock as orders: their rows (-1: stock), places (-1: none), moments and units."""
    row, place, comes, units = found
    kinds, names, item, site = (
        texts([*column, last])
        for column, last in (
            ((KINDS[k] for k in orders["kind"].tolist()), STOCK),
            (orders["order"].tolist(), ""),
            (orders["item"].tolist(), ""),
            (orders["site"].tolist(), ""),
        )
    )
    items, sites = (texts([*n, ""]) for n in named)
    there = place >= 0
    return Orders(
        np.where(kinds[row] == DELIVERY, PRODUCTION, kinds[row]),
        names[row],
        np.where(there, items[place], item[row]),
        np.where(there, sites[place], site[row]),
        place,
        np.where(row >= 0, np.append(begins, 0.0)[row], comes),
        comes,
        units,
        np.full(len(row), UNASKED),
    )


def _deliveries(frame: Frame, start: np.datetime64) -> Orders:
    """Return deliveries; the name of one is that of its demand."""
    comes = _days(frame["delivered"], start)
    rank = frame["demand_class"] * CLASS + _days(frame["due"], start)
    count = len(comes)
    kind, nowhere = texts([DELIVERY] * count), np.full(count, -1)
    return Orders(
        kind, frame["demand"], frame["item"], frame["site"], nowhere, comes, comes, frame["quantity"], rank
    )  # fmt: skip


def _uses(row: Ints, amount: Floats, spent: tuple[Ints, Ints, Floats, Floats]) -> Uses:
    """Return what each order takes: the flows of its row, shared among the first orders of that row by their `amount`, whole for the others."""
    share = np.ones(len(row))
    total = sums(row[: len(amount)] + 1, amount, int(row.max(initial=-1)) + 2)
    share[: len(amount)] = amount / np.maximum(total[row[: len(amount)] + 1], 1e-300)
    owner, place, at, units = spent
    by_row = np.argsort(row, kind="stable")
    low = np.searchsorted(row[by_row], owner, side="left")
    count = np.searchsorted(row[by_row], owner, side="right") - low
    use = np.repeat(np.arange(len(owner)), count)
    order = by_row[np.arange(len(use)) - np.repeat(np.cumsum(count) - count, count) + low[use]]
    return Uses(order, place[use], at[use], units[use] * share[order], np.ones(len(use)))
