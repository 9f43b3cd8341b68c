"""Plans as they are made: the tanker base is clean, and the cells that cannot be changed unseen are all its own."""

import random
from pathlib import Path

import numpy as np
import pytest

from tandemplan.audit import audit, audit_tables
from tandemplan.model.reading import read
from tandemplan.plan import PlanOptions, plan
from tandemplan.results.shape import SHAPES, Type
from tandemplan.results.store import write_run

EXAMPLE = Path(__file__).parents[2] / "examples" / "tanker_base"
STEPS = {Type.UNITS: 0.05, Type.MONEY: 0.5, Type.WHOLE: 1, Type.DATE: np.timedelta64(1, "D")}


@pytest.fixture(scope="module")
def programme():
    return read(EXAMPLE)


@pytest.fixture(scope="module")
def run(programme):
    return plan(programme, PlanOptions(time_limit=60))


def test_the_tanker_base_is_clean(programme, run, tmp_path):
    result = audit(write_run(run, programme, tmp_path / "run"))
    assert result.findings == ()
    assert result.rows_checked["deliveries"] > 100


def larger(kind, value):
    """Return a value that differs by little more than rounding: a day, one, or a step and 2e-5 of the size."""
    return value + STEPS[kind] + (2e-5 * abs(value) if kind in (Type.UNITS, Type.MONEY) else 0 * STEPS[kind])


@pytest.mark.long
@pytest.mark.parametrize("shape", [s for s in SHAPES if s.name != "limits"], ids=lambda s: s.name)
def test_a_changed_cell_of_a_plan_is_found(programme, run, shape):
    draw = random.Random(shape.name)
    for field in [f for f in shape.fields if f.audited and f.type in STEPS]:
        values = run.tables[shape.name][field.name]
        given = (
            [i for i, value in enumerate(values) if not np.isnat(value)]
            if field.type is Type.DATE
            else range(len(values))
        )
        for at in draw.sample(given, min(1, len(given))):
            changed = values.copy()
            changed[at] = larger(field.type, values[at])
            tables = {**run.tables, shape.name: {**run.tables[shape.name], field.name: changed}}
            found = audit_tables(programme, run.info, tables)
            assert found, f"{field.name} of row {at + 2}: {values[at]} -> {changed[at]}"
