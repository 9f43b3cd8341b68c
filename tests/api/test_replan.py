"""A plan once more, and its briefing, from Python: the same as the shell says."""

from datetime import date
from pathlib import Path

import pytest

import tandemplan as tp
from tandemplan.plan.again import NoBaseError

INCIDENT = "city-asks-sooner"


@pytest.fixture(scope="module")
def run():
    return tp.plan(tp.example("first_steps"))


@pytest.fixture(scope="module")
def new(run):
    return tp.replan(run, INCIDENT)


def test_an_incident_is_found_beside_the_programme_and_gives_the_day(run, new):
    assert new.info["options"]["as_of"] == "2026-06-02"
    assert new.info["options"]["base"] == run.id
    assert new.programme.scenarios == ("The city asks for its second delivery a week sooner",)
    other = tp.replan(run, [run.programme.home / "incidents" / INCIDENT], as_of=date(2026, 6, 8))
    assert other.info["options"]["as_of"] == "2026-06-08"


def test_a_programme_stands_for_its_facts(run, new):
    changed = run.programme.with_changes("demands[C2].due = 2026-06-12")
    other = tp.replan(run, changed, as_of="2026-06-02")
    assert other.info["replan"]["changes"] == new.info["replan"]["changes"]
    assert tp.briefing(run, other).summary().splitlines()[0] == "New facts: as of 2 Jun 2026"


def test_it_is_a_run_like_any_other(run, new, tmp_path):
    opened = tp.open_run(new.save(tmp_path / "new"))
    assert tp.audit(opened).clean
    assert tp.briefing(run, opened).summary() == tp.briefing(run, new).summary()
    assert set(tp.compare(run, new).demands["demand"]) == {"C2", "S1"}


def test_the_briefing_says_who_waits_and_what_moved(run, new, tmp_path):
    told = tp.briefing(run, new)
    assert "  city (class 1): 10 units late (4 before), 0 lost (0 before)." in told.summary().splitlines()
    assert told.moved["unit_days"].sum() == new.info["replan"]["moved_unit_days"]
    page = Path(told.report(tmp_path / "briefing.html")).read_text(encoding="utf-8")
    assert "The city asks for its second delivery a week sooner: as of 2 Jun 2026" in page
    with pytest.raises(ValueError, match=r"briefing\.txt"):
        told.report(tmp_path / "briefing.txt")


def test_nothing_moves_without_facts_and_columns_stay(run, new):
    none = tp.briefing(run, tp.replan(run)).moved
    assert len(none) == 0
    assert none.dtypes["from_date"] == tp.briefing(run, new).moved.dtypes["from_date"] == "datetime64[s]"


def test_what_has_no_plan_or_is_none_is_refused(run, new):
    with pytest.raises(ValueError, match="holds no plan: it is stopped"):
        tp.replan(tp.plan(tp.example("first_steps"), time_limit=0))
    with pytest.raises(TypeError, match="plan first"):
        tp.replan(tp.example("first_steps"))
    with pytest.raises(tp.ProgrammeFaultsError, match="there is no scenario"):
        tp.replan(run, "city-asks-later")
    with pytest.raises(ValueError, match="is no re-plan"):
        tp.briefing(new, run)
    with pytest.raises(ValueError, match="comes from"):
        tp.briefing(new, tp.replan(run))
    assert issubclass(NoBaseError, ValueError)
