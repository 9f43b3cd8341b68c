"""Work-share and sourcing, each case worked out by hand."""

from datetime import date, timedelta

import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.scenario import apply_sets
from tandemplan.plan import plan
from tandemplan.testing.models import programme_of

from .solved import amounts, rows, values

BENCH = """
start = 2026-06-01
periods = 4 weeks
currency = EUR
[partners]
partner,work_share
H,
T,0.5
[countries]
country,groups
HL,eligible
ZL,third
YL,third
[sites]
site,partner
P,H
[items]
item,groups
X,
A,critical
B,
[bom]
parent,component
X,A
X,B
[operations]
item,site,work_centre,plateau_hours
X,P,W,1
[work_centres]
work_centre,site
W,P
[suppliers]
supplier,partner,country
t,T,HL
z,,ZL
y,,YL
[offers]
offer,supplier,item,site,unit_price,third_country_share,lead_days
ta,t,A,P,40,0.25,9
za,z,A,P,20,,0
ya,y,A,P,25,,0
zb,z,B,P,5,,0
[costs]
cost,site,category,per,amount
rent,P,opex,week,100
[customers]
customer
K
[contracts]
contract,customer,item,unit_price
c,K,X,100
[rules]
rule,kind,scope,low,high,soft
{rules}
[demands]
demand,contract,site,quantity_units,due
d1,c,P,10,2026-06-07
d2,c,P,10,2026-06-28
"""


def planned(rules, *sets):
    """Return the plan of the bench under some rules, in which the audit finds nothing."""
    programme, problems = apply_sets(programme_of(BENCH.format(rules=rules)), list(sets))
    assert problems == []
    run = plan(programme)
    assert run.info["status"] == "infeasible" or audit_tables(programme, run.info, run.tables) == []
    return run


def bought(run):
    """Return the units bought by each offer."""
    return dict(rows(run, "sourcing", "offer units"))


def near(value):
    return pytest.approx(value, abs=1e-4)


def test_without_a_rule_everything_comes_from_the_cheapest():
    """20 A at 20 and 20 B at 5, all from z; T adds nothing, and no rule names it."""
    run = planned("")
    assert amounts(run)["purchases"] == 500
    assert rows(run, "sourcing", "item supplier offer country units cost share") == [
        ("A", "z", "za", "ZL", 20, 400, 1),
        ("B", "z", "zb", "ZL", 20, 100, 1),
    ]
    assert rows(run, "work_share", "partner rule value_added share low high margin") == [
        ("H", "", 400, 1, 0, 1, 0),
        ("T", "", 0, 0, 0, 1, 0),
    ]
    assert rows(run, "sourcing_rules", "rule") == []
    assert "Work-shares of partners limit nothing: no rule of work-share names them." in run.info["notes"]


def test_a_band_with_one_end_has_its_margin_to_that_end():
    """H adds all of 400, 240 more than the least share of 0.4 asks for."""
    assert rows(planned("R,work share,H,0.4,,no"), "work_share", "partner rule share low high margin") == [
        ("H", "R", 1, 0.4, 1, 240),
        ("T", "", 0, 0, 1, 0),
    ]


def test_a_partner_has_its_least_share():
    """H adds 4 x 100. With 30 a from `ta` T adds a share of 0.4 where 30 a = 0.4 (400 + 30 a): a = 80 / 9, each 20 dearer."""
    run = planned("R,work share,T,0.4,0.6,no")
    assert values(run) == [0]
    assert bought(run)["ta"] == near(80 / 9)
    assert amounts(run)["purchases"] == pytest.approx(500 + 20 * 80 / 9, abs=0.02)
    assert rows(run, "work_share", "partner rule wages overhead content share margin") == [
        ("H", "", 0, 400, 0, near(0.6), 0),
        ("T", "R", 0, 0, pytest.approx(266.67, abs=0.02), near(0.4), pytest.approx(0, abs=0.02)),
    ]
    assert rows(run, "limits", "what family name unit")[0] == ("work-share", "work share", "R|least share of T", "EUR")


