"""A simulation on disk: whole, its own, and never in the place of a plan."""

import pytest

from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.store import RunError, read_answer, read_run, write_run
from tandemplan.simulate.answer import SimulationOptions, simulation_run
from tandemplan.testing.runs import run_of

from .test_statistics import PLAN, four, programme  # noqa: F401 - a fixture


@pytest.fixture
def simulation(programme):  # noqa: F811
    return simulation_run(four(), programme, run_of(PLAN, scenarios=["Surge"]), SimulationOptions(4, None, 9))


def test_it_is_stored_and_read_whole(simulation, programme, tmp_path):  # noqa: F811
    folder = write_run(simulation, programme, tmp_path / "run")
    run, stored = read_answer(folder)
    assert (run.changed, stored.digest) == ((), programme.digest)
    assert [run.info[n] for n in ("verb", "plan", "replications", "seed", "status", "scenarios")] == [
        "simulate", "plan-1", 4, 9, "done", ["Surge"],
    ]  # fmt: skip
    assert set(run.tables) == {s.name for s in SIMULATION_SHAPES}
    assert run.rows(SIMULATION_SHAPES[0])[0]["on_time_chance"] == 0.75
    assert write_run(simulation, programme, folder) == folder  # again in its own place


def test_a_change_shows(simulation, programme, tmp_path):  # noqa: F811
    folder = write_run(simulation, programme, tmp_path / "run")
    (folder / "cash_low.csv").unlink()
    file = folder / "promises.csv"
    file.write_text(file.read_text().replace("0.75", "0.95"))
    assert read_run(folder).changed == ("promises.csv", "cash_low.csv")


def test_it_does_not_replace_a_plan_nor_a_plan_it(simulation, programme, tmp_path):  # noqa: F811
    plan = run_of(PLAN, programme={"name": "p", "digest": programme.digest})
    write_run(plan, programme, tmp_path / "plan")
    write_run(simulation, programme, tmp_path / "simulation")
    with pytest.raises(RunError, match="holds a plan; choose another folder"):
        write_run(simulation, programme, tmp_path / "plan")
    with pytest.raises(RunError, match="holds a simulation; choose another folder"):
        write_run(plan, programme, tmp_path / "simulation")


def test_what_ended_it(programme):  # noqa: F811
    def ended(asked, precision):
        info = simulation_run(four(), programme, run_of(PLAN), SimulationOptions(asked, precision, 1)).info
        return info["status"], info["reason"], info["reproducible"]

    assert ended(4, None) == ("done", None, True)
    assert ended(9, 0.5) == ("done", "precision", True)
    assert ended(9, 0.01) == ("stopped", "interrupted", False)


def test_the_same_question_has_the_same_id(programme):  # noqa: F811
    ids = [
        simulation_run(four(), programme, run_of(PLAN), SimulationOptions(n, None, seed)).info["run"]
        for n, seed in ((4, 1), (4, 1), (4, 2), (5, 1))
    ]
    assert len(set(ids)) == 3
    assert ids[0] == ids[1]
