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


DATED = """
start = 2026-06-01
periods = 2 weeks
[countries]
country,groups
R,eligible
[items]
item
A
[suppliers]
supplier,country
S,R
[offers]
offer,supplier,item,unit_price
O,S,A,10
[demands]
demand,item,quantity_units,due
d1,A,6,2026-06-14
[funding]
tranche,pool,kind,amount,date
T,own,company,100,2026-06-03
[rules]
rule,kind,scope,low,high,from_date,to_date
R,origin share,A,,0.3,{dates}
L,least cash,own,5,,{dates}
[options]
option,chosen,lead_days,changes
loan,{chosen},2,funding[T].amount += 50
"""


@pytest.mark.parametrize(
    ("dates", "chosen", "noted"),
    [
        (",", "", []),
        (",", "2026-06-01", []),
        (
            ",",
            "2026-06-02",
            [
                (
                    "Money of tranche T counts from 2026-06-03 on, as option loan leaves it, "
                    "though the option is in effect from 2026-06-04 on."
                )
            ],
        ),
        (
            "2027-01-01,2027-12-31",
            "",
            [
                "Rule L limits nothing: no period of the plan ends within its dates.",
                "Rule R limits nothing: no whole period of the plan ends before a day of evidence within its dates.",
            ],
        ),
        ("2026-06-14,2026-06-14", "", []),
    ],
)
def test_money_before_its_option_and_rules_without_a_day_are_noted(dates, chosen, noted):
    run = plan(programme_of(DATED.format(dates=dates, chosen=chosen)))
    assert [n for n in run.info["notes"] if n.startswith(("Money of", "Rule "))] == noted
    assert set(noted) <= set(run.info["hopeful_notes"])
