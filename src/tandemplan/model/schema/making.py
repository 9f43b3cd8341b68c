"""Making: operations, work centres, skills, shift patterns, tools."""

from __future__ import annotations

from datetime import date as Date

from tandemplan.model.schema.columns import (
    Row,
    choice,
    day,
    flag,
    integer,
    key,
    number,
    opens_after,
    ref,
    row,
    text,
)


@row("operations", "making")
class Operation(Row):
    """One step of work on an item at a site: when it is made, received or delivered."""

    item: str = key("Item that is worked on.", to="items")
    site: str = key("Site where the work is done; blank in a programme without sites.", to="sites", blank=True)
    when: str = choice(
        "When the step happens: as the item is made, received from a supplier, or delivered to a customer.",
        "make",
        "receive",
        "deliver",
        default="make",
        as_key=True,
    )
    alternative: str = key("Bill of material it belongs to; blank is every bill without a row of its own.", blank=True)
    step: int = integer("Place in the order of steps.", unit="step", default=10, low=1, as_key=True)
    work_centre: str = ref("Work centre whose hours it takes.", to="work_centres")
    skill: str = ref("Skill whose hours it takes.", to="skills")
    tool: str = ref("Tool whose hours it takes.", to="tools")
    tool_hours: float = number("Tool hours of one unit.", unit="hours", default=0.0, low=0)
    setup_hours: float = number("Hours of one set-up, per lot.", unit="hours", default=0.0, low=0)
    setup_cost: float = number("Cost of one set-up, per lot.", unit="money", default=0.0, low=0)
    lot_units: float | None = number(
        "Units in a usual lot, over which a set-up is spread; blank: a lot is whatever is started in one period.",
        unit="units",
        above=0,
    )
    first_unit_hours: float | None = number("Hours of the first unit; blank is the plateau.", unit="hours", low=0)
    plateau_hours: float = number("Hours of one unit when learning is complete.", unit="hours", default=0.0, low=0)
    learning_slope: float = number(
        "Share of hours left after each doubling of units made (1: no learning).",
        unit="share",
        default=1.0,
        above=0,
        high=1,
    )
    learning_curve: str = choice(
        "What falls along the curve: the hours of each unit (Crawford), or the mean of all units so far (Wright).",
        "unit",
        "cumulative average",
        default="unit",
    )
    experience_units: float = number(
        "Units made before the start, elsewhere included.", unit="units", default=0.0, low=0
    )
    learns_with: str = text("Name shared by operations that learn together.")
    hours_cv: float = number(
        "Standard deviation of the hours of one unit over their mean.", unit="share", default=0.0, low=0
    )
    yield_start_share: float | None = number(
        "First-pass yield of the first unit; blank is the mature yield.", unit="share", above=0, high=1
    )
    yield_mature_share: float = number("First-pass yield when mature.", unit="share", default=1.0, above=0, high=1)
    yield_learning_units: float | None = number("Units in which the yield's gap falls to 1/e.", unit="units", above=0)
    rework_share: float = number(
        "Share of rejects that is reworked; the rest is scrapped.", unit="share", default=0.0, low=0, high=1
    )
    rework_hours: float = number("Hours to rework one unit.", unit="hours", default=0.0, low=0)
    transfer: bool = flag("The step starts when the step before has passed its lot on.")
    minimum_lot_units: float = number(
        "Smallest lot that is started: units started on the route in a period.", unit="units", default=0.0, low=0
    )
    lot_multiple_units: float = number(
        "Lots are multiples of this: units started on the route in a period.", unit="units", default=0.0, low=0
    )
    open_share: float = number(
        "Share of the usual output that is let through; a stop sets it to 0.", unit="share", default=1.0, low=0, high=1
    )
    opens_after: tuple[str, ...] = opens_after()


@row("work_centres", "making")
class WorkCentre(Row):
    """Stations of one kind at one site."""

    work_centre: str = key("Name of the work centre.")
    site: str = ref("Site it stands at; blank in a programme without sites.", to="sites")
    name: str = text("Full name.")
    stations: float = number("Stations present.", unit="stations", default=1.0, low=0)
    most_stations: float | None = number("Most stations there may ever be.", unit="stations", low=0)
    station_price: float = number("Price of one more station.", unit="money", default=0.0, low=0)
    station_lead_days: float = number("Days from order to use of one more station.", unit="days", default=0.0, low=0)
    availability_share: float = number(
        "Share of open hours that a station is fit to work.", unit="share", default=1.0, low=0, high=1
    )
    repair_hours: float | None = number("Mean hours to repair a breakdown.", unit="hours", above=0)
    most_shifts: float | None = number("Most shifts a day that count here; blank is no limit.", unit="shifts", low=0)
    shift_pattern: str = ref(
        "Shift pattern in force; blank is round the clock, 24 hours every day.", to="shift_patterns"
    )
    calendar: str = ref("Calendar of its own, on top of the site's.", to="calendars")
    hours_calendar: str = ref("Its own working time by the hour, in schedules.", to="calendar_hours")
    pool: str = ref("Pool that it is a member of: a work centre that only stands for its members.", to="work_centres")
    counts: str = choice(
        "What a schedule counts: stations that are held, or units of work in buckets, the rules of `stations_calendar`.",
        "stations",
        "buckets",
        default="stations",
    )
    stations_calendar: str = ref(
        "Stations by the hour, or units of work in each bucket, instead of `stations`.", to="calendar_hours"
    )
    efficiency_share: float = number(
        "Speed: times of processes in schedules are divided by it.", unit="share", default=1.0, above=0
    )
    efficiency_calendar: str = ref("Speed by the moment of the start, instead.", to="calendar_hours")
    set_up_matrix: str = ref("What changes of its set-up take.", to="set_ups")
    set_up: str = text("Set-up at first; blank is none.")
    early_hours: float | None = number(
        "Hours before its need by which an order may hold it at most; blank is any.", unit="hours", low=0
    )
    hour_cost: float = number("Cost of a station for an hour of work.", unit="money", default=0.0, low=0)
    opens_after: tuple[str, ...] = opens_after()


