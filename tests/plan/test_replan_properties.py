"""Properties of re-plans: nothing moves without news, and with a late receipt as little as can be, which a second program says (`tiny_shop`)."""

from datetime import timedelta
from importlib import import_module

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tandemplan.audit import audit
from tandemplan.model.variants import with_rows
from tandemplan.plan import plan
from tandemplan.report.briefing import briefing_lines
from tandemplan.results.store import write_run
from tandemplan.solver import highs, whole
from tandemplan.testing.programmes import programmes

from .tiny_shop import FRIDAY, START, WEEK, Demand, Shop, best, cheapest, first, shops

REPLAN = import_module("tandemplan.plan.replan")
ORDERS = ("purchases", "production", "moves", "deliveries")
SERIES = {
    "buy": ("purchases", "item", "receipt", "quantity"),
    "make": ("production", "item", "start", "started"),
    "deliver": ("deliveries", "demand", "delivered", "quantity"),
}
BEGINS = (("purchases", "release"), ("production", "start"), ("moves", "release"))
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
drawn = settings(derandomize=True, phases=(Phase.explicit, Phase.generate), **QUIET)


@pytest.fixture(autouse=True)
def in_process(monkeypatch):
    """Solve in this process: a child costs twenty times the solve."""

    def here(lp, stages, work, on_report, fallback=None, *, together=1):
        given = {"on_report": on_report, "cancelled": lambda: False, "fallback": fallback, "together": together}
        return (whole if lp.whole.any() else highs).solve(lp, stages, work, **given)

    for name in ("solve", "seeking", "seeker", "again"):
        monkeypatch.setattr(import_module(f"tandemplan.plan.{name}"), "solve_in_child", here)


def series(run):
    """Return units bought and made (by product and week) and delivered (by demand and week) in a plan of a tiny shop."""
    found = {}
    for name, (table, key, day, amount) in SERIES.items():
        frame, of = run.tables[table], found.setdefault(name, {})
        for who, when, units in zip(*(frame[c].tolist() for c in (key, day, amount)), strict=True):
            place = who.removeprefix("kit of "), (when - START).days // 7
            of[place] = of.get(place, 0.0) + units
    return found


def values(run):
    """Return the values of classes 1 and 2; 0 for one that asks for nothing."""
    found = {s["demand_class"]: s["value"] for s in run.info["objective"]["stages"] if s["demand_class"]}
    return [found.get(rank, 0.0) for rank in (1, 2)]


def late(shop):
    """Return the plan of a shop, and the re-plan once its order is known to be late."""
    programme = shop.programme()
    run = plan(programme)
    return run, REPLAN.replan(run, programme, shop.delayed().programme(), as_of=shop.day)


@settings(drawn, max_examples=16)
@given(shops(frozen=(0, 0, 7, 14), fences=(0, 0, 5, 14)))
def test_with_a_late_receipt_classes_are_served_as_well_as_can_be_and_moved_unit_days_are_the_least(shop):
    run, new = late(shop)
    assert values(run) == pytest.approx(first(shop), abs=1e-3)
    old, now, least = series(run), series(new), best(shop, series(run))
    assert new.info["replan"]["frozen_units"] == pytest.approx(least.frozen, abs=1e-3)
    assert values(new) == pytest.approx(least.values, abs=1e-3)
    moved = sum(
        cheapest(*([of[name].get((p, t), 0.0) for t in range(shop.weeks)] for of in (old, now)))
        for name in ("buy", "make")
        for p in shop.products
    )
    assert moved == pytest.approx(least.moved, abs=1e-2)


def test_moving_beyond_the_end_is_no_way_out():
    """Three kits for bikes come a week late: three bikes wait, and two trikes make room for them a week before; new kits would cost 84 days each."""
    demands = (
        Demand("D0", "bike", 2, 3, 3), Demand("D1", "trike", 1, 3, 1), Demand("D2", "trike", 1, 2, 3), Demand("D3", "bike", 2, 4, 0),
    )  # fmt: skip
    opened, units = {"bike": 2, "trike": 2}, {"bike": 3, "trike": 4}
    shop = Shop(
        4, ("bike", "trike"), True, {"bike": 56, "trike": 42}, 0, {"bike": 6, "trike": 2}, opened, units, demands, late=1, as_of=1
    )  # fmt: skip
    run, new = late(shop)
    assert best(shop, series(run)).moved == pytest.approx(35, abs=1e-3)
    told = [c for c in new.info["replan"]["changes"] if c["table"] != "deliveries"]
    assert sum(c["unit_days"] for c in told) == pytest.approx(35, abs=1e-3)


