"""Relief of a large plan, planned around a demand: shown on a small one that is taken for large."""

import importlib

import pytest

import tandemplan as tp
from tandemplan.audit import audit
from tandemplan.explain.answer import relief_said
from tandemplan.explain.causes import why
from tandemplan.explain.planned import base_of
from tandemplan.explain.solving import relieved_as
from tandemplan.plan import plan
from tandemplan.results.shape import DEMAND_SUMMARY
from tandemplan.results.store import write_run


@pytest.fixture
def base(monkeypatch):
    monkeypatch.setattr(importlib.import_module("tandemplan.explain.planned"), "SMALL", 0)
    programme = tp.example("first_steps")
    found = base_of(programme, plan(programme))
    assert found.large
    return found


def late_of(run):
    return {r["demand"]: r["late_unit_days"] for r in run.rows(DEMAND_SUMMARY)}


def test_nothing_changes_where_nothing_is_changed(base):
    again = relieved_as(base, "S1")(base.programme)
    assert late_of(again) == pytest.approx(late_of(base.run))
    assert again.info["totals"]["cost"] == base.run.info["totals"]["cost"]


def test_what_helps_is_a_plan_of_the_changed_programme(base, tmp_path):
    """Kits a week sooner serve S1, and C1 before it; a second bench gives the school all that it asks for."""
    told = {tuple(r["changes"]): r for r in relief_said(base, why(base, "S1"), relieved_as(base, "S1"))}
    kits, bench = told["offers[kits].lead_days += -7",], told["work_centres[bench].stations += 1",]
    assert (kits["repaired"], kits["better"], kits["others_unit_days"]) == (True, ["C1"], pytest.approx(-28))
    assert (bench["repaired"], bench["better"]) == (True, ["S2"])
    for k, changes in enumerate(told):
        programme = base.programme.with_changes(*changes)
        again = relieved_as(base, "S1")(programme)
        assert not audit(write_run(again, programme, tmp_path / str(k))).findings
        assert late_of(again)["S1"] == pytest.approx(told[changes]["late_unit_days"])
