"""Orders in lots, part deliveries and shipments, worked out by hand: in whole numbers, and rounded as large plans are."""

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tandemplan.audit import audit
from tandemplan.model.schema import Demand, Lane, Offer
from tandemplan.plan import PlanOptions, plan, whole_orders
from tandemplan.results.store import write_run
from tandemplan.testing.programmes import programmes

from .solved import amounts, rows, values

BOTH = pytest.mark.parametrize("most", [whole_orders.MOST_WHOLE, 0], ids=["whole", "rounded"])


@pytest.fixture(autouse=True)
def size(request, monkeypatch):
    """Whole numbers in the model, or none, so that its plan is rounded."""
    if "most" in request.fixturenames:
        monkeypatch.setattr(whole_orders, "MOST_WHOLE", request.getfixturevalue("most"))


@BOTH
def test_an_order_is_at_least_the_minimum_and_a_multiple(run, most):
    """8 are wanted: orders are at least 7, in fives, so 10, and 20 in all. The second week's order is not needed for its 2.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [offers]
    offer,item,unit_price,minimum_order_units,order_multiple_units
    O,A,2,7,5
    [demands]
    demand,item,quantity_units,due
    d1,A,6,2026-06-07
    d2,A,2,2026-06-14
    """
    assert rows(run, "classes", "value") == [(0,)]
    assert rows(run, "purchases", "receipt quantity") == [("2026-06-07", 10)]
    assert amounts(run) == {"purchases": 20}


@BOTH
def test_a_minimum_order_delays_a_delivery(run, most):
    """2 come a day, but in orders of 6: the window of 3 days holds one. d1 gets 2 of its 8 from the second order, 3 days later.

    A lot comes at once, and then its window is used up: 2 units x 3 days.

    start = 2026-06-01
    periods = 7 days
    [items]
    item
    A
    [offers]
    offer,item,minimum_order_units,order_multiple_units,capacity_units_per_week
    O,A,6,6,14
    [demands]
    demand,item,quantity_units,due
    d1,A,8,2026-06-01
    """
    assert rows(run, "classes", "value") == [(6,)]
    assert rows(run, "purchases", "receipt quantity") == [("2026-06-01", 6), ("2026-06-04", 6)]
    assert rows(run, "deliveries", "delivered quantity") == [("2026-06-01", 6), ("2026-06-04", 2)]


@BOTH
def test_parts_are_at_least_the_minimum_shipment_or_what_is_left(run, most):
    """2 come a week; d1 asks for 5 in parts of at least 3: 4 in the second week, the last 1 in the third. 4 x 7 + 1 x 14 = 42.

    Of any size, they would go as 2, 2 and 1: 28.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [offers]
    offer,item,capacity_units_per_week
    O,A,2
    [demands]
    demand,item,quantity_units,due,minimum_shipment_units
    d1,A,5,2026-06-07,3
    """
    assert rows(run, "deliveries", "delivered quantity") == [("2026-06-14", 4), ("2026-06-21", 1)]
    assert rows(run, "classes", "value") == [(42,)]


@BOTH
def test_a_demand_goes_at_once_where_the_minimum_is_all_of_it(run, most):
    """Two demands of 3 share 2 a week: 6 by the third week. One waits for its 3 until the second week, the other until the third.

    Of any size, 2 would be on time, 2 a week late, 2 two weeks: 42. Whole, 3 x 7 + 3 x 14 = 63.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [offers]
    offer,item,capacity_units_per_week
    O,A,2
    [demands]
    demand,item,quantity_units,due,minimum_shipment_units
    d1,A,3,2026-06-07,3
    d2,A,3,2026-06-07,3
    """
    assert [q for (q,) in rows(run, "deliveries", "quantity")] == [3, 3]
    assert rows(run, "classes", "value") == [(63,)]


@BOTH
def test_a_shipment_costs_once_a_day(run, most):
    """Two items leave on one day, one of them again a week later: 2 shipments at 30; the lane that nothing uses costs nothing.

    Holding one A for a week costs 100 x 365 / 365 x 7 / 365, so 0.70 a unit and week: 4 units a week earlier would cost 2.80.

    start = 2026-06-01
    periods = 2 weeks
    holding_per_year_share = 0.365
    [sites]
    site
    P
    [suppliers]
    supplier
    U
    [items]
    item,standard_cost
    A,1000
    B,1000
    [offers]
    offer,supplier,item
    OA,U,A
    OB,U,B
    [lanes]
    lane,from_place,to_site,shipment_cost
    L,U,P,30
    M,U,P,99
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,6,2026-06-07
    d2,P,B,6,2026-06-07
    d3,P,A,6,2026-06-14
    """
    assert rows(run, "classes", "value") == [(0,)]
    assert amounts(run) == {"shipments": 60}


