"""Processes, calendars by the hour, set-ups and given orders. A test's docstring is the model it is about."""

import numpy as np

from tandemplan.model.schema import CalendarHours, Process
from tandemplan.testing.models import programme_of, reading_of

HEAD = "start = 2026-06-01\n[items]\nitem\nbolt\n"


def codes(text: str) -> list[str]:
    return [str(p) for p in reading_of(HEAD + text).problems]


def test_moments_are_read_to_the_second():
    table = programme_of(
        HEAD
        + "[processes]\nprocess,item,from_moment,to_moment\np,bolt,2026-06-02,2026-06-02T08:30\nq,bolt,,2026-06-03 08:30:15\n"
    )[Process]
    assert table.from_moment.dtype == np.dtype("datetime64[s]")
    assert [str(m) for m in table.to_moment] == ["2026-06-02T08:30:00", "2026-06-03T08:30:15"]
    assert str(table.from_moment[0]) == "2026-06-02T00:00:00"
    assert np.isnat(table.from_moment[1])


def test_moments_that_are_none_are_refused():
    assert codes("[processes]\nprocess,item,from_moment\np,bolt,2026-06-02T25:00\nq,bolt,tomorrow\n") == [
        "processes.csv:2: from_moment is '2026-06-02T25:00'; there is no such moment. [not-a-date]",
        (
            "processes.csv:3: from_moment is 'tomorrow'; it must be a date or a date and time. "
            "Write it as 2026-06-01 or 2026-06-01T08:30. [not-a-date]"
        ),
    ]


def test_last_moments_do_not_lie_before_first_ones():
    text = "[processes]\nprocess,item,from_moment,to_moment\np,bolt,2026-06-02T08:00,2026-06-02\n"
    assert codes(text)[0].endswith("Swap or correct them. [dates-out-of-order]")


def test_times_of_day_are_times():
    found = codes(
        "[calendar_hours]\ncalendar,rank,from_time,to_time\nday,1,6:00,25:00\nday,2,14:00,6:00\nday,3,,24:00\n"
    )
    assert found == [
        "calendar_hours.csv:2: to_time is '25:00'; a day ends at 24:00. Write it as 06:00. [not-a-time]",
        (
            "calendar_hours.csv:3: to_time is 6:00, not after from_time, which is 14:00. "
            "Write a rule until 24:00, and one for the next day. [not-a-time]"
        ),
    ]


def test_a_calendar_has_one_default_that_holds_always():
    found = codes("[calendar_hours]\ncalendar,rank,weekdays,value\nday,,Mon,1\nnight,,,0\nnight,,,1\n")
    assert [f.rsplit("[", 1)[1] for f in found] == ["default-with-limits]", "repeated-key]"]


def test_ranks_of_a_calendar_may_be_below_zero():
    table = programme_of(HEAD + "[calendar_hours]\ncalendar,rank,value\nday,-5,0\nday,,1\n")[CalendarHours]
    assert table.keys == (("day", "-5"), ("day", ""))


def test_patterns_are_regular_expressions():
    assert codes("[set_ups]\nmatrix,rank,from_set_up,hours\nm,1,(,2\nm,2,r.*,2\n")[0].startswith(
        "set_ups.csv:2: from_set_up is '(', which is no regular expression"
    )


def test_nothing_is_part_of_itself():
    found = codes(
        "[processes]\nprocess,item,part_of\na,bolt,b\nb,bolt,a\n[work_centres]\nwork_centre,pool\nlathe,lathe\n"
    )
    assert found == [
        "processes.csv:3: part_of goes in a circle: a -> b -> a. Cut it at one row. [shop-cycle]",
        "work_centres.csv:2: pool goes in a circle: lathe -> lathe. Cut it at one row. [shop-cycle]",
    ]


def test_skills_orders_and_moves_are_whole():
    found = codes(
        "[sites]\nsite\nhere\n[work_centres]\nwork_centre,site\nlathe,here\n"
        "[processes]\nprocess,kind,item,site\nmove,move,bolt,here\nship,buy,,here\n"
        "[process_loads]\nprocess,work_centre,skill\nmove,lathe,turning\n"
        "[process_orders]\norder,process,quantity_units\no,move,3\n"
    )
    assert [f.rsplit("[", 1)[1].rstrip("]") for f in found] == [
        "unknown-skill", "order-without-moment", "no-place", "no-place",
    ]  # fmt: skip


def test_an_item_that_no_process_supplies_is_no_fault():
    assert not codes(
        "[processes]\nprocess,item\np,bolt\n[demands]\ndemand,item,quantity_units,due\nd,bolt,1,2026-06-05\n"
    )


def test_a_load_asks_for_a_skill_that_one_of_its_stations_has():
    text = "[work_centres]\nwork_centre,pool\nsaws,\nsaw,saws\npress,\n[work_centre_skills]\nwork_centre,skill\nsaw,cut\n[processes]\nprocess,item\np,bolt\n[process_loads]\nprocess,work_centre,skill\np,saws,cut\n"
    assert codes(text) == []
    assert codes(text + "p,press,cut\n") == [
        "process_loads.csv:3: neither work centre 'press' nor a member of it has the skill 'cut'. Give one of them the skill in work_centre_skills. [unknown-skill]"
    ]


def test_deliveries_have_neither_steps_nor_lots():
    text = (
        "[processes]\nprocess,kind,item,part_of,most_units,multiple_units\nship,deliver,bolt,,,\npack,make,,ship,,\n"
        "few,deliver,bolt,,5,\ntwos,deliver,bolt,,,2\n"
    )
    assert codes(text) == [
        (
            "processes.csv:3: process 'pack' is a step of 'ship', which is to deliver. "
            "Let the route make an item that is delivered, or drop part_of. [delivery-steps]"
        ),
        *(
            f"processes.csv:{line}: process '{name}' delivers, in lots of a largest size or of multiples. "
            "Let a process of the kind make have the lots, and deliver what it makes. [delivery-lots]"
            for line, name in ((4, "few"), (5, "twos"))
        ),
    ]
