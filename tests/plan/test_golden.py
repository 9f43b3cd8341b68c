"""One golden set of rows for each constraint family, reviewed by hand against docs/semantics.md.

`pytest tests/plan/test_golden.py --update-golden` writes them anew. Each docstring says why its rows are right, then
gives the model; columns and rows read `name[who,period]`, periods counted from 0.
"""

from pathlib import Path

import numpy as np
import pytest

from tandemplan.network.network import network_of
from tandemplan.network.sharing import groups_of
from tandemplan.plan.commitments import DEFINING, LIMITS
from tandemplan.plan.limits import FAMILIES
from tandemplan.plan.lots import add_lots
from tandemplan.plan.model import FAMILIES as MODEL_FAMILIES
from tandemplan.plan.model import model_of
from tandemplan.plan.ramp import assumed
from tandemplan.solver.lp import lp_text
from tandemplan.testing.models import programme_of

FOLDER = Path(__file__).parent / "golden"
GIVEN = "payments"  # no limit of a plan: what is owed whatever it decides may give way where there is none


@pytest.fixture
def golden(request):
    """A function that compares the rows of a family in the model of the test's docstring with its golden file."""

    def compare(family, model=model_of):
        lines = lp_text(model(network_of(programme_of(request.function.__doc__))).lp, family)
        text = "".join(f"{line}\n" for line in lines)
        file = FOLDER / f"{family.replace(' ', '_')}.lp.txt"
        if request.config.getoption("--update-golden"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")
        return text.splitlines()

    return compare


@pytest.fixture
def golden_of(request):
    """A function that compares the rows of a family in the model of a text with its golden file."""

    def compare(text, family):
        lines = list(lp_text(model_of(network_of(programme_of(text))).lp, family))
        file = FOLDER / f"{family.replace(' ', '_')}.lp.txt"
        if request.config.getoption("--update-golden"):
            file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        assert lines == file.read_text(encoding="utf-8").splitlines()
        return lines

    return compare


def test_balance(golden):
    """X is made of 2 x 1.1 = 2.2 A, of which a share 0.9 is good; 0.8 of A bought is accepted.

    A at P: opening stock 3 and, on day 8, 5 on order, so 3 in week 0 and 5 in week 1. Nothing takes X from P but the
    lane of 2 days to B, from Wednesday to Friday, so in the same week. Week 0 has no row before it. X may be delivered
    at B on Friday of week 0, its last day there not after the due Sunday, or a week later.

    start = 2026-06-01
    periods = 2 weeks
    [sites]
    site
    P
    B
    [items]
    item
    X
    A
    [bom]
    parent,component,quantity_units,scrap_share
    X,A,2,0.1
    [operations]
    item,site,work_centre,plateau_hours,yield_mature_share
    X,P,W,10,0.9
    [work_centres]
    work_centre,site
    W,P
    [offers]
    offer,item,site,acceptance_share
    O,A,P,0.8
    [stock]
    site,item,quantity_units
    P,A,3
    [open_orders]
    order,item,site,quantity_units,promised
    o1,A,P,5,2026-06-09
    [lanes]
    lane,from_place,to_site,transit_days
    L,P,B,2
    [demands]
    demand,site,item,quantity_units,due
    d1,B,X,4,2026-06-05
    """
    assert len(golden("balance")) == 3 * 2


def test_hours(golden):
    """S works 35 hours a week and up to 7 more. A start of A takes 3 hours, a purchase of B 0.5.

    A delivery of A takes 0.25 from the week of delivery; the second step of A takes 2 for the 0.9 that enter it: 1.8, and a
    set-up of 4 in each week in which A is started.
    W has 168 hours; T, at W, too, and is taken for 1 x 0.9 hours.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    B
    [bom]
    parent,component
    A,B
    [operations]
    item,when,step,work_centre,skill,tool,tool_hours,plateau_hours,yield_mature_share,setup_hours
    A,make,10,,S,,0,3,0.9,0
    A,make,20,W,S,T,1,2,1,4
    B,receive,10,,S,,0,0.5,1,0
    A,deliver,10,,S,,0,0.25,1,0
    [work_centres]
    work_centre
    W
    [skills]
    skill,headcount,hours_per_week,overtime_hours_per_week
    S,1,35,7
    [tools]
    tool,work_centre
    T,W
    [offers]
    offer,item
    O,B
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("hours")) == 3 * 2


def test_rolling_hours(golden):
    """Two weeks lie in 15 days: 2 heads may work 2 x 50 hours in them; from week 2 on 3, in week 1 and 2 2.5 on average: 125.

    A month of 30 days is longer than 15: 3 heads may work 50 x 30 / 15 = 100 hours each. W, of 4 stations, may run for 4 x 20 in
    any week from week 1 on. T is no skill and no work centre.

    start = 2026-06-01
    periods = 3 weeks, 1 month
    [items]
    item
    A
    [operations]
    item,skill,work_centre,tool,tool_hours,plateau_hours
    A,S,W,T,1,3
    [skills]
    skill,headcount,hours_per_week
    S,2,35
    [work_centres]
    work_centre,stations
    W,4
    [tools]
    tool
    T
    [rules]
    rule,kind,scope,high,window_days,from_date,to_date,soft
    R,rolling hours,S;T,50,15.5,,,no
    Q,rolling hours,W,20,7,2026-06-03,2026-06-21,no
    P,rolling hours,S,10,7,,,yes
    [risks]
    risk,date,changes
    r,2026-06-15,skills[S].headcount += 1
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("rolling hours")) == 3 + 2


def test_bought_stations(golden):
    """W may be in use from week 1 on, 7 days after the start: rows for weeks 2 and 3. There is no place for another V.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,step,work_centre,plateau_hours
    A,10,W,3
    A,20,V,1
    [work_centres]
    work_centre,stations,most_stations,station_lead_days
    W,1,3,7
    V,1,1,7
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("bought stations")) == 2


def test_bought_sets(golden):
    """T opens on the first day of week 1 and takes half a day: it may be in use from week 1 on.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,tool,tool_hours
    A,T,3
    [tools]
    tool,sets,most_sets,lead_days,opens_after
    T,1,3,0.5,t
    [tasks]
    task,duration_days
    t,7
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("bought sets")) == 2


