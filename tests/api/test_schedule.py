"""A schedule in Python: made, saved, opened, shown, asked why; what has no meaning is refused."""

import numpy as np
import pytest

import tandemplan as tp


@pytest.fixture(scope="module")
def shop():
    return tp.programme(
        name="Chairs",
        start="2026-06-01",
        periods="1 week",
        items=[{"item": "chair"}],
        work_centres=[{"work_centre": "bench"}],
        processes=[{"process": "build", "item": "chair", "unit_hours": 3}],
        process_loads=[{"process": "build", "work_centre": "bench"}],
        demands=[
            {"demand": d, "item": "chair", "quantity_units": 8, "due": "2026-06-01", "minimum_shipment_units": 8}
            for d in ("D1", "D2")
        ],
    )


@pytest.fixture(scope="module")
def week(shop):
    return tp.schedule(shop, steps=0)


def test_a_schedule_tells_who_is_late_and_why(week):
    assert repr(week) == "Schedule('Chairs', optimal: 8 of 16 units on time)"
    assert week.late()[["demand", "late", "late_unit_days"]].to_numpy().tolist() == [["D2", 8.0, 8.0]]
    waits = week.waits("D2")
    assert waits["kind"].tolist() == ["station", "work"]
    assert waits["late_days"].tolist() == [1, 0]
    assert waits["held_by"].tolist()[0] in week.orders["order"].tolist()
    assert week.causes()[["kind", "name", "days"]].to_numpy().tolist() == [["station", "bench", 1.0]]
    assert week.summary().splitlines()[0].startswith("Orders: ")


def test_pegging_closes_over_every_order(week):
    frame = week.pegging()
    made = week.orders[week.orders["kind"] == "make"].set_index("order")["quantity"]
    sums = frame[frame["kind"] == "production"].groupby("order")["quantity"].sum()
    assert np.allclose(sums[made.index], made)
    assert frame["to_date"].dtype == "datetime64[s]"


def test_a_schedule_is_saved_opened_audited_and_shown(week, tmp_path):
    again = tp.open_schedule(week.save(tmp_path / "week"))
    assert again.orders.equals(week.orders)
    assert tp.audit(week).clean
    assert again.report(tmp_path / "week.html").stat().st_size > 10_000
    assert again.report(tmp_path / "week.xlsx").stat().st_size > 5_000
    assert again.figure("gantt").numbers["work centre"].tolist() == ["bench", "bench"]
    with pytest.raises(tp.RunError, match="is a schedule; open it by open_schedule"):
        tp.open_run(tmp_path / "week")


def test_what_has_no_meaning_is_refused(week, shop):
    from datetime import date

    with pytest.raises(ValueError, match="since and until"):
        tp.schedule(shop, since=date(2026, 6, 1))
    with pytest.raises(TypeError, match="programme is a str"):
        tp.schedule("shop")
    with pytest.raises(KeyError, match="no demand 'D9'"):
        week.waits("D9")
    with pytest.raises(AttributeError, match="Did you mean 'orders'"):
        _ = week.order
