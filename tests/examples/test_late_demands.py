"""Ten late demands of the joint plant, whose building is nine weeks late, in its first weeks: why, what helps, and that it does."""

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.audit import audit
from tandemplan.cli import app
from tandemplan.cli.latest import latest
from tandemplan.explain.planned import base_of
from tandemplan.explain.solving import relieved_as
from tandemplan.model.examples import examples_folder
from tandemplan.model.schema import Demand, Risk
from tandemplan.report.page import page
from tandemplan.results.answer_shapes import EXPLANATIONS, RELIEFS
from tandemplan.results.shape import DEMAND_SUMMARY
from tandemplan.results.store import read_answer, write_run

pytestmark = pytest.mark.long
WEEKS = 52
TEN, HALF_A_SCREEN = 10, 25  # lines
UNRECKONED = "rule-costs-rows"  # what rules cost is not reckoned around a demand


def first_weeks(programme, weeks):
    """Return a programme cut after some weeks: all its rules and money, what is due until then, and risks that name no demand that is not."""
    programme = replace(programme, settings=replace(programme.settings, periods=f"{weeks} weeks"))
    demands, risks = programme[Demand], programme[Risk]
    end = np.datetime64(programme.settings.start) + 7 * weeks
    changes = risks.changes.copy()
    for k, names in enumerate(changes):
        changes[k] = () if any(n.startswith("demands[") for n in names) else names
    programme = programme.replace(risks.with_column("changes", changes))
    return programme.replace(demands.take(np.flatnonzero(demands.due < end).tolist()))


def late_of(run):
    return {r["demand"]: r["late_unit_days"] for r in run.rows(DEMAND_SUMMARY)}


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """Plan the scenario, and explain its ten latest demands with relief, as the shell does."""
    programme = first_weeks(tp.read(examples_folder() / "joint_plant", scenarios=["sc-08-building-late"]), WEEKS)
    folder = tp.plan(programme, time_limit=240).save(tmp_path_factory.mktemp("late") / "run")
    words = ["explain", str(folder), "--worst", str(TEN), "--relief", "--time-limit", "900", "--json"]
    return folder, json.loads(CliRunner().invoke(app, words).stdout)["explanations"]


def test_ten_late_demands_are_explained_on_half_a_screen_each(explained):
    """The building is why, and a reader can act on it: what helps is told, the promise that can be kept among it."""
    folder, said = explained
    run, programme = read_answer(folder)
    assert [s["demand"] for s in said] == latest(run, TEN)
    for s in said:
        text = str(tp.Explanation({k: s[k] for k in ("why", "relief")}, programme))
        assert len(text.splitlines()) < HALF_A_SCREEN, "one line more says which demand it is"
        assert [c["name"] for c in s["why"]["causes"]] == ["M-BLD"]
        helps = {c.partition(" ")[0] for r in s["relief"] for c in r["changes"]}
        assert "tasks[M-BLD].duration_days" in helps
        repairs = {r["changes"][0].partition(" ")[0] for r in s["relief"] if r["repaired"]}
        assert f"demands[{s['demand']}].due" in repairs


def test_the_page_shows_causes_that_add_up_and_what_helps(explained):
    folder, said = explained
    run, programme = read_answer(folder)
    late, causes = late_of(run), run.rows(EXPLANATIONS)
    shown = page(run, programme)
    assert 'id="why-late"' in shown
    for s in said:
        made = sum(r["unit_days"] for r in causes if r["demand"] == s["demand"])
        assert made == pytest.approx(late[s["demand"]], rel=1e-5)
        assert s["demand"] in shown
        assert all(r["text"] in shown for r in s["relief"])


def test_every_relief_does_what_it_says(explained, tmp_path):
    """The first of each demand, and the building: applied as overlays, planned again around the demand, and audited, once for all demands that a change helps."""
    folder, said = explained
    run, programme = read_answer(folder)
    base, late, plans = base_of(programme, run), late_of(run), {}
    told = [r for r in run.rows(RELIEFS) if r["rank"] == 1 or r["sets"].startswith("tasks[M-BLD]")]
    for r in told:
        if r["sets"] not in plans:
            changed = programme.with_changes(*r["sets"].split("; "))
            again = plans[r["sets"]] = relieved_as(base, r["demand"])(changed)
            audited = audit(write_run(again, changed, tmp_path / str(len(plans))))
            assert {f.code for f in audited.findings} <= {UNRECKONED}
        again = plans[r["sets"]]
        after = late_of(again)
        assert after[r["demand"]] == pytest.approx(r["late_unit_days"], abs=1e-3)
        assert after[r["demand"]] < late[r["demand"]]
        assert again.info["totals"]["cost"] - run.info["totals"]["cost"] == pytest.approx(r["cost"], abs=1)
        others = sum(after[d] - late[d] for d in late if d != r["demand"])
        assert others == pytest.approx(r["others_unit_days"], abs=1e-2)
    assert {r["demand"] for r in told} == {s["demand"] for s in said}, "something helps each of them"
