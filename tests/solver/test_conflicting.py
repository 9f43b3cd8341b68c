"""Conflicts by brute force: what is found conflicts, each proper subset does not, and remedies are the least that helps."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandemplan.solver import highs, whole
from tandemplan.solver.conflicting import ALL_GIVE_WAY, NOTHING_BROKEN, solve
from tandemplan.solver.elastic import Soft, eased, without
from tandemplan.solver.lp import Builder
from tandemplan.solver.process import conflicts_in_child
from tandemplan.solver.stages import OUT_OF_TIME, Work

from .models import ONE, two_columns


def found_in(lp, soft, work=None, cancelled=lambda: False):
    return solve(lp, soft, work or Work(), on_report=lambda _: None, cancelled=cancelled)


def has_plan(lp):
    """Tell whether a model has a plan, by the solver that plans."""
    solver = whole if lp.whole.any() else highs
    stages = [("any", np.zeros(len(lp.lower)))]
    outcome = solver.solve(lp, stages, Work(), on_report=lambda _: None, cancelled=lambda: False)
    return outcome.status != "infeasible"


def soft_of(lp, groups, level=None, size=None):
    """Return limits of a model with <= rows (below) or >= rows (above): row k belongs to limit groups[k], -1 to none."""
    low = np.isfinite(lp.row_lower)
    row = np.array([k for k, g in enumerate(groups) if g >= 0], dtype=np.int64)
    of = np.array([groups[k] for k in row], dtype=np.int64)
    count = max(groups) + 1
    size = np.ones(count) if size is None else np.asarray(size, dtype=float)
    rate = np.where(low[row], 1.0, -1.0)
    level = np.ones(count, dtype=bool) if level is None else np.asarray(level)
    return Soft(row, of, rate, np.full(len(row), np.inf), 1.0 / size[of], size, level)


def model(rows, upper, whole=False):
    """Return a model of columns from 0 to `upper`, rows (coefficients, sign, side)."""
    build = Builder()
    columns = [build.add_grid(f"x{k}", ("x",), ONE, u, whole=whole)[0, 0] for k, u in enumerate(upper)]
    for k, (coefficients, sign, side) in enumerate(rows):
        low, high = (side, np.inf) if sign == ">=" else (-np.inf, side)
        row = build.add_rows(f"r{k}", ("r",), ONE, lower=low, upper=high)
        for column, c in zip(columns, coefficients, strict=True):
            build.add(row, np.full((1, 1), column), float(c))
    return build.lp()


def test_a_need_and_two_limits_by_hand():
    """x <= 3 and y <= 5 are rows here, x + y >= 10: all three conflict, and each alone must give 2."""
    lp = model([((1, 0), "<=", 3), ((0, 1), "<=", 5), ((1, 1), ">=", 10)], [100, 100])
    found = found_in(lp, soft_of(lp, [0, 1, 2], size=[3, 5, 10]))
    (conflict,) = found.conflicts
    assert (conflict.limits.tolist(), conflict.proved, found.complete) == ([0, 1, 2], True, True)
    assert conflict.short == pytest.approx([2, 2, 2])
    assert [(r.limits.tolist(), r.eases.tolist()) for r in found.remedies] == [([2], [2]), ([1], [2]), ([0], [2])]
    assert [r.size for r in found.remedies] == pytest.approx([0.2, 0.4, 2 / 3])


def test_two_conflicts_need_a_remedy_for_each():
    """x >= 4 against x <= 1, and y >= 7 against y <= 2: no limit alone helps, four pairs do, the cheapest pair first."""
    lp = model([((1, 0), "<=", 1), ((1, 0), ">=", 4), ((0, 1), "<=", 2), ((0, 1), ">=", 7)], [100, 100])
    found = found_in(lp, soft_of(lp, [0, 1, 2, 3], size=[1, 4, 2, 7]))
    assert [c.limits.tolist() for c in found.conflicts] == [[0, 1], [2, 3]] or [
        c.limits.tolist() for c in found.conflicts
    ] == [[2, 3], [0, 1]]
    assert [r.limits.tolist() for r in found.remedies] == [[1, 3], [1, 2], [0, 3], [0, 2]]
    assert found.remedies[0].size == pytest.approx(3 / 4 + 5 / 7)
    assert found.complete


def test_a_level_limit_gives_way_alike_another_row_by_row():
    """Rows x <= 1 and y <= 2 of one limit, x >= 4 and y >= 4 held: alike it gives 3, row by row 3 + 2."""
    lp = model([((1, 0), "<=", 1), ((0, 1), "<=", 2), ((1, 0), ">=", 4), ((0, 1), ">=", 4)], [100, 100])
    for level, gives in ((True, 3), (False, 5)):
        found = found_in(lp, soft_of(lp, [0, 0, -1, -1], level=[level]))
        assert [r.eases.tolist() for r in found.remedies] == [[gives]]
        assert len(found.conflicts[0].entries) == 1  # one of the rows is enough


def test_what_can_give_no_more_is_no_remedy_alone():
    """x <= 1 can give 1 at most where 4 are needed: with the need it gives 1 and 2."""
    lp = model([((1,), "<=", 1), ((1,), ">=", 4)], [100])
    plain = soft_of(lp, [0, 1], level=[False, False], size=[1, 4])
    soft = Soft(plain.row, plain.of, plain.rate, np.array([1.0, np.inf]), plain.cost, plain.size, plain.level)
    found = found_in(lp, soft)
    assert [c.limits.tolist() for c in found.conflicts] == [[1]]  # 2 at most, whatever the first limit gives
    assert [(r.limits.tolist(), r.eases.tolist()) for r in found.remedies] == [([1], [3])]


def test_whole_columns_can_conflict_where_parts_would_not():
    """2 x = 1 with x whole: x between 0.4 and 0.6 has a plan in parts, and none in whole numbers."""
    lp = model([((1,), ">=", 0.4), ((1,), "<=", 0.6)], [10], whole=True)
    found = found_in(lp, soft_of(lp, [0, 1], size=[1, 1]))
    assert [c.limits.tolist() for c in found.conflicts] == [[0, 1]]
    assert [r.limits.tolist() for r in found.remedies] == [[0], [1]]
    assert [r.eases[0] for r in found.remedies] == pytest.approx([0.4, 0.4])
    assert found.complete


def test_limits_that_hold_nothing_and_those_that_cannot_help():
    lp = two_columns(need=10)
    assert found_in(two_columns(), soft_of(two_columns(), [0])).reason == NOTHING_BROKEN
    other = model([((1,), ">=", 4), ((1,), "<=", 9)], [3])
    assert found_in(other, soft_of(other, [-1, 0])).reason == ALL_GIVE_WAY
    assert found_in(lp, soft_of(lp, [0])).remedies[0].eases == pytest.approx([2])


def test_without_time_nothing_is_claimed():
    lp = two_columns(need=10)
    found = found_in(lp, soft_of(lp, [0]), Work(seconds=0))
    assert (found.conflicts, found.remedies, found.complete, found.reason) == ((), (), False, OUT_OF_TIME)


def test_an_end_in_the_middle_leaves_a_conflict_that_is_not_proved_small():
    lp = model([((1, 0), "<=", 3), ((0, 1), "<=", 5), ((1, 1), ">=", 10)], [100, 100])
    asked = iter([False, False, False, False, False, True])
    found = found_in(lp, soft_of(lp, [0, 1, 2]), cancelled=lambda: next(asked, True))
    assert found.reason
    assert not found.complete
    assert [(c.limits.tolist(), c.proved) for c in found.conflicts] == [([0, 1, 2], False)]


def test_the_child_process_finds_the_same():
    lp = two_columns(need=10)
    here, there = found_in(lp, soft_of(lp, [0])), conflicts_in_child(lp, soft_of(lp, [0]), Work(), lambda _: None)
    assert there.remedies[0].eases.tolist() == here.remedies[0].eases.tolist()
    assert (there.complete, there.solves) == (True, here.solves)


SIDES = st.integers(0, 9)


@st.composite
def tight(draw, whole):
    """Draw a small model of rows in limits, most often without a plan."""
    columns = draw(st.integers(1, 3))
    coefficients = st.tuples(*[st.integers(-1, 2) for _ in range(columns)])
    rows = [
        (draw(coefficients), draw(st.sampled_from(("<=", ">="))), draw(SIDES) + (0.5 if whole else 0))
        for _ in range(draw(st.integers(2, 6)))
    ]
    lp = model(rows, [draw(st.integers(1, 6)) for _ in range(columns)], whole)
    groups = [draw(st.integers(-1, 4)) for _ in rows]
    used = sorted({g for g in groups if g >= 0})
    groups = [used.index(g) if g >= 0 else -1 for g in groups]
    level = [draw(st.booleans()) for _ in used]
    return lp, (soft_of(lp, groups, level, [1.0 + draw(SIDES) for _ in used]) if used else None)


def subsets(limits):
    return chain.from_iterable(combinations(limits, n) for n in range(len(limits)))


@pytest.mark.parametrize("whole", [False, True])
def test_brute_force_agrees(whole):
    @settings(max_examples=60 if whole else 150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(tight(whole))
    def agrees(drawn):
        lp, soft = drawn
        if soft is None or has_plan(lp):
            return
        found = found_in(lp, soft)
        every = range(len(soft.size))
        given_way = {s: has_plan(without(lp, soft, np.isin(soft.of, s))) for s in chain(subsets(every), [tuple(every)])}
        if not given_way[tuple(every)]:
            assert found.reason == ALL_GIVE_WAY or whole
            return
        assert found.conflicts
        assert found.complete or len(soft.size) > 3
        for c in found.conflicts:
            assert c.proved
            mine = c.limits.tolist()
            dropped = np.ones(len(soft.row), dtype=bool)
            dropped[c.entries] = False
            assert not has_plan(without(lp, soft, dropped))  # these entries alone conflict
            for part in subsets(mine):  # each proper subset does not
                assert given_way[tuple(k for k in every if k not in part)]
        smallest = [s for s in given_way if given_way[s] and not any(given_way[t] for t in subsets(s))]
        remedies = {tuple(r.limits.tolist()) for r in found.remedies}
        assert remedies >= {s for s in smallest if len(s) <= 3}
        assert remedies <= set(smallest) or not found.complete
        for r in found.remedies:
            assert has_plan(eased(lp, soft, r.amount))
            if len(r.limits) == 1:  # a hundredth less is not enough
                assert not has_plan(eased(lp, soft, np.maximum(r.amount * 0.99 - 1e-5, 0.0)))

    agrees()
