"""The child process: reports, limits, Ctrl-C, death."""

import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tandemplan.problems import SolverDiedError
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import Work

from .models import two_columns

LEAST = ("least", np.array([1.0, 1.0]))
ROOT = Path(__file__).parents[2]
IMPOSTOR = """
import os, pickle, sys
from tandemplan.solver.stages import Outcome
pickle.load(sys.stdin.buffer)
def send(*message):
    pickle.dump(message, sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""
LONG_WORK = """
import signal
import numpy as np
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import Work
from tests.solver.models import transport

signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it was passed over
lp, cost = transport(400)
first = np.zeros(len(cost))
first[0] = 1.0
told = lambda report: print(report.stage, report.value, flush=True)
outcome = solve_in_child(lp, [("first", first), ("second", cost)], Work(), told)
print("outcome", outcome.status, outcome.reason, [a.finished for a in outcome.stages], outcome.x is not None, sep="|")
"""


@pytest.fixture
def impostor(monkeypatch, tmp_path):
    """A function that puts other words in the place of the child: it may `send(kind, content)`."""

    def take_over(words):
        script = tmp_path / "child"
        script.write_text(f"#!{sys.executable}\n{IMPOSTOR}{words}\n")
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(script))

    return take_over


def test_the_child_answers_and_reports_each_objective():
    reports = []
    outcome = solve_in_child(two_columns(), [LEAST, ("x", np.array([1.0, 0.0]))], Work(), reports.append)
    assert (outcome.status, outcome.reason) == ("optimal", "")
    assert outcome.x == pytest.approx([0, 4])
    assert [(r.stage, r.value, r.bound) for r in reports] == [
        ("least", pytest.approx(4), pytest.approx(4)),
        ("x", pytest.approx(0), pytest.approx(0)),
    ]


def test_infeasible_is_a_status():
    assert solve_in_child(two_columns(need=10), [LEAST], Work(), lambda _: None).status == "infeasible"


def test_no_time_is_stopped():
    outcome = solve_in_child(two_columns(), [LEAST], Work(seconds=0), lambda _: None)
    assert (outcome.status, outcome.x) == ("stopped", None)


def test_too_little_memory_is_said():
    outcome = solve_in_child(two_columns(), [LEAST], Work(memory_mb=1), lambda _: None)
    assert (outcome.status, outcome.x) == ("memory", None)
    assert outcome.reason == "the solver needs more memory than the 1 MB it may use"


def test_a_child_that_fails_is_an_error_with_its_words():
    with pytest.raises(SolverDiedError, match=r"(?s)solver ended with code 1:.*AttributeError"):
        solve_in_child(None, [LEAST], Work(), lambda _: None)


def test_a_solver_that_cannot_go_on_says_so_without_a_traceback():
    script = (
        "import tandemplan.solver.child as child\nfrom tandemplan.problems import SolverDiedError\n"
        "def die(*job): raise SolverDiedError('No plan.')\nchild._solve = die\nchild.main()"
    )
    job = pickle.dumps({"work": Work(seconds=1e300)})
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", script], **pipes) as child:
        child.stdin.write(job)
        child.stdin.flush()  # and not closed: its end would say that the parent is gone, and end the child at any word
        said = child.stderr.read()
    assert (child.returncode, said) == (1, b"No plan.\n")


def test_a_child_that_never_speaks_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SolverDiedError, match=r"solver ended with code 1: $"):
        solve_in_child(two_columns(), [LEAST], Work(), lambda _: None)


def test_an_interrupt_brings_back_the_plan_of_the_objectives_so_far():
    """The first report is interrupted, thousands of objectives before the last: the first is proved."""
    stages = [LEAST, *[(f"again {k}", np.array([1.0, 1.0])) for k in range(20_000)]]

    def interrupt(report):
        if report.stage == "least":
            raise KeyboardInterrupt

    outcome = solve_in_child(two_columns(), stages, Work(), interrupt)
    assert (outcome.status, outcome.reason) == ("feasible", "stopped by the user")
    assert outcome.x.sum() == pytest.approx(4)
    assert (outcome.stages[0].finished, outcome.stages[-1].finished) == (True, False)


def test_a_second_interrupt_ends_the_wait(impostor):
    """A child that does not listen goes on with its reports."""
    impostor("while True: send('report', None)")

    def interrupt(report):
        raise KeyboardInterrupt

    outcome = solve_in_child(two_columns(), [LEAST], Work(), interrupt, np.array([0.0, 4.0]))
    assert (outcome.status, outcome.reason) == ("stopped", "stopped by the user")
    assert outcome.x.tolist() == [0, 4], "what was at hand comes back"


def test_a_child_that_does_not_hear_ends_itself(impostor):
    """As presolve does not: it has half a second here, and would work for a minute."""
    impostor(
        "import threading, time\nimport tandemplan.solver.child as child\nchild.PATIENCE = 0.5\nsend('report', None)\n"
        "threading.Thread(target=child._listen, args=(sys.stdin.buffer, threading.Event())).start()\ntime.sleep(60)"
    )

    def interrupt(report):
        raise KeyboardInterrupt

    begin = time.monotonic()
    outcome = solve_in_child(two_columns(), [LEAST], Work(), interrupt)
    assert (outcome.status, outcome.x, outcome.reason) == ("stopped", None, "stopped by the user")
    assert time.monotonic() - begin < 30


def test_a_child_that_does_not_look_at_the_clock_ends_itself(impostor):
    """It has no time at all here, half a second of grace, and would work for a minute."""
    impostor(
        "import time\nimport tandemplan.solver.child as child\nchild.GRACE = 0.5\nsend('report', None)\n"
        "child.limit_time(0.0)\ntime.sleep(60)"
    )
    begin = time.monotonic()
    outcome = solve_in_child(two_columns(), [LEAST], Work(seconds=0.0), lambda _: None, np.array([0.0, 4.0]))
    assert (outcome.status, outcome.reason) == ("stopped", "stopped by the time limit")
    assert outcome.x.tolist() == [0, 4], "what was at hand comes back"
    assert time.monotonic() - begin < 30


def test_an_interrupt_after_the_last_word_loses_nothing(impostor):
    """The child is gone when it would be told to stop; its answer is read."""
    impostor("send('report', None); send('outcome', Outcome('optimal', None, ())); os.close(0)")

    def interrupt(report):
        time.sleep(0.3)
        raise KeyboardInterrupt

    outcome = solve_in_child(two_columns(), [LEAST], Work(), interrupt)
    assert (outcome.status, outcome.reason) == ("optimal", "stopped by the user")


@pytest.mark.long
def test_ctrl_c_in_the_middle_of_an_objective():
    """The signal comes while the second objective is at work; the first is done, so that there is a plan."""
    work = subprocess.Popen([sys.executable, "-c", LONG_WORK], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        for line in work.stdout:
            if line.startswith("second None"):
                work.send_signal(signal.SIGINT)
                break
        rest = work.communicate(timeout=60)[0]
    finally:
        work.kill()
        work.wait()
    assert rest.splitlines()[-1] == "outcome|feasible|stopped by the user|[True, False]|True"