def test_one_pattern(golden):
    """`three` may be worked from Tuesday of week 1 on, so from week 2: until then there are two patterns, and three from there.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,skill,plateau_hours
    A,W,S,3
    [shift_patterns]
    shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days,earliest
    one,1,0.1,7,0,
    two,2,0.3,0,15,
    three,3,0.2,7,0,2026-06-09
    [work_centres]
    work_centre,shift_pattern,most_stations
    W,one,1
    [skills]
    skill,hires_per_week,most_headcount,headcount,hours_per_week,shift_pattern
    S,2,4,1,40,one
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("one pattern")) == 4


def test_levels(golden):
    """`one` is the least: it is worked where no level is reached; `two` or more is `three`, too, from week 2 on.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,skill,plateau_hours
    A,W,S,3
    [shift_patterns]
    shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days,earliest
    one,1,0.1,7,0,
    two,2,0.3,0,15,
    three,3,0.2,7,0,2026-06-09
    [work_centres]
    work_centre,shift_pattern,most_stations
    W,one,1
    [skills]
    skill,hires_per_week,most_headcount,headcount,hours_per_week,shift_pattern
    S,2,4,1,40,one
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("levels")) == 4 + 2


def test_changes(golden):
    """A change to `two` counts, as it must last; one back to `one` takes 7 days' notice, which week 0 does not leave, but it is worked there.

    `one` may begin in weeks 1 to 3 and `three` in weeks 2 and 3, and need not last: no rows. `one` has notice 8: none in week 1.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,skill,plateau_hours
    A,W,S,3
    [shift_patterns]
    shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days,earliest
    one,1,0.1,8,0,
    two,2,0.3,0,15,
    three,3,0.2,7,0,2026-06-09
    [work_centres]
    work_centre,shift_pattern,most_stations
    W,one,1
    [skills]
    skill,hires_per_week,most_headcount,headcount,hours_per_week,shift_pattern
    S,2,4,1,40,one
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("changes")) == 4 + 1


def test_shortest_stay(golden):
    """15 days from Monday: `two`, begun in week 0, is worked in weeks 1 and 2, too, the last of which begins on its 15th day.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,skill,plateau_hours
    A,W,S,3
    [shift_patterns]
    shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days,earliest
    one,1,0.1,7,0,
    two,2,0.3,0,15,
    three,3,0.2,7,0,2026-06-09
    [work_centres]
    work_centre,shift_pattern,most_stations
    W,one,1
    [skills]
    skill,hires_per_week,most_headcount,headcount,hours_per_week,shift_pattern
    S,2,4,1,40,one
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("shortest stay")) == 3


def test_bought_hours(golden):
    """A station has 40 hours in one shift, 80 in two and 120 in three; two may be bought. In weeks 0 and 1 there is no `three`.

    With one shift: extra <= 40 owned + 40 x 2 where two are worked, 80 x 2 where three are.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,skill,plateau_hours
    A,W,S,3
    [shift_patterns]
    shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days,earliest
    one,1,0.1,7,0,
    two,2,0.3,0,15,
    three,3,0.2,7,0,2026-06-09
    [work_centres]
    work_centre,shift_pattern,most_stations
    W,one,3
    [skills]
    skill,hires_per_week,most_headcount,headcount,hours_per_week,shift_pattern
    S,2,4,1,40,one
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("bought hours")) == 3 * 4 - 2


def test_shift_pay(golden):
    """Over the 0.1 of `one`, `two` adds 0.2 and `three` 0.1 to the pay of 400 of a hire a week. At most 2, 3, 3 and 3 are there.

    Half a person more, 10 days after the choice: 80 for Thursday and Friday of week 1, or of the week after, 200 a whole week.
    Under `two` in week 3: raised >= 80 a hire + 40 once `half` is chosen in week 1 or before, less 24 when not before week 2
    - 0.2 x 1400 where one is worked - 0.1 x 1400 where three are.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,skill,plateau_hours
    A,W,S,3
    [shift_patterns]
    shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days,earliest
    one,1,0.1,7,0,
    two,2,0.3,0,15,
    three,3,0.2,7,0,2026-06-09
    [work_centres]
    work_centre,shift_pattern,most_stations
    W,one,1
    [skills]
    skill,hires_per_week,most_headcount,headcount,hours_per_week,hour_cost,shift_pattern
    S,2,4,1,40,10,one
    [options]
    option,lead_days,changes
    half,10,skills[S].headcount += 0.5
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("shift pay")) == 4 + 2


