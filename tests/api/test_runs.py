"""Runs in Python: tables as frames, what is said about them, saved, opened, audited; Ctrl-C."""

import dataclasses
import json
import os
import pickle
import signal
import threading

import pandas as pd
import pytest

import tandemplan as tp
from tandemplan.results.fields import Type
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import table_text

DTYPES = {
    Type.TEXT: "str", Type.DATE: "datetime64[s]", Type.UNITS: "float64", Type.MONEY: "float64", Type.WHOLE: "int64",
    Type.FLAG: "bool",
}  # fmt: skip


@pytest.fixture(scope="module")
def run():
    return tp.plan(tp.example("first_steps"))


@pytest.fixture(scope="module")
def nothing():
    """A programme without a plan: 6 units of stock stand where 1 has room."""
    return tp.plan(
        tp.programme(
            start="2026-06-01",
            periods="2 weeks",
            sites=[{"site": "hall", "storage_m3": 1}],
            items=[{"item": "box", "volume_m3": 1}],
            stock=[{"site": "hall", "item": "box", "quantity_units": 6}],
        )
    )


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.name)
def test_every_table_is_a_frame_with_plain_types(run, nothing, shape):
    for answer in (run, nothing):
        frame = getattr(answer, shape.name)
        assert list(frame.columns) == list(shape.names)
        assert [str(t) for t in frame.dtypes] == [DTYPES[f.type] for f in shape.fields]
    assert len(getattr(run, shape.name)) == len(next(iter(run.answer[shape].values())))
    assert shape.name in dir(run)


def test_frames_say_what_the_tables_say(run):
    for shape in SHAPES:
        frame = getattr(run, shape.name)
        columns = {n: frame[n].to_numpy() for n in shape.names}
        assert table_text(shape, columns) == table_text(shape, run.answer[shape])


def test_nobody_changes_a_run(run):
    costs = run.costs
    costs["amount"] = 0.0
    costs.loc[len(costs)] = ["gift", True, 1.0, 1.0]
    run.info["status"] = "bad"
    run.info["totals"]["cost"] = 0
    assert run.costs["amount"].sum() > 3000
    assert (run.info["totals"]["cost"], run.status) == (3002.8, "optimal")
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.programme = None


def test_a_table_that_is_not_there(run):
    with pytest.raises(AttributeError, match="Did you mean 'deliveries'"):
        run.delivery  # noqa: B018
    assert not hasattr(run, "_ipython_display_")


def test_a_run_can_be_pickled(run):
    again = pickle.loads(pickle.dumps(run))
    pd.testing.assert_frame_equal(again.classes, run.classes)
    assert again.programme == run.programme


def test_the_first_steps_in_numbers(run):
    assert (run.status, run.objective, run.bound, run.gap, run.notes) == ("optimal", 3002.8, 3002.8, 0.0, ())
    assert run.late()["demand"].tolist() == ["S1", "C1", "S2"]
    assert run.late()["late_unit_days"].is_monotonic_decreasing
    assert run.summary().splitlines()[2] == "Never: 6 units are not delivered: 6 × Bicycle for school."


def test_a_run_without_a_plan_says_why(nothing):
    assert repr(nothing) == "Run('programme', infeasible: no plan)"
    assert (nothing.objective, nothing.bound, nothing.gap) == (None, None, None)
    assert len(nothing.late()) == 0
    assert nothing.summary().startswith("No plan: 2 limits cannot all be kept.")
    assert "infeasible" in nothing._repr_html_()


def test_a_run_whose_files_were_changed_says_so(run, tmp_path):
    file = run.save(tmp_path / "run") / "deliveries.csv"
    file.write_text(file.read_text().replace(",bike,", ",bikes,", 1))
    changed = tp.open_run(tmp_path / "run")
    assert changed.status == "optimal"
    assert "optimal, but changed after the plan (deliveries.csv): " in repr(changed)
    assert "optimal, but changed after the plan (deliveries.csv)</p>" in changed._repr_html_()
    assert "changed" not in repr(run) + run._repr_html_()


def test_a_run_whose_costs_are_gone_is_shown_without_them(run, tmp_path):
    (run.save(tmp_path / "run") / "costs.csv").unlink()
    changed = tp.open_run(tmp_path / "run")
    assert (
        repr(changed) == "Run('First steps', optimal, but changed after the plan (costs.csv): 36 of 42 units delivered)"
    )
    assert "costs.csv" in changed._repr_html_()


