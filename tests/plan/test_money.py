"""Money, solved by hand: what is released, paid and received when, and what waits for it."""

from datetime import date

import numpy as np
import pytest

from tandemplan.model.schema import Cost
from tandemplan.network.network import network_of
from tandemplan.plan import plan
from tandemplan.plan.given_payments import cost_payments
from tandemplan.testing.models import programme_of

from .solved import amounts, rows, stage, values

SHOP = """
    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [offers]
    offer,item,unit_price
    O,A,10
    [customers]
    customer
    K
    [demands]
    demand,contract,customer,item,quantity_units,due
"""
TRANCHES = "[funding]\ntranche,pool,kind,amount,date,slip_days,expiry,pays_for,instrument,interest_per_year_share,awaits,evidence_days,opens_after\n"


def delivered(run):
    return rows(run, "deliveries", "delivered quantity")


def closing(run, pool="own"):
    return [c for (c,) in rows(run, "cash", "closing", pool=pool)]


def test_purchases_wait_for_the_tranche_that_pays_them(planned):
    """5 A at 10 are due in week 0, but the money comes on 6 June and slips by 2 days, into week 1: all are a week late."""
    run = planned(f"{SHOP}d,,K,A,5,2026-06-07\n{TRANCHES}T,own,company,50,2026-06-06,2,,,,,,,\n")
    assert delivered(run) == [("2026-06-14", 5)]
    assert values(run) == [35]
    assert closing(run) == [0, 0, 0, 0]
    assert rows(run, "funding", "tranche opens used left") == [("T", "2026-06-08", 50, 0)]


def test_a_payer_pays_for_what_its_tranches_cover(planned):
    """A unit costs the state 10: 30 pay for 3 in week 0; the other 4 wait for 40 in week 2, 14 days late each. Nothing else is limited."""
    run = planned(
        f"{SHOP}d,c,,,7,2026-06-07\n[contracts]\ncontract,customer,item,unit_price,pool\nc,K,A,10,state\n"
        f"{TRANCHES}T,state,payer,30,2026-06-01,,,,,,,,\nU,state,payer,40,2026-06-15,,,,,,,,\n"
    )
    assert delivered(run) == [("2026-06-07", 3), ("2026-06-21", 4)]
    assert values(run) == [56]
    assert closing(run, "state") == [0, 0, 0, 0]
    assert run.tables["cash"]["pool"].tolist() == ["state"] * 4


def test_what_is_sold_pays_for_what_is_bought_next(planned):
    """20 buy 2 A, paid with 40 a week later, which buy 4, paid with 80: of 10, 2 are on time, 4 a week late, 4 two weeks: 28 + 56."""
    run = planned(
        f"{SHOP}d,c,,,10,2026-06-07\n[contracts]\ncontract,customer,item,unit_price,payment_days\nc,K,A,20,7\n"
        f"{TRANCHES}T,own,company,20,2026-05-01,,,,,,,,\n"
    )
    assert delivered(run) == [("2026-06-07", 2), ("2026-06-14", 4), ("2026-06-21", 4)]
    assert values(run) == [84]
    assert closing(run) == [0, 0, 40, 120]
    assert rows(run, "funding", "used left") == [(20, 0)]


def test_suppliers_are_paid_by_their_terms(planned):
    """A quarter of 40 with the order on Friday 5 June, three quarters ten days after receipt, on 17 June: 10 in week 0, 30 in week 2."""
    run = planned(
        SHOP.replace("offer,item,unit_price\n    O,A,10", "offer,supplier,item,unit_price,lead_days\n    O,U,A,10,2")
        + "d,,K,A,4,2026-06-07\n[suppliers]\nsupplier,prepayment_share,payment_days\nU,0.25,10\n"
        f"{TRANCHES}T,own,company,10,2026-06-01,,,,,,,,\nU,own,company,30,2026-06-16,,,,,,,,\n"
    )
    assert delivered(run) == [("2026-06-07", 4)]
    assert [p for (p,) in rows(run, "cash", "purchases")] == [10, 0, 30, 0]
    assert closing(run) == [0, 0, 0, 0]


LOAN = "L,own,company,60,2026-06-08,{},{},capex,loan,,,,\n"