def test_offers(golden):
    """O sends 7 a week, but 3.5 from day 7 on, half the rate; P has no limit and no row.

    A day's lead is 4: dispatch is on the day of receipt, for the supplier delivers. The first receipt is on Sunday, day 6.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [offers]
    offer,item,lead_days,capacity_units_per_week
    O,A,4,7
    P,A,4,
    [risks]
    risk,date,changes
    r,2026-06-08,offers[O].capacity_units_per_week *= 0.5
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("offers")) == 2


def test_lanes(golden):
    """L carries 70 kg a week from U, in units of 2 kg: what is dispatched on Saturday of week 0 arrives on Sunday of week 1.

    It takes 8 days, so that nothing arrives in week 0 and nothing is dispatched in week 1. M carries 14 kg from Q to P, dispatched and
    arriving in one week: moves weigh as much.

    start = 2026-06-01
    periods = 2 weeks
    [sites]
    site
    P
    Q
    [items]
    item,weight_kg
    A,2
    [suppliers]
    supplier
    U
    [offers]
    offer,supplier,item
    O,U,A
    [stock]
    site,item,quantity_units
    Q,A,5
    [lanes]
    lane,from_place,to_site,transit_days,capacity_kg_per_week
    L,U,P,8,70
    M,Q,P,0,14
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,4,2026-06-07
    """
    assert len(golden("lanes")) == 3


def test_storage(golden):
    """A takes 0.5 m3 and B 0.25, Q has no limit; on the last day of week 1 (day 13) half of P's 10 m3 are gone.

    start = 2026-06-01
    periods = 2 weeks
    [sites]
    site,storage_m3
    P,10
    Q,
    [items]
    item,volume_m3
    A,0.5
    B,0.25
    C,0
    [stock]
    site,item,quantity_units
    P,A,1
    P,B,1
    P,C,1
    Q,A,1
    [risks]
    risk,date,changes
    r,2026-06-14,sites[P].storage_m3 *= 0.5
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,1,2026-06-14
    """
    assert len(golden("storage")) == 2


def test_hazard_storage(golden):
    """Only H is hazardous, and weighs 3 kg: A, of 5 kg, does not count.

    start = 2026-06-01
    periods = 2 weeks
    [sites]
    site,hazard_storage_kg
    P,12
    [items]
    item,weight_kg,hazard
    A,5,no
    H,3,yes
    [stock]
    site,item,quantity_units
    P,A,1
    P,H,1
    [demands]
    demand,site,item,quantity_units,due
    d1,P,H,1,2026-06-14
    """
    assert len(golden("hazard storage")) == 2


def test_demand(golden):
    """Sundays: d1 (due in week 1, wanted until week 2) may go in weeks 1 and 2; d2, due in week 0, in any week.

    d3 counts with its probability: half of 6. Each may be lost.

    start = 2026-06-01
    periods = 4 weeks
    uncertain_demand = expected
    [items]
    item
    A
    [stock]
    item,quantity_units
    A,1
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,certainty,probability
    c,K,A,option,0.5
    [demands]
    demand,contract,item,quantity_units,due,latest
    d1,,A,4,2026-06-14,2026-06-21
    d2,,A,5,2026-06-07,
    d3,c,,6,2026-06-28,
    """
    assert len(golden("demand")) == 3


def test_safety_stock(golden):
    """A should keep 5, and 7 (2 more) from week 1 on, soft; B has no safety units and no row.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    B
    [stock]
    item,quantity_units
    A,1
    B,1
    [stock_policies]
    item,safety_units,most_units
    A,5,
    B,0,3
    [risks]
    risk,date,changes
    r,2026-06-10,stock_policies[item=A].safety_units += 2
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-06-14
    """
    assert len(golden("safety stock")) == 2


def test_coming_use(golden):
    """10 days after a week of 7 hold all of the next week's use and 3/7 of the week after's (the last week: nothing).

    A leaves as a component (2 for each X made) and as a delivery of d2.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    A
    [bom]
    parent,component,quantity_units
    X,A,2
    [operations]
    item,work_centre,plateau_hours
    X,W,1
    [work_centres]
    work_centre
    W
    [stock]
    item,quantity_units
    A,9
    [stock_policies]
    item,safety_days
    A,10
    [demands]
    demand,item,quantity_units,due
    d1,X,1,2026-06-07
    d2,A,1,2026-06-14
    """
    assert len(golden("coming use")) == 3


def test_most_stock(golden):
    """At most 3 of A should lie at the end of each week; B's policy has no most.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    B
    [stock]
    item,quantity_units
    A,1
    B,1
    [stock_policies]
    item,safety_units,most_units
    A,0,3
    B,2,
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-06-14
    """
    assert len(golden("most stock")) == 2


def test_most_cover(golden):
    """3.5 days are half of the use of the next week; in a month of 30 days after the last week they are 3.5/30.

    The move out of P is its use.

    start = 2026-06-01
    periods = 2 weeks, 1 month
    [sites]
    site
    P
    B
    [items]
    item
    A
    [stock]
    site,item,quantity_units
    P,A,9
    [lanes]
    lane,from_place,to_site,transit_days
    L,P,B,1
    [stock_policies]
    site,item,most_days
    P,A,3.5
    [demands]
    demand,site,item,quantity_units,due
    d1,B,A,1,2026-06-14
    """
    assert len(golden("most cover")) == 3


def test_on_hand(golden):
    """A is due on Wednesdays and takes C, which is itself due on Saturdays: what A takes must lie there from before.

    In the first period that is the opening stock of 4, in the second what closed the first.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    C
    [bom]
    parent,component,quantity_units
    A,C,2
    [operations]
    item,work_centre,plateau_hours
    A,W,1
    [work_centres]
    work_centre
    W
    [stock]
    item,quantity_units
    C,4
    [offers]
    offer,item
    O,C
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-06-03
    d2,C,1,2026-06-06
    """
    assert len(golden("on hand")) == 2


def test_trained(golden):
    """Hires of week 1 (the first that recruiting allows) train to the third day of week 2: they are trained at the start of week 3.

    A share of 0.75 leaves in a year: after 7 days 0.25^(7/365) = 0.973764 are left, after 14 days 0.948216. T hires nobody.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,most_headcount,hours_per_week,overtime_hours_per_week,hires_per_week,recruit_days,training_days,trainees_per_trainer,attrition_per_year
    S,4,6,35,7,2,7,10,3,0.75
    T,1,,35,0,0,0,10,3,0
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("trained")) == 1


def test_overtime(golden):
    """S has 4 x 7 hours of overtime, decaying, and 7 for each hire from the fourth day of the second week on: 4 x 1 there.

    A hire that came in week 1 is trained for 4 days of week 2 and all of week 3.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,most_headcount,hours_per_week,overtime_hours_per_week,hires_per_week,recruit_days,training_days,trainees_per_trainer,attrition_per_year
    S,4,6,35,7,2,7,10,3,0
    T,1,,35,0,0,0,10,3,0
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("overtime")) == 4


def test_hiring_pace(golden):
    """Two a week from week 1 on: recruiting takes 7 days.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,most_headcount,hours_per_week,overtime_hours_per_week,hires_per_week,recruit_days,training_days,trainees_per_trainer,attrition_per_year
    S,4,6,35,7,2,7,10,3,0
    T,1,,35,0,0,0,10,3,0
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("hiring pace")) == 3


