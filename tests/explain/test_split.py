"""The difference of two plans, split by cause; first_steps is solved by hand in its README and in docs/learn/what-if.md.

As it is: class 1 waits 28 unit-days, class 2 116 and loses 6 units. A second bench alone: 28 and 0. Kits in 3 days alone: 0 and 20, and
2 are lost. Both: nobody waits.
"""

import pytest
from hypothesis import given, settings

import tandemplan as tp
from tandemplan.explain.solving import planned_as
from tandemplan.explain.split import MICRO, PLANNING, Planned, SplitError, causes_of, plans_needed, split, values_of
from tandemplan.model.differences import between, input_changes
from tandemplan.testing.programmes import programmes

BENCH, KITS = "work_centres[bench].stations = 2", "offers[kits].lead_days = 3"


@pytest.fixture(scope="module")
def bench():
    return tp.example("first_steps")


@pytest.fixture(scope="module")
def plans(bench):
    return {changes: tp.plan(bench.with_changes(*changes)) for changes in ((), (BENCH, KITS))}


def of(run):
    return Planned(run.answer, run.programme)


def late(part, rank):
    return part.values.get(("late_unit_days", "class", rank, "each"), 0) / MICRO


def parts_of(first, second, **how):
    found = split(of(first), of(second), planned_as(second.answer), **how)
    one, two = (values_of(r.answer, r.programme) for r in (first, second))
    for key in {*one, *two}:
        assert sum(p.values.get(key, 0) for p in found.parts) == two.get(key, 0) - one.get(key, 0)
    return found


def test_one_change_after_another(plans):
    first, second = plans.values()
    found = parts_of(first, second)
    assert [p.cause.changes[0].column for p in found.parts] == ["stations", "lead_days"]
    assert [(late(p, "1"), late(p, "2")) for p in found.parts] == [(0, -116), (-28, 0)]
    assert found.plans == 1


def test_the_mean_over_all_orders(plans):
    first, second = plans.values()
    found = parts_of(first, second, method="shapley")
    assert [(late(p, "1"), late(p, "2")) for p in found.parts] == [(0, -68), (-28, -48)]
    assert found.plans == 2


def test_what_is_no_cause_is_not_planned(bench, plans):
    named = bench.replace(items=bench.frame("items").assign(note="dear", x_mine="1"), name="Another")
    assert causes_of(bench, named) == ()
    assert parts_of(plans[()], tp.plan(named)).parts == ()


def test_rows_that_need_each_other_are_one_cause(bench, plans):
    """A customer comes with a demand of 2 bicycles in class 2, and is no cause without it; then the demand S2 goes."""
    demands = bench.frame("demands")
    extra = {**demands.iloc[-1].to_dict(), "demand": "N1", "customer": "new", "quantity_units": 2}
    other = bench.replace(
        customers=[*bench.frame("customers").to_dict("records"), {"customer": "new", "demand_class": 2}],
        demands=[*demands.iloc[:3].to_dict("records"), extra],
    )
    found = parts_of(plans[()], tp.plan(other))
    assert [(c.table, c.column, c.row, c.second) for p in found.parts for c in p.cause.changes] == [
        ("customers", "row", "new", "present"), ("demands", "row", "N1", "present"), ("demands", "row", "S2", "absent"),
    ]  # fmt: skip
    back = parts_of(tp.plan(other), plans[()])
    assert [len(p.cause.changes) for p in back.parts] == [1, 1, 1]


def test_a_cause_without_a_plan_is_made_with_the_next(bench):
    """Six boxes lie where five have room: four must go before the room is taken away."""

    def hall(room, boxes):
        return tp.plan(
            tp.programme(
                start="2026-06-01", sites=[{"site": "hall", "storage_m3": room}], items=[{"item": "box", "volume_m3": 1}],
                stock=[{"site": "hall", "item": "box", "quantity_units": boxes}],
            )
        )  # fmt: skip

    found = parts_of(hall(9, 6), hall(3, 2))
    assert [[c.table for c in p.cause.changes] for p in found.parts] == [["sites", "stock"]]
    assert found.plans == 1
    with pytest.raises(SplitError, match="no plan without the others"):
        parts_of(hall(9, 6), hall(3, 2), method="shapley")
    with pytest.raises(SplitError, match="holds no plan"):
        parts_of(hall(9, 6), hall(3, 6))


def test_other_options_are_a_cause_of_their_own(bench):
    first, second = tp.plan(bench, gap=0.5), tp.plan(bench.with_changes(BENCH))
    found = parts_of(first, second)
    assert {p.cause.table for p in found.parts} <= {PLANNING, "work_centres"}
    assert found.plans == 1


def test_too_many_causes_are_not_shared(bench, plans):
    many = bench.with_changes(*(f"demands[{d}].weight_factor = 2" for d in ("C1", "C2", "S1", "S2")), BENCH, KITS)
    run = tp.plan(many)
    assert [c.table for c in causes_of(bench, many, "table")] == ["work_centres", "offers", "demands"]
    assert plans_needed(causes_of(bench, many, "table"), "shapley") == 6
    with pytest.raises(SplitError, match="62 plans in between"):
        parts_of(plans[()], run, method="shapley")
    with pytest.raises(SplitError, match="method is 'shaply'"):
        parts_of(plans[()], run, method="shaply")


@settings(max_examples=40, deadline=None)
@given(programmes(), programmes())
def test_all_changes_together_make_the_other_programme(one, two):
    assert between(one, two, input_changes(one, two)).digest == two.digest
    assert between(one, two, []).digest == one.digest
