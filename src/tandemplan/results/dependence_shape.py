"""The table of dependence: what is told of each source."""

from __future__ import annotations

from tandemplan.results.fields import Shape, maybe, money, text, units, whole

DEPENDENCE = Shape(
    "dependence",
    "Something that a plan can lose, most exposed first.",
    (
        text("kind", "supplier, country, part, site, crossing or lane."),
        text("name", "Its name."),
        money("value", "Cost of what the plan buys from it or through it."),
        units("share", "The same as a share of all purchases.", "share"),
        units("third_country_share", "Share of that value from third countries, by the offers.", "share"),
        whole("parts", "Parts that the plan buys from it or through it.", "parts"),
        whole("only_in_plan", "Of these, parts that the plan buys from nowhere else; of a part 1 where it has one supplier.", "parts"),
        whole("only_in_programme", "Of these, parts that nobody else offers to the sites where they are received; of a part 1 where it has one supplier.", "parts"),
        units("supplier_hhi", "Squared shares of suppliers in the value, summed: 1 is one supplier.", "share", blank=True),
        units("country_hhi", "The same of countries of origin.", "share", blank=True),
        units("units", "Units delivered that need it: late or never delivered if it is lost for good at the start."),
        whole("demands", "Demands with such units.", "demands"),
        units("survive_days", "Time to survive: days from a loss for good to the first missed delivery, the least over the days of loss; blank: none is missed.", "days", blank=True),
        maybe("survive_from", "Day of the loss that is survived for the shortest time."),
        units("recover_days", "Time to recover, as the programme says; blank: nobody says.", "days", blank=True),
        units("late_unit_days", "Units times days late if it is lost for its time to recover, on the worst of the days of loss.", "unit-days", blank=True),
        units("late_units", "Units that are late for it.", blank=True),
        units("late_demands", "Demands with such units.", "demands", blank=True),
        maybe("late_from", "Day of that loss."),
        units("exposure_index", "Risk exposure index: unit-days late as a share of the largest of any source.", "share", blank=True),
    ),
)  # fmt: skip

REPLANNED = Shape(
    "dependence_replanned",
    "Something that a plan can lose and that recovers, where everything is planned anew from the day of the loss on: the most unit-days late first.",
    (
        text("kind", "supplier, country, part, site, crossing or lane."),
        text("name", "Its name."),
        units("recover_days", "Time to recover, as the programme says: the loss lasts as long.", "days"),
        units("late_unit_days", "Units times days late more than without the loss, on the worst of the days of loss; blank: no plan was found under it.", "unit-days", blank=True),
        units("late_units", "Units that are late, or never delivered, more than without it."),
        units("lost_units", "Of these, units that are never delivered."),
        text("by_class", "The same by class of demand."),
        maybe("late_from", "Day of that loss; blank: nobody is served later."),
        units("survive_days", "Time to survive: whole periods, in days, for which it can be lost before anybody is served later, the least over the days of loss that harm; blank: for all its time to recover.", "days", blank=True),
        text("without", "What no plan keeps under the loss, or what was not asked in a large model; blank: every limit is kept."),
        units("exposure_index", "Risk exposure index: unit-days late as a share of the largest of any source.", "share", blank=True),
    ),
)  # fmt: skip
