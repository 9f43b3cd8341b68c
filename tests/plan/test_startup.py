"""What the start-up hangs on, each worked out by hand."""

import numpy as np

from tandemplan.audit import audit_tables
from tandemplan.plan import plan
from tandemplan.testing.models import programme_of

from .solved import amounts, rows, values


def test_tasks_are_needed_by_the_first_use_of_what_they_open(run):
    """The hall (days 0 to 3) opens W, the papers (0 to 2) the contract, a fair (0 to 1) nothing.

    X takes 2 A; A is ordered on day 0 at the earliest and takes 4 days. One X a day can be made, from day 4 on; 2 are due on day
    6. They are made as late as possible, on days 5 and 6, so A comes on day 5 for the first: ordered on day 1. So the hall may
    be done on day 5, and the site survey before it (0 days long, lag 1) 3 days before that less one, on day 1. The contract waits
    for the papers until day 6. Chains to d1: the delivery takes X, first made on day 5 (room 1). That waits for the hall (room 2,
    3 in all), or for A (room 0), which was ordered on day 1 (1 in all: 2): the order leaves the least room.

    start = 2026-06-01
    periods = 10 days
    holding_per_year_share = 0.1
    [items]
    item,standard_cost
    X,100
    A,1
    [bom]
    parent,component,quantity_units
    X,A,2
    [offers]
    offer,item,unit_price,lead_days
    O,A,1,4
    [operations]
    item,work_centre,plateau_hours
    X,W,24
    [work_centres]
    work_centre,opens_after
    W,hall
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,opens_after
    c,K,X,papers
    [tasks]
    task,predecessors,duration_days
    survey,,0
    hall,survey+1,2
    papers,,2
    fair,,1
    [demands]
    demand,contract,quantity_units,due
    d1,c,2,2026-06-07
    """
    assert values(run) == [0]
    assert rows(run, "production", "end good") == [("2026-06-06", 1), ("2026-06-07", 1)]
    assert rows(run, "tasks", "task end slack_days needed_by critical") == [
        ("survey", "2026-06-01", 0, "2026-06-03", True),
        ("fair", "2026-06-02", 2, "", False),
        ("papers", "2026-06-03", 1, "2026-06-07", False),
        ("hall", "2026-06-04", 0, "2026-06-06", True),
    ]
    assert rows(run, "critical_path", "path item step kind name start end room_days") == [
        ("first delivery", "X", 1, "purchase", "O", "2026-06-02", "2026-06-06", 0),
        ("first delivery", "X", 2, "production", "X", "2026-06-06", "2026-06-06", 1),
        ("first delivery", "X", 3, "delivery", "d1", "2026-06-07", "2026-06-07", 0),
        ("full rate", "X", 1, "task", "survey", "2026-06-01", "2026-06-01", 0),
        ("full rate", "X", 2, "task", "hall", "2026-06-02", "2026-06-04", 0),
        ("full rate", "X", 3, "full rate", "X", "2026-06-04", "2026-06-06", 0),
    ]


FIRST_ARTICLES = """
start = 2026-06-01
periods = 10 days
[items]
item
A
[offers]
offer,item,unit_price,lead_days,capacity_units_per_week,minimum_order_units,opens_after
OLD,A,10,0,7,0,
FIRST,A,30,1,2,2,
NEW,A,8,1,21,0,inspected
[tasks]
task,predecessors,duration_days,needs
articles,,0,bought:FIRST>=2
inspected,articles,3,
[demands]
demand,item,quantity_units,due
d1,A,12,2026-06-07
"""


