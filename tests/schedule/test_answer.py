"""A schedule as a run: what the command says, writes and refuses, and that its audit finds nothing."""

import json

import pytest
from typer.testing import CliRunner

from tandemplan.audit import audit
from tandemplan.audit.shop import audit_schedule
from tandemplan.cli import app
from tandemplan.results.schedule_shapes import CLASSES, DEMAND_SUMMARY, ORDERS
from tandemplan.results.store import read_run
from tandemplan.schedule.answer import NoShopError, ScheduleOptions, schedule
from tandemplan.schedule.ways import TooManyWaysError
from tandemplan.testing.models import files_of, programme_of

SHOP = """
    start = 2026-06-01
    [items]
    item
    chair
    board
    [calendar_hours]
    calendar,rank,weekdays,from_time,to_time
    shift,1,Mon;Tue;Wed;Thu;Fri,06:00,14:00
    [suppliers]
    supplier
    mill
    [work_centres]
    work_centre,stations,hours_calendar
    bench,1,shift
    [processes]
    process,kind,item,supplier,fixed_hours,unit_hours,minimum_units
    build,make,chair,,1,0.5,1
    buy,buy,board,mill,48,0,10
    [process_flows]
    process,item,unit_units
    build,board,-4
    [process_loads]
    process,work_centre
    build,bench
    [customers]
    customer,demand_class
    school,1
    shop,2
    [demands]
    demand,customer,item,quantity_units,due
    D1,school,chair,10,2026-06-03
    D2,shop,chair,6,2026-06-08
"""


def scheduled(text=SHOP, **options):
    programme = programme_of(text)
    return programme, schedule(programme, ScheduleOptions(**{"time_limit": 0.0, **options}), lambda _said: None)


def test_a_schedule_is_clean_and_says_how_classes_are_served():
    programme, run = scheduled(steps=200)
    assert audit_schedule(programme, run.info, run.tables) == []
    first, second = run.rows(CLASSES)
    assert (first["demanded"], first["lost"], second["lost"]) == (10, 0, 0)
    # boards are there on Wednesday at 00:00; ten chairs take 6 hours from 06:00, so they are there at noon, in time
    assert (first["on_time"], first["late_unit_days"]) == (10, 0)
    assert {o["kind"] for o in run.rows(ORDERS)} == {"buy", "make", "deliver"}
    assert run.info["status"] == "optimal"
    assert run.info["reproducible"] is True


def test_what_cannot_be_in_time_is_late_as_the_bound_says():
    _, run = scheduled(SHOP.replace("10,2026-06-03", "10,2026-06-01"), steps=200)
    one = run.rows(DEMAND_SUMMARY)[0]
    # due at the end of 1 June, there on 3 June at 12:00 at the earliest: a day and a half late
    assert one["late"] == 10
    assert one["late_unit_days"] == pytest.approx(15.0, abs=5.0)
    assert run.rows(CLASSES)[0]["bound"] <= one["late_unit_days"] + 1e-6


def test_the_same_steps_give_the_same_schedule():
    _, one = scheduled(steps=50, seed=3)
    _, other = scheduled(steps=50, seed=3)
    assert one.info["run"] == other.info["run"]
    assert all((one.tables[t][c] == other.tables[t][c]).all() for t in ("orders",) for c in one.tables[t])


def test_options_without_a_meaning_and_programmes_without_processes_are_refused():
    with pytest.raises(ValueError, match="steps is -1"):
        ScheduleOptions(steps=-1)
    with pytest.raises(NoShopError):
        scheduled("start = 2026-06-01\n[items]\nitem\nchair\n")


def test_the_command_writes_a_run_that_audits_clean(tmp_path):
    for name, content in files_of(SHOP).items():
        (tmp_path / "shop").mkdir(exist_ok=True)
        (tmp_path / "shop" / name).write_text(content, encoding="utf-8")
    folder = tmp_path / "run"
    asked = ["schedule", str(tmp_path / "shop"), "--steps", "50", "--out", str(folder), "--json"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["verb"] == "schedule"
    assert audit(folder).clean
    assert read_run(folder).changed == ()
    assert CliRunner().invoke(app, ["audit", str(folder)]).exit_code == 0
    for words in (
        ["simulate"],
        ["replan"],
        ["compare", str(folder)],
    ):
        refused = CliRunner().invoke(app, [words[0], str(folder), *words[1:]])
        assert refused.exit_code in (2, 3), (words, refused.output)
        assert "schedule" in refused.output.casefold() or "no plan" in refused.output, words
    again = CliRunner().invoke(app, ["schedule", "examples/first_steps"])
    assert again.exit_code == 2
    assert "no processes" in again.output


def test_no_demand_a_circle_of_material_and_a_large_seed_are_no_traceback():
    bare, _, _ = SHOP.partition("    [demands]")
    _, nothing = scheduled(bare, steps=5)
    assert nothing.rows(ORDERS) == []
    circle = SHOP.replace("    build,board,-4\n", "    build,board,-4\n    saw,chair,-1\n").replace(
        "    buy,buy,board,mill,48,0,10\n", "    saw,make,board,,1,0,0\n"
    )
    programme, run = scheduled(circle, steps=5)
    assert audit_schedule(programme, run.info, run.tables) == []
    assert [c["lost"] for c in run.rows(CLASSES)] == [10, 6]
    with pytest.raises(ValueError, match="below 2"):
        ScheduleOptions(seed=1 << 64)


def test_a_bound_does_not_wait_for_what_is_given_later_than_can_be_made():
    given = (
        SHOP
        + "    [process_orders]\n    order,process,status,quantity_units,start,end\n    far,buy,confirmed,100,2026-06-20,2026-06-22\n"
    )
    programme, run = scheduled(given, steps=5)
    assert audit_schedule(programme, run.info, run.tables) == []
    assert [c["bound"] for c in run.rows(CLASSES)] == [0, 0]


def test_a_process_that_could_be_done_in_thousands_of_ways_is_refused():
    members = "".join(f"    m{n},1,,pool\n" for n in range(60))
    many = SHOP.replace(
        "    work_centre,stations,hours_calendar\n    bench,1,shift\n",
        f"    work_centre,stations,hours_calendar,pool\n    bench,1,shift,\n    pool,1,,\n{members}",
    )
    many = many.replace(
        "    process,work_centre\n    build,bench\n",
        "    process,work_centre,line\n    build,pool,1\n    build,pool,2\n    build,pool,3\n",
    )
    with pytest.raises(TooManyWaysError, match="'build' can be done in 37,820 ways"):
        scheduled(many, steps=0)
