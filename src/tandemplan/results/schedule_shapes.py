"""The shape of the tables of a schedule: orders to the second, what they hold and move, and how demands are served."""

from __future__ import annotations

from tandemplan.results.fields import Shape, date, moment, text, units, whole

ORDERS = Shape(
    "orders",
    "An order: one lot of a process; of a route, the lot as a whole and each of its steps; or a delivery at once from stock.",
    (
        text("order", "Name of the order."),
        text("process", "Process; blank: a delivery at once from stock."),
        text("kind", "make, buy, move or deliver."),
        text("item", "Item of the process."),
        text("site", "Site where it happens, or to which it moves or buys."),
        units("quantity", "Size of the lot."),
        moment("set_up_start", "When the change of set-up before it begins; its start where there is none."),
        moment("start", "When it starts; of a route, when its first step does."),
        moment("end", "When it ends; of a route, when its last step does."),
        text("part_of", "Order of the route that it is a step of."),
        text("demand", "Demand that it delivers."),
        text("status", "`new`, or `confirmed` or `approved` as given."),
    ),
)
ORDER_LOADS = Shape(
    "order_loads",
    "What an order holds of a work centre, or uses of a bucket of its calendar.",
    (
        text("order", "Order."),
        text("work_centre", "Work centre: the member where a process names a pool."),
        units(
            "stations",
            "Stations held from `start` to `end`, and while its set-up is changed; 0 of buckets.",
            "stations",
        ),
        units("used", "Used of the bucket in which it starts; 0 where stations are held.", "units of work"),
        text("set_up_before", "Set-up of the station before it; blank: none yet, or none is asked for."),
        text("set_up", "Set-up that it needs; blank leaves what is there."),
        moment("set_up_start", "When the change of set-up begins; `start` where there is none."),
        moment("start", "When the order starts; of a held tool, when the first step of its route does."),
        moment("end", "When the order ends; of a held tool, when the last step does."),
    ),
)
ORDER_FLOWS = Shape(
    "order_flows",
    "What comes to an item at a site, or leaves it, at a moment.",
    (
        text("item", "Item."),
        text("site", "Site."),
        moment("moment", "When it happens."),
        text("order", "Order; blank for stock on hand at the beginning."),
        units("quantity", "Units that come (above 0) or leave (below 0)."),
        units("stock", "Units that lie there after it."),
    ),
)
DELIVERIES = Shape(
    "deliveries",
    "A delivery of (part of) a demand at a moment.",
    (
        text("demand", "Demand that is served."),
        text("order", "Order that delivers it."),
        text("customer", "Customer of the demand, if any."),
        whole("demand_class", "Class of the demand.", "rank"),
        text("site", "Site of delivery."),
        text("item", "Item delivered."),
        units("quantity", "Units delivered."),
        moment("due", "Moment at which the demand is due."),
        moment("delivered", "Moment of delivery."),
        units("late_days", "Days after the due moment.", "days"),
    ),
)
DEMAND_SUMMARY = Shape(
    "demand_summary",
    "What becomes of one demand.",
    (
        text("demand", "Demand."),
        text("customer", "Customer, if any."),
        whole("demand_class", "Class of the demand.", "rank"),
        text("item", "Item."),
        text("site", "Site of delivery."),
        units("quantity", "Units asked for."),
        moment("due", "Due moment."),
        units("on_time", "Units delivered by the due moment."),
        units("late", "Units delivered later."),
        units("lost", "Units not delivered by the latest moment."),
        units("late_unit_days", "Days late summed over the units delivered.", "unit-days"),
        moment("last_delivery", "Moment of the last delivery; blank when there is none.", blank=True),
    ),
)
CLASSES = Shape(
    "classes",
    "How one class of demand is served. Over classes in order, first lost units, then late unit-days, are as few as the schedule could find.",
    (
        whole("demand_class", "Class, in order of service.", "rank"),
        units("demanded", "Units demanded."),
        units("on_time", "Units on time."),
        units("late", "Units late."),
        units("lost", "Units lost."),
        units("late_unit_days", "Days late summed over the units delivered.", "unit-days"),
        units("lost_bound", "No schedule loses fewer units, those before losing and waiting no less than their bounds.", audited=False),
        units("bound", "No schedule that loses so few has fewer late unit-days.", "unit-days", audited=False),
        units("gap", "(late_unit_days - bound) / max(late_unit_days, 0.1 % of the units demanded times 7 days).", "share", audited=False),
    ),
)  # fmt: skip
SCHEDULE_LOAD = Shape(
    "load",
    "Hours of a work centre in one week, or what one of its buckets holds.",
    (
        text("resource", "Work centre."),
        text("counts", "stations or buckets."),
        moment("from_moment", "Beginning of the week or bucket."),
        moment("to_moment", "End of the week or bucket."),
        units("available", "Hours of stations in open time; of a bucket, what it holds.", "hours, or units of work"),
        units("used", "Hours of stations that orders work or change set-ups; what they use of a bucket.", "hours, or units of work"),
    ),
)  # fmt: skip
TARGETS = Shape(
    "targets",
    "Of a schedule of a plan: a row of the plan, and what the schedule does of it.",
    (
        text("kind", "production, receipt, move, dispatch (of a move that arrives later) or delivery."),
        text("name", "Order of the plan; of a delivery the demand."),
        text("demand", "What it is called among the demands of the schedule."),
        text("item", "Item."),
        text("site", "Site; of a move that of arrival."),
        date("period_start", "First day of the plan's period in which it counts."),
        units("quantity", "Units that the plan starts, receives, moves or delivers."),
        moment("due", "When they are to be done: the end of the period, or of the plan's day where it moves or delivers."),
        units("in_time", "Units done by then."),
        units("late", "Units done later."),
        units("undone", "Units not done when the schedule ends."),
        moment("done", "When the last is done; blank where none is.", blank=True),
        units("waiting", "Units of late lots, or of lots not done, for which goods came after the period began, or never.", audited=False),
        text("waited_for", "Item that most of these waited for; blank: none.", audited=False),
        text("tightest", "Of the resources that it takes hours of, the one that the plan uses most in the period; blank where it takes none.", audited=False),
    ),
)  # fmt: skip
CAPACITY_FACTORS = Shape(
    "capacity_factors",
    "Of a schedule of a plan: a work centre, skill or tool in a period of the plan, and how far the plan was too hopeful there.",
    (
        text("resource", "Work centre, skill or tool."),
        text("kind", "work centre, skill or tool."),
        text("site", "Site."),
        date("period_start", "First day of the period."),
        units("available_hours", "Hours of its shifts in the schedule.", "hours"),
        units("planned_hours", "Hours of what the plan makes, receives and delivers in the period.", "hours"),
        units("late_hours", "Hours of these whose work is not done when the period ends.", "hours"),
        units("waiting_hours", "Hours of these whose work waited for goods.", "hours", audited=False),
        units(
            "behind_hours",
            "Hours by which work for which it is tightest is farther behind at the end of the period than at its beginning, less those that wait for goods then.",
            "hours",
        ),
        units("factor", "Share of the hours that leaves what was done in time: (planned - behind) / available; 1 where nothing is behind.", "share"),
    ),
)  # fmt: skip
NEAR_SHAPES = (TARGETS, CAPACITY_FACTORS)
SCHEDULE_SHAPES = (
    CLASSES,
    DELIVERIES,
    DEMAND_SUMMARY,
    ORDERS,
    ORDER_LOADS,
    ORDER_FLOWS,
    SCHEDULE_LOAD,
    TARGETS,
    CAPACITY_FACTORS,
)
