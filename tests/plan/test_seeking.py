"""Large plans that learn are made whole by rounding up; small ones, taken for large, come near to what is found exactly."""

import signal
from dataclasses import replace
from importlib import import_module

import pytest

from tandemplan.plan import plan
from tandemplan.testing.models import programme_of

from .solved import audited, rows

SEEKING, RAMP = import_module("tandemplan.plan.seeking"), import_module("tandemplan.plan.ramp")
SOLVE, SEEKER = import_module("tandemplan.plan.solve"), import_module("tandemplan.plan.seeker")
GROWN, LATE = import_module("tandemplan.plan.growing"), import_module("tandemplan.plan.late_plan")
NEAR = 0.02  # share of a value by which a plan rounded up may be worse than the exact one in these cases

GROWING = """
start = 2026-06-01
periods = 8 weeks
[items]
item,standard_cost
X,100
[operations]
item,work_centre,skill,first_unit_hours,plateau_hours,learning_slope,lot_units
X,W,S,20,5,0.8,1
[work_centres]
work_centre,stations,most_stations,station_price,station_lead_days,shift_pattern
W,1,3,500,7,one
[skills]
skill,headcount,hours_per_week,hour_cost,hires_per_week,recruit_days,shift_pattern
S,3,40,10,1,7,one
[shift_patterns]
shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days
one,1,0,0,0
two,2,0.25,7,14
[options]
option,one_off_cost,lead_days,changes
more,300,14,work_centres[W].stations += 1
[customers]
customer,demand_class
city,1
school,2
[contracts]
contract,customer,item
c,city,X
s,school,X
[demands]
demand,contract,quantity_units,due
d1,c,20,2026-06-14
d2,c,60,2026-07-05
d3,s,80,2026-07-05
d4,s,60,2026-07-12
"""


@pytest.fixture
def as_large(monkeypatch):
    """A function that plans with every model that learns taken for a large one, and tells how often plans were rounded up."""

    def large(text, folder):
        told, once = [], SEEKING._rounded_up
        with monkeypatch.context() as patch:
            patch.setattr(SEEKING, "SMALL", 0)
            patch.setattr(RAMP, "SMALL", 0)
            patch.setattr(SEEKING, "_rounded_up", lambda *said: told.append(said) or once(*said))
            return audited(text, folder), len(told)

    return large


def values(run):
    """Return the values of the classes in order of service, proved or not."""
    return run.tables["classes"]["value"].tolist()


def test_a_plan_rounded_up_is_clean_and_near_the_exact_one(as_large, tmp_path):
    """Both classes are late; stations and a second shift, kept for its time, serve them, as the audit sees."""
    run, climbed = as_large(GROWING, tmp_path)
    exact = plan(programme_of(GROWING))
    assert climbed == 0
    assert all(value > 1 for value in values(exact))
    bounds = run.tables["classes"]["bound"].tolist()
    assert bounds[0] - 1e-6 <= values(run)[0] <= values(exact)[0] * (1 + NEAR)
    assert values(run)[1] <= values(exact)[1] * (1 + NEAR)
    assert bounds[0] <= values(exact)[0]
    assert rows(run, "shifts", "shift_pattern")[:2] == [("one",), ("two",)]
    stations = run.tables["investments"]["units"]
    assert len(stations)
    assert (stations == stations.round()).all()


def test_a_plan_that_must_be_late_has_bounds_on_stock_and_cost_too(as_large, tmp_path):
    """They hold among plans that serve the classes as well, as the exact one does."""
    run, climbed = as_large(GROWING + "[stock_policies]\nitem,safety_units\nX,30\n", tmp_path)
    stages = {s["stage"]: s for s in run.info["objective"]["stages"]}
    assert climbed == 0
    assert min(values(run)) > 1
    assert all(s["bound"] <= s["value"] * (1 + 1e-9) for s in stages.values())
    assert stages["stock"]["bound"] > 0
    assert stages["cost"]["bound"] > 0


