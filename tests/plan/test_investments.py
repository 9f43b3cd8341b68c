"""Stations and tool sets bought: in time, when they serve a class or pay, no more than there is place for. `docs/semantics.md`, Stations and tools."""

import pytest

from .solved import amounts, rows, values

COLUMNS = "resource kind ordered usable units cost"


def test_stations_are_bought_that_serve_a_class(run):
    """X takes 24 hours: 7 a week on one station. 35 are due at the end of week 2: 21 of one station, 7 of each more in week 2.

    A station takes 10 days, so that none can be used before week 2, on day 14, ordered on day 4. Two of the three for which there
    is place do it.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,plateau_hours
    X,W,24
    [work_centres]
    work_centre,stations,most_stations,station_price,station_lead_days
    W,1,4,1000,9.5
    [demands]
    demand,item,quantity_units,due
    d1,X,35,2026-06-21
    """
    assert values(run) == [0]
    assert rows(run, "investments", COLUMNS) == [("W", "work centre", "2026-06-05", "2026-06-15", 2, 2000)]
    assert amounts(run) == {"investments": 2000}
    assert rows(run, "load", "available_hours") == [(168,), (168,), (504,), (504,)]


PAYS = """
start = 2026-06-01
periods = 3 weeks
holding_per_year_share = 0.365
discount_per_year_share = 0.1
[items]
item,standard_cost
X,1000
[operations]
item,work_centre,plateau_hours
X,W,24
[work_centres]
work_centre,stations,most_stations,station_price,station_lead_days
W,1,9,{price},7
[demands]
demand,item,quantity_units,due
d1,X,14,2026-06-21
"""


@pytest.mark.parametrize(("price", "bought"), [(48, 1), (50, 0)])
def test_a_station_is_bought_exactly_when_it_pays(planned, price, bought):
    """14 X are due at the end of week 2, and 7 can be made a week: 7 lie for a week, at 1,000 x 0.365 x 7/365 = 7 each.

    One station more spares these 49, paid on day 14. It is paid on day 7: 48 there are worth less than 49 a week later, 50 more.
    """
    run = planned(PAYS.format(price=price))
    assert values(run) == [0]
    assert amounts(run) == ({"investments": 48} if bought else {"holding": 49})
    present = run.tables["costs"]["present_amount"].sum()
    assert present == pytest.approx(48 / 1.1 ** (7 / 365) if bought else 49 / 1.1 ** (14 / 365), abs=0.005)


def test_sets_are_bought_up_to_the_most_and_the_most_is_a_limit(run):
    """A takes 42 hours of T: 4 a week on a set. A chosen option brings a second set in week 1; 3.5 is the most: 1 is bought.

    It opens on Thursday of week 0 and is ordered 2 days before its week: week 1 is the first. In week 0, 4 of 7 days: 16/7 of A,
    then 12 a week. 28 are due on day 6: 16/7 on time, 12 a week late, 12 two weeks, 12/7 three: 7 x 12 + 14 x 12 + 21 x 12/7.
    One more set, from week 1 on, would make 4 more in weeks 1 and 2: 8 units a week sooner than that, and the last 12/7 too.

    start = 2026-06-01
    periods = 5 weeks
    [items]
    item
    A
    [operations]
    item,tool,tool_hours
    A,T,42
    [tools]
    tool,sets,most_sets,set_price,lead_days,opens_after
    T,1,3.5,10,2,t
    [tasks]
    task,duration_days
    t,3
    [options]
    option,chosen,changes
    o,2026-06-08,tools[T].sets += 1
    [demands]
    demand,item,quantity_units,due
    d1,A,28,2026-06-07
    """
    assert values(run) == [84 + 168 + 36]
    assert rows(run, "investments", COLUMNS) == [("T", "tool", "2026-06-06", "2026-06-08", 1, 10)]
    assert rows(run, "load", "available_hours") == [(96,), (504,), (504,), (504,), (504,)]
    assert rows(run, "limits", "what name period_start unit", family="bought sets", stage="class 1 firm") == [
        ("capacity", "T", "2026-06-08", "sets")
    ]


def test_a_stop_stops_what_is_bought_too(run):
    """W has 24 hours a day and makes 1 A a day; a station is ordered at once, and both stand still from day 7 to 13.

    14 are wanted on day 6: two stations make 14 in week 0.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,plateau_hours
    A,W,24
    [work_centres]
    work_centre,stations,most_stations
    W,1,2
    [risks]
    risk,date,duration_days,changes
    r,2026-06-08,7,work_centres[W].stations *= 0
    [demands]
    demand,item,quantity_units,due
    d1,A,14,2026-06-07
    """
    assert values(run) == [0]
    assert rows(run, "load", "available_hours") == [(336,), (0,)]
    assert rows(run, "investments", COLUMNS) == [("W", "work centre", "2026-06-01", "2026-06-01", 1, 0)]


@pytest.mark.parametrize("most", ["", "1", "1.9", "0"])
def test_nothing_is_bought_where_there_is_no_place(planned, most):
    """A blank most, or one below the next whole station, is no place for another."""
    run = planned(f"""
        start = 2026-06-01
        periods = 1 week
        [items]
        item
        A
        [operations]
        item,work_centre,plateau_hours
        A,W,24
        [work_centres]
        work_centre,stations,most_stations
        W,{"0" if most == "0" else "1"},{most}
        [demands]
        demand,item,quantity_units,due
        d1,A,14,2026-06-07
        """)
    assert len(run.tables["investments"]["resource"]) == 0
    assert run.tables["load"]["available_hours"].sum() == (0 if most == "0" else 168)


def test_stations_are_whole_where_a_part_would_do(run):
    """10 A are wanted and a station makes 7 in the week: one whole station more, though 3/7 of it would do.

    start = 2026-06-01
    periods = 1 week
    [items]
    item
    A
    [operations]
    item,work_centre,plateau_hours
    A,W,24
    [work_centres]
    work_centre,stations,most_stations,station_price
    W,1,5,100
    [demands]
    demand,item,quantity_units,due
    d1,A,10,2026-06-07
    """
    assert values(run) == [0]
    assert rows(run, "investments", COLUMNS) == [("W", "work centre", "2026-06-01", "2026-06-01", 1, 100)]
