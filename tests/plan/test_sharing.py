"""Fair sharing inside a class: three policies worked out by hand, and against filling vessels one by one."""

import random
from itertools import product

import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.plan import plan
from tandemplan.testing.models import programme_of

from .solved import audited, rows, values

SHORT = """
start = 2026-06-01
periods = 2 weeks
[items]
item
X
[stock]
item,quantity_units
X,{stock}
[customers]
customer,demand_class,fair_share
{customers}
[demands]
demand,customer,item,quantity_units,due
{demands}
[rules]
rule,kind,policy
F,fair sharing,{policy}
"""


def short(policy, stock, claims, shares=None):
    """Return a model in which customers ask at once for more of one item than there is."""
    names = [f"K{k}" for k in range(len(claims))]
    given = shares or [""] * len(claims)
    return SHORT.format(
        policy=policy,
        stock=stock,
        customers="\n".join(f"{n},1,{f}" for n, f in zip(names, given, strict=True)),
        demands="\n".join(f"d{n},{n},X,{c},2026-06-07" for n, c in zip(names, claims, strict=True)),
    )


@pytest.mark.parametrize(
    ("policy", "units", "behind"),
    [
        ("proportional", (4, 2), (0.5, 0.5)),  # half of what each asks for
        ("uniform gains", (3, 3), (0.625, 0.625)),  # as much to each: 3 of at most 8
        ("uniform losses", (5, 1), (0.375, 0.375)),  # each lacks 3 of at most 8
    ],
)
def test_what_is_there_is_shared_as_the_policy_says(tmp_path, policy, units, behind):
    """A asks for 8, B for 4, and there are 6: any split is as good for the class, 6 x 15 = 90 unit-days."""
    run = audited(short(policy, 6, (8, 4)), tmp_path)
    assert values(run) == [90]
    assert tuple(q for (q,) in rows(run, "deliveries", "quantity")) == units
    assert tuple(v for (v,) in rows(run, "sharing", "behind")) == behind
    stages = {s["stage"]: s for s in run.info["objective"]["stages"]}
    assert stages["F of class 1 firm, 1 worst served"]["bound"] == pytest.approx(behind[0])
    assert stages["F of class 1 firm, 2 worst served"]["value"] == pytest.approx(2 * behind[0])


def test_small_claims_are_met_in_full_under_uniform_gains(tmp_path):
    """Of 9 units each would be given 3; K1 asks for 1, so the others have 4 each."""
    run = audited(short("uniform gains", 9, (8, 1, 6)), tmp_path)
    assert [q for (q,) in rows(run, "demand_summary", "on_time")] == [4, 1, 4]


def test_small_claims_get_nothing_under_uniform_losses(tmp_path):
    """Of 15 units asked for 9 are lost; K1 can lose no more than its 1, so the others lose 4 each."""
    run = audited(short("uniform losses", 6, (8, 1, 6)), tmp_path)
    assert [q for (q,) in rows(run, "demand_summary", "on_time")] == [4, 0, 2]


@pytest.mark.parametrize(
    ("policy", "units"),
    [
        ("proportional", (4, 2)),  # shares served 4/6 and 2/6, as 2 : 1
        ("uniform gains", (4, 2)),  # units as 2 : 1
        ("uniform losses", (4, 2)),  # losses 2 and 4, as 1 : 2
    ],
)
def test_fair_shares_weigh(tmp_path, policy, units):
    """Both ask for 6, and there are 6; K0's fair share is twice K1's."""
    run = audited(short(policy, 6, (6, 6), (0.5, 0.25)), tmp_path)
    assert [q for (q,) in rows(run, "demand_summary", "on_time")] == list(units)


def test_where_nobody_is_late_nothing_is_sought(tmp_path):
    """There is enough for all: the stages of sharing stand at what nobody late comes to, and no model with sharing is built."""
    run = audited(short("uniform gains", 12, (8, 4)), tmp_path)
    assert rows(run, "sharing", "customer value served_share behind") == [("K0", 0, 1, 0), ("K1", 0, 1, 0.5)]
    stages = [s for s in run.info["objective"]["stages"] if "served" in s["stage"]]
    assert [(s["value"], s["gap"], s["iterations"]) for s in stages] == [(0.5, 0, 0), (0.5, 0, 0)]


