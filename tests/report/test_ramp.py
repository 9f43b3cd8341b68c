"""How the plant grows, on the page: rate against promise, hours and yields that are learnt, shifts, purchases, critical paths."""

import re

import pytest

from tandemplan.plan import plan
from tandemplan.report.gallery import drawing, figure
from tandemplan.report.learners import HOURS, YIELD, learners
from tandemplan.report.page import page
from tandemplan.report.ramp import operations
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

from .browser import Visit, chromium

PLANT = """
start = 2026-06-01
periods = 8 weeks
[items]
item,name
bike,Bicycle
frame,Frame
[sites]
site,name
hall,Hall
[customers]
customer,name
city,City
[suppliers]
supplier,name
far,Far East
[offers]
offer,supplier,item,site
tubes,far,frame,hall
[tasks]
task,name,duration_days
lease,Lease signed,10
[shift_patterns]
shift_pattern,site,name,shifts_per_day,days_per_week,hours_per_shift
one,hall,One shift,1,5,8
two,hall,Two shifts,2,5,8
[work_centres]
work_centre,name,site,stations,most_stations,shift_pattern
bench,Bench,hall,2,5,one
[tools]
tool,name,site,sets,most_sets
jig,Jig,hall,1,2
[operations]
item,site,step,work_centre,first_unit_hours,plateau_hours,learning_slope,yield_start_share,yield_mature_share,yield_learning_units,experience_units
bike,hall,10,bench,8,2,0.8,0.5,0.9,100,0
bike,hall,20,bench,3,1,0.9,,1,,90000
frame,hall,10,bench,1,0.5,0.9,,1,,0
[demands]
demand,item,customer,site,quantity_units,due
d1,bike,city,hall,40,2026-07-20
"""
GROWN = """
[classes]
demand_class,demanded,on_time
1,40,40
[learning]
item,site,step,period_start,units,experience_units,hours_per_unit,first_pass_share
bike,hall,10,2026-06-15,10,0,6,0.52
bike,hall,10,2026-06-22,10,10,2.5,0.8
bike,hall,10,2026-07-06,20,20,2.1,0.88
bike,hall,20,2026-06-15,10,90000,1,1
frame,hall,10,2026-06-15,4,0,0.9,1
[production]
item,site,start,good
bike,hall,2026-06-15,10
bike,hall,2026-06-22,10
bike,hall,2026-07-06,20
frame,hall,2026-06-15,4
[demand_summary]
demand,customer,item,quantity,due
d1,city,bike,40,2026-07-20
[deliveries]
demand,customer,item,quantity,due,delivered
d1,city,bike,40,2026-07-20,2026-07-19
[critical_path]
path,item,step,kind,name,start,end,room_days
first delivery,bike,1,task,lease,2026-06-01,2026-06-11,4
first delivery,bike,2,production,bike,2026-06-15,2026-06-15,34
first delivery,bike,3,delivery,d1,2026-07-19,2026-07-19,0
full rate,bike,1,task,lease,2026-06-01,2026-06-11,0
full rate,bike,2,full rate,bike,2026-06-11,2026-07-06,0
[shifts]
site,shift_pattern,decided,first_day,last_day
hall,one,,2026-06-01,2026-06-21
hall,two,2026-06-08,2026-06-22,2026-07-26
[investments]
resource,kind,site,ordered,usable,units,price,cost
bench,work centre,hall,2026-06-03,2026-06-29,2,500,1000
bench,work centre,hall,2026-06-20,2026-07-13,1,500,500
jig,tool,hall,2026-06-10,2026-06-22,1,90,90
"""


@pytest.fixture(scope="module")
def programme():
    return programme_of(PLANT)


@pytest.fixture(scope="module")
def run():
    return run_of(GROWN)


# Rate against promise.


def test_the_rate_is_a_mean_of_four_weeks_beside_what_is_due(run, programme):
    """The first 10 are 3.3 a week over three weeks; 10 + 10 + 0 + 20 in the four weeks up to 12 July are 10 a week; the 40 due on 20 July are 10 a week as well."""
    found = figure("rate", run, programme)
    assert found.header == ("period from", "made good", "due", "delivered", "made a week", "due a week")
    assert found.body[2] == ("15 Jun 2026", "10", "0", "0", "3.3", "0")
    assert found.body[5] == ("6 Jul 2026", "20", "0", "0", "10", "0")
    assert found.body[6] == ("13 Jul 2026", "0", "0", "40", "7.5", "0")
    assert found.body[7] == ("20 Jul 2026", "0", "40", "0", "5", "10")


def test_first_delivery_and_full_rate_are_marked(run, programme):
    found = figure("rate", run, programme)
    said = (
        "Bicycle: 40 units are made, 40 promised; first delivery 19 Jul 2026; full rate of 10 a week from 6 Jul 2026."
    )
    assert found.description == said
    assert ">first delivery 19 Jul 2026<" in found.svg
    assert ">full rate from 6 Jul 2026<" in found.svg


