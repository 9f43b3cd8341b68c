"""The table of two simulations compared: the same replications in both."""

from __future__ import annotations

from tandemplan.results.fields import Shape, text, units, whole

PAIRED = Shape(
    "differences",
    "A figure in one simulation and in another, over the same replications, and by how much the second is higher.",
    (
        text("kind", "all, class, customer, contract, item or demand."),
        text("name", "Which; a class by its rank."),
        text(
            "what",
            "on_time_share (mean share of its units on time), all_on_time_chance, total_chance (all delivered by the end of the plan), "
            "units_asked, units_delivered, first_delivery (days from the plan's start, counted up to its end), lowest_cash; of a demand on_time_chance and never_chance.",
        ),
        text("unit", "What it is measured in: share, probability, units, days or the currency."),
        whole("replications", "Replications that were compared: those in which both ask for it.", "replications"),
        units("first", "In the first simulation.", "unit"),
        units("second", "In the second.", "unit"),
        units("difference", "The second less the first.", "unit"),
        units("difference_from", "Low end of its 95 % interval; blank: too few replications to say.", "unit", blank=True),
        units("difference_to", "High end of its 95 % interval.", "unit", blank=True),
    ),
)  # fmt: skip
