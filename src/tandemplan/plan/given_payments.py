"""Payments that no decision moves: costs by their profiles, open orders, tasks, and options that are chosen, each with its day."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tandemplan.model.phrases import payments
from tandemplan.model.schema import Cost, Offer, OpenOrder, Option, Task
from tandemplan.network.cells import whole_days
from tandemplan.network.money import item_labels, month_ends, supplier_terms
from tandemplan.network.network import Network
from tandemplan.network.openings import finished_tasks
from tandemplan.plan.payments import Payments, option_payments, spread

Owed = tuple[str, int, float]  # the account, the day and the amount


def given_payments(network: Network) -> Iterator[Owed]:
    """Yield what the venture owes whatever the plan decides, but for wages; days past are the plan's start. `docs/semantics.md`, Money."""
    programme, periods = network.programme, network.periods
    for cost in programme[Cost].rows():
        yield from ((cost.category or "opex", day, amount) for day, amount in cost_payments(network, cost))
    yield from _orders(network)
    for option in programme[Option].rows():
        yield from (("opex", day, amount) for day, amount in option_payments(periods, option))
    yield from _tasks(network)


def cost_payments(network: Network, cost: Cost) -> Payments:
    """Return the days and amounts of a row of costs: a repeated one at the ends of months, a one-off one by its profile from its date on."""
    periods = network.periods
    if cost.per != "once":
        first = 0 if cost.from_date is None else periods.day(cost.from_date)
        last = periods.days if cost.to_date is None else periods.day(cost.to_date) + 1
        daily = cost.amount / 7 if cost.per == "week" else cost.amount * 12 / 365
        found = spread(periods, max(first, 0), min(last, periods.days), daily)
        due = dict(zip(periods.starts.tolist(), month_ends(periods).tolist(), strict=True))
        return [(due[day], amount) for day, amount in found]
    start = 0 if cost.date is None else periods.day(cost.date)
    return profile(network, cost.payments, (start, int(whole_days([cost.lead_days])[0])), cost.amount)


def profile(network: Network, shares: tuple[str, ...], when: tuple[int, int], amount: float) -> Payments:
    """Return the days and amounts of an amount paid by shares at the start, the middle (rounded up) and the end of some days, or day by day.

    What was due before the plan is due at its start; without days (`monthly` too) all is due on the first.
    """
    start, days = when
    parts = payments(shares)
    if parts[0][1] == "monthly" and days > 0:
        early = amount * min(max(-start, 0), days) / days
        rest = spread(network.periods, max(start, 0), start + days, amount / days)
        return [(0, early), *rest] if early else rest
    at = {"start": start, "middle": start + -(-days // 2), "end": start + days, "monthly": start}
    return [(max(at[place], 0), share * amount) for share, place in parts]


def _orders(network: Network) -> Iterator[Owed]:
    orders, offers = network.programme[OpenOrder], network.programme[Offer]
    named = item_labels(network.programme)
    for order in orders.rows():
        assert order.promised is not None
        row = offers.index.get((order.offer,))
        price = order.unit_price if order.unit_price is not None else 0.0 if row is None else offers.unit_price[row]
        _, rest = supplier_terms(network.programme, ["" if row is None else str(offers.supplier[row])])
        day = max(network.periods.day(order.promised), 0)
        if day < network.periods.days:
            amount = order.quantity_units * float(price) - order.paid_amount
            yield named.get(order.item, "purchases"), day + int(rest[0]), amount


def _tasks(network: Network) -> Iterator[Owed]:
    """Yield what tasks cost by their profiles, each time that they begin within the plan; nothing for the time that was done before."""
    done = finished_tasks(network.programme)
    for task in network.programme[Task].rows():
        if not task.cost_amount:
            continue
        account, dates = "training" if task.kind == "training" else "opex", network.dates[task.task]
        times = _times(dates.start, task.every_days, network.periods.days)
        for start in times[task.task in done :]:
            length = dates.end - dates.start
            paid = profile(network, task.payments, (start, length), task.cost_amount)
            yield from ((account, day, amount) for day, amount in paid)


def _times(first: int, every: float | None, days: int) -> list[int]:
    """Return the first days of a task that repeats: the first, and those later ones that lie within the plan."""
    found, k = [first], 1
    while every is not None and (later := first + int(whole_days([k * every])[0])) < days:
        found += [later] if later >= 0 else []
        k += 1
    return found


def by_period(network: Network, accounts: tuple[str, ...], owed: Iterator[Owed]) -> np.ndarray:
    """Return what is owed in each period (accounts x periods); what falls due after the plan is left out."""
    found = np.zeros((len(accounts), len(network.periods)))
    at = {name: k for k, name in enumerate(accounts)}
    for name, day, amount in owed:
        if day < network.periods.days:
            found[at[name], network.periods.of(np.array([day]))[0]] += amount
    return found
