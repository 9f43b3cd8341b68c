"""Hours that fall and yields that rise with the units made, each worked out by hand."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandemplan.network.learning import Curve, Experience, Learning
from tandemplan.plan import plan
from tandemplan.plan.solve import PlanOptions
from tandemplan.testing.models import programme_of

from .solved import rows

ERROR = 0.005  # of a period's hours: what a plan may be off the true curves


def found(run):
    """Return the value of the only class, once it is proved within the error of curves."""
    classes = run.tables["classes"]
    assert classes["value"][0] - classes["bound"][0] <= ERROR * classes["value"][0]
    return float(classes["value"][0])


def test_hours_fall_along_the_unit_curve(run):
    """Units take 100, 50, 33.333, 25 hours, ...; a week has 168: 100 + 50 + 0.54 x 33.333, so 2.54 units, and 1.46 a week late.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,lot_units
    X,W,100,10,0.5,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d,X,4,2026-06-07,1
    """
    assert found(run) == pytest.approx(7 * 1.46, rel=ERROR)
    assert rows(run, "load", "used_hours")[0] == (pytest.approx(168, rel=ERROR),)
    assert run.info["status"] == "optimal"


def test_the_mean_falls_where_the_curve_is_cumulative(run):
    """The mean of n units is 100 n ^ -0.5: 2 take 141.42 hours, 3 take 173.21. A week has 168, so 2 + 26.58 / 31.78 = 2.836.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,learning_curve,lot_units
    X,W,100,10,0.7071067811865476,cumulative average,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d,X,4,2026-06-07,1
    """
    assert found(run) == pytest.approx(7 * (4 - 2.836), rel=ERROR)


@pytest.mark.parametrize("slope", [0.5, 0.4, 0.01])
def test_no_unit_takes_less_than_the_plateau_where_a_cumulative_average_falls_fast(planned, slope):
    """With a slope of a half or less two units would take no more than the first: each after it takes the plateau.

    A week of 168 hours makes 1 + 68 / 10 = 7.8 units.
    """
    run = planned(f"""
    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,learning_curve,lot_units
    X,W,100,10,{slope},cumulative average,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d,X,9,2026-06-07,1
    """)
    assert found(run) == pytest.approx(7 * 1.2, rel=ERROR)


@pytest.mark.parametrize(("curve", "units"), [("unit", 7.08), ("cumulative average", 500)])
def test_hours_may_fall_for_ever(planned, curve, units):
    """Units take 100, 30, 14.8, 9, 6.1, 4.5, 3.4, 2.7, ... hours, 167.8 the first seven together; of 500 the rest is a week late.

    By the cumulative average nothing is left after the first. Soon so little is left that a plan may make any number: the audit
    sums the hours of billions of units.
    """
    run = planned(f"""
    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,learning_curve,lot_units
    X,W,100,0,0.3,{curve},1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d,X,500,2026-06-07,1
    """)
    best, classes = 7 * (500 - units), run.tables["classes"]
    assert classes["bound"][0] - 0.1 <= best <= classes["value"][0] + 0.1
    assert classes["value"][0] == pytest.approx(best, rel=ERROR)


def test_a_curve_cut_off_proves_no_more_than_the_whole_one(monkeypatch):
    """With two pieces, one of a unit and one for ever, the second takes the plateau: less than the plan does, never more."""
    text = """
    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,lot_units
    X,W,100,10,0.5,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d,X,4,2026-06-07,1
    """
    whole = plan(programme_of(text))
    monkeypatch.setattr(import_module("tandemplan.plan.curves"), "MOST_PIECES", 2)
    cut = plan(programme_of(text))
    assert cut.tables["classes"]["bound"][0] <= whole.tables["classes"]["bound"][0]
    assert cut.tables["classes"]["value"][0] == pytest.approx(7 * 1.46, rel=0.1)


def test_experience_before_the_plan_counts(run):
    """Three units were made elsewhere: the next take 25, 20, 16.667, 14.286, ...; a week of 168 hours makes 10.49.

    25 + 20 + 16.667 + 14.286 + 12.5 + 11.111 = 99.563, and 10 from the tenth unit on: 6 + 6.844 = 12.844.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,experience_units,lot_units
    X,W,100,10,0.5,3,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d,X,16,2026-06-07,1
    """
    assert found(run) == pytest.approx(7 * (16 - 12.844), rel=ERROR)


def test_operations_learn_together(run):
    """X and Y share their experience: as many of each in a week take the mean hours of the units of both.

    Both take 60, 42.43, 34.64, 30 hours, ... (slope 0.7071: n ^ -0.5). Four units in all take 167.07 of the 168 hours, so that
    of the 3 + 3 that are due, 2 + 2 and a bit are on time: the fifth takes 26.83, so 0.0347 of it.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    Y
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,learns_with,lot_units
    X,W,60,5,0.7071067811865476,both,1
    Y,W,60,5,0.7071067811865476,both,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d,X,3,2026-06-07,1
    e,Y,3,2026-06-07,1
    """
    assert found(run) == pytest.approx(7 * (6 - 4.0347), rel=ERROR)


def test_yields_grow_with_units(run):
    """Of 10 X wanted, the first weeks give few: yield 0.9 - 0.4 exp(-n / 10), its mean over the first 20 units started 0.727.

    20 are started in week 1 (8.4 of 168 hours each): 20 x 0.9 - 0.4 x 10 x (1 - exp(-2)) = 14.541 are good.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,plateau_hours,yield_start_share,yield_mature_share,yield_learning_units,lot_units
    X,W,8.4,0.5,0.9,10,1
    [work_centres]
    work_centre
    W
    [demands]
    demand,item,quantity_units,due,weight_factor
    d,X,16,2026-06-07,1
    """
    first = rows(run, "production", "started good scrapped")[0]
    assert first[0] == pytest.approx(20, rel=ERROR)
    assert first[1] == pytest.approx(14.541, rel=ERROR)


@pytest.mark.parametrize("average", [False, True])
@pytest.mark.parametrize("slope", [0.7, 0.85, 0.95])
def test_totals_are_sums_of_units(slope, average):
    """The closed form for many units agrees with the sum of each, above and below the plateau."""
    curve = Curve(48.0, 11.0, float(np.log2(slope)), average)
    units = np.arange(1.0, 5001.0)
    summed = np.cumsum(curve.hours(units))
    assert np.allclose(curve.total(units), summed, rtol=1e-9)
    middle = (curve.total(units[:-1]) + curve.total(units[1:])) / 2
    assert np.allclose(curve.total(units[:-1] + 0.5), middle, rtol=1e-9)


def test_more_experience_never_takes_more_hours_nor_gives_less():
    """Mean hours fall and mean yields rise in both ends of a period's experience."""
    rng = np.random.default_rng(4)
    learning = Learning(Curve(40.0, 9.0, -0.25), 9.0, 0.7, 0.95, 60.0, 5.0)
    low = np.sort(rng.uniform(0, 400, (200, 2)), axis=1)
    high = low + np.sort(rng.uniform(0, 100, (200, 2)), axis=1)
    less, more = Experience(low[:, 0], low[:, 1]), Experience(high[:, 0], high[:, 1])
    assert (learning.hours(more) <= learning.hours(less) + 1e-9).all()
    assert (learning.share(more) >= learning.share(less) - 1e-12).all()