def test_most_people(golden):
    """2 may join the 4 that are there, more as these leave: 6 - 4 x 0.25^(7/365) = 2.10494 in week 1; hires leave as well.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,most_headcount,hours_per_week,overtime_hours_per_week,hires_per_week,recruit_days,training_days,trainees_per_trainer,attrition_per_year
    S,4,6,35,7,2,7,10,3,0.75
    T,1,,35,0,0,0,10,3,0
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("most people")) == 3


def test_trainers(golden):
    """Each of the 4, and of the hires that are trained (from week 3 on), trains 3; hires train in the week they come and the next.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,most_headcount,hours_per_week,overtime_hours_per_week,hires_per_week,recruit_days,training_days,trainees_per_trainer,attrition_per_year
    S,4,6,35,7,2,7,10,3,0
    T,1,,35,0,0,0,10,3,0
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("trainers")) == 3


def test_set_ups(golden):
    """W has 168 hours a week: after a set-up of 8 there are 160, for 16 X of 10 hours, and more than 16 are wanted.

    d1 asks for 4 in week 0 alone, d2 for 30. So 34 X may be of use in week 0 and 30 in week 1; as 0.8 of what is started
    is good, that is 42.5 and 37.5 starts. A start takes 2 C: 85 C and 75. C takes no hours, but a set-up costs 5. Y has a usual lot, and no row.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    C
    Y
    [bom]
    parent,component,quantity_units
    X,C,2
    [operations]
    item,work_centre,setup_hours,setup_cost,lot_units,plateau_hours,yield_mature_share
    X,W,8,0,,10,0.8
    C,,0,5,,0,1
    Y,W,8,5,4,1,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,latest
    d1,X,4,2026-06-07,2026-06-07
    d2,X,30,2026-06-14,
    d3,Y,1,2026-06-14,
    """
    assert len(golden("set-ups")) == 2 * 2


def test_minimum_lots(golden):
    """The larger of the least lots of two steps holds for the route; both steps are set up for one lot.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    [operations]
    item,step,work_centre,plateau_hours,minimum_lot_units
    X,10,W,1,3
    X,20,W,1,5
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d1,X,4,2026-06-14
    """
    assert len(golden("minimum lots")) == 2


def test_lot_multiples(golden):
    """Starts of X are multiples of 4 and of 6, one for each step; without a set-up there is no other row.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    [operations]
    item,step,work_centre,plateau_hours,lot_multiple_units
    X,10,W,1,4
    X,20,W,1,6
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d1,X,4,2026-06-14
    """
    assert len(golden("lot multiples")) == 2 * 2


OPTIONS = """
    start = 2026-06-01
    periods = 3 weeks
    [sites]
    site,storage_m3
    P,10
    [items]
    item,volume_m3
    X,1
    A,0
    B,0
    [stock]
    site,item,quantity_units
    P,B,9
    [bom]
    parent,alternative,component,opens_after
    X,long,A,
    X,short,B,T
    [operations]
    item,site,work_centre,plateau_hours
    X,P,W,3
    [work_centres]
    work_centre,site,stations,most_stations
    W,P,1,3
    [tasks]
    task,earliest
    T,2027-01-01
    [offers]
    offer,item,site,capacity_units_per_week,qualified,qualification_days
    O,A,P,7,yes,0
    N,A,P,70,no,200
    [options]
    option,lead_days,earliest,changes
    brief,3,2026-06-03,tasks[T].earliest += -300
    quick,10,,offers[N].qualification_days = 0
    room,0,,sites[P].storage_m3 = 15
    space,0,,sites[P].storage_m3 = 20
    third,3,,work_centres[W].stations += 1
    [demands]
    demand,site,item,quantity_units,due
    d1,P,X,4,2026-06-21
    """


def test_options(golden_of):
    """Each may be chosen on a Monday on which its effect begins within the plan: `brief` not before its day, and so from week 1 on.

    `quick` is in effect 10 days after its choice: it is chosen in week 0 or, for day 17, in week 1.
    """
    assert golden_of(OPTIONS, "options") == [
        "options[brief,2]: -1 chosen[brief,1] +1 chosen[brief,2] >= 0",
        "options[quick,1]: -1 chosen[quick,0] +1 chosen[quick,1] >= 0",
        *(
            f"options[{o},{t}]: -1 chosen[{o},{t - 1}] +1 chosen[{o},{t}] >= 0"
            for o in ("room", "space", "third")
            for t in (1, 2)
        ),
    ]


def test_option_hours(golden):
    """Half a station has 20 hours a week in one shift, 40 in two and, from week 2 on, 60 in three; `more` takes 3 days.

    Chosen in week 0, it has 2 of its 5 days then: 8, 16; chosen in week 1 none in week 0. With one shift in week 2: added <= 20 once chosen
    there or before, less 12 when no sooner, and 20 where two are worked, 40 where three are.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,plateau_hours
    A,W,3
    [shift_patterns]
    shift_pattern,shifts_per_day,premium_share,earliest
    one,1,0,
    two,2,0.3,
    three,3,0.4,2026-06-09
    [work_centres]
    work_centre,shift_pattern
    W,one
    [options]
    option,lead_days,changes
    more,3,work_centres[W].stations += 0.5
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-07
    """
    assert len(golden("option hours")) == 3 * 3 - 2


def test_option_openings(golden_of):
    """X is due on Sundays, 6, 13 and 20: short ones are made on day 13 or 20 if `brief` is in effect by then, so chosen by week 1 or 2.

    4 X are asked for: more is of no use. N is ordered on Sundays, too: on 13 if `quick` was chosen by week 0, on 20 if by week 1. An A
    for each of 4 X: 4 again.
    """
    assert len(golden_of(OPTIONS, "option openings")) == 4


