"""One more order: days that can be promised, solved by hand; and a promise made is kept when everything is planned anew."""

import importlib
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tandemplan.model.ordering import Order, with_order
from tandemplan.model.schema import Demand
from tandemplan.plan import PlanOptions, plan
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.solver import crossed, highs, whole
from tandemplan.solver.stages import Work
from tandemplan.testing.models import programme_of
from tandemplan.testing.programmes import programmes

promising = importlib.import_module("tandemplan.plan.promise")

# a bench of 40 hours a week builds 10 bikes of 4 hours; 4 of them are asked for each Friday
BENCH = """
start = 2026-06-01
periods = 4 weeks
currency = EUR
[items]
item
bike
kit
[suppliers]
supplier
far
[offers]
offer,supplier,item,unit_price,lead_days,capacity_units_per_week
kits,far,kit,100,7,9
[bom]
parent,component,quantity_units
bike,kit,1
[operations]
item,step,work_centre,plateau_hours
bike,1,bench,4
[work_centres]
work_centre,stations
bench,1
[stock]
item,quantity_units
kit,6
[customers]
customer,demand_class
city,1
school,2
[demands]
demand,customer,item,quantity_units,due
D1,city,bike,4,2026-06-05
D2,city,bike,4,2026-06-12
D3,school,bike,4,2026-06-19
D4,school,bike,4,2026-06-26
"""


def solve(lp, goals, dense):
    said = {"on_report": lambda _: None, "cancelled": lambda: False}
    if dense:
        return crossed.solve(lp, goals[0], Work(), **said)
    if lp.whole.any():
        return whole.solve(lp, goals, Work(), fallback=None, **said)
    return highs.solve(lp, goals, Work(), **said)


@pytest.fixture(scope="module")
def bench():
    programme = programme_of(BENCH)
    return programme, plan(programme)


def asked(bench, quantity, due=None, customer="school"):
    programme, run = bench
    return promising.promise(run, programme, Order("bike", "", quantity, customer=customer), due, solve)


def test_what_is_there_is_promised_at_once(bench):
    """Two of six kits are left in the first week, and 24 of 40 hours."""
    found = asked(bench, 2)
    assert (found.earliest, found.promised, found.hurt) == (date(2026, 6, 5), date(2026, 6, 5), ())


def test_material_sets_the_day(bench):
    """With 9 new kits a week from the second on, three bikes wait for the first of them: 12 June."""
    assert asked(bench, 3).earliest == date(2026, 6, 12)


def test_capacity_is_shared_with_what_is_promised(bench):
    """By 12 June 6 + 9 kits are there, 8 of them promised; by 19 June 24, 12 promised: 12 bikes are ready then, 13 a week later."""
    assert asked(bench, 7).earliest == date(2026, 6, 12)
    assert asked(bench, 12).earliest == date(2026, 6, 19)
    assert asked(bench, 13).earliest == date(2026, 6, 26)


def test_more_than_the_plan_can_hold_is_not_promised(bench):
    """By the end there are 33 kits for 16 bikes."""
    assert asked(bench, 17).earliest == date(2026, 6, 26)
    found = asked(bench, 18)
    assert (found.earliest, found.promised, found.x) == (None, None, None)


def test_a_wished_day_that_hurts_nobody_is_kept(bench):
    found = asked(bench, 2, date(2026, 6, 20))
    assert (found.earliest, found.promised, found.hurt) == (date(2026, 6, 5), date(2026, 6, 5), ())


def test_a_wished_day_hurts_as_little_as_can_be(bench):
    """Six bikes on 5 June: all kits of the first week. D1's four come on 12 June, a week late, and nothing else moves: 15 kits are there then."""
    found = asked(bench, 6, date(2026, 6, 5))
    assert (found.earliest, found.promised) == (date(2026, 6, 12), date(2026, 6, 5))
    (hurt,) = found.hurt
    assert (hurt.demand, hurt.demand_class) == ("D1", 1)
    assert (round(hurt.after[0], 3), round(hurt.after[1], 2)) == (4, 28)


def test_a_wished_day_that_nobody_can_make(bench):
    found = asked(bench, 7, date(2026, 6, 5))  # six kits
    assert (found.impossible, found.promised, found.earliest) == (True, None, date(2026, 6, 12))


def test_an_order_without_a_meaning_is_refused(bench):
    programme, run = bench
    with pytest.raises(ProgrammeFaultsError, match="bikes"):
        promising.promise(run, programme, Order("bikes", "", 1.0), None, solve)


@pytest.mark.parametrize("quantity", [2, 3, 7, 12, 13])
def test_a_promise_is_kept_when_everything_is_planned_anew(bench, quantity):
    programme, _ = bench
    day = asked(bench, quantity).earliest
    again = plan(with_order(programme, Order("bike", "", quantity, customer="school"), day))
    assert not again.tables["demand_summary"]["late"].any()
    assert not again.tables["demand_summary"]["lost"].any()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_promises_are_kept(data):
    """With the order due on its promised day, no class of a new plan is later than before."""
    programme = data.draw(programmes())
    assume(programme.settings.objective != "cost")
    run = plan(programme, PlanOptions(time_limit=20))
    assume(run.info["status"] == "optimal")
    demands = programme[Demand]
    k = data.draw(st.integers(0, len(demands) - 1))
    order = Order(
        demands.item[k], demands.site[k], data.draw(st.integers(1, 6)), demands.contract[k], demands.customer[k]
    )
    found = promising.promise(run, programme, order, None, solve)
    assume(found.earliest is not None)
    again = plan(with_order(programme, order, found.earliest), PlanOptions(time_limit=20))
    before = {s["stage"]: s for s in run.info["objective"]["stages"] if s["demand_class"]}
    after = {s["stage"]: s for s in again.info["objective"]["stages"] if s["demand_class"]}
    for name in sorted(before):
        gap = 1e-3 * max(before[name]["value"], 1.0) + 0.05
        assert after[name]["value"] <= before[name]["value"] + gap, (name, order, found.earliest)
        if after[name]["value"] > before[name]["value"] - gap:
            continue
        break  # an earlier class is better served: later ones may be worse