def test_a_plan_rounded_up_is_no_better_than_the_bound_of_the_exact_one(as_large, tmp_path):
    """With half of what is asked for nobody waits: a plan rounded up may cost more then, but not less than is proved."""
    text = GROWING.replace(",20,2026-06-14", ",8,2026-06-21").replace(",60,", ",25,").replace(",80,", ",30,")
    run, climbed = as_large(text, tmp_path)
    exact = plan(programme_of(text))
    assert climbed == 0
    assert values(run) == values(exact) == [0, 0]
    assert run.info["objective"]["value"] >= exact.info["objective"]["bound"] * (1 - 1e-6)


def test_a_first_plan_from_bottlenecks_grows_into_one_between_the_bounds(as_large, tmp_path):
    """With a fifth of what is asked for the first plan is on time: better ones follow it, and their bounds are below exact plans."""
    text = GROWING.replace(",20,2026-06-14", ",3,2026-06-21").replace(",60,", ",12,").replace(",80,", ",16,")
    text = text.replace("d4,s,60", "d4,s,12").replace("X,100\n", "X,100\nP,10\n")
    text += "[bom]\nparent,component,quantity_units\nX,P,1\n[offers]\noffer,item,unit_price\np,P,10\n"
    run, rounded = as_large(text, tmp_path)
    exact = plan(programme_of(text))
    assert rounded == 0
    assert values(run) == values(exact) == [0, 0]
    found, known = run.info["objective"], exact.info["objective"]
    assert found["value"] >= known["bound"] * (1 - 1e-6)
    assert 0 < found["bound"] <= known["value"] * (1 + 1e-6)


# ---- Ctrl-C


