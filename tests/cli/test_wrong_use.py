"""What commands about runs refuse: runs without a plan, days that no run tells of, options that go nowhere."""

import json
import shutil

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.cli import app


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return str(tp.plan(tp.example("first_steps")).save(tmp_path_factory.mktemp("refused") / "run"))


def run_without(table, folder):
    """Plan the example without a table and return the folder of the run."""
    programme = tp.example("first_steps").save(folder / "programme")
    (programme / f"{table}.csv").unlink()
    return str(tp.plan(tp.read(programme)).save(folder / "run"))


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A run that was stopped before any answer: the plan in which nothing is done."""
    return str(tp.plan(tp.example("first_steps"), time_limit=0).save(tmp_path_factory.mktemp("stopped") / "run"))


def said(*words):
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    "words",
    [
        ("explain",),
        ("explain", "C1"),
        ("explain", "--claims"),
        ("actions",),
        ("dependence",),
        ("promise", "--item", "bike", "--quantity", "1"),
        ("simulate",),
    ],
)
def test_a_run_that_was_stopped_before_any_answer_answers_nothing(stopped, words):
    found = said(words[0], stopped, *words[1:], "--json")
    assert found.exit_code == 3
    assert "no plan" in json.loads(found.stdout)["error"]


def test_python_refuses_a_run_that_was_stopped_before_any_answer(stopped):
    run = tp.open_run(stopped)
    for ask in (lambda: tp.promise(run, "bike", 1), lambda: tp.dependence(run), run.explain, run.actions):
        with pytest.raises(ValueError, match="no plan"):
            ask()


@pytest.mark.parametrize(
    "words",
    [
        ("actions", "--as-of"),
        ("replan", "--as-of"),
        ("promise", "--item", "bike", "--quantity", "1", "--due"),
        ("simulate", "--lost", "suppliers", "--lost-from"),
    ],
)
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "soon", "2026-02-30"])
def test_a_day_is_one_that_runs_can_tell_of(run, words, day):
    found = said(words[0], run, *words[1:], day, "--json")
    assert found.exit_code == 2
    assert json.loads(found.stdout)["error"].startswith(f"{words[-1]} is '{day}'; ")


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("compare", "RUN", "RUN", "--by", "row"), "--by says what --split splits by"),
        (("explain", "RUN", "--claims", "--relief"), "no --relief"),
        (("explain", "RUN", "--pins", "--late", "2"), "no --relief or --late"),
        (("explain", "RUN", "C1", "--claims"), "name no demand"),
        (("replan", "RUN", "--briefing", "page.txt"), "--briefing"),
    ],
)
def test_options_that_would_go_nowhere_are_refused(run, words, wrong):
    found = said(*(run if w == "RUN" else w for w in words))
    assert found.exit_code == 2
    assert wrong in found.stderr


def test_a_programme_without_demand_is_told_in_whole_sentences(tmp_path):
    run = run_without("demands", tmp_path)
    planned = said("plan", f"{run}/programme", "--out", f"{tmp_path}/again")
    assert planned.stdout.startswith("Delivered: Nothing is asked for.\n")
    assert said("explain", run).stdout == "No limit that can be let go holds the plan back.\n"


def test_a_plan_that_nobody_supplies_is_not_called_free_of_limits(tmp_path):
    assert "Nothing limits" not in said("explain", run_without("offers", tmp_path)).stdout


@pytest.mark.parametrize(
    "words",
    [
        ("explain",),
        ("explain", "C1"),
        ("explain", "--claims"),
        ("actions",),
        ("dependence",),
        ("promise", "--item", "bike", "--quantity", "1"),
        ("replan", "--as-of", "2026-06-08"),
    ],
)
def test_a_run_without_one_of_its_tables_is_refused(run, tmp_path, words):
    damaged = shutil.copytree(run, tmp_path / "run")
    (damaged / "demand_summary.csv").unlink()
    found = said(words[0], str(damaged), *words[1:], "--json")
    assert found.exit_code == 2
    assert "demand_summary.csv is gone" in json.loads(found.stdout)["error"]
