"""Properties of the engine on random programmes and their plans: nothing comes from nothing, whatever is drawn."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tandemplan.plan import PlanOptions, plan
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.blocks import block_of, setup_of
from tandemplan.simulate.engine import replicate
from tandemplan.testing.programmes import programmes

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def holds(programme):
    """Plan, simulate with and without randomness, and check what must be so in every replication."""
    run = plan(programme, PlanOptions(time_limit=30))
    if run.info["status"] not in ("optimal", "feasible"):
        return
    for random in (False, True):
        setup = setup_of(programme, run, 7, random=random)
        found = block_of(setup, 0, 5)
        again = block_of(setup, 3, 2)
        assert np.array_equal(found.delivered[3:], again.delivered)
        assert (found.on_time <= found.delivered + 1e-3).all()
        assert (found.delivered <= np.maximum(found.asked, 0) * 3.5 + 1e-3).all(), (
            "risks may raise demands; nothing else may"
        )
        assert np.isfinite(found.used).all()
        assert (np.diff(found.curve, axis=2) >= -1e-3).all()
        assert (np.diff(found.made, axis=2) >= -1e-3).all()
        balanced(setup)
    if not random:
        assert found.delivered.sum() <= setup.world.asks[:, at.ASK_UNITS].sum() * (1 + 1e-4) * len(found)


def balanced(setup):
    """What is released is what has come, what is under way and what waits; stock is never below zero."""
    state = st.state_of(setup.world, 20_000, setup.schools, setup.groups)
    assert replicate(setup.world, state, st.out_of(setup.world, 1), 4, 1) == 0
    assert (state.node[:, st.STOCK] >= -1e-3).all()
    assert (state.busy >= -1e-6).all()
    assert state.counts[st.FREE] + state.length.sum() <= 20_000, "no place for a job is in two lists"
    assert (state.fx >= -1e12).all()
    assert np.isfinite(state.node[:, [st.STOCK, st.COST, st.THIRD, st.RELEASED, st.CLAIMED]]).all()


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(programme=programmes())
def test_random_programmes_are_simulated(programme):
    holds(programme)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(programme=programmes())
def test_many_random_programmes_are_simulated(programme):
    holds(programme)
