"""Programmes as factories: a test's text is the model that it is about."""

from __future__ import annotations

import numpy as np

from tandemplan.schedule.factory import FOREVER, UNLIMITED
from tandemplan.schedule.making import factory_of
from tandemplan.testing.models import programme_of

HEAD = "start = 2026-06-01\nperiods = 2 weeks\n[items]\nitem\nbolt\nrod\n"  # 1 June 2026 is a Monday
HOUR, DAY = 3_600, 86_400


def factory(text: str):
    return factory_of(programme_of(HEAD + text))


def run(starts, column, i):
    return column[starts[i] : starts[i + 1]].tolist()


def test_an_item_is_made_of_its_flows_and_by_what_its_process_says():
    made = factory(
        "[processes]\nprocess,item,fixed_hours,unit_hours,minimum_units,rank,cost,unit_cost\nturn,bolt,1,0.5,2,1,3,4\nbuy,rod,24,0,0,2,0,1\n"
        "[process_flows]\nprocess,item,unit_units,fixed_units\nturn,rod,-2,-1\n[stock]\nitem,quantity_units\nrod,7\n"
    )
    assert made.names.buffers == (("rod", ""), ("bolt", ""))
    assert made.buffers.opening.tolist() == [7, 0]
    assert (made.modes.fixed.tolist(), made.modes.unit.tolist()) == ([HOUR, 24 * HOUR], [HOUR / 2, 0])
    assert run(made.modes.flow_start, made.flows.unit, 0) == [-2, 1]
    assert run(made.modes.flow_start, made.flows.fixed, 0) == [-1, 0]
    assert [run(made.buffers.maker_start, made.buffers.maker, b) for b in (0, 1)] == [[1], [0]]
    assert (made.processes.minimum.tolist(), made.processes.most.tolist()) == ([2, 0], [UNLIMITED, UNLIMITED])
    assert made.horizon == 14 * DAY


def test_pools_skills_and_choices_are_modes_best_rank_first():
    made = factory(
        "[work_centres]\nwork_centre,pool,stations,efficiency_share\nlathes,,1,1\nold,lathes,1,0.5\nnew,lathes,2,1\nplain,lathes,1,1\n"
        "[work_centre_skills]\nwork_centre,skill,rank\nold,fine,1\nnew,fine,3\n"
        "[processes]\nprocess,item\nturn,bolt\n[process_loads]\nprocess,work_centre,skill\nturn,lathes,fine\n"
        "[process_flows]\nprocess,item,unit_units,choice,rank\nturn,rod,-1,metal,1\nturn,bolt,1,,1\n"
    )
    names = [made.names.resources[r] for r in made.loads.resource]
    assert (names, made.modes.rank.tolist()) == (["old", "new"], [0, 2])
    assert made.modes.efficiency.tolist() == [0, -1]
    assert made.efficiency.value.tolist() == [0.5]


def test_two_of_a_pool_are_each_two_of_its_members_once():
    made = factory(
        "[work_centres]\nwork_centre,pool,stations\ncrew,,1\nAnn,crew,1\nBen,crew,1\nCid,crew,2\n"
        "[processes]\nprocess,item\nturn,bolt\n[process_loads]\nprocess,work_centre,line\nturn,crew,1\nturn,crew,2\n"
    )
    names = [made.names.resources[r] for r in made.loads.resource]
    pairs = list(zip(names[::2], names[1::2], strict=True))
    assert pairs == [("Ann", "Ben"), ("Ann", "Cid"), ("Ben", "Cid"), ("Cid", "Cid")]


def test_many_of_a_large_pool_are_few_ways():
    members = "".join(f"m{n},crew,1\n" for n in range(12))
    loads = "".join(f"turn,crew,{n}\n" for n in range(1, 5))
    made = factory(
        f"[work_centres]\nwork_centre,pool,stations\ncrew,,1\n{members}"
        f"[processes]\nprocess,item\nturn,bolt\n[process_loads]\nprocess,work_centre,line\n{loads}"
    )
    assert len(made.modes.process) == 495  # 12 * 11 * 10 * 9 / 24


