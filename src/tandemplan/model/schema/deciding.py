"""Rules, risks, options: limits on the whole, what may happen, what may be decided once."""

from __future__ import annotations

from datetime import date as Date

from tandemplan.model.schema.buying import DISTRIBUTIONS
from tandemplan.model.schema.columns import Row, choice, day, flag, key, listing, number, row, text


@row("rules", "rules")
class Rule(Row):
    """A limit on the whole programme."""

    rule: str = key("Name of the rule.")
    kind: str = choice(
        "What it limits.",
        "origin share",
        "subcontract share",
        "work share",
        "host content",
        "class order",
        "minimum allocation",
        "fair sharing",
        "budget",
        "least cash",
        "rolling hours",
        "stock cover",
        "fewest sources",
        "source share",
        "country concentration",
        "service level",
        "lateness cost",
        "fence",
        "report",
        default="budget",
    )
    scope: tuple[str, ...] = listing(
        "Items, groups, contracts, customers, classes (`class 2`), skills, partners or pools it speaks of; blank is all."
    )
    policy: str = text(
        "Policy of a rule of fair sharing: proportional (equal ratios), uniform gains, uniform losses; of a minimum allocation: units, or share (of output)."
    )
    low: float | None = number("Least value allowed.", unit="as the kind says")
    high: float | None = number("Most value allowed.", unit="as the kind says")
    window_days: float | None = number("Length of the window it is measured over.", unit="days", low=1)
    from_date: Date | None = day("First day on which it holds.")
    to_date: Date | None = day("Last day on which it holds.")
    soft: bool = flag("It is a target, not a limit.")


@row("risks", "risk")
class Risk(Row):
    """What may happen, or (with a date) what is known to happen."""

    risk: str = key("Name of the risk.")
    name: str = text("Full name.")
    kind: str = text("Kind of event, in the user's words.")
    group: str = text("Group that links speak of.")
    rate_per_year: float | None = number("Events expected in a year.", unit="per year", low=0)
    probability: float | None = number(
        "Probability that it happens at all (drawn once).", unit="probability", low=0, high=1
    )
    date: Date | None = day("Day on which it starts; given, it is a known event.")
    duration_days: float | None = number("Mean days it lasts; blank is for good.", unit="days", low=0)
    duration_sd_days: float = number("Standard deviation of those days.", unit="days", default=0.0, low=0)
    duration_distribution: str = choice("Shape of the duration.", *DISTRIBUTIONS, default="lognormal")
    changes: tuple[str, ...] = listing("What it changes while it lasts, each written `table[rows].column *= value`.")
    end_use: bool = flag("It ends for civil buyers first: this programme waits longer.")
    known_from: Date | None = day("Day from which plans know of a dated event; blank is the start.")


@row("risk_links", "risk")
class RiskLink(Row):
    """While a risk of one group is active, risks of another come more often."""

    from_group: str = key("Group that raises.")
    to_group: str = key("Group that is raised.")
    rate_factor: float = number(
        "Factor on the rate while an event of the first group is active.", unit="factor", default=1.0, low=0
    )


@row("options", "options")
class Option(Row):
    """What may be decided once."""

    option: str = key("Name of the option.")
    name: str = text("Full name.")
    answers: tuple[str, ...] = listing("Risks it answers.", to="risks")
    one_off_cost: float = number("What it costs once.", unit="money", default=0.0, low=0)
    weekly_cost: float = number("What it costs each week after that.", unit="money per week", default=0.0, low=0)
    lead_days: float = number("Days from decision to effect.", unit="days", default=0.0, low=0)
    earliest: Date | None = day("First day on which it may be decided.")
    chosen: Date | None = day("Day on which it was decided; blank: it is open.")
    changes: tuple[str, ...] = listing("What it changes from then on, each written `table[rows].column += value`.")
