"""What classes cost those after them, worked out by hand."""

import importlib

import pytest

from tandemplan.plan import plan
from tandemplan.plan.class_costs import class_costs
from tandemplan.testing.models import programme_of

from .solved import rows, values

COSTS = "demand_class value alone cost"
THREE = """
    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
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
    K3,3
    [demands]
    demand,customer,item,quantity_units,due
    d1,K1,A,{first},2026-06-07
    d2,K2,A,4,2026-06-07
    d3,K3,A,1,2026-06-07
"""


def test_each_class_waits_for_those_before(planned):
    """2 a week are made. Class 1 has the first 2; class 2 waits a week for 2 and two for 2: 14 + 28 = 42; class 3 three weeks: 21.

    Alone class 2 would have 2 at once and 2 a week later: 14. Class 3 would have its 1 at once.
    """
    run = planned(THREE.format(first=2))
    assert values(run) == [0, 42, 21]
    assert rows(run, "class_costs", COSTS) == [(1, 0, 0, 0), (2, 42, 14, 28), (3, 21, 0, 21)]
    assert run.info["unreckoned_classes"] == []


def test_a_class_that_is_late_by_itself_costs_itself(planned):
    """Class 1 asks for 3, of which 1 is a week late, which is nobody's fault but its own."""
    run = planned(THREE.format(first=3))
    assert rows(run, "class_costs", COSTS)[0] == (1, 7, 7, 0)


def test_classes_served_in_full_are_not_solved_again(monkeypatch):
    module = importlib.import_module("tandemplan.plan.class_costs")
    monkeypatch.setattr(module, "_without_earlier", lambda *_: pytest.fail("solved again"))
    run = plan(programme_of(THREE.format(first=2).replace("A,W,84", "A,W,1")))
    assert rows(run, "class_costs", COSTS) == [(1, 0, 0, 0), (2, 0, 0, 0), (3, 0, 0, 0)]


def test_lots_are_parts_when_a_class_is_alone(planned):
    """A lot of 2 is begun whole or not at all; what class 2 would have alone is reckoned with parts of a lot: no less than none late."""
    text = THREE.format(first=2).replace(
        "plateau_hours\n    A,W,84", "plateau_hours,lot_units,lot_multiple_units\n    A,W,84,1,2"
    )
    run = planned(text)
    assert rows(run, "class_costs", COSTS) == [(1, 0, 0, 0), (2, 42, 14, 28), (3, 21, 0, 21)]


def test_operations_know_alone_what_they_do_in_the_plan(planned):
    """The first unit takes 168 hours, the second 84: 3 in 2 weeks are made for class 1, and class 2 has its 1 in the third.

    Alone it would have it at once, by operations that need not have learnt on the units of class 1.
    """
    text = THREE.format(first=1).replace(
        "plateau_hours\n    A,W,84", "first_unit_hours,plateau_hours,learning_slope,lot_units\n    A,W,168,84,0.5,1"
    )
    run = planned(text)
    [(one, _, _, none), (_, value, alone, cost), _] = rows(run, "class_costs", COSTS)
    assert (one, none) == (1, 0)
    assert 0 <= alone.expected < value.expected
    assert cost.expected == pytest.approx(value.expected - alone.expected)


def test_large_models_are_left_out(planned, monkeypatch):
    module = importlib.import_module("tandemplan.plan.class_costs")
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    run = planned(THREE.format(first=2))
    assert rows(run, "class_costs", COSTS) == [(1, 0, 0, 0)]
    assert run.info["unreckoned_classes"] == [2, 3]


def test_without_an_order_of_classes_nothing_is_told(planned):
    run = planned(THREE.format(first=2).replace("periods = 4 weeks", 'periods = 4 weeks\n    objective = "cost"'))
    assert rows(run, "class_costs", COSTS) == []
    assert class_costs(run.tables["classes"], {}, in_order=False)[1] == []
