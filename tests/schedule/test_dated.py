"""Loads and flows with dates, and routes that are under way: what the schedule makes of them, to the hour; the audit agrees."""

import pytest

from tandemplan.audit.shop import audit_schedule
from tandemplan.results.schedule_shapes import DEMAND_SUMMARY, ORDER_LOADS, ORDERS
from tandemplan.schedule.answer import ScheduleOptions, schedule
from tandemplan.testing.models import programme_of

HEAD = "start = 2026-06-01\nperiods = 4 weeks\n[items]\nitem\nbolt\nrod\ntube\n"


@pytest.fixture
def scheduled():
    def made(text: str):
        programme = programme_of(HEAD + text)
        run = schedule(programme, ScheduleOptions(steps=20, seed=1), lambda _said: None)
        assert [str(f) for f in audit_schedule(programme, run.info, run.tables)] == []
        return run

    return made


def test_an_order_that_starts_before_a_load_is_in_force_goes_on_without_it(scheduled):
    """Ten days of work for 15 June start on the 5th: the lathe is asked for by orders that start on 8 to 20 June alone."""
    run = scheduled(
        "[processes]\nprocess,item,fixed_hours\nturn,bolt,240\n[work_centres]\nwork_centre\nlathe\n"
        "[process_loads]\nprocess,work_centre,from_moment,to_moment\nturn,lathe,2026-06-08,2026-06-20\n"
        "[demands]\ndemand,item,quantity_units,due,due_time\nD1,bolt,1,2026-06-15,00:00\n"
    )
    assert [(str(r["start"]), str(r["end"])) for r in run.rows(ORDERS) if r["process"] == "turn"] == [
        ("2026-06-05 00:00:00", "2026-06-15 00:00:00")
    ]
    assert run.rows(ORDER_LOADS) == []


def test_what_is_late_uses_what_is_in_force_at_its_own_time(scheduled):
    """The rod for it comes on the 20th; from the 10th on a bolt is made of a tube, so it takes the tube there is, as soon as it is asked for late."""
    run = scheduled(
        "[processes]\nprocess,kind,item,fixed_hours\nturn,make,bolt,24\nrods,buy,rod,456\ntubes,buy,tube,264\n"
        "[process_flows]\nprocess,item,when,unit_units,from_moment,to_moment\nturn,bolt,end,1,,\nturn,rod,start,-1,,2026-06-10\nturn,tube,start,-1,2026-06-10,\n"
        "[demands]\ndemand,item,quantity_units,due,due_time\nD1,bolt,1,2026-06-05,00:00\n"
    )
    (demand,) = run.rows(DEMAND_SUMMARY)
    assert (demand["lost"], str(demand["last_delivery"])) == (
        0,
        "2026-06-13 00:00:00",
    )  # a tube on the 12th, a day of work


def test_steps_that_are_given_follow_each_other_and_those_done_are_not_missed(scheduled):
    """Of the route's steps cut is done. Turn and polish are approved for the same day: polish waits for turn, the order is where they are."""
    run = scheduled(
        "[processes]\nprocess,item,part_of,step,fixed_hours\nroute,bolt,,10,0\ncut,,route,10,24\nturn,,route,20,48\npolish,,route,30,24\n"
        "[process_orders]\norder,process,status,quantity_units,start,end,part_of\nR,route,approved,5,,2026-06-03,\n"
        "T,turn,approved,5,2026-06-02,,R\nP,polish,approved,5,2026-06-02,,R\n"
        "[demands]\ndemand,item,quantity_units,due,due_time\nD1,bolt,5,2026-06-20,00:00\n"
    )
    assert {
        r["order"]: (str(r["start"])[:10], str(r["end"])[:10]) for r in run.rows(ORDERS) if r["status"] != "new"
    } == {
        "T": ("2026-06-02", "2026-06-04"),
        "P": ("2026-06-04", "2026-06-05"),
        "R": ("2026-06-02", "2026-06-05"),
    }


def test_an_approved_order_waits_for_its_station_and_not_for_what_nobody_makes(scheduled):
    """It is asked for on the 2nd, while a confirmed order holds the lathe until the 4th; its rod will never come."""
    run = scheduled(
        "[processes]\nprocess,item,fixed_hours\nturn,bolt,48\n[process_flows]\nprocess,item,when,unit_units\nturn,bolt,end,1\nturn,rod,start,-1\n"
        "[work_centres]\nwork_centre\nlathe\n[process_loads]\nprocess,work_centre\nturn,lathe\n[process_orders]\norder,process,status,quantity_units,start\n"
        "A,turn,confirmed,5,2026-06-02\nB,turn,approved,5,2026-06-02\n[demands]\ndemand,item,quantity_units,due,due_time\nD1,bolt,5,2026-06-20,00:00\n"
    )
    assert {r["order"]: str(r["start"])[:10] for r in run.rows(ORDERS) if r["status"] != "new"} == {
        "A": "2026-06-02",
        "B": "2026-06-04",
    }
