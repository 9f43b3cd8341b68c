"""Why there is no plan: conflicts solved by hand, and remedies that the programme itself is tried with."""

from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandemplan.model.draft import Draft
from tandemplan.model.examples import examples_folder
from tandemplan.model.reading import read
from tandemplan.model.schema import Demand, Item, Lane, OpenOrder, Site, Stock
from tandemplan.model.variants import with_changes
from tandemplan.plan import PlanOptions, plan
from tandemplan.plan.commitments import LIMITS
from tandemplan.testing.models import programme_of

ROOM = """
    start = 2026-06-01
    periods = 3 weeks
    [sites]
    site,storage_m3
    P,5
    Q,
    [items]
    item,volume_m3,weight_kg
    A,1,1
    [lanes]
    lane,from_place,to_site,capacity_kg_per_week
    road,P,Q,2
    [open_orders]
    order,item,site,quantity_units,promised
    O1,A,P,10,2026-06-08
    [demands]
    demand,site,item,quantity_units,due
    d1,Q,A,10,2026-06-21
"""


def members(run):
    return [(c["conflict"], c["family"], c["name"], c["violation"]) for c in run.info["conflicts"]]


def eased(run):
    return [{e["name"]: e["amount"] for e in r["eases"]} for r in run.info["remedies"]]


def test_an_order_a_road_and_a_room(planned):
    """10 arrive in week 2 and 2 leave: 8 lie where 5 fit. 3 fewer, 3 m3 more, or 3 kg a week more: each is enough."""
    run = planned(ROOM)
    assert run.info["status"] == "infeasible"
    assert members(run) == [(1, "open orders", "O1", 3), (1, "storage", "P", 3), (1, "lanes", "road", 3)]
    assert [c["text"] for c in run.info["conflicts"]] == [
        "Open order O1: 10 units of A by 2026-06-14, 3 units too many.",
        "Room for stock at P: 5 m3 from 2026-06-08 to 2026-06-14, 3 m3 too little.",
        "What lane road can carry: 2 kg a week from 2026-06-08 to 2026-06-14, 3 kg a week too little.",
    ]
    assert eased(run) == [{"O1": 3}, {"P": 3}, {"road": 3}]
    assert [r["text"] for r in run.info["remedies"]] == [
        "3 units fewer by open order O1.",
        "3 m3 more room for stock at P.",
        "3 kg a week more on lane road.",
    ]
    assert [r["changes"] for r in run.info["remedies"]] == [
        ["open_orders[O1].quantity_units += -3"],
        ["sites[P].storage_m3 += 3"],
        ["lanes[road].capacity_kg_per_week += 3"],
    ]
    assert [r["size"] for r in run.info["remedies"]] == [0.3, 0.6, 1.5]
    search = run.info["conflict_search"]
    assert (search["irreducible"], search["complete"], search["reason"]) == (True, True, "")
    assert run.info["reproducible"]


@pytest.mark.parametrize(
    ("cell", "enough", "less"),
    [
        ("open_orders[O1].quantity_units", 7, 7.01),
        ("sites[P].storage_m3", 8, 7.99),
        ("lanes[road].capacity_kg_per_week", 5, 4.99),
    ],
)
def test_a_remedy_makes_the_programme_feasible_and_a_little_less_does_not(cell, enough, less):
    programme = programme_of(ROOM)
    for value, status in ((enough, "optimal"), (less, "infeasible")):
        assert plan(with_changes(programme, [f"{cell} = {value}"])).info["status"] == status


def test_changes_are_told_only_where_they_do_the_same():
    """A strike leaves half of the road: 4 kg a week more would need 8 in the table. Order and room are not touched by it."""
    text = f"{ROOM}    [risks]\n    risk,date,changes\n    strike,2026-06-08,lanes[road].capacity_kg_per_week *= 0.5\n"
    told = {r["text"]: r["changes"] for r in plan(programme_of(text)).info["remedies"]}
    assert told == {
        "4 units fewer by open order O1.": ["open_orders[O1].quantity_units += -4"],
        "4 m3 more room for stock at P.": ["sites[P].storage_m3 += 4"],
        "4 kg a week more on lane road.": [],
    }


def test_two_sites_that_are_too_small_need_two_remedies(planned):
    """3 of A lie at P where 1 fits, 5 of B at Q where 3 fit, nothing leaves: four pairs help, none alone.

    start = 2026-06-01
    periods = 2 weeks
    [sites]
    site,storage_m3
    P,1
    Q,3
    [items]
    item,volume_m3
    A,1
    B,1
    [stock]
    site,item,quantity_units
    P,A,3
    Q,B,5
    """
    run = planned(test_two_sites_that_are_too_small_need_two_remedies.__doc__)
    assert sorted(members(run)) == [
        (1, "opening stock", "Q", 2), (1, "storage", "Q", 2), (2, "opening stock", "P", 2), (2, "storage", "P", 2),
    ]  # fmt: skip
    found = [[(e["family"], e["name"], e["amount"]) for e in r["eases"]] for r in run.info["remedies"]]
    stock, room = "opening stock", "storage"
    assert found == [
        [(stock, "Q", 2), (stock, "P", 2)], [(stock, "P", 2), (room, "Q", 2)],
        [(stock, "Q", 2), (room, "P", 2)], [(room, "Q", 2), (room, "P", 2)],
    ]  # fmt: skip
    assert run.info["remedies"][-1]["text"] == "2 m3 more room for stock at Q and 2 m3 more room for stock at P."