def test_a_new_source_sends_first_articles_before_it_is_used(planned):
    """OLD brings 7 by day 6. FIRST sends 2 a week, at once; NEW may be ordered when these have come and were looked at for 3 days.

    Ordered on day 0 they come on day 1, are inspected until day 5, and 3 of NEW come on day 6: 7 + 2 + 3.
    """
    run = planned(FIRST_ARTICLES)
    assert values(run) == [0]
    assert rows(run, "tasks", "task end needs_met") == [
        ("articles", "2026-06-03", "2026-06-03"),
        ("inspected", "2026-06-06", ""),
    ]
    bought = rows(run, "purchases", "offer receipt quantity")
    assert [b for b in bought if b[0] != "OLD"] == [("FIRST", "2026-06-02", 2), ("NEW", "2026-06-07", 3)]
    assert amounts(run) == {"purchases": 7 * 10 + 2 * 30 + 3 * 8}


def test_a_new_source_that_nobody_needs_sends_no_first_articles(planned):
    """7 A come from OLD in time: the articles are never bought, and the task ends after the plan."""
    run = planned(FIRST_ARTICLES.replace("d1,A,12", "d1,A,7"))
    assert values(run) == [0]
    assert rows(run, "tasks", "end needs_met", task="articles") == [("2026-06-11", "")]
    assert amounts(run) == {"purchases": 70}


def test_the_audit_finds_first_articles_that_did_not_come_in_time():
    """Two units said to be OLD's are no first articles: the task was not done when NEW was ordered."""
    programme = programme_of(FIRST_ARTICLES)
    run = plan(programme)
    bought = dict(run.tables["purchases"])
    bought["offer"] = np.where(bought["offer"] == "FIRST", "OLD", bought["offer"])
    found = audit_tables(programme, run.info, {**run.tables, "purchases": bought})
    assert {"purchases-release", "tasks-needs-met", "tasks-end"} <= {f.code for f in found}


def test_the_chain_with_the_least_room_leads_to_the_first_delivery(run):
    """The hall is done on day 5, late for what is due on day 3: one X on day 5, one on day 6; the papers, on day 4, have a day.

    The chain: a task that is done is not in it; the site (from day 0, for 2 days), the hall, X made and delivered on day 5.
    Over 28 days (or 14, all there are) 2 X in 14 days are a mean of 1 a week; the first day with more is day 5.

    start = 2026-06-01
    periods = 14 days
    [items]
    item
    X
    [operations]
    item,work_centre,plateau_hours
    X,W,24
    [work_centres]
    work_centre,opens_after
    W,hall
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,opens_after
    c,K,X,papers
    [tasks]
    task,predecessors,duration_days,finished
    deed,,9,2026-05-30
    site,deed+2,2,
    hall,site,3,
    papers,,4,
    [demands]
    demand,contract,quantity_units,due
    d1,c,2,2026-06-04
    """
    assert values(run) == [2 + 3]
    assert rows(run, "critical_path", "path step kind name start end room_days") == [
        ("first delivery", 1, "task", "site", "2026-06-01", "2026-06-03", 0),
        ("first delivery", 2, "task", "hall", "2026-06-03", "2026-06-06", 0),
        ("first delivery", 3, "production", "X", "2026-06-06", "2026-06-06", 0),
        ("first delivery", 4, "delivery", "d1", "2026-06-06", "2026-06-06", 0),
        ("full rate", 1, "task", "site", "2026-06-01", "2026-06-03", 0),
        ("full rate", 2, "task", "hall", "2026-06-03", "2026-06-06", 0),
        ("full rate", 3, "full rate", "X", "2026-06-06", "2026-06-06", 0),
    ]
    assert rows(run, "tasks", "task needed_by") == [
        ("deed", "2026-05-30"), ("site", "2026-06-03"), ("papers", "2026-06-06"), ("hall", "2026-06-06"),
    ]  # fmt: skip


