"""What the tanker base shows: a dry day and what prevents it, crew hours in any so many days, seasons of flying weather."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.reading import read
from tandemplan.plan import plan
from tandemplan.report.measured import runs_out

BASE = Path(__file__).parents[2] / "examples" / "tanker_base"
NO_OPTIONS = "options[*].earliest=2027-01-01"  # after the plan's end
ANNOUNCED, LATE = "sc-00-announced-turnaround", "sc-03-late-turnaround-and-surge"


def planned(*sets, scenario=LATE):
    """Return the plan of a scenario, audited clean."""
    programme = read(BASE, [BASE / "scenarios" / scenario], sets=list(sets))
    run = plan(programme)
    assert [str(f) for f in audit_tables(programme, run.info, run.tables)] == []
    return run


@pytest.fixture(scope="module")
def late():
    return planned()


@pytest.fixture(scope="module")
def dry():
    return planned(NO_OPTIONS)


def lost(run):
    return run.tables["classes"]["lost"]


def test_the_coastal_base_runs_dry_under_late_turnaround_and_surge(dry):
    """Some 35 sorties of the surge are lost, the most urgent class; fuel for others was given up before."""
    out = {(item, site): day for item, site, day in runs_out(dry, read(BASE))}
    assert date(2026, 4, 15) < out["F-JET", "S-MKB"] < date(2026, 5, 5)
    stock = dry.tables["stock"]
    here = (stock["item"] == "F-JET") & (stock["site"] == "S-MKB")
    assert stock["closing"][here & (stock["period_start"] == np.datetime64(out["F-JET", "S-MKB"]))] < 1
    assert 30 < lost(dry)[0] < 40
    assert (lost(dry)[1:] > 1000).all()
    assert not dry.tables["options"]["chosen"].any()


def test_it_does_not_when_the_turnaround_runs_as_announced():
    run = planned(NO_OPTIONS, scenario=ANNOUNCED)
    assert lost(run) == pytest.approx([0, 0, 0], abs=0.01)
    assert runs_out(run, read(BASE)) == []


def test_options_prevent_the_dry_day(late):
    """All is served; the import is opened in time for a parcel, which takes 18 days, and sorties are short from the start on.

    Nothing that is chosen costs anything, so that the import may come as late as it still helps.
    """
    assert lost(late).tolist() == [0, 0, 0]  # orders made whole leave no crumb undelivered
    assert (late.tables["classes"]["gap"] < 1e-3).all()
    assert runs_out(late, read(BASE)) == []
    options = late.tables["options"]
    taken = dict(zip(options["option"][options["chosen"]], options["date"][options["chosen"]].astype(str), strict=True))
    assert taken.keys() == {"MT-01", "MT-05"}
    assert taken["MT-01"] <= "2026-04-10"
    assert taken["MT-05"] == "2026-03-16"
    bought = late.tables["purchases"]
    assert bought["quantity"][bought["supplier"] == "SUP-IMP"].sum() > 0
    assert (late.tables["production"]["alternative"] == "short").any()


def test_short_sorties_alone_prevent_it_too():
    """Without a parcel, which may be chosen after the plan's end alone, and without more aircraft, which cost nothing here."""
    run = planned("options[MT-01].earliest=2027-01-01", "options[MT-04].earliest=2027-01-01")
    assert lost(run) == pytest.approx([0, 0, 0], abs=0.01)
    assert run.tables["options"]["option"][run.tables["options"]["chosen"]].tolist() == ["MT-05"]


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
