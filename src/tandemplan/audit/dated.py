"""Cells that change with the day: what risks with a date and options already chosen do to a programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.audit.days import number
from tandemplan.model.changes import Effect, effects
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES

OBEYED = frozenset({
    "offers.capacity_units_per_week", "offers.lead_days", "lanes.capacity_kg_per_week", "lanes.transit_days",
    "crossings.delay_hours", "licences.processing_days", "work_centres.stations", "work_centres.availability_share",
    "skills.headcount", "tools.sets", "sites.storage_m3", "sites.hazard_storage_kg", "demands.quantity_units",
    "tasks.duration_days", "operations.open_share", "stock_policies.safety_units", "offers.qualification_days", "tasks.earliest",
    "funding.amount", "funding.date", "funding.slip_days",
})  # fmt: skip
_ORDER = {"set": 0, "add": 1, "multiply": 2}
Cell = tuple[str, int, str]


@dataclass(frozen=True)
class Dated:
    """The cells of a programme day by day; blank cells are nan."""

    programme: Programme
    changes: Mapping[Cell, tuple[Effect, ...]]

    def values(self, table: str, row: int, column: str, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the values of one cell on `days`: sets, then additions, then multiplications that last on each."""
        found = np.full(len(days), self._written(table, row, column))
        for effect in self.changes.get((table, row, column), ()):
            last = np.inf if effect.end is None else number(effect.end)
            on = (days >= number(effect.start)) & (days < last)
            found[on] = changed(found[on], effect.operation, effect.value)
        return found

    def kept_share(self, table: str, row: int, column: str, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the share that the multiplications in force on each of `days` leave of a number; never more than 1."""
        share = np.ones(len(days))
        for effect in self.changes.get((table, row, column), ()):
            if effect.operation == "multiply":
                last = np.inf if effect.end is None else number(effect.end)
                share[(days >= number(effect.start)) & (days < last)] *= effect.value
        return np.minimum(share, 1.0)

    def on(self, table: str, row: int, column: str, day: int) -> float:
        """Return the value of one cell on one day."""
        if (table, row, column) not in self.changes:
            return self._written(table, row, column)
        return float(self.values(table, row, column, np.array([day], dtype=np.int64))[0])

    def always(self, table: str, row: int, column: str) -> float:
        """Return the value of one cell with every change made, whatever its day."""
        found = np.array([self._written(table, row, column)])
        for effect in self.changes.get((table, row, column), ()):
            found = changed(found, effect.operation, effect.value)
        return float(found[0])

    def moved(self, table: str, row: int, column: str) -> float:
        """Return by how many days a date is moved, whatever the days of the changes."""
        return sum(effect.value for effect in self.changes.get((table, row, column), ()))

    def without_options(self) -> Dated:
        """Return the cells without what options change."""
        kept = {cell: tuple(e for e in found if e.origin != "options") for cell, found in self.changes.items()}
        return Dated(self.programme, kept)

    def _written(self, table: str, row: int, column: str) -> float:
        return float(self.programme[TABLES[table]].columns[column][row])


def dated_of(programme: Programme) -> Dated:
    """Return the cells of a programme with the dated effects that plans obey."""
    found: dict[Cell, list[Effect]] = defaultdict(list)
    for effect in effects(programme)[0]:
        if f"{effect.table}.{effect.column}" in OBEYED:
            for row in effect.rows:
                found[effect.table, row, effect.column].append(effect)
    return Dated(programme, {c: tuple(sorted(e, key=lambda e: _ORDER[e.operation])) for c, e in found.items()})


def changed(values: NDArray[np.float64], operation: str, by: float) -> NDArray[np.float64]:
    """Return values after one operation; a blank times 0 is 0, otherwise a blank stays blank; no sum is below 0.

    >>> changed(np.array([2.0, np.nan]), "multiply", 0.0).tolist()
    [0.0, 0.0]
    """
    if operation == "set":
        return np.full(len(values), by)
    if operation == "add":
        return np.maximum(values + by, 0.0)
    return np.where(np.isnan(values), 0.0 if by == 0 else np.nan, values * by)
