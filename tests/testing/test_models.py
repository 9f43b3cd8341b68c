"""Docstring models."""

import pytest

from tandemplan.model.schema import Demand, Item
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.testing.models import files_of, programme_of, reading_of


def test_a_model_says_settings_and_tables():
    """One item and one demand.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item,note
    A,"said, with a comma"
    [demands]
    demand,customer,item,quantity_units,due
    d1,,A,5,2026-06-05
    """
    text = test_a_model_says_settings_and_tables.__doc__
    files = files_of(text)
    assert list(files) == ["programme.toml", "items.csv", "demands.csv"]
    assert files["items.csv"] == 'item,note\nA,"said, with a comma"\n'


def test_faults_are_raised_with_file_and_line():
    with pytest.raises(ProgrammeFaultsError) as caught:
        programme_of("start = 2026-06-01\n[items]\nitem,weight_kg\nA,1\nB,-1")
    assert [str(p) for p in caught.value.problems] == [
        "items.csv:3: weight_kg is -1; it must be at least 0. [too-small]"
    ]


def test_a_heading_stands_once():
    with pytest.raises(ValueError, match=r"\[items\] stands twice"):
        files_of("[items]\nitem\n[items]\nitem")


def test_a_line_that_is_no_setting_is_refused():
    with pytest.raises(ValueError, match="neither a setting nor a heading"):
        files_of("start = 2026-06-01\nperiods: 2 weeks")


def test_columns_are_typed():
    programme = programme_of("start = 2026-06-01\n[items]\nitem,hazard\nA,yes")
    assert programme[Item].row(0) == Item(item="A", hazard=True)
    assert len(programme[Demand]) == 0
    assert reading_of("[items]\nitem\nA").problems[0].code == "missing-file"
