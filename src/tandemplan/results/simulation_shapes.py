"""The shape of the tables of a simulation: how sure each promise of a plan is.

Each estimate has three columns: its value, and `_from` and `_to`, between which it lies with 95 % confidence (blank: the
replications are too few to say). Quantiles are those that the programme's settings name: low, middle and high.
"""

from __future__ import annotations

from tandemplan.results.fields import Field, Shape, maybe, money, text, units, whole

QUANTILES = ("low", "middle", "high")
INTERVAL = ("", "_from", "_to")
_WORDS = ("", " Low end of its 95 % interval.", " High end of its 95 % interval.")


def _estimate(name: str, meaning: str, unit: str) -> tuple[Field, ...]:
    """Return the columns of an estimate: its value and its interval."""
    return tuple(
        units(name + end, meaning + word, unit, blank=True) for end, word in zip(INTERVAL, _WORDS, strict=True)
    )


def _quantiles(name: str, meaning: str, unit: str) -> tuple[Field, ...]:
    """Return the columns of the three quantiles of something."""
    return tuple(
        f for q in QUANTILES for f in _estimate(f"{name}_{q}", f"{q.capitalize()} quantile of {meaning}.", unit)
    )


def _amounts(name: str, meaning: str) -> tuple[Field, ...]:
    """Return the columns of the three quantiles of an amount of money."""
    return tuple(
        money(f"{name}_{q}{end}", f"{q.capitalize()} quantile of {meaning}.{word}", blank=True)
        for q in QUANTILES
        for end, word in zip(INTERVAL, _WORDS, strict=True)
    )


def _days(name: str, meaning: str) -> tuple[Field, ...]:
    """Return the columns of the three quantiles of a day; blank where they are not within the plan."""
    return tuple(
        maybe(f"{name}_{q}{end}", f"{q.capitalize()} quantile of {meaning}; blank: not within the plan.{word}")
        for q in QUANTILES
        for end, word in zip(INTERVAL, _WORDS, strict=True)
    )


