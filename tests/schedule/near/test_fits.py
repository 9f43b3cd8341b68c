"""What of a plan fits, why not, what is handed back, and the rounds in which the plan corrects itself."""

import json
import shutil
from datetime import date

import pytest
from typer.testing import CliRunner

import tandemplan as tp
from tandemplan.audit import audit
from tandemplan.cli import app
from tandemplan.plan import plan as find_plan
from tandemplan.results.schedule_shapes import CAPACITY_FACTORS, CLASSES, TARGETS
from tandemplan.results.shape import LOAD
from tandemplan.results.store import read_answer, write_run
from tandemplan.schedule.answer import ScheduleOptions
from tandemplan.schedule.near.handing import cuts_of, with_cuts
from tandemplan.schedule.near.horizon import near_of
from tandemplan.schedule.near.rounds import Round, best_of, corrected, schedule_near
from tandemplan.testing.models import programme_of

# Five parts a week take eight hours each at the one press, and as long again at the one saw: the last part of a week is sawn on Friday and
# pressed on Monday, so that the week-level plan is too hopeful by one part, in the first week.
PRESS = """
    start = 2026-06-01
    periods = "3 weeks"
    [items]
    item
    part
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    day,1,5,8
    [work_centres]
    work_centre,stations,shift_pattern
    saw,1,day
    press,1,day
    [operations]
    item,when,step,work_centre,plateau_hours
    part,make,10,saw,8
    part,make,20,press,8
    [demands]
    demand,item,quantity_units,due
    D1,part,5,2026-06-07
    D2,part,4,2026-06-14
"""


def quiet(_said):
    """Hear nothing of the progress."""


@pytest.fixture(scope="module")
def press():
    run = tp.plan(programme_of(PRESS))
    return run.programme, run.answer


@pytest.fixture(scope="module")
def scheduled(press):
    return schedule_near(near_of(*press, None, date(2026, 6, 22)), ScheduleOptions(steps=0), quiet)


def test_a_part_of_the_week_that_cannot_be_done_in_it_is_told(scheduled):
    (first, *_) = [t for t in scheduled.run.rows(TARGETS) if t["kind"] == "production"]
    assert (first["quantity"], first["in_time"], first["late"], first["undone"]) == (5.0, 4.0, 1.0, 0.0)
    assert (first["waited_for"], first["tightest"]) == ("", "press")
    assert first["done"].isoformat() == "2026-06-08T14:00:00"


def test_hours_that_fall_behind_become_a_factor_of_the_tightest_resource(scheduled):
    rows = {(r["resource"], r["period_start"]): r for r in scheduled.run.rows(CAPACITY_FACTORS)}
    one = rows["press", date(2026, 6, 1)]
    names = ("available_hours", "planned_hours", "late_hours", "behind_hours")
    assert [one[n] for n in names] == pytest.approx([40, 40, 8, 8])
    assert one["factor"] == pytest.approx(0.8)
    assert rows["saw", date(2026, 6, 1)]["factor"] == 1.0
    assert rows["press", date(2026, 6, 8)]["factor"] == 1.0  # the week after is no farther behind at its end


def test_what_is_handed_back_takes_seven_tenths_of_it_from_the_plan(press, scheduled):
    cuts = cuts_of(scheduled.fit)
    assert [(c.resource, c.first, c.last, c.factor) for c in cuts] == [
        (("work centre", "press"), date(2026, 6, 1), date(2026, 6, 7), pytest.approx(1 - 0.7 * 8 / 40))
    ]
    changed = find_plan(with_cuts(press[0], cuts))
    hours = {(r["resource"], r["period_start"]): r["available_hours"] for r in changed.rows(LOAD)}
    assert hours["press", date(2026, 6, 1)] == pytest.approx(40 - 5.6)
    assert hours["press", date(2026, 6, 8)] == pytest.approx(40)


def test_no_schedule_is_better_than_its_bound(scheduled):
    """A step may begin with the first lot while others are still at the step before: the fifth part is sawn as the fourth is pressed."""
    assert [c["bound"] <= c["late_unit_days"] for c in scheduled.run.rows(CLASSES)] == [True, True]


def test_rounds_take_away_what_fell_behind_and_plan_again(press):
    near = near_of(*press, None, date(2026, 6, 22))
    rounds, best = corrected(near, ScheduleOptions(steps=0), 2, lambda programme, _near: find_plan(programme), quiet)
    assert len(rounds) == 3
    assert [len(r.cuts) for r in rounds] == [0, 1, 2]
    assert rounds[0].late == pytest.approx(16)
    made = [next(t.quantity for t in r.scheduled.fit.shop.targets if t.kind == "production") for r in rounds]
    assert made == pytest.approx([5, 0.86 * 5, 0.86 * 0.86 * 5])
    assert best == best_of(rounds)


