"""For whom, and stock: contracts, demands, stock on hand, stock policies."""

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


@row("contracts", "for whom")
class Contract(Row):
    """A customer's line for one item."""

    contract: str = key("Name of the contract line.")
    customer: str = ref("Who buys.", to="customers", required=True)
    item: str = ref("What is bought.", to="items", required=True)
    total_units: float | None = number("Units agreed in all.", unit="units", low=0)
    unit_price: float = number("Price of one unit.", unit="money", default=0.0, low=0)
    advance_share: float = number(
        "Share of the price that is paid in advance.", unit="share", default=0.0, low=0, high=1
    )
    advance_date: Date | None = day("Day of the advance.")
    payment_days: float = number("Days from delivery to payment.", unit="days", default=0.0, low=0)
    damages_per_week_share: float = number(
        "Damages for each week of delay, over the price.", unit="share per week", default=0.0, low=0
    )
    damages_cap_share: float = number("Most damages, over the price.", unit="share", default=1.0, low=0)
    certainty: str = choice("How sure the demand is.", "firm", "option", "forecast", default="firm")
    probability: float = number(
        "Probability that the option is taken or the forecast comes.", unit="probability", default=1.0, low=0, high=1
    )
    quantity_cv: float = number("Standard deviation of quantities over their mean.", unit="share", default=0.0, low=0)
    pool: str = text("Funding pool that pays; blank: the customer is not limited by funding.")
    codification: bool = flag("Deliveries wait for codification.")
    acceptance: bool = flag("Deliveries wait for government quality assurance.")
    reexport_consent: bool = flag("Deliveries wait for consent to re-export.")
    opens_after: tuple[str, ...] = opens_after()


@row("demands", "for whom")
class Demand(Row):
    """One dated delivery that is asked for."""

    demand: str = key("Name of the demand.")
    contract: str = ref("Contract it belongs to.", to="contracts")
    customer: str = ref("Who receives; blank is the contract's customer.", to="customers")
    site: str = ref("Site it is delivered at; blank in a programme without sites.", to="sites")
    item: str = ref("What is delivered; blank is the contract's item.", to="items")
    quantity_units: float = number("Units asked for.", unit="units", required=True, above=0)
    due: Date | None = day("Day by which they are asked for.", required=True)
    due_time: str = text("Time of that day by which a schedule has them, such as 08:00; blank is the end of the day.")
    latest: Date | None = day("Last day on which they are still wanted; blank is the end of the plan.")
    latest_time: str = text("Time of that day, for a schedule; blank is the end of the day.")
    demand_class: int | None = integer(
        "Class in a schedule, where it is not its customer's: class 1 is served before class 2.", unit="rank", low=0
    )
    processes: tuple[str, ...] = listing(
        "Processes that may deliver it in a schedule; blank: any that delivers the item at the site, or at once from stock.",
        to="processes",
    )
    weight_factor: float = number(
        "Weight of one unit late by one day, against others of its class.", unit="factor", default=1.0, low=0
    )
    minimum_shipment_units: float = number("Smallest part delivery.", unit="units", default=0.0, low=0)
    group: str = text("Demands of one group are delivered together.")
    opens_after: tuple[str, ...] = opens_after()


@row("stock", "stock")
class Stock(Row):
    """What is on hand at the start."""

    site: str = key("Where it lies; blank in a programme without sites.", to="sites", blank=True)
    item: str = key("What it is.", to="items")
    lot: str = key("Name of the lot; blank when lots are not told apart.", blank=True)
    quantity_units: float = number("Units on hand.", unit="units", required=True, low=0)
    offer: str = ref("Offer it came from; blank: standard cost, worst qualified share.", to="offers")
    expiry: Date | None = day("Last day on which it may be used.")


@row("stock_policies", "stock")
class StockPolicy(Row):
    """A soft target for the stock of one item at one site."""

    site: str = key("Where; blank in a programme without sites.", to="sites", blank=True)
    item: str = key("What.", to="items")
    safety_units: float = number("Stock that should always be left.", unit="units", default=0.0, low=0)
    safety_calendar: str = ref("That stock by the moment, instead, in schedules.", to="calendar_hours")
    safety_days: float = number("Days of coming use that the stock should cover.", unit="days", default=0.0, low=0)
    most_units: float | None = number("Stock that should not be exceeded.", unit="units", low=0)
    most_days: float | None = number("Days of coming use that the stock should not exceed.", unit="days", low=0)
