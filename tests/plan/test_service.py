"""Who is served when: hours that are short, classes, certainty, lateness and loss, each worked out by hand."""

import pytest

from .solved import rows, stage, values

SERVED = "demand delivered quantity"


def test_hours_are_short(run):
    """A takes 84 of the 168 hours of a week, so 2 a week are made, each Sunday.

    Of the 5 due on the first Sunday 2 are on time, 2 are 7 days late, 1 is 14 days late: 14 + 14 = 28.

    What it costs to hold stock keeps W from making more than is asked for.

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
    [demands]
    demand,item,quantity_units,due
    d1,A,5,2026-06-07
    """
    assert values(run) == [28]
    assert rows(run, "deliveries", SERVED) == [
        ("d1", "2026-06-07", 2),
        ("d1", "2026-06-14", 2),
        ("d1", "2026-06-21", 1),
    ]
    assert rows(run, "load", "available_hours used_hours") == [(168, 168), (168, 168), (168, 84), (168, 0)]
    assert rows(run, "load", "worth_per_hour")[0] == (pytest.approx(14 / 84),)  # 1/84 A two weeks earlier
    assert rows(run, "demand_summary", "on_time late lost last_delivery") == [(2, 3, 0, "2026-06-21")]


def test_classes_are_served_strictly_in_order(run):
    """2 a week are made. Class 1 asks for 2 by the second Sunday and has them on time, whatever class 2 weighs.

    Class 2 asks for 4 by the first Sunday, a thousand times heavier: 2 are on time, the second week is class 1's, and
    the other 2 are 14 days late: 2 x 14 x 1000 = 28000.

    start = 2026-06-01
    periods = 3 weeks
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
    [demands]
    demand,customer,item,quantity_units,due,weight_factor
    d1,K1,A,2,2026-06-14,1
    d2,K2,A,4,2026-06-07,1000
    """
    assert values(run) == [0, 28000]
    assert rows(run, "classes", "demand_class late_unit_days") == [(1, 0), (2, 28)]
    assert rows(run, "demand_summary", "demand on_time late") == [("d1", 2, 0), ("d2", 2, 2)]


def test_firm_before_option_before_forecast(run):
    """1 a week is made; a firm demand, an option and a forecast of one class ask for 1 each by the first Sunday.

    They are served in this order, though the forecast weighs 100: 0 + 7 + 14 x 100 = 1407.

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
    contract,customer,item,certainty
    c1,K,A,forecast
    c2,K,A,option
    c3,K,A,firm
    [demands]
    demand,contract,quantity_units,due,weight_factor
    d1,c1,1,2026-06-07,100
    d2,c2,1,2026-06-07,1
    d3,c3,1,2026-06-07,1
    """
    assert values(run) == [1407]
    assert rows(run, "deliveries", SERVED) == [
        ("d3", "2026-06-07", 1),
        ("d2", "2026-06-14", 1),
        ("d1", "2026-06-21", 1),
    ]
    assert [stage(run, f"class 1 {c}") for c in ("firm", "option", "forecast")] == [0, 7, 1400]


def test_the_heavier_goes_first_inside_a_class(run):
    """1 a week is made; d2 weighs 3 days a day and is on time, d1 is 7 days late: 7 (the other order would cost 21).

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,plateau_hours
    A,W,168
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d1,A,1,2026-06-07,1
    d2,A,1,2026-06-07,3
    """
    assert values(run) == [7]
    assert rows(run, "deliveries", SERVED) == [("d2", "2026-06-07", 1), ("d1", "2026-06-14", 1)]


def test_a_lost_unit_is_late_until_the_end_and_one_longest_period(run):
    """2 weeks and a month from 06-15 to 07-15 are 44 days, the longest period has 30, d1 is due on day 6.

    One of 2 is in stock, nothing ever comes: 44 + 30 - 6 = 68 days for the other.

    start = 2026-06-01
    periods = 2 weeks, 1 month
    [items]
    item
    A
    [stock]
    item,quantity_units
    A,1
    [demands]
    demand,item,quantity_units,due
    d1,A,2,2026-06-07
    """
    assert values(run) == [68]
    assert rows(run, "demand_summary", "on_time late lost late_unit_days") == [(1, 0, 1, 68)]


