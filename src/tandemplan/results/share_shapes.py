"""The shape of the result tables of shares: value added by partner, what is bought from whom, and the rules on both."""

from __future__ import annotations

from tandemplan.results.fields import Field, Shape, Type, money, text, units

WORK_SHARE = Shape(
    "work_share",
    "What a partner adds to the value of the whole plan, and its share in what all partners add, against a rule.",
    (
        text("partner", "Partner."),
        text("rule", "Rule that limits its share; blank: none does."),
        money("wages", "Pay of the people at its sites, hires included, without overtime and premiums of shifts."),
        money("overhead", "Costs at its sites, capex apart, and training of hires there."),
        money("content", "Price of what its suppliers send, less what is from outside."),
        money("value_added", "Wages, overhead and content."),
        units("share", "Its part of what all partners add (0 where they add nothing).", "share"),
        units("low", "Least share that the rule wants.", "share"),
        units("high", "Most share that the rule wants.", "share"),
        money(
            "margin",
            "What its value added is inside the nearer end of the band, 0 and 1 being none; below 0: outside; 0 without a band.",
        ),
        Field("soft", Type.FLAG, "The rule is a target, not a limit."),
    ),
)
SOURCING = Shape(
    "sourcing",
    "What is bought by one offer over the whole plan.",
    (
        text("item", "Item."),
        text("supplier", "Who sells."),
        text("offer", "Offer."),
        text("country", "Country that it comes from."),
        units("units", "Accepted units."),
        money("cost", "What they cost."),
        units("share", "Its share of all accepted units of the item.", "share"),
    ),
)
SOURCING_RULES = Shape(
    "sourcing_rules",
    "A rule on sourcing, and what of it the plan has: by item, by subcontractor, or for countries.",
    (
        text("rule", "Rule."),
        text("kind", "source share, fewest sources, country concentration or subcontract share."),
        text("subject", "Item, or subcontractor; blank: all items of the rule together."),
        text("source", "Supplier, or country, with the largest share (the first of equals)."),
        units("share", "Its share: of the units of the item, of the cost of the items, or of the value of all contracts.", "share"),
        units("value", "What the rule limits: that share, the number of sources, or the sum of the squared shares of countries.", "share or number"),
        units("limit", "Least number of sources, or most of anything else.", "share or number"),
        units("margin", "How far inside the limit the value is; below 0: outside.", "share or number"),
        Field("soft", Type.FLAG, "The rule is a target, not a limit."),
    ),
)  # fmt: skip
