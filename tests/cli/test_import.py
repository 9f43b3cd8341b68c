"""`tandemplan import`: what it writes, what it refuses, and that it writes nothing then."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tandemplan.cli import app
from tandemplan.model.reading import read

INSTANCE = "1 2\n1\n20\n1 2 5 30\n10\n4\nlegend\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("G1.DAT").write_text(INSTANCE, encoding="utf-8")


def tandemplan(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_import_makes_a_programme_that_reads_back():
    done = tandemplan("import", "lotsizing", "G1.DAT", "made", "--json")
    assert done.exit_code == 0
    programme = read("made")
    assert json.loads(done.stdout) == {
        "programme": {"name": "G1", "digest": programme.digest},
        "folder": "made",
        "notes": [],
    }
    assert programme.frame("demands")["quantity_units"].tolist() == [10, 4]
    assert tandemplan("check", "made").exit_code == 0


def test_import_shows_all_faults_and_writes_nothing():
    Path("G1.DAT").write_text(INSTANCE.replace("20", "x").replace("10", "-1"), encoding="utf-8")
    done = tandemplan("import", "lotsizing", "G1.DAT", "made")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "G1.DAT:3: the capacity, every period is 'x'; it must be a number. [not-a-number]",
        "G1.DAT:5: the demand of period 1, item 1 is -1; it must be at least 0. [too-small]",
        "2 problems in 1 file; nothing was written.",
    ]
    assert [p.name for p in Path().iterdir()] == ["G1.DAT"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lotsizng", "G1.DAT", "made"), "Did you mean 'lotsizing'?"),
        (("lotsizing", "G2.DAT", "made"), "Did you mean 'G1.DAT'?"),
        (("lotsizing", "G1.DAT", "."), "not empty"),
    ],
)
def test_import_refuses_what_has_no_meaning(arguments, said):
    done = tandemplan("import", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not Path("made").exists()


def test_a_model_of_frepple_is_imported_with_what_could_not_be_said():
    Path("m.xml").write_text(
        "<plan><current>2026-01-01T08:00:00</current><items><item name='a' shelflife='5'/></items></plan>",
        encoding="utf-8",
    )
    done = tandemplan("import", "frepple", "m.xml", "made")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Made made from m.xml: 1 rows in 1 tables.",
        "m.xml:1: shelflife of item 'a' is not read. Nor is that of others. [not-imported]",
        "Next: tandemplan check made",
    ]
    assert read("made").settings.start_time == "08:00"
