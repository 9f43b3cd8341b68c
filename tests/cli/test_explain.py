"""The command `explain`: what it says on standard output, as JSON, and of wrong use."""

import json

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.cli import app


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
