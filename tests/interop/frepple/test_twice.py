"""What frePPLe's models may say twice, and tables hold once; what nobody can do, and durations below 0."""

from __future__ import annotations

import pytest

from tandemplan.interop.frepple import programme_of_frepple
from tandemplan.model.schema import TABLES
from tandemplan.problems import ProgrammeFaultsError

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.fixture
def model(tmp_path):
    def made(body: str):
        file = tmp_path / "model.xml"
        file.write_text(f"<plan {XSI}><current>2026-01-01T00:00:00</current>\n{body}</plan>", encoding="utf-8")
        programme, problems = programme_of_frepple(file)
        return programme, [p.message for p in problems]

    return made


def rows(programme, table: str, *columns: str):
    return [tuple(getattr(r, c) for c in columns) for r in programme[TABLES[table]].rows()]


def test_flows_and_loads_of_other_dates_are_lines_of_their_own(model):
    """Until March each chair takes one plank and one joiner, from then on two of each; of two named flows an order has one."""
    programme, _ = model(
        "<items><item name='chair'/><item name='plank'/></items><operations><operation name='make'><item name='chair'/><flows>"
        "<flow xsi:type='flow_start' quantity='-1' effective_end='2026-03-01T00:00:00'><item name='plank'/></flow>"
        "<flow xsi:type='flow_start' quantity='-2' effective_start='2026-03-01T00:00:00'><item name='plank'/></flow>"
        "<flow xsi:type='flow_start' quantity='-3' name='wood'><item name='plank'/></flow></flows><loads>"
        "<load quantity='1' effective_end='2026-03-01T00:00:00'><resource name='joiner'/></load>"
        "<load quantity='2' effective_start='2026-03-01T00:00:00'><resource name='joiner'/></load>"
        "</loads></operation></operations>"
    )
    assert rows(programme, "process_flows", "line", "unit_units", "choice") == [
        (1, -1, ""),
        (2, -2, ""),
        (3, -3, "wood"),
    ]
    assert rows(programme, "process_loads", "line", "stations") == [(1, 1), (2, 2)]


def test_a_supplier_for_all_places_and_for_one_is_two_purchases(model):
    programme, _ = model(
        "<items><item name='plank'><itemsuppliers><itemsupplier leadtime='P7D'><supplier name='oak'/></itemsupplier>"
        "<itemsupplier leadtime='P1D'><supplier name='oak'/><location name='shop'/></itemsupplier></itemsuppliers></item></items>"
        "<buffers><buffer name='b'><item name='plank'/><location name='shop'/><minimum>5</minimum></buffer></buffers>"
    )
    name = "Purchase plank @ shop from oak"
    assert rows(programme, "processes", "process", "fixed_hours") == [(name, 168), (f"{name} (2)", 24)]


def test_a_step_of_two_routes_is_a_process_of_each(model):
    """Both routes use the saw; the copy has the flows and loads of its own."""
    step = "<suboperation><operation name='saw'/><priority>1</priority></suboperation>"
    programme, _ = model(
        "<items><item name='chair'/><item name='table'/></items><operations><operation name='saw' duration='PT2H'><loads><load><resource name='bench'/></load></loads></operation>"
        f"<operation name='chairs' xsi:type='operation_routing'><item name='chair'/><suboperations>{step}</suboperations></operation>"
        f"<operation name='tables' xsi:type='operation_routing'><item name='table'/><suboperations>{step}</suboperations></operation></operations>"
    )
    steps = [r for r in rows(programme, "processes", "process", "part_of", "fixed_hours") if r[1]]
    assert steps == [("saw", "chairs", 2), ("saw (copy 1)", "tables", 2)]
    assert rows(programme, "process_loads", "process", "work_centre") == [("saw", "bench"), ("saw (copy 1)", "bench")]


def test_waits_that_go_in_a_circle_are_cut_and_told(model):
    programme, told = model(
        "<operations>"
        + "".join(f"<operation name='{n}'><item name='{n}'/></operation>" for n in "abc")
        + "</operations><operationdependencies>"
        + "".join(
            f"<operationdependency><operation name='{a}'/><blockedby name='{b}'/></operationdependency>"
            for a, b in ("ab", "bc", "ca")
        )
        + "</operationdependencies>"
    )
    assert rows(programme, "process_waits", "process", "waits_for") == [("a", "b"), ("b", "c")]
    assert told == ["'c' waits for 'a', which waits for it: that is not kept."]


ROUTE = """<operations><operation name='fit' xsi:type='operation_routing'><item name='car'/><suboperations>{steps}</suboperations></operation></operations>
<operationdependencies>{waits}</operationdependencies>"""


