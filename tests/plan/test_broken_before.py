"""What once went wrong: each of these was found by trying to break the planner."""

from pathlib import Path

import numpy as np
import pytest

from tandemplan.audit import audit
from tandemplan.model.reading import check, read
from tandemplan.model.tables import Table
from tandemplan.plan import PlanOptions, plan
from tandemplan.results.shape import DELIVERIES, TASKS
from tandemplan.results.store import read_run, write_run
from tandemplan.testing.models import programme_of, reading_of

SHIP = """
start = 2026-06-01
periods = 3 weeks
[items]
item
bike
kit
ship
[bom]
parent,component
bike,kit
[operations]
item,work_centre,plateau_hours
bike,bench,1
[work_centres]
work_centre
bench
[offers]
offer,item,unit_price
dear,kit,3
cheap,kit,1
[stock]
item,quantity_units
ship,1
[contracts]
contract,customer,item,unit_price
KB,navy,bike,9
KS,navy,ship,{price}
[customers]
customer
navy
[demands]
demand,contract,quantity_units,due,weight_factor
d1,KB,10,2026-06-19,1
d2,KS,1,2026-06-19,{weight}
"""


@pytest.mark.parametrize(("price", "weight"), [(1, 1), (1e7, 1), (1e9, 1), (1, 1e5)])
def test_a_large_number_does_not_drown_small_ones(price, weight):
    """The ship is on hand and never late: its price and weight cannot matter. Ten kits are bought at 1."""
    run = plan(programme_of(SHIP.format(price=int(price), weight=int(weight))))
    stages = {s["stage"]: s for s in run.info["objective"]["stages"]}
    assert run.info["status"] == "optimal"
    assert stages["class 1 firm"]["value"] == 0
    assert stages["cost"]["value"] == pytest.approx(10, rel=1e-3)
    assert stages["cost"]["bound"] <= 10.01


def test_what_cannot_be_told_apart_is_not_called_optimal():
    """Weights of 1 and 1e12: whatever the plan, its value lies above its bound, and its gap is told."""
    run = plan(programme_of(SHIP.format(price=1, weight=10**12)))
    first = run.info["objective"]["stages"][0]
    assert first["bound"] <= 1e-3 + first["value"]
    assert any("100,000" in note for note in run.info["notes"])


def test_a_bill_without_operations_makes_nothing_for_free():
    """Bills full and kit, work only on full: the kit is refused, with its remedy."""
    reading = reading_of("""
    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    bike
    part
    [bom]
    parent,alternative,component
    bike,full,part
    bike,kit,part
    [operations]
    item,alternative,work_centre,plateau_hours
    bike,full,bench,4
    [work_centres]
    work_centre
    bench
    [offers]
    offer,item
    o,part
    [demands]
    demand,item,quantity_units,due
    d,bike,10,2026-06-12
    """)
    assert [p.code for p in reading.problems] == ["bill-without-operation"]


def test_a_closed_border_stops_what_would_cross_it():
    """Ordered on 4 May at the earliest, dispatched 35 days later, on 8 June: the border is closed until 17 June.

    Dispatched on 8 to 17 June goods cross 21 days late, on 30 June at the earliest. Those ordered on 14 May are dispatched on
    18 June, when the border is open, and arrive on the 19th: so d, due on 9 June, is served ten days late.
    """
    run = plan(
        programme_of("""
    start = 2026-05-04
    periods = 70 days
    [sites]
    site
    P
    [countries]
    country
    U
    [suppliers]
    supplier,country
    S,U
    [items]
    item
    A
    [offers]
    offer,supplier,item,lead_days
    o,S,A,35
    [crossings]
    crossing
    X
    [lanes]
    lane,from_place,to_site,transit_days,crossing
    L,U,P,1,X
    [risks]
    risk,date,duration_days,changes
    closed,2026-06-08,10,crossings[X].delay_hours += 504
    [demands]
    demand,site,item,quantity_units,due
    d,P,A,1,2026-06-09
    """)
    )
    assert run[DELIVERIES]["delivered"].astype(str).tolist() == ["2026-06-19"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("offers[o].lead_days = -8", "too-small"),
        ("offers[o].lead_days *= -1", "too-small"),
        ("work_centres[bench].availability_share = 5", "too-large"),
        ("operations[item=bike].open_share = 3", "too-large"),
        ("offers[o].lead_days = 9999999", "too-large"),
    ],
)
def test_dated_effects_keep_to_the_bounds_of_their_cells(change, code):
    reading = reading_of(f"""
    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    bike
    part
    [bom]
    parent,component
    bike,part
    [operations]
    item,work_centre,plateau_hours
    bike,bench,4
    [work_centres]
    work_centre
    bench
    [offers]
    offer,item,lead_days
    o,part,1
    [risks]
    risk,date,duration_days,changes
    r,2026-06-03,4,{change}
    [demands]
    demand,item,quantity_units,due
    d,bike,1,2026-06-12
    """)
    assert [p.code for p in reading.problems] == [code]


