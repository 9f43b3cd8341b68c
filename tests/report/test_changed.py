"""Runs whose files were changed after the plan: every report says so first, and claims no proof."""

import json
import shutil
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from tandemplan.cli import app
from tandemplan.plan import PlanOptions, plan
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import read_answer, write_run
from tandemplan.testing.runs import run_of


@pytest.fixture(scope="module")
def untouched(run, programme, tmp_path_factory):
    """The hand-made run with every table, as a plan has them: those that it leaves out have no rows."""
    empty = run_of("\n".join(f"[{s.name}]\n{','.join(s.names)}" for s in SHAPES))
    whole = replace(run, tables={**empty.tables, **run.tables})
    return write_run(whole, programme, tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture
def changed(untouched, tmp_path):
    """A run of which one delivery was raised from 6 to 7 units."""
    folder = tmp_path / "changed"
    shutil.copytree(untouched, folder)
    file = folder / "deliveries.csv"
    file.write_text(file.read_text().replace(",bike,6,", ",bike,7,"))
    return folder


def report(*words):
    return CliRunner().invoke(app, ["report", *map(str, words)])


def test_a_page_of_a_changed_run_says_so_and_claims_no_proof(changed, tmp_path):
    done = report(changed, "--to", tmp_path / "page.html")
    assert done.exit_code == 0
    assert f"{changed}: Changed after the plan: deliveries.csv." in done.stderr
    text = (tmp_path / "page.html").read_text()
    assert text.index('role="alert">Changed after the plan: deliveries.csv.') < text.index('id="answer"')
    assert "Nothing is proved: deliveries.csv changed after the plan." in text
    assert "est possible" not in text
    assert "tandemplan audit" in text[text.index("About this run") :]


def test_json_names_the_warning(changed, tmp_path):
    done = report(changed, "--to", tmp_path / "page.html", "--json")
    assert "deliveries.csv" in json.loads(done.stdout)["warnings"][0]


def test_a_workbook_of_a_changed_run_says_so_and_claims_no_proof(changed, tmp_path):
    done = report(changed, "--to", tmp_path / "book.xlsx")
    assert "Changed after the plan: deliveries.csv." in done.stderr
    cells = CalamineWorkbook.from_path(tmp_path / "book.xlsx").get_sheet_by_name("summary").to_python()
    said = " ".join(str(c) for row in cells for c in row)
    assert "Changed after the plan: deliveries.csv." in said
    assert "unproven" in said
    assert "est possible" not in said


def test_a_comparison_says_which_run_was_changed(untouched, changed, tmp_path):
    done = report(untouched, changed, "--to", tmp_path / "both.html")
    assert "Changed after the plan" in done.stderr
    text = (tmp_path / "both.html").read_text()
    assert 'role="alert">B: Changed after the plan: deliveries.csv.' in text
    assert 'role="alert">A:' not in text


def test_an_untouched_run_says_that_its_tables_are_its_own(untouched, tmp_path):
    done = report(untouched, "--to", tmp_path / "page.html")
    assert done.stderr == ""
    text = (tmp_path / "page.html").read_text()
    assert 'role="alert"' not in text
    assert "as the plan wrote them, by their digests" in text


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("costs.csv", "3000.00", "2000.00"),
        ("run.json", '"optimal"', '"feasible"'),
        ("programme/items.csv", "Bicycle", "Tricycle"),
    ],
)
def test_each_part_of_a_run_is_compared(untouched, tmp_path, file, old, new):
    shutil.copytree(untouched, tmp_path / "run")
    path = tmp_path / "run" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    again, _ = read_answer(tmp_path / "run")
    assert again.changed == (file.partition("/")[0],)


def test_a_table_that_is_gone_is_a_change(untouched, tmp_path):
    shutil.copytree(untouched, tmp_path / "run")
    (tmp_path / "run" / "load.csv").unlink()
    assert read_answer(tmp_path / "run")[0].changed == ("load.csv",)


def test_a_table_that_is_gone_with_its_digest_is_missed(untouched, tmp_path):
    """A plan has every table: without them, and without their digests, it is not the plan that was written."""
    folder = shutil.copytree(untouched, tmp_path / "run")
    info = json.loads((folder / "run.json").read_text())
    for name in ("demand_summary", "classes"):
        (folder / f"{name}.csv").unlink()
        del info["digests"][name]
    (folder / "run.json").write_text(json.dumps(info))
    assert read_answer(folder)[0].changed == ("classes.csv", "demand_summary.csv")
    done = report(folder, "--to", tmp_path / "page.html")
    assert "Changed after the plan: classes.csv and demand_summary.csv." in done.stderr
    assert "est possible" not in (tmp_path / "page.html").read_text()


def test_a_run_without_a_plan_misses_no_table(programme, tmp_path):
    none = plan(programme, PlanOptions(memory_mb=1))
    assert none.tables == {}
    assert read_answer(write_run(none, programme, tmp_path / "run"))[0].changed == ()


def test_writing_a_changed_run_again_does_not_make_it_a_planned_one(changed, tmp_path):
    again = write_run(*read_answer(changed), tmp_path / "again")
    assert read_answer(again)[0].changed == ("deliveries.csv",)
