"""The shop: processes in lots, what they use and hold, set-ups, hours of calendars, and orders that are given.

What these words mean stands in docs/scheduling.md; `schedule` reads them, `plan` does not.
"""

from __future__ import annotations

from datetime import datetime as Moment

from tandemplan.model.schema.columns import Row, choice, flag, integer, key, listing, moment, number, ref, row, text

MAKE, BUY, MOVE, DELIVER = "make", "buy", "move", "deliver"


@row("processes", "shop")
class Process(Row):
    """A way to make, buy, move or deliver an item in lots: one order of it is one lot."""

    process: str = key("Name of the process.")
    kind: str = choice("What it does with its item.", MAKE, BUY, MOVE, DELIVER, default=MAKE)
    item: str = ref(
        "Item of its lot: one unit is made at `site` at the end for each unit of the lot (used at the start where it "
        "delivers), unless a row of `process_flows` makes (uses) the item there. Blank: its flows say all.",
        to="items",
    )
    site: str = ref(
        "Site where it happens, or to which it moves or buys; blank in a programme without sites.", to="sites"
    )
    from_site: str = ref(
        "Site from which it moves: one unit of the item is used there at the start, unless a flow says so.", to="sites"
    )
    supplier: str = ref("Supplier it is bought from.", to="suppliers")
    part_of: str = ref("Route whose step it is; the lot of the route is that of its steps.", to="processes")
    step: int = integer("Place among the steps of its route.", unit="step", default=10, low=0)
    fixed_hours: float = number(
        "Working time of a lot; the lead time of what is bought.", unit="hours", default=0.0, low=0
    )
    unit_hours: float = number("Working time of each unit, on top.", unit="hours", default=0.0, low=0)
    minimum_units: float = number("Smallest lot.", unit="units", default=0.0, low=0)
    minimum_calendar: str = ref(
        "Smallest lot by the moment of its end, instead of `minimum_units`.", to="calendar_hours"
    )
    multiple_units: float = number("Lots are multiples of this; 0: of any size.", unit="units", default=0.0, low=0)
    most_units: float | None = number("Largest lot; more is several orders.", unit="units", above=0)
    rank: int = integer(
        "Order of preference among the ways to one item, 1 first; 0: only followed where an order is given.",
        unit="rank",
        default=1,
        low=0,
    )
    cost: float = number("Cost of a lot.", unit="money", default=0.0, low=0)
    unit_cost: float = number("Cost of each unit, on top.", unit="money", default=0.0, low=0)
    from_moment: Moment | None = moment("Orders end at or after this; blank is always.")
    to_moment: Moment | None = moment("Orders end at or before this; blank is always.")
    fence_hours: float = number(
        "Hours after the start of the schedule before which no new order starts.", unit="hours", default=0.0, low=0
    )
    wait_hours: float = number(
        "Hours after its end before what it made is used; given up where demand would be late.",
        unit="hours",
        default=0.0,
        low=0,
    )
    hold_hours: float = number(
        "Hours after its end before what it made may be used, always kept.", unit="hours", default=0.0, low=0
    )
    batch_hours: float = number(
        "Hours within which lots for several needs are made as one.", unit="hours", default=0.0, low=0
    )
    hours_calendar: str = ref(
        "Its own working time, besides that of its site and stations; blank is always.", to="calendar_hours"
    )


@row("process_flows", "shop")
class ProcessFlow(Row):
    """What a process makes (above 0) or uses (below 0) of an item."""

    process: str = key("Process.", to="processes")
    item: str = key("Item.", to="items")
    site: str = key("Where it lies; blank is the site of the process.", to="sites", blank=True)
    when: str = choice("Moment of the order at which it happens.", "start", "end", default="start", as_key=True)
    line: int = integer("Tells rows apart that are else the same.", unit="line", default=1, low=1, as_key=True)
    unit_units: float = number("Units for each unit of the lot.", unit="units", default=0.0)
    fixed_units: float = number("Units for each lot, on top.", unit="units", default=0.0)
    offset_hours: float = number("Hours after that moment (below 0: before it).", unit="hours", default=0.0)
    transfer_units: float = number(
        "Passed on in so many units at a time, spread evenly over the order's working time; 0: all at once.",
        unit="units",
        default=0.0,
        low=0,
    )
    from_moment: Moment | None = moment("In force from this moment of the flow on; blank is always.")
    to_moment: Moment | None = moment("In force before this moment of the flow; blank is always.")
    choice: str = text("Flows of one choice are alternatives, of which an order has one.")
    rank: int = integer("Order of preference in a choice, 1 first; 0: never.", unit="rank", default=1, low=0)


