"""A change: one concept for scenarios, risk effects, options, claims and `--set`.

A change says: in a table, in some rows, in one column: set, add or multiply by a value, from a date to a date. On one
line it is written `table[rows].column = value`, with `+=` to add and `*=` to multiply. `rows` is a key (its parts
joined by '|'), or conditions `column=value,value` joined by '|' (all must hold; a list column holds when it contains
the value), or `*` for every row; in parts and values `*` and `?` stand for any text and any one letter. Settings are changed by `programme.setting = value`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.cells import EARLIEST, LATEST, MOST, CellError, check_bounds, in_range, parse
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Column, Kind, Option, Risk, Settings
from tandemplan.model.schema.columns import MOST_DAYS
from tandemplan.model.tables import Table, cell_text, cell_values, column_array, column_texts
from tandemplan.problems import Problem, did_you_mean

Mask = NDArray[np.bool_]
OPERATIONS = {"=": "set", "+=": "add", "*=": "multiply"}
_SIGNS = {word: sign for sign, word in OPERATIONS.items()}
_LINE = re.compile(r"\s*([a-z_]+)(?:\[(.*)\])?\.([a-z_0-9]+)\s*(\+=|\*=|=)\s*(.*?)\s*", re.DOTALL)
SETTINGS_TABLE = "programme"
FEW = 5  # rows that a message names all


@dataclass(frozen=True)
class Change:
    """One change; `source` and `line` say where the user wrote it."""

    table: str
    rows: str
    column: str
    operation: str
    value: str
    from_date: date | None = None
    to_date: date | None = None
    source: str = "--set"
    line: int | None = None

    def __str__(self) -> str:
        rows = f"[{self.rows}]" if self.table != SETTINGS_TABLE else ""
        return f"{self.table}{rows}.{self.column} {_SIGNS[self.operation]} {self.value}"


@dataclass(frozen=True)
class Effect:
    """A dated change, resolved: `rows` are row numbers of `table`; it holds on days `start` <= day < `end`.

    `value` is the number to set, add or multiply by; `end` None is for good; `cause` is the risk or option, `origin` its table.
    """

    cause: str
    table: str
    rows: tuple[int, ...]
    column: str
    operation: str
    value: float
    start: date
    end: date | None
    origin: str = "risks"


def parse_change(text: str, source: str = "--set", line: int | None = None) -> Change:
    """Return the change that a line says; raises CellError when it cannot be read.

    >>> c = parse_change("offers[origin_country=CN|item=R-MOT,R-LNS].capacity_units_per_week *= 0.1")
    >>> c.table, c.rows, c.column, c.operation, c.value
    ('offers', 'origin_country=CN|item=R-MOT,R-LNS', 'capacity_units_per_week', 'multiply', '0.1')
    """
    match = _LINE.fullmatch(text)
    if match is None:
        hint = "Write it as table[key].column = value, with += to add and *= to multiply."
        raise CellError("unreadable-change", f"'{text}' is not a change.", hint)
    table, rows, column, sign, value = match.groups()
    return Change(table, rows or "", column, OPERATIONS[sign], value, None, None, source, line)


def select(table: Table[Any], rows: str) -> list[int]:
    """Return the row numbers that a selector names, in order; raises CellError when it names none.

    >>> from tandemplan.model.schema import Item
    >>> from tandemplan.model.tables import from_values
    >>> t = from_values(Item, {"item": ["A", "B", "C"], "groups": [("x",), (), ("x", "y")]})
    >>> select(t, "B"), select(t, "groups=x"), select(t, "*")
    ([1], [0, 2], [0, 1, 2])
    """
    parts = rows.split("|")
    if tuple(parts) in table.index and len(table.index) == len(table) and not set("=*?[") & set(rows):
        return [table.index[tuple(parts)]]
    if all("=" in p for p in parts):
        there = [_holding(table, condition) for condition in (_conditions(table, parts) if len(table) else ())]
    elif rows == "*":
        there = []
    else:
        there = _matching(table, parts)
    found: list[int] = np.flatnonzero(np.logical_and.reduce([np.ones(len(table), dtype=bool), *there])).tolist()
    if not found:
        raise CellError("unknown-row", f"no row of {table.description.name} is '{rows}'.", _likest_row(table, rows))
    return found


def _likest_row(table: Table[Any], rows: str) -> str:
    """Return a remedy for rows that are not there: the likest key, or the likest cell of the first condition that no row meets."""
    name, parts = table.description.name, rows.split("|")
    if not rows:
        return f"Say which in brackets: {name}[key], or {name}[*] for all of them."
    if not len(table):
        return f"The table {name} is empty."
    if not all("=" in p for p in parts):
        known = ["|".join(k) for k in table.keys]
        few = f"Its rows are {', '.join(map(repr, known))}." if len(known) <= FEW else ""
        return did_you_mean(rows, known) or few
    for (column, wanted), part in zip(_conditions(table, parts), parts, strict=True):
        cells = table.columns[column.name]
        texts = {t for names in cells for t in names} if column.kind is Kind.NAMES else set(column_texts(column, cells))
        if not _holding(table, (column, wanted)).any():
            return did_you_mean(part, [f"{column.name}={t}" for t in texts if t])
    return "Each condition holds for some row, all of them for none."


def apply(programme: Programme, changes: Sequence[Change]) -> tuple[Programme, list[Problem]]:
    """Return the programme with undated changes made, in order, and the problems of those that cannot be made."""
    problems: list[Problem] = []
    for change in changes:
        try:
            programme = _apply_one(programme, change)
        except CellError as error:
            problems.append(Problem(change.source, change.line, error.code, error.message, error.hint))
    return programme, problems


def target(change: Change) -> Column:
    """Return the column that a change speaks of; raises CellError when there is none, or it cannot change so."""
    row_class = Settings if change.table == SETTINGS_TABLE else TABLES.get(change.table)
    if change.table == SETTINGS_TABLE and change.rows:
        hint = f"Write programme.{change.column}, without brackets."
        raise CellError("unknown-row", f"programme has no rows such as '{change.rows}'; it holds the settings.", hint)
    if row_class is None:
        hint = did_you_mean(change.table, [*TABLES, SETTINGS_TABLE])
        raise CellError("unknown-table", f"there is no table '{change.table}'.", hint)
    column = row_class.DESCRIPTION.column(change.column)
    if column is None:
        known = [c.name for c in row_class.DESCRIPTION.columns]
        raise CellError(
            "unknown-column",
            f"table '{change.table}' has no column '{change.column}'.",
            did_you_mean(change.column, known),
        )
    if column.key:
        raise CellError("key-change", f"{change.column} is the key of {change.table}; a key is not changed.")
    if change.operation != "set" and column.kind not in (Kind.NUMBER, Kind.INTEGER, Kind.DATE, Kind.NAMES):
        raise CellError("not-a-number", f"{change.column} is no number; it can only be set.")
    if change.operation == "multiply" and column.kind not in (Kind.NUMBER, Kind.INTEGER):
        raise CellError("not-a-number", f"{change.column} is no number; it cannot be multiplied.")
    return column


def chosen_on(programme: Programme, days: Mapping[str, date]) -> Programme:
    """Return the programme with some options chosen, each on its day.

    >>> from tandemplan.model.draft import Draft
    >>> from tandemplan.model.schema import Option
    >>> made = chosen_on(Draft(start=date(2026, 6, 1)).add(Option(option="o")).programme(), {"o": date(2026, 6, 1)})
    >>> made[Option].row(0).chosen
    datetime.date(2026, 6, 1)
    """
    table = programme[Option]
    chosen = table.chosen.copy()
    for name, day in days.items():
        chosen[table.index[(name,)]] = np.datetime64(day, "D")
    return programme.replace(table.with_column("chosen", chosen)) if days else programme


def effects(programme: Programme) -> tuple[list[Effect], list[Problem]]:
    """Return the dated effects that a plan knows of: risks with a date, and options already chosen.

    Only risks known at the plan's start count (`known_from` blank or not after it). Effects are ordered by start and
    cause, whatever the order of rows; of several on one cell, sets come before additions before multiplications.
    """
    found: list[Effect] = []
    problems: list[Problem] = []
    start = programme.settings.start
    for risk in programme[Risk].rows():
        known = risk.known_from is None or start is None or risk.known_from <= start
        if risk.date is not None and known:
            end = None if risk.duration_days is None else _later(risk.date, risk.duration_days)
            _resolve(programme, risk.risk, "risks", risk.changes, span=(risk.date, end), found=found, problems=problems)
    for option in programme[Option].rows():
        if option.chosen is not None:
            begin = _later(option.chosen, option.lead_days)
            _resolve(
                programme, option.option, "options", option.changes, span=(begin, None), found=found, problems=problems
            )
    order = {"set": 0, "add": 1, "multiply": 2}
    found.sort(key=lambda e: (e.start, order[e.operation], e.cause, e.table, e.column, e.rows))
    return found, problems


def _resolve(
    programme: Programme,
    cause: str,
    table: str,
    texts: tuple[str, ...],
    *,
    span: tuple[date, date | None],
    found: list[Effect],
    problems: list[Problem],
) -> None:
    place = _place_of(programme, table, cause)
    for text in texts:
        try:
            change = parse_change(text, *place)
            column = target(change)
            rows = select(programme[TABLES[change.table]], change.rows)
            value = effect_value(column, change)
            check_effect(column, change, programme[TABLES[change.table]], rows=rows, value=value)
        except CellError as error:
            problems.append(Problem(*place, error.code, error.message, error.hint))
            continue
        effect = Effect(cause, change.table, tuple(rows), change.column, change.operation, value, *span, origin=table)
        found.append(effect)


def effect_value(column: Column, change: Change) -> float:
    """Return the number of a dated effect; raises CellError when the column or the value is none."""
    if column.kind not in (Kind.NUMBER, Kind.INTEGER, Kind.DATE):
        raise CellError("not-a-number", f"{change.column} is no number; a dated effect changes numbers and dates.")
    if column.kind is Kind.DATE and change.operation == "set":
        message = f"{change.column} is a date; a dated effect moves it by days, and does not set it."
        raise CellError("date-set", message, f"Write {change.column} += 14, or += -14.")
    number = Column(change.column, Kind.NUMBER, "", required=True, unit=column.unit)
    return float(parse(number, change.value))  # type: ignore[arg-type]


def check_effect(column: Column, change: Change, table: Table[Any], *, rows: Sequence[int], value: float) -> None:
    """Raise CellError when a dated effect moves no date, or takes a cell out of the bounds of its column (sums stop at 0 instead)."""
    cells = table.columns[column.name][list(rows)]
    if column.kind is Kind.DATE:
        if np.isnat(cells).all():
            raise CellError("blank-cell", f"{change.column} is blank there; a dated effect moves a date that is given.")
        _check_moved(column, cells[~np.isnat(cells)], value)
    elif change.operation == "set":
        check_bounds(column, value)
    elif change.operation == "multiply" and value < 0:
        raise CellError("too-small", f"{change.column} is multiplied by {value:g}; a factor is at least 0.")
    else:
        high = MOST if column.high is None else column.high
        changed = cells + value if change.operation == "add" else cells * value
        most = float(np.max(changed, initial=0.0, where=~np.isnan(cells)))
        if most > high:
            raise CellError("too-large", f"{change.column} becomes {most:g}; it must be at most {high:g}.")


def _check_moved(column: Column, dates: Any, days: float) -> None:
    """Raise CellError when dates, moved by so many days, lie outside the range that is read."""
    for when in (dates.min(), dates.max()):
        room = ((np.datetime64(end, "D") - when).astype(int) for end in (EARLIEST, LATEST))
        if not next(room) <= days <= next(room):
            message = f"{column.name} is {when}, moved by {days:g} days; dates from {EARLIEST} to {LATEST} are read."
            raise CellError("date-out-of-range", message)


def _place_of(programme: Programme, table: str, key: str) -> tuple[str, int]:
    rows = programme[TABLES[table]]
    return rows.place(rows.index[(key,)])


def _later(day: date, days: float) -> date:
    return (np.datetime64(day, "D") + int(np.ceil(days - 1e-9))).item()


def _apply_one(programme: Programme, change: Change) -> Programme:
    column = target(change)
    if change.table == SETTINGS_TABLE:
        new = _changed(column, getattr(programme.settings, column.name), change)
        return programme.replace(settings=replace(programme.settings, **{column.name: new}))
    table = programme[TABLES[change.table]]
    rows, values = select(table, change.rows), table.columns[column.name].copy()
    rows, old = _given(change, rows, cell_values(column, values[rows]))
    values[rows] = column_array(column, [_changed(column, o, change) for o in old])
    return programme.replace(table.with_column(column.name, values))


def _given(change: Change, rows: Any, old: list[Any]) -> tuple[Any, list[Any]]:
    """Return the rows that a change reaches, with their cells: of several it adds to or multiplies those that are not blank, if any."""
    full = [o is not None for o in old]
    if change.operation == "set" or all(full) or not any(full):
        return rows, old
    return np.asarray(rows)[full], [o for o in old if o is not None]


def _changed(column: Column, old: Any, change: Change) -> Any:
    if change.operation == "set":
        return parse(column, change.value)
    if column.kind is Kind.NAMES:
        return (*old, *(v for v in parse(column, change.value) if v not in old))  # type: ignore[union-attr]
    amount = effect_value(column, change)
    if old is None:
        raise CellError("blank-cell", f"{column.name} is blank there; set it instead.")
    if column.kind is Kind.DATE:
        if abs(amount) > MOST_DAYS:
            raise CellError("too-large", f"{column.name} moves by {amount:g} days; at most {MOST_DAYS} are added.")
        return in_range(column, (np.datetime64(old, "D") + round(amount)).item())
    new = old + amount if change.operation == "add" else old * amount
    return parse(column, cell_text(column, float(new)))


def _matching(table: Table[Any], parts: list[str]) -> list[Mask]:
    """Return for each part of a selected key the rows whose own part is it, or is like it."""
    keys = [c for c in table.description.columns if c.key]
    if len(parts) > len(keys):
        return [np.zeros(len(table), dtype=bool)]
    named = [(column_texts(c, table.columns[c.name]), part) for c, part in zip(keys, parts, strict=False)]
    return [_among(texts, {t for t in set(texts) if t == p or fnmatchcase(t, p)}) for texts, p in named]


def _among(cells: Sequence[Any], good: set[Any]) -> Mask:
    return np.fromiter(map(good.__contains__, cells), dtype=np.bool_, count=len(cells))


def _conditions(table: Table[Any], parts: list[str]) -> list[tuple[Column, list[str]]]:
    found = []
    for part in parts:
        word, _, wanted = part.partition("=")
        column = table.description.column(word.strip())
        if column is None:
            known = [c.name for c in table.description.columns]
            message = f"table '{table.description.name}' has no column '{word.strip()}'."
            raise CellError("unknown-column", message, did_you_mean(word.strip(), known))
        found.append((column, [w.strip() for w in wanted.split(",")]))
    return found


def _holding(table: Table[Any], condition: tuple[Column, list[str]]) -> Mask:
    """Return the rows whose cell is, or whose list has, one of the wanted texts."""
    column, wanted = condition
    cells = table.columns[column.name]
    lists = cells.tolist() if column.kind is Kind.NAMES else [(t,) for t in column_texts(column, cells)]
    return _among(lists, {ts for ts in set(lists) if any(fnmatchcase(t, w) for t in ts for w in wanted)})
