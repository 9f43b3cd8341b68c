"""Where goods come from: offers, lanes, licences, orders under way, each worked out by hand."""

import pytest

from .solved import amounts, rows, values

ORDER = "release shipped receipt quantity accepted"


def test_capacity_acceptance_and_lead_of_an_offer(run):
    """2.5 days of lead are 3; 7 units a week are 1 ordered unit a day, of which 0.8 are accepted and paid.

    2 are due on day 4. Days 3 and 4 bring 0.8 each, day 5 the last 0.4 (0.5 ordered), a day late: 0.4. At 10: 20.00.

    start = 2026-06-01
    periods = 14 days
    [items]
    item
    A
    [offers]
    offer,item,unit_price,lead_days,capacity_units_per_week,acceptance_share
    O,A,10,2.5,7,0.8
    [demands]
    demand,item,quantity_units,due
    d1,A,2,2026-06-05
    """
    assert values(run) == [0.4]
    assert rows(run, "purchases", ORDER) == [
        ("2026-06-01", "2026-06-04", "2026-06-04", 1, 0.8),
        ("2026-06-02", "2026-06-05", "2026-06-05", 1, 0.8),
        ("2026-06-03", "2026-06-06", "2026-06-06", 0.5, 0.4),
    ]
    assert amounts(run) == {"purchases": 20}


def test_an_offer_waits_for_its_qualification(run):
    """t1 ends on day 3, qualification takes 4.5 days more, so 5: first order on day 8, receipt on day 9: 7 days late.

    start = 2026-06-01
    periods = 14 days
    [items]
    item
    A
    [offers]
    offer,item,lead_days,qualified,qualification_days,opens_after
    O,A,1,no,4.5,t1
    [tasks]
    task,duration_days
    t1,3
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-06-03
    """
    assert values(run) == [7]
    assert rows(run, "purchases", ORDER) == [("2026-06-09", "2026-06-10", "2026-06-10", 1, 1)]


def test_an_offer_is_open_between_two_dates(run):
    """Orders are taken on days 4 to 7. d1 comes on day 5, 3 days late; d2, due on day 19, is ordered on day 7.

    Stock costs money, so that d2 is received only when it is due.

    start = 2026-06-01
    periods = 24 days
    holding_per_year_share = 0.1
    [items]
    item,standard_cost
    A,100
    [offers]
    offer,item,lead_days,from_date,to_date
    O,A,1,2026-06-05,2026-06-08
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-06-03
    d2,A,1,2026-06-20
    """
    assert values(run) == [3]
    assert rows(run, "purchases", "release receipt") == [("2026-06-05", "2026-06-06"), ("2026-06-08", "2026-06-20")]


def test_cost_picks_the_lane_where_time_allows(run):
    """Sea takes 10 days at 1 a kilogram, air 2 at 5. d1 is due on day 3 and flies; d2 is due on day 19 and sails.

    A unit weighs 2 kg: 10 + 2 = 12.

    start = 2026-06-01
    periods = 28 days
    [countries]
    country
    C
    [sites]
    site
    P
    [items]
    item,weight_kg
    A,2
    [suppliers]
    supplier,country
    U,C
    [offers]
    offer,supplier,item
    O,U,A
    [lanes]
    lane,from_place,to_site,transit_days,kg_cost
    air,C,P,2,5
    sea,U,P,10,1
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,1,2026-06-04
    d2,P,A,1,2026-06-20
    """
    assert values(run) == [0]
    assert sorted(rows(run, "purchases", "lane quantity")) == [("air", 1), ("sea", 1)]
    assert amounts(run) == {"transport": 12}


