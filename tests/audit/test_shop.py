"""The audit of schedules: a schedule that is right is clean, and each rule finds what breaks it."""

import pytest

from tandemplan.audit.check_run import id_of
from tandemplan.audit.shop import audit_schedule
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import schedule_of

PROGRAMME = """
    start = 2026-06-01
    [items]
    item
    red
    blue
    sheet
    box
    [sites]
    site
    hall
    [calendar_hours]
    calendar,rank,weekdays,from_time,to_time,value
    shift,1,Mon;Tue;Wed;Thu;Fri,06:00,14:00,1
    packing,1,Mon;Tue;Wed;Thu;Fri,,,12
    packing,2,,,,0
    [work_centres]
    work_centre,site,stations,pool,hours_calendar,set_up_matrix,set_up,counts,stations_calendar
    press,hall,0,,,,,stations,
    press 1,hall,1,press,shift,colours,red,stations,
    press 2,hall,1,press,shift,,,stations,
    mould,hall,1,,,,,stations,
    bench,hall,1,,,,,buckets,packing
    [set_ups]
    matrix,rank,from_set_up,to_set_up,hours
    colours,1,red,blue,2
    colours,2,blue,,3
    [work_centre_skills]
    work_centre,skill
    press 1,paint
    [processes]
    process,kind,item,site,supplier,part_of,step,fixed_hours,unit_hours,minimum_units,multiple_units,most_units,fence_hours,to_moment,rank,hold_hours
    make red,make,red,hall,,,10,1,0.5,2,2,20,0,,1,0
    make blue,make,blue,hall,,,10,0,1,0,0,,0,,1,0
    buy sheet,buy,sheet,hall,mill,,10,48,0,5,0,,0,2026-06-20,1,1
    pack,make,box,hall,,,10,0,0,0,0,,0,,1,0
    pack fill,make,,hall,,pack,10,2,0,0,0,,0,,1,0
    pack close,make,,hall,,pack,20,1,0,0,0,,0,,1,0
    ship box,deliver,box,hall,,,10,4,0,0,0,,0,,1,0
    ghost,make,red,hall,,,10,1,0,0,0,,0,,0,0
    [suppliers]
    supplier
    mill
    [process_flows]
    process,item,when,unit_units,fixed_units,choice,rank
    make red,sheet,start,-1,0,,1
    make blue,sheet,start,-1,-1,stuff,1
    make blue,red,start,-1,0,stuff,2
    pack fill,red,start,-1,0,,1
    [process_loads]
    process,work_centre,skill,set_up,held,unit_units
    make red,press,,red,no,0
    make blue,press,paint,blue,no,0
    pack fill,mould,,,yes,0
    pack close,mould,,,yes,0
    pack close,bench,,,no,3
    [process_waits]
    process,waits_for,quantity_units,hold_hours
    pack fill,make blue,1,0
    [process_orders]
    order,process,status,quantity_units,start,end
    first lot,buy sheet,confirmed,30,2026-05-30,2026-06-01T05:00
    [stock]
    site,item,quantity_units
    hall,red,1
    [customers]
    customer,demand_class
    shop,2
    [demands]
    demand,customer,item,site,quantity_units,due,due_time,latest,latest_time,minimum_shipment_units,demand_class,processes
    D1,shop,box,hall,4,2026-06-03,,2026-06-10,,4,1,ship box
    D2,shop,red,hall,6,2026-06-01,12:00,,,2,,
"""
SCHEDULE = """
    [orders]
    order,process,kind,item,site,quantity,set_up_start,start,end,part_of,demand,status
    first lot,buy sheet,buy,sheet,hall,30,2026-05-30T00:00:00,2026-05-30T00:00:00,2026-06-01T05:00:00,,,confirmed
    O1,make red,make,red,hall,10,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T12:00:00,,,new
    O2,make blue,make,blue,hall,5,2026-06-01T12:00:00,2026-06-02T06:00:00,2026-06-02T11:00:00,,,new
    O3,pack,make,box,hall,4,2026-06-02T11:00:00,2026-06-02T11:00:00,2026-06-02T14:00:00,,,new
    O4,pack fill,make,,hall,4,2026-06-02T11:00:00,2026-06-02T11:00:00,2026-06-02T13:00:00,O3,,new
    O5,pack close,make,,hall,4,2026-06-02T13:00:00,2026-06-02T13:00:00,2026-06-02T14:00:00,O3,,new
    O6,ship box,deliver,box,hall,4,2026-06-02T14:00:00,2026-06-02T14:00:00,2026-06-02T18:00:00,,D1,new
    O7,,deliver,red,hall,2,2026-06-01T12:00:00,2026-06-01T12:00:00,2026-06-01T12:00:00,,D2,new
    O8,,deliver,red,hall,4,2026-06-02T12:00:00,2026-06-02T12:00:00,2026-06-02T12:00:00,,D2,new
    [order_loads]
    order,work_centre,stations,used,set_up_before,set_up,set_up_start,start,end
    O1,press 1,1,0,red,red,2026-06-01T06:00:00,2026-06-01T06:00:00,2026-06-01T12:00:00
    O2,press 1,1,0,red,blue,2026-06-01T12:00:00,2026-06-02T06:00:00,2026-06-02T11:00:00
    O3,mould,1,0,,,2026-06-02T11:00:00,2026-06-02T11:00:00,2026-06-02T14:00:00
    O5,bench,0,12,,,2026-06-02T13:00:00,2026-06-02T13:00:00,2026-06-02T14:00:00
    [order_flows]
    item,site,moment,order,quantity,stock
    sheet,hall,2026-06-01T06:00:00,first lot,30,30
    sheet,hall,2026-06-01T06:00:00,O1,-10,20
    sheet,hall,2026-06-02T06:00:00,O2,-6,14
    red,hall,2026-05-30T00:00:00,,1,1
    red,hall,2026-06-01T12:00:00,O1,10,11
    red,hall,2026-06-01T12:00:00,O7,-2,9
    red,hall,2026-06-02T11:00:00,O4,-4,5
    red,hall,2026-06-02T12:00:00,O8,-4,1
    blue,hall,2026-06-02T11:00:00,O2,5,5
    box,hall,2026-06-02T14:00:00,O5,4,4
    box,hall,2026-06-02T14:00:00,O6,-4,0
    [deliveries]
    demand,order,customer,demand_class,site,item,quantity,due,delivered,late_days
    D1,O6,shop,1,hall,box,4,2026-06-04T00:00:00,2026-06-02T18:00:00,0
    D2,O7,shop,2,hall,red,2,2026-06-01T12:00:00,2026-06-01T12:00:00,0
    D2,O8,shop,2,hall,red,4,2026-06-01T12:00:00,2026-06-02T12:00:00,1
    [demand_summary]
    demand,customer,demand_class,item,site,quantity,due,on_time,late,lost,late_unit_days,last_delivery
    D1,shop,1,box,hall,4,2026-06-04T00:00:00,4,0,0,0,2026-06-02T18:00:00
    D2,shop,2,red,hall,6,2026-06-01T12:00:00,2,4,0,4,2026-06-02T12:00:00
    [classes]
    demand_class,demanded,on_time,late,lost,late_unit_days,lost_bound,bound,gap
    1,4,4,0,0,0,0,0,0
    2,6,2,4,0,4,0,2,0.5
    [load]
    resource,counts,from_moment,to_moment,available,used
    press 1,stations,2026-06-01T00:00:00,2026-06-08T00:00:00,40,13
    mould,stations,2026-06-01T00:00:00,2026-06-08T00:00:00,168,3
    bench,buckets,2026-06-01T00:00:00,2026-06-06T00:00:00,12,12
"""


