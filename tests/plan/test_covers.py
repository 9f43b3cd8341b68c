"""Cuts for lots: they close the gap where theory says so, and no whole plan breaks one."""

import time
from dataclasses import replace

import numpy as np
import pytest

from tandemplan.network.network import network_of
from tandemplan.plan.model import model_of
from tandemplan.solver import highs, whole
from tandemplan.solver.covers import broken, tightened, without_cuts
from tandemplan.solver.engine import Watch
from tandemplan.solver.held import fixed, relaxed, whole_in
from tandemplan.solver.stages import Work, feasible
from tandemplan.solver.thin import thinned
from tandemplan.solver.windows import ground_of
from tandemplan.testing.models import programme_of

ALONE = """
    start = 2026-06-01
    periods = 5 weeks
    objective = cost
    holding_per_year_share = 1
    [items]
    item,standard_cost
    A,365
    [operations]
    item,setup_cost
    A,100
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price
    c,K,A,1000
    [demands]
    demand,contract,quantity_units,due,latest
    d1,c,10,2026-06-07,2026-06-07
    d2,c,5,2026-06-14,2026-06-14
    d3,c,30,2026-06-21,2026-06-21
    d4,c,2,2026-06-28,2026-06-28
    d5,c,9,2026-07-05,2026-07-05
"""
CHAIN = """
    start = 2026-06-01
    periods = 4 weeks
    objective = cost
    holding_per_year_share = 1
    [items]
    item,standard_cost
    X,200
    Y,150
    C,50
    [bom]
    parent,component,quantity_units,scrap_share
    X,C,2,0.25
    Y,C,1,0
    [operations]
    item,work_centre,plateau_hours,setup_hours,setup_cost,yield_mature_share
    X,W,4,10,60,0.8
    Y,W,2,10,40,1
    C,W,0.5,20,90,1
    [work_centres]
    work_centre
    W
    [stock]
    item,quantity_units
    X,3
    C,7
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,unit_price,damages_per_week_share
    x,K,X,2000,0.01
    y,K,Y,2000,0.02
    c,K,C,2000,0.01
    [demands]
    demand,contract,quantity_units,due,latest
    x1,x,10,2026-06-07,
    x3,x,12,2026-06-21,
    y2,y,8,2026-06-14,2026-06-21
    y4,y,15,2026-06-28,
    c3,c,5,2026-06-21,
"""


def watch():
    return Watch(time.monotonic(), None, lambda _: None, lambda: False)


def best(solve, lp, cost):
    found = solve(lp, [("cost", cost)], Work(gap=1e-6), on_report=lambda _: None, cancelled=lambda: False)
    assert found.status == "optimal"
    return found


def test_one_item_without_limits_has_no_gap_left():
    """The (l,S) cuts describe this case in full (Barany, Van Roy and Wolsey 1984): the relaxed model has the cost of the best plan.

    Lots of 15 and 41: 200 + 5 x 7 + 2 x 7 + 9 x 14 = 375; of 15, 32 and 9: 300 + 35 + 14 = 349. A fourth lot saves 35 at most.
    """
    model = model_of(network_of(programme_of(ALONE)))
    cost = model.stages[-1].cost
    before = best(highs.solve, relaxed(model.lp), cost).stages[-1].value
    after = best(highs.solve, relaxed(tightened(model.lp, [cost], Work(), watch())), cost).stages[-1].value
    assert before < 300
    assert after == pytest.approx(349)


@pytest.mark.parametrize("text", [ALONE, CHAIN])
def test_no_whole_plan_breaks_a_cut(text):
    """Plans that are best by random prices, found without any cut, against the cuts that random columns break."""
    model = model_of(network_of(programme_of(text)))
    plain, chance = replace(model.lp, covers=()), np.random.default_rng(1)
    stock = np.isin(np.arange(len(plain.lower)), model.variables.stock)
    plans = []
    for _ in range(12):
        cost = np.where(stock, 1.0, 10.0) * chance.random(len(plain.lower)) * (chance.random(len(plain.lower)) < 0.7)
        plans.append(best(whole.solve, plain, cost + 1e-3).x)
    cuts = []
    for _ in range(40):
        x = np.where(plain.whole, chance.random(len(plain.lower)) ** 3, 20 * chance.random(len(plain.lower)))
        cuts += [c for cover in model.lp.covers for c in broken(cover, np.where(stock, 0.05 * x, x))]
    assert len(cuts) > 100
    for x in plans:
        for cut in cuts:
            assert cut.value @ x[cut.column] >= cut.lower - 1e-5


def test_weights_count_what_is_inside():
    """A good X is 1 / 0.8 starts of 2 x 1.25 C: 3.125 C; Y is 1. Stock of 3 X and 7 C is 16.375 C at first."""
    covers = {len(c.weight): c for c in model_of(network_of(programme_of(CHAIN))).lp.covers}
    assert sorted(covers[3].weight.tolist()) == pytest.approx([1, 1, 3.125])
    assert covers[3].opening == pytest.approx(16.375)
    assert sorted(covers[3].out_weight.tolist()) == pytest.approx([1, 1, 1, 3.125, 3.125])


def test_places_with_other_supply_have_no_cover():
    text = CHAIN.replace("    [customers]", "    [offers]\n    offer,item,unit_price\n    o,C,500\n    [customers]", 1)
    covers = model_of(network_of(programme_of(text))).lp.covers
    assert [len(c.weight) for c in covers] == [1, 1]


def test_set_ups_that_do_not_pay_are_left_out_one_after_the_other():
    """From a lot each week (500), drops and shifts alone find the best plan of one item: 349. Every plan on the way is one, and better."""
    model = model_of(network_of(programme_of(ALONE)))
    cost, lp = model.stages[-1].cost, model.lp
    started = fixed(lp, np.ones(len(lp.lower)))
    x = best(highs.solve, started, cost).x
    assert cost @ x == pytest.approx(500)
    ground = ground_of(lp, ("cost", cost), Work(), watch(), np.inf)
    found = [x, *thinned(ground, x, None)]
    values = [float(cost @ f) for f in found]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(349)
    assert all(feasible(lp, f) and whole_in(lp, f) for f in found)


def test_the_relaxed_plan_rounded_is_where_thinning_begins():
    model = model_of(network_of(programme_of(CHAIN)))
    cost = model.stages[-1].cost
    lp = tightened(model.lp, [cost], Work(), watch())
    guide = best(highs.solve, relaxed(lp), cost).x
    x = best(highs.solve, fixed(lp, np.ones(len(lp.lower))), cost).x
    ground = ground_of(lp, ("cost", cost), Work(), watch(), np.inf)
    found = list(thinned(ground, x, guide))
    assert all(feasible(model.lp, f) and whole_in(lp, f) for f in found)
    least = best(whole.solve, model.lp, cost).stages[-1].value
    assert least - 1e-6 <= cost @ found[-1] < cost @ x
    assert cost @ found[-1] <= 1.1 * least


def test_a_model_without_its_cuts_is_the_model():
    model = model_of(network_of(programme_of(CHAIN)))
    lp = tightened(model.lp, [model.stages[-1].cost], Work(), watch())
    assert len(lp.row_lower) > len(model.lp.row_lower)
    again = without_cuts(lp)
    for name in ("row_lower", "row_upper", "row_start", "row_column", "value"):
        assert getattr(again, name).tolist() == getattr(model.lp, name).tolist()
