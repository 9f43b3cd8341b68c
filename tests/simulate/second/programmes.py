"""The small programmes on which both engines are compared."""

ASSEMBLY = """
    start = 2026-06-01
    periods = "26 weeks"
    [items]
    item,standard_cost
    tube,5
    motor,20
    frame,10
    bike,50
    [bom]
    parent,component,quantity_units
    frame,tube,2
    bike,frame,1
    bike,motor,1
    [suppliers]
    supplier
    smith
    volt
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,lead_distribution,acceptance_share,order_multiple_units
    tubes,smith,tube,10,10,5,lognormal,0.95,1
    motors,volt,motor,20,21,9,gamma,0.9,1
    [work_centres]
    work_centre,stations
    weld,2
    bench,2
    [operations]
    item,work_centre,plateau_hours
    frame,weld,5
    bike,bench,6
    [customers]
    customer,demand_class
    army,1
    shop,2
    [contracts]
    contract,customer,item,unit_price,certainty,probability,quantity_cv
    main,army,bike,100,firm,1,0.2
    side,shop,bike,100,firm,1,0
    [demands]
    demand,contract,quantity_units,due
    first,main,20,2026-08-02
    second,side,30,2026-09-06
    third,main,25,2026-10-04
"""

SHOP = """
    start = 2026-06-01
    periods = "26 weeks"
    [items]
    item,standard_cost
    blank,10
    gear,50
    drive,90
    [bom]
    parent,component,quantity_units
    gear,blank,1
    drive,gear,1
    [suppliers]
    supplier
    forge
    [offers]
    offer,supplier,item,unit_price,lead_days,order_multiple_units
    blanks,forge,blank,10,7,1
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    two,2,5,8
    [work_centres]
    work_centre,stations,availability_share,repair_hours,shift_pattern
    mill,2,0.8,24,
    grinder,3,0.9,8,two
    bench,1,1,,two
    [skills]
    skill,headcount,hours_per_week,shift_pattern
    fitter,4,40,two
    [operations]
    item,step,work_centre,skill,first_unit_hours,plateau_hours,learning_slope,hours_cv,yield_mature_share,yield_start_share,yield_learning_units,rework_share,rework_hours,setup_hours,lot_units
    gear,10,mill,,30,12,0.85,0.8,0.95,0.8,20,0.5,6,0,
    gear,20,grinder,,,9,1,1.2,0.9,,,0.25,4,2,4
    drive,10,bench,fitter,,6,1,0.5,0.97,,,0,0,0,
    [demands]
    demand,item,quantity_units,due
    early,gear,15,2026-08-09
    first,drive,12,2026-08-16
    second,drive,20,2026-09-13
    third,drive,20,2026-10-18
"""

STARTUP = """
    start = 2026-06-01
    periods = "30 weeks"
    [countries]
    country
    PL
    UA
    [sites]
    site,country
    works,PL
    base,UA
    [items]
    item,weight_kg,standard_cost
    kit,50,10
    pump,100,50
    [bom]
    parent,component,quantity_units
    pump,kit,1
    [suppliers]
    supplier,country
    maker,PL
    [offers]
    offer,supplier,site,item,unit_price,lead_days,lead_sd_days,order_multiple_units
    kits,maker,works,kit,10,7,2,1
    [tasks]
    task,predecessors,duration_days,duration_sd_days,duration_distribution,earliest
    permit,,30,12,gamma,2026-06-08
    hall,,25,6,pert,
    trial,permit;hall+7,28,12,lognormal,
    approval,permit+3,44,12,triangular,
    [work_centres]
    work_centre,site,stations
    line,works,2
    [operations]
    item,site,work_centre,plateau_hours,opens_after
    pump,works,line,10,trial
    [crossings]
    crossing,delay_hours,delay_sd_hours,closures_per_year,closure_days,closure_sd_days
    border,48,24,12,16,10
    [lanes]
    lane,from_place,to_site,transit_days,transit_sd_days,crossing
    road,works,base,3,1.5,border
    [customers]
    customer,demand_class
    army,1
    [contracts]
    contract,customer,item,unit_price,opens_after
    main,army,pump,100,approval
    [demands]
    demand,contract,site,quantity_units,due
    near,main,works,6,2026-08-23
    first,main,base,10,2026-09-06
    second,main,base,15,2026-10-04
    third,main,base,12,2026-11-01
"""

