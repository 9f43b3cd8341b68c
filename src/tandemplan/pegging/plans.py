"""The orders of a plan: stock, open orders, purchases, production, moves and deliveries, and what each takes from where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints, runs, texts
from tandemplan.calendar import cut
from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, OpenOrder, Site, Stock
from tandemplan.pegging.orders import (
    CLASS,
    DELIVERY,
    MOVE,
    OPEN_ORDER,
    PRODUCTION,
    PURCHASE,
    STOCK,
    UNASKED,
    Goods,
    Names,
    Orders,
    Uses,
)
from tandemplan.results import shape
from tandemplan.results.store import Frame, Run

CERTAINTIES = ("firm", "option", "forecast")


def goods_of_plan(programme: Programme, run: Run) -> Goods:
    """Return what a plan's tables say of supplies and uses, closed at the end of the plan. Times are days from its start.

    Arrivals come before departures on one day. Deliveries are served in the order of docs/simulation.md, Who gets what: class, certainty,
    due day. Components leave, and good units come, on the production day; open orders come on their promised day, or at the start.
    """
    settings = programme.settings
    assert settings.start is not None
    book = _Book(programme, np.datetime64(settings.start, "D"))
    end = cut(settings.start, settings.periods).days
    parts = [book.stock(), book.open_orders(end), book.purchases(run), book.production(run), book.moves(run)]
    parts.append(book.deliveries(run))
    orders, made, moved, given = parts[0], len(parts[0]) + len(parts[1]) + len(parts[2]), 0, 0
    for more in parts[1:]:
        orders = orders.then(more)
    moved = made + len(parts[3])
    given = moved + len(parts[4])
    sent = book.taken(run[shape.MOVES], moved, "from_site", "release")
    uses = book.components(run, made).then(sent).then(book.taken(run[shape.DELIVERIES], given, "site", "delivered"))
    items = texts([i for i, _ in book.places])
    sites = texts([s for _, s in book.places])
    return Goods(orders, uses, items, sites).closed(float(end))


class _Book:
    """Numbers the places of a plan, an item at a site each, as they are first named, and reads its tables."""

    def __init__(self, programme: Programme, start: np.datetime64) -> None:
        self.programme, self.start = programme, start
        self.places: dict[tuple[str, str], int] = {}
        sites = programme[Site].site.tolist()
        self.only = str(sites[0]) if len(sites) == 1 else ""

    def stock(self) -> Orders:
        table = self.programme[Stock]
        sites = [s or self.only for s in table.site.tolist()]
        zeros = np.zeros(len(table))
        return self._orders(
            STOCK, [""] * len(table), (table.item.tolist(), sites), (zeros, zeros), table.quantity_units
        )

    def open_orders(self, end: int) -> Orders:
        table = self.programme[OpenOrder]
        comes = np.maximum(self._days(table.promised), 0.0)  # NaT: at once
        kept = np.flatnonzero(comes < end)
        sites = [table.site[k] or self.only for k in kept]
        names, items = table.order[kept].tolist(), table.item[kept].tolist()
        return self._orders(OPEN_ORDER, names, (items, sites), (comes[kept], comes[kept]), table.quantity_units[kept])

    def purchases(self, run: Run) -> Orders:
        frame = run[shape.PURCHASES]
        days = self._days(frame["release"]), self._days(frame["receipt"])
        return self._orders(PURCHASE, frame["order"], (frame["item"], frame["site"]), days, frame["accepted"])

    def production(self, run: Run) -> Orders:
        frame = run[shape.PRODUCTION]
        days = self._days(frame["start"]), self._days(frame["end"])
        return self._orders(PRODUCTION, frame["order"], (frame["item"], frame["site"]), days, frame["good"])

    def moves(self, run: Run) -> Orders:
        frame = run[shape.MOVES]
        days = self._days(frame["release"]), self._days(frame["receipt"])
        return self._orders(MOVE, frame["order"], (frame["item"], frame["to_site"]), days, frame["quantity"])

    def deliveries(self, run: Run) -> Orders:
        """Return deliveries; the name of one is that of its demand."""
        frame, summary = run[shape.DELIVERIES], run[shape.DEMAND_SUMMARY]
        day = self._days(frame["delivered"])
        certainty = dict(zip(summary["demand"].tolist(), summary["certainty"].tolist(), strict=True))
        sure = np.array([CERTAINTIES.index(certainty[d]) for d in frame["demand"].tolist()], dtype=np.float64)
        rank = (frame["demand_class"] * len(CERTAINTIES) + sure) * CLASS + np.maximum(self._days(frame["due"]), 0.0)
        found = self._orders(DELIVERY, frame["demand"], (frame["item"], frame["site"]), (day, day), frame["quantity"])
        return Orders(
            found.kind, found.name, found.item, found.site, np.full(len(found), -1), day, day, found.units, rank
        )  # fmt: skip

    def components(self, run: Run, first: int) -> Uses:
        """Return what production takes: the lines of its bill in force on the production day, scrap of the line on top."""
        frame, lines = run[shape.PRODUCTION], self.programme[BomLine]
        bills: dict[tuple[str, str], int] = {}
        line_bill = _numbered(bills, zip(lines.parent.tolist(), lines.alternative.tolist(), strict=True))
        row_bill = _numbered(bills, zip(frame["item"].tolist(), frame["alternative"].tolist(), strict=True))
        row, line, _ = runs(line_bill, np.arange(len(lines)), np.zeros(len(lines)), len(bills)).of(row_bill)
        day = frame["end"][row].astype("datetime64[D]")
        begins, ends = lines.from_date[line], lines.to_date[line]
        there = (np.isnat(begins) | (begins <= day)) & (np.isnat(ends) | (day <= ends))
        row, line = row[there], line[there]
        started, good = frame["started"][row], frame["good"][row]
        units = started * lines.quantity_units[line] * (1 + lines.scrap_share[line])
        kept = good / np.where(started > 0, started, 1.0) / (1 + lines.scrap_share[line])
        place = self._places(lines.component[line], frame["site"][row])
        return Uses(first + row, place, self._days(frame["end"])[row], units, kept)

    def taken(self, frame: Frame, first: int, site: str, day: str) -> Uses:
        """Return what moves take where they start, or deliveries where they are made: the columns of the place and of the day."""
        count = len(frame["quantity"])
        place = self._places(frame["item"], frame[site])
        return Uses(first + np.arange(count), place, self._days(frame[day]), frame["quantity"], np.ones(count))

    def _days(self, dates: NDArray[Any]) -> Floats:
        """Return days from the plan's start; a blank one is the start."""
        days = np.where(np.isnat(dates), self.start, dates).astype("datetime64[D]")
        return np.asarray((days - self.start).astype(np.float64))

    def _places(self, items: Sequence[str] | Names, sites: Sequence[str] | Names) -> Ints:
        return _numbered(self.places, zip(items, sites, strict=True))

    def _orders(
        self,
        kind: str,
        names: Sequence[str] | Names,
        at: tuple[Sequence[str] | Names, Sequence[str] | Names],
        days: tuple[Floats, Floats],
        units: Floats,
    ) -> Orders:
        count = len(units)
        items, sites = (texts(map(str, part)) for part in at)
        unasked = np.full(count, UNASKED)
        place = self._places(items, sites)
        return Orders(texts([kind] * count), texts(map(str, names)), items, sites, place, *days, units, unasked)


def _numbered(known: dict[tuple[str, str], int], keys: Any) -> Ints:
    """Return the number of each key, new ones numbered on."""
    return np.array([known.setdefault((str(a), str(b)), len(known)) for a, b in keys], dtype=np.int64)
