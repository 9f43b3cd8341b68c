"""What to do today: last safe days that can be reckoned by hand, what becomes of open orders, and what slipped against a plan before."""

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.cli import app
from tandemplan.explain.actions import actions, against, window_of
from tandemplan.explain.decisions import decisions
from tandemplan.model.draft import Draft
from tandemplan.model.schema import Skill, WorkCentre
from tandemplan.testing.runs import run_of


def shop(**more):
    """Ten gears are asked for on the Friday of week 4; the supplier sends five a week, a week after the order."""
    given = {
        "items": [{"item": "gear", "standard_cost": 100}],
        "suppliers": [{"supplier": "mill"}],
        "offers": [{"offer": "gears", "supplier": "mill", "item": "gear", "unit_price": 100, "lead_days": 7, "capacity_units_per_week": 5}],
        "customers": [{"customer": "host", "demand_class": 1}],
        "demands": [{"demand": "D", "customer": "host", "item": "gear", "quantity_units": 10, "due": "2026-06-26"}],
    }  # fmt: skip
    return tp.programme(start="2026-06-01", periods="6 weeks", holding_per_year_share=0.2, **{**given, **more})


def found(programme, **where):
    run = tp.plan(programme)
    return run, actions(programme, run.answer, window_of(programme, **where))


def test_the_first_half_may_wait_until_the_second_fills_the_supplier():
    """Five must be ordered a week before the day of the last five; both must be there on the day of delivery."""
    run, todo = found(shop())
    released = run.purchases["release"].dt.date.tolist()
    delivered = run.deliveries["delivered"].dt.date.tolist()
    assert [(a.action, a.decision.quantity) for a in todo] == [("release", 5.0)] * 2
    assert sorted(a.decision.planned for a in todo) == released
    assert [a.last_safe for a in todo] == [delivered[0] - timedelta(days=7)] * 2
    assert {(a.need.demands, a.need.units, a.need.demand_class) for a in todo} == {(("D",), 10.0, 1)}
    frame = run.actions()
    assert frame["last_safe"].dt.date.tolist() == [a.last_safe for a in todo]
    assert frame["harm"].tolist() == ["up to 10 units wait (D, class 1)"] * 2


def test_days_are_looked_at_from_a_day_on():
    programme = shop()
    run, todo = found(programme, days=60)
    late = todo[-1].decision.planned
    assert len(found(programme, as_of=late, days=1)[1]) == 1
    assert found(programme, as_of=late + timedelta(days=1))[1] == ()
    assert run.actions(as_of=late, days=1)["planned"].dt.date.tolist() == [late]


def order(name, units, promised, **more):
    return {"order": name, "item": "gear", "quantity_units": units, "promised": promised, **more}


def test_open_orders_come_sooner_later_or_not_at_all():
    """Two gears come on 3 July for a demand of 26 June, three lie three weeks before they are taken, nobody asks for a bolt."""
    orders = [
        order("late", 2, "2026-07-03"),
        order("early", 3, "2026-06-05", status="movable"),
        order("idle", 1, "2026-06-19") | {"item": "bolt"},
    ]
    programme = shop(open_orders=orders, items=[{"item": "gear", "standard_cost": 100}, {"item": "bolt"}], offers=[])
    run, todo = found(programme)
    about = {a.decision.name: a for a in todo}
    assert {n: a.action for n, a in about.items()} == {"late": "expedite", "early": "defer", "idle": "cancel"}
    assert (about["early"].last_safe, about["late"].last_safe) == (date(2026, 6, 5), date(2026, 6, 1))
    said = run.actions().set_index("name")["reason"]
    assert (
        said["early"]
        == f"it lies {(run.deliveries['delivered'].dt.date[0] - date(2026, 6, 5)).days} days before it is taken on 26 Jun 2026; it may be moved"
    )
    assert (
        said["idle"] == "nothing that is delivered needs it, and it is left at the end; it is firm, so ask the supplier"
    )
    assert said["late"].startswith("D waits for more, and takes it on the day it comes")
    kept = programme.replace(stock_policies=[{"item": "bolt", "safety_units": 1}])
    assert "idle" not in {a.decision.name for a in found(kept)[1]}


