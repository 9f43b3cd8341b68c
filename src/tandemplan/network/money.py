"""Money: the pools of a programme, the tranches that flow into them and what these may pay for, and terms of payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints, sums
from tandemplan.calendar import Periods
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Cost, Item, Rule, Supplier, Tranche
from tandemplan.network.cells import Cells, whole_days
from tandemplan.network.demands import Demands
from tandemplan.network.network import Network
from tandemplan.network.openings import NEVER, TaskDates, opening_days

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LIMITED = ("company", "payer")  # kinds of pools that hold money: the venture's first, then budgets of customers
RUNNING = ("purchases", "transport", "labour", "opex")  # what `opex` in a tranche's list covers, beside items bought
OTHERS = ("training", "capex")
ORDERS = "orders"  # what a payer's pool pays for
COUNTED = 1e4  # columns count the largest tranche to about so many units


@dataclass(frozen=True, eq=False)
class Tranches:
    """Tranches of money that can be used within the plan, in table order.

    `row` is that of `funding`, `pool` one of `Money.pools`; `opens` the first day and `last` the last day of use, `first` and `until` the
    periods that hold them. A `line` is drawn as the plan needs it, at `rate` a year. What is `tied` may not pay all that its
    pool owes, or expires within the plan; what is `free` may pay all of it; `pays` says which accounts (tranches x accounts).
    """

    row: Ints
    pool: Ints
    amount: Floats
    opens: Ints
    last: Ints
    first: Ints
    until: Ints
    line: Bools
    rate: Floats
    tied: Bools
    free: Bools
    pays: Bools

    @property
    def tracked(self) -> Bools:
        """Return which tranches are told apart by what they pay: tied ones, and lines that may not pay all that their pool owes."""
        return self.tied | (self.line & ~self.free)

    def usable(self, count: int) -> Bools:
        """Return in which of `count` periods each tranche can be used."""
        at = np.arange(count)
        return (self.first[:, None] <= at) & (at <= self.until[:, None])


@dataclass(frozen=True, eq=False)
class Money:
    """Pools of money and what they owe.

    `company` is the row of the venture's own pool (-1: its money is no limit). An account is what a pool owes of one category: `account`
    names it, `owner` is its pool. `least` is the least cash (pools x periods). A column of the model counts `per` units of money.
    `payer` is the pool that pays for each contract (-1: none that is limited).
    """

    pools: tuple[str, ...]
    company: int
    account: tuple[str, ...]
    owner: Ints
    tranches: Tranches
    least: Floats
    per: float
    payer: Ints

    def accounts(self, names: Sequence[str]) -> Ints:
        """Return the accounts of the venture's own pool with these names."""
        at = {n: k for k, (n, p) in enumerate(zip(self.account, self.owner, strict=True)) if p == self.company}
        return ints(at[n] for n in names)

    @property
    def accounts_named(self) -> tuple[str, ...]:
        """Return accounts as the user reads them: the pool and what it pays for."""
        return tuple(f"{self.pools[p]}|{a}" for a, p in zip(self.account, self.owner, strict=True))


def money_of(network: Network) -> Money:
    """Return the pools of a programme and their tranches; without funding that limits anything, arrays without rows.

    `docs/semantics.md`, Money.
    """
    programme, periods = network.programme, network.periods
    table = programme[Tranche]
    named = zip(table.pool.tolist(), table.kind.tolist(), table.cash.tolist(), strict=True)
    kinds = {p: k for p, k, money in named if money and k in LIMITED}
    pools = tuple(sorted(kinds, key=lambda p: (LIMITED.index(kinds[p]), p)))
    company = 0 if pools and kinds[pools[0]] == "company" else -1
    labels = labels_of(programme) if company == 0 else ()
    account = (*labels, *(ORDERS for p in pools if kinds[p] == "payer"))
    owner = ints([0] * len(labels) + [k for k, p in enumerate(pools) if kinds[p] == "payer"])
    tranches = _tranches(network, pools, (account, owner))
    at = {p: k for k, p in enumerate(pools) if kinds[p] == "payer"}
    largest = float(tranches.amount.max(initial=1.0))
    return Money(
        pools=pools,
        company=company,
        account=account,
        owner=owner,
        tranches=tranches,
        least=_least(programme, periods, pools),
        per=1e3 ** min(max(round(np.log10(max(largest / COUNTED, 1.0)) / 3), 0), 3),
        payer=ints(at.get(p, -1) for p in programme[Contract].pool.tolist()),
    )


