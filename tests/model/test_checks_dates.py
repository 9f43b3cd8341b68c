"""Dates and numbers that must agree. A test's docstring is the model it is about."""

import pytest

from tandemplan.testing.models import reading_of

ITEM = "start = 2026-06-01\nperiods = 6 weeks\n[items]\nitem\nrod\n[offers]\noffer,item\no1,rod\n"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "[demands]\ndemand,item,quantity_units,due,latest\nd1,rod,1,2026-06-12,2026-06-05\n",
            "demands.csv:2: latest is 2026-06-05, before due, which is 2026-06-12. Swap or correct them. [dates-out-of-order]",
        ),
        (
            "[funding]\ntranche,amount,date,expiry\nt,1,2026-07-01,2026-06-01\n",
            (
                "funding.csv:2: expiry is 2026-06-01, before date, which is 2026-07-01. Swap or correct them. "
                "[dates-out-of-order]"
            ),
        ),
        (
            "[options]\noption,earliest,chosen\nx,2026-07-01,2026-06-01\n",
            (
                "options.csv:2: chosen is 2026-06-01, before earliest, which is 2026-07-01. Swap or correct them. "
                "[dates-out-of-order]"
            ),
        ),
        (
            "[costs]\ncost,amount,from_date,to_date\nx,1,2026-07-01,2026-06-01\n",
            (
                "costs.csv:2: to_date is 2026-06-01, before from_date, which is 2026-07-01. Swap or correct them. "
                "[dates-out-of-order]"
            ),
        ),
        (
            "[demands]\ndemand,item,quantity_units,due\nd1,rod,1,2026-07-13\nd2,rod,1,2026-07-12\nd3,rod,1,2026-01-01\n",
            (
                "demands.csv:2: due is 2026-07-13; the plan ends before 2026-07-13. "
                "Lengthen periods ('6 weeks') or drop the demand. [beyond-horizon]"
            ),
        ),
        (
            "[stock]\nitem,quantity_units,expiry\nrod,1,2026-05-31\n",
            (
                "stock.csv:2: expiry is 2026-05-31, before the plan starts on 2026-06-01. "
                "Drop the row: it can no longer be used. [expired-stock]"
            ),
        ),
        (
            "[calendars]\ncalendar,kind,weekdays\nc,week,Mon;Tues\n",
            (
                "calendars.csv:2: weekdays names 'Tues'; it must be one of Mon, Tue, Wed, Thu, Fri, Sat, Sun. "
                "Did you mean 'Tue'? [unknown-weekday]"
            ),
        ),
        (
            (
                "[calendars]\ncalendar,kind,from_date,to_date,factor\n"
                "c,factor,2026-06-01,2026-06-30,0.5\nc,factor,2026-06-30,2026-07-10,0.8\nc,exception,2026-06-10,,0\n"
            ),
            (
                "calendars.csv:3: a 'factor' row of calendar 'c' is in force from 2026-06-30, while line 2 still is. "
                "End the earlier row the day before. [overlapping-dates]"
            ),
        ),
        (
            "[work_centres]\nwork_centre\nw\n[operations]\nitem,step,work_centre,plateau_hours,lot_multiple_units\nrod,1,w,1,1e-05\nrod,2,w,1,0.001\nrod,3,w,1,0\n",
            (
                "operations.csv:2: lot_multiple_units is 1e-05, finer than 0.001 units, which plans keep to. "
                "Leave it 0 for orders and lots of any size. [too-fine]"
            ),
        ),
        (
            "[rules]\nrule,kind,scope,high,window_days\nr,origin share,rod,0.3,1e-9\n",
            "rules.csv:2: window_days is 1e-09; it must be at least 1. [too-small]",
        ),
        (
            "[tasks]\ntask,every_days\naudit,0.001\n",
            "tasks.csv:2: every_days is 0.001; it must be at least 1. [too-small]",
        ),
        (
            "[stock_policies]\nitem,safety_units,most_units\nrod,5,4\n",
            "stock_policies.csv:2: safety_units is 5, more than most_units, which is 4. [numbers-out-of-order]",
        ),
        (
            "[skills]\nskill,headcount,most_headcount\nfitter,5,4\n",
            "skills.csv:2: headcount is 5, more than most_headcount, which is 4. [numbers-out-of-order]",
        ),
        (
            "[skills]\nskill\nfitter\n[operations]\nitem,skill,plateau_hours,first_unit_hours\nrod,fitter,5,4\n",
            "operations.csv:2: plateau_hours is 5, more than first_unit_hours, which is 4. [numbers-out-of-order]",
        ),
        (
            (
                "[skills]\nskill\nfitter\n[operations]\nitem,skill,plateau_hours,yield_start_share,yield_mature_share\n"
                "rod,fitter,5,0.9,0.8\n"
            ),
            "operations.csv:2: yield_start_share is 0.9, more than yield_mature_share, which is 0.8. [numbers-out-of-order]",
        ),
        (
            "[skills]\nskill\nfitter\n[operations]\nitem,skill,plateau_hours,learning_slope\nrod,fitter,5,0.8\n",
            (
                "operations.csv:2: learning_slope is 0.8 but first_unit_hours is blank: nothing is learnt. "
                "Give first_unit_hours, or leave learning_slope blank. [slope-without-first-unit]"
            ),
        ),
        (
            "[partners]\npartner,work_share\na,0.6\nb,0.5\nc,0.1\n",
            (
                "partners.csv:3: work_share of all partners adds up to 1.2; it must be at most 1. "
                "Shares are fractions of one whole. [shares-above-one]"
            ),
        ),
        (
            "[customers]\ncustomer,demand_class,fair_share\na,1,0.6\nb,2,0.6\nc,2,0.6\n",
            (
                "customers.csv:4: fair_share of demand class 2 adds up to 1.2; it must be at most 1. "
                "Shares are fractions of one whole. [shares-above-one]"
            ),
        ),
    ],
)
def test_one_fault_is_one_problem(rows, expected):
    assert [str(p) for p in reading_of(ITEM + rows).problems] == [expected]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            "periods = 5 fortnights",
            (
                "programme.toml: periods is '5 fortnights': '5 fortnights' is no run of periods; "
                "write it as '156 weeks', '120 days' or '12 months'. [bad-periods]"
            ),
        ),
        (
            "periods = 9000 days",
            "programme.toml: periods is '9000 days': '9000 days' has more than 2000 periods; use longer ones. [bad-periods]",
        ),
        (
            "low_quantile = 0.9",
            (
                "programme.toml: low_quantile, middle_quantile and high_quantile are 0.9, 0.5 and 0.8; they must not fall. "
                "[numbers-out-of-order]"
            ),
        ),
    ],
)
def test_settings_that_cannot_be(settings, expected):
    model = f"start = 2026-06-01\n{settings}\n[items]\nitem\nrod\n[offers]\noffer,item\no1,rod\n"
    late = "[demands]\ndemand,item,quantity_units,due\nd1,rod,1,2026-06-13\n"
    assert [str(p) for p in reading_of(model + late).problems] == [expected]


