"""Hours in any so many days, each case worked out by hand."""

import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.scenario import apply_sets
from tandemplan.testing.models import programme_of

from .solved import rows, values

SORTIES = """
start = 2026-06-01
periods = 9 days
holding_per_year_share = 0.1
[items]
item,standard_cost
A,100
[operations]
item,skill,plateau_hours
A,S,6
[skills]
skill,headcount,hours_per_week
S,1,168
[rules]
rule,kind,scope,high,window_days
R,rolling hours,S,12,3
[demands]
demand,item,quantity_units,due
d1,A,6,2026-06-06
"""


def test_no_window_of_three_days_holds_more_than_its_hours(planned):
    """12 hours in any 3 days are 2 A: 2 by day 2, 4 by day 5, 6 by day 6 at the earliest. d1 asks for 6 by day 5: 2 x 1 day late."""
    run = planned(SORTIES)
    assert values(run) == [2]
    used = [u for (u,) in rows(run, "load", "used_hours")]
    assert sum(float(u.expected) for u in used) == pytest.approx(36)
    assert all(sum(float(u.expected) for u in used[k : k + 3]) <= 12 + 1e-4 for k in range(7))
    assert rows(run, "limits", "what family name", stage="class 1 firm")[0] == ("people", "rolling hours", "R|S")


@pytest.mark.parametrize(
    ("set_", "value"),
    [
        ("skills[S].headcount=2", 0),  # 4 in any 3 days: 8 by day 5
        ("rules[R].soft=yes", 0),
        ("rules[R].to_date=2026-06-05", 0),  # from day 5 on as many as there are hours
        (
            "rules[R].window_days=4",
            6,
        ),  # 2 by day 3, 4 by day 7 with days 0 and 4, 6 on day 8: d1 has 4 by day 5, 2 are 3 days late
        ("rules[R].scope=T", 0),
    ],
)
def test_the_limit_holds_for_each_head_within_its_dates(planned, set_, value):
    programme, problems = apply_sets(programme_of(SORTIES), [set_])
    assert [p for p in problems if p.code != "unknown-name"] == []
    from tandemplan.plan import plan

    run = plan(programme)
    assert audit_tables(programme, run.info, run.tables) == []
    assert values(run) == [value]


def test_a_long_period_has_its_share_of_the_hours(planned):
    """In 4 weeks, runs of 2: 24 hours in any 2 weeks; in the month of 30 days 24 x 30 / 14. d1 asks for 60 A of 1 hour by day 27.

    24 by day 13, 48 by day 27 (a window of 2 weeks each), 12 more only in the month, that is 30 days after its due day.
    """
    run = planned("""
    start = 2026-06-01
    periods = 4 weeks, 1 month
    [items]
    item
    A
    [operations]
    item,work_centre,plateau_hours
    A,W,1
    [work_centres]
    work_centre
    W
    [rules]
    rule,kind,scope,high,window_days
    R,rolling hours,W,24,14
    [demands]
    demand,item,quantity_units,due
    d1,A,60,2026-06-28
    d2,A,60,2026-07-28
    """)
    used = [float(u.expected) for (u,) in rows(run, "load", "used_hours")]
    assert sum(used[:2]) <= 24 + 1e-4
    assert sum(used[:4]) == pytest.approx(48)
    assert used[4] == pytest.approx(24 * 30 / 14, rel=1e-5)


def test_the_audit_finds_a_window_that_is_too_full(planned):
    run = planned(SORTIES.replace("R,rolling hours,S,12,3", "R,rolling hours,S,24,3"))
    found = audit_tables(programme_of(SORTIES), run.info, run.tables)
    assert {f.code for f in found} == {"load-rolling"}
    assert found[0].message.startswith("skill 'S', hours from 2026-06-0")


def test_trained_hires_are_heads_and_trainees_are_none(planned):
    """1 head has 12 hours in any 3 days; one comes on day 0 and trains for 2 days: 1, 1, 2, 2, 2 ... heads.

    In days 0 to 2 4/3 heads have 16 hours, in 1 to 3 5/3 have 20, in 2 to 4 and 3 to 5 24. By day 5 48 are asked for: in days 0 to
    2 16 are done at most and in 3 to 5 24, so that 8 hours of work (4/3 A) are left. They are done on day 6, a day late.
    """
    text = SORTIES.replace(
        "headcount,hours_per_week", "headcount,hours_per_week,hires_per_week,most_headcount,training_days"
    )
    run = planned(text.replace("S,1,168", "S,1,168,7,2,2").replace("d1,A,6,", "d1,A,8,"))
    assert values(run) == [pytest.approx(8 / 6, abs=1e-4)]
