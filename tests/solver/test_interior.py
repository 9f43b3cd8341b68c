"""A bound by interior point: as high as the best plan is worth, and no higher; in a child process too."""

from itertools import count

import numpy as np
import pytest

from tandemplan.solver import highs, interior
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import BY_USER, OUT_OF_TIME, Work

from .models import transport, two_columns

COST = np.array([3.0, 1.0])


def bounded(lp, cost, work=None, cancelled=lambda: False):
    return interior.solve(lp, ("cost", cost), work or Work(), on_report=lambda _: None, cancelled=cancelled)


def test_the_bound_is_what_the_best_plan_costs():
    """y = 4 at 1 each is cheapest: below its most of 5."""
    outcome = bounded(two_columns(), COST)
    assert outcome.status == "optimal"
    assert outcome.stages[0].bound == pytest.approx(4, rel=1e-4)
    assert outcome.stages[0].bound <= 4 + 1e-9


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e7])
def test_the_bound_is_near_the_simplex_optimum_and_not_above_it(scale):
    lp, cost = transport(40)
    best = highs.solve(lp, [("cost", scale * cost)], Work(), on_report=lambda _: None, cancelled=lambda: False).stages[
        0
    ]
    bound = bounded(lp, scale * cost).stages[0].bound
    assert best.value * (1 - 1e-4) <= bound <= best.value * (1 + 1e-9)


def test_what_cannot_be_is_infeasible():
    assert bounded(two_columns(9.0), COST).status == "infeasible"


def test_without_time_the_bound_is_what_is_plain_to_see():
    outcome = bounded(transport(60)[0], transport(60)[1], Work(seconds=0.0))
    assert (outcome.status, outcome.reason) == ("feasible", OUT_OF_TIME)
    assert outcome.stages[0].bound == pytest.approx(0, abs=1e-6)
    assert not outcome.stages[0].finished


def test_a_child_process_bounds_the_last_objective():
    lp, cost = transport(30)
    heard = count()
    outcome = solve_in_child(
        lp, [("first", np.ones(len(cost))), ("cost", cost)], Work(), lambda _: next(heard), interior=True
    )
    assert len(outcome.stages) == 1
    assert outcome.stages[0].bound == pytest.approx(bounded(lp, cost).stages[0].bound)
    assert next(heard) >= 1


def test_ctrl_c_ends_the_work():
    lp, cost = transport(400)
    outcome = bounded(lp, cost, cancelled=lambda: True)
    assert outcome.reason in ("", BY_USER)
    assert outcome.stages[0].bound <= 400