@pytest.mark.parametrize(
    ("slip", "expiry", "on_time", "left"), [(0, "", 6, 30), (0, "2026-06-14", 6, 0), (7, "2026-06-14", 3, 0)]
)
def test_a_tied_tranche_makes_up_for_what_other_money_paid_before(planned, slip, expiry, on_time, left):
    """The hall takes 30 of 60 in week 0. The loan of week 1 pays for capex alone: for those 30, which then buy 3 A more, in time for 14 June.

    Of the loan 30 are left, or expire on 14 June; one that slips by a week has expired before it comes.
    """
    run = planned(
        f"{SHOP}d,,K,A,3,2026-06-07\ne,,K,A,3,2026-06-14\n[costs]\ncost,category,amount,date\nhall,capex,30,2026-06-02\n"
        f"{TRANCHES}T,own,company,60,2026-06-01,,,,,,,,\n{LOAN.format(slip, expiry)}"
    )
    assert run.tables["demand_summary"]["on_time"].sum() == pytest.approx(on_time)
    of_loan = rows(run, "funding", "used left expired", tranche="L")
    assert of_loan == [(30, left, 30 - left)] if on_time == 6 else of_loan == [(0, 0, 0)]
    if on_time == 6:
        assert rows(run, "spending", "tranche period_start pays_for amount") == [("L", "2026-06-08", "capex", 30)]
        assert rows(run, "cash", "tied expired", pool="own")[1] == (30, 0)


def test_tied_money_is_spent_before_other(planned):
    """Parts of 30 in week 0 are paid by SOON, of which 10 expire on 14 June; parts of 5 in week 2 by TIED. CAPEX finds nothing to pay, T need not."""
    run = planned(
        f"{SHOP}d,,K,A,3,2026-06-07\ne,,K,A,0.5,2026-06-21\n{TRANCHES}T,own,company,60,2026-06-01,,,,,,,,\n"
        "TIED,own,company,20,2026-06-01,,,purchases,,,,,\nSOON,own,company,40,2026-06-01,,2026-06-14,purchases,,,,,\n"
        "CAPEX,own,company,9,2026-06-01,,,capex,,,,,\n"
    )
    assert rows(run, "funding", "tranche used left expired") == [
        ("CAPEX", 0, 9, 0), ("SOON", 30, 0, 10), ("T", 0, 60, 0), ("TIED", 5, 15, 0),
    ]  # fmt: skip
    assert rows(run, "cash", "closing tied") == [(99, 39), (99, 39), (84, 24), (84, 24)]


def test_credit_is_drawn_for_as_long_as_it_is_needed_and_costs_interest(planned):
    """40 of 50 are borrowed in week 0, at 36.5 % a year: 0.28 a week; what the 5 A bring in week 1 pays it back."""
    run = planned(
        f"{SHOP}d,c,,,5,2026-06-07\n[contracts]\ncontract,customer,item,unit_price,payment_days\nc,K,A,20,7\n"
        f"{TRANCHES}T,own,company,10.28,2026-06-01,,,,,,,,\nB,own,company,100,2026-06-01,,,,credit line,0.365,,,\n"
    )
    assert values(run) == [0]
    assert rows(run, "cash", "credit interest closing") == [(40, 0.28, 0), (-40, 0, 60), (0, 0, 60), (0, 0, 60)]
    assert amounts(run)["interest"] == pytest.approx(0.28)
    assert rows(run, "funding", "used left", tranche="B") == [(40, 60)]


def test_a_line_behind_a_gate_lends_once_it_is_open(planned):
    """2 X are made in week 0 and open a line of 30 in week 1: 3 A at 10 come then, a week late, and bring 20 each two weeks later. It costs nothing, and stays drawn."""
    run = planned(
        f"""
        start = 2026-06-01
        periods = 4 weeks
        [items]
        item
        A
        X
        [operations]
        item,work_centre,plateau_hours
        X,W,56
        [work_centres]
        work_centre
        W
        [offers]
        offer,item,unit_price
        O,A,10
        [tasks]
        task,needs
        gate,made:X>=2
        {TRANCHES}B,own,company,30,2026-06-01,,,,credit line,,,,gate
        [customers]
        customer
        K
        [contracts]
        contract,customer,item,unit_price,payment_days
        c,K,A,20,14
        [demands]
        demand,contract,quantity_units,due
        d,c,3,2026-06-07
        """
    )
    assert delivered(run) == [("2026-06-14", 3)]
    assert values(run) == [21]
    assert rows(run, "cash", "credit closing") == [(0, 0), (30, 0), (0, 0), (0, 60)]
    assert rows(run, "funding", "opens used") == [("2026-06-08", 30)]


