"""Whole columns: against all whole plans of tiny models tried one by one, and against plain HiGHS on each objective."""

import itertools
import time
from dataclasses import replace

import highspy
import numpy as np
import pytest

from tandemplan.solver import face, windows
from tandemplan.solver.held import fixed, held, held_bound, relaxed, rounded, whole_in
from tandemplan.solver.highs import solve as solve_lp
from tandemplan.solver.lp import Builder
from tandemplan.solver.mip import Sought, seek_whole
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import Work, feasible
from tandemplan.solver.whole import solve
from tandemplan.solver.windows import improved

from .models import ONE, ground, lots, two_columns

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


@pytest.mark.parametrize("seed", range(3))
def test_windows_only_ever_improve_the_plan_that_they_start_from(seed, monkeypatch):
    monkeypatch.setattr(windows, "FIRST_SIZE", 10)
    monkeypatch.setattr(windows, "NODES", 10)
    lp, late, cost = lots(seed, items=3, periods=8)
    both = cost + 100.0 * late
    x = np.zeros(len(lp.lower))
    x[lp.columns["lost"].index] = lp.row_lower[lp.rows["balance"].index]
    values = [both @ x]
    for found in improved(ground(lp, both), x):
        assert feasible(lp, found)
        assert whole_in(lp, found)
        values.append(both @ found)
    assert values == sorted(values, reverse=True)
    assert values[-1] < 0.2 * values[0]


def test_windows_end_with_their_time():
    lp, late, cost = lots(0)
    x = np.zeros(len(lp.lower))
    x[lp.columns["lost"].index] = lp.row_lower[lp.rows["balance"].index]
    assert list(improved(ground(lp, cost + 100.0 * late, seconds=0.0), x)) == []


def test_columns_are_rounded_up_where_no_row_stops_them():
    """2.5 stations become 3; a row `done - 10 owned <= 0` stops them from shrinking alone. An upper bound of 2 is kept."""
    lp, _, _ = stations()
    assert rounded(lp, np.array([2.5, 25.0, 0.0])).tolist() == [3, 25, 0]
    assert rounded(replace(lp, upper=np.array([2.0, 25.0, np.inf])), np.array([2.5, 25.0, 0.0]))[0] == 2


def test_a_column_that_may_not_grow_is_rounded_down():
    build = Builder()
    x = build.add_grid("x", ("a",), ONE, 9.0, whole=True)
    y = build.add_grid("y", ("b",), ONE, 9.0)
    row = build.add_rows("room", ("c",), ONE, lower=-np.inf, upper=7.0)
    build.add(row, x, 2.0)
    build.add(row, y, 1.0)
    assert rounded(build.lp(), np.array([2.6, 1.0])).tolist() == [2, 1]


def test_what_is_owned_stays_in_order_when_rounded():
    """`owned before <= owned now` is a row of whole columns alone: 0.2, 1.4, 1.4 become 1, 2, 2."""
    build = Builder()
    owned = build.add_grid("owned", ("S",), np.ones((1, 3), dtype=bool), 4.0, whole=True)
    done = build.add_grid("done", ("W",), np.ones((1, 3), dtype=bool))
    hours = build.add_rows("hours", ("S",), np.ones((1, 3), dtype=bool), lower=-np.inf, upper=0.0)
    build.add(hours, done, 1.0)
    build.add(hours, owned, -10.0)
    kept = build.add_rows("kept", ("S",), np.ones((1, 2), dtype=bool), lower=-np.inf, upper=0.0)
    build.add(kept, owned[:, :-1], 1.0)
    build.add(kept, owned[:, 1:], -1.0)
    lp = build.lp()
    made = rounded(lp, np.array([0.2, 1.4, 1.4, 2.0, 14.0, 14.0]))
    assert made[:3].tolist() == [1, 2, 2]
    assert feasible(lp, made)


@pytest.mark.parametrize(
    "large", [pytest.param(1, id="windows alone"), pytest.param(10**9, id="branch and cut as well")]
)
def test_a_limit_of_time_brings_back_a_plan_and_a_bound_that_holds(large, monkeypatch):
    """The best cost of these lots is between bound and value, whichever way they are sought for a second."""
    monkeypatch.setattr("tandemplan.solver.whole.LARGE", large)
    lp, late, cost = lots(5, items=10, periods=16)
    best = run(lp, [("late", late), ("cost", cost)], Work(seconds=1.0))
    assert best.status == "feasible"
    assert feasible(lp, best.x)
    assert whole_in(lp, best.x)
    first, last = best.stages
    assert first.bound <= first.value
    assert last.bound <= last.value
    assert [float(c @ best.x) for c in (late, cost)] == pytest.approx([first.value, last.value])
    proved = seek_whole(
        held(lp, [late], [first.value]),
        Sought("cost", cost, gap=1e-3, seconds=5.0),
        best.x,
        Work(),
        ground(lp, cost).watch,
    )
    assert last.bound <= float(cost @ proved.x) + 1e-6
    assert proved.bound <= last.value + 1e-6


def test_the_same_plan_comes_back_each_time(monkeypatch):
    """Without a limit of time nothing hangs on the clock: a gap ends the search."""
    monkeypatch.setattr("tandemplan.solver.whole.FIRST_NODES", 1)
    lp, late, cost = lots(2, items=2, periods=8)
    first, again = (run(lp, [("late", late), ("cost", cost)], Work(gap=0.05)) for _ in range(2))
    assert first.x.tolist() == again.x.tolist()
    assert first.status == "optimal"