def test_option_places(golden_of):
    """W has place for 3 stations, 2 of them free: one is bought or `third`'s."""
    assert golden_of(OPTIONS, "option places") == ["option places[W,2]: +1 owned[W,2] +1 chosen[third,2] <= 2"]


def test_option_clashes(golden_of):
    """Both set the room at P: only one of them is chosen."""
    assert golden_of(OPTIONS, "option clashes") == [
        "option clashes[room and space,2]: +1 chosen[room,2] +1 chosen[space,2] <= 1"
    ]


QUALIFYING = """
    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    A
    [offers]
    offer,item,unit_price,lead_days,capacity_units_per_week,acceptance_share,qualified,qualification_days,qualification_cost,opens_after
    NEW,A,1,2,14,0.5,no,7,100,audit
    FREE,A,2,2,,1,no,7,0,
    [tasks]
    task,duration_days
    audit,5
    [demands]
    demand,item,quantity_units,due
    d1,A,5,2026-06-21
    """


def test_qualification(golden_of):
    """NEW is qualified when that is decided, in week 1 or 2 (the audit ends on day 5 of week 0); FREE takes its days and no decision."""
    assert len(golden_of(QUALIFYING, "qualification")) == 1


def test_qualified(golden_of):
    """What NEW brings in week 2 is ordered on day 18, so it has started in week 1, 7 days before; earlier it cannot be ordered.

    5 good A are 10 of NEW, and 14 can be sent in a week: 10 at most.
    """
    assert len(golden_of(QUALIFYING, "qualified")) == 1


ORDERS = """
start = 2026-06-01
periods = 2 weeks
[sites]
site
P
Q
[suppliers]
supplier
U
[items]
item
A
[offers]
offer,supplier,item,minimum_order_units,order_multiple_units
O,U,A,7,5
[lanes]
lane,from_place,to_site,transit_days,shipment_cost
L,U,P,1,30
M,P,Q,0,40
[demands]
demand,site,item,quantity_units,due,minimum_shipment_units
d1,Q,A,6,2026-06-07,2
d2,P,A,3,2026-06-14,3
"""


@pytest.mark.parametrize(
    ("family", "count"),
    [
        ("order multiples", 2),
        ("minimum orders", 2),
        ("placed orders", 2),
        ("shipments", 3),
        ("minimum shipments", 2),
        ("last shipments", 2),
        ("bought shipments", 2),
        ("moved shipments", 2),
    ],
)
def test_orders_and_shipments(family, count, golden_of):
    """Orders are multiples of 5, at least 10; d1 may go in week 0 and week 1, in parts of at least 2, d2 in week 1, at once.

    9 units are asked for; with a smallest order and a multiple on top, an order is for 24 at most, a move for twice 9.
    """
    assert len(golden_of(ORDERS, family)) == count


def test_units_bought(golden):
    """4 accepted of NEW, of which half is, end `articles`: two ways bring them, the lane of 8 days not in week 0. O is open after a week more.

    start = 2026-06-01
    periods = 3 weeks
    [sites]
    site
    P
    [suppliers]
    supplier
    U
    [items]
    item
    A
    [offers]
    offer,supplier,item,acceptance_share,opens_after
    NEW,U,A,0.5,
    O,U,A,1,inspected
    [lanes]
    lane,from_place,to_site,transit_days
    air,U,P,1
    sea,U,P,8
    [tasks]
    task,predecessors,duration_days,needs
    articles,,0,bought:NEW>=4
    inspected,articles,7,
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,10,2026-06-21
    """
    assert len(golden("units bought")) == 3


LICENSED = """
    start = 2026-06-01
    periods = 4 weeks
    [sites]
    site
    P
    Q
    [suppliers]
    supplier
    U
    [items]
    item
    A
    B
    [offers]
    offer,supplier,item,capacity_units_per_week
    O,U,A,7
    N,U,B,7
    [lanes]
    lane,from_place,to_site
    L,U,P
    M,P,Q
    [tasks]
    task,duration_days
    permit,4
    [licences]
    licence,kind,task,items,from_places,processing_days,validity_days,renewal_lead_days,cap_units
    all,standing,permit,,,3,10,2,5
    some,standing,permit,A,P,0,,,
    each,per order,,B,U,0,,,4
    [demands]
    demand,site,item,quantity_units,due
    d1,Q,A,4,2026-06-21
    d2,P,B,4,2026-06-21
    """


def test_licence_caps(golden_of):
    """`all` is valid on days 4 to 13, asked for anew on day 12 and valid on days 15 to 24, then from day 26 on: rows of weeks 0, 2 and 3.

    Both demands are due on Sundays, so all goes on days 6 and 13, on day 20, and on day 27. `some` has no cap.
    """
    flows = ("buy[O by L to P,{}]", "buy[N by L to P,{}]", "move[A by M,{}]")
    assert golden_of(LICENSED, "licence caps") == [
        f"licence caps[all,{weeks[0]}]: " + " ".join(f"+1 {f.format(t)}" for f in flows for t in weeks) + " <= 5"
        for weeks in ((0, 1), (2,), (3,))
    ]


def test_order_caps(golden_of):
    """A purchase of B is 4 at most, each week."""
    assert golden_of(LICENSED, "order caps") == [
        f"order caps[N by L to P,{t}]: +1 buy[N by L to P,{t}] <= 4" for t in range(4)
    ]


