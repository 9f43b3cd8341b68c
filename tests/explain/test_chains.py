"""What tasks wait for, and which task is thought of first, on a small start-up."""

import pytest

import tandemplan as tp
from tandemplan.explain.causes import why
from tandemplan.explain.chains import roots, setting
from tandemplan.explain.planned import base_of, days_late, gates
from tandemplan.explain.proposals import proposals
from tandemplan.network.network import network_of
from tandemplan.plan import plan
from tandemplan.testing.models import programme_of

HALL = """
    start = 2026-06-01
    periods = 16 weeks
    [items]
    item
    bike
    cart
    [work_centres]
    work_centre,stations,opens_after
    bench,1,inspection
    lift,1,ramp
    [operations]
    item,step,work_centre,plateau_hours
    bike,10,bench,1
    cart,10,lift,1
    [tasks]
    task,name,duration_days,predecessors
    permit,,0,
    hall,Hall built,30,permit
    tools,,9,hall
    inspection,First article,8,tools;course
    course,,3,
    ramp,,40,hall
    [demands]
    demand,item,quantity_units,due,latest
    late,bike,10,2026-06-26,2026-08-28
    lost,bike,3,2026-06-19,2026-07-03
    cart,cart,4,2026-06-26,2026-08-28
"""


@pytest.fixture(scope="module")
def base():
    programme = programme_of(HALL)
    return base_of(programme, plan(programme))


def test_a_chain_is_what_sets_the_start_of_a_task():
    network = network_of(programme_of(HALL))
    assert setting(network, "inspection") == ["inspection", "tools", "hall", "permit"], "the course ends before"
    assert setting(network, "course") == ["course"]
    assert roots(network, ["inspection", "ramp"])[0] == "hall", "both wait for it; the permit is done at the start"
    assert "permit" not in roots(network, ["inspection", "ramp"])


def test_days_that_a_demand_is_late_are_those_until_it_can_be_had(base):
    """30 and 9 and 8 days from 1 June are 18 July, and bicycles of that week come on 24 July: 28 days late, or never after 3 July."""
    assert days_late(base, "late") == 28
    assert days_late(base, "lost") == 35
    assert gates(base, "late") == ["inspection"]


def test_the_task_that_all_wait_for_is_the_cause_and_what_comes_after_it_is_tried_too(base):
    found = why(base, "late")
    assert [(c.limit.family, c.limit.name) for c in found.causes] == [("task", "hall")]
    texts = [p.text for p in proposals(base, found)]
    assert texts[0] == "task Hall built 28 days shorter"
    assert "task tools 4 days shorter" in texts
    assert "task First article 4 days shorter" in texts
    assert "late promised 28 days later" in texts


def test_a_promise_moves_with_the_last_day_on_which_it_is_taken(base):
    """What is lost could be taken late, or promised for that day: either is a programme without faults."""
    told = {p.text: p.changes for p in proposals(base, why(base, "lost"))}
    assert told["lost promised 35 days later"] == (
        "demands[lost].due += 35",
        "demands[lost].latest += 21",
    )
    assert told["lost taken up to 21 days later than it would be now"] == ("demands[lost].latest += 21",)
    moved = plan(base.programme.with_changes(*told["lost promised 35 days later"]))
    summary = moved.tables["demand_summary"]
    assert summary["late_unit_days"][summary["demand"] == "lost"].tolist() == [0]


def test_a_limit_that_does_alone_is_told_before_tasks():
    """Where the bench of a first step is short nothing waits for a task."""
    programme = tp.example("first_steps")
    known = base_of(programme, plan(programme))
    assert gates(known, "S1") == []
