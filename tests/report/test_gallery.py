"""Figures by name: each a whole SVG with its numbers."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from tandemplan.model.schema import Item
from tandemplan.report.gallery import FIGURES, UnknownFigureError, figure
from tandemplan.testing.runs import run_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_an_svg_that_stands_alone(name, run, programme):
    found = figure(name, run, programme)
    root = ET.fromstring(found.svg)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text == found.title
    assert "var(" not in root.find(f"{SVG}style").text, "colours are written out"
    assert "http" not in found.svg.replace("http://www.w3.org/2000/svg", "")
    assert all(len(r) == len(found.header) for r in found.body)


def test_an_unknown_name_is_refused_with_the_nearest_one(run, programme):
    with pytest.raises(UnknownFigureError, match="Did you mean 'deliveries'") as caught:
        figure("delivery", run, programme)
    assert isinstance(caught.value, KeyError)


def test_the_numbers_of_deliveries_are_those_of_first_steps(run, programme):
    found = figure("deliveries", run, programme)
    assert found.header == ("panel", "up to", "asked for", "delivered", "behind")
    assert ("Class 1: city", "7 Jun 2026", "10", "6", "4") in found.body
    assert ("Class 2: school", "28 Jun 2026", "20", "14", "6") in found.body


def test_the_numbers_of_the_load_are_shares_of_hours(run, programme):
    found = figure("load", run, programme)
    assert found.header[:5] == ("resource", "kind", "site", "full weeks", "1 Jun 2026")
    assert found.body[0] == ("bench", "work centre", "", "3 of 4", "60 %", "100 %", "100 %", "100 %")


def test_costs_end_in_their_total(run, programme):
    drawn = figure("costs", run, programme)
    body = drawn.body
    assert drawn.description.startswith("The plan costs 3,002.80 EUR: "), "damages are a cost, but nobody spends them"
    assert [r[0] for r in body[:3]] == ["purchases", "holding", "total cost"]
    assert body[2][3] == "3,002.80"
    assert "standard cost of what lies in stock" in body[1][2], "each term says what it is"


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("tables", ["", "[classes]\ndemand_class\n1", "[costs]\nterm,amount\nwages,0"])
def test_figures_of_empty_tables_are_empty_and_say_so(name, tables, programme):
    found = figure(name, run_of(tables), programme)
    assert ET.fromstring(found.svg).tag == f"{SVG}svg"
    assert found.description is not None


HOSTILE = "<script>alert(1)</script> & \"quotes\" 'single' \u05e9\u05dc\u05d5\u05dd " + "x" * 300


def test_hostile_names_stay_text(run, programme):
    named = programme[Item].columns["name"].copy()
    named[:] = HOSTILE
    evil = programme.replace(replace(programme[Item], columns={**programme[Item].columns, "name": named}))
    for name in FIGURES:
        found = figure(name, run, evil)
        assert "<script" not in found.svg
        ET.fromstring(found.svg)
    assert "&lt;script" in figure("products", run, evil).svg
