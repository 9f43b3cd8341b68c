"""Lots that are set up whole, each worked out by hand."""

from .solved import amounts, rows, stage, values


def test_stock_is_weighed_against_set_ups(run):
    """A set-up costs 100, a unit held for a week 365 x 7/365 = 7; 10, 5 and 30 are due.

    One lot of 15 and one of 30: 200 + 5 x 7 = 235. Three lots: 300. One lot: 100 + 35 + 30 x 14 = 555. 10 and 35: 200 + 210.
    Wagner and Whitin 1958, Management Science 5(1).

    start = 2026-06-01
    periods = 3 weeks
    holding_per_year_share = 1
    [items]
    item,standard_cost
    A,365
    [operations]
    item,work_centre,setup_cost,plateau_hours
    A,W,100,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d1,A,10,2026-06-07
    d2,A,5,2026-06-14
    d3,A,30,2026-06-21
    """
    assert values(run) == [0]
    assert stage(run, "cost") == 235
    assert rows(run, "production", "started setups setup_cost") == [(15, 1, 100), (30, 1, 100)]
    assert amounts(run) == {"setups": 200, "holding": 35}


def test_set_ups_take_hours_from_units(run):
    """W has 168 hours a week. Two set-ups of 68 leave 32, for 3.2 units of 10 hours; one leaves 100, for 10.

    So 10 A and 10 B are there after two weeks only if each has a week of its own; in one week it would be 6.4 of 20 in all.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    B
    [operations]
    item,work_centre,setup_hours,plateau_hours
    A,W,68,10
    B,W,68,10
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d1,A,10,2026-06-14
    d2,B,10,2026-06-14
    """
    assert values(run) == [0]
    assert sorted(rows(run, "production", "item started setups")) == [("A", 10, 1), ("B", 10, 1)]
    assert rows(run, "load", "used_hours") == [(168,), (168,)]


def test_least_lots_and_multiples_are_kept(run):
    """A lot of A is at least 6 and a multiple of 4: 5 asked for are 8 made, and 3 are left. The set-up takes 2 hours: 8 + 2.

    start = 2026-06-01
    periods = 1 week
    [items]
    item
    A
    [operations]
    item,step,work_centre,setup_hours,lot_units,plateau_hours,minimum_lot_units,lot_multiple_units
    A,10,W,2,5,1,6,0
    A,20,V,0,,1,0,4
    [work_centres]
    work_centre
    W
    V
    [demands]
    demand,item,quantity_units,due
    d1,A,5,2026-06-07
    """
    assert values(run) == [0]
    assert rows(run, "production", "started setups") == [(8, 1)]
    assert rows(run, "load", "resource used_hours") == [("V", 8), ("W", 10)]
    assert rows(run, "stock", "closing") == [(3,)]


def test_a_usual_lot_spreads_its_set_up(run):
    """5 A at (2 hours and 8) / 4 for each unit: 5 x (1 + 0.5) hours and 10 of cost, and no set-up is counted.

    start = 2026-06-01
    periods = 1 week
    [items]
    item
    A
    [operations]
    item,work_centre,setup_hours,setup_cost,lot_units,plateau_hours
    A,W,2,8,4,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due
    d1,A,5,2026-06-07
    """
    assert rows(run, "production", "started setups setup_cost") == [(5, 0, 10)]
    assert rows(run, "load", "used_hours") == [(7.5,)]
    assert amounts(run) == {"setups": 10}


def test_classes_come_before_the_cost_of_set_ups(run):
    """d1 is on time at any price: one lot of 2, of which 1 is held for a week at 70, costs less than two lots at 100.

    start = 2026-06-01
    periods = 2 weeks
    holding_per_year_share = 1
    [items]
    item,standard_cost
    A,3650
    [operations]
    item,work_centre,setup_cost,plateau_hours
    A,W,100,1
    [work_centres]
    work_centre
    W
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price,damages_per_week_share,damages_cap_share
    c,K,A,3000,0.01,1
    [demands]
    demand,contract,quantity_units,due
    d1,c,1,2026-06-07
    d2,c,1,2026-06-14
    """
    assert values(run) == [0]
    assert stage(run, "cost") == 170
    assert amounts(run) == {"setups": 100, "holding": 70}


def test_cost_alone_lets_a_demand_wait_for_its_lot(run):
    """A week late costs 3000 x 0.01 = 30, less than a week in stock (70) or a second lot (100).

    start = 2026-06-01
    periods = 2 weeks
    objective = cost
    holding_per_year_share = 1
    [items]
    item,standard_cost
    A,3650
    [operations]
    item,work_centre,setup_cost,plateau_hours
    A,W,100,1
    [work_centres]
    work_centre
    W
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price,damages_per_week_share,damages_cap_share
    c,K,A,3000,0.01,1
    [demands]
    demand,contract,quantity_units,due
    d1,c,1,2026-06-07
    d2,c,1,2026-06-14
    """
    assert [s["stage"] for s in run.info["objective"]["stages"]] == ["cost"]
    assert stage(run, "cost") == 130
    assert amounts(run) == {"setups": 100, "damages": 30}
    assert rows(run, "classes", "late value bound") == [(1, 7, 0)]