def test_a_lane_carries_so_many_kilograms(run):
    """28 kg a week are 4 kg a day, 2 units. Of 5 due on day 2, days 1 and 2 bring 2 each, day 3 the last: 1.

    start = 2026-06-01
    periods = 7 days
    [sites]
    site
    P
    [items]
    item,weight_kg
    A,2
    [suppliers]
    supplier
    U
    [offers]
    offer,supplier,item,unit_price
    O,U,A,10
    [lanes]
    lane,from_place,to_site,transit_days,capacity_kg_per_week
    L,U,P,1,28
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,5,2026-06-03
    """
    assert values(run) == [1]
    assert rows(run, "purchases", "shipped receipt quantity") == [
        ("2026-06-01", "2026-06-02", 2),
        ("2026-06-02", "2026-06-03", 2),
        ("2026-06-03", "2026-06-04", 1),
    ]
    assert rows(run, "limits", "name period_start worth unit", stage="class 1 firm", what="lane", family="lanes") == [
        ("L", f"2026-06-0{day}", 0.5, "kg") for day in (1, 2)
    ]


def test_hazardous_goods_take_only_lanes_that_allow_them(run):
    """The fast lane (1 day) takes no hazardous goods: H comes by the slow one on day 4, 2 days late; A is on time on day 1.

    start = 2026-06-01
    periods = 7 days
    [sites]
    site
    P
    [items]
    item,hazard
    A,no
    H,yes
    [suppliers]
    supplier
    U
    [offers]
    offer,supplier,item,unit_price
    O1,U,A,10
    O2,U,H,10
    [lanes]
    lane,from_place,to_site,transit_days,hazard_allowed
    fast,U,P,1,no
    slow,U,P,4,yes
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,1,2026-06-02
    d2,P,H,1,2026-06-03
    """
    assert values(run) == [2]
    assert rows(run, "purchases", "lane receipt", item="H") == [("slow", "2026-06-05")]
    assert rows(run, "purchases", "lane receipt", item="A") == [("fast", "2026-06-02")]


def test_a_licence_per_order_lengthens_the_lead(run):
    """A: 1.2 + 3.4 days to dispatch, so 5, and with transit 1.1 and 12 hours at the border 6.2, so 7: day 7, 4 days late.

    B needs no licence: 1.2 + 1.6 = 2.8, so 3: on time on day 3.

    start = 2026-06-01
    periods = 10 days
    [countries]
    country
    C
    H
    [sites]
    site,country
    P,H
    [items]
    item
    A
    B
    [suppliers]
    supplier,country
    U,C
    [offers]
    offer,supplier,item,lead_days
    O1,U,A,1.2
    O2,U,B,1.2
    [crossings]
    crossing,delay_hours
    G,12
    [lanes]
    lane,from_place,to_site,transit_days,crossing
    L,C,P,1.1,G
    [licences]
    licence,kind,items,from_places,to_places,processing_days
    permit,per order,A,C,H,3.4
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,1,2026-06-04
    d2,P,B,1,2026-06-04
    """
    assert values(run) == [4]
    assert rows(run, "purchases", "release shipped receipt", item="A") == [("2026-06-01", "2026-06-06", "2026-06-08")]
    assert rows(run, "purchases", "release shipped receipt", item="B") == [("2026-06-01", "2026-06-03", "2026-06-04")]


def test_a_standing_licence_closes_the_way_until_its_task_ends(run):
    """The licence is there on day 10, a day under way: day 11, 8 days late. B is not covered: on time.

    start = 2026-06-01
    periods = 14 days
    [countries]
    country
    C
    [sites]
    site
    P
    [items]
    item
    A
    B
    [suppliers]
    supplier,country
    U,C
    [offers]
    offer,supplier,item
    O1,U,A
    O2,U,B
    [lanes]
    lane,from_place,to_site,transit_days
    L,C,P,1
    [tasks]
    task,kind,duration_days
    permit,licence,10
    [licences]
    licence,task,items,from_places
    permit,permit,A,C
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,1,2026-06-04
    d2,P,B,1,2026-06-04
    """
    assert values(run) == [8]
    assert rows(run, "purchases", "shipped receipt", item="A") == [("2026-06-11", "2026-06-12")]