def test_only_what_is_made_and_promised_has_a_rate(run, programme):
    (panel,) = drawing("rate", run, programme).panels
    assert panel.title == "Bicycle", "nobody is promised a frame"
    bought = run_of("[demand_summary]\ndemand,item,quantity,due\nd1,bike,40,2026-07-20")
    assert figure("rate", bought, programme).description == "Nothing that is promised is made."


# Hours and yields.


def test_hours_of_one_unit_fall_to_the_plateau(run, programme):
    drawn = drawing("learning", run, programme)
    assert [p.title for p in drawn.panels] == ["Bench: Bicycle", "Bench: Frame"], "those with most hours of work first"
    first = drawn.panels[0]
    assert first.subtitle == "6 h in its first week, 2.1 h in its last; plateau 2 h"
    assert first.header == ("period from", "hours per unit", "plateau", "units started", "made before")
    assert first.body[1] == ("22 Jun 2026", "2.5", "2", "10", "10")
    assert first.marks.count('class="dashed"') == 1
    assert first.marks.count("<circle") == 1, "2.5 hours are a twelfth of the way from 8 to 2, and near"
    assert "<circle" not in drawn.panels[1].marks


def test_what_is_learnt_before_is_not_drawn_but_said_and_listed(run, programme):
    assert drawing("learning", run, programme).note.endswith("Not drawn: 1 operation that has learnt all before.")
    assert [(r[0], r[1], r[2]) for r in operations(run, programme).rows] == [
        ("Bench", "Bicycle", 10),
        ("Bench", "Bicycle", 20),
        ("Bench", "Frame", 10),
    ]


def test_with_many_operations_those_with_most_work_are_drawn_and_the_rest_counted(programme):
    steps = range(30, 60)
    more = programme_of(
        PLANT.replace("[demands]", "".join(f"bike,hall,{n},bench,8,2,0.8,,1,,0\n" for n in steps) + "[demands]")
    )
    rows = "".join(f"bike,hall,{n},2026-06-15,{n},0,6,1\n" for n in steps)
    drawn = drawing("learning", run_of(GROWN.replace("bike,hall,20,2026", rows + "bike,hall,20,2026")), more)
    assert len(drawn.panels) == 9
    assert drawn.panels[0].body[0][3] == "59"
    share = round(100 * 6 * sum(range(51, 60)) / (6 * sum(steps) + 60 + 25 + 42 + 3.6))
    assert f"Not drawn: 23 operations with fewer hours of work (those drawn have {share} % of them)" in drawn.note


def test_yields_rise_to_what_is_mature_on_an_axis_that_ends_at_all(run, programme):
    (panel,) = drawing("yield", run, programme).panels
    assert panel.subtitle == "52 % in its first week, 88 % in its last; mature 90 %"
    ticks = re.findall(r'class="end"[^>]*>([\d.]+)<', panel.marks)
    assert (ticks[0], ticks[-1]) == ("40", "100")
    assert 'class="area"' not in panel.marks, "an area from 40 % on would tell a lie"


def test_what_a_learner_says(run, programme):
    bicycle, _, frame = sorted(learners(run, programme), key=lambda x: (x.item, x.operation.step))
    assert bicycle.work == pytest.approx(10 * 6 + 10 * 2.5 + 20 * 2.1)
    assert bicycle.rejected == pytest.approx(10 * 0.48 + 10 * 0.2 + 20 * 0.12)
    assert [str(bicycle.near(c)) for c in (HOURS, YIELD)] == ["2026-06-22", "2026-07-06"]
    assert (bicycle.learns_yield, frame.learns_yield) == (True, False)
    assert frame.near(HOURS) is None


def test_the_table_of_a_plan_is_drawn():
    """The first of two units takes 8 hours, the second 8 x 0.8: 7.2 on average."""
    programme = programme_of(
        """
        start = 2026-06-01
        periods = 2 weeks
        [items]
        item
        A
        B
        [bom]
        parent,component,quantity_units
        A,B,1
        [suppliers]
        supplier
        S
        [offers]
        offer,supplier,item,unit_price
        O,S,B,5
        [work_centres]
        work_centre
        W
        [operations]
        item,work_centre,first_unit_hours,plateau_hours,learning_slope
        A,W,8,1,0.8
        [demands]
        demand,item,quantity_units,due
        d1,A,2,2026-06-07
        """
    )
    found = figure("learning", plan(programme), programme)
    assert found.body == (("1 Jun 2026", "7.2", "1", "2", "0"),)


# Shifts, stations and tools.


