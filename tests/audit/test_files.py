"""Runs on disk: digests, missing and damaged files, and what the auditor says of them."""

import json

import pytest

from tandemplan.audit import Finding, audit
from tandemplan.results.store import Run, RunError, write_run

from . import plant


@pytest.fixture
def folder(tmp_path):
    return write_run(plant.run(), plant.programme(), tmp_path / "run")


def replace(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_run_on_disk_is_clean(folder):
    result = audit(folder)
    assert result.findings == ()
    assert result.clean
    assert result.rows_checked["stock"] == 9
    assert "classes.bound" in result.unaudited


def test_what_no_equation_proves_is_guarded_by_the_digest(folder):
    replace(folder / "load.csv", "T,tool,P,2026-06-01,40,6,0,0.00,0", "T,tool,P,2026-06-01,40,6,0,0.00,7")
    assert [str(f) for f in audit(folder).findings] == [
        "load.csv: the file is not the one the run wrote: its digest differs. [table-digest]"
    ]


def test_a_change_is_named_with_file_row_both_numbers_and_size(folder):
    replace(folder / "purchases.csv", ",88.00,", ",98.00,")
    first = next(f for f in audit(folder).findings if f.row is not None)
    assert str(first) == (
        "purchases.csv:2: order 'PUR-1': cost is 98.00, but it must be 88.00; off by 10.00. [purchases-cost]"
    )
    assert first.as_dict()["size"] == pytest.approx(10)
    assert first.as_dict()["text"] == str(first)


def test_another_programme_is_found(folder):
    replace(folder / "programme" / "offers.csv", ",11,", ",12,")
    codes = [f.code for f in audit(folder).findings]
    assert codes.count("programme-digest") == 1
    assert codes.count("purchases-price") == 2


def test_a_programme_with_faults_ends_the_audit(folder):
    replace(folder / "programme" / "offers.csv", ",11,", ",eleven,")
    assert [(f.table, f.code) for f in audit(folder).findings] == [("programme", "programme-fault")]


def test_a_missing_table_is_found(folder):
    (folder / "options.csv").unlink()
    assert ("options", "missing-table") in {(f.table, f.code) for f in audit(folder).findings}


def test_a_table_too_many_is_found(folder):
    (folder / "stocks.csv").write_text("a\n1\n")
    assert [(f.table, f.code) for f in audit(folder).findings] == [("stocks", "unknown-table")]


@pytest.mark.parametrize(("new", "code"), [("nan", "bad-cell"), ("many", "unreadable")])
def test_cells_that_no_equation_can_be_put_to_are_found(folder, new, code):
    replace(folder / "moves.csv", ",3.6,", f",{new},")
    assert ("moves", code) in {(f.table, f.code) for f in audit(folder).findings}


def test_a_blank_day_is_found(folder):
    replace(folder / "moves.csv", ",2026-06-05,", ",,")
    found = {(f.row, f.column): f for f in audit(folder).findings}
    assert found[2, "receipt"] == Finding("moves", 2, "receipt", "bad-cell", "receipt is blank.")


def test_run_json_is_compared(folder):
    text = (folder / "run.json").read_text()
    for said, code in (("59.2", "run-value"), ("490.0", "run-value"), ("0.155405", "run-gap"), ("50.0", "run-bound")):
        (folder / "run.json").write_text(text.replace(said, f"1{said}", 1))
        assert ("run.json", code) in {(f.table, f.code) for f in audit(folder).findings}, said


@pytest.mark.parametrize("stage", range(4))
def test_the_value_of_every_stage_is_compared(folder, stage):
    info = json.loads((folder / "run.json").read_text())
    info["objective"]["stages"][stage]["value"] += 7
    (folder / "run.json").write_text(json.dumps(info))
    assert ("run.json", "run-value") in {(f.table, f.code) for f in audit(folder).findings}


def test_a_run_without_an_answer_is_audited_for_its_programme_alone(tmp_path):
    run = plant.run()
    folder = write_run(Run({**run.info, "status": "infeasible"}, {}), plant.programme(), tmp_path / "run")
    assert audit(folder).clean
    assert audit(folder).rows_checked == {}
    replace(folder / "run.json", '"infeasible"', '"optimal"')
    assert {f.code for f in audit(folder).findings} >= {"missing-table"}


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunError, match="is no run"):
        audit(tmp_path)
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(RunError, match="does not hold an object"):
        audit(tmp_path)
