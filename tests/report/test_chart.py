"""Charts as values: lines, axes, buckets, maps."""

from datetime import date
from itertools import pairwise

import pytest

from tandemplan.report.axes import Frame, date_ticks, round_top
from tandemplan.report.buckets import buckets, period_word
from tandemplan.report.chart import served
from tandemplan.report.drawing import fit, text_width
from tandemplan.report.figures.startup import startup
from tandemplan.report.geo import country_places, view_of
from tandemplan.report.strips import Course, strips
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

SPAN = (date(2026, 6, 1), date(2026, 6, 29))


def test_asked_for_and_delivered_are_summed_up():
    picture = served(
        "Bikes", "units", [(date(2026, 6, 5), 10.0)], [(date(2026, 6, 12), 4.0), (date(2026, 6, 5), 6.0)], SPAN
    )
    assert picture.subtitle == "10 of 10 units (100 %)"
    assert picture.body[0] == ("7 Jun 2026", "10", "6", "4")
    assert picture.body[-1] == ("28 Jun 2026", "10", "10", "0")


def test_lines_run_from_the_start_to_the_end_of_the_plan():
    picture = served("Bikes", "units", [(date(2026, 6, 15), 10.0)], [], SPAN)
    frame = Frame(*SPAN, 10.0)
    middle, right = (frame.left + frame.width - frame.right) / 2, frame.width - frame.right
    wanted = f"M{frame.left:g},{frame.y(0):g} L{middle:g},{frame.y(0):g} L{middle:g},{frame.y(10):g} L{right:g},{frame.y(10):g}"
    assert f'<path class="dashed" d="{wanted}"/>' in picture.marks
    assert f'<path class="solid" d="M{frame.left:g},{frame.y(0):g} L{right:g},{frame.y(0):g}"/>' in picture.marks


@pytest.mark.parametrize("value", [0.003, 1, 7, 99, 101, 8330, 4e7])
def test_an_axis_holds_its_values_in_few_round_steps(value):
    top, step = round_top(value)
    assert value <= top * (1 + 1e-9)
    assert 1 <= round(top / step) <= 5


@pytest.mark.parametrize("width", [220, 360, 1060])
@pytest.mark.parametrize("days", [1, 6, 28, 60, 120, 365, 1092, 7300])
def test_dates_are_marked_sparsely(days, width):
    frame = Frame(date(2026, 6, 1), date.fromordinal(date(2026, 6, 1).toordinal() + days), 1, width=width)
    ticks = date_ticks(frame)
    assert len(ticks) >= 1
    assert all(b.at - a.at >= 40 for a, b in pairwise(ticks)), "labels do not touch"


@pytest.mark.parametrize(
    ("periods", "step", "count", "word"),
    [
        ("4 weeks", "period", 4, "week"),
        ("120 days", "week", 18, "day"),
        ("900 days", "month", 30, "day"),
        ("156 weeks", "month", 36, "week"),
        ("520 weeks", "quarter", 41, "week"),
        ("240 months", "year", 21, "month"),
        ("2 weeks, 3 months", "period", 5, "period"),
    ],
)
def test_time_is_cut_into_few_buckets(periods, step, count, word):
    programme = programme_of(f"start = 2026-06-01\nperiods = {periods}")
    found = buckets(programme)
    assert (found.step, len(found.starts)) == (step, count)
    assert period_word(programme) == word
    assert [found.of(s) for s in found.starts] == list(range(count))
    assert found.of(date(1999, 1, 1)) == 0
    assert found.of(date(2199, 1, 1)) == count - 1


def test_neighbours_of_one_strip_are_one_shape():
    week = [date(2026, 6, d) for d in (1, 8, 15, 22, 29)]
    values = tuple(zip(week, week[1:], (1.0, 1.0, 0.0, 2.0), strict=False))
    panel = strips("", [Course("kit", "", values, 2.0, ("2",))], ("most",), SPAN, (("a",), ()))
    frame = Frame(*SPAN, 1.0, width=1060, left=350, right=260)
    shape = f"M350,32V20H{frame.x(week[2]):g}V32M{frame.x(week[3]):g},32V8H{frame.x(week[4]):g}V32"
    assert f'd="{shape}"' in panel.drawn


def test_a_task_before_the_start_is_a_mark_at_the_start():
    programme = programme_of("start = 2026-06-01\n[tasks]\ntask,name,duration_days\na,Contract,3\nb,Hall,10")
    run = run_of(
        "[tasks]\ntask,start,end,slack_days,critical\na,2026-05-01,2026-05-09,4,no\nb,2026-06-11,2026-06-21,0,yes"
    )
    (panel,) = startup(run, programme).panels
    assert [r[7] for r in panel.body] == ["", "critical"]
    assert "M372,5 l6,7" in panel.drawn
    assert ">critical<" in panel.drawn, "not by colour alone"


