"""Stock, room and money, each worked out by hand."""

import pytest

from .solved import amounts, rows, stage, values


def test_safety_stock_is_built_after_demand(run):
    """3 come a week, 2 are due: 1 and 2 are left, where 5 should lie. (4 + 3) x 7 days x 10 = 490.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item,standard_cost
    A,10
    [offers]
    offer,item,unit_price,capacity_units_per_week
    O,A,8,3
    [stock_policies]
    item,safety_units
    A,5
    [demands]
    demand,item,quantity_units,due
    d1,A,2,2026-06-07
    d2,A,2,2026-06-14
    """
    assert values(run) == [0]
    assert stage(run, "stock") == 490
    assert rows(run, "stock_targets", "safety closing shortfall excess") == [(5, 1, 4, 0), (5, 2, 3, 0)]
    assert amounts(run) == {"purchases": 48}


def test_stock_covers_coming_use(run):
    """10 days of use should lie: all of the next week's 7, and 3 of 7 days of the week after's 14, so 13, then 14.

    What lies costs 10 x 0.365 x 7 / 365 = 0.07 a unit and week: 0.91 and 0.98. Nothing is wanted after the third week.

    start = 2026-06-01
    periods = 3 weeks
    holding_per_year_share = 0.365
    [items]
    item,standard_cost
    A,10
    [offers]
    offer,item
    O,A
    [stock_policies]
    item,safety_days
    A,10
    [demands]
    demand,item,quantity_units,due
    d1,A,7,2026-06-14
    d2,A,14,2026-06-21
    """
    assert values(run) == [0]
    assert stage(run, "stock") == 0
    assert rows(run, "stock_targets", "safety closing") == [(13, 13), (14, 14), (0, 0)]
    assert amounts(run) == {"holding": 1.89}


def test_too_much_stock_is_missed_as_well(run):
    """5 arrive where 2 may lie: 3 too many for a week of 7 days at 10: 210. In the second week 4 go: 1 is left.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item,standard_cost
    A,10
    [open_orders]
    order,item,quantity_units,promised
    o1,A,5,2026-06-01
    [stock_policies]
    item,most_units
    A,2
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-14
    """
    assert values(run) == [0]
    assert stage(run, "stock") == 210
    assert rows(run, "stock_targets", "closing excess") == [(5, 3), (1, 0)]


def test_most_cover_and_a_standard_cost_of_0(run):
    """4 are used in the second week, so 14 days of use are 4 (the week after brings none): 6 lie, 2 too many.

    In the second week 2 are left and nothing is coming: 2 too many again. Without a standard cost a unit counts 1:
    (2 + 2) x 7 = 28.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [stock]
    item,quantity_units
    A,6
    [stock_policies]
    item,most_days
    A,14
    [demands]
    demand,item,quantity_units,due
    d1,A,4,2026-06-14
    """
    assert values(run) == [0]
    assert stage(run, "stock") == 28
    assert rows(run, "stock_targets", "closing excess") == [(6, 2), (2, 2)]


def test_damages_and_their_cap(run):
    """1 a week is made, 4 are due on the first Sunday, price 100, damages 10 % a week, 15 % at most.

    7 days late: 10. 14 days late: 15, not 20. Lost: 15 and the price. Damages 40, lost revenue 100. Days late: 7 + 14
    + (21 + 7 - 6 = 22) = 43.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,plateau_hours
    A,W,168
    [work_centres]
    work_centre
    W
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price,damages_per_week_share,damages_cap_share
    c,K,A,100,0.1,0.15
    [demands]
    demand,contract,quantity_units,due
    d1,c,4,2026-06-07
    """
    assert values(run) == [43]
    assert rows(run, "deliveries", "late_days damages") == [(0, 0), (7, 10), (14, 15)]
    assert rows(run, "demand_summary", "lost damages lost_revenue") == [(1, 40, 100)]
    assert amounts(run) == {"damages": 40, "lost_revenue": 100}


def test_damages_decide_between_equal_days_late(run):
    """1 unit for two demands of one class that weigh the same; c1 pays damages and is served, c2's price of 5 is lost.

    A lost unit is late by 7 + 7 - 6 = 8 days.

    start = 2026-06-01
    periods = 1 week
    [items]
    item
    A
    [stock]
    item,quantity_units
    A,1
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price,damages_per_week_share
    c1,K,A,5,0.2
    c2,K,A,5,0
    [demands]
    demand,contract,quantity_units,due
    d1,c1,1,2026-06-07
    d2,c2,1,2026-06-07
    """
    assert values(run) == [8]
    assert rows(run, "demand_summary", "demand lost") == [("d1", 0), ("d2", 1)]
    assert amounts(run) == {"lost_revenue": 5}


def test_money_later_is_worth_less(run):
    """110 paid a year (365 days) after the start are worth 100 at 10 %; an early purchase would cost more.

    30 paid once at the start keep their worth; 12 a month in force on the first 73 days come to 12 x 12 x 73 / 365 =
    28.80, paid at the start of each week.

    start = 2026-06-01
    periods = 53 weeks
    discount_per_year_share = 0.1
    [items]
    item
    A
    [offers]
    offer,item,unit_price
    O,A,110
    [costs]
    cost,per,amount,date,to_date
    hall,once,30,2026-05-01,
    rent,month,12,,2026-08-12
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2027-06-01
    """
    rent = [12 * 12 / 365 * days * 1.1 ** (-7 * week / 365) for week, days in enumerate([7] * 10 + [3])]
    assert values(run) == [0]
    assert rows(run, "purchases", "receipt cost") == [("2027-06-01", 110)]
    assert rows(run, "costs", "amount present_amount", term="purchases") == [(110, 100)]
    assert rows(run, "costs", "amount present_amount", term="fixed") == [
        (pytest.approx(58.80), pytest.approx(30 + sum(rent), abs=0.0051))
    ]


