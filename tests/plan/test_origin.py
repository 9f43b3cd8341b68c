"""Shares of origin, each case worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.scenario import apply_sets
from tandemplan.network.network import network_of
from tandemplan.network.windows import evidence_of
from tandemplan.plan import plan
from tandemplan.plan.conflicts import told_conflicts
from tandemplan.plan.model import model_of
from tandemplan.solver.stages import Work
from tandemplan.testing.models import programme_of

from .solved import amounts, rows, values

MIXED = """
start = 2026-06-01
periods = 4 weeks
[countries]
country,groups
H,eligible
Z,third
[items]
item,standard_cost
X,0
A,30
B,0
[bom]
parent,component,quantity_units
X,A,1
X,B,2
[operations]
item,work_centre,plateau_hours
X,W,1
[work_centres]
work_centre
W
[offers]
offer,item,unit_price,origin_country,lead_days
home,A,40,H,8
away,A,20,Z,0
b,B,10,H,0
[rules]
rule,kind,scope,high
R,origin share,X,0.35
[demands]
demand,item,quantity_units,due
d1,X,10,2026-06-07
d2,X,10,2026-06-21
"""


def changed(*sets):
    """Return the programme with the mixed parts, some cells changed."""
    programme, problems = apply_sets(programme_of(MIXED), list(sets))
    assert problems == []
    return programme


def audited(programme):
    """Return the plan of a programme, in which the audit finds nothing."""
    run = plan(programme)
    assert audit_tables(programme, run.info, run.tables) == []
    return run


def test_the_cheapest_mix_stands_at_the_limit(planned):
    """Of 20 A, a come from away: 20 a <= 0.35 (20 a + 40 (20 - a) + 400), so a <= 420 / 27, and the rest costs 20 more each."""
    run = planned(MIXED)
    away = 420 / 27
    assert values(run) == [0]
    assert amounts(run)["purchases"] == pytest.approx(400 + 800 - 20 * away, abs=0.05)
    assert rows(run, "origin", "rule product contract evidence units share limit") == [
        ("R", "X", "", "2026-06-29", 20, pytest.approx(0.35, abs=1e-4), 0.35)
    ]
    assert rows(run, "origin_parts", "window_end counts_for item kind source quantity") == [
        ("2026-06-28", "X", "A", "purchase", "away", pytest.approx(away, abs=1e-5)),
        ("2026-06-28", "X", "A", "purchase", "home", pytest.approx(20 - away, abs=1e-5)),
        ("2026-06-28", "X", "B", "purchase", "b", 40),
        ("2026-06-28", "X", "X", "made", "X", 20),
    ]
    assert rows(run, "limits", "what family name", stage="cost")[0] == ("origin", "origin share", "R|X")


def test_what_is_from_outside_waits_for_what_is_not():
    """By each week: A from home is there from the second week on, and with A from away alone half of the cost is from outside.

    So d1 is a week late: then 10 X may hold 350 / 27 A from away, and need not wait longer.
    """
    run = audited(changed("rules[R].window_days=7"))
    assert values(run) == [70]
    assert rows(run, "origin", "evidence units") == [
        ("2026-06-08", 0), ("2026-06-15", 10), ("2026-06-22", 20), ("2026-06-29", 20),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sets", "value"),
    [
        (("rules[R].soft=yes",), 0),
        (("rules[R].high=0.5",), 0),
        (("rules[R].from_date=2026-06-09",), 0),  # nothing is due before the second week ends
        (
            ("rules[R].to_date=2026-06-07",),
            10 * 7,
        ),  # only the first week's evidence, which asks for none delivered in it
        (("rules[R].to_date=2026-06-06",), 0),  # no period has ended by then
        (("rules[R].scope=A",), 10 * 7),  # half of what A costs: A from away alone is all from outside
        (("offers[away].third_country_share=0.7",), 0),  # 14 of 40
        (("offers[away].third_country_share=0.71",), 10 * 7),
        (("offers[away].origin_country=",), 10 * 7),  # nobody says where it is from
        (
            ("offers[home].lead_days=40",),
            10 * 29 + 10 * 15,
        ),  # never: all is lost, late until a week after the end
    ],
)
def test_a_rule_holds_for_its_scope_and_dates(sets, value):
    if "rules[R].scope=A" in sets:
        sets = (*sets, "rules[R].high=0.5")
    assert values(audited(changed("rules[R].window_days=7", *sets))) == [value]


SHARED = """
start = 2026-06-01
periods = 3 weeks
[countries]
country,groups
H,eligible
Z,
[suppliers]
supplier,country
V,Z
[items]
item,standard_cost
X,0
Y,0
A,30
[bom]
parent,component,quantity_units
X,A,1
Y,A,1
[operations]
item,work_centre,plateau_hours
X,W,1
Y,W,1
[work_centres]
work_centre
W
[offers]
offer,supplier,item,unit_price,origin_country,to_date
home,,A,40,H,2026-06-07
away,V,A,20,,
[rules]
rule,kind,scope,high,window_days
R,origin share,X,0,7
[demands]
demand,item,quantity_units,due
x,X,10,2026-06-14
y,Y,10,2026-06-14
"""


def test_lots_of_a_shared_part_are_kept_apart(planned):
    """X holds A from home alone, Y, which no rule limits, A from away; on average X would be half from outside."""
    run = planned(SHARED)
    assert values(run) == [0]
    assert sorted(rows(run, "purchases", "offer quantity")) == [("away", 10), ("home", 10)]
    assert rows(run, "origin_parts", "counts_for item source quantity") == [
        ("", "A", "away", 10), ("X", "A", "home", 10), ("X", "X", "X", 10),
    ]  # fmt: skip


def test_what_others_have_used_is_gone(planned):
    """Y is due in the first week, when there is A from home alone, 10 of it; what comes later from away is not for X."""
    text = SHARED.replace("to_date\n", "to_date,capacity_units_per_week,lead_days\n")
    text = text.replace("2026-06-07\naway,V,A,20,,", "2026-06-07,10,0\naway,V,A,20,,,,8")
    run = planned(text.replace("y,Y,10,2026-06-14", "y,Y,10,2026-06-07").replace("x,X,10", "x,X,4"))
    assert values(run) == [
        min(10 * 0 + 4 * 14, 4 * 7)
    ]  # 4 of Y wait for A from away, a week; or 4 of X are lost: 14 days


def test_stock_and_orders_count_with_their_own_offer(planned):
    """In 3 X are 1 A on order at its own price, 10, from home, 1 in stock, by `away`, at 20 from outside, and 1 of no known offer.

    That one costs the standard cost, 30, with the largest share of what is qualified at the start: 0.6 of `half`; `away` is not qualified.
    Outside are 20 + 18 of 60.
    """
    run = planned("""
    start = 2026-06-01
    periods = 2 weeks
    [countries]
    country,groups
    H,eligible
    [items]
    item,standard_cost
    X,0
    A,30
    [bom]
    parent,component
    X,A
    [operations]
    item,work_centre,plateau_hours
    X,W,1
    [work_centres]
    work_centre
    W
    [offers]
    offer,item,unit_price,origin_country,third_country_share,qualified,qualification_days,lead_days
    home,A,40,H,,yes,0,30
    half,A,40,H,0.6,yes,0,30
    away,A,20,,,no,99,30
    [stock]
    item,lot,offer,quantity_units
    A,1,away,1
    A,2,,1
    [open_orders]
    order,offer,item,quantity_units,promised,unit_price
    o,home,A,1,2026-06-03,10
    [rules]
    rule,kind,scope,high
    R,origin share,X,0.7
    [demands]
    demand,item,quantity_units,due
    x,X,3,2026-06-14
    """)
    assert rows(run, "origin_parts", "kind source unit_price third_country_share cost other_cost", item="A") == [
        ("open order", "o", 10, 0, 10, 0), ("stock", "", 30, 0.6, 30, 18), ("stock", "away", 20, 1, 20, 20),
    ]  # fmt: skip
    assert rows(run, "origin", "eligible_cost other_cost share margin") == [(22, 38, 0.6333, 0.7 * 60 - 38)]


KITS = """
start = 2026-06-01
periods = 2 weeks
[countries]
country,groups
H,eligible
[items]
item
X
K
M
A
[bom]
parent,alternative,component,quantity_units,scrap_share
X,kit,K,1,0
X,full,M,1,0
M,,A,2,0.25
[operations]
item,work_centre,plateau_hours,yield_mature_share
X,W,1,1
M,W,1,0.5
[work_centres]
work_centre
W
[offers]
offer,item,unit_price,third_country_share,capacity_units_per_week
k,K,100,0.4,
a,A,40,0.1,25
[rules]
rule,kind,scope,high
R,origin share,X,0.25
[demands]
demand,item,quantity_units,due
x,X,10,2026-06-14
"""


def test_a_kit_stands_for_what_is_inside_it_and_rejects_are_in_nothing(planned):
    """A full X holds 2.5 A: 100, of which 10 from outside, though M takes 5 A for each good one. A kit: 40 of 100.

    So at least half are built in full: 5 x 5 A a week are what there is.
    """
    run = planned(KITS)
    assert values(run) == [0]
    made = {(r, a): q for r, a, q in rows(run, "production", "route alternative good")}
    assert sum(q.expected for (r, _), q in made.items() if r == "X|full") == pytest.approx(5, abs=1e-4)
    assert rows(run, "origin", "eligible_cost other_cost share") == [(750, 250, 0.25)]
    assert rows(run, "origin_parts", "item kind source quantity cost") == [
        ("A", "purchase", "a", 12.5, 500), ("K", "purchase", "k", 5, 500),
        ("M", "made", "M", 5, 0), ("X", "made", "X|full", 5, 0), ("X", "made", "X|kit", 5, 0),
    ]  # fmt: skip


def test_a_contract_has_what_its_own_units_hold(planned):
    """C1 wants nothing from outside, C2 takes what is left: its X holds A from away. Their product's limit is kept too: 10 of 40 + 10."""
    run = planned(
        SHARED.replace("X,0,7", "X;C1,0.34,")
        .replace("R,origin", "S,origin share,C1,0,\nR,origin")
        .replace(
            "[demands]", "[customers]\ncustomer\nK\n[contracts]\ncontract,customer,item\nC1,K,X\nC2,K,X\n[demands]"
        )
        .replace("demand,item,q", "demand,item,contract,q")
        .replace("x,X,10", "x,,C1,5")
        .replace("y,Y,10", "y,,C2,5")
    )
    assert values(run) == [0]
    assert rows(run, "origin", "rule product contract units share") == [
        ("R", "X", "", 10, 0.3333), ("R", "X", "C1", 5, 0), ("S", "X", "C1", 5, 0),
    ]  # fmt: skip


