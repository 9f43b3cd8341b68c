"""What production uses, yields and takes, each worked out by hand."""

from .solved import amounts, rows, values


def test_kits_early_full_build_later(run):
    """X is made of a kit (100) until 06-14, and of 2 parts at 20 from 06-15 on: 100 + 40 = 140.

    Stock costs money, so that each X is made on the day it is due.

    start = 2026-06-01
    periods = 28 days
    holding_per_year_share = 0.1
    [items]
    item,kind,standard_cost
    X,product,1000
    K,kit,100
    P,part,20
    [bom]
    parent,alternative,component,quantity_units,rank,from_date,to_date
    X,kit,K,1,1,,2026-06-14
    X,full,P,2,2,2026-06-15,
    [operations]
    item,work_centre,plateau_hours
    X,W,1
    [work_centres]
    work_centre
    W
    [offers]
    offer,item,unit_price
    O1,K,100
    O2,P,20
    [demands]
    demand,item,quantity_units,due
    d1,X,1,2026-06-10
    d2,X,1,2026-06-20
    """
    assert values(run) == [0]
    assert rows(run, "production", "route alternative end started") == [
        ("X|kit", "kit", "2026-06-10", 1),
        ("X|full", "full", "2026-06-20", 1),
    ]
    assert amounts(run) == {"purchases": 140}


def test_an_alternative_has_its_own_steps_and_opening(run):
    """`full` has a row of step 10 of its own, of 5 hours instead of 8, and its line opens after t1, on day 10.

    d1, due on day 2, is made by `kit` in 8 + 1 hours, d2, due on day 12, by `full` in 5 + 1, for its parts are cheaper.

    start = 2026-06-01
    periods = 14 days
    holding_per_year_share = 0.1
    [items]
    item,kind,standard_cost
    X,product,1000
    K,kit,100
    P,part,20
    [bom]
    parent,alternative,component,opens_after
    X,kit,K,
    X,full,P,t1
    [operations]
    item,alternative,step,work_centre,plateau_hours
    X,,10,W,8
    X,full,10,W,5
    X,,20,W,1
    [work_centres]
    work_centre
    W
    [offers]
    offer,item,unit_price
    O1,K,100
    O2,P,20
    [tasks]
    task,duration_days
    t1,10
    [demands]
    demand,item,quantity_units,due
    d1,X,1,2026-06-03
    d2,X,1,2026-06-13
    """
    assert values(run) == [0]
    assert rows(run, "production", "alternative end") == [("kit", "2026-06-03"), ("full", "2026-06-13")]
    assert rows(run, "load", "used_hours", period_start="2026-06-03") == [(9,)]
    assert rows(run, "load", "used_hours", period_start="2026-06-13") == [(6,)]


def test_scrap_yield_rework_and_set_up(run):
    """A start uses 2 x 1.25 = 2.5 A. Step 10 lets 0.8 + 0.2 x 0.5 = 0.9 through, step 20 0.9 of these: 0.81 is good.

    Step 10 takes 2 + 3/6 + 0.2 x 0.5 x 5 = 3 hours of W, step 20 1 for each 0.9 entering: 3.9 of W, 0.9 of S, and
    0.9 x 0.5 = 0.45 of T. 8.1 are asked for: 10 starts, 25 A at 4, 39 hours, 1.9 scrapped.

    start = 2026-06-01
    periods = 1 week
    [items]
    item
    X
    A
    [bom]
    parent,component,quantity_units,scrap_share
    X,A,2,0.25
    [operations]
    item,step,work_centre,skill,tool,tool_hours,setup_hours,lot_units,plateau_hours,yield_mature_share,rework_share,rework_hours
    X,10,W,,,0,3,6,2,0.8,0.5,5
    X,20,W,S,T,0.5,0,1,1,0.9,0,0
    [work_centres]
    work_centre
    W
    [skills]
    skill,headcount,hours_per_week
    S,1,35
    [tools]
    tool
    T
    [offers]
    offer,item,unit_price
    O,A,4
    [demands]
    demand,item,quantity_units,due
    d1,X,8.1,2026-06-07
    """
    assert values(run) == [0]
    assert rows(run, "production", "started good scrapped") == [(10, 8.1, 1.9)]
    assert rows(run, "load", "resource used_hours") == [("W", 39), ("S", 9), ("T", 4.5)]
    assert amounts(run) == {"purchases": 100}


def test_the_first_unit_counts_where_nothing_is_learned(run):
    """With slope 1 every unit takes the first unit's 10 hours; B, made 9,999 times before, takes its plateau of 4.

    start = 2026-06-01
    periods = 1 week
    holding_per_year_share = 0.1
    [items]
    item,standard_cost
    A,10
    B,10
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,experience_units
    A,V,10,4,1,0
    B,W,10,4,0.9,9999
    [work_centres]
    work_centre
    V
    W
    [demands]
    demand,item,quantity_units,due
    d1,A,2,2026-06-07
    d2,B,2,2026-06-07
    """
    assert values(run) == [0]
    assert rows(run, "load", "resource used_hours") == [("V", 20), ("W", 8)]


