"""A linear model in named blocks of arrays: columns and rows know whom and which period they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import starts, sums

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NO_COLUMN = -1


@dataclass(frozen=True, eq=False)
class Block:
    """A named run of columns or rows: entry k speaks of `who[entity[k]]` in period `period[k]` (-1: no period)."""

    name: str
    first: int
    who: tuple[str, ...]
    entity: Ints
    period: Ints
    unit: str = ""

    @property
    def index(self) -> Ints:
        """Return the numbers of the block's columns or rows."""
        return np.arange(self.first, self.first + len(self.entity))

    def label(self, k: int) -> str:
        """Return the name of entry `k`, such as `balance[R-DOC@S-BRV,3]`."""
        period = f",{self.period[k]}" if self.period[k] >= 0 else ""
        return f"{self.name}[{self.who[self.entity[k]]}{period}]"


@dataclass(frozen=True, eq=False)
class Cover:
    """Places whose stock grows by set-ups alone, for which cuts are known (`covers.py`); NO_COLUMN: none.

    `setup` columns (set-ups x periods), `stock` columns (places x periods) with their `weight`s, weighted units `opening`
    there at first, `out` columns that leave for each demand (demands x periods) with `out_weight`s, and the `most` units of each.
    """

    setup: Ints
    stock: Ints
    weight: Floats
    opening: float
    out: Ints
    out_weight: Floats
    most: Floats


@dataclass(frozen=True, eq=False)
class Lp:
    """Columns x within bounds, rows `row_lower <= A x <= row_upper`; A in compressed rows; `whole` columns are whole numbers.

    `covers` say what cuts whole plans keep.
    """

    columns: Mapping[str, Block]
    rows: Mapping[str, Block]
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    row_start: Ints
    row_column: Ints
    value: Floats
    whole: NDArray[np.bool_]
    covers: tuple[Cover, ...] = ()

    @property
    def size(self) -> tuple[int, int, int]:
        """Return the numbers of rows, columns and non-zeros."""
        return len(self.row_lower), len(self.lower), len(self.value)

    def times(self, x: Floats) -> Floats:
        """Return A x."""
        products = self.value * x[self.row_column]
        return sums(self.row_of_entry, products, len(self.row_lower))

    def transposed_times(self, y: Floats) -> Floats:
        """Return A' y."""
        products = self.value * y[self.row_of_entry]
        return sums(self.row_column, products, len(self.lower))

    @property
    def row_of_entry(self) -> Ints:
        """Return the row of each coefficient."""
        return np.repeat(np.arange(len(self.row_lower)), np.diff(self.row_start))


def same_in(block: Block, other: Block) -> Ints:
    """Return for each entry of a block the number of the column or row of another that speaks of the same, by name and period (NO_COLUMN: none).

    >>> one, none = np.zeros(1, dtype=np.int64), np.full(1, -1)
    >>> same_in(Block("stock", 3, ("kit",), one, one), Block("balance", 7, ("bike", "kit"), one + 1, one)).tolist()
    [7]
    """
    at = {name: k for k, name in enumerate(other.who)}
    who = np.array([at.get(name, -1) for name in block.who], dtype=np.int64)
    width = 2 + max(int(block.period.max(initial=-1)), int(other.period.max(initial=-1)))
    known = np.full(
        (len(other.who) + 1, width), NO_COLUMN, dtype=np.int64
    )  # -1 finds the last row, of nobody, and the last period
    known[other.entity, other.period] = other.index
    return known[who[block.entity], block.period]


def compressed(
    rows: Ints, columns: Ints, values: Floats, count: int, *, cancelled: float | None = None
) -> tuple[Ints, Ints, Floats]:
    """Return coefficients in compressed rows, those of one cell summed: where each of `count` rows starts, columns, values.

    Cells whose coefficients cancel to at most `cancelled` of the largest of them are left out (None: kept).

    >>> cells = compressed(np.array([1, 0, 1]), np.array([2, 5, 2]), np.array([1.0, 4.0, 2.0]), 2)
    >>> [part.tolist() for part in cells]
    [[0, 1, 2], [5, 2], [4.0, 3.0]]
    """
    width = int(columns.max(initial=0)) + 1
    cell = rows * width + columns
    order = np.argsort(cell, kind="stable")
    cell, values = cell[order], values[order]
    new = np.ones(len(cell), dtype=bool)
    new[1:] = cell[1:] != cell[:-1]
    first = np.flatnonzero(new)
    rows, columns = cell[new] // width, cell[new] % width
    if len(first):
        size = np.maximum.reduceat(np.abs(values), first)
        values = np.add.reduceat(values, first)
        if cancelled is not None:
            kept = np.abs(values) > cancelled * size
            rows, columns, values = rows[kept], columns[kept], values[kept]
    return starts(rows, count), columns, values


