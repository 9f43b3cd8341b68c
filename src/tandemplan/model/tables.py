"""Tables held as columns: one array per column, with the file and line of every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Column, Description, Kind, Row, Value

R = TypeVar("R", bound=Row)
Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Table(Generic[R]):
    """All rows of one table.

    `columns` maps each column of the schema to a read-only array with one entry per row: float64 (nan: blank) for
    numbers and integers, bool for flags, datetime64[D] (NaT: blank) for dates, datetime64[s] for moments, objects for names, texts and choices
    (str) and for lists (tuple of str). `extra` holds the user's own `x_` columns as text, `files` and `lines` where
    each row was written. `table.weight_kg` is `table.columns["weight_kg"]`.
    """

    row_class: type[R]
    columns: Mapping[str, Array]
    extra: Mapping[str, Array]
    files: Array
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lines)

    def __getattr__(self, name: str) -> Array:
        columns = self.__dict__.get("columns", {})
        if name in columns:
            return cast("Array", columns[name])
        raise AttributeError(f"table {self.__dict__.get('row_class')} has no column {name!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.row_class is other.row_class and self._same(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Table({self.description.name}, {len(self)} rows)"

    def _same(self, other: Table[Any]) -> bool:
        if len(self) != len(other) or set(self.extra) != set(other.extra):
            return False
        mine, theirs = {**self.columns, **self.extra}, {**other.columns, **other.extra}
        return all(same(mine[c], theirs[c]) for c in mine)

    @property
    def description(self) -> Description:
        """Return the description that the row class carries."""
        return self.row_class.DESCRIPTION

    @cached_property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """Return the key of each row as texts, in row order."""
        parts = [column_texts(c, self.columns[c.name]) for c in self.description.columns if c.key]
        return tuple(zip(*parts, strict=True)) if parts else tuple(() for _ in range(len(self)))

    @cached_property
    def index(self) -> Mapping[tuple[str, ...], int]:
        """Return the row number of each key (the first one, where a faulty table repeats a key)."""
        return {k: i for i, k in reversed(list(enumerate(self.keys)))}

    def row(self, i: int) -> R:
        """Return row `i` as a value of the row class."""
        made = self._made
        if i not in made:
            made[i] = next(self.take([i]).rows())
        return made[i]

    @cached_property
    def _made(self) -> dict[int, R]:
        """Return the rows made one by one so far, by number."""
        return {}

    def rows(self) -> Iterator[R]:
        """Yield the rows in order as values of the row class."""
        names = [c.name for c in self.description.columns]
        cells = [cell_values(c, self.columns[c.name]) for c in self.description.columns]
        return (self.row_class(**dict(zip(names, row, strict=True))) for row in zip(*cells, strict=True))

    def place(self, i: int) -> tuple[str, int]:
        """Return the file and line of row `i`."""
        return str(self.files[i]), int(self.lines[i])

    def take(self, order: Sequence[int] | NDArray[np.int64]) -> Table[R]:
        """Return a table of the rows numbered in `order`."""
        order = np.asarray(order, dtype=np.int64)
        columns = {n: frozen(a[order]) for n, a in self.columns.items()}
        extra = {n: frozen(a[order]) for n, a in self.extra.items()}
        return Table(self.row_class, columns, extra, frozen(self.files[order]), frozen(self.lines[order]))

    def sorted(self) -> Table[R]:
        """Return the same rows ordered by key."""
        return self.take(sorted(range(len(self)), key=lambda i: self.keys[i]))

    def with_column(self, name: str, values: Array) -> Table[R]:
        """Return a table with one column replaced."""
        made = Table(self.row_class, {**self.columns, name: frozen(values)}, self.extra, self.files, self.lines)
        if name not in self.description.key:  # what is known of the keys stays known
            made.__dict__.update({n: self.__dict__[n] for n in ("keys", "index") if n in self.__dict__})
        return made


def joined(first: Table[Any], second: Table[Any]) -> Table[Any]:
    """Return the rows of two tables of one class, one after the other."""
    names = dict.fromkeys([*first.extra, *second.extra])
    columns = {n: np.concatenate([first.columns[n], second.columns[n]]) for n in first.columns}
    blank = [np.full(len(t), "", dtype=object) for t in (first, second)]
    extra = {n: np.concatenate([first.extra.get(n, blank[0]), second.extra.get(n, blank[1])]) for n in names}
    files = np.concatenate([first.files, second.files])
    lines = np.concatenate([first.lines, second.lines])
    for array in (*columns.values(), *extra.values(), files, lines):
        array.flags.writeable = False
    return Table(first.row_class, columns, extra, files, lines)


def empty(row_class: type[R]) -> Table[R]:
    """Return a table without rows."""
    return cast("Table[R]", _empty(cast("Any", row_class)))


@cache
def _empty(row_class: type[Row]) -> Table[Any]:
    return from_values(row_class, {})


def from_values(
    row_class: type[R],
    values: Mapping[str, Sequence[Value]],
    extra: Mapping[str, Sequence[str]] | None = None,
    files: Sequence[str] = (),
    lines: Sequence[int] = (),
) -> Table[R]:
    """Return a table from typed values by column; columns not given take their defaults.

    >>> from tandemplan.model.schema import Item
    >>> t = from_values(Item, {"item": ["A", "B"], "weight_kg": [1.0, None]})
    >>> len(t), t.row(0).weight_kg, t.row(1).unit
    (2, 1.0, 'each')
    """
    size = max((len(v) for v in values.values()), default=0)
    columns = {
        c.name: frozen(column_array(c, given) if (given := values.get(c.name)) else default_array(c, size))
        for c in row_class.DESCRIPTION.columns
    }
    kept = {n: frozen(objects(v)) for n, v in (extra or {}).items()}
    file_array = objects(files) if files else full(f"{row_class.DESCRIPTION.name}.csv", size)
    line_array = np.array(lines or range(2, size + 2), dtype=np.int64)
    return Table(row_class, columns, kept, frozen(file_array), frozen(line_array))


def from_rows(row_class: type[R], rows: Sequence[R]) -> Table[R]:
    """Return a table from values of the row class."""
    return from_values(row_class, {c.name: [getattr(r, c.name) for r in rows] for c in row_class.DESCRIPTION.columns})


def column_array(column: Column, values: Sequence[Value]) -> Array:
    """Return typed values as the array that holds such a column."""
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    if column.kind is Kind.FLAG:
        return np.array([bool(v) for v in values], dtype=np.bool_)
    if column.kind is Kind.DATE:
        return np.array([np.datetime64("NaT") if v is None else np.datetime64(v, "D") for v in values], "datetime64[D]")  # type: ignore[call-overload]
    if column.kind is Kind.MOMENT:
        return np.array([np.datetime64("NaT") if v is None else np.datetime64(v, "s") for v in values], "datetime64[s]")  # type: ignore[call-overload]
    if column.kind is Kind.NAMES:
        return objects([tuple(v) if isinstance(v, tuple | list) else () for v in values])
    return objects(["" if v is None else str(v) for v in values])


def default_array(column: Column, size: int) -> Array:
    """Return a column of blank cells: each means the default."""
    return np.repeat(column_array(column, [column.default]), size)


def cell_text(column: Column, value: Any) -> str:
    """Return the text of one cell as it is written to CSV.

    >>> from tandemplan.model.schema import Item
    >>> cell_text(Item.DESCRIPTION.column("weight_kg"), 7.5), cell_text(Item.DESCRIPTION.column("hazard"), True)
    ('7.5', 'yes')
    """
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return "" if value is None or np.isnan(value) else number_text(float(value))
    if column.kind is Kind.FLAG:
        return "yes" if value else "no"
    if column.kind is Kind.DATE:
        return "" if value is None or np.isnat(np.datetime64(value)) else str(value)
    if column.kind is Kind.MOMENT:
        when = np.datetime64("NaT") if value is None else np.datetime64(value, "s")
        return "" if np.isnat(when) else str(when).removesuffix("T00:00:00")
    return ";".join(value) if isinstance(value, tuple) else str(value)


def column_texts(column: Column, values: Array) -> list[str]:
    """Return the texts of all cells of a column, as `cell_text` gives them one by one.

    >>> from tandemplan.model.schema import Item
    >>> column_texts(Item.DESCRIPTION.column("weight_kg"), np.array([7.5, 2.0, np.nan]))
    ['7.5', '2', '']
    """
    if column.kind in (Kind.NUMBER, Kind.INTEGER, Kind.FLAG, Kind.DATE, Kind.MOMENT):
        distinct, place = np.unique(values, return_inverse=True)
        return cast("list[str]", objects([cell_text(column, v) for v in distinct])[place].tolist())
    if column.kind is Kind.NAMES:
        return [";".join(v) if v else "" for v in values.tolist()]
    return list(map(str, values.tolist()))


def only_default(table: Table[Any], name: str) -> bool:
    """Return whether every cell of a column holds what a blank cell means."""
    column = table.description.column(name)
    assert column is not None
    return same(table.columns[name], default_array(column, len(table)))


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number, whole numbers without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def frozen(array: Array) -> Array:
    """Return the array, closed for writing."""
    array.flags.writeable = False
    return array


def objects(values: Sequence[Any]) -> Array:
    """Return values, lists of names among them, as an array of objects of one axis."""
    return np.fromiter(values, dtype=object, count=len(values))


def full(value: str, size: int) -> Array:
    """Return an array that holds one text `size` times."""
    return np.full(size, value, dtype=object)


def cell_values(column: Column, values: Array) -> list[Value]:
    """Return the cells of a column as rows of the row class hold them."""
    cells: list[Value] = values.tolist()
    if column.kind is Kind.NUMBER and np.isnan(values).any():
        return [None if v != v else v for v in cells]  # noqa: PLR0124 - nan is not itself
    if column.kind is Kind.INTEGER:
        return [None if v != v else int(v) for v in cells]  # type: ignore[arg-type]  # noqa: PLR0124
    return cells


def same(a: Array, b: Array) -> bool:
    """Return whether two columns hold the same cells, blank ones included."""
    if object in (a.dtype, b.dtype):
        return list(a) == list(b)
    return bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fM"))
