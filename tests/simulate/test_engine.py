"""The engine on programmes and their plans: without randomness it does what the plan says; with it, the same whoever runs it."""

import csv
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from tandemplan.plan import PlanOptions, plan
from tandemplan.simulate import blocks, run
from tandemplan.simulate import layout as at
from tandemplan.simulate.blocks import block_of, setup_of
from tandemplan.simulate.outcomes import Outcomes
from tandemplan.simulate.run import simulated
from tandemplan.testing.models import programme_of

ANSWERS = Path(__file__).parents[3] / "shared" / "bench" / "exact" / "known_answers.csv"
PARTS = """
    start = 2026-06-01
    periods = "20 weeks"
    [items]
    item,standard_cost
    frame,10
    bike,50
    [bom]
    parent,component,quantity_units
    bike,frame,1
    [suppliers]
    supplier
    smith
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,acceptance_share
    frames,smith,frame,10,10,4,0.95
    [work_centres]
    work_centre,stations
    bench,2
    [operations]
    item,work_centre,plateau_hours,hours_cv,yield_mature_share
    bike,bench,5,0.5,0.98
    [demands]
    demand,item,quantity_units,due
    first,bike,30,2026-07-26
    second,bike,40,2026-08-30
    third,bike,20,2026-09-27
"""


@pytest.fixture(scope="module")
def bikes():
    programme = programme_of(PARTS)
    return programme, plan(programme, PlanOptions(time_limit=60))


def arrays(outcomes):
    return {f.name: getattr(outcomes, f.name) for f in fields(Outcomes)}


def assert_same(one, other):
    for name, array in arrays(one).items():
        assert np.array_equal(array, arrays(other)[name], equal_nan=True) if isinstance(array, np.ndarray) else True, (
            name
        )


def test_without_randomness_a_plan_is_kept(bikes):
    """Each demand is complete within a period of the plan's day, and units are the plan's."""
    programme, planned = bikes
    setup = setup_of(programme, planned, 1, random=False)
    found = block_of(setup, 0, 1)
    last = np.zeros(3)
    rows = setup.world.asks
    np.maximum.at(last, rows[:, at.ASK_DEMAND].astype(int), rows[:, at.ASK_DAY])
    assert (np.abs(found.done[0] - last) <= 7).all()
    assert found.delivered.sum() == pytest.approx(90, rel=0.01)


def test_replications_do_not_depend_on_each_other(bikes):
    programme, planned = bikes
    setup = setup_of(programme, planned, 5)
    whole, part = block_of(setup, 0, 12), block_of(setup, 7, 3)
    assert not np.array_equal(whole.done[0], whole.done[1]) or not np.array_equal(whole.used[0], whole.used[1])
    assert np.array_equal(whole.used[7:10], part.used)
    assert np.array_equal(whole.done[7:10], part.done)


def test_what_is_held_does_not_vary(bikes):
    """Of the four things that vary, lead times alone move receipts; held at their mean, all worlds are the same where nothing else varies."""
    programme, planned = bikes
    sources = {"lead times", "acceptance", "hours", "yields"}
    assert setup_of(programme, planned, 5).varying == {
        ("lead times", "frames"), ("acceptance", "frames"), ("hours", "bike|||10"), ("yields", "bike|||10"),
    }  # fmt: skip
    certain = setup_of(programme, planned, 5, held=frozenset((s, "") for s in sources))
    assert not certain.varying
    found = block_of(certain, 0, 5)
    assert (found.used == found.used[0]).all()
    assert (found.done == found.done[0]).all()
    by_one = setup_of(programme, planned, 5, held=frozenset({("hours", "bike|||10")}))
    assert {s for s, _ in by_one.varying} == sources - {"hours"}
    whole, held = block_of(setup_of(programme, planned, 5), 0, 12), block_of(by_one, 0, 12)
    assert whole.made[:, :, -1] == pytest.approx(
        held.made[:, :, -1], abs=1e-3
    )  # yields and acceptance are drawn as before
    assert not np.array_equal(whole.used, held.used)


def test_the_same_whoever_runs_it(bikes, monkeypatch):
    """One process, two, seven, and an executor that is given: the same bytes."""
    programme, planned = bikes
    monkeypatch.setattr(run, "BLOCK", 4)
    ask = {"replications": 30, "seed": 3}
    alone = simulated(programme, planned, **ask)
    assert len(alone) == 30
    for workers in (2, 7):
        assert_same(alone, simulated(programme, planned, **ask, workers=workers))
    with ThreadPoolExecutor(2) as threads:
        assert_same(alone, simulated(programme, planned, **ask, executor=threads))
    other = simulated(programme, planned, replications=30, seed=4)
    assert not np.array_equal(alone.used, other.used)


