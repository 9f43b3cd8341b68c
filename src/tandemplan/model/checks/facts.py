"""What checks look at, what they find, and what they must not blame twice."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, TypeVar

from tandemplan.model.checks.doubts import Doubts
from tandemplan.model.checks.strays import Stray, strays, without_unread
from tandemplan.model.files.sheet import SETTINGS_FILE
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Row
from tandemplan.model.tables import Table
from tandemplan.problems import Problem

R = TypeVar("R", bound=Row)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Facts:
    """A programme under check, with what several checks ask of it; `doubts` says which cells were not readable."""

    programme: Programme
    doubts: Doubts

    def __getitem__(self, row_class: type[R]) -> Table[R]:
        return self.programme[row_class]

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Return the names that each table gives to its rows (the first key column), by table."""
        return {n: names_of(self.programme[c]) for n, c in TABLES.items()}

    @cached_property
    def strays(self) -> tuple[Stray, ...]:
        """Return all references to names that no table gives."""
        return without_unread(strays(self.programme, self.names, self.doubts), self.doubts)


@dataclass(frozen=True)
class Fault:
    """One finding: a row of a table (None: the settings), what is wrong there and the remedy.

    `cells` names the columns that the finding rests on: where one of them could not be read, it is not reported.
    """

    table: Table[Any] | None
    row: int
    message: str
    hint: str = ""
    cells: tuple[str, ...] = ()


Find = Callable[[Facts], Iterator[Fault]]


@dataclass(frozen=True)
class Check:
    """One rule: its code, how to find the rows that break it, and the tables without which it says nothing.

    Tables in `reads` must be readable, with all their names, or the check is skipped: one fault, one problem.
    """

    code: str
    find: Find
    reads: tuple[type[Row], ...] = ()

    @property
    def meaning(self) -> str:
        """Return the rule in words: the docstring of its function on one line."""
        return re.sub(r"\s+", " ", self.find.__doc__ or "").strip()


def check(code: str, *reads: type[Row]) -> Callable[[Find], Check]:
    """Make a function that finds faults the check of that code (see `Check` for `reads`)."""
    return lambda find: Check(code, find, reads)


def problems_of(rule: Check, facts: Facts) -> Iterator[Problem]:
    """Yield what a check finds, without what rests on cells or tables that could not be read."""
    if any(facts.doubts.of_names(row_class) for row_class in rule.reads):
        return
    for fault in rule.find(facts):
        source, line = (SETTINGS_FILE, None) if fault.table is None else fault.table.place(fault.row)
        if not facts.doubts.of_cells(source, line, fault.cells):
            yield Problem(source, line, rule.code, fault.message, fault.hint)


def names_of(table: Table[Any]) -> frozenset[str]:
    """Return the names that a table gives to its rows: its first key column without blanks."""
    found = frozenset(table.columns[table.description.key[0]].tolist())
    return found - {""} if "" in found else found


def first_rows(keys: Iterable[K]) -> dict[K, int]:
    """Return the first row of each distinct key, in the order of rows.

    >>> first_rows(["A", "B", "A"])
    {'A': 0, 'B': 1}
    """
    found: dict[K, int] = {}
    deque(map(found.setdefault, keys, count()), maxlen=0)
    return found


def rows_where(keys: Iterable[K], wrong: Callable[[K], object]) -> list[int]:
    """Return the rows whose key is wrong, in order; each distinct key is judged once.

    >>> rows_where(["A", "", "B", ""], lambda key: not key)
    [1, 3]
    """
    listed_keys = list(keys)
    bad = {key for key in set(listed_keys) if wrong(key)}
    return [i for i, key in enumerate(listed_keys) if key in bad] if bad else []


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as a person lists them.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *most, end = list(words)
    return f"{', '.join(most)} {last} {end}" if most else end


def also(table: Table[Any], rows: Iterable[int]) -> str:
    """Return the remark on further lines of the same fault, or the empty text.

    >>> from tandemplan.model.schema import Item
    >>> from tandemplan.model.tables import from_values
    >>> t = from_values(Item, {"item": list("ABCDEFGHIJ")})
    >>> also(t, [1, 2]), also(t, range(1, 10))
    (' (also on lines 3 and 4)', ' (also on lines 3, 4, 5, 6, 7 and 4 more)')
    """
    lines = [str(table.lines[i]) for i in rows]
    if not lines:
        return ""
    shown = lines[:5] + ([f"{len(lines) - 5} more"] if len(lines) > 5 else [])
    return f" (also on line{'' if len(lines) == 1 else 's'} {listed(shown)})"


def first_of(table: Table[Any], i: int, than: int) -> str:
    """Return how row `i` is named in a problem of row `than`: its line, with the file where that is another."""
    (file, line), (here, _) = table.place(i), table.place(than)
    return f"line {line}" if file == here else f"{file}:{line}"
