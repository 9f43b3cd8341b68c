"""Random small shops as programmes: routes, tools, pools, set-ups, buckets, fences, given orders and dependencies."""

from __future__ import annotations

import random

from tandemplan.model.programme import Programme
from tandemplan.testing.models import programme_of

SHIFTS = ("", "day", "late")


def shop_of(seed: int) -> Programme:
    """Return the shop of a seed: two products of parts of bought material, each made in one step or by a route."""
    dice = random.Random(seed)
    has = {
        name: dice.random() < 0.5
        for name in (
            "route",
            "tool",
            "set_ups",
            "buckets",
            "given",
            "waits",
            "hold",
            "fence",
            "batches",
            "days",
            "approved",
        )
    }
    lines = ["start = 2026-06-01", "[items]", "item", "table", "lamp", "leg", "wood"]
    lines += (
        ["[sites]", "site,hours_calendar", f"hall,{dice.choice(SHIFTS)}"]
        if not has["days"]
        else ["[sites]", "site,calendar", "hall,free"]
    )
    if has["days"]:
        lines += ["[calendars]", "calendar,kind,from_date,to_date,factor", "free,exception,2026-06-03,2026-06-04,0"]
    lines += [
        "[calendar_hours]", "calendar,rank,weekdays,from_time,to_time,value",
        "day,1,Mon;Tue;Wed;Thu;Fri,06:00,14:00,1", "late,1,,10:00,22:00,1", f"packing,1,,,,{dice.choice((6, 10, 40))}",
        "[suppliers]", "supplier", "mill",
        "[work_centres]", "work_centre,site,stations,pool,hours_calendar,efficiency_share,set_up_matrix,set_up,counts,stations_calendar",
        "saws,hall,0,,,1,,,stations,",
        f"saw 1,hall,1,saws,{dice.choice(SHIFTS)},{dice.choice((1, 1, 0.5))},{'paint' if has['set_ups'] else ''},{'red' if has['set_ups'] else ''},stations,",
        f"saw 2,hall,1,saws,{dice.choice(SHIFTS)},1,,,stations,",
        f"jig,hall,1,,{dice.choice(SHIFTS)},{dice.choice((1, 2))},,,stations,",
        "bench,hall,1,,,1,,,buckets,packing",
    ]  # fmt: skip
    if has["set_ups"]:
        lines += ["[set_ups]", "matrix,rank,from_set_up,to_set_up,hours", "paint,1,red,blue,2", "paint,2,,,1"]
    hold, fence = (6 if has["hold"] else 0), (30 if has["fence"] else 0)
    make = f"{dice.choice((0, 1))},{dice.choice((0.5, 1))},{dice.choice((0, 2))},{dice.choice((0, 1))},{dice.choice(('', 6))}"
    lines += [
        "[processes]", "process,kind,item,site,supplier,part_of,step,fixed_hours,unit_hours,minimum_units,multiple_units,most_units,fence_hours,hold_hours",
        f"make leg,make,leg,hall,,,10,{make},{fence},{hold}",
        f"buy wood,buy,wood,hall,mill,,10,{dice.choice((12, 48))},0,{dice.choice((0, 10))},0,,0,0",
        "make lamp,make,lamp,hall,,,10,2,0.25,0,0,,0,0",
    ]  # fmt: skip
    if has["route"]:
        lines += [
            f"build table,make,table,hall,,,10,0,0,0,0,,0,{hold}",
            "cut,make,,hall,,build table,10,1,0.5,0,0,,0,0",
            f"join,make,,hall,,build table,20,1,0,0,0,,0,{dice.choice((0, 2))}",
        ]
    else:
        lines += ["build table,make,table,hall,,,10,1,0.5,0,0,,0,0"]
    last = "join" if has["route"] else "build table"
    tool = "yes" if has["tool"] and has["route"] else "no"
    lines += [
        "[process_flows]", "process,item,when,unit_units,fixed_units,transfer_units",
        f"make leg,wood,start,-1,{dice.choice((0, -1))},{2 if has['batches'] else 0}",
        "build table,leg,start,-4,0,0", "make lamp,wood,start,-1,0,0",
        "[process_loads]", "process,work_centre,set_up,held,unit_units",
        f"make leg,saws,{'blue' if has['set_ups'] and dice.random() < 0.7 else ''},no,0",
        *([f"cut,jig,,{tool},0", f"join,jig,,{tool},0"] if has["route"] else ["build table,saws,,no,0"]),
        *([f"{last},bench,,no,1"] if has["buckets"] else []),
        f"make lamp,saw 1,{'red' if has['set_ups'] else ''},no,0",
    ]  # fmt: skip
    if has["waits"]:
        lines += ["[process_waits]", "process,waits_for,quantity_units", "make lamp,make leg,0.5"]
    if has["given"]:
        status = "approved" if has["approved"] else "confirmed"
        lines += [
            "[process_orders]",
            "order,process,status,quantity_units,start,end",
            "under way,buy wood,confirmed,20,2026-05-30,2026-06-01T05:00",
        ]
        lines += [f"agreed,make lamp,{status},2,2026-06-05T11:00,"] if has["approved"] else []
    lines += [
        "[stock]",
        "site,item,quantity_units",
        f"hall,wood,{dice.choice((5, 30))}",
        f"hall,leg,{dice.choice((1, 8))}",
    ]
    lines += ["[customers]", "customer,demand_class", "school,1", "shop,2"]
    lines += ["[demands]", "demand,customer,site,item,quantity_units,due,latest,minimum_shipment_units"]
    for n in range(dice.randint(3, 8)):
        quantity, day = dice.randint(1, 6), dice.randint(2, 14)
        latest = dice.choice(("", f"2026-06-{day + 12}"))
        lines.append(
            f"D{n},{dice.choice(('school', 'shop'))},hall,{dice.choice(('table', 'lamp', 'leg'))},{quantity},2026-06-{day:02d},{latest},{dice.choice((0, quantity))}"
        )
    return programme_of("\n".join(lines))
