"""frePPLe's own plans hold to what our tables say of its models: then its words are read as it means them."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from tandemplan.interop.frepple import programme_of_frepple
from tandemplan.schedule.making import factory_of, span

from .test_frepple import PEERS

CASES = sorted(PEERS.glob("frepple/*/model.xml"))
SET_UPS = {"setup_3"}  # where the time of an order holds that of its set-up


@pytest.mark.skipif(not CASES, reason="no published models at hand")
@pytest.mark.parametrize("case", [c.parent for c in CASES], ids=lambda f: f.name)
def test_orders_of_frepple_work_where_and_as_long_as_ours(case):
    programme, _ = programme_of_frepple(case / "model.xml")
    factory, (start, _) = factory_of(programme), span(programme)
    number = {name: i for i, name in enumerate(factory.names.processes)}
    used: Counter[tuple[int, int]] = Counter()
    known = 0
    for order in json.loads((case / "frepple_operationplans.json").read_text(encoding="utf-8")):
        process = number.get(order["operation"])
        if process is None:
            continue  # deliveries at once, stock, and alternates as a whole
        known += 1
        first, last = (_second(order[k], start) for k in ("start", "end"))
        mode = int(factory.modes.process.searchsorted(process))
        if case.name not in SET_UPS:
            assert _worked(factory, mode, first, last) == pytest.approx(_work(factory, mode, order, first), abs=1), (
                order
            )
        assert factory.processes.since[process] <= last < factory.processes.until[process], order
        if order["status"] == "proposed":
            assert first >= factory.processes.fence[process]
            assert order["quantity"] >= factory.processes.minimum[process] - 1e-6
        for k in range(factory.modes.load_start[mode], factory.modes.load_start[mode + 1]):
            resource = int(factory.loads.resource[k])
            if factory.resources.buckets[resource]:
                at, _ = _run(factory.resources.size, resource)
                units = factory.loads.fixed[k] + factory.loads.unit[k] * order["quantity"]
                used[resource, int(np.searchsorted(at, first, side="right")) - 1] += units
    assert known > 0
    assert [key for key, units in used.items() if units > _run(factory.resources.size, key[0])[1][key[1]] + 1e-6] == []


def _second(text, start):
    return int((np.datetime64(text, "s") - start).astype(int))


def _run(timeline, owner):
    run = slice(int(timeline.start[owner]), int(timeline.start[owner + 1]))
    return timeline.at[run], timeline.value[run]


def _worked(factory, mode, first, last):
    """Return the seconds between two moments in which a mode works."""
    openings, calendar = factory.openings, int(factory.modes.calendar[mode])
    run = slice(int(openings.start[calendar]), int(openings.start[calendar + 1]))
    return np.maximum(0, np.minimum(openings.shuts[run], last) - np.maximum(openings.opens[run], first)).sum()


def _work(factory, mode, order, first):
    """Return the seconds that an order takes, by the speed at its start."""
    line, speed = int(factory.modes.efficiency[mode]), 1.0
    if line >= 0:
        at, value = _run(factory.efficiency, line)
        speed = value[np.searchsorted(at, first, side="right") - 1]
    return (factory.modes.fixed[mode] + factory.modes.unit[mode] * order["quantity"]) / speed
