"""Work-share and sourcing on a page: the figure and its tables against sums done by hand."""

import pytest

from tandemplan.report.gallery import figure
from tandemplan.report.sections import sections
from tandemplan.report.share_listings import tables
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

MODEL = """
start = 2026-06-01
periods = 8 weeks
currency = EUR
[countries]
country,name
DE,Germany
[partners]
partner,name
H,Host works
T,Technology house
[items]
item,name
A,Motor
[suppliers]
supplier,name,country
s,South Ltd,DE
n,North Ltd,DE
[offers]
offer,supplier,item
sa,s,A
na,n,A
"""
RUN = """
[work_share]
partner,rule,wages,overhead,content,value_added,share,low,high,margin,soft
H,band-H,3000,2000,1000,6000,0.6,0.52,0.68,800,no
H,home,3000,2000,1000,6000,0.6,0.5,1,1000,no
H,wish,3000,2000,1000,6000,0.6,0.7,1,-1000,yes
T,band-T,500,500,3000,4000,0.4,0.32,0.48,800,no
[sourcing]
item,supplier,offer,country,units,cost,share
A,n,na,DE,10,300,0.25
A,s,sa,DE,30,600,0.75
[sourcing_rules]
rule,kind,subject,source,share,value,limit,margin,soft
most,source share,A,s,0.75,0.75,0.8,0.05,no
two,fewest sources,A,s,0.75,2,2,0,no
lands,country concentration,,DE,1,1,1,0,no
look,subcontract share,s,s,0.2,0.2,0.15,-0.05,yes
"""


def test_the_figure_shows_each_partner_in_its_band():
    """All hard rules of a partner make one band: 0.52 to 0.68 and at least 0.5."""
    found = figure("work_share", run_of(RUN), programme_of(MODEL))
    assert found.description == "2 partners add 10,000 EUR: Host works 60 % and Technology house 40 %."
    assert found.body == (
        ("Host works", "3,000", "2,000", "1,000", "6,000", "60 %", "52 % to 68 %"),
        ("Technology house", "500", "500", "3,000", "4,000", "40 %", "32 % to 48 %"),
    )
    assert found.svg.count('<path class="dashed" d="M') == 1 + 2, "the key, and a band each"
    assert "hot" not in found.svg.partition("</style>")[2]


def test_a_share_outside_its_band_stands_out():
    found = figure("work_share", run_of(RUN.replace("0.32,0.48", "0.45,0.48")), programme_of(MODEL))
    assert "hot" in found.svg.partition("</style>")[2]


def test_rules_that_are_not_kept_come_first():
    shares, rules, sources = tables(run_of(RUN), programme_of(MODEL))
    assert [r[:3] for r in shares.rows] == [
        ("Host works", "band-H", "a limit"),
        ("Host works", "home", "a limit"),
        ("Host works", "wish", "a target"),
        ("Technology house", "band-T", "a limit"),
    ]
    assert rules.rows == (
        ("look", "at most 15 % of the value of contracts to one subcontractor", "a target", "South Ltd", "South Ltd", 0.2, "20 %", "not kept"),
        ("lands", "squared shares of countries add up to at most 1", "a limit", "all of the rule", "Germany", 1, "1", "kept"),
        ("most", "at most 80 % from one source", "a limit", "Motor", "South Ltd", 0.75, "75 %", "kept"),
        ("two", "at least 2 sources", "a limit", "Motor", "South Ltd", 0.75, "2", "kept"),
    )  # fmt: skip
    assert sources.rows == (
        ("Motor", "South Ltd", "Germany", 30, 600, 0.75),
        ("Motor", "North Ltd", "Germany", 10, 300, 0.25),
    )


@pytest.mark.parametrize(
    ("text", "there"),
    [(RUN, True), (RUN.partition("[sourcing]")[0], True), ("[sourcing]" + RUN.partition("[sourcing]")[2], True), ("", False)],
)  # fmt: skip
def test_the_section_is_there_where_there_is_something_to_show(text, there):
    found = [
        s for s in sections(run_of(text or "[classes]\ndemand_class\n1"), programme_of(MODEL)) if s.name == "shares"
    ]
    assert bool(found) == there
