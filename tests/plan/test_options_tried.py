"""Options against every day on which they may be chosen, each planned as given: none is cheaper than what the plan chooses."""

from datetime import date, timedelta

import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.changes import chosen_on
from tandemplan.model.schema import Option
from tandemplan.plan import plan
from tandemplan.plan.solve import PlanOptions
from tandemplan.testing.models import programme_of

FACTORY = """
start = 2026-06-01
periods = 4 weeks
objective = cost
[items]
item
A
[operations]
item,step,work_centre,skill,plateau_hours
A,10,W,,{machine}
A,20,,S,{labour}
[shift_patterns]
shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days
one,1,0,0,0
two,2,{premium},7,14
three,3,0.5,7,0
[work_centres]
work_centre,stations,most_stations,station_price,shift_pattern
W,1,{most},{price},one
[skills]
skill,headcount,hours_per_week,hour_cost,hires_per_week,recruit_days,shift_pattern
S,{heads},40,{pay},{hires},7,one
[customers]
customer
K
[contracts]
contract,customer,item,unit_price,damages_per_week_share,damages_cap_share
c,K,A,{worth},0.2,1
[options]
option,one_off_cost,weekly_cost,lead_days,changes
x,{once},{weekly},{lead},{change}
[demands]
demand,contract,quantity_units,due
d1,c,{first},2026-06-14
d2,c,{second},2026-06-28
"""
STATION, HEAD = "work_centres[W].stations += 1", "skills[S].headcount += 1"
EXACT = PlanOptions(gap=1e-6)


def amounts(run):
    return dict(zip(run.tables["costs"]["term"].tolist(), run.tables["costs"]["amount"].tolist(), strict=True))


def decided(run):
    costs = run.tables["costs"]
    return float(costs["amount"][costs["decided"]].sum())


@pytest.mark.parametrize(
    "given",
    [
        {"change": STATION, "lead": 3},
        {"change": STATION, "most": 3, "price": 90, "once": 90, "lead": 10},
        {"change": "work_centres[W].stations *= 2", "weekly": 40, "premium": 0.1},
        {"change": HEAD, "machine": 4, "labour": 8, "heads": 1, "worth": 400},
        {"change": HEAD, "machine": 4, "labour": 8, "heads": 1, "worth": 400, "hires": 1, "once": 150, "lead": 7},
        {"change": f"{STATION};{HEAD}", "labour": 8, "heads": 1, "worth": 400, "second": 30},
    ],
)
def test_no_day_is_cheaper_than_the_one_chosen(given):
    """The pay of people whom a given option adds counts as well: it is what wages are above those without the option."""
    usual = {
        "machine": 8,
        "labour": 4,
        "premium": 0.3,
        "most": 1,
        "price": 200,
        "heads": 2,
        "pay": 10,
        "hires": 0,
        "worth": 150,
    }
    usual |= {"once": 50, "weekly": 0, "lead": 0, "first": 12, "second": 20}
    programme = programme_of(FACTORY.format(**usual | given))
    run = plan(programme, EXACT)
    assert audit_tables(programme, run.info, run.tables) == []
    without = plan(programme.replace(programme[Option].take([])), EXACT)
    found = {"": decided(without)}
    for week in range(4):
        day = date(2026, 6, 1) + timedelta(days=7 * week)
        tried = plan(chosen_on(programme, {"x": day}), EXACT)
        more = amounts(tried)["wages"] - amounts(without)["wages"]
        found[str(day)] = decided(tried) + amounts(tried)["options"] + more
    assert decided(run) == pytest.approx(min(found.values()), abs=0.05)
