"""What options cost, and when; and what the people are paid that they add."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import Periods
from tandemplan.model.schema import Cost, Option
from tandemplan.network.cells import whole_days
from tandemplan.network.gains import Gain
from tandemplan.network.network import Network

Floats = NDArray[np.float64]
Payments = list[tuple[int, float]]
UNITS = {1.0: "", 1e3: "thousand ", 1e6: "million ", 1e9: "billion "}
COUNTED = 1e4  # columns of money count to about so many units


def spread(periods: Periods, first: int, last: int, daily: float) -> Payments:
    """Return the start of each period, and what a daily amount from a first day to before a last makes there."""
    starts, lengths = periods.starts, periods.lengths
    days = np.clip(np.minimum(starts + lengths, last) - np.maximum(starts, first), 0, None)
    return [(int(s), daily * int(n)) for s, n in zip(starts, days, strict=True) if n > 0]


def fixed_payments(periods: Periods, cost: Cost) -> Payments:
    """Return the days within the plan on which a row of costs counts, and amounts: a one-off cost on its date, others from period to period."""
    if cost.per == "once":
        day = max(0, 0 if cost.date is None else periods.day(cost.date))
        return [(day, cost.amount)] if day < periods.days else []
    first = 0 if cost.from_date is None else periods.day(cost.from_date)
    last = periods.days if cost.to_date is None else periods.day(cost.to_date) + 1
    daily = cost.amount / 7 if cost.per == "week" else cost.amount * 12 / 365
    return spread(periods, max(first, 0), min(last, periods.days), daily)


def option_payments(periods: Periods, option: Option) -> Payments:
    """Return the days and amounts that an option costs: once on the day chosen, each week from its effect on."""
    if option.chosen is None or periods.day(option.chosen) >= periods.days:
        return []
    day = periods.day(option.chosen)
    first = day + int(whole_days([option.lead_days])[0])
    weekly = spread(periods, max(first, 0), periods.days, option.weekly_cost / 7)
    return [(max(day, 0), option.one_off_cost), *weekly]


def money_unit(network: Network) -> tuple[float, str]:
    """Return the units of money in which a model counts what comes to millions, and their name: some 10,000 of them are asked for, or given."""
    asked = float((network.demands.price * network.demands.quantity).sum())
    pay = float((network.hours.present * network.hours.hour_cost[:, None]).sum())
    fixed = sum(a for c in network.programme[Cost].rows() for _, a in fixed_payments(network.periods, c))
    per = 1e3 ** min(max(round(np.log10(max(asked, pay + fixed, COUNTED) / COUNTED) / 3), 0), 3)
    return per, f"{UNITS[per]}{network.programme.settings.currency}"


def paid_gains(network: Network) -> list[Gain]:
    """Return the hours of people that options add, all of them paid."""
    return [g for g in network.choices.gains if g.family == "hours" and network.hours.kinds[g.entity] == "skill"]


def option_wages(network: Network) -> Floats:
    """Return the present pay of the people that each option adds, when chosen on the first day of each period (0 where it may not)."""
    wages = np.zeros(network.choices.there.shape)
    rate = network.programme.settings.discount_per_year_share
    when = (1 + rate) ** (-network.periods.starts / 365)
    for gain in paid_gains(network):
        wages[gain.option] += network.hours.hour_cost[gain.entity] * (gain.amount @ when)
    return wages


def choice_costs(network: Network) -> Floats:
    """Return the present cost of each option that may be chosen, when chosen on the first day of each period (0 where it may not)."""
    periods, table = network.periods, network.programme[Option]
    rate = network.programme.settings.discount_per_year_share
    costs = np.zeros(network.choices.there.shape)
    days = periods.dates(periods.starts).tolist()
    for o, name in enumerate(network.choices.names):
        option = table.row(table.index[(name,)])
        for t in np.flatnonzero(network.choices.there[o]).tolist():
            paid = option_payments(periods, replace(option, chosen=days[t]))
            costs[o, t] = sum(amount * (1 + rate) ** (-day / 365) for day, amount in paid)
    return costs