def test_a_later_class_is_not_served_later_for_the_sake_of_fairness(run):
    """W makes 1 X, or 1 Y, a week: X for K1 (class 1), Y for K2 (class 1) or K3 (class 2).

    Class 1 is best served by one week of each, in any order: one of them is 7 days late. Left to itself fairness does not mind which; class 2
    has none either way but for the third week: 14 days late.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    Y
    [operations]
    item,work_centre,plateau_hours
    X,W,168
    Y,W,168
    [work_centres]
    work_centre
    W
    [customers]
    customer,demand_class
    K1,1
    K2,1
    K3,2
    [demands]
    demand,customer,item,quantity_units,due
    d1,K1,X,1,2026-06-07
    d2,K2,Y,1,2026-06-07
    d3,K3,Y,1,2026-06-07
    [rules]
    rule,kind,policy
    F,fair sharing,proportional
    """
    assert values(run) == [7, 14]
    assert rows(run, "sharing", "customer value") == [("K1", 3.5), ("K2", 3.5)]


def test_only_those_in_scope_and_due_in_time_share(run):
    """K1 and K2 share what A's contract does not take: 2 units of 4 asked for; the later demand of K1 is outside the rule's dates.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    [stock]
    item,quantity_units
    X,2
    [customers]
    customer,groups
    A,
    K1,EU
    K2,EU
    [demands]
    demand,customer,item,quantity_units,due,weight_factor
    a,A,X,1,2026-06-07,5
    d1,K1,X,1,2026-06-07,2
    d2,K2,X,1,2026-06-07,2
    late,K1,X,1,2026-06-13,1
    [rules]
    rule,kind,policy,scope,to_date
    F,fair sharing,proportional,EU,2026-06-10
    """
    assert rows(run, "sharing", "customer most value") == [("K1", 30, 15), ("K2", 30, 15)]


def filled(policy, stock, claims, shares):
    """Return what each customer is given: the level of a common vessel found by halving, small claims full before it."""

    def given(level):
        if policy == "uniform losses":
            return [
                c - min(c, (1 - level) * max(claims) / min(shares) / f) for c, f in zip(claims, shares, strict=True)
            ]
        each = claims if policy == "proportional" else [1.0] * len(claims)
        most = max(c / f / e for c, f, e in zip(claims, shares, each, strict=True))
        return [min(c, level * most * f * e) for c, f, e in zip(claims, shares, each, strict=True)]

    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(given(middle)) <= stock else (low, middle)
    return given(low)


@pytest.mark.parametrize("policy", ["proportional", "uniform gains", "uniform losses"])
@pytest.mark.parametrize("seed", range(4))
def test_units_of_one_day_are_shared_like_water(tmp_path, policy, seed):
    chance = random.Random(seed)
    count = chance.randint(2, 4)
    claims = [chance.randint(1, 9) for _ in range(count)]
    shares = [round(chance.uniform(0.05, 0.25), 2) for _ in range(count)]
    stock = round(chance.uniform(0.1, 0.95) * sum(claims), 2)
    run = audited(short(policy, stock, claims, shares), tmp_path)
    given = [q for (q,) in rows(run, "demand_summary", "on_time")]
    assert given == [pytest.approx(q, abs=1e-4) for q in filled(policy, stock, claims, shares)]


def test_an_unfair_plan_is_found_by_exchange():
    """All 6 units go to one of two who ask for as much: exchanged, they leave the class as it is, and are fairer."""
    programme = programme_of(short("proportional", 6, (6, 6)))
    plain = plan(programme_of(short("proportional", 6, (6, 6)).replace("F,fair sharing,proportional", "")))
    fair = plan(programme)
    given = dict(zip(plain.tables["deliveries"]["demand"], plain.tables["deliveries"]["quantity"], strict=True))
    assert max(given.values()) > 3.1, "the plan without the rule happens to be fair: this would prove nothing"
    unfair = {**fair.tables, **{n: plain.tables[n] for n in ("deliveries", "demand_summary")}}
    codes = {f.code for f in audit_tables(programme, fair.info, unfair)}
    assert {"deliveries-unfair", "sharing-value", "run-value"} <= codes
    assert audit_tables(programme, fair.info, fair.tables) == []


