"""What now: a plan once more after new facts, audited, with what moved."""

from datetime import date
from importlib import import_module

import numpy as np
import pytest

import tandemplan as tp
from tandemplan.audit import audit
from tandemplan.plan import plan
from tandemplan.results.store import write_run

REPLAN = import_module("tandemplan.plan.replan")
DAY = date(2026, 6, 8)


@pytest.fixture(scope="module")
def bench():
    """A small programme and its plan."""
    programme = tp.example("first_steps")
    return programme, plan(programme)


def test_nothing_moves_where_nothing_is_new(bench):
    programme, run = bench
    found = REPLAN.replan(run, programme, programme, as_of=DAY)
    assert found.info["replan"]["changes"] == []
    for table in ("purchases", "production", "moves", "deliveries"):
        for name, column in run.tables[table].items():
            assert found.tables[table][name].tolist() == column.tolist()


def test_a_demand_that_is_sooner_moves_deliveries_and_no_order(bench, tmp_path):
    """Two city orders on one day: six units of one are brought forward, four of the school's are put off for them."""
    programme, run = bench
    changed = programme.with_changes("demands[C2].due = 2026-06-12")
    found = REPLAN.replan(run, programme, changed, as_of=date(2026, 6, 2))
    moved = [
        (c["table"], c["way"], c["from_date"], c["to_date"], c["quantity"]) for c in found.info["replan"]["changes"]
    ]
    assert moved == [
        ("deliveries", "C2", "2026-06-19", "2026-06-12", 6.0),
        ("deliveries", "S1", "2026-06-12", "2026-06-19", 4.0),
    ]
    assert found.info["replan"]["moved_unit_days"] == 70.0
    assert audit(write_run(found, changed, tmp_path / "new")).findings == ()


def test_the_audit_sees_that_something_done_has_changed(bench, tmp_path):
    programme, run = bench
    found = REPLAN.replan(run, programme, programme, as_of=date(2026, 6, 15))
    said = {**found.info, "replan": {**found.info["replan"], "done": "0" * 64}}
    folder = write_run(type(found)(said, found.tables), programme, tmp_path / "new")
    assert [f.code for f in audit(folder).findings] == ["replan-done"]


def test_there_is_no_plan_where_what_was_done_is_not_allowed(bench):
    programme, run = bench
    found = REPLAN.replan(run, programme, programme.with_changes("demands[C1].quantity_units = 2"), as_of=DAY)
    assert found.info["status"] == "stopped"
    assert "2026-06-08" in found.info["reason"]


def test_units_are_matched_in_the_order_of_days_and_cancelled_where_they_are_far_apart():
    day = np.datetime64("2026-06-01", "D")
    old, new = {day: 5.0, day + 300: 2.0}, {day + 7: 4.0}
    assert list(REPLAN._matched(old, new, 84.0)) == [
        (day, day + 7, 4.0),
        (day, None, 1.0),
        (day + 300, None, 2.0),
    ]