MONEY = """
    start = 2026-06-01
    periods = "26 weeks"
    [items]
    item,standard_cost
    cell,40
    pack,150
    [bom]
    parent,component,quantity_units
    pack,cell,2
    [suppliers]
    supplier,prepayment_share,payment_days
    volta,0.6,14
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,order_multiple_units
    cells,volta,cell,40,14,4,1
    [work_centres]
    work_centre,stations
    line,1
    [operations]
    item,work_centre,plateau_hours
    pack,line,6
    [customers]
    customer,demand_class
    utility,1
    [contracts]
    contract,customer,item,unit_price,payment_days,damages_per_week_share,damages_cap_share
    main,utility,pack,110,28,0.02,0.1
    [funding]
    tranche,kind,amount,date,slip_days,slip_sd_days
    seed,company,2000,2026-06-01,0,0
    round,company,1700,2026-07-25,10,14
    [costs]
    cost,category,per,amount,date
    licence,opex,once,200,2026-06-15
    [demands]
    demand,contract,quantity_units,due
    first,main,20,2026-07-19
    second,main,30,2026-08-30
    third,main,30,2026-09-20
    fourth,main,30,2026-10-18
"""

DRONES = """
    start = 2026-06-01
    periods = "30 weeks"
    [items]
    item,standard_cost
    magnet,5
    chip,20
    drone,90
    [bom]
    parent,component,quantity_units
    drone,magnet,1
    drone,chip,1
    [suppliers]
    supplier
    east
    west
    fab
    [offers]
    offer,supplier,item,rank,unit_price,lead_days,lead_sd_days,capacity_units_per_week,order_multiple_units,minimum_order_units
    near,east,magnet,1,5,14,3,12,1,0
    far,west,magnet,2,9,28,6,20,5,10
    chips,fab,chip,1,20,21,5,14,1,0
    [work_centres]
    work_centre,stations
    line,3
    [operations]
    item,work_centre,plateau_hours
    drone,line,10
    [customers]
    customer,demand_class
    rescue,1
    survey,2
    [contracts]
    contract,customer,item,unit_price,certainty,probability,quantity_cv
    main,rescue,drone,100,firm,1,0
    extra,survey,drone,100,option,0.6,0
    [demands]
    demand,contract,quantity_units,due
    first,main,20,2026-08-30
    second,main,20,2026-09-27
    third,main,25,2026-11-01
    more,extra,15,2026-10-18
"""  # without its risks

HAZARDS = f"""{DRONES}    [risks]
    risk,group,rate_per_year,probability,duration_days,duration_sd_days,duration_distribution,changes
    ban,politics,2,,45,20,gamma,offers[near].capacity_units_per_week *= 0
    fire,plants,1.5,,30,10,lognormal,offers[chips].capacity_units_per_week *= 0
    slow,plants,3,,40,15,lognormal,offers[chips].capacity_units_per_week *= 0.5
    [risk_links]
    from_group,to_group,rate_factor
    politics,plants,3
"""

CROWD = """
    start = 2026-06-01
    periods = "24 weeks"
    [items]
    item,standard_cost
    rod,5
    valve,40
    pump,60
    [bom]
    parent,component,quantity_units
    valve,rod,1
    pump,rod,2
    [suppliers]
    supplier
    mill
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,capacity_units_per_week,order_multiple_units
    rods,mill,rod,5,10,5,30,1
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    one,1,5,8
    [work_centres]
    work_centre,stations,shift_pattern
    lathe,3,one
    rig,1,one
    [skills]
    skill,headcount,hours_per_week,overtime_hours_per_week,shift_pattern,hour_cost
    fitter,2.5,36,6,one,30
    [tools]
    tool,work_centre,sets
    jig,lathe,2
    [operations]
    item,step,work_centre,skill,tool,tool_hours,plateau_hours,hours_cv,yield_mature_share
    valve,10,lathe,,jig,6,6,0.6,0.95
    valve,20,,fitter,,0,4,0.6,1
    pump,10,lathe,,,0,9,0.4,1
    pump,20,rig,fitter,,0,3,0.8,0.92
    [customers]
    customer,demand_class
    army,1
    shop,2
    [contracts]
    contract,customer,item,unit_price
    pumps,army,pump,100
    valves,shop,valve,100
    urgent,army,valve,100
    [demands]
    demand,contract,quantity_units,due
    p1,pumps,12,2026-06-28
    v1,valves,15,2026-07-05
    u1,urgent,6,2026-07-05
    p2,pumps,14,2026-07-12
    v2,valves,15,2026-07-19
"""

DEMANDS = f"""{DRONES}    [risks]
    risk,group,rate_per_year,probability,duration_days,duration_sd_days,duration_distribution,changes
    drop,,,0.2,,,,demands[more].quantity_units *= 0.8
    surge,politics,1,,60,20,lognormal,demands[contract=main].quantity_units *= 1.3
"""

