"""Options that the plan chooses: when, at what cost, what they open; each case worked out by hand."""

import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.plan import plan
from tandemplan.testing.models import programme_of

from .solved import amounts, rows, stage, values

SECOND = """
start = 2026-06-01
periods = 8 days
discount_per_year_share = 0.1
holding_per_year_share = 0.1
[items]
item,standard_cost
A,100
[operations]
item,work_centre,plateau_hours
A,W,24
[work_centres]
work_centre
W
[options]
option,one_off_cost,weekly_cost,lead_days,earliest,changes
more,100,70,2,,work_centres[W].stations += 1
[demands]
demand,item,quantity_units,due
d1,A,1,2026-06-01
d2,A,2,2026-06-06
d3,A,2,2026-06-06
d4,A,2,2026-06-08
"""


def test_a_station_is_added_no_sooner_than_it_is_needed(planned):
    """W makes 1 A a day: 6 by day 5 and 8 by day 7. 5 are due by day 5 and 7 by day 7, so that none is late without the option."""
    run = planned(SECOND)
    assert values(run) == [0]
    assert rows(run, "options", "option chosen date cost") == [("more", False, "", 0)]


def test_it_is_chosen_in_time_for_what_would_be_late(planned):
    """With 9 due by day 5, and 6 made by one station, a second is needed on 3 days up to day 5: in effect on day 3, chosen on day 1.

    It costs 100 and 70 a week for the 5 days in effect: 150. Hours are 48 from day 3 on.
    """
    run = planned(SECOND.replace("d3,A,2", "d3,A,6"))
    assert values(run) == [0]
    assert rows(run, "options", "option chosen date cost") == [("more", True, "2026-06-02", 150)]
    assert rows(run, "options", "serves") == [("class 1 firm",)]
    assert rows(run, "load", "available_hours") == [(24,)] * 3 + [(48,)] * 5
    assert amounts(run)["chosen_options"] == 150
    present = rows(run, "costs", "present_amount", term="chosen_options")[0][0]
    assert present == pytest.approx(
        100 * 1.1 ** (-1 / 365) + sum(10 * 1.1 ** (-d / 365) for d in range(3, 8)), abs=0.01
    )


def test_not_before_its_earliest_day(planned):
    """In effect on day 4 at the earliest, a second station makes 2 more by day 5: 8 of the 9, 1 a day late.

    Without it 8 of all 11 are made: 6 by day 5, one of d3 a day late and one of d4 in time. 2 of d3 and 1 of d4 are lost, late by
    8 + 1 - 5 and 8 + 1 - 7 days: 1 + 2 x 4 + 2 = 11, 10 more than with it.
    """
    text = SECOND.replace("d3,A,2", "d3,A,6").replace("more,100,70,2,,", "more,100,70,2,2026-06-03,")
    run = planned(text)
    assert values(run) == [1]
    assert rows(run, "options", "date cost serves saves") == [("2026-06-03", 140, "class 1 firm", 10)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("items[A].standard_cost = 5", "items.standard_cost, which plans cannot choose about yet"),
        ("stock_policies[item=A].safety_units = 5", "stock targets alone"),
        ("work_centres[W].stations *= 0.5", "takes something away"),
        ("work_centres[W].stations = 2", "another effect sets work_centres.stations"),
    ],
)
def test_what_a_plan_cannot_choose_about_is_left_alone_and_said(changes, said):
    more = "[stock_policies]\nitem,safety_units\nA,1\n[risks]\nrisk,date,changes\nr,2026-06-02,work_centres[W].stations = 1\n"
    text = SECOND.replace("d3,A,2", "d3,A,6").replace("work_centres[W].stations += 1", changes) + more
    run = plan(programme_of(text))
    assert [n for n in run.info["notes"] if said in n]
    assert not run.tables["options"]["chosen"].any()