ORIGIN = """
    start = 2026-06-01
    periods = 2 weeks
    [countries]
    country,groups
    H,eligible
    [items]
    item,standard_cost
    X,0
    Y,0
    A,30
    B,5
    [bom]
    parent,alternative,component,quantity_units,scrap_share
    X,full,A,2,0.1
    X,full,B,1,0
    X,kit,B,3,0
    Y,,A,1,0
    [operations]
    item,work_centre,plateau_hours,yield_mature_share
    X,W,10,0.9
    Y,W,10,1
    [work_centres]
    work_centre
    W
    [offers]
    offer,item,unit_price,origin_country,acceptance_share
    home,A,40,H,0.8
    away,A,20,,1
    b,B,10,H,1
    [stock]
    item,quantity_units
    A,3
    [open_orders]
    order,offer,item,quantity_units,promised,unit_price
    o1,away,A,5,2026-06-09,25
    [rules]
    rule,kind,scope,high,window_days
    R,origin share,X;C1,0.35,7
    [customers]
    customer
    K
    [contracts]
    contract,customer,item
    C1,K,X
    [demands]
    demand,contract,item,quantity_units,due
    d1,C1,,4,2026-06-07
    d2,,X,4,2026-06-14
    d3,,Y,2,2026-06-07
    """


def test_origin_lots(golden_of):
    """A: 3 lie there, 5 come in the second week; 0.8 of what `home` sends is accepted. A start of X gives 0.9 good ones, by either bill.

    What is left of the first week's lots may be inside what counts in the second; of the order nothing comes in the first.
    """
    assert len(golden_of(ORIGIN, "origin lots")) == 7 * 2  # home, away, b, o1, stock, two bills


def test_origin_content(golden_of):
    """X for C1 counts for both, other X for itself. Inside are 2 x 1.1 = 2.2 A and 1 B, or 3 B. Y is no account's: it uses A of others."""
    assert len(golden_of(ORIGIN, "origin content")) == (3 + 3 + 1) * 2


def test_origin_share(golden_of):
    """A by `home`: 40 x (0 - 0.35) = -14, by `away`: 20 x 0.65 = 13, on order 25 x 0.65, in stock 30 x 0.65, as `away` is from outside; B: -3.5.

    The second week adds to the first; what is inside X for C1 counts in both limits.
    """
    assert len(golden_of(ORIGIN, "origin share")) == 2 * 2


SHARES = """
    start = 2026-06-01
    periods = 2 weeks
    currency = EUR
    [partners]
    partner
    H
    T
    [countries]
    country,groups
    HL,eligible
    ZL,third
    [sites]
    site,partner
    P,H
    [items]
    item,groups
    X,
    A,critical
    B,critical
    [bom]
    parent,component
    X,A
    X,B
    [operations]
    item,site,work_centre,skill,plateau_hours
    X,P,W,S,1
    [work_centres]
    work_centre,site
    W,P
    [skills]
    skill,site,headcount,hours_per_week,hour_cost,hires_per_week,training_days,training_cost
    S,P,1,20,10,1,7,50
    [suppliers]
    supplier,partner,country
    t,T,HL
    z,,ZL
    [offers]
    offer,supplier,item,site,unit_price,third_country_share,acceptance_share
    ta,t,A,P,40,0.25,0.8
    za,z,A,P,20,,1
    tb,t,B,P,5,,1
    zb,z,B,P,2,,1
    [open_orders]
    order,offer,item,site,quantity_units,promised,unit_price
    o,ta,A,P,2,2026-06-09,30
    [costs]
    cost,site,category,per,amount
    rent,P,opex,week,100
    hall,P,capex,week,999
    [options]
    option,changes,lead_days
    more,skills[S].headcount += 1,0
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price
    c,K,X,100
    [rules]
    rule,kind,scope,low,high,soft
    band,work share,T,0.4,0.6,no
    home,host content,H,0.5,,no
    most,source share,critical,,0.7,no
    two,fewest sources,A,2,,no
    lands,country concentration,critical,,0.8,no
    firms,subcontract share,,,0.3,no
    look,subcontract share,,,0.1,yes
    [demands]
    demand,contract,site,quantity_units,due
    d,c,P,4,2026-06-14
    """


def test_bought(golden_of):
    """What is accepted by each offer in both weeks; the open order is no purchase of the plan."""
    assert len(golden_of(SHARES, "bought")) == 4


def test_value_added(golden_of):
    """H is given 2 weeks of 20 hours at 10, and of rent at 100: 600; T the order's 2 x 30 x 0.75 = 45. `ta` adds 40 x 0.75 = 30, `tb` 5.

    A hire of the first week costs 50 and 200 in training; then one who is trained is paid 200. The option adds 400, or 200 from the second week on.
    """
    rows = golden_of(SHARES, "value added")
    assert rows[0].endswith("+1 value added[H,1] = 600")
    assert rows[1] == "value added[T,1]: -30 bought[ta,1] -5 bought[tb,1] +1 value added[T,1] = 45"


def test_work_share(golden_of):
    """T within 0.4 and 0.6 of what both add, H at least 0.5."""
    assert len(golden_of(SHARES, "work share")) == 3


def test_source_share(golden_of):
    """Each of two suppliers of A, and of B, has at most 0.7 of the units: 0.3 of its own <= 0.7 of the other's."""
    assert len(golden_of(SHARES, "source share")) == 2 * 2


def test_fewest_sources(golden_of):
    """Of two sources, none has more than 0.99."""
    assert len(golden_of(SHARES, "fewest sources")) == 2


def test_country_concentration(golden_of):
    """A and B together, by cost: no country has more than 0.8, so the squares add up to 0.8 at most."""
    assert len(golden_of(SHARES, "country concentration")) == 2


def test_subcontract_share(golden_of):
    """z is not eligible: at most 0.3 of 4 x 100. What is soft is no row."""
    assert golden_of(SHARES, "subcontract share") == [
        "subcontract share[firms|z,1]: +20 bought[za,1] +2 bought[zb,1] <= 120"
    ]