def test_what_goes_into_another_item_under_a_rule_counts_for_both(planned):
    """Full X holds M, which has a rule of its own: M may be from outside for 0.2, X for 0.25. All of M is inside X."""
    run = planned(KITS.replace("R,origin share,X,0.25", "R,origin share,X,0.25\nS,origin share,M,0.2"))
    assert rows(run, "origin", "rule product units eligible_cost other_cost") == [
        ("R", "X", 10, 750, 250), ("S", "M", 5, 450, 50),
    ]  # fmt: skip
    assert set(rows(run, "origin_parts", "counts_for item")) == {("M; X", "A"), ("M; X", "M"), ("X", "K"), ("X", "X")}


def test_a_bill_that_changes_is_two_bills(planned):
    """From the second week on X holds B, not A; what is made of A in the first week may count later, what is made of B no sooner."""
    run = planned("""
    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    A
    B
    [bom]
    parent,component,from_date,to_date
    X,A,,2026-06-07
    X,B,2026-06-08,
    [operations]
    item,work_centre,plateau_hours
    X,W,42
    [work_centres]
    work_centre
    W
    [offers]
    offer,item,unit_price,third_country_share
    a,A,10,0
    b,B,10,1
    [rules]
    rule,kind,scope,high
    R,origin share,X,0.5
    [demands]
    demand,item,quantity_units,due
    x,X,8,2026-06-14
    """)
    assert values(run) == [0]
    assert rows(run, "origin_parts", "item source bill_from quantity", kind="made") == [
        ("X", "X", "2026-06-01", 4), ("X", "X", "2026-06-08", 4),
    ]  # fmt: skip


