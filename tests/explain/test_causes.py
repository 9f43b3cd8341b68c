"""Why a demand is late: by hand on small programmes, the two traps of lists of late records, and brute force on random ones."""

import signal
from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import tandemplan as tp
from tandemplan import interrupts
from tandemplan.explain.answer import why_said
from tandemplan.explain.causes import preferred, why
from tandemplan.explain.limits import ITSELF, NOTHING_ELSE, OTHERS, Late, lateness_of, loose_of
from tandemplan.explain.planned import base_of, without_tasks
from tandemplan.model.schema import Offer
from tandemplan.plan import PlanOptions, plan
from tandemplan.problems import SolverStoppedError
from tandemplan.report.explained import why_lines
from tandemplan.solver import highs, loosened
from tandemplan.solver.loosened import Loosened
from tandemplan.solver.stages import BY_USER, Work
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


def test_where_nobody_supplies_a_part_that_is_the_cause():
    """Six kits lie there and nobody sells any: four of C1 have none, whatever the bench can do."""
    programme = tp.example("first_steps")
    [found] = explained(programme.replace(programme[Offer].take([])), "C1")
    assert causes(found) == [("lead time", "kit", 124.0)]


@pytest.mark.parametrize("answers", range(2, 9, 2))
def test_what_is_known_is_told_where_the_search_ends_early(monkeypatch, answers):
    """However early it ends, what is named brings d1 to what it can be; with no answer at all nothing is said."""
    base = base_of(programme_of(SHOP), plan(programme_of(SHOP)))
    whole, least, left = why(base, "d1"), Loosened.least, [answers]

    def until(self, *args):
        left[0] -= 1
        if left[0] < 0:
            raise SolverStoppedError(BY_USER)
        return least(self, *args)

    monkeypatch.setattr(Loosened, "least", until)
    found = why(base, "d1")
    named = {(c.limit.family, c.limit.name) for c in found.causes}
    assert {(c.limit.family, c.limit.name) for c in whole.causes} <= named
    assert Brute(base, "d1")(named) <= found.at_best + 1e-3
    assert found.stopped == (BY_USER if left[0] < 0 and np.isnan(found.causes[0].unit_days) else "")
    lines = "\n".join(why_lines(why_said(base, found), base.programme))
    assert ("is among" in lines) == bool(found.stopped)


def test_a_search_without_any_answer_says_so(monkeypatch):
    base = base_of(programme_of(SHOP), plan(programme_of(SHOP)))
    monkeypatch.setattr("tandemplan.solver.loosened.heard", lambda: True)
    monkeypatch.setattr("tandemplan.solver.loosened.cause_of", lambda engine, status: BY_USER)
    monkeypatch.setattr("tandemplan.solver.loosened.BEST", ())
    with pytest.raises(SolverStoppedError, match="user"):
        why(base, "d1")


def test_ctrl_c_ends_the_solve_of_a_cause():
    """It is held back until the solver asks, which gives up with its work; then it is gone."""

    event = SimpleNamespace(data_in=SimpleNamespace(user_interrupt=False))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with interrupts.held_back():
            loosened._hear(event)
            assert not event.data_in.user_interrupt
            signal.raise_signal(signal.SIGINT)
            loosened._hear(event)
            assert event.data_in.user_interrupt
            assert not interrupts.pending()
    finally:
        signal.signal(signal.SIGINT, before)


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
    for size in range(max(len(named) - 1, 0)):
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
