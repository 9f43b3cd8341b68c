"""Ten late demands of the joint plant, whose building is nine weeks late: why, what helps, and that it does."""

import json

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.cli import app
from tandemplan.cli.latest import latest
from tandemplan.explain.planned import base_of
from tandemplan.explain.solving import relieved_as
from tandemplan.model.examples import examples_folder
from tandemplan.report.page import page
from tandemplan.results.answer_shapes import EXPLANATIONS, RELIEFS
from tandemplan.results.shape import DEMAND_SUMMARY
from tandemplan.results.store import read_answer

pytestmark = pytest.mark.long
TEN, HALF_A_SCREEN = 10, 25  # lines


def late_of(run):
    return {r["demand"]: r["late_unit_days"] for r in run.rows(DEMAND_SUMMARY)}


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """Plan the scenario, and explain its ten latest demands with relief, as the shell does."""
    programme = tp.read(examples_folder() / "joint_plant", scenarios=["sc-08-building-late"])
    folder = tp.plan(programme, time_limit=600).save(tmp_path_factory.mktemp("late") / "run")
    words = ["explain", str(folder), "--worst", str(TEN), "--relief", "--time-limit", "900", "--json"]
    return folder, json.loads(CliRunner().invoke(app, words).stdout)["explanations"]


def test_ten_late_demands_are_explained_on_half_a_screen_each(explained):
    folder, said = explained
    run, programme = read_answer(folder)
    assert [s["demand"] for s in said] == latest(run, TEN)
    for s in said:
        text = str(tp.Explanation({k: s[k] for k in ("why", "relief")}, programme))
        assert len(text.splitlines()) <= HALF_A_SCREEN
        assert s["why"]["causes"], "a reader can act on it"


def test_the_causes_that_the_page_shows_add_up(explained):
    folder, said = explained
    run, programme = read_answer(folder)
    late, causes = late_of(run), run.rows(EXPLANATIONS)
    for s in said:
        assert sum(r["unit_days"] for r in causes if r["demand"] == s["demand"]) == pytest.approx(
            late[s["demand"]], rel=1e-5
        )
    shown = page(run, programme)
    assert 'id="why-late"' in shown
    assert all(s["demand"] in shown for s in said)


def test_every_relief_does_what_it_says(explained):
    """Each is applied as an overlay and planned again, as it was: around the demand."""
    folder, said = explained
    run, programme = read_answer(folder)
    base, late = base_of(programme, run), late_of(run)
    helped = set()
    for r in run.rows(RELIEFS):
        again = relieved_as(base, r["demand"])(programme.with_changes(*r["sets"].split("; ")))
        after = late_of(again)
        assert after[r["demand"]] == pytest.approx(r["late_unit_days"], abs=1e-3)
        assert after[r["demand"]] < late[r["demand"]]
        others = sum(after[d] - late[d] for d in late if d != r["demand"])
        assert others == pytest.approx(r["others_unit_days"], abs=1e-2)
        helped.add(r["demand"])
    assert helped == {s["demand"] for s in said}, "something helps each of them"