TRANCHES = """
[funding]
tranche,pool,kind,amount,date,third_country_share,evidence_days,awaits
F0,V,company,9000,2026-06-01,,0,
F1,P,payer,9000,2026-06-20,0.2,4.5,
F2,Q,payer,9000,2026-06-21,0.1,0,
F3,V,company,9000,2026-06-27,0.3,0,
F4,V,company,9000,2026-06-27,0.1,0,a decision
F5,W,outside,9000,2026-06-27,0.1,0,
[customers]
customer
K
[contracts]
contract,customer,item,pool
C1,K,X,P
C2,K,A,Q
"""


def test_tranches_ask_for_evidence_of_what_they_pay_for():
    """F1 is due ceil(4.5) = 5 days before the 20th: two weeks have ended. F2 pays for A alone, F3 asks for all; the others for nothing."""
    programme = programme_of(MIXED + TRANCHES)
    network = network_of(programme)
    found = [
        (e.subject.item, str(network.periods.dates(e.day)), e.last, e.high)
        for e in evidence_of(programme, network.periods)
    ]
    assert found == [("X", "2026-06-15", 1, 0.2), ("X", "2026-06-27", 2, 0.3), ("X", "2026-06-29", 3, 0.35)]


def test_a_plan_says_what_of_origin_it_does_not_limit():
    programme = programme_of(MIXED.replace("share,X,0.35", "share,X;K,0.35") + TRANCHES)
    assert "Rules of origin limit items, groups of items and contracts, not K." in plan(programme).info["hopeful_notes"]
    notes = plan(changed("rules[R].soft=yes")).info["notes"]
    assert "Soft limits on shares of origin are not sought yet." in notes
    bare = plan(programme_of(MIXED.partition("[rules]")[0] + "[demands]" + MIXED.partition("[demands]")[2] + TRANCHES))
    assert (
        "Third-country shares that tranches accept limit nothing that no rule of origin limits." in bare.info["notes"]
    )
    assert not any("Rules (" in n for n in plan(programme_of(MIXED)).info["notes"])


