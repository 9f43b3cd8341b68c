"""Orders of plans that are rounded, in small models and in large ones: whole as far as shares, stores and money let them be."""

import importlib

import numpy as np
import pytest

from tandemplan.network.network import network_of
from tandemplan.plan import whole_orders
from tandemplan.plan.model import model_of
from tandemplan.solver.held import relaxed
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import BY_USER, OUT_OF_TIME, Outcome, Work
from tandemplan.testing.models import programme_of

from .solved import amounts, rows
from .test_origin import MIXED

ROUNDING = importlib.import_module("tandemplan.plan.rounding")
SIZES = pytest.mark.parametrize("small", [ROUNDING.SMALL, 0], ids=["small", "large"])
ALL_WHOLE = {"offers": [], "demands": []}


@pytest.fixture(autouse=True)
def rounded(request, monkeypatch):
    """Round all plans; with `small` 0, as those of large models."""
    monkeypatch.setattr(whole_orders, "MOST_WHOLE", 0)
    if "small" in request.fixturenames:
        monkeypatch.setattr(ROUNDING, "SMALL", request.getfixturevalue("small"))


LOTS = (
    MIXED.replace("lead_days\n", "lead_days,minimum_order_units,order_multiple_units\n")
    .replace("home,A,40,H,8", "home,A,40,H,8,3,3")
    .replace("away,A,20,Z,0", "away,A,20,Z,0,5,5")
    .replace("b,B,10,H,0", "b,B,10,H,0,0,0")
)


@SIZES
def test_orders_that_decide_about_origin_are_whole(planned, small):
    """Of 20 A, 420 / 27 = 15.6 may come from away, in fives: 15; then 5 from home, in threes: 6. 15 x 20 + 6 x 40 + 400 = 940.

    Inside the 20 X are at least 14 from away.
    """
    run = planned(LOTS)
    assert run.info["relaxed"] == ALL_WHOLE
    assert rows(run, "classes", "value") == [(0,)]
    assert amounts(run)["purchases"] == 940
    assert rows(run, "purchases", "quantity", offer="home") == [(6,)]
    assert rows(run, "origin", "share") == [(pytest.approx(280 / (280 + 240 + 400), abs=1e-4),)]


ASKED = (3, 7, 2, 5, 6, 1)


@SIZES
def test_what_comes_from_outside_keeps_its_share_at_each_evidence(planned, small):
    """26 weeks with evidence each 4 weeks, and three offers of A: the audit recounts shares, sizes and lots."""
    text = LOTS.replace("periods = 4 weeks", "periods = 26 weeks").replace(
        "kind,scope,high", "kind,scope,high,window_days"
    )
    text = text.replace("share,X,0.35", "share,X,0.35,28").replace(
        "A,20,Z,0,5,5\n", "A,20,Z,0,5,5\nhalf,A,32,Z,0,2,4\n"
    )
    text = text.replace("origin_country,lead_days", "origin_country,third_country_share,lead_days")
    for offer, share in (("home,A,40,H", ""), ("away,A,20,Z", ""), ("half,A,32,Z", 0.4), ("b,B,10,H", "")):
        text = text.replace(offer, f"{offer},{share}")
    demands = "\n".join(
        f"d{k},X,{ASKED[k % 6]},{day}"
        for k, day in enumerate(np.arange("2026-06-21", "2026-11-15", 7, dtype="datetime64[D]"))
    )
    run = planned(text[: text.index("d1,X")] + demands)
    assert run.info["relaxed"] == ALL_WHOLE
    assert rows(run, "classes", "value") == [(0,)]
    assert (run.tables["origin"]["share"] <= 0.35).all()
    cost = run.info["objective"]["stages"][-1]
    most = 3 * 40 + 5 * 20 + 4 * 32  # one order more by each offer at most
    assert cost["relaxed_value"] < cost["value"] <= cost["relaxed_value"] + most


NO_ROOM = """
start = 2026-06-01
periods = 3 weeks
[sites]
site,storage_m3
P,5
[items]
item,volume_m3
A,1
B,1
[offers]
offer,item,site,unit_price,minimum_order_units,order_multiple_units
O,A,P,1,10,10
Q,B,P,1,1,1
[demands]
demand,site,item,quantity_units,due
d1,P,A,3,2026-06-07
d2,P,A,3,2026-06-14
d3,P,B,1,2026-06-14
"""


def test_what_no_store_holds_stays_of_any_size_and_is_named(planned, monkeypatch):
    """Of an order of 10, a store of 5 does not hold the 7 that stay. Nobody waits in a large plan: the 3 are ordered as they are, and B by whole orders."""
    monkeypatch.setattr(ROUNDING, "SMALL", 0)
    run = planned(NO_ROOM)
    assert run.info["relaxed"] == {"offers": ["O"], "demands": []}
    assert rows(run, "classes", "value") == [(0,)]
    assert rows(run, "purchases", "quantity", offer="Q") == [(1,)]
    assert any("1 offer" in n for n in run.info["notes"])


@pytest.mark.parametrize("reason", [BY_USER, OUT_OF_TIME])
def test_a_plan_that_is_not_rounded_to_the_end_stays_as_it_was(reason):
    """Whichever of the models around whole orders is the last to be solved."""
    model = model_of(network_of(programme_of(LOTS)))
    plan = solve_in_child(relaxed(model.lp), model.goals, Work(None), lambda _: None)
    for last in range(3):
        left = [last]

        def solve(lp, goals, left=left):
            left[0] -= 1
            if left[0] < 0:
                return Outcome("stopped", None, (), reason)
            return solve_in_child(lp, goals, Work(None), lambda _: None)

        found = ROUNDING.with_whole_orders(model, plan, solve)
        if left[0] < 0:
            assert (found.status, found.reason) == ("feasible", reason)
            assert found.x is plan.x
