"""Runs whose files were changed after the plan: every report says so first, and claims no proof."""

import csv
import json
import shutil
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.cli import app
from tandemplan.plan import PlanOptions, plan
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import RunError, read_answer, write_run
from tandemplan.testing.runs import run_of


@pytest.fixture(scope="module")
def untouched(run, programme, tmp_path_factory):
    """The hand-made run with every table, as a plan has them: those that it leaves out have no rows."""
    empty = run_of("\n".join(f"[{s.name}]\n{','.join(s.names)}" for s in SHAPES))
    whole = replace(run, tables={**empty.tables, **run.tables})
    return write_run(whole, programme, tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """The first steps, planned."""
    programme = tp.example("first_steps")
    return write_run(plan(programme), programme, tmp_path_factory.mktemp("planned") / "run")


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


def with_cell(folder, table, column, cell):
    """Change a column of a run's table, every row of it."""
    file = folder / f"{table}.csv"
    names, *rows = csv.reader(file.read_text().splitlines())
    at = names.index(column)
    lines = [names, *([*r[:at], cell, *r[at + 1 :]] for r in rows)]
    file.write_text("".join(",".join(line) + "\n" for line in lines))


@pytest.mark.parametrize(
    ("table", "column", "cell", "said"),
    [
        ("costs", "amount", "inf", "costs.csv:2: amount is inf; a plan holds no such number."),
        ("demand_summary", "late", "nan", "demand_summary.csv:2: late is nan; a plan holds no such number."),
        ("demand_summary", "lost", "-1e308", "demand_summary.csv:2: lost is -1e+308; a plan holds no such number."),
        ("deliveries", "delivered", "", "deliveries.csv:2: delivered is blank."),
        ("limits", "period_start", "", "limits.csv:2: period_start is blank."),
        ("load", "used_hours", "", "load.csv:2: used_hours is blank."),
        (
            "deliveries",
            "due",
            "9999-12-31",
            "deliveries.csv:2: due is '9999-12-31'; it must be a day from 1700-01-01 to 2999-12-31",
        ),
    ],
)
@pytest.mark.parametrize("suffix", [".html", ".xlsx"])
def test_a_cell_that_nothing_can_be_reckoned_from_is_refused(planned, tmp_path, suffix, table, column, cell, said):
    folder = shutil.copytree(planned, tmp_path / "run")
    with_cell(folder, table, column, cell)
    done = report(folder, "--to", tmp_path / f"plan{suffix}")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"tandemplan: {said}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / f"plan{suffix}").exists()


@pytest.mark.parametrize(("table", "column"), [("demand_summary", "last_delivery"), ("options", "date")])
def test_a_day_that_never_comes_may_be_blank(planned, tmp_path, table, column):
    folder = shutil.copytree(planned, tmp_path / "run")
    with_cell(folder, table, column, "")
    assert column in read_answer(folder)[0].tables[table]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("options", "options are no object"),
        ("versions", "versions are no object"),
        ("objective", "objective are no objective"),
        ("totals", "totals are no totals"),
        ("notes", "notes are no list of texts"),
        ("hopeful_notes", "hopeful_notes are no list of texts"),
        ("scenarios", "scenarios are no list of texts"),
        ("conflicts", "conflicts are no list of limits"),
        ("remedies", "remedies are no list of remedies"),
        ("conflict_search", "conflict_search are no object of irreducible"),
        ("seconds", "seconds are no object of numbers"),
    ],
)
@pytest.mark.parametrize("value", [5, "x", [1], {"units": 1, "stages": 1}])
def test_what_run_json_says_is_of_its_type(planned, tmp_path, key, said, value):
    folder = shutil.copytree(planned, tmp_path / "run")
    if (key, type(value)) in (("options", dict), ("versions", dict), ("seconds", dict)):
        value = [{}]
    info = json.loads((folder / "run.json").read_text()) | {key: value}
    (folder / "run.json").write_text(json.dumps(info))
    with pytest.raises(RunError, match=f"is a damaged run: .*{said}"):
        read_answer(folder)


@pytest.mark.parametrize("table", [s.name for s in SHAPES])
def test_a_row_that_stands_twice_is_told_with_its_warning(planned, tmp_path, table):
    folder = shutil.copytree(planned, tmp_path / "run")
    file = folder / f"{table}.csv"
    file.write_text(file.read_text() + file.read_text().splitlines()[-1] + "\n")
    if len(file.read_text().splitlines()) > 2:  # more than names
        for suffix in (".html", ".xlsx"):
            done = report(folder, "--to", tmp_path / f"plan{suffix}")
            assert (done.exit_code, file.name in done.stderr) == (0, True)


def test_periods_that_the_programme_has_not_are_told_with_a_warning(planned, tmp_path):
    folder = shutil.copytree(planned, tmp_path / "run")
    for table in ("stock", "load", "limits"):
        with_cell(folder, table, "period_start", "1700-01-01")
    for suffix in (".html", ".xlsx"):
        done = report(folder, "--to", tmp_path / f"plan{suffix}")
        assert (done.exit_code, "stock.csv" in done.stderr) == (0, True)


def test_writing_a_changed_run_again_does_not_make_it_a_planned_one(changed, tmp_path):
    again = write_run(*read_answer(changed), tmp_path / "again")
    assert read_answer(again)[0].changed == ("deliveries.csv",)