def test_a_limit_that_cannot_be_met_is_named_among_conflicts():
    """All 20 X must be delivered, and A comes from away alone: 400 of 800 is from outside, 280 may be."""
    model = model_of(network_of(changed("offers[home].lead_days=40")))
    lost = model.variables.lost
    upper = model.lp.upper.copy()
    upper[lost[lost >= 0]] = 0.0
    told = told_conflicts(replace(model, lp=replace(model.lp, upper=upper)), Work(), lambda _: None)
    assert "Content from outside that rule R allows in X: by 2026-06-28, 120 EUR too little." in [
        c["text"] for c in told["conflicts"]
    ]
    assert "120 EUR more content from outside that rule R allows in X." in [r["text"] for r in told["remedies"]]


def test_a_window_holds_at_most_91_days_and_lots_come_before_it_ends(planned):
    """A rule of 0, due at the end of 26 weeks: x is due in week 2, y in week 20, and A from home is sold in the first 13 weeks alone.

    What is inside y comes in the first window and counts in the second.
    """
    text = SHARED.replace("periods = 3 weeks", "periods = 26 weeks").replace("share,X,0,7", "share,X,0,")
    run = planned(text.replace("2026-06-07\n", "2026-08-30\n").replace("y,Y,10,2026-06-14", "y,X,10,2026-10-14"))
    assert values(run) == [0]
    ends = np.unique(run.tables["origin_parts"]["window_end"]).astype(str).tolist()
    assert ends == ["2026-08-30", "2026-11-29"]


@pytest.mark.parametrize(("most", "units"), [("", 18), (0.2, 16)])
def test_money_and_origin_limit_a_plan_together(planned, most, units):
    """Of u X, a come with A from away: 20 a <= 0.35 x 800 = 280 of the 800 that there are, so 14; 4 from home for 40 make it 18 with B.

    A tranche of nothing that accepts 0.2 leaves 160 for a: 8, and 8 from home. The certificates and the cash of both are audited.
    """
    funds = f"F,V,company,800,2026-06-01,\nN,V,company,0,2026-06-29,{most}\n"
    run = planned(MIXED + "[funding]\ntranche,pool,kind,amount,date,third_country_share\n" + funds)
    assert run.tables["deliveries"]["quantity"].sum() == pytest.approx(units)
    assert run.tables["origin"]["share"][-1] == pytest.approx(most or 0.35)
    assert run.tables["cash"]["closing"][-1] == pytest.approx(0, abs=0.01)
