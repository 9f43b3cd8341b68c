"""Covering columns folded away: the same plans, the same best value, the same proof."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandemplan.solver.fold import fold
from tandemplan.solver.highs import solve
from tandemplan.solver.lp import Builder, Lp
from tandemplan.solver.stages import Work, feasible, limits_of, proven_bound


def shelf(periods: int, use: float = 2.0, supply: float = 3.0) -> Lp:
    """Buy up to `supply` a period into stock; make takes `use` a unit from the stock of the period before, up to 4 a period."""
    build = Builder()
    every = np.ones((1, periods), dtype=bool)
    buy = build.add_grid("buy", ("part",), every, supply)
    stock = build.add_grid("stock", ("part",), every)
    make = build.add_grid("make", ("product",), every, 4.0)
    balance = build.add_rows("balance", ("part",), every, lower=0.0, upper=0.0)
    build.add(balance, stock, 1.0)
    build.add(balance[:, 1:], stock[:, :-1], -1.0)
    build.add(balance, buy, -1.0)
    build.add(balance, make, use)
    early = build.add_rows("on hand", ("part",), every, lower=-np.inf, upper=0.0)
    build.add(early, make, use)
    build.add(early[:, 1:], stock[:, :-1], -1.0)
    return build.lp()


def best(lp: Lp, cost: np.ndarray):
    return solve(lp, [("cost", cost)], Work(), on_report=lambda _: None, cancelled=lambda: False)


def test_a_row_that_says_cover_vanishes_and_the_first_period_stays():
    """stock[0] covers 2 make[1], so spare[0] = stock[0] - 2 make[1]; make[0] has no stock before it and stays barred."""
    folded = fold(shelf(2))
    assert folded.row.tolist() == [3]
    assert folded.lp.row_upper[3] == np.inf
    assert folded.lp.row_start[4] == folded.lp.row_start[3]
    x = np.array([3.0, 0.0, 3.0, 1.0, 0.0, 1.0])  # buy 3, 0; stock 3, 1; make 0, 1
    spare = folded.folded(x)
    assert spare.tolist() == [3.0, 0.0, 1.0, 1.0, 0.0, 1.0]
    assert folded.unfolded(spare).tolist() == x.tolist()
    assert feasible(folded.lp, spare)


def test_costs_of_what_covers_go_to_what_it_covers():
    """Holding costs 5 a unit: each unit made holds 2 units for a period, so it costs 10 beside its own -1."""
    cost = np.array([0.0, 0.0, 5.0, 5.0, -1.0, -1.0])
    assert fold(shelf(2)).costs(cost).tolist() == [0.0, 0.0, 5.0, 5.0, -1.0, 9.0]


def test_a_column_that_is_covered_itself_is_not_replaced():
    """a >= b and b >= c: only one of the two rows may go."""
    build = Builder()
    one = np.ones((1, 1), dtype=bool)
    a, b, c = (build.add_grid(n, (n,), one) for n in "abc")
    for name, low, high in (("first", b, a), ("second", c, b)):
        row = build.add_rows(name, (name,), one, lower=-np.inf, upper=0.0)
        build.add(row, low, 1.0)
        build.add(row, high, -1.0)
    assert fold(build.lp()).row.tolist() == [0]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 6),
    st.sampled_from([0.5, 1.0, 2.0]),
    st.lists(st.floats(-3, 3).map(lambda v: round(v, 1)), min_size=18, max_size=18),
)
def test_the_folded_model_has_the_same_best_value_and_its_prices_prove_it(periods, use, numbers):
    lp = shelf(periods, use)
    cost = np.array(numbers[: 3 * periods])
    cost[periods : 2 * periods] = np.abs(cost[periods : 2 * periods])  # holding costs something: nothing is unbounded
    folded = best(lp, cost)
    assert feasible(lp, folded.x)
    plain = fold_free(lp, cost)
    assert folded.stages[0].value == pytest.approx(plain, abs=1e-6)
    assert proven_bound(lp, limits_of(lp), cost, folded.stages[0].row_duals, 1e4) == pytest.approx(plain, abs=1e-5)


def fold_free(lp: Lp, cost: np.ndarray) -> float:
    """Return the best value by the solver alone."""
    import highspy

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(lp.lower), len(lp.row_lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, lp.lower, lp.upper
    model.row_lower_, model.row_upper_ = lp.row_lower, lp.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = lp.row_start.astype(np.int32), lp.row_column.astype(np.int32)
    model.a_matrix_.value_ = lp.value
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.passModel(model)
    engine.run()
    assert engine.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return engine.getInfo().objective_function_value
