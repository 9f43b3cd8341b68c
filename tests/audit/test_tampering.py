"""Every audited cell of a run that is changed beyond tolerance is found."""

import dataclasses
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tandemplan.audit import audit, audit_tables, unaudited
from tandemplan.audit.check_run import UNPROVED
from tandemplan.model.reading import read
from tandemplan.plan import plan
from tandemplan.results.fields import Type
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import Run, table_text, write_run

from . import plant

ROOT = Path(__file__).parents[2]

AUDITED = [(s, f) for s in SHAPES for f in s.fields if f.audited]
ELSEWHERE = {
    # what a cell is tied to stands in another table, so the finding does too
    ("deliveries", "quantity"): {"demand_summary", "stock"},
    ("moves", "quantity"): {"stock"},
    ("spending", "period_start"): {"cash"},
    ("spending", "amount"): {"cash", "funding"},
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
    if isinstance(value, float) and np.isnan(value):
        return [0.0, 5.0]
    step = {Type.UNITS: 0.001, Type.MONEY: 0.05, Type.WHOLE: 1}[kind]
    return [value + step, value - step]


@pytest.mark.parametrize(("shape", "field"), AUDITED, ids=lambda x: x.name)
def test_a_change_of_any_audited_cell_is_found_where_it_stands(programme, run, shape, field):
    before = run.tables[shape.name][field.name]
    assert len(before), f"the plant has no row of {shape.name}: this test would prove nothing"
    for at in sorted({0, min(1, len(before) - 1), len(before) // 2, len(before) - 1}):
        value = before[at]
        for other in order_names(run, shape.name, at) if field.name == "order" else changes(field.type, value):
            changed = tampered(run, shape.name, field.name, at, other)
            found = audit_tables(programme, changed.info, changed.tables)
            tables = {shape.name, *ELSEWHERE.get((shape.name, field.name), ())}
            assert tables & {f.table for f in found}, f"{field.name} {value} -> {other} in row {at + 2}: {found}"


def order_names(run: Run, table: str, at: int) -> list[str]:
    """Return the names of other orders: a fresh name for an order is no untruth."""
    names = run.tables[table]["order"].tolist()
    return [n for n in dict.fromkeys(["", *names]) if n != names[at]]


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
    assert "classes.bound" in unaudited()
    assert "load.worth_per_hour" in unaudited()
    assert "purchases.cost" not in unaudited()


# ---- campaigns on plans as they are made

spec = importlib.util.spec_from_file_location("campaign", ROOT / "benchmarks" / "tampering.py")
campaign = importlib.util.module_from_spec(spec)
sys.modules["campaign"] = campaign
spec.loader.exec_module(campaign)


def planned(name, scenarios=()):
    programme = read(ROOT / "examples" / name, scenarios)
    return programme, plan(programme)


def test_untruths_in_a_small_plan_are_found():
    programme, run = planned("first_steps")
    tally = campaign.tally_of(programme, run, "first_steps", seed=1, places=(2, 2))
    assert tally.slips == []
    assert sum(tally.tried.values()) > 350


def test_what_no_table_proves_is_guarded_by_digests_alone(programme, run, tmp_path):
    """One changed cell in each of these columns: the audit of tables is silent, the audit of files is not."""
    folder = write_run(run, programme, tmp_path / "run")
    for shape in SHAPES:
        for field in [f for f in shape.fields if not f.audited and len(run.tables[shape.name][f.name])]:
            value = run.tables[shape.name][field.name][0]
            changed = tampered(run, shape.name, field.name, 0, changes(field.type, value)[0])
            (folder / f"{shape.name}.csv").write_text(table_text(shape, changed.tables[shape.name]))
            assert "table-digest" in {f.code for f in audit(folder).findings}, f"{shape.name}.{field.name}"
            (folder / f"{shape.name}.csv").write_text(table_text(shape, run.tables[shape.name]))
    assert audit(folder).clean


@pytest.mark.parametrize("name", UNPROVED)
def test_what_run_json_alone_says_is_guarded_by_its_digest(programme, run, tmp_path, name):
    folder = write_run(run, programme, tmp_path / "run")
    said = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**said, name: "other"}))
    assert [f.code for f in audit(folder).findings] == ["run-digest"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"status": "feasible"}, "run-status"),
        ({"status": "feasible", "reason": "stopped by the time limit", "reproducible": True}, "run-status"),
        ({"status": "infeasible"}, "run-status"),
        ({"reason": "stopped by the user"}, "run-status"),
        ({"options": {"gap": 0.5}}, "run-status"),
        ({"options": {"gap": 2.0}}, "run-run"),
        ({"verb": "guess"}, "run-verb"),
        ({"seed": 2}, "run-seed"),
        ({"run": "plan-1"}, "run-run"),
        ({"totals": {}}, "run-cost"),
        ({"objective": {}}, "run-stages"),
    ],
)
def test_what_run_json_says_of_itself_is_borne_out(programme, run, changed, code):
    assert code in {f.code for f in audit_tables(programme, {**run.info, **changed}, run.tables)}


def test_a_plan_that_a_limit_ended_may_say_so(programme, run):
    stopped = {"status": "feasible", "reason": "stopped by the time limit", "reproducible": False}
    assert audit_tables(programme, {**run.info, **stopped}, run.tables) == []
