"""People on the page: who is there, is hired and leaves, and limits of hiring in words."""

import pytest

from tandemplan.plan import plan
from tandemplan.report.facts import limits
from tandemplan.report.gallery import figure
from tandemplan.report.page import page
from tandemplan.report.summary import five_lines
from tandemplan.testing.models import programme_of

MODEL = """
start = 2026-06-01
periods = 2 weeks
[items]
item
A
[operations]
item,skill,plateau_hours
A,S,1
[skills]
skill,name,headcount,hours_per_week,hires_per_week,most_headcount,training_days,training_output_share
S,Welder,1,35,9,{most},7,0
[demands]
demand,item,quantity_units,due
d1,A,200,2026-06-14
"""


@pytest.fixture(scope="module")
def programme():
    return programme_of(MODEL.format(most=3))


@pytest.fixture(scope="module")
def run(programme):
    return plan(programme)


def test_the_figure_counts_people_in_training_too(run, programme):
    """2 come on the first day, to train for a week: 35 + 3 x 35 hours."""
    found = figure("people", run, programme)
    assert found.description == "2 people are hired, and 0 leave."
    assert found.header == ("skill", "period from", "trained", "in training", "hired", "left")
    assert found.body == (("S", "1 Jun 2026", "1", "2", "2", "0"), ("S", "8 Jun 2026", "3", "0", "0", "0"))
    assert "Welder (S)" in found.svg


def test_it_is_part_of_the_page(run, programme):
    assert "2 people are hired, and 0 leave." in page(run, programme)


def test_limits_of_hiring_are_said_in_words(run, programme):
    """140 of 200 are made: one more of the most people would make 35 more, late by 8 days if lost: 280."""
    [most] = [x for x in limits(run, programme) if x.family == "most people"]
    assert (most.label, most.unit, most.worth) == ("Welder (S)", "people", pytest.approx(280))
    assert (
        "Limit: Hours of Welder (S), from 1 Jun 2026 to 14 Jun 2026; then most people of Welder (S)."
        in five_lines(run, programme)[4]
    )


def test_nothing_is_drawn_where_nobody_comes_or_goes():
    programme = programme_of(MODEL.format(most=1))
    found = figure("people", plan(programme), programme)
    assert found.body == ()
    assert found.description == "Nobody is hired and nobody leaves."
