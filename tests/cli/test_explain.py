"""The command `explain`: what it says on standard output, as JSON, and of wrong use."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.audit import audit
from tandemplan.cli import app
from tandemplan.report.page import page
from tandemplan.results.answer_shapes import EXPLANATIONS, RELIEFS
from tandemplan.results.shape import DEMAND_SUMMARY
from tandemplan.results.store import read_answer


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return str(tp.plan(tp.example("first_steps")).save(tmp_path_factory.mktemp("explained") / "run"))


def said(*words):
    return CliRunner().invoke(app, ["explain", *words])


def test_json_holds_causes_relief_and_all_that_feeds(run):
    found = json.loads(said(run, "C1", "--relief", "--json").stdout)
    assert [(c["name"], c["unit_days"]) for c in found["why"]["causes"]] == [("kit", 28.0)]
    assert found["why"]["causes"][0]["first_day"] == "2026-06-12"
    assert {tuple(r["changes"]) for r in found["relief"]} >= {("offers[kits].lead_days += -7",)}
    assert sum(f["quantity"] for f in found["feeds"] if f["level"] == 0) == 10


def test_json_of_an_order_holds_whom_it_hurts(run):
    found = json.loads(said(run, "--order", "P-00001", "--late", "8", "--json").stdout)
    assert [(h["demand"], h["days"]) for h in found["hurts"]] == [("C1", 8), ("S1", 8), ("C2", 1)]


def test_json_of_a_run_holds_its_limits(run):
    found = json.loads(said(run, "--json").stdout)
    assert [h["name"] for h in found["limits"]] == ["kit", "bench"]


def test_what_is_on_time_has_no_causes(run):
    found = said(run, "C2")
    assert found.exit_code == 0
    assert "Late by" not in found.stdout


def test_a_search_cut_short_says_so(run):
    found = said(run, "C1", "--time-limit", "0")
    assert found.exit_code == 0
    assert "Why it is late is not known: stopped by the time limit." in found.stdout
    assert said(run, "--time-limit", "0").exit_code == 4


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("C9",), "no demand 'C9'"),
        (("--order", "P-1"), "no order 'P-1'"),
        (("C1", "--order", "P-00001"), "not both"),
        (("C1", "--late", "3"), "name it with --order"),
        (("--relief",), "name it"),
    ],
)
def test_wrong_use(run, words, wrong):
    found = said(run, *words)
    assert found.exit_code == 2
    assert wrong in found.stderr


def test_the_latest_demands_are_kept_and_the_page_shows_them(run, tmp_path):
    told = json.loads(said(run, "--worst", "2", "--relief", "--json").stdout)
    assert [e["demand"] for e in told["explanations"]] == ["S1", "C1"]
    kept, programme = read_answer(Path(run))
    causes, helps = kept.rows(EXPLANATIONS), kept.rows(RELIEFS)
    late = {r["demand"]: r["late_unit_days"] for r in kept.rows(DEMAND_SUMMARY)}
    assert {d: sum(r["unit_days"] for r in causes if r["demand"] == d) for d in ("S1", "C1")} == {
        d: late[d] for d in ("S1", "C1")
    }
    assert {r["planned"] for r in helps} == {"anew"}
    assert not audit(Path(run)).findings, "what was asked of a run later is no part of it"
    written = page(kept, programme)
    assert all(word in written for word in ('id="why-late"', "offers[kits].lead_days += -7", "Nothing that has slack"))


def test_kept_reliefs_do_what_they_say(run):
    """Every change that the page shows is applied as an overlay and planned again."""
    said(run, "--worst", "3", "--relief")
    kept, programme = read_answer(Path(run))
    cost = kept.info["totals"]["cost"]
    assert len(kept.rows(RELIEFS)) >= 4
    for r in kept.rows(RELIEFS):
        again = tp.plan(programme.with_changes(*r["sets"].split("; ")))
        late = dict(zip(again.demand_summary["demand"], again.demand_summary["late_unit_days"], strict=True))
        assert late[r["demand"]] == pytest.approx(r["late_unit_days"], abs=1e-5)
        assert again.info["totals"]["cost"] - cost == pytest.approx(r["cost"], abs=0.01)


def test_a_page_says_nothing_of_what_was_not_asked(tmp_path):
    fresh = tp.plan(tp.example("first_steps"))
    assert 'id="why-late"' not in page(fresh.answer, fresh.programme)


def test_the_latest_are_asked_about_alone(run):
    assert said(run, "S1", "--worst", "2").exit_code == 2
