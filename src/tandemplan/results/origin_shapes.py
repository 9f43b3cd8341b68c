"""The shape of the tables of origin: certificates, and the lots that they count."""

from __future__ import annotations

from tandemplan.results.fields import Field, Shape, Type, date, maybe, money, text, units

ORIGIN = Shape(
    "origin",
    "What components from outside cost of all components inside what counted from the start to a day of evidence, against a limit.",
    (
        text("rule", "Rule of origin."),
        text("product", "Item that it limits, or item of the contract."),
        text("contract", "Contract that it limits; blank: the item, whatever the contract."),
        date("evidence", "Day by which this is to be shown: whole periods that end by then count."),
        units("units", "Units of the product that counted."),
        money("eligible_cost", "Cost of their components that is not from outside."),
        money("other_cost", "Cost of their components from outside."),
        units("share", "Share of the cost of components that is from outside (0 where nothing counted).", "share"),
        units("limit", "Most share allowed: that of the rule, or of a tranche that asks for this evidence.", "share"),
        money("margin", "What more could be spent outside in place of eligible components."),
    ),
)
ORIGIN_PARTS = Shape(
    "origin_parts",
    "Units of an item from one source that are inside what counted in a window: bought, on order or in stock (components), or made.",
    (
        date("window_end", "Last day of the window."),
        text("counts_for", "Products and contracts under rules of origin that it counts for; blank: none."),
        text("item", "Item."),
        text("kind", "purchase, open order, stock or made."),
        text("source", "Offer; open order; offer of the stock (blank: not known); or bill, as a route is printed."),
        maybe("bill_from", "Of what is made, the first day of the plan on which its bill stands as it was used."),
        units("quantity", "Units inside what counted."),
        money("unit_price", "Cost of a unit as a component (0: it is made; its components are listed)."),
        units("third_country_share", "Share of it that is from outside.", "share"),
        money("cost", "Cost."),
        money("other_cost", "Cost from outside."),
    ),
)
MATERIALS = Shape(
    "materials",
    "What the material of one unit of a product costs at least, with and without a rule of origin: by any bills and offers in any mix, and by the offers alone that are qualified on day one.",
    (
        text("rule", "Rule of origin."),
        text("product", "Item that it speaks of, or item of the contract."),
        text("contract", "Contract that it speaks of; blank: the item, whatever the contract."),
        Field("soft", Type.FLAG, "The rule is a target, not a limit."),
        units("limit", "Most share from outside that the rule allows.", "share"),
        money("cost", "Cost of the cheapest material, whatever the rule; blank: there is none.", blank=True),
        money("ruled_cost", "Cost of the cheapest that keeps the rule; blank: none does.", blank=True),
        units("least_share", "Least share of its cost from outside that any material has; blank: there is none.", "share", blank=True),
        money("day_one_cost", "Cost of the cheapest by offers qualified on day one; blank: there is none.", blank=True),
        money("day_one_ruled_cost", "Cost of the cheapest of these that keeps the rule; blank: none does.", blank=True),
        units("day_one_least_share", "Least share of these; blank: there is none.", "share", blank=True),
    ),
)  # fmt: skip