def codes(schedule: str, programme: str = PROGRAMME, **other: object) -> list[str]:
    read, run = programme_of(programme), schedule_of(schedule)
    asked = {
        "options": {"seed": 1},
        "seed": 1,
        "programme": {"name": read.settings.name, "digest": read.digest},
        "status": "feasible",
    }
    info = {**run.info, **asked}
    found = audit_schedule(read, info | {"run": id_of(info)} | other, run.tables)
    return [str(f) for f in found]


def test_a_schedule_that_is_right_is_clean():
    assert codes(SCHEDULE) == []


def test_what_is_said_of_a_schedule_follows_from_its_tables():
    said = {"run": "schedule-2", "seed": 7, "status": "optimal"}
    for name, value in said.items():
        assert any(f"{name}" in f for f in codes(SCHEDULE, **{name: value})), name


BROKEN = (
    ("O1,make red,make,red,hall,10,", "O1,make red,make,red,hall,9,", "lot-multiple"),
    ("O1,make red,make,red,hall,10,", "O1,make red,make,red,hall,22,", "lot-most"),
    ("O1,make red,make,red,hall,10,", "O1,make red,make,red,hall,0,", "lot-minimum"),
    ("O1,make red,make,red,hall,10,", "O1,make red,buy,red,hall,10,", "order-words"),
    ("O1,make red,make,red,hall,10,", "O1,ghost,make,red,hall,10,", "by-hand"),
    ("O1,make red,make,red,hall,10,", "O1,other,make,red,hall,10,", "unknown-process"),
    ("2026-06-01T12:00:00,,,new\n    O2,", "2026-06-01T11:00:00,,,new\n    O2,", "working-time"),
    ("hall,5,2026-06-01T12:00:00,2026-06-02T06", "hall,5,2026-06-01T12:00:00,2026-06-02T05", "closed"),
    ("O1,make red,make,red,hall,10,2026-06-01T06", "O1,make red,make,red,hall,10,2026-05-29T06", "too-early"),
    ("2026-06-01T05:00:00,,,confirmed", "2026-06-01T04:00:00,,,confirmed", "given-changed"),
    ("first lot,buy sheet,buy,sheet,hall,30,", "first lot,buy sheet,buy,sheet,hall,31,", "given-changed"),
    ("new\n    O6,", "approved\n    O6,", "given-unknown"),
    ("O5,pack close,make,,hall,4,2026-06-02T13:00:00,2026-06-02T13:00:00,2026-06-02T14:00:00", "O5,pack close,make,,hall,4,2026-06-02T12:00:00,2026-06-02T12:00:00,2026-06-02T13:00:00", "route-order"),
    ("O5,pack close,make,,hall,4,", "O5,pack close,make,,hall,5,", "route-lot"),
    ("13:00:00,O3,,new", "13:00:00,O9,,new", "lone-step"),
    ("11:00:00,2026-06-02T14:00:00,,,new", "11:00:00,2026-06-02T15:00:00,,,new", "route-time"),
    ("O1,press 1,1,0,red,red,2026", "O1,press 2,1,0,red,blue,2026", "load-missing"),
    ("O2,press 1,1,0,red,blue", "O2,press 2,1,0,red,blue", "load-missing"),
    ("O1,press 1,1,0,red,red", "O1,press 1,2,0,red,red", "overlap"),
    ("O3,mould,1", "O9,mould,1", "unknown-load"),
    ("O5,bench,0,12", "O5,bench,0,13", "bucket"),
    ("O5,bench,0,12", "O5,bench,0,11", "load-missing"),
    ("O2,press 1,1,0,red,blue,2026-06-01T12:00:00,2026-06-02T06:00:00,2026-06-02T11:00:00", "O2,press 1,1,0,red,blue,2026-06-01T10:00:00,2026-06-02T06:00:00,2026-06-02T11:00:00", "overlap"),
    ("O2,press 1,1,0,red,blue,2026-06-01T12:00:00,2026", "O2,press 1,1,0,red,blue,2026-06-01T13:00:00,2026", "set-up"),
    ("O2,press 1,1,0,red,blue", "O2,press 1,1,0,blue,blue", "set-up"),
    ("O1,press 1,1,0,red,red,2026-06-01T06:00:00,2026-06-01T06:00:00,", "O1,press 1,1,0,red,red,2026-06-01T06:00:00,2026-06-01T07:00:00,", "load-time"),
    ("sheet,hall,2026-06-02T06:00:00,O2,-6,14", "sheet,hall,2026-06-02T06:00:00,O2,-5,15", "flow-missing"),
    ("box,hall,2026-06-02T14:00:00,O5,4,4", "box,hall,2026-06-02T14:00:00,O5,4,4\n    box,hall,2026-06-02T14:00:00,O5,4,8", "flow-unasked"),
    ("red,hall,2026-05-30T00:00:00,,1,1", "red,hall,2026-05-30T00:00:00,,2,2", "on-hand"),
    ("red,hall,2026-06-02T12:00:00,O8,-4,1", "red,hall,2026-06-02T12:00:00,O8,-4,2", "stock-sum"),
    ("O8,-4,1", "O10,-4,1", "flow-order"),
    ("new\n    O3,pack,make,box,hall,4,2026-06-02T11", "new\n    O3,pack,make,box,hall,4,2026-06-02T09", "order-time"),
    ("D1,O6,shop,1,hall,box,4", "D1,O6,shop,1,hall,box,3", "delivery"),
    ("D2,O8,shop,2,hall,red,4,2026-06-01T12:00:00,2026-06-02T12:00:00,1", "D2,O8,shop,2,hall,red,4,2026-06-01T12:00:00,2026-06-02T12:00:00,0", "delivery"),
    ("    D2,O7,shop,2,hall,red,2,2026-06-01T12:00:00,2026-06-01T12:00:00,0\n", "", "delivery-missing"),
    ("D1,O6,shop", "D1,O5,shop", "delivery-order"),
    ("D2,shop,2,red,hall,6,2026-06-01T12:00:00,2,4,0,4", "D2,shop,2,red,hall,6,2026-06-01T12:00:00,6,0,0,4", "summary"),
    ("2,6,2,4,0,4,0,2,0.5", "2,6,2,4,0,3,0,2,0.5", "classes"),
    ("2,6,2,4,0,4,0,2,0.5", "2,6,2,4,0,4,0,5,0", "below-bound"),
    ("2,6,2,4,0,4,0,2,0.5", "2,6,2,4,0,4,0,2,0.6", "classes"),
    ("08T00:00:00,40,13", "08T00:00:00,40,12", "load-row"),
    ("06T00:00:00,12,12", "06T00:00:00,13,12", "load-row"),
    ("    bench,buckets,2026-06-01T00:00:00,2026-06-06T00:00:00,12,12\n", "", "load-sum"),
    ("O3,mould,1,0,,,2026-06-02T11:00:00,2026-06-02T11:00:00", "O3,mould,1,0,,,2026-06-02T12:00:00,2026-06-02T12:00:00", "load-time"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), BROKEN)
