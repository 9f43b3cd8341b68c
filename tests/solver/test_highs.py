"""Objectives in order, in this process: values, bounds, what is infeasible and what is stopped."""

from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pytest

from tandemplan.solver.highs import solve
from tandemplan.solver.lp import Builder
from tandemplan.solver.stages import Work, limits_of

from .models import ONE, transport, two_columns

LEAST = ("least", np.array([1.0, 1.0]))
LESS_Y = ("less y", np.array([0.0, 1.0]))


def run(lp, stages, work=None, cancelled=lambda: False):
    return solve(lp, stages, work or Work(), on_report=lambda _: None, cancelled=cancelled)


def test_the_supported_solver_is_installed():
    assert version("highspy").startswith("1.14.")


def test_a_second_objective_chooses_among_the_best_plans():
    """x + y = 4 at least; among these plans y is smallest with x = 3: values 4 and 1, both proved."""
    outcome = run(two_columns(), [LEAST, LESS_Y])
    assert outcome.status == "optimal"
    assert outcome.x == pytest.approx([3, 1])
    assert [a.value for a in outcome.stages] == pytest.approx([4, 1])
    assert [a.bound for a in outcome.stages] == pytest.approx([4, 1])


def test_an_earlier_objective_is_never_given_up():
    """Least -x first keeps x at 3, though the second objective would have it at 0: y is 1 in the end."""
    outcome = run(two_columns(), [("most x", np.array([-1.0, 0.0])), ("x and y", np.array([5.0, 1.0]))])
    assert outcome.x == pytest.approx([3, 1])
    assert [a.value for a in outcome.stages] == pytest.approx([-3, 16])
    assert [a.bound for a in outcome.stages] == pytest.approx([-3, 16])


def test_costs_of_any_size_are_scaled():
    outcome = run(two_columns(), [("large", np.array([1e9, 2e9])), ("small", np.array([1e-9, 1e-9]))])
    assert [a.value for a in outcome.stages] == pytest.approx([5e9, 4e-9])
    assert [a.bound for a in outcome.stages] == pytest.approx([5e9, 4e-9])


def test_an_objective_of_nothing_is_0():
    outcome = run(two_columns(), [("nothing", np.zeros(2)), LEAST])
    assert [(a.value, a.bound) for a in outcome.stages] == [(0, 0), (pytest.approx(4), pytest.approx(4))]


def test_assignments_have_the_value_that_their_prices_prove():
    lp, cost = transport(20)
    outcome = run(lp, [("cost", cost)])
    assert outcome.stages[0].bound == pytest.approx(outcome.stages[0].value)
    assert outcome.x.sum() == pytest.approx(20)


def test_what_cannot_be_done_is_infeasible():
    """x + y is 8 at most, where 10 are needed."""
    assert run(two_columns(need=10), [LEAST]).status == "infeasible"


def test_no_time_is_stopped_without_a_plan():
    outcome = run(two_columns(), [LEAST], Work(seconds=0))
    assert (outcome.status, outcome.x, outcome.stages) == ("stopped", None, ())


def test_cancelled_between_objectives_the_plan_of_the_first_comes_back():
    """LEAST is proved; LESS_Y was not reached: its value is read off the plan, and only 0 is proved."""
    asked = iter([False, True])
    outcome = run(two_columns(), [LEAST, LESS_Y], cancelled=lambda: next(asked))
    assert outcome.status == "feasible"
    assert outcome.x.sum() == pytest.approx(4)
    assert [a.finished for a in outcome.stages] == [True, False]
    assert outcome.stages[1].value == outcome.x[1]
    assert outcome.stages[1].bound == 0


def test_objectives_sought_together_keep_their_order():
    """x + 2 y first (x = 3, y = 1), then as little x as that leaves: weighed apart they may not trade."""
    lp = two_columns()
    goals = [LEAST, LESS_Y, ("least x", np.array([1.0, 0.0]))]
    apart = run(lp, goals)
    at_once = solve(lp, goals, Work(), on_report=lambda _: None, cancelled=lambda: False, together=3)
    assert [s.value for s in at_once.stages] == pytest.approx([s.value for s in apart.stages])
    assert [s.bound for s in at_once.stages] == pytest.approx([s.bound for s in apart.stages])