def test_orders_of_whole_lots_conflict_as_well(planned):
    """A station more can be bought, and changes nothing: the model has whole columns, and its conflict is the same.

    start = 2026-06-01
    periods = 2 weeks
    [sites]
    site,storage_m3
    P,1
    [items]
    item,volume_m3
    A,1
    [work_centres]
    work_centre,site,most_stations,station_price
    W,P,3,5
    [operations]
    item,site,work_centre,plateau_hours
    A,P,W,10
    [stock]
    site,item,quantity_units
    P,A,3
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,1,2026-06-14
    """
    run = planned(test_orders_of_whole_lots_conflict_as_well.__doc__)
    assert members(run) == [(1, "opening stock", "P", 2), (1, "storage", "P", 2)]
    assert [r["eases"][0]["amount"] for r in run.info["remedies"]] == [2, 2]


def test_an_event_and_a_chosen_option_are_members_too(planned):
    """P holds 5, and 4 lie there. A flood leaves half from day 7 on, and an option chosen takes 2 more: 0.5 x (5 - 2) = 1.5.

    Without the flood 3 would fit, so that the option is one too many; without the option 2.5 would. Without either one there is still
    no plan: stock that is 1 or 1.5 less, or 1.5 to 5 m3 of room would help.

    start = 2026-06-01
    periods = 2 weeks
    [sites]
    site,storage_m3
    P,5
    [items]
    item,volume_m3
    A,1
    [stock]
    site,item,quantity_units
    P,A,4
    [risks]
    risk,date,changes
    flood,2026-06-08,sites[P].storage_m3 *= 0.5
    [options]
    option,chosen,changes
    yard,2026-06-01,sites[P].storage_m3 += -2
    """
    text = test_an_event_and_a_chosen_option_are_members_too.__doc__
    run = planned(text)
    assert [(f, n) for _, f, n, _ in members(run)] == [("opening stock", "P"), ("storage", "P")]
    run = planned(text.replace("P,A,4", "P,A,3"))  # 3 fit without the flood; without the yard 2.5 do
    assert [(f, n) for _, f, n, _ in members(run)] == [("opening stock", "P"), ("storage", "P"), ("risks", "flood")]
    assert run.info["conflicts"][-1]["text"] == "Event flood, in effect from 2026-06-08."
    assert run.info["remedies"][-1]["text"] == "Without event flood."
    run = planned(text.replace("P,A,4", "P,A,2"))  # 2 fit without either
    assert [(f, n) for _, f, n, _ in members(run)][2:] == [("options", "yard"), ("risks", "flood")]
    assert run.info["conflicts"][-2]["text"] == "Option yard, which is chosen, in effect from 2026-06-01."
    assert [r["text"] for r in run.info["remedies"]][-2:] == [
        "Without option yard, which is chosen.",
        "Without event flood.",
    ]


def test_without_time_the_search_claims_nothing():
    """The model is found infeasible before the clock is looked at; what conflicts is not."""
    run = plan(programme_of(ROOM), PlanOptions(time_limit=1e-3))
    assert run.info["status"] in ("infeasible", "stopped")
    if run.info["status"] == "infeasible":
        assert run.info["conflict_search"]["reason"]
        assert not run.info["reproducible"]


@st.composite
def crammed(draw):
    """Draw two sites with a lane between them, stock, orders that arrive, and rooms that may be too small."""
    few = st.integers(0, 6).map(float)
    rows = [Site(site=s, storage_m3=draw(few)) for s in "PQ"]
    rows += [Item(item="A", volume_m3=1.0, weight_kg=1.0), Item(item="B", volume_m3=0.5, weight_kg=2.0)]
    rows.append(Lane(lane="road", from_place="P", to_site="Q", capacity_kg_per_week=draw(few)))
    for k, item in enumerate("AB"):
        units, due = draw(few), draw(st.sampled_from(("2026-06-08", "2026-06-16")))
        rows += [Stock(site="P", item=item, quantity_units=units)] if units else []
        rows.append(OpenOrder(order=f"O{k}", item=item, site="PQ"[k], quantity_units=1 + draw(few), promised=due))
        rows.append(Demand(demand=f"d{k}", site="Q", item=item, quantity_units=1 + draw(few), due=due))
    return Draft(name="crammed", start="2026-06-01", periods="3 weeks").add(*rows).programme()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(crammed())