def test_a_second_source_is_qualified_by_a_dated_decision(planned):
    """N sends none without `quick`: it is qualified from 3 days after the choice on, and its goods take a day.

    O sends 1 a day, from day 0: 6 by day 5. 8 are due then, so that 2 come from N, ordered on day 4 at the latest: `quick` is chosen
    on day 1. 6 x 10 + 2 x 15 = 90, and 40 for the option; 1 + 2 + ... + 5 A lie overnight, at 10 x 0.1 / 365 each: 0.04.
    """
    run = planned("""
    start = 2026-06-01
    periods = 10 days
    holding_per_year_share = 0.1
    [items]
    item,standard_cost
    A,10
    [offers]
    offer,item,unit_price,lead_days,capacity_units_per_week,qualified,qualification_days
    O,A,10,0,7,yes,0
    N,A,15,1,14,no,100
    [options]
    option,one_off_cost,lead_days,changes
    quick,40,3,offers[N].qualification_days = 0
    [demands]
    demand,item,quantity_units,due
    d1,A,8,2026-06-06
    """)
    assert values(run) == [0]
    assert rows(run, "options", "chosen date cost") == [(True, "2026-06-02", 40)]
    assert rows(run, "purchases", "offer release receipt quantity", offer="N") == [("N", "2026-06-05", "2026-06-06", 2)]
    assert amounts(run) == {"purchases": 90, "chosen_options": 40, "holding": pytest.approx(0.04)}


def test_a_second_source_sends_its_smallest_order_at_once(planned):
    """As above, but N sends no fewer than 5, which it gathers over 3 days: they come on day 5, and 3 by O. 3 x 10 + 5 x 15 = 105."""
    run = planned("""
    start = 2026-06-01
    periods = 10 days
    [items]
    item
    A
    [offers]
    offer,item,unit_price,lead_days,capacity_units_per_week,minimum_order_units,qualified,qualification_days
    O,A,10,0,7,0,yes,0
    N,A,15,1,14,5,no,100
    [options]
    option,one_off_cost,lead_days,changes
    quick,40,3,offers[N].qualification_days = 0
    [demands]
    demand,item,quantity_units,due
    d1,A,8,2026-06-06
    """)
    assert values(run) == [0]
    assert rows(run, "purchases", "receipt quantity", offer="N") == [("2026-06-06", 5)]
    assert amounts(run) == {"purchases": 105, "chosen_options": 40}


def test_an_option_may_add_capacity_to_a_source_that_is_to_be_qualified(planned):
    """N sends 1 a day, 2 with `more`, and is qualified at a cost in 2 days: on days 2 to 5 it sends 8."""
    run = planned("""
    start = 2026-06-01
    periods = 10 days
    [items]
    item
    A
    [offers]
    offer,item,capacity_units_per_week,qualified,qualification_days,qualification_cost
    N,A,7,no,2,30
    [options]
    option,one_off_cost,changes
    more,40,offers[N].capacity_units_per_week += 7
    [demands]
    demand,item,quantity_units,due
    d1,A,8,2026-06-06
    """)
    assert values(run) == [0]
    assert amounts(run) == {"qualification": 30, "chosen_options": 40}


OPENED = """
start = 2026-06-01
periods = 8 days
[items]
item
X
A
[bom]
parent,alternative,component,quantity_units,opens_after
X,long,A,2,
X,short,A,1,T
[operations]
item,work_centre,plateau_hours
X,W,1
[work_centres]
work_centre
W
[stock]
item,quantity_units
A,6
[tasks]
task,earliest
T,2027-01-01
[options]
option,one_off_cost,lead_days,changes
brief,10,2,tasks[T].earliest += -300
[demands]
demand,item,quantity_units,due,latest
d1,X,4,2026-06-05,2026-06-05
"""


def test_a_task_brought_forward_opens_a_route_from_its_effect_on(planned):
    """6 A make 3 X of the long kind; of 4, at least 2 must be short, made from day 2 on. d1 is due on day 4: chosen on day 2 at the latest.

    The task ends on the day of the effect, and no sooner.
    """
    run = planned(OPENED)
    assert values(run) == [0]
    [(chosen, date)] = rows(run, "options", "chosen date")
    assert chosen
    assert date <= "2026-06-03"
    effect = str(np.datetime64(date) + 2)
    assert rows(run, "tasks", "end") == [(effect,)]
    assert all(end >= effect for (end,) in rows(run, "production", "end", alternative="short"))


