"""Which hours are present and worked, each worked out by hand."""

import pytest

from .solved import amounts, rows, values


def test_holidays_weekends_and_weather(run):
    """The site works Monday to Friday, not on Wednesday 06-03, half of Saturday 06-06, and half days from 06-08 to 06-12.

    V, open round the clock, has 4 x 24 + 12 = 108 hours in the first week and 5 x 12 = 60 in the second. W has half of
    that on 06-04 and 06-05 for the weather: 84 and 60. S, 35 hours a week or 5 a day: 22.5 and 12.5. T, at W: as W.
    A takes 12 hours of W: 7 and 5. Of 12 due on the first Sunday 5 are a week late: 35.

    start = 2026-06-01
    periods = 2 weeks
    [calendars]
    calendar,kind,from_date,to_date,weekdays,factor
    site,week,,,Mon;Tue;Wed;Thu;Fri,
    site,exception,2026-06-03,2026-06-03,,0
    site,exception,2026-06-06,2026-06-06,,0.5
    site,factor,2026-06-08,2026-06-12,,0.5
    weather,factor,2026-06-04,2026-06-05,,0.5
    [sites]
    site,calendar
    P,site
    [items]
    item
    A
    [operations]
    item,site,work_centre,plateau_hours
    A,P,W,12
    [work_centres]
    work_centre,site,calendar
    V,P,
    W,P,weather
    [skills]
    skill,site,headcount,hours_per_week
    S,P,1,35
    [tools]
    tool,site,work_centre
    T,P,W
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,12,2026-06-07
    """
    assert values(run) == [35]
    assert rows(run, "load", "resource available_hours") == [
        ("V", 108), ("V", 60), ("W", 84), ("W", 60), ("S", 22.5), ("S", 12.5), ("T", 84), ("T", 60),
    ]  # fmt: skip


def test_shift_patterns_and_most_shifts(run):
    """Three shifts of 8 hours on 5 days: 120 hours a station and week. W has 2 stations, fit 0.9 of the time: 216.

    V counts 2 shifts at most: 80, and 2 sets of T at V 160. 10 people of 35 hours: 350. The second week, in days, has a
    fifth of each from Monday to Friday and nothing at the weekend.

    start = 2026-06-01
    periods = 1 week, 7 days
    [items]
    item
    A
    [stock]
    item,quantity_units
    A,1
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    three,3,5,8
    [work_centres]
    work_centre,stations,availability_share,most_shifts,shift_pattern
    V,1,1,2,three
    W,2,0.9,,three
    [skills]
    skill,headcount,hours_per_week,shift_pattern
    S,10,35,three
    [tools]
    tool,work_centre,sets
    T,V,2
    [demands]
    demand,item,quantity_units,due
    d1,A,1,2026-06-07
    """
    hours = {"V": 80, "W": 216, "S": 350, "T": 160}
    assert values(run) == [0]
    assert rows(run, "load", "resource available_hours") == [
        (r, h) for r, week in hours.items() for h in (week, *[week / 5] * 5, 0, 0)
    ]


def test_overtime_only_where_it_serves_a_class(run):
    """S has 40 hours a week and 8 of overtime at 30 x 1.2 x 1.5 = 54 an hour; A takes 8 hours: 5 a week, or 6.

    6 are due in the first week: 8 hours of overtime make the sixth in time. 4 are due in the second: none. 432.00.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,8
    [shift_patterns]
    shift_pattern,premium_share
    late,0.2
    [skills]
    skill,headcount,hours_per_week,overtime_hours_per_week,overtime_premium_share,hour_cost,shift_pattern
    S,1,40,8,0.5,30,late
    [demands]
    demand,item,quantity_units,due
    d1,A,6,2026-06-07
    d2,A,4,2026-06-14
    """
    assert values(run) == [0]
    assert rows(run, "load", "available_hours overtime_hours overtime_cost") == [(40, 8, 432), (40, 0, 0)]
    assert amounts(run) == {"overtime": 432, "wages": 2 * 40 * 36}


def test_overtime_is_not_worked_where_earlier_hours_are_free(run):
    """9 are due in the second week: 5 + 4 are made in normal hours over both, without overtime.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,8
    [skills]
    skill,headcount,hours_per_week,overtime_hours_per_week,hour_cost
    S,1,40,8,30
    [demands]
    demand,item,quantity_units,due
    d1,A,9,2026-06-14
    """
    assert values(run) == [0]
    assert rows(run, "load", "overtime_hours") == [(0,), (0,)]
    assert amounts(run) == {"wages": 2400}


def test_overtime_is_spread_like_the_hours(run):
    """On Wednesday, a holiday, S works neither its 8 hours nor its 2 of overtime: 10, 10, 0, 10, 10 in days of 5.

    A takes 10 hours, 5 are due on Monday: 0, 1, 3, 4 days late, and the last on the next Monday, 7: 15.

    start = 2026-06-01
    periods = 8 days
    [calendars]
    calendar,kind,from_date,to_date,factor
    own,exception,2026-06-03,2026-06-03,0
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,10
    [shift_patterns]
    shift_pattern
    day
    [skills]
    skill,headcount,hours_per_week,overtime_hours_per_week,shift_pattern,calendar
    S,1,40,10,day,own
    [demands]
    demand,item,quantity_units,due
    d1,A,5,2026-06-01
    """
    assert values(run) == [15]
    assert rows(run, "load", "available_hours")[:7] == [(8,), (8,), (0,), (8,), (8,), (0,), (0,)]
    assert rows(run, "load", "overtime_hours")[:7] == [(2,), (2,), (0,), (2,), (2,), (0,), (0,)]


@pytest.mark.parametrize(("table", "row"), [("work_centres", "W"), ("skills", "S")])
def test_hours_before_the_opening_do_not_exist(planned, table, row):
    """t1 ends on day 4. W then has 3 x 24 = 72 hours left in the week, S 3 x 24 of its 168: 2 A of 36 hours.

    Of 3 due on Sunday, made on Sunday, 1 is 7 days late.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,skill,plateau_hours
    A,W,S,36
    [work_centres]
    work_centre,opens_after
    W,OF_W
    [skills]
    skill,headcount,hours_per_week,opens_after
    S,1,168,OF_S
    [tasks]
    task,duration_days
    t1,3.5
    [demands]
    demand,item,quantity_units,due
    d1,A,3,2026-06-07
    """
    model = test_hours_before_the_opening_do_not_exist.__doc__
    run = planned(model.replace("OF_" + row, "t1").replace("OF_W", "").replace("OF_S", ""))
    assert values(run) == [7]
    assert rows(run, "load", "available_hours", resource=row) == [(72,), (168,)]
    assert table in model
