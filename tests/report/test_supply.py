"""Purchases, shortages, stock and the map: figures and tables against sums done by hand."""

import pytest

from tandemplan.report.datatable import DataTable
from tandemplan.report.figures.limits import limits
from tandemplan.report.figures.load import load
from tandemplan.report.gallery import drawing, figure
from tandemplan.report.headline import holding_back
from tandemplan.report.listings import (
    late,
    missed_targets,
    moves,
    production,
    purchases,
    qualifications,
    shortages,
    spend_by_item,
)
from tandemplan.report.sections import sections
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

MODEL = """
start = 2026-06-01
periods = 3 weeks
currency = EUR
[countries]
country,name
RO,Romania
CN,China
DE,Germany
XA,Ally A (fictional)
[sites]
site,name,country,latitude_deg,longitude_deg
H,Hall,RO,45.6,25.6
B,Base,RO,44.4,28.5
X,Handover,XA,,
[suppliers]
supplier,name,country
near,Near Ltd,RO
far,Far Ltd,CN
idle,Idle Ltd,DE
[lanes]
lane,from_place,to_site
l,H,B
back,B,H
[items]
item,name,kind,unit,standard_cost
kit,Kit of parts,kit,each,100
bike,Bicycle,product,each,
[offers]
offer,supplier,item,site,unit_price
n,near,kit,H,90
f,far,kit,H,80
"""
RUN = """
[purchases]
order,supplier,offer,item,site,quantity,accepted,release,receipt,price,cost
P-1,near,n,kit,H,10,10,2026-05-20,2026-06-02,90,900
P-2,far,f,kit,H,5,5,2026-05-20,2026-06-09,80,400
P-3,near,n,kit,H,1,1,2026-06-01,2026-06-16,90,90
[stock]
site,item,period_start,closing
H,kit,2026-06-01,4
H,kit,2026-06-08,0
H,kit,2026-06-15,1
B,bike,2026-06-15,7
[stock_targets]
site,item,period_start,safety,closing,shortfall
H,kit,2026-06-01,4,4,0
H,kit,2026-06-08,4,0,4
H,kit,2026-06-15,2,1,1
[limits]
what,family,name,period_start,stage,worth,unit,demands_hurt
supplier,offers,f,2026-06-01,class 1 firm,3,units,2
supplier,offers,f,2026-06-08,class 1 firm,5,units,2
material,balance,kit@H,2026-06-08,class 1 firm,7,units,1
supplier,offers,n,2026-06-08,cost,1,units,0
[moves]
order,lane,item,from_site,to_site,quantity,release,receipt
T-1,l,bike,H,B,7,2026-06-10,2026-06-12
[deliveries]
demand,demand_class,item,site,quantity,due,delivered
d,1,bike,B,6,2026-06-12,2026-06-12
"""


@pytest.fixture(scope="module")
def programme():
    return programme_of(MODEL)


@pytest.fixture(scope="module")
def run():
    return run_of(RUN)


def cells(table: DataTable):
    return [dict(zip([c.name for c in table.columns], row, strict=True)) for row in table.rows]


def test_purchases_are_summed_by_supplier_and_period_of_receipt(run, programme):
    found = figure("purchases", run, programme)
    assert found.header == (
        "supplier", "country", "orders", "spend, EUR", "share", "1 Jun 2026", "8 Jun 2026", "15 Jun 2026"
    )  # fmt: skip
    assert found.body == (
        ("Near Ltd", "Romania", "2", "990", "71.2 %", "900", "0", "90"),
        ("Far Ltd", "China", "1", "400", "28.8 %", "0", "400", "0"),
    )
    assert found.description == "1,390 EUR are spent with 2 suppliers."


def test_spend_is_summed_by_part(run, programme):
    (kit,) = cells(spend_by_item(run, programme))
    assert (kit["name"], kit["suppliers"], kit["orders"], kit["accepted"], kit["spend"], kit["share"]) == (
        "Kit of parts", "Far Ltd and Near Ltd", 3, 16, 1390, 1
    )  # fmt: skip


def test_a_part_is_short_when_more_of_it_would_take_away_delay(run, programme):
    offer, node = cells(shortages(run, programme))
    assert (offer["part"], offer["why"], offer["periods"], offer["worth of one more"]) == (
        "kit", "Far Ltd (China) sends no more", 2, 5
    )  # fmt: skip
    assert offer["of these without stock"] == 1, "the second week ends without a kit"
    assert (node["site"], node["why"]) == ("Hall", "nothing can bring it earlier")


def test_what_limits_cost_alone_is_no_shortage_but_a_limit(run, programme):
    assert len(shortages(run, programme).rows) == 2
    drawn = limits(run, programme)
    assert len(drawn.panels[0].body) == 3
    assert [k.label for k in drawn.keys] == ["holds back deliveries", "holds back stock targets or cost only"]


def test_stock_is_valued_at_standard_cost(run, programme):
    value, target = drawing("stock", run, programme).panels
    assert value.header == ("period from", "All stock", "Hall", "Kit")
    assert [r[1] for r in value.body] == ["400", "0", "100"], "bicycles without a standard cost count nothing"
    assert target.body == (
        ("1 Jun 2026", "400", "400"), ("8 Jun 2026", "400", "0"), ("15 Jun 2026", "200", "100")
    )  # fmt: skip
    assert target.subtitle == "50 % of the target is reached on average"


