"""What a run says of itself: equal bytes for equal questions, and honest words when it was stopped."""

import json

import numpy as np
import pytest

from tandemplan.audit import audit
from tandemplan.plan import PlanOptions, plan
from tandemplan.results.run_keys import RUN_KEYS
from tandemplan.results.store import read_run, write_run
from tandemplan.testing.models import programme_of

MODEL = """
start = 2026-06-01
periods = 3 weeks, 10 days
holding_per_year_share = 0.2
discount_per_year_share = 0.05
[sites]
site
P
Q
[items]
item,standard_cost,weight_kg
X,100,2
Y,100,2
A,10,1
[bom]
parent,component
X,A
Y,A
[operations]
item,site,work_centre,skill,plateau_hours
X,P,W,S,20
Y,P,W,S,20
[work_centres]
work_centre,site
W,P
[skills]
skill,site,headcount,hours_per_week,overtime_hours_per_week,hour_cost
S,P,4,35,5,30
[offers]
offer,item,site,unit_price,lead_days
O1,A,P,10,2
O2,A,P,10,2
[lanes]
lane,from_place,to_site,transit_days,kg_cost
L1,P,Q,1,1
L2,P,Q,1,1
[stock_policies]
site,item,safety_units
P,A,3
[customers]
customer,demand_class
K1,1
K2,2
[demands]
demand,customer,site,item,quantity_units,due
d1,K1,Q,X,6,2026-06-10
d2,K1,Q,Y,6,2026-06-10
d3,K2,Q,X,9,2026-06-19
d4,K2,Q,Y,9,2026-06-19
"""
NO_ROOM = """
start = 2026-06-01
periods = 1 weeks
[sites]
site,storage_m3
P,1
[items]
item,volume_m3
X,1
[stock]
site,item,quantity_units
P,X,6
"""


@pytest.fixture(scope="module")
def programme():
    return programme_of(MODEL)


@pytest.fixture(scope="module")
def first(programme):
    return plan(programme)


def test_equal_questions_have_equal_bytes(programme, first, tmp_path):
    """Offers, lanes, products and days are alike, so that many plans are as good; the same one comes every time."""
    folders = [write_run(run, programme, tmp_path / name) for name, run in (("a", first), ("b", plan(programme)))]
    names = [sorted(str(f.relative_to(folder)) for f in folder.rglob("*")) for folder in folders]
    assert names[0] == names[1]
    for name in names[0]:
        one, two = (folder / name for folder in folders)
        if name != "run.json" and one.is_file():
            assert one.read_bytes() == two.read_bytes(), name
    said = [json.loads((folder / "run.json").read_text()) for folder in folders]
    assert [s.pop("seconds").keys() for s in said] == [{"build": 0, "solve": 0, "write": 0}.keys()] * 2
    assert said[0] == said[1]
    assert said[0]["reproducible"] is True


def keys_of(said, before=""):
    """The keys of what `run.json` says, as the reference names them; maps by table, unit or version are one key."""
    for key, value in said.items():
        items = value if isinstance(value, list) and key != "scenarios" else None
        name = f"{before}{key}" if items is None else f"{before}{key}[]"
        yield name
        if isinstance(value, dict) and key not in ("versions", "units", "size", "seconds", "digests"):
            yield from keys_of(value, f"{name}.")
        for item in items or ():
            if isinstance(item, dict) and key != "classes":
                yield from keys_of(item, f"{name}.")


def test_every_key_of_a_run_is_documented(programme, first, tmp_path):
    """Of a plan, and of the reasons why there is none."""
    full = programme_of(NO_ROOM)
    said = set()
    for run, asked in ((first, programme), (plan(full), full)):
        folder = write_run(run, asked, tmp_path / run.info["run"])
        said |= set(keys_of(json.loads((folder / "run.json").read_text())))
    assert said == {k for k, _ in RUN_KEYS}


def test_what_is_written_reads_back(programme, first, tmp_path):
    back = read_run(write_run(first, programme, tmp_path / "run"))
    assert back.info["objective"] == first.info["objective"]
    assert {n: len(f) for n, f in back.tables.items()} == {n: len(f) for n, f in first.tables.items()}
    assert np.allclose(back.tables["load"]["used_hours"], first.tables["load"]["used_hours"], atol=1e-6)


def test_the_name_of_a_run_tells_questions_apart(programme, first):
    other = programme_of(MODEL.replace("X,6,", "X,7,"))
    assert plan(other).info["run"] != first.info["run"]
    assert plan(programme, PlanOptions(gap=0.01)).info["run"] != first.info["run"]


def test_phases_of_the_work_are_told(programme):
    """Building first, then each objective in its order, each with its value, bound and gap when it is done."""
    told = []
    plan(programme, progress=told.append)
    done = [p for p in told if p.gap is not None]
    assert told[0].phase == "build"
    assert [p.phase for p in done] == ["class 1 firm", "class 2 firm", "stock", "cost"]
    assert [p.gap for p in done] == pytest.approx([0, 0, 0, 0], abs=1e-6)


def test_without_time_nothing_is_done_and_nothing_is_claimed(programme, tmp_path):
    """All is lost: 31 days and one period of 7, due on days 9 and 18: 12 x 29 = 348 and 18 x 20 = 360 days late.

    3 A of 10 are missing on each of 31 days: 930. Only that nothing can be below 0 is proved.
    """
    run = plan(programme, PlanOptions(time_limit=0))
    assert (run.info["status"], run.info["reproducible"]) == ("stopped", False)
    assert [(s["value"], s["bound"]) for s in run.info["objective"]["stages"]][:3] == [(348, 0), (360, 0), (930, 0)]
    assert not any(s["finished"] for s in run.info["objective"]["stages"])
    assert audit(write_run(run, programme, tmp_path / "run")).findings == ()


def test_too_little_memory_stops_the_run(programme, tmp_path):
    run = plan(programme, PlanOptions(memory_mb=1))
    assert (run.info["status"], run.tables) == ("stopped", {})
    assert run.info["reason"] == "the solver needs more memory than the 1 MB it may use"
    assert audit(write_run(run, programme, tmp_path / "run")).findings == ()
