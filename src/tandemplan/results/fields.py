"""What a result table is made of: columns of a type, with a unit and a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """What the cells of a result column hold."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"  # date and time, to the second
    UNITS = "units"  # quantities, hours, days with fractions: six decimals
    MONEY = "money"  # amounts: two decimals
    WHOLE = "whole"  # whole numbers
    FLAG = "flag"  # yes or no


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a result table.

    `audited` is False for what no second look at the tables can prove (bounds, worth): a digest guards it.
    """

    name: str
    type: Type
    meaning: str
    unit: str = ""
    audited: bool = True
    may_be_blank: bool = False  # days and numbers (nan) alone: texts always may


@dataclass(frozen=True, slots=True)
class Shape:
    """One result table: its name, what a row is, and its columns in order."""

    name: str
    meaning: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return tuple(f.name for f in self.fields)


def text(name: str, meaning: str, *, audited: bool = True) -> Field:
    """Return a column of names or words."""
    return Field(name, Type.TEXT, meaning, audited=audited)


def date(name: str, meaning: str, *, audited: bool = True) -> Field:
    """Return a column of days."""
    return Field(name, Type.DATE, meaning, audited=audited)


def maybe(name: str, meaning: str) -> Field:
    """Return a column of days that may be blank."""
    return Field(name, Type.DATE, meaning, may_be_blank=True)


def moment(name: str, meaning: str, *, blank: bool = False) -> Field:
    """Return a column of moments, which may be `blank`."""
    return Field(name, Type.MOMENT, meaning, may_be_blank=blank)


def units(name: str, meaning: str, unit: str = "units", *, audited: bool = True, blank: bool = False) -> Field:
    """Return a column of quantities, hours or shares, which may be `blank`."""
    return Field(name, Type.UNITS, meaning, unit, audited, blank)


def money(name: str, meaning: str, *, audited: bool = True, blank: bool = False) -> Field:
    """Return a column of amounts, which may be `blank`."""
    return Field(name, Type.MONEY, meaning, "money", audited, blank)


def whole(name: str, meaning: str, unit: str, *, audited: bool = True) -> Field:
    """Return a column of whole numbers."""
    return Field(name, Type.WHOLE, meaning, unit, audited)
