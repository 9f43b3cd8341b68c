"""Tables that a reader sorts and filters: their columns, their rows, and the compact form in which a page carries them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any

from tandemplan.report.wording import NOTHING, day, number

FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True)
class Column:
    """One column: `kind` is `text`, `figure` (a text that stands to the right), `number`, `money`, `share`, `change` (a number with its sign) or `date`, `meaning` a tooltip."""

    name: str
    kind: str = "text"
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class DataTable:
    """A table of a page. `shown` rows stand in the page's text, the rest in its data; `folded` hides it at first.

    `empty` is what is said when there are no rows.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    lead: str = ""
    empty: str = "None."
    shown: int = 12
    folded: bool = False
    kind: str = "table"

    @property
    def numeric(self) -> tuple[str, ...]:
        """Return the kinds of columns that stand to the right."""
        return ("number", "money", "share", "change", "figure")

    @property
    def head(self) -> list[list[tuple[str, str]]]:
        """Return the first rows as cells in words, each with the kind of its column."""
        return [
            [(cell_text(c.kind, v), c.kind) for c, v in zip(self.columns, row, strict=True)]
            for row in self.rows[: self.shown]
        ]

    @property
    def data(self) -> str:
        """Return columns and rows as JSON that may stand inside a script element.

        Texts are numbered in a list of their own, days are counted from 1970.
        """
        columns = [
            {"n": c.name, "u": c.unit, "k": c.kind, **_packed(c.kind, [r[i] for r in self.rows])}
            for i, c in enumerate(self.columns)
        ]
        text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def cell_text(kind: str, value: Any) -> str:
    """Return a cell in words.

    >>> cell_text("date", date(2026, 12, 4)), cell_text("number", 1234.5), cell_text("money", 12.5), cell_text("text", None)
    ('4 Dec 2026', '1,234', '12.50', '')
    """
    if value is None:
        return ""
    if kind == "date":
        return day(value)
    if kind == "number":
        return number(float(value))
    if kind == "share":
        return f"{100 * value:.1f}".removesuffix(".0") + " %"
    if kind == "change":
        return signed(value)
    if kind == "money":
        return f"{value:,.{0 if abs(value) >= 100 or value == 0 else 2}f}"
    return str(value)


def dense(table: DataTable) -> DataTable:
    """Return a table without the columns that are blank in every row; the first column always stays."""
    kept = [i for i in range(len(table.columns)) if not i or any(r[i] not in (None, "") for r in table.rows)]
    rows = tuple(tuple(r[i] for i in kept) for r in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=rows)


def without(table: DataTable, name: str) -> DataTable:
    """Return a table without a column.

    >>> without(DataTable("t", "", columns("a", "b"), (("x", "y"),)), "a").rows
    (('y',),)
    """
    kept = [i for i, c in enumerate(table.columns) if c.name != name]
    rows = tuple(tuple(r[i] for i in kept) for r in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=rows)


def signed(value: float) -> str:
    """Return a difference with its sign; less than rounding is `=`.

    >>> signed(1234), signed(-0.25), signed(1e-9)
    ('+1,234', '−0.25', '=')
    """
    if abs(value) < NOTHING:
        return "="
    return f"{'+' if value > 0 else '−'}{number(abs(value))}"


def _packed(kind: str, cells: Sequence[Any]) -> dict[str, Any]:
    if kind in ("text", "figure"):
        texts = ["" if c is None else str(c) for c in cells]
        known = {t: i for i, t in enumerate(dict.fromkeys(texts))}
        return {"d": list(known), "v": [known[t] for t in texts]}
    if kind == "date":
        return {"v": [None if c is None else (c - FIRST_DAY).days for c in cells]}
    return {"v": [_short(c) for c in cells]}


def _short(value: Any) -> float | int | None:
    """Return a number with no more digits than are shown; whole ones as integers."""
    if value is None or not isfinite(value):
        return None
    kept = round(float(value), 4)
    return int(kept) if kept == int(kept) else kept


def columns(*given: str) -> tuple[Column, ...]:
    """Return columns from short texts: `name`, `name:kind` or `name:kind:unit`.

    >>> columns("item", "spend:money:EUR")[1].unit
    'EUR'
    """
    parts: Iterable[list[str]] = ([*g.split(":"), "", ""] for g in given)
    return tuple(Column(p[0], p[1] or "text", p[2]) for p in parts)
