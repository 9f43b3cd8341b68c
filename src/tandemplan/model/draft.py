"""A programme built in Python, row by row, and checked like one that was read from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tandemplan.model.files.sheet import Sheet
from tandemplan.model.programme import Programme
from tandemplan.model.reading import parse_table, settings_of
from tandemplan.model.schema import ROW_CLASSES, Kind, Row
from tandemplan.model.tables import Table
from tandemplan.problems import Problem, ProgrammeFaultsError, in_order


class Draft:
    """Hold settings and rows that may still have faults; `add` gives a new draft and leaves the old one as it was.

    Settings and cells may be written as in a file: a date as a text, a list as names separated by ';'.

    >>> from tandemplan.model.schema import Item
    >>> draft = Draft(name="small", start="2026-06-01", periods="2 weeks").add(Item(item="A"), Item(item="B"))
    >>> draft.programme()[Item].item.tolist()
    ['A', 'B']
    """

    __slots__ = ("_rows", "_settings")

    def __init__(self, **settings: Any) -> None:
        self._settings: Mapping[str, Any] = dict(settings)
        self._rows: tuple[Row, ...] = ()

    def add(self, *rows: Row) -> Draft:
        """Return a draft with these rows after the ones it has; rows of several tables may be mixed."""
        longer = Draft(**self._settings)
        longer._rows = (*self._rows, *rows)
        return longer

    def programme(self) -> Programme:
        """Return the programme; raises ProgrammeFaultsError with all problems when there is any."""
        programme, problems = _build(self._settings, self._rows)
        if problems:
            raise ProgrammeFaultsError(problems)
        return programme

    def problems(self) -> tuple[Problem, ...]:
        """Return all problems in order, each with `draft:<table>` and the place of the row among those added to it."""
        return _build(self._settings, self._rows)[1]


def _build(settings: Mapping[str, Any], rows: Sequence[Row]) -> tuple[Programme, tuple[Problem, ...]]:
    from tandemplan.model.checks import check_programme

    said, problems = settings_of("draft:programme", settings, {})
    tables: dict[str, Table[Any]] = {}
    for row_class in ROW_CLASSES:
        of_class = [r for r in rows if type(r) is row_class]
        if of_class:
            table, more = parse_table(_sheet(row_class, of_class), row_class)
            tables[row_class.DESCRIPTION.name] = table
            problems += more
    programme = Programme(said, tables)
    return programme, in_order([*problems, *check_programme(programme, problems)])


def _sheet(row_class: type[Row], rows: Sequence[Row]) -> Sheet:
    columns = row_class.DESCRIPTION.columns
    cells = tuple(tuple(_cell(c.kind, getattr(r, c.name)) for c in columns) for r in rows)
    name = row_class.DESCRIPTION.name
    return Sheet(f"draft:{name}", name, tuple(c.name for c in columns), cells, tuple(range(1, len(rows) + 1)), 0)


def _cell(kind: Kind, value: Any) -> Any:
    return ";".join(map(str, value)) if kind is Kind.NAMES and not isinstance(value, str) else value
