"""Figures in Python: every one of the gallery, its numbers, in a notebook and in files."""

import xml.etree.ElementTree as ET
from base64 import b64decode

import pandas as pd
import pytest

import tandemplan as tp
from tandemplan.report.gallery import FIGURES


@pytest.fixture(scope="module")
def run():
    return tp.plan(tp.example("tanker_base").with_scenario("sc-04-inland-refinery-fails"))


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_of_the_gallery_is_there(run, name):
    figure = run.figure(name)
    assert (figure.name, figure._repr_svg_()) == (name, figure.svg)
    assert ET.fromstring(figure.svg).tag.endswith("svg")
    assert list(figure.numbers.columns) == list(figure.header)
    assert len(figure.numbers) == len(figure.body)
    assert repr(figure).startswith(f"Figure('{name}': ")


def test_numbers_are_numbers_and_words_are_words(run):
    numbers = run.figure("customers").numbers
    assert [str(t) for t in numbers.dtypes] == ["str", "str", "float64", "float64", "float64"]
    sorties = numbers[numbers["panel"].str.startswith("Refuelling")].iloc[-1]
    assert sorties["asked for"] - sorties["delivered"] == pytest.approx(sorties["behind"], abs=0.5)
    assert sorties["behind"] > 0


def test_a_notebook_shows_the_picture_alone(run):
    shown = run.figure("load")._repr_html_()
    picture = shown.split("base64,")[1].split('"')[0]
    assert b64decode(picture).decode() == run.figure("load").svg
    assert "<style" not in shown


def test_a_figure_is_saved_as_picture_or_numbers(run, tmp_path):
    figure = run.figure("costs")
    assert figure.save(tmp_path / "costs.svg").read_text(encoding="utf-8") == figure.svg
    pd.testing.assert_frame_equal(
        pd.read_csv(figure.save(tmp_path / "costs.csv"), keep_default_na=False), figure.numbers
    )
    with pytest.raises(ValueError, match=r"\.svg"):
        figure.save(tmp_path / "costs.png")


def test_a_figure_that_is_not_there(run):
    with pytest.raises(KeyError, match="Did you mean 'deliveries'"):
        run.figure("delivery")


def test_a_run_without_a_plan_has_figures_too():
    stopped = tp.plan(tp.example("first_steps"), time_limit=0)
    for name in FIGURES:
        assert stopped.figure(name).svg.startswith("<svg")
