"""Pictures as values."""

from datetime import date

import pytest

from tandemplan.report.axes import Frame, date_ticks, round_top
from tandemplan.report.pictures import load, promise, spans

SPAN = (date(2026, 6, 1), date(2026, 6, 29))


def test_promised_and_delivered_are_summed_up():
    picture = promise(
        "Bikes", "units", [(date(2026, 6, 5), 10.0)], [(date(2026, 6, 12), 4.0), (date(2026, 6, 5), 6.0)], SPAN
    )
    assert picture.subtitle == "10 of 10 units (100 %)"
    assert picture.body[0] == ("7 Jun 2026", "10", "6", "4")
    assert picture.body[-1] == ("29 Jun 2026", "10", "10", "0")


def test_lines_run_from_the_start_to_the_end_of_the_plan():
    picture = promise("Bikes", "units", [(date(2026, 6, 15), 10.0)], [], SPAN)
    frame = picture.frame
    middle = (frame.left + frame.width - frame.right) / 2
    assert picture.dashed == (
        f"M{frame.left:g},{frame.y(0):g} L{middle:g},{frame.y(0):g} L{middle:g},{frame.y(10):g} "
        f"L{frame.width - frame.right:g},{frame.y(10):g}"
    )
    assert picture.solid == f"M{frame.left:g},{frame.y(0):g} L{frame.width - frame.right:g},{frame.y(0):g}"


def test_hours_of_long_periods_are_shown_per_week():
    members = [
        {"period_start": date(2026, 6, 1), "available_hours": 40.0, "used_hours": 40.0, "overtime_hours": 0.0},
        {"period_start": date(2026, 6, 8), "available_hours": 120.0, "used_hours": 30.0, "overtime_hours": 0.0},
    ]
    about = {"resource": "bench", "kind": "work centre", "site": "", "used": 70.0, "hours": 160.0, "full": 1}
    picture = load(about, members, date(2026, 6, 29))
    assert picture.frame.top == pytest.approx(40), "120 hours in three weeks are 40 a week"
    assert picture.body[1] == ("8 Jun 2026", "120", "30", "25 %", "0")
    assert picture.subtitle == "43.8 % used, full in 1 of 2 periods"


def test_a_task_before_the_start_takes_no_room():
    early, late = spans(
        [("a", date(2026, 5, 1), date(2026, 5, 9), False), ("b", date(2026, 6, 11), date(2026, 6, 21), True)],
        date(2026, 6, 1),
        date(2026, 6, 21),
    )
    assert (early.start, early.length) == (0.0, 0.0)
    assert (late.start, late.length, late.mark) == (50.0, 50.0, "critical")


@pytest.mark.parametrize("value", [0.003, 1, 7, 99, 101, 8330, 4e7])
def test_an_axis_holds_its_values_in_few_round_steps(value):
    top, step = round_top(value)
    assert value <= top * (1 + 1e-9)
    assert 1 <= round(top / step) <= 5


@pytest.mark.parametrize("days", [1, 6, 28, 60, 120, 365, 1092, 7300])
def test_dates_are_marked_sparsely(days):
    frame = Frame(date(2026, 6, 1), date.fromordinal(date(2026, 6, 1).toordinal() + days), 1)
    assert 1 <= len(date_ticks(frame)) <= 7
