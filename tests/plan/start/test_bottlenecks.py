"""Plans found from their bottlenecks are those of the whole model: same values, proved, audited."""

import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tandemplan.audit import audit
from tandemplan.model.reading import read
from tandemplan.network.network import network_of
from tandemplan.plan import PlanOptions, plan
from tandemplan.plan.model import model_of
from tandemplan.plan.start.layout import fitted
from tandemplan.plan.start.outcome import solve_from_bottlenecks
from tandemplan.plan.start.search import search
from tandemplan.problems import SolverDiedError
from tandemplan.results.store import read_answer, write_run
from tandemplan.solver import whole
from tandemplan.solver.highs import solve
from tandemplan.solver.stages import Outcome, Work, feasible
from tandemplan.testing.programmes import programmes

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
from synthetic import synthetic

PLAN, START, SEARCH = (
    import_module(f"tandemplan.plan.{name}") for name in ("seeking", "start.outcome", "start.search")
)
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
CENTS = 0.05  # of money: tables print cents, and equally good plans round differently
few = settings(max_examples=15, derandomize=True, phases=(Phase.explicit, Phase.generate), **QUIET)
many = settings(max_examples=40, derandomize=True, phases=(Phase.explicit, Phase.generate), **QUIET)


def here(lp, stages, work, on_report, fallback=None, **more):
    """Solve in this process, whole columns as whole ones."""
    given = {"on_report": on_report, "cancelled": lambda: False, "fallback": fallback}
    if lp.whole.any():
        return whole.solve(lp, stages, work, **given, together=more.get("together", 1))
    return solve(lp, stages, work, **given, **more)


@pytest.fixture(autouse=True)
def in_process(monkeypatch):
    monkeypatch.setattr(PLAN, "solve_in_child", here)
    monkeypatch.setattr(START, "solve_in_child", here)