def test_each_rule_finds_what_breaks_it(old, new, code):
    assert SCHEDULE.count(old) == 1
    found = codes(SCHEDULE.replace(old, new))
    assert any(f.endswith(f"[{code}]") for f in found), found


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("red,hall,6,2026-06-01,12:00,,,2,,", "red,hall,6,2026-06-01,12:00,2026-06-02,08:00,2,,", "too-late"),
        ("red,hall,6,2026-06-01,12:00,,,2,,", "red,hall,6,2026-06-01,12:00,,,3,,", "minimum-shipment"),
        ("red,hall,6,2026-06-01,12:00,,,2,,", "red,hall,5,2026-06-01,12:00,,,2,,", "over-delivery"),
        ("pack fill,make blue,1,0", "pack fill,make blue,2,0", "waits-for"),
        ("pack fill,make blue,1,0", "pack fill,make blue,1,3", "waits-for"),
        ("colours,1,red,blue,2", "colours,1,red,green,2", "set-up"),
        ("30,2026-05-30,2026-06-01T05:00", "30,2026-05-30,2026-06-01T05:00\n    lost,buy sheet,approved,5,2026-06-01,", "given-missing"),
    ],
)  # fmt: skip
def test_other_programmes_ask_for_other_schedules(old, new, code):
    assert PROGRAMME.count(old) == 1
    found = codes(SCHEDULE, PROGRAMME.replace(old, new))
    assert any(f.endswith(f"[{code}]") for f in found), found