def test_no_task_is_said_to_slip_and_those_that_hold_back_deliveries_are_marked():
    programme = programme_of("start = 2026-06-01\n[tasks]\ntask,name,duration_days\na,Moulds,3\nb,Hall,10\nc,Papers,2")
    run = run_of(
        "[tasks]\ntask,start,end,slack_days,critical\na,2026-06-01,2026-06-04,7,no\nb,2026-06-01,2026-06-11,0,yes\n"
        "c,2026-06-01,2026-06-03,8,no\n[limits]\nfamily,name,period_start,stage,demands_hurt\n"
        "task,a,2026-06-01,class 1 firm,4\ntask,b,2026-06-01,class 1 firm,4\ntask,c,2026-06-01,cost,0"
    )
    drawn = startup(run, programme)
    (panel,) = drawn.panels
    assert {r[0]: r[7] for r in panel.body} == {"a": "limit", "b": "critical, limit", "c": ""}
    assert "Moulds: 1 Jun 2026 to 4 Jun 2026, limit" in panel.drawn
    assert panel.header[5] == "needed by"
    assert not any("slip" in text for text in (panel.drawn, drawn.description, *(k.label for k in drawn.keys)))
    assert panel.header[4] == "slack to the last task, days"
    assert "not against deliveries" in drawn.note
    assert "deliveries wait for the task" in drawn.note


def test_a_gate_whose_condition_is_not_checked_says_so():
    programme = programme_of(
        "start = 2026-06-01\n[tasks]\ntask,name,needs,finished\n"
        "a,Gate,share:host>=0.5 over 26,\nb,Done,share:host>=0.5 over 26,2026-05-01"
    )
    run = run_of(
        "[tasks]\ntask,start,end,critical\na,2026-06-01,2026-07-01,yes\nb,2026-05-01,2026-05-01,no",
    )
    drawn = startup(run, programme)
    (panel,) = drawn.panels
    assert [r[1] for r in panel.body] == ["Done", "Gate (condition not checked)"]
    assert "Gate (condition not checked): 1 Jun 2026 to 1 Jul 2026" in panel.drawn
    assert "Gate (condition not checked), is done 1 Jul 2026" in drawn.description


def test_a_gate_that_the_plan_never_meets_says_so():
    programme = programme_of(
        "start = 2026-06-01\n[items]\nitem\nbike\n[tasks]\ntask,name,needs\na,Gate,made:bike>=9\nb,Later,made:bike>=2"
    )
    run = run_of(
        "[tasks]\ntask,occurrence,start,end,needs_met,critical\na,1,2026-06-01,2026-07-01,,yes\n"
        "b,1,2026-06-01,2026-06-21,2026-06-21,no\nb,2,2026-06-11,2026-06-21,,no"
    )
    drawn = startup(run, programme)
    (panel,) = drawn.panels
    assert [(r[1], r[6], r[7]) for r in panel.body] == [("Later", "21 Jun 2026", ""), ("Gate", "", "critical, not met")]
    assert "does not make, buy or hold what the task needs" in drawn.note
    assert drawn.description.startswith("2 tasks, 1 critical")


def test_what_a_task_opens_is_named():
    programme = programme_of(
        "start = 2026-06-01\n[tasks]\ntask,name,duration_days\na,Contract,3\n"
        "[sites]\nsite,name,opens_after\nX,Hall,a\n[work_centres]\nwork_centre,site,opens_after\nw1,X,a\nw2,X,a\nw3,X,a"
    )
    run = run_of("[tasks]\ntask,start,end,slack_days,critical\na,2026-06-01,2026-06-04,0,yes")
    assert startup(run, programme).panels[0].body[0][-1] == "Hall; 3 work centres"


def test_a_text_is_cut_to_its_room():
    for words in ("Flight acceptance team", "\u0160tef\u00e1nik 100 %", "\u5de5\u5382\u5de5\u5382\u5de5\u5382"):
        assert text_width(fit(words, 60)) <= 60


def test_a_map_holds_its_places():
    for places in (
        [country_places()[c] for c in ("US", "JP", "RO")],
        [(25.6, 45.65), (28.49, 44.36)],
        [(25.6, 45.65)],
    ):
        view = view_of(places, 700, 330)
        assert all(view.holds(view.place(p)) for p in places)
    (x0, y0), (x1, y1) = (view_of([(20, 45), (30, 50)], 700, 330).place(p) for p in ((20, 45), (30, 50)))
    assert x0 < x1
    assert y0 > y1, "north is up"


def test_no_border_runs_between_crimea_and_the_mainland():
    from tandemplan.report.geo import outlines

    for kind, points in outlines():
        if kind == "border":
            assert not all(32.5 <= x <= 35.5 and 45 <= y <= 46.5 for x, y in points)