def test_an_option_that_changes_nothing_for_the_better_is_not_chosen(planned):
    """With 8 A nothing is short: `brief` would cost 10."""
    run = planned(OPENED.replace("A,6", "A,8"))
    assert values(run) == [0]
    assert rows(run, "options", "chosen") == [(False,)]
    assert stage(run, "cost") == 0


def test_of_two_options_that_set_one_cell_one_is_chosen(planned):
    """3 A come a day: 3 lie there after day 0 and 6 after day 1, more than the 2 that there is room for, and than the 4 of `small`.

    `big` is in effect at once, so that it is chosen on day 0.
    """
    run = planned("""
    start = 2026-06-01
    periods = 3 days
    [sites]
    site,storage_m3
    P,2
    [items]
    item,volume_m3
    A,1
    [offers]
    offer,item,site,capacity_units_per_week,unit_price
    O,A,P,21,1
    [options]
    option,one_off_cost,changes
    small,1,sites[P].storage_m3 = 4
    big,5,sites[P].storage_m3 = 6
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,9,2026-06-03
    """)
    assert values(run) == [0]
    assert rows(run, "options", "option chosen date") == [("big", True, "2026-06-01"), ("small", False, "")]


def test_people_of_an_option_keep_their_own_rolling_limit(planned):
    """2 hours a day for each head in any 2 days: 4. With a second head in effect from day 1 on, 6 in days 0 and 1, then 8 in any two.

    9 A of an hour are due on day 2: with one head 2 + 2 (in days 0 to 2: 4 and 2 at most, 6), with two from day 1 on 10.
    """
    run = planned("""
    start = 2026-06-01
    periods = 4 days
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,hours_per_week
    S,1,140
    [rules]
    rule,kind,scope,high,window_days
    R,rolling hours,S,4,2
    [options]
    option,one_off_cost,lead_days,changes
    more,1,1,skills[S].headcount += 1
    [demands]
    demand,item,quantity_units,due
    d1,A,9,2026-06-03
    """)
    assert values(run) == [0]
    assert rows(run, "options", "date") == [("2026-06-01",)]
    assert rows(run, "people", "productive") == [(1,), (2,), (2,), (2,)]


@pytest.mark.parametrize(("pay", "chosen", "lost"), [(10, "2026-06-02", 0), (15, "", 2)])
def test_pay_of_people_that_an_option_adds_is_weighed(planned, pay, chosen, lost):
    """One person makes an A a day, 4 in all; 6 are asked for, at 100 each. Two more take a second person for two days, 7 hours each.

    At 10 an hour these cost 140 and bring 200, at 15 they cost 210. The people of the start are paid whatever is decided.
    """
    run = planned(f"""
    start = 2026-06-01
    periods = 4 days
    objective = cost
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,7
    [skills]
    skill,headcount,hours_per_week,hour_cost
    S,1,49,{pay}
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price
    c,K,A,100
    [options]
    option,lead_days,changes
    more,1,skills[S].headcount += 1
    [demands]
    demand,contract,item,quantity_units,due
    d1,c,A,6,2026-06-04
    """)
    assert rows(run, "options", "date") == [(chosen,)]
    decided = {"option_wages": 140} if chosen else {"lost_revenue": 200}
    assert amounts(run) == {"wages": 4 * 7 * pay} | decided
    assert stage(run, "cost") == (140 if chosen else 200)
    assert rows(run, "classes", "lost") == [(lost,)]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("date", np.datetime64("2026-06-01"), "options-cost"),
        ("date", np.datetime64("2026-06-08"), "options-late"),
        ("date", np.datetime64("NaT"), "options-date"),
        ("chosen", False, "options-date"),
        ("cost", 149.0, "options-cost"),
    ],
)
def test_the_audit_finds_a_choice_that_was_changed(column, value, code):
    programme = programme_of(SECOND.replace("d3,A,2", "d3,A,6"))
    run = plan(programme)
    table = {**run.tables["options"]}
    table[column] = np.array([value], dtype=table[column].dtype)
    assert code in {f.code for f in audit_tables(programme, run.info, {**run.tables, "options": table})}
