"""Why a demand is late: by hand on small programmes, the two traps of lists of late records, and brute force on random ones."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import tandemplan as tp
from tandemplan.explain.causes import preferred, why
from tandemplan.explain.limits import ITSELF, NOTHING_ELSE, OTHERS, Late, lateness_of, loose_of
from tandemplan.explain.planned import base_of, without_tasks
from tandemplan.plan import PlanOptions, plan
from tandemplan.solver import highs
from tandemplan.solver.stages import Work
from tandemplan.testing.models import programme_of
from tandemplan.testing.programmes import programmes

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def explained(programme, *demands):
    base = base_of(programme, plan(programme))
    return [why(base, d) for d in demands]


def causes(found):
    return [(c.limit.family, c.limit.name, round(c.unit_days, 3)) for c in found.causes]


def test_the_first_steps_by_hand():
    """Kits come on 12 June at the earliest, so four bicycles of C1 are a week late; the bench is why the school waits."""
    one, two, three = explained(tp.example("first_steps"), "C1", "S1", "S2")
    assert causes(one) == [("lead time", "kit", 28.0)]
    assert [(b.period, round(b.amount, 3)) for b in one.causes[0].breaches] == [(0, 4.0)]
    assert one.instead == ()
    assert one.else_ == pytest.approx(28)
    assert causes(two) == [("hours", "bench", 96.0)]
    assert sum(b.amount for b in two.causes[0].breaches) == pytest.approx(16, abs=1e-3), (
        "four bicycles, four hours each"
    )
    assert causes(three) == [("hours", "bench", 20.0)]
    assert [(c.limit.family, c.limit.name) for c in three.instead] == [("lead time", "kit")], (
        "four bicycles more in the first week would do"
    )


SHOP = """
    start = 2026-06-01
    periods = 8 weeks
    [items]
    item
    bike
    cart
    frame
    wheel
    box
    [bom]
    parent,component,quantity_units
    bike,frame,1
    bike,wheel,2
    cart,wheel,2
    cart,box,1
    [suppliers]
    supplier
    S
    [offers]
    offer,supplier,item,lead_days,unit_price
    frames,S,frame,21,5
    wheels,S,wheel,14,1
    boxes,S,box,35,1
    [work_centres]
    work_centre,stations
    bench,1
    [operations]
    item,step,work_centre,plateau_hours
    bike,10,bench,1
    cart,10,bench,1
    [customers]
    customer,demand_class
    c,1
    [demands]
    demand,customer,item,quantity_units,due
    d1,c,bike,10,2026-06-12
    d2,c,cart,10,2026-06-12
"""


def test_what_has_slack_is_no_cause():
    """Carbon's first trap: wheels take two weeks and frames three, so they make half of the lateness each; where wheels come in time, none."""
    [found] = explained(programme_of(SHOP), "d1")
    assert causes(found) == [("lead time", "frame", 70.0), ("lead time", "wheel", 70.0)], (
        "in this order: first without the one"
    )
    easier = SHOP.replace("2026-06-12", "2026-06-19").replace("wheels,S,wheel,14", "wheels,S,wheel,10")
    [found] = explained(programme_of(easier), "d1")
    assert [c[:2] for c in causes(found)] == [("lead time", "frame")], "wheels come in time: they are not named"


def test_what_is_late_elsewhere_is_no_cause():
    """Carbon's second trap: boxes are later than anything, but d1 needs none."""
    found, other = explained(programme_of(SHOP), "d1", "d2")
    assert "box" not in {n for _, n, _ in causes(found)}
    assert causes(other)[0][:2] == ("lead time", "box")


def test_who_comes_before_is_a_cause_where_nothing_else_would_help():
    """Six bicycles lie there and none can be had: the class before takes five."""
    [found] = explained(programme_of("""
        start = 2026-06-01
        periods = 2 weeks
        [items]
        item
        bike
        [stock]
        item,quantity_units
        bike,6
        [customers]
        customer,demand_class
        city,1
        school,2
        [demands]
        demand,customer,item,quantity_units,due
        a,city,bike,5,2026-06-05
        b,school,bike,4,2026-06-05
    """), "b")  # fmt: skip
    assert causes(found) == [("before", "class 1 firm", pytest.approx(found.late - found.at_best))]
    assert found.causes[0].gives_way == ("a",)
    assert found.at_best == 0