def test_what_slipped_and_why():
    before, now = shop(), shop().with_changes("offers[gears].lead_days = 10")
    runs = [tp.plan(p) for p in (now, before)]
    frame = runs[0].actions(against=runs[1])
    days = runs[1].purchases["release"].dt.date[0] - runs[0].purchases["release"].dt.date[0]
    assert set(frame["slip_days"]) == {-days.days}
    assert set(frame["slip"]) == {"earlier"}
    assert set(frame["why"]) == {"Offers gears: lead 7 → 10 days"} or set(frame["why"]) == {
        "offers gears: lead 7 → 10 days"
    }
    other = before.replace(
        offers=[
            {
                "offer": "cogs",
                "supplier": "mill",
                "item": "gear",
                "unit_price": 100,
                "lead_days": 7,
                "capacity_units_per_week": 5,
            }
        ]
    )
    swapped = tp.plan(other).actions(against=runs[1])
    assert swapped["slip"].tolist() == ["new", "new", "gone", "gone"]
    assert swapped["planned"].notna().all()
    same = runs[0].actions(against=runs[0])
    assert (set(same["slip"]), set(same["why"])) == ({"same"}, {""})


def test_what_moves_without_a_change_of_its_own_follows_from_others():
    before, now = shop(), shop().with_changes("demands[D].due = 2026-07-03")
    runs = [tp.plan(p) for p in (now, before)]
    found = against(
        actions(now, runs[0].answer, window_of(now)), (now, runs[0].answer), (before, runs[1].answer), window_of(now)
    )
    assert {(a.slip.how, a.slip.days, a.slip.changes) for a in found} == {("later", 7, ())}
    assert set(runs[0].actions(against=runs[1])["why"]) == {"nothing of its own: it follows from other changes"}


DECIDED = """
[investments]
resource,kind,site,ordered,usable,units,price,cost
line,work centre,,2026-06-01,2026-06-15,1,10,10
[load]
resource,kind,site,period_start,available_hours,used_hours,worth_per_hour
line,work centre,,2026-06-08,40,40,0
line,work centre,,2026-06-15,80,40,0
line,work centre,,2026-06-22,80,41,0
[people]
skill,period_start,productive,training,hired,left,wages,option_wages,hire_wages,training_cost,shift_premium
fit,2026-06-22,1,0,2,0,0,0,0,0,0
[funding]
tranche,pool,kind,amount,opens,expires,used,left,expired
T1,JV,company,100,2026-06-01,,100,0,0
T2,JV,company,100,2026-06-01,2026-06-10,50,0,50
[cash]
pool,period_start,opening,tranches,credit,advances,deliveries,refunds,purchases,transport,labour,training,capex,opex,other,interest,expired,inflow,outflow,closing,tied,least
JV,2026-06-01,0,200,0,0,0,0,0,0,0,0,0,0,0,0,0,200,0,200,0,0
JV,2026-06-08,200,0,0,0,0,0,60,0,0,0,0,0,0,0,50,0,110,90,0,0
[tasks]
task,occurrence,start,end,slack_days,needed_by,needs_met,critical
hall,1,2026-06-01,2026-06-11,9,2026-06-15,,no
"""


def test_days_by_which_stations_people_money_and_tasks_are_needed():
    """The second station is first used in the week of 22 June; people are recruited 10 days ahead; 100 of 190 are spent in the week of 8 June."""
    programme = (
        Draft(start=date(2026, 6, 1), periods="6 weeks")
        .add(WorkCentre(work_centre="line", stations=1), Skill(skill="fit", recruit_days=9.5))
        .programme()
    )
    about = {d.name: (d.planned, d.last_safe) for d in decisions(programme, run_of(DECIDED))}
    june = {n: date(2026, 6, n) for n in range(1, 30)}
    assert about == {
        "line": (june[1], june[8]),
        "fit": (june[12], june[12]),
        "T1": (june[1], june[8]),
        "T2": (june[1], june[10]),
        "hall": (june[1], june[5]),
    }


def test_the_shell_says_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tp.plan(tp.example("first_steps")).save("run")
    done = CliRunner().invoke(app, ["actions", "run", "--days", "7", "--against", "run"])
    assert done.exit_code == 0
    assert "by 1 Jun 2026: start 6 units of Bicycle (M-00001, bike): C1 needs it, first on 5 Jun 2026." in done.stdout
    data = json.loads(CliRunner().invoke(app, ["actions", "run", "--json"]).stdout)
    assert [a["rank"] for a in data["actions"]] == list(range(1, 8))
    assert data["actions"][0]["last_safe"] == "2026-06-01"
    assert CliRunner().invoke(app, ["actions", "run", "--as-of", "June"]).exit_code == 2
    tp.plan(tp.example("first_steps"), time_limit=0).save("none")
    assert CliRunner().invoke(app, ["actions", "none"]).exit_code == 3


@pytest.mark.parametrize("name", ["first_steps", "tanker_base"])
def test_no_action_is_safe_before_it_is_planned(name):
    programme = tp.example(name)
    run = tp.plan(programme, gap=0.05)
    for a in actions(programme, run.answer, window_of(programme, days=400)):
        assert a.last_safe is None or a.last_safe >= a.decision.planned or a.action == "expedite"