def test_a_load_with_dates_is_a_mode_that_starts_between_them():
    made = factory(
        "[work_centres]\nwork_centre\nold\n[processes]\nprocess,item\nturn,bolt\n"
        "[process_loads]\nprocess,work_centre,from_moment,to_moment\nturn,old,2026-06-02,2026-06-03\n"
    )
    spans = [
        list(zip(*(run(made.openings.start, c, k) for c in (made.openings.opens, made.openings.shuts)), strict=True))
        for k in made.modes.begins
    ]
    assert made.modes.calendar.tolist() == [0, 0]
    assert spans == [[(DAY, 2 * DAY)], [(-FOREVER, DAY), (2 * DAY, FOREVER)]]
    assert np.diff(made.modes.load_start).tolist() == [1, 0]


def test_a_choice_of_rank_0_is_no_way():
    made = factory(
        "[processes]\nprocess,item\nturn,bolt\n"
        "[process_flows]\nprocess,item,line,unit_units,choice,rank\nturn,rod,1,-1,metal,2\nturn,rod,2,-2,metal,0\n"
    )
    assert made.flows.unit.tolist() == [-1, 1]
    assert made.modes.rank.tolist() == [1]


def test_working_time_is_where_process_site_and_station_are_open():
    made = factory(
        "[sites]\nsite,hours_calendar\nhere,day\n[work_centres]\nwork_centre,site,hours_calendar\nlathe,here,late\n"
        "[processes]\nprocess,item,site\nturn,bolt,here\n[process_loads]\nprocess,work_centre\nturn,lathe\n"
        "[calendar_hours]\ncalendar,rank,weekdays,from_time,to_time,value\nday,1,Mon;Tue,06:00,14:00,1\nlate,1,,10:00,22:00,1\n"
    )
    calendar = int(made.modes.calendar[0])
    opens, shuts = (run(made.openings.start, c, calendar) for c in (made.openings.opens, made.openings.shuts))
    k = next(i for i, o in enumerate(opens) if o >= 0)
    assert (opens[k : k + 3], shuts[k : k + 3]) == (
        [10 * HOUR, 34 * HOUR, 7 * DAY + 10 * HOUR],
        [14 * HOUR, 38 * HOUR, 7 * DAY + 14 * HOUR],
    )
    assert run(made.openings.start, made.openings.opens, 0) == [-FOREVER]


def test_the_days_of_a_calendar_by_the_day_are_open_whole():
    made = factory(
        "[sites]\nsite,calendar\nhere,week\n[calendars]\ncalendar,kind,weekdays\nweek,week,Tue;Wed\n[processes]\nprocess,item,site\nturn,bolt,here\n"
    )
    opens = run(made.openings.start, made.openings.opens, 1)
    shuts = run(made.openings.start, made.openings.shuts, 1)
    assert (DAY, 3 * DAY) in list(zip(opens, shuts, strict=True))


def test_the_lowest_rank_in_force_gives_the_value():
    made = factory(
        "[stock_policies]\nitem,safety_calendar\nbolt,safety\n"
        "[calendar_hours]\ncalendar,rank,from_moment,to_moment,value\nsafety,,,,5\nsafety,2,2026-06-02,2026-06-05,7\nsafety,1,2026-06-03T06:00,2026-06-04,9\n"
    )
    at, value = made.buffers.safety.at.tolist(), made.buffers.safety.value.tolist()
    assert at == [-FOREVER, DAY, 2 * DAY + 6 * HOUR, 3 * DAY, 4 * DAY]
    assert value == [5, 7, 9, 7, 5]


def test_buckets_begin_where_a_rule_does_and_hold_more_where_work_is_faster():
    made = factory(
        "[work_centres]\nwork_centre,counts,stations_calendar,efficiency_share\noven,buckets,cap,2\n"
        "[calendar_hours]\ncalendar,rank,from_moment,to_moment,value\ncap,1,2026-06-02,2026-06-03,4\ncap,2,2026-06-03,2026-06-04,4\n"
    )
    assert made.resources.size.at.tolist() == [-FOREVER, DAY, 2 * DAY, 3 * DAY]
    assert made.resources.size.value.tolist() == [0, 8, 8, 0]


