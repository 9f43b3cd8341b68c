"""What differs between two programmes, cell by cell; and programmes that lie between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Row, Settings
from tandemplan.model.tables import Table, cell_text, column_texts, joined

SETTINGS, WHOLE_ROW = "programme", "row"


@dataclass(frozen=True)
class Change:
    """A cell that differs: the table, the row by its key and its name, the column, and both texts.

    A row that only one side has is one change in the column `row`.
    """

    table: str
    row: str
    name: str
    column: str
    first: str
    second: str


def input_changes(first: Programme, second: Programme) -> list[Change]:
    """Return the cells in which two programmes differ: settings first, then tables in the order of the schema."""
    found = []
    for column in Settings.DESCRIPTION.columns:
        texts = [cell_text(column, getattr(p.settings, column.name)) for p in (first, second)]
        if texts[0] != texts[1]:
            found.append(Change(SETTINGS, "", "", column.name, *texts))
    for row_class in TABLES.values():
        found += _table_changes(first[row_class], second[row_class])
    return found


def _table_changes(first: Table[Any], second: Table[Any]) -> list[Change]:
    name = first.description.name
    ones, twos = _rows_by_key(first), _rows_by_key(second)
    found = []
    for key in dict.fromkeys([*ones, *twos]):
        one, two = ones.get(key), twos.get(key)
        label = (two or one or {}).get("name", "")
        if one is None or two is None:
            texts = ("absent", "present") if one is None else ("present", "absent")
            found.append(Change(name, key, label, WHOLE_ROW, *texts))
            continue
        changed = [c for c in dict.fromkeys([*one, *two]) if one.get(c, "") != two.get(c, "")]
        found += [Change(name, key, label, c, one.get(c, ""), two.get(c, "")) for c in changed]
    return found


def between(first: Programme, second: Programme, changes: Collection[Change]) -> Programme:
    """Return the first programme with some of the changes made that lead to the second; all of them make the second.

    `changes` are some of `input_changes(first, second)`. Columns of the user's own (`x_...`) stay as in the first programme.
    """
    wanted = {c.column for c in changes if c.table == SETTINGS}
    settings = replace(first.settings, **{name: getattr(second.settings, name) for name in wanted})
    names = {c.table for c in changes} - {SETTINGS}
    tables = {n: _mixed(first[TABLES[n]], second[TABLES[n]], [c for c in changes if c.table == n]) for n in names}
    return replace(first, settings=settings, tables={**first.tables, **tables})


def _mixed(first: Table[Any], second: Table[Any], changes: Collection[Change]) -> Table[Any]:
    ones, twos = ({key: i for i, key in enumerate(_keys(t))} for t in (first, second))
    columns = {n: a.copy() for n, a in first.columns.items()}
    for change in changes:
        if change.column in columns and change.column != WHOLE_ROW:
            columns[change.column][ones[change.row]] = second.columns[change.column][twos[change.row]]
    for array in columns.values():
        array.flags.writeable = False
    rows = {c.row for c in changes if c.column == WHOLE_ROW}
    kept = replace(first, columns=columns).take([i for key, i in ones.items() if key not in rows])
    return joined(kept, second.take([i for key, i in twos.items() if key in rows and key not in ones]))


def _rows_by_key(table: Table[Row]) -> dict[str, dict[str, str]]:
    """Return rows as texts by key."""
    columns = {c.name: column_texts(c, table.columns[c.name]) for c in table.description.columns}
    columns |= {n: list(map(str, values)) for n, values in table.extra.items()}
    return {key: {n: texts[i] for n, texts in columns.items()} for i, key in enumerate(_keys(table))}


def _keys(table: Table[Any]) -> list[str]:
    """Return the key of each row as one text; one that comes again is told apart by its count."""
    seen: Counter[str] = Counter()
    found = []
    for parts in table.keys:
        key = "|".join(parts)
        seen[key] += 1
        found.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return found