def test_holding_to_the_cent(run):
    """3 units of 50 lie over the first two weeks of three: 3 x 50 x 0.2 x 7 / 365 = 0.5753, so 0.58 a week, 1.16.

    start = 2026-06-01
    periods = 3 weeks
    holding_per_year_share = 0.2
    [items]
    item,standard_cost
    A,50
    [open_orders]
    order,item,quantity_units,promised
    o1,A,3,2026-06-01
    [demands]
    demand,item,quantity_units,due
    d1,A,3,2026-06-21
    """
    assert values(run) == [0]
    assert rows(run, "stock", "closing holding_cost") == [(3, 0.58), (3, 0.58), (0, 0)]
    assert amounts(run) == {"holding": 1.16}


def test_holding_moves_purchases_to_the_day_of_use(run):
    """An offer without a lead brings the unit due in the third week in that week: nothing is held.

    start = 2026-06-01
    periods = 3 weeks
    holding_per_year_share = 0.2
    [items]
    item,standard_cost
    A,50
    [offers]
    offer,item,unit_price
    O,A,50
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-06-21
    """
    assert rows(run, "purchases", "release receipt") == [("2026-06-21", "2026-06-21")]
    assert amounts(run) == {"purchases": 50}


def test_little_room_keeps_stock_from_being_built(run):
    """2 a week are made and 4 are due on the second Sunday; there is room for 1: 3 on time, 1 a week late: 7.

    start = 2026-06-01
    periods = 3 weeks
    [sites]
    site,storage_m3
    P,0.5
    [items]
    item,volume_m3
    A,0.5
    [operations]
    item,site,work_centre,plateau_hours
    A,P,W,84
    [work_centres]
    work_centre,site
    W,P
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,4,2026-06-14
    """
    assert values(run) == [7]
    assert rows(run, "stock", "closing")[0] == (1,)
    assert rows(run, "limits", "name period_start worth unit", what="storage") == [("P", "2026-06-01", 14, "m3")]


@pytest.mark.parametrize(
    ("family", "limits", "unit", "short"),
    [("storage", "1,", "m3", 0.5), ("hazard storage", ",4", "kg", 2)],
)
def test_what_does_not_fit_is_a_conflict(planned, family, limits, unit, short):
    """4 of 0.5 m3 and 2 kg are in stock and 1 goes: 3 stay, 1.5 m3 and 6 hazardous kg, where 1 m3 or 4 kg fit.

    Nothing can be thrown away: no plan is feasible, and the limit that is too small is named.

    start = 2026-06-01
    periods = 1 week
    [sites]
    site,storage_m3,hazard_storage_kg
    P,LIMITS
    [items]
    item,volume_m3,weight_kg,hazard
    A,0.5,2,yes
    [stock]
    site,item,quantity_units
    P,A,4
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,1,2026-06-07
    """
    run = planned(test_what_does_not_fit_is_a_conflict.__doc__.replace("LIMITS", limits))
    assert run.info["status"] == "infeasible"
    assert run.tables == {}
    names = [(c["conflict"], c["family"], c["name"], c["violation"], c["unit"]) for c in run.info["conflicts"]]
    assert names == [(1, "opening stock", "P", 1, "units"), (1, family, "P", short, unit)]
    assert {(c["period_start"], c["period_end"]) for c in run.info["conflicts"]} == {("2026-06-01", "2026-06-07")}


def test_a_limit_that_is_open_for_a_while(run):
    """Room grows from 1 to 2 m3 when an option takes effect on day 7: the last day of a week counts, so week 1 holds 1.

    3 of 1 m3 are made in all, 1 a week at most kept in week 1, 2 in week 2: of 3 due on the third Sunday all are on time.

    start = 2026-06-01
    periods = 3 weeks
    [sites]
    site,storage_m3
    P,1
    [items]
    item,volume_m3
    A,1
    [operations]
    item,site,work_centre,plateau_hours
    A,P,W,168
    [work_centres]
    work_centre,site
    W,P
    [options]
    option,chosen,lead_days,changes
    shed,2026-06-01,7,sites[P].storage_m3 += 1
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,3,2026-06-21
    """
    assert values(run) == [0]
    assert rows(run, "stock", "closing") == [(1,), (2,), (0,)]


def test_what_is_relaxed_is_said(run):
    """A shelf life is no limit yet: the plan says so.

    start = 2026-06-01
    periods = 1 week
    [items]
    item,shelf_life_days
    A,30
    [offers]
    offer,item,unit_price
    O,A,2
    [demands]
    demand,item,quantity_units,due
    d1,A,6,2026-06-07
    """
    assert amounts(run) == {"purchases": 12}
    assert run.info["notes"] == ["Shelf life is not a limit yet."]