def test_a_notebook_shows_the_lines_of_the_summary(run):
    page = run._repr_html_()
    assert "<th>Delivered</th><td>36 of 42 units" in page
    assert page.count("<tr>") == len(run.summary().splitlines())


def test_a_run_is_saved_opened_and_audited(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = run.save()
    assert folder.parts == ("runs", run.id)
    again = tp.open_run(run.id)
    assert again.programme == run.programme
    pd.testing.assert_frame_equal(again.deliveries, run.deliveries)
    assert tp.audit(run.id).clean
    text = (folder / "costs.csv").read_text().replace("3000", "3001")
    (folder / "costs.csv").write_text(text)
    assert not tp.audit(folder).clean
    assert "finding" in repr(tp.audit(folder))
    assert "<li>costs.csv:2: term &#x27;purchases&#x27;" in tp.audit(folder)._repr_html_()
    with pytest.raises(tp.RunError, match=f"Did you mean '{run.id}'"):
        tp.open_run(run.id[:-1])


def test_a_run_keeps_the_names_of_its_scenarios(tmp_path):
    surge = tp.plan(tp.example("tanker_base").with_scenario("sc-01-surge"))
    assert tp.open_run(surge.save(tmp_path / "run")).programme.scenarios == surge.programme.scenarios
    assert json.loads((tmp_path / "run" / "run.json").read_text())["scenarios"] == list(surge.programme.scenarios)
    assert tp.audit(surge).clean


def test_a_report_is_a_page_or_a_workbook(run, tmp_path):
    assert run.report(tmp_path / "plan.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert tp.read(run.report(tmp_path / "plan.xlsx")) == run.programme
    with pytest.raises(ValueError, match=r"\.html"):
        run.report(tmp_path / "plan.doc")


def test_a_faulty_programme_is_not_planned():
    bench = tp.example("first_steps")
    with pytest.raises(tp.ProgrammeFaultsError, match="'kit' is not in items"):
        tp.plan(bench.replace(bench.tables["items"].take([0])))


@pytest.mark.parametrize(
    "option",
    [{"gap": -1}, {"gap": float("nan")}, {"gap": 2}, {"time_limit": -1}, {"threads": 0}, {"memory_mb": 0}],
    ids=str,
)
def test_options_without_a_meaning_are_refused(option):
    [name] = option
    with pytest.raises(ValueError, match=f"{name} is "):
        tp.plan(tp.example("first_steps"), **option)


def test_what_is_no_programme_is_not_planned():
    with pytest.raises(TypeError, match=r"tp\.read"):
        tp.plan("examples/first_steps")


def test_progress_is_told_or_printed(capsys):
    steps = []
    tp.plan(tp.example("first_steps"), progress=steps.append)
    assert steps[0].phase == "build"
    assert all(isinstance(s, tp.Progress) for s in steps)
    assert capsys.readouterr().err == ""
    tp.plan(tp.example("first_steps"), progress=True)
    assert "build" in capsys.readouterr().err


def many_classes(count=600):
    """A bench that serves many customers one after another: as many objectives, seconds of work."""
    ranks = range(1, count + 1)
    return tp.example("first_steps").replace(
        customers=[{"customer": f"c{k}", "demand_class": k} for k in ranks],
        demands=[
            {"demand": f"d{k}", "customer": f"c{k}", "item": "bike", "quantity_units": 1, "due": "2026-06-12"}
            for k in ranks
        ],
    )


def at_once():
    signal.raise_signal(signal.SIGINT)


def while_waiting():
    """From beside, as a notebook's server sends it, while the main thread waits for the solver."""
    threading.Timer(0.01, lambda: os.kill(os.getpid(), signal.SIGINT)).start()


@pytest.fixture
def interruptible():
    """Let SIGINT interrupt, also where the tests were started in the background and would pass it over."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("send", [at_once, while_waiting])
def test_an_interrupt_keeps_the_best_plan(send):
    """Ctrl-C, or the notebook's stop, after the first of 600 classes: that one is proved, the rest is as good as it came."""

    def interrupt(progress):
        if progress.phase == "class 1 firm":
            send()

    run = tp.plan(many_classes(), progress=interrupt)
    assert (run.status, run.info["reason"], run.info["reproducible"]) == ("feasible", "stopped by the user", False)
    assert run.classes["gap"].tolist()[0] == 0
    assert run.demand_summary["on_time"].tolist()[0] == 1
    assert repr(run).startswith("Run('First steps', feasible: ")
    assert tp.audit(run).clean
