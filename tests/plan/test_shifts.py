"""Shifts chosen: decided in time, kept long enough, worked when they serve a class or pay. `docs/semantics.md`, Shifts."""

import numpy as np
import pytest

from .solved import amounts, rows, stage, values

COLUMNS = "site shift_pattern decided first_day last_day"

NOTICE = """
start = 2026-06-01
periods = 5 weeks
[items]
item
A
[operations]
item,work_centre,plateau_hours
A,W,8
[shift_patterns]
shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days,earliest
one,1,0,0,0,
two,2,0.25,{notice},{stay},{earliest}
[work_centres]
work_centre,shift_pattern
W,one
[skills]
skill,headcount,hours_per_week,hour_cost,shift_pattern
S,2,40,10,one
[demands]
demand,item,quantity_units,due
d1,A,{units},{due}
"""


def case(**given):
    return NOTICE.format(**({"notice": 0, "stay": 0, "earliest": "", "units": 20, "due": "2026-06-21"} | given))


def test_a_second_shift_is_worked_when_it_serves_a_class(planned):
    """A takes 8 hours, one shift is 5 a week, two are 10. 20 are due at the end of week 2: 15 + 5, so two shifts in one week.

    They cost 0.25 x 2 x 40 x 10 = 200 for a week. Ten days' notice leave week 2 alone, decided on day 4.
    """
    run = planned(case(notice=9.5))
    assert values(run) == [0]
    assert rows(run, "shifts", COLUMNS) == [
        ("", "one", "", "2026-06-01", "2026-06-14"),
        ("", "two", "2026-06-05", "2026-06-15", "2026-06-21"),
        ("", "one", "2026-06-22", "2026-06-22", "2026-07-05"),
    ]
    assert amounts(run) == {"shift_premium": 200, "wages": 4000}
    assert rows(run, "load", "available_hours", resource="W") == [(40,), (40,), (80,), (40,), (40,)]
    assert rows(run, "people", "shift_premium") == [(0,), (0,), (200,), (0,), (0,)]


def test_a_pattern_is_not_worked_before_its_earliest_day(planned):
    """Two shifts may be worked from Tuesday of week 2 on, so from week 3: 15 A on time, 10 a week late then: 10 x 7."""
    run = planned(case(earliest="2026-06-16", units=25))
    assert values(run) == [70]
    assert rows(run, "shifts", "shift_pattern first_day", shift_pattern="two") == [("two", "2026-06-22")]


def test_a_pattern_is_kept_for_its_shortest_stay(planned):
    """One week of two shifts would do, but they are kept for 15 days: three weeks, at 200 each; the end of the plan cuts them short.

    From week 2 on three weeks are paid; started in week 3 they would be late.
    """
    run = planned(case(stay=15, notice=14))
    assert values(run) == [0]
    assert rows(run, "shifts", COLUMNS) == [
        ("", "one", "", "2026-06-01", "2026-06-14"),
        ("", "two", "2026-06-01", "2026-06-15", "2026-07-05"),
    ]
    assert amounts(run)["shift_premium"] == 600


@pytest.mark.parametrize(("due", "premium"), [("2026-07-05", 0), ("2026-06-28", 0), ("2026-06-14", 400)])
def test_a_premium_is_paid_only_where_it_helps(planned, due, premium):
    """20 A are four weeks of one shift, two weeks of two."""
    run = planned(case(due=due))
    assert values(run) == [0]
    assert amounts(run).get("shift_premium", 0) == premium


def test_bought_stations_work_the_pattern_chosen_and_tools_follow(planned):
    """40 A are due in week 0: one station in two shifts makes 10, four do it, one shift of eight stations would, too.

    There is place for three more: 4 x 2 shifts. The set of T at W takes 4 hours of each: 160 of 4 x 80 / 4 = 80, so two sets.
    """
    run = planned(
        case(units=40, due="2026-06-07")
        .replace("work_centre,shift_pattern\nW,one", "work_centre,shift_pattern,most_stations,station_price\nW,one,4,7")
        .replace("item,work_centre,plateau_hours\nA,W,8", "item,work_centre,plateau_hours,tool,tool_hours\nA,W,8,T,4")
        + "[tools]\ntool,work_centre,most_sets,set_price\nT,W,3,5\n"
    )
    assert values(run) == [0]
    assert rows(run, "investments", "resource units cost") == [("W", 3, 21), ("T", 1, 5)]
    assert rows(run, "load", "available_hours", resource="W") == [(320,), (160,), (160,), (160,), (160,)]
    assert rows(run, "load", "available_hours", resource="T") == [(160,), (80,), (80,), (80,), (80,)]
    assert amounts(run)["shift_premium"] == 200


