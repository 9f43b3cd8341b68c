"""What `programme.toml` says: the settings of the whole programme."""

from __future__ import annotations

from datetime import date as Date

from tandemplan.model.schema.columns import Row, choice, day, integer, number, row, text


@row("programme", "programme")
class Settings(Row):
    """The settings of a programme, one per key of `programme.toml`."""

    format: int = integer("Version of the model language.", unit="version", default=1, low=1, high=1)
    name: str = text("Name of the programme.", default="programme")
    currency: str = text("Currency of all money.", default="EUR")
    time_zone: str = text("Time zone of dates and shifts.", default="UTC")
    price_base_year: int | None = integer("Year whose prices are used.", unit="year", low=1900, high=2200)
    start: Date | None = day("First day of the plan.", required=True)
    start_time: str = text("Time of that day at which a schedule starts, such as 06:00; blank is midnight.")
    periods: str = text(
        "Periods of the plan, such as `156 weeks`, `120 days` or `26 weeks, 12 months` (telescoping).",
        default="52 weeks",
    )
    objective: str = choice(
        "What the plan seeks, in order; `cost`: cost alone, where late and lost demand is worth its damages and its price.",
        "classes, stock, cost",
        "cost",
        default="classes, stock, cost",
    )
    uncertain_demand: str = choice("Which demand counts.", "all", "expected", "firm", default="all")
    discount_per_year_share: float = number("Yearly discount rate of money.", unit="share per year", default=0.0, low=0)
    holding_per_year_share: float = number(
        "Yearly cost of stock over its value.", unit="share per year", default=0.0, low=0
    )
    frozen_days: float = number("Days in which orders stay as they are in a re-plan.", unit="days", default=0.0, low=0)
    release_fence_days: float = number(
        "Days from the plan's start, and from the day of a re-plan, in which nothing new begins: what is under way or planned there stays, and nothing joins it.",
        unit="days",
        default=0.0,
        low=0,
    )
    planning_fence_days: float = number(
        "Days that a unit counts which a re-plan cancels or adds; 84 where it is 0.", unit="days", default=0.0, low=0
    )
    low_quantile: float = number("Low quantile to report.", unit="quantile", default=0.1, above=0, high=1)
    middle_quantile: float = number("Middle quantile to report.", unit="quantile", default=0.5, above=0, high=1)
    high_quantile: float = number("High quantile to report.", unit="quantile", default=0.8, above=0, high=1)
    risk_level: float = number("Level of the conditional value at risk.", unit="quantile", default=0.9, above=0, high=1)
    seed: int = integer("Seed of all randomness.", unit="seed", default=1, low=0)