def test_time_that_ends_before_sharing_leaves_the_plan_and_says_so(monkeypatch):
    """The classes are served; how they are shared is not proved."""
    import importlib

    from tandemplan.solver.stages import Outcome

    solve = importlib.import_module("tandemplan.plan.solve")
    real = solve.made_fair
    monkeypatch.setattr(
        solve, "made_fair", lambda m, k, o, _: real(m, k, o, lambda *_: Outcome("stopped", None, (), "no time"))
    )
    run = plan(programme_of(short("proportional", 6, (8, 4))))
    assert run.info["status"] == "feasible"
    assert run.info["reason"] == "no time"
    worst = next(s for s in run.info["objective"]["stages"] if "1 worst" in s["stage"])
    assert worst["bound"] == 0
    assert not worst["finished"]
    assert np.isclose(run.tables["sharing"]["value"].sum(), 90)


LEARNT = """
    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [operations]
    item,work_centre,{columns}
    X,W,{cells}
    [work_centres]
    work_centre
    W
    [customers]
    customer,demand_class
    A,1
    B,1
    [demands]
    demand,customer,item,quantity_units,due
    a,A,X,4,2026-06-07
    b,B,X,4,2026-06-07
    [rules]
    rule,kind,policy
    F,fair sharing,{policy}
"""


@pytest.mark.parametrize("policy", ["proportional", "uniform gains", "uniform losses"])
@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("plateau_hours,setup_hours,lot_units", "60,48,"),  # set up in each week: 2 a week
        ("plateau_hours,first_unit_hours,learning_slope,lot_units", "42,84,0.5,1"),  # the first one takes twice as long
    ],
)
def test_who_asks_for_as_much_is_served_as_well(planned, policy, columns, cells):
    """Whole set-ups, and hours that fall: A and B ask for as much at once, and are as late."""
    run = planned(LEARNT.format(columns=columns, cells=cells, policy=policy))
    [(first,), (second,)] = rows(run, "sharing", "value")
    assert first.expected > 0
    assert first.expected == pytest.approx(second.expected, rel=1e-3)
    fair = [s for s in run.info["objective"]["stages"] if s["stage"].endswith("worst served")]
    assert all(s["gap"] < 0.02 for s in fair)


def test_large_models_keep_their_whole_numbers_while_they_are_made_fairer(planned, monkeypatch):
    """Beyond so many rows set-ups stay as the plan of the classes has them; no column whole proves how far from the fairest that is."""
    import importlib

    monkeypatch.setattr(importlib.import_module("tandemplan.plan.fairness"), "SMALL", 5)
    run = planned(LEARNT.format(columns="plateau_hours,setup_hours,lot_units", cells="60,48,", policy="proportional"))
    [(first,), (second,)] = rows(run, "sharing", "value")
    assert first.expected == pytest.approx(second.expected, rel=1e-3)


def test_each_certainty_is_shared_for_itself(run):
    """2 of 4 firm units, and none of the 4 that are options: A and B have 1 firm unit each.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    X
    [stock]
    item,quantity_units
    X,2
    [customers]
    customer
    A
    B
    [contracts]
    contract,customer,item,certainty
    fa,A,X,firm
    fb,B,X,firm
    oa,A,X,option
    ob,B,X,option
    [demands]
    demand,contract,quantity_units,due
    d1,fa,2,2026-06-07
    d2,fb,2,2026-06-07
    d3,oa,2,2026-06-07
    d4,ob,2,2026-06-07
    [rules]
    rule,kind,policy
    F,fair sharing,uniform gains
    """
    assert rows(run, "sharing", "certainty customer served_share") == [
        ("firm", "A", 0.5),
        ("firm", "B", 0.5),
        ("option", "A", 0),
        ("option", "B", 0),
    ]


