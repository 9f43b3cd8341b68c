"""The command and the function `simulate`, with an engine put in place: what is asked of it, what is said, how it ends."""

import ast
import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.api import tables
from tandemplan.cli import app
from tandemplan.results.shape import SHAPES
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.store import read_answer, read_run, write_run
from tandemplan.simulate.answer import PREPARING
from tandemplan.testing.runs import run_of

from .made_up import outcomes
from .test_statistics import CONTRACTS, DEMANDS, PLAN, programme  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def plan(programme, tmp_path):  # noqa: F811
    about = {"name": programme.settings.name, "digest": programme.digest}
    run, empty = (
        run_of(text, programme=about) for text in (PLAN, "\n".join(f"[{s.name}]\n{','.join(s.names)}" for s in SHAPES))
    )
    return write_run(replace(run, tables={**empty.tables, **run.tables}), programme, tmp_path / "plan")


@pytest.fixture
def engine(monkeypatch):
    """An engine that keeps all promises in so many replications; it keeps what it was asked."""
    asked = []

    def use(count=None, error=None):
        def replicated(setup, replications, *, workers, enough, progress, executor):
            asked.append((replications, setup.seed, workers, enough is not None))
            if error:
                raise error
            n = replications if count is None else count
            progress(n)
            units = np.tile([10.0, 10, 20], (n, 1))
            return outcomes(
                n, 4, demands=DEMANDS, contracts=CONTRACTS, asked=units, on_time=units, delivered=units,
                done=np.tile([4.0, 18, 25], (n, 1)), first=np.tile([4.0, 25, np.inf], (n, 1)),
            )  # fmt: skip

        blocks, run, _ = (import_module(f"tandemplan.simulate.{n}") for n in ("blocks", "run", "compared"))
        monkeypatch.setattr(
            blocks,
            "setup_of",
            lambda _programme, _plan, seed, **_policy: SimpleNamespace(seed=seed, notes=("This is left out: all.",)),
        )
        monkeypatch.setattr(run, "replicated", replicated)
        return asked

    return use


def tandemplan(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_a_simulation_is_told_and_written(plan, engine):
    asked = engine()
    said = tandemplan("simulate", plan, "--replications", 200, "--workers", 3, "--out", "s")
    assert said.exit_code == 0
    assert said.stdout.splitlines()[1].startswith("Simulated: 200 replications of plan-1, seed 1; ")
    assert said.stdout.splitlines()[-2:] == ["Not counted: This is left out: all.", "Simulation: s"]
    assert said.stderr == f"   0.0 s  {PREPARING}\n"
    assert asked == [(200, 1, 3, False)]
    info = read_run(Path("s")).info
    assert (info["plan"], info["replications"], set(info["seconds"])) == ("plan-1", 200, {"read", "simulate", "write"})


def test_json_is_all_that_goes_to_standard_output(plan, engine):
    engine()
    data = json.loads(tandemplan("simulate", plan, "--replications", 50, "--seed", 7, "--json").stdout)
    assert (data["seed"], data["folder"], data["status"]) == (7, f"runs/{data['run']}", "done")
    assert [r["name"] for r in data["answers"]["classes"]] == ["all", "1", "2"]


def test_a_person_who_stops_it_gets_what_is_done(plan, engine):
    engine(count=40)
    said = tandemplan("simulate", plan, "--replications", 100)
    assert (said.exit_code, "stopped before the last" in said.stdout) == (0, True)
    engine(count=0)
    assert tandemplan("simulate", plan).exit_code == 4
    engine(error=KeyboardInterrupt())
    assert tandemplan("simulate", plan).exit_code == 4


def test_precision_ends_it(plan, engine):
    engine(count=500)
    said = tandemplan("simulate", plan, "--replications", 100_000, "--precision", 0.01)
    assert "ended by the precision asked for" in said.stdout


@pytest.mark.parametrize(
    "option", [("--precision", 0), ("--precision", 1.5), ("--replications", 0), ("--seed", -1), ("--workers", 0)]
)
def test_options_without_meaning_are_wrong_use(plan, engine, option):
    engine()
    assert tandemplan("simulate", plan, *option).exit_code == 2


def test_what_holds_no_plan_is_no_answer(plan, engine, programme):  # noqa: F811
    asked = engine()
    tandemplan("simulate", plan, "--out", "s")
    again = tandemplan("simulate", "s")
    assert (again.exit_code, "s is a simulation; name the plan that was simulated, plan-1." in again.stderr) == (
        2,
        True,
    )
    write_run(run_of("", status="infeasible"), programme, Path("none"))
    assert tandemplan("simulate", "none").exit_code == 3
    assert tandemplan("simulate", "nowhere").exit_code == 2
    assert len(asked) == 1


def test_a_plan_is_never_written_over(plan, engine):
    asked = engine()
    said = tandemplan("simulate", plan, "--out", plan)
    assert (said.exit_code, "holds a plan; choose another folder" in said.stderr, asked) == (2, True, [])


def test_a_changed_plan_says_so(plan, engine):
    engine()
    (plan / "deliveries.csv").write_text((plan / "deliveries.csv").read_text().replace("15", "14"))
    said = tandemplan("simulate", plan, "--replications", 20)
    assert (said.exit_code, "Changed after the plan: deliveries.csv." in said.stderr) == (0, True)


def test_in_python_it_is_the_same(engine, programme, capsys):  # noqa: F811
    engine()
    run = tp.Run(run_of(PLAN), programme)
    found = tp.simulate(run, replications=60, workers=1, progress=True)
    assert (found.replications, found.status, found.half_width < 0.1) == (60, "done", True)
    assert capsys.readouterr().err == f"   0.0 s  {PREPARING}\n"
    heard = []
    tp.simulate(run, replications=10, progress=heard.append)
    assert [p.phase for p in heard] == [PREPARING, "10 of 10 replications"]
    saved = found.save("s")
    assert tp.open_simulation(saved).promises.equals(found.promises)
    with pytest.raises(tp.RunError, match="open it by open_simulation"):
        tp.open_run(saved)
    with pytest.raises(TypeError, match="plan first"):
        tp.simulate(programme)
    with pytest.raises(ValueError, match="replications is 0"):
        tp.simulate(run, replications=0)
    with pytest.raises(AttributeError, match="Did you mean 'promises'"):
        found.promisses  # noqa: B018


def test_editors_see_every_table_of_a_simulation():
    classes = [n for n in ast.walk(ast.parse(Path(tables.__file__).read_text())) if isinstance(n, ast.ClassDef)]
    [known] = [n for n in classes[1].body if isinstance(n, ast.If)]
    assert [n.target.id for n in known.body] == [s.name for s in SIMULATION_SHAPES]
    assert {s.name for s in SIMULATION_SHAPES} <= set(dir(tp.Simulation(run_of(""), None)))


def test_a_plan_is_run_in_a_changed_world(plan, engine):
    engine()
    name = read_answer(Path(plan))[1].frame("items")["item"].iloc[0]
    done = tandemplan("simulate", plan, "--set", f"items[{name}].weight_kg = 7", "--out", "heavy", "--json")
    said = json.loads(done.stdout)
    assert said["changes"] == [f"items[{name}].weight_kg = 7"]
    assert said["programme"]["digest"] == read_answer(Path("heavy"))[1].digest
    days = tandemplan("simulate", plan, "--set", "programme.periods = 9 weeks")
    assert (days.exit_code, days.stderr.splitlines()[-1]) == (1, "1 problem in 1 file; nothing was simulated.")
    assert "[setting-change]" in days.stderr