def test_what_given_orders_alone_break_is_nobodys_fault():
    late = SCHEDULE.replace("sheet,hall,2026-06-01T06:00:00,first lot,30,30", "sheet,hall,2026-05-30T00:00:00,x,-3,-3")
    assert any("[flow-order]" in f for f in codes(late))
    given = PROGRAMME.replace(
        "30,2026-05-30,2026-06-01T05:00",
        "30,2026-05-30,2026-06-01T05:00\n    use,make blue,confirmed,2,2026-05-31,2026-05-31T02:00",
    )
    run = SCHEDULE.replace(
        "    O1,make red,make",
        "    use,make blue,make,blue,hall,2,2026-05-31T00:00:00,2026-05-31T00:00:00,2026-05-31T02:00:00,,,confirmed\n    O1,make red,make",
    ).replace(
        "    sheet,hall,2026-06-01T06:00:00,first lot,30,30\n    sheet,hall,2026-06-01T06:00:00,O1,-10,20\n    sheet,hall,2026-06-02T06:00:00,O2,-6,14\n",
        "    sheet,hall,2026-05-31T00:00:00,use,-3,-3\n    sheet,hall,2026-06-01T06:00:00,first lot,30,27\n    sheet,hall,2026-06-01T06:00:00,O1,-10,17\n    sheet,hall,2026-06-02T06:00:00,O2,-6,11\n",
    ).replace(
        "    blue,hall,2026-06-02T11:00:00,O2,5,5\n",
        "    blue,hall,2026-05-31T02:00:00,use,2,2\n    blue,hall,2026-06-02T11:00:00,O2,5,7\n",
    )  # fmt: skip
    found = codes(run, given)
    assert not any("below-zero" in f for f in found), found


def test_a_site_without_hours_works_the_days_of_its_calendar():
    closed = PROGRAMME.replace("    site\n    hall\n", "    site,calendar\n    hall,days\n").replace(
        "    [calendar_hours]",
        "    [calendars]\n    calendar,kind,from_date,to_date,factor\n    days,exception,2026-06-02,2026-06-02,0\n    [calendar_hours]",
    )
    assert any("'O2' has 0 hours of working time" in f for f in codes(SCHEDULE, closed))
    open_days = closed.replace("2026-06-02,2026-06-02,0", "2026-06-20,2026-06-21,0")
    assert codes(SCHEDULE, open_days) == []


def test_a_demand_is_delivered_by_what_it_names():
    other = PROGRAMME.replace(
        "    ghost,make", "    van,deliver,box,hall,,,10,4,0,0,0,,0,,1,0\n    ghost,make"
    ).replace("4,1,ship box", "4,1,van")
    assert any(f.endswith("[delivery-process]") for f in codes(SCHEDULE, other))
