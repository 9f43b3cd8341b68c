"""HiGHS and OR-Tools in one process: whichever is imported first, both solve (docs/decisions/0002-solver.md)."""

from __future__ import annotations

import subprocess
import sys

import pytest

HIGHS = """
import highspy
h = highspy.Highs(); h.silent()
x = h.addVariable(lb=0, ub=3, obj=-1.0)
h.run(); print(h.getObjectiveValue())
"""
CP_SAT = """
from ortools.sat.python import cp_model
m = cp_model.CpModel(); y = m.new_int_var(0, 7, "y"); m.maximize(y)
s = cp_model.CpSolver(); s.solve(m); print(s.objective_value)
"""


@pytest.mark.parametrize(
    ("first", "second", "said"), [(HIGHS, CP_SAT, ["-3.0", "7.0"]), (CP_SAT, HIGHS, ["7.0", "-3.0"])]
)
def test_both_solvers_work_in_one_process(first, second, said):
    ran = subprocess.run([sys.executable, "-c", first + second], capture_output=True, text=True, check=False)
    assert ran.stdout.split() == said, ran.stderr
