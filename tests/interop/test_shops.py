"""Texts of shops and projects: what they say, the published optimum of some, and what is wrong with others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandemplan.interop.shops import read_activities
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.schedule.solve import schedule_activities

BENCH = Path(__file__).parents[3] / "shared" / "bench"

JOBS = "2 2\n0 3 1 2\n1 4 0 1\n"
FLEXIBLE = "1 2 1.5\n2 2 1 3 2 4 1 2 5\n"
PROJECT = "3 1\n2\n0 0 1 2\n4 1 1 3\n0 0 0\n"
PROJECTS = "2\n1\n2\n2 0\n1\n0 0 1 1:2\n3 1 0\n2 0\n1\n0 0 1 2:2\n3 2 0\n"
PSPLIB = """jobs  (incl. supersource/sink ):  3
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  1   N
  - doubly constrained        :  0   D
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1     1      0       9        0        9
************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          1           2
   2        2          1           3
   3        1          0
************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  N 1
  1      1     0       0    0
  2      1     3       1    4
         2     5       1    1
  3      1     0       0    0
************
RESOURCEAVAILABILITIES:
  R 1  N 1
    2    3
"""


def read(folder, text, form):
    file = folder / "case.txt"
    file.write_text(text)
    return read_activities(file, form)


@pytest.mark.parametrize(
    ("text", "form", "makespan"),
    [
        (JOBS, "jobshop", 6),
        (FLEXIBLE, "flexible-jobshop", 8),
        (PROJECT, "project", 4),
        (PROJECTS, "projects", 6),
        (PSPLIB, "psplib", 5),
    ],
)
def test_each_form_is_read(tmp_path, text, form, makespan):
    activities = read(tmp_path, text, form)
    answer = schedule_activities(activities, seconds=5)
    assert answer.schedule.makespan(activities) == answer.makespan
    assert (answer.makespan, answer.bound) == (makespan, makespan)


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        (
            "2 2\n0 3 1 2\n1 4 0\n",
            "jobshop",
            "case.txt:3: the file ends where the duration of step 2 of job 2 should stand.",
        ),
        ("1 1\n0 3 7\n", "jobshop", "case.txt:2: '7' stands after the end"),
        ("1 1\n1 3\n", "jobshop", "case.txt:2: the machine of step 1 of job 1 is 1; the last one is 0."),
        (
            "1 1\n0 three\n",
            "jobshop",
            "case.txt:2: the duration of step 1 of job 1 is 'three'; it must be a whole number",
        ),
        ("1 1\n0 -3\n", "jobshop", "is '-3'; it must be a whole number from 0"),
        ("", "jobshop", "case.txt:1: the file ends where the number of jobs should stand."),
        ("1 1\n1 1 2 3\n", "flexible-jobshop", "a machine of operation 1 of job 1 is 2; the last one is 1."),
        ("1 1\n1\n0 0 1 5\n", "project", "a successor of activity 1 is 5; the last one is 1."),
        (PROJECTS.replace("2 0\n1\n0 0 1 1", "2 4\n1\n0 0 1 1"), "projects", "project 1 has a release after 0"),
        (
            PSPLIB.replace("   3        1          0", "   4        1          0"),
            "psplib",
            "4 stands where the number of job 3",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, form, said):
    with pytest.raises(ProgrammeFaultsError) as caught:
        read(tmp_path, text, form)
    assert said in str(caught.value)


@pytest.mark.skipif(not BENCH.is_dir(), reason="the published instances are not here")
@pytest.mark.parametrize(
    ("name", "form", "optimum"),
    [
        ("jobshop/instances/FisherThompson1963/ft06.txt", "jobshop", 55),
        ("jobshop/instances/Lawrence1984/la01.txt", "jobshop", 666),
        ("flexible-jobshop/instances/Brandimarte1993/mk01.txt", "flexible-jobshop", 40),
        ("flexible-jobshop/instances/KacemHammadiBorne2002/kacem1.txt", "flexible-jobshop", 11),
        ("rcpsp/instances/J30_1.txt", "project", 43),
    ],
)
def test_published_optima_are_found_and_proved(name, form, optimum):
    activities = read_activities(BENCH / name, form)
    answer = schedule_activities(activities, seconds=60)
    assert answer.schedule.makespan(activities) == answer.makespan
    assert (answer.makespan, answer.bound) == (optimum, optimum)