def test_a_process_that_is_killed_loses_nothing(bikes, monkeypatch):
    """The first process that is seen at work is killed while it works; what it had is done anew."""
    programme, planned = bikes
    monkeypatch.setattr(run, "BLOCK", 8)
    expected = simulated(programme, planned, replications=64, seed=3)
    killed = []

    def kill(_done):
        if not killed:
            child = next(iter(pools[0]._processes))
            os.kill(child, signal.SIGKILL)
            killed.append(child)

    pools = []
    plain = run.ProcessPoolExecutor

    def kept(*args, **kwargs):
        pools.append(plain(*args, **kwargs))
        return pools[-1]

    monkeypatch.setattr(run, "ProcessPoolExecutor", kept)
    assert_same(expected, simulated(programme, planned, replications=64, seed=3, workers=2, progress=kill))
    assert killed
    assert len(pools) > 1


def test_an_interrupt_keeps_what_is_done(bikes, monkeypatch):
    programme, planned = bikes
    monkeypatch.setattr(run, "BLOCK", 5)

    def stop(done):
        if done >= 10:
            raise KeyboardInterrupt

    found = simulated(programme, planned, replications=40, seed=3, progress=stop)
    assert len(found) == 10
    nothing = simulated(
        programme, planned, replications=40, seed=3, progress=lambda _: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    assert len(nothing) == 5


def test_a_wished_precision_ends_it(bikes):
    programme, planned = bikes
    found = simulated(programme, planned, replications=5_000, seed=3, precision=0.2)
    assert len(found) < 5_000


def test_room_for_jobs_grows_as_it_is_needed(bikes, monkeypatch):
    programme, planned = bikes
    setup = setup_of(programme, planned, 1)
    expected = block_of(setup, 0, 3)
    monkeypatch.setattr(blocks, "JOBS", 4)
    assert_same(expected, block_of(setup, 0, 3))


def known(name):
    if not ANSWERS.exists():
        pytest.skip("the published answers are not there")
    with ANSWERS.open(encoding="utf-8") as file:
        return next(float(r["value"]) for r in csv.DictReader(file) if r["id"] == name)


LEARNING = """
    start = 2026-06-01
    periods = "40 weeks"
    [items]
    item
    block
    engine
    [bom]
    parent,component
    engine,block
    [suppliers]
    supplier
    smith
    [offers]
    offer,supplier,item,unit_price
    blocks,smith,block,1000
    [work_centres]
    work_centre,stations
    hall,40
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,learning_curve
    engine,hall,{hours},1,{slope},{curve}
    [demands]
    demand,item,quantity_units,due
    all,engine,{units},2026-12-20
"""


@pytest.mark.parametrize(
    ("name", "hours", "slope", "curve", "units"),
    [("wright80_cum100", 1000, 0.8, "unit", 100), ("wright_cumavg85_50", 500, 0.85, "cumulative average", 50)],
)
def test_hours_fall_along_the_published_curves(name, hours, slope, curve, units):
    programme = programme_of(LEARNING.format(hours=hours, slope=slope, curve=curve, units=units))
    planned = plan(programme, PlanOptions(time_limit=60))
    found = block_of(setup_of(programme, planned, 1, random=False), 0, 1)
    assert found.delivered.sum() == pytest.approx(units, rel=1e-6)
    assert found.used.sum() == pytest.approx(known(name), rel=1e-5)


def test_yields_of_steps_multiply():
    """Five steps in a row: starts for each good unit, on the average of many replications, as in the table."""
    steps = "\n".join(f"    part,hall,{10 * k},0.1,{y}" for k, y in enumerate((0.98, 0.95, 0.9, 0.97, 0.99), 1))
    programme = programme_of(f"""
    start = 2026-06-01
    periods = "10 weeks"
    [items]
    item
    part
    [work_centres]
    work_centre,stations
    hall,40
    [operations]
    item,work_centre,step,plateau_hours,yield_mature_share
{steps}
    [demands]
    demand,item,quantity_units,due
    all,part,1000,2026-07-26
    """)
    planned = plan(programme, PlanOptions(time_limit=60))
    started = planned.tables["production"]["started"].sum()
    found = block_of(setup_of(programme, planned, 11), 0, 400)
    made = found.made[:, 0, -1].astype(float) / started
    half = 3.32 * made.std(ddof=1) / np.sqrt(len(made))
    assert (
        abs(made.mean() - 1 / known("yield_serial")) < half
    )  # less than half a start is missing each time: nothing is started anew
