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
from tandemplan.testing.models import programme_of


@pytest.fixture
def large(monkeypatch):
    """Return a function that plans a programme, and takes the plan for a large one."""
    monkeypatch.setattr(importlib.import_module("tandemplan.explain.planned"), "SMALL", 0)

    def planned(programme):
        found = base_of(programme, plan(programme))
        assert found.large
        return found

    return planned


@pytest.fixture
def base(large):
    return large(tp.example("first_steps"))


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


ACCOUNTED = """
    start = 2026-06-01
    periods = 30 weeks
    [countries]
    country,groups
    RO,eligible;host
    CN,
    [partners]
    partner,country
    P,RO
    [sites]
    site,partner,country
    plant,P,RO
    [items]
    item
    bike
    frame
    [bom]
    parent,component,quantity_units
    bike,frame,1
    [suppliers]
    supplier,country
    near,RO
    far,CN
    [offers]
    offer,supplier,item,site,lead_days,unit_price,origin_country
    near,near,frame,plant,1,6.37,RO
    far,far,frame,plant,1,5.11,CN
    [work_centres]
    work_centre,site,stations,opens_after
    bench,plant,1,hall
    [operations]
    item,site,step,work_centre,plateau_hours
    bike,plant,10,bench,1
    [tasks]
    task,duration_days
    hall,40
    [rules]
    rule,kind,scope,high
    outside,origin share,bike,0.35
    largest,source share,frame,0.7
    [demands]
    demand,site,item,quantity_units,due,latest
    gone,plant,bike,7,2026-06-19,2026-06-26
    late,plant,bike,9,2026-07-03,2026-08-28
"""


def test_what_is_counted_long_after_a_demand_may_change_with_it(large):
    """Seven bicycles that were lost take frames, which count where shares of origin and of sources are taken: at the end of the plan."""
    base = large(programme_of(ACCOUNTED))
    assert late_of(base.run)["gone"] > 7 * 7
    run = relieved_as(base, "gone")(base.programme.with_changes("tasks[hall].duration_days += -30"))
    assert late_of(run) == {"gone": 0, "late": 0}
