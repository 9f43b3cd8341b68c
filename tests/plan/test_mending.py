"""Large plans mended after news, shown on a small one that is taken for large."""

from datetime import date
from importlib import import_module

import numpy as np
import pytest

import tandemplan as tp
from tandemplan.audit import audit
from tandemplan.plan import plan
from tandemplan.plan.replan import replan
from tandemplan.results.store import write_run

AGAIN = import_module("tandemplan.plan.again")


@pytest.fixture
def bench(monkeypatch):
    """A small programme and its plan, taken for large."""
    for name in ("again", "completing"):
        monkeypatch.setattr(import_module(f"tandemplan.plan.{name}"), "SMALL", 0)
    programme = tp.example("first_steps")
    return programme, plan(programme)


def test_nothing_moves_where_nothing_is_new(bench):
    programme, run = bench
    base = AGAIN.base_of(run, programme)
    assert base.basis is not None
    found = AGAIN.again(base, programme, AGAIN.Search(as_of=date(2026, 6, 8)))
    assert found.moved == pytest.approx(0.0, abs=1e-4)
    assert np.abs(found.x - found.before).max() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "day"),
    [
        ("demands[C2].due = 2026-06-12", date(2026, 6, 2)),
        ("demands[C2].quantity_units += 3", date(2026, 6, 2)),
        ("demands[S1].quantity_units += 2", date(2026, 6, 8)),
    ],
)
def test_mended_plans_are_plans_of_the_changed_programme(bench, tmp_path, change, day):
    programme, run = bench
    changed = programme.with_changes(change)
    found = replan(run, programme, changed, as_of=day)
    assert found.info["status"] == "feasible"
    assert audit(write_run(found, changed, tmp_path / "new")).findings == ()


def test_classes_are_served_as_by_the_plan_that_seeks_all_at_once(bench, monkeypatch):
    programme, run = bench
    changed = programme.with_changes("demands[C2].due = 2026-06-12")
    large = replan(run, programme, changed, as_of=date(2026, 6, 2))
    for name in ("again", "completing"):
        monkeypatch.setattr(import_module(f"tandemplan.plan.{name}"), "SMALL", 20_000)
    small = replan(run, programme, changed, as_of=date(2026, 6, 2))
    late = [r.tables["classes"]["value"].tolist() for r in (large, small)]
    assert late[0] == pytest.approx(late[1], abs=1e-3)
