"""Result tables of money: cash of each pool by period, what tied tranches and lines pay for, and what becomes of each tranche."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.model.schema import Contract, Tranche
from tandemplan.network.money import (
    ORDERS,
    Money,
    item_labels,
    money_of,
    month_ends,
    supplier_terms,
    terms_of,
    tranche_amounts,
    tranche_days,
)
from tandemplan.network.network import Network
from tandemplan.plan.cash import advances
from tandemplan.plan.given_payments import Owed, by_period, given_payments
from tandemplan.plan.model import PlanModel
from tandemplan.plan.money_columns import tranche_names
from tandemplan.plan.money_tables import day_numbers, shipments_paid
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PRINTED = ("purchases", "transport", "labour", "training", "capex", "opex", "other")  # columns of what the venture pays
REPAYMENT, ANYTHING = "repayment", "anything"
CENT = 0.005


@dataclass(frozen=True, eq=False)
class Spent:
    """What each tied tranche and line pays of each account in each period, and what is repaid of lines, in money, by tranche."""

    spent: Mapping[tuple[str, str], Floats]
    repaid: Mapping[str, Floats]

    def of(self, tranche: str, count: int) -> Floats:
        """Return all that a tranche pays in each period."""
        return sum((v for (name, _), v in self.spent.items() if name == tranche), np.zeros(count))

    def drawn(self, tranche: str, count: int) -> Floats:
        """Return what is drawn of a line at the end of each period."""
        return np.asarray(np.cumsum(self.of(tranche, count) - self.repaid.get(tranche, np.zeros(count))))


def money(model: PlanModel, after: Network, x: Floats, frames: Mapping[str, Frame]) -> dict[str, Frame]:
    """Return the tables of money under the plan `x` of a model; `after` is the network with its options chosen and its tasks at their ends."""
    held, owed = money_of(after), _owed(after, frames)
    customers = _customers(after, held, frames)
    orders = customers["advances"] + customers["deliveries"]
    paid = {(p, ORDERS): orders[p] for p in range(len(held.pools)) if p != held.company}
    spent = _spent(model, after, x, {**owed, **paid})
    cash = _cash(after, held, owed, spent, customers)
    return {"cash": cash, "funding": _funding(after, held, spent, cash), "spending": _spending(after, spent)}


def _owed(network: Network, frames: Mapping[str, Frame]) -> dict[tuple[int, str], Floats]:
    """Return what each pool owes by account in each period, interest and refunds apart, from printed rows."""
    held = money_of(network)
    found: dict[tuple[int, str], Floats] = {}
    if held.company >= 0:
        names = tuple(a for a, p in zip(held.account, held.owner, strict=True) if p == held.company)
        table = by_period(network, names, _payments(network, frames))
        found = {(held.company, name): np.round(table[k], 2) for k, name in enumerate(names)}
    return found


def _payments(network: Network, frames: Mapping[str, Frame]) -> Iterator[Owed]:
    """Yield what the venture owes in a plan, by printed rows: the account, the day and the amount."""
    yield from given_payments(network)
    yield from _for_goods(network, frames)
    people, load = frames["people"], frames["load"]
    due_by = dict(zip(network.periods.starts.tolist(), month_ends(network.periods).tolist(), strict=True))
    pay = people["wages"] + people["hire_wages"] + people["option_wages"] + people["shift_premium"]
    for starts, amounts in ((people["period_start"], pay), (load["period_start"], load["overtime_cost"])):
        days = [due_by[s] for s in day_numbers(network, starts).tolist()]
        yield from zip(["labour"] * len(days), days, amounts.tolist(), strict=True)
    for account, name, day, column in (
        ("training", "people", "period_start", "training_cost"), ("opex", "production", "end", "setup_cost"),
        ("capex", "investments", "ordered", "cost"), ("opex", "qualifications", "started", "cost"),
    ):  # fmt: skip
        days = day_numbers(network, frames[name][day]).tolist()
        yield from zip([account] * len(days), days, frames[name][column].tolist(), strict=True)


def _for_goods(network: Network, frames: Mapping[str, Frame]) -> Iterator[Owed]:
    """Yield what is owed for goods bought and moved."""
    bought, moved, named = frames["purchases"], frames["moves"], item_labels(network.programme)
    share, rest = supplier_terms(network.programme, bought["supplier"].tolist())
    accounts = [named.get(i, "purchases") for i in bought["item"].tolist()]
    received = day_numbers(network, bought["receipt"]) + rest
    ordered = day_numbers(network, bought["release"])
    yield from zip(accounts, ordered.tolist(), (share * bought["cost"]).tolist(), strict=True)
    yield from zip(accounts, received.tolist(), ((1 - share) * bought["cost"]).tolist(), strict=True)
    for frame, day, amount in ((bought, "shipped", "transport_cost"), (moved, "release", "cost")):
        carried = [named.get(i, "transport") for i in frame["item"].tolist()]
        yield from zip(carried, day_numbers(network, frame[day]).tolist(), frame[amount].tolist(), strict=True)
    days, costs = shipments_paid(network, frames)
    yield from zip(["transport"] * len(days), days.tolist(), costs.tolist(), strict=True)


def _customers(network: Network, held: Money, frames: Mapping[str, Frame]) -> dict[str, Floats]:
    """Return advances, payments for deliveries and refunds of advances in each period, all above 0 as a rule (pools x periods)."""
    programme, periods = network.programme, network.periods
    terms = terms_of(programme, periods, network.demands)
    shape = (len(held.pools), len(periods))
    found = {"advances": advances(network, held, terms), "deliveries": np.zeros(shape), "refunds": np.zeros(shape)}
    contract = programme[Contract].index
    price = programme[Contract].unit_price
    delivered = frames["deliveries"]
    days = day_numbers(network, delivered["delivered"]).tolist()
    for name, day, units, damages in zip(
        delivered["contract"].tolist(), days, delivered["quantity"].tolist(), delivered["damages"].tolist(), strict=True
    ):
        row = contract.get((name,))
        if row is None:
            continue
        amount, due = units * (price[row] - terms.recovers[row]) - damages, day + int(terms.days[row])
        for pool in _between(held, row):
            when = due if pool == held.company else min(due, periods.days - 1)
            if when < periods.days:
                found["deliveries"][pool, periods.of(np.array([when]))[0]] += amount
    summary, of = (
        frames["demand_summary"],
        dict(zip(network.demands.names.tolist(), network.demands.contract.tolist(), strict=True)),
    )
    for name, lost in zip(summary["demand"].tolist(), summary["lost"].tolist(), strict=True):
        if of[name] >= 0:
            for pool in _between(held, of[name]):
                found["refunds"][pool, -1] += lost * terms.refund[of[name]]
    return {name: np.round(grid, 2) for name, grid in found.items()}


def _between(held: Money, contract: int) -> list[int]:
    """Return the pools that a payment of a contract goes through: the payer's and the venture's, as far as they are limited."""
    return [p for p in (held.company, int(held.payer[contract])) if p >= 0]


def _spent(model: PlanModel, after: Network, x: Floats, owed: Mapping[tuple[int, str], Floats]) -> Spent:
    """Return what tied tranches and lines pay in the plan `x`, in cents: of each account no more than was owed until then."""
    held, columns = money_of(model.network), model.variables.money
    names, padded = tranche_names(model.network, held), np.append(x, 0.0)

    def values(grid: Ints) -> Floats:
        return np.round(np.where(grid >= 0, padded[grid], 0.0) * held.per, 2)

    amounts = values(columns.spent)
    for (pool, account), total in owed.items():
        mine = np.array([held.account[a] == account and held.owner[a] == pool for _, a in columns.pairs], dtype=bool)
        if mine.any():
            amounts[mine] = _within(amounts[mine], np.cumsum(total))
    amounts = _tied_first(
        after, [(names[k], held.account[a], int(held.owner[a])) for k, a in columns.pairs], amounts, owed
    )
    repaid, free = {}, {}
    for k in np.flatnonzero(held.tranches.line).tolist():
        mine = columns.pairs[:, 0] == k
        if held.tranches.free[k]:
            change = np.diff(values(columns.drawn)[k], prepend=0.0)
            free[names[k], ANYTHING], repaid[names[k]] = np.maximum(change, 0.0), np.maximum(-change, 0.0)
        else:
            amounts[mine], repaid[names[k]] = _line(amounts[mine], values(columns.repaid)[k])
    spent = {(names[k], held.account[a]): v for (k, a), v in zip(columns.pairs.tolist(), amounts, strict=True)}
    return Spent({**spent, **free}, repaid)


def _tied_first(
    after: Network, pairs: list[tuple[str, str, int]], amounts: Floats, owed: Mapping[tuple[int, str], Floats]
) -> Floats:
    """Return amounts (pairs of a tranche and an account, with its pool, x periods) with what else tied tranches may pay: the first to expire pays first.

    A plan says what they must pay. Whatever they pay more leaves other money, and is never less of a plan.
    """
    held, made = money_of(after), amounts.copy()
    of, at = held.tranches, {n: k for k, n in enumerate(tranche_names(after, held))}
    tied = [(e, at[n]) for e, (n, _, _) in enumerate(pairs) if n in at and of.tied[at[n]]]
    for e, k in sorted(tied, key=lambda found: (int(of.until[found[1]]), int(of.first[found[1]]), found[0])):
        name, account, pool = pairs[e]
        mine, same = [p[0] == name for p in pairs], [p[1:] == (account, pool) for p in pairs]
        for t in range(int(of.first[k]), int(of.until[k]) + 1):
            room = np.cumsum(owed.get((pool, account), np.zeros(made.shape[1])) - made[same].sum(axis=0))[t:].min()
            more = np.floor(100 * min(room, of.amount[k] - made[mine].sum()) + CENT) / 100
            made[e, t] = round(made[e, t] + max(more, 0.0), 2)
    return made


def _within(amounts: Floats, most: Floats) -> Floats:
    """Return amounts (tranches x periods) cut, from the first period on, so that their running total keeps within `most`."""
    made, total = np.zeros_like(amounts), 0.0
    for t in range(amounts.shape[1]):
        for k in range(len(amounts)):
            made[k, t] = round(min(amounts[k, t], max(most[t] - total, 0.0)), 2)
            total += made[k, t]
    return made


def _line(spent: Floats, repaid: Floats) -> tuple[Floats, Floats]:
    """Return what a line pays (accounts x periods) and what is repaid of it, no more than is drawn; not both in one period."""
    total = spent.sum(axis=0)
    both = np.minimum(total, repaid)
    spent = np.round(spent * np.where(total > 0, 1 - both / np.maximum(total, CENT), 1.0), 2)
    total, made, drawn = spent.sum(axis=0), np.zeros_like(repaid), 0.0
    for t in range(len(repaid)):
        made[t] = round(min(repaid[t] - both[t], drawn), 2)
        drawn += total[t] - made[t]
    return spent, made


def _cash(
    network: Network, held: Money, owed: Mapping[tuple[int, str], Floats], spent: Spent, customers: Mapping[str, Floats]
) -> Frame:
    count, shape = len(network.periods), (len(held.pools), len(network.periods))
    grids = {n: np.zeros(shape) for n in ("tranches", "credit", *PRINTED, "interest", "expired", "tied")}
    for (pool, account), amount in owed.items():
        name = (
            account
            if account in PRINTED
            else "purchases"
            if account in item_labels(network.programme).values()
            else "other"
        )
        grids[name][pool] += amount
    names, of = tranche_names(network, held), held.tranches
    for k, name in enumerate(names):
        pool = of.pool[k]
        if of.line[k]:
            drawn = spent.drawn(name, count)
            grids["credit"][pool] += np.diff(drawn, prepend=0.0)
            grids["interest"][pool] += np.round(drawn * of.rate[k] * network.periods.lengths / 365, 2)
            continue
        grids["tranches"][pool, of.first[k]] += of.amount[k]
        if of.tied[k]:
            left, after = _left(of.amount[k], (int(of.first[k]), int(of.until[k])), spent.of(name, count))
            grids["tied"][pool] += left
            if after < count:
                grids["expired"][pool, after] += left[after - 1]
    sign = np.where(np.arange(len(held.pools)) == held.company, 1.0, -1.0)[:, None]
    comes = (
        grids["tranches"]
        + np.maximum(grids["credit"], 0)
        + np.where(sign > 0, customers["advances"] + customers["deliveries"], customers["refunds"])
    )
    goes = sum((grids[n] for n in (*PRINTED, "interest", "expired")), np.maximum(-grids["credit"], 0))
    goes = goes + np.where(sign > 0, customers["refunds"], customers["advances"] + customers["deliveries"])
    closing = np.cumsum(np.round(comes - goes, 2), axis=1)
    columns = {
        "opening": closing - np.round(comes - goes, 2), **{n: grids[n] for n in ("tranches", "credit")}, **customers,
        **{n: grids[n] for n in (*PRINTED, "interest", "expired")}, "inflow": comes, "outflow": goes, "closing": closing, "tied": grids["tied"],
        "least": held.least,
    }  # fmt: skip
    return {
        "pool": np.repeat(texts(held.pools), count),
        "period_start": np.tile(network.periods.dates(network.periods.starts), len(held.pools)),
        **{n: np.round(grid, 2).ravel() for n, grid in columns.items()},
    }


def _left(amount: float, use: tuple[int, int], spent: Floats) -> tuple[Floats, int]:
    """Return what is left of a tied tranche at the end of each period in which it can be used, and the period in which it has expired."""
    at = np.arange(len(spent))
    left = np.where((at >= use[0]) & (at <= use[1]), amount - np.cumsum(spent), 0.0)
    return np.asarray(np.round(np.maximum(left, 0.0), 2)), use[1] + 1


def _spending(network: Network, spent: Spent) -> Frame:
    """Return what tied tranches and lines pay for, and what is repaid, by tranche, period and account."""
    starts = network.periods.dates(network.periods.starts)
    found = [
        (name, t, account, float(amounts[t]))
        for (name, account), amounts in (*spent.spent.items(), *(((n, REPAYMENT), a) for n, a in spent.repaid.items()))
        for t in np.flatnonzero(amounts > CENT).tolist()
    ]
    found.sort(key=lambda f: f[:3])
    return {
        "tranche": texts(f[0] for f in found),
        "period_start": np.array([starts[f[1]] for f in found], dtype="datetime64[D]"),
        "pays_for": texts(f[2] for f in found),
        "amount": np.array([f[3] for f in found], dtype=np.float64),
    }


def _funding(network: Network, held: Money, spent: Spent, cash: Frame) -> Frame:
    """Return what becomes of each tranche, in table order: what a pool holds at the end, tied money apart, came last."""
    table, periods, count = network.programme[Tranche], network.periods, len(network.periods)
    of, names = held.tranches, tranche_names(network, held)
    left = np.zeros(len(table))
    gone = np.zeros(len(table))
    for pool in range(len(held.pools)):
        for row, rest in _left_of_plain(network, held, pool, cash):
            left[row] = rest
    for k in np.flatnonzero(of.tied | of.line).tolist():
        total = float(spent.drawn(names[k], count).max()) if of.line[k] else float(spent.of(names[k], count).sum())
        rest, over = of.amount[k] - total, of.until[k] < count - 1 and not of.line[k]
        left[of.row[k]], gone[of.row[k]] = (0.0, rest) if over else (rest, 0.0)
    amount = np.zeros(len(table))
    amount[of.row] = of.amount
    opens = tranche_days(network.programme, periods, network.cells, network.dates)
    brings = tranche_amounts(network.programme, network.cells) > 0
    left, gone = np.round(left, 2), np.round(gone, 2)
    return {
        "tranche": table.tranche,
        "pool": table.pool,
        "kind": table.kind,
        "amount": np.round(amount, 2),
        "opens": _where(brings & (opens < periods.days), periods.dates(opens)),
        "expires": table.expiry.astype("datetime64[D]"),
        "used": np.round(amount - left - gone, 2),
        "left": left,
        "expired": gone,
    }


def _left_of_plain(network: Network, held: Money, pool: int, cash: Frame) -> Iterator[tuple[int, float]]:
    """Yield the row of each tranche of a pool that may pay all, and what is left of it: money that lies there at the end came last."""
    of, names, mine = held.tranches, tranche_names(network, held), cash["pool"] == held.pools[pool]
    customers = ("advances", "deliveries") if pool == held.company else ("refunds",)
    others = sum((cash[n][mine] for n in customers), np.maximum(cash["credit"][mine], 0.0))
    plain = np.flatnonzero((of.pool == pool) & ~of.tied & ~of.line).tolist()
    came = [(int(of.first[k]), 0, int(of.opens[k]), names[k], float(of.amount[k]), int(of.row[k])) for k in plain]
    came += [(t, 1, 0, "", float(amount), -1) for t, amount in enumerate(others)]
    free = float(cash["closing"][mine][-1] - cash["tied"][mine][-1])
    for *_, amount, row in sorted(came, reverse=True):
        rest = min(max(free, 0.0), max(amount, 0.0))
        free -= rest
        if row >= 0:
            yield row, rest


def _where(there: NDArray[np.bool_], dates: Any) -> Any:
    return np.where(there, dates, np.datetime64("NaT", "D"))