ACCEPTED = """
    start = 2026-06-01
    periods = "30 weeks"
    [items]
    item,standard_cost
    magnet,5
    drone,90
    [bom]
    parent,component,quantity_units
    drone,magnet,1
    [suppliers]
    supplier
    east
    [offers]
    offer,supplier,item,rank,unit_price,lead_days,lead_sd_days,capacity_units_per_week,order_multiple_units,acceptance_share
    near,east,magnet,1,5,14,5,16,1,0.6
    [work_centres]
    work_centre,stations
    line,3
    [operations]
    item,work_centre,plateau_hours
    drone,line,10
    [demands]
    demand,item,quantity_units,due
    first,drone,30,2026-08-16
    second,drone,30,2026-09-06
    third,drone,30,2026-10-04
"""

BUDGET = """
    start = 2026-06-01
    periods = "30 weeks"
    [items]
    item,standard_cost
    cell,40
    pack,150
    [bom]
    parent,component,quantity_units
    pack,cell,2
    [suppliers]
    supplier,prepayment_share,payment_days
    volta,0.6,14
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,order_multiple_units
    cells,volta,cell,40,14,8,1
    [work_centres]
    work_centre,stations
    line,1
    [operations]
    item,work_centre,plateau_hours
    pack,line,6
    [customers]
    customer,demand_class
    ministry,1
    shop,2
    [tasks]
    task,duration_days,duration_sd_days
    audit,90,25
    [contracts]
    contract,customer,item,unit_price,advance_share,advance_date,payment_days,damages_per_week_share,damages_cap_share,pool
    main,ministry,pack,110,0.1,2026-07-27,14,0.02,0.1,treasury
    side,shop,pack,110,0,,14,0,0,
    [funding]
    tranche,pool,kind,amount,date,slip_days,slip_sd_days,expiry,opens_after,evidence_days
    seed,venture,company,3500,2026-06-01,0,0,,,
    first,treasury,payer,2800,2026-07-06,14,20,2026-12-30,,
    last,treasury,payer,6000,2026-08-10,10,14,,audit,3
    spare,treasury,payer,1700,2026-07-06,7,5,2026-08-31,,
    [demands]
    demand,contract,quantity_units,due
    one,main,20,2026-07-19
    two,main,16,2026-08-09
    shop,side,12,2026-08-23
    three,main,24,2026-09-20
"""

LEARNERS = """
    start = 2026-06-01
    periods = "24 weeks"
    [items]
    item,standard_cost
    board,20
    radio,60
    [bom]
    parent,component,quantity_units
    radio,board,1
    [suppliers]
    supplier
    maker
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,order_multiple_units
    boards,maker,board,10,7,5,1
    [work_centres]
    work_centre,stations
    bench,2
    [operations]
    item,alternative,step,work_centre,first_unit_hours,plateau_hours,learning_slope,hours_cv,learns_with,yield_start_share,yield_mature_share,yield_learning_units
    radio,,10,bench,40,5,0.8,1.5,solder,,1,
    radio,,20,bench,40,5,0.8,1.5,solder,0.5,0.95,20
    board,,10,bench,20,4,0.85,0.5,solder,,1,
    [demands]
    demand,item,quantity_units,due
    first,radio,18,2026-07-05
    spare,board,10,2026-07-26
    second,radio,44,2026-08-16
    third,radio,50,2026-09-06
"""

LICENCES = """
    start = 2026-06-01
    periods = "34 weeks"
    [countries]
    country
    PL
    XA
    XB
    [items]
    item,standard_cost
    core,5
    lens,20
    scope,90
    [bom]
    parent,component,quantity_units
    scope,core,1
    scope,lens,1
    [suppliers]
    supplier,country
    east,XA
    west,XB
    home,PL
    [offers]
    offer,supplier,item,rank,unit_price,lead_days,lead_sd_days,capacity_units_per_week,order_multiple_units
    near,east,core,1,5,10,3,,1
    far,home,core,2,9,20,5,,1
    lenses,west,lens,1,20,14,4,7,1
    [tasks]
    task,duration_days,duration_sd_days
    grant,14,8
    [licences]
    licence,kind,country,task,items,from_places,processing_days,processing_sd_days,validity_days,cap_units,renewable,renewal_lead_days
    yearly,standing,XA,grant,core,XA,20,12,70,36,yes,16
    permit,per order,XB,,lens,XB,15,8,24,,,
    stamp,per order,PL,,lens,XB,6,4,,,,
    [work_centres]
    work_centre,stations
    line,3
    [operations]
    item,work_centre,plateau_hours
    scope,line,10
    [demands]
    demand,item,quantity_units,due
    first,scope,20,2026-08-16
    second,scope,20,2026-09-13
    third,scope,25,2026-10-18
    fourth,scope,20,2026-11-29
"""

