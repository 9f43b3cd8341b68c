"""The plan that a command is asked about: what is refused alike by all of them, and what is said first."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.cli import app

ASKED = {
    "actions": (),
    "dependence": (),
    "explain": (),
    "simulate": ("--replications", "10", "--workers", "1"),
    "promise": ("--item", "bike", "--quantity", "1", "--customer", "school"),
    "replan": (),
}


def tandemplan(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A plan of the bench, a simulation of it, a run without a plan, and one from whose programme a demand was taken."""
    home = tmp_path_factory.mktemp("given")
    run = tp.plan(tp.example("first_steps"))
    for name in ("plan", "cut", "edited"):
        run.save(home / name)
    tp.simulate(run, replications=10, workers=1).save(home / "simulation")
    stuck = tp.example("first_steps").with_changes("programme.objective = cost", "offers[kits].unit_price = 1")
    tp.plan(stuck, time_limit=0).save(home / "none")
    demands = home / "cut" / "programme" / "demands.csv"
    demands.write_text("".join(line for line in demands.read_text().splitlines(keepends=True) if not line.startswith("C1")))  # fmt: skip
    offers = home / "edited" / "programme" / "offers.csv"
    offers.write_text(offers.read_text().replace("100", "101", 1))
    return home


@pytest.mark.parametrize("command", ASKED)
def test_a_simulation_is_wrong_use_where_a_plan_is_wanted(command, folders):
    said = tandemplan(command, folders / "simulation", *ASKED[command])
    assert (said.exit_code, "is a simulation; name the plan that was simulated, plan-" in said.stderr) == (2, True)


@pytest.mark.parametrize("command", ASKED)
def test_a_run_without_a_plan_has_no_answer(command, folders):
    said = tandemplan(command, folders / "none", *ASKED[command])
    assert (said.exit_code, said.stderr.strip().endswith("holds no plan.")) == (3, True)


@pytest.mark.parametrize("command", ASKED)
def test_a_programme_that_lost_what_the_plan_speaks_of_is_wrong_use(command, folders):
    said = tandemplan(command, folders / "cut", *ASKED[command])
    assert (said.exit_code, "demand 'C1' of the plan is not in it. Plan again." in said.stderr) == (2, True)


@pytest.mark.parametrize("command", ["actions", "dependence", "explain", "promise", "replan"])
def test_a_changed_programme_is_told_first(command, folders, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = tandemplan(command, folders / "edited", *ASKED[command])
    assert "Changed after the plan: programme." in said.stderr


def test_options_that_would_change_nothing_are_wrong_use(folders, tmp_path):
    plan = folders / "plan"
    for options, words in (
        (("simulate", plan, "--lost-from", "2026-06-10"), "nothing is lost; say what: suppliers"),
        (("simulate", plan, "--policy", "ahead=1", "--policy", "ahead=2"), "--policy ahead is given twice, as 1 and as 2"),
        (("promise", plan, "--item", "bike", "--quantity", 1, "--due", "2031-01-01"), "it must be a day of the plan, from 2026-06-01 to 2026-06-28"),
        (("dependence", plan, "--from", "2026-06-08", "--workers", 2), "--from and --workers: without --replan nobody plans anew"),
        (("dependence", plan, "--to", tmp_path / "d.txt"), "the table is written as a .csv file"),
    ):  # fmt: skip
        said = tandemplan(*options)
        assert (said.exit_code, words in said.stderr) == (2, True), said.stderr
    assert not (tmp_path / "d.txt").exists()


@pytest.mark.parametrize("change", ["work_centres[bench].stations = 0", "shift_patterns[*].hours_per_shift = 4"])
def test_hours_of_a_plan_cannot_be_changed_under_it(change, folders):
    """A simulation has the hours of its plan: a station less would change nothing, and is refused."""
    said = tandemplan("simulate", folders / "plan", "--set", change)
    assert (said.exit_code, "[plan-change]" in said.stderr, "Plan with this change" in said.stderr) == (1, True, True)


def test_a_briefing_that_cannot_be_written_costs_no_answer(folders, tmp_path):
    page = tmp_path / "briefing.html"
    page.mkdir()
    said = tandemplan("replan", folders / "plan", "--out", tmp_path / "new", "--briefing", page)
    assert (said.exit_code, "The machine refused" in said.stderr) == (5, True)
    assert f"Run: {tmp_path / 'new'}" in said.stdout
    assert Path(tmp_path / "new" / "run.json").is_file()
