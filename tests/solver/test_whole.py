"""Whole columns: against all whole plans of tiny models tried one by one, and against plain HiGHS on each objective."""

import itertools
from dataclasses import replace

import highspy
import numpy as np
import pytest

from tandemplan.solver.held import fixed, held, held_bound, relaxed, whole_in
from tandemplan.solver.highs import solve as solve_lp
from tandemplan.solver.lp import Builder
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import Work, feasible
from tandemplan.solver.whole import solve

from .models import ONE, two_columns

SIZES = pytest.mark.parametrize("seed", range(12))


def run(lp, stages, work=None, cancelled=lambda: False, **more):
    return solve(lp, stages, work or Work(), on_report=lambda _: None, cancelled=cancelled, **more)


def stations(need=25.0, price=10.0, worth=3.0):
    """Work of `need` hours; a station gives 10 hours, 4 at most; what is left undone is lost. Cost of stations, or of loss."""
    build = Builder()
    owned = build.add_grid("owned", ("S",), ONE, 4.0, whole=True)
    done = build.add_grid("done", ("W",), ONE, need)
    lost = build.add_grid("lost", ("W",), ONE)
    hours = build.add_rows("hours", ("S",), ONE, lower=-np.inf, upper=0.0)
    build.add(hours, done, 1.0)
    build.add(hours, owned, -10.0)
    asked = build.add_rows("asked", ("W",), ONE, lower=need, upper=need)
    build.add(asked, done, 1.0)
    build.add(asked, lost, 1.0)
    return build.lp(), np.array([0.0, 0.0, worth]), np.array([price, 0.0, 0.0])


def knapsacks(seed):
    """Return a small random model of whole columns 0..3 and continuous ones 0..5, and three objectives."""
    random = np.random.default_rng(seed)
    whole, loose, rows = 5, 2, 3
    build = Builder()
    who = tuple(map(str, range(whole)))
    z = build.add_grid("z", who, np.ones((whole, 1), dtype=bool), 3.0, whole=True)[:, 0]
    y = build.add_grid("y", who, np.ones((loose, 1), dtype=bool), 5.0)[:, 0]
    columns = np.concatenate([z, y])
    matrix = random.integers(0, 8, (rows, whole + loose))
    sides = np.round(matrix.sum(axis=1) * random.uniform(0.6, 1.4, rows), 1)
    row = build.add_rows("need", who, np.ones((rows, 1), dtype=bool), lower=sides[:, None], upper=np.inf)
    build.add(np.repeat(row, whole + loose, axis=1), np.tile(columns, (rows, 1)), matrix)
    goals = [(f"goal {k}", random.integers(0, 9, whole + loose).astype(float)) for k in range(3)]
    return build.lp(), goals


def least(lp, cost):
    """Return the least cost of a model by plain HiGHS, told of it in its own way."""
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("mip_rel_gap", 0.0)
    engine.setOptionValue("presolve", "off")
    for low, high in zip(lp.lower, lp.upper, strict=True):
        engine.addVar(low, high)
    for k, (c, whole) in enumerate(zip(cost, lp.whole, strict=True)):
        engine.changeColCost(k, c)
        if whole:
            engine.changeColIntegrality(k, highspy.HighsVarType.kInteger)
    for r in range(len(lp.row_lower)):
        span = slice(lp.row_start[r], lp.row_start[r + 1])
        engine.addRow(lp.row_lower[r], lp.row_upper[r], span.stop - span.start, lp.row_column[span], lp.value[span])
    engine.run()
    assert engine.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return engine.getInfo().objective_function_value


def brute(lp, goals):
    """Return the best vector of values over all whole numbers in whole columns, each with its linear model in order."""
    best = None
    columns = np.flatnonzero(lp.whole)
    for numbers in itertools.product(range(4), repeat=len(columns)):
        x = np.zeros(len(lp.lower))
        x[columns] = numbers
        made = fixed(lp, x)
        loose = np.where(made.lower == made.upper, made.upper, 5.0)
        if (made.times(loose) < made.row_lower - 1e-9).any():
            continue  # not even with all that may grow
        outcome = solve_lp(made, goals, Work(), on_report=lambda _: None, cancelled=lambda: False)
        values = tuple(round(a.value, 6) for a in outcome.stages)
        best = values if best is None else min(best, values)
    return best


def test_stations_are_whole_and_their_hours_priced():
    """25 hours need 3 stations of 10 hours (2.5 in the relaxed model); the third is not full, so hours are worth nothing."""
    lp, lost, cost = stations()
    outcome = run(lp, [("lost", lost), ("cost", cost)])
    assert outcome.status == "optimal"
    assert outcome.x == pytest.approx([3, 25, 0])
    assert [(a.value, a.bound, a.finished) for a in outcome.stages] == [(0, 0, True), (30, 30, True)]
    assert outcome.stages[1].row_duals == pytest.approx([0, 0])


