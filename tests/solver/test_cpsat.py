"""What CP-SAT may not be asked, and what our model says instead (OR-Tools 9.15)."""

from __future__ import annotations

import numpy as np

from tandemplan.solver.activities import Schedule, activities_of
from tandemplan.solver.cpsat import Effort, solve


def test_a_mode_that_alone_reaches_the_horizon_is_found():
    """Two activities share a machine, the third takes 2 on it or 1 elsewhere: 3 in all, as the hint.

    Intervals of two modes with one start and one end were called infeasible here.
    """
    activities = activities_of(
        [[(1, [(0, 1)])], [(1, [(0, 1)])], [(2, [(0, 1)]), (1, [])]], [(0, 2, 0), (1, 2, 0)], [1]
    )
    hint = Schedule(np.array([0, 1, 2]), np.array([0, 1, 3]))
    found = solve(activities, hint, 2, Effort(seconds=10.0))
    assert (found.bound, found.proved) == (3, True)
    assert found.schedule is not None
    assert found.schedule.makespan(activities) == 3
