"""The near horizon of a plan as a shop: the plan's hours, starts, goods and deliveries, scheduled to the second and audited."""

from datetime import date

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.audit import audit
from tandemplan.audit.shop import audit_schedule
from tandemplan.cli import app
from tandemplan.model.schema import CalendarHours, Demand, Process, ProcessFlow, ProcessOrder, Stock, WorkCentre
from tandemplan.results.schedule_shapes import DEMAND_SUMMARY, ORDERS
from tandemplan.results.store import read_answer, write_run
from tandemplan.schedule.answer import ScheduleOptions
from tandemplan.schedule.near.horizon import NearError, near_of
from tandemplan.schedule.near.rounds import schedule_near
from tandemplan.schedule.near.shop import near_shop
from tandemplan.testing.models import programme_of

LINE = """
    start = 2026-06-01
    periods = "3 weeks"
    [items]
    item
    frame
    tube
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    day,1,5,8
    [work_centres]
    work_centre,stations,availability_share,shift_pattern
    weld,2,0.75,day
    test,1,1,day
    [skills]
    skill,headcount,hours_per_week,shift_pattern
    welder,3,30,day
    [tools]
    tool,work_centre,sets
    jig,weld,1
    [operations]
    item,when,step,work_centre,skill,tool,tool_hours,plateau_hours,yield_mature_share
    frame,make,10,weld,welder,jig,1,3,0.8
    frame,make,20,test,,,0,0.5,1
    [bom]
    parent,component,quantity_units
    frame,tube,2
    [stock]
    item,quantity_units
    tube,10
    [open_orders]
    order,kind,item,quantity_units,promised
    T1,purchase,tube,10,2026-06-08
    [demands]
    demand,item,quantity_units,due
    D1,frame,4,2026-06-07
    D2,frame,3,2026-06-14
"""


def planned(programme):
    run = tp.plan(programme)
    return run.programme, run.answer


@pytest.fixture(scope="module")
def line():
    return planned(programme_of(LINE))


@pytest.fixture(scope="module")
def bench():
    return planned(tp.example("first_steps"))


def test_starts_are_routes_of_lots_that_take_the_hours_of_the_plan(line):
    """Four good frames are five started: 15 hours of welding, 5 of them with the jig, and 2 of testing what is good."""
    shop = near_shop(near_of(*line))
    first = shop.targets[0]
    assert (first.quantity, first.due) == (5.0, date(2026, 6, 7))
    assert first.hours == {
        ("work centre", "weld"): pytest.approx(15),
        ("skill", "welder"): pytest.approx(15),
        ("tool", "jig"): pytest.approx(5),
        ("work centre", "test"): pytest.approx(2),
    }
    steps = [p for p in shop.programme[Process].rows() if p.part_of == first.name]
    assert [(p.process, p.unit_hours) for p in steps] == [
        (f"{first.name} 10 with tool", 1.0),
        (f"{first.name} 10", 2.0),
        (f"{first.name} 20", 0.4),
    ]
    flows = {(f.item, f.when): f.unit_units for f in shop.programme[ProcessFlow].rows() if f.process == first.name}
    assert flows["tube", "start"] == -2.0
    assert flows["frame", "end"] == pytest.approx(0.8)
    route = shop.programme[Process].row(shop.programme[Process].index[(first.name,)])
    assert (route.minimum_units, route.most_units) == (2.5, 2.5)  # ten hours of two are more than a shift


def test_stations_are_open_for_the_hours_of_the_plan(line):
    """Two stations that are fit for six hours in eight are one, and one for half of the shift; three people of six hours two, and one for two."""
    shop = near_shop(near_of(*line))
    centres = {w.work_centre: w for w in shop.programme[WorkCentre].rows()}
    assert [(m.stations, m.hours[:7].tolist()) for m in shop.present.members["work centre", "weld"]] == [
        (1, [8.0] * 5 + [0.0] * 2),
        (1, [4.0] * 5 + [0.0] * 2),
    ]
    assert [(m.stations, m.hours[0]) for m in shop.present.members["skill", "welder"]] == [
        (2, 8.0),
        (1, pytest.approx(2.0)),
    ]
    assert centres["weld: station 2"].pool == "weld"
    rules = [r for r in shop.programme[CalendarHours].rows() if r.calendar == "weld: station 2" and r.rank is not None]
    assert [(r.from_time, r.to_time) for r in rules] == [("06:00:00", "10:00:00")] * 3


def test_goods_come_and_go_on_the_days_of_the_plan(bench):
    programme, plan = bench
    shop = near_shop(near_of(programme, plan)).programme
    stock = {r.item: r.quantity_units for r in shop[Stock].rows()}
    assert stock["kit"] == 6.0
    assert [(o.quantity_units, o.end.date().isoformat()) for o in shop[ProcessOrder].rows()] == [
        (10.0, "2026-06-12"),
        (10.0, "2026-06-19"),
        (10.0, "2026-06-26"),
    ]
    asked = [(d.demand, d.quantity_units, d.demand_class) for d in shop[Demand].rows() if d.item == "bike"]
    assert ("C1 on 2026-06-05", 6.0, 1) in asked
    assert ("S2 on 2026-06-26", 10.0, 2) in asked


@pytest.mark.parametrize("which", ["line", "bench"])
def test_what_is_scheduled_of_a_plan_is_sound(which, request):
    programme, plan = request.getfixturevalue(which)
    found = schedule_near(near_of(programme, plan), ScheduleOptions(steps=0), lambda _said: None)
    assert audit_schedule(found.programme, found.run.info, found.run.tables) == []
    assert found.run.info["plan"] == plan.info["run"]


def test_the_bench_of_first_steps_works_when_kits_are_there(bench):
    """Ten kits come on Friday of the second week, when the plan makes ten bikes of 4 hours: two of them can be done that week."""
    programme, plan = bench
    run = schedule_near(near_of(programme, plan), ScheduleOptions(steps=0), lambda _said: None).run
    done = {r["demand"]: r["on_time"] for r in run.rows(DEMAND_SUMMARY)}
    assert done["M-00001"] == 6.0
    assert done["M-00002"] == 2.0
    bikes = [o for o in run.rows(ORDERS) if o["process"] == "M-00002"]
    assert min(o["start"] for o in bikes).isoformat() == "2026-06-12T06:00:00"


def test_only_days_of_the_plan_are_scheduled(bench):
    programme, plan = bench
    near = near_of(programme, plan, date(2026, 6, 10), date(2026, 6, 16))
    assert (near.since, near.until) == (date(2026, 6, 8), date(2026, 6, 22))
    with pytest.raises(NearError, match="from 2026-06-01 on, until 2026-06-29"):
        near_of(programme, plan, date(2026, 6, 10), date(2027, 6, 16))


def test_the_command_schedules_a_run(bench, tmp_path):
    programme, plan = bench
    write_run(plan, programme, tmp_path / "plan")
    said = CliRunner().invoke(
        app,
        ["schedule", str(tmp_path / "plan"), "--until", "2026-06-15", "--steps", "0", "--out", str(tmp_path / "week")],
    )
    assert said.exit_code == 0, said.output
    assert audit(tmp_path / "week").findings == ()
    run, _ = read_answer(tmp_path / "week")
    assert (run.info["from"], run.info["until"]) == ("2026-06-01", "2026-06-15")
    wrong = CliRunner().invoke(app, ["schedule", str(tmp_path / "plan"), "--set", "demands[*].quantity_units *= 2"])
    assert wrong.exit_code == 2
    assert "scheduled as it is" in wrong.output
