"""Buying: suppliers, offers, orders already under way."""

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

DISTRIBUTIONS = (
    "constant",
    "uniform",
    "triangular",
    "pert",
    "normal",
    "lognormal",
    "gamma",
    "weibull",
    "exponential",
)


@row("suppliers", "buying")
class Supplier(Row):
    """A company that sells to the programme."""

    supplier: str = key("Name of the supplier.")
    name: str = text("Full name.")
    partner: str = ref(
        "Partner of the venture it belongs to; blank: none, but what it sends is work of the only partner of its country.",
        to="partners",
    )
    country: str = ref("Country it ships from.", to="countries")
    groups: tuple[str, ...] = listing("Groups that rules and risks speak of.")
    prepayment_share: float = number(
        "Share of the price that is paid with the order.", unit="share", default=0.0, low=0, high=1
    )
    payment_days: float = number("Days from receipt to payment of the rest.", unit="days", default=0.0, low=0)
    recover_days: float | None = number("Days until it supplies again after a loss.", unit="days", low=0)
    quality_system: str = text("Quality system it is certified to.")
    end_use_statement: bool = flag("It asks for an end-use statement.")


@row("offers", "buying")
class Offer(Row):
    """A supplier sells an item."""

    offer: str = key("Name of the offer.")
    supplier: str = ref("Who sells.", to="suppliers")
    item: str = ref("What is sold.", to="items", required=True)
    site: str = ref("Site it is delivered to by the supplier; blank: it travels on lanes.", to="sites")
    rank: int = integer("Order of preference; 1 is first.", unit="rank", default=1, low=1)
    unit_price: float = number("Price of one accepted unit.", unit="money", default=0.0, low=0)
    price_breaks: tuple[str, ...] = listing("Lower prices from a quantity on, written `quantity:price`.")
    origin_country: str = ref("Country the goods originate in; blank is the supplier's.", to="countries")
    third_country_share: float | None = number(
        "Share of the price that comes from outside the eligible group; blank follows the origin country.",
        unit="share",
        low=0,
        high=1,
    )
    minimum_order_units: float = number("Smallest order.", unit="units", default=0.0, low=0)
    order_multiple_units: float = number("Orders are multiples of this.", unit="units", default=0.0, low=0)
    lead_days: float = number("Mean days from order to dispatch, without transit.", unit="days", default=0.0, low=0)
    lead_sd_days: float = number("Standard deviation of those days.", unit="days", default=0.0, low=0)
    lead_distribution: str = choice("Shape of the lead time.", *DISTRIBUTIONS, default="lognormal")
    capacity_units_per_week: float | None = number(
        "Most units received in a week; blank is unlimited.", unit="units per week", low=0
    )
    acceptance_share: float = number(
        "Share of units that is accepted; the rest is not paid.", unit="share", default=1.0, above=0, high=1
    )
    qualified: bool = flag("It may be bought from at the start.", default=True)
    qualification_days: float = number(
        "Days to qualify it: from the start, or where it costs something from when the plan decides.",
        unit="days",
        default=0.0,
        low=0,
    )
    qualification_cost: float = number(
        "Cost to qualify it; where there is one, the plan decides whether and when.", unit="money", default=0.0, low=0
    )
    from_date: Date | None = day("First day on which it can be ordered.")
    to_date: Date | None = day("Last day on which it can be ordered.")
    opens_after: tuple[str, ...] = opens_after()


@row("open_orders", "buying")
class OpenOrder(Row):
    """What is already under way at the start."""

    order: str = key("Name of the order.")
    kind: str = choice("What it is.", "purchase", "make", "move", default="purchase")
    status: str = choice(
        "`firm` stays as it is; `movable` may be moved by who placed it (no plan moves it); `pinned` is a planner's own decision.",
        "firm",
        "movable",
        "pinned",
        default="firm",
    )
    replaces: str = text(
        "Purchase of the plan before, by its order, that comes otherwise than planned; a re-plan counts this row for it."
    )
    offer: str = ref("Offer it was bought from.", to="offers")
    lane: str = ref("Lane it travels on.", to="lanes")
    item: str = ref("Item that arrives.", to="items", required=True)
    site: str = ref("Site it arrives at; blank in a programme without sites.", to="sites")
    quantity_units: float = number("Units that arrive.", unit="units", required=True, above=0)
    promised: Date | None = day("Day on which they arrive; a day before the start is due at once.", required=True)
    unit_price: float | None = number("Price agreed for one unit; blank is the offer's.", unit="money", low=0)
    paid_amount: float = number("Already paid.", unit="money", default=0.0, low=0)