def routed(model, steps: str, waits: tuple[str, ...]):
    step = "<suboperation><operation name='{0}'/></suboperation>"
    wait = "<operationdependency><operation name='{0}'/><blockedby name='{1}'/><hard_safety_leadtime>PT3H</hard_safety_leadtime></operationdependency>"
    made = ROUTE.format(steps="".join(map(step.format, steps)), waits="".join(wait.format(*w.split()) for w in waits))
    return model(made)


def test_steps_follow_those_of_their_route_that_they_wait_for(model):
    programme, told = routed(model, "abc", ("a c", "b c"))
    assert rows(programme, "process_waits", "process", "waits_for") == []
    steps = {name: (step, hold) for name, step, hold in rows(programme, "processes", "process", "step", "hold_hours")}
    assert sorted("abc", key=steps.__getitem__) == ["c", "a", "b"]
    assert [steps[n][1] for n in "cab"] == [3.0, 0.0, 0.0]
    assert [t for t in told if "one after the other" in t] == told


def test_a_step_may_not_wait_for_what_waits_for_its_route(model):
    programme, told = routed(model, "ab", ("x fit", "a x"))
    assert rows(programme, "process_waits", "process", "waits_for") == [("x", "fit")]
    assert told == ["'a' waits for 'x', which waits for it: that is not kept."]


def test_what_waits_for_a_step_may_be_waited_for_by_a_later_one(model):
    programme, told = routed(model, "ab", ("x a", "b x"))
    assert rows(programme, "process_waits", "process", "waits_for") == [("x", "a"), ("b", "x")]
    assert told == []


def test_what_asks_for_a_skill_that_nobody_has_is_not_planned(model):
    programme, told = model(
        "<items><item name='chair'/></items><skills><skill name='carving'/></skills><operations><operation name='make'><item name='chair'/>"
        "<loads><load><resource name='joiner'/><skill name='carving'/></load></loads></operation></operations>"
    )
    assert rows(programme, "processes", "process", "rank") == [("make", 0)]
    assert told == ["operation 'make' asks for skill 'carving', which nobody has: it is not planned."]


def test_durations_below_0_are_told_and_0(model):
    programme, told = model(
        "<operations><operation name='make' fence='-P4D' posttime='-PT1H'><item name='chair'/></operation></operations>"
    )
    assert rows(programme, "processes", "fence_hours", "wait_hours") == [(0, 0)]
    assert told == [
        "fence of operation 'make' is -P4D, below 0 hours: 0 is taken.",
        "posttime of operation 'make' is -PT1H, below 0 hours: 0 is taken.",
    ]


def test_a_fault_of_the_tables_names_the_file(tmp_path):
    file = tmp_path / "model.xml"
    demand = "<demands><demand name='d' quantity='1' due='2026-01-05T00:00:00'><item name='chair'/></demand></demands>"
    file.write_text(f"<plan><current>2026-01-01T00:00:00</current>{demand}</plan>", encoding="utf-8")
    with pytest.raises(ProgrammeFaultsError) as caught:
        programme_of_frepple(file)
    assert [(p.source, p.code) for p in caught.value.problems] == [("model.xml", "no-supply")]
    assert "draft" not in str(caught.value.problems[0])


def test_a_delivery_in_lots_or_of_other_places_makes_an_item_that_is_delivered(model):
    """Its ways lie at two places and have lots; what each has done lies where the first way is, and so does the demand."""
    way = "<suboperation><operation name='{0}' size_multiple='5'><location name='{0}'/><flows><flow xsi:type='flow_start' quantity='-1'><item name='chair'/></flow></flows></operation><priority>{1}</priority></suboperation>"
    programme, _ = model(
        "<items><item name='chair'/></items><operations><operation name='ship' xsi:type='operation_alternate'><suboperations>"
        + way.format("north", 1)
        + way.format("south", 2)
        + "</suboperations></operation></operations><demands><demand name='d' quantity='10' due='2026-01-05T00:00:00'>"
        "<item name='chair'/><operation name='ship'/></demand></demands>"
    )
    assert rows(programme, "demands", "item", "site", "processes") == [("ship, done", "north", ())]
    flows = sorted(rows(programme, "process_flows", "process", "item", "site", "unit_units"))
    assert flows == [
        ("north", "chair", "north", -1),
        ("north", "ship, done", "north", 1),
        ("south", "chair", "south", -1),
        ("south", "ship, done", "north", 1),
    ]
    assert rows(programme, "processes", "process", "kind", "item", "multiple_units") == [
        ("north", "make", "", 5),
        ("south", "make", "", 5),
    ]
