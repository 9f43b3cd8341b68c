"""Constraint families of money: `payments`, `tranches`, `eligible spending`, `credit`, `credit limit`, `cash`, `least cash`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints, sums
from tandemplan.network.money import Money, Terms, money_of, month_ends, terms_of
from tandemplan.network.network import Network
from tandemplan.plan.bills import bills_of
from tandemplan.plan.given_payments import by_period, given_payments
from tandemplan.plan.money_columns import tranche_names, waits
from tandemplan.plan.payments import UNITS
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def add_payments(build: Builder, network: Network, x: Variables) -> None:
    """Add what is owed, one row for each account a (what a pool pays for) and period t.

        payments: paid[a,t] - sum[j of a in t] amount[j] * flow[j] >= given[a,t]

    j is a part of the price of what is decided, due on a day in t by its terms: of the venture's purchases, carriage, pay, set-ups, investments and
    options, or of what is delivered to a payer; flow is the column of that. given are wages, costs by their profiles, open orders, tasks and
    chosen options, and the advances of a payer. Money is counted in units (1, a thousand, a million) that suit the largest tranche.

    `docs/semantics.md`, Money.
    """
    money = money_of(network)
    if not money.pools:
        return
    periods, count = network.periods, len(network.periods)
    terms = terms_of(network.programme, periods, network.demands)
    there = np.ones((len(money.account), count), dtype=bool)
    given = given_of(network, money, terms) / money.per
    row = build.add_rows(
        "payments", money.accounts_named, there, lower=given, upper=np.inf, unit=unit_of(network, money)
    )
    build.add(row, x.money.paid, 1.0)
    if money.company >= 0:
        for bill in bills_of(build, network, x, money):
            due = (bill.day >= 0) & (bill.day < periods.days) & (bill.columns >= 0)
            at = np.where(due, row[bill.account, np.where(due, periods.of(bill.day), 0)], -1)
            build.add(at, bill.columns, -bill.amount / money.per)
    demand = network.delivering.demand
    pool = payer_of(network, money)[demand]
    account = np.append(_orders(money), -1)[pool]
    last = np.minimum(paid_day(network, terms), periods.days - 1)
    at = np.where(account >= 0, row[account, periods.of(last)], -1)
    build.add(at, x.deliver, -unit_receipt(network, terms) / money.per)


def add_tranches(build: Builder, network: Network, x: Variables) -> None:
    """Add what tied tranches bring and pay: one row for each tranche k and period t in which it is usable, and for each account a that some may pay.

        tranches: left[k,t] - left[k,t-1] + sum[a] spent[k,a,t] - opened[k,t] + opened[k,t-1] <= comes[k,t]
        eligible spending: claim[a,t] - claim[a,t-1] + sum[k] spent[k,a,t] - paid[a,t] <= 0

    comes is the amount of the tranche in its first period, else 0; `opened` stands in its place where the tranche waits for production (`openings`).
    A tranche is spent on what it may pay for, between its opening and its expiry; what was paid before by other money it makes up for. What is
    left at its expiry is lost.

    `docs/semantics.md`, Money.
    """
    money, count = money_of(network), len(network.periods)
    tranches, columns = money.tranches, x.money
    if not len(columns.pairs):
        return
    which, account = columns.pairs.T
    there = columns.left >= 0
    behind = waits(network, money)
    comes = np.where((np.arange(count) == tranches.first[:, None]) & ~behind[:, None], tranches.amount[:, None], 0.0)
    if there.any():
        row = build.add_rows(
            "tranches",
            tranche_names(network, money),
            there,
            lower=-np.inf,
            upper=comes / money.per,
            unit=unit_of(network, money),
        )
        build.add(row, columns.left, 1.0)
        build.add(row[:, 1:], columns.left[:, :-1], -1.0)
        build.add(row[which], columns.spent, 1.0)
        build.add(row, columns.opened, -1.0)
        build.add(row[:, 1:], columns.opened[:, :-1], 1.0)
    row = build.add_rows(
        "eligible spending",
        money.accounts_named,
        columns.claim >= 0,
        lower=-np.inf,
        upper=0.0,
        unit=unit_of(network, money),
    )
    build.add(row[account], columns.spent, 1.0)
    build.add(row, columns.claim, 1.0)
    build.add(row[:, 1:], columns.claim[:, :-1], -1.0)
    build.add(row, columns.paid, -1.0)


def add_credit(build: Builder, network: Network, x: Variables) -> None:
    """Add credit, one row for each line k that may not pay all and period t in which it can be drawn, and the one after.

        credit: drawn[k,t] - drawn[k,t-1] - sum[a] spent[k,a,t] + repaid[k,t] >= 0
        credit limit: drawn[k,t] - opened[k,t] <= 0

    The limit has rows where the line waits for production.

    `docs/semantics.md`, Money.
    """
    money, columns = money_of(network), x.money
    names, unit = tranche_names(network, money), unit_of(network, money)
    there = ((columns.drawn >= 0) & ~money.tranches.free[:, None]) | (columns.repaid >= 0)
    if there.any():
        row = build.add_rows("credit", names, there, lower=0.0, upper=np.inf, unit=unit)
        build.add(row, columns.drawn, 1.0)
        build.add(row[:, 1:], columns.drawn[:, :-1], -1.0)
        build.add(row, columns.repaid, 1.0)
        build.add(row[columns.pairs[:, 0]], columns.spent, -1.0)
    waiting = (columns.drawn >= 0) & (columns.opened >= 0)
    if waiting.any():
        row = build.add_rows("credit limit", names, waiting, lower=-np.inf, upper=0.0, unit=unit)
        build.add(row, columns.drawn, 1.0)
        build.add(row, columns.opened, -1.0)


def add_cash(build: Builder, network: Network, x: Variables) -> None:
    """Add cash, one row for each pool p and period t.

        cash: cash[p,t] - cash[p,t-1] + sum[a of p] paid[a,t] - sum[k of p, a] spent[k,a,t]
            + sum[k of p] (repaid[k,t] + interest[k,t] * drawn[k,t]) - sum[v of p] (drawn[v,t] - drawn[v,t-1])
            - sum[q of p] (opened[q,t] - opened[q,t-1]) - sum[d in t] receipt[d] * deliver[d] + sum[d] refund[d] * lost[d] <= comes[p,t]
        least cash: cash[p,t] + sum[k of p] left[k,t] >= least[p,t]

    v are the lines of p that may pay all, q its tranches that may and wait for production. comes are its other tranches that may pay all and open
    in t, and the venture's advances of t. The venture has the receipt of what is delivered and due in t, and refunds in the last period what it was advanced
    for lost units; to a payer's pool that comes back. Cash is at least 0: a plan that runs out of cash is none.

    `docs/semantics.md`, Money; the form is that of multi-period cash management (Cornuejols, Pena and Tutuncu 2018, Optimization Methods in
    Finance, ch. 3).
    """
    money, periods = money_of(network), network.periods
    if not money.pools:
        return
    count, columns, tranches = len(periods), x.money, money.tranches
    terms, unit = terms_of(network.programme, periods, network.demands), unit_of(network, money)
    comes = comes_of(network, money, terms, waits(network, money)) / money.per
    every = np.ones((len(money.pools), count), dtype=bool)
    row = build.add_rows("cash", money.pools, every, lower=-np.inf, upper=comes, unit=unit)
    build.add(row, columns.cash, 1.0)
    build.add(row[:, 1:], columns.cash[:, :-1], -1.0)
    build.add(row[money.owner], columns.paid, 1.0)
    build.add(row[tranches.pool[columns.pairs[:, 0]]], columns.spent, -1.0)
    build.add(row[tranches.pool], columns.repaid, 1.0)
    build.add(row[tranches.pool], columns.drawn, tranches.rate[:, None] * periods.lengths / 365)
    lent = np.where((tranches.line & tranches.free)[:, None], columns.drawn, -1)
    build.add(row[tranches.pool], lent, -1.0)
    build.add(row[tranches.pool][:, 1:], lent[:, :-1], 1.0)
    free = np.where((~tranches.tied & ~tranches.line)[:, None], columns.opened, -1)
    build.add(row[tranches.pool], free, -1.0)
    build.add(row[tranches.pool][:, 1:], free[:, :-1], 1.0)
    _add_customers(build, network, x, (money, terms), row=row)
    there = money.least > 0
    if there.any():
        row = build.add_rows("least cash", money.pools, there, lower=money.least / money.per, upper=np.inf, unit=unit)
        build.add(row, columns.cash, 1.0)
        build.add(row[tranches.pool], columns.left, 1.0)


def _add_customers(build: Builder, network: Network, x: Variables, terms: tuple[Money, Terms], *, row: Ints) -> None:
    """Add what the venture receives for deliveries, and what of advances is paid back for units that are lost."""
    money, of = terms
    periods, demands = network.periods, network.demands
    refund = np.append(of.refund, 0.0)[demands.contract] / money.per
    last = len(periods) - 1
    if money.company >= 0:
        day = paid_day(network, of)
        due = day < periods.days
        at = np.where(due, row[money.company, periods.of(np.where(due, day, 0))], -1)
        build.add(at, x.deliver, -unit_receipt(network, of) / money.per)
        build.add(np.full(len(refund), row[money.company, last]), x.lost, refund)
    pool = payer_of(network, money)
    build.add(np.where(pool >= 0, row[pool, last], -1), x.lost, -refund)


def payer_of(network: Network, money: Money) -> Ints:
    """Return the pool that pays for each demand (-1: none that is limited)."""
    return ints(np.append(money.payer, -1)[network.demands.contract])


def paid_day(network: Network, terms: Terms) -> Ints:
    """Return the day on which each delivery (entries of network.delivering) is paid."""
    ways = network.delivering
    return ints(ways.day + np.append(terms.days, 0)[network.demands.contract[ways.demand]])


def unit_receipt(network: Network, terms: Terms) -> Floats:
    """Return what a unit of each delivery is paid: its price less what of the advance it recovers, and less damages."""
    ways, demands = network.delivering, network.demands
    recovers = np.append(terms.recovers, 0.0)[demands.contract]
    return np.asarray((demands.price - recovers)[ways.demand] - demands.damages(ways.demand, ways.late))


def advances(network: Network, money: Money, terms: Terms) -> Floats:
    """Return the advances paid in each period out of each pool, and on top of that to the venture (pools x periods; all above 0)."""
    found = np.zeros((len(money.pools), len(network.periods)))
    there = np.flatnonzero(terms.period >= 0)
    for k in there.tolist():
        if money.payer[k] >= 0:
            found[money.payer[k], terms.period[k]] += terms.advance[k]
        if money.company >= 0:
            found[money.company, terms.period[k]] += terms.advance[k]
    return found


def wages(network: Network) -> Floats:
    """Return the wages of the people of the start that are due in each period."""
    hours, periods = network.hours, network.periods
    skills = np.array([kind == "skill" for kind in hours.kinds], dtype=bool)
    pay = (hours.present * hours.hour_cost[:, None])[skills].sum(axis=0)
    due = month_ends(periods)
    inside = due < periods.days
    return sums(periods.of(due[inside]), pay[inside], len(periods))


def unit_of(network: Network, money: Money) -> str:
    """Return the unit of money in which columns and rows count."""
    return f"{UNITS[money.per]}{network.programme.settings.currency}"


def _orders(money: Money) -> Ints:
    """Return the account of each pool that is a payer's (-1: the venture's)."""
    found = np.full(len(money.pools), -1, dtype=np.int64)
    payers = np.flatnonzero(money.owner != money.company)
    found[money.owner[payers]] = payers
    return found


def given_of(network: Network, money: Money, terms: Terms) -> Floats:
    """Return what is owed whatever the plan decides (accounts x periods)."""
    found = np.zeros((len(money.account), len(network.periods)))
    if money.company >= 0:
        mine = np.flatnonzero(money.owner == money.company)
        found[mine] = by_period(network, tuple(money.account[k] for k in mine), given_payments(network))
        found[int(money.accounts(["labour"])[0])] += wages(network)
    orders, paid = _orders(money), advances(network, money, terms)
    for pool in np.flatnonzero(orders >= 0).tolist():
        found[orders[pool]] += paid[pool]
    return found


def comes_of(network: Network, money: Money, terms: Terms, behind: NDArray[np.bool_]) -> Floats:
    """Return free tranches that open in each period, and the advances that the venture receives (pools x periods)."""
    found = np.zeros((len(money.pools), len(network.periods)))
    tranches = money.tranches
    free = ~tranches.tied & ~tranches.line & ~behind
    np.add.at(found, (tranches.pool[free], tranches.first[free]), tranches.amount[free])
    if money.company >= 0:
        found[money.company] += advances(network, money, terms)[money.company]
    return found
