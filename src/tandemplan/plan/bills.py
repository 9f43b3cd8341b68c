"""What decisions make due: for columns of a plan's flows, the account, the day and the money of a unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.schema import Lane, Offer, Option
from tandemplan.network.money import Money, item_labels, month_ends, supplier_terms
from tandemplan.network.network import Network
from tandemplan.plan.objective import order_days, plain_pay
from tandemplan.plan.payments import option_payments, paid_gains
from tandemplan.plan.shipments import SHIPMENT, shipment_days
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bill:
    """What a unit of each of some `columns` makes due: the `account`, the `day` and the `amount`; arrays of one shape, or spread to it."""

    account: Ints
    columns: Ints
    day: Ints
    amount: Floats


def bills_of(build: Builder, network: Network, x: Variables, money: Money) -> Iterator[Bill]:
    """Yield what the venture owes for what a plan decides; interest apart. `docs/semantics.md`, Money."""
    at = {name: int(money.accounts([name])[0]) for name in ("transport", "labour", "training", "capex", "opex")}
    yield from _purchases(network, x, money)
    yield from _moves(network, x, money)
    yield from _people(network, x, at)
    day = network.day[network.route_node]
    for columns, cost in ((x.setup, network.lots.cost), (x.make, network.lots.unit_cost)):
        yield _bill(at["opex"], columns, day, cost[:, None])
    ordered, price = order_days(network), network.investing.price[:, None]
    yield _bill(at["capex"], x.owned, ordered, price)
    yield _bill(at["capex"], x.owned[:, :-1], ordered[:, 1:], -price)
    begun = network.periods.starts[None, :]
    cost = network.programme[Offer].qualification_cost[:, None]
    yield _bill(at["opex"], x.started, begun, cost)
    yield _bill(at["opex"], x.started[:, :-1], begun[:, 1:], -cost)
    yield from _options(network, x, at)
    if SHIPMENT in build.columns:
        days = shipment_days(network, x)
        price = network.programme[Lane].shipment_cost[days.lane]
        yield _bill(at["transport"], build.columns[SHIPMENT].index, days.day, price)


def _bill(account: int | Ints, columns: Ints, day: Ints, amount: Floats) -> Bill:
    shape = columns.shape
    return Bill(*(np.broadcast_to(a, shape) for a in (np.asarray(account), columns, day, amount)))


def _accounts(network: Network, money: Money, nodes: Ints, usual: str) -> Ints:
    """Return the account of purchases, or carriage, of each node's item (nodes x 1)."""
    named = item_labels(network.programme)
    return money.accounts([named.get(i, usual) for i in network.item[nodes].tolist()])[:, None]


def _purchases(network: Network, x: Variables, money: Money) -> Iterator[Bill]:
    if not len(x.buy):
        return
    offers, lanes = network.programme[Offer], network.programme[Lane]
    rows, lane = (ints(getattr(w, n) for w in network.places.ways) for n in ("offer", "lane"))
    paid = (offers.acceptance_share * offers.unit_price)[rows][:, None]
    share, rest = supplier_terms(network.programme, offers.supplier[rows].tolist())
    account = _accounts(network, money, network.way_node, "purchases")
    yield _bill(account, x.buy, network.buying.release, share[:, None] * paid)
    yield _bill(account, x.buy, network.buying.arrival + rest[:, None], (1 - share)[:, None] * paid)
    carriage = np.append(lanes.kg_cost, 0.0)[lane] * network.weight_kg[network.way_node]
    account = _accounts(network, money, network.way_node, "transport")
    yield _bill(account, x.buy, network.buying.dispatch, carriage[:, None])


def _moves(network: Network, x: Variables, money: Money) -> Iterator[Bill]:
    if not len(x.move):
        return
    lane = ints(m[0] for m in network.places.moves)
    carriage = network.programme[Lane].kg_cost[lane] * network.weight_kg[network.move_from]
    account = _accounts(network, money, network.move_from, "transport")
    yield _bill(account, x.move, network.moving.dispatch, carriage[:, None])


def _people(network: Network, x: Variables, at: dict[str, int]) -> Iterator[Bill]:
    """Yield overtime, pay of hires, premiums of shifts, all at the end of the month; and training, on the first day at work."""
    hours, hiring, shifts = network.hours, network.hiring, network.shifts
    who, due, labour = hiring.cohorts, month_ends(network.periods), at["labour"]
    yield _bill(labour, x.overtime, due, hours.overtime_cost[:, None])
    hour = hours.hour_cost[hiring.resource]
    yield _bill(labour, x.trained, due, hiring.trained.paid * hour[:, None])
    yield _bill(labour, x.hire[who.skill, who.came], due[who.period], who.paid * hour[who.skill])
    yield _bill(at["training"], x.hire, network.periods.starts, hiring.training_cost[:, None])
    pay = plain_pay(network)
    for e, c in enumerate(shifts.of.tolist()):
        paid = shifts.paid[c]
        yield _bill(labour, x.works[e], due, shifts.premium[e] * (pay[paid] @ hours.present[paid]))
    yield _bill(labour, x.raised, due, np.ones(()))


def _options(network: Network, x: Variables, at: dict[str, int]) -> Iterator[Bill]:
    """Yield what each option and the people that it adds cost, by the period of its choice: that less what it costs if chosen a period later."""
    periods, table, count = network.periods, network.programme[Option], len(network.periods)
    days = periods.dates(periods.starts).tolist()
    for o, name in enumerate(network.choices.names):
        option, owed = table.row(table.index[(name,)]), np.zeros((count + 1, count))
        for t in np.flatnonzero(network.choices.there[o]).tolist():
            for day, amount in option_payments(periods, replace(option, chosen=days[t])):
                owed[t, periods.of(np.array([day]))[0]] += amount
        yield _chosen(at["opex"], x.chosen[o], periods.starts, owed)
    for gain in paid_gains(network):
        pay = network.hours.hour_cost[gain.entity] * gain.amount
        yield _chosen(at["labour"], x.chosen[gain.option], month_ends(periods), np.vstack([pay, np.zeros(count)]))


def _chosen(account: int, columns: Ints, days: Ints, owed: Floats) -> Bill:
    """Return what is owed on some days by the period of choice (one more row than columns: never)."""
    differ = owed[:-1] - owed[1:]
    return _bill(account, np.broadcast_to(columns[:, None], differ.shape), days[None, :], differ)
