"""Dependence of a small plan on its sources, against sums done by hand."""

from datetime import date

import numpy as np
import pytest

from tandemplan.dependence.measures import dependence
from tandemplan.report.depending import dependence_lines
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

PLANT = """
start = 2026-06-01
periods = 6 weeks
currency = EUR
[countries]
country
RO
CN
[crossings]
crossing,closure_days
border,7
[sites]
site,country
plant,RO
shop,RO
[items]
item
bike
wheel
frame
[suppliers]
supplier,country,recover_days
far,CN,10
near,RO,7
[offers]
offer,supplier,item,third_country_share
wheels,far,wheel,1
others,near,wheel,0
frames,near,frame,0.5
[lanes]
lane,from_place,to_site,crossing
sea,CN,plant,border
road,RO,plant,
van,plant,shop,
[bom]
parent,component,quantity_units
bike,wheel,2
bike,frame,1
[operations]
item,site,step,work_centre,plateau_hours
bike,plant,1,bench,1
[work_centres]
work_centre,site,stations
bench,plant,9
[demands]
demand,site,item,quantity_units,due
D1,shop,bike,10,2026-06-07
D2,shop,bike,10,2026-06-14
D3,shop,bike,10,2026-06-21
D4,shop,bike,10,2026-06-28
D5,shop,bike,10,2026-07-05
D6,shop,bike,10,2026-07-12
"""
# wheels come for three weeks at once, frames every week; bikes are built, moved and delivered on Sundays
RUN = """
[purchases]
order,supplier,offer,lane,item,site,quantity,accepted,shipped,receipt,release,cost
P1,far,wheels,sea,wheel,plant,60,60,2026-06-03,2026-06-07,2026-06-01,300
P2,far,wheels,sea,wheel,plant,60,60,2026-06-24,2026-06-28,2026-06-01,300
F1,near,frames,road,frame,plant,10,10,2026-06-06,2026-06-07,2026-06-01,50
F2,near,frames,road,frame,plant,10,10,2026-06-13,2026-06-14,2026-06-01,50
F3,near,frames,road,frame,plant,10,10,2026-06-20,2026-06-21,2026-06-01,50
F4,near,frames,road,frame,plant,10,10,2026-06-27,2026-06-28,2026-06-01,50
F5,near,frames,road,frame,plant,10,10,2026-07-04,2026-07-05,2026-06-01,50
F6,near,frames,road,frame,plant,10,10,2026-07-11,2026-07-12,2026-06-01,50
[production]
order,item,site,started,good,start,end
M1,bike,plant,10,10,2026-06-07,2026-06-07
M2,bike,plant,10,10,2026-06-14,2026-06-14
M3,bike,plant,10,10,2026-06-21,2026-06-21
M4,bike,plant,10,10,2026-06-28,2026-06-28
M5,bike,plant,10,10,2026-07-05,2026-07-05
M6,bike,plant,10,10,2026-07-12,2026-07-12
[moves]
order,lane,item,from_site,to_site,quantity,release,receipt
T1,van,bike,plant,shop,10,2026-06-07,2026-06-07
T2,van,bike,plant,shop,10,2026-06-14,2026-06-14
T3,van,bike,plant,shop,10,2026-06-21,2026-06-21
T4,van,bike,plant,shop,10,2026-06-28,2026-06-28
T5,van,bike,plant,shop,10,2026-07-05,2026-07-05
T6,van,bike,plant,shop,10,2026-07-12,2026-07-12
[demand_summary]
demand,item,quantity,certainty
D1,bike,10,firm
D2,bike,10,firm
D3,bike,10,firm
D4,bike,10,firm
D5,bike,10,firm
D6,bike,10,firm
[deliveries]
demand,site,item,quantity,due,delivered,demand_class
D1,shop,bike,10,2026-06-07,2026-06-07,1
D2,shop,bike,10,2026-06-14,2026-06-14,1
D3,shop,bike,10,2026-06-21,2026-06-21,1
D4,shop,bike,10,2026-06-28,2026-06-28,1
D5,shop,bike,10,2026-07-05,2026-07-05,1
D6,shop,bike,10,2026-07-12,2026-07-12,1
"""


