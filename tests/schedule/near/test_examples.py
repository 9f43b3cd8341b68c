"""Four weeks of the tanker base's plan, scheduled and audited beside the plan."""

import pytest

import tandemplan as tp
from tandemplan.audit.shop import audit_beside_plan, audit_schedule
from tandemplan.results.schedule_shapes import CAPACITY_FACTORS, TARGETS
from tandemplan.results.shape import LOAD
from tandemplan.schedule.answer import ScheduleOptions
from tandemplan.schedule.near.horizon import near_of
from tandemplan.schedule.near.rounds import schedule_near

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def plan():
    return tp.plan(tp.example("tanker_base")).answer


@pytest.fixture(scope="module")
def scheduled(plan):
    near = near_of(tp.example("tanker_base"), plan)
    return schedule_near(near, ScheduleOptions(steps=0), lambda _said: None)


def test_the_schedule_is_sound_and_of_that_plan(scheduled, plan):
    about = scheduled.programme, scheduled.run.info, scheduled.run.tables
    assert audit_schedule(*about) == []
    assert audit_beside_plan(*about, (plan.info, plan.tables)) == []
    assert (scheduled.run.info["from"], scheduled.run.info["until"]) == ("2026-03-16", "2026-04-13")


def test_it_takes_the_hours_that_the_plan_uses(scheduled, plan):
    used = {(r["resource"], r["period_start"]): r["used_hours"] for r in plan.rows(LOAD)}
    rows = scheduled.run.rows(CAPACITY_FACTORS)
    assert sum(r["planned_hours"] for r in rows) > 5_000
    assert all(r["planned_hours"] == pytest.approx(used[r["resource"], r["period_start"]], abs=0.01) for r in rows)


def test_the_plan_by_the_day_was_too_hopeful_of_sorties_and_not_of_customers(scheduled):
    """A sortie is 24 hours of steps one after the other: not all of a day's are done when it ends, but fuel and deliveries are."""
    targets = scheduled.run.rows(TARGETS)
    deliveries = [t for t in targets if t["kind"] == "delivery"]
    assert deliveries
    assert all(t["in_time"] == pytest.approx(t["quantity"]) for t in deliveries)
    late = [t for t in targets if t["kind"] == "production" and t["in_time"] < t["quantity"] - 1e-6]
    assert late
    assert {t["item"] for t in late} <= {"P-SRT-MK", "P-SRT-CT"}
    assert any(r["factor"] < 1 for r in scheduled.run.rows(CAPACITY_FACTORS))
