"""Flows laid out by hand: one part bought in stock, one product made of two of it, two periods and more.

Columns by period: buy (up to 3), stock, make (2 parts and 1 hour each, 4 hours a period), keep (stock of the product), deliver, and one
`lost` for the demand of the last period.
"""

import numpy as np
import pytest

from tandemplan.plan.start.bottlenecks import groups_of, part_of
from tandemplan.plan.start.flow import flow_of
from tandemplan.plan.start.layout import Space, blocked, fitted, lay_out, throttled
from tandemplan.plan.start.whole import made_whole
from tandemplan.solver.lp import Builder
from tandemplan.solver.stages import feasible, limits_of


def shop(periods: int = 3, asked: float = 4.0, hours: float = 4.0):
    """Return the flow of the shop, and the numbers of its columns by name (rows: part and product)."""
    build = Builder()
    one, both = np.ones((1, periods), dtype=bool), np.ones((2, periods), dtype=bool)
    names = ("part", "product")
    buy = build.add_grid("buy", ("part",), one, 3.0)[0]
    make = build.add_grid("make", ("product",), one)[0]
    stock = build.add_grid("stock", names, both)
    deliver = build.add_grid("deliver", ("demand",), one, asked)[0]
    lost = build.add_grid("lost", ("demand",), np.ones((1, 1), dtype=bool), asked)[0]
    balance = build.add_rows("balance", names, both, lower=0.0, upper=0.0)
    build.add(balance, stock, 1.0)
    build.add(balance[:, 1:], stock[:, :-1], -1.0)
    build.add(balance[0], buy, -1.0)
    build.add(balance[0], make, 2.0)
    build.add(balance[1], make, -1.0)
    build.add(balance[1], deliver, 1.0)
    room = build.add_rows("hours", ("bench",), one, lower=-np.inf, upper=hours)[0]
    build.add(room, make, 1.0)
    demand = build.add_rows("demand", ("demand",), np.ones((1, 1), dtype=bool), lower=asked, upper=asked)[0]
    build.add(np.repeat(demand, periods), deliver, 1.0)
    build.add(demand, lost, 1.0)
    lp = build.lp()
    return flow_of(lp), {"buy": buy, "make": make, "stock": stock, "deliver": deliver, "lost": lost}


def space(flow):
    return Space(flow.room.copy(), np.maximum(flow.supply, 0.0))


def wanted(flow, column, amount):
    made = np.zeros(len(flow.into))
    made[column] = amount
    return made


def test_waves_go_from_part_to_product_and_from_period_to_period():
    flow, _ = shop(2)
    assert flow.wave[:4].tolist() == [0, 1, 1, 2]  # part 0, part 1, product 0, product 1


def test_what_is_delivered_late_is_made_late():
    """4 in the last period: 4 hours are there, so all is made then; of 8 parts 3 come then: what is bought has no limit but its bound."""
    flow, at = shop()
    layout = lay_out(flow, wanted(flow, at["deliver"][2], 4.0), space(flow))
    assert layout.x[at["make"]].tolist() == [0, 0, 4]
    assert layout.x[at["buy"]].tolist() == [0, 0, 8]
    assert not len(layout.short)


def test_what_does_not_fit_is_made_earlier_and_what_fits_nowhere_is_missing():
    """10 in the last period at 4 hours a period: 4 + 4 + 2. 13: one is missing in the first, and the bench of that period is full."""
    flow, at = shop(asked=13.0)
    assert lay_out(flow, wanted(flow, at["deliver"][2], 10.0), space(flow)).x[at["make"]].tolist() == [2, 4, 4]
    layout = lay_out(flow, wanted(flow, at["deliver"][2], 13.0), space(flow))
    assert layout.x[at["make"]].tolist() == [4, 4, 4]
    assert layout.missing.sum() == pytest.approx(1.0)
    rows, amount = blocked(flow, layout)
    assert rows.tolist() == [6]  # hours[bench,0], after six rows of balance
    assert amount.tolist() == [1.0]


def test_deliveries_that_do_not_fit_are_cut_to_what_does():
    flow, at = shop(asked=13.0)
    got, layout = fitted(flow, wanted(flow, at["deliver"][2], 13.0), space(flow))
    assert got[at["deliver"][2]] == pytest.approx(12.0)
    assert layout.x[at["make"]].sum() == pytest.approx(12.0)


def test_a_flow_that_takes_what_is_not_there_is_cut_back_and_the_rest_lies_in_stock():
    """4 parts bought, 3 products would take 6: 2 are made and delivered. Another 2 parts that nobody takes lie to the end."""
    flow, at = shop(2)
    x = np.zeros(len(flow.into))
    x[at["buy"]] = [4.0, 2.0]
    x[at["make"][0]] = x[at["deliver"][0]] = 3.0
    cut = throttled(flow, x)
    assert cut[at["make"][0]] == cut[at["deliver"][0]] == pytest.approx(2.0)
    assert cut[at["stock"]][0] == pytest.approx([0.0, 2.0])


