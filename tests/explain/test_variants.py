"""The plan with another source believed, and without a decision that is pinned; first_steps is solved by hand (see test_split)."""

import json

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.cli import app
from tandemplan.explain.solving import planned_as
from tandemplan.explain.split import MICRO, Planned
from tandemplan.explain.variants import claim_variants, effects, pin_variants, plans_needed

SOURCES = [{"source": "A"}, {"source": "B"}]


def claim(name, table, key, column, value, **more):
    about = {"claim": name, "subject": column, "by": "B", "table": table, "key": key, "column": column, "value": value}
    return {**about, "chosen": "no", **more}


CLAIMS = [
    claim("bench-A", "work_centres", "bench", "stations", "1", by="A", chosen="yes"),
    claim("bench-B", "work_centres", "bench", "stations", "2"),
    claim("lead-B", "offers", "kits", "lead_days", "14", operation="add", from_date="2026-06-01"),
    claim("lead-C", "offers", "kits", "lead_days", "3"),
    claim("same", "offers", "kits", "lead_days", "7"),
    claim("words", "items", "bike", "note", "a bicycle"),
    claim("dear", "offers", "kits", "unit_price", "100.0001"),
    claim("plain", "", "", "", ""),
]


@pytest.fixture(scope="module")
def bench():
    return tp.example("first_steps").replace(sources=SOURCES, claims=CLAIMS)


def found(programme, variants):
    run = tp.plan(programme)
    return effects(Planned(run.answer, programme), variants, planned_as(run.answer), run.info["options"]["gap"])


def late(effect):
    return tuple(effect.values.get(("late_unit_days", "class", c, "each"), 0) / MICRO for c in "12")


def test_numbers_worth_checking_come_first(bench):
    """Kits two weeks later hurt the first class most; three days of lead help both classes, a bench the second; a hundredth of a cent matters to nobody."""
    variants = list(claim_variants(bench))
    assert [v.name for v in variants] == ["bench-B", "lead-B", "lead-C", "words", "dear"]
    assert plans_needed(bench, variants) == 4
    said = found(bench, variants)
    assert {e.variant.name: e.outcome for e in said}["words"] == "not read"
    assert late(next(e for e in said if e.variant.name == "bench-B")) == (0, -116)
    assert late(next(e for e in said if e.variant.name == "lead-C")) == (-28, -96)
    assert [e.variant.name for e in said][-3:] == ["bench-B", "dear", "words"]
    assert [e.variant.name for e in said[:2]] == ["lead-B", "lead-C"]
    assert late(said[0])[0] > 28
    assert said[2].variant.now == "1"


def test_what_a_pin_costs():
    """Four gears are pinned at 150 where others cost 100: without the pin it is 200 less. An option that is free is chosen again."""
    shop = tp.programme(
        start="2026-06-01", periods="6 weeks", holding_per_year_share=0,
        items=[{"item": "gear"}], suppliers=[{"supplier": "mill"}],
        offers=[
            {"offer": "cheap", "supplier": "mill", "item": "gear", "unit_price": 100, "lead_days": 7, "capacity_units_per_week": 0},
            {"offer": "dear", "supplier": "mill", "item": "gear", "unit_price": 150, "lead_days": 7, "capacity_units_per_week": 0},
        ],
        options=[{"option": "frame", "changes": "offers[cheap].capacity_units_per_week += 10", "chosen": "2026-06-01"}],
        demands=[{"demand": "D", "item": "gear", "quantity_units": 10, "due": "2026-06-26"}],
        open_orders=[
            {"order": "pin", "offer": "dear", "item": "gear", "quantity_units": 4, "promised": "2026-06-19", "status": "pinned"},
            {"order": "firm", "offer": "dear", "item": "gear", "quantity_units": 1, "promised": "2026-06-19"},
        ],
    )  # fmt: skip
    said = {e.variant.name: e for e in found(shop, pin_variants(shop))}
    assert set(said) == {"pin", "frame"}
    assert said["pin"].values[("cost", "all", "", "EUR")] == -200 * MICRO
    assert said["frame"].values == {}


def test_the_shell_says_it(bench, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tp.plan(bench).save("run")
    done = CliRunner().invoke(app, ["explain", "run", "--claims"])
    assert done.exit_code == 0
    assert (
        "  bench-B (B) on the stations: work_centres[bench].stations 1 → 2: class 2 +6 units and −116 unit-days of lateness"
        in done.stdout
    )
    assert "  words (B) on the note: items[bike].note blank → a bicycle: no plan hangs on it." in done.stdout
    data = json.loads(CliRunner().invoke(app, ["explain", "run", "--pins", "--json"]).stdout)
    assert data["alternatives"] == []
    assert CliRunner().invoke(app, ["explain", "run", "C1", "--claims"]).exit_code == 2


def test_what_a_pin_costs_in_a_re_plan():
    """Four gears are pinned at 150, on top of ten at 100 that stay: without the pin it is 600 less. Where four more are asked for it is 200, as four at 100 come instead."""
    shop = tp.programme(
        start="2026-06-01", periods="6 weeks", holding_per_year_share=0,
        items=[{"item": "gear"}], suppliers=[{"supplier": "mill"}],
        offers=[
            {"offer": "cheap", "supplier": "mill", "item": "gear", "unit_price": 100, "lead_days": 7},
            {"offer": "dear", "supplier": "mill", "item": "gear", "unit_price": 150, "lead_days": 7, "capacity_units_per_week": 0},
        ],
        demands=[{"demand": "D", "item": "gear", "quantity_units": 10, "due": "2026-06-26"}],
    )  # fmt: skip
    run = tp.plan(shop)
    assert run.purchases["quantity"].sum() == 10
    pin = {"order": "pin", "offer": "dear", "item": "gear", "quantity_units": 4, "promised": "2026-06-22", "status": "pinned"}  # fmt: skip
    for news, saved in ((shop, 600), (shop.with_changes("demands[D].quantity_units = 14"), 200)):
        new = tp.replan(run, news.replace(open_orders=[pin]), as_of="2026-06-02")
        assert new.purchases["quantity"].tolist() == [10]
        said = new.alternatives().iloc[0]
        assert (said["name"], said["outcome"], said["changes"]) == ("pin", "planned", f"−{saved} EUR")
