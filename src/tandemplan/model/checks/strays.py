"""References to names that no table gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tandemplan.model.checks.doubts import Doubts
from tandemplan.model.phrases import predecessor
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Column, Kind
from tandemplan.model.tables import Table
from tandemplan.problems import did_you_mean, suggested

COMPARISONS = 50_000  # suggestions are looked for as long as no more names need comparing: each takes a while


@dataclass(frozen=True)
class Stray:
    """A name that one column of one file uses and no table gives; `rows` use it, `meant` is the nearest known one."""

    table: Table[Any]
    column: Column
    word: str
    rows: tuple[int, ...]
    meant: str | None
    absent: bool


def strays(programme: Programme, names: Mapping[str, frozenset[str]], doubts: Doubts) -> Iterator[Stray]:
    """Yield the strays of every column that refers to tables, a name once for each column and file.

    Where the table referred to has no rows at all, all names of a column and file are one stray.
    """
    for row_class in TABLES.values():
        table = programme[row_class]
        for column in row_class.DESCRIPTION.columns:
            to = (
                ("tasks",)
                if (row_class.DESCRIPTION.name, column.name) == ("tasks", "predecessors")
                else column.refers_to
            )
            known = frozenset().union(*(names[t] for t in to))
            silent = to == ("sources",) and not known
            if to and len(table) and not silent and not any(t in doubts.tables for t in to):
                guessed = row_class.DESCRIPTION.name in doubts.tables
                yield from _of_column(table, replace(column, refers_to=to), known, guessed=guessed)


def without_unread(found: Iterable[Stray], doubts: Doubts) -> tuple[Stray, ...]:
    """Return the strays but for those that may name rows whose own names could not be read (there are enough of them)."""
    found = tuple(found)
    wanted: dict[tuple[str, ...], set[str]] = {}
    for stray in found:
        wanted.setdefault(stray.column.refers_to, set()).add(stray.word)
    unread = {to for to, names in wanted.items() if len(names) <= sum(map(doubts.keys, to))}
    return tuple(s for s in found if s.column.refers_to not in unread)


def in_doubt(found: Iterable[Stray], doubts: Doubts) -> Doubts:
    """Return the doubts with the cells of strays: guessed ones, and those that cannot be read as any known name."""
    guessed, lost = set(doubts.guessed), set(doubts.cells)
    for stray in found:
        into = lost if stray.meant is None else guessed
        into.update((*stray.table.place(i), stray.column.name) for i in stray.rows)
    return replace(doubts, cells=frozenset(lost), guessed=frozenset(guessed))


def mend(programme: Programme, found: tuple[Stray, ...]) -> Programme:
    """Return the programme with each stray name read as the nearest known one, so that one fault gives one problem."""
    for stray in found:
        if stray.meant is None or stray.column.name == "predecessors":
            continue
        table = programme[stray.table.row_class]
        old = table.columns[stray.column.name]
        new = np.array(old, dtype=object)
        for i in stray.rows:
            one = old[i]
            new[i] = (
                tuple(stray.meant if w == stray.word else w for w in one) if isinstance(one, tuple) else stray.meant
            )
        programme = programme.replace(table.with_column(stray.column.name, new))
    return programme


def words(column: Column, cell: Any) -> tuple[str, ...]:
    """Return the names that a cell uses; a predecessor is used without its lag."""
    if column.kind is not Kind.NAMES:
        return (cell,)
    return tuple(predecessor(w)[0] for w in cell) if column.name == "predecessors" else cell


def _of_column(table: Table[Any], column: Column, known: frozenset[str], *, guessed: bool) -> Iterator[Stray]:
    """Yield the strays of one column; where the letters of a file are `guessed`, names of plain letters alone."""
    cells = table.columns[column.name].tolist()
    used = {w for cell in set(cells) for w in words(column, cell)}
    wrong = used - known - {""}
    if column.name == "predecessors":
        wrong = {w for w in wrong if w.partition("+")[0].strip() not in known}  # the lag is at fault, not the name
    wrong = {w for w in wrong if w.isascii() or not guessed}
    if not wrong:
        return
    places: dict[tuple[str, str], list[int]] = {}
    for i, cell in enumerate(cells):
        for word in words(column, cell):
            if word in wrong:
                places.setdefault((str(table.files[i]), word if known else ""), []).append(i)
    for count, ((_, word), rows) in enumerate(places.items()):
        look = count <= COMPARISONS // max(len(known), 1)
        meant = suggested(did_you_mean(word, known)) if look and known else None
        first = next(w for w in words(column, cells[rows[0]]) if w in wrong)
        yield Stray(table, column, word or first, tuple(dict.fromkeys(rows)), meant, absent=not known)
