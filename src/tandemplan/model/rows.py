"""Rows given in Python, as a frame, a list of dicts or a list of row values: turned into a sheet, and read like one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import pandas as pd

from tandemplan.model.files.sheet import Sheet
from tandemplan.model.schema import Row


def sheet_of(table: str, given: Any) -> Sheet:
    """Return the sheet that rows given in Python stand for; its source is the table, its lines are counted from 1.

    `given` is a pandas frame (named indexes are columns too), or any number of dicts or row values. None, nan, NaT and
    NA are blank cells; lists of names may be texts joined by ';', or lists of texts. Anything else raises TypeError.

    >>> sheet = sheet_of("items", [{"item": "A"}, {"item": "B", "groups": ["x", "y"]}])
    >>> sheet.header, sheet.rows, sheet.lines
    (('item', 'groups'), (('A', None), ('B', 'x;y')), (1, 2))
    """
    frame = given if isinstance(given, pd.DataFrame) else _frame(table, given)
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    columns = [_cells_of(frame.iloc[:, i]) for i in range(frame.shape[1])]
    rows = list(zip(*columns, strict=True)) if columns else []
    return Sheet(table, table, tuple(map(str, frame.columns)), tuple(rows), tuple(range(1, len(rows) + 1)), 0)


def _frame(table: str, given: Any) -> pd.DataFrame:
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping):
        rows = [_row(r) for r in given]
        if all(r is not None for r in rows):
            header = dict.fromkeys(name for r in rows if r is not None for name in r)
            columns = {n: pd.Series([(r or {}).get(n) for r in rows], dtype=object) for n in header}
            return pd.DataFrame(columns)
    message = f"{table} is a {type(given).__name__}; give a pandas frame, or a list of dicts."
    raise TypeError(message)


def _row(row: Any) -> Mapping[str, Any] | None:
    if isinstance(row, Row):
        return {f.name: getattr(row, f.name) for f in fields(row)}
    return row if isinstance(row, Mapping) else None


def _cells_of(column: pd.Series[Any]) -> list[Any]:
    cells = column.astype(object).where(column.notna(), None).tolist()
    return [_plain(c) for c in cells] if column.dtype == object else cells


def _plain(cell: Any) -> Any:
    """Return a cell as a workbook would give it: numpy's numbers as Python's, names of a list joined."""
    if isinstance(cell, list | tuple):
        return ";".join(map(str, cell))
    if isinstance(cell, set | frozenset):
        return ";".join(sorted(map(str, cell)))
    return cell.item() if hasattr(cell, "item") and hasattr(cell, "dtype") else cell
