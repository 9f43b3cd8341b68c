"""What the material of a unit costs at least, with and without a rule of origin: worked out by hand, and by the audit's other method."""

import random
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tandemplan.audit.book import book_of
from tandemplan.audit.check_materials import check_materials
from tandemplan.calendar import cut
from tandemplan.plan.materials import materials
from tandemplan.testing.models import programme_of
from tandemplan.testing.programmes import programmes

from .solved import rows

NUMBERS = ("cost", "ruled_cost", "least_share", "day_one_cost", "day_one_ruled_cost", "day_one_least_share")
HEAD = """
start = 2026-06-01
periods = 4 weeks
[work_centres]
work_centre
W
[countries]
country,groups
H,eligible
Z,third
"""


def table(programme):
    """Return the table of a programme, once the audit finds the same by its own method."""
    found = materials(programme, cut(programme.settings.start, programme.settings.periods))
    assert list(check_materials(book_of(programme, {}, {"materials": found}))) == []
    return found


def least(text, **where):
    """Return the six numbers of each row of a model, None where one is blank; cents and millionths as printed."""
    found = table(programme_of(HEAD + text))
    keep = np.ones(len(found["rule"]), dtype=bool)
    for name, value in where.items():
        keep &= found[name] == value
    lines = np.array([found[n] for n in NUMBERS]).T[keep]
    return [tuple(None if np.isnan(v) else pytest.approx(v, abs=1e-6) for v in line) for line in lines.tolist()]


MADE = "[operations]\nitem,alternative,work_centre,plateau_hours\n"
RULE = "[rules]\nrule,kind,scope,high\nR,origin share,X,0.35\n"


def test_a_limit_mixes_two_offers():
    """X holds A and 2 B at 10. A for 20 is from outside, for 40 it is not: 40 with 20 from outside, or 60 with none.

    With a share a of A from outside 20a <= 0.35 x (60 - 20a), so a = 21 / 27: 44.44. On day one A from outside is all there is: half of 40.
    """
    text = f"""
    [items]
    item
    X
    A
    B
    [bom]
    parent,component,quantity_units
    X,A,1
    X,B,2
    {MADE}X,,W,1
    {RULE}
    [offers]
    offer,item,unit_price,origin_country,qualified
    home,A,40,H,no
    away,A,20,Z,yes
    b,B,10,H,yes
    """
    assert least(text) == [(40, 44.44, 0, 40, None, 0.5)]


def test_scrap_levels_alternatives_and_kits_are_counted():
    """S holds 2.5 D: 2 and a quarter of it for scrap. X holds 2 S and C, or the kit K, which is bought for 100 and from outside for 0.6, or is C twice.

    D for 4 from outside: S 10, X 20 + 30 = 50, 0.4 of it from outside. D for 6 from here: X 60, nothing. A share a of D from outside: 20a <= 0.35 x (60 - 10a), so
    a = 21 / 23.5 and X 51.06. On day one D is not sold, and C is for 30: X is made of a kit of two, for 60.
    """
    text = f"""
    [items]
    item
    X
    S
    K
    C
    D
    [bom]
    parent,component,alternative,quantity_units,scrap_share
    X,S,full,2,0
    X,C,full,1,0
    X,K,kit,1,0
    S,D,,2,0.25
    K,C,,2,0
    {MADE}X,full,W,1
    X,kit,W,1
    S,,W,1
    K,,W,1
    {RULE}
    [offers]
    offer,item,unit_price,origin_country,third_country_share,qualified
    away,D,4,Z,,no
    here,D,6,H,,no
    c,C,30,H,,yes
    kit,K,100,H,0.6,yes
    """
    assert least(text) == [(50, 51.06, 0, 60, 60, 0)]


def test_dearer_parts_from_here_may_be_what_keeps_a_rule():
    """A costs 40, from outside. With B from here for 50 that is 40 of 90; for 80 it is 40 of 120: a mix that costs 40 / 0.35 keeps the rule."""
    text = f"""
    [items]
    item
    X
    A
    B
    [bom]
    parent,component,quantity_units
    X,A,1
    X,B,1
    {MADE}X,,W,1
    {RULE}
    [offers]
    offer,item,unit_price,origin_country
    a,A,40,Z
    b,B,50,H
    dear,B,80,H
    """
    assert least(text) == [(90, 114.29, 0.333333, 90, 114.29, 0.333333)]


def test_what_day_one_cannot_make_is_blank():
    """A is from outside and sold on day one, B is not sold at all then."""
    text = f"""
    [items]
    item
    X
    A
    B
    [bom]
    parent,component,quantity_units
    X,A,1
    X,B,1
    {MADE}X,,W,1
    {RULE}
    [offers]
    offer,item,unit_price,origin_country,qualified
    a,A,40,Z,yes
    b,B,60,H,no
    """
    assert least(text) == [(100, None, 0.4, None, None, None)]


def test_a_bill_counts_as_it_stands_on_any_day():
    """Until 8 June X holds A for 5, from then on B for 3: never both, never none; nothing counts of what comes after the plan's end."""
    text = f"""
    [items]
    item
    X
    A
    B
    C
    [bom]
    parent,component,quantity_units,from_date,to_date
    X,A,1,,2026-06-07
    X,B,1,2026-06-08,2026-06-20
    X,C,1,2026-06-29,
    {MADE}X,,W,1
    {RULE}
    [offers]
    offer,item,unit_price,origin_country
    a,A,5,H
    b,B,3,Z
    c,C,1,H
    """
    assert least(text) == [(3, 4.05, 0, 3, 4.05, 0)]  # of A a share a, so 3 (1 - a) = 0.35 x (3 + 2a): a = 1.95 / 3.7


