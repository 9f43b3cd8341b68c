"""frePPLe's XML read into tables: one small model for each feature; the published ones where they are at hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tandemplan.interop.frepple import programme_of_frepple
from tandemplan.model.reading import read
from tandemplan.model.schema import TABLES, Demand
from tandemplan.model.writing import write
from tandemplan.problems import ProgrammeFaultsError

PEERS = Path(__file__).parents[3].parent / "shared" / "peers"
MODELS = sorted([*PEERS.glob("frepple/*/model.xml"), *PEERS.glob("probes/*.xml")])
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.fixture
def model(tmp_path):
    def made(body: str, current: str = "2026-01-01T00:00:00"):
        file = tmp_path / "model.xml"
        file.write_text(f"<plan {XSI}>\n<current>{current}</current>\n{body}</plan>", encoding="utf-8")
        programme, problems = programme_of_frepple(file)
        write(programme, tmp_path / "tables")
        again = read(tmp_path / "tables")
        assert again == programme
        return programme, [str(p) for p in problems]

    return made


def rows(programme, table: str, *columns: str):
    found = programme[TABLES[table]].rows()
    return [tuple(getattr(r, c) for c in columns) for r in found]


def test_fields_are_elements_or_attributes_and_blocks_update(model):
    programme, problems = model(
        "<operations><operation name='make' duration='P1D'><item name='chair'/><location name='shop'/></operation>"
        "<operation><name>make</name><duration_per>PT2H</duration_per><size_minimum>5</size_minimum></operation></operations>"
        "<items><item name='chair' cost='7'/></items>"
    )
    assert rows(programme, "processes", "process", "item", "site", "fixed_hours", "minimum_units") == [
        ("make", "chair", "shop", 24.0, 5.0)
    ]
    assert rows(programme, "items", "item", "standard_cost") == [("chair", 7.0)]
    assert problems == []


def test_a_type_is_that_of_the_first_block(model):
    programme, _ = model(
        "<resources><resource name='line'><maximum>10</maximum></resource></resources>"
        "<operations><operation name='make' xsi:type='operation_time_per'><loads><load>"
        "<resource name='line' xsi:type='resource_buckets'/></load></loads></operation></operations>"
    )
    assert rows(programme, "work_centres", "work_centre", "counts", "stations") == [("line", "stations", 10.0)]


def test_calendars_take_the_lowest_priority_and_of_equal_ones_the_later(model):
    programme, _ = model(
        "<calendars><calendar name='c'><default>1</default><buckets>"
        "<bucket start='2026-01-01T00:00:00' value='2'/><bucket start='2026-02-01T00:00:00' value='3'/>"
        "<bucket start='2026-01-01T00:00:00' end='2026-03-01T00:00:00' priority='-1' days='65' starttime='PT6H' endtime='PT14H30M' value='0'/>"
        "</buckets></calendar></calendars>"
    )
    columns = ("rank", "value", "weekdays", "from_time", "to_time")
    assert rows(programme, "calendar_hours", *columns) == [
        (None, 1.0, (), "", ""),
        (1, 0.0, ("Sat", "Sun"), "06:00", "14:30"),
        (2, 3.0, (), "", ""),
        (3, 2.0, (), "", ""),
    ]


def test_suppliers_and_lanes_of_a_parent_are_those_of_its_children(model):
    programme, _ = model(
        "<locations><location name='dc'/><location name='wh'/></locations><items><item name='all'><itemsuppliers><itemsupplier>"
        "<supplier name='s'/><leadtime>P7D</leadtime><location name='dc'/><hard_safety_leadtime>P1D</hard_safety_leadtime>"
        "</itemsupplier></itemsuppliers><itemdistributions><itemdistribution><origin name='dc'/><leadtime>P2D</leadtime>"
        "</itemdistribution></itemdistributions></item><item name='a'><owner name='all'/></item></items>"
        "<demands><demand name='d' quantity='25' due='2026-02-01T12:00:00' priority='3'><item name='a'/><location name='wh'/></demand></demands>"
    )
    assert rows(programme, "processes", "process", "kind", "fixed_hours", "hold_hours", "multiple_units") == [
        ("Ship a from dc to wh", "move", 48.0, 0.0, 1.0),
        ("Purchase a @ dc from s", "buy", 168.0, 24.0, 1.0),
    ]
    demand = rows(programme, "demands", "due_time", "demand_class", "minimum_shipment_units", "latest_time")
    assert demand == [("12:00", 3, 2.0, "12:00")]


def test_alternates_are_ways_and_routings_have_steps(model):
    step = "<suboperation><operation name='{0}' duration='P1D'/><priority>{1}</priority>{2}</suboperation>"
    programme, problems = model(
        "<items><item name='a'/></items><operations><operation name='alt' xsi:type='operation_alternate'><item name='a'/>"
        "<location name='l'/><suboperations>"
        + step.format("x", 1, "<effective_end>2026-02-01T00:00:00</effective_end>")
        + "<suboperation><operation name='route' xsi:type='operation_routing'><suboperations>"
        + step.format("s2", 2, "")
        + step.format("s1", 1, "")
        + "</suboperations></operation><priority>2</priority></suboperation></suboperations></operation></operations>"
    )
    assert rows(programme, "processes", "process", "item", "site", "rank", "part_of", "step") == [
        ("x", "a", "l", 1, "", 10),
        ("route", "a", "l", 2, "", 10),
        ("s1", "", "", 1, "route", 10),
        ("s2", "", "", 1, "route", 20),
    ]
    assert problems == []


def test_alternative_flows_and_loads_skills_and_set_ups(model):
    programme, _ = model(
        "<setupmatrices><setupmatrix name='m'><rules><rule priority='1' fromsetup='red' tosetup='.*' duration='PT2H' cost='3'/></rules>"
        "</setupmatrix></setupmatrices><resources><resource name='pool'/><resource name='r1' efficiency='50'><owner name='pool'/>"
        "<setupmatrix name='m'/><setup>red</setup><resourceskills><resourceskill><skill name='weld'/><priority>2</priority></resourceskill>"
        "</resourceskills></resource></resources><operations><operation name='make'><loads><load><resource name='pool'/><skill name='weld'/>"
        "<setup>blue</setup><quantity>2</quantity></load></loads><flows><flow><item name='x'/><quantity>-1</quantity><name>alt</name></flow>"
        "<flow><item name='y'/><quantity>-2</quantity><name>alt</name><priority>2</priority></flow></flows></operation></operations>"
    )
    assert rows(programme, "set_ups", "from_set_up", "to_set_up", "hours", "cost") == [("red", "", 2.0, 3.0)]
    assert rows(programme, "work_centres", "work_centre", "pool", "efficiency_share", "set_up", "early_hours") == [
        ("pool", "", 1.0, "", 2400.0),
        ("r1", "pool", 0.5, "red", 2400.0),
    ]
    assert rows(programme, "work_centre_skills", "work_centre", "skill", "rank") == [("r1", "weld", 2)]
    assert rows(programme, "process_loads", "work_centre", "stations", "skill", "set_up") == [
        ("pool", 2.0, "weld", "blue")
    ]
    assert rows(programme, "process_flows", "item", "unit_units", "choice", "rank") == [
        ("x", -1.0, "alt", 1),
        ("y", -2.0, "alt", 2),
    ]


def test_explicit_producers_infinite_buffers_and_buffers_of_one_place(model):
    programme, problems = model(
        "<buffers><buffer name='one'><item name='a'/><producing name='make' duration='P1D'/><onhand>4</onhand><minimum>2</minimum></buffer>"
        "<buffer name='two' xsi:type='buffer_infinite'><item name='a'/></buffer></buffers>"
        "<operations><operation name='other'><flows><flow xsi:type='flow_end'><buffer name='one'/><quantity>1</quantity></flow></flows>"
        "</operation></operations>"
    )
    assert rows(programme, "processes", "process", "kind", "item", "rank") == [
        ("Supply of two", "buy", "two", 1),
        ("make", "make", "a", 1),
        ("other", "make", "", 0),
    ]
    assert rows(programme, "stock", "item", "quantity_units") == [("a", 4.0)]
    assert rows(programme, "stock_policies", "item", "safety_units") == [("a", 2.0)]
    assert problems == [
        "model.xml:3: buffer 'two' lies where 'one' does; it is an item of its own. [not-imported]",
    ]


def test_statuses_groups_and_given_orders(model):
    demand = "<demand name='{0}' quantity='5' due='2026-02-01T00:00:00'><item name='a'/>{1}</demand>"
    order = "<operationplan reference='{0}' quantity='3' status='{1}'><operation name='make'/><end>2026-01-05T00:00:00</end></operationplan>"
    programme, problems = model(
        "<operations><operation name='make' duration='P1D'><item name='a'/></operation></operations><demands>"
        "<demand name='g' xsi:type='demand_group'><policy>alltogether</policy></demand>"
        + demand.format("d1", "<owner name='g'/><priority>2</priority>")
        + demand.format("d2", "<status>quote</status><priority>1</priority>")
        + demand.format("d3", "<status>closed</status>")
        + demand.format("d4", "<status>inquiry</status>")
        + "</demands><operationplans>"
        + order.format("o1", "confirmed")
        + order.format("o2", "approved")
        + order.format("o3", "proposed")
        + "</operationplans>"
    )
    assert rows(programme, "demands", "demand", "group", "demand_class") == [("d1", "g", 2), ("d2", "", 4)]
    assert rows(programme, "process_orders", "order", "status", "start") == [
        ("o1", "confirmed", None),
        ("o2", "approved", None),
    ]
    assert [p.split(": ", 1)[1] for p in problems] == [
        "demand 'd4' is inquiry: it is not planned. [not-imported]",
        "order 'o3' is proposed: it is not kept. Others like it are not kept either. [not-imported]",
    ]


def test_code_in_the_file_is_not_run(model):
    _, problems = model("<?python\nprint('hello')\n?><items/>")
    assert problems == ["model.xml:3: code of python is in the file: it is not run. [not-imported]"]


def test_a_demand_has_class_0_where_no_priority_is_said(model):
    programme, _ = model(
        "<operations><operation name='make'><item name='a'/></operation></operations>"
        "<demands><demand name='d' quantity='3' due='2026-02-01T00:00:00'><item name='a'/></demand></demands>"
    )
    assert rows(programme, "demands", "demand_class", "minimum_shipment_units") == [(0, 0.0)]


def test_a_route_takes_the_strictest_lot_of_its_steps(model):
    programme, _ = model(
        "<operations><operation name='r' xsi:type='operation_routing' size_maximum='50'><item name='a'/><suboperations>"
        "<suboperation><operation name='s' size_minimum='4' size_multiple='2' size_maximum='40'/></suboperation></suboperations></operation></operations>"
    )
    assert rows(programme, "processes", "process", "minimum_units", "multiple_units", "most_units")[0] == (
        "r",
        4.0,
        2.0,
        40.0,
    )


def test_what_cannot_be_said_is_a_problem_with_its_line(model):
    _, problems = model("<items><item name='a'>\n<shelflife>P5D</shelflife></item></items>")
    assert problems == ["model.xml:3: shelflife of item 'a' is not read. Nor is that of others. [not-imported]"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<operations><operation name='m' duration='soon'/></operations>", "not-a-duration"),
        ("<operations><operation name='m' size_minimum='few'/></operations>", "not-a-number"),
        ("<demands><demand name='d' quantity='1' due='soon'><item name='a'/></demand></demands>", "not-a-date"),
        ("<items><item", "bad-xml"),
    ],
)
def test_faults_are_refused_with_their_line(model, body, said):
    with pytest.raises(ProgrammeFaultsError, match=said) as caught:
        model(body)
    assert caught.value.problems[0].line == 3


@pytest.mark.skipif(not MODELS, reason="no published models at hand")
@pytest.mark.parametrize("file", MODELS, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_published_models_make_programmes_that_read_back(file, tmp_path):
    programme, _ = programme_of_frepple(file)
    write(programme, tmp_path / "made")
    assert read(tmp_path / "made") == programme
    assert len(programme.tables["demands"]) > 0


@pytest.mark.skipif(not MODELS, reason="no published models at hand")
def test_a_thousand_orders_are_read(tmp_path):
    file = tmp_path / "synthetic.xml"
    subprocess.run([sys.executable, str(PEERS / "synthetic.py"), "1000", str(file)], check=True)
    programme, problems = programme_of_frepple(file)
    assert (len(programme.tables["demands"]), len(programme.tables["processes"]), problems) == (1000, 250, ())


def test_numbers_without_end_and_a_shipment_of_frepples_choice(tmp_path):
    file = tmp_path / "odd.xml"
    file.write_text(
        "<plan><current>2026-01-01T00:00:00</current><operations><operation name='make A'><item name='A'/><location name='L'/>"
        "<duration>P1D</duration></operation></operations><demands><demand name='d'><item name='A'/><location name='L'/>"
        "<quantity>20</quantity><minshipment>-1</minshipment><due>2026-01-05T00:00:00</due><maxlateness>P99999999999D</maxlateness></demand>"
        "<demand name='e'><item name='A'/><location name='L'/><quantity>1e400</quantity><due>2026-01-05T00:00:00</due></demand></demands></plan>"
    )
    with pytest.raises(ProgrammeFaultsError) as raised:
        programme_of_frepple(file)
    assert "quantity of demand 'e' is '1e400'" in str(raised.value)
    file.write_text(file.read_text().replace("1e400", "5"))
    programme, _ = programme_of_frepple(file)
    assert programme[Demand].minimum_shipment_units.tolist() == [2.0, 0.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html><current>2026-01-01T00:00:00</current></html>", "holds <html>"),
        ("<?xml version='1.0' encoding='klingon'?><plan/>", "no XML that is read"),
        ("<plan><current>9999-12-31T00:00:00</current></plan>", "current is '9999-12-31T00:00:00'"),
        ("<plan><current>2026-01-01T00:00:00</current><resources><resource name='R'><owner name='R'/></resource></resources></plan>", "in a circle"),
    ],
)  # fmt: skip
def test_what_is_no_model_is_refused_with_a_reason(tmp_path, text, said):
    file = tmp_path / "odd.xml"
    file.write_text(text)
    with pytest.raises(ProgrammeFaultsError) as raised:
        programme_of_frepple(file)
    assert said in str(raised.value)
