"""Pegging as a table: the links of a run by demand, and those of one demand or of one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints, texts
from tandemplan.model.programme import Programme
from tandemplan.pegging.matching import matched
from tandemplan.pegging.orders import DELIVERY, LEFT, SCRAP, STOCK, UNKNOWN, Goods
from tandemplan.pegging.plans import goods_of_plan
from tandemplan.pegging.schedules import first_moment, shop_of
from tandemplan.pegging.tracing import Pieces, traced
from tandemplan.results.fields import Type
from tandemplan.results.pegging_shape import PEGGING
from tandemplan.results.shape import DELIVERIES
from tandemplan.results.store import Frame, Run, kind_of

DELIVERED = "delivered"
_BLANK = {Type.DATE: np.dtype("datetime64[D]"), Type.UNITS: np.dtype(np.float64), Type.WHOLE: np.dtype(np.int64)}
LEAST = 5e-7  # units: less prints as nothing


@dataclass(frozen=True, eq=False)
class _Groups:
    """Pieces in groups, a row of the table each: `first` is some piece of each group, `of` the group of each piece."""

    first: NDArray[np.intp]
    of: NDArray[np.intp]

    def sums(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.of, values, minlength=len(self.first)), dtype=np.float64)

    def least(self, values: Floats | Ints) -> Floats:
        found = np.full(len(self.first), np.inf)
        np.minimum.at(found, self.of, values)
        return found


def pegging(programme: Programme, run: Run) -> Frame:
    """Return the pegging of a plan, or of a schedule (whose days are moments, to the second): a row for each demand, order and what takes it next; by demand, level, kind and name.

    Whatever an order gives is shared out among the demands that it serves, what is left at the end, and scrap: its rows add up to its
    units. Lots and uses are matched first in, first out at each place of an item. A run without a plan has no rows.
    """
    scheduled = kind_of(run.info) == "schedule"
    if DELIVERIES.name not in run.tables:
        return {f.name: np.empty(0, dtype=_BLANK.get(f.type, np.dtype(object))) for f in PEGGING.fields}
    if scheduled:
        goods, start = shop_of(run).goods, first_moment(run)
    else:
        goods, start = goods_of_plan(programme, run), np.datetime64(programme.settings.start, "D")
    pieces = traced(goods, matched(goods))
    return _frame(goods, pieces, _early(run, goods), start)


def of_demand(frame: Frame, demand: str) -> Frame:
    """Return what feeds one demand: its deliveries first, then level by level back."""
    return rows_where(frame, frame["demand"] == demand)


def of_order(frame: Frame, order: str) -> Frame:
    """Return what one order feeds: who has the least room first."""
    found = rows_where(frame, (frame["order"] == order) & (frame["kind"] != DELIVERY))
    place = np.lexsort((found["demand"].astype(str), found["room_days"], found["ends"] != DELIVERED))
    return rows_where(found, place)


def rows_where(frame: Frame, rows: NDArray[Any]) -> Frame:
    """Return some rows of a table, by a mask or by their numbers."""
    return {name: column[rows] for name, column in frame.items()}


def _early(run: Run, goods: Goods) -> Floats:
    """Return for each order how many days before its due day it is delivered; 0 of what is no delivery, or late."""
    frame, found = run[DELIVERIES], np.zeros(len(goods.orders))
    days = (frame["due"] - frame["delivered"]) / np.timedelta64(1, "D")
    found[goods.orders.kind == DELIVERY] = np.maximum(days, 0.0)
    return found


def _frame(goods: Goods, pieces: Pieces, early: Floats, start: np.datetime64) -> Frame:
    orders = goods.orders
    ends = np.where(orders.kind == DELIVERY, DELIVERED, np.where(orders.kind == LEFT, LEFT, SCRAP))
    demand = np.where(orders.kind == DELIVERY, orders.name, "")
    label = np.unique(np.char.add(np.char.add(demand.astype(str), "\n"), ends.astype(str)), return_inverse=True)[1]
    count = len(orders) + 1
    key = (label[pieces.sink] * count + pieces.order) * count + pieces.into + 1
    _, first, of = np.unique(key, return_index=True, return_inverse=True)
    groups = _Groups(first, of)
    units = (
        np.where((orders.place >= 0) | (orders.kind == DELIVERY), orders.units, _taken(goods))[pieces.order]
        * pieces.part
    )
    sink, order, into = pieces.sink[first], pieces.order[first], pieces.into[first]
    level = groups.least(pieces.level).astype(np.int64)
    needed = _moments(start, orders.comes[order] + groups.least(pieces.slack))
    needed[(level == 0) | (orders.kind[into] == LEFT)] = np.datetime64("NaT")
    found = {
        "demand": demand[sink],
        "ends": texts(ends[sink].tolist()),
        "level": level,
        "kind": orders.kind[order],
        "order": orders.name[order],
        "item": orders.item[order],
        "site": orders.site[order],
        "quantity": np.round(groups.sums(units), 6),
        "scrapped": np.round(groups.sums(units * (1 - pieces.kept)), 6),
        "from_date": _moments(start, orders.begins[order]),
        "to_date": _moments(start, orders.comes[order]),
        "into": np.where(into >= 0, orders.name[into], ""),
        "needed": needed,
        "slack_days": np.round(groups.least(pieces.slack), 6),
        "room_days": np.round(groups.least(pieces.room + early[pieces.sink]), 6),
    }
    there = np.flatnonzero((found["quantity"] >= LEAST) & ~np.isin(found["kind"], (LEFT, UNKNOWN)))
    return rows_where(found, there[_sorted({n: c[there] for n, c in found.items()})])


def _moments(start: np.datetime64, days: Floats) -> NDArray[np.datetime64]:
    """Return days from a start as dates, or as moments to the second where the start is one."""
    if np.datetime_data(start.dtype)[0] == "D":
        return np.asarray(start + days.astype("timedelta64[D]"))
    return np.asarray(start + np.round(days * 86_400).astype("timedelta64[s]"))


def _taken(goods: Goods) -> Floats:
    """Return what orders that give nothing take in all: the units of a delivery."""
    return np.asarray(np.bincount(goods.uses.order, goods.uses.units, minlength=len(goods.orders)), dtype=np.float64)


def _sorted(frame: Frame) -> NDArray[np.intp]:
    keys = [frame[n].astype(str) for n in ("into", "site", "item", "order", "kind")]
    stock_last = frame["kind"] == STOCK
    return np.lexsort((*keys, stock_last, frame["level"], frame["demand"].astype(str), frame["ends"] != DELIVERED))