def test_credit_is_repaid_by_its_expiry(planned):
    """The line ends on 14 June: what it lends in weeks 0 and 1 is paid back in week 2, when nothing has come in yet; so nothing is lent."""
    text = f"{SHOP}d,c,,,5,2026-06-07\n[contracts]\ncontract,customer,item,unit_price,payment_days\nc,K,A,20,{{}}\n{TRANCHES}B,own,company,100,2026-06-01,,2026-06-14,,credit line,,,,\n"
    assert values(planned(text.format(7))) == [0]
    assert delivered(planned(text.format(21))) == []


def test_the_least_cash_is_kept_from_its_first_day_on(planned):
    """50 buy 5 A, but from 14 June on 20 must be there: with week 1, so only 3 can be bought ever."""
    run = planned(
        f"{SHOP}d,,K,A,5,2026-06-07\n{TRANCHES}T,own,company,50,2026-06-01,,,,,,,,\n"
        "[rules]\nrule,kind,scope,low,from_date\nR,least cash,own,20,2026-06-14\n"
    )
    assert delivered(run) == [("2026-06-07", 3)]
    assert [n for (n,) in rows(run, "cash", "least")] == [0, 20, 20, 20]
    assert ("money", "least cash", "own", "2026-06-22") in rows(run, "limits", "what family name period_start")


def test_advances_are_recovered_on_delivery_and_paid_back_for_what_is_lost(planned):
    """A fifth of 10 x 20 is 40, on 3 June: with 10 of equity, 5 A. 16 are paid a unit, 1 less for a week late, and so on.

    Only 6 can ever be had, 3 a week: 3 on time, 3 a week late. Of the advance 4 x 4 is paid back on the last day.
    """
    run = planned(
        SHOP.replace("unit_price\n    O,A,10", "unit_price,capacity_units_per_week,to_date\n    O,A,10,3,2026-06-14")
        + "d,c,,,10,2026-06-07\n[contracts]\ncontract,customer,item,unit_price,advance_share,advance_date,damages_per_week_share\nc,K,A,20,0.2,2026-06-03,0.05\n"
        f"{TRANCHES}T,own,company,10,2026-06-01,,,,,,,,\n"
    )
    assert delivered(run) == [("2026-06-07", 3), ("2026-06-14", 3)]
    assert rows(run, "cash", "advances deliveries refunds purchases closing") == [
        (40, 48, 0, 30, 68), (0, 45, 0, 30, 83), (0, 0, 0, 0, 83), (0, 0, 16, 0, 67),
    ]  # fmt: skip


def test_what_is_left_at_the_end_came_last(planned):
    """50 are spent in week 0: of all that came then the first, A by its name; on 18 June C comes, and is left, with 30 of the 60 of B.

    The state has 40 left of the 50 that came last, after 30 were there in week 0; it spent 40.
    """
    run = planned(
        f"{SHOP}d,c,,,5,2026-06-07\n[contracts]\ncontract,customer,item,unit_price,payment_days,pool\nc,K,A,8,28,state\n"
        f"{TRANCHES}B,own,company,60,2026-06-03,,,,,,,,\nA,own,company,20,2026-06-03,,,,,,,,\nC,own,company,7,2026-06-18,,,,,,,,\n"
        "S,state,payer,30,2026-06-01,,,,,,,,\nT,state,payer,50,2026-06-15,,,,,,,,\n"
    )
    assert rows(run, "funding", "tranche used left") == [
        ("A", 20, 0), ("B", 30, 30), ("C", 0, 7), ("S", 30, 0), ("T", 10, 40),
    ]  # fmt: skip


def test_what_a_payer_owes_after_the_plan_is_set_aside(planned):
    """3 units at 10, paid four weeks after delivery: the state must have the money on the plan's last day, the venture does not get it."""
    run = planned(
        f"{SHOP}d,c,,,5,2026-06-28\n[contracts]\ncontract,customer,item,unit_price,payment_days,pool\nc,K,A,10,28,state\n"
        f"{TRANCHES}T,state,payer,30,2026-06-01,,,,,,,,\nU,own,company,99,2026-06-01,,,,,,,,\n"
    )
    assert delivered(run) == [("2026-06-28", 3)]
    assert closing(run, "state") == [30, 30, 30, 0]
    assert closing(run)[-1] == 69