PLANT = """
    start = 2026-06-01
    periods = 4 weeks
    [customers]
    customer,demand_class
    K,1
    L,2
    [items]
    item
    X
    Y
    [bom]
    parent,component,quantity_units
    X,Y,1
    [operations]
    item,work_centre,first_unit_hours,plateau_hours,learning_slope,lot_units,yield_start_share,yield_mature_share,yield_learning_units
    X,W,{first},{plateau},{slope},1,,1,
    Y,W,{first},{plateau},{slope},1,{start},0.95,20
    [work_centres]
    work_centre
    W
    [demands]
    demand,customer,item,quantity_units,due,weight_factor
    d,K,X,{asked},2026-06-07,1
    e,L,Y,{asked},2026-06-14,1
    """


@settings(max_examples=4, deadline=None, derandomize=True)
@given(
    st.floats(20, 60),
    st.floats(0.2, 0.7),
    st.sampled_from([0.7, 0.8, 0.9]),
    st.integers(3, 9),
    st.sampled_from([0.6, 0.95]),
)
def test_learning_is_never_better_than_all_learnt_nor_worse_than_nothing(first, share, slope, asked, start):
    """Class by class: the plateau from the first unit on is at least as good, the first unit's hours and yield for ever at most."""

    def classes(**cells):
        text = PLANT.format(
            **{"first": first, "plateau": first * share, "slope": slope, "start": start, "asked": asked, **cells}
        )
        run = plan(programme_of(text), PlanOptions(gap=0.0))
        return run.tables["classes"]["value"].tolist()

    best = classes(first=first * share, slope=1, start=0.95)
    worst = classes(plateau=first, slope=1) if start == 0.95 else None
    learns = classes()
    assert _comes_first(best, learns), (best, learns)
    assert worst is None or _comes_first(learns, worst), (learns, worst)


def _comes_first(a, b):
    """Return whether values `a` are as good as `b`, the first difference beyond rounding deciding."""
    for mine, theirs in zip(a, b, strict=True):
        if abs(mine - theirs) > 1e-4 * max(1.0, abs(theirs)):
            return mine < theirs
    return True