def test_tasks_that_repeat_are_shown_each_time(run):
    """A report every 4.5 days from day 1 on, a day long: days 1, ceil(5.5) = 6, 10, and 15 of 16 days. It costs 3 each time.

    A permit of 14 days was had on day -10 and begins again on day -24 + 20 = -4 (before the plan), 16 (after it) ...

    start = 2026-06-01
    periods = 16 days
    [items]
    item
    A
    [tasks]
    task,duration_days,earliest,finished,every_days,cost_amount
    report,1,2026-06-02,,4.5,3
    permit,14,,2026-05-22,20,7
    """
    assert rows(run, "tasks", "task occurrence start end slack_days critical") == [
        ("permit", 1, "2026-05-08", "2026-05-22", 12, False),
        ("report", 1, "2026-06-02", "2026-06-03", 0, True),
        ("report", 2, "2026-06-07", "2026-06-08", 0, False),
        ("report", 3, "2026-06-11", "2026-06-12", 0, False),
        ("report", 4, "2026-06-16", "2026-06-17", 0, False),
    ]
    assert amounts(run) == {"tasks": 9}  # the last ends after the plan


def test_a_gate_that_opens_nothing_ends_when_its_rate_is_held(run):
    """3, 2 and 2 X are made, a week each, as late as they may be: 2 a week for 2 weeks, and 4 in all, are there after week 1; 9 never.

    gate (5 days) waits for week 1 to end; last comes 3 days after it. never ends no sooner than the plan, and so does what follows it.

    start = 2026-06-01
    periods = 3 weeks
    holding_per_year_share = 0.1
    [items]
    item,standard_cost
    X,100
    [operations]
    item,work_centre,plateau_hours
    X,W,24
    [work_centres]
    work_centre
    W
    [tasks]
    task,predecessors,duration_days,needs,cost_amount
    gate,,5,produced:X>=2/week for 2;made:X>=4,10
    last,gate+1,2,,20
    never,,1,made:X>=9,40
    after,never,1,,80
    [demands]
    demand,item,quantity_units,due
    d1,X,3,2026-06-07
    d2,X,2,2026-06-14
    d3,X,2,2026-06-21
    """
    assert values(run) == [0]
    assert rows(run, "tasks", "task start end needs_met") == [
        ("gate", "2026-06-01", "2026-06-15", "2026-06-15"),
        ("never", "2026-06-01", "2026-06-22", ""),
        ("last", "2026-06-16", "2026-06-18", ""),
        ("after", "2026-06-22", "2026-06-23", ""),
    ]
    assert amounts(run)["tasks"] == 30
    assert run.info["notes"] == []


def test_first_articles_open_the_deliveries(run):
    """Nothing may be delivered before 2 X have been made and accepted, which takes until the end of the period.

    W makes 1 X a day from day 1 on (the hall): 2 by the end of day 2, so inspected on day 3, and accepted (lag 1) on day 4. Four
    X are due on day 2: all are made on days 1 to 4 at the earliest. On day 4 four are there: 4 x 2 = 8.

    start = 2026-06-01
    periods = 10 days
    [items]
    item
    X
    [operations]
    item,work_centre,plateau_hours
    X,W,24
    [work_centres]
    work_centre,opens_after
    W,hall
    [customers]
    customer
    K
    [contracts]
    contract,customer,item,opens_after
    c,K,X,accepted
    [tasks]
    task,predecessors,duration_days,needs
    hall,,1,
    first,hall,0,made:X>=2
    accepted,first+1,0,
    [demands]
    demand,contract,quantity_units,due
    d1,c,4,2026-06-03
    """
    assert values(run) == [4 * 2]
    assert rows(run, "tasks", "task end needed_by needs_met") == [
        ("hall", "2026-06-02", "2026-06-02", ""),
        ("first", "2026-06-04", "2026-06-04", "2026-06-04"),
        ("accepted", "2026-06-05", "2026-06-05", ""),
    ]


