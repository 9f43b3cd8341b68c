"""Parts of a model forget limits and nothing else: their best value is a bound of the whole."""

from dataclasses import replace

import numpy as np
import pytest

from tandemplan.plan.start.bottlenecks import groups_of, part_of
from tandemplan.plan.start.flow import flow_of
from tandemplan.solver.highs import solve
from tandemplan.solver.lp import Builder
from tandemplan.solver.stages import Work, limits_of


def bench(periods: int):
    """Return the model of a product made with 1 hour and 1 turn each, and what it costs to lose one of the 9 asked for.

    There are 2 turns a period, and an hour that another of overtime eases. A second product, which nobody asks for, takes hours alone.
    """
    build = Builder()
    one, two, single = (np.ones(shape, dtype=bool) for shape in ((1, periods), (2, periods), (1, 1)))
    names = ("product", "second")
    make = build.add_grid("make", names, two)
    stock = build.add_grid("stock", names, two)
    deliver = build.add_grid("deliver", ("demand",), one)[0]
    lost = build.add_grid("lost", ("demand",), single)[0]
    overtime = build.add_grid("overtime", ("bench",), one, 1.0)[0]
    balance = build.add_rows("balance", names, two, lower=0.0, upper=0.0)
    build.add(balance, stock, 1.0)
    build.add(balance[:, 1:], stock[:, :-1], -1.0)
    build.add(balance, make, -1.0)
    build.add(balance[0], deliver, 1.0)
    turns = build.add_rows("turns", ("bench",), one, lower=-np.inf, upper=2.0)[0]
    build.add(turns, make[0], 1.0)
    hours = build.add_rows("hours", ("bench",), one, lower=-np.inf, upper=1.0)[0]
    build.add(np.stack([hours, hours]), make, 1.0)
    build.add(hours, overtime, -1.0)
    demand = build.add_rows("demand", ("demand",), single, lower=9.0, upper=9.0)[0]
    build.add(np.repeat(demand, periods), deliver, 1.0)
    build.add(demand, lost, 1.0)
    lp = build.lp()
    cost = np.zeros(len(lp.lower))
    cost[lost] = 1.0
    return lp, cost


def lost_in_part(lp, cost, limits):
    """Return what is lost at the least in the part of the model that knows turns as its bottleneck."""
    flow = flow_of(lp)
    groups = groups_of(flow)
    end = np.full(groups.count, -1, dtype=np.int64)
    end[groups.group[lp.rows["turns"].index]] = 3
    part = part_of(flow, groups, end, np.ones(len(lp.row_lower), dtype=bool), limits)
    goals = [("lost", cost[part.columns])]
    return solve(part.lp, goals, Work(), on_report=lambda _: None, cancelled=lambda: False).stages[0].value


def test_capacity_that_is_no_bottleneck_is_eased_in_a_part_as_in_the_whole():
    """Turns are the bottleneck: 2 a period, 6 in all, 3 are lost. Hours without their overtime would let only 3 be made."""
    lp, cost = bench(3)
    assert lost_in_part(lp, cost, limits_of(lp)) == pytest.approx(3.0)


def test_capacity_that_must_be_full_is_filled_in_a_part_as_in_the_whole():
    """Half a turn and exactly one hour a period: the second product takes the other half hour, 7.5 are lost."""
    lp, cost = bench(3)
    limits = limits_of(lp)
    upper, lower = limits.row_upper.copy(), limits.row_lower.copy()
    upper[lp.rows["turns"].index] = 0.5
    lower[lp.rows["hours"].index] = 1.0
    assert lost_in_part(lp, cost, replace(limits, row_lower=lower, row_upper=upper)) == pytest.approx(7.5)
