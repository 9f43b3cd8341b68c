"""What prices prove: the bound on an objective, and the best plans of one.

Minimise x + 2 y with x <= 3, y <= 5, x + y >= 4: x = 3, y = 1, value 5. The price of the row is 2: one more unit
is one more y. The reduced cost of x is 1 - 2 = -1: it stays at its upper bound.
"""

from dataclasses import replace

import numpy as np
import pytest

from tandemplan.solver.stages import limits_of, narrowed, proven_bound, scale_of

from .models import two_columns

LP = two_columns()
COST = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("price", "bound"),
    [
        (2.0, 2 * 4 - 1 * 3),  # the best price proves the value
        (1.0, 1 * 4 + 0 + 0),  # y costs 2 - 1 more than it is priced, and may be 0
        (0.0, 0.0),  # nothing is priced: both may be 0
        (3.0, 3 * 4 - 2 * 3 - 1 * 5),  # too high a price is paid back by both upper bounds
        (-1e-9, 0.0),  # dust of the wrong sign counts as nothing
        (-1.0, 0.0),  # a price on the open upper side of the row is taken as none
    ],
)
def test_a_price_proves_a_bound(price, bound):
    assert proven_bound(LP, limits_of(LP), COST, np.array([price]), 30.0) == pytest.approx(bound, abs=1e-8)


def test_a_column_without_an_upper_bound_reaches_at_most_what_is_given():
    """y costs 2 and is priced at 3: 3 x 4 - 2 x 3 - 1 x 30."""
    limits = replace(limits_of(LP), upper=np.array([3.0, np.inf]))
    assert proven_bound(LP, limits, COST, np.array([3.0]), 30.0) == pytest.approx(-24)


def test_costs_are_scaled_so_that_small_ones_beside_large_ones_still_count():
    assert scale_of(np.array([1.0, 5e7])) == 5e3
    assert scale_of(np.zeros(2)) == 1.0


def test_only_the_best_plans_lie_within_narrowed_limits():
    """The row stays at 4 and x at 3, so that y is 1 in each of them, though its own bounds are as before."""
    limits = narrowed(limits_of(LP), 1.0, np.array([2.0]), np.array([-1.0, 0.0]))
    assert (limits.row_lower.tolist(), limits.row_upper.tolist()) == ([4], [4])
    assert (limits.lower.tolist(), limits.upper.tolist()) == ([3, 0], [3, 5])


def test_prices_below_the_tolerance_narrow_nothing():
    limits = narrowed(limits_of(LP), 1.0, np.array([1e-9]), np.array([-1e-9, 1e-9]))
    assert limits.row_upper.tolist() == [np.inf]
    assert (limits.lower.tolist(), limits.upper.tolist()) == ([0, 0], [3, 5])


def test_a_reduced_cost_holds_a_column_at_its_lower_bound():
    limits = narrowed(limits_of(LP), 1.0, np.array([0.0]), np.array([1.0, 2.0]))
    assert limits.upper.tolist() == [0, 0]
