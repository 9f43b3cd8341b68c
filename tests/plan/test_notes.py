"""Notes on what a plan does not count: those that only its tables tell."""

import pytest

from tandemplan.plan import PlanOptions, plan
from tandemplan.testing.models import programme_of

HALVES = """
start = 2026-06-01
periods = 2 weeks
[sites]
site
P
[items]
item,unit,standard_cost
A,{unit},1
[suppliers]
supplier,country
S,
[offers]
offer,supplier,item,site,lead_days,unit_price,capacity_units_per_week
O,S,A,P,0,10,{capacity}
[customers]
customer,demand_class
C,1
[demands]
demand,customer,item,site,quantity_units,due
d1,C,A,P,6,2026-06-14
"""


@pytest.mark.parametrize(
    ("unit", "capacity", "noted"),
    [
        ("each", 2.5, "Units are not kept whole: 2 of 2 purchases of items counted by the piece"),
        ("kg", 2.5, ""),
        ("each", 3, ""),
    ],
)
def test_parts_of_a_piece_are_noted(unit, capacity, noted):
    """Of 6 units, 2.5 can be bought in each of 2 weeks, 5 in all on the due day: halves, but of kilograms no matter."""
    run = plan(programme_of(HALVES.format(unit=unit, capacity=capacity)), PlanOptions())
    found = [n for n in run.info["notes"] if n.startswith("Units are not kept whole")]
    assert bool(found) == bool(noted)
    assert all(n.startswith(noted) for n in found)


def test_a_plan_tells_which_of_its_notes_can_only_harm_it():
    """Fractions are to be rounded, which can only harm; advances do not make deliveries fewer or later."""
    text = HALVES.format(unit="each", capacity=2.5) + "[contracts]\ncontract,customer,item,advance_share\nc,C,A,0.5\n"
    said = plan(programme_of(text), PlanOptions()).info
    assert [n.partition(":")[0] for n in said["notes"]] == [
        "Advances and terms of payment do not shape the plan",
        "Units are not kept whole",
    ]
    assert said["hopeful_notes"] == said["notes"][1:]


@pytest.mark.parametrize(
    ("rules", "noted"),
    [
        (
            "b,budget,,9,\ns,service level,0.9,,\nl,budget,,8,",
            ["Rules of the kinds budget and service level are not limits yet."],
        ),
        (
            "s,stock cover,1,,\nf,fence,,,9\nb,,,9,",
            ["Rules of the kinds budget, fence and stock cover are not limits yet."],
        ),
        ("f,fence,,,9", ["Rules of the kind fence are not limits yet."]),
        ("r,report,,,9\nc,class order,,,", []),
    ],
)
def test_rules_that_are_no_limits_are_named_by_their_kinds(rules, noted):
    """A rule without a kind is one of budget; a report limits nothing."""
    text = HALVES.format(unit="kg", capacity=2.5) + f"[rules]\nrule,kind,low,high,window_days\n{rules}\n"
    said = plan(programme_of(text), PlanOptions()).info
    assert said["notes"] == said["hopeful_notes"] == noted