def test_the_best_round_serves_customers_first_and_does_its_work_in_time_then(scheduled):
    """A hundredth of a week for each of 100 units is 7 unit-days."""

    def came(waits, in_time, late):
        return Round(scheduled, (), waits, (100.0, 100.0), in_time, late)

    plan, honest, idle = came((1, 20), 50, 40), came((7, 26), 60, 10), came((9, 0), 70, 0)
    assert best_of([plan, honest, idle]) == 1  # the last makes the first class wait by more
    assert best_of([plan, came((0, 40), 90, 0)]) == 0
    assert best_of([honest, honest]) == 0


def test_goods_that_come_too_late_are_told_and_take_no_hours_away():
    """Ten kits come on Friday of the second week, and the plan makes ten bikes of them by then: the bench waits, and is not to blame."""
    run = tp.plan(tp.example("first_steps"))
    found = schedule_near(near_of(run.programme, run.answer), ScheduleOptions(steps=0), quiet)
    second = next(t for t in found.run.rows(TARGETS) if t["name"] == "M-00002")
    assert (second["in_time"], second["waiting"], second["waited_for"]) == (2.0, 8.0, "kit")
    row = next(r for r in found.run.rows(CAPACITY_FACTORS) if r["period_start"] == date(2026, 6, 8))
    assert [row[n] for n in ("late_hours", "waiting_hours", "behind_hours", "factor")] == pytest.approx([32, 32, 0, 1])


@pytest.fixture(scope="module")
def folder(press, tmp_path_factory):
    home = tmp_path_factory.mktemp("near")
    write_run(press[1], press[0], home / "plan")
    asked = ["--steps", "0", "--until", "2026-06-22"]
    said = CliRunner().invoke(app, ["schedule", str(home / "plan"), *asked, "--out", str(home / "week")])
    assert said.exit_code == 0, said.output
    assert "press (work centre), 1 Jun 2026: 8.0 hours behind of 40.0 planned" in said.output
    return home


def test_the_command_writes_the_plan_and_what_it_was_too_hopeful_of(folder):
    assert audit(folder / "week").findings == ()
    assert audit(folder / "week" / "plan").findings == ()
    again = ["plan", str(folder / "week" / "plan" / "programme"), "--scenario", str(folder / "week" / "capacity")]
    said = CliRunner().invoke(app, [*again, "--out", str(folder / "again")])
    assert said.exit_code == 0, said.output
    run, _ = read_answer(folder / "again")
    hours = {(r["resource"], r["period_start"]): r["available_hours"] for r in run.rows(LOAD)}
    assert hours["press", date(2026, 6, 1)] == pytest.approx(34.4)


def test_rounds_are_told_in_run_json(folder):
    asked = ["--steps", "0", "--until", "2026-06-22", "--rounds", "2", "--out", str(folder / "rounds")]
    said = CliRunner().invoke(app, ["schedule", str(folder / "plan"), *asked])
    assert said.exit_code == 0, said.output
    info = json.loads((folder / "rounds" / "run.json").read_text())
    assert [r["round"] for r in info["rounds"]] == [0, 1, 2]
    assert sum(r["kept"] for r in info["rounds"]) == 1
    kept = next(r for r in info["rounds"] if r["kept"])
    assert kept["plan"] == info["plan"] == json.loads((folder / "rounds" / "plan" / "run.json").read_text())["run"]
    assert audit(folder / "rounds").findings == ()


@pytest.mark.parametrize(
    ("table", "old", "new", "code"),
    [
        ("targets", ",5,", ",4,", "target-row"),
        ("capacity_factors", ",0.8", ",0.9", "capacity-row"),
        ("capacity_factors", ",40,40,8,", ",40,39,8,", "hours-plan"),
    ],
)
def test_the_audit_finds_what_is_not_so(folder, table, old, new, code, tmp_path):
    shutil.copytree(folder / "week", tmp_path / "week")
    file = tmp_path / "week" / f"{table}.csv"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    assert code in {f.code for f in audit(tmp_path / "week").findings}


def test_a_schedule_without_its_plan_is_a_finding(folder, tmp_path):
    shutil.copytree(folder / "week", tmp_path / "week")
    shutil.rmtree(tmp_path / "week" / "plan")
    assert "missing-plan" in {f.code for f in audit(tmp_path / "week").findings}


def test_rounds_speak_of_plans(folder):
    said = CliRunner().invoke(app, ["schedule", str(folder / "week" / "programme"), "--rounds", "1"])
    assert said.exit_code == 2
    assert "speak of a plan" in said.output
