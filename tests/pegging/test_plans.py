"""Pegging of plans: by hand on the first steps, quantities that close on random programmes, and the two traps of lists of late records."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import tandemplan as tp
from tandemplan.pegging.matching import matched
from tandemplan.pegging.plans import goods_of_plan
from tandemplan.pegging.tables import of_demand, of_order, pegging
from tandemplan.pegging.tracing import traced
from tandemplan.plan import PlanOptions, plan
from tandemplan.report.pegged import hurt_by
from tandemplan.results.pegging_shape import PEGGING
from tandemplan.results.store import Run
from tandemplan.testing.models import programme_of
from tandemplan.testing.programmes import programmes
from tandemplan.testing.runs import run_of

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
CLOSE = 2e-3  # units by which what is printed with six decimals may be apart, in all


def cells(frame, columns):
    names = columns.split()
    return [tuple(str(v) if n.endswith(("date", "needed")) else v for n, v in zip(names, row, strict=True))
            for row in zip(*(frame[n].tolist() for n in names), strict=True)]  # fmt: skip


def test_the_first_steps_by_hand():
    """The table of the example's README, read backwards: which kits are in the bikes of whom."""
    programme = tp.example("first_steps")
    frame = pegging(programme, plan(programme))
    assert cells(of_demand(frame, "C1"), "level kind order quantity to_date into room_days") == [
        (0, "delivery", "C1", 6.0, "2026-06-05", "", 0.0),
        (0, "delivery", "C1", 4.0, "2026-06-12", "", 0.0),
        (1, "production", "M-00001", 6.0, "2026-06-05", "C1", 0.0),
        (1, "production", "M-00002", 4.0, "2026-06-12", "C1", 0.0),
        (2, "purchase", "P-00001", 4.0, "2026-06-12", "M-00002", 0.0),
        (2, "stock", "", 6.0, "2026-06-01", "M-00001", 4.0),
    ]
    assert cells(of_order(frame, "P-00001"), "demand quantity room_days") == [
        ("C1", 4.0, 0.0), ("S1", 4.0, 0.0), ("C2", 2.0, 7.0),
    ]  # fmt: skip
    assert set(frame) == {f.name for f in PEGGING.fields}


def test_scrap_rejects_and_what_is_left():
    """Of ten kits at two a bike and a quarter on top, four bikes are started and three are good; two of these are asked for."""
    programme = programme_of("""
        start = 2026-06-01
        periods = 4 weeks
        [items]
        item
        bike
        kit
        [bom]
        parent,component,quantity_units,scrap_share
        bike,kit,2,0.25
        [suppliers]
        supplier
        S
        [offers]
        offer,supplier,item
        kits,S,kit
        [work_centres]
        work_centre,stations
        bench,1
        [operations]
        item,step,work_centre,plateau_hours
        bike,10,bench,1
        [demands]
        demand,item,quantity_units,due
        d,bike,2,2026-06-26
    """)
    run = run_of("""
        [purchases]
        order,item,site,quantity,accepted,release,receipt
        P,kit,,10,10,2026-06-01,2026-06-05
        [production]
        order,item,site,started,good,scrapped,start,end
        M,bike,,4,3,1,2026-06-08,2026-06-12
        [moves]
        order,item
        [deliveries]
        demand,item,quantity,due,delivered,demand_class
        d,bike,2,2026-06-26,2026-06-19,1
        [demand_summary]
        demand,item,quantity,certainty
        d,bike,2,firm
    """)
    frame = pegging(programme, run)
    told = cells(frame, "demand ends level order quantity scrapped slack_days room_days")
    third = pytest.approx(10 / 3, abs=1e-5)
    assert told == [
        ("d", "delivered", 0, "d", 2.0, 0.0, 0.0, 7.0),
        ("d", "delivered", 1, "M", 2.0, 0.0, 7.0, 14.0),
        (
            "d",
            "delivered",
            2,
            "P",
            pytest.approx(20 / 3, abs=1e-5),
            pytest.approx(20 / 3 * (1 - 0.6), abs=1e-5),
            7.0,
            21.0,
        ),
        ("", "left", 1, "M", 1.0, 0.0, 17.0, 17.0),
        ("", "left", 2, "P", third, pytest.approx(10 / 3 * (1 - 0.6), abs=1e-5), 7.0, 24.0),
    ]


def test_work_without_a_good_unit_ends_in_scrap():
    programme = programme_of("""
        start = 2026-06-01
        periods = 4 weeks
        [items]
        item
        bike
        kit
        [bom]
        parent,component,quantity_units
        bike,kit,1
        [suppliers]
        supplier
        S
        [offers]
        offer,supplier,item
        kits,S,kit
        [work_centres]
        work_centre,stations
        bench,1
        [operations]
        item,step,work_centre,plateau_hours
        bike,10,bench,1
        [demands]
        demand,item,quantity_units,due
        d,bike,2,2026-06-26
    """)
    run = run_of("""
        [purchases]
        order,item,site,quantity,accepted,release,receipt
        P,kit,,10,10,2026-06-01,2026-06-05
        [production]
        order,item,site,started,good,scrapped,start,end
        M,bike,,10,0,10,2026-06-08,2026-06-12
        [moves]
        order,item
        [deliveries]
        demand,item
        [demand_summary]
        demand,item,certainty
        d,bike,firm
    """)
    assert cells(pegging(programme, run), "ends order into quantity") == [("scrap", "P", "M", 10.0)]