def told(run=RUN, plant=PLANT, every_days=7):
    frame = dependence(programme_of(plant), run_of(run), every_days)
    columns = [frame[n].tolist() for n in frame]
    return {row[0:2]: dict(zip(frame, row, strict=True)) for row in zip(*columns, strict=True)}


@pytest.fixture(scope="module")
def found():
    return told()


def test_every_source_of_the_plan_has_a_row(found):
    assert {kind: sorted(n for k, n in found if k == kind) for kind, _ in found} == {
        "supplier": ["far", "near"],
        "country": ["CN", "RO"],
        "part": ["frame", "wheel"],
        "site": ["plant", "shop"],
        "crossing": ["border"],
        "lane": ["road", "sea", "van"],
    }


def test_what_is_bought_where(found):
    far, near, plant = found["supplier", "far"], found["supplier", "near"], found["site", "plant"]
    assert (far["value"], round(far["share"], 4), far["third_country_share"]) == (600, round(2 / 3, 4), 1)
    assert (near["value"], near["third_country_share"]) == (300, 0.5)
    assert (plant["value"], plant["third_country_share"]) == (900, round((600 + 150) / 900, 6))
    assert plant["supplier_hhi"] == round((2 / 3) ** 2 + (1 / 3) ** 2, 6)  # 0.555556


def test_who_is_alone(found):
    """The plan buys wheels from far alone, but near offers them too; nobody else offers frames."""
    far, near = found["supplier", "far"], found["supplier", "near"]
    assert (far["parts"], far["only_in_plan"], far["only_in_programme"]) == (1, 1, 0)
    assert (near["parts"], near["only_in_plan"], near["only_in_programme"]) == (1, 1, 1)
    assert (found["part", "wheel"]["only_in_plan"], found["part", "wheel"]["only_in_programme"]) == (1, 0)


def test_time_to_survive_is_that_of_the_worst_moment(found):
    """Lost on 1 June, before the first wheels are sent, D1 is missed after 6 days; on 8 June wheels last until D4, 20 days on."""
    far = found["supplier", "far"]
    assert (far["units"], far["demands"]) == (60, 6)
    assert (far["survive_days"], far["survive_from"]) == (6, date(2026, 6, 1))
    assert found["supplier", "near"]["survive_days"] == 6  # frames come just in time


def test_what_a_loss_for_the_time_to_recover_makes_late(found):
    """Wheels of 3 June are sent on 11 June, and come on 15 June: D1 waits two weeks, D2 one, and all is well in the third."""
    far = found["supplier", "far"]
    assert (far["recover_days"], far["late_units"], far["late_demands"]) == (10, 20, 2)
    assert far["late_unit_days"] == 10 * 7 + 20 * 7
    assert far["late_from"] == date(2026, 6, 1)
    assert far["exposure_index"] == 1


def test_the_country_and_the_crossing_of_a_supplier(found):
    """Wheels withheld at the border on 1 June for 7 days are sent on 8 June and come on 12 June: D1 waits a week."""
    assert found["country", "CN"]["late_unit_days"] == 210
    border = found["crossing", "border"]
    assert (border["recover_days"], border["late_unit_days"], border["late_units"]) == (7, 70, 10)
    assert round(border["exposure_index"], 6) == round(70 / 210, 6)


def test_what_is_made_and_moved_stops_too(found):
    """The shop's country is the plant's: everything stops. Of a site and a lane without a border nobody says how long."""
    plant, van = found["site", "plant"], found["lane", "van"]
    assert (plant["units"], plant["survive_days"]) == (60, 6)
    assert (van["units"], van["value"]) == (60, 0)
    assert np.isnan([plant["recover_days"], van["late_unit_days"], van["exposure_index"]]).all()
    assert found["country", "RO"]["late_units"] == 10  # 7 days: one Sunday


