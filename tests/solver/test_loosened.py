"""Limits let go in a linear model: least costs, and the smallest breaches for them."""

import numpy as np
import pytest

from tandemplan.problems import SolverStoppedError
from tandemplan.solver.elastic import Soft
from tandemplan.solver.loosened import Loosened
from tandemplan.solver.lp import Builder
from tandemplan.solver.stages import Work


def model():
    """Ten units are asked for (x made, the rest lost): a gives 3 and b 4 at most."""
    build = Builder()
    one = np.ones((1, 1), dtype=bool)
    made, lost = build.add_grid("made", ("x",), one), build.add_grid("lost", ("x",), one)
    asked = build.add_rows("asked", ("x",), one, lower=10.0, upper=10.0)
    build.add(asked, made, 1.0)
    build.add(asked, lost, 1.0)
    for name, most in (("a", 3.0), ("b", 4.0)):
        build.add(build.add_rows(name, (name,), one, lower=-np.inf, upper=most), made, 1.0)
    lp = build.lp()
    soft = Soft(
        np.array([lp.rows["a"].first, lp.rows["b"].first]), np.array([0, 1]), np.array([-1.0, -1.0]), np.full(2, np.inf),
        np.ones(2), np.ones(2), np.zeros(2, dtype=bool),
    )  # fmt: skip
    cost = np.zeros(2)
    cost[lost[0, 0]] = 1.0
    return Loosened(lp, soft, cost, Work())


@pytest.mark.parametrize(("open_", "value"), [((0, 0), 7), ((1, 0), 6), ((0, 1), 7), ((1, 1), 0)])
def test_least_costs(open_, value):
    assert model().least(np.array(open_, dtype=bool)).value == pytest.approx(value)


def test_questions_follow_each_other():
    asked = model()
    values = [asked.least(np.array(o, dtype=bool)).value for o in ((1, 1), (0, 0), (1, 0), (1, 1))]
    assert values == pytest.approx([0, 7, 6, 0])
    assert asked.solves == 4


def test_breaches_are_as_small_as_can_be():
    found = model().smallest(np.ones(2, dtype=bool), 2.0, np.ones(2))
    assert found.breach.tolist() == pytest.approx([5, 4])
    assert found.value == pytest.approx(2)


def test_what_cannot_be_is_said():
    with pytest.raises(SolverStoppedError):
        model().smallest(np.zeros(2, dtype=bool), 2.0, np.ones(2))
