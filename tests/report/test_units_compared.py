"""Two runs of a programme whose products are counted in several units: asked and delivered of both, each in its own unit."""

import json
import re

import pytest

from tandemplan.report.comparison import comparison, comparison_lines
from tandemplan.report.figures.limits import limits
from tandemplan.report.page import page
from tandemplan.report.sheets.front import summary_lines
from tandemplan.report.summary import plan_lines
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

from .browser import Visit, chromium

MODEL = """
start = 2026-06-01
periods = 4 weeks
[customers]
customer,name
wing,The refuelling detachment of the coastal base
host,The air force of the host
[items]
item,name,unit
sorties,Tanker sorties flown from the coastal base,sortie
fuel,Fuel issued to other aircraft,m3
[sites]
site
X
Y
[stock]
item,site,quantity_units
sorties,X,1
fuel,X,1
[crossings]
crossing
BX
[lanes]
lane,from_place,to_site,crossing
road,Y,X,BX
[demands]
demand,customer,item,site,quantity_units,due
s1,wing,sorties,X,{sorties},2026-06-05
f1,host,fuel,X,100,2026-06-12
[risks]
risk,name,date,duration_days,duration_sd_days,changes
R1,Road closed,{date},16,{spread},lanes[crossing=BX].capacity_kg_per_week *= {factor}
"""
TABLES = """
[demand_summary]
demand,customer,demand_class,item,quantity,due,on_time,late,lost,late_unit_days,last_delivery
s1,wing,1,sorties,{sorties},2026-06-05,{sorties},0,0,0,2026-06-05
f1,host,2,fuel,100,2026-06-12,60,40,0,{days},2026-06-19
[classes]
demand_class,demanded,on_time,late,lost,late_unit_days,value,bound,gap
1,{sorties},{sorties},0,0,0,0,0,0
2,100,60,40,0,{days},{days},{days},0
[limits]
what,family,name,period_start,stage,worth,unit,demands_hurt
capacity,hours,pump,2026-06-01,class 2 firm,6,hours,1
material,balance,fuel@X,2026-06-01,class 2 firm,{worth},units,1
lane,lanes,road,2026-06-01,cost,0.5,kg,0
[costs]
term,decided,amount
purchases,yes,100
"""


def side(sorties, date="", spread=10, factor=0.05, days=280, worth=7):
    model = programme_of(MODEL.format(sorties=sorties, date=date, spread=spread, factor=factor))
    return run_of(TABLES.format(sorties=sorties, days=days, worth=worth)), model


@pytest.fixture(scope="module")
def both():
    return (*side(810), *side(890, date="2026-07-19", spread=0, factor=0, days=300, worth=8))


@pytest.fixture(scope="module")
def text(both):
    return comparison(*both)


def table(text, name):
    """Return the rows of a table as its data has them: a dictionary by heading and unit."""
    box = text[text.index(f'<div class="data" id="{name}"') :]
    columns = json.loads(re.search(r'<script type="application/json">(.*?)</script>', box, re.DOTALL)[1])
    cells = [[c["d"][v] if "d" in c else v for v in c["v"]] for c in columns]
    heads = [f"{c['n']} {c['u']}".strip() for c in columns]
    return [dict(zip(heads, row, strict=True)) for row in zip(*cells, strict=True)]


def test_the_answer_says_what_is_asked_and_delivered_of_both_in_their_own_units(both):
    sentence, inputs, classes = comparison_lines(*both)
    assert "as many m3 as A (100 of 100 asked)" in sentence
    assert "80 sorties more than A (890 of 890 asked, against 810 of 810)" in sentence
    assert "waits 20 m3-days more" in sentence
    assert "Road closed (risks R1): date none → 19 Jul 2026, standard deviation of duration 10 → 0 days and " in inputs
    assert "capacity of lanes with crossing BX × 0.05 → × 0" in inputs
    assert "+80 sorties delivered (+80 asked)" in classes
    assert "+20 m3-days of lateness" in classes


def test_more_delivered_because_more_is_asked_is_no_gain(text):
    tile = re.search(r'<div class="tile ([a-z]*)"><dt>Delivered</dt>.*?</div></dd>', text)
    assert tile[1] == ""
    assert "80 sorties more are asked; A 810 of 810, B 890 of 890 sorties; 100 of 100 m3 in both" in tile[0]


