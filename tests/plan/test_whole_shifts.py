"""Shares of shift patterns made a plan of shifts: enough in each period, decided in time, kept long enough; and options that go together."""

import numpy as np
import pytest

from tandemplan.network.network import network_of
from tandemplan.plan.model import model_of
from tandemplan.plan.whole_shifts import short_periods, whole_shifts
from tandemplan.testing.models import programme_of

PATTERNS = """
start = 2026-06-01
periods = 6 weeks
[items]
item
A
[operations]
item,work_centre,plateau_hours
A,W,3
[shift_patterns]
shift_pattern,shifts_per_day,premium_share,notice_days,shortest_stay_days
one,1,0,0,{one}
two,2,0.1,0,{two}
three,3,0.2,{notice},0
[work_centres]
work_centre,shift_pattern
W,one
[demands]
demand,item,quantity_units,due
d1,A,4,2026-06-07
"""


@pytest.fixture
def shifts():
    """A function from shares of `two` and of `three` in each week to the number of shifts worked in each; the rest of a week is `one`."""

    def worked(two, three, one_stays=0, two_stays=0, notice=0):
        model = model_of(network_of(programme_of(PATTERNS.format(one=one_stays, two=two_stays, notice=notice))))
        network, v = model.network, model.variables
        x = np.full(len(model.lp.lower), 0.5)
        shares = {"one": 1 - np.array(two) - np.array(three), "two": np.array(two), "three": np.array(three)}
        for e, name in enumerate(network.shifts.name):
            x[v.works[e][v.works[e] >= 0]] = shares[name][v.works[e] >= 0]
        made = whole_shifts(network, v, x)
        levels = np.zeros(v.level.shape, dtype=bool)
        levels[v.level >= 0] = made[v.level[v.level >= 0]] > 0.5
        other = np.ones(len(x), dtype=bool)
        other[v.level[v.level >= 0]] = False
        assert (made[other] == x[other]).all(), "nothing but levels is made whole"
        return (1 + levels.sum(axis=0)).tolist()

    return worked


def test_the_highest_pattern_with_a_share_is_worked_and_no_higher_one(shifts):
    assert shifts([0, 0.2, 0, 0.9, 0, 0], [0, 0, 0.1, 0.1, 0, 0]) == [1, 2, 3, 3, 1, 1]


def test_dust_is_no_share(shifts):
    assert shifts([0, 1e-7, 0, 0, 0, 0], [0, 0, 0, 1e-9, 0, 0]) == [1, 1, 1, 1, 1, 1]


def test_a_pattern_is_kept_for_its_shortest_stay(shifts):
    """15 days from the Monday of week 1 reach into week 3. It goes on in week 4, its time over, and is left after."""
    assert shifts([0, 0.5, 0, 0, 0.5, 0], [0] * 6, two_stays=15) == [1, 2, 2, 2, 2, 1]


def test_a_pattern_that_must_be_kept_is_not_begun_where_more_is_wanted_before_its_time_is_over(shifts):
    """Two shifts would have to be kept over week 2, which wants three."""
    assert shifts([0, 0.5, 0, 0, 0, 0], [0, 0, 0.5, 0, 0, 0], two_stays=14) == [1, 3, 3, 1, 1, 1]


def test_one_shift_that_must_be_kept_is_not_begun_for_a_week(shifts):
    """From two shifts back to one for at least 14 days: not in week 2, as week 3 wants two again; from week 4 on."""
    assert shifts([0, 0.5, 0, 0.5, 0, 0], [0] * 6, one_stays=14) == [1, 2, 2, 2, 1, 1]


def test_the_pattern_worked_at_the_start_may_be_left_at_once(shifts):
    assert shifts([0.5, 0, 0, 0, 0, 0], [0] * 6, one_stays=14) == [2, 1, 1, 1, 1, 1]


def test_what_takes_notice_comes_when_it_may(shifts):
    """Ten days' notice leave the Monday of week 2: until then the site goes on as it is."""
    assert shifts([0] * 6, [0.5, 0.5, 0.5, 0, 0, 0], notice=10) == [1, 1, 3, 1, 1, 1]


