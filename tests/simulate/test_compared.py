"""What sources of randomness cost, and how long promises are kept without a source, on programmes whose answers are known by hand."""

from datetime import date
from importlib import import_module

import pytest

import tandemplan as tp
from tandemplan.simulate.comparisons import Comparisons
from tandemplan.testing.models import programme_of

LATE = (10 + 3 * 3**0.5 - 11) / (6 * 3**0.5)  # a uniform lead time of 10 days, sd 3, takes 11 days or more
BOUGHT = """
    start = 2026-06-01
    periods = "12 weeks"
    [items]
    item
    frame
    wheel
    [suppliers]
    supplier
    smith
    baker
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,lead_distribution
    frames,smith,frame,10,10,3,uniform
    wheels,baker,wheel,10,9.5,0.2,uniform
    [tasks]
    task,duration_days,duration_sd_days
    paint the hall,30,10
    [demands]
    demand,item,quantity_units,due
    first,frame,10,2026-06-26
    second,wheel,10,2026-06-26
"""
MOVED = """
    start = 2026-06-01
    periods = "12 weeks"
    [items]
    item,weight_kg
    frame,1
    [sites]
    site
    shop
    [suppliers]
    supplier,recover_days
    smith,10
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,lead_distribution,rank
    frames,smith,frame,10,4,0.5,uniform,1
    [lanes]
    lane,from_place,to_site,transit_days
    road,smith,shop,14
    [demands]
    demand,item,site,quantity_units,due
    a,frame,shop,10,2026-06-26
    b,frame,shop,10,2026-07-03
    c,frame,shop,10,2026-07-10
    d,frame,shop,10,2026-07-17
    e,frame,shop,10,2026-07-24
    f,frame,shop,10,2026-07-31
"""


@pytest.fixture(scope="module")
def bought():
    return tp.plan(programme_of(BOUGHT))


def told(frame, *keys):
    return {tuple(r[k] for k in keys): r for r in frame.to_dict("records")}


def test_the_source_that_matters_has_all_of_it_and_the_other_nothing(bought):
    """Frames are late where their lead time takes 11 days or more; wheels never are, and the hall is nobody's."""
    found = tp.simulate(
        bought, replications=400, workers=1, drivers=["sources", "suppliers"], pairs=300, policy={"ahead": 0}
    )
    rows = told(found.drivers[found.drivers["kind"] == "all"], "source", "name")
    assert list(rows) == [
        ("lead times", ""), ("tasks", ""), ("everything", ""), ("supplier", "smith"), ("supplier", "baker"),
    ]  # fmt: skip
    lead, tasks, everything = (rows[s, ""] for s in ("lead times", "tasks", "everything"))
    assert lead["late_share_more_from"] < LATE / 2 < lead["late_share_more_to"]
    assert lead["late_share_more"] == lead["late_share_with"]  # held at its mean, it is never late
    assert (lead["variance_share"], lead["replications"]) == (1, 300)
    for name in ("late_share_more", "first_days_later", "units_fewer", "variance_share"):
        assert [tasks[f"{name}{end}"] for end in ("", "_from", "_to")] == [0, 0, 0]
    smith, baker = rows["supplier", "smith"], rows["supplier", "baker"]
    assert (smith["late_share_more"], baker["late_share_more"]) == (lead["late_share_more"], 0)
    assert everything["late_share_more"] == lead["late_share_more"]


def test_the_same_whoever_works_and_whatever_else_is_asked(bought):
    ask = {"replications": 120, "drivers": ["sources"], "lost": ["suppliers"], "pairs": 60}
    one, other = (tp.simulate(bought, **ask, workers=w) for w in (1, 3))
    assert one.drivers.equals(other.drivers)
    assert one.survival.equals(other.survival)
    alone = tp.simulate(bought, replications=120, workers=1)
    assert alone.promises.equals(one.promises)
    assert alone.id != one.id
    assert alone.drivers.empty
    assert list(alone.drivers) == list(one.drivers)


