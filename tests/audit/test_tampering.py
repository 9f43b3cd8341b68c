"""Every audited cell of a run that is changed beyond tolerance is found."""

import dataclasses

import numpy as np
import pytest

from tandemplan.audit import UNAUDITED, audit_tables
from tandemplan.results.shape import SHAPES, Type
from tandemplan.results.store import Run

from . import plant

AUDITED = [(s, f) for s in SHAPES for f in s.fields if f.audited]
ELSEWHERE = {
    # what a cell is tied to stands in another table, so the finding does too
    ("deliveries", "quantity"): {"demand_summary", "stock"},
    ("moves", "quantity"): {"stock"},
}


@pytest.fixture(scope="module")
def programme():
    return plant.programme()


@pytest.fixture(scope="module")
def run():
    return plant.run()


def test_the_run_worked_out_by_hand_is_clean(programme, run):
    assert audit_tables(programme, run.info, run.tables) == []


def tampered(run: Run, table: str, column: str, at: int, value: object) -> Run:
    values = run.tables[table][column].copy()
    values[at] = value
    return dataclasses.replace(run, tables={**run.tables, table: {**run.tables[table], column: values}})


def changes(kind: Type, value: object) -> list[object]:
    """Return values that a cell may be changed to: more and less, later and earlier, another name."""
    if kind is Type.TEXT:
        return ["someone else"]
    if kind is Type.FLAG:
        return [not value]
    if kind is Type.DATE:
        return [np.datetime64("2026-06-03")] if np.isnat(value) else [value + 1, value - 1, value + 7]
    step = {Type.UNITS: 0.001, Type.MONEY: 0.05, Type.WHOLE: 1}[kind]
    return [value + step, value - step]


@pytest.mark.parametrize(("shape", "field"), AUDITED, ids=lambda x: x.name)
def test_a_change_of_any_audited_cell_is_found_where_it_stands(programme, run, shape, field):
    before = run.tables[shape.name][field.name]
    assert len(before), f"the plant has no row of {shape.name}: this test would prove nothing"
    for at in sorted({0, 1, len(before) // 2, len(before) - 1}):
        value = before[at]
        for other in order_names(run, shape.name, at) if field.name == "order" else changes(field.type, value):
            changed = tampered(run, shape.name, field.name, at, other)
            found = audit_tables(programme, changed.info, changed.tables)
            tables = {shape.name, *ELSEWHERE.get((shape.name, field.name), ())}
            assert tables & {f.table for f in found}, f"{field.name} {value} -> {other} in row {at + 2}: {found}"


def order_names(run: Run, table: str, at: int) -> list[str]:
    """Return the names of other orders: a fresh name for an order is no untruth."""
    return ["", *(n for i, n in enumerate(run.tables[table]["order"]) if i != at)]


@pytest.mark.parametrize("table", [s.name for s in SHAPES if any(f.audited for f in s.fields)])
def test_a_row_that_is_gone_or_doubled_is_found(programme, run, table):
    size = len(next(iter(run.tables[table].values())))
    for at in sorted({0, size // 2, size - 1}):
        for rows in ([i for i in range(size) if i != at], [*range(size), at]):
            frame = {name: values[rows] for name, values in run.tables[table].items()}
            assert audit_tables(programme, run.info, {**run.tables, table: frame}), f"row {at + 2} of {table}"


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [("purchases", "cost", 2), ("stock", "used", 3), ("load", "used_hours", 5), ("costs", "amount", 4)],
)
def test_the_row_and_the_size_are_named(programme, run, table, column, row):
    value = run.tables[table][column][row - 2]
    changed = tampered(run, table, column, row - 2, value + 0.5)
    found = [f for f in audit_tables(programme, changed.info, changed.tables) if (f.row, f.column) == (row, column)]
    assert [round(f.size, 6) for f in found if f.table == table] == [0.5]


def test_a_changed_bound_shows_in_the_gap(programme, run):
    changed = tampered(run, "classes", "bound", 0, 40.0)
    found = audit_tables(programme, changed.info, changed.tables)
    assert {f.code for f in found} == {"classes-gap", "run-bound"}


def test_a_bound_above_the_value_is_found(programme, run):
    changed = tampered(run, "classes", "bound", 1, 6.5)
    assert "classes-bound" in {f.code for f in audit_tables(programme, changed.info, changed.tables)}


def test_what_is_not_audited_is_named():
    assert "classes.bound" in UNAUDITED
    assert "load.worth_per_hour" in UNAUDITED
    assert "purchases.cost" not in UNAUDITED