def test_two_levels_at_two_sites(run):
    """P makes 2 A a day (12 hours each); the way to Q takes 1.2 days and 12 hours at the border: 1.7, so 2 days.

    A made on day 0 is part of an X made at Q on day 2. Of 4 X due on day 2, 2 are on time and 2 a day late: 2.
    Moves of 3 kg at 0.5: 4 x 1.5 = 6.

    start = 2026-06-01
    periods = 7 days
    holding_per_year_share = 0.1
    [sites]
    site
    P
    Q
    [items]
    item,weight_kg,standard_cost
    X,5,200
    A,3,100
    [bom]
    parent,component
    X,A
    [operations]
    item,site,work_centre,plateau_hours
    A,P,W,12
    X,Q,V,1
    [work_centres]
    work_centre,site
    W,P
    V,Q
    [crossings]
    crossing,delay_hours
    G,12
    [lanes]
    lane,from_place,to_site,transit_days,kg_cost,crossing
    L,P,Q,1.2,0.5,G
    [demands]
    demand,site,item,quantity_units,due
    d1,Q,X,4,2026-06-03
    """
    assert values(run) == [2]
    assert rows(run, "moves", "release receipt quantity cost") == [
        ("2026-06-01", "2026-06-03", 2, 3),
        ("2026-06-02", "2026-06-04", 2, 3),
    ]
    assert rows(run, "production", "end started", item="X") == [("2026-06-03", 2), ("2026-06-04", 2)]
    assert amounts(run) == {"transport": 6}


def test_receiving_and_delivering_take_hours(run):
    """D has 1 hour a day and takes 0.5 to receive an ordered unit, of which half is accepted: 1 good unit a day.

    E has 1 hour a day and takes 2 to deliver a unit: 0.5 a day. 2 are due on day 1, the first day on which they may be
    delivered: 0.5 on time, then 0.5 one, two and three days late: 3. D works 4 x 0.5 = 2 hours, E 2 x 2 = 4.

    start = 2026-06-01
    periods = 7 days
    [items]
    item
    A
    [operations]
    item,when,skill,plateau_hours
    A,receive,D,0.5
    A,deliver,E,2
    [skills]
    skill,headcount,hours_per_week
    D,1,7
    E,1,7
    [offers]
    offer,item,unit_price,acceptance_share
    O,A,1,0.5
    [demands]
    demand,item,quantity_units,due
    d1,A,2,2026-06-02
    """
    assert values(run) == [3]
    assert rows(run, "deliveries", "delivered quantity") == [
        ("2026-06-02", 0.5),
        ("2026-06-03", 0.5),
        ("2026-06-04", 0.5),
        ("2026-06-05", 0.5),
    ]
    used = run.tables["load"]["used_hours"]
    assert used[:7].sum() == 2
    assert used[7:].sum() == 4


def test_arriving_moves_are_received_too(run):
    """4 A lie at P; R at Q takes 12 of its 24 hours a day for each that arrives, so 2 a day, a day after dispatch.

    Of 4 due on day 1, 2 are on time and 2 a day late: 2.

    start = 2026-06-01
    periods = 7 days
    [sites]
    site
    P
    Q
    [items]
    item
    A
    [stock]
    site,item,quantity_units
    P,A,4
    [operations]
    item,site,when,work_centre,plateau_hours
    A,Q,receive,R,12
    [work_centres]
    work_centre,site
    R,Q
    [lanes]
    lane,from_place,to_site,transit_days
    L,P,Q,1
    [demands]
    demand,site,item,quantity_units,due
    d1,Q,A,4,2026-06-02
    """
    assert values(run) == [2]
    assert rows(run, "load", "used_hours")[:3] == [(0,), (24,), (24,)]


def test_tools_are_short(run):
    """One set of T is open 24 hours a day; A takes 48 of them: half a unit a day. Half of it is a day late: 0.5.

    start = 2026-06-01
    periods = 7 days
    [items]
    item
    A
    [operations]
    item,tool,tool_hours
    A,T,48
    [tools]
    tool
    T
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-06-01
    """
    assert values(run) == [0.5]
    assert rows(run, "load", "kind available_hours")[0] == ("tool", 24)


def test_a_component_without_supply_is_what_is_short(run):
    """X needs one A; 1 is in stock and the offer's first comes on day 5: of 2 X due on day 1, 1 is 4 days late: 4.

    start = 2026-06-01
    periods = 7 days
    [items]
    item
    X
    A
    [bom]
    parent,component
    X,A
    [operations]
    item,work_centre,plateau_hours
    X,W,1
    [work_centres]
    work_centre
    W
    [stock]
    item,quantity_units
    A,1
    [offers]
    offer,item,unit_price,lead_days
    O,A,10,5
    [demands]
    demand,item,quantity_units,due
    d1,X,2,2026-06-02
    """
    assert values(run) == [4]
    assert rows(run, "limits", "what name demands_hurt", stage="class 1 firm", period_start="2026-06-02") == [
        ("material", "A", 1)
    ]