def test_cancelled_the_best_plan_so_far_comes_back():
    begin = time.monotonic()
    lp, late, cost = lots(5, items=10, periods=16)
    outcome = run(lp, [("late", late), ("cost", cost)], cancelled=lambda: time.monotonic() > begin + 1.0)
    assert time.monotonic() < begin + 20.0
    assert (outcome.status, outcome.reason) == ("feasible", "stopped by the user")
    assert feasible(lp, outcome.x)
    assert whole_in(lp, outcome.x)


@pytest.mark.parametrize("seed", range(4))
def test_on_the_face_of_the_relaxed_model_plans_are_whole_and_their_bounds_hold(seed, monkeypatch):
    """Lost units are at their least of 0 however columns are rounded up, so that cost alone is sought: by rounding, then windows."""
    monkeypatch.setattr("tandemplan.solver.whole.LARGE", 1)
    lp, lost, cost = growing(seed)
    goals = [("lost", lost), ("cost", cost)]
    outcome = run(lp, goals, Work(gap=1e-3))
    assert feasible(lp, outcome.x)
    assert whole_in(lp, outcome.x)
    assert [float(c @ outcome.x) for _, c in goals] == pytest.approx([a.value for a in outcome.stages])
    best = least(held(lp, [lost], [outcome.stages[0].value]), cost)
    assert outcome.stages[0].value == pytest.approx(0)
    assert outcome.stages[1].bound <= best + 1e-3
    assert outcome.stages[1].value <= 1.02 * best
    assert all(len(a.row_duals) == len(lp.row_lower) for a in outcome.stages)


@pytest.mark.parametrize("room", [10, 7, 3])
@pytest.mark.parametrize("seed", range(2))
def test_where_rounding_up_is_no_plan_others_are_sought(seed, room, monkeypatch):
    """There is room for `room` machines in all: less than all rounded up, and for 3 of them units are lost."""
    monkeypatch.setattr("tandemplan.solver.whole.LARGE", 1)
    lp, lost, cost = growing(seed, room=room)
    outcome = run(lp, [("lost", lost), ("cost", cost)], Work(gap=1e-3))
    assert feasible(lp, outcome.x)
    assert whole_in(lp, outcome.x)
    best = least(lp, lost)
    first, last = outcome.stages
    assert first.bound <= best + 1e-6
    assert first.value <= 1.1 * best + 1e-6
    assert last.bound <= least(held(lp, [lost], [first.value]), cost) + 1e-3
    assert last.bound <= last.value


def growing(seed, machines=4, periods=10, room=99):
    """Return machines of 10 hours that are bought and stay, work that grows, and stock: lost units first, then cost."""
    random = np.random.default_rng(seed)
    build = Builder()
    who, every = tuple(map(str, range(machines))), np.ones((machines, periods), dtype=bool)
    asked = np.round(random.uniform(0, 4, (machines, periods)).cumsum(axis=1), 2)
    owned = build.add_grid("owned", who, every, 5.0, whole=True)
    make, stock, lost = (build.add_grid(n, who, every) for n in ("make", "stock", "lost"))
    balance = build.add_rows("balance", who, every, lower=asked, upper=asked)
    for column, sign in ((make, 1.0), (stock, -1.0), (lost, 1.0)):
        build.add(balance, column, sign)
    build.add(balance[:, 1:], stock[:, :-1], 1.0)
    hours = build.add_rows("hours", who, every, lower=-np.inf, upper=3.0)
    build.add(hours, make, 1.0)
    build.add(hours, owned, -10.0)
    kept = build.add_rows("kept", who, every[:, 1:], lower=-np.inf, upper=0.0)
    build.add(kept, owned[:, :-1], 1.0)
    build.add(kept, owned[:, 1:], -1.0)
    build.add(build.add_rows("room", ("R",), ONE, lower=-np.inf, upper=float(room)), owned[:, -1:].T, 1.0)
    lp = build.lp()
    late, cost = np.zeros(len(lp.lower)), np.zeros(len(lp.lower))
    late[lost], cost[stock] = 1.0, 1.0
    price = random.integers(20, 60, (machines, 1)) * np.array([[1.05**-t for t in range(periods + 1)]])
    cost[owned] = price[:, :-1] - price[:, 1:]
    cost[owned[:, -1]] = price[:, -2]
    return lp, late, cost


@pytest.mark.parametrize("seed", range(4))
def test_rounding_by_entities_never_ends_above_rounding_up(seed):
    lp, lost, cost = growing(seed)
    plain = solve_lp(lp, [("lost", lost), ("cost", cost)], Work(), on_report=lambda _: None, cancelled=lambda: False)
    stand = face.ground_of(lp, cost, plain.face, Work(), ground(lp, cost).watch)
    found = list(face.round_by_entity(stand, lp, plain.x))
    up = fixed(lp, rounded(lp, plain.x))
    goals = [("lost", lost), ("cost", cost)]
    first = solve_lp(up, goals, Work(), on_report=lambda _: None, cancelled=lambda: False)
    assert found[0].value == pytest.approx(first.stages[1].value)
    assert [b.value for b in found] == sorted((b.value for b in found), reverse=True)
    assert found[-1].value >= plain.stages[1].value - 1e-6
    assert all(feasible(lp, b.x) and whole_in(lp, b.x) for b in found)
