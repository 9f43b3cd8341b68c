"""People who leave, are hired and trained, each worked out by hand: a person works 35 hours a week, 5 a day."""

import numpy as np
import pytest

from tandemplan.network.network import network_of
from tandemplan.plan.model import model_of
from tandemplan.solver.lp import lp_text
from tandemplan.testing.models import programme_of

from .solved import amounts, rows, values

MODEL = """
start = 2026-06-01
periods = {periods}
[items]
item
A
[operations]
item,skill,plateau_hours
A,S,1
[skills]
skill,headcount,hours_per_week,{columns}
S,1,35,{values}
[demands]
demand,item,quantity_units,due
d1,A,{units},{due}
"""


def model(periods, units, due, **skill):
    """Return a plant of one person who makes A, an hour each, with more cells of its skill."""
    cells = {"columns": ",".join(skill), "values": ",".join(map(str, skill.values()))}
    return MODEL.format(periods=periods, units=units, due=due, **cells)


def test_a_hire_is_recruited_and_trained_before_the_demand_is_met(run):
    """S alone has 6 x 35 = 210 hours; 259 are asked for. A hire of 06-08 brings 5 weeks: two of training, three in full.

    A trainee gives half of 35 hours and takes a quarter of 35 from the trainer: 8.75; so a hire brings 2 x 8.75 + 3 x 35 =
    122.5 hours for 5 weeks of 350 and 100 of training. A week later it would be 87.5 for 4 weeks: dearer. 49 / 122.5 = 0.4
    people come: 140 a week and 40 once; 38.5 hours while they train, 49 after that.

    start = 2026-06-01
    periods = 6 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,hours_per_week,hires_per_week,recruit_days,training_days,training_output_share,trainees_per_trainer,hour_cost,training_cost
    S,1,35,2,6.5,14,0.5,4,10,100
    [demands]
    demand,item,quantity_units,due
    d1,A,259,2026-07-12
    """
    assert values(run) == [0]
    assert rows(run, "people", "hired training productive left") == [
        (0, 0, 1, 0),
        (0.4, 0.4, 1, 0),
        (0, 0.4, 1, 0),
        *[(0, 0, 1.4, 0)] * 3,
    ]
    assert rows(run, "people", "wages hire_wages training_cost")[:3] == [(350, 0, 0), (350, 140, 40), (350, 140, 0)]
    assert rows(run, "load", "available_hours used_hours") == [(35, 35), (38.5, 38.5), (38.5, 38.5), *[(49, 49)] * 3]
    assert amounts(run) == {"hire_wages": 5 * 140, "training": 40, "wages": 6 * 350}


def test_training_may_end_within_a_period(run):
    """2 come on 06-01, train for 10 days, produce nothing and bind nobody; of week 1 they work 4 days: 2 x 4 x 5 = 40 hours.

    35 + 35 + 40 = 110 are asked for. They are trained for 4 of 7 days: 2 x 4/7 and 2 x 3/7.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,hours_per_week,hires_per_week,training_days,training_output_share
    S,1,35,2,10,0
    [demands]
    demand,item,quantity_units,due
    d1,A,110,2026-06-14
    """
    assert values(run) == [0]
    assert rows(run, "people", "hired training productive") == [(2, 2, 1), (0, 2 * 3 / 7, 1 + 2 * 4 / 7)]


def test_nobody_comes_before_recruiting_ends(planned):
    """Recruiting takes 8 days, so the first come on 06-15; 20 of 90 are lost: 70 + 35 x 2 in week 2, but due in week 1.

    Of 90 due on 06-14, 70 are on time and 20 a week late: 140. With 7 days, they come on 06-08, and nothing is late.
    """
    late = planned(model("3 weeks", 90, "2026-06-14", hires_per_week=2, recruit_days=8))
    assert values(late) == [140]
    assert rows(late, "people", "hired")[:2] == [(0,), (0,)]
    assert values(planned(model("3 weeks", 90, "2026-06-14", hires_per_week=2, recruit_days=7))) == [0]