def test_missed_targets_are_listed(run, programme):
    (kit,) = cells(missed_targets(run, programme))
    assert (kit["periods with a target"], kit["missed in"], kit["reached on average"]) == (3, 2, 0.5)


def test_the_map_places_what_it_can_and_names_what_it_cannot(run, programme):
    drawn = drawing("map", run, programme)
    sources, sites = drawn.panels
    assert sources.body == (("Romania", "990", "71.2 %"), ("China", "400", "28.8 %"))
    assert sites.body == (("Base", "6 units"), ("Hall", "–"), ("Handover", "–"))
    assert "Not on a map, for want of coordinates or a known country: Handover." in drawn.note
    assert "Hall to Base: 7 units" in sites.marks
    assert "Base to Hall: a lane without moves" in sites.marks
    assert "Germany, no supplier there is used" in sources.marks
    assert "Suppliers in Germany sell nothing in this plan." in drawn.note


def test_suppliers_of_unknown_countries_are_told_of(run, programme):
    lost = programme_of(MODEL.replace("far,Far Ltd,CN", "far,Far Ltd,XA"))
    drawn = drawing("map", run, lost)
    assert ("Ally A (fictional)", "400", "28.8 %") in drawn.panels[0].body
    assert "Ally A (fictional)" in drawn.note


def test_a_section_without_anything_to_show_is_left_out(run, programme):
    assert {"purchases", "stock", "map", "limits"} <= {s.name for s in sections(run, programme)}
    bare = {s.name for s in sections(run_of("[classes]\ndemand_class\n1"), programme)}
    assert not {"purchases", "stock", "startup", "load", "limits"} & bare


def test_lists_of_orders_say_that_fractions_are_to_be_rounded_and_how_many_orders_are_not_by_the_piece():
    programme = programme_of("start = 2026-06-01\n[items]\nitem,unit\nbike,each\npaint,kg")
    run = run_of(
        "[purchases]\norder,item,quantity,release,receipt\np1,bike,1.5,2026-06-01,2026-06-02\np2,bike,2,2026-06-01,2026-06-02\n"
        "p3,paint,1.5,2026-06-01,2026-06-02\n[production]\norder,item,started,start\nm1,bike,0.5,2026-06-01\n"
        "[moves]\norder,item,quantity,release\nt1,bike,3,2026-06-01"
    )
    assert purchases(run, programme).lead == (
        "Not ready for release: 1 of 2 purchases of items counted by the piece are fractions, to be rounded first. "
        "Items not counted by the piece add 1: 3 in all."
    )
    assert production(run, programme).lead.startswith("Not ready for release: 1 of 1 lots")
    assert moves(run, programme).lead == ""
    (orders,) = (s for s in sections(run, programme) if s.name == "orders")
    assert (orders.title, "to be rounded before release" in orders.lead) == ("Orders to round and release", True)


LIMITED = """
[limits]
family,name,period_start,stage,unit,worth,demands_hurt
hours,a,2026-06-01,class 1 firm,hours,2,1
hours,a,2026-06-01,class 2 firm,hours,2,1
hours,a,2026-06-01,cost,hours,2,0
hours,b,2026-06-01,cost,hours,2,0
"""
LOAD = """
[load]
kind,resource,site,period_start,available_hours,used_hours
skill,a,X,2026-06-01,8,8
skill,b,X,2026-06-01,8,8
skill,c,X,2026-06-01,8,4
"""


def test_limits_are_counted_the_same_at_the_top_and_below():
    programme, run = programme_of("start = 2026-06-01"), run_of(LIMITED)
    said = "In all 1 limit holds back deliveries, 1 more stock targets or cost only."
    assert holding_back(run, programme).endswith(said)
    assert said in limits(run, programme).note


def test_a_full_resource_that_is_no_limit_is_named_with_the_reason():
    programme = programme_of("start = 2026-06-01")
    said = "Full at times, yet no limit of deliveries: b. One more hour"
    assert said in load(run_of(LIMITED + LOAD), programme).note
    assert "Full at times" not in load(run_of(LOAD), programme).note, "nothing is limited"


def test_demands_never_served_and_only_late_add_up():
    programme = programme_of("start = 2026-06-01\n[items]\nitem\nbike")
    run = run_of(
        "[demand_summary]\ndemand,item,quantity,late,lost\na,bike,4,0,4\nb,bike,4,1,0\nc,bike,4,1,2\nd,bike,4,0,0"
    )
    assert late(run, programme).lead.startswith("3 demands of 4 (2 never in full, 1 only late), the worst first;")


def test_offers_to_qualify_are_listed():
    programme = programme_of(
        "start = 2026-06-01\ncurrency = EUR\n[items]\nitem,name\nA,Bolt\n[suppliers]\nsupplier,name\nU,Union\n"
        "[offers]\noffer,supplier,item,unit_price,qualified,qualification_cost\nO,U,A,1,no,30"
    )
    run = run_of("[qualifications]\noffer,started,qualified,cost\nO,2026-06-01,2026-06-06,30")
    (table,) = qualifications(run, programme)
    assert table.head == [
        [("O", "text"), ("Union", "text"), ("Bolt", "text"), ("1 Jun 2026", "date"), ("6 Jun 2026", "date"), ("30.00", "money")]
    ]  # fmt: skip
    assert qualifications(run_of("[classes]\ndemand_class\n1"), programme) == []
