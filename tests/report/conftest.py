"""A run of examples/first_steps, written by hand from the numbers that its README derives."""

from pathlib import Path

import pytest

from tandemplan.model.reading import read
from tandemplan.testing.runs import run_of

FIRST_STEPS = """
[deliveries]
demand,customer,demand_class,item,quantity,due,delivered,late_days
C1,city,1,bike,6,2026-06-05,2026-06-05,0
C1,city,1,bike,4,2026-06-05,2026-06-12,7
S1,school,2,bike,4,2026-06-12,2026-06-12,0
C2,city,1,bike,12,2026-06-19,2026-06-19,0
S2,school,2,bike,10,2026-06-26,2026-06-26,0
[demand_summary]
demand,customer,demand_class,certainty,item,quantity,due,on_time,late,lost,late_unit_days,last_delivery
C1,city,1,firm,bike,10,2026-06-05,6,4,0,28,2026-06-12
C2,city,1,firm,bike,12,2026-06-19,12,0,0,0,2026-06-19
S1,school,2,firm,bike,8,2026-06-12,4,0,4,96,2026-06-12
S2,school,2,firm,bike,12,2026-06-26,10,0,2,20,2026-06-26
[classes]
demand_class,demanded,on_time,late,lost,late_unit_days,value,bound,gap
1,22,18,4,0,28,28,28,0
2,20,14,0,6,116,116,116,0
[class_costs]
demand_class,value,alone,cost
1,28,28,0
2,116,0,116
[load]
resource,kind,period_start,available_hours,used_hours,worth_per_hour
bench,work centre,2026-06-01,40,24,0
bench,work centre,2026-06-08,40,40,1.75
bench,work centre,2026-06-15,40,40,6
bench,work centre,2026-06-22,40,40,2.5
spare bench,work centre,2026-06-01,40,0,0
[limits]
what,family,name,period_start,stage,worth,unit,demands_hurt
capacity,hours,bench,2026-06-15,class 2 firm,6,hours,2
capacity,hours,bench,2026-06-22,class 2 firm,2.5,hours,1
material,balance,kit,2026-06-01,class 1 firm,7,units,1
supplier,offers,kits,2026-06-08,cost,0.7,units,0
[costs]
term,decided,amount,present_amount
purchases,yes,3000,3000
holding,yes,2.8,2.8
lost_revenue,yes,0,0
wages,no,0,0
[tasks]
task,start,end,slack_days,critical
rent,2026-06-01,2026-06-01,0,yes
"""


@pytest.fixture(scope="session")
def programme():
    return read(Path(__file__).parents[2] / "examples" / "first_steps")


@pytest.fixture(scope="session")
def run(programme):
    return run_of(
        FIRST_STEPS,
        programme={"name": programme.settings.name, "digest": programme.digest},
        notes=["Minimum shipments are relaxed."],
    )
