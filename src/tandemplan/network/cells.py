"""Cells that change from day to day: base values of the tables, changed by dated effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import Periods
from tandemplan.model.changes import Effect, effects
from tandemplan.model.programme import Programme
from tandemplan.model.tables import Table

Series = NDArray[np.float64]

OBEYED = frozenset({
    ("offers", "capacity_units_per_week"), ("offers", "lead_days"), ("lanes", "capacity_kg_per_week"),
    ("lanes", "transit_days"), ("crossings", "delay_hours"), ("licences", "processing_days"),
    ("work_centres", "stations"), ("work_centres", "availability_share"), ("skills", "headcount"), ("tools", "sets"),
    ("sites", "storage_m3"), ("sites", "hazard_storage_kg"), ("demands", "quantity_units"), ("tasks", "duration_days"),
    ("operations", "open_share"), ("stock_policies", "safety_units"), ("offers", "qualification_days"), ("tasks", "earliest"),
    ("funding", "amount"), ("funding", "date"), ("funding", "slip_days"),
})  # fmt: skip


@dataclass(frozen=True, eq=False)
class Cells:
    """Look up number cells day by day; `periods` gives the horizon, `known` the dated effects in force."""

    programme: Programme
    periods: Periods
    known: tuple[Effect, ...]

    def daily(self, table: Table[Any], column: str, row: int) -> Series:
        """Return the value of one cell on each day of the horizon (nan: blank)."""
        series = np.full(self.periods.days, float(table.columns[column][row]))
        for effect in self.on(table, column, row):
            span = slice(*self._span(effect))
            series[span] = _changed(series[span], effect)
        return series

    def at(self, table: Table[Any], column: str, row: int, day: int) -> float:
        """Return the value of one cell on one day, which may lie outside the horizon."""
        value = np.array([float(table.columns[column][row])])
        for effect in self.on(table, column, row):
            first = self.periods.day(effect.start)
            last = np.inf if effect.end is None else self.periods.day(effect.end)
            if first <= day < last:
                value = _changed(value, effect)
        return float(value[0])

    def whatever_the_day(self, table: Table[Any], column: str, row: int) -> float:
        """Return the value of one cell with all its effects, whatever their days."""
        value = np.array([float(table.columns[column][row])])
        for effect in self.on(table, column, row):
            value = _changed(value, effect)
        return float(value[0])

    def kept_share(self, table: Table[Any], column: str, row: int) -> Series:
        """Return on each day the share of a number that its multiplications leave, at most 1: what a stop takes from units bought later."""
        share = np.ones(self.periods.days)
        for effect in self.on(table, column, row):
            if effect.operation == "multiply":
                share[slice(*self._span(effect))] *= effect.value
        return np.minimum(share, 1.0)

    def moved(self, table: Table[Any], column: str, row: int) -> float:
        """Return by how many days effects move a date, whatever their days."""
        return sum(e.value for e in self.on(table, column, row))

    def on(self, table: Table[Any], column: str, row: int) -> list[Effect]:
        """Return the effects on one cell: sets, then additions, then multiplications, each by start and cause."""
        order = {"set": 0, "add": 1, "multiply": 2}
        name = table.description.name
        found = [e for e in self.known if e.table == name and e.column == column and row in e.rows]
        return sorted(found, key=lambda e: order[e.operation])

    def touched(self, table: Table[Any], column: str) -> frozenset[int]:
        """Return the rows of which some effect changes the column."""
        name = table.description.name
        return frozenset(r for e in self.known if e.table == name and e.column == column for r in e.rows)

    def not_obeyed(self) -> tuple[str, ...]:
        """Return a sentence for each dated effect that plans do not obey yet."""
        lines = [
            f"The effect of {e.cause} on {e.table}.{e.column} is not obeyed by plans yet."
            for e in self.known
            if (e.table, e.column) not in OBEYED
        ]
        return tuple(dict.fromkeys(lines))

    def _span(self, effect: Effect) -> tuple[int, int]:
        first = max(self.periods.day(effect.start), 0)
        last = self.periods.days if effect.end is None else self.periods.day(effect.end)
        return first, max(last, first)


def cells_of(programme: Programme, periods: Periods) -> Cells:
    """Return the cells of a checked programme."""
    known, problems = effects(programme)
    assert not problems, problems
    return Cells(programme, periods, tuple(known))


def _changed(values: Series, effect: Effect) -> Series:
    if effect.operation == "set":
        return np.full_like(values, effect.value)
    if effect.operation == "add":
        return np.maximum(values + effect.value, 0.0)
    if effect.value == 0:
        return np.zeros_like(values)
    return values * effect.value


def whole_days(days: Sequence[float] | Series) -> NDArray[np.int64]:
    """Return days rounded up to whole days, 1e-9 of a day forgiven."""
    return np.ceil(np.asarray(days, dtype=np.float64) - 1e-9).astype(np.int64)