def test_no_more_are_there_than_can_be(planned):
    """At most 1.5 people make 52.5 a week: of 110, 5 are lost, late by 14 + 7 - 13 = 8 days: 40. The limit says so."""
    run = planned(model("2 weeks", 110, "2026-06-14", hires_per_week=9, most_headcount=1.5))
    assert values(run) == [40]
    assert rows(run, "people", "hired productive") == [(0.5, 1.5), (0, 1.5)]
    found = rows(run, "limits", "what name worth demands_hurt", family="most people", stage="class 1 firm")
    assert {(what, name, hurt) for what, name, _, hurt in found} == {("people", "S", 1)}
    assert sum(worth.expected for _, _, worth, _ in found) == pytest.approx(2 * 35 * 8)


def test_people_of_the_start_above_the_most_stay_and_nobody_joins(planned):
    """An effect makes two of the one person, where 1.5 may be there: 140 hours, and nobody comes."""
    text = model("2 weeks", 150, "2026-06-14", hires_per_week=9, most_headcount=1.5)
    run = planned(text + "[risks]\nrisk,date,changes\nr,2026-06-01,skills[S].headcount += 1\n")
    assert values(run) == [80]
    assert rows(run, "people", "hired productive") == [(0, 2), (0, 2)]


def test_hires_come_at_their_pace(planned):
    """Half a person a week: 35 x 1.5 + 35 x 2 = 122.5 of 125; 2.5 are lost, 8 days late: 20. One more hire each week helps."""
    run = planned(model("2 weeks", 125, "2026-06-14", hires_per_week=0.5))
    assert values(run) == [20]
    assert rows(run, "people", "hired") == [(0.5,), (0.5,)]
    found = rows(run, "limits", "period_start worth unit", family="hiring pace", stage="class 1 firm")
    assert found == [("2026-06-01", 70 * 8, "people"), ("2026-06-08", 35 * 8, "people")]


def test_trainees_need_trainers(planned):
    """S trains 2 at most, and then works no hour itself: 0 + 3 x 35 = 105 of 120; 15 are lost, 8 days late: 120.

    Each trainee takes half of S's week and brings a week: 17.5 hours more, and 17.5 x 8 a trainee, 2 x 140 more trainers.
    """
    skill = {"hires_per_week": 9, "training_days": 7, "training_output_share": 0, "trainees_per_trainer": 2}
    run = planned(model("2 weeks", 120, "2026-06-14", **skill))
    assert values(run) == [120]
    assert rows(run, "people", "hired training productive") == [(2, 2, 1), (0, 0, 3)]
    assert rows(run, "load", "available_hours") == [(0,), (105,)]
    assert rows(run, "limits", "name worth", family="trainers", stage="class 1 firm") == [("S", 17.5 * 8)]


def test_attrition_takes_people_of_the_start_and_hires_alike(planned):
    """A share of 0.75 leaves in a year, so q = 0.25 ^ (1/365) stay from day to day; a week has 1 + q + ... + q^6 of 5 hours.

    One hire of week 1, trained at once, leaves from that day; wages are paid to those who are there.
    """
    q = 0.25 ** (1 / 365)
    week = (1 - q**7) / (1 - q)
    asked = 5 * week * (1 + q**7 + 1)  # week 0; week 1: who is left, and one new person
    skill = {"attrition_per_year": 0.75, "hires_per_week": 1, "recruit_days": 7, "hour_cost": 10}
    run = planned(model("2 weeks", asked, "2026-06-14", **skill))
    assert values(run) == [0]
    assert rows(run, "people", "hired productive left") == [
        (0, week / 7, 1 - q**7),
        (
            pytest.approx(1, abs=2e-6),
            pytest.approx((1 + q**7) * week / 7, abs=2e-6),
            pytest.approx((1 - q**7) * (1 + q**7), abs=2e-6),
        ),
    ]
    assert rows(run, "people", "wages hire_wages") == [
        (round(50 * week, 2), 0),
        (round(50 * week * q**7, 2), round(50 * week, 2)),
    ]


def test_attrition_alone_takes_hours_overtime_and_wages(planned):
    """Everybody leaves on the first day: 5 hours and 1 of overtime are all there ever is, and 1 of 7 days of a person."""
    skill = {"attrition_per_year": 1, "overtime_hours_per_week": 7, "hour_cost": 10}
    run = planned(model("2 weeks", 10, "2026-06-14", **skill))
    assert values(run) == [4 * 8]
    assert rows(run, "people", "productive left wages") == [(1 / 7, 1, 50), (0, 0, 0)]
    assert rows(run, "load", "available_hours used_hours overtime_hours") == [(5, 6, 1), (0, 0, 0)]
    assert "hire" not in "".join(model_of(run_network(skill)).lp.rows)