def test_a_supplier_without_a_partner_counts_for_the_one_of_its_country():
    """z sells A at 20 and B at 5, with a fifth from inside: 20 x 5 of 20 for T, once it is alone at home in ZL."""
    inside = ("offers[za].third_country_share=0.8", "offers[zb].third_country_share=0.8", "partners[T].country=ZL")
    assert rows(planned("", *inside), "work_share", "partner content") == [("H", 0), ("T", 100)]
    assert rows(planned("", *inside, "partners[H].country=ZL"), "work_share", "partner content") == [("H", 0), ("T", 0)]


def test_a_share_is_kept_before_anybody_is_served():
    """T needs half of what is added, 30 a >= 400, but only the 10 of the later order can wait for `ta`: nobody gets the A bought for nothing.

    Its A come on 10 June, so 10 of the 40 / 3 that it must send serve the later order, and the rest stays.
    """
    run = planned("R,host content,T,0.5,,no")
    assert values(run) == [0]
    assert bought(run)["ta"] == near(40 / 3)
    assert bought(run)["za"] == near(10)


def test_shares_that_cannot_be_kept_are_named():
    """T cannot add anything before the plan ends, and must have 0.4."""
    run = planned("R,work share,T,0.4,0.6,no", "offers[ta].lead_days=60")
    assert run.info["status"] == "infeasible"
    assert [(c["family"], c["name"]) for c in run.info["conflicts"]] == [("work share", "R|least share of T")]
    assert run.info["conflicts"][0]["text"] == "Least share of T by rule R: over the whole plan, 160 EUR outside."
    assert run.info["remedies"][0]["text"] == "160 EUR of value added outside the least share of T by rule R."


def test_a_source_has_its_largest_share():
    """At most 0.7 of 20 A come from z; the rest comes from the next cheapest, y."""
    run = planned("R,source share,critical,,0.7,no")
    assert bought(run) == {"ya": near(6), "za": near(14), "zb": near(20)}
    assert rows(run, "sourcing_rules", "rule kind subject source share value limit margin") == [
        ("R", "source share", "A", "z", near(0.7), near(0.7), 0.7, near(0)),
    ]


def test_two_sources_are_two_where_each_sells_something():
    """A hundredth of 20 comes from the second: 0.2 at 5 more each."""
    run = planned("R,fewest sources,A,2,,no")
    assert bought(run) == {"ya": near(0.2), "za": near(19.8), "zb": near(20)}
    assert rows(run, "sourcing_rules", "source share value limit margin") == [("z", near(0.99), 2, 2, 0)]


def test_three_sources_are_three():
    """With at most 0.99 / 2 from each, 9.9 come from z, 9.9 from y, and 0.2 from t."""
    run = planned("R,fewest sources,A,3,,no")
    assert bought(run) == {"ta": near(0.2), "ya": near(9.9), "za": near(9.9), "zb": near(20)}
    assert rows(run, "sourcing_rules", "value margin") == [(3, 0)]


def test_spending_is_not_concentrated_on_a_country():
    """Of what A costs at most 0.5 goes to one country: 20 z = 25 y, and z + y = 20, so z = 100 / 9. The squares of the two halves add up to 0.5."""
    run = planned("R,country concentration,critical,,0.5,no")
    assert bought(run) == {"ya": near(80 / 9), "za": near(100 / 9), "zb": near(20)}
    assert rows(run, "sourcing_rules", "subject share value limit") == [("", near(0.5), near(0.5), 0.5)]