MONEY = """
    start = 2026-06-01
    periods = 3 weeks
    [suppliers]
    supplier,prepayment_share,payment_days
    U,0.25,7
    [items]
    item
    X
    A
    [bom]
    parent,component
    X,A
    [operations]
    item,work_centre,plateau_hours
    X,W,1
    [work_centres]
    work_centre
    W
    [offers]
    offer,supplier,item,unit_price,lead_days
    O,U,A,8,2
    [tasks]
    task,needs
    gate,made:X>=1
    [funding]
    tranche,pool,kind,amount,date,pays_for,expiry,instrument,interest_per_year_share,opens_after
    equity,own,company,100,2026-06-01,,,equity,0,
    parts,own,company,50,2026-06-03,purchases,2026-06-14,grant,0,
    bank,own,company,40,2026-06-08,purchases;opex,,credit line,0.365,gate
    budget,state,payer,90,2026-06-01,,,budget,0,
    more,state,payer,60,2026-06-08,,,budget,0,gate
    [costs]
    cost,amount,date,payments,lead_days
    hall,30,2026-06-05,0.5@start;0.5@end,7
    [rules]
    rule,kind,scope,low
    R,least cash,own,20
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price,advance_share,advance_date,payment_days,pool,damages_per_week_share
    c,K,X,20,0.1,2026-06-10,7,state,0.05
    [demands]
    demand,contract,quantity_units,due
    d1,c,4,2026-06-07
    """


def test_payments(golden_of):
    """A is bought on Sundays, 6 June and on, ordered 2 days before: a quarter of 8 with the order, in the same week, 6 a week after receipt.

    The hall costs 15 on 5 June and 15 on 12 June. The payer owes the advance, a tenth of 4 x 20, on 10 June, and 18 for a unit
    that comes on time a week later, 1 less of a week late, 2 less of two; what falls due after the plan is due on its last day.
    """
    rows = golden_of(MONEY, "payments")
    assert "payments[own|purchases,1]: -6 buy[O,0] -2 buy[O,1] +1 paid[own|purchases,1] >= 0" in rows
    assert "payments[own|opex,1]: +1 paid[own|opex,1] >= 15" in rows
    assert "payments[state|orders,2]: -17 deliver[d1,1] -16 deliver[d1,2] +1 paid[state|orders,2] >= 0" in rows


def test_tranches(golden_of):
    """`parts` is there in week 0 and can be spent until week 1 ends; `bank` is a line, equity and budgets may pay anything."""
    assert golden_of(MONEY, "tranches") == [
        "tranches[parts,0]: +1 left[parts,0] +1 spent[parts for purchases,0] <= 50",
        "tranches[parts,1]: -1 left[parts,0] +1 left[parts,1] +1 spent[parts for purchases,1] <= 0",
    ]


def test_eligible_spending(golden_of):
    """Purchases that other money paid before are a claim on `parts` and `bank`; so are running costs on `bank`."""
    assert golden_of(MONEY, "eligible spending")[1] == (
        "eligible spending[own|purchases,1]: -1 paid[own|purchases,1] +1 spent[parts for purchases,1]"
        " +1 spent[bank for purchases,1] -1 claim[own|purchases,0] +1 claim[own|purchases,1] <= 0"
    )


@pytest.mark.parametrize(("family", "count"), [("credit", 2), ("credit limit", 2)])
def test_credit(family, count, golden_of):
    """The bank's line can be drawn from week 1 on, once the gate is done (`openings`)."""
    assert len(golden_of(MONEY, family)) == count


def test_cash(golden_of):
    """Week 0 begins with 100 of equity, and the state's 90; the venture has 18 for a unit a week after it is delivered on time.

    2 of the advance, of 8 in week 1, are paid back for a lost unit in week 2. Of what is drawn a thousandth is paid a day, 0.007 a week.
    """
    rows = golden_of(MONEY, "cash")
    assert rows[0].endswith("<= 100")
    assert rows[1].endswith("<= 8")
    assert "+0.007 drawn[bank,1]" in rows[1]
    assert "+2 lost[d1]" in rows[2]


def test_least_cash(golden_of):
    """What is left of `parts` counts in weeks 0 and 1."""
    assert golden_of(MONEY, "least cash") == [
        "least cash[own,0]: +1 cash[own,0] +1 left[parts,0] >= 20",
        "least cash[own,1]: +1 cash[own,1] +1 left[parts,1] >= 20",
        "least cash[own,2]: +1 cash[own,2] >= 20",
    ]


def test_every_family_has_a_golden_file():
    families = DEFINING | set(FAMILIES) | {GIVEN}
    assert {f.name.removesuffix(".lp.txt").replace("_", " ") for f in FOLDER.iterdir()} == families


def test_every_family_defines_a_plan_or_is_a_limit_with_words():
    """What may give way where nothing is feasible is told in the user's words: a new family has some."""
    assert DEFINING | set(LIMITS) == DEFINING | set(FAMILIES) | {"opening stock", "open orders", GIVEN}
    assert not DEFINING & set(LIMITS)


GATED = """
    start = 2026-06-01
    periods = 2 weeks, 1 month
    [items]
    item
    X
    Y
    [operations]
    item,work_centre,plateau_hours,yield_mature_share,opens_after
    X,W,1,0.5,
    Y,W,1,1,gate
    [work_centres]
    work_centre
    W
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,opens_after
    c,K,X,accepted
    [tasks]
    task,predecessors,duration_days,needs
    gate,,0,made:X>=4;produced:X>=7/week for 2
    accepted,gate+7,0,
    [demands]
    demand,contract,item,quantity_units,due
    d1,c,,10,2026-06-28
    d2,,Y,5,2026-06-28
    """


@pytest.mark.parametrize("family", ["units made", "rate reached", "rate held", "task needs", "openings"])
def test_tasks_that_wait_for_production(family, golden_of):
    """Of X half is good: 4 good ones and a rate of 7 a week for 2 weeks (7 in a week, 30 in the month of 30 days) end the gate.

    The month holds the last 14 days up to its end alone; week 0 has no 14 days. Y opens when the gate is done: not in week 0, in week 1
    if it is done by the end of week 0, in the month if by that of week 1. d1 may go 7 days later: not in weeks 0 and 1, in the month
    (on its first day, 15 June) if it is done by the end of week 0. At most 5 Y are needed; d1 asks for 10.
    """
    golden_of(GATED, family)


