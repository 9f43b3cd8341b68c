"""What is asked for and served: kinds of demand apart, one basis for on time, and why classes get nothing."""

import pytest

from tandemplan.report.headline import headline
from tandemplan.report.served import by_kind
from tandemplan.report.summary import five_lines
from tandemplan.report.unserved import why_nothing
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

PROGRAMME = """
start = 2026-06-01
periods = 4 weeks
[items]
item
bike
wheel
kite
[customers]
customer,name,demand_class
c,City,1
s,School,2
[skills]
skill,name
fit,Fitter
sew,Sewer
[bom]
parent,component
bike,wheel
[operations]
item,step,skill,plateau_hours
bike,10,sew,1
wheel,10,fit,1
kite,10,sew,1
"""
RUN = """
[deliveries]
demand,customer,demand_class,item,quantity,due,delivered,late_days
a,c,1,bike,6,2026-06-05,2026-06-05,0
a,c,1,bike,0.2,2026-06-05,2026-06-12,7
[demand_summary]
demand,customer,demand_class,certainty,item,quantity,due,on_time,late,lost,late_unit_days,lost_revenue
a,c,1,firm,bike,10,2026-06-05,6,0.2,3.8,28,380
b,c,1,option,bike,4,2026-06-05,0,0,4,96,400
d,s,2,forecast,{item},2,2026-06-05,0,0,2,9,200
[classes]
demand_class,demanded,on_time,late,lost
1,14,6,0.2,7.8
2,2,0,0,2
[load]
resource,kind,period_start,available_hours,used_hours
fit,skill,2026-06-01,40,40
fit,skill,2026-06-08,40,40
fit,skill,2026-06-15,40,40
fit,skill,2026-06-22,40,1
[limits]
what,family,name,period_start,stage,worth,unit,demands_hurt
storage,hazard storage,Shed,2026-06-01,class 1 firm,9,m3,5
people,hours,fit,2026-06-01,class 1 firm,2,hours,2
people,hours,fit,2026-06-08,class 1 firm,2,hours,2
people,hours,fit,2026-06-15,class 1 firm,2,hours,2
{more}
[costs]
term,amount
purchases,1000
wages,100
holding,50
transport,40
tasks,30
options,20
lost_revenue,980
"""


def made(item="bike", more=""):
    return run_of(RUN.format(item=item, more=more)), programme_of(PROGRAMME)


def test_kinds_of_demand_stand_apart_in_summary_headline_cards_and_cost():
    run, programme = made()
    kinds = "firm orders 6.2 of 10 units, options 0 of 4 units, forecasts 0 of 2 units"
    lines, top = five_lines(run, programme), headline(run, programme)
    assert lines[0].endswith(f"By kind of demand: {kinds}.")
    assert f"By kind of demand: {kinds}." in top.sentence
    tiles = {t.name: t.below for t in top.tiles}
    assert tiles["Delivered"] == kinds
    assert tiles["Never delivered"].endswith("firm orders 3.8 units, options 4 units, forecasts 2 units")
    assert "980 EUR of sales lost, of which firm orders 380 EUR" in tiles["Cost"]
    assert "(firm orders 380 EUR, options 400 EUR, forecasts 200 EUR): no part of this cost." in lines[3]


def test_one_kind_of_demand_needs_no_words(programme):
    assert by_kind([{"certainty": "firm", "lost": 1}], programme) == ""


def test_on_time_is_a_share_of_what_is_asked_for():
    """6 of 16 units asked for are on time (37.5 %), though nearly all that is delivered is."""
    run, programme = made()
    said = "37.5 % of what is asked for is delivered on time"
    assert f"{said}, less than 1 unit late, by 7 days on average" in five_lines(run, programme)[1]
    assert next(t for t in headline(run, programme).tiles if t.name == "First delivery").below.endswith(said)


def test_small_terms_of_the_cost_are_named():
    assert "holding 50 EUR, transport 40 EUR and 50 EUR for tasks and options." in five_lines(*made())[3]


def test_years_that_hurt_some_weigh_more_than_a_week_that_hurts_many():
    """The shed hurts 5 demands in one week, the fitters 2 in each of three: 6."""
    assert five_lines(*made())[4].startswith("Limit: Hours of Fitter (fit), from 1 Jun 2026 to 21 Jun 2026; then room")


def test_a_class_that_gets_nothing_is_told_who_takes_what_it_needs():
    """Bikes need wheels, and wheels the fitters, who are full for class 1."""
    assert why_nothing(*made()) == (
        "Nothing is left for class 2 (School): what that takes is wanted by earlier classes, which could use still more of "
        "it, above all hours of Fitter (fit), full in 3 of 4 weeks."
    )


@pytest.mark.parametrize(
    ("item", "more"),
    [
        ("kite", ""),
        ("bike", "people,hours,fit,2026-06-22,class 2 forecast,1,hours,1"),
    ],
)
def test_nothing_is_said_that_the_tables_do_not_support(item, more):
    """A kite needs no fitter, and sewers are not full; where a limit is named for the class itself, that tells it."""
    assert why_nothing(*made(item, more)) == ""