PLANT = """
    start = 2026-06-01
    periods = 8 weeks
    [items]
    item
    bike
    cart
    frame
    wheel
    [bom]
    parent,component,quantity_units
    bike,frame,1
    bike,wheel,2
    cart,wheel,2
    [suppliers]
    supplier
    S
    [offers]
    offer,supplier,item,lead_days,unit_price,minimum_order_units
    frames,S,frame,21,5,0
    wheels,S,wheel,7,1,40
    [work_centres]
    work_centre,stations
    bench,1
    [operations]
    item,step,work_centre,plateau_hours
    bike,10,bench,1
    cart,10,bench,1
    [customers]
    customer,demand_class
    c,1
    [demands]
    demand,customer,item,quantity_units,due
    d1,c,bike,10,2026-06-12
    d2,c,cart,10,2026-07-17
"""


@pytest.fixture(scope="module")
def late():
    """Frames take three weeks, so d1 is late; the wheels of both come in one order of forty, two weeks before frames are there."""
    programme = programme_of(PLANT)
    return programme, plan(programme)


def test_slack_is_no_cause(late):
    """Carbon's first trap: an order that is late but lies longer than it is late hurts nobody (`hurt_by`)."""
    programme, run = late
    frame = pegging(programme, run)
    [wheels] = {o for o, i in cells(frame, "order item") if i == "wheel"}
    mine = of_order(frame, wheels)
    room = {d: r for d, r in cells(mine, "demand room_days") if d}
    assert 0 < room["d1"] < room["d2"], "wheels wait for frames"
    assert hurt_by(mine, room["d1"]) == []
    hurt = hurt_by(mine, room["d1"] + 3)
    assert [(h["demand"], h["days"], h["quantity"]) for h in hurt] == [("d1", 3.0, 20.0)]
    [frames] = {o for o, i in cells(frame, "order item") if i == "frame"}
    assert [h["demand"] for h in hurt_by(of_order(frame, frames), 1)] == ["d1"], "what is late at once has no room"


def test_what_is_late_elsewhere_is_no_cause(late):
    """Carbon's second trap: an order for another demand is not among those that feed this one, however late it is."""
    programme, run = late
    frame = pegging(programme, run)
    assert "frame" not in {i for (i,) in cells(of_demand(frame, "d2"), "item")}


def closes(programme):
    """Plan, peg, and check that every order is shared out, every delivery filled, and nothing taken before it comes."""
    run = plan(programme, PlanOptions(time_limit=30))
    if run.info["status"] not in ("optimal", "feasible"):
        return
    goods = goods_of_plan(programme, run)
    links = matched(goods)
    pieces = traced(goods, links)
    orders, uses = goods.orders, goods.uses
    size = np.bincount(links.use, (links.use_to - links.use_from), minlength=len(uses)) * uses.units
    assert size == pytest.approx(uses.units, abs=CLOSE), "every use is filled"
    given_ = np.bincount(
        links.order, (links.order_to - links.order_from) * orders.units[links.order], minlength=len(orders)
    )
    assert given_ == pytest.approx(np.where(orders.place >= 0, orders.units, 0.0), abs=CLOSE), (
        "every order is shared out"
    )
    moved = (links.use_to - links.use_from) * uses.units[links.use]
    early = links.slack < 0
    assert moved[early].sum() < CLOSE, "nothing is taken before it comes"
    assert orders.units[orders.kind == "unknown"].sum() < CLOSE
    reached = np.bincount(pieces.order, pieces.part, minlength=len(orders))
    assert (reached <= 1 + 1e-6).all()
    circling = set(np.flatnonzero((reached < 1 - 1e-6) & (orders.units > CLOSE)).tolist())
    assert all(orders.kind[o] == "move" for o in circling), "only moves can go round in circles"
    frame = pegging(programme, run)
    for kind, table, name, units in (
        ("purchase", "purchases", "order", "accepted"),
        ("production", "production", "order", "good"),
        ("delivery", "deliveries", "demand", "quantity"),
    ):
        mine = frame["kind"] == kind
        assert frame["quantity"][mine].sum() == pytest.approx(run.tables[table][units].sum(), abs=CLOSE), (kind, name)
    assert (frame["scrapped"] <= frame["quantity"] + 1e-6).all()
    assert (frame["scrapped"] >= -1e-6).all()


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(programme=programmes())
def test_quantities_close_on_random_programmes(programme):
    closes(programme)


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(programme=programmes())
def test_quantities_close_on_many_random_programmes(programme):
    closes(programme)


def test_a_run_without_a_plan_has_no_links():
    found = tp.Run(Run({}, {}), tp.example("first_steps")).pegging
    assert found.empty
    assert list(found) == [f.name for f in PEGGING.fields]