def test_promises_are_kept_as_long_as_what_is_on_the_road(bought):
    """What was sent off before the loss comes 14 days later: of the promises from then on the first falls on the next Friday."""
    plan = tp.plan(programme_of(MOVED))
    found = tp.simulate(
        plan, replications=60, workers=1, lost=["suppliers"], lost_from=date(2026, 7, 1), pairs=50, policy={"ahead": 0}
    )
    (row,) = found.survival.to_dict("records")
    assert (row["kind"], row["name"], row["replications"], row["recover_days"]) == ("suppliers", "smith", 50, 10)
    assert [row[f"survives_{q}"] for q in ("low", "middle", "high")] == [
        16,
        16,
        16,
    ]  # 17 July is the first Friday after 15 July
    assert (row["falls_chance"], row["before_recovery_chance"]) == (1, 0)
    assert row["late_share_more"] == pytest.approx(3 / 6)


def test_what_is_said_and_drawn_of_them(bought, tmp_path):
    """Lead times stand first, in words, in the figure and on the page; who asked for nothing is told nothing."""
    ask = {"drivers": ["sources"], "lost": ["suppliers"], "pairs": 80, "policy": {"ahead": 0}}
    found = tp.simulate(bought, replications=100, workers=1, **ask)
    said = dict(line.split(": ", 1) for line in found.summary().splitlines())
    assert said["What varies"].startswith("More of all units are late because of lead times ")
    assert said["What varies"].endswith("; with everything at its mean 0 % are late.")
    assert said["Losses"].startswith("From 26 Jun 2026 on, ")
    header, *_ = found.figure("drivers").body
    assert header[:2] == ("lead times", "all")
    assert {r[0] for r in found.figure("survival").body} == {"baker", "smith"}
    text = found.report(tmp_path / "s.html").read_text()
    assert "What everything that varies costs" in text
    assert "How long promises are kept without a source" in text
    assert found.report(tmp_path / "s.xlsx").stat().st_size > 10_000
    alone = tp.simulate(bought, replications=20, workers=1)
    assert not {"What varies", "Losses"} & {line.partition(":")[0] for line in alone.summary().splitlines()}
    assert "What everything that varies costs" not in alone.report(tmp_path / "t.html").read_text()


def test_the_rate_is_said_and_stands_on_the_page(tmp_path):
    made = tp.plan(tp.example("first_steps").with_changes("offers[*].lead_sd_days = 3"))
    found = tp.simulate(made, replications=50, workers=1)
    (line,) = [x for x in found.summary().splitlines() if x.startswith("Full rate: ")]
    assert line.startswith("Full rate: Bicycle on 28 Jun 2026, as planned, ")
    assert "When it is made at full rate" in found.report(tmp_path / "s.html").read_text()


def test_another_source_keeps_the_promises():
    """Where another offer of the item comes at once, orders go to it and the loss of the first one harms nobody (neither has a capacity)."""
    other = "    others,baker,frame,11,0,0,uniform,2\n    [lanes]"
    second = MOVED.replace("    [lanes]", other, 1).replace("    smith,10\n", "    smith,10\n    baker,\n")
    second = second.replace("    [demands]", "    sea,baker,shop,14\n    [demands]")
    plan = tp.plan(programme_of(second))
    found = tp.simulate(plan, replications=60, workers=1, lost=["suppliers"], lost_from=date(2026, 7, 1), pairs=50)
    (row,) = found.survival.to_dict("records")  # nothing is bought from the other one by the plan
    assert (row["name"], row["falls_chance"], row["late_share_more"]) == ("smith", 0, 0)


def test_who_stops_it_gets_the_worlds_that_are_done(bought, monkeypatch):
    module = import_module("tandemplan.simulate.compared")
    whole = module.replicated_each

    def stopped(*args, **kwargs):
        yield next(iter(whole(*args, **kwargs)))
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "replicated_each", stopped)
    found = tp.simulate(bought, replications=50, workers=1, drivers=["sources"], pairs=50)
    assert (found.status, found.info["reproducible"]) == ("stopped", False)
    assert set(found.drivers["source"]) == {"lead times"}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"drivers": ("luck",)}, "drivers is 'luck'; it must be one of sources, suppliers"),
        ({"lost": ("luck",)}, "lost is 'luck'; it must be one of suppliers, countries, crossings, sites"),
        ({"pairs": 1}, "pairs is 1; it must be at least 2"),
    ],
)
def test_what_cannot_be_asked(given, fault):
    with pytest.raises(ValueError, match=fault):
        Comparisons(**given)


def test_a_loss_is_within_the_plan(bought):
    with pytest.raises(ValueError, match="lost_from is 2030-01-01; it must be a day of the plan"):
        tp.simulate(bought, replications=10, lost=["suppliers"], lost_from=date(2030, 1, 1))