OPTIONS = """
start = 2026-06-01
periods = 3 weeks
[sites]
site,storage_m3
P,2
[items]
item,volume_m3
A,1
[operations]
item,site,work_centre,plateau_hours
A,P,W,3
[work_centres]
work_centre,site,stations,most_stations
W,P,1,3
[options]
option,changes
fourth,work_centres[W].stations += 1
large,sites[P].storage_m3 = 9
small,sites[P].storage_m3 = 4
third,work_centres[W].stations += 1
[demands]
demand,site,item,quantity_units,due
d1,P,A,9,2026-06-21
"""


@pytest.mark.parametrize(
    ("owned", "since", "kept"),
    [
        (0, {"third": 0, "fourth": 1}, {"third", "fourth"}),
        (1, {"third": 0, "fourth": 1}, {"third"}),
        (1, {"third": 2, "fourth": 1}, {"fourth"}),
        (2, {"third": 0, "fourth": 1}, set()),
        (0, {"large": 1, "small": 0}, {"small"}),
        (0, {"large": 1, "small": 1}, {"large"}),
        (0, {"large": 2}, {"large"}),
    ],
)
def test_options_that_clash_or_find_no_place_are_left(owned, since, kept):
    """W has place for two stations more. Of two options too many, the one chosen later is left; of equal ones the last by name."""
    model = model_of(network_of(programme_of(OPTIONS)))
    x, v = np.zeros(len(model.lp.lower)), model.variables
    x[v.owned[v.owned >= 0]] = owned
    for option, first in since.items():
        x[v.chosen[model.network.choices.names.index(option)][first:]] = 1.0
    made = whole_shifts(model.network, v, x)
    chosen = {o for o, c in zip(model.network.choices.names, v.chosen, strict=True) if made[c].any()}
    assert chosen == kept
    assert all((made[c] == x[c]).all() for o, c in zip(model.network.choices.names, v.chosen, strict=True) if o in kept)


WEEKENDS = """
start = 2026-06-01
periods = 4 weeks
[items]
item
A
[operations]
item,step,work_centre,plateau_hours
A,1,W,3
A,2,N,3
[shift_patterns]
shift_pattern,shifts_per_day,days_per_week,premium_share
one,1,5,0
six,1,6,0.1
two,2,5,0.2
more,2,6,0.3
[work_centres]
work_centre,shift_pattern,most_shifts,stations,most_stations
W,one,,1,
N,one,1,1,{most}
[demands]
demand,item,quantity_units,due
d1,A,4,2026-06-28
"""


@pytest.mark.parametrize(
    ("spare", "most", "worked", "short"),
    [
        (0, "", "more", False),
        (4, "", "two", False),
        (3.9, "", "more", False),
        (-5, "", "two", True),
        (-5, 2, "two", False),
    ],
)
def test_a_pattern_has_the_hours_that_shares_of_patterns_have_at_each_work_centre(spare, most, worked, short):
    """N works one shift: half of `six` (48 hours) and half of `two` (40) are 44 hours there; `more` has 48, and 49 can only be bought."""
    model = model_of(network_of(programme_of(WEEKENDS.format(most=most))))
    network, v = model.network, model.variables
    x, left = np.zeros(len(model.lp.lower)), np.full(network.hours.present.shape, np.inf)
    for e, name in enumerate(network.shifts.name):
        x[v.works[e]] = 0.5 if name in ("six", "two") else 0.0
    left[network.hours.names.index("N")] = spare
    made = whole_shifts(network, v, x, left)
    levels = [name for e, name in enumerate(network.shifts.name) if v.level[e, 0] >= 0 and made[v.level[e]].all()]
    by_rank = sorted(zip(network.shifts.rank.tolist(), network.shifts.name, strict=True))
    assert [n for _, n in by_rank if n in levels][-1] == worked
    assert short_periods(network, v, made, left).tolist() == [short] * 4