def test_stock_is_used_first():
    """With 40 wheels in stock the second lot of wheels is not missed before D6."""
    plant = PLANT + "[stock]\nsite,item,quantity_units\nplant,wheel,40\n"
    far = told(plant=plant)["supplier", "far"]
    assert far["units"] == 40
    assert (far["survive_days"], far["survive_from"]) == (20, date(2026, 6, 1))  # D3 on 21 June


def test_a_second_source_serves_who_waits_longest():
    """The second lot of wheels comes from near: without far, D1 to D3 come three weeks late by it, and the others never."""
    run = RUN.replace("P2,far,wheels,sea", "P2,near,others,road")
    far = told(run=run)["supplier", "far"]
    assert (far["units"], far["only_in_plan"]) == (60, 0)
    near = told(run=run)["supplier", "near"]
    assert (near["parts"], near["only_in_plan"], near["value"]) == (2, 1, 600)


def test_a_lane_takes_its_time():
    """A week on the road: what leaves on Sunday comes a week later, and so does what is missing."""
    run = RUN
    for k in range(6, 0, -1):
        came = np.datetime64("2026-06-07") + 7 * (k - 1)
        old, new = f"{came},{came}", f"{came},{came + 7}"
        run = run.replace(f"T{k},van,bike,plant,shop,10,{old}", f"T{k},van,bike,plant,shop,10,{new}")
        run = run.replace(f"D{k},shop,bike,10,{old},1", f"D{k},shop,bike,10,{new},1")
    run = "\n".join(line for line in run.splitlines() if not line.startswith(("T6", "D6,shop")))
    far = told(run=run)["supplier", "far"]
    assert (far["units"], far["survive_days"]) == (50, 13)
    assert (far["late_units"], far["late_unit_days"]) == (20, 210)


def test_a_plan_of_nothing_depends_on_nobody():
    empty = dict.fromkeys(("purchases", "production", "moves", "demand_summary", "deliveries"), "")
    heads = {line: RUN.split(f"[{line}]\n")[1].split("\n", maxsplit=1)[0] for line in empty}
    assert told(run="".join(f"[{n}]\n{h}\n" for n, h in heads.items())) == {}


def test_what_is_said_of_one_kind_knows_the_others(found):
    """Single sources and concentration are those of all parts and suppliers; the worst are of the kind that is asked for."""
    programme, rows = programme_of(PLANT), list(found.values())
    alone, bought, exposed, first, *_ = dependence_lines(rows, programme, "crossing")
    assert alone.startswith(
        "Single sources: 2 of 2 parts from one supplier, 1 of them because nobody else offers them: frame."
    )
    assert bought.startswith("Purchases: 900 EUR from 2 suppliers")
    assert exposed.endswith("1 of 1 source.")
    assert first.startswith("1. border (crossing), lost for 7 days from 1 Jun 2026: 10 units of 1 demand late")


def test_what_is_bought_of_nobody_that_offers_name_is_told_too(found):
    """Where far's offer names no supplier there is no row of far: 600 of 900 EUR come from nobody that is named; without any name 900 do."""
    programme = programme_of(PLANT)
    rows = [r for key, r in found.items() if key != ("supplier", "far")]
    assert dependence_lines(rows, programme)[1] == (
        "Purchases: 300 EUR from 1 supplier, squared shares 1.00; most from near, 100 %; 600 EUR more, whose offers name no supplier; from third countries 83.3 %."
    )
    rows = [r for (kind, _), r in found.items() if kind != "supplier"]
    assert (
        dependence_lines(rows, programme)[1]
        == "Purchases: 900 EUR, whose offers name no supplier; from third countries 83.3 %."
    )