def run_network(skill):
    return network_of(programme_of(model("2 weeks", 10, "2026-06-14", **skill)))


def test_hires_work_overtime_once_they_are_trained(planned):
    """S and a hire of week 0, who trains for a week and produces half: 35 + 17.5 and 7 overtime of S; then 70 and 14: 143.5."""
    skill = {"hires_per_week": 1, "training_days": 7, "training_output_share": 0.5, "overtime_hours_per_week": 7}
    run = planned(model("2 weeks", 143.5, "2026-06-14", most_headcount=2, **skill))
    assert values(run) == [0]
    assert rows(run, "load", "available_hours overtime_hours") == [(52.5, 7), (70, 14)]


def test_hires_are_paid_before_their_skill_opens(planned):
    """S opens on 06-08: who is to be trained by then is paid from 06-01 on, S itself only from 06-08 on.

    90 hours of week 1 take 90/35 - 1 = 11/7 hires, who come in week 0 and train for that week, nobody being bound.
    """
    skill = {"hires_per_week": 2, "training_days": 7, "hour_cost": 10, "opens_after": "t1"}
    run = planned(model("2 weeks", 90, "2026-06-14", **skill) + "[tasks]\ntask,duration_days\nt1,7\n")
    assert values(run) == [0]
    assert rows(run, "people", "hired wages hire_wages") == [(0, 0, 0), (11 / 7, 350, 550)]
    dear = {**skill, "training_output_share": 0, "training_cost": 70}
    run = planned(model("2 weeks", 90, "2026-06-14", **dear) + "[tasks]\ntask,duration_days\nt1,7\n")
    assert rows(run, "people", "hired wages hire_wages training_cost") == [(11 / 7, 0, 550, 110), (0, 350, 550, 0)]


def test_wages_are_discounted_at_the_start_of_each_period_and_training_on_the_first_day(run):
    """1 hire of week 1: 350 of pay and 70 of training on 06-08, 7 days from the start: 420 x 1.1 ^ (-7/365).

    start = 2026-06-01
    periods = 2 weeks
    discount_per_year_share = 0.1
    [items]
    item
    A
    [operations]
    item,skill,plateau_hours
    A,S,1
    [skills]
    skill,headcount,hours_per_week,hires_per_week,recruit_days,hour_cost,training_cost
    S,1,35,1,1,10,70
    [demands]
    demand,item,quantity_units,due
    d1,A,105,2026-06-14
    """
    found = {t: (d, p) for t, d, p in rows(run, "costs", "term decided present_amount")}
    worth = 1.1 ** (-7 / 365)
    assert found["hire_wages"] == (True, round(350 * worth, 2))
    assert found["training"] == (True, round(70 * worth, 2))


def test_rows_of_hours_count_what_hires_bring():
    """Hires of week 1 train 10 days and produce half, and take a quarter of a trained person: 35/4 in the first week.

    Of the second week they train 3 days: 3 x 5/4 + 4 x 5 = 23.75; from week 3 on they are among the trained.
    """
    skill = {
        "hires_per_week": 1,
        "recruit_days": 7,
        "training_days": 10,
        "training_output_share": 0.5,
        "trainees_per_trainer": 4,
    }
    lp = model_of(run_network_of("4 weeks", skill)).lp
    assert [line.partition("S,")[2] for line in lp_text(lp, "hours")] == [
        "0]: +1 make[A,0] <= 35",
        "1]: +1 make[A,1] -8.75 hire[S,1] <= 35",
        "2]: +1 make[A,2] -23.75 hire[S,1] -8.75 hire[S,2] <= 35",
        "3]: +1 make[A,3] -23.75 hire[S,2] -8.75 hire[S,3] -35 trained[S,3] <= 35",
    ]


def run_network_of(periods, skill):
    return network_of(programme_of(model(periods, 10, "2026-06-14", **skill)))


def test_without_hires_a_model_has_no_columns_of_people():
    lp = model_of(run_network_of("2 weeks", {"training_days": 7})).lp
    assert not np.isin(["trained", "hiring pace", "most people", "trainers", "overtime"], list(lp.rows)).any()
    assert [len(lp.columns[name].entity) for name in ("hire", "trained")] == [0, 0]