def test_money_held(golden):
    """40 of own money, in which 30 of a loan count that may pay capex alone, in weeks 0 and 1, end the gate; the budget of the state has no rows.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [offers]
    offer,item,unit_price,opens_after
    O,A,1,gate
    [tasks]
    task,needs
    gate,money:own>=40
    [funding]
    tranche,pool,kind,amount,date,pays_for
    T,own,company,20,2026-06-01,
    L,own,company,30,2026-06-01,capex
    S,state,payer,30,2026-06-01,
    [customers]
    customer
    K
    [demands]
    demand,customer,item,quantity_units,due
    d,K,A,1,2026-06-07
    """
    assert len(golden("money held")) == 2


def _curves(network):
    return model_of(network, curves=True)


def test_learning(golden):
    """X takes 100, 50, 33.333 hours and 25 from the fourth unit on, Y learns with it at half the hours.

    Pieces of one unit each, and one for all that follow: a part of piece k + 1 waits until piece k is used up, which is 1 unit;
    the last piece holds at most twice what both demands can need, 2 x (4 + 2). Beyond the plateau units of X take 75, 25, 8.333
    and 0 hours more than its 25, those of Y half as many more than its 12.5.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    Y
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,learns_with,lot_units
    X,W,100,25,0.5,both,1
    Y,W,50,12.5,0.5,both,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d,X,4,2026-06-07
    e,Y,2,2026-06-07
    """
    parts = golden("learning parts", _curves)
    assert parts[0] == (
        "learning parts[both by X,0]: -1 make[X,0] +1 part[both 1 by X,0] +1 part[both 2 by X,0]"
        " +1 part[both 3 by X,0] +1 part[both 4 by X,0] = 0"
    )
    assert golden("learning filled", _curves)[1] == (
        "learning filled[both 1,1]: -1 part[both 1 by X,1] -1 part[both 1 by Y,1] -1 filled[both 1,0] +1 filled[both 1,1] = 0"
    )
    assert golden("learning used", _curves)[0] == "learning used[both 1,0]: +1 filled[both 1,0] -1 used[both 1,0] >= 0"
    order = golden("learning order", _curves)
    assert (
        order[-1] == "learning order[both 4,1]: +1 part[both 4 by X,1] +1 part[both 4 by Y,1] -12 used[both 3,1] <= 0"
    )
    assert golden("learning kept", _curves)[0] == "learning kept[both 1,1]: -1 used[both 1,0] +1 used[both 1,1] >= 0"
    lp = _curves(network_of(programme_of(test_learning.__doc__))).lp
    hours = next(lp_text(lp, "hours"))
    assert "+12.5 part[both 2 by Y,0]" in hours
    assert "+25 part[both 2 by X,0]" in hours


def test_experience(golden):
    """X and Y teach one school, which is taken to have worked on 2 units in week 0 and on 5 by the end of week 1.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    Y
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,learns_with,lot_units
    X,W,100,25,0.5,both,1
    Y,W,50,12.5,0.5,both,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d,X,4,2026-06-07
    e,Y,2,2026-06-07
    """

    def taught(network):
        return model_of(assumed(network, np.array([[2.0, 3.0]])))

    rows = golden("experience", taught)
    assert rows[1] == "experience[both,1]: -1 make[X,1] -1 make[Y,1] -1 experience[both,0] +1 experience[both,1] = 0"


ALLOCATED = """
    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    B
    [offers]
    offer,item
    O,A
    U,B
    [customers]
    customer,demand_class
    K1,1
    K2,2
    [demands]
    demand,customer,item,quantity_units,due
    d1,K1,A,6,2026-06-07
    d2,K2,A,4,2026-06-07
    d3,K2,A,4,2026-06-14
    d4,K2,B,1,2026-06-07
    [rules]
    rule,kind,scope,policy,low,window_days
    units,minimum allocation,K2;A,units,3,7
    share,minimum allocation,class 2;A,share,0.5,7
"""


def test_minimum_allocation(golden_of):
    """K2 is sure of 3 of A by the first Sunday and of 6 by the second; or of 0.4, its part in the 10 asked for by the first, and of half by the second."""
    first, second = "deliver[d1,{0}]", "deliver[d2,{0}]"
    found = golden_of(ALLOCATED, "minimum allocation")
    assert found[0] == f"minimum allocation[units,0]: +1 {second.format(0)} >= 3"
    assert found[2] == f"minimum allocation[share,0]: -0.4 {first.format(0)} +0.6 {second.format(0)} >= 0"
    assert len(found) == 4


def test_sharing(golden):
    """A claims 8 units, B 4, each lost one 15 days late (2 weeks and one week more, less 6 days): 120 and 60 unit-days. A week late is 7.

    By equal ratios of service, with fair shares 2 : 1, C is 1 / 0.25 = 4, and sizes 120 x 0.5 x 4 = 240 and 60 x 0.25 x 4 = 60: A is behind by
    (burden + 240 - 120) / 240, B burden / 60.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    [stock]
    item,quantity_units
    X,6
    [customers]
    customer,fair_share
    A,0.5
    B,0.25
    [demands]
    demand,customer,item,quantity_units,due
    a,A,X,8,2026-06-07
    b,B,X,4,2026-06-07
    [rules]
    rule,kind,policy
    F,fair sharing,proportional
    """

    def shared(network):
        return model_of(network, groups=groups_of(network))

    rows = golden("burdens", shared)
    assert rows[0] == "burdens[F of class 1 firm|A,0]: +15 lost[a] +7 deliver[a,1] -1 burden[F of class 1 firm|A,0] = 0"
    assert golden("worst served", shared)[0] == (
        "worst served[F of class 1 firm|A,0]: +1 burden[F of class 1 firm|A,0]"
        " -240 level of service[F of class 1 firm,0] -240 beyond[F of class 1 firm|A,0] <= -120"
    )


def test_every_family_is_added_once_and_lots_after_all_that_add_hours():
    assert len(set(MODEL_FAMILIES)) == len(MODEL_FAMILIES)
    assert MODEL_FAMILIES[-1] is add_lots