PROMISES = Shape(
    "promises",
    "A demand, and how sure it is; all but the chance that it is asked for is among replications in which it is.",
    (
        text("demand", "Demand."),
        text("contract", "Contract, if any."),
        text("customer", "Customer, if any."),
        whole("demand_class", "Class of the customer.", "rank"),
        text("item", "Item."),
        text("site", "Site of delivery."),
        maybe("due", "Due day."),
        maybe("planned", "Day on which the plan has it complete; blank: never."),
        *_estimate("asked_chance", "Probability that it is asked for.", "probability"),
        *_estimate("asked", "Mean of the units asked for.", "units"),
        *_estimate(
            "on_time_chance", "Probability that all of it is delivered on or before its due day.", "probability"
        ),
        *_estimate("on_time_share", "Mean share of its units on time.", "share"),
        *_estimate("never_chance", "Probability that it is not complete within the plan.", "probability"),
        *_days("done", "the day on which it is complete"),
    ),
)
PROMISE_GROUPS = Shape(
    "promise_groups",
    "The demands of all, a class, a customer, a contract or an item, taken together.",
    (
        text("kind", "all, class, customer, contract or item."),
        text("name", "Which; a class by its rank."),
        units("planned_on_time_share", "Share of its units that the plan has on time.", "share", blank=True),
        *_estimate("asked", "Mean of the units asked for.", "units"),
        *_estimate("on_time_share", "Mean share of its units on time.", "share"),
        *_quantiles("on_time_share", "the share of its units on time", "share"),
        *_estimate(
            "all_on_time_chance",
            "Probability that every demand due within the plan is complete on time.",
            "probability",
        ),
        *_estimate(
            "total_chance", "Probability that all that is asked for is delivered by the end of the plan.", "probability"
        ),
        maybe("planned_first", "Day of the plan's first delivery; blank: none."),
        *_days(
            "first",
            "the day of the first delivery (blank too where contracts are shared with others, so that it is not known)",
        ),
        *_estimate(
            "first_by_planned_chance",
            "Probability of a first delivery on or before that of the plan; blank: not known, or the plan has none.",
            "probability",
        ),
        *_estimate("first_chance", "Probability of a first delivery within the plan; blank: not known.", "probability"),
    ),
)
FAN = Shape(
    "fan",
    "Units up to the end of one period: delivered to all, a class, a customer or a contract, delivered or made of an item.",
    (
        text("kind", "all, class, customer, contract, item or made."),
        text("name", "Which; a class by its rank."),
        maybe("period_start", "First day of the period."),
        *_estimate("asked", "Mean units due by the end of the period; blank of what is made.", "units"),
        units("planned", "Units of the plan by the end of the period."),
        *_estimate("mean", "Mean units.", "units"),
        *_quantiles("units", "the units", "units"),
    ),
)
RATE_CHANCES = Shape(
    "rate_chances",
    "An item that is demanded and made, and when it is at full rate: when its output over 28 days reaches 90 % of the highest of the plan.",
    (
        text("item", "Item."),
        units("planned_rate", "Highest mean output over 28 days in the plan.", "units/week"),
        maybe("planned", "Last day of the first 28 days in which the plan has 90 % of it."),
        *_estimate("by_planned_chance", "Probability that it is at full rate by then.", "probability"),
        *_estimate("reached_chance", "Probability that it is at full rate within the plan.", "probability"),
        *_days("reached", "the day on which it is at full rate, the last of the first such 28 days"),
        *_quantiles("rate", "the highest mean output over 28 days", "units/week"),
    ),
)
TASK_CHANCES = Shape(
    "task_chances",
    "A task of the start-up, and when it is done.",
    (
        text("task", "Task."),
        maybe("planned_start", "First day in the plan."),
        maybe("planned_end", "Day on which the plan has it done."),
        *_estimate("by_planned_chance", "Probability that it is done by then.", "probability"),
        *_estimate("never_chance", "Probability that it is not done within the plan.", "probability"),
        *_days("end", "the day on which it is done"),
    ),
)
CASH_FAN = Shape(
    "cash_fan",
    "The venture's own money at the end of one period.",
    (
        maybe("period_start", "First day of the period."),
        money("planned", "Money of the plan.", blank=True),
        money("least", "The least that must be there.", blank=True),
        *_amounts("cash", "the money"),
        *_estimate("below_least_chance", "Probability that it is below the least.", "probability"),
        *_estimate("below_zero_chance", "Probability that it is below 0.", "probability"),
    ),
)
CASH_LOW = Shape(
    "cash_low",
    "The lowest point of the venture's own money over the plan.",
    (
        money("planned", "Lowest money at the end of a period of the plan.", blank=True),
        *_amounts("lowest", "the lowest money at the end of a period"),
        *_estimate(
            "dry_chance",
            "Probability that it is below the least that must be there, or below 0, at the end of a period.",
            "probability",
        ),
        *_estimate("held_chance", "Probability that a purchase waits for money.", "probability"),
        *_estimate(
            "held_order_days", "Mean of the days that purchases wait for money, summed over orders.", "order-days"
        ),
    ),
)
ORIGIN_CHANCES = Shape(
    "origin_chances",
    "Share of third countries in the components of what was delivered of an item, mixed on average.",
    (
        text("item", "Item."),
        units(
            "limit",
            "Most share that a rule or a tranche allows at the last day of evidence; blank: the plan shows none.",
            "share",
            blank=True,
        ),
        units("planned", "Share in the plan by then.", "share", blank=True),
        *_estimate("share", "Mean share.", "share"),
        *_quantiles("share", "the share", "share"),
        *_estimate("above_chance", "Probability that it is above the limit.", "probability"),
    ),
)
UTILISATION = Shape(
    "utilisation",
    "A resource: hours used over the hours that are there, over the whole plan.",
    (
        text("resource", "Work centre, skill or tool."),
        text("kind", "work centre, skill or tool."),
        text("site", "Site."),
        units("planned", "Share in the plan.", "share", blank=True),
        *_estimate("used", "Mean share.", "share"),
        *_quantiles("used", "the share", "share"),
    ),
)
RISK_EFFECTS = Shape(
    "risk_effects",
    "What a risk does to the share of units late or undelivered, `startup` being all tasks' durations beside risks, `rest` everything else.",
    (
        text("kind", "risk, startup or rest."),
        text("name", "Risk; blank for the others."),
        *_estimate("happens_chance", "Probability that it begins within the plan.", "probability"),
        *_estimate("happens", "Mean number of times that it begins.", "times"),
        *_estimate("active_days", "Mean days on which it is active.", "days"),
        *_estimate("late_share_with", "Mean share of all units late or undelivered where it is active at some time.", "share"),
        *_estimate("late_share_without", "The same where it never is.", "share"),
        *_estimate("late_share_more", "The difference: with it less without it.", "share"),
        *_estimate("variance_share", "Its share of the variance of that share of units.", "share"),
    ),
)  # fmt: skip
DRIVERS = Shape(
    "drivers",
    "What a source of randomness costs: the same replications less those in which it is held at its mean; only where it is asked for.",
    (
        text("source", "lead times, acceptance, hours, risks and so on; supplier: what one of them delivers; everything: all at once."),
        text("name", "Supplier; blank for the others."),
        text("kind", "all or class: whose deliveries."),
        text("group", "Which; a class by its rank."),
        whole("replications", "Replications that were compared.", "replications"),
        *_estimate("late_share_with", "Mean share of units late or undelivered, with it.", "share"),
        *_estimate("late_share_more", "That, less the same with it held.", "share"),
        *_estimate("first_days_later", "Mean days by which the first delivery comes later, counted up to the end of the plan; blank: not known.", "days"),
        *_estimate("units_fewer", "Mean units by which fewer are delivered by the end of the plan.", "units"),
        *_estimate("variance_share", "Share of the variance of the share of units late or undelivered that goes with it.", "share"),
    ),
)  # fmt: skip
SURVIVAL = Shape(
    "survival",
    "A source that is lost for good from a day on, and how long promises are kept then; only where it is asked for.",
    (
        text("kind", "suppliers, countries, crossings or sites."),
        text("name", "Which."),
        maybe("lost_from", "First day without it."),
        whole("replications", "Replications that were compared.", "replications"),
        units("recover_days", "Days until a supplier supplies again; blank: not known.", "days", blank=True),
        *_quantiles("survives", "the days until promises fall: until less than 95 % of the units due since, and on time with it, are on time (blank: not within the plan)", "days"),
        *_estimate("falls_chance", "Probability that they fall within the plan.", "probability"),
        *_estimate("before_recovery_chance", "Probability that they fall before the supplier would supply again; blank: not known.", "probability"),
        *_estimate("late_share_more", "Mean share of all units that is late or undelivered, with the loss less without it.", "share"),
    ),
)  # fmt: skip
OUTCOMES = Shape(
    "outcomes",
    "One replication, the first 10,000 of them: what became of each promise in it. Two simulations with one seed are compared by these.",
    (
        whole("replication", "Its number, from 0; after an interrupt, of those that were done.", "replication"),
        money("lowest_cash", "Lowest point of the venture's own money at the end of a period; blank: its money is no limit.", blank=True),
        units("held_order_days", "Order-days that purchases waited for money.", "days"),
        text("promises", "A letter for each row of promises, in their order: t on time, l complete but late, n never complete, - not asked for."),
    ),
)  # fmt: skip
OUTCOME_UNITS = Shape(
    "outcome_units",
    "Units of one contract (without one, of a customer and item) in one of these replications.",
    (
        whole("replication", "Its number, from 0.", "replication"),
        text("contract", "Contract, if any."),
        text("customer", "Customer, if any."),
        whole("demand_class", "Class of the customer.", "rank"),
        text("item", "Item."),
        units("asked", "Units asked for."),
        units("on_time", "Units delivered on or before their due day."),
        units("delivered", "Units delivered within the plan."),
        units("first_days", "Days from the plan's start to the first delivery, those of the whole plan where there is none within it; blank: not known.", "days", blank=True),
    ),
)  # fmt: skip
SIMULATION_SHAPES = (
    PROMISES, PROMISE_GROUPS, FAN, RATE_CHANCES, TASK_CHANCES, CASH_FAN, CASH_LOW, ORIGIN_CHANCES, UTILISATION, RISK_EFFECTS,
    DRIVERS, SURVIVAL, OUTCOMES, OUTCOME_UNITS,
)  # fmt: skip
