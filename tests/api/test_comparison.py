"""Two runs side by side in Python."""

import pandas as pd
import pytest

import tandemplan as tp


@pytest.fixture(scope="module")
def bench():
    return tp.example("first_steps")


@pytest.fixture(scope="module")
def both(bench):
    other = bench.with_changes("work_centres[bench].stations = 2", "programme.name = Two benches")
    return tp.compare(tp.plan(bench), tp.plan(other.replace(stock=[{"item": "bike", "quantity_units": 1}])))


def test_every_cell_that_differs_is_named(both):
    found = both.inputs.set_index(["table", "row", "column"])
    assert found.loc[("programme", "", "name")].tolist() == ["", "First steps", "Two benches"]
    assert found.loc[("work_centres", "bench", "stations"), ["first", "second"]].tolist() == ["1", "2"]
    rows = found.xs("row", level="column")["second"]
    assert sorted(rows.tolist()) == ["absent", "present"]


def test_classes_demands_and_costs_say_what_both_runs_say(both):
    one, two = both.first, both.second
    for side, run in (("first", one), ("second", two)):
        assert both.classes[f"late_unit_days_{side}"].tolist() == run.classes["late_unit_days"].tolist()
        assert both.costs[side].tolist() == run.costs["amount"].tolist()
        said = run.demand_summary.set_index("demand")["lost"]
        assert (
            both.demands.set_index("demand")[f"lost_{side}"].to_dict() == said.reindex(both.demands["demand"]).to_dict()
        )
    assert both.costs["term"].tolist() == one.costs["term"].tolist()
    assert (both.costs["difference"] == both.costs["second"] - both.costs["first"]).all()
    assert both.demands["how"].isin(["lost", "gained", "later", "earlier"]).all()


def test_a_demand_of_one_side_alone_is_there(bench, both):
    fewer = tp.plan(bench.replace(demands=bench.frame("demands").iloc[:3]))
    demands = tp.compare(both.first, fewer).demands.set_index("demand")
    assert demands.loc["S2", "how"] == "only in A"
    assert demands.loc["S2", "lost_first"] == 2
    assert pd.isna(demands.loc["S2", "lost_second"])


def test_equal_runs_do_not_differ(both):
    same = tp.compare(both.first, both.first)
    assert (len(same.inputs), len(same.demands)) == (0, 0)
    assert (same.costs["difference"] == 0).all()
    assert list(same.demands.columns) == list(both.demands.columns)
    assert (same.demands.dtypes == both.demands.dtypes).all()


def test_a_run_without_a_plan_is_compared_in_words(bench, both):
    room = tp.programme(
        start="2026-06-01",
        sites=[{"site": "hall", "storage_m3": 1}],
        items=[{"item": "box", "volume_m3": 1}],
        stock=[{"site": "hall", "item": "box", "quantity_units": 6}],
    )
    none = tp.compare(both.first, tp.plan(room))
    assert "holds none" in repr(none)
    assert none.classes["lost_second"].isna().all()
    assert (none.costs["second"] == 0).all()


def test_a_comparison_names_the_run_whose_files_were_changed_first(both, tmp_path):
    file = both.second.save(tmp_path / "run") / "deliveries.csv"
    file.write_text(file.read_text().replace(",bike,", ",bikes,", 1))
    changed = tp.open_run(tmp_path / "run")
    said = "B: Changed after the plan: deliveries.csv."
    found = tp.compare(both.first, changed)
    assert found.summary().startswith(said)
    assert repr(found).startswith(f"Comparison({said}")
    assert both.summary().splitlines()[0] in repr(found)
    assert found._repr_html_().startswith(f"<p>{said}")
    assert tp.compare(changed, both.first).summary().startswith(f"A{said[1:]}")
    assert "Changed after" not in both.summary() + repr(both) + both._repr_html_()


def test_a_comparison_is_shown_and_written(both, tmp_path):
    assert both._repr_html_().count("<p>") == len(both.summary().splitlines())
    assert both.report(tmp_path / "both.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(ValueError, match=r"\.html"):
        both.report(tmp_path / "both.xlsx")