@row("process_loads", "shop")
class ProcessLoad(Row):
    """Stations of a work centre that a process holds from its start to its end, or what it uses of a bucket."""

    process: str = key("Process.", to="processes")
    work_centre: str = key("Work centre, or a pool, of which one member is chosen.", to="work_centres")
    line: int = integer("Tells rows apart that are else the same.", unit="line", default=1, low=1, as_key=True)
    stations: float = number(
        "Stations held; nothing of a work centre that counts buckets.", unit="stations", default=1.0, low=0
    )
    fixed_units: float = number(
        "Used by a lot of the bucket in which it starts, where the work centre counts buckets.",
        unit="units of work",
        default=0.0,
        low=0,
    )
    unit_units: float = number("Used by each unit of the lot, on top.", unit="units of work", default=0.0, low=0)
    skill: str = text("Skill that the member of the pool must have (`work_centre_skills`).")
    set_up: str = text("Set-up that the station is in; blank leaves the one that is there.")
    from_moment: Moment | None = moment("In force for orders that start at or after this; blank is always.")
    to_moment: Moment | None = moment("In force for orders that start before this; blank is always.")
    choice: str = text("Loads of one choice are alternatives, of which an order has one.")
    rank: int = integer("Order of preference in a choice, 1 first; 0: never.", unit="rank", default=1, low=0)
    held: bool = flag("A tool: the same member through all steps of the route, from its first start to its last end.")


@row("process_waits", "shop")
class ProcessWait(Row):
    """An order of a process waits until orders of another have made enough for it."""

    process: str = key("Process that waits.", to="processes")
    waits_for: str = key("Process that it waits for.", to="processes")
    quantity_units: float = number(
        "Units of the other's lots that each unit of its own lot uses up.", unit="units", default=1.0, low=0
    )
    hold_hours: float = number("Hours from the other's end to its start, at least.", unit="hours", default=0.0, low=0)


@row("set_ups", "shop")
class SetUp(Row):
    """A rule of a set-up matrix: what a change takes; the first rule that fits holds, and without one it may not be."""

    matrix: str = key("Set-up matrix; several rows make one.")
    rank: int = integer("Order in which rules are tried.", unit="rank", default=1, low=0, as_key=True)
    from_set_up: str = text("Set-up before: a regular expression of the whole name; blank is any.")
    to_set_up: str = text("Set-up after: a regular expression of the whole name; blank is any.")
    hours: float = number("Working time of the change.", unit="hours", default=0.0, low=0)
    cost: float = number("Cost of the change.", unit="money", default=0.0, low=0)


@row("work_centre_skills", "shop")
class WorkCentreSkill(Row):
    """A skill that a member of a pool has."""

    work_centre: str = key("Member of the pool.", to="work_centres")
    skill: str = key("Skill that loads ask for.")
    rank: int = integer("Order of preference among members, 1 first; 0: never.", unit="rank", default=1, low=0)
    from_moment: Moment | None = moment("First moment of orders that it may start; blank is always.")
    to_moment: Moment | None = moment("Orders start before this; blank is always.")


@row("calendar_hours", "shop")
class CalendarHours(Row):
    """A rule of a calendar by the hour: the value at a moment is that of the rule in force with the lowest rank."""

    calendar: str = key("Name of the calendar; several rows make one.")
    rank: int | None = integer(
        "Lower ranks go before; blank: the value where no rule is in force (0 without such a row).",
        unit="rank",
        low=-1_000_000,
        as_key=True,
    )
    from_moment: Moment | None = moment("First moment of the rule; blank is always.")
    to_moment: Moment | None = moment("The rule ends before this; blank is never.")
    weekdays: tuple[str, ...] = listing("Weekdays on which it holds: Mon;Tue;Wed;Thu;Fri;Sat;Sun. Blank is all.")
    from_time: str = text("Time of day from which it holds, such as 06:00; blank is midnight.")
    to_time: str = text("Time of day until which it holds, such as 14:30; blank is 24:00.")
    value: float = number(
        "Value: above 0 is open, or stations, units, or a share, as the column that names the calendar says.",
        unit="value",
        default=1.0,
    )


@row("process_orders", "shop")
class ProcessOrder(Row):
    """An order that is given: under way, or agreed."""

    order: str = key("Name of the order.")
    process: str = ref("Process that it is an order of.", to="processes", required=True)
    status: str = choice(
        "`confirmed`: it happens as it stands; `approved`: it happens, and may be later.",
        "confirmed",
        "approved",
        default="confirmed",
    )
    quantity_units: float = number("Size of its lot.", unit="units", required=True, low=0)
    start: Moment | None = moment("When it starts; blank follows from the end.")
    end: Moment | None = moment("When it ends; blank follows from the start.")
    part_of: str = ref("Order of the route that it is a step of.", to="process_orders")
    demand: str = ref("Demand that it is for.", to="demands")
    work_centres: tuple[str, ...] = listing(
        "Stations it is on, members of pools; blank: the first of each.", to="work_centres"
    )
