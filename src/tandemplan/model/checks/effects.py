"""Changes written in cells: effects of risks and options, and what claims say of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tandemplan.model.cells import CellError, parse
from tandemplan.model.changes import SETTINGS_TABLE, Change, check_effect, effect_value, parse_change, select, target
from tandemplan.model.checks.facts import Check, Facts, Fault, check, first_of
from tandemplan.model.schema import TABLES, Claim, Column, Kind, Option, Risk
from tandemplan.model.tables import Table

_NUMERIC = (Kind.NUMBER, Kind.INTEGER, Kind.DATE)


@check("risk-without-changes")
def dated_risks_change_something(facts: Facts) -> Iterator[Fault]:
    """A risk with a date says what it changes."""
    table = facts[Risk]
    for i, changes in enumerate(table.changes.tolist()):
        if not changes and str(table.date[i]) != "NaT":
            message = f"risk '{table.risk[i]}' has the date {table.date[i]} but changes nothing."
            yield Fault(table, i, message, "Write what it changes, or leave the date blank.", ("date", "changes"))


@check("claim-incomplete")
def claims_are_whole(facts: Facts) -> Iterator[Fault]:
    """A claim of a cell says table, key and column; one that is no cell leaves all of them, and the value, blank."""
    table = facts[Claim]
    for i in range(len(table)):
        named = [c for c in ("table", "key", "column") if table.columns[c][i]]
        whole = ["table", "column"] if table.table[i] == SETTINGS_TABLE else ["table", "key", "column"]
        missing = [c for c in whole if c not in named]
        if named and missing:
            message = f"claim '{table.claim[i]}' says {' and '.join(named)} but not {' and '.join(missing)}."
            yield Fault(table, i, message, "Name the whole cell, or none of it.", ("table", "key", "column"))


@check("two-chosen")
def one_claim_is_chosen(facts: Facts) -> Iterator[Fault]:
    """Of the claims that set one cell from one day on, at most one is chosen, unless they say the same."""
    table = facts[Claim]
    first: dict[tuple[str, ...], int] = {}
    for i in range(len(table)):
        cell = tuple(str(table.columns[c][i]) for c in ("table", "key", "column", "from_date"))
        if not table.chosen[i] or table.operation[i] != "set" or not cell[0]:
            continue
        k = first.setdefault(cell, i)
        if table.value[k] != table.value[i]:
            message = (
                f"value is '{table.value[i]}', but the claim on {first_of(table, k, i)} is chosen for the same cell"
            )
            message += f" with '{table.value[k]}'."
            yield Fault(table, i, message, "Choose one of them.", ("table", "key", "column", "value", "chosen"))


def change_checks(facts: Facts) -> list[Check]:
    """Return a check for each code with which a change in a cell can fail: each change is resolved once."""
    found: dict[str, list[Fault]] = {}
    for code, fault in (*_of_texts(facts), *_of_claims(facts)):
        found.setdefault(code, []).append(fault)
    return [Check(code, _given(faults)) for code, faults in found.items()]


CHECKS = (dated_risks_change_something, claims_are_whole, one_claim_is_chosen)


def _given(faults: list[Fault]) -> Callable[[Facts], Iterator[Fault]]:
    return lambda _: iter(faults)


def _of_texts(facts: Facts) -> Iterator[tuple[str, Fault]]:
    """Yield what is wrong with the changes of risks and options: dated effects, also of an option that is still open."""
    tables: list[Table[Any]] = [facts[Risk], facts[Option]]
    for table in tables:
        for i, texts in enumerate(table.changes.tolist()):
            for text in texts:
                error = _failure(facts, text, dated=True)
                if error is not None:
                    message = f"changes names '{text}': {error}"
                    yield error.code, Fault(table, i, message, error.hint, ("changes",))


def _of_claims(facts: Facts) -> Iterator[tuple[str, Fault]]:
    table = facts[Claim]
    cells = ("table", "key", "column", "operation", "value")
    for i in range(len(table)):
        name, key, column, operation, value = (str(table.columns[c][i]) for c in cells)
        if name and column and (key or name == SETTINGS_TABLE):
            error = _failure(facts, Change(name, key, column, operation, value), dated=False)
            if error is not None:
                yield error.code, Fault(table, i, str(error), error.hint, cells)


def _failure(facts: Facts, change: Change | str, *, dated: bool) -> CellError | None:
    """Return why a change cannot be made, or None; a dated one changes numbers and dates of tables alone."""
    try:
        change = parse_change(change) if isinstance(change, str) else change
        _resolve(facts, change, dated=dated)
    except CellError as error:
        return error
    return None


def _resolve(facts: Facts, change: Change, *, dated: bool) -> None:
    if change.table in facts.doubts.tables:
        return
    column = target(change)
    if dated and change.table == SETTINGS_TABLE:
        raise CellError(
            "setting-change", f"{change.column} is a setting; a dated effect changes tables.", "Use a scenario."
        )
    if dated and column.kind not in _NUMERIC:
        raise CellError("not-a-number", f"{change.column} is no number; a dated effect changes numbers and dates.")
    if change.table != SETTINGS_TABLE and not facts.doubts.of_names(TABLES[change.table]):
        rows = select(facts[TABLES[change.table]], change.rows)
        if dated:
            value = effect_value(column, change)
            check_effect(column, change, facts[TABLES[change.table]], rows=rows, value=value)
    if change.operation == "set" and not dated:
        parse(column, change.value)
    elif column.kind is not Kind.NAMES:
        parse(Column(change.column, Kind.NUMBER, "", required=True, unit=column.unit), change.value)
