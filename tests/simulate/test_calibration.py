"""What is given 80 % happens in 80 %: random worlds, predicted by our engine and observed once by the second; and both do the same without randomness."""

import math

import numpy as np
import pytest

from tandemplan.plan import PlanOptions, plan
from tandemplan.simulate.blocks import block_of, setup_of

from .calibration import Promise, bins, chi_square, in_the_large, of_chi_square, of_normal, promises, spiegelhalter
from .second.facts import Facts
from .second.world import World
from .second.worlds import world

LEVEL = 0.001
QUICK = (0, 1, 3, 8, 11, 15, 23, 24)  # planned in a second
MANY = 30


def same(number):
    """Say whether both engines do the same in a world without randomness: days, units, cash."""
    programme = world(1, number)
    planned = plan(programme, PlanOptions(gap=0.02, time_limit=120))
    facts = Facts(programme, planned)
    one = block_of(setup_of(programme, planned, 7, random=False), 0, 1)
    other = World(facts, None).run()
    cash = other.money.closing if other.money.limited else np.zeros(0)
    return (
        [other.done(d) for d in facts.planned] == one.done[0].tolist()
        and np.allclose([other.delivered(d) for d in facts.planned], one.delivered[0], atol=1e-3)
        and np.allclose([other.on_time(d) for d in facts.planned], one.on_time[0], atol=1e-3)
        and np.allclose(cash, one.cash[0], atol=0.2)
    )


def test_random_worlds_are_the_same_by_both_engines_without_randomness():
    assert [n for n in QUICK if not same(n)] == []


@pytest.mark.long
def test_promises_are_kept_as_often_as_they_are_given():
    """One promise of each of so many worlds on its due day, and one on a drawn day: sums and squares of what is kept within chance."""
    pairs = [promises(1, number, 400) for number in range(MANY)]
    for found in zip(*pairs, strict=True):
        assert of_normal(in_the_large(found)) > LEVEL
        assert of_normal(spiegelhalter(found)) > LEVEL
        assert of_chi_square(*chi_square(found)) > LEVEL


def made_up(said, kept):
    return [Promise(k, "d", 0.0, s, bool(y), 400) for k, (s, y) in enumerate(zip(said, kept, strict=True))]


def test_the_test_of_calibration_sees_what_is_off():
    """Promises kept as given pass, and those kept by chances half as good again fail; so do those that are always too sure."""
    rng = np.random.default_rng(5)
    said = rng.uniform(size=2_000)
    fair, sure = made_up(said, rng.uniform(size=2_000) < said), made_up(said, rng.uniform(size=2_000) < 0.25 + said / 2)
    assert of_chi_square(*chi_square(fair)) > 0.01
    assert of_normal(spiegelhalter(fair)) > 0.01
    assert of_chi_square(*chi_square(sure)) < LEVEL
    assert of_normal(spiegelhalter(sure)) < LEVEL
    assert in_the_large(made_up(said, rng.uniform(size=2_000) < said**2)) < -5
    assert sum(b.count for b in bins(fair)) == 2_000


def test_the_tail_of_chi_square_is_that_of_tables():
    """The 5 % and 0.1 % points of 10 degrees of freedom are 18.307 and 29.588."""
    assert of_chi_square(18.307, 10) == pytest.approx(0.05, rel=0.01)
    assert of_chi_square(29.588, 10) == pytest.approx(0.001, rel=0.1)
    assert of_normal(1.96) == pytest.approx(0.05, rel=0.01)
    assert math.isclose(of_normal(0.0), 1.0)
