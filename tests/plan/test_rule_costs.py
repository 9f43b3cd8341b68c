"""What rules of origin cost the plan, worked out by hand."""

import importlib

import pytest

from tandemplan.audit import audit_tables
from tandemplan.plan import PlanOptions, plan
from tandemplan.testing.models import programme_of

from .solved import rows

COSTS = "rule objective value without price"
MODEL = """
    start = 2026-06-01
    periods = 2 weeks
    [countries]
    country,groups
    H,eligible
    Z,third
    [items]
    item
    X
    [offers]
    offer,item,unit_price,origin_country,capacity_units_per_week
    home,X,40,H,{home}
    away,X,20,Z,
    [rules]
    rule,kind,scope,high,window_days,soft
    R,origin share,X,{high},{window},{soft}
    [demands]
    demand,item,quantity_units,due
    d,X,12,2026-06-07
"""


def model(**cells):
    return MODEL.format(**{"home": "", "high": 0.5, "window": "", "soft": "no", **cells})


def test_a_rule_costs_the_dearer_units(planned):
    """12 are from outside for 240; within 0.5 twice as much from outside in money must be for units from here: a third of them, 4 x 40 + 8 x 20 = 320."""
    run = planned(model())
    assert rows(run, "rule_costs", COSTS) == [("R", "class 1 firm", 0, 0, 0), ("R", "cost", 320, 240, 80)]
    assert run.info["unreckoned_rules"] == []


def test_a_rule_that_makes_a_class_late_is_said_to(planned):
    """2 a week come from here: 6 in the first week, 4 of them from outside, and 6 a week later: 6 x 7 = 42 late. It costs the same as with capacity."""
    run = planned(model(home=2, window=7))
    assert rows(run, "rule_costs", COSTS) == [("R", "class 1 firm", 42, 0, 42), ("R", "cost", 320, 240, 80)]


def test_of_two_rules_each_alone_may_cost_nothing(planned):
    """Both rules say the same: without one, the other holds. A rule that allows all costs nothing."""
    text = model().replace("[demands]", "S,origin share,X,0.5,,\n    T,origin share,X,1,,\n    [demands]")
    run = planned(text)
    prices = rows(run, "rule_costs", "rule objective price", objective="cost")
    assert prices == [("R", "cost", 0), ("S", "cost", 0), ("T", "cost", 0)]


def test_a_soft_rule_has_no_price(planned):
    run = planned(model(soft="yes"))
    assert rows(run, "rule_costs", COSTS) == []
    assert run.info["unreckoned_rules"] == []


def test_large_models_and_those_that_time_ends_are_not_reckoned(monkeypatch):
    """A model of one row too many; and a plan that time ended."""
    programme = programme_of(model())
    monkeypatch.setattr(importlib.import_module("tandemplan.plan.rule_costs"), "MOST_ROWS", 0)
    run = plan(programme)
    assert rows(run, "rule_costs", COSTS) == []
    assert run.info["unreckoned_rules"] == ["R"]
    monkeypatch.undo()
    run = plan(programme, PlanOptions(time_limit=0))
    assert run.info.get("unreckoned_rules", ["R"]) == ["R"]


def test_the_audit_finds_a_plan_that_would_be_worse_without_a_rule():
    programme = programme_of(model())
    run = plan(programme)
    table = {n: c.copy() for n, c in run.tables["rule_costs"].items()}
    table["without"][1], table["price"][1] = 400, -80
    found = audit_tables(programme, run.info, {**run.tables, "rule_costs": table})
    assert [(f.code, f.row, f.size) for f in found] == [("rule-costs-price", 3, pytest.approx(80))]


@pytest.mark.parametrize("said", [None, ["R"], ["R", "S"]])
def test_the_audit_finds_what_is_said_not_to_be_reckoned_and_is(said):
    programme = programme_of(model())
    run = plan(programme)
    found = audit_tables(programme, {**run.info, "unreckoned_rules": said}, run.tables)
    assert {f.code for f in found} >= {"run-unreckoned" if said != ["R"] else "rule-costs-rows"}
