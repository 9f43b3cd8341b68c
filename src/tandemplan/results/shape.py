"""The shape of every answer: result tables, their columns, units and meanings."""

from __future__ import annotations

from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.fields import date as _date
from tandemplan.results.fields import maybe as _maybe
from tandemplan.results.fields import money as _money
from tandemplan.results.fields import text as _text
from tandemplan.results.fields import units as _units
from tandemplan.results.fields import whole as _whole
from tandemplan.results.money_shapes import CASH, FUNDING, SPENDING
from tandemplan.results.origin_shapes import MATERIALS, ORIGIN, ORIGIN_PARTS
from tandemplan.results.service_shapes import CLASS_COSTS, RULE_COSTS, SHARING
from tandemplan.results.share_shapes import SOURCING, SOURCING_RULES, WORK_SHARE

DELIVERIES = Shape(
    "deliveries",
    "A delivery of (part of) a demand on a day.",
    (
        _text("demand", "Demand that is served."),
        _text("contract", "Contract of the demand, if any."),
        _text("customer", "Customer of the demand, if any."),
        _whole("demand_class", "Class of the customer.", "rank"),
        _text("site", "Site of delivery."),
        _text("item", "Item delivered."),
        _units("quantity", "Units delivered."),
        _date("due", "Day on which the demand is due."),
        _date("delivered", "Day of delivery."),
        _whole("late_days", "Days after the due day.", "days"),
        _money("damages", "Damages for being late."),
    ),
)
DEMAND_SUMMARY = Shape(
    "demand_summary",
    "What becomes of one demand.",
    (
        _text("demand", "Demand."),
        _text("customer", "Customer, if any."),
        _whole("demand_class", "Class of the customer.", "rank"),
        _text("certainty", "firm, option or forecast."),
        _text("item", "Item."),
        _text("site", "Site of delivery."),
        _units("quantity", "Units that count."),
        _date("due", "Due day."),
        _units("on_time", "Units delivered on or before the due day."),
        _units("late", "Units delivered later."),
        _units("lost", "Units never delivered."),
        _units("late_unit_days", "Days late summed over units, lost ones to the end plus one period.", "unit-days"),
        _maybe("last_delivery", "Day of the last delivery; blank when there is none."),
        _money("damages", "Damages for late and lost units."),
        _money("lost_revenue", "Price of lost units."),
    ),
)
CLASSES = Shape(
    "classes",
    "How one class of demand is served.",
    (
        _whole("demand_class", "Class, in order of service.", "rank"),
        _units("demanded", "Units demanded."),
        _units("on_time", "Units on time."),
        _units("late", "Units late."),
        _units("lost", "Units lost."),
        _units("late_unit_days", "Days late summed over units.", "unit-days"),
        _units("value", "Weighted unit-days late: what the class is planned to keep small.", "weighted unit-days"),
        _units(
            "bound",
            "No plan on these periods and days that serves the classes before as well can have a lower value.",
            "weighted unit-days",
            audited=False,
        ),
        _units(
            "gap",
            "(value - bound) / max(value, 0.1 % of weight x demanded units x longest period in days).",
            "share",
            audited=False,
        ),
    ),
)
PURCHASES = Shape(
    "purchases",
    "An order to a supplier.",
    (
        _text("order", "Name of the order."),
        _text("supplier", "Who sells."),
        _text("offer", "Offer that is used."),
        _text("lane", "Lane it travels on; blank when the supplier delivers."),
        _text("item", "Item."),
        _text("site", "Site of receipt."),
        _units("quantity", "Units ordered."),
        _units("accepted", "Units accepted into stock."),
        _date("release", "Day of the order."),
        _date("shipped", "Day of dispatch."),
        _date("receipt", "Day of receipt."),
        Field("price", Type.UNITS, "Price of one accepted unit.", "money per unit"),
        _money("cost", "Accepted units times price."),
        _money("transport_cost", "Cost of carriage."),
    ),
)
PRODUCTION = Shape(
    "production",
    "A start of production in a period.",
    (
        _text("order", "Name of the order."),
        _text("item", "Item made."),
        _text("site", "Site."),
        _text("route", "Item and alternative."),
        _text("alternative", "Bill of material used; blank when there is one."),
        _units("started", "Units started."),
        _units("good", "Good units."),
        _units("scrapped", "Units scrapped."),
        _whole("setups", "Set-ups of this lot; 0 where they are spread over usual lots.", "set-ups"),
        _money("setup_cost", "Cost of set-ups, spread ones included."),
        _date("start", "First day of the period whose hours are used."),
        _date("end", "Day on which components leave and good units enter stock."),
    ),
)
MOVES = Shape(
    "moves",
    "A move between sites.",
    (
        _text("order", "Name of the order."),
        _text("lane", "Lane."),
        _text("item", "Item."),
        _text("from_site", "Site of dispatch."),
        _text("to_site", "Site of arrival."),
        _units("quantity", "Units."),
        _date("release", "Day of dispatch."),
        _date("receipt", "Day of arrival."),
        _money("cost", "Cost of carriage."),
    ),
)
STOCK = Shape(
    "stock",
    "Stock of an item at a site over one period (nodes that are ever used).",
    (
        _text("site", "Site."),
        _text("item", "Item."),
        _date("period_start", "First day of the period."),
        _units("opening", "Units at the start."),
        _units("purchased", "Units accepted from suppliers."),
        _units("made", "Good units made."),
        _units("moved_in", "Units arrived from other sites."),
        _units("open_orders", "Units from orders already under way."),
        _units("used", "Units used as components, scrap included."),
        _units("moved_out", "Units dispatched to other sites."),
        _units("delivered", "Units delivered."),
        _units("inflow", "Everything that came."),
        _units("outflow", "Everything that went."),
        _units("closing", "Units at the end."),
        _money("holding_cost", "Cost of holding the closing stock over the period."),
    ),
)
STOCK_TARGETS = Shape(
    "stock_targets",
    "A stock policy in one period.",
    (
        _text("site", "Site."),
        _text("item", "Item."),
        _date("period_start", "First day of the period."),
        _units("safety", "Stock that should be left: the larger of safety units and coming use."),
        _units("closing", "Stock that is left."),
        _units("shortfall", "Units below the target."),
        _units("excess", "Units above the most that should lie there."),
    ),
)
LOAD = Shape(
    "load",
    "Hours of a resource in one period.",
    (
        _text("resource", "Work centre, skill or tool."),
        _text("kind", "work centre, skill or tool."),
        _text("site", "Site."),
        _date("period_start", "First day of the period."),
        _units("available_hours", "Hours present, without overtime.", "hours"),
        _units("used_hours", "Hours used.", "hours"),
        _units("overtime_hours", "Hours of these that are overtime.", "hours"),
        _money("overtime_cost", "Cost of overtime."),
        _units(
            "worth_per_hour",
            "What one more hour takes off the first class it helps, at most.",
            "weighted unit-days per hour",
            audited=False,
        ),
    ),
)
INVESTMENTS = Shape(
    "investments",
    "Stations of a work centre, or sets of a tool, bought for use from one day on.",
    (
        _text("resource", "Work centre or tool."),
        _text("kind", "work centre or tool."),
        _text("site", "Site."),
        _date("ordered", "Day of order, on which they are paid."),
        _date("usable", "First day of use, that of a period."),
        _units("units", "Stations or sets bought.", "stations or sets"),
        _money("price", "Price of one."),
        _money("cost", "Price of all."),
    ),
)
LEARNING = Shape(
    "learning",
    "A step that learns in a period in which its routes start something, on the true curves.",
    (
        _text("item", "Item."),
        _text("site", "Site."),
        _text("alternative", "Alternative of the operation; blank is every one without a row of its own."),
        _whole("step", "Step.", "step"),
        _date("period_start", "First day of the period."),
        _units("units", "Units that its routes start."),
        _units("experience_units", "Units made before, elsewhere included, by all that it learns with."),
        _units("hours_per_unit", "Mean hours of one unit, without set-up and rework.", "hours"),
        _units("first_pass_share", "Mean first-pass yield.", "share"),
    ),
)
SHIFTS = Shape(
    "shifts",
    "A shift pattern that a site with a choice works for a time.",
    (
        _text("site", "Site."),
        _text("shift_pattern", "Shift pattern."),
        _maybe("decided", "Day of the decision; blank for the pattern that is worked from the start on without one."),
        _date("first_day", "First day, that of a period."),
        _date("last_day", "Last day before another pattern, or of the plan."),
    ),
)
PEOPLE = Shape(
    "people",
    "People of a skill in one period.",
    (
        _text("skill", "Skill."),
        _date("period_start", "First day of the period."),
        _units("productive", "Trained people there, mean over the period.", "people"),
        _units("training", "People in training, mean over the period.", "people"),
        _units("hired", "People whose first day at work is the first of the period.", "people"),
        _units("left", "People who leave in the period.", "people"),
        _money("wages", "Pay of the people of the start, without overtime."),
        _money("option_wages", "Pay of the people that options add which the plan chose, without overtime."),
        _money("hire_wages", "Pay of the people hired, trainees in full, without overtime."),
        _money("training_cost", "Cost of training the people hired in the period."),
        _money(
            "shift_premium",
            "What the shifts chosen add to the pay of all of them, over the pattern that the skill names.",
        ),
    ),
)
OPTIONS = Shape(
    "options",
    "An option and whether it is taken.",
    (
        _text("option", "Option."),
        Field("chosen", Type.FLAG, "It is taken."),
        _maybe("date", "Day of the decision; blank when it is not taken."),
        _money("cost", "One-off and weekly cost up to the end of the plan."),
        _text(
            "serves",
            "The first objective that is worse without an option that the plan chose; blank where none is proved to be.",
            audited=False,
        ),
        _units(
            "saves",
            "By how much that objective is worse at least, all else planned anew: what is proved without it, less the plan's value.",
            "as the objective",
            audited=False,
        ),
    ),
)
QUALIFICATIONS = Shape(
    "qualifications",
    "An offer that the plan has qualified, at a cost.",
    (
        _text("offer", "Offer."),
        _date("started", "Day on which its qualification starts: the first day of a period."),
        _date("qualified", "Day from which it can be ordered."),
        _money("cost", "Cost of its qualification, paid when it starts."),
    ),
)
LICENCES = Shape(
    "licences",
    "A time for which a standing licence is valid; a licence per order, by order; a consent, by move.",
    (
        _text("licence", "Licence; of a consent the licence whose issuer must consent."),
        _text("kind", "standing, per order or consent."),
        _whole("number", "Of a standing licence which time it is: 1 when it is granted first, 2 renewed once.", "rank"),
        _text("order", "Purchase or move that it is for; blank for a standing licence."),
        _date("asked", "Day on which it, or its renewal, is asked for; at first that on which its task starts."),
        _date("granted", "Day from which it is there."),
        _maybe("valid_until", "First day on which it is valid no more, unless renewed; blank: it is valid for good."),
        _maybe("first_dispatch", "First day on which something goes under it; blank: nothing does."),
        _maybe("last_dispatch", "Last day on which something goes under it; blank: nothing does."),
        _units("units", "Units that go under it."),
        Field("capped", Type.FLAG, "It covers no more than `cap` units."),
        _units("cap", "Most units that may go under it; 0 where there is no limit."),
        _units("margin", "Units that could still go under it; 0 where there is no limit."),
    ),
)
TASKS = Shape(
    "tasks",
    "A task of the start-up network at mean durations; one that repeats, each time that it starts within the plan.",
    (
        _text("task", "Task."),
        _whole("occurrence", "1, or of a task that repeats which time it is.", "rank"),
        _date("start", "First day."),
        _date("end", "Day on which it is done, and what waits for it opens."),
        _whole(
            "slack_days",
            "Days it may slip before the last task of the network slips (0 from the second time on).",
            "days",
        ),
        _maybe(
            "needed_by",
            "Latest day on which it may be done with nothing in the plan moved; blank: nothing that the plan uses waits for it.",
        ),
        _maybe(
            "needs_met",
            "Day by which the plan has made, bought or holds what it needs before it ends; blank: it needs nothing of that, or the plan never has it.",
        ),
        Field("critical", Type.FLAG, "It has no slack: the last task slips with it."),
    ),
)
CRITICAL_PATH = Shape(
    "critical_path",
    "A step of a critical path of the start-up, in order of time.",
    (
        _text("path", "What it leads to: `first delivery` or `full rate`."),
        _text("item", "Item that is delivered."),
        _whole("step", "Place in the path.", "rank"),
        _text("kind", "task, purchase, move, production, delivery or full rate."),
        _text("name", "Task, offer (and lane), lane, route or demand; for the full rate the item."),
        _date("start", "First day; of a purchase the order, of the full rate the end of the task before it."),
        _date("end", "Day on which it is done, its first units are there, or the full rate is reached."),
        _whole("room_days", "Days that it may slip before the next step must.", "days"),
    ),
)
LIMITS = Shape(
    "limits",
    "A limit that holds the plan back in one period.",
    (
        _text(
            "what",
            "Kind of limit: capacity, people, supplier, lane, licence, allocation, storage, material (nothing can bring it yet), money, origin, work-share, sourcing or task.",
            audited=False,
        ),
        _text("family", "Constraint family of the limit, as the formulation calls it.", audited=False),
        _text("name", "Resource, offer, lane, site, item or task that is short.", audited=False),
        _date("period_start", "First day of the period.", audited=False),
        _text("stage", "The objective it holds back: a class and certainty, or cost.", audited=False),
        _units(
            "worth",
            "What one more unit of the limit takes off that objective at most (weighted unit-days, or money).",
            "per unit of the limit",
            audited=False,
        ),
        _text("unit", "Unit of the limit.", audited=False),
        _whole(
            "demands_hurt",
            "Demands of the class, late or lost and due from this period's start on, whose item depends on it (0 for cost).",
            "demands",
            audited=False,
        ),
    ),
)
COSTS = Shape(
    "costs",
    "A term of the cost.",
    (
        _text("term", "Name of the term."),
        Field("decided", Type.FLAG, "The plan decides it; no: it is given."),
        _money("amount", "Sum over the plan, undiscounted."),
        _money("present_amount", "Sum over the plan, discounted to its start."),
    ),
)
SHAPES = (
    CLASSES, CLASS_COSTS, SHARING, DELIVERIES, DEMAND_SUMMARY, PURCHASES, PRODUCTION, MOVES, STOCK, STOCK_TARGETS, LOAD, LEARNING, INVESTMENTS, SHIFTS, PEOPLE,
    OPTIONS, QUALIFICATIONS, LICENCES, ORIGIN, ORIGIN_PARTS, MATERIALS, RULE_COSTS, WORK_SHARE, SOURCING, SOURCING_RULES, TASKS, CRITICAL_PATH, LIMITS, COSTS, CASH, FUNDING, SPENDING,
)  # fmt: skip
