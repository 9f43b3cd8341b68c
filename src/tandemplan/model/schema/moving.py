"""Moving: lanes, crossings, licences."""

from __future__ import annotations

from tandemplan.model.schema.columns import Row, choice, flag, key, listing, number, opens_after, ref, row, text

PLACES = ("sites", "countries", "suppliers")


@row("lanes", "moving")
class Lane(Row):
    """A way from a site, country or supplier to a site."""

    lane: str = key("Name of the lane.")
    from_place: str = ref("Site, country or supplier where it starts.", to=PLACES, required=True)
    to_site: str = ref("Site where it ends.", to="sites", required=True)
    mode: str = text("How goods travel, such as road, rail, sea, air.")
    transit_days: float = number("Mean days under way, without the crossing.", unit="days", default=0.0, low=0)
    transit_sd_days: float = number("Standard deviation of those days.", unit="days", default=0.0, low=0)
    kg_cost: float = number("Cost to carry one kilogram.", unit="money per kg", default=0.0, low=0)
    shipment_cost: float = number("Cost of one shipment, whatever it weighs.", unit="money", default=0.0, low=0)
    capacity_kg_per_week: float | None = number(
        "Most that leaves in a week; blank is unlimited.", unit="kg per week", low=0
    )
    crossing: str = ref("Border crossing on the way.", to="crossings")
    hazard_allowed: bool = flag("Hazardous items may travel on it.", default=True)
    distance_km: float | None = number("Length of the way.", unit="km", low=0)
    opens_after: tuple[str, ...] = opens_after()


@row("crossings", "moving")
class Crossing(Row):
    """A border point that lanes pass."""

    crossing: str = key("Name of the crossing.")
    name: str = text("Full name.")
    delay_hours: float = number("Mean hours of waiting.", unit="hours", default=0.0, low=0)
    delay_sd_hours: float = number("Standard deviation of those hours.", unit="hours", default=0.0, low=0)
    closures_per_year: float = number("Closures expected in a year.", unit="per year", default=0.0, low=0)
    closure_days: float | None = number("Mean days of a closure.", unit="days", above=0)
    closure_sd_days: float | None = number("Standard deviation of those days.", unit="days", low=0)


@row("licences", "moving")
class Licence(Row):
    """A permission without which covered items do not travel."""

    licence: str = key("Name of the licence.")
    name: str = text("Full name.")
    kind: str = choice(
        "`standing`: obtained once by a task; `per order`: applied for with each purchase, whose lead it lengthens.",
        "standing",
        "per order",
        default="standing",
    )
    country: str = ref("Country that issues it.", to="countries")
    licence_type: str = text("What kind of permission it is, in the law's words.")
    task: str = ref("Task that obtains a standing licence.", to="tasks")
    items: tuple[str, ...] = listing("Items it covers.", to="items")
    from_places: tuple[str, ...] = listing(
        "Sites, countries or suppliers it covers; a country covers its sites.", to=PLACES
    )
    to_places: tuple[str, ...] = listing("Sites or countries it covers; a country covers its sites.", to=PLACES)
    processing_days: float = number("Mean days from application to licence.", unit="days", default=0.0, low=0)
    processing_sd_days: float = number("Standard deviation of those days.", unit="days", default=0.0, low=0)
    validity_days: float | None = number("Days it is valid; blank is for ever.", unit="days", above=0)
    renewable: bool = flag(
        "A standing licence is renewed before its end; if not, what it covers stays where it is from then on.",
        default=True,
    )
    renewal_lead_days: float | None = number(
        "Days before its end at which renewal is asked for; blank: as many as it takes, `processing_days`.",
        unit="days",
        low=0,
    )
    cap_units: float | None = number(
        "Most units that go under it while it is valid, one time (a standing licence) or in one order; blank is unlimited.",
        unit="units",
        low=0,
    )
    reexport_consent: bool = flag(
        "Covered goods, and what is made of them, cross further borders with the consent of `country` alone."
    )
