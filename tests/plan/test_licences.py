"""Licences and consents: what goes, and when, each worked out by hand. Docstrings are models."""

import pytest

from .solved import rows, values

TERMS = """
    start = 2026-06-01
    periods = 12 days
    [countries]
    country
    C
    [sites]
    site
    P
    [items]
    item
    A
    [suppliers]
    supplier,country
    U,C
    [offers]
    offer,supplier,item,capacity_units_per_week,unit_price
    O,U,A,7,1
    [lanes]
    lane,from_place,to_site
    L,C,P
    [tasks]
    task,kind,duration_days
    permit,licence,2
    [licences]
    licence,task,items,from_places,to_places,validity_days,renewal_lead_days,processing_days,renewable,cap_units
    permit,permit,A,C,P,3,{lead},3,{renewable},{cap}
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,5,2026-06-07
"""


def test_a_licence_that_is_renewed_too_late_leaves_a_gap(planned):
    """It is valid on days 2 to 4; asked for on day 4, it is there again on days 7 to 9, and then not before the plan's end.

    One a day: 3 by day 6, one on day 7 and one on day 8, late by 1 and 2.
    """
    run = planned(TERMS.format(lead=1, renewable="yes", cap=""))
    assert values(run) == [1 + 2]
    assert rows(run, "licences", "number asked granted valid_until units capped") == [
        (1, "2026-06-01", "2026-06-03", "2026-06-06", 3, False),
        (2, "2026-06-05", "2026-06-08", "2026-06-11", 2, False),
    ]


def test_a_licence_is_renewed_in_time_by_itself(planned):
    """Asked for as long before its end as it takes, it is valid from day 2 on: 5 on days 2 to 6."""
    run = planned(TERMS.format(lead="", renewable="yes", cap=""))
    assert values(run) == [0]
    assert rows(run, "licences", "asked granted valid_until first_dispatch last_dispatch units") == [
        ("2026-06-01", "2026-06-03", "2026-06-06", "2026-06-03", "2026-06-05", 3),
        ("2026-06-03", "2026-06-06", "2026-06-09", "2026-06-06", "2026-06-07", 2),
        ("2026-06-06", "2026-06-09", "2026-06-12", "", "", 0),
        ("2026-06-09", "2026-06-12", "2026-06-15", "", "", 0),
    ]


def test_a_slower_renewal_leaves_a_gap(planned):
    """Licences asked for on day 2 take 2 days more: valid again from day 2 + 5, so 3 units by day 6, one on day 7, one on day 8."""
    risk = "    [risks]\n    risk,date,duration_days,changes\n    slow,2026-06-03,1,licences[permit].processing_days += 2\n"
    run = planned(TERMS.format(lead="", renewable="yes", cap="") + risk)
    assert values(run) == [1 + 2]
    assert rows(run, "licences", "asked granted", number=2) == [("2026-06-03", "2026-06-08")]


def test_a_licence_that_may_not_be_renewed_closes(planned):
    """3 on days 2 to 4; 2 are lost, late by 12 + 1 - 6 days."""
    run = planned(TERMS.format(lead="", renewable="no", cap=""))
    assert values(run) == [2 * 7]
    assert len(rows(run, "licences", "licence")) == 1


def test_no_more_goes_under_a_licence_than_its_cap_each_time(planned):
    """2 while it is valid first, by day 6, and 2 on days 7 and 8; one is lost, late by 7."""
    run = planned(TERMS.format(lead=1, renewable="yes", cap=2))
    assert values(run) == [1 + 2 + 7]
    assert rows(run, "licences", "units cap margin") == [(2, 2, 0), (2, 2, 0)]
    found = rows(run, "limits", "what name period_start", family="licence caps")
    assert sorted(found) == [("licence", "permit", "2026-06-03"), ("licence", "permit", "2026-06-08")]


PER_ORDER = """
    start = 2026-06-01
    periods = 12 days
    [items]
    item
    A
    [sites]
    site
    P
    [suppliers]
    supplier
    U
    [offers]
    offer,supplier,item,lead_days,unit_price
    O,U,A,{lead},1
    [lanes]
    lane,from_place,to_site,transit_days
    L,U,P,1
    [licences]
    licence,kind,from_places,processing_days,validity_days,cap_units
    permit,per order,U,0.5,3,2
    [demands]
    demand,site,item,quantity_units,due
    d1,P,A,5,2026-06-05
"""


@pytest.mark.parametrize(("lead", "late"), [(1, 1), (3, 5 * 9)])
def test_a_licence_per_order_covers_so_many_units_for_so_long(planned, lead, late):
    """Asked for on day 0 it is there on day 1. Goods of one day go on day 2 (1.5 rounded up) and come on day 3 (2.5).

    2 come on day 3, 2 on day 4, one is late by a day. Goods that take 3 days would go on day 4, when the licence has ended:
    all 5 are lost, late by 12 + 1 - 4.
    """
    run = planned(PER_ORDER.format(lead=lead))
    assert values(run) == [late]
    if late == 1:
        first = ("2026-06-01", "2026-06-02", "2026-06-05", "2026-06-03", 2, 2, 0)
        found = rows(run, "licences", "asked granted valid_until first_dispatch units cap margin", kind="per order")
        assert found[0] == first
        assert [rows(run, "purchases", "order quantity")[k][1] for k in range(3)] == [2, 2, 1]
        assert len(found) == 3