def test_articles_made_for_nothing_else_open_a_better_way(run):
    """A second line opens when the first has made 2 in each of 2 days in a row (a rate of 14 a week for 2/7 weeks).

    Line 1 makes 2 a day, line 2, open from day 2 on, 4. Of 9 due on day 2: by day 2 there are 2 + 2 + 2 + 4 = 10: 9 on time. Had line 1
    waited, it would be 6 on day 2.

    start = 2026-06-01
    periods = 6 days
    [items]
    item
    X
    A
    [bom]
    parent,component,alternative,quantity_units
    X,A,one,1
    X,A,two,1
    [stock]
    item,quantity_units
    A,100
    [operations]
    item,alternative,work_centre,plateau_hours,opens_after
    X,one,W1,12,
    X,two,W2,6,gate
    [work_centres]
    work_centre
    W1
    W2
    [tasks]
    task,needs
    gate,produced:X>=14/week for 0.28
    [demands]
    demand,item,quantity_units,due
    d1,X,9,2026-06-03
    """
    assert values(run) == [0]
    assert rows(run, "tasks", "task end needs_met") == [("gate", "2026-06-03", "2026-06-03")]
    made = run.tables["production"]
    assert made["good"][made["alternative"] == "two"].sum() >= 3


def test_an_offer_is_qualified_when_it_pays(run):
    """A costs 10 of OLD, 4 of NEW, which takes 5 days (4.5) and 30 money to qualify. 2, 3 and 4 are needed on days 6, 13 and 20.

    Qualified for all nine, NEW saves 54 - 30 = 24, for the last seven 42 - 30 / 1.1^(7/365) = 12.05: from the first week on, though a week later would
    do for the rest. Its first order is on day 6, so it starts on day 0. TWICE is at 3 and costs 60 to qualify: 5 x 9 - 60 is a loss beside NEW.

    start = 2026-06-01
    periods = 3 weeks
    discount_per_year_share = 0.1
    [items]
    item
    A
    [offers]
    offer,item,unit_price,qualified,qualification_days,qualification_cost
    NEW,A,4,no,4.5,30
    OLD,A,10,yes,0,0
    TWICE,A,3,no,0,60
    [demands]
    demand,item,quantity_units,due
    d1,A,2,2026-06-07
    d2,A,3,2026-06-14
    d3,A,4,2026-06-21
    """
    assert values(run) == [0]
    assert rows(run, "qualifications", "offer started qualified cost") == [("NEW", "2026-06-01", "2026-06-06", 30)]
    assert amounts(run) == {"purchases": 36, "qualification": 30}
    assert rows(run, "purchases", "offer quantity release") == [
        ("NEW", 2, "2026-06-07"), ("NEW", 3, "2026-06-14"), ("NEW", 4, "2026-06-21"),
    ]  # fmt: skip


def test_qualification_waits_for_its_task_and_for_a_period(run):
    """The audit (days 0 to 3) must be done, so NEW starts on day 7 and is open on day 10: d1, due on day 6, takes the 9 of OLD.

    For d2 NEW saves 6 x 3 = 18 against 15. The audit could be done four days later: it is needed by day 7.

    start = 2026-06-01
    periods = 3 weeks
    [items]
    item
    A
    [offers]
    offer,item,unit_price,qualified,qualification_days,qualification_cost,opens_after
    NEW,A,6,no,3,15,audit
    OLD,A,9,yes,0,0,
    [tasks]
    task,duration_days
    audit,3
    [demands]
    demand,item,quantity_units,due
    d1,A,2,2026-06-07
    d2,A,6,2026-06-14
    """
    assert rows(run, "qualifications", "offer started qualified cost") == [("NEW", "2026-06-08", "2026-06-11", 15)]
    assert rows(run, "purchases", "offer quantity") == [("OLD", 2), ("NEW", 6)]
    assert rows(run, "tasks", "task needed_by") == [("audit", "2026-06-08")]