def test_after_its_latest_day_a_demand_is_lost(run):
    """The 3 on order come on day 9. d1 is wanted until day 8 and lost: 14 + 1 - 2 = 13 days; d2 is 7 days late, d3 5.

    start = 2026-06-01
    periods = 14 days
    [items]
    item
    A
    [open_orders]
    order,item,quantity_units,promised
    o1,A,3,2026-06-10
    [demands]
    demand,item,quantity_units,due,latest
    d1,A,1,2026-06-03,2026-06-09
    d2,A,1,2026-06-03,2026-06-10
    d3,A,1,2026-06-05,
    """
    assert values(run) == [13 + 7 + 5]
    assert rows(run, "demand_summary", "demand late lost late_unit_days") == [
        ("d1", 0, 1, 13),
        ("d2", 1, 0, 7),
        ("d3", 1, 0, 5),
    ]


@pytest.mark.parametrize(
    ("policy", "demanded", "value"), [("all", 7, 8 * 4), ("expected", 1 + 0.5 * 4 + 0.25 * 2, 8 * 0.5), ("firm", 1, 0)]
)
def test_uncertain_demand(planned, policy, demanded, value):
    """3 are in stock; 1 is firm, 4 are an option taken with 0.5, 2 a forecast that comes with 0.25.

    A lost unit is late by 7 + 7 - 6 = 8 days. All: 4 of 7 are lost. Expected: 1 + 2 + 0.5 are asked for, 0.5 lost.
    Firm: 1.

    start = 2026-06-01
    periods = 1 week
    uncertain_demand = POLICY
    [items]
    item
    A
    [stock]
    item,quantity_units
    A,3
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,certainty,probability
    c1,K,A,firm,1
    c2,K,A,option,0.5
    c3,K,A,forecast,0.25
    [demands]
    demand,contract,quantity_units,due
    d1,c1,1,2026-06-07
    d2,c2,4,2026-06-07
    d3,c3,2,2026-06-07
    """
    run = planned(test_uncertain_demand.__doc__.replace("POLICY", policy))
    assert values(run) == [value]
    assert rows(run, "classes", "demanded") == [(demanded,)]


def test_a_short_programme_in_days(run):
    """A sortie day: 24 hours of W a day make 2 A; 5 are due on the first day: 2 on time, 2 a day late, 1 two days late: 4.

    start = 2026-06-01
    periods = 4 days
    holding_per_year_share = 0.1
    [items]
    item,standard_cost
    A,10
    [operations]
    item,work_centre,plateau_hours
    A,W,12
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d1,A,5,2026-06-01
    """
    assert values(run) == [4]
    assert rows(run, "production", "end started") == [("2026-06-01", 2), ("2026-06-02", 2), ("2026-06-03", 1)]


def test_a_demand_due_before_the_start_is_late_from_its_due_day(run):
    """d1 was due 3 days before the start; its unit is in stock and goes on the first day, 3 days late.

    start = 2026-06-01
    periods = 3 days
    [items]
    item
    A
    [stock]
    item,quantity_units
    A,1
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-05-29
    """
    assert values(run) == [3]
    assert rows(run, "deliveries", "delivered late_days") == [("2026-06-01", 3)]


def test_weeks_then_months(run):
    """A takes 24 hours, one a day: 7 in the week, 30 in the month to 07-08, 31 in the month to 08-08.

    The node's day is the Sunday, day 6 of its period: 06-07, 06-14, 07-14. Of 40 due on 06-07, 7 are on time, 30 are
    7 days late, 3 are 37 days late: 210 + 111 = 321.

    start = 2026-06-01
    periods = 1 week, 2 months
    [items]
    item
    A
    [operations]
    item,work_centre,plateau_hours
    A,W,24
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d1,A,40,2026-06-07
    """
    assert values(run) == [321]
    assert rows(run, "load", "period_start available_hours") == [
        ("2026-06-01", 168),
        ("2026-06-08", 720),
        ("2026-07-08", 744),
    ]
    assert rows(run, "deliveries", SERVED) == [
        ("d1", "2026-06-07", 7),
        ("d1", "2026-06-14", 30),
        ("d1", "2026-07-14", 3),
    ]