def test_a_task_is_a_cause_until_it_is_done():
    text = SHOP.replace("item,step,work_centre,plateau_hours\n", "item,step,work_centre,plateau_hours,opens_after\n")
    text = text.replace("bike,10,bench,1\n", "bike,10,bench,1,hall\n").replace(
        "cart,10,bench,1\n", "cart,10,bench,1,\n"
    )
    text = text.replace("frames,S,frame,21", "frames,S,frame,1").replace("wheels,S,wheel,14", "wheels,S,wheel,1")
    text += """
    [tasks]
    task,duration_days,predecessors
    permit,10,
    hall,20,permit
    paint,40,
    """
    [found] = explained(programme_of(text), "d1")
    assert [c[:2] for c in causes(found)] == [("task", "hall")], "the permit comes before, the paint opens nothing"
    assert found.else_ > 0


def test_preferred_sets_are_smallest():
    for needed in ({1}, {0, 3}, {2, 5, 6}, set()):
        assert set(preferred(list(range(8)), lambda some, needed=needed: needed <= set(some))) == needed
    either = preferred(list(range(6)), lambda some: {1, 2} <= set(some) or {4} <= set(some))
    assert either in ([1, 2], [4])


class Brute:
    """How late a demand is with some limits let go, by opening the sides of their rows, a fresh model and solve each."""

    def __init__(self, base, demand):
        self.base, self.demand = base, demand
        frame = base.run.tables["demand_summary"]
        self.late = float(frame["late_unit_days"][frame["demand"] == demand][0])
        self.row = base.model.network.demands.names.tolist().index(demand)

    def __call__(self, keys):
        tasks = [n for f, n in keys if f == "task"]
        model = without_tasks(self.base, tasks) if tasks else self.base.model
        loose = loose_of(model, self.base.relaxed(model), Late(self.row, self.late, self.base.values))
        gone = np.array([(x.family, x.name) in keys for x in loose.limits])[loose.soft.of]
        low, high = loose.lp.row_lower.copy(), loose.lp.row_upper.copy()
        high[loose.soft.row[gone & (loose.soft.rate < 0)]] = np.inf
        low[loose.soft.row[gone & (loose.soft.rate > 0)]] = -np.inf
        lp = replace(loose.lp, row_lower=low, row_upper=high, covers=())
        found = highs.solve(
            lp, [("late", lateness_of(model, self.row))], Work(), on_report=lambda _: None, cancelled=lambda: False
        )
        assert found.status == "optimal"
        return found.stages[0].value

    def limits(self):
        model = self.base.model
        return loose_of(model, self.base.relaxed(model), Late(self.row, self.late, self.base.values)).limits

    def tasks(self):
        return [("task", t) for t, d in self.base.model.network.dates.items() if d.end > 0]


def true(programme):
    """Plan, and hold the explanations of up to three late demands against brute force."""
    run = plan(programme, PlanOptions(time_limit=30))
    if run.info["status"] not in ("optimal", "feasible"):
        return
    base = base_of(programme, run)
    summary = run.tables["demand_summary"]
    for demand in summary["demand"][summary["late_unit_days"] > 0.01][:3].tolist():
        holds(base, demand)


def holds(base, demand):
    found, brute = why(base, demand), Brute(base, demand)
    named = {(c.limit.family, c.limit.name) for c in found.causes}
    assert found.rounding + sum(c.unit_days for c in found.causes) == pytest.approx(
        found.late - found.at_best, abs=1e-6
    )
    slack = 0.05 + 1e-5 * (found.late + sum(v for n, v in base.values.items() if n != "cost"))
    every = {(x.family, x.name) for x in brute.limits()} | set(brute.tasks())
    assert brute([]) >= found.late - found.rounding - slack, "nothing let go, it is as late as in the plan"
    assert found.at_best <= brute(every) + slack, "what cannot be helped is what is left with everything let go"
    assert brute(named) <= found.at_best + slack, "without the causes it is not late"
    for cause in named:
        assert brute(named - {cause}) > found.at_best, f"{cause} is needed"
    for size in range(1, len(named) - 1):
        for some in combinations(sorted(named), size):
            assert brute(set(some)) > found.at_best
    instead = {(c.limit.family, c.limit.name) for c in found.instead}
    if instead:
        assert not instead & named
        assert brute(instead) <= found.at_best + slack, "what is said to do as well does"
    elif named:
        rank = max(c.limit.rank for c in found.causes)
        rest = {(x.family, x.name) for x in brute.limits() if x.rank <= rank} | set(brute.tasks())
        assert brute(rest - named) > found.at_best, "nothing else removes it"
    assert all(c.limit.rank in (ITSELF, OTHERS, NOTHING_ELSE) for c in found.causes)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(programme=programmes())
def test_explanations_of_random_programmes_are_true(programme):
    true(programme)


@pytest.mark.long
@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(programme=programmes())
def test_explanations_of_many_random_programmes_are_true(programme):
    true(programme)
