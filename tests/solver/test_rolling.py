"""Plans rolled forward: one by hand, random ones, and what happens where periods are wide or time is over."""

import numpy as np
import pytest

from tandemplan.solver import rolling
from tandemplan.solver.held import whole_in
from tandemplan.solver.lp import Builder
from tandemplan.solver.rolling import begun, rolled
from tandemplan.solver.stages import feasible
from tandemplan.solver.thin import thinned

from .models import ground, lots


def one_item(asked, setup, holding):
    """Return an item that is asked for in each period, made in lots of 52 at most, each at the cost of a set-up, and held at a cost."""
    build = Builder()
    every = np.ones((1, len(asked)), dtype=bool)
    make, stock = (build.add_grid(name, ("item",), every) for name in ("make", "stock"))
    begun = build.add_grid("setup", ("item",), every, 1.0, whole=True)
    balance = build.add_rows("balance", ("item",), every, lower=np.array([asked]), upper=np.array([asked]))
    build.add(balance, make, 1.0)
    build.add(balance, stock, -1.0)
    build.add(balance[:, 1:], stock[:, :-1], 1.0)
    allowed = build.add_rows("allowed", ("item",), every, lower=-np.inf, upper=0.0)
    build.add(allowed, make, 1.0)
    build.add(allowed, begun, -52.0)
    lp = build.lp()
    cost = np.zeros(len(lp.lower))
    cost[begun], cost[stock] = setup, holding
    return lp, cost


def test_two_periods_at_a_time_lead_to_two_lots_of_two_periods():
    """A set-up costs 12, a unit held 1 a period, 5 are asked for in each of 4 periods.

    Periods 1 and 2: one lot, 12 + 5 < 24. Periods 2 and 3 with that lot: both from stock, 5 + 10 < 12 + 5. Periods 3 and 4: a second
    lot, 12 + 5, is less than stock for both, 10 + 15, or for period 3 alone, 10 + 12. In all 34, the best there is.
    """
    lp, cost = one_item([5.0] * 4, 12.0, 1.0)
    found = rolled(ground(lp, cost), 2)
    assert found[lp.whole].tolist() == [1, 0, 1, 0]
    assert cost @ found == pytest.approx(34)


def test_a_step_longer_than_the_plan_is_the_whole_model():
    lp, cost = one_item([5.0] * 4, 12.0, 1.0)
    assert cost @ rolled(ground(lp, cost), 9) == pytest.approx(34)


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_to_begin_with_is_whole_and_better_than_the_one_before(seed):
    lp, late, cost = lots(seed, items=4, periods=8)
    both = cost + 100.0 * late
    x = np.zeros(len(lp.lower))
    x[lp.columns["lost"].index] = lp.row_lower[lp.rows["balance"].index]
    (found,) = begun(ground(lp, both), x, None)
    assert feasible(lp, found)
    assert whole_in(lp, found)
    assert both @ found < 0.2 * (both @ x)
    assert list(begun(ground(lp, both), found, None)) == []


def test_where_periods_are_wide_fewer_set_ups_are_sought(monkeypatch):
    lp, cost = one_item([5.0] * 4, 12.0, 1.0)
    monkeypatch.setattr(rolling, "FIRST_SIZE", 1)
    x = np.concatenate([np.full(4, 5.0), np.zeros(4), np.ones(4)])
    found = [f.tolist() for f in begun(ground(lp, cost), x, None)]
    assert found == [f.tolist() for f in thinned(ground(lp, cost), x, None)]
    assert cost @ found[-1] == pytest.approx(34)


def test_without_time_there_is_no_plan():
    lp, cost = one_item([5.0] * 4, 12.0, 1.0)
    assert rolled(ground(lp, cost, seconds=0.0), 2) is None