def test_a_whole_plan_counts_as_lost_what_is_not_delivered():
    flow, at = shop()
    layout = lay_out(flow, wanted(flow, at["deliver"][0], 1.0), space(flow))
    whole = made_whole(flow, layout.x)
    assert whole[at["lost"]].tolist() == [3.0]


def test_no_hours_at_all_make_a_product_unusable():
    flow, at = shop(hours=0.0)
    assert not flow.usable[at["make"]].any()
    assert not flow.usable[at["deliver"]].any()
    assert flow.usable[at["buy"]].all()
    assert feasible(flow.lp, made_whole(flow, np.zeros(len(flow.into))))


def test_a_model_in_which_a_column_brings_to_two_nodes_is_no_flow():
    build = Builder()
    both = np.ones((2, 1), dtype=bool)
    split = build.add_grid("split", ("a",), np.ones((1, 1), dtype=bool))
    build.add_grid("stock", ("a", "b"), both)
    balance = build.add_rows("balance", ("a", "b"), both, lower=0.0, upper=0.0)
    build.add(balance, np.repeat(split, 2, axis=0), -1.0)
    build.add_rows("demand", ("d",), np.ones((1, 1), dtype=bool), lower=0.0, upper=0.0)
    assert flow_of(build.lp()) is None


def crew(periods: int = 3):
    """Return the flow of a shop whose hours come of hires alone, one a period at most, each from then on; and `hire` and `staff`."""
    build = Builder()
    one = np.ones((1, periods), dtype=bool)
    make = build.add_grid("make", ("product",), one)[0]
    stock = build.add_grid("stock", ("product",), one)[0]
    deliver = build.add_grid("deliver", ("demand",), one, 9.0)[0]
    hire, staff = (build.add_grid(name, ("crew",), one)[0] for name in ("hire", "staff"))
    balance = build.add_rows("balance", ("product",), one, lower=0.0, upper=0.0)[0]
    build.add(balance, stock, 1.0)
    build.add(balance[1:], stock[:-1], -1.0)
    build.add(balance, make, -1.0)
    build.add(balance, deliver, 1.0)
    hours = build.add_rows("hours", ("crew",), one, lower=-np.inf, upper=0.0)[0]
    build.add(hours, make, 1.0)
    build.add(hours, staff, -2.0)
    state = build.add_rows("trained", ("crew",), one, lower=0.0, upper=0.0)[0]
    build.add(state, staff, 1.0)
    build.add(state[1:], staff[:-1], -1.0)
    build.add(state, hire, -1.0)
    pace = build.add_rows("hiring pace", ("crew",), one, lower=-np.inf, upper=1.0)[0]
    build.add(pace, hire, 1.0)
    demand = build.add_rows("demand", ("demand",), np.ones((1, 1), dtype=bool), lower=0.0, upper=9.0)[0]
    build.add(np.repeat(demand, periods), deliver, 1.0)
    return flow_of(build.lp()), {"make": make, "deliver": deliver, "hire": hire, "staff": staff, "hours": hours}


def test_hires_steer_room():
    """Nobody is there at first, but may be: what is made is usable, with room for nothing. A hire in period 1 gives 2 hours from then on."""
    flow, at = crew()
    assert set(np.flatnonzero(flow.family >= 0)) == {*at["hire"], *at["staff"]}
    assert len(set(flow.family[flow.family >= 0])) == 1
    assert flow.usable.all()
    assert flow.room[at["hours"]].tolist() == [0, 0, 0]
    x = wanted(flow, at["hire"][1], 1.0)
    x[at["staff"][1:]] = 1.0
    led = flow.steered(x)
    assert led.room[at["hours"]].tolist() == [0, 2, 2]
    got, layout = fitted(led, wanted(led, at["deliver"][2], 5.0), space(led))
    assert got[at["deliver"][2]] == pytest.approx(4)
    assert layout.x[at["make"]].tolist() == pytest.approx([0, 2, 2])
    assert feasible(flow.lp, made_whole(led, layout.x + x))


def test_a_part_takes_in_all_that_steers_its_capacity():
    """Period 0 alone is looked at: the hours of the other periods come in with the hires, without what is made then."""
    flow, at = crew()
    groups = groups_of(flow)
    end = np.full(groups.count, -1, dtype=np.int64)
    end[groups.group[at["hours"][0]]] = 0
    part = part_of(flow, groups, end, np.ones(len(flow.wave), dtype=bool), limits_of(flow.lp))
    assert {*at["hire"], *at["staff"], at["make"][0]} <= set(part.columns)
    assert set(at["hours"]) <= set(part.rows)
    assert not {*at["make"][1:]} & set(part.columns)