ORDERED = """
    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    X
    [offers]
    offer,item,capacity_units_per_week,minimum_order_units,order_multiple_units
    O,X,3,2,2
    [customers]
    customer,demand_class
    A,1
    B,1
    [demands]
    demand,customer,item,quantity_units,due
    a,A,X,5,2026-06-07
    b,B,X,3,2026-06-07
    {rules}
"""


def test_orders_made_whole_are_shared_as_they_are(planned, monkeypatch):
    """3 a week can be sent, in orders of 2: 2 a week, or by windows more. Where orders are rounded, sharing leaves the rounded ones, and the class, as they are."""
    import importlib

    monkeypatch.setattr(importlib.import_module("tandemplan.plan.whole_orders"), "MOST_WHOLE", 0)
    plain = planned(ORDERED.format(rules=""))
    fair = planned(ORDERED.format(rules="[rules]\n    rule,kind,policy\n    F,fair sharing,proportional"))
    assert plain.info["objective"]["stages"][0]["relaxed_value"] is not None
    assert rows(fair, "classes", "value") == rows(plain, "classes", "value")
    assert rows(fair, "purchases", "quantity receipt") == rows(plain, "purchases", "quantity receipt")
    [(first,), (second,)] = rows(fair, "sharing", "served_share")
    assert first.expected == pytest.approx(second.expected, abs=1e-4)


WEEKS = 4
MADE = """
start = 2026-06-01
periods = {weeks} weeks
[items]
item
X
[operations]
item,work_centre,plateau_hours
X,W,168
[work_centres]
work_centre
W
[customers]
customer,demand_class
A,1
B,1
[demands]
demand,customer,item,quantity_units,due
{demands}
[rules]
rule,kind,policy
F,fair sharing,{policy}
"""


def late(week, due):
    """Return the days by which a unit made in a week is late for a demand due on the Sunday of another; -1: it is never made."""
    return 7 * (WEEKS + 1 - due) - 6 if week < 0 else max(0, 7 * (week - due))


def burdens_of(ways, demands):
    """Return the unit-days late of A and B when each week's unit goes to the demand of that number, or to none."""
    found = {"A": 0, "B": 0}
    for k, (customer, due) in enumerate(demands):
        weeks = [w for w, to in enumerate(ways) if to == k]
        found[customer] += late(weeks[0] if weeks else -1, due)
    return found["A"], found["B"]


@pytest.mark.parametrize("policy", ["proportional", "uniform gains", "uniform losses"])
@pytest.mark.parametrize("seed", range(5))
def test_one_unit_a_week_is_shared_as_all_ways_of_sharing_it_allow(tmp_path, policy, seed):
    """Every way of giving each week's unit to a demand of one is tried. Mixtures of the best for the class are all that is as good, since a
    transport has whole corners; of two burdens with a fixed sum the fairest are as near to each being as far behind as the other as they can be.
    """
    chance = random.Random(seed)
    demands = [(who, chance.randrange(WEEKS)) for who in ("A", "B", *chance.choices("AB", k=3))]
    every = [
        burdens_of(w, demands)
        for w in product(range(-1, len(demands)), repeat=WEEKS)
        if len({k for k in w if k >= 0}) == sum(k >= 0 for k in w)
    ]
    best = min(map(sum, every))
    mine = [a for a, b in every if a + b == best]
    claims = [sum(late(-1, due) for who, due in demands if who == c) for c in "AB"]
    size = claims if policy == "proportional" else (max(claims), max(claims))
    offset = (0, 0) if policy != "uniform gains" else (max(claims) - claims[0], max(claims) - claims[1])
    level = (size[0] * (best + offset[1]) - size[1] * offset[0]) / sum(size)
    listed = "\n".join(f"d{k},{who},X,1,2026-06-{7 * due + 7:02}" for k, (who, due) in enumerate(demands))
    run = audited(MADE.format(weeks=WEEKS, demands=listed, policy=policy), tmp_path)
    assert values(run) == [best]
    assert rows(run, "sharing", "value")[0] == (pytest.approx(min(max(level, min(mine)), max(mine)), abs=1e-3),)