def test_a_subcontractor_has_its_largest_share_of_what_contracts_are_worth():
    """z may be paid 0.2 of 2000: 100 for B, and 300 for 15 A; y sends the rest for 125, eligible t would too. From 0.05 on is to be looked at."""
    run = planned("R,subcontract share,,,0.2,no\nS,subcontract share,,,0.05,yes")
    assert bought(run) == {"ya": near(5), "za": near(15), "zb": near(20)}
    assert rows(run, "sourcing_rules", "rule subject share limit margin soft") == [
        ("R", "y", near(0.0625), 0.2, near(0.1375), False),
        ("R", "z", near(0.2), 0.2, near(0), False),
        ("S", "y", near(0.0625), 0.05, near(-0.0125), True),
        ("S", "z", near(0.2), 0.05, near(-0.15), True),
    ]
    note = "Soft limits on sources, subcontractors and countries are reported, not sought."
    assert note in run.info["notes"]


def test_soft_bands_are_reported():
    run = planned("R,work share,T,0.4,,yes")
    assert rows(run, "work_share", "partner share low margin soft")[1] == ("T", 0, 0.4, -160, True)
    assert "Soft limits on work-share are reported, not sought." in run.info["notes"]


def test_days_of_rules_on_the_whole_are_noted():
    run = planned("R,source share,A,,0.7,no", "rules[R].from_date=2026-06-08")
    assert bought(run)["ya"] == near(6)
    assert [
        n for n in run.info["notes"] if n.startswith("Limits on work-share and on sourcing hold over the whole plan")
    ]


def test_what_is_paid_at_a_partners_sites_is_its_value():
    """S costs 20 hours x 10 a week for 4 weeks; a hire of the first week 50, and as many hours less. Overtime is left out; so is capex."""
    text = BENCH.format(rules="").replace(
        "item,site,work_centre,plateau_hours\nX,P,W,1", "item,site,work_centre,plateau_hours,skill\nX,P,W,6,S"
    )
    text += "[skills]\nskill,site,headcount,hours_per_week,hour_cost,overtime_hours_per_week\nS,P,1,20,10,20\n"
    programme = programme_of(text.replace("rent,P,opex,week,100", "rent,P,opex,week,100\nhall,P,capex,week,999"))
    run = plan(programme)
    assert audit_tables(programme, run.info, run.tables) == []
    assert run.tables["load"]["overtime_cost"].sum() > 0
    assert rows(run, "work_share", "partner wages overhead content") == [("H", 800, 400, 0), ("T", 0, 0, 0)]


def test_rounded_orders_keep_the_shares_of_sources():
    """Weeks of orders by three offers are too many to be whole in the model: the plan is rounded, and source by source follows the relaxed one."""
    weeks, asked = 26, (3, 17, 8, 12, 5)
    items = range(3)
    lines = [
        "start = 2026-06-01",
        f"periods = {weeks} weeks",
        "[items]",
        "item,standard_cost",
        *(f"A{k},1" for k in items),
    ]
    lines += ["[suppliers]", "supplier", "s", "t", "u", "[offers]"]
    lines += ["offer,supplier,item,unit_price,lead_days,minimum_order_units,order_multiple_units"]
    lines += [
        f"{v}{k},{v},A{k},{price},7,{least},5"
        for k in items
        for v, price, least in (("s", 10, 20), ("t", 12, 15), ("u", 15, 10))
    ]
    lines += ["[rules]", "rule,kind,high", "R,source share,0.6", "[demands]", "demand,item,quantity_units,due"]
    for k in items:
        for week in range(2, weeks):
            due = date(2026, 6, 5) + timedelta(7 * week)
            lines.append(f"d{k}-{week},A{k},{asked[(week + k) % 5]},{due}")
    programme = programme_of("\n".join(lines))
    run = plan(programme)
    assert audit_tables(programme, run.info, run.tables) == []
    assert run.info["relaxed"] == {"offers": [], "demands": []}
    assert [c["value"] for c in run.info["objective"]["classes"]] == [0]
    shares = run.tables["sourcing_rules"]["value"]
    assert len(shares) == 3
    assert (shares <= 0.6).all()
    assert (shares > 0.5).all()
