"""The shape of the tables about how classes and customers are served beside each other."""

from __future__ import annotations

from tandemplan.results.fields import Shape, text, units, whole

CLASS_COSTS = Shape(
    "class_costs",
    "What the classes before it cost one class.",
    (
        whole("demand_class", "Class, in order of service.", "rank"),
        units("value", "Its value, as in the table of classes.", "weighted unit-days"),
        units(
            "alone",
            "The value that it would have if the classes before it asked for nothing, with no number kept whole.",
            "weighted unit-days",
        ),
        units("cost", "The difference: what it is served worse because others come first.", "weighted unit-days"),
    ),
)
RULE_COSTS = Shape(
    "rule_costs",
    "What a rule of origin costs the whole plan in one objective.",
    (
        text("rule", "Rule of origin."),
        text("objective", "A class and certainty, `stock` or `cost`: the first whose price is not 0 is what the rule costs."),
        units("value", "Its value with all rules, with no number kept whole and nothing shared fairly.", "as the objective"),
        units("without", "Its value without this rule, found the same way.", "as the objective"),
        units("price", "The difference; after the first that is not 0 it may be below 0.", "as the objective"),
    ),
)  # fmt: skip
SHARING = Shape(
    "sharing",
    "How one customer is served among those of its class that a rule of fair sharing speaks of.",
    (
        whole("demand_class", "Class of the customers that share.", "rank"),
        text("certainty", "firm, option or forecast: each is shared for itself."),
        text("rule", "Rule that asks for it."),
        text("policy", "What is made alike: proportional (the share served), uniform gains or uniform losses."),
        text("customer", "Customer."),
        units("fair_share", "Its weight among them."),
        units("most", "Value if nothing were delivered to it: what it claims.", "weighted unit-days"),
        units("value", "Weighted unit-days late of its demands.", "weighted unit-days"),
        units("served_share", "1 - value / most."),
        units(
            "behind",
            "How far it is behind the best that one of them could have, as the policy measures it, from 0 to 1: those furthest behind are so as little as can be.",
        ),
    ),
)
