"""Hours that answer to what is made: near a plan, the terms of the first order say what the true curves say."""

from importlib import import_module

import numpy as np
import pytest

import tandemplan as tp
from tandemplan.plan import plan
from tandemplan.plan.mending import units
from tandemplan.plan.ramp import assumed
from tandemplan.plan.slopes import with_slopes

AGAIN = import_module("tandemplan.plan.again")


@pytest.fixture(scope="module")
def learner():
    """A bench whose hours fall and whose yield rises with the units made, and its plan as columns of a model."""
    programme = tp.example("first_steps").with_changes(
        "operations[*].first_unit_hours = 12", "operations[*].learning_slope = 0.9", "operations[*].yield_start_share = 0.9",
        "operations[*].yield_learning_units = 10",
    )  # fmt: skip
    return programme, AGAIN.base_of(plan(programme), programme)


def test_a_plan_near_by_takes_the_hours_that_the_terms_say(learner):
    """A twentieth less is made: the error of the terms is far below what hours at the old experience are off by."""
    base = learner[1]
    network, x = base.model.network, base.x
    make = units(base.model, x)
    assert base.made.sum() > 0, "something learns"
    lp = with_slopes(base.model, make, base.made)
    less = x.copy()
    columns = base.model.variables.make
    less[columns[columns >= 0]] *= 0.95
    made = network.making.taught.made(units(base.model, less))
    truly = AGAIN.model_of(assumed(network, made), demanded=False).lp
    at = np.concatenate([less, np.cumsum(made - base.made, axis=1).ravel()])
    for family in ("hours", "balance"):
        index = truly.rows[family].index
        exact, old = (m.times(less)[index] for m in (truly, base.model.lp))
        said = lp.times(at)[index]
        assert np.abs(old - exact).max() > 1e-4
        assert np.abs(said - exact).max() < 0.2 * np.abs(old - exact).max()


def test_at_the_plan_itself_nothing_is_other_than_it_was(learner):
    base = learner[1]
    lp = with_slopes(base.model, units(base.model, base.x), base.made)
    at = np.concatenate([base.x, np.zeros(base.made.size)])
    rows = len(base.model.lp.row_lower)
    assert lp.times(at)[:rows] == pytest.approx(base.model.lp.times(base.x), abs=1e-9)
    assert lp.times(at)[rows:] == pytest.approx(-base.made.ravel(), abs=1e-9)


def test_a_factory_that_still_learns_is_planned_once_more_on_its_true_curves(learner, tmp_path):
    """Half of the hours are gone from the second week on: fewer units are made, and each takes longer than was planned."""
    from datetime import date

    from tandemplan.audit import audit
    from tandemplan.plan.replan import replan
    from tandemplan.results.store import write_run

    programme = learner[0]
    run = plan(programme)
    changed = programme.with_changes("demands[C2].due = 2026-06-12")
    found = replan(run, programme, changed, as_of=date(2026, 6, 2))
    assert found.info["status"] == "feasible"
    assert audit(write_run(found, changed, tmp_path / "new")).findings == ()
