"""Money: funding tranches and costs."""

from __future__ import annotations

from datetime import date as Date

from tandemplan.model.schema.columns import Row, choice, day, flag, key, listing, number, opens_after, ref, row, text


@row("funding", "money")
class Tranche(Row):
    """One tranche of money."""

    tranche: str = key("Name of the tranche.")
    name: str = text("Full name.")
    pool: str = text("Funding pool it flows into.")
    kind: str = choice(
        "`payer`: a customer's budget; `company`: the venture's cash; `outside`: spent outside this plan.",
        "payer",
        "company",
        "outside",
        default="company",
    )
    instrument: str = choice(
        "What it is.", "loan", "grant", "equity", "budget", "reimbursement", "in kind", "credit line", default="budget"
    )
    amount: float = number("How much.", unit="money", required=True, low=0)
    date: Date | None = day("Planned day.", required=True)
    slip_days: float = number("Mean days it comes late.", unit="days", default=0.0, low=0)
    slip_sd_days: float = number("Standard deviation of those days.", unit="days", default=0.0, low=0)
    expiry: Date | None = day("Last day on which it may be spent.")
    pays_for: tuple[str, ...] = listing("Categories of spending it may pay for; blank is all.")
    interest_per_year_share: float = number("Interest on what is drawn.", unit="share per year", default=0.0, low=0)
    cash: bool = flag("It is money, not goods or services.", default=True)
    third_country_share: float | None = number(
        "Most third-country share it accepts; blank: it brings no origin rule.", unit="share", low=0, high=1
    )
    evidence_days: float = number("Days before its date at which evidence is due.", unit="days", default=0.0, low=0)
    awaits: str = text("What it waits for that is no task of the plan; it opens only by an option or a scenario.")
    opens_after: tuple[str, ...] = opens_after()


@row("costs", "money")
class Cost(Row):
    """Fixed or one-off spending."""

    cost: str = key("Name of the cost.")
    name: str = text("Full name.")
    site: str = ref("Site it is spent at.", to="sites")
    category: str = text("Category of spending, such as capex, opex, training.", default="opex")
    per: str = choice("How often the amount falls due.", "once", "week", "month", default="once")
    amount: float = number("How much, each time.", unit="money", required=True, low=0)
    date: Date | None = day("Day of a one-off cost.")
    from_date: Date | None = day("First day of a repeated cost; blank is the start.")
    to_date: Date | None = day("Last day of a repeated cost; blank is the end.")
    payments: tuple[str, ...] = listing(
        "How a one-off cost is paid: `share@start`, `share@middle`, `share@end`, or `monthly`."
    )
    lead_days: float = number("Mean days from order to completion.", unit="days", default=0.0, low=0)
    lead_sd_days: float = number("Standard deviation of those days.", unit="days", default=0.0, low=0)
    task: str = ref("Task it is spent for.", to="tasks")
    option: str = ref("Option it is the price of; the option itself then has no cost of its own.", to="options")
    grant_eligible: bool = flag("A grant may pay part of it.")