def test_an_option_adds_the_hours_of_the_pattern_worked(planned):
    """35 A are due at the end of week 2: 5 in week 0, 10 in a week of two stations or of two shifts, 20 in one of both.

    `more` is in effect from week 1 on and two shifts, with ten days' notice, from week 2 on: 5 + 10 + 20. Two shifts alone would
    make 20, the station alone 25.
    """
    more = "[options]\noption,one_off_cost,lead_days,changes\nmore,50,7,work_centres[W].stations += 1\n"
    run = planned(case(units=35, notice=9.5) + more)
    assert values(run) == [0]
    assert rows(run, "options", "chosen date") == [(True, "2026-06-01")]
    assert rows(run, "load", "available_hours", resource="W")[:3] == [(40,), (80,), (160,)]
    assert amounts(run) == {"shift_premium": 200, "chosen_options": 50, "wages": 4000}


@pytest.mark.parametrize(("price", "chosen", "premium"), [(50, True, 0), (450, False, 400)])
def test_an_option_is_weighed_against_a_second_shift(planned, price, chosen, premium):
    """25 A are due at the end of week 2, 15 by one shift: 10 more by a second set in weeks 1 and 2, or by two weeks of two shifts at 200."""
    run = planned(
        case(units=25)
        .replace("item,work_centre,plateau_hours\nA,W,8", "item,work_centre,plateau_hours,tool,tool_hours\nA,W,8,T,8")
        .replace("work_centre,shift_pattern\nW,one", "work_centre,stations,shift_pattern\nW,2,one")
        + "[tools]\ntool,work_centre\nT,W\n"
        + f"[options]\noption,one_off_cost,lead_days,changes\nmore,{price},7,tools[T].sets += 1\n"
    )
    assert values(run) == [0]
    assert rows(run, "options", "chosen") == [(chosen,)]
    assert amounts(run).get("shift_premium", 0) == premium


def test_an_option_that_nothing_needs_is_not_chosen_though_it_costs_nothing(planned):
    """5 A are made in week 0, and no more as they would cost what they lie there: what a second station adds is idle."""
    more = "[options]\noption,changes\nmore,work_centres[W].stations += 1\n"
    text = case(units=5, due="2026-06-07").replace("item\nA\n", "item,standard_cost\nA,1\n", 1)
    run = planned(text.replace("periods", "holding_per_year_share = 0.1\nperiods", 1) + more)
    assert rows(run, "options", "chosen") == [(False,)]


def test_hires_are_paid_the_premium(planned):
    """A takes 5 hours of W and 8 of S. 25 are due in week 1: 10 of two people in week 0 and 15 of three in week 1, by two shifts in both.

    One is hired for week 1, and paid 400 a week from then on. One shift would do 8 a week. The premium is 200 for two
    people in week 0 and 300 for three in week 1.
    """
    run = planned(
        case(units=25, due="2026-06-14")
        .replace(
            "item,work_centre,plateau_hours\nA,W,8", "item,step,work_centre,skill,plateau_hours\nA,10,W,,5\nA,20,,S,8"
        )
        .replace("hours_per_week,hour_cost", "hours_per_week,hires_per_week,recruit_days,hour_cost")
        .replace("S,2,40,10", "S,2,40,5,7,10")
    )
    assert values(run) == [0]
    hired = rows(run, "people", "hired shift_premium hire_wages")
    assert hired == [(0, 200, 0), (1, 300, 400), (0, 0, 400), (0, 0, 400), (0, 0, 400)]


def test_people_of_an_option_are_paid_the_premium(planned):
    """As above, with a third person by an option that takes a week: 400 a week from week 1 on, and a premium of 200 and 300."""
    run = planned(
        case(units=25, due="2026-06-14").replace(
            "item,work_centre,plateau_hours\nA,W,8", "item,step,work_centre,skill,plateau_hours\nA,10,W,,5\nA,20,,S,8"
        )
        + "[options]\noption,lead_days,one_off_cost,changes\nmore,7,3,skills[S].headcount += 1\n"
    )
    assert values(run) == [0]
    assert rows(run, "people", "wages option_wages shift_premium") == [
        (800, 0, 200),
        (800, 400, 300),
        *[(800, 400, 0)] * 3,
    ]
    assert amounts(run) == {"chosen_options": 3, "option_wages": 1600, "shift_premium": 500, "wages": 4000}
    assert stage(run, "cost") == 3 + 1600 + 500


def test_sites_without_a_choice_have_no_row(planned):
    """Two work centres of the site name different patterns, so that nothing is chosen."""
    text = case(units=5).replace("work_centre,shift_pattern\nW,one", "work_centre,shift_pattern\nW,one\nV,two")
    run = planned(text)
    assert len(run.tables["shifts"]["site"]) == 0


def test_a_pattern_that_is_worse_in_everything_is_never_worked(planned):
    """The other pattern has as many shifts, a higher premium and a notice: the site keeps its own, and the table says so."""
    run = planned(case(units=20).replace("two,2,", "two,1,"))
    assert rows(run, "shifts", COLUMNS) == [("", "one", "", "2026-06-01", "2026-07-05")]
    assert np.all(run.tables["people"]["shift_premium"] == 0)