def test_tiles_tell_once_what_is_the_same_in_both(text):
    tiles = dict(re.findall(r'<dt>([^<]*)</dt>.*?<div class="below">([^<]*)</div>', text))
    assert tiles["Never delivered"] == "nothing in both"
    assert tiles["Lateness"] == "A 280 m3-days, B 300 m3-days"


def test_what_differs_is_told_in_phrases_with_its_place_beside(text):
    rows = table(text, "inputs")
    assert rows[0] == {"of": "demands s1", "what": "quantity", "A": "810 sorties", "B": "890 sorties", "table and column": "demands, quantity_units"}  # fmt: skip
    assert ("date", "none", "19 Jul 2026") in [(r["what"], r["A"], r["B"]) for r in rows]


def test_figures_that_are_the_same_lie_folded_below(text):
    differ = [(r["class"], r["what"], r["unit"], r["difference"]) for r in table(text, "classes")]
    assert differ == [
        (1, "asked", "sorties", 80),
        (1, "on time", "sorties", 80),
        (2, "lateness", "m3-days", 20),
        (2, "lateness, weighted", "weighted m3-days", 20),
    ]
    assert "4 figures of 12 differ." in text
    assert len(table(text, "classes-alike")) == 8
    assert "<details><summary>Figures that are the same in both (8)</summary>" in text


def test_the_worth_of_a_limit_says_of_what_and_per_what(text):
    differ, alike = table(text, "limits-table"), table(text, "limits-table-alike")
    assert [(r["limit"], r["worth is in"]) for r in differ] == [("supply of Fuel issued to other aircraft at X", "weighted m3-days per m3")]  # fmt: skip
    assert sorted(r["worth is in"] for r in alike) == ["EUR per kg", "weighted m3-days per hour"]


def test_a_page_of_one_run_counts_each_class_in_its_own_unit():
    text = page(*side(810))
    assert [(r["class"], r["unit"], r["asked"]) for r in table(text, "classes")] == [
        (1, "sorties", 810),
        (2, "m3", 100),
    ]
    assert [r["asked m3"] for r in table(text, "late-table")] == [100]
    assert [r["worth is in"] for r in table(text, "short")] == ["weighted m3-days per m3"]
    assert "together 280 m3-days late" in text
    held = text[text.index('id="limits"') :]
    assert "weighted m3-days per hour" in held
    assert "EUR per kg" in held


def test_dates_of_both_stand_inside_the_window(text, tmp_path):
    (tmp_path / "both.html").write_text(text, encoding="utf-8")
    with chromium() as browser:
        visit = Visit(browser, tmp_path / "both.html", viewport={"width": 1440, "height": 900})
        wide = "[...document.querySelectorAll('.data > .scroll')].filter(s => s.scrollWidth > s.clientWidth + 1)"
        assert visit.page.locator("#moved-table").is_visible()
        assert visit.page.evaluate(f"{wide}.map(s => s.parentElement.id)") == []
        assert visit.said == []


def test_one_of_a_unit_of_measure_stands_in_the_singular():
    lines = comparison_lines(*side(1), *side(2))
    assert "1 sortie more than A (2 of 2 asked, against 1 of 1)" in lines[0]
    assert "+1 sortie delivered (+1 asked)" in lines[2]
    assert plan_lines(*side(1))[0].startswith("Delivered: 100 of 100 m3 (100 %) and 1 of 1 sortie (100 %).")


def test_the_picture_of_limits_says_their_worth_in_the_unit_of_the_product():
    said = limits(*side(810)).description
    assert "one more m3 is worth up to 7 weighted m3-days." in said
    assert "one more hour is worth up to 6 weighted m3-days." in said
    assert said.endswith("one more kg is worth up to 0.5 EUR.")


def test_the_workbook_calls_amounts_as_the_page_does():
    labels = [cell.value for line in summary_lines(*side(810), [], []) for cell in line.cells]
    assert "asked for, sorties" in labels
    assert "asked for, m3" in labels
    assert "810 of 810 sorties (100 %)" in str(labels)


def test_the_shell_says_lateness_in_the_unit_of_the_class():
    assert "Class 2: 280 m3-days late; value 280, bound 280, gap 0 %." in plan_lines(*side(810))