def test_what_is_bought_whole_and_what_is_made_of_nothing():
    """X is bought for 9, from outside for 0.3, or made of A. Y is made of nothing, which costs nothing."""
    text = f"""
    [items]
    item
    X
    Y
    A
    [bom]
    parent,component,alternative,quantity_units
    X,A,a,1
    {MADE}X,a,W,1
    Y,,W,1
    [rules]
    rule,kind,scope,high
    R,origin share,X;Y,0.35
    [offers]
    offer,item,unit_price,origin_country,third_country_share
    x,X,9,H,0.3
    a,A,10,H,
    """
    assert least(text) == [(9, 9, 0, 9, 9, 0), (0, 0, 0, 0, 0, 0)]


RULED = """
    [items]
    item,groups
    X,set
    Y,set
    [contracts]
    contract,item,customer
    C,Y,K
    [customers]
    customer
    K
    [offers]
    offer,item,unit_price,origin_country,third_country_share
    x,X,9,H,0.3
    y,Y,8,Z,
    [rules]
    rule,kind,scope,high,soft
    S,origin share,set;C,0.35,yes
    R,origin share,,0.3,no
    [demands]
    demand,contract,item,quantity_units,due
    d,,X,1,2026-06-07
"""


def test_rules_speak_of_groups_contracts_and_all_that_is_asked_for(tmp_path):
    """A soft rule has its rows too; 0.3 of 9 is within 0.3."""
    found = table(programme_of(HEAD + RULED))
    names = zip(*(found[n].tolist() for n in ("rule", "product", "contract", "soft", "limit")), strict=True)
    assert list(names) == [
        ("R", "X", "", False, 0.3),
        ("S", "X", "", True, 0.35),
        ("S", "Y", "", True, 0.35),
        ("S", "Y", "C", True, 0.35),
    ]
    assert least(RULED, rule="R") == [(9, 9, 0.3, 9, 9, 0.3)]
    assert least(RULED, contract="C") == [(8, None, 1, 8, None, 1)]


def test_every_plan_has_the_table(planned):
    run = planned(HEAD + RULED)
    assert rows(run, "materials", "product cost", rule="R") == [("X", 9)]


def factory(seed, size, *, products=1, width=3, ways=2):
    """Return a programme of items in levels, the products first: each other one is bought, from here or outside, or made of a few later ones, by some bills."""
    draw = random.Random(seed)
    items = [f"I{k:04}" for k in range(size)]
    bills, operations, offers = [], [], []
    for k, item in enumerate(items):
        later = items[max(k, products - 1) + 1 + size // 6 : k + size // 2]
        for n in range(draw.randint(1, ways) if later and k < 0.7 * size else 0):
            operations.append(f"{item},b{n},W,1")
            for part in draw.sample(later, min(width, len(later))):
                bills.append(f"{item},{part},b{n},{draw.choice((0.5, 1, 2))},{draw.choice((0, 0.1))}")
        for n in range(draw.randint(1, 3) if k >= 0.3 * size else 0):
            price, share = draw.choice((1, 2.5, 4, 9, 20)), draw.choice(("", "", 0.3, 0.5))
            offers.append(f"{item}-{n},{item},{price},{draw.choice('HZ')},{share},{draw.choice(('yes', 'no'))}")
    limits = [f"R{n},origin share,{';'.join(items[:products])},{n / 10}" for n in range(0, 11, 2)]
    return programme_of(
        HEAD
        + "[items]\nitem\n" + "\n".join(items)
        + "\n[bom]\nparent,component,alternative,quantity_units,scrap_share\n" + "\n".join(bills)
        + "\n[operations]\nitem,alternative,work_centre,plateau_hours\n" + "\n".join(operations)
        + "\n[offers]\noffer,item,unit_price,origin_country,third_country_share,qualified\n" + "\n".join(offers)
        + "\n[rules]\nrule,kind,scope,high\n" + "\n".join(limits)
    )  # fmt: skip


def in_order(found):
    """Say that a rule costs nothing less than none, that day one has no more than all, and that what keeps a limit has a share within it."""
    at = {n: np.nan_to_num(found[n], nan=np.inf) for n in NUMBERS}
    assert (at["cost"] <= at["ruled_cost"]).all()
    assert (at["day_one_cost"] <= at["day_one_ruled_cost"]).all()
    for name in NUMBERS[:3]:
        assert (at[name] <= at[f"day_one_{name}"]).all()
    for of in ("", "day_one_"):
        assert ((at[f"{of}ruled_cost"] < np.inf) == (at[f"{of}least_share"] <= found["limit"] + 1e-6)).all()


@pytest.mark.parametrize("seed", range(40))
def test_two_methods_find_the_same_in_factories_of_many_levels(seed):
    found = table(factory(seed, size=30, products=2))
    in_order(found)
    assert np.isfinite(found["ruled_cost"]).any()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(programmes())
def test_two_methods_find_the_same_in_random_programmes(programme):
    in_order(table(programme))


def test_a_thousand_items_take_a_second():
    programme = factory(1, size=1000, products=20)
    begin = time.process_time()
    found = materials(programme, cut(programme.settings.start, programme.settings.periods))
    assert time.process_time() - begin < 1
    assert len(found["rule"]) == 120