def from_bottlenecks(programme, **options):
    """Plan as if the programme were large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PLAN, "LARGE", 0)
        return plan(programme, PlanOptions(**options))


def assert_agree(programme):
    """Plan both ways; values of all objectives agree as far as both are proved, and the audit finds nothing."""
    whole, quick = plan(programme, PlanOptions(gap=1e-5)), from_bottlenecks(programme, gap=1e-5)
    assert quick.info["status"] == whole.info["status"]
    if whole.info["status"] == "infeasible":
        return
    for one, other in zip(whole.info["objective"]["stages"], quick.info["objective"]["stages"], strict=True):
        allowed = 1e-5 * max(1.0, abs(one["value"])) + (CENTS if one["stage"] == "cost" else 0.0)
        assert other["value"] == pytest.approx(one["value"], rel=0, abs=allowed), one["stage"]
        assert other["bound"] == pytest.approx(one["bound"], rel=0, abs=10 * allowed), one["stage"]
    with TemporaryDirectory() as folder:
        assert [str(f) for f in audit(write_run(quick, programme, Path(folder) / "run")).findings] == []


@few
@given(programmes())
def test_both_ways_agree(programme):
    assert_agree(programme)


@pytest.mark.long
@many
@given(programmes())
def test_both_ways_agree_on_many(programme):
    assert_agree(programme)


def parts_of(programme):
    """Return the model of a programme, and its objectives for classes."""
    made = model_of(network_of(programme))
    return made.lp, [(s.name, s.cost) for s in made.stages if s.demand_class is not None]


def in_parts(seen=None):
    """Return a solver of parts that notes their sizes."""

    def work(lp, goals, basis, eased):
        if seen is not None:
            seen.append(lp.size)
        return here(lp, goals, Work(), lambda _: None, basis=basis, eased=eased)

    return work


def test_a_plant_with_few_bottlenecks_is_planned_from_a_part_of_its_model():
    """50 items at three sites over a year: every class closed at the value of the whole model, from parts half its size."""
    lp, goals = parts_of(synthetic(50, 52))
    whole = solve(lp, goals, Work(), on_report=lambda _: None, cancelled=lambda: False, together=2)
    seen = []
    starts = list(search(lp, goals, in_parts(seen)))
    assert len(starts[-1].proofs) == len(goals) == 2
    assert starts[-1].values == pytest.approx([s.value for s in whole.stages[:2]], rel=1e-7)
    assert starts[-1].bounds == pytest.approx(starts[-1].values, rel=1e-7)
    assert max(rows for rows, _, _ in seen) < lp.size[0] / 2
    for start in starts:
        assert feasible(lp, start.x)
        assert all(bound <= value * (1 + 1e-9) for bound, value in zip(start.bounds, start.values, strict=True))


def test_easy_limits_first_come_to_the_same_values():
    """Parts solved with and without their easy limits close every class at the same value."""
    lp, goals = parts_of(synthetic(100, 104))
    eased = []

    def plainly(part, asked, basis, easy):
        eased.append(easy)
        return here(part, asked, Work(), lambda _: None, basis=basis)

    plain, quick = (list(search(lp, goals, solver))[-1] for solver in (plainly, in_parts()))
    assert any(easy is not None for easy in eased)
    assert len(plain.proofs) == len(quick.proofs) == 2
    assert quick.values == pytest.approx(plain.values, rel=1e-7)


def test_plans_only_become_better():
    lp, goals = parts_of(synthetic(50, 52))
    values = [s.values for s in search(lp, goals, in_parts())]
    assert len(values) > 2
    assert all(after[0] <= before[0] * (1 + 1e-9) for before, after in pairwise(values))


def test_without_time_the_plan_laid_out_first_comes_back_with_what_is_proved():
    """No second for the solver: the deliveries laid out backwards are a plan, and nothing is proved of it."""
    run = from_bottlenecks(synthetic(20, 30), time_limit=0.0)
    assert run.info["status"] == "feasible"
    assert run.info["reason"] == "stopped by the time limit"
    assert run.info["reproducible"] is False
    assert run.tables["deliveries"]["quantity"].sum() > 0
    assert [s["finished"] for s in run.info["objective"]["stages"]] == [False] * 3


def test_stock_that_one_class_leaves_is_laid_out_for_the_next():
    """42 bicycles lie there, 22 for the city and 20 for the school: without a second for the solver all are delivered."""
    programme = read(Path(__file__).parents[3] / "examples" / "first_steps")
    programme = programme.replace(stock=[{"item": "bike", "quantity_units": 42}])
    programme = programme.with_changes("offers[kits].capacity_units_per_week = 0")
    run = from_bottlenecks(programme, time_limit=0.0)
    assert run.tables["deliveries"]["quantity"].sum() == pytest.approx(42)


def test_a_solver_that_the_user_stops_ends_the_search(monkeypatch):
    def stopped(*_, **__):
        return Outcome("stopped", None, (), "stopped by the user")

    monkeypatch.setattr(START, "solve_in_child", stopped)
    run = from_bottlenecks(synthetic(20, 30))
    assert run.info["status"] == "feasible"
    assert run.info["reason"] == "stopped by the user"


def test_an_interrupt_between_solves_ends_the_search(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(START, "solve_in_child", interrupted)
    run = from_bottlenecks(synthetic(20, 30))
    assert (run.info["status"], run.info["reason"]) == ("feasible", "stopped by the user")


def assert_no_bound_is_beaten(programme):
    """Cut the search after each number of models solved: what it says then is no more than what the whole model comes to.

    A bound holds among plans with the objectives before at the values found or below: where the whole model's are above, it says nothing.
    """
    made = model_of(network_of(programme))
    goals = [(s.name, s.cost) for s in made.stages]
    classes = sum(s.demand_class is not None for s in made.stages)
    if not classes:
        return
    whole = here(made.lp, goals, Work(), lambda _: None, together=min(4, classes))
    best = [stage.value for stage in whole.stages]
    for most in range(5):
        left = iter(range(most))

        def cut(*job, left=left, **more):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return here(*job, **more)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(START, "solve_in_child", cut)
            found = solve_from_bottlenecks(
                made.lp, goals, Work(), lambda _: None, np.zeros(len(made.lp.lower)), classes=classes, together=2
            )
        for stage, value in zip(found.stages, best, strict=False):
            eased = 1e-5 * max(1.0, abs(value))
            assert stage.bound <= value + eased
            if value > stage.value + eased:
                break


@few
@given(programmes())
def test_no_bound_of_a_search_cut_short_is_beaten(programme):
    assert_no_bound_is_beaten(programme)


@pytest.mark.long
@many
@given(programmes())
def test_no_bound_of_many_searches_cut_short_is_beaten(programme):
    assert_no_bound_is_beaten(programme)


CTRL_C = """
import os, signal, sys
from importlib import import_module
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it was passed over
import_module("tandemplan.plan.seeking").LARGE = 0
start = import_module("tandemplan.plan.start.outcome")
solve = start.solve_in_child
start.solve_in_child = lambda lp, goals, work, hear, **more: solve(
    lp, goals, work, lambda report: os.kill(os.getpid(), signal.SIGINT), **more
)
from tandemplan.cli import main
main()
"""


def test_ctrl_c_during_a_part_writes_the_best_plan_so_far(tmp_path):
    """At the shell, with a real signal, while the child process works on the first part."""
    programme = synthetic(20, 30)
    programme.save(tmp_path / "large")
    command = [sys.executable, "-c", CTRL_C, "plan", "large", "--out", "run"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    run = read_answer(tmp_path / "run")[0]
    assert (run.info["status"], run.info["reason"]) == ("feasible", "stopped by the user")
    assert run.tables["deliveries"]["quantity"].sum() > 0
    assert [str(f) for f in audit(tmp_path / "run").findings] == []


def test_an_interrupt_while_the_whole_model_is_handed_over_keeps_the_plan(monkeypatch):
    """Classes are proved from parts by then: only the cost is open."""

    def interrupted(lp, stages, *rest, **more):
        if lp.rows:  # a part has no names
            raise KeyboardInterrupt
        return here(lp, stages, *rest, **more)

    monkeypatch.setattr(START, "solve_in_child", interrupted)
    run = from_bottlenecks(synthetic(20, 30))
    assert (run.info["status"], run.info["reason"]) == ("feasible", "stopped by the user")
    assert [s["finished"] for s in run.info["objective"]["stages"]] == [True, True, False]


def test_an_interrupt_before_any_plan_leaves_the_idle_one(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(START, "search", interrupted)
    run = from_bottlenecks(synthetic(20, 30))
    assert (run.info["status"], run.info["reason"]) == ("stopped", "stopped by the user")
    assert run.tables["deliveries"]["quantity"].sum() == 0


def test_no_model_is_solved_and_nothing_tried_later_once_time_is_up(monkeypatch):
    """One try for each objective: with time, what does not fit is tried later again and again."""
    tries = []

    def counted(*given):
        tries.append(given)
        return fitted(*given)

    monkeypatch.setattr(SEARCH, "fitted", counted)
    lp, goals = parts_of(synthetic(20, 30))
    parts = []
    assert list(search(lp, goals, in_parts(parts), lambda: True))
    assert len(parts) == 0
    assert 0 < len(tries) <= len(goals) + 1
    tries.clear()
    list(search(lp, goals, in_parts(parts)))
    assert len(parts) > 0
    assert len(tries) > 2 * (len(goals) + 1)


def test_first_steps_by_its_bottleneck_has_the_values_of_its_derivation(tmp_path):
    """28 and 116 unit-days and 3,002.80 EUR: examples/first_steps/README.md."""
    programme = read(Path(__file__).parents[3] / "examples" / "first_steps")
    run = from_bottlenecks(programme)
    assert [s["value"] for s in run.info["objective"]["stages"]] == pytest.approx([28, 116, 3002.8])
    assert run.info["status"] == "optimal"
    assert [str(f) for f in audit(write_run(run, programme, tmp_path / "run")).findings] == []


def test_a_plant_without_bottlenecks_is_closed_at_once():
    """A bicycle a week, and hours for many: nothing is full, so the first class is closed by what it asks for alone."""
    programme = read(Path(__file__).parents[3] / "examples" / "first_steps").with_changes(
        "work_centres[bench].stations = 50", "offers[kits].lead_days = 0"
    )
    lp, goals = parts_of(programme)
    seen = []
    *_, last = search(lp, goals, in_parts(seen))
    assert len(last.proofs) == len(goals)
    assert last.values == pytest.approx(last.bounds)
    assert all(rows == 0 for rows, _, _ in seen)


def test_a_part_whose_solver_fails_leaves_the_whole_model_to_be_solved(monkeypatch):
    def failing(lp, stages, *rest, **more):
        if not lp.rows:  # a part has no names
            raise SolverDiedError("the part was too much")
        return here(lp, stages, *rest, **more)

    monkeypatch.setattr(START, "solve_in_child", failing)
    run = from_bottlenecks(synthetic(20, 30))
    assert run.info["status"] == "optimal"
    assert [s["value"] for s in run.info["objective"]["stages"]] == pytest.approx(
        [s["value"] for s in plan(synthetic(20, 30)).info["objective"]["stages"]]
    )
