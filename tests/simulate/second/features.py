"""Programmes of one matter each: what the other programmes of the second engine do not have."""

_PLANT = """
    start = 2026-06-01
    periods = "24 weeks"
    [items]
    item,weight_kg,standard_cost
    rod,2,5
    pump,8,60
    [bom]
    parent,component,quantity_units
    pump,rod,2
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    one,1,5,8
"""
_ASKED = """
    [customers]
    customer,demand_class
    army,1
    shop,2
    [contracts]
    contract,customer,item,unit_price
    main,army,pump,100
    other,shop,pump,100
    [demands]
    demand,contract,quantity_units,due
    p1,main,12,2026-07-19
    v1,other,12,2026-08-09
    p2,main,14,2026-08-30
    v2,other,12,2026-09-20
"""
_BOUGHT = """
    [suppliers]
    supplier
    mill
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,capacity_units_per_week,order_multiple_units
    rods,mill,rod,5,10,4,30,1
"""
_WORK = """
    [work_centres]
    work_centre,stations,shift_pattern
    lathe,2,one
    rig,1,one
    [operations]
    item,step,work_centre,plateau_hours,hours_cv,yield_mature_share
    pump,10,lathe,9,0.4,0.95
    pump,20,rig,5,0.6,1
"""

WRIGHT = f"""{_PLANT}{_BOUGHT}{_ASKED}
    [work_centres]
    work_centre,stations,shift_pattern
    lathe,2,one
    [operations]
    item,step,work_centre,plateau_hours,first_unit_hours,learning_slope,learning_curve,experience_units,hours_cv
    pump,10,lathe,6,22,0.85,cumulative average,1,0.3
"""

STOPS = f"""{_PLANT}{_BOUGHT}{_ASKED}{_WORK}
    [risks]
    risk,group,rate_per_year,date,known_from,duration_days,duration_sd_days,duration_distribution,changes
    outage,,2,,,12,5,gamma,work_centres[lathe].availability_share *= 0
    flood,,,2026-07-06,2026-07-06,10,0,constant,work_centres[lathe].stations *= 0.5
    recall,,,2026-08-03,2026-08-03,9,0,constant,operations[step=20].open_share *= 0
"""

CLOSED = f"""{_PLANT}{_BOUGHT}{_ASKED}{_WORK}
    [risks]
    risk,group,rate_per_year,date,known_from,duration_days,duration_sd_days,duration_distribution,changes
    recall,,,2026-07-01,2026-07-01,30,0,constant,operations[step=20].open_share *= 0
    half,,,2026-08-05,2026-08-05,30,0,constant,work_centres[lathe].stations *= 0.5
"""

RAISED = f"""{_PLANT}{_BOUGHT}{_ASKED}{_WORK}
    [risks]
    risk,group,rate_per_year,date,duration_days,duration_sd_days,duration_distribution,changes
    unrest,politics,,2026-06-08,70,0,constant,offers[rods].lead_days += 1
    raid,plants,0.4,,25,8,gamma,work_centres[lathe].availability_share *= 0
    [risk_links]
    from_group,to_group,rate_factor
    politics,plants,8
"""

KNOWN = f"""{_PLANT}{_BOUGHT}{_ASKED}{_WORK}
    [risks]
    risk,rate_per_year,date,duration_days,changes
    strike,,2026-06-15,14,offers[rods].capacity_units_per_week *= 0
    shut,,2026-07-13,14,work_centres[lathe].stations *= 0.5
"""

NEEDS = f"""{_PLANT}{_BOUGHT}{_WORK}
    [tasks]
    task,duration_days,duration_sd_days,duration_distribution,needs
    proof,20,6,gamma,made:pump>=6
    stocked,10,3,gamma,bought:rods>=30
    pace,14,4,gamma,produced:pump>=3/week for 2
    [customers]
    customer,demand_class
    army,1
    shop,2
    [contracts]
    contract,customer,item,unit_price,opens_after
    main,army,pump,100,
    other,shop,pump,100,proof;stocked
    third,shop,pump,100,pace
    [demands]
    demand,contract,quantity_units,due
    p1,main,12,2026-07-19
    v1,other,12,2026-08-09
    p2,main,14,2026-08-30
    v2,third,12,2026-09-20
"""

CREDIT = f"""{_PLANT}{_WORK}
    [suppliers]
    supplier,prepayment_share,payment_days
    mill,0.7,14
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,order_multiple_units
    rods,mill,rod,30,10,4,1
    [customers]
    customer,demand_class
    army,1
    [contracts]
    contract,customer,item,unit_price,payment_days
    main,army,pump,110,28
    [funding]
    tranche,kind,instrument,amount,date,slip_days,slip_sd_days,interest_per_year_share
    seed,company,equity,500,2026-06-01,0,0,0
    line,company,credit line,1500,2026-06-29,7,5,0.06
    [demands]
    demand,contract,quantity_units,due
    p1,main,12,2026-07-26
    p2,main,14,2026-08-30
    p3,main,14,2026-09-27
"""

LANES = """
    start = 2026-06-01
    periods = "24 weeks"
    [sites]
    site
    works
    base
    [items]
    item,weight_kg,standard_cost
    rod,2,5
    pump,8,60
    [bom]
    parent,component,quantity_units
    pump,rod,2
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    one,1,5,8
    [suppliers]
    supplier
    mill
    [offers]
    offer,supplier,item,site,unit_price,lead_days,lead_sd_days,order_multiple_units
    rods,mill,rod,works,5,10,4,1
    [lanes]
    lane,from_place,to_site,transit_days,transit_sd_days,capacity_kg_per_week
    road,works,base,4,2,40
    [work_centres]
    work_centre,site,stations,shift_pattern
    lathe,works,2,one
    [operations]
    item,site,step,work_centre,plateau_hours,hours_cv
    pump,works,10,lathe,9,0.4
    [risks]
    risk,rate_per_year,duration_days,duration_sd_days,duration_distribution,changes
    snow,3,10,4,gamma,lanes[road].capacity_kg_per_week *= 0.3
    [customers]
    customer,demand_class
    army,1
    shop,2
    [contracts]
    contract,customer,item,unit_price
    main,army,pump,100
    other,shop,pump,100
    [demands]
    demand,contract,site,quantity_units,due
    p1,main,base,12,2026-07-19
    v1,other,base,12,2026-08-09
    p2,main,base,14,2026-08-30
    v2,other,base,12,2026-09-20
"""

HIRES = f"""{_PLANT}{_BOUGHT}{_ASKED}
    [skills]
    skill,headcount,most_headcount,hires_per_week,recruit_days,training_days,hours_per_week,shift_pattern,hour_cost
    fitter,1,4,0.5,7,14,36,one,1
    [operations]
    item,step,skill,plateau_hours,hours_cv
    pump,10,fitter,14,0.3
    [risks]
    risk,probability,duration_days,duration_sd_days,duration_distribution,changes
    shortage,0.7,60,20,gamma,skills[fitter].hires_per_week *= 0.2
"""