def test_telescoping_periods_reach_their_end():
    """26 weeks from 2026-06-01 end on 2026-11-30, and twelve months later on 2027-11-30."""
    model = ITEM.replace("6 weeks", "26 weeks, 12 months") + "[demands]\ndemand,item,quantity_units,due\n"
    assert reading_of(model + "d1,rod,1,2027-11-29\n").problems == ()
    assert [p.code for p in reading_of(model + "d1,rod,1,2027-11-30\n").problems] == ["beyond-horizon"]


def test_a_date_that_cannot_be_read_overlaps_nothing():
    rows = "c,factor,2026-06-01,2026-06-30\nc,factor,June,2026-07-10\nc,factor,2026-08-01,2026-08-10\n"
    problems = reading_of(ITEM + "[calendars]\ncalendar,kind,from_date,to_date\n" + rows).problems
    assert [p.code for p in problems] == ["not-a-date"]


def test_one_open_end_is_one_problem():
    rows = "c,factor,2026-06-01,\nc,factor,2026-07-01,2026-07-10\nc,factor,2026-08-01,2026-08-10\n"
    problems = reading_of(ITEM + "[calendars]\ncalendar,kind,from_date,to_date\n" + rows).problems
    assert [str(p) for p in problems] == [
        (
            "calendars.csv:3: a 'factor' row of calendar 'c' is in force from 2026-07-01, while line 2 still is "
            "(also on line 4). End the earlier row the day before. [overlapping-dates]"
        )
    ]