def test_a_move_asks_for_its_licence_ahead(run):
    """It takes 3 days, and there is none before the plan: the first move goes on day 3, one day late, with 2 of the 3 units.

    start = 2026-06-01
    periods = 8 days
    [items]
    item
    A
    [sites]
    site
    P
    Q
    [stock]
    site,item,quantity_units
    P,A,3
    [lanes]
    lane,from_place,to_site
    L,P,Q
    [licences]
    licence,kind,from_places,processing_days,cap_units
    permit,per order,P,3,2
    [demands]
    demand,site,item,quantity_units,due
    d1,Q,A,3,2026-06-03
    """
    assert values(run) == [2 * 1 + 1 * 2]
    assert rows(run, "licences", "order asked granted valid_until units") == [
        ("T-00001", "2026-06-01", "2026-06-04", "", 2),
        ("T-00002", "2026-06-02", "2026-06-05", "", 1),
    ]


CONSENT = """
    start = 2026-06-01
    periods = 12 days
    [countries]
    country
    C
    H
    D
    [sites]
    site,country
    P,H
    W,H
    Q,D
    S,C
    [items]
    item
    X
    K
    A
    [bom]
    parent,component
    X,K
    K,A
    [operations]
    item,site,work_centre,plateau_hours
    X,P,M,1
    K,P,M,1
    [work_centres]
    work_centre,site,opens_after
    M,P,never
    [stock]
    site,item,quantity_units
    P,X,5
    P,A,1
    [lanes]
    lane,from_place,to_site
    LW,P,W
    LQ,P,Q
    LS,P,S
    [tasks]
    task,kind,duration_days
    parts,licence,2
    onward,licence,7
    never,site,99
    [licences]
    licence,country,task,items,from_places,to_places,processing_days,reexport_consent
    parts,C,parts,A,C,{to},4,yes
    {onward}
    [demands]
    demand,site,item,quantity_units,due
    d1,W,X,1,2026-06-01
    d2,Q,X,1,2026-06-01
    d3,S,X,1,2026-06-01
"""


@pytest.mark.parametrize(
    ("to", "onward", "late"),
    [
        ("H", "", 2 + 4),  # asked for when `parts` is granted
        ("H", "onward,C,onward,X,P,Q,4,no", 7),  # that licence is the consent of C
        ("H", "onward,D,onward,X,P,S,4,no", 2 + 4 + 7),  # a licence for another way, of another country
        ("H;Q", "", 0),  # the licence covers the way on
        ("", "", 0),
    ],
)
def test_goods_made_of_licensed_parts_go_on_with_consent(planned, to, onward, late):
    """X is made of K, and K of A. From P in H it goes to W in H, home to C, and to Q in D: the last with the consent of C.

    Consent is asked for 4 days before the move, not before the licence of the parts is there, on day 2.
    """
    run = planned(CONSENT.format(to=to, onward=onward))
    assert values(run) == [late]
    found = rows(run, "licences", "licence order asked granted valid_until capped", kind="consent")
    assert len(found) == (late in (6, 13))
    if found:
        order = rows(run, "moves", "order", lane="LQ")[0][0]
        assert found == [("parts", order, "2026-06-03", "2026-06-07", "2026-06-08", False)]
        assert rows(run, "tasks", "needed_by", task="parts") == [("2026-06-03",)]


def test_a_licence_that_waits_for_goods_counts_its_days_as_if_it_did_not(run):
    """Valid on days 2 to 6 by its task alone, which ends on day 4 at the earliest: 24 hours for each of 3 X, one on each day.

    So Y, of which one a day can be sent, goes on days 4 to 6: 3 of 4; the last is lost, late by 10 + 1 - 6 days.

    start = 2026-06-01
    periods = 10 days
    [items]
    item
    X
    Y
    [sites]
    site
    P
    [suppliers]
    supplier
    U
    [operations]
    item,site,work_centre,plateau_hours
    X,P,M,24
    [work_centres]
    work_centre,site
    M,P
    [offers]
    offer,supplier,item,capacity_units_per_week
    O,U,Y,7
    [lanes]
    lane,from_place,to_site
    L,U,P
    [tasks]
    task,duration_days,needs
    permit,2,made:X>=4
    [licences]
    licence,task,items,validity_days,renewable
    permit,permit,Y,5,no
    [demands]
    demand,site,item,quantity_units,due
    d1,P,Y,4,2026-06-07
    """
    assert values(run) == [5]
    assert rows(run, "licences", "asked granted valid_until units") == [("2026-06-01", "2026-06-05", "2026-06-08", 3)]


def test_a_cap_may_be_what_leaves_no_plan(planned):
    """10 arrive on day 0 and 5 fit: 5 must go, and 4 may. One more by the licence is enough; a cap of 5 leaves a plan.

    start = 2026-06-01
    periods = 6 days
    [sites]
    site,storage_m3
    P,5
    Q,
    [items]
    item,volume_m3
    A,1
    [lanes]
    lane,from_place,to_site
    road,P,Q
    [open_orders]
    order,item,site,quantity_units,promised
    O1,A,P,10,2026-06-01
    [tasks]
    task
    t
    [licences]
    licence,task,cap_units
    permit,t,4
    [demands]
    demand,site,item,quantity_units,due
    d1,Q,A,10,2026-06-05
    """
    text = str(test_a_cap_may_be_what_leaves_no_plan.__doc__)
    run = planned(text)
    assert run.info["status"] == "infeasible"
    assert {(c["family"], c["name"], c["violation"]) for c in run.info["conflicts"]} == {
        ("open orders", "O1", 1),
        ("storage", "P", 1),
        ("licence caps", "permit", 1),
    }
    assert "1 unit more by licence permit." in [r["text"] for r in run.info["remedies"]]
    assert planned(text.replace("permit,t,4", "permit,t,5")).info["status"] == "optimal"