ENDED = """
    start = 2026-06-01
    periods = "30 weeks"
    [countries]
    country
    PL
    XA
    [items]
    item,standard_cost
    core,5
    scope,90
    [bom]
    parent,component,quantity_units
    scope,core,1
    [suppliers]
    supplier,country
    east,XA
    home,PL
    [offers]
    offer,supplier,item,rank,unit_price,lead_days,lead_sd_days,capacity_units_per_week,order_multiple_units
    near,east,core,1,5,14,10,8,1
    far,home,core,2,9,40,5,,1
    [tasks]
    task,duration_days,duration_sd_days
    grant,20,10
    [licences]
    licence,kind,country,task,items,from_places,processing_days,processing_sd_days,validity_days,cap_units,renewable
    once,standing,XA,grant,core,XA,20,10,70,60,no
    [work_centres]
    work_centre,stations
    line,3
    [operations]
    item,work_centre,plateau_hours,yield_mature_share
    scope,line,10,0.9
    [demands]
    demand,item,quantity_units,due
    first,scope,20,2026-08-16
    second,scope,20,2026-09-06
    third,scope,12,2026-09-27
"""

CONSENTS = """
    start = 2026-06-01
    periods = "30 weeks"
    [countries]
    country
    PL
    XA
    UA
    XB
    [sites]
    site,country
    works,PL
    base,UA
    [items]
    item,weight_kg,standard_cost
    core,5,10
    case,5,10
    pump,100,50
    [bom]
    parent,component,quantity_units
    pump,core,1
    pump,case,1
    [suppliers]
    supplier,country
    maker,XA
    other,XB
    [offers]
    offer,supplier,site,item,unit_price,lead_days,lead_sd_days,order_multiple_units
    cores,maker,works,core,10,7,4,1
    cases,other,works,case,10,7,4,1
    [tasks]
    task,duration_days,duration_sd_days
    grant,25,12
    transfer,10,5
    [licences]
    licence,kind,country,task,items,from_places,to_places,processing_days,processing_sd_days,validity_days,cap_units,reexport_consent
    bound,standing,XA,grant,core,XA,PL,21,10,,,yes
    also,per order,XB,,case,XB,PL,14,9,,,yes
    general,standing,PL,transfer,pump,PL,UA,20,10,60,30,no
    each,per order,PL,,pump,works,base,10,5,90,8,no
    [work_centres]
    work_centre,site,stations
    line,works,3
    [operations]
    item,site,work_centre,plateau_hours
    pump,works,line,10
    [lanes]
    lane,from_place,to_site,transit_days,transit_sd_days
    road,works,base,3,1.5
    [demands]
    demand,site,item,quantity_units,due
    near,works,pump,8,2026-08-09
    first,base,pump,16,2026-09-06
    second,base,pump,20,2026-10-04
    third,base,pump,16,2026-11-08
"""

HANDLED = """
    start = 2026-06-01
    periods = "26 weeks"
    [items]
    item,standard_cost
    tube,5
    bike,50
    [bom]
    parent,component,quantity_units
    bike,tube,2
    [suppliers]
    supplier
    smith
    [offers]
    offer,supplier,item,unit_price,lead_days,lead_sd_days,acceptance_share,order_multiple_units
    tubes,smith,tube,10,10,6,0.9,1
    [work_centres]
    work_centre,stations
    bench,2
    dock,1
    [shift_patterns]
    shift_pattern,shifts_per_day,days_per_week,hours_per_shift
    one,1,5,8
    [skills]
    skill,headcount,hours_per_week,shift_pattern
    loader,2,40,one
    [tasks]
    task,duration_days,duration_sd_days
    hall,20,10
    [operations]
    item,when,step,work_centre,skill,plateau_hours,hours_cv,yield_mature_share,rework_share,rework_hours,setup_hours,lot_units,opens_after
    tube,receive,10,dock,loader,0.5,0.8,0.9,1,1,2,20,hall
    tube,receive,20,,loader,0.2,0.5,1,0,0,0,,
    bike,make,10,bench,,6,0.5,1,0,0,0,,
    bike,deliver,10,,loader,1.5,0.6,1,0,0,0,,
    [demands]
    demand,item,quantity_units,due,minimum_shipment_units
    first,bike,20,2026-07-26,5
    second,bike,40,2026-08-23,0
    third,bike,50,2026-09-20,0
"""
