"""What is not known because it could not be read: no rule may rest on it, or one fault would give many problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf

from tandemplan.model.schema import TABLES, Row
from tandemplan.problems import Problem, suggested

WHOLE_ROW = "*"
_FILE_CODES = ("missing-column", "unknown-column", "unknown-setting", "repeated-column", "unnamed-column")


@dataclass(frozen=True)
class Doubts:
    """Cells and tables that hold a default because what the user wrote could not be read.

    `cells` are (file, line, column), with line None for a whole column and column `*` for a whole row; `tables` are
    tables that could not be read at all; `guessed` are cells whose unknown names are read as the nearest known ones.
    """

    cells: frozenset[tuple[str, int | None, str]] = frozenset()
    tables: frozenset[str] = frozenset()
    guessed: frozenset[tuple[str, int | None, str]] = frozenset()

    def of_cells(self, source: str, line: int | None, columns: Iterable[str]) -> bool:
        """Return whether one of these cells of a line could not be read, or was guessed."""
        if not self.cells and not self.guessed:
            return False
        wanted = [(source, at, column) for at in (line, None) for column in columns]
        return (source, line, WHOLE_ROW) in self.cells or any(c in self.cells or c in self.guessed for c in wanted)

    def of_names(self, row_class: type[Row]) -> bool:
        """Return whether a table, or one of the names in it, could not be read."""
        description = row_class.DESCRIPTION
        if description.name in self.tables:
            return True
        names = {c.name for c in description.columns if c.key or (c.refers_to and c.refers_to != ("sources",))}
        return any((description.name, name) in self._counts for name in (*names, WHOLE_ROW))

    def keys(self, table: str) -> float:
        """Return how many names of rows of a table could not be read (any number, where their column is not there)."""
        name = TABLES[table].DESCRIPTION.key[0]
        if any(line is None and column == name and table_of(source) == table for source, line, column in self.cells):
            return inf
        return self._counts[table, name] + self._counts[table, WHOLE_ROW]

    def of_setting(self, *names: str) -> bool:
        """Return whether one of these settings could not be read."""
        return "programme" in self.tables or any(("programme", name) in self._counts for name in names)

    @cached_property
    def _counts(self) -> Counter[tuple[str, str]]:
        """Return how many cells of each table and column are in doubt."""
        tables = {source: table_of(source) for source in {source for source, _, _ in self.cells}}
        return Counter((tables[source], column) for source, _, column in self.cells)


def doubts_of(problems: Iterable[Problem]) -> Doubts:
    """Return what problems of files and cells leave unknown.

    >>> d = doubts_of([Problem("items.csv", 4, "not-a-number", "weight_kg is 'x'; it must be a number (kg).")])
    >>> d.of_cells("items.csv", 4, ("weight_kg",)), d.of_cells("items.csv", 4, ("unit",))
    (True, False)
    """
    cells: set[tuple[str, int | None, str]] = set()
    tables: set[str] = set()
    for problem in problems:
        if problem.code in _FILE_CODES:
            cells |= {(problem.source, None, column) for column in _columns(problem)}
        elif problem.code == "row-length":
            cells.add((problem.source, problem.line, WHOLE_ROW))
        elif _cell(problem) is not None:
            cells.add((problem.source, problem.line, _cell(problem) or ""))
        elif problem.code != "formula":  # a formula in a workbook comes with the value that was last computed
            tables.add(_meant_table(problem))
    return Doubts(frozenset(cells), frozenset(tables))


def table_of(source: str) -> str:
    """Return the table that a file or sheet holds.

    >>> table_of("outage/items.csv"), table_of("book.xlsx:items")
    ('items', 'items')
    """
    last = re.split(r"[:/\\]", source)[-1]
    return last.rsplit(".", 1)[0]


def _columns(problem: Problem) -> list[str]:
    quoted = re.search(r"(?:column|setting) '([^']*)'", problem.message)
    return [word for word in (quoted[1] if quoted else None, suggested(problem.hint)) if word]


def _cell(problem: Problem) -> str | None:
    """Return the column that a problem of one cell speaks of (its message starts with the column), or None."""
    table = TABLES.get(table_of(problem.source))
    word = problem.message.split(" ", 1)[0]
    if problem.line is None:
        return None
    if table is None:
        return word
    return word if table.DESCRIPTION.column(word) is not None else None


def _meant_table(problem: Problem) -> str:
    name = table_of(problem.source)
    if name.casefold() in TABLES:
        return name.casefold()
    return suggested(problem.hint) or name
