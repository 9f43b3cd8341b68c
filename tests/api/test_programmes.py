"""Programmes in Python: frames out, frames and dicts in, variants, faults."""

import datetime as dt
import pickle

import numpy as np
import pandas as pd
import pytest

import tandemplan as tp
from tandemplan.model.schema import TABLES, Item, Settings
from tandemplan.model.tables import from_values

EXAMPLES = ("first_steps", "tanker_base", "joint_plant")


@pytest.fixture(scope="module")
def bench():
    return tp.example("first_steps")


def lines(caught):
    return [str(p) for p in caught.value.problems]


def test_settings_and_tables_have_different_names():
    assert not {c.name for c in Settings.DESCRIPTION.columns} & set(TABLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_frames_go_back_as_they_came(name):
    programme = tp.example(name)
    frames = {n: programme.frame(n) for n in TABLES if len(programme.frame(n))}
    again = programme.replace(**frames)
    assert again == programme
    assert again.digest == programme.digest


def test_a_programme_can_be_made_of_frames_alone():
    programme = tp.example("tanker_base")
    said = {c.name: getattr(programme.settings, c.name) for c in Settings.DESCRIPTION.columns}
    assert tp.programme(**said, **{n: programme.frame(n) for n in programme.tables}) == programme


def test_frames_have_plain_types(bench):
    demands = bench.frame("demands")
    assert demands.dtypes.astype(str)[["demand", "quantity_units", "due"]].tolist() == [
        "str",
        "float64",
        "datetime64[s]",
    ]
    assert demands["latest"].isna().tolist() == [True, True, False, True]
    assert bench.frame("items")["hazard"].dtype == "bool"
    assert bench.frame("customers")["demand_class"].dtype == "Int64"
    assert tp.example("joint_plant").frame("items")["groups"].str.contains("critical").any()


def test_a_frame_is_your_own(bench):
    digest = bench.digest
    for _ in range(2):
        frame = bench.frame("stock")
        assert frame["quantity_units"].tolist() == [6]
        frame.loc[:, "quantity_units"] = 99.0
        frame["quantity_units"].to_numpy(copy=False)
    assert tp.example("first_steps").digest == digest == bench.replace().digest


def test_columns_of_your_own_go_with_a_frame(bench):
    items = bench.frame("items").assign(x_shelf=["left", "right"])
    assert bench.replace(items=items).frame("items")["x_shelf"].tolist() == ["left", "right"]


def test_a_named_index_is_a_column(bench):
    stock = bench.frame("stock").set_index(["site", "item"])
    assert bench.replace(stock=stock) == bench


def test_cells_may_be_what_python_and_numpy_have(bench):
    rows = [
        {"demand": "C1", "customer": "city", "item": "bike", "quantity_units": np.int64(10), "due": dt.date(2026, 6, 5)},
        {"demand": "C2", "customer": "city", "item": "bike", "quantity_units": 12, "due": pd.Timestamp("2026-06-19")},
        {"demand": "S1", "customer": "school", "item": "bike", "quantity_units": "8", "due": "2026-06-12", "latest": "2026-06-19"},
        {"demand": "S2", "customer": "school", "item": "bike", "quantity_units": 12.0, "due": np.datetime64("2026-06-26"), "latest": pd.NaT},
    ]  # fmt: skip
    assert bench.replace(demands=rows) == bench
    assert bench.replace(demands=pd.DataFrame(rows)) == bench


def test_rows_may_be_values_and_lists_are_names(bench):
    rows = [Item(item="bike", groups=("a", "b")), {"item": "kit", "groups": ["b"], "weight_kg": None}]
    made = bench.replace(items=rows)
    assert made[Item].groups.tolist() == [("a", "b"), ("b",)]
    assert made.replace(items=from_values(Item, {"item": ["bike", "kit"]}))[Item].groups.tolist() == [(), ()]


def test_no_rows_empty_a_table(bench):
    for nothing in ([], bench.frame("stock").iloc[:0], pd.DataFrame()):
        assert len(bench.replace(stock=nothing).frame("stock")) == 0


@pytest.mark.parametrize("given", [5, "items.csv", {"item": ["bike"]}, [5], None])
def test_what_is_no_rows_is_a_type_error(bench, given):
    with pytest.raises(TypeError, match=r"stock is a .*give a pandas frame, or a list of dicts"):
        bench.replace(stock=given)


def test_all_faults_are_raised_with_their_rows(bench):
    items = pd.DataFrame({"item": ["bike", ""], "weight_kg": ["heavy", 1], "colour": ["red", "blue"]})
    with pytest.raises(tp.ProgrammeFaultsError) as caught:
        bench.replace(items=items, itms=[], period="4 weeks", start="soon")
    assert lines(caught) == [
        "items: table 'items' has no column 'colour'. Columns of your own start with x_. [unknown-column]",
        "items:1: weight_kg is 'heavy'; it must be a number (kg). [not-a-number]",
        "items:2: item is blank; it must be given. [missing-value]",
        "programme: start is 'soon'; it must be a date. Write it as 2026-06-01. [not-a-date]",
        "programme: there is no table or setting 'itms'. Did you mean 'items'? [unknown-table]",
        "programme: there is no table or setting 'period'. Did you mean 'periods'? [unknown-table]",
    ]


def test_a_programme_without_a_start_is_faulty():
    with pytest.raises(tp.ProgrammeFaultsError) as caught:
        tp.programme(items=[{"item": "A"}])
    assert lines(caught) == ["programme: setting 'start' is missing. First day of the plan. [missing-setting]"]
    with pytest.raises(tp.ProgrammeFaultsError, match="setting 'start' is missing"):
        tp.plan(tp.Programme(Settings(), {}))


def test_changes_are_counted(bench):
    with pytest.raises(tp.ProgrammeFaultsError) as caught:
        bench.with_changes("offers[kits].lead_days = 3", "offers[kits].lead_days ~ 3", "offers[kit].lead_days = 3")
    assert lines(caught) == [
        "changes:2: 'offers[kits].lead_days ~ 3' is not a change. Write it as table[key].column = value, with += to add and *= to multiply. [unreadable-change]",
        "changes:3: no row of offers is 'kit'. Did you mean 'kits'? [unknown-row]",
    ]


def test_scenarios_are_found_by_name_or_folder():
    programme = tp.example("tanker_base")
    surge = programme.with_scenario("sc-01-surge", programme.home / "scenarios" / "sc-02-turnaround-late")
    assert len(surge.scenarios) == 2
    assert surge == tp.read(programme.home, scenarios=["sc-01-surge", "sc-02-turnaround-late"])
    with pytest.raises(tp.ProgrammeFaultsError, match=r"no scenario\.toml"):
        programme.with_scenario("sc-09")


def test_reading_tells_all_faults_at_once():
    home = tp.example("tanker_base").home
    found = tp.check(home, scenarios=["sc-09"], changes=["offer[x].lead_days = 3"])
    assert [p.code for p in found] == ["unknown-table", "missing-file"]
    with pytest.raises(tp.ProgrammeFaultsError) as caught:
        tp.read(home, scenarios=["sc-09"], changes=["offer[x].lead_days = 3"])
    assert caught.value.problems == found
    assert tp.check(home) == ()


@pytest.mark.parametrize("name", ["folder", "bench.zip", "bench.xlsx"])
def test_what_is_saved_reads_back(bench, tmp_path, name):
    assert tp.read(bench.save(tmp_path / name)) == bench


def test_names_that_are_not_there(bench):
    with pytest.raises(KeyError, match="Did you mean 'offers'"):
        bench.frame("offer")
    with pytest.raises(KeyError, match="Did you mean 'first_steps'"):
        tp.example("first_step")


def test_notebooks_show_what_there_is():
    programme = tp.programme(name="<b>", start="2026-06-01", items=[{"item": "A"}])
    page = programme._repr_html_()
    assert "&lt;b&gt;" in page
    assert "<td>items</td><td>1</td>" in page
    surge = tp.example("tanker_base").with_scenario("sc-01-surge")
    assert "SC-01" in surge._repr_html_()
    assert "with SC-01" in repr(surge)


def test_notebooks_show_problems_and_no_traceback():
    with pytest.raises(tp.ProgrammeFaultsError) as caught:
        tp.programme(start="2026-06-01", items=[{"item": "A", "weight_kg": "<i>"}])
    error = caught.value
    assert repr(error) == "ProgrammeFaultsError(1 problem in 1 file; nothing was planned.)"
    assert error._render_traceback_() == [*map(str, error.problems), "1 problem in 1 file; nothing was planned."]
    assert "&#x27;&lt;i&gt;&#x27;" in error._repr_html_()
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
