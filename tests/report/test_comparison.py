"""Two runs compared: what differs in the input, in the answer and in what limits it."""

import pytest

from tandemplan.model.differences import input_changes
from tandemplan.report.comparison import comparison, comparison_lines, side_names
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

MODEL = """
start = 2026-06-01
periods = {periods}
[items]
item,name
bike,Bicycle
{item}
[stock]
item,quantity_units
bike,1
[demands]
demand,item,quantity_units,due
d1,bike,{units},2026-06-05
d2,bike,5,2026-06-12
"""
TABLES = """
[demand_summary]
demand,demand_class,item,quantity,due,on_time,late,lost,late_unit_days
d1,1,bike,10,2026-06-05,{one},0,{lost},{days}
d2,1,bike,5,2026-06-12,5,0,0,0
[deliveries]
demand,demand_class,item,quantity,due,delivered
d1,1,bike,{one},2026-06-05,2026-06-05
d2,1,bike,5,2026-06-12,2026-06-12
[classes]
demand_class,demanded,on_time,lost,late_unit_days,value,bound,gap
1,15,{got},{lost},{days},{days},{days},0
[limits]
what,family,name,period_start,stage,worth,unit,demands_hurt
capacity,hours,{limit},2026-06-01,class 1 firm,6,hours,1
[costs]
term,decided,amount
purchases,yes,{cost}
"""


def programme(units=10, item="", periods="4 weeks"):
    return programme_of(MODEL.format(units=units, item=item, periods=periods))


def run(one=10, limit="bench", cost=100, **info):
    lost = 10 - one
    return run_of(TABLES.format(one=one, lost=lost, days=28 * lost, got=one + 5, limit=limit, cost=cost), **info)


@pytest.fixture(scope="module")
def text():
    return comparison(
        run(), programme(), run(one=8, limit="oven", cost=90, scenarios=["oven breaks"]), programme(units=12)
    )


def test_the_same_programmes_do_not_differ():
    assert input_changes(programme(), programme()) == []


def test_cells_rows_and_settings_that_differ_are_named():
    found = input_changes(programme(), programme(units=12, item="kit,Kit of parts", periods="5 weeks"))
    assert [(c.table, c.row, c.name, c.column, c.first, c.second) for c in found] == [
        ("programme", "", "", "periods", "4 weeks", "5 weeks"),
        ("items", "kit", "Kit of parts", "row", "absent", "present"),
        ("demands", "d1", "", "quantity_units", "10", "12"),
    ]


def test_the_sentence_says_what_it_costs_whom(text):
    lines = comparison_lines(run(), programme(), run(one=8, cost=90, scenarios=["oven breaks"]), programme(units=12))
    assert lines == [
        (
            "With oven breaks (B) against no scenario (A): B delivers 2 units fewer than A (13 against 15 of 15 asked), "
            "costs 10 EUR less and waits 56 unit-days more."
        ),
        "Input: demands d1: quantity 10 → 12 units.",
        "Classes: Class 1, class 1: −2 units delivered, +56 unit-days of lateness.",
    ]
    assert lines[0] in text


def test_what_only_one_plan_leaves_out_is_said_under_its_letter():
    both = comparison(run(notes=["No cash.", "1 part."]), programme(), run(notes=["No cash.", "2 parts."]), programme())
    assert "<li>No cash.</li><li>A: 1 part.</li><li>B: 2 parts.</li>" in both


def test_demands_that_move_and_limits_that_come_and_go_are_listed(text):
    moved = text[text.index('id="moved-table"') : text.index('id="limits-table"')]
    assert "<bdi>d1</bdi>" in moved
    assert "lost" in moved
    assert "<bdi>d2</bdi>" not in moved, "it fares alike"
    held = text[text.index('id="limits-table"') :]
    assert held.index("hours of oven") < held.index("new in B") < held.index("hours of bench") < held.index("gone in B")


def test_equal_runs_say_so():
    text = comparison(run(), programme(), run(), programme())
    assert "Every demand fares alike in both." in text
    assert "both programmes are the same" in text
    assert "as many units as A (15 of 15 asked), costs the same." in text


def test_runs_are_told_apart_by_scenario_then_by_id():
    assert side_names(run(), run(scenarios=["flood"])) == ("no scenario", "flood")
    assert side_names(run(run="plan-1"), run(run="plan-2")) == ("plan-1", "plan-2")
    assert side_names(run(), run()) == ("the first run", "the second run")


def test_a_run_without_a_plan_is_compared_by_its_input():
    none = run_of("", status="infeasible", conflicts=[{"text": "<b>room</b> is too small"}])
    text = comparison(run(), programme(), none, programme(units=12))
    assert "B (the second run) holds none: 1 limit cannot all be kept." in text
    assert "&lt;b&gt;room" in text
    assert "quantity_units" in text
    assert comparison_lines(run(), programme(), none, programme())[0].startswith("A (the first run) holds a plan.")
