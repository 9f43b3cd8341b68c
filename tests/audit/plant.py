"""A small plant and a run of it, worked out by hand: two sites, one product, one part, three weeks.

A (part) is bought from U and received at plant P on Wednesdays; X (product) is made at P on Thursdays and moved to
base B, where it arrives and is delivered on Fridays.

- A start of X takes 2 x 1.25 = 2.5 A, 3 + 1/2 + 0.2 x 0.5 x 5 = 4 hours of W and S and 1.5 of T; 0.8 + 0.2 x 0.5 = 0.9 is good.
- X has been made 15 times elsewhere, and the 16th takes 48 / 16 = 3 hours, its plateau: all is learnt.
- A lot of X is a multiple of 2 and at least 3; its second step is set up for each lot, for 1.5 hours of W and 50; the first one's
  set-ups cost 8 for each 2 units: 66 for a start of 4, which takes 4 x 4 + 1.5 = 17.5 hours of W.
- A purchase is ordered ceil(1.5 + 0.5 + 2) = 4 days before receipt, with a licence for each order that takes half a day and lasts three,
  and sent ceil(1.5 + 0.5) = 2 days after that; 0.8 is accepted. C must consent to what goes on to B, in D: half a day, so a day, before.
- The licence for the way to B is granted when t1 is done and lasts 7 days; each time it is asked for 3 days before its end, which takes 2.
- W: 1 x 0.5 x 8 hours x 5 days = 20 a week; T: 40; one more of each, ordered 4 and ceil(3.5) = 4 days before week 3, doubles
  them (there is no place for others: 2.5 stations and 2 sets at most).
  P works Q2 in week 3, two shifts for one: it doubles them again, and adds 20 x 30 x (0.2 - 0.1) = 60 to the pay of S. S: 20 and 2 of overtime, at 30 x 1.1 = 33, overtime at 49.5.
- d2 gets 3.2 of 4, 4 days late: 3.2 x 200 x 0.07 x 4/7 = 25.60; 0.8 are lost, late by 06-22 + 7 - 06-08 = 21 days, at
  the cap: 0.8 x 200 x 0.1 = 16. d3 gets 0.4 of 1; 0.6 are lost, late by 10 days.
- The lane to B opens when t1 is done, on 06-04, and is used on that day; so t1 is needed by then, t2 by nothing. X reaches its mean of 21 days in
  the first week; nothing that making it needs waits for a task.
- A shipment on IN costs 5. Orders are at least 3, in multiples of 2.5; d1 is delivered at once, d2 in parts of at least 3.
- O is qualified 4 days after 06-01, the last first day of a week from which it is before its first order on 06-06; that costs 25.
- K1 and K3 share by their claims, K1 twice as much: without anything K1 would be late by 2 x 4 x 21 = 168, K3 by 1 x 3 x 23 = 69. K1 is served
  1 - 59.2 / 168 of its claim, by which it is behind by 1 - 0.647619 / (0.5 x 4); K3 all of it, 1 - 1 / (0.25 x 4) = 0.
- R limits X, and c2: what components cost from outside is at most 0.7 of it, by each week. The stock of A is of no known offer: 10 each, all from
  outside, as nothing is qualified at the start; O's A is from outside for 0.4. 2.5 A are in each X: 7.5, 8 and 1 in what is delivered in each week.
  An X of A by O costs 2.5 x 11 = 27.50, with 0.4 from outside; on day one nobody sells A.
- The venture has 1900, 120 from 06-03 to 06-14 for what it buys to stay (100 of it are spent), and from 06-08 on a line, of which 50 are drawn
  and 20 repaid: 0.73 x 7/365 of it are 0.70 and 0.42 of interest. The state pays c1 and c3: a tenth of 7 x 200 on 06-02, 180 for a unit 3 days after delivery, less
  damages: 540 and 550.40; for 0.8 lost it has 16 back. d3 brings 40. U is paid a quarter with the order, the rest 4 days after receipt: 22 and 66, 11 and 33;
  and 40 for the open order on 06-06. Wages and rent fall due on 06-30, after the plan.
- H runs both sites: it pays 3 x (660 + 70) and 210 of f1. T owns U: 0.6 of 88 + 44, and of 5 x 12 on order, is not from outside: 115.20 of 2515.20 in all.
- 12 A are bought, all from U in C, which is not eligible: 132 of contracts worth 3 x 200 + 4 x 200 + 100.
- Holding one A for a week costs 10 x 0.365 x 7/365 = 0.07, one X 0.70.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tandemplan.audit.check_run import id_of
from tandemplan.model.programme import Programme
from tandemplan.results.store import Run
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

MODEL = """
start = 2026-06-01
periods = 3 weeks
discount_per_year_share = 0.1
holding_per_year_share = 0.365
[countries]
country
C
H
D
[partners]
partner
H
T
[customers]
customer,country,demand_class,fair_share
K1,H,1,0.5
K2,H,2,
K3,H,1,0.25
[sites]
site,kind,country,partner
P,plant,H,H
B,delivery base,D,H
[items]
item,kind,weight_kg,volume_m3,standard_cost
X,product,2,0.1,100
A,part,0.5,0.01,10
[bom]
parent,component,quantity_units,scrap_share
X,A,2,0.25
[operations]
item,site,when,step,work_centre,skill,tool,tool_hours,setup_hours,setup_cost,lot_units,plateau_hours,yield_mature_share,rework_share,rework_hours,minimum_lot_units,lot_multiple_units,first_unit_hours,learning_slope,experience_units
X,P,make,10,W,S,T,1.5,1,8,2,3,0.8,0.5,5,0,0,48,0.5,15
X,P,make,20,W,,,0,1.5,50,,0,1,0,0,3,2,,1,0
A,P,receive,10,,S,,0,0,0,1,0.5,1,0,0,0,0,,1,0
X,B,deliver,10,,D,,0,0,0,1,0.5,1,0,0,0,0,,1,0
[work_centres]
work_centre,site,stations,most_stations,station_price,station_lead_days,availability_share,shift_pattern
W,P,1,2.5,100,4,0.5,Q
[skills]
skill,site,headcount,hours_per_week,overtime_hours_per_week,overtime_premium_share,hour_cost,shift_pattern
S,P,1,20,2,0.5,30,Q
D,B,1,7,0,0.5,10,
[shift_patterns]
shift_pattern,shifts_per_day,days_per_week,hours_per_shift,premium_share,notice_days,shortest_stay_days,earliest
Q,1,5,8,0.1,0,0,
Q2,2,5,8,0.2,7,14,2026-06-09
[tools]
tool,site,work_centre,sets,most_sets,set_price,lead_days
T,P,W,1,2,60,3.5
[suppliers]
supplier,country,prepayment_share,payment_days,partner
U,C,0.25,4,T
[offers]
offer,supplier,item,unit_price,lead_days,capacity_units_per_week,acceptance_share,qualified,qualification_days,qualification_cost,minimum_order_units,order_multiple_units,third_country_share
O,U,A,11,1.5,70,0.8,no,4,25,3,2.5,0.4
[open_orders]
order,offer,item,site,quantity_units,promised,unit_price,paid_amount
OPEN,O,A,P,5,2026-06-02,12,20
[lanes]
lane,from_place,to_site,transit_days,kg_cost,shipment_cost,capacity_kg_per_week,crossing,opens_after
IN,C,P,2,0.4,5,1000,,
OUT,P,B,0.5,0.5,0,1000,G,t1
[crossings]
crossing,delay_hours
G,12
[licences]
licence,kind,country,task,items,from_places,to_places,processing_days,validity_days,renewal_lead_days,cap_units,reexport_consent
standing,standing,H,t1,X,P,B,2,7,3,5,no
order,per order,,,X,C,H,5,,,,no
each,per order,C,,A,C,P,0.5,3,,10,yes
[contracts]
contract,customer,item,unit_price,damages_per_week_share,damages_cap_share,certainty,probability,advance_share,advance_date,payment_days,pool
c1,K1,X,200,0.07,0.1,firm,1,0.1,2026-06-02,3,state
c2,K2,X,100,0,1,option,0.5,0,,0,
c3,K3,X,200,0.07,0.1,firm,1,0.1,2026-06-02,3,state
[demands]
demand,contract,site,quantity_units,due,weight_factor,minimum_shipment_units
d1,c3,B,3,2026-06-06,1,3
d2,c1,B,4,2026-06-08,2,3
d3,c2,B,1,2026-06-19,1,
[stock]
site,item,quantity_units
P,A,10
[stock_policies]
site,item,safety_units,safety_days,most_units
P,A,4,7,6
[costs]
cost,per,amount,date,from_date,to_date,site
f1,week,70,,,,P
f2,once,30,2026-06-15,,,
f3,month,73,,2026-06-08,2026-06-12,
[funding]
tranche,pool,kind,amount,date,pays_for,expiry,instrument,interest_per_year_share
F,own,company,1900,2026-05-20,,,equity,0
G,own,company,120,2026-06-03,capex,2026-06-14,grant,0
B,own,company,500,2026-06-08,,,credit line,0.73
S,state,payer,1300,2026-06-01,,,budget,0
[tasks]
task,predecessors,duration_days,cost_amount
t1,,3,100
t2,t1+2,1,0
[rules]
rule,kind,scope,policy,low,high,window_days,from_date
F,fair sharing,,proportional,,,,
R,origin share,X;c2,,,0.7,7,
L,least cash,own,,100,,,2026-06-20
W,work share,T,,0.04,0.06,,
N,fewest sources,A,,1,,,
Q,source share,A,,,1,,
C,country concentration,A,,,1,,
V,subcontract share,,,,0.2,,
[options]
option,one_off_cost,weekly_cost,chosen
o1,50,7,2026-06-08
o2,10,1,
"""

TABLES = """
[classes]
demand_class,demanded,on_time,late,lost,late_unit_days,value,bound,gap
1,7,3,3.2,0.8,29.6,59.2,50,0.155405
2,1,0.4,0,0.6,6,6,6,0
[class_costs]
demand_class,value,alone,cost
1,59.2,59.2,0
2,6,3.5,2.5
[sharing]
demand_class,certainty,rule,policy,customer,fair_share,most,value,served_share,behind
1,firm,F,proportional,K1,0.5,168,59.2,0.647619,0.67619
1,firm,F,proportional,K3,0.25,69,0,1,0
[deliveries]
demand,contract,customer,demand_class,site,item,quantity,due,delivered,late_days,damages
d1,c3,K3,1,B,X,3,2026-06-06,2026-06-05,0,0
d2,c1,K1,1,B,X,3.2,2026-06-08,2026-06-12,4,25.60
d3,c2,K2,2,B,X,0.4,2026-06-19,2026-06-19,0,0
[demand_summary]
demand,customer,demand_class,certainty,item,site,quantity,due,on_time,late,lost,late_unit_days,last_delivery,damages,lost_revenue
d1,K3,1,firm,X,B,3,2026-06-06,3,0,0,0,2026-06-05,0,0
d2,K1,1,firm,X,B,4,2026-06-08,0,3.2,0.8,29.6,2026-06-12,41.60,160
d3,K2,2,option,X,B,1,2026-06-19,0.4,0,0.6,6,2026-06-19,0,60
[purchases]
order,supplier,offer,lane,item,site,quantity,accepted,release,shipped,receipt,price,cost,transport_cost
PUR-1,U,O,IN,A,P,10,8,2026-06-06,2026-06-08,2026-06-10,11,88,2
PUR-2,U,O,IN,A,P,5,4,2026-06-13,2026-06-15,2026-06-17,11,44,1
[production]
order,item,site,route,alternative,started,good,scrapped,setups,setup_cost,start,end
MAK-1,X,P,X,,4,3.6,0.4,1,66,2026-06-01,2026-06-04
MAK-2,X,P,X,,4,3.6,0.4,1,66,2026-06-08,2026-06-11
[moves]
order,lane,item,from_site,to_site,quantity,release,receipt,cost
MOV-1,OUT,X,P,B,3.6,2026-06-04,2026-06-05,3.60
MOV-2,OUT,X,P,B,3,2026-06-11,2026-06-12,3.00
[stock]
site,item,period_start,opening,purchased,made,moved_in,open_orders,used,moved_out,delivered,inflow,outflow,closing,holding_cost
P,A,2026-06-01,10,0,0,0,5,10,0,0,5,10,5,0.35
P,A,2026-06-08,5,8,0,0,0,10,0,0,8,10,3,0.21
P,A,2026-06-15,3,4,0,0,0,0,0,0,4,0,7,0.49
P,X,2026-06-01,0,0,3.6,0,0,0,3.6,0,3.6,3.6,0,0
P,X,2026-06-08,0,0,3.6,0,0,0,3,0,3.6,3,0.6,0.42
P,X,2026-06-15,0.6,0,0,0,0,0,0,0,0,0,0.6,0.42
B,X,2026-06-01,0,0,0,3.6,0,0,0,3,3.6,3,0.6,0.42
B,X,2026-06-08,0.6,0,0,3,0,0,0,3.2,3,3.2,0.4,0.28
B,X,2026-06-15,0.4,0,0,0,0,0,0,0.4,0,0.4,0,0
[stock_targets]
site,item,period_start,safety,closing,shortfall,excess
P,A,2026-06-01,10,5,5,0
P,A,2026-06-08,4,3,1,0
P,A,2026-06-15,4,7,0,1
[load]
resource,kind,site,period_start,available_hours,used_hours,overtime_hours,overtime_cost
W,work centre,P,2026-06-01,20,17.5,0,0
W,work centre,P,2026-06-08,20,17.5,0,0
W,work centre,P,2026-06-15,80,0,0,0
S,skill,P,2026-06-01,20,16,0,0
S,skill,P,2026-06-08,20,21,1,49.50
S,skill,P,2026-06-15,20,2.5,0,0
D,skill,B,2026-06-01,7,1.5,0,0
D,skill,B,2026-06-08,7,1.6,0,0
D,skill,B,2026-06-15,7,0.2,0,0
T,tool,P,2026-06-01,40,6,0,0
T,tool,P,2026-06-08,40,6,0,0
T,tool,P,2026-06-15,160,0,0,0
[learning]
item,site,alternative,step,period_start,units,experience_units,hours_per_unit,first_pass_share
X,P,,10,2026-06-01,4,15,3,0.8
X,P,,10,2026-06-08,4,19,3,0.8
[investments]
resource,kind,site,ordered,usable,units,price,cost
W,work centre,P,2026-06-11,2026-06-15,1,100,100
T,tool,P,2026-06-11,2026-06-15,1,60,60
[shifts]
site,shift_pattern,decided,first_day,last_day
P,Q,,2026-06-01,2026-06-14
P,Q2,2026-06-08,2026-06-15,2026-06-21
[people]
skill,period_start,productive,wages,shift_premium
S,2026-06-01,1,660,0
S,2026-06-08,1,660,0
S,2026-06-15,1,660,60
D,2026-06-01,1,70,0
D,2026-06-08,1,70,0
D,2026-06-15,1,70,0
[options]
option,chosen,date,cost,serves,saves
o1,yes,2026-06-08,64,,0
o2,no,,0,,0
[tasks]
task,occurrence,start,end,slack_days,needed_by,needs_met,critical
t1,1,2026-06-01,2026-06-04,0,2026-06-04,,yes
t2,1,2026-06-06,2026-06-07,0,,,yes
[qualifications]
offer,started,qualified,cost
O,2026-06-01,2026-06-05,25
[licences]
licence,kind,number,order,asked,granted,valid_until,first_dispatch,last_dispatch,units,capped,cap,margin
standing,standing,1,,2026-06-01,2026-06-04,2026-06-11,2026-06-04,2026-06-04,3.6,yes,5,1.4
standing,standing,2,,2026-06-08,2026-06-11,2026-06-18,2026-06-11,2026-06-11,3,yes,5,2
standing,standing,3,,2026-06-15,2026-06-18,2026-06-25,,,0,yes,5,5
each,per order,1,PUR-1,2026-06-06,2026-06-07,2026-06-10,2026-06-08,2026-06-08,10,yes,10,0
each,per order,1,PUR-2,2026-06-13,2026-06-14,2026-06-17,2026-06-15,2026-06-15,5,yes,10,5
each,consent,1,MOV-1,2026-06-03,2026-06-04,2026-06-05,2026-06-04,2026-06-04,3.6,no,0,0
each,consent,1,MOV-2,2026-06-10,2026-06-11,2026-06-12,2026-06-11,2026-06-11,3,no,0,0
[origin]
rule,product,contract,evidence,units,eligible_cost,other_cost,share,limit,margin
R,X,,2026-06-08,3,36,49,0.576471,0.7,10.50
R,X,,2026-06-15,6.2,69,101,0.594118,0.7,18.00
R,X,,2026-06-22,6.6,75.6,105.4,0.582320,0.7,21.30
R,X,c2,2026-06-08,0,0,0,0,0.7,0
R,X,c2,2026-06-15,0,0,0,0,0.7,0
R,X,c2,2026-06-22,0.4,6.6,4.4,0.4,0.7,3.30
[origin_parts]
window_end,counts_for,item,kind,source,bill_from,quantity,unit_price,third_country_share,cost,other_cost
2026-06-07,X,A,open order,OPEN,,5,12,0.4,60,24
2026-06-07,X,A,stock,,,2.5,10,1,25,25
2026-06-07,X,X,made,X,2026-06-01,3,0,0,0,0
2026-06-14,X,A,purchase,O,,5,11,0.4,55,22
2026-06-14,X,A,stock,,,3,10,1,30,30
2026-06-14,X,X,made,X,2026-06-01,3.2,0,0,0,0
2026-06-21,X; contract c2,A,purchase,O,,1,11,0.4,11,4.40
2026-06-21,X; contract c2,X,made,X,2026-06-01,0.4,0,0,0,0
[materials]
rule,product,contract,soft,limit,cost,ruled_cost,least_share
R,X,,no,0.7,27.5,27.5,0.4
R,X,c2,no,0.7,27.5,27.5,0.4
[rule_costs]
rule,objective,value,without,price
R,class 1 firm,55,50,5
R,class 2 option,6,6,0
R,stock,490,500,-10
R,cost,1000,990,10
[work_share]
partner,rule,wages,overhead,content,value_added,share,low,high,margin,soft
H,,2190,210,0,2400,0.954198,0,1,0,no
T,W,0,0,115.20,115.20,0.045802,0.04,0.06,14.59,no
[sourcing]
item,supplier,offer,country,units,cost,share
A,U,O,C,12,132,1
[sourcing_rules]
rule,kind,subject,source,share,value,limit,margin,soft
C,country concentration,,C,1,1,1,0,no
N,fewest sources,A,U,1,1,1,0,no
Q,source share,A,U,1,1,1,0,no
V,subcontract share,U,U,0.088,0.088,0.2,0.112,no
[critical_path]
path,item,step,kind,name,start,end,room_days
first delivery,X,1,task,t1,2026-06-01,2026-06-04,0
first delivery,X,2,move,OUT,2026-06-04,2026-06-05,0
first delivery,X,3,delivery,d1,2026-06-05,2026-06-05,0
full rate,X,1,full rate,X,2026-06-01,2026-06-01,0
[cash]
pool,period_start,opening,tranches,credit,advances,deliveries,refunds,purchases,transport,capex,opex,interest,expired,inflow,outflow,closing,tied,least
own,2026-06-01,0,2020,0,140,0,0,62,3.60,0,191,0,0,2160,256.60,1903.40,120,0
own,2026-06-08,1903.40,0,50,0,540,0,77,10,160,123,0.70,0,590,370.70,2122.70,20,0
own,2026-06-15,2122.70,0,-20,0,590.40,16,33,6,0,37,0.42,20,590.40,132.42,2580.68,0,100
state,2026-06-01,0,1300,0,140,0,0,0,0,0,0,0,0,1300,140,1160,0,0
state,2026-06-08,1160,0,0,0,540,0,0,0,0,0,0,0,0,540,620,0,0
state,2026-06-15,620,0,0,0,550.40,16,0,0,0,0,0,0,16,550.40,85.60,0,0
[funding]
tranche,pool,kind,amount,opens,expires,used,left,expired
F,own,company,1900,2026-05-20,,639.72,1260.28,0
G,own,company,120,2026-06-03,2026-06-14,100,0,20
B,own,company,500,2026-06-08,,50,450,0
S,state,payer,1300,2026-06-01,,1230.40,69.60,0
[spending]
tranche,period_start,pays_for,amount
B,2026-06-08,purchases,50
B,2026-06-15,repayment,20
G,2026-06-08,capex,100
[limits]
what,name,period_start,stage,worth,unit,demands_hurt
"""

PAYMENTS = {
    "purchases": [("06-10", 88), ("06-17", 44)],
    "qualification": [("06-01", 25)],
    "transport": [("06-08", 2), ("06-15", 1), ("06-04", 3.6), ("06-11", 3)],
    "shipments": [("06-08", 5), ("06-15", 5)],
    "holding": [("06-08", 0.77), ("06-15", 0.91), ("06-22", 0.91)],
    "overtime": [("06-08", 49.5)],
    "hire_wages": [],
    "training": [],
    "shift_premium": [("06-15", 60)],
    "setups": [("06-04", 66), ("06-11", 66)],
    "investments": [("06-11", 100), ("06-11", 60)],
    "chosen_options": [],
    "option_wages": [],
    "interest": [("06-15", 0.7), ("06-22", 0.42)],
    "damages": [("06-12", 25.6), ("06-21", 16)],
    "lost_revenue": [("06-21", 220)],
    "wages": [("06-01", 730), ("06-08", 730), ("06-15", 730)],
    "fixed": [("06-01", 70), ("06-08", 82), ("06-15", 100)],
    "open_orders": [("06-02", 40)],
    "options": [("06-08", 57), ("06-15", 7)],
    "tasks": [("06-04", 100)],
}
DECIDED = (
    "purchases", "transport", "shipments", "holding", "overtime", "hire_wages", "training", "shift_premium", "setups", "investments", "chosen_options",
    "option_wages", "qualification", "interest", "damages", "lost_revenue",
)  # fmt: skip


def programme() -> Programme:
    """Return the small plant."""
    return programme_of(MODEL)


def run() -> Run:
    """Return the run of it."""
    costs = "[costs]\nterm,decided,amount,present_amount\n" + "\n".join(map(_term, PAYMENTS))
    made = run_of(TABLES + costs)
    classes = [
        {"demand_class": 1, "value": 59.2, "bound": 50.0, "gap": 0.155405},
        {"demand_class": 2, "value": 6.0, "bound": 6.0, "gap": 0.0},
    ]
    cost = sum(_present(t) for t in DECIDED)
    stages = [
        _stage("class 1 firm", 59.2, 50.0, 0.155405, (1, "firm")),
        _stage("class 2 option", 6.0, 6.0, 0.0, (2, "option")),
        _stage("F of class 1 firm, 1 worst served", 0.67619, 0.67619, 0.0),
        _stage("F of class 1 firm, 2 worst served", 0.67619, 0.67619, 0.0),
        _stage("stock", 490.0, 490.0, 0.0),  # 7 days x 10 x (5 + 1 + 1)
        _stage("cost", cost, 0.0, 1.0),
    ]
    total = sum(amount for paid in PAYMENTS.values() for _, amount in paid)
    info = {
        **made.info,
        "programme": {"name": programme().settings.name, "digest": programme().digest},
        "options": {"gap": 1.0},  # so that a cost without a bound counts as proved
        "reason": "",
        "unreckoned_classes": [],
        "unreckoned_rules": [],
        "objective": {"value": cost, "bound": 0.0, "gap": 1.0, "classes": classes, "stages": stages},
        "totals": {"cost": total, "units": {"each": {"demanded": 8, "on_time": 3.4, "late": 3.2, "lost": 1.4}}},
    }
    return Run({**info, "run": id_of(info)}, made.tables)


def _stage(name: str, value: float, bound: float, gap: float, whose: tuple[int, str] | None = None) -> dict[str, Any]:
    demand_class, certainty = whose or (None, None)
    said = {"stage": name, "demand_class": demand_class, "certainty": certainty, "finished": True}
    return {**said, "value": value, "bound": bound, "gap": gap}


def _term(term: str) -> str:
    paid = sum(amount for _, amount in PAYMENTS[term])
    return f"{term},{'yes' if term in DECIDED else 'no'},{paid:.2f},{_present(term):.2f}"


def _present(term: str) -> float:
    return sum(amount / 1.1 ** (_days(day) / 365) for day, amount in PAYMENTS[term])


def _days(day: str) -> int:
    return (date.fromisoformat(f"2026-{day}") - date(2026, 6, 1)).days