@pytest.fixture
def pressed(monkeypatch):
    """A function that has Ctrl-C come, so many times, as a function of a module is called for the n-th time."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def press(module, name, call=1, times=1):
        calls, once = [], getattr(module, name)

        def interrupted(*said, **more):
            calls.append(said)
            for _ in range(times if len(calls) == call else 0):
                signal.raise_signal(signal.SIGINT)
            return once(*said, **more)

        monkeypatch.setattr(module, name, interrupted)

    yield press
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("module", "name", "call", "times"),
    [
        (LATE, "model_of", 3, 1),
        (GROWN, "remade", 1, 1),
        (GROWN, "remade", 1, 2),
    ],
)
def test_an_interrupt_between_solvers_leaves_the_best_plan_so_far(
    as_large, pressed, tmp_path, module, name, call, times
):
    """Or the idle one, where a second one ended a solver before there was any; never none, and never an exception."""
    pressed(module, name, call, times)
    run, _ = as_large(GROWING, tmp_path)
    assert run.info["status"] in ("feasible", "stopped")
    assert run.info["reason"] == "stopped by the user"
    assert run.info["status"] == "stopped" or run.tables["deliveries"]["quantity"].sum() > 0


KNOWN = (
    GROWING.split("[options]", maxsplit=1)[0].replace("20,5,0.8,1", "20,5,1,1")
    + "[customers]"
    + GROWING.split("[customers]")[1]
)


@pytest.mark.parametrize("name", ["with_whole_orders", "served_by", "_answer", "notes_of"])
def test_an_interrupt_when_all_is_sought_loses_nothing(pressed, name):
    pressed(SOLVE, name)
    run = plan(programme_of(KNOWN))
    assert run.info["status"] == "optimal"
    assert run.tables["deliveries"]["quantity"].sum() > 0


def test_an_interrupt_as_a_solver_says_its_last_word_leaves_no_plan_that_is_called_optimal(monkeypatch, tmp_path):
    """What comes after (fair sharing, rounding) is not sought then; all objectives so far may be proved."""
    solve = SEEKING.solve_in_child
    monkeypatch.setattr(
        SEEKING, "solve_in_child", lambda *a, **k: replace(solve(*a, **k), reason="stopped by the user")
    )
    run = audited(KNOWN, tmp_path)
    assert (run.info["status"], run.info["reason"]) == ("feasible", "stopped by the user")
    assert not run.info["reproducible"]


def test_a_plan_that_the_user_stopped_is_finished_in_a_little_time(pressed, monkeypatch):
    """The search is interrupted, and orders are still to be made whole: a solver may take `FINISH` seconds for that, and no more."""
    given, once = [], SOLVE.solve_in_child

    def asked(lp, goals, work, *rest):
        given.append(work.seconds)
        return once(lp, goals, work, *rest)

    monkeypatch.setattr(SOLVE, "solve_in_child", asked)
    monkeypatch.setattr(
        SOLVE, "with_whole_orders", lambda model, found, solve: (solve(model.lp, model.goals), found)[1]
    )
    pressed(SEEKING, "solve_in_child")
    run = plan(programme_of(KNOWN))
    assert run.info["reason"] == "stopped by the user"
    assert 0 < given[0] <= SOLVE.FINISH


RULED = """
[bom]
parent,component,quantity_units
X,P,1
[offers]
offer,item,unit_price,third_country_share,lead_days
near,P,20,0,{near}
far,P,10,1,0
[rules]
rule,kind,scope,high,window_days
R,origin share,X,0.4,14
"""


@pytest.mark.parametrize(("near", "rounded"), [(0, 0), (30, 0)])
def test_a_large_plan_keeps_rules_of_origin_that_its_first_plan_forgets(as_large, tmp_path, near, rounded):
    """The first plan buys far parts alone. Near ones are bought besides; where they come late, so do deliveries: as few as all limits let."""
    text = GROWING.replace(",20,2026-06-14", ",3,2026-06-21").replace(",60,", ",12,").replace(",80,", ",16,")
    text = text.replace("d4,s,60", "d4,s,12").replace("X,100\n", "X,100\nP,10\n") + RULED.format(near=near)
    run, times = as_large(text, tmp_path)
    exact = plan(programme_of(text))
    assert times == rounded
    assert values(run) == pytest.approx(values(exact), rel=NEAR, abs=1e-6)
    assert (values(run)[0] > 1) == (near > 0)
    assert max(run.tables["origin"]["share"]) == pytest.approx(0.4, abs=1e-4)
    assert run.info["objective"]["value"] >= exact.info["objective"]["bound"] * (1 - 1e-6)


@pytest.mark.parametrize(("amount", "rounded"), [(20000, 0), (6000, 1)])
def test_a_large_plan_keeps_money_and_origin_that_its_first_plan_forgets(as_large, tmp_path, amount, rounded):
    """The first plan is one of goods alone. 6000 do not pay for all that is rounded up from its experience: then the ramp is climbed."""
    text = GROWING.replace(",20,2026-06-14", ",3,2026-06-21").replace(",60,", ",12,").replace(",80,", ",16,")
    text = text.replace("d4,s,60", "d4,s,12").replace("X,100\n", "X,100\nP,10\n") + RULED.format(near=0)
    text += f"[funding]\ntranche,pool,kind,amount,date\nF,V,company,{amount},2026-06-01\n"
    run, times = as_large(text, tmp_path)
    exact = plan(programme_of(text))
    assert times == rounded
    assert values(run) == values(exact) == [0, 0]
    assert min(run.tables["cash"]["closing"]) >= 0
    assert max(run.tables["origin"]["share"]) == pytest.approx(0.4, abs=1e-4)
    assert run.info["objective"]["value"] >= exact.info["objective"]["bound"] * (1 - 1e-6)


def test_where_whole_columns_cost_too_much_a_plan_learns_what_it_can_pay_for(as_large, tmp_path):
    """5400 pay the wages of June, 4800, and 600 more: relaxed plans buy a part of a station and learn with it, which no whole plan can."""
    text = GROWING.replace(",20,2026-06-14", ",3,2026-06-21").replace(",60,", ",12,").replace(",80,", ",16,")
    text = text.replace("d4,s,60", "d4,s,12").replace("X,100\n", "X,100\nP,10\n") + RULED.format(near=0)
    text += "[funding]\ntranche,pool,kind,amount,date\nF,V,company,5400,2026-06-01\n"
    run, rounded = as_large(text, tmp_path)
    exact = plan(programme_of(text))
    assert rounded == 1
    assert values(run) == pytest.approx(values(exact), rel=NEAR)
    assert values(exact)[0] == 0 < values(exact)[1]
    assert min(exact.tables["cash"]["closing"]) >= 0