def labels_of(programme: Programme) -> tuple[str, ...]:
    """Return what the venture's cash pays for, told apart: purchases of what a tranche names, then all categories of spending."""
    named = {w for words in programme[Tranche].pays_for.tolist() for w in words}
    items = programme[Item]
    bought = {*items.item.tolist(), *(g for groups in items.groups.tolist() for g in groups)}
    spent = set(programme[Cost].category.tolist()) - {*RUNNING, *OTHERS, ""}
    return (*sorted((named & bought) - spent - {*RUNNING, *OTHERS}), *RUNNING, *OTHERS, *sorted(spent))


def item_labels(programme: Programme) -> dict[str, str]:
    """Return the account of purchases of each item that a tranche names by itself or by one of its groups."""
    labels, items = set(labels_of(programme)), programme[Item]
    found = {}
    for item, groups in zip(items.item.tolist(), items.groups.tolist(), strict=True):
        words = [w for w in (item, *groups) if w in labels]
        if words:
            found[item] = words[0]
    return found


def month_ends(periods: Periods) -> Ints:
    """Return for each period the last day of the month of its last day: the day on which its pay is due."""
    last = periods.dates(periods.starts + periods.lengths - 1).astype("datetime64[M]")
    return periods.numbers((last + 1).astype("datetime64[D]") - 1, 0)


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms of contracts, by row.

    `advance` is money, `period` that in which it is paid (-1: outside the plan), `recovers` what of it is taken off the price of a unit
    delivered and `refund` what a lost unit pays back, `days` those from delivery to payment.
    """

    advance: Floats
    period: Ints
    recovers: Floats
    refund: Floats
    days: Ints


def terms_of(programme: Programme, periods: Periods, demands: Demands) -> Terms:
    """Return the terms of contracts. `docs/semantics.md`, Money."""
    table = programme[Contract]
    there = demands.contract >= 0
    counted = sums(demands.contract[there], demands.quantity[there], len(table))
    agreed = np.fmin(table.total_units, counted)
    price = table.unit_price * table.advance_share
    each = price * agreed / np.maximum(counted, 1e-9)
    day = periods.numbers(table.advance_date, 0)
    inside = (day >= 0) & (day < periods.days)
    return Terms(
        advance=price * agreed,
        period=np.where(inside, periods.of(day), -1),
        recovers=each,
        refund=np.where(day < periods.days, each, 0.0),
        days=whole_days(table.payment_days),
    )


def supplier_terms(programme: Programme, suppliers: Sequence[str]) -> tuple[Floats, Ints]:
    """Return the share that each supplier is paid with the order, and the days from receipt to the rest."""
    table = programme[Supplier]
    rows = ints(table.index.get((s,), (-1)) if s else -1 for s in suppliers)
    shares = np.append(table.prepayment_share, 0.0)[rows]
    return shares, whole_days(np.append(table.payment_days, 0.0)[rows])


def _tranches(network: Network, pools: tuple[str, ...], accounts: tuple[tuple[str, ...], Ints]) -> Tranches:
    table, periods = network.programme[Tranche], network.periods
    opens = tranche_days(network.programme, periods, network.cells, network.dates)
    last = periods.numbers(table.expiry, NEVER)
    amount = tranche_amounts(network.programme, network.cells)
    usable = (opens < periods.days) & (last >= np.maximum(opens, 0)) & (amount > 0)
    row = np.flatnonzero(usable)
    at = {p: k for k, p in enumerate(pools)}
    pool = ints(at[table.pool[k]] for k in row)
    line = np.array([is_line(table.row(int(k))) for k in row], dtype=bool)
    pays = pays_for(network.programme, row, pool, accounts)
    mine = pool[:, None] == accounts[1]
    free = ~(mine & ~pays).any(axis=1)
    tied = ~line & (~free | (last[row] < periods.days - 1))
    first = periods.of(np.maximum(opens[row], 0))
    until = periods.of(np.minimum(last[row], periods.days - 1))
    return Tranches(
        row=row, pool=pool, amount=amount[row], opens=opens[row], last=last[row], first=first, until=until, line=line,
        rate=table.interest_per_year_share[row] * line, tied=tied, free=free, pays=pays,
    )  # fmt: skip


def is_line(tranche: Tranche) -> bool:
    """Return whether a tranche is drawn as it is needed and repaid: a credit line, or whatever bears interest, of the venture's."""
    return tranche.kind == "company" and (tranche.instrument == "credit line" or tranche.interest_per_year_share > 0)


