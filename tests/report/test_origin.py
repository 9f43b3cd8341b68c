"""Certificates of origin on a page: the figure and its tables against sums done by hand."""

from tandemplan.report.certificates import certificates, materials, outside_parts, prices
from tandemplan.report.gallery import figure
from tandemplan.report.sections import sections
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

MODEL = """
start = 2026-06-01
periods = 8 weeks
currency = EUR
[items]
item,name
X,Bicycle
A,Motor
B,Frame
[suppliers]
supplier,name
far,Far Ltd
[offers]
offer,supplier,item
f,far,A
g,far,B
[open_orders]
order,offer,item,quantity_units,promised
o,f,A,1,2026-06-05
"""
RUN = """
[origin]
rule,product,contract,evidence,units,eligible_cost,other_cost,share,limit,margin
R,X,,2026-06-15,0,0,0,0,0.35,0
R,X,,2026-07-27,4,90,30,0.25,0.35,12
R,X,C1,2026-07-27,1,25,5,0.166667,0.2,1
[origin_parts]
window_end,counts_for,item,kind,source,bill_from,quantity,unit_price,third_country_share,cost,other_cost
2026-06-14,X,A,purchase,f,,1,10,1,10,10
2026-07-26,X,A,purchase,f,,1,10,1,10,10
2026-07-26,X,A,open order,o,,1,5,1,5,5
2026-07-26,X,B,purchase,g,,3,20,0,60,0
2026-07-26,X; contract C1,A,purchase,f,,1,10,0.5,10,5
2026-07-26,,A,purchase,f,,9,10,0.5,90,45
2026-07-26,X,X,made,X,2026-06-01,3,0,0,0,0
"""


def test_the_figure_shows_each_share_against_its_limit():
    found = figure("origin", run_of(RUN), programme_of(MODEL))
    assert found.description == (
        "2 limits on what components cost from outside: by the end the nearest is that of Bicycle, contract C1, with 16.7 % of at most 20 %."
    )
    assert found.body == (
        ("Bicycle", "15 Jun 2026", "0", "0 EUR", "0 EUR", "0 %", "35 %", "0 EUR"),
        ("Bicycle", "27 Jul 2026", "4", "120 EUR", "30 EUR", "25 %", "35 %", "12 EUR"),
        ("Bicycle, contract C1", "27 Jul 2026", "1", "30 EUR", "5 EUR", "16.7 %", "20 %", "1 EUR"),
    )
    assert found.svg.count("<circle") == 2, "a day on which nothing counts has no share"


def test_what_is_from_outside_is_summed_by_where_it_comes_from():
    """Of 25 outside in X are 20 by the offer and 5 on order; of X for C1 all 5 by the offer. What counts for nothing is left out."""
    table = outside_parts(run_of(RUN), programme_of(MODEL))
    assert table.rows == (
        ("X", "Motor", "Far Ltd", 2, 20, 0.8),
        ("X", "Motor", "Far Ltd", 1, 5, 0.2),
        ("X; contract C1", "Motor", "Far Ltd", 1, 5, 1),
    )
    assert [r[1:3] for r in certificates(run_of(RUN), programme_of(MODEL)).rows][-1][0] == "Bicycle, contract C1"


MATERIALS = """
[materials]
rule,product,contract,soft,limit,cost,ruled_cost,least_share,day_one_cost,day_one_ruled_cost,day_one_least_share
R,X,,no,0.35,100,125,0.1,110,130,0.2
R,B,,no,0.35,100,125,0.1,110,,0.5
R,A,,no,0.35,100,125,0.1,,,
S,X,C1,yes,0.05,0,,0.1,110,,0.2
"""


def test_what_the_rule_costs_in_material_is_said_in_words():
    """125 in place of 100 is a quarter more; what is not there is blank, and the last column says why."""
    table = materials(run_of(MATERIALS), programme_of(MODEL))
    assert table.rows == (
        ("R", "", "Bicycle", 0.35, 100, 125, 0.25, 0.1, 110, 130, 0.2, "keep the rule"),
        ("R", "", "Frame", 0.35, 100, 125, 0.25, 0.1, 110, None, 0.5, "others must be qualified first"),
        ("R", "", "Motor", 0.35, 100, 125, 0.25, 0.1, None, None, None, "cannot make it"),
        ("S", "a target", "Bicycle, contract C1", 0.05, 0, None, None, 0.1, 110, None, 0.2, "as all: none can keep it"),
    )
    assert table.lead.endswith("2 of 4 cannot keep the rule by these alone.")
    assert sections(run_of(MATERIALS), programme_of(MODEL))[-1].name == "origin"


def test_what_the_rule_costs_the_plan_is_said_by_objective():
    text = "[rule_costs]\nrule,objective,value,without,price\nR,class 1 firm,42,0,42\nR,cost,320,330,-10"
    (table,) = prices(run_of(text, unreckoned_rules=["S"]), programme_of(MODEL))
    assert table.rows == (("R", "class 1 firm", 42, 0, 42), ("R", "cost, EUR", 320, 330, -10))
    assert table.lead.endswith("The price of S is not reckoned: the plan is large, or the time ended.")
    assert table.lead.startswith("Two plans made alike")
    (large,) = prices(run_of("", unreckoned_rules=["R", "S"]), programme_of(MODEL))
    assert large.rows == ()
    assert large.empty.startswith(
        "The price of R and S is not reckoned: the plan is large, or the time ended. Two plans"
    )
    assert prices(run_of("", unreckoned_rules=[]), programme_of(MODEL)) == []


def test_a_plan_without_a_rule_has_no_section_of_origin():
    names = [s.name for s in sections(run_of("[classes]\ndemand_class\n1"), programme_of(MODEL))]
    assert "origin" not in names
    assert "origin" in [s.name for s in sections(run_of(RUN), programme_of(MODEL))]