def test_costs_beyond_the_money_are_a_conflict(planned):
    """40 of rent fall due at the end of June, and 20 are there."""
    run = plan(programme_of(
        f"{SHOP.replace('4 weeks', '5 weeks')}d,,K,A,5,2026-06-07\n[costs]\ncost,per,amount,to_date\nrent,week,10,2026-06-28\n"
        f"{TRANCHES}T,own,company,20,2026-06-01,,,,,,,,\n"
    ))  # fmt: skip
    assert run.info["status"] == "infeasible"
    assert [c["text"] for c in run.info["conflicts"]] == [
        "Cash of own: by 2026-07-05, 20 EUR too little.",
        "What own owes for opex: 40 EUR from 2026-06-29 to 2026-07-05, 20 EUR too much.",
    ]
    assert [r["text"] for r in run.info["remedies"]] == [
        "20 EUR less owed by own for opex.",
        "20 EUR more cash of own.",
    ]


@pytest.mark.parametrize(("scope", "changes"), [("own", ["rules[kind=least cash|scope=own].low += -20"]), ("", [])])
def test_a_smaller_least_cash_is_a_remedy_and_a_change_where_a_rule_names_the_pool(scope, changes):
    """40 of rent fall due at the end of June, and of 80 that are there 60 must stay: 20 less of that, or of the rent, or 20 more."""
    run = plan(programme_of(
        f"{SHOP.replace('4 weeks', '5 weeks')}d,,K,A,0.1,2026-07-05\n[costs]\ncost,per,amount,to_date\nrent,week,10,2026-06-28\n"
        f"{TRANCHES}T,own,company,80,2026-06-01,,,,,,,,\n[rules]\nrule,kind,scope,low\nR,least cash,{scope},60\n"
    ))  # fmt: skip
    assert [(r["text"], r["changes"]) for r in run.info["remedies"]] == [
        ("20 EUR more cash of own.", []),
        ("20 EUR less as least cash of own.", changes),
        ("20 EUR less owed by own for opex.", []),
    ]


def test_a_contingent_tranche_opens_by_an_option_that_is_chosen(planned):
    """The surge tranche awaits a decision. It is closed without one, and open when an option moves its date."""
    text = (
        f"{SHOP}d,,K,A,5,2026-06-14\n{TRANCHES}S,own,company,50,2026-06-01,,,,,,decision,,\n"
        "[options]\noption,chosen,changes\nsurge,{},funding[S].date += 7\n"
    )
    assert delivered(planned(text.format(""))) == []
    run = planned(text.format("2026-06-03"))
    assert delivered(run) == [("2026-06-14", 5)]
    assert rows(run, "funding", "opens") == [("2026-06-08",)]


def test_a_tranche_waits_for_what_must_be_made_before(planned):
    """5 A lie there; making 2 X opens the tranche, which pays for 4 parts a week later, on the day of evidence.

    X takes a week's only station hours for 3 at most. d asks for 4 A more than lie there on 28 June.

    """
    run = planned(
        f"""
        start = 2026-06-01
        periods = 4 weeks
        [items]
        item
        A
        X
        [bom]
        parent,component
        X,A
        [stock]
        item,quantity_units
        A,2
        [operations]
        item,work_centre,plateau_hours
        X,W,56
        [work_centres]
        work_centre
        W
        [offers]
        offer,item,unit_price
        O,A,10
        [tasks]
        task,needs
        gate,made:X>=2
        {TRANCHES}T,own,company,40,2026-06-01,,,,,,,3,gate
        [customers]
        customer,demand_class
        K,1
        [demands]
        demand,customer,item,quantity_units,due
        d,K,A,4,2026-06-14
        """
    )
    assert rows(run, "production", "end started") == [("2026-06-07", 2)]
    assert rows(run, "tasks", "needs_met") == [("2026-06-08",)]
    assert rows(run, "funding", "opens used") == [("2026-06-11", 40)]
    assert delivered(run) == [("2026-06-14", 4)]


@pytest.mark.parametrize(
    ("given", "paid"),
    [
        ({"amount": 100, "date": date(2026, 6, 3), "lead_days": 9, "payments": ("0.3@start", "0.5@middle", "0.2@end")}, [(2, 30), (7, 50), (11, 20)]),
        ({"amount": 80, "date": date(2026, 6, 6), "lead_days": 4, "payments": ("monthly",)}, [(0, 40), (7, 40)]),
        ({"amount": 80, "date": date(2026, 5, 30), "lead_days": 4, "payments": ("monthly",)}, [(0, 40), (0, 40)]),
        ({"amount": 70, "per": "week"}, [(29, 70), (29, 70), (29, 70), (29, 70)]),
        ({"amount": 5, "date": date(2026, 5, 1)}, [(0, 5)]),
    ],
)  # fmt: skip
def test_costs_are_paid_by_their_profiles(given, paid):
    """Half of nine days, rounded up, is five; day by day, 2 of 4 days lie in week 0, or before the plan; a week's rent is due on 30 June."""
    network = network_of(programme_of(f"{SHOP}d,,K,A,5,2026-06-07\n"))
    found = cost_payments(network, Cost(cost="c", **given))
    assert found == [(day, pytest.approx(amount)) for day, amount in paid]