def test_the_first_rule_that_fits_a_change_of_set_up_holds():
    made = factory(
        "[work_centres]\nwork_centre,set_up_matrix,set_up\npaint,m,red\n[processes]\nprocess,item\np,bolt\n[process_loads]\nprocess,work_centre,set_up\np,paint,blue\n"
        "[set_ups]\nmatrix,rank,from_set_up,to_set_up,hours,cost\nm,1,r.*,,2,5\nm,2,,blue,3,6\n"
    )
    assert made.names.set_ups == ("red", "blue")
    seconds = made.set_up_seconds[0]  # before: none, red, blue; after: red, blue
    assert seconds.tolist() == [[-1, 3 * HOUR], [0, 2 * HOUR], [-1, 0]]
    assert made.set_up_cost[0, 1, 1] == 5
    assert made.resources.set_up.tolist() == [0]
    assert made.loads.set_up.tolist() == [1]


def test_a_route_hands_its_flows_to_its_first_and_last_step():
    made = factory(
        "[processes]\nprocess,item,part_of,step,fixed_hours\nroute,bolt,,10,5\nlast,,route,20,2\nfirst,,route,10,1\n[process_flows]\nprocess,item,unit_units\nroute,rod,-1\n"
    )
    assert run(made.processes.step_start, made.processes.step, 0) == [2, 1]
    assert made.modes.fixed.tolist() == [0, 2 * HOUR, HOUR]
    assert [run(made.modes.flow_start, made.flows.unit, m) for m in range(3)] == [[], [1], [-1]]
    bolt = made.names.buffers.index(("bolt", ""))
    assert run(made.buffers.maker_start, made.buffers.maker, bolt) == [0]


def test_what_waits_uses_up_what_the_other_made():
    made = factory(
        "[processes]\nprocess,item\na,bolt\nb,rod\n[process_waits]\nprocess,waits_for,quantity_units,hold_hours\nb,a,2,3\n"
    )
    wait = made.names.buffers.index(("a for b", ""))
    at = np.flatnonzero(made.flows.buffer == wait).tolist()
    assert [(made.flows.unit[k], made.flows.at_end[k], made.flows.offset[k]) for k in at] == [
        (1, 1, 3 * HOUR),
        (-2, 0, 0),
    ]


def test_demands_have_classes_moments_and_ways():
    made = factory(
        "[customers]\ncustomer,demand_class\ncity,2\n[processes]\nprocess,kind,item\nship,deliver,bolt\n"
        "[demands]\ndemand,customer,item,quantity_units,due,due_time,latest,demand_class,group,minimum_shipment_units\n"
        "a,city,bolt,5,2026-06-02,,,,g,1\nb,,rod,6,2026-06-03,06:30,2026-06-04,7,g,2\n"
    )
    d = made.demands
    assert d.due.tolist() == [2 * DAY, 2 * DAY + 6 * HOUR + 1800]
    assert d.latest.tolist() == [14 * DAY, 4 * DAY]
    assert (d.rank.tolist(), d.group.tolist(), d.least.tolist()) == ([0, 1], [0, 0], [1, 2])
    assert [run(d.way_start, d.way, i) for i in (0, 1)] == [[0], []]


def test_given_orders_are_on_their_stations_and_last_as_long_as_their_work():
    made = factory(
        "[work_centres]\nwork_centre,pool,hours_calendar\npool,,\nx,pool,day\ny,pool,day\n[processes]\nprocess,item,fixed_hours\np,bolt,10\n[process_loads]\nprocess,work_centre\np,pool\n"
        "[calendar_hours]\ncalendar,rank,from_time,to_time\nday,1,06:00,14:00\n"
        "[process_orders]\norder,process,quantity_units,status,start,end,work_centres\no,p,1,approved,2026-06-01T08:00,,y\nq,p,1,confirmed,,2026-06-02T08:00,x\n"
    )
    assert made.given.mode.tolist() == [1, 0]
    assert made.given.start.tolist() == [8 * HOUR, 6 * HOUR]
    assert made.given.end.tolist() == [DAY + 10 * HOUR, DAY + 8 * HOUR]
    assert made.given.firm.tolist() == [0, 1]


def test_a_schedule_starts_at_its_time_of_day():
    made = factory_of(programme_of("start_time = 08:00\n" + HEAD + "[demands]\ndemand,item,quantity_units,due\nd,bolt,1,2026-06-01\n[processes]\nprocess,item\np,bolt\n"))  # fmt: skip
    assert (made.horizon, made.demands.due.tolist()) == (14 * DAY - 8 * HOUR, [16 * HOUR])