EOQ = """
start = 2026-06-01
periods = 6 weeks
holding_per_year_share = 0.365
[sites]
site
P
[suppliers]
supplier
U
[items]
item,standard_cost
A,100
[offers]
offer,supplier,item
O,U,A
[lanes]
lane,from_place,to_site,shipment_cost
L,U,P,{cost}
[demands]
demand,site,item,quantity_units,due
{demands}
"""


@pytest.mark.parametrize("cost", [1, 4, 15, 60])
def test_shipments_balance_holding_as_in_every_choice_of_weeks(planned, cost):
    """One unit held a week costs 100 x 0.365 x 7 / 365 = 0.70. Of the 32 choices of weeks to order in, the cheapest is planned."""
    wanted = (5, 2, 7, 1, 3, 6)
    demands = "\n".join(f"d{k},P,A,{q},2026-06-{7 + 7 * k:02d}" for k, q in enumerate(wanted[:4]))
    demands += "\n" + "\n".join(f"d{k},P,A,{wanted[k]},2026-07-{(k - 4) * 7 + 5:02d}" for k in (4, 5))
    run = planned(EOQ.format(cost=cost, demands=demands))
    assert values(run) == [0]
    best, found = min(_costs(wanted, cost)), run.info["objective"]
    assert found["bound"] <= best * (1 + 1e-6)
    assert found["value"] == pytest.approx(best, rel=1e-3)


def _costs(wanted, cost):
    for choice in product((False, True), repeat=len(wanted) - 1):
        held, last = 0.0, 0
        for week, order in enumerate((True, *choice)):
            last = week if order else last
            held += 0.7 * wanted[week] * (week - last)
        yield held + cost * (1 + sum(choice))


@BOTH
def test_orders_wait_until_a_store_has_room(run, most):
    """A store of 5 holds one order of 4 and 1 more; 3 go each week. An order comes when what lies there leaves room for it.

    Week 0: 4 come, 3 go, 1 lies; week 1: 4 come, 3 go, 2 lie; week 2: 4 come, 3 go, 3 lie (4 more would not fit beside 2, of any size).

    start = 2026-06-01
    periods = 3 weeks
    [sites]
    site,storage_m3
    P,5
    [items]
    item,volume_m3
    A,1
    [offers]
    offer,item,site,unit_price,minimum_order_units,order_multiple_units
    O,A,P,1,4,4
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,3,2026-06-07
    d2,P,A,3,2026-06-14
    d3,P,A,3,2026-06-21
    """
    assert rows(run, "classes", "value") == [(0,)]
    assert rows(run, "purchases", "quantity") == [(4,), (4,), (4,)]
    assert rows(run, "stock", "closing") == [(1,), (2,), (3,)]


def sized(programme, chance):
    """Return a programme whose offers have minimums and multiples, demands minimum shipments, and lanes costs per shipment, by chance."""
    offers, demands, lanes = programme[Offer], programme[Demand], programme[Lane]
    pairs = np.array(
        [chance.choice(((0, 0), (4, 0), (0, 3), (7, 5), (2, 2))) for _ in range(len(offers))], dtype=float
    ).reshape(-1, 2)
    shares = np.array([chance.choice((0.0, 0.3, 1.0)) for _ in range(len(demands))])
    cost = np.array([chance.choice((0.0, 20.0)) for _ in range(len(lanes))], dtype=float)
    return programme.replace(
        offers.with_column("minimum_order_units", pairs[:, 0]).with_column("order_multiple_units", pairs[:, 1]),
        demands.with_column("minimum_shipment_units", demands.quantity_units * shares),
        lanes.with_column("shipment_cost", cost),
    )


@BOTH
@settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(programme=programmes(), seed=st.integers(0, 2**32 - 1))
def test_plans_of_random_programmes_keep_sizes(tmp_path_factory, most, programme, seed):
    """The audit knows the sizes. (An offer may send a smallest order at once, so the plain programme is no bound on this one.)"""
    made = sized(programme, random.Random(seed))
    run = plan(made, PlanOptions(gap=0.05))
    assume(run.info["status"] in ("optimal", "feasible"))
    found = audit(write_run(run, made, tmp_path_factory.mktemp("sizes") / "run"))
    assert found.findings == ()
