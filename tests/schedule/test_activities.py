"""Schedules of activities: valid by definition, best where a search through all of them is possible, and the same for a seed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandemplan.schedule.searches import breeding_of, insertion_of
from tandemplan.schedule.solve import schedule_activities
from tandemplan.solver.activities import Schedule, activities_of, heads, tails
from tandemplan.solver.cpsat import lower_bound

from .checked import faults


@st.composite
def projects(draw, most=6):
    """Return activities with modes, arcs with lags, and resources of both kinds."""
    n, resources = draw(st.integers(1, most)), draw(st.integers(1, 2))
    capacity = [draw(st.integers(1, 4)) for _ in range(resources)]
    modes = [
        [
            (draw(st.integers(0, 4)), [(r, draw(st.integers(0, capacity[r]))) for r in range(resources)])
            for _ in range(draw(st.integers(1, 2)))
        ]
        for _ in range(n)
    ]
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=n))
    arcs = [(min(a, b), max(a, b), draw(st.integers(0, 2))) for a, b in {(min(p), max(p)) for p in pairs} if a != b]
    return activities_of(modes, arcs, capacity)


@st.composite
def shops(draw):
    """Return a flexible job shop; an operation may follow another one on the same machine."""
    machines = draw(st.integers(1, 3))
    modes, arcs = [], []
    for _ in range(draw(st.integers(1, 3))):
        for step in range(draw(st.integers(1, 3))):
            on = draw(st.lists(st.integers(0, machines - 1), min_size=1, max_size=2, unique=True))
            modes.append([(draw(st.integers(0, 5)), [(m, 1)]) for m in on])
            if step:
                arcs.append((len(modes) - 2, len(modes) - 1, 0))
    return activities_of(modes, arcs, [1] * machines)


def best_of_all(activities):
    """Return the least makespan over all modes and all orders, each activity at its earliest: some active schedule is best."""
    n, best = len(activities), None
    ways = [range(activities.mode_start[i], activities.mode_start[i + 1]) for i in range(n)]
    for mode in itertools.product(*ways):
        for order in itertools.permutations(range(n)):
            start = {}
            for v in order:
                arcs = [
                    (a, lag)
                    for a, b, lag in zip(
                        activities.before.tolist(), activities.after.tolist(), activities.lag.tolist(), strict=True
                    )
                    if b == v
                ]
                if any(a not in start for a, _ in arcs):
                    break
                at = max((start[a] + activities.duration[mode[a]] + lag for a, lag in arcs), default=0)
                while not _fits(activities, mode, start, v, at):
                    at += 1
                start[v] = at
            else:
                end = max(start[v] + activities.duration[mode[v]] for v in range(n))
                best = end if best is None else min(best, end)
    return best


def _fits(activities, mode, start, v, at):
    """Say whether nothing is used beyond its capacity while an activity lasts."""
    for t in range(at, at + int(activities.duration[mode[v]])):
        used = np.zeros(len(activities.capacity))
        for w in [*start, v]:
            s = at if w == v else start[w]
            if s <= t < s + activities.duration[mode[w]]:
                run = slice(activities.needs.start[mode[w]], activities.needs.start[mode[w] + 1])
                used[activities.needs.item[run]] += activities.needs.value[run]
        if (used > activities.capacity).any():
            return False
    return True


@settings(max_examples=40, deadline=None)
@given(projects(most=5))
def test_small_projects_are_scheduled_as_well_as_any_order_of_all_can(activities):
    answer = schedule_activities(activities, seconds=60, workers=2)
    assert faults(activities, answer.schedule) == []
    assert answer.makespan == answer.schedule.makespan(activities) == best_of_all(activities)
    assert answer.proved


@settings(max_examples=100, deadline=None)
@given(shops(), st.integers(1, 3))
def test_the_search_on_shops_keeps_to_jobs_and_machines(activities, seed):
    first = breeding_of(activities, seed, 4).best()
    search = insertion_of(activities, first, seed)
    search.go(300, 0)
    assert faults(activities, search.best()) == []
    assert search.best().makespan(activities) <= search.makespan <= first.makespan(activities)
    assert search.makespan >= lower_bound(activities, tails(activities))


@settings(max_examples=100, deadline=None)
@given(projects(), st.integers(1, 3))
def test_lists_keep_to_resources_arcs_and_lags(activities, seed):
    search = breeding_of(activities, seed, 6)
    search.go(30, 0)
    assert faults(activities, search.best()) == []
    assert search.best().makespan(activities) == search.makespan


@given(projects())
def test_heads_and_tails_are_longest_ways(activities):
    n, arcs = len(activities), list(zip(activities.before, activities.after, activities.lag, strict=True))
    head = [0] * n
    for v in range(n):  # arcs go from lower to higher numbers
        head[v] = max((head[a] + activities.shortest[a] + lag for a, b, lag in arcs if b == v), default=0)
    assert heads(activities).tolist() == head
    assert (heads(activities) + tails(activities)).max() == max(
        h + s for h, s in zip(head, activities.shortest, strict=True)
    )


def test_a_circle_is_refused():
    circle = activities_of([[(1, [])], [(1, [])]], [(0, 1, 0), (1, 0, 0)], [1])
    with pytest.raises(ValueError, match="circle"):
        tails(circle)


def test_what_is_not_renewable_decides_the_modes():
    """Two activities, each 1 long with 3 of 4 units or 5 long with 1: one of them only can be fast."""
    ways = [(1, [(0, 3)]), (5, [(0, 1)])]
    answer = schedule_activities(activities_of([ways, ways], [], [4], [False]), seconds=5)
    assert (answer.makespan, answer.proved) == (5, True)
    with pytest.raises(ValueError, match="nonrenewable"):
        schedule_activities(activities_of([ways, ways], [], [1], [False]), seconds=5)


def test_the_same_steps_give_the_same_schedule():
    rng = np.random.default_rng(5)
    modes = [[(int(d), [(int(m), 1)])] for d, m in zip(rng.integers(1, 9, 30), np.tile(range(5), 6), strict=True)]
    shop = activities_of(modes, [(k, k + 1, 0) for k in range(29) if (k + 1) % 5], [1] * 5)
    answers = [schedule_activities(shop, steps=500, seed=s) for s in (3, 3)]
    assert answers[0].schedule.start.tolist() == answers[1].schedule.start.tolist()
    assert faults(shop, answers[0].schedule) == []


def test_the_checker_itself_sees_faults():
    shop = activities_of([[(2, [(0, 1)])], [(2, [(0, 1)])]], [(0, 1, 1)], [1])
    wrong = Schedule(np.array([0, 1]), np.array([0, 1]))
    assert faults(shop, wrong) == ["activity 1 starts at 1, 0 ends at 2", "resource 0: 2.0 of 1 at 1"]
