"""Worlds that are lines of stations, for queueing theory: one route of steps, each with its own work centre."""

import numpy as np

from tandemplan.simulate import layout as at
from tandemplan.simulate.philox import stream


def line(days, means, cvs, *, servers=None, every=0.0, rooms=None, failures=0.0, repair=0.0, seed=1):
    """Return a world with one route; a day has one hour, so that rates are by the day. `every` 0: work never ends."""
    steps = len(means)
    servers = servers or [1.0] * steps
    rooms = rooms or [-1.0] * steps
    base = at.blank(np.array([0.0, float(days)]))
    table = np.full((steps, at.STEP_COLUMNS), -1.0)
    for k in range(steps):
        table[k, at.STEP_CENTRE] = k
        table[k, at.STEP_TOOL_HOURS] = table[k, at.STEP_PRIOR] = table[k, at.STEP_SETUP] = 0.0
        table[k, at.STEP_LOT_SETUP] = table[k, at.STEP_REWORK] = table[k, at.STEP_REWORK_HOURS] = 0.0
        table[k, at.STEP_STEADY] = means[k]
        table[k, at.STEP_YIELD] = table[k, at.STEP_YIELD_START] = table[k, at.STEP_YIELD_UNITS] = 1.0
        table[k, at.STEP_CV] = cvs[k]
        table[k, at.STEP_ROOM] = rooms[k]
        table[k, at.STEP_STREAM] = k
    route = at.widened([[-1.0, 0.0, steps, -1.0, every, steps]], at.ROUTE_COLUMNS)
    if every == 0:
        table[0, at.STEP_ENDLESS] = 0
    resources = at.widened([[failures, repair, -1.0, -1.0, steps + 1 + k] for k in range(steps)], at.RESOURCE_COLUMNS)
    keys = np.array([stream(seed, "line", str(k)) for k in range(2 * steps + 1)], dtype=np.uint64)
    return base._replace(
        routes=route,
        use_at=np.zeros(2, dtype=np.int64),
        steps=table,
        resources=resources,
        servers=np.array(servers, dtype=np.float64)[:, None],
        clock=np.tile(np.arange(days + 1, dtype=np.float64), (steps, 1)),
        served_at=np.arange(steps + 1),
        served=np.arange(steps),
        hires=np.zeros((steps, 1)),
        keys=keys,
    )
