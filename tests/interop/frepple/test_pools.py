"""Loads that ask a pool for several of its members, each with one station."""

from __future__ import annotations

from tandemplan.audit.shop import audit_schedule
from tandemplan.interop.frepple import programme_of_frepple
from tandemplan.model.schema import ProcessLoad
from tandemplan.results.schedule_shapes import CLASSES, ORDER_LOADS
from tandemplan.schedule.answer import ScheduleOptions, schedule

POOL = """<plan>
<current>2026-01-01T00:00:00</current>
{setting}
<resources><resource name="crew"/>
<resource name="Ann"><owner name="crew"/></resource><resource name="Ben"><owner name="crew"/></resource><resource name="Cid"><owner name="crew"/></resource></resources>
<operations><operation name="lift" duration="P1D"><item name="beam"/>
<loads><load><resource name="crew"/><quantity>2</quantity>{name}</load></loads></operation></operations>
<demands><demand name="beam" quantity="1" due="2026-01-03T00:00:00"><item name="beam"/></demand></demands></plan>"""


def imported(tmp_path, *, setting="", name=""):
    file = tmp_path / "model.xml"
    file.write_text(POOL.format(setting=setting, name=name), encoding="utf-8")
    return programme_of_frepple(file)


def test_two_of_a_pool_are_two_members(tmp_path):
    programme, _ = imported(tmp_path, setting="<individualPoolResources>true</individualPoolResources>")
    assert [(r.work_centre, r.stations, r.line) for r in programme[ProcessLoad].rows()] == [
        ("crew", 1.0, 1),
        ("crew", 1.0, 2),
    ]
    run = schedule(programme, ScheduleOptions(time_limit=1, seed=1), lambda _said: None)
    assert [r["lost"] for r in run.rows(CLASSES)] == [0.0]
    assert len({r["work_centre"] for r in run.rows(ORDER_LOADS)}) == 2
    assert audit_schedule(programme, run.info, run.tables) == []


def test_two_of_a_pool_are_one_member_with_two_stations_else(tmp_path):
    programme, _ = imported(tmp_path)
    assert [(r.work_centre, r.stations) for r in programme[ProcessLoad].rows()] == [("crew", 2.0)]


def test_members_of_a_load_among_others_are_told_of(tmp_path):
    programme, problems = imported(
        tmp_path, setting="<individualPoolResources>true</individualPoolResources>", name="<name>hands</name>"
    )
    assert [r.stations for r in programme[ProcessLoad].rows()] == [2.0]
    assert [p.code for p in problems if "asks for 2 members" in p.message] == ["not-imported"]
