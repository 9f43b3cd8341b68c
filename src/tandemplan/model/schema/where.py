"""Where and who: countries, partners, customers, sites, calendars."""

from __future__ import annotations

from datetime import date as Date

from tandemplan.model.schema.columns import (
    Row,
    choice,
    day,
    flag,
    integer,
    key,
    listing,
    number,
    opens_after,
    ref,
    row,
    text,
)


@row("countries", "where, who")
class Country(Row):
    """A country, and the groups that rules speak of."""

    country: str = key("Short name of the country.")
    name: str = text("Full name.")
    groups: tuple[str, ...] = listing("Groups it belongs to, such as EU, EEA, NATO, eligible, own.")
    export_control_exposure: int = integer(
        "How much its export controls may hold up supply.", unit="grade", default=0, low=0, high=3
    )


@row("partners", "where, who")
class Partner(Row):
    """A member of the venture."""

    partner: str = key("Name of the partner.")
    name: str = text("Full name.")
    role: str = text("What the partner does in the venture.")
    country: str = ref("Home country.", to="countries")
    cost_share: float | None = number("Agreed share of the cost.", unit="share", low=0, high=1)
    work_share: float | None = number("Agreed share of the value added.", unit="share", low=0, high=1)
    work_share_band: float | None = number(
        "How far the work-share may lie from its target, up or down.", unit="share", low=0, high=1
    )
    reexport_consent: bool = flag("Its written consent is needed before output goes on to third parties.")


@row("customers", "where, who")
class Customer(Row):
    """Who receives the output."""

    customer: str = key("Name of the customer.")
    name: str = text("Full name.")
    country: str = ref("Country of the customer.", to="countries")
    groups: tuple[str, ...] = listing("Groups of customers, such as host or EU.")
    demand_class: int = integer("Order of service: class 1 is served before class 2.", unit="rank", default=1, low=1)
    fair_share: float | None = number(
        "Agreed share inside the class: its weight in fair sharing.", unit="share", low=0, high=1
    )
    fill_rate_share: float | None = number("Share of demand that should be met on time.", unit="share", low=0, high=1)


@row("sites", "where, who")
class Site(Row):
    """A plant, warehouse, base or handover point."""

    site: str = key("Name of the site.")
    name: str = text("Full name.")
    kind: str = choice(
        "What the site is.", "plant", "component plant", "warehouse", "delivery base", "handover", default="plant"
    )
    partner: str = ref("Partner that runs it.", to="partners")
    country: str = ref("Country it lies in.", to="countries")
    latitude_deg: float | None = number("Latitude.", unit="degrees north", low=-90, high=90)
    longitude_deg: float | None = number("Longitude.", unit="degrees east", low=-180, high=180)
    storage_m3: float | None = number("Room for stock; blank is unlimited.", unit="m3", low=0)
    hazard_storage_kg: float | None = number("Room for hazardous stock; blank is unlimited.", unit="kg", low=0)
    receiving_lines_per_week: float | None = number(
        "Order lines that can be received in a week; blank is unlimited.", unit="lines per week", low=0
    )
    calendar: str = ref("Working time of the site; blank is every day.", to="calendars")
    hours_calendar: str = ref("Working time of the site by the hour, in schedules.", to="calendar_hours")
    opens_after: tuple[str, ...] = opens_after()


@row("calendars", "where, who")
class CalendarRow(Row):
    """One rule of a calendar: a weekly pattern, a dated exception, or a dated factor."""

    calendar: str = key("Name of the calendar; several rows make one calendar.")
    kind: str = choice(
        "`week`: the weekdays that are worked; `exception`: these days are worked at `factor` (0: closed) whatever the "
        "weekly pattern says; `factor`: hours on these days are multiplied by `factor`.",
        "week",
        "exception",
        "factor",
        default="week",
        as_key=True,
    )
    from_date: Date | None = day("First day of the rule; blank is always.", as_key=True)
    to_date: Date | None = day("Last day of the rule; blank is always.")
    weekdays: tuple[str, ...] = listing("Worked weekdays of a `week` row: Mon;Tue;Wed;Thu;Fri;Sat;Sun. Blank is all.")
    factor: float = number("Share of a full day's hours that is worked.", unit="factor", default=1.0, low=0)
