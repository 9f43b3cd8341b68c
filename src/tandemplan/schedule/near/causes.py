"""Why the plan's starts are late in the schedule: for want of hours, or because what they are made of was not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from tandemplan.results import schedule_shapes as shapes
from tandemplan.results.store import Run
from tandemplan.schedule.near.targets import PRODUCTION, Target

Moment = np.datetime64
TINY = 1e-6


@dataclass(frozen=True)
class Lot:
    """A lot of a start: its units, when it is done (None: not at all), and the item that it waited for in vain (blank: it was for hours)."""

    units: float
    end: Moment | None
    item: str


@dataclass(frozen=True, eq=False)
class Causes:
    """The lots of the starts of a plan in a schedule."""

    schedule: Run

    @cached_property
    def _orders(self) -> Mapping[str, list[dict[str, Any]]]:
        """Return the orders of each process, steps of routes apart."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.schedule.rows(shapes.ORDERS):
            if not row["part_of"]:
                found.setdefault(row["process"], []).append(row)
        return found

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
        """Return what comes to each place and leaves it, as it happens."""
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in self.schedule.rows(shapes.ORDER_FLOWS):
            found.setdefault((row["item"], row["site"]), []).append(row)
        return found

    @cached_property
    def _uses(self) -> Mapping[str, list[tuple[tuple[str, str], int]]]:
        """Return where each order takes something, and which row of the place that is."""
        owner = {r["order"]: r["part_of"] or r["order"] for r in self.schedule.rows(shapes.ORDERS)}
        found: dict[str, list[tuple[tuple[str, str], int]]] = {}
        for place, rows in self._places.items():
            for k, row in enumerate(rows):
                if row["quantity"] < 0 and row["order"]:
                    found.setdefault(owner[row["order"]], []).append((place, k))
        return found

    def lots(self, target: Target, bill: Mapping[str, float]) -> list[Lot]:
        """Return the lots of a start, and what of it is not done as one more; `bill` are the items that a unit takes.

        A late lot waited for the item of which enough lay there last, where that was after its period began: the plan counts all hours of the period.
        """
        if target.kind != PRODUCTION:
            return []
        span = Moment(target.period, "s"), Moment(target.due + timedelta(days=1), "s")
        found = [self._lot(o, span) for o in self._orders.get(target.name, ())]
        left = target.quantity - sum(lot.units for lot in found)
        if left > TINY:
            least = found[0].units if found else left
            found.append(Lot(left, None, self._lacking(target.site, bill, min(left, least))))
        return found

    def _lot(self, order: Mapping[str, Any], period: tuple[Moment, Moment]) -> Lot:
        end = Moment(order["end"], "s")
        if end <= period[1]:
            return Lot(order["quantity"], end, "")
        ready = [(self._since(place, k), place[0]) for place, k in self._uses.get(order["order"], ())]
        late = [(at, item) for at, item in ready if at is not None and at > period[0]]
        return Lot(order["quantity"], end, max(late)[1] if late else "")

    def _since(self, place: tuple[str, str], k: int) -> Moment | None:
        """Return from when on enough lay at a place for what a row takes, until it was taken; None: since the beginning."""
        rows, wanted = self._places[place], -self._places[place][k]["quantity"]
        for j in range(k - 1, -1, -1):
            if rows[j]["stock"] < wanted - TINY:
                return Moment(rows[j + 1]["moment"], "s")
        if rows[0]["order"] or k == 0:  # nothing lay there at the beginning
            return Moment(rows[0]["moment"], "s")
        return None

    def _lacking(self, site: str, bill: Mapping[str, float], units: float) -> str:
        """Return an item of which less than a lot takes lies there at the end; blank: there is enough of all."""
        for item, each in sorted(bill.items()):
            rows: Sequence[Mapping[str, Any]] = self._places.get((item, site), ())
            if (rows[-1]["stock"] if rows else 0.0) < each * units - TINY:
                return item
        return ""
