"""Start-up: the network of tasks that opens everything else."""

from __future__ import annotations

from datetime import date as Date

from tandemplan.model.schema.buying import DISTRIBUTIONS
from tandemplan.model.schema.columns import Row, choice, day, key, listing, number, row, text


@row("tasks", "start-up")
class Task(Row):
    """An agreement, licence, hall, training, first article or deliverable."""

    task: str = key("Name of the task.")
    name: str = text("Full name.")
    kind: str = choice(
        "What the task is.",
        "legal",
        "funding",
        "site",
        "regulatory",
        "technical",
        "quality",
        "production",
        "licence",
        "training",
        "deliverable",
        default="site",
    )
    owner: str = text("Who is responsible.")
    predecessors: tuple[str, ...] = listing(
        "Tasks that end before it starts, each with a lag in days if there is one, such as `hall+14`."
    )
    duration_days: float = number("Mean days it takes.", unit="days", default=0.0, low=0)
    duration_sd_days: float = number("Standard deviation of those days.", unit="days", default=0.0, low=0)
    duration_distribution: str = choice("Shape of the duration.", *DISTRIBUTIONS, default="lognormal")
    earliest: Date | None = day("First day on which it may start.")
    finished: Date | None = day("Day on which it was done; blank: it is not.")
    needs: tuple[str, ...] = listing(
        "What must have happened before it ends: `produced:ITEM>=40/week for 4`, `made:ITEM>=10`, "
        "`bought:OFFER>=10`, `share:host>=0.5 over 26`, `money:POOL>=1000000`."
    )
    cost_amount: float = number("What it costs.", unit="money", default=0.0, low=0)
    payments: tuple[str, ...] = listing("How the cost is paid: `share@start`, `share@middle`, `share@end`.")
    every_days: float | None = number("It repeats after so many days; blank: it does not.", unit="days", low=1)
    requirement: str = text("Requirement that it answers to.")
    accepted_by: str = text("Who accepts it.")
