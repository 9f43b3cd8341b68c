"""What the scheduler makes of random shops is what the audit, which shares no code with it, allows."""

import pytest

from schedule.shops import shop_of
from tandemplan.audit.shop import audit_schedule
from tandemplan.results.schedule_shapes import CLASSES
from tandemplan.schedule.answer import ScheduleOptions, schedule


@pytest.mark.parametrize("seed", range(60))
def test_random_shops_are_scheduled_as_the_audit_allows(seed):
    programme = shop_of(seed)
    run = schedule(programme, ScheduleOptions(steps=40, seed=seed), lambda _said: None)
    assert [str(f) for f in audit_schedule(programme, run.info, run.tables)] == []
    assert all(
        c["bound"] <= c["late_unit_days"] + 1e-6 for c in run.rows(CLASSES) if c["lost"] <= c["lost_bound"] + 1e-6
    )
