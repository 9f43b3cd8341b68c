"""What the summary says of options and of stock that runs out."""

from datetime import date

import pytest

from tandemplan.plan import plan
from tandemplan.report.measured import runs_out
from tandemplan.report.summary import plan_lines
from tandemplan.testing.models import programme_of

BASE = """
start = 2026-06-01
periods = 6 days
currency = "EUR"
[items]
item,name,standard_cost
X,Flight,0
F,Fuel,1
[bom]
parent,component
X,F
[operations]
item,work_centre,plateau_hours
X,W,1
[work_centres]
work_centre
W
[stock]
item,quantity_units
F,3
[stock_policies]
item,safety_units
F,1
[offers]
offer,item,capacity_units_per_week
O,F,0
[options]
option,name,one_off_cost,lead_days,earliest,changes
more,More fuel,20,0,{earliest},offers[O].capacity_units_per_week += 7
[demands]
demand,item,quantity_units,due,latest
d1,X,1,2026-06-01,2026-06-01
d2,X,1,2026-06-02,2026-06-02
d3,X,1,2026-06-03,2026-06-03
d4,X,1,2026-06-04,2026-06-04
"""


@pytest.mark.parametrize(
    ("earliest", "out", "lines"),
    [
        ("2026-07-01", [("F", "", date(2026, 6, 3))], ["Runs out: Fuel on 3 Jun 2026."]),
        ("", [], ["Options: chosen More fuel (more) on 1 Jun 2026 for 20 EUR."]),
    ],
)
def test_fuel_runs_out_on_its_day_unless_an_option_brings_more(earliest, out, lines):
    """3 units of fuel make 3 flights of 4: none is left after day 2, and the flight of day 3 is lost.

    With an option that brings one a day from day 0 on, the targets of stock are met as well, so it is chosen at once.
    """
    programme = programme_of(BASE.format(earliest=earliest))
    run = plan(programme)
    assert runs_out(run, programme) == out
    assert [x for x in plan_lines(run, programme) if x.startswith(("Options", "Runs out"))] == lines


def test_stock_that_nobody_misses_has_not_run_out():
    """d4 is asked for no more, and the last unit of fuel goes into d3: nothing is lost for want of it."""
    text = BASE.format(earliest="2026-07-01").replace("d4,X,1,2026-06-04,2026-06-04\n", "")
    programme = programme_of(text)
    assert runs_out(plan(programme), programme) == []
