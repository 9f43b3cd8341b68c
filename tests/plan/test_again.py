"""A plan once more, after something has changed: what is done stays, and little moves."""

from datetime import date
from importlib import import_module

import numpy as np
import pytest

import tandemplan as tp
from tandemplan.plan import plan

AGAIN = import_module("tandemplan.plan.again")


@pytest.fixture(scope="module")
def bench():
    """A small programme, its plan, and that plan as something to come back to."""
    programme = tp.example("first_steps")
    run = plan(programme)
    return programme, AGAIN.base_of(run, programme)


@pytest.mark.parametrize("as_of", [None, date(2026, 6, 8)])
def test_moves_nothing_where_nothing_has_changed(bench, as_of):
    programme, base = bench
    found = AGAIN.again(base, programme, AGAIN.Search(as_of=as_of))
    assert (found.moved, found.frozen) == (0.0, 0.0)
    assert np.abs(found.x - found.before).max() == 0.0


def test_serves_as_a_plan_from_nothing_does_where_everything_may_move(bench):
    programme, base = bench
    changed = programme.with_changes("demands[C1].quantity_units = 12", "offers[*].lead_days += 2")
    found = AGAIN.again(base, changed)
    stages = plan(changed).info["objective"]["stages"]
    classes = [s for s in stages if s["demand_class"] is not None]
    values = [float(s.cost @ found.x) for s in found.model.stages[: found.model.classes]]
    assert values == pytest.approx([s["value"] for s in classes], abs=1e-3)


def test_what_was_started_before_the_day_stays(bench):
    programme, base = bench
    changed = programme.with_changes("demands[C2].quantity_units = 2")
    found = AGAIN.again(base, changed, AGAIN.Search(as_of=date(2026, 6, 15)))
    make = found.model.variables.make
    past = make[:, found.model.network.periods.starts < 14]
    assert found.x[past[past >= 0]].tolist() == found.before[past[past >= 0]].tolist()


def test_no_plan_is_found_where_what_was_done_cannot_have_been(bench):
    programme, base = bench
    changed = programme.with_changes("work_centres[bench].availability_share *= 0.1")
    found = AGAIN.again(base, changed, AGAIN.Search(as_of=date(2026, 6, 15)))
    assert found.x is None
    assert found.reason
