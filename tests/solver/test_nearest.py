"""The plan nearest to wanted values, by hand."""

import numpy as np
import pytest

from tandemplan.solver.lp import Builder
from tandemplan.solver.nearest import nearest
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import Work


def test_the_dearest_stay_where_they_are_wanted():
    """x + y + z <= 10 where 4, 5 and 6 are wanted: the 5 too many come off z, which costs 1 a unit, not off x and y for 2 each."""
    build = Builder()
    column = build.add_grid("x", ("x", "y", "z"), np.ones((3, 1), dtype=bool), 9.0)
    row = build.add_rows("sum", ("s",), np.ones((1, 1), dtype=bool), lower=-np.inf, upper=10.0)
    build.add(np.repeat(row, 3, axis=0), column, 1.0)
    asked, cost = nearest(build.lp(), np.arange(3), np.array([4.0, 5, 6]), np.array([2.0, 2, 1]))
    found = solve_in_child(asked, [("near", cost)], Work(None), lambda _: None)
    assert found.stages[0].value == pytest.approx(5)
    assert found.x[:3] == pytest.approx([4, 5, 1])
