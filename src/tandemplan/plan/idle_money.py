"""The money of the plan that does nothing: what is owed anyway is paid from tied tranches first, then cash, then credit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import sums
from tandemplan.network.money import money_of, terms_of
from tandemplan.network.network import Network
from tandemplan.plan.cash import comes_of, given_of, payer_of
from tandemplan.plan.money_columns import waits
from tandemplan.plan.variables import Variables

Floats = NDArray[np.float64]


def with_idle_money(network: Network, x: Variables, values: Floats) -> Floats:
    """Return the plan that does nothing with its columns of money; where money does not reach, it is no plan.

    Tranches that wait for production do not open.
    """
    money, count, made = money_of(network), len(network.periods), values.copy()
    if not money.pools:
        return made
    terms = terms_of(network.programme, network.periods, network.demands)
    columns, of = x.money, money.tranches
    behind = waits(network, money)
    owed, comes = given_of(network, money, terms) / money.per, comes_of(network, money, terms, behind) / money.per
    _refund(network, x, values, comes)
    left, drawn, cash = np.zeros(len(of.row)), np.zeros(len(of.row)), np.zeros(len(money.pools))
    claim = np.zeros(len(money.account))
    usable = of.usable(count) & ~behind[:, None]
    for t in range(count):
        left += np.where(of.tied & ~behind & (of.first == t), of.amount / money.per, 0.0)
        left[~usable[:, t]] = 0.0
        claim += owed[:, t]
        cash += comes[:, t]
        np.subtract.at(cash, money.owner, owed[:, t])
        np.subtract.at(cash, of.pool, drawn * of.rate * network.periods.lengths[t] / 365)
        for e, (k, a) in enumerate(columns.pairs.tolist()):
            room = left[k] if of.tied[k] else of.amount[k] / money.per - drawn[k]
            need = room if of.tied[k] else max(money.least[of.pool[k], t] / money.per - cash[of.pool[k]], 0.0)
            keeps = 1 - of.rate[k] * network.periods.lengths[t] / 365
            spent = min(room, need / keeps, claim[a]) if usable[k, t] else 0.0
            claim[a] -= spent
            cash[of.pool[k]] += spent * keeps
            left[k] -= spent * of.tied[k]
            drawn[k] += spent * of.line[k]
            made[columns.spent[e, t]] = spent if columns.spent[e, t] >= 0 else made[-1]
        for k in np.flatnonzero(of.line & of.free & usable[:, t]).tolist():
            keeps = 1 - of.rate[k] * network.periods.lengths[t] / 365
            need = max(money.least[of.pool[k], t] / money.per - cash[of.pool[k]], 0.0) / keeps
            lent = min(of.amount[k] / money.per - drawn[k], need)
            drawn[k] += lent
            cash[of.pool[k]] += lent * keeps
        over = of.line & ~usable[:, t]
        np.subtract.at(cash, of.pool, drawn * over)
        _set(made, columns.repaid[:, t], drawn * over)
        drawn[over] = 0.0
        for grid, state in (
            (columns.cash, cash),
            (columns.paid, owed[:, t]),
            (columns.left, left),
            (columns.drawn, drawn),
            (columns.claim, claim),
        ):
            _set(made, grid[:, t], state)
    return made


def _set(values: Floats, columns: NDArray[np.int64], state: Floats) -> None:
    there = columns >= 0
    values[columns[there]] = state[there]


def _refund(network: Network, x: Variables, values: Floats, comes: Floats) -> None:
    """Take off what the venture pays back for units that are lost in the last period, and add it to payers' pools."""
    money = money_of(network)
    terms = terms_of(network.programme, network.periods, network.demands)
    there = x.lost >= 0
    back = (
        np.where(there, np.append(values, 0.0)[x.lost], 0.0)
        * np.append(terms.refund, 0.0)[network.demands.contract]
        / money.per
    )
    if money.company >= 0:
        comes[money.company, -1] -= back.sum()
    pool = payer_of(network, money)
    comes[:, -1] += sums(pool[pool >= 0], back[pool >= 0], len(comes))
