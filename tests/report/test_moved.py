"""What a re-plan moves: the figure, and what the briefing says of the days ahead."""

import pytest

import tandemplan as tp
from tandemplan.report.briefing import briefing_lines, briefing_page


@pytest.fixture(scope="module")
def run():
    return tp.plan(tp.example("first_steps"))


def today(run, new):
    lines = briefing_lines(new.answer, run.answer, new.programme)
    return [line.strip() for line in lines[lines.index("What to do today:") + 1 : lines.index("What moved:")]]


def test_the_figure_sums_what_comes_off_and_goes_on(run):
    """Of the city's second delivery six units come a week sooner, and four of the school's a week later (test_replan)."""
    new = tp.replan(run, "city-asks-sooner")
    numbers = new.figure("moved").numbers.set_index("orders")
    assert numbers.index.tolist() == ["Deliveries, off", "Deliveries, on"]
    assert numbers.loc["Deliveries, off"].tolist() == [10, 0, 4, 6, 0]
    assert numbers.loc["Deliveries, on"].tolist() == [10, 0, 6, 4, 0]
    assert "<svg" in briefing_page(new.answer, run.answer, new.programme)
    assert today(run, new) == ["Nothing."]


def test_a_plan_and_a_re_plan_without_news_show_nothing(run):
    assert run.figure("moved").description == "The plan comes from no other plan."
    none = tp.replan(run)
    assert none.figure("moved").description == "Nothing moved."
    assert "<svg" not in briefing_page(none.answer, run.answer, none.programme)


def test_what_moves_first_is_named_where_nothing_moves_soon(run):
    """Half of the bench is gone in the last week: five of its ten bikes are not started then."""
    half = "work_centres[bench].availability_share *= 0.5"
    news = [{"risk": "bench", "date": "2026-06-22", "duration_days": 7, "changes": half}]
    told = today(run, tp.replan(run, run.programme.replace(risks=news), as_of="2026-06-02"))
    assert told == ["Nothing before 22 Jun 2026. Then:", "Cancel the start of 5 of Bicycle (bike||) for 2026-06-22."]
