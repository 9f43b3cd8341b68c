"""Supply, lanes, demands, open orders. A test's docstring is the model it is about."""


def test_an_item_that_nobody_can_supply(found):
    """The bolt is used in the rod, the rod in the frame; the spare is in nobody's way.

    start = 2026-06-01
    [items]
    item
    frame
    rod
    bolt
    spare
    [skills]
    skill
    fitter
    [bom]
    parent,component
    frame,rod
    rod,bolt
    [operations]
    item,skill,plateau_hours
    frame,fitter,1
    rod,fitter,1
    [demands]
    demand,item,quantity_units,due
    d1,frame,5,2026-06-26
    """
    assert found == [
        (
            "items.csv:4: item 'bolt' is used in 'rod', but nobody can supply it. "
            "Add an offer, an operation that makes it, stock or an open order. [no-supply]"
        )
    ]


def test_a_demanded_item_that_nobody_can_supply(found):
    """An empty stock supplies nothing.

    start = 2026-06-01
    [items]
    item
    rod
    bolt
    [stock]
    item,quantity_units
    rod,0
    bolt,1
    [demands]
    demand,item,quantity_units,due
    d1,rod,5,2026-06-26
    d2,bolt,1,2026-06-26
    """
    assert found == [
        (
            "items.csv:2: item 'rod' is demanded (demands.csv:2), but nobody can supply it. "
            "Add an offer, an operation that makes it, stock or an open order. [no-supply]"
        )
    ]


def test_a_demand_that_no_lane_reaches(found):
    """The lane leads the wrong way.

    start = 2026-06-01
    [sites]
    site
    Turin
    Lyon
    [items]
    item
    rod
    [offers]
    offer,item,site
    o1,rod,Turin
    [lanes]
    lane,from_place,to_site
    l1,Lyon,Turin
    [demands]
    demand,site,item,quantity_units,due
    d1,Lyon,rod,5,2026-06-26
    d2,Lyon,rod,5,2026-06-27
    d3,Turin,rod,5,2026-06-27
    """
    assert found == [
        (
            "demands.csv:2: no lane brings item 'rod' to site 'Lyon' from where it can be had (Turin) (also on line 3). "
            "Add a lane. [no-lane]"
        )
    ]


def test_a_component_that_no_lane_brings(found):
    """Rods lie in Lyon, frames are made in Turin; bolts come by two lanes.

    start = 2026-06-01
    [countries]
    country
    IT
    [suppliers]
    supplier,country
    maker,IT
    [sites]
    site
    Turin
    Lyon
    Genoa
    [items]
    item
    frame
    rod
    bolt
    [skills]
    skill,site
    fitter,Turin
    [operations]
    item,site,skill,plateau_hours
    frame,Turin,fitter,1
    [bom]
    parent,component
    frame,rod
    frame,bolt
    [offers]
    offer,item,site,supplier
    o1,rod,Lyon,maker
    o2,bolt,,maker
    [lanes]
    lane,from_place,to_site
    l1,IT,Genoa
    l2,Genoa,Turin
    """
    assert found == [
        "bom.csv:2: no lane brings component 'rod' from Lyon to Turin, where 'frame' is made. Add a lane. [no-lane]"
    ]


def test_hazardous_items_need_lanes_that_allow_them(found):
    """Cells may not fly.

    start = 2026-06-01
    [suppliers]
    supplier
    maker
    [sites]
    site
    Turin
    Lyon
    [items]
    item,hazard
    cell,yes
    rod,no
    [offers]
    offer,item,supplier,site
    o1,cell,maker,
    o2,rod,maker,
    o3,cell,maker,Turin
    [lanes]
    lane,from_place,to_site,hazard_allowed
    air,maker,Turin,no
    road,Turin,Lyon,no
    [demands]
    demand,site,item,quantity_units,due
    d1,Lyon,rod,5,2026-06-26
    d2,Lyon,cell,5,2026-06-26
    """
    assert found == [
        (
            "demands.csv:3: no lane brings item 'cell' to site 'Lyon' from where it can be had (Turin). "
            "Add a lane on which hazardous items may travel. [no-lane]"
        ),
        (
            "offers.csv:2: no lane takes hazardous items from supplier 'maker' (its country is blank), so offer 'o1' reaches "
            "no site. Add a lane, or the site to which the supplier delivers. [offer-no-lane]"
        ),
    ]


