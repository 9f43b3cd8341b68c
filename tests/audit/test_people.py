"""A run with hires: clean as it is planned, found out in every cell that is changed and under every rule that is tightened."""

import random

import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.scenario import apply_sets
from tandemplan.plan import plan
from tandemplan.results.shape import PEOPLE
from tandemplan.testing.models import programme_of
from tandemplan.testing.tampering import another, with_cell

MODEL = """
start = 2026-06-01
periods = 6 weeks
discount_per_year_share = 0.1
[items]
item
A
[operations]
item,skill,plateau_hours
A,S,1
[skills]
skill,headcount,most_headcount,hours_per_week,overtime_hours_per_week,hires_per_week,recruit_days,training_days,training_output_share,trainees_per_trainer,hour_cost,training_cost,attrition_per_year
S,2,5,35,4,1,7,10,0.25,1,10,100,0.2
[demands]
demand,item,quantity_units,due
d1,A,600,2026-07-12
"""  # more than can be made: hires come as fast as they may


@pytest.fixture(scope="module")
def programme():
    return programme_of(MODEL)


@pytest.fixture(scope="module")
def run(programme):
    return plan(programme)


def codes(programme, run):
    return {f.code for f in audit_tables(programme, run.info, run.tables)}


def test_the_plan_hires_and_is_clean(programme, run):
    assert run.tables["people"]["hired"].sum() > 1
    assert run.tables["load"]["overtime_hours"].sum() > 0
    assert codes(programme, run) == set()


@pytest.mark.parametrize("field", PEOPLE.fields, ids=lambda f: f.name)
def test_every_cell_of_people_is_looked_at(programme, run, field):
    draw = random.Random(7)
    values = run.tables["people"][field.name]
    for at in range(len(values)):
        new = another(field, values, at, draw)
        assert codes(programme, with_cell(run, PEOPLE, field.name, {at: new})), f"row {at}: {values[at]} -> {new}"


@pytest.mark.parametrize(
    ("sets", "code"),
    [
        ("skills[S].recruit_days=8", "people-early"),
        ("skills[S].hires_per_week=0.9", "people-pace"),
        ("skills[S].hires_per_week=0", "people-pace"),
        ("skills[S].most_headcount=3", "people-most"),
        ("skills[S].trainees_per_trainer=0.3", "people-trainers"),
        ("skills[S].training_days=11", "people-training"),
        ("skills[S].training_output_share=0.2", "load-available-hours"),
        ("skills[S].attrition_per_year=0.3", "people-left"),
        ("skills[S].overtime_hours_per_week=3", "load-over"),
        ("skills[S].hour_cost=11", "people-hire-wages"),
        ("skills[S].training_cost=101", "people-training-cost"),
        ("skills[S].recruit_days=6", None),
        ("skills[S].hires_per_week=2", None),
    ],
)
def test_hires_against_a_rule_are_found(programme, run, sets, code):
    changed, problems = apply_sets(programme, [sets])
    assert problems == []
    found = codes(changed, run)
    assert found == set() if code is None else code in found