@dataclass
class Builder:
    """Collects blocks; `lp()` closes it. The one value here that grows, inside one function."""

    columns: dict[str, Block] = field(default_factory=dict)
    rows: dict[str, Block] = field(default_factory=dict)
    _bounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    _whole: list[NDArray[np.bool_]] = field(default_factory=list)
    _grids: dict[str, Ints] = field(default_factory=dict)
    _row_bounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    _entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    _column_count: int = 0
    _row_count: int = 0

    def add_grid(
        self,
        name: str,
        who: tuple[str, ...],
        there: NDArray[np.bool_],
        upper: Any = np.inf,
        *,
        lower: Any = 0.0,
        whole: bool = False,
    ) -> Ints:
        """Add a column for each True of `there` (entities x periods); return their numbers, NO_COLUMN elsewhere."""
        entity, period = np.nonzero(there)
        grid = np.full(there.shape, NO_COLUMN, dtype=np.int64)
        highs = np.broadcast_to(np.asarray(upper, dtype=np.float64), there.shape)[there]
        grid[there] = self._add_columns(name, who, entity, period, highs, whole=whole)
        self._bounds[-1] = (_spread(lower, there), highs)
        return grid

    def add_list(
        self, name: str, who: tuple[str, ...], entity: Ints, period: Ints, upper: Floats, *, whole: bool = False
    ) -> Ints:
        """Add a column for each entry of `entity` and `period`; return their numbers."""
        return self._add_columns(name, who, entity, period, upper, whole=whole)

    def add_rows(
        self, name: str, who: tuple[str, ...], there: NDArray[np.bool_], *, lower: Any, upper: Any, unit: str = "units"
    ) -> Ints:
        """Add a row for each True of `there` (entities x periods); return their numbers, NO_COLUMN elsewhere."""
        entity, period = np.nonzero(there)
        grid = np.full(there.shape, NO_COLUMN, dtype=np.int64)
        first = self._row_count
        self._row_count += len(entity)
        assert name not in self.rows, name
        self.rows[name] = Block(name, first, who, entity, period, unit)
        self._row_bounds.append((_spread(lower, there), _spread(upper, there)))
        grid[there] = np.arange(first, self._row_count)
        self._grids[name] = grid
        return grid

    def row_grid(self, name: str) -> Ints:
        """Return the numbers of the rows of a family that `add_rows` added (NO_COLUMN: none), to add coefficients to them."""
        return self._grids[name]

    def most(self, name: str) -> Floats:
        """Return for each row of a family (0: none) the most that columns with coefficients above 0 may come to.

        That is its upper side and all that its columns with coefficients below 0 can add.
        """
        high = np.concatenate([b[1] for b in self._bounds] or [np.zeros(0)])
        room = np.concatenate([b[1] for b in self._row_bounds])
        for rows, columns, values in self._entries:
            below = values < 0
            np.add.at(room, rows[below], -values[below] * high[columns[below]])
        grid = self._grids[name]
        return np.where(grid >= 0, room[np.maximum(grid, 0)], 0.0)

    def add(self, rows: Ints, columns: Ints, values: Any) -> None:
        """Add coefficients; arrays of one shape. Entries without a row, without a column, or zero are passed over."""
        rows, columns = np.broadcast_arrays(rows, columns)
        values = np.broadcast_to(np.asarray(values, dtype=np.float64), rows.shape)
        kept = (rows >= 0) & (columns >= 0) & (values != 0)
        self._entries.append((rows[kept], columns[kept], values[kept]))

    def lp(self) -> Lp:
        """Return the model: entries of one cell summed, rows in the order they were added."""
        rows, columns, values = (np.concatenate([e[k] for e in self._entries] or [np.zeros(0)]) for k in range(3))
        start, column, value = compressed(rows.astype(np.int64), columns.astype(np.int64), values, self._row_count)
        bounds, row_bounds = (_pairs(b) for b in (self._bounds, self._row_bounds))
        whole = np.concatenate([*self._whole, np.zeros(0, dtype=bool)])
        return Lp(self.columns, self.rows, *bounds, *row_bounds, start, column, value, whole)

    def _add_columns(
        self, name: str, who: tuple[str, ...], entity: Ints, period: Ints, upper: Floats, *, whole: bool
    ) -> Ints:
        first = self._column_count
        self._column_count += len(entity)
        assert name not in self.columns, name
        self.columns[name] = Block(name, first, who, entity, period)
        self._bounds.append((np.zeros(len(entity)), np.asarray(upper, dtype=np.float64)))
        self._whole.append(np.full(len(entity), whole))
        return np.arange(first, self._column_count)


def _spread(value: Any, there: NDArray[np.bool_]) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), there.shape)[there]


def _pairs(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    blank = [np.zeros(0)]
    return np.concatenate([p[0] for p in parts] or blank), np.concatenate([p[1] for p in parts] or blank)


def lp_text(lp: Lp, family: str) -> Iterator[str]:
    """Yield one readable line for each row of a family, for the golden files of the tests."""
    names = {}
    for block in lp.columns.values():
        names.update({block.first + k: block.label(k) for k in range(len(block.entity))})
    block = lp.rows[family]
    for k, row in enumerate(block.index):
        span = slice(lp.row_start[row], lp.row_start[row + 1])
        terms = [f"{v:+g} {names[c]}" for c, v in zip(lp.row_column[span], lp.value[span], strict=True)]
        yield " ".join([f"{block.label(k)}:", *terms, *_sides(lp.row_lower[row], lp.row_upper[row])])


def _sides(low: float, high: float) -> list[str]:
    if low == high:
        return [f"= {low:g}"]
    return [f"{sign} {side:g}" for sign, side in ((">=", low), ("<=", high)) if np.isfinite(side)]
