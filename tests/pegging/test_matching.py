"""Supplies and uses matched first in, first out: small cases that a reader can follow by hand, and sums on random ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandemplan.arrays import sums, texts
from tandemplan.pegging.matching import matched
from tandemplan.pegging.orders import UNASKED, Goods, Orders, Uses
from tandemplan.pegging.tracing import traced


def goods(supplies, uses, orders=None, end=100.0):
    """Return goods at places named by letters, closed: supplies (order, place, day, units), uses (order, place, day, units, rank)."""
    names = list(dict.fromkeys([s[0] for s in supplies] + [u[0] for u in uses]))
    places = sorted({s[1] for s in supplies} | {u[1] for u in uses})
    given_, ranks = {s[0]: s for s in supplies}, {u[0]: u[4] for u in uses if len(u) > 4}
    place = np.array([places.index(given_[n][1]) if n in given_ else -1 for n in names])
    comes = np.array([float(given_[n][2]) if n in given_ else 0.0 for n in names])
    units = np.array([float(given_[n][3]) if n in given_ else 0.0 for n in names])
    rank = np.array([float(ranks.get(n, UNASKED)) for n in names])
    kind = texts("delivery" if n not in given_ else "lot" for n in names)
    blank = texts([""] * len(names))
    made = Orders(kind, texts(names), blank, blank, place, comes, comes, units, rank)
    order = np.array([names.index(u[0]) for u in uses], dtype=np.int64)
    at = np.array([places.index(u[1]) for u in uses], dtype=np.int64)
    day, taken = (np.array([float(u[k]) for u in uses]) for k in (2, 3))
    return Goods(made, Uses(order, at, day, taken, np.ones(len(uses))), texts(places), texts(places)).closed(end)


def shares(case):
    """Return what each sink gets of each order, in units."""
    pieces = traced(case, matched(case))
    found = {}
    for sink, order, part, level in zip(pieces.sink, pieces.order, pieces.part, pieces.level, strict=True):
        if level:
            key = (case.orders.name[sink] or case.orders.kind[sink], case.orders.name[order])
            found[key] = found.get(key, 0.0) + part * case.orders.units[order]
    return {k: pytest.approx(v) for k, v in found.items()}


def test_the_first_to_come_goes_to_the_first_who_takes():
    case = goods([("a", "X", 0, 5), ("b", "X", 3, 5)], [("d1", "X", 1, 4, 1), ("d2", "X", 4, 6, 1)])
    assert shares(case) == {("d1", "a"): 4, ("d2", "a"): 1, ("d2", "b"): 5}


def test_those_who_take_at_the_same_time_are_served_by_rank():
    """The job j works for d2, which comes before d1: so it takes what came first."""
    supplies = [("a", "X", 0, 5), ("b", "X", 1, 5), ("j", "Y", 2, 5)]
    uses = [("d1", "X", 2, 5, 7), ("j", "X", 2, 5), ("d2", "Y", 3, 5, 3)]
    assert shares(goods(supplies, uses)) == {("d2", "a"): 5, ("d2", "j"): 5, ("d1", "b"): 5}


def test_what_is_not_taken_is_left():
    assert shares(goods([("a", "X", 0, 5)], [("d", "X", 1, 3, 1)])) == {("d", "a"): 3, ("left", "a"): 2}


def test_what_comes_from_nowhere_is_said():
    assert shares(goods([("a", "X", 0, 3)], [("d", "X", 1, 5, 1)])) == {("d", "a"): 3, ("d", ""): 2}


def test_rounding_makes_no_links():
    """The first order gives a millionth too little: the second does not come into it."""
    case = goods([("a", "X", 0, 5 - 1e-6), ("b", "X", 9, 5)], [("d1", "X", 1, 5, 1), ("d2", "X", 9, 5, 1)])
    assert shares(case) == {("d1", "a"): 5 - 1e-6, ("d2", "b"): 5}
    assert matched(case).slack.min() == 0


def test_an_orders_first_units_are_made_of_its_first_units():
    """Of ten kits five came from a and five from b; the lot of ten goes to d1 and then to d2."""
    supplies = [("a", "K", 0, 5), ("b", "K", 1, 5), ("m", "B", 2, 10)]
    uses = [("m", "K", 2, 10), ("d1", "B", 2, 4, 1), ("d2", "B", 3, 6, 1)]
    assert shares(goods(supplies, uses)) == {
        ("d1", "a"): 4, ("d2", "a"): 1, ("d2", "b"): 5, ("d1", "m"): 4, ("d2", "m"): 6,
    }  # fmt: skip


def test_room_is_the_sum_of_what_lies_on_the_way():
    supplies = [("a", "K", 0, 5), ("m", "B", 3, 5)]
    case = goods(supplies, [("m", "K", 2, 5), ("d", "B", 7, 5, 1)])
    pieces = traced(case, matched(case))
    rooms = {case.orders.name[o]: r for o, r in zip(pieces.order, pieces.room, strict=True)}
    assert rooms == {"d": 0, "m": 4, "a": 6}


def test_what_goes_round_in_a_circle_ends():
    """Two sites send each other five units on one day; the delivery takes what lay there."""
    supplies = [("s", "X", 0, 5), ("go", "Y", 1, 5), ("back", "X", 1, 5)]
    uses = [("go", "X", 1, 5), ("back", "Y", 1, 5), ("d", "X", 2, 5, 1)]
    found = shares(goods(supplies, uses))
    assert found["d", "s"] == 5


@st.composite
def lines(draw):
    """Draw supplies and uses at two levels, whole units, with enough of everything in time."""
    units = st.integers(1, 9)
    made = [draw(units) for _ in range(draw(st.integers(1, 5)))]
    asked = draw(st.integers(0, sum(made)))
    supplies = [(f"m{k}", "B", k + 1, u) for k, u in enumerate(made)]
    uses = [(f"m{k}", "K", k + 1, 2 * u) for k, u in enumerate(made)]
    bought, k = 0, 0
    while bought < 2 * sum(made):
        u = draw(units)
        supplies.append((f"p{k}", "K", 0, u))
        bought, k = bought + u, k + 1
    d = 0
    while asked > 0:
        u = min(draw(units), asked)
        uses.append((f"d{d}", "B", 20 + d, u, draw(st.integers(1, 3))))
        asked, d = asked - u, d + 1
    return goods(supplies, uses)


@given(case=lines())
def test_sums_close(case):
    """Every order is shared out once, every delivery is filled at each level, and nothing comes after it is taken."""
    links = matched(case)
    assert links.slack.min() >= 0
    pieces = traced(case, links)
    count = len(case.orders)
    assert sums(pieces.order, pieces.part, count) == pytest.approx(np.ones(count))
    units = pieces.part * case.orders.units[pieces.order]
    for sink in np.flatnonzero(case.orders.kind == "delivery"):
        mine = pieces.sink == sink
        asked = case.uses.units[case.uses.order == sink].sum()
        assert units[mine & (pieces.level == 1)].sum() == pytest.approx(asked)
        assert units[mine & (pieces.level == 2)].sum() == pytest.approx(2 * asked)