def test_labour_is_paid_at_the_end_of_the_month(planned):
    """40 hours a week at 1 each: three weeks of June are paid on 30 June, with the week that ends in July on 31 July, after the plan."""
    run = planned(
        """
        start = 2026-06-08
        periods = 4 weeks
        [items]
        item
        A
        [offers]
        offer,item
        O,A
        [skills]
        skill,headcount,hours_per_week,hour_cost
        S,1,40,1
        [funding]
        tranche,pool,kind,amount,date
        T,own,company,120,2026-06-30
        [customers]
        customer
        K
        [demands]
        demand,customer,item,quantity_units,due
        d,K,A,1,2026-06-14
        """
    )
    assert [n for (n,) in rows(run, "cash", "labour")] == [0, 0, 0, 120]


def test_cash_and_costs_agree(planned):
    """What the cash table pays is what the cost table says, less what falls due after the plan: rent of 4 x 7, and 5 of 10 A at 10."""
    run = planned(
        SHOP.replace("offer,item,unit_price\n    O,A,10", "offer,supplier,item,unit_price\n    O,U,A,10")
        + "d,,K,A,5,2026-06-07\ne,,K,A,5,2026-06-28\n[suppliers]\nsupplier,payment_days\nU,7\n"
        "[costs]\ncost,per,amount\nrent,week,7\n"
        f"{TRANCHES}T,own,company,500,2026-06-01,,,,,,,,\n"
    )
    cost, cash = amounts(run), run.tables["cash"]
    assert cash["purchases"].sum() == 50
    assert cost["purchases"] == 100
    assert cash["opex"].sum() == 0
    assert cost["fixed"] == 28
    assert np.isclose(cash["closing"][-1], 450)


def test_the_cost_of_money_decides_between_two_offers(planned):
    """P is dearer by 1 a unit, but paid four weeks later: with no cash to spare a line at 365 % a year costs 0.7 a unit a week, 2.1 until
    the plan's end.

    """
    run = planned(
        SHOP.replace("offer,item,unit_price\n    O,A,10", "offer,supplier,item,unit_price\n    O,U,A,10\n    P,V,A,11")
        + "d,,K,A,1,2026-06-07\n[suppliers]\nsupplier,payment_days\nU,0\nV,28\n"
        f"{TRANCHES}T,own,company,30,2026-06-01,,2026-06-01,training,,,,,\nB,own,company,100,2026-06-01,,,,credit line,3.65,,,\n"
        "C,own,company,9,2026-06-20,,,,,,,,\n"
    )
    assert [o for (o,) in rows(run, "purchases", "offer")] == ["P"]
    assert stage(run, "cost") == 11


def test_what_is_no_money_limits_nothing(planned):
    """Instructors lent by a partner, and money spent outside this plan: the venture's cash is no limit."""
    run = planned(
        f"{SHOP}d,,K,A,5,2026-06-07\n[funding]\ntranche,pool,kind,amount,date,cash\nT,own,company,50,2026-06-06,no\nU,there,outside,50,2026-06-06,yes\n"
    )
    assert delivered(run) == [("2026-06-07", 5)]
    assert len(run.tables["cash"]["pool"]) == 0
    assert rows(run, "funding", "tranche amount opens") == [("T", 0, ""), ("U", 0, "")]


def test_what_six_decimals_hide_of_a_dear_unit_is_no_debt(planned):
    """100 million pay for 16 2/3 units at 6 million: 16.666667 are printed, 2 more than there is, until the end of the plan."""
    run = planned(
        f"{SHOP}d,c,,,20,2026-06-07\n[contracts]\ncontract,customer,item,unit_price,pool\nc,K,A,6000000,state\n"
        f"{TRANCHES}T,state,payer,100000000,2026-06-01,,,,,,,,\n"
    )
    assert delivered(run) == [("2026-06-07", pytest.approx(16.666667))]
    assert closing(run, "state") == [-2, -2, -2, -2]
