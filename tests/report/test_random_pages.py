"""Pages, comparisons and figures of plans of random programmes: whole, whatever is missing, late or not served."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from tandemplan.plan import PlanOptions, plan
from tandemplan.report.comparison import comparison
from tandemplan.report.gallery import FIGURES, figure
from tandemplan.report.page import page
from tandemplan.testing.programmes import programmes

from .test_page import outline

QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


def check(programme):
    run = plan(programme, PlanOptions(threads=1))
    for text in (page(run, programme), comparison(run, programme, run, programme)):
        found = outline(text)
        assert (found.wrong, found.open) == ([], [])
        assert "nan" not in text[text.index("<main>") : text.index("<footer")].split()
    for name in FIGURES:
        drawn = figure(name, run, programme)
        ET.fromstring(drawn.svg)
        assert all(len(r) == len(drawn.header) for r in drawn.body)


@settings(max_examples=4, **QUIET)
@given(programmes())
def test_a_few_random_plans_have_pages(programme):
    check(programme)


@pytest.mark.long
@settings(max_examples=60, **QUIET)
@given(programmes())
def test_many_random_plans_have_pages(programme):
    check(programme)