def test_prices_are_those_of_the_model_with_whole_columns_fixed():
    """55 hours with 4 stations: 15 are lost, and one more hour would save a loss of 3."""
    lp, lost, cost = stations(need=55.0)
    outcome = run(lp, [("lost", lost), ("cost", cost)])
    assert [a.value for a in outcome.stages] == pytest.approx([45, 40])
    assert outcome.stages[0].row_duals[0] == pytest.approx(-3)


def test_an_objective_is_traded_within_itself_alone():
    """A third station at 10 would save 5 units at 1.5: it is not bought. Presolve of HiGHS 1.14 says that it is, at 30."""
    lp, lost, cost = stations(worth=1.5)
    outcome = run(lp, [("both", lost + cost)])
    assert outcome.x == pytest.approx([2, 20, 5])
    assert (outcome.stages[0].value, outcome.stages[0].bound) == (pytest.approx(27.5), pytest.approx(27.5))


@SIZES
def test_every_objective_agrees_with_plain_highs_under_the_values_before(seed):
    """Held at the values found, no objective has a better plan than the one that came back, by another way of asking."""
    lp, goals = knapsacks(seed)
    outcome = run(lp, goals)
    assert outcome.status == "optimal"
    assert feasible(lp, outcome.x)
    assert whole_in(lp, outcome.x)
    costs, values = [c for _, c in goals], [a.value for a in outcome.stages]
    for k, (_, cost) in enumerate(goals):
        assert values[k] == pytest.approx(float(cost @ outcome.x))
        best = least(held(lp, costs[:k], values[:k]), cost)
        assert values[k] == pytest.approx(best, abs=1e-4)
        assert outcome.stages[k].bound <= best + 1e-4
        assert outcome.stages[k].bound == pytest.approx(values[k], abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_vector_of_values_is_the_best_of_all_whole_plans_tried(seed):
    lp, goals = knapsacks(seed)
    outcome = run(lp, goals)
    assert [a.value for a in outcome.stages] == pytest.approx(brute(lp, goals), abs=1e-4)


@SIZES
def test_the_bound_of_prices_holds_for_any_values_before(seed):
    """The relaxed model, proved in order, bounds the last objective where earlier ones are let worse."""
    lp, goals = knapsacks(seed)
    plain = relaxed(lp)
    proofs = solve_lp(plain, goals, Work(), on_report=lambda _: None, cancelled=lambda: False).stages
    costs = [c for _, c in goals]
    for worse in (0.0, 0.5, 20.0):
        values = [a.value + worse for a in proofs]
        truth = least(held(plain, costs[:2], values[:2]), costs[2])
        found = held_bound(plain, costs, proofs, values[:2], 50.0)
        assert found <= truth + 1e-3
        if worse == 0:
            assert found == pytest.approx(proofs[2].value, abs=1e-3)


def test_a_gap_asked_for_ends_an_objective_early_and_honestly():
    lp, goals = knapsacks(1)
    exact = run(lp, goals[:1]).stages[0]
    loose = run(lp, goals[:1], Work(gap=0.5)).stages[0]
    assert loose.finished
    assert loose.bound <= exact.value <= loose.value
    assert loose.value - loose.bound <= 0.5 * loose.value


def test_what_cannot_be_done_in_whole_numbers_is_infeasible():
    """2 x = 3 has no whole answer, though the relaxed model has; and a need beyond all limits has none at all."""
    build = Builder()
    x = build.add_grid("x", ("a",), ONE, 5.0, whole=True)
    row = build.add_rows("odd", ("c",), ONE, lower=3.0, upper=3.0)
    build.add(row, x, 2.0)
    assert run(build.lp(), [("x", np.ones(1))]).status == "infeasible"
    lp = replace(two_columns(need=10), whole=np.ones(2, dtype=bool))
    assert run(lp, [("x", np.ones(2))]).status == "infeasible"


def test_no_time_brings_back_the_plan_that_stands_in():
    lp, lost, cost = stations()
    idle = np.array([0.0, 0.0, 25.0])
    outcome = run(lp, [("lost", lost), ("cost", cost)], Work(seconds=0), fallback=idle)
    assert (outcome.status, outcome.reason) == ("stopped", "stopped by the time limit")
    assert outcome.x.tolist() == [0, 0, 25]
    assert [(a.value, a.bound) for a in outcome.stages] == [(75, 0), (0, 0)]


def test_a_plan_that_is_not_whole_never_stands_in():
    lp, lost, _ = stations()
    outcome = run(lp, [("lost", lost)], Work(seconds=0), fallback=np.array([2.5, 25.0, 0.0]))
    assert (outcome.status, outcome.x) == ("stopped", None)


def test_the_child_plans_whole_and_reports_no_value_of_the_relaxed_model():
    lp, lost, cost = stations()
    heard = []
    outcome = solve_in_child(lp, [("lost", lost), ("cost", cost)], Work(), heard.append, together=1)
    assert outcome.x == pytest.approx([3, 25, 0])
    assert all(r.value == pytest.approx(30) for r in heard if r.stage == "cost" and r.value is not None)
    assert heard[-1].value == pytest.approx(30)
    assert heard[-1].bound == pytest.approx(30)
