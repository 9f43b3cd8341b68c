"""The words in which tables are described: one column, one row class, one table description.

A table is a frozen row class. Each of its columns is declared once, by one of the functions below, with its kind,
unit, bounds, default, reference and a one-sentence meaning. Reader, writer, checks, defaults, JSON Schema, blank
workbook and the reference page are derived from that and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar, dataclass_transform

MOST_DAYS = 36_500  # a hundred years: longer times are "for ever", which a blank cell says where it is allowed
Value = str | float | int | bool | date | datetime | tuple[str, ...] | None


class Kind(StrEnum):
    """What the cells of a column hold."""

    NAME = "name"  # a user's own name: a key, or a reference to one
    NAMES = "names"  # several of them, separated by ';'
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    INTEGER = "integer"
    FLAG = "flag"  # yes or no
    DATE = "date"
    MOMENT = "moment"  # a date, or a date and a time of day; a date is midnight at its beginning


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column: everything that reader, checks and documents need to know about it.

    `refers_to` lists the tables whose key a cell may name; `low` and `high` are inclusive bounds, `above` an
    exclusive lower one; `default` is what a blank cell means (None: blank stays blank).
    """

    name: str
    kind: Kind
    meaning: str
    default: Value = None
    required: bool = False
    key: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """Describe one table: its name, the group it belongs to, what a row is, and its columns in order."""

    name: str
    group: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Return the names of the key columns, in order."""
        return tuple(c.name for c in self.columns if c.key)

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)


def _declare(kind: Kind, meaning: str, default: Value, **rest: Any) -> Any:
    column = Column(name="", kind=kind, meaning=meaning, default=default, **rest)
    return field(default=default, metadata={"column": column})


def key(meaning: str, *, to: str | tuple[str, ...] = (), blank: bool = False) -> Any:
    """Declare a key column: a name the user chose, or the name of a row of table `to`; `blank` allows no name."""
    return _declare(Kind.NAME, meaning, "", key=True, required=not blank, refers_to=_tables(to))


def ref(meaning: str, *, to: str | tuple[str, ...], required: bool = False) -> Any:
    """Declare a reference to one row of table `to` (or of one of several tables)."""
    return _declare(Kind.NAME, meaning, "", required=required, refers_to=_tables(to))


def listing(meaning: str, *, to: str | tuple[str, ...] = ()) -> Any:
    """Declare a list of names separated by ';' (references, when `to` is given)."""
    return _declare(Kind.NAMES, meaning, (), refers_to=_tables(to))


def text(meaning: str, *, default: str = "") -> Any:
    """Declare free text."""
    return _declare(Kind.TEXT, meaning, default)


def choice(meaning: str, *choices: str, default: str, as_key: bool = False) -> Any:
    """Declare a column whose cells are one of a few words."""
    return _declare(Kind.CHOICE, meaning, default, choices=choices, key=as_key)


def number(meaning: str, *, unit: str, default: float | None = None, **bounds: Any) -> Any:
    """Declare a number in `unit` (`low`, `high`, `above`, `required` as in `Column`); None stays blank."""
    if unit == "days":
        bounds.setdefault("high", MOST_DAYS)
    return _declare(Kind.NUMBER, meaning, default, unit=unit, **bounds)


def integer(meaning: str, *, unit: str, default: int | None = None, as_key: bool = False, **bounds: Any) -> Any:
    """Declare a whole number in `unit`."""
    return _declare(Kind.INTEGER, meaning, default, unit=unit, key=as_key, **bounds)


def flag(meaning: str, *, default: bool = False) -> Any:
    """Declare a yes or no (written `yes` and `no`)."""
    return _declare(Kind.FLAG, meaning, default)


def day(meaning: str, *, required: bool = False, as_key: bool = False) -> Any:
    """Declare an ISO date."""
    return _declare(Kind.DATE, meaning, None, required=required, key=as_key)


def moment(meaning: str, *, required: bool = False, as_key: bool = False) -> Any:
    """Declare a moment: an ISO date, or a date-time without a zone, to the second."""
    return _declare(Kind.MOMENT, meaning, None, required=required, key=as_key)


def opens_after() -> Any:
    """Declare the one column that closes a row until tasks are done."""
    return listing("Tasks that must be done before this row opens.", to="tasks")


def _tables(to: str | tuple[str, ...]) -> tuple[str, ...]:
    return (to,) if isinstance(to, str) else to


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of any table; every table also says where its numbers come from."""

    DESCRIPTION: ClassVar[Description]


_SOURCE = Column("source", Kind.NAMES, "Where the numbers of this row come from.", default=(), refers_to=("sources",))
_NOTE = Column("note", Kind.TEXT, "A free note.", default="")

R = TypeVar("R", bound=Row)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def row(table_name: str, group: str) -> Any:
    """Make a class of declared columns a frozen row class that carries its table's description.

    >>> @row("boxes", "what")
    ... class Box(Row):
    ...     '''A box.'''
    ...     box: str = key("Name of the box.")
    ...     weight_kg: float = number("Weight.", unit="kg", default=1.0, low=0)
    >>> Box.DESCRIPTION.key, Box.DESCRIPTION.column("weight_kg").unit, Box(box="A").weight_kg
    (('box',), 'kg', 1.0)
    """

    def decorate(declared: type[R]) -> type[R]:
        if "source" not in declared.__annotations__:
            _add(declared, _SOURCE, "tuple[str, ...]")
        _add(declared, _NOTE, "str")
        made = dataclass(frozen=True, kw_only=True)(declared)
        columns = tuple(_named(f.metadata["column"], f.name) for f in fields(made) if "column" in f.metadata)
        meaning = (made.__doc__ or "").strip()
        made.DESCRIPTION = Description(table_name, group, meaning, columns)
        return made

    return decorate


def _add(declared: type[Row], column: Column, annotation: str) -> None:
    declared.__annotations__[column.name] = annotation
    setattr(declared, column.name, field(default=column.default, metadata={"column": column}))


def _named(column: Column, name_: str) -> Column:
    from dataclasses import replace

    return replace(column, name=name_)