def test_an_offer_without_lane_is_said_once_for_a_supplier(found):
    """No lane leaves Spain; one offer has no supplier at all.

    start = 2026-06-01
    [countries]
    country
    ES
    [suppliers]
    supplier,country
    maker,ES
    [sites]
    site
    Turin
    Lyon
    [items]
    item
    rod
    bolt
    nut
    [offers]
    offer,item,supplier
    o1,rod,maker
    o2,bolt,maker
    o3,nut,
    [lanes]
    lane,from_place,to_site
    l1,Turin,Lyon
    [demands]
    demand,site,item,quantity_units,due
    d1,Lyon,rod,5,2026-06-26
    """
    assert found == [
        (
            "offers.csv:2: no lane leads from supplier 'maker' or its country 'ES', so offer 'o1' reaches no site "
            "(also on line 3). Add a lane, or the site to which the supplier delivers. [offer-no-lane]"
        ),
        (
            "offers.csv:4: offer 'o3' names neither a supplier nor a site, so no lane carries it. "
            "Name the supplier, or the site it delivers to. [no-supplier]"
        ),
    ]


def test_without_lanes_offers_reach_every_site(found):
    """Two sites, no lanes: the supplier delivers.

    start = 2026-06-01
    [sites]
    site
    Turin
    Lyon
    [items]
    item
    rod
    [offers]
    offer,item
    o1,rod
    [demands]
    demand,site,item,quantity_units,due
    d1,Lyon,rod,5,2026-06-26
    """
    assert found == []


def test_demands_agree_with_their_contracts(found):
    """One names nothing, one another item, one another customer.

    start = 2026-06-01
    [items]
    item
    rod
    bolt
    [customers]
    customer
    host
    guest
    [offers]
    offer,item
    o1,rod
    o2,bolt
    [contracts]
    contract,customer,item
    c1,host,rod
    [demands]
    demand,contract,customer,item,quantity_units,due
    d1,,,,5,2026-06-26
    d2,c1,,bolt,5,2026-06-26
    d3,c1,guest,,5,2026-06-26
    d4,c1,host,rod,5,2026-06-26
    """
    assert found == [
        "demands.csv:2: demand 'd1' names neither an item nor a contract. Name the item that is delivered. [no-item]",
        (
            "demands.csv:3: item is 'bolt', but contract 'c1' is for 'rod'. Leave it blank, or name the right one. "
            "[contract-mismatch]"
        ),
        (
            "demands.csv:4: customer is 'guest', but contract 'c1' is for 'host'. Leave it blank, or name the right one. "
            "[contract-mismatch]"
        ),
    ]


def test_orders_and_lots_agree_with_their_offers(found):
    """The order says bolt, its offer sells rods; its lane ends in Lyon.

    start = 2026-06-01
    [suppliers]
    supplier
    maker
    [sites]
    site
    Turin
    Lyon
    [items]
    item
    rod
    bolt
    [offers]
    offer,item,site
    o1,rod,Turin
    [lanes]
    lane,from_place,to_site
    l1,maker,Lyon
    [open_orders]
    order,offer,lane,item,site,quantity_units,promised
    p1,o1,l1,bolt,Turin,1,2026-06-26
    [stock]
    site,item,quantity_units,offer
    Turin,bolt,1,o1
    """
    assert found == [
        "open_orders.csv:2: item is 'bolt', but offer 'o1' is for 'rod'. Correct one of them. [order-mismatch]",
        "open_orders.csv:2: site is 'Turin', but lane 'l1' ends at 'Lyon'. Correct one of them. [order-mismatch]",
        "stock.csv:2: item is 'bolt', but offer 'o1' is for 'rod'. Correct one of them. [order-mismatch]",
    ]


def test_rows_say_their_site_where_there_are_sites(found):
    """Two demands leave it open.

    start = 2026-06-01
    [sites]
    site
    Turin
    [items]
    item
    rod
    [offers]
    offer,item
    o1,rod
    [demands]
    demand,item,quantity_units,due
    d1,rod,5,2026-06-26
    d2,rod,5,2026-06-26
    """
    assert found == [
        (
            "demands.csv:2: site is blank (also on line 3); the programme has sites, so each row must say which. "
            "Name the site. [blank-site]"
        )
    ]


def test_a_lane_leads_from_one_place_to_another(found):
    """
    start = 2026-06-01
    periods = 2 weeks
    [sites]
    site
    P
    [items]
    item
    A
    [offers]
    offer,item,site
    o,A,P
    [lanes]
    lane,from_place,to_site
    L,P,P
    [demands]
    demand,site,item,quantity_units,due
    d,P,A,1,2026-06-12
    """
    assert found == ["lanes.csv:2: lane 'L' leads from 'P' to itself. Name two places. [self-lane]"]