FIRST = Path(__file__).parents[2] / "examples" / "first_steps"


@pytest.mark.parametrize(
    "change", ["demands[C1].due += -1000000", "programme.start += 10000000", "demands[S1].latest += 100000"]
)
def test_dates_stay_in_the_range_that_is_read(change):
    assert {p.code for p in check(FIRST, sets=[change]).problems} & {"date-out-of-range", "too-large"}


@pytest.mark.parametrize("text", ["seed = " + "9" * 400, "seed = " + "9" * 5000, "seed = " + "[" * 3000])
def test_monstrous_settings_are_problems(tmp_path, text):
    (tmp_path / "programme.toml").write_text(f"start = 2026-06-01\n{text}\n", encoding="utf-8")
    assert check(tmp_path).programme is None


def test_a_programme_without_demand_is_planned(tmp_path):
    programme = programme_of("start = 2026-06-01\nperiods = 2 weeks\n")
    run = plan(programme)
    assert run.info["status"] == "optimal"
    assert audit(write_run(run, programme, tmp_path / "run")).clean


@pytest.mark.parametrize("hours", [1500, 60000])
def test_many_hours_a_unit_are_no_finding(tmp_path, hours):
    programme = read(FIRST, sets=[f"operations[item=bike].plateau_hours={hours}"])
    assert audit(write_run(plan(programme), programme, tmp_path / "run")).clean


def test_the_order_of_rows_does_not_change_a_byte(tmp_path):
    programme = read(FIRST)
    shuffled = programme.replace(*(_reversed(t) for t in programme.tables.values()))
    assert shuffled.digest == programme.digest
    one, two = (write_run(plan(p), p, tmp_path / n) for p, n in ((programme, "a"), (shuffled, "b")))
    for file in one.glob("*.csv"):
        assert file.read_bytes() == (two / file.name).read_bytes(), file.name


def _reversed(table: Table) -> Table:
    return table.take(np.arange(len(table))[::-1])


def test_a_worse_run_stands_beside_the_better_one(tmp_path):
    programme = read(FIRST)
    good = write_run(plan(programme), programme, tmp_path / "run")
    idle = write_run(plan(programme, PlanOptions(time_limit=0)), programme, tmp_path / "run")
    assert (good.name, idle.name) == ("run", "run-stopped")
    assert read_run(good).info["status"] == "optimal"


def test_run_json_is_guarded(tmp_path):
    programme = read(FIRST)
    folder = write_run(plan(programme), programme, tmp_path / "run")
    file = folder / "run.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"optimal"', '"feasible"'), encoding="utf-8")
    assert [f.code for f in audit(folder).findings] == ["run-digest", "run-status"]


def test_a_lag_may_be_written_with_spaces():
    """The hall is done after 3 days, the line 2 + 4 days after that: on 10 June."""
    run = plan(
        programme_of("""
    start = 2026-06-01
    periods = 2 weeks
    [tasks]
    task,predecessors,duration_days
    hall,,3
    line,hall + 2,4
    """)
    )
    assert run[TASKS]["end"].astype(str).tolist() == ["2026-06-04", "2026-06-10"]
