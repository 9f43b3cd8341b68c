"""Minimum allocations: what customers are sure of whatever the order of classes, worked out by hand."""

import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.plan import plan
from tandemplan.testing.models import programme_of, reading_of

from .solved import rows, values

SERVED = "demand delivered quantity"
MODEL = """
    start = 2026-06-01
    periods = 4 weeks
    holding_per_year_share = 0.1
    [items]
    item,standard_cost
    A,10
    [operations]
    item,work_centre,plateau_hours
    A,W,84
    [work_centres]
    work_centre
    W
    [customers]
    customer,demand_class
    K1,1
    K2,2
    [demands]
    demand,customer,item,quantity_units,due
    d1,K1,A,6,2026-06-07
    d2,K2,A,4,2026-06-07
    [rules]
    rule,kind,scope,policy,low,window_days,from_date,to_date,soft
    {rule}
"""


def model(rule):
    """Return a model in which 2 of A are made a week: class 1 asks for 6 and class 2 for 4, all on the first Sunday."""
    return MODEL.format(rule=f"M,minimum allocation,{rule}")


def test_without_the_rule_the_first_class_comes_first(planned):
    """Class 1 has all of 3 weeks: 2 x 7 + 2 x 14 = 42; class 2 has 2 in the fourth, 21 days late, and never 2, 29 days late: 100."""
    run = planned(MODEL.format(rule=""))
    assert values(run) == [42, 100]


def test_units_of_each_window_are_sure(planned):
    """K2 is sure of 1 a week: class 1 has 1 a week for 4 weeks, and never 2, 29 days late: 7 + 14 + 21 + 2 x 29 = 100."""
    run = planned(model("K2,units,1,7,,,no"))
    assert values(run) == [100, 42]
    assert rows(run, "deliveries", "quantity") == [(1,)] * 8
    assert run.info["notes"] == []


def test_units_count_in_all_up_to_the_end_of_a_window(planned):
    """2 by the end of the second week may come in any week of the two: class 1 minds least if they come in the second."""
    run = planned(model("K2,units,2,14,,2026-06-14,no"))
    assert rows(run, "deliveries", SERVED)[:2] == [("d1", "2026-06-07", 2), ("d2", "2026-06-14", 2)]
    assert values(run)[0] == 2 * 14 + 2 * 21


def test_nobody_is_given_more_than_is_asked_for(planned):
    """K2 asks for 4: the 9 that it is sure of by the end are 4."""
    run = planned(model("K2,units,9,,,,no"))
    assert rows(run, "demand_summary", "lost", demand="d2") == [(0,)]


def test_a_share_of_output_is_sure(planned):
    """By the end of each week a quarter of what was delivered is K2's: 1.5 and 0.5 a week. K2 asks for 4 of 10, so 0.25 is the lesser."""
    run = planned(model("class 2,share,0.25,7,,,no"))
    week = {}
    for demand, day, quantity in rows(run, "deliveries", SERVED):
        week.setdefault(day, {})[demand] = quantity
    assert [(w["d1"], w["d2"]) for w in week.values()] == [(1.5, 0.5)] * 4


def test_a_share_is_no_more_than_the_part_in_what_is_asked_for(planned):
    """K2 asks for 4 of 10: of 90 % of what is delivered it is sure of 40 %."""
    run = planned(model("K2;A,share,0.9,7,,,no"))
    assert rows(run, "deliveries", "quantity", demand="d2") == [(0.8,)] * 4


def test_only_what_is_due_within_the_dates_counts(planned):
    """The rule speaks of demands due from the second week on: there are none."""
    run = planned(model("K2,units,4,,2026-06-08,,no"))
    assert values(run)[0] == 42


def test_too_much_is_told_as_a_conflict():
    run = plan(programme_of(model("K2,units,3,7,,,no")))
    assert run.info["status"] == "infeasible"
    first = next(c for c in run.info["conflicts"] if c["family"] == "minimum allocation")
    assert first["text"] == "Units by the rule M: 3 units from 2026-06-01 to 2026-06-07, 1 unit too many."


def test_a_soft_rule_is_told_and_not_kept(planned):
    run = planned(model("K2,units,1,7,,,yes"))
    assert run.info["notes"] == ["Soft minimum allocations are not sought yet."]
    assert values(run)[0] == 42


def test_what_a_rule_takes_from_others_is_a_limit(planned):
    """One unit less for K2 in the first week would spare class 1 the one that it has in the fourth, 21 days late."""
    run = planned(model("K2,units,1,7,,2026-06-07,no"))
    found = rows(run, "limits", "what name worth", family="minimum allocation", stage="class 1 firm")
    assert found == [("allocation", "M", 21)]


def test_the_class_alone_need_not_keep_the_rule(planned):
    """K1 is favoured; alone class 2 would have 2 at once and 2 a week later, and nothing for K1: 14."""
    run = planned(model("K1,units,2,7,,2026-06-21,no"))
    assert rows(run, "class_costs", "alone")[1] == (14,)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("K2,,1,7,,,no", "rule-incomplete"),
        ("A,units,1,7,,,no", "rule-incomplete"),
        (",units,1,7,,,no", "rule-incomplete"),
        ("K2,units,,7,,,no", "rule-incomplete"),
        ("K2,share,1.5,7,,,no", "share-out-of-range"),
        ("class 3,units,1,7,,,no", "unknown-name"),
    ],
)
def test_rules_that_do_not_say_enough_are_faults(rule, code):
    assert [p.code for p in reading_of(model(rule)).problems] == [code]


def test_a_plan_that_breaks_the_rule_is_found():
    """The plan without the rule gives K2 nothing for 3 weeks."""
    programme, plain = programme_of(model("K2,units,1,7,,,no")), programme_of(MODEL.format(rule=""))
    run = plan(plain)
    found = [f for f in audit_tables(programme, run.info, run.tables) if f.code == "deliveries-allocation"]
    assert [round(f.size, 3) for f in found] == [1, 2, 3, 2]
    shared = programme_of(model("K2,share,0.25,7,,,no"))
    found = [f for f in audit_tables(shared, run.info, run.tables) if f.code == "deliveries-allocation"]
    assert [round(f.size, 3) for f in found] == [0.5, 1, 1.5]


def test_a_larger_sure_share_never_helps_the_first_class(planned):
    """The value of class 1 grows with the share of K2, and is least without a rule."""
    found = [42.0]
    for low in (0.1, 0.25, 0.4):
        run = planned(model(f"K2,share,{low},7,,,no"))
        found.append(float(run.tables["classes"]["value"][0]))
    assert np.all(np.diff(found) > 0)