def tranche_amounts(programme: Programme, cells: Cells) -> Floats:
    """Return the money that each tranche brings: none where it is no money, or awaits what nothing brings about."""
    table = programme[Tranche]
    amount = np.array([cells.whatever_the_day(table, "amount", k) for k in range(len(table))], dtype=np.float64)
    moved = frozenset().union(*(cells.touched(table, c) for c in ("amount", "date", "slip_days")))
    closed = [bool(a) and k not in moved for k, a in enumerate(table.awaits.tolist())]
    counts = table.cash & np.isin(table.kind.astype(str), LIMITED) & ~np.array(closed, dtype=bool)
    return np.where(counts, amount, 0.0)


def tranche_days(programme: Programme, periods: Periods, cells: Cells, dates: dict[str, TaskDates]) -> Ints:
    """Return the day on which each tranche opens: its date and slip, or the days of evidence after the last of its tasks."""
    table = programme[Tranche]
    slip = whole_days([cells.whatever_the_day(table, "slip_days", k) for k in range(len(table))])
    moved = ints(round(cells.moved(table, "date", k)) for k in range(len(table)))
    planned = periods.numbers(table.date, 0) + moved + slip
    done = opening_days(dates, table.opens_after)
    waits = np.array([len(t) > 0 for t in table.opens_after.tolist()], dtype=bool)
    return np.where(waits, np.maximum(planned, done + whole_days(table.evidence_days)), planned)


def pays_for(programme: Programme, rows: Ints, pool: Ints, accounts: tuple[tuple[str, ...], Ints]) -> Bools:
    """Return which accounts each tranche may pay (tranches x accounts)."""
    table, (names, owner) = programme[Tranche], accounts
    fixed = {*OTHERS, *programme[Cost].category.tolist()} - set(RUNNING)
    found = np.zeros((len(rows), len(names)), dtype=bool)
    for k, row in enumerate(rows.tolist()):
        words = set(table.pays_for[row])
        for a, name in enumerate(names):
            listed = name in words or ("opex" in words and name not in fixed)
            found[k, a] = owner[a] == pool[k] and (not words or listed or name == ORDERS)
    return found


def _least(programme: Programme, periods: Periods, pools: tuple[str, ...]) -> Floats:
    """Return the least cash of hard rules, at the end of each period whose last day lies within their dates (pools x periods)."""
    table, least = programme[Rule], np.zeros((len(pools), len(periods)))
    last = periods.starts + periods.lengths - 1
    for k in np.flatnonzero((table.kind == "least cash") & ~table.soft).tolist():
        first, after = periods.numbers(np.array([table.from_date[k], table.to_date[k]]), 0)
        within = (last >= first) & (np.isnat(table.to_date[k]) | (last <= after))
        mine = [p for p, name in enumerate(pools) if not table.scope[k] or name in table.scope[k]]
        least[mine] = np.where(within, np.maximum(least[mine], table.low[k]), least[mine])
    return least