@row("skills", "making")
class Skill(Row):
    """People of one trade at one site."""

    skill: str = key("Name of the skill.")
    site: str = ref("Site the people work at; blank in a programme without sites.", to="sites")
    name: str = text("Full name.")
    headcount: float = number("People present and productive at the start.", unit="people", default=0.0, low=0)
    most_headcount: float | None = number("Most people there may ever be.", unit="people", low=0)
    hours_per_week: float = number(
        "Productive hours of one person in a full week.", unit="hours per week", default=40.0, low=0, high=168
    )
    overtime_hours_per_week: float = number(
        "Most extra hours of one person in a week.", unit="hours per week", default=0.0, low=0, high=168
    )
    overtime_premium_share: float = number(
        "Extra pay for overtime, over the hourly cost.", unit="share", default=0.5, low=0
    )
    hires_per_week: float = number("Most people hired in a week.", unit="people per week", default=0.0, low=0)
    recruit_days: float = number("Days from decision to first day at work.", unit="days", default=0.0, low=0)
    training_days: float = number(
        "Days of training before a hire is fully productive.", unit="days", default=0.0, low=0
    )
    training_output_share: float = number(
        "Output of a trainee, over a trained person's.", unit="share", default=1.0, low=0, high=1
    )
    trainees_per_trainer: float | None = number(
        "Most trainees that one trained person can teach.", unit="people", above=0
    )
    attrition_per_year: float = number(
        "Share of the people who leave in a year.", unit="share per year", default=0.0, low=0, high=1
    )
    hour_cost: float = number("Cost of one paid hour.", unit="money per hour", default=0.0, low=0)
    training_cost: float = number("Cost of training one person.", unit="money per person", default=0.0, low=0)
    shift_pattern: str = ref("Shift pattern whose premium is paid.", to="shift_patterns")
    calendar: str = ref("Calendar of its own, on top of the site's.", to="calendars")
    opens_after: tuple[str, ...] = opens_after()


@row("shift_patterns", "making")
class ShiftPattern(Row):
    """Hours that a site can choose to work."""

    shift_pattern: str = key("Name of the pattern.")
    site: str = ref("Site that may choose it; blank is every site.", to="sites")
    name: str = text("Full name.")
    shifts_per_day: float = number("Shifts on a worked day.", unit="shifts", default=1.0, low=0, high=24)
    days_per_week: int = integer(
        "Worked days of a week, counted from Monday.", unit="days per week", default=5, low=0, high=7
    )
    hours_per_shift: float = number("Hours of one shift.", unit="hours", default=8.0, low=0, high=24)
    premium_share: float = number(
        "Extra pay under this pattern, over the hourly cost.", unit="share", default=0.0, low=0
    )
    notice_days: float = number("Days from the decision to the first day.", unit="days", default=0.0, low=0)
    shortest_stay_days: float = number("Fewest days the pattern is kept.", unit="days", default=0.0, low=0)
    earliest: Date | None = day("First day on which it may be worked.")


@row("tools", "making")
class Tool(Row):
    """Limited fixtures, moulds or jigs of one kind."""

    tool: str = key("Name of the tool.")
    site: str = ref("Site it is used at; blank in a programme without sites, or at a supplier.", to="sites")
    name: str = text("Full name.")
    supplier: str = ref("Supplier that holds it, when it is not at a site.", to="suppliers")
    item: str = ref("Item that is made with it, when it is at a supplier.", to="items")
    work_centre: str = ref("Work centre it is used at; its open hours are the tool's.", to="work_centres")
    sets: float = number("Sets present.", unit="sets", default=1.0, low=0)
    most_sets: float | None = number("Most sets there may ever be.", unit="sets", low=0)
    set_price: float = number("Price of one more set.", unit="money", default=0.0, low=0)
    unit_hours: float | None = number("Hours of one unit on a tool held by a supplier.", unit="hours", low=0)
    lead_days: float = number("Mean days from order to use of one more set.", unit="days", default=0.0, low=0)
    lead_sd_days: float = number("Standard deviation of those days.", unit="days", default=0.0, low=0)
    opens_after: tuple[str, ...] = opens_after()
