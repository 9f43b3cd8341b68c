"""A plan as it is made is clean."""

from pathlib import Path

import pytest

from tandemplan.audit import audit
from tandemplan.model.reading import read
from tandemplan.plan import PlanOptions, plan
from tandemplan.results.store import write_run

EXAMPLE = Path(__file__).parents[2] / "examples" / "tanker_base"


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
