"""The shape of the result tables of money: pools by period, tranches, and what these pay for."""

from __future__ import annotations

from tandemplan.results.fields import Shape, date, maybe, money, text

CASH = Shape(
    "cash",
    "A pool of money over one period: the venture's own, or the budget of a payer.",
    (
        text("pool", "Pool."),
        date("period_start", "First day of the period."),
        money("opening", "Money at the start."),
        money("tranches", "Tranches that open, lines of credit apart."),
        money("credit", "Credit drawn less what is repaid."),
        money("advances", "Advances of customers: they come to the venture, and leave a payer's pool."),
        money(
            "deliveries",
            "What is paid for deliveries, less damages: it comes to the venture, and leaves a payer's pool.",
        ),
        money(
            "refunds", "Advances paid back for units that are lost: they leave the venture, and come to a payer's pool."
        ),
        money("purchases", "What the venture pays for what it buys."),
        money("transport", "What it pays for carriage and shipments."),
        money("labour", "What it pays people."),
        money("training", "What it pays to train hires, and for tasks of training."),
        money("capex", "What it pays for stations and tool sets, and costs of this category."),
        money("opex", "What it pays for set-ups, qualification, options, tasks, and costs of this category."),
        money("other", "What it pays for costs of all other categories."),
        money("interest", "Interest on credit drawn."),
        money("expired", "Money of tranches that have expired unused."),
        money("inflow", "Everything that comes."),
        money("outflow", "Everything that goes."),
        money("closing", "Money at the end."),
        money(
            "tied",
            "What of it belongs to tranches that may pay for some things only, or that will expire within the plan.",
        ),
        money("least", "The least that must be there at the end."),
    ),
)
FUNDING = Shape(
    "funding",
    "What becomes of a tranche of money.",
    (
        text("tranche", "Tranche."),
        text("pool", "Pool that it flows into."),
        text("kind", "company, payer or outside."),
        money("amount", "Money that it brings within the plan, or that can be drawn."),
        maybe("opens", "Day from which it can be used; blank where it is not within the plan."),
        maybe("expires", "Last day on which it can be used; blank: it does not expire."),
        money(
            "used",
            "What is spent of it; of a line the most that is drawn at once. Money that comes first is spent first, also before what customers pay.",
        ),
        money("left", "What is left of it at the end of the plan."),
        money("expired", "What has expired unused."),
    ),
)
SPENDING = Shape(
    "spending",
    "What a tranche that may pay for some things only, or a line of credit, pays for in one period.",
    (
        text("tranche", "Tranche."),
        date("period_start", "First day of the period."),
        text(
            "pays_for",
            "Category of spending, item or group of items bought, `orders` of a payer; of a line `repayment`, or `anything` where it may pay all.",
            audited=False,
        ),
        money("amount", "Amount, for what is due in the period or was paid before from other money."),
    ),
)