def test_a_line_stands_ready_until_its_gate_is_met(run):
    """W2 stands from day 3 on, but works only when 2 X were made, by the end of day 1; 3 days later, on day 5, its product Y is made.

    24 hours a day are there from day 3 on. 1 Y due on day 3 is made on day 5: 2 days late.

    start = 2026-06-01
    periods = 8 days
    [items]
    item
    X
    Y
    [operations]
    item,work_centre,plateau_hours
    X,W1,24
    Y,W2,24
    [work_centres]
    work_centre,opens_after
    W1,
    W2,ready
    [tasks]
    task,predecessors,duration_days,needs
    gate,,0,made:X>=2
    ready,gate+1,2,
    [demands]
    demand,item,quantity_units,due
    d1,Y,1,2026-06-04
    """
    assert values(run) == [2]
    hours = [there for (there,) in rows(run, "load", "available_hours", resource="W2")]
    assert hours == [0, 0, 0, 24, 24, 24, 24, 24]
    assert rows(run, "tasks", "task end needs_met") == [
        ("gate", "2026-06-03", "2026-06-03"),
        ("ready", "2026-06-06", ""),
    ]


def test_a_task_waits_until_money_lies_in_a_pool(run):
    """40 must lie there before B may be delivered: 30 come in week 0, 20 in week 2, so 10 may be spent before the end of week 2.

    The gate ends after week 2, and 2 B are 21 days late: 42. A, at 12.50, is of class 2: of one, 0.8 come on time, and 0.2 are 14 days late.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item,unit
    A,kg
    B,kg
    [offers]
    offer,item,unit_price
    a,A,12.5
    b,B,0
    [tasks]
    task,predecessors,needs
    gate,,money:own>=40
    [customers]
    customer,demand_class
    first,1
    second,2
    [contracts]
    contract,customer,item,opens_after
    c1,first,B,gate
    c2,second,A,
    [demands]
    demand,contract,quantity_units,due
    d1,c1,2,2026-06-07
    d2,c2,1,2026-06-14
    [funding]
    tranche,pool,kind,amount,date
    T,own,company,30,2026-06-01
    U,own,company,20,2026-06-16
    """
    assert values(run) == [42, 2.8]
    assert rows(run, "tasks", "task end needs_met") == [("gate", "2026-06-22", "2026-06-22")]
    assert rows(run, "deliveries", "demand delivered") == [
        ("d2", "2026-06-14"), ("d1", "2026-06-28"), ("d2", "2026-06-28"),
    ]  # fmt: skip
    assert rows(run, "cash", "closing")[2:] == [(40,), (37.5,)]
    assert run.info["notes"] == []


def test_money_that_lies_there_opens_money(run):
    """20 of equity open a loan that may pay purchases alone; its 30, tied, and the equity open a grant; 9 A at 10 cost 20 + 30 + 40.

    Whatever is spent in week 0 keeps the loan closed, and in week 1, when 50 lie there, the grant. With it all 9 come in week 2, 14 days late: 126.
    Without it 5 come in week 1, and 4 are lost, at 29 days: 5 x 7 + 4 x 29 = 151.

    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    A
    [offers]
    offer,item,unit_price
    a,A,10
    [tasks]
    task,needs
    loan,money:own>=20
    grant,money:own>=50
    other,money:elsewhere>=9
    [customers]
    customer
    K
    [demands]
    demand,customer,item,quantity_units,due
    d,K,A,9,2026-06-07
    [funding]
    tranche,pool,kind,amount,date,pays_for,opens_after
    T,own,company,20,2026-06-01,,
    L,own,company,30,2026-06-01,purchases,loan
    G,own,company,40,2026-06-01,,grant
    E,elsewhere,outside,5,2026-06-01,,
    """
    assert values(run) == [9 * 14]
    assert rows(run, "tasks", "task needs_met") == [
        ("loan", "2026-06-08"), ("other", "2026-06-08"), ("grant", "2026-06-15"),
    ]  # fmt: skip
    assert rows(run, "funding", "tranche opens") == [
        ("E", ""), ("G", "2026-06-15"), ("L", "2026-06-08"), ("T", "2026-06-01"),
    ]  # fmt: skip
    assert rows(run, "cash", "closing tied") == [(20, 0), (50, 30), (0, 0), (0, 0)]
