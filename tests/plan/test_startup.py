"""What the start-up hangs on, each worked out by hand."""

from .solved import rows, values


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
