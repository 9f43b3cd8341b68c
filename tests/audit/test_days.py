"""The audit's own days, cells and calendars."""

from datetime import date

import numpy as np
import pytest

from tandemplan.audit.dated import dated_of
from tandemplan.audit.days import horizon_of, iso, number
from tandemplan.audit.hours import calendar_factor, hours_present
from tandemplan.audit.openings import ALWAYS, openings_of
from tandemplan.model.schema import Settings
from tandemplan.testing.models import programme_of


@pytest.mark.parametrize(
    ("periods", "cuts"),
    [
        ("3 days", ["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02"]),
        ("1 day, 2 months", ["2026-01-30", "2026-01-31", "2026-02-28", "2026-03-31"]),
        ("1 week,1 month", ["2026-01-30", "2026-02-06", "2026-03-06"]),
    ],
)
def test_periods_are_cut_from_dates(periods, cuts):
    horizon = horizon_of(Settings(start=date(2026, 1, 30), periods=periods))
    assert [iso(c) for c in horizon.cuts] == cuts
    assert horizon.period(horizon.end - 1) == len(cuts) - 2


def test_unknown_periods_are_refused():
    with pytest.raises(ValueError, match="2 fortnights"):
        horizon_of(Settings(start=date(2026, 1, 30), periods="2 fortnights"))


def test_effects_are_set_then_added_then_multiplied():
    programme = programme_of("""
    start = 2026-06-01
    periods = 4 days
    [items]
    item
    A
    [suppliers]
    supplier
    U
    [offers]
    offer,supplier,item,lead_days,capacity_units_per_week
    O,U,A,1,
    [risks]
    risk,date,duration_days,changes
    r1,2026-06-01,3,offers[O].lead_days *= 3;offers[O].capacity_units_per_week *= 0
    r2,2026-06-02,,offers[O].lead_days += 2
    r3,2026-06-03,,offers[O].lead_days = 10
    """)
    dated, days = dated_of(programme), horizon_of(programme.settings).days
    assert dated.values("offers", 0, "lead_days", days).tolist() == [3, 9, 36, 12]
    assert dated.values("offers", 0, "capacity_units_per_week", days).tolist()[:3] == [0, 0, 0]
    assert np.isnan(dated.on("offers", 0, "capacity_units_per_week", int(days[3])))


def test_tasks_run_one_after_another():
    programme = programme_of("""
    start = 2026-06-10
    periods = 4 weeks
    [items]
    item
    A
    [tasks]
    task,predecessors,duration_days,earliest,finished,kind
    done,,5,,2026-06-01,site
    under way,done+2,4,,,site
    next,under way+3,2.5,,,site
    late,under way,1,2026-06-20,,site
    free,,1,,,site
    paper,next,30,,,deliverable
    """)
    openings = openings_of(dated_of(programme), horizon_of(programme.settings))
    spans = {name: (iso(a)[5:], iso(b)[5:]) for name, (a, b) in openings.spans.items()}
    assert spans == {
        "done": ("05-27", "06-01"),
        "under way": ("06-03", "06-10"),  # two days after done; not done before the plan starts
        "next": ("06-13", "06-16"),
        "late": ("06-20", "06-21"),
        "free": ("06-10", "06-11"),
        "paper": ("06-16", "07-16"),
    }
    assert iso(openings.after(["next", "free"])) == "2026-06-16"
    assert iso(openings.after(["paper"])) == "2026-07-16"
    assert openings.after([]) == ALWAYS


def test_calendars_and_hours():
    """Monday to Friday, Wednesday the 3rd closed, Saturday the 6th worked, half hours from the 5th on; two shifts."""
    programme = programme_of("""
    start = 2026-06-01
    periods = 1 week
    [items]
    item
    A
    [calendars]
    calendar,kind,from_date,to_date,weekdays,factor
    plant,week,,,Mon;Tue;Wed;Thu;Fri,1
    plant,exception,2026-06-03,2026-06-03,,0
    plant,exception,2026-06-06,2026-06-06,,1
    plant,factor,2026-06-05,,,0.5
    [sites]
    site,calendar
    P,plant
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    Q,2,6,8
    [work_centres]
    work_centre,site,stations,shift_pattern,most_shifts
    W,P,1,Q,1.5
    R,P,2,,
    [skills]
    skill,site,headcount,hours_per_week,overtime_hours_per_week,shift_pattern
    S,P,2,30,6,Q
    [tools]
    tool,site,work_centre,sets
    T,P,W,3
    V,P,,1
    """)
    horizon, dated = horizon_of(programme.settings), dated_of(programme)
    assert calendar_factor(programme, "plant", horizon).tolist() == [1, 1, 0, 1, 0.5, 0.5, 0]
    assert calendar_factor(programme, "", horizon).tolist() == [1] * 7
    present = hours_present(dated, openings_of(dated, horizon), horizon)
    hours = {name: (p.hours.tolist(), p.overtime.tolist()) for (_, name), p in present.items()}
    assert hours == {
        "W": ([48.0], [0.0]),  # 1.5 x 8 hours on 4 days
        "R": ([192.0], [0.0]),  # 2 x 24 hours on 4 days
        "S": ([40.0], [8.0]),  # 2 x 30 / 6 hours on 4 days
        "T": ([144.0], [0.0]),
        "V": ([96.0], [0.0]),
    }


def test_days_are_numbers_from_1970():
    assert number(date(1970, 1, 2)) == 1