@settings(drawn, max_examples=16)
@given(shops(frozen=(0, 7)))
def test_what_moves_hangs_together_with_the_late_receipt(shop):
    """By its bill of material, or by a bench that is full in one of the two plans."""
    run, new = late(shop)
    full = {
        name
        for plan_ in (run, new)
        for name, there, used in zip(
            *(plan_.tables["load"][c].tolist() for c in ("resource", "available_hours", "used_hours")), strict=True
        )
        if used > there - 1e-3
    }
    reached = {"bike"} | ({"trike"} if shop.shared and full else set())
    moved = {c["item"].removeprefix("kit of ") for c in new.info["replan"]["changes"]}
    assert moved <= reached


def off(run):
    """Return the orders and deliveries of a plan, order numbers apart."""
    return {
        table: sorted(zip(*(v.tolist() for n, v in run.tables[table].items() if n != "order"), strict=True), key=str)
        for table in ORDERS
    }


@settings(drawn, max_examples=16)
@given(programmes(), st.integers(-1, 30))
def test_nothing_moves_without_news(tmp_path_factory, programme, days):
    run = plan(programme)
    assume(run.tables)
    day = None if days < 0 else programme.settings.start + timedelta(days=days)
    new = REPLAN.replan(run, programme, programme, as_of=day)
    assert new.info["replan"]["changes"] == []
    assert off(new) == off(run)
    folder = write_run(new, programme, tmp_path_factory.mktemp("same") / "new")
    assert [str(f) for f in audit(folder).findings] == []


@settings(drawn, max_examples=15)
@given(programmes(), st.integers(1, 20))
def test_a_first_plan_begins_nothing_before_its_fence(tmp_path_factory, programme, days):
    """What is under way comes; nothing is ordered, dispatched or started of itself, and the audit sees to that."""
    fenced = with_rows(programme, {"release_fence_days": days})
    run = plan(fenced)
    assume(run.tables)
    begins = [d for table, column in BEGINS for d in run.tables[table][column].tolist()]
    fence = programme.settings.start + timedelta(days=days)
    assert all(d >= fence for d in begins)
    folder = tmp_path_factory.mktemp("fenced")
    assert [str(f) for f in audit(write_run(run, fenced, folder / "run")).findings] == []
    free = plan(programme)
    early = sum(d < fence for table, column in BEGINS for d in free.tables[table][column].tolist())
    found = audit(write_run(free, fenced, folder / "free")).findings
    assert sum("release fence" in f.message for f in found) == early


def spoilt():
    """A plan that is worse than need be, as nothing was done before week 2 when it was made, and the programme that it is of."""
    shop = Shop(
        4, ("bike",), True, {"bike": 21}, 1, {"bike": 0}, {"bike": 1}, {"bike": 4}, (Demand("D0", "bike", 1, 4, 1),), late=1, as_of=1
    )  # fmt: skip
    was, now = shop.delayed().programme(), shop.programme()
    return REPLAN.replan(plan(was), was, now, as_of=START + 2 * WEEK), now


def test_a_better_plan_is_offered_and_not_taken(tmp_path):
    """Four bikes were planned for week 2, as their kits were late; today it is known that these come in week 1, as was thought at first."""
    run, programme = spoilt()
    assert values(run) == [28.0, 0.0]
    new = REPLAN.replan(run, programme, programme)
    said = new.info["replan"]
    assert said["changes"] == []
    assert off(new) == off(run)
    assert said["offer"] == {
        "stages": [{"stage": "class 1 firm", "value": 28.0, "better": 0.0}],
        "moved_unit_days": 28.0,
    }
    assert any("class 1 firm 0 instead of 28 unit-days" in line for line in briefing_lines(new, run, programme))
    assert audit(write_run(new, programme, tmp_path / "new")).findings == ()
    taken = REPLAN.replan(run, programme, programme, improve=True)
    assert values(taken) == [0.0, 0.0]
    assert taken.info["replan"]["offer"] is None
    [made] = [c for c in taken.info["replan"]["changes"] if c["table"] == "production"]
    assert (made["from_date"], made["to_date"], made["unit_days"]) == (f"{START + 2 * WEEK}", f"{START + WEEK}", 28.0)
    day = START + WEEK + FRIDAY
    assert taken.tables["deliveries"]["delivered"].tolist() == [day]


def test_nothing_better_nothing_offered():
    programme = spoilt()[1]
    run = plan(programme)
    assert REPLAN.replan(run, programme, programme).info["replan"]["offer"] is None
