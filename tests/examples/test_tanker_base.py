"""What the tanker base shows: seasons of flying weather, and crew hours in any so many days."""

from pathlib import Path

import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.reading import read
from tandemplan.plan import plan

BASE = Path(__file__).parents[2] / "examples" / "tanker_base"
LATE = "sc-03-late-turnaround-and-surge"


def planned(*sets, scenario=LATE):
    """Return the plan of a scenario, audited clean."""
    programme = read(BASE, [BASE / "scenarios" / scenario], sets=list(sets))
    run = plan(programme)
    assert [str(f) for f in audit_tables(programme, run.info, run.tables)] == []
    return run


@pytest.fixture(scope="module")
def late():
    return planned()


def hours(run, resource, column="used_hours"):
    load = run.tables["load"]
    return load[column][load["resource"] == resource]


def heads(run, skill):
    people = run.tables["people"]
    return people["productive"][people["skill"] == skill]


@pytest.mark.parametrize("crew", ["CR-MK", "CR-CT"])
@pytest.mark.parametrize(("window", "most"), [(30, 125), (7, 56)])
def test_crews_keep_their_hours_in_every_window(late, crew, window, most):
    used = np.convolve(hours(late, crew), np.ones(window), "valid")
    allowed = most * np.convolve(heads(late, crew), np.ones(window), "valid") / window
    assert len(used) == 120 - window + 1
    assert used.max() > 0
    assert (used <= allowed + 1e-3).all()


def test_the_limit_of_crew_hours_is_what_keeps_them():
    """Without the rule of 30 days, crews fly more in some window."""
    run = planned("rules[CREW-30-DAYS].soft=yes", "rules[CREW-7-DAYS].soft=yes")
    used = np.convolve(hours(run, "CR-MK"), np.ones(30), "valid")
    assert used.max() > 125 * heads(run, "CR-MK").max() + 1


def test_flying_weather_has_its_seasons(late):
    """8 aircraft, of which 0.75 are fit, in 24 hours of cover, in the share of the hours in which flying is possible."""
    load = late.tables["load"]
    days = load["period_start"][load["resource"] == "WC-TKR-MK"].astype(str).tolist()
    there = dict(zip(days, hours(late, "WC-TKR-MK", "available_hours"), strict=True))
    for day, factor in (("2026-03-31", 0.88), ("2026-04-01", 0.92), ("2026-05-31", 0.94), ("2026-06-01", 0.95)):
        assert there[day] == pytest.approx(8 * 0.75 * 24 * factor)