def test_remedies_of_random_programmes_are_enough_and_no_more(programme):
    run = plan(programme)
    if run.info["status"] != "infeasible":
        return
    assert run.info["conflict_search"]["irreducible"]
    assert run.info["remedies"]
    for remedy in run.info["remedies"][:2]:
        less = [change_of(e, -0.01) for e in remedy["eases"]]
        if None not in less:
            assert remedy["changes"] or leaves_nothing(programme, remedy)  # tried: the programme with them has a plan
            assert plan(with_changes(programme, less)).info["status"] == "infeasible"


def leaves_nothing(programme, remedy):
    """Tell whether an open order goes whole: no cell says so, as an order is of more than nothing."""
    units = dict(zip(programme[OpenOrder].order, programme[OpenOrder].quantity_units, strict=True))
    return any(e["amount"] > units.get(e["name"], 1e9) - 1e-6 for e in remedy["eases"])


def test_an_order_that_must_go_whole_is_a_remedy_without_a_change():
    """1 A arrives where there is no room, and no road: 1 kg of road, 1 m3 of room, or the order; one of nothing is no order."""
    text = ROOM.replace("P,5", "P,0").replace("road,P,Q,2", "road,P,Q,0").replace("O1,A,P,10", "O1,A,P,1")
    assert {r["text"]: r["changes"] for r in plan(programme_of(text)).info["remedies"]} == {
        "1 kg a week more on lane road.": ["lanes[road].capacity_kg_per_week += 1"],
        "1 m3 more room for stock at P.": ["sites[P].storage_m3 += 1"],
        "1 unit fewer by open order O1.": [],
    }


def change_of(ease, by):
    """Return the change that an ease means, a little more or less; None where no cell says it."""
    words = LIMITS[ease["family"]]
    return words.change(ease["name"], ease["amount"] + by) or None


def burning(folder, left):
    """The tanker base whose depot burns for 30 days from the first on, and has this share of its room left."""
    (folder / "scenario.toml").write_text('name = "The depot burns"\n')
    changes = ["table,key,column,value", "risks,RK-01,date,2026-03-16", "risks,RK-01,duration_days,30"]
    changes.append(f"risks,RK-01,changes,sites[S-DEP].storage_m3 *= {left}")
    (folder / "changes.csv").write_text("\n".join(changes))
    return read(examples_folder() / "tanker_base").with_scenario(folder)


def test_an_example_whose_depot_burns_explains_itself(tmp_path):
    """4,500 m3 of fuel lie at the depot where 12,000 fit: half of the room is enough, none is not."""
    run = plan(burning(tmp_path, 0))
    assert run.info["status"] == "infeasible"
    assert run.info["conflict_search"]["irreducible"]
    told = {(c["family"], c["name"]) for c in run.info["conflicts"]}
    assert told >= {("storage", "S-DEP"), ("risks", "RK-01")}
    assert run.info["remedies"][-1]["text"] == "Without event RK-01."
    assert all(e["amount"] > 0 for r in run.info["remedies"] for e in r["eases"])
    assert plan(burning(tmp_path, 0.5), PlanOptions(time_limit=5)).info["status"] != "infeasible"


@pytest.mark.parametrize("when", ["conflicts_in_child", "guilty", "tried_changes"])
def test_ctrl_c_ends_the_search_and_what_is_found_is_told(monkeypatch, when):
    """What was found before is there; no more is claimed."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("tandemplan.plan.conflicts"), when, interrupted)
    run = plan(programme_of(ROOM))
    assert run.info["status"] == "infeasible"
    assert len(run.info["conflicts"]) == (0 if when == "conflicts_in_child" else 3)
    search = run.info["conflict_search"]
    assert (search["complete"], search["reason"]) == (False, "stopped by the user")
    assert not run.info["reproducible"]


def test_a_promise_that_a_machine_cannot_keep(planned):
    """3 units are promised in the first week, 84 hours each, and the machine has 168: a unit less, or 84 hours more.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    A
    [operations]
    item,work_centre,plateau_hours
    A,W,84
    [work_centres]
    work_centre
    W
    [customers]
    customer,demand_class
    K1,1
    K2,2
    [demands]
    demand,customer,item,quantity_units,due
    d1,K1,A,6,2026-06-07
    d2,K2,A,4,2026-06-07
    [rules]
    rule,kind,scope,policy,low,window_days
    M,minimum allocation,K2,units,3,7
    """
    run = planned(test_a_promise_that_a_machine_cannot_keep.__doc__)
    assert members(run)[:2] == [(1, "minimum allocation", "M", 1), (1, "hours", "W", 84)]
    assert {"1 unit fewer by the rule M.", "84 hours a week more of W."} <= {r["text"] for r in run.info["remedies"]}
