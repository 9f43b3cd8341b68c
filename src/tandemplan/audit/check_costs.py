"""Costs: every term added up again from printed amounts, undiscounted and as present value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tandemplan.audit.book import Book, open_order_day
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.check_startup import occurrences_of
from tandemplan.audit.check_targets import option_costs, spread
from tandemplan.audit.days import discount, number
from tandemplan.audit.equations import equal_money, equal_text
from tandemplan.audit.findings import Finding
from tandemplan.model.schema import Cost, Lane, Offer, OpenOrder, Option, Task
from tandemplan.results.fields import Shape
from tandemplan.results.money_shapes import CASH
from tandemplan.results.shape import (
    COSTS,
    DELIVERIES,
    DEMAND_SUMMARY,
    INVESTMENTS,
    LOAD,
    MOVES,
    PEOPLE,
    PRODUCTION,
    PURCHASES,
    QUALIFICATIONS,
    STOCK,
)

Paid = tuple[int, float]  # a day and an amount
DECIDED = (
    "purchases", "transport", "shipments", "holding", "overtime", "hire_wages", "training", "shift_premium", "setups", "investments", "chosen_options",
    "option_wages", "qualification", "interest", "damages", "lost_revenue",
)  # fmt: skip
GIVEN = ("wages", "fixed", "open_orders", "options", "tasks")


def check_costs(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the costs."""
    terms = terms_of(book)
    yield from each_once("costs", "term", [(r.line, r.term) for r in book.rows(COSTS)], terms)
    rate, start = book.programme.settings.discount_per_year_share, book.horizon.start
    for r in book.rows(COSTS):
        if r.term in terms:
            where, paid = ("costs", r.line, f"term '{r.term}'"), terms[r.term]
            total = sum(amount for _, amount in paid)
            present = sum(amount * discount(rate, day - start) for day, amount in paid)
            yield from equal_text(where, "decided", r.decided, r.term in DECIDED)
            yield from equal_money(where, "amount", r.amount, total)
            yield from equal_money(where, "present_amount", r.present_amount, present)


def terms_of(book: Book) -> Mapping[str, Sequence[Paid]]:
    """Return all terms by name."""
    return {
        "purchases": printed(book, (PURCHASES, "receipt", "cost")),
        "transport": printed(book, (PURCHASES, "shipped", "transport_cost"), (MOVES, "release", "cost")),
        "shipments": shipments(book),
        "holding": _holding(book),
        "overtime": printed(book, (LOAD, "period_start", "overtime_cost")),
        "hire_wages": printed(book, (PEOPLE, "period_start", "hire_wages")),
        "training": printed(book, (PEOPLE, "period_start", "training_cost")),
        "shift_premium": printed(book, (PEOPLE, "period_start", "shift_premium")),
        "setups": printed(book, (PRODUCTION, "end", "setup_cost")),
        "investments": printed(book, (INVESTMENTS, "ordered", "cost")),
        "chosen_options": _chosen(book),
        "option_wages": printed(book, (PEOPLE, "period_start", "option_wages")),
        "qualification": printed(book, (QUALIFICATIONS, "started", "cost")),
        "interest": _interest(book),
        "damages": _damages(book),
        "lost_revenue": printed(book, (DEMAND_SUMMARY, "", "lost_revenue")),
        "wages": printed(book, (PEOPLE, "period_start", "wages")),
        "fixed": [p for c in book.programme[Cost].rows() for p in fixed_costs(book, c)],
        "open_orders": [_open_order(book, o) for o in book.programme[OpenOrder].rows()],
        "options": [p for o in book.given[Option].rows() for p in option_costs(book.horizon, o)],
        "tasks": list(_tasks(book)),
    }


def printed(book: Book, *columns: tuple[Shape, str, str]) -> Sequence[Paid]:
    """Return printed amounts, each (table, column of the day, column of the amount); no column: the last day."""
    last = book.horizon.end - 1
    return [
        (getattr(r, day) if day else last, getattr(r, amount))
        for shape, day, amount in columns
        for r in book.rows(shape)
    ]


def _chosen(book: Book) -> Sequence[Paid]:
    """Return what the options cost that the run chooses."""
    before = {o.option: o.chosen for o in book.given[Option].rows()}
    taken = [o for o in book.programme[Option].rows() if before[o.option] is None]
    return [p for o in taken for p in option_costs(book.horizon, o)]


def _interest(book: Book) -> Sequence[Paid]:
    ends = dict(zip(book.horizon.cuts, book.horizon.cuts[1:], strict=False))
    return [(ends.get(r.period_start, r.period_start), r.interest) for r in book.rows(CASH)]


def _holding(book: Book) -> Sequence[Paid]:
    ends = dict(zip(book.horizon.cuts, book.horizon.cuts[1:], strict=False))
    return [(ends.get(r.period_start, r.period_start), r.holding_cost) for r in book.rows(STOCK)]


def shipments(book: Book) -> Sequence[Paid]:
    """Return the cost of each shipment: one carries all that leaves a lane on a day."""
    lanes = book.programme[Lane]
    sent = {(r.shipped, r.lane) for r in book.rows(PURCHASES)} | {(r.release, r.lane) for r in book.rows(MOVES)}
    known = sorted((day, lanes.index[(name,)]) for day, name in sent if (name,) in lanes.index)
    return [(day, float(lanes.shipment_cost[row])) for day, row in known]


def _damages(book: Book) -> Sequence[Paid]:
    """Return damages of deliveries on their days, and of lost units (what the summary has beyond them) on the last."""
    late: dict[str, float] = {}
    for r in book.rows(DELIVERIES):
        late[r.demand] = late.get(r.demand, 0.0) + r.damages
    lost = [(book.horizon.end - 1, r.damages - late.get(r.demand, 0.0)) for r in book.rows(DEMAND_SUMMARY)]
    return [*((r.delivered, r.damages) for r in book.rows(DELIVERIES)), *lost]


def fixed_costs(book: Book, cost: Cost) -> Iterator[Paid]:
    """Yield the days and amounts of a row of `costs`."""
    horizon = book.horizon
    if cost.per == "once":
        day = horizon.start if cost.date is None else max(number(cost.date), horizon.start)
        if day < horizon.end:
            yield day, cost.amount
        return
    first = horizon.start if cost.from_date is None else number(cost.from_date)
    after = horizon.end if cost.to_date is None else number(cost.to_date) + 1
    yield from spread(horizon, cost.amount / 7 if cost.per == "week" else cost.amount * 12 / 365, (first, after))


def _open_order(book: Book, order: OpenOrder) -> Paid:
    offer = book.programme[Offer].index.get((order.offer,))
    price = order.unit_price
    if price is None:
        price = 0.0 if offer is None else float(book.programme[Offer].unit_price[offer])
    day = open_order_day(order, book.horizon)
    return day, order.quantity_units * price - order.paid_amount if book.horizon.holds(day) else 0.0


def _tasks(book: Book) -> Iterator[Paid]:
    tasks = {t.task: t for t in book.programme[Task].rows()}
    for (name, time), (_, end) in occurrences_of(book, tasks).items():
        if (time > 1 or tasks[name].finished is None) and book.horizon.holds(end):
            yield end, tasks[name].cost_amount
