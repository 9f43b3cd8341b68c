"""Resources that serve one step each are served without lists; what comes of it is what the lists give."""

import numpy as np
import pytest

from simulate.lines import line
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.engine import replicate


def shared(world):
    """Return a world whose work centres serve steps of a second route too, on which nothing ever comes: so each of them has a list."""
    steps = len(world.steps)
    routes = np.concatenate([world.routes, world.routes])
    routes[1, at.ROUTE_FIRST], routes[1, at.ROUTE_LAST], routes[1, at.ROUTE_EVERY] = steps, 2 * steps, 0.0
    return world._replace(
        routes=routes,
        use_at=np.zeros(3, dtype=np.int64),
        steps=np.concatenate([world.steps, world.steps]),
        served_at=2 * np.arange(steps + 1),
        served=np.array([[k, k + steps] for k in range(steps)]).reshape(-1),
    )


WORLDS = {
    "with room": line(2_000, [1.0] * 4, [1.0] * 4, every=1.25),
    "blocked": line(2_000, [1.0, 0.9, 1.1], [1.0] * 3, every=1.3, rooms=[-1.0, 1.0, 0.0]),
    "two servers": line(2_000, [1.0, 1.0], [0.5, 0.0], every=0.6, servers=[2.0, 2.0]),
    "on the same day": line(2_000, [1.0, 2.0, 1.0], [0.0] * 3, every=2.5),
    "breaks down": line(2_000, [1.0, 1.0], [1.0, 1.0], every=1.6, failures=0.02, repair=5.0),
}


@pytest.mark.parametrize("name", WORLDS)
def test_a_resource_with_one_step_is_served_as_with_lists(name):
    found = []
    for world in (WORLDS[name], shared(WORLDS[name])):
        state = st.state_of(world, 4096, 1, 1)
        assert replicate(world, state, st.out_of(world, 1), 0, 1) == 0
        steps = len(WORLDS[name].steps)
        assert (state.alone >= 0).all() == (world is WORLDS[name])
        found.append((state.passed[0].tolist(), state.waited[:steps].tolist(), state.used_hours.tolist()))
    assert found[0][0][0] > 500
    assert found[0] == found[1]