def test_orders_under_way_arrive_when_promised_or_at_once(run):
    """2 promised before the start are there on day 0 and on time; 3 come on day 9, 7 days late: 21.

    The offer's price is 4 and 3 are paid: 2 x 4 - 3 = 5; the other order has its own price: 3 x 5 = 15. Together 20.

    start = 2026-06-01
    periods = 14 days
    [items]
    item
    A
    [offers]
    offer,item,unit_price,from_date
    O,A,4,2026-06-14
    [open_orders]
    order,offer,item,quantity_units,promised,unit_price,paid_amount
    o1,O,A,2,2026-05-20,,3
    o2,,A,3,2026-06-10,5,0
    [demands]
    demand,item,quantity_units,due
    d1,A,5,2026-06-03
    """
    assert values(run) == [21]
    assert rows(run, "stock", "period_start open_orders")[0] == ("2026-06-01", 2)
    assert rows(run, "stock", "open_orders", period_start="2026-06-10") == [(3,)]
    assert amounts(run) == {"open_orders": 20}


def test_goods_wait_a_whole_day_for_part_of_one(planned):
    """A crossing makes the way 0.7 + delay / 24 days: 31.2 hours are exactly 2 days, a little more is 3.

    1 in stock at P is moved on day 0 and due at B on day 0.

    start = 2026-06-01
    periods = 7 days
    [sites]
    site
    P
    B
    [items]
    item
    A
    [stock]
    site,item,quantity_units
    P,A,1
    [crossings]
    crossing,delay_hours
    G,DELAY
    [lanes]
    lane,from_place,to_site,transit_days,crossing
    L,P,B,0.7,G
    [demands]
    demand,site,item,quantity_units,due
    d1,B,A,1,2026-06-01
    """
    model = test_goods_wait_a_whole_day_for_part_of_one.__doc__
    assert [values(planned(model.replace("DELAY", hours)))[0] for hours in ("31.2", "31.3")] == [2, 3]


def test_the_day_of_a_node_suits_the_days_on_which_goods_are_due(run):
    """Weeks: A is due at B each Friday, a lane from P takes 2 days, the offer to P 2 days from order.

    So A leaves P on Wednesdays and is ordered on Mondays: both demands are on time, and nothing lies anywhere.

    start = 2026-06-01
    periods = 2 weeks
    holding_per_year_share = 0.1
    [sites]
    site
    P
    B
    [items]
    item,standard_cost
    A,100
    [offers]
    offer,item,site,lead_days
    O,A,P,2
    [lanes]
    lane,from_place,to_site,transit_days
    L,P,B,2
    [demands]
    demand,site,item,quantity_units,due
    d1,B,A,1,2026-06-05
    d2,B,A,1,2026-06-12
    """
    assert values(run) == [0]
    assert rows(run, "purchases", "release receipt") == [("2026-06-01", "2026-06-03"), ("2026-06-08", "2026-06-10")]
    assert rows(run, "moves", "release receipt") == [("2026-06-03", "2026-06-05"), ("2026-06-10", "2026-06-12")]
    assert amounts(run) == {}


@pytest.mark.parametrize(("opens", "received"), [("no task", "2026-06-03"), ("t1", "2026-06-06")])
def test_a_site_receives_nothing_before_it_opens(planned, opens, received):
    """t1 ends on day 5. An order of 2 days is there on day 2, or, when the site waits for t1, on day 5.

    start = 2026-06-01
    periods = 10 days
    [sites]
    site,opens_after
    P,OPENS
    [items]
    item
    A
    [offers]
    offer,item,site,lead_days
    O,A,P,2
    [tasks]
    task,duration_days
    t1,5
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,1,2026-06-01
    """
    model = test_a_site_receives_nothing_before_it_opens.__doc__
    run = planned(model.replace("OPENS", "" if opens == "no task" else opens))
    assert rows(run, "purchases", "receipt") == [(received,)]
