"""What a planner does when suppliers, people and times are not those of the plan: each reckoned by hand."""

import pytest

from tandemplan.plan import PlanOptions, plan
from tandemplan.simulate import layout as at
from tandemplan.simulate.blocks import block_of, setup_of
from tandemplan.simulate.policy import policy_of
from tandemplan.testing.models import programme_of

PARTS = """
    start = 2026-06-01
    periods = "20 weeks"
    [items]
    item,standard_cost
    frame,10
    [suppliers]
    supplier
    smith
    jones
    brown
    [offers]
    offer,supplier,item,rank,unit_price,lead_days,capacity_units_per_week
    smiths,smith,frame,1,10,7,{own}
    browns,brown,frame,2,11,7,{few}
    joneses,jones,frame,3,20,{jones},100
    [demands]
    demand,item,quantity_units,due
    first,frame,30,2026-07-19
    second,frame,30,2026-08-09
    third,frame,30,2026-08-30
    [risks]
    risk,date,known_from,duration_days,changes
    trouble,2026-06-22,2026-06-22,{days},offers[smiths].{change}
"""


def days_of(change, *, days="", own=10, few=0, jones=7, policy=None):
    """Return the days on which the three demands are complete when trouble begins on day 21; the plan has 48, 69 and 90."""
    programme = programme_of(PARTS.format(change=change, days=days, own=own, few=few, jones=jones))
    planned = plan(programme, PlanOptions(time_limit=60))
    assert set(planned.tables["purchases"]["offer"].tolist()) == {"smiths"}
    return block_of(setup_of(programme, planned, 1, policy=policy_of(policy or {})), 0, 1).done[0].tolist()


def test_a_supplier_who_sends_a_tenth_for_a_week_is_not_busy_for_ten():
    """Nobody else is soon enough; after the week he sends what he sent before, so at most a week is lost."""
    late = days_of("capacity_units_per_week *= 0.1", days=7, jones=300)
    assert late[-1] <= 90 + 7


def test_a_supplier_who_refuses_for_good_is_replaced_by_the_one_who_is_soonest():
    """Brown has the better rank, but sends 1 a week; Jones sends all that is asked for within a week."""
    assert days_of("capacity_units_per_week *= 0", few=1) == [48, 69, 90]


def test_who_sends_too_little_is_replaced_too():
    assert days_of("capacity_units_per_week *= 0.1", few=1)[1:] == [69, 90]


def test_orders_go_out_earlier_where_lead_times_are_known_to_be_longer():
    """From day 21 on an order takes five weeks in place of one: what is due from day 69 on is ordered for in time."""
    assert days_of("lead_days += 28", own=40, jones=300)[1:] == [69, 90]


PEOPLE = """
    start = 2026-06-01
    periods = "30 weeks"
    [items]
    item
    desk
    [skills]
    skill,headcount,most_headcount,hours_per_week,hires_per_week,recruit_days,training_days,attrition_per_year,hour_cost,training_cost
    joiner,2,8,40,1,0,0,0,20,0
    [operations]
    item,skill,plateau_hours
    desk,joiner,10
    [demands]
    demand,item,quantity_units,due
    first,desk,60,2026-07-26
    second,desk,400,2026-12-20
    [risks]
    risk,date,known_from,duration_days,changes
    strike,2026-06-01,2026-06-02,{days},skills[joiner].hires_per_week *= 0
"""


@pytest.mark.parametrize(("days", "delivered"), [(28, 460), (1000, 300)])
def test_hires_that_could_not_come_are_made_up_for(days, delivered):
    """After four weeks without hires all of them come, one a week; where nobody ever can be hired, two make 8 desks a week."""
    programme = programme_of(PEOPLE.format(days=days))
    planned = plan(programme, PlanOptions(time_limit=60))
    assert planned.tables["people"]["hired"].sum() > 0.9
    found = block_of(setup_of(programme, planned, 1), 0, 1)
    assert found.delivered.sum() == pytest.approx(delivered, abs=70)


RUSH = """
    start = 2026-06-01
    periods = "12 weeks"
    [items]
    item
    bed
    [work_centres]
    work_centre,stations
    bench,1
    [operations]
    item,work_centre,plateau_hours
    bed,bench,{hours}
    [customers]
    customer,demand_class
    army,1
    shop,2
    [contracts]
    contract,customer,item
    main,army,bed
    side,shop,bed
    [demands]
    demand,contract,quantity_units,due
    early,side,12,2026-07-12
    late,main,12,2026-07-19
"""


def released(**policy):
    """Return the days on which beds are released, and due."""
    programme = programme_of(RUSH.format(hours=2))
    planned = plan(programme, PlanOptions(time_limit=60))
    rows = setup_of(programme, planned, 1, policy=policy_of(policy)).world.rows
    return rows[:, at.ROW_DAY], rows[:, at.ROW_DUE]


def test_work_is_due_a_period_early_and_released_two_before_that():
    day, due = released()
    assert (due - day == 14).all()
    assert (released(ahead=0)[0] == due).all()
    assert (released(ahead=0, levels=0)[0] == due + 7).all()
    assert (released(ahead="0.5")[0] == due - 3.5).all()


def test_what_is_said_of_the_policy_is_what_differs():
    assert policy_of({}).said == {}
    assert policy_of({"ahead": "2", "timing": "dates"}).said == {"policy": {"timing": "dates"}}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"ahead": "soon"}, "policy ahead is 'soon'; it must be a number of periods"),
        ({"service": "luck"}, "it must be class or due"),
        ({"x": 1}, "policy has no 'x'"),
    ],
)
def test_a_policy_that_means_nothing_is_refused(given, fault):
    with pytest.raises(ValueError, match=fault):
        policy_of(given)


def test_a_source_that_is_kept_is_waited_for():
    """Smith refuses from day 21 on for good: by the planned sources nothing comes any more."""
    policy = {"sources": "planned"}
    assert days_of("capacity_units_per_week *= 0", policy=policy)[-1] == float("inf")
    assert days_of("capacity_units_per_week *= 0")[-1] == 90