def test_shifts_and_purchases_are_told_in_order(run, programme):
    found = figure("expansion", run, programme)
    assert (
        found.description
        == "1 site with a choice of shifts, 1 change of pattern; 3 stations and 1 tool set are bought for 1,590 EUR."
    )
    assert found.body == (
        ("Hall", "shift pattern", "One shift", "", "1 Jun 2026", "21 Jun 2026", "", ""),
        ("Hall", "shift pattern", "Two shifts", "8 Jun 2026", "22 Jun 2026", "26 Jul 2026", "", ""),
        ("Bench (bench)", "work centre", "2", "3 Jun 2026", "29 Jun 2026", "", "500", "1,000"),
        ("Jig (jig)", "tool", "1", "10 Jun 2026", "22 Jun 2026", "", "90", "90"),
        ("Bench (bench)", "work centre", "1", "20 Jun 2026", "13 Jul 2026", "", "500", "500"),
    )
    assert "Two shifts (80 h a week): 22 Jun 2026 to 26 Jul 2026, decided 8 Jun 2026" in found.svg
    assert "2 stations ordered 3 Jun 2026 for 1,000 EUR, in use from 29 Jun 2026" in found.svg


def test_patterns_are_the_darker_the_more_hours_they_have(run, programme):
    keys = drawing("expansion", run, programme).keys
    assert [(k.style, k.label) for k in keys[:2]] == [
        ("h1", "one: One shift, 40 h a week"),
        ("h6", "two: Two shifts, 80 h a week"),
    ]


def test_without_choice_and_without_purchases_nothing_is_drawn(programme):
    assert figure("expansion", run_of(""), programme).description == "No choice of shifts; nothing is bought."
    assert drawing("expansion", run_of(""), programme).panels == ()


# Critical paths.


def test_critical_paths_are_told_step_by_step(run, programme):
    found = figure("paths", run, programme)
    assert found.body == (
        ("first delivery", "Bicycle", "task", "Lease signed", "1 Jun 2026", "11 Jun 2026", "4"),
        ("first delivery", "Bicycle", "production", "Bicycle", "15 Jun 2026", "15 Jun 2026", "34"),
        ("first delivery", "Bicycle", "delivery", "demand d1 of City", "19 Jul 2026", "19 Jul 2026", "0"),
        ("full rate", "Bicycle", "task", "Lease signed", "1 Jun 2026", "11 Jun 2026", "0"),
        ("full rate", "Bicycle", "full rate", "production grows to its full rate", "11 Jun 2026", "6 Jul 2026", "0"),
    )
    assert ">First delivery of Bicycle, 19 Jul 2026<" in found.svg
    assert ">38 days of room in all<" in found.svg


def test_paths_are_drawn_whole_or_not_at_all(programme):
    lines = "".join(
        f"first delivery,bike{n},{k},task,lease,2026-06-01,2026-06-11,0\n" for n in range(8) for k in range(1, 12)
    )
    drawn = drawing("paths", run_of(GROWN.replace("full rate,bike,1", f"{lines}full rate,bike,1")), programme)
    heads = re.findall(r">First delivery of ", drawn.panels[0].drawn)
    assert len(heads) == 5, "five of eleven steps are 55, the sixth would go beyond 60"
    assert "5 more paths in the numbers" in drawn.note
    assert len(drawn.panels[0].body) == 93


# The page.


def test_the_page_shows_how_the_plant_grows(run, programme):
    text = page(run, programme)
    headings = re.findall(r"<h[23]>(.*?)</h[23]>", text)
    grown = headings[headings.index("How the plant grows") :]
    assert grown[1:5] == [
        "Rate against promise",
        "Hours of work in one unit",
        "First-pass yield",
        "Shifts, stations and tools",
    ]
    assert "Critical paths to first delivery and to full rate" in headings


@pytest.mark.parametrize("width", [1280, 420])
def test_its_pictures_are_whole(run, programme, tmp_path, width):
    file = tmp_path / "page.html"
    file.write_text(page(run, programme), encoding="utf-8")
    with chromium() as browser:
        visit = Visit(browser, file, viewport={"width": width, "height": 900})
        assert visit.page.locator("#ramp figure").count() == 5
        assert visit.faulty_labels() == []
        assert visit.said == []
        visit.page.context.close()


def test_pictures_beside_each_other_begin_at_one_height(run, tmp_path):
    long = programme_of(PLANT.replace("frame,Frame", "frame,Frame of steel tubes that two welders and a helper make"))
    file = tmp_path / "page.html"
    file.write_text(page(run, long), encoding="utf-8")
    with chromium() as browser:
        visit = Visit(browser, file, viewport={"width": 1280, "height": 900})
        heads, tops = (
            visit.page.evaluate(
                f"[...document.querySelectorAll('#ramp .many {what}')].map(e => e.getBoundingClientRect().{side})"
            )
            for what, side in (("figcaption h4", "height"), ("figure > .scroll", "top"))
        )
        assert heads[1] > 1.5 * heads[0], "one name takes two lines"
        assert tops[0] == pytest.approx(tops[1], abs=0.5)
        visit.page.context.close()