def test_a_weight_that_is_too_small_is_made_good_by_the_objectives_in_order():
    """A unit of y costs 1 by the first objective beside a z of 1,000,000: weighed, it counts less than x by the second."""
    build = Builder()
    x, y, z = (build.add_grid(n, (n,), ONE, 1.0) for n in "xyz")
    row = build.add_rows("one", ("c",), ONE, lower=1.0, upper=1.0)
    for column in (x, y, z):
        build.add(row, column, 1.0)
    goals = [("first", np.array([0.0, 1.0, 1e6])), ("second", np.array([1000.0, 0.0, 0.0]))]
    outcome = solve(build.lp(), goals, Work(), on_report=lambda _: None, cancelled=lambda: False, together=2)
    assert outcome.x.tolist() == [1.0, 0.0, 0.0]
    assert outcome.stages[0].value == 0.0
    assert outcome.stages[1].value == outcome.stages[1].bound == 1000.0


def test_a_limit_that_is_spent_before_the_solver_begins_is_kept():
    """A negative number of seconds left is no reason to work for ever."""
    for together in (1, 2):
        outcome = solve(
            two_columns(),
            [LEAST, LESS_Y],
            Work(seconds=-1),
            on_report=lambda _: None,
            cancelled=lambda: False,
            together=together,
        )
        assert (outcome.status, outcome.reason) == ("stopped", "stopped by the time limit")


def eased(lp, **other):
    """Return the limits of a model, some of them others."""
    return replace(limits_of(lp), **{k: np.array(v) for k, v in other.items()})


@pytest.mark.parametrize(
    "easy",
    [
        pytest.param({"row_lower": [-np.inf]}, id="a row let go: the plan of nothing is best, and breaks it"),
        pytest.param({"upper": [0.0, 5.0]}, id="a column held at 0: all must be y"),
        pytest.param({"row_lower": [2.0], "upper": [0.0, 5.0]}, id="both"),
        pytest.param({"upper": [0.0, 0.0]}, id="nothing is feasible"),
        pytest.param({"lower": [-np.inf, 0.0], "row_lower": [-np.inf]}, id="no end"),
    ],
)
def test_easy_limits_first_change_no_answer(easy):
    """x + y = 4 at least and y smallest, as by the limits that hold alone: x is 3."""
    lp = two_columns()
    outcome = solve(
        lp, [LEAST, LESS_Y], Work(), on_report=lambda _: None, cancelled=lambda: False, eased=eased(lp, **easy)
    )
    assert outcome.status == "optimal"
    assert outcome.x == pytest.approx([3, 1])
    assert [(a.value, a.bound) for a in outcome.stages] == [
        (pytest.approx(4), pytest.approx(4)),
        (pytest.approx(1),) * 2,
    ]


def test_what_cannot_be_done_is_infeasible_after_easy_limits_too():
    lp = two_columns(need=9.0)
    easy = eased(lp, row_lower=[1.0])
    outcome = solve(lp, [LEAST], Work(), on_report=lambda _: None, cancelled=lambda: False, eased=easy)
    assert outcome.status == "infeasible"


def test_easy_limits_take_no_more_time_than_there_is():
    lp, cost = transport(20)
    spent = Work(seconds=-1)
    outcome = solve(lp, [("cost", cost)], spent, on_report=lambda _: None, cancelled=lambda: False, eased=limits_of(lp))
    assert outcome.status == "stopped"
    assert outcome.x is None


def test_an_objective_that_is_at_its_floor_already_holds_the_next_ones():
    """x first: least is 1 (y has no room for more than 3 of 4). Least z of 0 is reached; then y may not be traded for z."""
    build = Builder()
    x, y, z = (build.add_grid(n, (n,), ONE, most) for n, most in (("x", 9.0), ("y", 3.0), ("z", 9.0)))
    row = build.add_rows("need", ("c",), ONE, lower=4.0, upper=np.inf)
    build.add(row, x, 1.0)
    build.add(row, y, 1.0)
    build.add(row, z, 0.5)
    goals = [("z", np.array([0.0, 0.0, 1.0])), ("z again", np.array([0.0, 0.0, 2.0])), ("x", np.array([1.0, 0.0, 0.0]))]
    heard = []
    outcome = solve(build.lp(), goals, Work(), on_report=heard.append, cancelled=lambda: False)
    assert [(a.value, a.bound) for a in outcome.stages] == [(0, 0), (0, 0), (pytest.approx(1), pytest.approx(1))]
    assert outcome.stages[1].iterations == 0
    assert {report.stage for report in heard} == {"z", "z again", "x"}
